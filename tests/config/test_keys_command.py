"""``ventanilla keys`` from outside: the key alone in its output, the list, and the end of one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from tests import make

from ventanilla.access.models import ApiToken
from ventanilla.access.permissions import Role

KEYS = [sys.executable, "-c", "from ventanilla.config.cli import main; main(prog_name='ventanilla')", "keys"]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(database_environment: dict[str, str]) -> Run:
    def ask(*arguments: str, institution: str = "04303") -> subprocess.CompletedProcess[str]:
        words = [*KEYS, *arguments, "--institution", institution]
        return subprocess.run(
            words, env=os.environ | database_environment, capture_output=True, text=True, check=False, timeout=120
        )

    return ask


def test_a_key_is_handed_out_listed_and_revoked(run: Run) -> None:
    posting = make.posting(Role.FRONT_DESK)
    username = posting.account.username
    issued = run("issue", username, "--name", "Farmacia", "--scope", "person:search", "--days", "60")
    assert issued.returncode == 0, issued.stderr
    assert make.opened_by(issued.stdout.strip()) == posting
    (listed,) = json.loads(run("list", "--json").stdout)
    assert (listed["username"], listed["scopes"], listed["state"]) == (username, ["person:search"], "Vigente")
    assert json.loads(run("list", "--json", institution="04302").stdout) == []
    elsewhere = run("revoke", listed["id"], "--reason", "Se filtró", institution="04302")
    assert (elsewhere.returncode, "No hay una llave" in elsewhere.stderr) == (1, True)
    assert run("revoke", listed["id"], "--reason", "Se filtró").returncode == 0
    assert make.opened_by(issued.stdout.strip()) is None
    assert run("list").stdout.strip() == "No hay llaves vigentes."


def test_who_has_several_postings_is_asked_which_and_nothing_is_handed_out(run: Run) -> None:
    posting = make.posting(Role.FRONT_DESK)
    make.posting(Role.CASE_WORKER, account=posting.account, may_operate=False)
    words = ("issue", posting.account.username, "--name", "Farmacia", "--scope", "screening:full")
    undecided = run(*words)
    assert undecided.returncode == 1
    assert "case_worker" in undecided.stderr
    assert "--role" in undecided.stderr
    refused = run(*words, "--role", "front_desk")
    assert (refused.returncode, "no permite uno" in refused.stderr) == (1, True)
    assert not ApiToken.objects.exists()
    assert run(*words, "--role", "case_worker").returncode == 0
