"""Pages of the catalogue to read: the list, an entry, each version of it, what is being written; and the own facts."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Provider
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries import own_facts as own_fact_actions
from ventanilla.catalogue.entries import providers
from ventanilla.catalogue.entries.finding import draft_seen_of, entry_or_404
from ventanilla.catalogue.entries.listing import (
    OF_WHO_WRITES,
    STANDINGS,
    Wanted,
    list_entries,
    writes_or_publishes,
)
from ventanilla.catalogue.entries.reach import is_of_all
from ventanilla.catalogue.entries.sheet import (
    Turn,
    life_of,
    name_of,
    notices_of,
    sheet_of,
    suggested_by,
    turns_of,
    verbs_of,
)
from ventanilla.catalogue.entries.steps.forms import OwnFactForm, RetireForm, SureForm
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion, OwnFact
from ventanilla.catalogue.models.content import Audience, Modality
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id


@requires(Permission.CATALOGUE_READ)
def entries(request: OperatorRequest) -> HttpResponse:
    """What is offered, by the words of who asks. The address keeps what was asked: it names nobody."""
    asked = request.GET
    writes = writes_or_publishes(request.actor)
    standings = [(key, one[0]) for key, one in STANDINGS.items() if writes or key not in OF_WHO_WRITES]
    wanted = Wanted(
        text=asked.get("q", "").replace("\x00", "")[:120],
        modality=_one_of(asked.get("modalidad", ""), Modality.values),
        audience=_one_of(asked.get("para", ""), Audience.values),
        unit=asked.get("unidad", "")[:36],
        standing=_one_of(asked.get("estado", ""), [key for key, _ in standings]),
    )
    listing = list_entries(request.actor, wanted, on=clock.today())
    context = {
        "listing": listing,
        "wanted": wanted,
        "modalities": Modality.choices,
        "audiences": Audience.choices,
        "standings": standings,
        "writes": bool(request.actor.scope(Permission.CATALOGUE_WRITE)),
    }
    return render(request, "catalogue/entries/entries.html", context)


def _one_of(given: str, known: list[str]) -> str:
    return given if given in known else ""


@requires(Permission.CATALOGUE_READ)
def entry(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    """What it says today; while it never was published, what is being written."""
    found = entry_or_404(request, entry_id)
    draft = draft_seen_of(request, found)
    turns = turns_of(found, clock.today())
    shown = next((turn for turn in turns if turn.standing == "now"), turns[-1] if turns else None)
    if shown is None and draft is None:
        raise Http404
    return _show(request, found, shown.version if shown else draft, shown, turns, draft)


@requires(Permission.CATALOGUE_READ)
def version(request: OperatorRequest, entry_id: UUID, number: int) -> HttpResponse:
    """Exactly what it said, says or is to say in one of its versions."""
    found = entry_or_404(request, entry_id)
    turns = turns_of(found, clock.today())
    shown = next((turn for turn in turns if turn.version.number == number), None)
    if shown is None:
        raise Http404
    return _show(request, found, shown.version, shown, turns, draft_seen_of(request, found))


@requires(Permission.CATALOGUE_READ)
def draft(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    """The next version as it is being written, for whoever reviews it."""
    found = entry_or_404(request, entry_id)
    written = draft_seen_of(request, found)
    if written is None or not found.number:
        return redirect("entries:entry", found.pk)
    return _show(request, found, written, None, turns_of(found, clock.today()), written)


def _show(
    request: OperatorRequest,
    found: Entry,
    said: EntryVersion | EntryDraft | None,
    shown: Turn | None,
    turns: list[Turn],
    written: EntryDraft | None,
) -> HttpResponse:
    assert said is not None
    today = clock.today()
    sheet = sheet_of(found, said, shown, on=today)
    newest = turns[0].version if turns else None
    context = {
        "entry": found,
        "sheet": sheet,
        "said": said,
        "notices": list(notices_of(sheet)),
        "turns": turns,
        "draft": written,
        "verbs": verbs_of(found, written, newest, by=request.actor),
        "life": list(life_of(found)),
        "reasons": suggested_by(found),
        "replaced_by": name_of(found.replaced_by_id, request.actor, today) if found.replaced_by_id else "",
        "writes": writes_or_publishes(request.actor),
    }
    return render(request, "catalogue/entries/entry.html", context)


@requires(Permission.CATALOGUE_READ)
def own_facts(request: OperatorRequest) -> HttpResponse:
    """What the municipality itself keeps of people and homes, that its rules may ask."""
    is_sent, is_retiring = request.method == "POST", "retire" in request.POST
    form = OwnFactForm(request.POST if is_sent and not is_retiring else None, initial={"fact_id": new_id()})
    retire_form = RetireForm(request.POST if is_retiring else None)
    if form.is_valid():
        with show_on(form):
            made = own_fact_actions.add_own_fact(by=request.actor, **form.cleaned_data)
            messages.success(request, f"Dato agregado: {made}. En los archivos se llama «{made.code}».")
            return redirect("entries:own_facts")
    if is_retiring and retire_form.is_valid():
        fact = get_object_or_404(OwnFact.objects.visible_to(request.actor), pk=retire_form.cleaned_data["retire"])
        with show_on(retire_form):
            own_fact_actions.retire_own_fact(fact, by=request.actor)
            messages.success(request, f"{fact}: retirado. Ninguna regla nueva lo pide.")
            return redirect("entries:own_facts")
    context = {
        "facts": OwnFact.objects.visible_to(request.actor),
        "form": form,
        "retire_form": retire_form,
        "arranges": is_of_all(request.actor, Permission.CATALOGUE_PUBLISH),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or retire_form.errors else HTTPStatus.OK
    return render(request, "catalogue/entries/own_facts.html", context, status=status)


@requires(Permission.OFFICE_ARRANGE)
def end_provider(request: OperatorRequest, provider_id: UUID) -> HttpResponse:
    """The end of a provider is asked here, where it is known what it gives."""
    here = Provider.objects.filter(institution_id=request.actor.institution)
    found = get_object_or_404(here, pk=provider_id)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with show_on(form):
            providers.end_provider(found, by=request.actor)
            messages.success(request, f"{found} dejó de atender. Lo que entregó conserva su nombre.")
            return redirect("access:office")
    context = {"provider": found, "given": providers.given_by(found, by=request.actor), "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "catalogue/entries/end_provider.html", context, status=status)
