"""What referrals leave to do: answer those in hand, take those that came, complete, tell, and see to what is late."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.access.written import written_once
from ventanilla.core.calendar import WorkingDays
from ventanilla.desk.tray.items import SHOWN, Item
from ventanilla.intake.models.contacts import ContactQuerySet
from ventanilla.referrals.exchange.reading import received
from ventanilla.referrals.inbound.reading import LOOKS_BACK, letters_to_answer
from ventanilla.referrals.models import Referral
from ventanilla.referrals.models.exchange import ExchangeQuerySet
from ventanilla.referrals.models.referrals import ReferralQuerySet
from ventanilla.referrals.reading import Row, RowValues, as_values, dress
from ventanilla.referrals.states import TO_ACCEPT, WITH_RECEIVER, ReferralState

COUNTED = 100
"""A tray counts no further."""


def referrals_in_hand(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Those in her charge in her unit."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    for row in _rows(_in_hand(actor), actor):
        verb = "Aceptar" if row.is_to_accept else "Responder"
        yield _item(row, f"{verb} derivación{' urgente' if row.is_urgent else ''}: {row.title}", icon="send")


def untaken_referrals(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """That some came to her unit and nobody has them, until the first of their days."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    if terms := _untaken(actor):
        yield Item(
            icon="inbox",
            title=f"Recibir {_number(len(terms), 'derivación que nadie tomó', 'derivaciones que nadie tomó')}",
            url=f"{reverse('referrals:inbox')}?etapa=por-aceptar",
            detail="Llegaron a su unidad",
            due_on=terms[0],
        )


def referrals_to_complete(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Those she sent that were returned for papers, and those that a provider should have answered."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    for row in _rows(_to_complete(actor, on), actor):
        if row.state == ReferralState.RETURNED:
            yield _item(row, f"Completar antecedentes: {row.title}", icon="undo")
        else:
            yield _item(row, f"Insistir con el prestador: {row.title}", icon="phone")


def answers_to_tell(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Those she sent, of which the neighbour does not know yet what was answered, or her hour."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    for row in _rows(_to_tell(actor), actor):
        yield _item(row, f"Avisar a la persona: {row.title}", icon="phone", due_on=row.tell_by)


def letters_unanswered(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Letters of courts, schools and others that her unit saw to, and whose sender knows nothing yet."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    for letter in _unanswered(actor, on - LOOKS_BACK):
        yield Item(
            icon="doc",
            title=f"Responder el oficio de {letter.sender or 'una institución'}",
            url=reverse("referrals:answer_letter", args=[letter.pk]),
            detail=f"{letter.document_number} · {letter.subject}, {letter.folio}",
            due_on=letter.awaited_on,
        )


def referrals_received(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """What other institutions sent to hers, and is not answered yet; nobody's name until it is opened."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    for one in _received(actor):
        yield Item(
            icon="users",
            title=f"{'Recibir' if one.is_to_accept else 'Responder'} lo de {one.sender.short_name}: {one.title}",
            url=one.get_absolute_url(),
            detail=f"{one.folio}, {one.from_unit}",
            due_on=one.due_on,
        )


def late_referrals(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Of a head: that her unit owes answers whose term is over, and that providers owe them to her unit."""
    if not can(actor, Permission.REFERRAL_ASSIGN):
        return
    if owed := _late_outside(actor, on):
        yield Item(
            icon="bell",
            title=f"Ver {_number(len(owed), 'derivación atrasada', 'derivaciones atrasadas')} de prestadores",
            url=f"{reverse('referrals:inbox')}?caja=salida&atrasadas=1",
            detail="Insista, o anote lo que respondieron, antes de que caduquen",
            due_on=owed[0],
        )
    if terms := _late_here(actor, on):
        yield Item(
            icon="bell",
            title=f"Ver {_number(len(terms), 'derivación atrasada', 'derivaciones atrasadas')} de su unidad",
            url=f"{reverse('referrals:inbox')}?atrasadas=1",
            detail="Asígnelas o respóndalas antes de que caduquen",
            due_on=terms[0],
        )


@written_once
def _in_hand(by: Actor) -> QuerySet[Referral, RowValues]:
    mine = _came(by).filter(state__in=sorted(WITH_RECEIVER), assigned_to=by.account_id)
    return as_values(mine.soonest_first(), SHOWN + 1)


@written_once
def _to_complete(by: Actor, on: date) -> QuerySet[Referral, RowValues]:
    owed = Q(to_provider__isnull=False, state__in=sorted(WITH_RECEIVER), due_on__lt=on)
    mine = _went(by).filter(Q(state=ReferralState.RETURNED) | owed, sent_by=by.account_id)
    return as_values(mine.soonest_first(), SHOWN + 1)


@written_once
def _to_tell(by: Actor) -> QuerySet[Referral, RowValues]:
    mine = _went(by).filter(tell_by__isnull=False, sent_by=by.account_id)
    return as_values(mine.order_by("tell_by", "id"), SHOWN + 1)


@written_once
def _untaken(by: Actor) -> QuerySet[Referral, date]:
    return _terms(_came(by).filter(state__in=sorted(TO_ACCEPT), assigned_to__isnull=True))


@written_once
def _late_here(by: Actor, on: date) -> QuerySet[Referral, date]:
    return _terms(_came(by).filter(state__in=sorted(WITH_RECEIVER), due_on__lt=on))


@written_once
def _late_outside(by: Actor, on: date) -> QuerySet[Referral, date]:
    return _terms(_went(by).filter(state__in=sorted(WITH_RECEIVER), due_on__lt=on, to_provider__isnull=False))


@written_once
def _unanswered(by: Actor, since: date) -> ContactQuerySet:
    mine = letters_to_answer(by=by, since=since).filter(taken_by=by.account_id)
    return mine.only("id", "folio", "sender", "document_number", "awaited_on", "subject")[: SHOWN + 1]


@written_once
def _received(by: Actor) -> ExchangeQuerySet:
    return received(by=by).exclude(state=ReferralState.RETURNED)[: SHOWN + 1]


def _came(by: Actor) -> ReferralQuerySet:
    return Referral.objects.visible_to(by).sent_to(by.unit_id)


def _went(by: Actor) -> ReferralQuerySet:
    return Referral.objects.visible_to(by).sent_from(by.unit_id)


def _terms(found: ReferralQuerySet) -> QuerySet[Referral, date]:
    """The first of them, as far as they are counted."""
    return found.soonest_first().values_list("due_on", flat=True)[:COUNTED]


def _rows(found: list[RowValues], actor: Actor) -> list[Row]:
    return dress([found], by=actor)[0]


def _item(row: Row, title: str, *, icon: str, due_on: date | None = None) -> Item:
    return Item(
        icon=icon,
        title=title,
        url=row.url,
        detail=f"{row.person} · {row.folio}, {row.unit}",
        due_on=due_on or row.due_on,
        person_id=row.person_id,
    )


def _number(number: int, one: str, more: str) -> str:
    if number >= COUNTED:
        return f"{COUNTED} o más {more}"
    return f"1 {one}" if number == 1 else f"{number} {more}"
