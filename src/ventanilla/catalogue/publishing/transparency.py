"""The programmes of Ley 20.285, article 7 letter i, as a workbook: a row an entry, and what is missing beside."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from ventanilla.catalogue.entries.details import missing_of
from ventanilla.catalogue.models import EntryVersion
from ventanilla.catalogue.publishing.telling import Telling
from ventanilla.core.spreadsheets import shield

Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    width: int
    cell: Callable[[Telling], Cell]
    missing: str = ""
    """What is missing, in words, when the cell is empty and the law asks for it."""


@dataclass(frozen=True, slots=True)
class Made:
    """By whom, for whom and when the workbook is made."""

    institution: str
    account: str
    posting: str
    at: datetime
    address_of: Callable[[str], str]


def _requirements(told: Telling) -> str:
    version = told.version
    asked = [f"{one.sentence} ({one.articles})" if one.articles else one.sentence for one in told.asked]
    brought = [f"Documentos: {'; '.join(version.all_documents)}"] if version.all_documents else []
    return "\n".join(filter(None, [version.who, *asked, *brought]))


def columns(made: Made) -> Sequence[Column]:
    """Those that municipalities publish, in their order. Where nothing says more, the public page does."""
    return (
        Column("Programa, subsidio o beneficio", 34, lambda told: told.version.name),
        Column("Tipo", 18, lambda told: told.version.get_modality_display()),
        Column("Unidad que lo gestiona", 28, lambda told: told.given_by, "La unidad que lo gestiona"),
        Column("Requisitos y antecedentes para postular", 60, _requirements, "Los requisitos y antecedentes"),
        Column("Monto global asignado", 18, lambda told: told.version.budget, "El monto global"),
        Column("Moneda", 9, lambda told: None if told.version.budget is None else "Pesos"),
        Column("Inicio de la postulación", 14, lambda told: told.version.opens_on),
        Column("Término de la postulación", 14, lambda told: told.version.closes_on),
        Column(
            "Criterio de evaluación y asignación", 44, lambda told: told.version.criterion,
            "El criterio de evaluación y asignación",
        ),
        Column(
            "Plazo de evaluación (días hábiles)", 14, lambda told: told.version.evaluation_days,
            "El plazo de evaluación",
        ),
        Column(
            "Plazo de asignación (días hábiles)", 14, lambda told: told.version.allocation_days,
            "El plazo de asignación",
        ),
        Column("Objetivo", 44, lambda told: told.version.objective, "El objetivo"),
        Column("Acto que lo estableció: tipo", 16, lambda told: told.version.act_kind, "El tipo del acto"),
        Column("Denominación del acto", 34, lambda told: told.version.act_name, "La denominación del acto"),
        Column("Número del acto", 12, lambda told: told.version.act_number, "El número del acto"),
        Column("Fecha del acto", 12, lambda told: told.version.act_on, "La fecha del acto"),
        Column("Enlace al acto", 34, lambda told: told.version.act_url, "El enlace al acto"),
        Column("Número máximo de personas", 14, lambda told: told.version.places_count),
        Column("Razones de la exclusión de datos", 30, lambda told: told.version.exclusion_ground),
        Column(
            "Enlace a más información", 40,
            lambda told: told.version.more_url or made.address_of(told.version.entry.code),
        ),
        Column("Situación", 22, lambda told: told.standing.title if told.standing else "Disponible"),
        Column("Versión", 9, lambda told: told.version.number),
        Column("Vale desde", 12, lambda told: told.version.starts_on),
    )  # fmt: skip


def workbook_of(told: Sequence[Telling], made: Made) -> bytes:
    """No cell is a formula or a link: what a spreadsheet could take for one is text with an apostrophe in front."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {
            "title": "Catálogo de beneficios y servicios",
            "author": made.institution,
            "created": made.at.replace(tzinfo=None),
        }
    )
    shown = columns(made)
    headings = [column.heading for column in shown]
    rows = [[column.cell(one) for column in shown] for one in told]
    _sheet(book, "Programas", headings, [column.width for column in shown], rows)
    _sheet(book, "Qué falta", ["Programa, subsidio o beneficio", "Qué falta"], [40, 60], list(_missing(told, shown)))
    _sheet(book, "Acerca de", ["Sobre este archivo", ""], [26, 70], list(_about(made, len(told))))
    book.close()
    return out.getvalue()


def _missing(told: Sequence[Telling], shown: Sequence[Column]) -> Iterator[list[Cell]]:
    for one in told:
        said = {column.missing for column in shown if column.missing and column.cell(one) in (None, "")}
        for missing in [column.missing for column in shown if column.missing in said]:
            yield [one.version.name, missing]
        for lack in _also_missing(one.version):
            yield [one.version.name, lack]


def _also_missing(version: EntryVersion) -> Iterator[str]:
    """What neighbours need and the law's columns do not ask by themselves."""
    also = {"documents", "places"}
    yield from (missing.what for missing in missing_of(version) if missing.field in also)


def _about(made: Made, count: int) -> Iterator[list[Cell]]:
    yield ["Institución", made.institution]
    yield [
        "Qué contiene",
        "Programas, subsidios y beneficios (Ley 20.285, artículo 7, letra i). No lleva datos de personas.",
    ]
    yield ["Programas", count]
    yield ["Hecho por", f"{made.account}, {made.posting}"]
    yield ["Hecho el", f"{made.at:%d-%m-%Y %H:%M}"]
    yield ["Lo que no se sabe", "Queda en blanco en la hoja Programas, y se dice en la hoja Qué falta."]


def _sheet(
    book: Any, name: str, headings: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[Cell]]
) -> None:
    """Headings stay on the screen and on each printed page."""
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#E1EEF8"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd-mm-yyyy", "valign": "top", "align": "left"})
    whole = book.add_format({"num_format": "#,##0", "valign": "top"})
    sheet = book.add_worksheet(name)
    for number, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, heading, head)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    for line, row in enumerate(rows, start=1):
        for number, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(line, number, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001 - a day
            elif isinstance(cell, int):
                sheet.write_number(line, number, cell, whole)
            elif cell:
                sheet.write_string(line, number, shield(cell), text)
