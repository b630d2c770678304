"""Typed readers of the environment: a wrong value fails at once, with the variable's name."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class BadSetting(Exception):
    """An environment variable cannot be read; the message is Spanish and names it."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def _read(name: str, default: T, convert: Callable[[str], T], expected: str) -> T:
    raw = text(name)
    if not raw:
        return default
    try:
        return convert(raw)
    except ValueError:
        raise BadSetting(f"{name} debe ser {expected}; su valor es «{raw}».") from None


def number(name: str, default: int) -> int:
    return _read(name, default, int, "un número entero")


def _boolean(raw: str) -> bool:
    if raw.lower() in {"1", "true", "yes", "si", "sí"}:
        return True
    if raw.lower() in {"0", "false", "no"}:
        return False
    raise ValueError(raw)


def flag(name: str, default: bool) -> bool:
    return _read(name, default, _boolean, "«1» o «0»")


def words(name: str, default: list[str]) -> list[str]:
    """A list separated by commas."""
    raw = text(name)
    return [word.strip() for word in raw.split(",") if word.strip()] if raw else default


def secret_key(name: str, kept_in: Path) -> str:
    """The signing key: from the environment, else made once and kept in a file only this user reads."""
    if given := text(name):
        return given
    try:
        return kept_in.read_text().strip()
    except FileNotFoundError:
        pass
    kept_in.parent.mkdir(parents=True, exist_ok=True)
    draft = kept_in.with_name(f".{kept_in.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):  # of two processes that start at once, one wins and both read it
        os.link(draft, kept_in)
    draft.unlink()
    return kept_in.read_text().strip()
