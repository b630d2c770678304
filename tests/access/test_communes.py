"""A commune by its code or by its name, whoever wrote it."""

import csv
from importlib.resources import files

import pytest

from ventanilla.access.communes import commune
from ventanilla.core.cells import Unreadable


@pytest.mark.parametrize("cell", ["04303", "4303", "Monte Patria", "MONTE PATRIA", " monte  patria"])
def test_code_and_name_are_the_same_commune(cell: str) -> None:
    assert commune(cell) == "04303"


def test_every_commune_is_known_by_its_name_alone() -> None:
    with files("ventanilla.access").joinpath("data/communes.csv").open(encoding="utf-8") as file:
        communes = list(csv.DictReader(file))
    assert [row["code"] for row in communes if commune(row["name"]) != row["code"]] == []


@pytest.mark.parametrize("cell", ["4303A", "043031", "Monte", "—"])
def test_what_is_no_commune_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable, match="no es una comuna"):
        commune(cell)
