"""What referrals leave to do: answer those in hand, take those that came, complete, tell, and see to what is late."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.core.calendar import WorkingDays
from ventanilla.desk.tray.items import SHOWN, Item
from ventanilla.referrals.exchange.reading import received
from ventanilla.referrals.inbound.reading import letters_to_answer
from ventanilla.referrals.models import Referral
from ventanilla.referrals.models.referrals import ReferralQuerySet
from ventanilla.referrals.reading import Row, in_rows
from ventanilla.referrals.states import TO_ACCEPT, WITH_RECEIVER, ReferralState

COUNTED = 100
"""A tray counts no further."""


def referrals_in_hand(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Those in her charge in her unit."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    mine = (
        Referral.objects.visible_to(actor)
        .sent_to(actor.unit_id)
        .filter(state__in=sorted(WITH_RECEIVER), assigned_to=actor.account_id)
    )
    for row in _rows(mine.soonest_first(), actor):
        verb = "Aceptar" if row.is_to_accept else "Responder"
        yield _item(row, f"{verb} derivación{' urgente' if row.is_urgent else ''}: {row.title}", icon="send")


def untaken_referrals(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """That some came to her unit and nobody has them, until the first of their days."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    untaken = (
        Referral.objects.visible_to(actor)
        .sent_to(actor.unit_id)
        .filter(state__in=sorted(TO_ACCEPT), assigned_to__isnull=True)
    )
    terms = list(untaken.soonest_first().values_list("due_on", flat=True)[:COUNTED])
    if terms:
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
    owed = Q(to_provider__isnull=False, state__in=sorted(WITH_RECEIVER), due_on__lt=on)
    hers = Referral.objects.visible_to(actor).sent_from(actor.unit_id).filter(sent_by=actor.account_id)
    for row in _rows(hers.filter(Q(state=ReferralState.RETURNED) | owed).soonest_first(), actor):
        if row.state == ReferralState.RETURNED:
            yield _item(row, f"Completar antecedentes: {row.title}", icon="undo")
        else:
            yield _item(row, f"Insistir con el prestador: {row.title}", icon="phone")


def answers_to_tell(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Those she sent, of which the neighbour does not know yet what was answered, or her hour."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    to_tell = (
        Referral.objects.visible_to(actor)
        .sent_from(actor.unit_id)
        .filter(tell_by__isnull=False, sent_by=actor.account_id)
    )
    for row in _rows(to_tell.order_by("tell_by", "id"), actor):
        yield _item(row, f"Avisar a la persona: {row.title}", icon="phone", due_on=row.tell_by)


def letters_unanswered(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Letters of courts, schools and others that her unit saw to, and whose sender knows nothing yet."""
    if not can(actor, Permission.REFERRAL_WORK):
        return
    found = letters_to_answer(by=actor, on=on).filter(taken_by=actor.account_id)
    for letter in found.only("id", "folio", "sender", "document_number", "awaited_on", "subject")[: SHOWN + 1]:
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
    for one in received(by=actor).exclude(state=ReferralState.RETURNED)[: SHOWN + 1]:
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
    theirs = Referral.objects.visible_to(actor).filter(state__in=sorted(WITH_RECEIVER), due_on__lt=on).soonest_first()
    outside = theirs.sent_from(actor.unit_id).filter(to_provider__isnull=False)
    if owed := list(outside.values_list("due_on", flat=True)[:COUNTED]):
        yield Item(
            icon="bell",
            title=f"Ver {_number(len(owed), 'derivación atrasada', 'derivaciones atrasadas')} de prestadores",
            url=f"{reverse('referrals:inbox')}?caja=salida&atrasadas=1",
            detail="Insista, o anote lo que respondieron, antes de que caduquen",
            due_on=owed[0],
        )
    terms = list(theirs.sent_to(actor.unit_id).values_list("due_on", flat=True)[:COUNTED])
    if terms:
        yield Item(
            icon="bell",
            title=f"Ver {_number(len(terms), 'derivación atrasada', 'derivaciones atrasadas')} de su unidad",
            url=f"{reverse('referrals:inbox')}?atrasadas=1",
            detail="Asígnelas o respóndalas antes de que caduquen",
            due_on=terms[0],
        )


def _rows(found: ReferralQuerySet, actor: Actor) -> list[Row]:
    return in_rows(found, SHOWN + 1, by=actor)


def _item(row: Row, title: str, *, icon: str, due_on: date | None = None) -> Item:
    return Item(
        icon=icon,
        title=title,
        url=reverse("referrals:referral", args=[row.id]),
        detail=f"{row.person} · {row.folio}, {row.unit}",
        due_on=due_on or row.due_on,
        person_id=row.person_id,
    )


def _number(number: int, one: str, more: str) -> str:
    if number >= COUNTED:
        return f"{COUNTED} o más {more}"
    return f"1 {one}" if number == 1 else f"{number} {more}"
