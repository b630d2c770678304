"""The workbook in which a dataset is filled in: its headings, drop-downs, an example, and a sheet that explains it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ventanilla.access.communes import commune
from ventanilla.core import cells
from ventanilla.core.datasets import Column, Dataset

DATA, EXPLAINED, LISTS = "Datos", "Instrucciones", "Listas"
LAST_ROW = 100_000
"""Down to which drop-downs and the format of text go."""
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - the same template gives the same bytes; a workbook has no zone
_EXAMPLE = "Fila de ejemplo, de una persona que no existe. No se carga: bórrela o déjela."
_COMMUNE = "comuna, por su nombre o su código"
_RULES = (
    "Escriba desde la fila 3 de la hoja Datos, una fila por cada caso. No cambie los encabezados.",
    "La fila 2 es un ejemplo ficticio. No se carga mientras quede tal cual; puede borrarla.",
    "Las columnas con asterisco van siempre llenas. Una celda vacía en las otras significa que no se sabe.",
    "Donde hay una lista desplegable, elija un valor de ella.",
    "Las fechas se escriben día-mes-año, como 23-11-2026. Los montos, en pesos enteros, como 22007.",
    "El RUN se acepta con o sin puntos.",
    "Una fila con errores no detiene a las demás: se devuelve con su motivo, para corregirla y cargarla otra vez.",
    "Este archivo lleva datos de personas: guárdelo solo el tiempo necesario y no lo envíe por correo sin proteger.",
)


def template_of(dataset: Dataset) -> bytes:
    """An XLSX whose first sheet a load reads as it is."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": f"Plantilla: {dataset.title}", "created": _MADE})
    _data_sheet(book, dataset)
    _explaining_sheet(book, dataset)
    _lists_sheet(book, dataset)
    book.close()
    return out.getvalue()


def _data_sheet(book: Any, dataset: Dataset) -> None:
    """All cells are text: a spreadsheet then leaves RUNs, codes and dates as they were written."""
    sheet = book.add_worksheet(DATA)
    text = book.add_format({"num_format": "@"})
    always = book.add_format({"bold": True, "bottom": 2, "bg_color": "#CFE2F3"})
    sometimes = book.add_format({"bold": True, "bottom": 2, "bg_color": "#EFEFEF"})
    example = book.add_format({"num_format": "@", "italic": True, "font_color": "#5F5F5F", "bg_color": "#F7F7F7"})
    for place, (column, shown) in enumerate(zip(dataset.columns, dataset.example_cells, strict=True)):
        sheet.set_column(place, place, max(len(column.heading), len(shown), 12) + 2, text)
        sheet.write_string(0, place, column.heading, always if column.required else sometimes)
        sheet.write_comment(0, place, _told(column))
        sheet.write_string(1, place, shown, example)
    sheet.write_comment(1, 0, _EXAMPLE)
    for place, listed in enumerate(_listed(dataset)):
        sheet.data_validation(
            1,
            listed.place,
            LAST_ROW,
            listed.place,
            {
                "validate": "list",
                "source": f"={LISTS}!${xl_col_to_name(place)}$2:${xl_col_to_name(place)}${len(listed.options) + 1}",
                "error_title": "Elija de la lista",
                "error_message": f"«{listed.heading}» admite solo los valores de la lista.",
            },
        )
    sheet.freeze_panes(1, 0)


def _explaining_sheet(book: Any, dataset: Dataset) -> None:
    sheet = book.add_worksheet(EXPLAINED)
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 2, "bg_color": "#CFE2F3"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate((26, 12, 60, 34)):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, dataset.title, title)
    for number, rule in enumerate(_RULES, start=2):
        sheet.write_string(number, 0, f"{number - 1}. {rule}")
    sheet.write_string(len(_RULES) + 2, 0, f"Se carga con: ventanilla load {dataset.name} ARCHIVO --institution NÚMERO")
    first = len(_RULES) + 4
    for place, heading in enumerate(("Columna", "Obligatoria", "Qué se escribe", "Ejemplo")):
        sheet.write_string(first, place, heading, head)
    for number, row in enumerate(_explained(dataset), start=first + 1):
        for place, words in enumerate(row):
            sheet.write_string(number, place, words, wrapped)


def _explained(dataset: Dataset) -> Iterator[Sequence[str]]:
    for column, shown in zip(dataset.columns, dataset.example_cells, strict=True):
        mark = " *" if column.required else ""
        yield f"{column.heading}{mark}", "sí" if column.required else "no", _told(column), shown


def _told(column: Column) -> str:
    options = cells.options_of(column.read)
    words = _COMMUNE if column.read is commune else cells.in_words(column.read)
    return f"{words}: {', '.join(options)}" if options else words


class _Listed(NamedTuple):
    """A column that is chosen from a list, and where it is."""

    place: int
    heading: str
    options: tuple[str, ...]


def _listed(dataset: Dataset) -> list[_Listed]:
    placed = ((place, column, cells.options_of(column.read)) for place, column in enumerate(dataset.columns))
    return [_Listed(place, column.heading, options) for place, column, options in placed if options]


def _lists_sheet(book: Any, dataset: Dataset) -> None:
    """The values of drop-downs: in a cell's own list they would be cut at 255 characters."""
    sheet = book.add_worksheet(LISTS)
    for place, listed in enumerate(_listed(dataset)):
        sheet.write_string(0, place, listed.heading)
        for number, option in enumerate(listed.options, start=1):
            sheet.write_string(number, place, option)
    sheet.hide()
