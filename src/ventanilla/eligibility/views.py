"""What a home could receive: beside its file, beside a consultation, and fact by fact on a page."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ventanilla.access.actors import can
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.finding import draft_seen_of, entry_or_404
from ventanilla.catalogue.models import EntryVersion
from ventanilla.catalogue.rule.conditions import Rule
from ventanilla.core import clock
from ventanilla.eligibility import trying
from ventanilla.eligibility.advice import Advised, open_advice
from ventanilla.eligibility.rows import rows_of, unruled_rows
from ventanilla.intake.forms import marked_reasons, told_in
from ventanilla.intake.models import Consultation, ToldEntry
from ventanilla.intake.reading import draft_of
from ventanilla.registry.finding import person_or_404
from ventanilla.registry.profiles import Profile, widest_profile
from ventanilla.registry.reading import PurposeNeeded


@requires(Permission.SCREENING_SUMMARY)
def beside_file(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    """The panel that the file fetches."""
    person = person_or_404(person_id, by=request.actor)
    advised = open_advice(person, by=request.actor, profile=_profile(request))
    context = {
        "advised": advised,
        "person": person,
        "could": rows_of(advised.could, advised),
        "missing": rows_of(advised.missing, advised),
        "rest": rows_of(advised.cannot, advised),
    }
    return render(request, "eligibility/beside.html", context)


@requires(Permission.CONSULTATION_WORK)
def in_consultation(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    """The panel of a consultation: each may be ticked as told. What had been ticked comes ticked."""
    found = get_object_or_404(Consultation.objects.visible_to(request.actor), pk=consultation_id)
    if found.person is None:
        raise Http404
    draft = draft_of(found, by=request.actor)
    told = told_in(draft.typed) if draft else None
    if told is None:
        told = frozenset(ToldEntry.objects.filter(consultation=found).values_list("version_id", flat=True))
    came_for = set(found.lines.values_list("reason_id", flat=True))
    came_for |= set(marked_reasons(draft.typed)) if draft else set()
    advised = open_advice(found.person, by=request.actor, profile=_profile(request), came_for=came_for)
    could, missing = rows_of(advised.could, advised, told=told), rows_of(advised.missing, advised, told=told)
    rest = [*unruled_rows(advised, told=told), *rows_of(advised.cannot, advised, told=told)]
    listed = {row.version.pk for row in (*could, *missing, *rest)}
    context = {
        "advised": advised,
        "person": found.person,
        "could": could,
        "missing": missing,
        "rest": rest,
        "not_listed": sorted(told - listed),  # what she was told of and is offered no more stays told
        "is_consultation": True,
    }
    return render(request, "eligibility/beside.html", context)


@requires(Permission.SCREENING_SUMMARY)
def could_receive(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    """All of it on a page: each entry, who of the home, and why, fact by fact."""
    return _page(request, person_id, "eligibility/could_receive.html")


@requires(Permission.SCREENING_SUMMARY)
def explain(request: OperatorRequest, person_id: UUID, entry_id: UUID) -> HttpResponse:
    """One entry for this home: every condition with its reason, its source and its day."""
    return _page(request, person_id, "eligibility/explain.html", only=entry_id)


@requires(Permission.CATALOGUE_READ)
def try_rule(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    """The rule of an entry on sample homes, as it is being written; and, when asked, counted over the municipality."""
    entry = entry_or_404(request, entry_id)
    said = draft_seen_of(request, entry) or EntryVersion.objects.filter(entry=entry).order_by("-number").first()
    rule = said.asks if said else Rule()
    today = clock.today()
    may_count = can(request.actor, Permission.CATALOGUE_WRITE) and not rule.is_empty
    is_counted = may_count and "contar" in request.GET
    context = {
        "entry": entry,
        "name": said.name if said else entry.code,
        "tried": trying.try_rule(rule, entry_id=entry.pk, by=request.actor, on=today),
        "nobody_has": trying.facts_nobody_has(rule, by=request.actor),
        "may_count": may_count,
        "counted": trying.count_rule(rule, entry_id=entry.pk, by=request.actor, on=today) if is_counted else None,
    }
    is_fragment = request.headers.get("HX-Request") and "contar" not in request.GET
    return render(request, "eligibility/try.html#panel" if is_fragment else "eligibility/try.html", context)


def _page(request: OperatorRequest, person_id: UUID, template: str, *, only: UUID | None = None) -> HttpResponse:
    person = person_or_404(person_id, by=request.actor)
    try:
        advised = open_advice(person, by=request.actor, profile=_profile(request), only=only)
    except PurposeNeeded:
        return redirect("registry:person", person.pk)
    if only is not None and not (advised.advice or advised.unruled):
        raise Http404
    return render(request, template, {"advised": advised, "person": person} | _parts(advised, only))


def _parts(advised: Advised, only: UUID | None) -> dict[str, object]:
    if only is None:
        return {
            "groups": (
                ("Podría recibir", "podria", advised.could, "Con lo que se sabe, nada más de lo que ya recibe."),
                ("No se sabe: falta un dato", "no-se-sabe", advised.missing, "No falta ningún dato."),
                ("Ya recibe", "recibe", advised.receives, "Nada vigente en los registros."),
                ("No cumple", "no-cumple", advised.cannot, "Ninguna."),
            )
        }
    advice = advised.advice[0] if advised.advice else None
    return {"advice": advice, "version": advice.version if advice else advised.unruled[0]}


def _profile(request: OperatorRequest) -> Profile:
    return widest_profile(request.actor) or Profile.SUMMARY
