"""How agendas are arranged: whose, where, which hours every week and for how many."""

from datetime import date, time
from uuid import UUID

from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Desk, Site, Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.appointments.rules import Pattern, objection_to_pattern
from ventanilla.intake.models import Agenda, AgendaHours, Appointment, Queue


@transaction.atomic
def open_agenda(
    site: Site, unit: Unit, *, by: Actor, name: str, queue: Queue | None = None, is_reserved: bool = False
) -> Agenda:
    """A new agenda of a unit at a site; it gives hours once it has some."""
    agenda = Agenda(site=site, unit=unit)
    require(by, Permission.ROOM_ARRANGE, agenda)
    _write(agenda, name, queue, is_reserved)
    agenda.save(force_insert=True)
    return agenda


@transaction.atomic
def change_agenda(agenda: Agenda, *, by: Actor, name: str, queue: Queue | None, is_reserved: bool) -> Agenda:
    _lock(agenda, by=by)
    _write(agenda, name, queue, is_reserved)
    agenda.save()
    return agenda


def _write(agenda: Agenda, name: str, queue: Queue | None, is_reserved: bool) -> None:
    agenda.name = " ".join(name.split())
    if not agenda.name:
        raise RuleBroken("Escriba el nombre de la agenda.", field="name")
    same = Agenda.objects.in_use().filter(site=agenda.site, name=agenda.name)
    if same.exclude(pk=agenda.pk).exists():
        raise RuleBroken("Ya hay una agenda con ese nombre en la dependencia.", field="name")
    if queue and (queue.closed_on or queue.site_id != agenda.site_id or queue.unit_id != agenda.unit_id):
        raise RuleBroken("Elija una fila en uso de la misma unidad y dependencia.", field="queue")
    agenda.queue = queue
    agenda.secrecy = Secrecy.RESERVED if is_reserved else Secrecy.ORDINARY


@transaction.atomic
def close_agenda(agenda: Agenda, *, by: Actor) -> Agenda:
    """It gives no more hours. Those given and still to come must be moved or cancelled first."""
    _lock(agenda, by=by)
    if booked := Appointment.objects.booked().filter(agenda=agenda, day__gte=clock.today()).count():
        found = "1 hora dada" if booked == 1 else f"{booked} horas dadas"
        raise RuleBroken(f"La agenda {agenda} tiene {found} por venir. Hay que cambiarlas o cancelarlas antes.")
    agenda.closed_on = clock.today()
    agenda.save()
    return agenda


@transaction.atomic
def add_hours(
    agenda: Agenda,
    *,
    by: Actor,
    weekdays: list[int],
    starts_at: time,
    ends_at: time,
    minutes: int,
    capacity: int,
    from_on: date,
    until_on: date | None = None,
    desk: Desk | None = None,
) -> AgendaHours:
    """More hours every week, at a desk or wherever there is room; a desk gives two at once in no agenda."""
    _lock(agenda, by=by)
    pattern = Pattern(frozenset(weekdays), starts_at, ends_at, minutes, from_on, until_on)
    if objection := objection_to_pattern(pattern, capacity):
        raise RuleBroken(objection[1], field=objection[0])
    if desk and desk.site_id != agenda.site_id:
        raise RuleBroken("El módulo debe ser de la dependencia de la agenda.", field="desk")
    others = AgendaHours.objects.filter(agenda__closed_on__isnull=True, desk=desk)
    if desk is None:
        others = others.filter(agenda=agenda)
    for other in others.select_related("agenda"):
        if other.pattern.crosses(pattern):
            raise RuleBroken(
                f"Se cruza con un horario de {other.agenda}: {other.pattern}. Termine aquel primero.", field="starts_at"
            )
    return AgendaHours.objects.create(
        agenda=agenda,
        desk=desk,
        weekdays=sorted(pattern.weekdays),
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=minutes,
        capacity=capacity,
        from_on=from_on,
        until_on=until_on,
    )


@transaction.atomic
def end_hours(agenda: Agenda, hours_id: UUID, *, by: Actor, last_day: date) -> None:
    """They are offered until that day. What was given after it is to be moved; without any given they just go."""
    _lock(agenda, by=by)
    hours = AgendaHours.objects.filter(agenda=agenda, pk=hours_id).first()
    if hours is None:
        return  # taken away already by the same form
    if not Appointment.objects.filter(hours=hours).exists() and last_day < max(hours.from_on, clock.today()):
        hours.delete()
        return
    if last_day < hours.from_on:
        raise RuleBroken("El último día no puede ser anterior al primero.", field="until_on")
    hours.until_on = last_day
    hours.save()


def _lock(agenda: Agenda, *, by: Actor) -> None:
    """Hold the row until the transaction ends: no hour is given meanwhile."""
    agenda.refresh_from_db(from_queryset=Agenda.objects.select_for_update(of=("self",)))
    require(by, Permission.ROOM_ARRANGE, agenda)
