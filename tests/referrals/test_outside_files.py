"""Which files a referral takes, whatever their names say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.core.errors import RuleBroken
from ventanilla.referrals.outside.files import LARGEST, kind_of, safe_name

PDF, JPEG, PNG = b"%PDF-1.7 informe", b"\xff\xd8\xff\xe0 foto", b"\x89PNG\r\n\x1a\n foto"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("informe.pdf", PDF, "application/pdf"),
        ("INFORME.PDF", PDF, "application/pdf"),
        ("cédula.jpeg", JPEG, "image/jpeg"),
        ("carné.png", PNG, "image/png"),
    ],
)
def test_a_pdf_a_photograph_and_a_screen_are_taken(name: str, content: bytes, media_type: str) -> None:
    assert kind_of(name, content).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("informe.pdf", b"", "vacío"),
        ("foto.jpg", b"\xff\xd8\xff" + bytes(LARGEST), "más de 5 MB"),
        ("informe.pdf", b"PK\x03\x04" + b"0" * 40, "comprimidos"),
        ("informe.docx", b"PK\x03\x04" + b"0" * 40, "comprimidos"),
        ("bomba.gz", b"\x1f\x8b\x08", "comprimidos"),
        ("informe.pdf", b"<html><script>alert(1)</script>", "Se reciben PDF, JPEG y PNG"),
        ("informe.pdf", b"MZ\x90\x00", "Se reciben PDF, JPEG y PNG"),
        ("informe.pdf.exe", PDF, "pero es un PDF"),
        ("foto.jpg", PNG, "pero es un PNG"),
    ],
)
def test_what_lies_about_itself_is_too_large_or_is_packed_is_not(name: str, content: bytes, why: str) -> None:
    with pytest.raises(RuleBroken, match=why) as refused:
        kind_of(name, content)
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/informe.pdf", "informe.pdf"),
        ("C:\\Documentos\\carné de Rosa.jpg", "carné de Rosa.jpg"),
        ('a".pdf\r\nSet-Cookie: x.pdf', "a_.pdf__Set-Cookie_ x.pdf"),
        ("", "archivo"),
        (f"{'x' * 300}.pdf", f"{'x' * 116}.pdf"),
    ],
)
def test_a_name_loses_what_a_screen_or_a_header_would_obey(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@given(st.text(max_size=400))
def test_whatever_the_name_it_fits_in_a_header(name: str) -> None:
    kept = safe_name(name)
    assert kept
    assert len(kept) <= 120
    assert kept.isprintable()
    assert not set(kept) & set('"<>:|?*;/\\')
