"""How a site's room is arranged: its queues, what each desk serves, the screens on its walls."""

from datetime import time
from typing import Any

from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Desk, Site, Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.ids import digest, new_secret
from ventanilla.intake.models import Agenda, DeskQueue, Queue, Ticket, WallDisplay


@transaction.atomic
def open_queue(
    site: Site,
    unit: Unit,
    *,
    by: Actor,
    name: str,
    letter: str,
    opens_at: time | None = None,
    closes_at: time | None = None,
    desks: list[Desk] | None = None,
) -> Queue:
    """A new line of people at a site, for a unit, and the desks that call from it."""
    queue = Queue(site=site, unit=unit, name=" ".join(name.split()), letter=letter.strip().upper())
    require(by, Permission.ROOM_ARRANGE, queue)
    queue.opens_at, queue.closes_at = opens_at, closes_at
    _check(queue)
    queue.save(force_insert=True)
    serve_queue(queue, desks or [], by=by)
    return queue


@transaction.atomic
def change_queue(queue: Queue, *, by: Actor, desks: list[Desk], **changes: Any) -> Queue:
    """Its name, letter or hours, and the desks that call from it. Numbers already given keep their letter."""
    queue.refresh_from_db(from_queryset=Queue.objects.select_for_update(of=("self",)))
    require(by, Permission.ROOM_ARRANGE, queue)
    for field in ("name", "letter", "opens_at", "closes_at"):
        if field in changes:
            setattr(queue, field, changes[field])
    queue.letter = queue.letter.strip().upper()
    _check(queue)
    queue.save()
    serve_queue(queue, desks, by=by)
    return queue


@transaction.atomic
def close_queue(queue: Queue, *, by: Actor) -> Queue:
    """It gives no more numbers. Whoever waits in it must be attended or handed over first."""
    queue.refresh_from_db(from_queryset=Queue.objects.select_for_update(of=("self",)))
    require(by, Permission.ROOM_ARRANGE, queue)
    if waiting := Ticket.objects.in_room(clock.now()).waiting().filter(queue=queue).count():
        raise RuleBroken(f"En la fila {queue} esperan {waiting}. Atiéndalas o páselas a otra fila antes de cerrarla.")
    if agenda := Agenda.objects.in_use().filter(queue=queue).first():
        raise RuleBroken(f"Quien tiene hora en la agenda {agenda} recibe un número de esta fila. Cámbiela ahí primero.")
    queue.closed_on = clock.today()
    queue.save()
    return queue


@transaction.atomic
def serve_queue(queue: Queue, desks: list[Desk], *, by: Actor) -> None:
    """From now on exactly these desks call from the queue."""
    require(by, Permission.ROOM_ARRANGE, queue)
    if any(desk.site_id != queue.site_id for desk in desks):
        raise RuleBroken("Los módulos deben ser de la dependencia de la fila.", field="desks")
    rows = DeskQueue.objects.filter(queue=queue)
    present = set(rows.values_list("desk_id", flat=True))
    wanted = {desk.pk for desk in desks}
    rows.filter(desk_id__in=present - wanted).delete()
    DeskQueue.objects.bulk_create(DeskQueue(queue=queue, desk_id=desk_id) for desk_id in wanted - present)


@transaction.atomic
def hang_display(site: Site, *, by: Actor) -> str:
    """A new address for the screens of the site; the one before stops working. The token is returned once."""
    require(by, Permission.ROOM_OVERSEE)
    now = clock.now()
    WallDisplay.objects.filter(site=site, revoked_at__isnull=True).update(revoked_at=now)
    token = new_secret()
    WallDisplay.objects.create(site=site, digest=digest(token), created_at=now)
    return token


def _check(queue: Queue) -> None:
    if not queue.name:
        raise RuleBroken("Escriba el nombre de la fila.", field="name")
    if not (queue.letter.isalpha() and len(queue.letter) <= 2):
        raise RuleBroken("La letra es una o dos letras, sin números.", field="letter")
    same = Queue.objects.in_use().filter(site=queue.site, letter=queue.letter).exclude(pk=queue.pk)
    if same.exists():
        raise RuleBroken("Ya hay una fila con esa letra en la dependencia.", field="letter")
    if queue.opens_at and queue.closes_at and queue.closes_at <= queue.opens_at:
        raise RuleBroken("La hora de término debe ser posterior a la de inicio.", field="closes_at")
