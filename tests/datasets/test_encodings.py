"""Text in whatever encoding and with whatever separator: the same table comes back, or the file is refused in words."""

import csv
import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.datasets.tables import AMALIA, HEADINGS, read, text_file

from ventanilla.core.spreadsheets import unshield
from ventanilla.datasets.files import encodings, working
from ventanilla.datasets.files.opening import opened
from ventanilla.datasets.files.problems import UnusableFile

LETTERS = "abcxyzñÑáéíóúüÁÉÓ°ºª «»¿0123456789-.'"
CELLS = st.text(LETTERS, max_size=12).map(str.strip)
QUOTED = st.text(LETTERS + ';,"\n', max_size=12).map(str.strip)
RUNS = st.sampled_from(["90.000.001-4", "90000002-2", "900000030"])
ROWS = st.lists(st.tuples(RUNS, CELLS.map(lambda cell: f"Ñuñoa {cell}".strip()), CELLS, QUOTED), min_size=1, max_size=8)
ENCODINGS = ("utf-8", "utf-8-sig", "windows-1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be")


def written(table: list[tuple[str, ...]], delimiter: str, line_end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(table)
    return out.getvalue()


@settings(deadline=None, max_examples=150)
@given(ROWS, st.sampled_from(ENCODINGS), st.sampled_from(";,\t"), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_table_comes_back_the_same_from_any_encoding_and_separator(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[tuple[str, ...]],
    encoding: str,
    delimiter: str,
    line_end: str,
) -> None:
    if line_end == "\r":
        table = [tuple(cell.replace("\n", " ").strip() for cell in row) for row in table]
    path = tmp_path_factory.mktemp("text") / "gente.csv"
    found = read(text_file(path, written([HEADINGS, *table], delimiter, line_end), encoding))
    expected = [tuple(unshield(cell).strip() for cell in row) for row in table]
    assert [tuple(cell.strip() for cell in row) for row in found.cells] == expected
    assert found.source.encoding.startswith({"latin-1": "windows-1252"}.get(encoding, encoding[:5]))


def test_a_clean_file_is_read_where_it_is(tmp_path: Path) -> None:
    path = text_file(tmp_path / "gente.csv", written([HEADINGS, AMALIA], ";", "\n"))
    assert read(path).table.path == path


def test_a_working_copy_is_ours_alone_and_gone_at_the_end(tmp_path: Path) -> None:
    path = text_file(tmp_path / "gente.csv", written([HEADINGS, AMALIA], ";", "\n"), "latin-1")
    with opened(path) as source:
        copy = source.sheets[0].path
        assert copy.stat().st_mode & 0o777 == 0o600
        assert copy.parent.stat().st_mode & 0o777 == 0o700
    assert not copy.parent.exists()


def test_a_full_disk_and_a_file_that_is_closed_to_us_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = text_file(tmp_path / "gente.csv", written([HEADINGS, AMALIA], ";", "\n"), "latin-1")

    def refuse(number: int) -> Callable[..., TextIO]:
        def private_text(*_: object) -> TextIO:
            raise OSError(number, os.strerror(number))

        return private_text

    for number, words in ((errno.ENOSPC, "no queda espacio en el disco"), (errno.EACCES, "no hay permiso")):
        monkeypatch.setattr(encodings, "private_text", refuse(number))
        with pytest.raises(UnusableFile, match=f"No se pudo leer gente.csv: {words}"):
            read(path)


def test_what_a_killed_load_left_is_swept_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{working._PREFIX}left"
    left.mkdir()
    (left / working._LOCK).touch()
    (left / "text").write_text("Amalia")
    with working.working_folder() as first, working.working_folder() as second:
        assert not left.exists()
        assert first.exists()
        assert second.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Muñoz;".encode() * 9 + b"Pe\xf1a", "mezcla dos codificaciones"),
        ("run;Muñoz Peña Ibáñez".encode("cp850"), "no se reconoce su codificación"),
        ("run;Muñoz Peña Ibáñez".encode("mac-roman"), "no se reconoce su codificación"),
        ("run;nombres".encode("utf-32"), "no es un archivo de texto"),
        ("run;nombres;nota;nota2".encode("utf-16-le")[:-1], "no es un archivo de texto entero"),
        (b"run;nombres\n" + b"x" * (3 << 20), "más de un millón de caracteres"),
    ],
)
def test_letters_that_nobody_can_tell_are_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "gente.csv"
    path.write_bytes(content)
    with pytest.raises(UnusableFile, match=sentence):
        read(path)
