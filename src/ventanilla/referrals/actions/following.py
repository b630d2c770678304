"""What the terms of referrals do by themselves each day: remind, mark late, let expire."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from ventanilla.access.actors import Actor, require
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Posting
from ventanilla.access.permissions import GRANTS, HELD_IN_A_UNIT, Permission
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.secrecy import Secrecy
from ventanilla.referrals.actions.settling import settle_lines
from ventanilla.referrals.actions.steps import hold, move
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import WITH_RECEIVER, ReferralEvent, ReferralState
from ventanilla.registry.reading import close_purposes

_HEADS = sorted(role for role in HELD_IN_A_UNIT if Permission.REFERRAL_ASSIGN in GRANTS[role])
AT_ONCE = 200
"""Moved in one call, so that nobody waits long for a row that is held."""


@transaction.atomic
def follow_referrals(*, by: Actor, on: date) -> dict[ReferralEvent, int]:
    """Of the institution entered, how many were let go, expired, were marked late and were reminded.

    Up to ``AT_ONCE`` of each: call it until it does nothing: what was done is not done again, whenever it was stopped.
    """
    require(by, Permission.REFERRAL_FOLLOW)
    next_day = service_days(by.institution, around=on).first_from(on + timedelta(days=1))
    theirs = Referral.objects.filter(institution=by.institution).open()
    over = theirs.filter(expires_on__lt=on).order_by("expires_on", "id")
    late = theirs.filter(due_on__lt=on, expires_on__gte=on).exclude(late_for=F("due_on")).soonest_first()
    near = theirs.filter(due_on__gt=on, due_on__lte=next_day).exclude(reminded_for=F("due_on")).soonest_first()
    left = theirs.filter(state__in=sorted(WITH_RECEIVER), assigned_to__isnull=False).exclude(_serves(on))
    return {
        ReferralEvent.ASSIGNED: sum(_let_go(one, by=by, on=on) for one in left.order_by("id")[:AT_ONCE]),
        ReferralEvent.EXPIRED: sum(_expire(one, by=by, on=on) for one in over[:AT_ONCE]),
        ReferralEvent.LATE: sum(_mark_late(one, by=by, on=on) for one in late[:AT_ONCE]),
        ReferralEvent.REMINDED: sum(_remind(one, by=by) for one in near[:AT_ONCE]),
    }


def follow_to_the_end(*, by: Actor) -> dict[ReferralEvent, int]:
    """All that is due today, a part in each transaction."""
    told: dict[ReferralEvent, int] = {}
    while True:
        with acting(by):
            done = follow_referrals(by=by, on=clock.today())
        for event, number in done.items():
            told[event] = told.get(event, 0) + number
        if not any(done.values()):
            return told


def _serves(on: date) -> Exists:
    """That whoever has it still serves in the unit that received it."""
    held = Posting.objects.in_force_on(on).filter(account__is_active=True, unit=OuterRef("to_unit"))
    return Exists(held.filter(institution_id=OuterRef("institution_id"), account=OuterRef("assigned_to")))


def _let_go(referral: Referral, *, by: Actor, on: date) -> bool:
    """Whoever had it left, or was suspended: it is in nobody's charge, and in the head's tray.

    What is restricted nobody would see then: the head has it, and where there is none it stays as it was.
    """
    hold(referral)
    if not referral.is_open or Referral.objects.filter(_serves(on), pk=referral.pk).exists():
        return False
    is_restricted = referral.secrecy == Secrecy.RESTRICTED
    heir = _head_of(referral, on=on) if is_restricted else None
    if is_restricted and heir is None:
        return False
    whose = "a cargo de la jefatura" if is_restricted else "sin asignar"
    note = f"Quien la tenía ya no atiende en la unidad: quedó {whose}"
    move(referral, ReferralEvent.ASSIGNED, ReferralState(referral.state), by=by, note=note)
    referral.assigned_to_id = heir
    referral.save()
    return True


def _head_of(referral: Referral, *, on: date) -> UUID | None:
    heads = Posting.objects.in_force_on(on).filter(unit=referral.to_unit, role__in=_HEADS)
    return heads.filter(account__is_active=True).values_list("account_id", flat=True).first()


def _expire(referral: Referral, *, by: Actor, on: date) -> bool:
    """Nobody answered in time: its reasons are pending at its origin again."""
    hold(referral)
    if not referral.is_open or referral.expires_on >= on:
        return False
    last_day = f"Sin respuesta hasta el {referral.expires_on:%d-%m-%Y}"
    move(referral, ReferralEvent.EXPIRED, ReferralState.EXPIRED, by=by, note=last_day)
    referral.ended_at = clock.now()
    referral.save()
    close_purposes(reference_id=referral.pk)
    settle_lines(referral, by=by)
    return True


def _mark_late(referral: Referral, *, by: Actor, on: date) -> bool:
    """Its head is told: it stands in her tray until somebody sees to it."""
    hold(referral)
    if not referral.is_open or referral.due_on >= on or referral.late_for == referral.due_on:
        return False
    is_its_origins = referral.to_unit is None or referral.state == ReferralState.RETURNED
    told = referral.from_unit if is_its_origins else referral.to_unit
    note = f"Vencía el {referral.due_on:%d-%m-%Y}. Se avisa a la jefatura de {told}"
    move(referral, ReferralEvent.LATE, ReferralState(referral.state), by=by, note=note)
    referral.late_for = referral.due_on
    referral.save()
    return True


def _remind(referral: Referral, *, by: Actor) -> bool:
    hold(referral)
    if not referral.is_open or referral.reminded_for == referral.due_on:
        return False
    note = f"Vence el {referral.due_on:%d-%m-%Y}"
    move(referral, ReferralEvent.REMINDED, ReferralState(referral.state), by=by, note=note)
    referral.reminded_for = referral.due_on
    referral.save()
    return True
