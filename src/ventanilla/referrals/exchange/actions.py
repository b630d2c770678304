"""The verbs of what another institution sent: open it, take a step, attend it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition
from ventanilla.core.run import parse
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.contacts.actions import ContactDetails, note_contact, take_contact
from ventanilla.intake.models import Contact
from ventanilla.intake.states import Channel, Requester
from ventanilla.referrals.actions.receiving import accept_referral, note_receipt
from ventanilla.referrals.actions.steps import hold
from ventanilla.referrals.exchange.partner import as_partner
from ventanilla.referrals.models import Exchange, ExchangeStep, Referral
from ventanilla.referrals.states import TO_ACCEPT, WITH_RECEIVER, ReferralEvent, ReferralState
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

T = TypeVar("T")


@contextmanager
def opened(exchange: Exchange, *, by: Actor) -> Iterator[tuple[Referral, Actor]]:
    """Whoever looks at it has received it; the look at the person is logged where she is known."""
    require(by, Permission.REFERRAL_READ)
    with as_partner(exchange, by=by) as (referral, guest):
        is_first = referral.state == ReferralState.SENT
        if is_first:
            note_receipt(referral, by=guest)
        note = f"derivación {referral.folio}, {guest.speaks_for}"
        log_reading(ReadEntry.Kind.REFERRAL, of=referral.person, note=note[:120])
        yield referral, guest
    if is_first:
        _note(exchange, ReferralEvent.RECEIVED, by=by)


@transaction.atomic
def take_step(exchange: Exchange, do: Callable[[Referral, Actor], T], *, by: Actor) -> T:
    """Whatever a provider may do with it, done there as such; here stays who did it."""
    require(by, Permission.REFERRAL_WORK)
    with as_partner(exchange, by=by) as (referral, guest):
        hold(referral)
        before = referral.version
        made = do(referral, guest)
        last = referral.steps.order_by("-at", "-id").first() if referral.version != before else None
    if last:
        _note(exchange, ReferralEvent(last.event), by=by)
    return made


@transaction.atomic
def attend_received(exchange: Exchange, *, by: Actor) -> Contact:
    """It is accepted, if nobody had, and becomes a contact of her unit, in her hands. Twice is once, whoever comes."""
    require(by, Permission.REFERRAL_WORK)
    require(by, Permission.CONSULTATION_WORK)
    with as_partner(exchange, by=by) as (referral, guest):
        hold(referral)
        if referral.state not in WITH_RECEIVER:
            raise InvalidTransition(f"{referral.folio} está {referral.get_state_display().lower()}: no se atiende.")
        if referral.state in TO_ACCEPT:
            accept_referral(referral, by=guest)
        details = _as_contact(referral)
    if known := ExchangeStep.objects.filter(exchange=exchange, contact__isnull=False).first():
        assert known.contact
        return known.contact
    contact = take_contact(note_contact(details, by=by), by=by)
    _note(exchange, ReferralEvent.ATTENDED, by=by, contact=contact)
    return contact


def _as_contact(referral: Referral) -> ContactDetails:
    """No more than what travelled."""
    person = referral.person
    return ContactDetails(
        channel=Channel.INSTITUTION,
        subject=referral.title[:120],
        text=referral.asked,
        requester=Requester.INSTITUTION,
        sender=f"{referral.from_unit.institution.short_name}, {referral.from_unit}"[:120],
        run=parse(person.run) if person.run else None,
        name=person.full_name[:120],
        document_number=referral.folio,
        document_on=timezone.localtime(referral.sent_at).date(),
        due_on=referral.answer_by,
        secrecy=Secrecy(referral.secrecy),
    )


def _note(exchange: Exchange, event: ReferralEvent, *, by: Actor, contact: Contact | None = None) -> None:
    ExchangeStep.objects.create(
        exchange=exchange, event=event, at=clock.now(), account_id=by.account, posting_id=by.posting_id, contact=contact
    )
