"""Static files are gathered once, and nothing of ours lies among what is served."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from ventanilla.config.server import gather_static_files


@pytest.fixture
def root(settings: LazySettings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path / "static"


def test_nothing_but_static_files_is_served(root: Path) -> None:
    gather_static_files()
    served = {path.relative_to(root).parts[0] for path in root.rglob("*") if path.is_file()}
    assert "core" in served
    assert [name for name in served if name.startswith(".") or "stamp" in name] == []


def test_they_are_gathered_again_only_when_they_are_gone_or_changed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered: list[str] = []
    gather_static_files()
    monkeypatch.setattr("django.core.management.call_command", lambda name, **options: gathered.append(name))
    gather_static_files()
    assert gathered == []
    root.rename(root.with_name("elsewhere"))
    gather_static_files()
    assert gathered == ["collectstatic"]
