"""The screening as a page, as the aside of a consultation, as a timeline and on paper."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ventanilla.access.actors import can
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock, documents
from ventanilla.intake.models import Consultation
from ventanilla.registry.finding import person_or_404
from ventanilla.registry.models import Person, ReadPurpose
from ventanilla.registry.profiles import Profile, widest_profile
from ventanilla.registry.reading import PurposeNeeded
from ventanilla.screening.compile import open_screening
from ventanilla.screening.copies import open_her_copy
from ventanilla.screening.forms import HistoryFilters
from ventanilla.screening.history import open_history, read_key, write_key

FOR_THE_FILE = "copia para el expediente"

View = Callable[[OperatorRequest, Person], HttpResponse]


def of_somebody(view: View) -> Callable[[OperatorRequest, UUID], HttpResponse]:
    """The page of a person: without a ground to read her record it asks for one."""

    @wraps(view)
    def shown(request: OperatorRequest, person_id: UUID) -> HttpResponse:
        person = person_or_404(person_id, by=request.actor)
        try:
            return view(request, person)
        except PurposeNeeded:
            return redirect("registry:person", person.pk)

    return shown


def _profile(request: OperatorRequest) -> Profile:
    return widest_profile(request.actor) or Profile.SUMMARY


@requires(Permission.SCREENING_SUMMARY)
@of_somebody
def file(request: OperatorRequest, person: Person) -> HttpResponse:
    screening = open_screening(person, by=request.actor, profile=_profile(request))
    context = {"screening": screening, "sees_readings": can(request.actor, Permission.READ_LOG_VIEW)}
    return render(request, "screening/file.html", context)


@requires(Permission.SCREENING_SUMMARY)
def aside(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    """The few facts that help while attending; the same summary for every profile."""
    person = person_or_404(person_id, by=request.actor)
    screening = open_screening(person, by=request.actor, profile=Profile.SUMMARY)
    return render(request, "screening/aside.html", {"screening": screening})


@requires(Permission.SCREENING_SUMMARY)
@of_somebody
def history(request: OperatorRequest, person: Person) -> HttpResponse:
    """The whole timeline; what is asked for stays in the address, so that it can be gone back to."""
    profile = _profile(request)
    filters = HistoryFilters(request.GET, person=person, profile=profile, today=clock.today())
    asked = filters.asked(before=read_key(request.GET.get("antes", "")))
    found = open_history(person, by=request.actor, profile=profile, asked=asked)
    next_url = ""
    if found.next_key:
        next_url = f"?{urlencode(filters.chosen() | {'antes': write_key(found.next_key)})}"
    first_url = f"?{urlencode(filters.chosen())}" if asked.before else ""
    context = {"history": found, "filters": filters, "next_url": next_url, "first_url": first_url}
    return render(request, "screening/history.html", context)


@requires(Permission.SCREENING_SUMMARY)
@of_somebody
def copy_for_her(request: OperatorRequest, person: Person) -> HttpResponse:
    """Her own data, for her to take home; with who looked at them, if she wants it on the paper."""
    with_looks = "lecturas" in request.GET
    copy = open_her_copy(person, by=request.actor, profile=_profile(request), with_looks=with_looks)
    return _paper(request, "screening/print/her_copy.html", {"copy": copy}, name="copia-para-la-persona.pdf")


@requires(Permission.SCREENING_SUMMARY)
@of_somebody
def copy_for_the_file(request: OperatorRequest, person: Person) -> HttpResponse:
    """All that the profile shows, for the case file."""
    screening = open_screening(person, by=request.actor, profile=_profile(request), note=FOR_THE_FILE)
    context = {"screening": screening, "purpose": _in_words(screening.purpose, request)}
    return _paper(request, "screening/print/case_file.html", context, name="copia-para-el-expediente.pdf")


def _paper(request: OperatorRequest, template: str, context: dict[str, object], *, name: str) -> HttpResponse:
    around = {
        "institution": request.posting.institution,
        "printed_at": clock.now(),
        "printed_by": request.user.full_name,
        "posting": request.posting,
        "is_demo": settings.DEMO,
    }
    return documents.answer(template, around | context, name=name, opens=True)


def _in_words(purpose: ReadPurpose | None, request: OperatorRequest) -> str:
    """Under which ground it was printed, as the log of readings has it."""
    if purpose is None or purpose.reference_id is None:
        return purpose.reason if purpose else ""
    known = Consultation.objects.visible_to(request.actor).filter(pk=purpose.reference_id)
    folio = known.values_list("folio", flat=True).first()
    return f"{purpose.get_ground_display()} {folio}" if folio else purpose.get_ground_display()
