"""The pages of the file formats, held against what is declared."""

import re
from pathlib import Path

import pytest

from ventanilla.config.datasets import DATASETS

FORMATS = Path(__file__).parents[2] / "docs" / "formats"


@pytest.mark.parametrize("name", DATASETS)
def test_a_page_lists_the_columns_of_its_format_and_which_are_always_filled(name: str) -> None:
    page = (FORMATS / f"{name}.md").read_text(encoding="utf-8")
    table = page.split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.M) == list(DATASETS[name].headings)
    required = [column.heading for column in DATASETS[name].columns if column.required]
    assert re.findall(r"^\| `(\w+)` \| [^\n]*? \| sí \|", table, re.M) == required
    assert ";".join(DATASETS[name].headings) in page


@pytest.mark.parametrize("name", DATASETS)
def test_the_list_of_formats_leads_to_every_page(name: str) -> None:
    assert f"[`{name}`]({name}.md)" in (FORMATS / "README.md").read_text(encoding="utf-8")
