"""An institution's own rows of the national list: adopting it, adding to it, changing, ordering and retiring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.models import NationalReason, Reason, ReasonVersion
from ventanilla.catalogue.reasons import rules
from ventanilla.catalogue.words import lines_of, one_line
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken, StaleVersion
from ventanilla.core.ids import new_id
from ventanilla.core.secrecy import Secrecy

LONGEST_TERM = 365
SAID = ("name", "function_id", "secrecy", "local_words", "documents", "documents_days", "retired_on")


@dataclass(frozen=True, slots=True)
class ReasonDetails:
    """What an institution says of a reason. The name counts only where it is local; no secrecy is its parent's."""

    name: str = ""
    words: str = ""
    function_id: str | None = None
    secrecy: Secrecy | str = ""
    documents: str = ""
    documents_days: int | None = None


@transaction.atomic
def adopt_national_reasons() -> int:
    """Add, to the institution entered, the national reasons it does not have yet; returns how many. Idempotent.

    In the order of the national list, where a parent comes before its children.
    """
    present = list(Reason.objects.all())
    adopted = {reason.national_id: reason for reason in present if not reason.is_local}
    taken = {reason.name for reason in present}
    added = 0
    for national in NationalReason.objects.order_by("position"):
        if national.pk in adopted:
            continue
        adopted[national.pk] = Reason.objects.create(
            national=national,
            name=f"{national.name} (nacional)" if national.name in taken else national.name,
            index_group=national.index_group,
            secrecy=national.secrecy,
            function_id=national.function_id,
            parent=adopted[national.parent_id] if national.parent_id else None,
            position=national.position,
        )
        added += 1
    return added


@transaction.atomic
def add_local_reason(parent: Reason, details: ReasonDetails, *, by: Actor, reason_id: UUID | None = None) -> Reason:
    """A reason of the institution's own under a national one, whose index group it inherits for good.

    ``reason_id``, made with the form, makes a form sent twice add once.
    """
    require(by, Permission.REASON_MANAGE, parent)
    list(Reason.objects.select_for_update().order_by("id"))  # names and order are of the whole list
    if reason_id and (sent := Reason.objects.filter(pk=reason_id).first()):
        return sent
    parent.refresh_from_db()
    if parent.is_local or parent.is_retired_on(clock.today()):
        raise RuleBroken("Elija un motivo nacional en uso: de él hereda el grupo de índice.", field="parent")
    last = Reason.objects.order_by("-position").values_list("position", flat=True).first() or 0
    reason = Reason(
        id=reason_id or new_id(),
        national_id=parent.national_id,
        parent=parent,
        is_local=True,
        index_group=parent.index_group,
        position=last + 1,
    )
    _say(reason, details)
    reason.save(force_insert=True)
    _keep_version(reason, by=by)
    return reason


@transaction.atomic
def change_reason(reason: Reason, details: ReasonDetails, *, by: Actor, version: int) -> Reason:
    """Say something else of a reason from now on; consultations written before keep what it said then.

    ``version`` is the one that was read. The same sent again changes nothing. Its local reasons are never left more
    open than it.
    """
    _lock(reason, by=by)
    before = _said(reason)
    read = reason.version
    _say(reason, details)
    if _said(reason) == before:
        return reason
    if read != version:
        raise StaleVersion("Otra persona cambió este motivo mientras usted escribía. Vea cómo quedó y decida.")
    _save(reason, by=by)
    for child in Reason.objects.filter(parent=reason, is_local=True).select_for_update():
        if rules.is_more_open(child.secrecy, than=reason.secrecy):
            child.secrecy = reason.secrecy
            _save(child, by=by)
    return reason


@transaction.atomic
def retire_reason(reason: Reason, *, by: Actor, on: date) -> Reason:
    """No longer offered from a day on. What was written with it stays as it is."""
    _lock(reason, by=by)
    if on < clock.today():
        raise RuleBroken("Un motivo se retira desde hoy o desde un día que viene.", field="on")
    if reason.retired_on != on:
        reason.retired_on = on
        _save(reason, by=by)
    return reason


@transaction.atomic
def put_back_reason(reason: Reason, *, by: Actor) -> Reason:
    """Offered again, as it was."""
    _lock(reason, by=by)
    if reason.retired_on is not None:
        reason.retired_on = None
        _save(reason, by=by)
    return reason


@transaction.atomic
def move_reason(reason: Reason, *, by: Actor, up: bool) -> None:
    """One place up or down among those in use under the same reason. Order is no part of what a reason says."""
    require(by, Permission.REASON_MANAGE, reason)
    whole = list(Reason.objects.select_for_update().in_order())
    today = clock.today()
    beside = [r for r in whole if r.parent_id == reason.parent_id and not r.is_retired_on(today)]
    place = next((place for place, r in enumerate(beside) if r.pk == reason.pk), None)
    if place is None or not 0 <= place + (-1 if up else 1) < len(beside):
        return
    here, there = whole.index(beside[place]), whole.index(beside[place + (-1 if up else 1)])
    whole[here], whole[there] = whole[there], whole[here]
    moved = [(r, position) for position, r in enumerate(whole, start=1) if r.position != position]
    for r, position in moved:
        r.position = position
    Reason.objects.bulk_update([r for r, _ in moved], ["position"])


def _lock(reason: Reason, *, by: Actor) -> None:
    reason.refresh_from_db(from_queryset=Reason.objects.select_for_update())
    require(by, Permission.REASON_MANAGE, reason)


def _say(reason: Reason, details: ReasonDetails) -> None:
    """Put the details on the reason, each as it is stored, or say what is wrong with one."""
    if reason.is_local:
        reason.name = _free_name(reason, one_line(details.name))
    floor = reason.parent if reason.is_local and reason.parent else reason.national
    reason.secrecy = details.secrecy or floor.secrecy
    if rules.is_more_open(reason.secrecy, than=floor.secrecy):
        level = Secrecy(floor.secrecy).label.lower()
        raise RuleBroken(
            f"No puede ser menos reservado que «{floor.name}», que es de reserva {level}.", field="secrecy"
        )
    documents = "\n".join(lines_of(details.documents))
    if len(documents) > rules.LONGEST_LIST:
        raise RuleBroken(f"La lista de documentos pasa de {rules.LONGEST_LIST} letras. Acórtela.", field="documents")
    if details.documents_days is not None and not 1 <= details.documents_days <= LONGEST_TERM:
        raise RuleBroken(f"El plazo va de 1 a {LONGEST_TERM} días.", field="documents_days")
    reason.local_words = one_line(details.words)
    reason.function_id = details.function_id
    reason.documents = documents
    reason.documents_days = details.documents_days


def _free_name(reason: Reason, name: str) -> str:
    if not name:
        raise RuleBroken("Escriba el nombre del motivo.", field="name")
    for other in Reason.objects.exclude(pk=reason.pk):
        if other.name.casefold() == name.casefold():
            again = " Está retirado: puede volver a usarlo." if other.is_retired_on(clock.today()) else ""
            raise RuleBroken(f"Ya hay un motivo con el nombre «{other.name}».{again}", field="name")
    return name


def _said(reason: Reason) -> list[object]:
    return [getattr(reason, name) for name in SAID]


def _save(reason: Reason, *, by: Actor) -> None:
    reason.version += 1
    reason.save()
    _keep_version(reason, by=by)


def _keep_version(reason: Reason, *, by: Actor) -> None:
    said = dict(_named_values(reason))
    ReasonVersion.objects.create(
        reason=reason,
        number=reason.version,
        at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
        **said,
    )


def _named_values(reason: Reason) -> Iterator[tuple[str, object]]:
    return ((name, getattr(reason, name)) for name in SAID)
