"""What an institution offers, for any neighbour: no session, no cookie, the same to everybody."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ventanilla.access.gate import public
from ventanilla.access.models import Institution
from ventanilla.catalogue.entries.reading import found_by, found_by_some
from ventanilla.catalogue.publishing.keeping import kept_by_all
from ventanilla.catalogue.publishing.reading import enter_as_visitor, telling, version_for_all, versions_for_all
from ventanilla.catalogue.publishing.telling import FOR_ALL, by_audience, by_unit
from ventanilla.core import clock

LONGEST_QUERY = 80
WHY = "what a municipality offers is public by law (Ley 20.285), and says nothing of anybody"


@public(WHY)
@kept_by_all
def catalogue(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Everything, by audience or by who gives it; or for one audience; or what some words mean."""
    entered = enter_as_visitor(institution_id)
    if entered is None:
        return _nothing(request)
    institution, actor = entered
    today = clock.today()
    told = telling(actor, versions_for_all(actor, on=today), on=today)
    if not told:
        return _nothing(request, institution)
    audiences = by_audience(told)
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    chosen = next((group for group in audiences if group.code and group.code == request.GET.get("para")), None)
    by_givers = request.GET.get("por") == "unidad"
    shown = list(chosen.told) if chosen else told
    found, is_like = None, False
    if query:
        versions = [one.version for one in shown]
        meant = found_by(query, versions)
        is_like = not meant
        of_version = {one.version.pk: one for one in shown}
        found = [of_version[version.pk] for version in meant or found_by_some(query, versions)]
    groups = [chosen] if chosen and not by_givers else by_unit(shown) if by_givers else audiences
    context = {
        "institution": institution,
        "today": today,
        "query": query,
        "found": found,
        "is_like": is_like,
        "groups": groups,
        "audiences": [group for group in audiences if group.code],
        "chosen": chosen,
        "by_givers": by_givers,
        "count": len(told),
        "is_demo": settings.DEMO,
        "for_all": FOR_ALL,
    }
    return render(request, "catalogue/publishing/public_catalogue.html", context)


@public(WHY)
@kept_by_all
def entry(request: HttpRequest, institution_id: int, code: str) -> HttpResponse:
    """One, as it is told: what it is, for whom, what to bring, where and when."""
    entered = enter_as_visitor(institution_id)
    if entered is None:
        return _nothing(request)
    institution, actor = entered
    today = clock.today()
    version = version_for_all(actor, on=today, code=code)
    if version is None:
        return _nothing(request, institution, is_entry=True)
    (told,) = telling(actor, [version], on=today)
    context = {"institution": institution, "today": today, "told": told, "is_demo": settings.DEMO}
    return render(request, "catalogue/publishing/public_entry.html", context)


def _nothing(request: HttpRequest, institution: Institution | None = None, *, is_entry: bool = False) -> HttpResponse:
    """Nothing is published there: said kindly, and with where to go on."""
    context = {"institution": institution, "is_entry": is_entry, "is_demo": settings.DEMO}
    return render(request, "catalogue/publishing/nothing_here.html", context, status=HTTPStatus.NOT_FOUND)
