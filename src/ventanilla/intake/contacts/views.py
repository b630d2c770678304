"""Pages of contacts: the inbox, a new one, one to see to, and whoever is registered from one."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ventanilla.access.actors import can
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import StaleVersion
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id, parse_uuid
from ventanilla.intake.contacts import actions
from ventanilla.intake.contacts.forms import CHANNELS, ContactForm, VerbForm
from ventanilla.intake.contacts.reading import VIEWS, Place, colleagues, inbox, open_contact, other_units, steps_of
from ventanilla.intake.contacts.rules import names_of, phone_in
from ventanilla.intake.contacts.states import DiscardGround
from ventanilla.intake.models import Contact
from ventanilla.intake.states import Channel
from ventanilla.registry.forms import RegisterForm
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.registering import is_certain, register_or_match
from ventanilla.registry.search import Match, SearchResult, search_people


@requires(Permission.CONSULTATION_READ)
def contacts(request: OperatorRequest) -> HttpResponse:
    """The inbox of the unit; sent, it takes the next one."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with show_on(form):
            return redirect(actions.take_next(by=request.actor))
    asked = {name: request.GET[name] for name in ("ver", "canal") if request.GET.get(name)}
    view, channel = asked.get("ver", ""), asked.get("canal", "")
    if channel not in Channel.values:
        channel = ""
    page = inbox(by=request.actor, view=view, channel=channel, after=_place(request.GET.get("desde", "")))
    kept = {"canal": channel} if channel else {}
    context = {
        "page": page,
        "form": form,
        "views": [
            (label, f"?{urlencode(kept | ({'ver': value} if value else {}))}", value == view) for value, label in VIEWS
        ],
        "view": view,
        "channels": [(c.value, c.label) for c in CHANNELS],
        "channel": channel,
        "next_url": f"?{urlencode(asked | {'desde': f'{page.after[0]}_{page.after[1]}'})}" if page.after else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/contacts/inbox.html", context, status=status)


def _place(text: str) -> Place | None:
    """After which row the page begins; an address that somebody cut or changed begins at the first."""
    day, _, last_id = text.partition("_")
    found = parse_uuid(last_id)
    try:
        return (date.fromisoformat(day), found) if found else None
    except ValueError:
        return None


@requires(Permission.CONSULTATION_WORK)
def note_contact(request: OperatorRequest) -> HttpResponse:
    """A new contact, noted while one is on the telephone; and attended at once, when asked so."""
    form = ContactForm(request.POST or None, units=other_units(request.actor), initial={"submission_id": new_id()})
    if form.is_valid():
        with show_on(form):
            noted = actions.note_contact(
                form.details(),
                by=request.actor,
                unit=form.cleaned_data["unit"],
                submission_id=form.cleaned_data["submission_id"],
            )
            if "attend" in request.POST and noted.person and can(request.actor, Permission.CONSULTATION_WORK, noted):
                return redirect(actions.turn_into_consultation(noted, by=request.actor))
            if "attend" in request.POST and noted.unit_id == request.actor.unit_id:
                return redirect(f"{noted.get_absolute_url()}?atender")
            where = f" y pasó a {noted.unit}" if noted.unit_id != request.actor.unit_id else ""
            messages.success(request, f"Anotado con folio {noted.folio}{where}.")
            return redirect(noted)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/contacts/note.html", {"form": form}, status=status)


@requires(Permission.CONSULTATION_READ)
def contact(request: OperatorRequest, contact_id: UUID) -> HttpResponse:
    """One contact, and everything that is done with it."""
    found = open_contact(contact_id, by=request.actor)
    form = VerbForm(
        request.POST if request.method == "POST" else None,
        accounts=colleagues(found.unit_id, clock.today()),
        units=other_units(request.actor),
        people=Person.objects.visible_to(request.actor),
    )
    status = HTTPStatus.OK
    query = _said(found) if "atender" in request.GET and found.is_open and found.person is None else None
    if form.is_valid():
        query = _whom_to_search(found, form.cleaned_data)
        if query is None:
            try:
                with show_on(form):
                    return _do(request, found, **form.cleaned_data)
            except StaleVersion as error:  # what became of it is shown, what was typed stays, to send again is a choice
                form.add_error(None, str(error))
                status = HTTPStatus.CONFLICT
    if form.errors and status == HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _show(request, found, form, query, status)


def _whom_to_search(found: Contact, given: dict[str, Any]) -> str | None:
    """Nobody is attended or registered before looking whether she is here already: what to look for, or None."""
    if given["verb"] == "search":
        return str(given["q"])
    is_unknown = given["person"] is None and found.person is None
    return _said(found) if given["verb"] == "attend" and is_unknown else None


def _said(found: Contact) -> str:
    return found.about_run or found.about_name


def _search(text: str, request: OperatorRequest) -> SearchResult:
    result = search_people(text, by=request.actor, on=clock.today(), limit=8)
    log_reading(
        ReadEntry.Kind.SEARCH,
        shown=[match.person.pk for match in result.matches],
        note=f"{len(result.matches)} resultados",
    )
    return result


def _show(
    request: OperatorRequest, found: Contact, form: VerbForm, query: str | None, status: HTTPStatus
) -> HttpResponse:
    may_work = can(request.actor, Permission.CONSULTATION_WORK, found)
    context = {
        "contact": found,
        "urgency": found.urgency_on(clock.today()),
        "steps": steps_of(found),
        "form": form,
        "query": query,
        "result": _search(query, request) if query else None,
        "typed_of_whom": query or _said(found),
        "may_work": may_work,
        "is_mine": found.taken_by_id == request.actor.account_id,
        "is_held": found.state == "taken" and found.taken_by_id != request.actor.account_id,
        "grounds": DiscardGround.choices,
    }
    return render(request, "intake/contacts/contact.html", context, status=status)


def _do(request: OperatorRequest, found: Contact, *, verb: str, **given: Any) -> HttpResponse:
    by, version = request.actor, given["version"]
    if verb in ("attend", "attend_nobody"):
        return redirect(actions.turn_into_consultation(found, by=by, person=given["person"]))
    if verb == "take":
        return redirect(actions.take_contact(found, by=by))
    if verb == "assign":
        actions.assign_contact(found, given["account"], by=by, version=version)
        messages.success(request, f"{found.folio} quedó con {given['account']}.")
        return redirect(found)
    if verb == "reopen":
        actions.reopen_contact(found, by=by, reason=given["note"])
        messages.success(request, f"{found.folio} vuelve a la lista de su unidad.")
        return redirect(found)
    if verb == "pass":
        actions.pass_contact(found, given["unit"], by=by, reason=given["note"], version=version)
        messages.success(request, f"{found.folio} pasó a {given['unit']}.")
    elif verb == "answer":
        actions.answer_contact(found, by=by, answer=given["answer"], version=version)
        messages.success(request, f"{found.folio} quedó respondido.")
    else:
        ground = DiscardGround(given["ground"])
        actions.discard_contact(found, by=by, ground=ground, note=given["note"], version=version)
        messages.success(request, f"{found.folio} quedó descartado.")
    return redirect("intake:contacts")


@requires(Permission.PERSON_REGISTER)
def register_from_contact(request: OperatorRequest, contact_id: UUID) -> HttpResponse:
    """Whoever the contact is about and is not here: what was typed of her is kept, and her consultation begins."""
    found = open_contact(contact_id, by=request.actor)
    form = RegisterForm(request.POST or None, initial=_said_of_her(found))
    matches: Sequence[Match] = ()
    if form.is_valid():
        with show_on(form):
            person, matches = register_or_match(form, by=request.actor)
            if person:
                consultation = actions.turn_into_consultation(found, by=request.actor, person=person)
                messages.success(request, "La persona quedó registrada y comenzó su consulta.")
                return redirect(consultation)
    context = {
        "contact": found,
        "form": form,
        "matches": matches,
        "is_certain": is_certain(matches),
        "back": reverse("intake:contact", args=[found.pk]),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/contacts/register.html", context, status=status)


def _said_of_her(found: Contact) -> dict[str, str]:
    given, first, second = names_of(found.about_name)
    mail = found.answer_to if "@" in found.answer_to else ""
    return {
        "run": found.about_run,
        "given_names": given,
        "first_surname": first,
        "second_surname": second,
        "phone": "" if mail else phone_in(found.answer_to),
        "email": mail,
    }
