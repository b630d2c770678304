"""Every verb of a contact: note it, take it, pass it, answer it, discard it, turn it into a consultation."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account, Posting, Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion
from ventanilla.core.run import Run
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.contacts import rules
from ventanilla.intake.contacts.states import CLOSED, CONTACT_LIFECYCLE, ContactState, DiscardGround
from ventanilla.intake.folios import CONTACTS, next_folio
from ventanilla.intake.models import Consultation, Contact, ContactStep
from ventanilla.intake.states import Channel, ConsultationState, Requester
from ventanilla.registry.actions import NOT_HERE
from ventanilla.registry.finding import person_with_run
from ventanilla.registry.models import Person


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What was heard or read. ``sender`` is who speaks for her, or the institution; ``name`` and ``run`` are hers."""

    channel: Channel
    subject: str
    text: str = ""
    requester: Requester = Requester.SELF
    sender: str = ""
    run: Run | None = None
    name: str = ""
    answer_to: str = ""
    document_number: str = ""
    document_on: date | None = None
    due_on: date | None = None
    received_at: datetime | None = None
    secrecy: Secrecy = Secrecy.ORDINARY


@transaction.atomic
def note_contact(
    details: ContactDetails, *, by: Actor, unit: Unit | None = None, submission_id: UUID | None = None
) -> Contact:
    """Write down what came in, with its folio; for another ``unit``, it is passed there at once.

    The same ``submission_id`` gives the same contact, so that a form sent twice notes one.
    """
    require(by, Permission.CONSULTATION_WORK)
    if by.unit_id is None or by.account_id is None or by.posting_id is None:
        raise NotAllowed("Para anotar un contacto se necesita un desempeño en una unidad.")
    if sent := _sent(submission_id, by=by):
        return sent
    now = timezone.localtime(clock.now())
    received_at = timezone.localtime(details.received_at or now)
    _check(details, received_at, now)
    contact = Contact(
        channel=details.channel,
        requester=details.requester,
        sender="" if details.requester == Requester.SELF else details.sender,
        person=_known(details.run, by=by),
        about_name=details.name,
        about_run=details.run.canonical if details.run else "",
        subject=details.subject,
        text=details.text,
        answer_to=details.answer_to,
        document_number=details.document_number,
        document_on=details.document_on,
        due_on=details.due_on,
        awaited_on=rules.awaited_on(details.due_on, received_at.date()),
        secrecy=details.secrecy,
        unit_id=by.unit_id,
        recorded_by_id=by.account_id,
        posting_id=by.posting_id,
        received_at=received_at,
        recorded_at=now,
        submission_id=submission_id,
    )
    try:
        with transaction.atomic():
            contact.folio = next_folio(CONTACTS, now.year)
            contact.save(force_insert=True)
            _step(contact, "", by=by, at=now).save(force_insert=True)
    except IntegrityError:  # the same form arrived twice at once, and the other one won
        if sent := _sent(submission_id, by=by):
            return sent
        raise
    if unit is not None and unit.pk != contact.unit_id:
        pass_contact(contact, unit, by=by)
    return contact


def _sent(submission_id: UUID | None, *, by: Actor) -> Contact | None:
    mine = Contact.objects.unblocked().filter(recorded_by=by.account_id)
    return mine.filter(submission_id=submission_id).first() if submission_id else None


def _check(details: ContactDetails, received_at: datetime, now: datetime) -> None:
    if not details.subject.strip():
        raise RuleBroken("Escriba en pocas palabras de qué se trata.", field="subject")
    if details.requester == Requester.INSTITUTION and not details.sender.strip():
        raise RuleBroken("Escriba qué institución es.", field="sender")
    for field, sentence in rules.objections_to_dates(received_at, details.document_on, now):
        raise RuleBroken(sentence, field=field)


def _known(run: Run | None, *, by: Actor) -> Person | None:
    """Whoever has that RUN here. Of somebody whose data are blocked nothing is noted, nor told."""
    if run is None:
        return None
    same = Person.objects.with_run(run.canonical)
    if same.filter(Q(processing_blocked=True) | Q(merged_into__processing_blocked=True)).exists():
        raise RuleBroken(f"Ese RUN {NOT_HERE}", field="run")
    return person_with_run(run.canonical, by=by)


@transaction.atomic
def take_contact(contact: Contact, *, by: Actor) -> Contact:
    """Take it to see to it. Pressed twice it is once; who comes second is told who has it."""
    _lock(contact, by=by)
    if contact.state == ContactState.TAKEN and contact.taken_by_id == by.account_id:
        return contact
    _refuse_if_held(contact, by=by)
    return _hold(contact, by.account, by=by)


@transaction.atomic
def take_next(*, by: Actor) -> Contact:
    """Take the one of the unit that waits longest or is due first. Two who press at once get different ones."""
    require(by, Permission.CONSULTATION_WORK)
    waiting = Contact.objects.visible_to(by).of_unit(by.unit_id).filter(state=ContactState.RECEIVED)
    contact = waiting.due_first().select_for_update(of=("self",), skip_locked=True).first()
    if contact is None:
        raise RuleBroken("No queda ningún contacto sin tomar en su unidad.")
    require(by, Permission.CONSULTATION_WORK, contact)
    return _hold(contact, by.account, by=by)


@transaction.atomic
def assign_contact(contact: Contact, account: Account, *, by: Actor, version: int | None = None) -> Contact:
    """Give it to a colleague of the unit, or take it from one; whoever had it is in its steps."""
    _lock(contact, by=by)
    if contact.state == ContactState.TAKEN and contact.taken_by_id == account.pk:
        return contact
    _same_version(contact, version)
    here = Posting.objects.in_force_on(clock.today()).filter(account=account, unit_id=contact.unit_id)
    if not here.exists():
        raise RuleBroken(f"{account} no atiende hoy en la unidad. Elija a otra persona.", field="account")
    return _hold(contact, account.pk, by=by)


def _hold(contact: Contact, account_id: UUID, *, by: Actor) -> Contact:
    step = _move(contact, ContactState.TAKEN, by=by)
    contact.taken_by_id = step.assigned_to_id = account_id
    return _keep(contact, step)


@transaction.atomic
def pass_contact(contact: Contact, unit: Unit, *, by: Actor, reason: str = "", version: int | None = None) -> Contact:
    """Send it to another unit: there it waits untaken, with its folio and everything that was done with it."""
    _refresh(contact)
    if contact.unit_id == unit.pk and contact.steps.filter(passed_to=unit, account=by.account_id).exists():
        return contact  # the same form, sent twice
    require(by, Permission.CONSULTATION_WORK, contact)
    _same_version(contact, version)
    if unit.pk == contact.unit_id or unit.institution_id != by.institution:
        raise RuleBroken("Elija otra unidad de la municipalidad.", field="unit")
    if not Unit.objects.connected_on(clock.today()).filter(pk=unit.pk).exists():
        raise RuleBroken(f"{unit} todavía no usa la plataforma: nadie lo vería. Elija otra unidad.", field="unit")
    step = _move(contact, ContactState.RECEIVED, by=by, reason=reason)
    step.passed_to = contact.unit = unit
    contact.taken_by = None
    return _keep(contact, step)


@transaction.atomic
def answer_contact(contact: Contact, *, by: Actor, answer: str, version: int | None = None) -> Contact:
    """It was answered and asked for no attention: it counts as no consultation."""
    _lock(contact, by=by)
    answer = answer.strip()
    if (contact.state, contact.answer, contact.taken_by_id) == (ContactState.ANSWERED, answer, by.account_id):
        return contact
    _same_version(contact, version)
    _refuse_if_held(contact, by=by)
    if not answer:
        raise RuleBroken("Escriba qué se respondió.", field="answer")
    step = _close(contact, ContactState.ANSWERED, by=by)
    contact.answer = answer
    return _keep(contact, step)


@transaction.atomic
def discard_contact(
    contact: Contact, *, by: Actor, ground: DiscardGround, note: str = "", version: int | None = None
) -> Contact:
    """Nothing will be done with it, and why."""
    _lock(contact, by=by)
    if (contact.state, contact.discard_ground) == (ContactState.DISCARDED, ground):
        return contact
    _same_version(contact, version)
    _refuse_if_held(contact, by=by)
    if ground == DiscardGround.OTHER and not note.strip():
        raise RuleBroken("Escriba por qué se descarta.", field="note")
    step = _close(contact, ContactState.DISCARDED, by=by, reason=note)
    contact.discard_ground = ground
    return _keep(contact, step)


@transaction.atomic
def reopen_contact(contact: Contact, *, by: Actor, reason: str) -> Contact:
    """It was closed by mistake, or the consultation it became was voided: it waits again in its unit."""
    _lock(contact, by=by)
    if contact.state == ContactState.RECEIVED:
        return contact
    if contact.consultation and contact.consultation.state != ConsultationState.VOIDED:
        raise RuleBroken(
            f"{contact.folio} sigue en la consulta {contact.consultation.folio}. Ciérrelo allá, o anúlela."
        )
    if not reason.strip():
        raise RuleBroken("Escriba por qué se vuelve a abrir.", field="note")
    if contact.state not in CLOSED:
        raise InvalidTransition(f"{contact.folio} está abierto.")
    step = _move(contact, ContactState.RECEIVED, by=by, reason=reason)
    contact.consultation = contact.taken_by = contact.closed_at = None
    contact.answer = contact.discard_ground = ""
    return _keep(contact, step)


@transaction.atomic
def turn_into_consultation(contact: Contact, *, by: Actor, person: Person | None = None) -> Consultation:
    """Attend it now: start a consultation by its channel, or join the one the operator has open with her.

    The attention begins when somebody attends, whenever the contact came (ADR 0024). Without ``person``, with whoever
    the contact already names; else with nobody known.
    """
    _lock(contact, by=by)
    if contact.consultation and contact.consultation.recorded_by_id == by.account_id:
        return contact.consultation
    _refuse_if_held(contact, by=by)
    step = _close(contact, ContactState.CONSULTED, by=by)
    person = person or contact.person
    consultation = start_consultation(
        person,
        by=by,
        channel=Channel(contact.channel),
        requester=Requester(contact.requester),
        requester_detail=contact.sender,
    )
    if contact.secrecy != Secrecy.ORDINARY and contact.sender and not consultation.notes_secrecy:
        consultation.notes_secrecy = contact.secrecy  # who asked stays as secret as the contact said it
        consultation.save(update_fields=["notes_secrecy"])
    contact.person, contact.consultation = person, consultation
    _keep(contact, step)
    return consultation


def _refresh(contact: Contact) -> None:
    """Hold the row until the transaction ends."""
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update(of=("self",)))


def _lock(contact: Contact, *, by: Actor) -> None:
    _refresh(contact)
    require(by, Permission.CONSULTATION_WORK, contact)


def _same_version(contact: Contact, version: int | None) -> None:
    if version not in (None, contact.version):
        raise StaleVersion(
            f"Alguien más cambió {contact.folio} mientras usted escribía. Vea cómo quedó y, si corresponde, envíe de"
            " nuevo lo suyo."
        )


def _refuse_if_held(contact: Contact, *, by: Actor) -> None:
    """What a colleague has in hand is not done over her head: it is first assigned, and that is written."""
    if contact.state == ContactState.TAKEN and contact.taken_by_id != by.account_id:
        raise InvalidTransition(
            f"{contact.folio} lo tiene {contact.taken_by}. Asígneselo primero si lo va a ver usted."
        )


def _close(contact: Contact, after: ContactState, *, by: Actor, reason: str = "") -> ContactStep:
    step = _move(contact, after, by=by, reason=reason)
    contact.closed_at, contact.taken_by_id = step.at, by.account_id
    return step


def _move(contact: Contact, after: ContactState, *, by: Actor, reason: str = "") -> ContactStep:
    """The step, not yet saved, that takes the contact to its next state, from the unit that has it."""
    before = ContactState(contact.state)
    CONTACT_LIFECYCLE.require(
        before,
        after,
        message=f"{contact.folio} está «{before.label.lower()}»: no puede pasar a «{after.label.lower()}».",
    )
    contact.state = after
    return _step(contact, before, by=by, at=clock.now(), reason=reason)


def _step(contact: Contact, before: str, *, by: Actor, at: datetime, reason: str = "") -> ContactStep:
    return ContactStep(
        contact_id=contact.pk,
        before=before,
        after=ContactState(contact.state),
        at=at,
        account_id=by.account_id,
        posting_id=by.posting_id,
        unit_id=contact.unit_id,
        reason=" ".join(reason.split())[:300],
    )


def _keep(contact: Contact, step: ContactStep) -> Contact:
    contact.version += 1
    contact.save()
    step.save(force_insert=True)
    return contact
