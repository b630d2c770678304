"""Workbooks: the sheet that fits, cells as somebody would type them, and a process whose end is only a sentence."""

import os
import signal
import subprocess
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.datasets.tables import AMALIA, HEADINGS, PEOPLE, read, workbook, zipped
from tools.examples.old_workbook import old_workbook

from ventanilla.datasets.files import limits, workbooks
from ventanilla.datasets.files.problems import UnusableFile
from ventanilla.datasets.files.workbook_child import DISK_FULL, cell_text
from ventanilla.datasets.parsing import parser
from ventanilla.datasets.preview import preview

TITLES: tuple[list[str], ...] = (["Nómina ficticia"], [])


def test_a_table_under_titles_keeps_the_numbers_of_its_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "gente.xlsx", Hoja=[*TITLES, ["", *HEADINGS], [], ["", *AMALIA], [], [""] + ["x"] * 4])
    found = read(path)
    assert [(row.number, row.cells) for row in found.rows] == [(5, list(AMALIA)), (7, ["x"] * 4)]


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        *((90000001.0, "90000001"), (1.5, "1,5"), (0.1 + 0.2, "0,3"), (1.2e19, "1,2e+19"), (True, "si"), (False, "no")),
        *((date(2025, 3, 3), "2025-03-03"), (datetime(2025, 3, 3, 9, 30), "2025-03-03 09:30"), (time(9, 5), "09:05")),
        *((" Ana\n", " Ana\n"), ("  ", ""), ("a\0b", "a b")),
    ],
)
def test_a_cell_is_what_somebody_would_type(cell: Any, typed: str) -> None:
    assert cell_text(cell) == typed


def test_numbers_dates_and_formulas_of_a_real_workbook(tmp_path: Path) -> None:
    path = tmp_path / "gente.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["RUT", "DV", "Nombre completo", "F. Nacimiento", "Nota"])
        as_date = book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(1, 0, [90000001, 4, "Amalia"])
        sheet.write_datetime(1, 3, datetime(1990, 3, 3), as_date)
        sheet.write_row(2, 0, [90000002, "2", "Rosa", 32935])
        sheet.write_formula(2, 4, '="a"&"b"', None, "ab")
    found = read(path)
    assert found.cells == [("90000001-4", "Amalia", "1990-03-03", ""), ("90000002-2", "Rosa", "32935", "ab")]
    assert found.table.notes == ("Trae fórmulas: se tomó de cada una el último resultado que guardó la planilla.",)


def test_lines_within_a_cell_stay_in_it(tmp_path: Path) -> None:
    rows = [("90.000.001-4", "Ama\rlia", "", "a\r\nb"), ("90.000.002-2", 'R"o;sa', "", "x\ny")]
    assert read(workbook(tmp_path / "gente.xlsx", Hoja=[HEADINGS, *rows])).cells == rows


def test_the_sheet_whose_headings_fit_best_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    people = [HEADINGS, AMALIA]
    path = workbook(tmp_path / "gente.xlsx", Resumen=[["Total", 1]], Plantilla=[HEADINGS], Nómina=people)
    found = read(path)
    assert found.table.sheet == "Nómina"
    assert found.table.notes == ("Se leyó la hoja «Nómina». No se leyeron: «Resumen», «Plantilla».",)


def test_two_sheets_that_fit_as_well_are_refused_by_name_until_one_is_chosen(tmp_path: Path) -> None:
    rosa = ("90.000.002-2", "Rosa", "", "")
    path = workbook(tmp_path / "gente.xlsx", Marzo=[HEADINGS, AMALIA], Abril=[HEADINGS, rosa])
    with pytest.raises(UnusableFile, match="más de una hoja con esas columnas: «Marzo», «Abril»") as refusal:
        read(path)
    assert refusal.value.choices == ("Marzo", "Abril")
    assert read(path, sheet="abril").cells == [rosa]
    assert "«Marzo», «Abril»" in preview(path, PEOPLE).problem
    with pytest.raises(UnusableFile, match=r"no tiene una hoja «Mayo». Tiene «Marzo», «Abril»"):
        read(path, sheet="Mayo")


def test_a_hidden_sheet_is_read_only_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "gente.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Portada").write(0, 0, "Nómina")
        hidden = book.add_worksheet("Oculta")
        hidden.hide()
        for number, row in enumerate((HEADINGS, AMALIA)):
            hidden.write_row(number, 0, row)
    with pytest.raises(UnusableFile, match="le faltan las columnas"):
        read(path)
    assert read(path, sheet="Oculta").cells == [AMALIA]


def test_a_heading_that_spans_two_rows_is_one_of_the_second(tmp_path: Path) -> None:
    path = tmp_path / "gente.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("B1:E1", "Nómina ficticia")
        sheet.merge_range("B2:B3", "RUN")
        sheet.merge_range("C2:D2", "Beneficiaria")
        sheet.write_row(2, 2, ["Nombres", "Fecha Nac."])
        sheet.merge_range("B4:B5", "90.000.001-4")
        sheet.write(3, 2, "Amalia")
        sheet.write(4, 2, "Rosa")
    found = read(path)
    assert found.cells == [("90.000.001-4", "Amalia", "", ""), ("", "Rosa", "", "")]
    assert found.table.notes == ("Hay celdas combinadas entre filas: su valor se tomó solo en la primera de ellas.",)


def test_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "gente.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, AMALIA)
        for number in range(2, 1_000_000):
            sheet.write_blank(number, 0, None, bold)
    found = read(path)
    assert found.cells == [AMALIA]
    assert found.table.size < 1000


def test_a_sheet_of_more_than_a_thousand_columns_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "gente.xlsx", Hoja=[[*HEADINGS, *[""] * 1000, "x"]])
    with pytest.raises(UnusableFile, match=r"La hoja «Hoja» de gente.xlsx tiene más de 1000 columnas"):
        read(path)


def test_a_book_that_counts_from_1904_says_so_of_days_without_format(tmp_path: Path) -> None:
    path = tmp_path / "gente.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ["90.000.001-4", "Amalia"])
        sheet.write_datetime(1, 2, datetime(1990, 3, 3), book.add_format({"num_format": "dd-mm-yyyy"}))
        sheet.write_row(2, 0, ["90.000.002-2", "Rosa", 31473])
    found = read(path)
    parse = parser(
        PEOPLE, institution_id=1, today=date(2026, 11, 23), has_days_since_1900=found.table.has_days_since_1900
    )
    first, second = map(parse, found.rows)
    assert "1990-03-03" in first.line
    assert second.reason.startswith(
        "La columna «fecha_nacimiento» es un número, y este libro no cuenta los días desde 1900"
    )


def test_macros_and_links_are_left_alone_and_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "gente.xlsx", Hoja=[HEADINGS, AMALIA])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    assert [note.partition(":")[0] for note in read(path).table.notes] == [
        "Trae macros",
        "Trae vínculos a otros libros",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "está vacío: tiene 0 bytes"),
        (b"%PDF-1.7\n1 0 obj", "es un PDF"),
        (b"\x89PNG\r\n\x1a\n", "es una imagen"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "es una imagen"),
        (b"\xef\xbb\xbf\r\n<html><table>", "es una página web guardada como si fuera una planilla"),
        (b'<?xml version="1.0"?><Workbook>', "es un archivo XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protegido con contraseña"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "es un documento de texto"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "está dañado"),
        (b"Rar!\x1a\x07", "un comprimido que no es zip"),
    ],
)
def test_what_only_has_the_name_of_a_workbook_is_told_for_what_it_is(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "gente.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnusableFile, match=sentence):
        read(path)


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "gente.xlsx", Hoja=[HEADINGS, AMALIA])
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(UnusableFile, match="está dañado o incompleto"):
        read(path)


def test_a_part_that_is_broken_inside_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "gente.xlsx", xl__x=b"")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><sheets>")
    with pytest.raises(UnusableFile, match="está dañado o incompleto"):
        read(path)


def far_apart(path: Path) -> Path:
    """Two cells at opposite corners: some bytes of file, and all of a sheet when it is spread out."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write(1_048_575, 16_383, "x")
    return path


def test_a_sheet_that_would_fill_the_memory_ends_its_own_process_only(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="pide más memoria o más tiempo"):
        read(far_apart(tmp_path / "gente.xlsx"))


def test_a_process_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WORKBOOK_SECONDS", 0.001)
    with pytest.raises(UnusableFile, match="pide más memoria o más tiempo"):
        read(workbook(tmp_path / "gente.xlsx", Hoja=[HEADINGS, AMALIA]))


def test_a_process_that_is_killed_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = workbook(tmp_path / "gente.xlsx", Hoja=[HEADINGS, AMALIA])

    def killed(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        options = {name: options[name] for name in ("env", "stdin", "stdout", "stderr")}
        child = subprocess.Popen(command, **options)
        os.kill(child.pid, signal.SIGKILL)
        _, said = child.communicate()
        return subprocess.CompletedProcess(command, child.returncode, b"", said)

    monkeypatch.setattr(workbooks, "run_process", killed)
    with pytest.raises(UnusableFile, match=r"terminó de improviso. Nada se escribió"):
        read(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "gente.xlsx", Hoja=[HEADINGS, AMALIA])
    monkeypatch.setattr(
        workbooks, "run_process", lambda command, **_: subprocess.CompletedProcess(command, DISK_FULL, b"", b"")
    )
    with pytest.raises(UnusableFile, match=r"gente.xlsx no se pudo leer: no queda espacio en el disco"):
        read(path)


def test_the_process_has_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def noted(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        asked.update(options)
        return subprocess.CompletedProcess(command, 1, b"", b"")

    monkeypatch.setattr(workbooks, "run_process", noted)
    with pytest.raises(UnusableFile):
        read(workbook(tmp_path / "gente.xlsx", Hoja=[HEADINGS, AMALIA]))
    assert set(asked["env"]) == {"PATH", "LANG"}


def test_a_workbook_of_excel_97_is_read(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [
        ["Nómina ficticia"],
        [],
        ["RUT", "Nombres", "Fecha Nac."],
        [900000014.0, "Amalia Muñoz", 32935.0],
    ]
    found = read(old_workbook(tmp_path / "gente.xls", "Nómina", rows))
    assert found.cells == [("900000014", "Amalia Muñoz", "32935", "")]
    assert (found.source.kind, found.rows[0].number, found.table.has_days_since_1900) == ("xls", 4, True)
    since_1904 = old_workbook(tmp_path / "1904.xls", "Nómina", rows, since_1904=True)
    assert not read(since_1904).table.has_days_since_1900
