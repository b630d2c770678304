"""The door to PDFs."""

import sys

import pytest

from ventanilla.core import documents


def test_a_template_becomes_a_pdf() -> None:
    assert documents.pdf_of("<p>Ñandú</p>").startswith(b"%PDF")


def test_where_its_libraries_are_missing_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(documents.NoPdfHere, match="apt-get install"):
        documents.pdf_of("<p></p>")
