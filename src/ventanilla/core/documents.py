"""The one door to PDFs: a template becomes bytes, or a sentence that says what to install."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import segno
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ventanilla.core.errors import DomainError

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-roboto-unhinted"
STYLES = Path(__file__).with_name("document.css")


class NoPdfHere(DomainError):
    """This machine lacks the system libraries that draw a PDF."""

    status = 503
    title = "No se puede hacer el PDF"


def pdf_of(html: str, *styles: Path) -> bytes:
    """Nothing outside the text is fetched: what it draws comes in it. ``styles`` follow those of every document."""
    made: bytes = _laid_out(html, styles).write_pdf()
    return made


def pages_of(html: str, *styles: Path) -> int:
    """How many pages it takes."""
    return len(_laid_out(html, styles).pages)


def _laid_out(html: str, styles: Sequence[Path]) -> Any:
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError) as error:
        raise NoPdfHere(
            "A este servidor le faltan las bibliotecas que hacen los PDF. Quien lo administra las instala con"
            f" «apt-get install {PACKAGES}». Mientras tanto puede imprimir la página."
        ) from error
    sheets = [CSS(string=path.read_text()) for path in (STYLES, *styles)]
    return HTML(string=html, url_fetcher=_refuse).render(stylesheets=sheets)


def answer(
    template: str, context: Mapping[str, Any], *, name: str, opens: bool = False, styles: Sequence[Path] = ()
) -> HttpResponse:
    """The template as a PDF to download, or that ``opens`` in its tab to be printed at once."""
    pdf = pdf_of(render_to_string(template, dict(context)), *styles)
    how = "inline" if opens else "attachment"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'{how}; filename="{name}"'}
    )


def code_for(address: str) -> SafeString:
    """The QR code that leads to an address, as SVG: papers carry it, and pages that are printed."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=0, scale=2, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - made here


def _refuse(url: str, *args: Any, **kwargs: Any) -> NoReturn:
    raise ValueError("a document fetches nothing")
