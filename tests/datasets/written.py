"""Fictional populations written for a test, and their files read back."""

import csv
import json
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from ventanilla.config.cli.synthesize import synthesize
from ventanilla.core.run import check_digit
from ventanilla.datasets.synthetic.writing import COLUMNS

REFERENCE = date(2026, 11, 23)
Row = dict[str, str]
Files = dict[str, list[Row]]


def run(out: Path, *options: str) -> Result:
    return CliRunner().invoke(synthesize, ["--out", str(out), "--jobs", "1", *options])


def made(out: Path, *options: str) -> dict[str, Any]:
    result = run(out, *options)
    assert result.exit_code == 0, result.output
    manifest: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def read(folder: Path) -> Files:
    files: Files = {}
    for name in COLUMNS:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            files[name] = list(csv.DictReader(file, delimiter=";", strict=True))
    return files


def digests(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*.*"))}


def day(text: str) -> date:
    return date(int(text[6:10]), int(text[3:5]), int(text[:2]))


def minute(text: str) -> datetime:
    return datetime.combine(day(text), time.fromisoformat(text[11:]))


def share(rows: list[Row], column: str, value: str) -> float:
    return sum(row[column] == value for row in rows) / len(rows)


def is_run(text: str) -> bool:
    body, _, digit = text.replace(".", "").partition("-")
    return check_digit(int(body)) == digit
