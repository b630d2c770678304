"""What whoever answers for an office must look after: its operators, their accounts, the numbers left unfinished."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from ventanilla.access.actors import Actor, can
from ventanilla.access.operators import accounts_within
from ventanilla.access.permissions import Permission
from ventanilla.access.register_reading import certifications_ending, to_confirm
from ventanilla.access.register_rules import end_of_quarter
from ventanilla.access.sign_in import locked_among
from ventanilla.core import clock
from ventanilla.core.calendar import WorkingDays
from ventanilla.desk.tray.items import SHOWN, Item
from ventanilla.desk.tray.own import NOTICE
from ventanilla.intake.waiting.day import tickets_overseen

LOOKED_BACK = timedelta(days=7)
"""Numbers that nobody finished are looked for in the last week: the page of the day tells of all."""


def postings_to_confirm(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """The quarterly confirmation, as one thing to do until the quarter ends."""
    if not can(actor, Permission.OPERATOR_REGISTER) or not (waiting := len(to_confirm(actor, on=on))):
        return
    yield Item(
        icon="users",
        title=f"Confirmar {'1 desempeño' if waiting == 1 else f'{waiting} desempeños'}",
        url=reverse("access:recertification"),
        detail="Confirmación del trimestre: los que siguen siendo correctos, y término a los que no",
        due_on=end_of_quarter(on),
    )


def certifications_of_others(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    if not can(actor, Permission.OPERATOR_REGISTER):
        return
    theirs = certifications_ending(actor, on=on).filter(expires_on__lte=on + NOTICE)
    for one in theirs.exclude(account=actor.account_id)[: SHOWN + 1]:
        yield Item(
            icon="book",
            title=f"Certificación de {one.account.full_name}",
            url=reverse("access:operator", args=[one.account_id]),
            detail=one.name,
            due_on=one.expires_on,
        )


def locked_accounts(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    if not can(actor, Permission.ACCOUNT_UNLOCK):
        return
    for locked in locked_among(accounts_within(actor, on=on))[: SHOWN + 1]:
        yield Item(
            icon="lock",
            title=f"Cuenta bloqueada: {locked.account.full_name}",
            url=reverse("access:locked_accounts"),
            detail="Falló muchas veces su contraseña; usted puede abrirla antes",
            due_on=on,
            words=f"Hasta las {timezone.localtime(locked.until):%H:%M}",
        )


def unfinished_numbers(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Numbers of days before that nobody called or ended: the day was not closed."""
    if not can(actor, Permission.ROOM_OVERSEE):
        return
    now = clock.now()
    left = tickets_overseen(actor).unfinished_before(now).filter(arrived_at__gt=now - LOOKED_BACK, day__lt=on)
    found = left.aggregate(number=Count("pk"), since=Min("day"))
    if number := found["number"]:
        yield Item(
            icon="wait",
            title=f"Cerrar el día: {'1 número quedó' if number == 1 else f'{number} números quedaron'} sin terminar",
            url=reverse("intake:room_day"),
            detail="Al cerrarlo se anotan como sin atender",
            due_on=found["since"],
        )
