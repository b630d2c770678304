"""A commune as files of other systems write it: by its official code or by its name."""

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

from ventanilla.core.cells import Unreadable
from ventanilla.core.plain import plain

COMMUNE_HEADINGS = ("Comuna de residencia", "Cód. comuna", "Código comuna", "CUT", "CUT comuna")
"""How they call its column, besides «comuna»."""

_CODE = re.compile(r"\d{4,5}")


@cache
def _codes() -> dict[str, str]:
    with files("ventanilla.access").joinpath("data/communes.csv").open(encoding="utf-8") as file:
        return {plain(row["name"]): row["code"] for row in csv.DictReader(file)}


@lru_cache(maxsize=1000)
def commune(cell: str) -> str:
    """Its official code (CUT) of five digits; a spreadsheet eats the zero in front. No two have the same name."""
    if _CODE.fullmatch(cell):
        return cell.zfill(5)
    code = _codes().get(plain(cell))
    if code is None:
        raise Unreadable("no es una comuna: escriba su código (CUT) de cinco dígitos, como 04303, o su nombre")
    return code
