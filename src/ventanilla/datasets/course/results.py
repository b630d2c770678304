"""The rows that were not taken, as a workbook: each as it came beside its reason, ready to be corrected and loaded."""

from collections.abc import Iterator, Sequence
from io import BytesIO

import xlsxwriter

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.plain import plain
from ventanilla.core.spreadsheets import shield
from ventanilla.datasets.headings import ADDED
from ventanilla.datasets.models import Load, LoadStep, RejectedRow

MOST_ROWS = 50_000
"""Of a workbook that somebody waits for."""

_WIDEST, _NARROWEST = 48, 9


def reasons_of(load: Load) -> list[tuple[str, int, list[int]]]:
    """Each reason with how many rows it has and the first of them, the commonest first."""
    return [(reason, count, rows) for reason, count, rows in load.trial.get("reasons", [])]


def rejected_workbook(load: Load, *, by: Actor) -> bytes:
    """Every cell a text, so that no zero is lost and none is a formula. Taking it out is noted in the load."""
    require(by, Permission.LOAD_RUN)
    rows = RejectedRow.objects.visible_to(by).filter(load=load).order_by("number")
    number = rows.count()
    if number > MOST_ROWS:
        raise RuleBroken(
            f"Son {number:,} filas: más de las que caben en una planilla cómoda. Corrija primero la causa más común,"
            " que está en la lista, y cargue otra vez el archivo entero.".replace(",", ".", 1)
        )
    LoadStep.objects.create(
        load=load,
        before=load.state,
        after=load.state,
        note=f"Se descargaron {number} filas rechazadas.",
        at=clock.now(),
        account_id=by.account_id,
    )
    return _book(load, rows.values_list("number", "cells", "reason").iterator())


def _book(load: Load, rows: Iterator[tuple[int, list[str], str]]) -> bytes:
    headings: list[str] = load.seen.get("headings", [])
    kept = [place for place, name in enumerate(headings) if plain(name) not in ADDED]
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Filas rechazadas de la carga {load.number}", "comments": load.file_name})
    as_text = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "bottom": 1})
    reason_format = book.add_format({"text_wrap": True, "font_color": "#A61E2B"})
    sheet = book.add_worksheet("Rechazadas")
    sheet.freeze_panes(1, 0)
    for column, place in enumerate(kept):
        width = min(_WIDEST, max(_NARROWEST, len(headings[place]) + 2))
        sheet.set_column(column, column, width, as_text)
    sheet.set_column(len(kept), len(kept), _NARROWEST)
    sheet.set_column(len(kept) + 1, len(kept) + 1, 60)
    _write(sheet, 0, [*(headings[place] for place in kept), *ADDED], head)
    for line, (number, cells, reason) in enumerate(rows, start=1):
        _write(sheet, line, [cells[place] if place < len(cells) else "" for place in kept], as_text)
        sheet.write_number(line, len(kept), number)
        sheet.write_string(line, len(kept) + 1, reason, reason_format)
        _write(sheet, line, cells[len(headings) :], as_text, at=len(kept) + 2)
    book.close()
    return out.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, line: int, cells: Sequence[str], how: object, *, at: int = 0) -> None:
    for column, cell in enumerate(cells, start=at):
        if cell:
            sheet.write_string(line, column, shield(cell), how)
