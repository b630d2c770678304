"""The installer: what it refuses, in which words, and when it finds that there is nothing to do."""

import ast
import errno
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "tools" / "install.py"


@pytest.fixture
def installer(tmp_path: Path) -> ModuleType:
    """The script as a module, at home in an empty checkout."""
    folder = tmp_path / "tools"
    folder.mkdir()
    copy = folder / "install.py"
    copy.write_bytes(SCRIPT.read_bytes())
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "requirements").mkdir()
    for name in ("runtime.txt", "dev.txt"):
        (tmp_path / "requirements" / name).write_text("")
    spec = importlib.util.spec_from_file_location("install", copy)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pretend_installed(installer: Any, lock: str) -> None:
    installer.PYTHON.parent.mkdir(parents=True)
    for program in (installer.PYTHON, installer.COMMAND):
        program.write_text(f"#!{installer.PYTHON}\n")
        program.chmod(0o755)
    installer.STAMP.write_text(json.dumps(installer.wanted(lock)))


def refusal(installer: Any, capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    before = sys.argv
    sys.argv = ["install.py", *arguments]
    try:
        with pytest.raises(SystemExit) as ended:
            installer.main()
    finally:
        sys.argv = before
    assert ended.value.code == 1
    said: str = capfd.readouterr().err
    return said


def test_an_old_python_can_read_the_refusal() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 6))


def test_an_old_python_is_refused_in_a_sentence() -> None:
    pretend = (
        "import sys, runpy; sys.version_info = (3, 9, 2, 'final', 0); runpy.run_path(sys.argv[1], run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend, SCRIPT], capture_output=True, text=True, env={"PATH": ""}, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Ventanilla necesita Python 3.11 o posterior, y este es el 3.9.")
    assert "Traceback" not in done.stderr


def test_a_python_without_venv_is_told_what_to_install(
    installer: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(installer, "_has_venv", lambda: False)
    monkeypatch.setattr(installer, "apt_install", lambda *packages: False)
    said = refusal(installer, capfd)
    assert "apt-get install python3-venv" in said


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "no queda espacio"), (errno.EROFS, "solo para lectura"), (errno.EACCES, "no tiene permiso")],
)
def test_a_disk_that_takes_nothing_is_told_as_such(
    installer: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], number: int, words: str
) -> None:
    def refuse(self: Path, *arguments: Any, **options: Any) -> None:
        raise OSError(number, "said by the system", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert words in refusal(installer, capfd)


def test_when_the_disk_fills_while_packages_come_the_cause_is_named(
    installer: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        installer.run_or_refuse(
            [sys.executable, "-c", "import sys; sys.exit('ERROR: [Errno 28] No space left on device')"], "No se pudo."
        )
    said = capfd.readouterr().err
    assert "No queda espacio en el disco" in said
    assert "Errno 28" in said


def test_what_is_installed_is_left_alone(installer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_installed(installer, installer.DEV)
    monkeypatch.setattr(installer, "install", lambda lock: pytest.fail("there was nothing to do"))
    installer.ensure_installed(installer.DEV)
    installer.ensure_installed(installer.RUNTIME)  # the development lock contains it


def test_a_lock_that_changed_is_installed(installer: Any) -> None:
    pretend_installed(installer, installer.RUNTIME)
    assert installer.is_installed(installer.RUNTIME)
    (installer.ROOT / installer.RUNTIME).write_text("django==5.2\n")
    assert not installer.is_installed(installer.RUNTIME)


def test_an_environment_half_made_is_made_again(installer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_installed(installer, installer.RUNTIME)
    installer.UNFINISHED.touch()
    (installer.VENV / "left-over").touch()
    monkeypatch.setattr(installer, "run_or_refuse", lambda command, doing: None)
    installer.ensure_installed(installer.RUNTIME)
    assert not (installer.VENV / "left-over").exists()
    assert not installer.UNFINISHED.exists()
    assert json.loads(installer.STAMP.read_text()) == installer.wanted(installer.RUNTIME)


def test_an_environment_that_came_from_another_folder_is_made_again(
    installer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_installed(installer, installer.RUNTIME)
    installer.COMMAND.write_text("#!/another/folder/.venv/bin/python\n")
    monkeypatch.setattr(installer, "run_or_refuse", lambda command, doing: None)
    installer.install(installer.RUNTIME)
    assert not installer.COMMAND.exists(), "the old one was thrown away whole"


def test_an_environment_whose_python_is_gone_is_not_usable(installer: Any) -> None:
    pretend_installed(installer, installer.RUNTIME)
    installer.PYTHON.unlink()
    installer.PYTHON.symlink_to("/no/such/python")
    assert not installer.is_installed(installer.RUNTIME)
    assert not installer.is_usable()
