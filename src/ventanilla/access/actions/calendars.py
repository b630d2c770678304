"""The institution's own days: closed by an act, or worked when the country does not."""

from datetime import date

from django.db import IntegrityError, transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.calendars import service_days
from ventanilla.access.models import OwnDay
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken

PASSED = "Ese día ya pasó y los plazos lo contaron: no se cambia."


@transaction.atomic
def add_own_day(day: date, *, by: Actor, is_worked: bool, reason: str) -> OwnDay:
    """From today on; a day that is already as one asks needs nothing."""
    require(by, Permission.CALENDAR_ARRANGE)
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("Escriba el motivo, con el acto que lo dispone si lo hay.", field="reason")
    if day < clock.today():
        raise RuleBroken(PASSED, field="day")
    if service_days(by.institution, around=day).includes(day) == is_worked:
        already = "Ese día ya se atiende." if is_worked else "Ese día ya no se atiende."
        raise RuleBroken(f"{already} No hace falta anotarlo.", field="day")
    try:
        with transaction.atomic():
            return OwnDay.objects.create(institution_id=by.institution, day=day, is_worked=is_worked, reason=reason)
    except IntegrityError as error:
        raise RuleBroken("Ese día ya está anotado. Quítelo antes de anotarlo de otra forma.", field="day") from error


@transaction.atomic
def remove_own_day(own: OwnDay, *, by: Actor) -> None:
    """The day is again as the country's calendar says."""
    require(by, Permission.CALENDAR_ARRANGE, own)
    if own.day < clock.today():
        raise RuleBroken(PASSED)
    own.delete()
