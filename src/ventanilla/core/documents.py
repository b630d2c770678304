"""The one door to PDFs: a template becomes bytes, or a sentence that says what to install."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from django.http import HttpResponse
from django.template.loader import render_to_string

from ventanilla.core.errors import DomainError

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-roboto-unhinted"
STYLES = Path(__file__).with_name("document.css")


class NoPdfHere(DomainError):
    """This machine lacks the system libraries that draw a PDF."""

    status = 503
    title = "No se puede hacer el PDF"


def pdf_of(html: str) -> bytes:
    """Nothing outside the text is fetched: what it draws comes in it."""
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError) as error:
        raise NoPdfHere(
            "A este servidor le faltan las bibliotecas que hacen los PDF. Quien lo administra las instala con"
            f" «apt-get install {PACKAGES}». Mientras tanto puede imprimir la página."
        ) from error
    made: bytes = HTML(string=html, url_fetcher=_refuse).write_pdf(stylesheets=[CSS(string=STYLES.read_text())])
    return made


def answer(template: str, context: Mapping[str, Any], *, name: str, is_to_print: bool = False) -> HttpResponse:
    """The template as a PDF: to download, or opened in the browser, from where it is printed."""
    pdf = pdf_of(render_to_string(template, dict(context)))
    how = "inline" if is_to_print else "attachment"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'{how}; filename="{name}"'}
    )


def _refuse(url: str, *args: Any, **kwargs: Any) -> NoReturn:
    raise ValueError("a document fetches nothing")
