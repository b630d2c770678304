"""A zip with one table, whatever else it has; and zips that would fill the disk, or hide what they are."""

import errno
import io
import struct
import zipfile
from pathlib import Path

import pytest
from tests.datasets.tables import AMALIA, HEADINGS, read, workbook, zipped

from ventanilla.datasets.files import archives, limits
from ventanilla.datasets.files.problems import UnusableFile

TEXT = f"{';'.join(HEADINGS)}\n{';'.join(AMALIA)}\n".encode()


def test_the_one_table_of_a_zip_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", gente__csv=TEXT, manual__pdf=b"%PDF-1.7", __MACOSX=b"")
    found = read(path)
    assert (found.cells, found.source.member) == ([AMALIA], "gente.csv")


def test_a_workbook_or_an_old_encoding_in_a_zip_is_read(tmp_path: Path) -> None:
    book = workbook(tmp_path / "gente.xlsx", Hoja=[HEADINGS, AMALIA])
    assert read(zipped(tmp_path / "a.zip", gente=book.read_bytes())).cells == [AMALIA]
    old = TEXT.decode().encode("latin-1")
    assert read(zipped(tmp_path / "b.zip", gente=old)).source.encoding == "windows-1252"


def test_of_several_one_is_chosen(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", marzo__csv=TEXT, abril__csv=TEXT)
    with pytest.raises(UnusableFile, match=r"más de un archivo: «marzo.csv», «abril.csv»."):
        read(path)
    assert read(path, member="abril.csv").cells == [AMALIA]
    with pytest.raises(UnusableFile, match=r"no trae «mayo.csv». Trae «marzo.csv», «abril.csv»"):
        read(path, member="mayo.csv")


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, "no trae ninguna tabla"),
        ({"a__pdf": b"%PDF-1.7"}, "no trae ninguna tabla"),
        ({"a__csv": b""}, "no trae ninguna tabla"),
        ({"a__csv": b"run;\0"}, "a.csv .en a.zip. no es un archivo de texto"),
    ],
)
def test_a_zip_without_a_table_is_refused(tmp_path: Path, members: dict[str, bytes], sentence: str) -> None:
    with pytest.raises(UnusableFile, match=sentence):
        read(zipped(tmp_path / "a.zip", **members))


def test_a_zip_in_a_zip_is_refused(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", gente__csv=TEXT).read_bytes()
    with pytest.raises(UnusableFile, match="trae adentro otro comprimido"):
        read(zipped(tmp_path / "a.zip", inner__zip=inner))


def test_options_that_are_of_no_use_to_a_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "gente.csv"
    path.write_bytes(TEXT)
    with pytest.raises(UnusableFile, match="no es un zip"):
        read(path, member="gente.csv")
    with pytest.raises(UnusableFile, match="no tiene hojas"):
        read(path, sheet="Hoja1")


def bomb(path: Path, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("gente.csv", "w") as member:
        for _ in range(size >> 20):
            member.write(bytes(1 << 20))
    return path


def test_a_bomb_is_refused_by_what_it_declares_before_anything_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bomb(tmp_path / "a.zip", 80 << 20)
    (folder := tmp_path / "work").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    with pytest.raises(UnusableFile, match="se descomprime en mucho más"):
        read(path)
    assert list(folder.iterdir()) == []


def test_a_bomb_that_declares_little_is_cut_at_what_it_declared(tmp_path: Path) -> None:
    """Both its sizes, in its header and in the list of parts, are made to say a hundred bytes."""
    path = bomb(tmp_path / "a.zip", 80 << 20)
    content = path.read_bytes()
    declared = struct.pack("<L", 80 << 20)
    assert content.count(declared) >= 1
    path.write_bytes(content.replace(declared, struct.pack("<L", 100)))
    with pytest.raises(UnusableFile, match=r"está dañado|se descomprime en mucho más"):
        read(path)


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gente.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (80 << 20))
    with pytest.raises(UnusableFile, match="se descomprime en mucho más"):
        read(path)


def test_a_zip_with_more_parts_than_memory_should_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ventanilla.datasets.files.kinds.LARGEST_DIRECTORY", 1000)
    parts = {f"parte{number}": b"x" for number in range(100)}
    with pytest.raises(UnusableFile, match="demasiados archivos"):
        read(zipped(tmp_path / "a.zip", **parts))


def test_a_zip_with_a_password_or_broken_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", gente__csv=TEXT)
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(UnusableFile, match="tiene contraseña"):
        read(path)
    path.write_bytes(content[:-40])
    with pytest.raises(UnusableFile, match="está dañado"):
        read(path)


def test_a_part_that_does_not_match_its_sum_is_refused(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("gente.csv", TEXT)
    path = tmp_path / "a.zip"
    path.write_bytes(held.getvalue().replace(b"Amalia", b"Amelia"))
    with pytest.raises(UnusableFile, match="está dañado"):
        read(path)


def test_a_disk_that_fills_up_is_not_told_as_a_broken_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archives, "_copy", copy)
    with pytest.raises(UnusableFile, match=r"No se pudo leer a.zip: no queda espacio en el disco"):
        read(zipped(tmp_path / "a.zip", gente__csv=TEXT))


def test_more_than_two_gibibytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "gente.csv"
    with path.open("wb") as file:
        file.truncate(limits.LARGEST_FILE + 1)
    with pytest.raises(UnusableFile, match="pesa más de 2 GiB"):
        read(path)
