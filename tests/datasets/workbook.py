"""A workbook read with what Python has, to see what a template holds."""

import re
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

SPACE = {"": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows of text, and the cells to which each of its drop-downs goes, with its source."""

    name: str
    is_hidden: bool
    rows: list[list[str]]
    lists: dict[str, str]


def read_workbook(content: bytes) -> list[Sheet]:
    with ZipFile(BytesIO(content)) as book:
        shared = [_text_of(item) for item in _root(book, "xl/sharedStrings.xml").findall("si", SPACE)]
        named = _root(book, "xl/workbook.xml").findall("sheets/sheet", SPACE)
        return [
            _sheet(_root(book, f"xl/worksheets/sheet{number}.xml"), sheet.attrib, shared)
            for number, sheet in enumerate(named, start=1)
        ]


def _root(book: ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(name))


def _text_of(item: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in item.iter(f"{{{SPACE['']}}}t"))


def _sheet(root: ElementTree.Element, about: dict[str, str], shared: list[str]) -> Sheet:
    rows = []
    for row in root.findall("sheetData/row", SPACE):
        cells: list[str] = []
        for cell in row.findall("c", SPACE):
            place = _place(cell.attrib["r"])
            cells += [""] * (place - len(cells))
            value = cell.find("v", SPACE)
            cells.append(shared[int(value.text or "")] if value is not None else "")
        rows.append(cells)
    lists = {
        found.attrib["sqref"]: (found.findtext("formula1", "", SPACE))
        for found in root.findall("dataValidations/dataValidation", SPACE)
    }
    return Sheet(about["name"], about.get("state") == "hidden", rows, lists)


def _place(reference: str) -> int:
    place = 0
    for letter in re.sub(r"\d", "", reference):
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
