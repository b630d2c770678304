"""Serving refuses, in one sentence, what would end badly."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent / "ventanilla"


def serve(environment: dict[str, str], *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PROGRAM, "serve", *options], env=os.environ | environment, text=True, capture_output=True, timeout=120
    )


@pytest.fixture
def environment(database_environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return database_environment | {"VENTANILLA_VAR": str(tmp_path)}


def test_a_port_in_use_is_told_with_a_way_out(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = serve(environment, f"--port={port}")
    assert done.returncode != 0
    assert f"El puerto {port} está ocupado por otro programa." in done.stderr
    assert "Traceback" not in done.stderr


def test_it_does_not_start_as_the_owner_of_the_tables(environment: dict[str, str]) -> None:
    as_owner = environment | {"DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    done = serve(as_owner, "--port=0")
    assert done.returncode != 0
    assert "dueñ" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_number_in_the_environment_is_told_by_its_name(environment: dict[str, str]) -> None:
    done = serve(environment | {"PORT": "ocho mil"})
    assert done.returncode != 0
    assert "PORT debe ser un número entero; su valor es «ocho mil»." in done.stderr
