"""Pages by which an operator prints what the catalogue says, and takes it out to be published."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.publishing.drawings import BLACK, drawing
from ventanilla.catalogue.publishing.reading import telling, told_by_id, versions_for_all
from ventanilla.catalogue.publishing.telling import Telling, by_audience, in_columns
from ventanilla.catalogue.publishing.transparency import Made, workbook_of
from ventanilla.core import clock, documents
from ventanilla.core.errors import RuleBroken
from ventanilla.core.ids import parse_uuid
from ventanilla.core.secrecy import Secrecy

log = structlog.get_logger()

MOST_SHEETS = 10
INDEX_COLUMNS, MOST_IN_INDEX = 3, 80
"""Lines that the cover holds in columns of about the same length; more fill it and go on."""
SHEETS = "catalogue/publishing/sheets_pdf.html"
SIZES = ("large", "medium", "small", "least")
LETTERS = (1300, 1900, 2700)
"""More than these are not tried in the size before."""
SHEET_STYLES = Path(__file__).with_name("sheet.css")
WALL_STYLES = Path(__file__).with_name("printed.css")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.CATALOGUE_READ)
def sheet(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    """One entry as the neighbour takes it home, to be read before it is printed."""
    return _show(request, [entry_id])


@requires(Permission.CATALOGUE_READ)
def sheets(request: OperatorRequest) -> HttpResponse:
    """Several, ``?p=`` each, to be printed together."""
    return _show(request, _asked(request))


@requires(Permission.CATALOGUE_READ)
def sheets_pdf(request: OperatorRequest) -> HttpResponse:
    """Their PDF, one a page."""
    told = _told(request, _asked(request))
    around = {
        "institution": request.posting.institution,
        "today": clock.today(),
        "pin": drawing("pin"),
        "phone": drawing("phone"),
        "is_demo": settings.DEMO,
    }
    context = around | {"sheets": [_in_one_page(_sheet(request, one), around) for one in told]}
    name = f"hoja-{told[0].version.entry.code}.pdf" if len(told) == 1 else "hojas.pdf"
    return documents.answer(SHEETS, context, name=name, opens=True, styles=[SHEET_STYLES])


@requires(Permission.CATALOGUE_READ)
def printed(request: OperatorRequest) -> HttpResponse:
    """The whole catalogue to be handed out or pinned to a wall: what anybody may read, no more."""
    today = clock.today()
    told = telling(request.actor, versions_for_all(request.actor, on=today), on=today)
    if not told:
        raise RuleBroken("Todavía no hay nada publicado que imprimir. Publique una prestación y vuelva.")
    address = _public_address(request)
    context = {
        "institution": request.posting.institution,
        "today": today,
        "groups": [(group, drawing(group.icon)) for group in by_audience(told, once=True)],
        "index": [
            [(group, drawing(group.icon, BLACK)) for group in column]
            for column in in_columns(by_audience(told), INDEX_COLUMNS)
        ],
        "is_long": sum(len(group.told) + 2 for group in by_audience(told)) > MOST_IN_INDEX,
        "count": len(told),
        "address": address,
        "code": documents.code_for(address),
        "pin": drawing("pin", BLACK),
        "phone": drawing("phone", BLACK),
        "is_demo": settings.DEMO,
    }
    name = f"catalogo-{today:%Y-%m-%d}.pdf"
    return documents.answer("catalogue/publishing/printed.html", context, name=name, opens=True, styles=[WALL_STYLES])


@requires(Permission.CATALOGUE_READ)
def transparency(request: OperatorRequest) -> HttpResponse:
    """The workbook of the transparency law. It is what anybody may read: who reads the catalogue may take it out."""
    today = clock.today()
    told = telling(request.actor, versions_for_all(request.actor, on=today), on=today)
    account = request.posting.account
    made = Made(
        institution=str(request.posting.institution),
        account=account.full_name,
        posting=request.posting.get_role_display(),
        at=timezone.localtime(clock.now()),
        address_of=lambda code: _public_address(request, code),
    )
    log.info("catalogue.exported", entries=len(told), account=str(account.pk))
    headers = {"Content-Disposition": f'attachment; filename="transparencia-{today:%Y-%m-%d}.xlsx"'}
    return HttpResponse(workbook_of(told, made), content_type=XLSX, headers=headers)


def _asked(request: HttpRequest) -> list[UUID]:
    """Those of the address, in their order, each once."""
    ids = [parse_uuid(text) for text in dict.fromkeys(request.GET.getlist("p"))]
    if not ids:
        raise RuleBroken("Elija al menos una prestación para imprimir su hoja.")
    if len(ids) > MOST_SHEETS:
        raise RuleBroken(f"Son más de {MOST_SHEETS} hojas de una vez. Imprima las primeras y siga con las demás.")
    if None in ids:
        raise Http404
    return [one for one in ids if one]


def _told(request: OperatorRequest, ids: Sequence[UUID]) -> list[Telling]:
    """Of those asked, what is told today: a list made some time ago may name one that was closed since."""
    told = told_by_id(request.actor, ids, on=clock.today())
    if not told:
        raise Http404
    return told


def _show(request: OperatorRequest, ids: Sequence[UUID]) -> HttpResponse:
    told = _told(request, ids)
    context = {
        "sheets": [_sheet(request, one) for one in told],
        "ids": ids,
        "is_discreet": any(one.version.entry.secrecy != Secrecy.ORDINARY for one in told),
        "today": clock.today(),
    }
    return render(request, "catalogue/publishing/sheets.html", context)


def _sheet(request: OperatorRequest, told: Telling) -> dict[str, Any]:
    """With the code of its public page, if it has one: what is reserved has none."""
    if told.version.entry.secrecy != Secrecy.ORDINARY:
        return {"told": told, "address": "", "code": ""}
    address = _public_address(request, told.version.entry.code)
    return {"told": told, "address": address, "code": documents.code_for(address)}


def _in_one_page(sheet: Mapping[str, Any], around: Mapping[str, Any]) -> dict[str, Any]:
    """The sheet in the letter with which it takes one page, from that which its length lets hope for.

    What fits with none goes on to a second.
    """
    for size in SIZES[_first_size(sheet["told"]) :]:
        sized = {**sheet, "size": size}
        if documents.pages_of(render_to_string(SHEETS, {**around, "sheets": [sized]}), SHEET_STYLES) == 1:
            break
    return sized


def _first_size(told: Telling) -> int:
    """By how much it says, lists counting for the lines they take: laying it out costs, and is not begun in vain."""
    version = told.version
    letters = len(version.plain) + len(version.who) + len(version.local_note)
    letters += sum(len(one.sentence) + len(one.articles) + 20 for one in told.asked)
    letters += 60 * (len(version.all_documents) + len(version.step_list)) + 120 * len(told.places)
    return sum(letters > most for most in LETTERS)


def _public_address(request: OperatorRequest, code: str = "") -> str:
    institution = request.actor.institution
    name, arguments = ("public:entry", [institution, code]) if code else ("public:catalogue", [institution])
    return request.build_absolute_uri(reverse(name, args=arguments))
