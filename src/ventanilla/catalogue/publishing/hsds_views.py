"""The catalogue as open data: the addresses of the HSDS 3.0 API that read services."""

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from ventanilla.access.gate import public
from ventanilla.access.models import Institution, InstitutionCommune
from ventanilla.catalogue.entries.reading import found_by
from ventanilla.catalogue.publishing import hsds
from ventanilla.catalogue.publishing.hsds import Publisher, Served
from ventanilla.catalogue.publishing.keeping import kept_by_all
from ventanilla.catalogue.publishing.public_views import LONGEST_QUERY, WHY
from ventanilla.catalogue.publishing.reading import enter_as_visitor, telling, version_for_all, versions_for_all
from ventanilla.core import clock
from ventanilla.core.api import problem

PAGE_SIZE, MOST_ON_A_PAGE, LONGEST_NUMBER = 50, 100, 6


@public(WHY)
@kept_by_all
def about(request: HttpRequest, institution_id: int) -> HttpResponse:
    entered = enter_as_visitor(institution_id)
    if entered is None or not versions_for_all(entered[1], on=clock.today()):
        return _nothing()
    return _json(hsds.about(_publisher(request, entered[0]), on=clock.today()))


@public(WHY)
@kept_by_all
def services(request: HttpRequest, institution_id: int) -> HttpResponse:
    """``page`` from 1, ``per_page`` up to 100, ``search`` by words."""
    entered = enter_as_visitor(institution_id)
    if entered is None:
        return _nothing()
    institution, actor = entered
    today = clock.today()
    versions = versions_for_all(actor, on=today)
    if not versions:
        return _nothing()
    number, size = _whole(request, "page", 1), _whole(request, "per_page", PAGE_SIZE)
    if number is None or size is None or size > MOST_ON_A_PAGE:
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "Hay datos por corregir",
            f"«page» y «per_page» son números desde 1, y «per_page» llega a {MOST_ON_A_PAGE}.",
        )
    found = found_by(request.GET.get("search", "")[:LONGEST_QUERY], versions)
    told = telling(actor, found[(number - 1) * size : number * size], on=today)
    publisher = _publisher(request, institution)
    shown = [hsds.service_in_list(one, publisher) for one in told]
    return _json(hsds.page_of(shown, total=len(found), number=number, size=size))


@public(WHY)
@kept_by_all
def service(request: HttpRequest, institution_id: int, entry_id: UUID) -> HttpResponse:
    entered = enter_as_visitor(institution_id)
    if entered is None:
        return _nothing()
    institution, actor = entered
    today = clock.today()
    version = version_for_all(actor, on=today, entry_id=entry_id)
    if version is None:
        return _nothing()
    (told,) = telling(actor, [version], on=today)
    return _json(hsds.service(told, _publisher(request, institution)))


def _publisher(request: HttpRequest, institution: Institution) -> Publisher:
    served = InstitutionCommune.objects.filter(institution=institution).select_related("commune__province__region")
    communes = [
        Served(one.commune.code, one.commune.name, one.commune.province.region.name)
        for one in served.order_by("commune")
    ]
    address_of = partial(_address, request, institution.pk)
    return Publisher(institution, communes, address_of(), address_of)


def _address(request: HttpRequest, institution_id: int, code: str = "") -> str:
    name, arguments = ("public:entry", [institution_id, code]) if code else ("public:catalogue", [institution_id])
    return request.build_absolute_uri(reverse(name, args=arguments))


def _whole(request: HttpRequest, name: str, default: int) -> int | None:
    text = request.GET.get(name, str(default))
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) or None if is_number else None


def _json(said: hsds.Json) -> HttpResponse:
    """Any page of anybody may read it: it is open data, and knows no session."""
    headers = {"Access-Control-Allow-Origin": "*"}
    return JsonResponse(said, headers=headers, json_dumps_params={"ensure_ascii": False})


def _nothing() -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND, "No se encontró", "No hay nada publicado en esta dirección.")
