"""Reading contacts: the inbox of a unit, one of them, and those that a consultation came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account, Posting, Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.contacts.rules import Urgency
from ventanilla.intake.contacts.states import ContactState
from ventanilla.intake.models import Consultation, Contact, ContactStep
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

PENDING, UNTAKEN, MINE, CLOSED, PASSED = "", "sin-tomar", "mios", "cerrados", "pasados"
VIEWS = (
    (PENDING, "Por ver"),
    (UNTAKEN, "Sin tomar"),
    (MINE, "Con usted"),
    (CLOSED, "Cerrados"),
    (PASSED, "En otra unidad"),
)
NEWEST_FIRST = frozenset({CLOSED, PASSED})

Place = tuple[date, UUID]
"""Where a page of the inbox ends: the day of its last row, and the row."""


@dataclass(frozen=True, slots=True)
class Row:
    contact: Contact
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row]
    after: Place | None
    """Where the next page begins; None on the last."""


def inbox(*, by: Actor, view: str = PENDING, channel: str = "", after: Place | None = None, most: int = 50) -> Page:
    """Those of the actor's unit: what is due or waits longest first; what is closed, newest first. Logged."""
    require(by, Permission.CONSULTATION_READ)
    found = Contact.objects.visible_to(by)
    if view == PASSED:
        found = found.passed_on_by(by.unit_id)
    else:
        found = found.of_unit(by.unit_id)
        found = found.closed() if view == CLOSED else found.open()
    if view == UNTAKEN:
        found = found.filter(state=ContactState.RECEIVED)
    if view == MINE:
        found = found.filter(state=ContactState.TAKEN, taken_by=by.account_id)
    if channel:
        found = found.filter(channel=channel)
    order = ("-awaited_on", "-id") if view in NEWEST_FIRST else ("awaited_on", "id")
    if after:
        day, last_id = after
        beyond = Q(awaited_on__lt=day) | Q(awaited_on=day, id__lt=last_id)
        found = found.filter(
            beyond if view in NEWEST_FIRST else Q(awaited_on__gt=day) | Q(awaited_on=day, id__gt=last_id)
        )
    chosen = found.order_by(*order).values("pk")[: most + 1]
    contacts = list(Contact.objects.filter(pk__in=chosen).order_by(*order).select_related("person", "taken_by", "unit"))
    is_last, contacts = len(contacts) <= most, contacts[:most]
    if shown := sorted({contact.person_id for contact in contacts if contact.person_id}):
        log_reading(ReadEntry.Kind.LIST, shown=shown, note=f"{len(contacts)} contactos")
    today = clock.today()
    last = contacts[-1] if contacts else None
    return Page(
        [Row(contact, contact.urgency_on(today)) for contact in contacts],
        None if is_last or last is None else (last.awaited_on, last.pk),
    )


def open_contact(contact_id: UUID, *, by: Actor) -> Contact:
    """The contact, with its reading logged: it came to her unit, and that is the ground. ``Http404`` for others."""
    require(by, Permission.CONSULTATION_READ)
    visible = Contact.objects.visible_to(by).select_related("person", "unit", "taken_by", "recorded_by", "consultation")
    contact = get_object_or_404(visible, pk=contact_id)
    if contact.person:
        note = contact.folio if contact.secrecy == Secrecy.ORDINARY else "contacto"
        log_reading(ReadEntry.Kind.LIST, of=contact.person, shown=[contact.person.pk], note=note)
    return contact


def steps_of(contact: Contact) -> Sequence[ContactStep]:
    return list(contact.steps.select_related("account", "passed_to", "assigned_to"))


def contacts_of(consultation: Consultation, *, by: Actor) -> Sequence[Row]:
    """The contacts it came from that the actor may see, the first due first."""
    today = clock.today()
    found = Contact.objects.visible_to(by).filter(consultation=consultation).due_first()
    return [Row(contact, contact.urgency_on(today)) for contact in found]


def colleagues(unit_id: UUID | None, on: date) -> QuerySet[Account]:
    """Who attends in the unit that day."""
    here = Posting.objects.in_force_on(on).filter(unit=unit_id)
    return Account.objects.filter(pk__in=here.values("account_id"), is_active=True).order_by("given_names", "surnames")


def other_units(by: Actor) -> QuerySet[Unit]:
    """Those to which a contact can be passed: connected, of the institution, not her own."""
    return Unit.objects.connected_on(clock.today()).filter(institution_id=by.institution).exclude(pk__in=[by.unit_id])
