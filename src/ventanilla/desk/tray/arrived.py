"""What came by itself and waits for an answer: contacts, hours to move, readings to explain, pairs to decide."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.access.written import written_once
from ventanilla.core.calendar import WorkingDays
from ventanilla.desk.tray.items import SHOWN, Item
from ventanilla.intake.appointments.reading import arranged_by, unkept
from ventanilla.intake.contacts.reading import UNTAKEN
from ventanilla.intake.models import Contact
from ventanilla.intake.models.contacts import ContactQuerySet
from ventanilla.registry.merging.queue import number_to_decide
from ventanilla.registry.models import Flag
from ventanilla.registry.watch.states import FlagState

COUNTED = 100
"""A tray counts no further: beyond it the number says nothing more."""


def contacts_in_hand(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Calls and letters that she took, and has neither answered nor made a consultation."""
    if not can(actor, Permission.CONSULTATION_WORK):
        return
    for contact in _in_hand(actor):
        yield Item(
            icon=contact.icon,
            title=f"Responder: {contact.subject}",
            url=contact.get_absolute_url(),
            detail=" · ".join(part for part in (contact.about or contact.sender, contact.folio) if part),
            due_on=contact.awaited_on,
            person_id=contact.person_id,
        )


def untaken_contacts(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """That something came to the unit and nobody took it, as one thing to do until the first of their days."""
    if not can(actor, Permission.CONSULTATION_WORK):
        return
    if not (terms := _untaken(actor)):
        return
    yield Item(
        icon="phone",
        title=f"Tomar {_number(len(terms), 'contacto que nadie tomó', 'contactos que nadie tomó')}",
        url=f"{reverse('intake:contacts')}?ver={UNTAKEN}",
        detail="Llamadas, correos y cartas que llegaron a su unidad",
        due_on=terms[0],
    )


@written_once
def _in_hand(by: Actor) -> ContactQuerySet:
    mine = _open_here(by).filter(taken_by=by.account_id)
    return mine.select_related("person").due_first()[: SHOWN + 1]


@written_once
def _untaken(by: Actor) -> QuerySet[Contact, date]:
    return _open_here(by).filter(taken_by__isnull=True).due_first().values_list("awaited_on", flat=True)[:COUNTED]


def _open_here(by: Actor) -> ContactQuerySet:
    return Contact.objects.visible_to(by).of_unit(by.unit_id).open()


def hours_to_move(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Hours given for days that are not attended any more: whoever has them must be told before she comes."""
    if not can(actor, Permission.ROOM_ARRANGE) or actor.institution_id is None:
        return
    if found := unkept(arranged_by(actor), institution_id=actor.institution_id, today=on):
        yield Item(
            icon="cal",
            title=f"Reprogramar {_number(found.number, 'hora', 'horas')} que no se podrá atender",
            url=reverse("intake:appointments_to_move"),
            detail="Ese día no se atiende, o la agenda dejó de dar esa hora",
            due_on=max(found.first_on, on),
        )


def readings_to_explain(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Readings of those she answers for that draw attention, and that nobody explained."""
    if not can(actor, Permission.FLAG_ANSWER):
        return
    number = Flag.objects.visible_to(actor).filter(state=FlagState.OPEN)[:COUNTED].count()
    if number:
        yield Item(
            icon="flag",
            title=f"Revisar {_number(number, 'lectura que llama', 'lecturas que llaman')} la atención",
            url=reverse("watch:flags"),
            detail="Pregunte a quien leyó, y anote si corresponde",
        )


def pairs_to_decide(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Records that may be of one person, and wait for whoever may say so."""
    if not can(actor, Permission.REGISTRY_MERGE):
        return
    if number := number_to_decide(actor):
        yield Item(
            icon="copy",
            title=f"Pares por decidir: {f'{number} o más' if number >= COUNTED else number}",
            url=reverse("duplicates:queue"),
            detail="Fichas que parecen de una misma persona",
        )


def _number(number: int, one: str, more: str) -> str:
    if number >= COUNTED:
        return f"{COUNTED} o más {more}"
    return f"1 {one}" if number == 1 else f"{number} {more}"
