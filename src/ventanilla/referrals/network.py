"""Who refers to whom, how much and how fast: counts of an institution's units and protocols, nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Provider, Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.referrals.models import Referral
from ventanilla.referrals.models.referrals import ReferralQuerySet
from ventanilla.referrals.states import ReferralState

PERIODS = {30: "30 días", 90: "90 días", 365: "Un año"}
"""How far one may look back."""


class Median(Aggregate):
    function = "percentile_cont"
    template = "percentile_cont(0.5) within group (order by %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Flow:
    """Those sent in the period, and how they stand. ``days`` is the median from sent to answered, of those answered."""

    sent: int
    open: int
    late: int
    answered: int
    in_time: int
    unanswered: int
    days: float | None

    @property
    def share_in_time(self) -> str:
        """Of those answered; in words where there is none."""
        return f"{round(100 * self.in_time / self.answered)} %" if self.answered else "Sin respuestas"

    @property
    def days_in_words(self) -> str:
        if self.days is None:
            return "—"
        return "menos de 1 día" if self.days < 1 else "1 día" if round(self.days) == 1 else f"{round(self.days)} días"


@dataclass(frozen=True, slots=True)
class Edge:
    """What one unit sent to another, or to a provider."""

    sender_id: UUID
    sender: str
    receiver_id: UUID
    receiver: str
    flow: Flow


@dataclass(frozen=True, slots=True)
class OfProtocol:
    """``name`` is of the protocol, whatever its version, or that there was none."""

    name: str
    flow: Flow


@dataclass(frozen=True, slots=True)
class Network:
    since: date
    edges: Sequence[Edge]
    protocols: Sequence[OfProtocol]


def open_network(by: Actor, *, days: int) -> Network:
    """Four queries. What is above the actor is not counted."""
    require(by, Permission.REFERRAL_OVERSEE)
    today = clock.today()
    since = today - timedelta(days=days)
    sent = Referral.objects.visible_to(by).filter(sent_at__gte=clock.now() - timedelta(days=days))
    names = {one.pk: one.name for one in Unit.objects.filter(institution_id=by.institution)}
    names |= {one.pk: one.name for one in Provider.objects.filter(institution_id=by.institution)}
    edges = []
    for row in _counted(sent, today, "from_unit_id", "to_unit_id", "to_provider_id"):
        sender, receiver = row["from_unit_id"], row["to_unit_id"] or row["to_provider_id"]
        edges.append(Edge(sender, names[sender], receiver, names[receiver], _flow(row)))
    number, name = "protocol__protocol__number", "protocol__protocol__name"
    protocols = [
        OfProtocol(f"P-{row[number]:02d} {row[name]}" if row[number] else "Sin protocolo", _flow(row))
        for row in _counted(sent, today, number, name)
    ]
    edges.sort(key=lambda edge: (-edge.flow.sent, edge.sender, edge.receiver))
    protocols.sort(key=lambda one: -one.flow.sent)
    return Network(since, edges, protocols)


def _counted(sent: ReferralQuerySet, today: date, *by: str) -> list[dict[str, Any]]:
    is_open, is_answered = Q(ended_at__isnull=True), Q(state=ReferralState.ANSWERED)
    took = ExpressionWrapper(F("ended_at") - F("sent_at"), output_field=DurationField())
    grouped = sent.order_by().values(*by)
    rows = grouped.annotate(
        sent=Count("id"),
        open=Count("id", filter=is_open),
        late=Count("id", filter=is_open & Q(due_on__lt=today)),
        answered=Count("id", filter=is_answered),
        in_time=Count("id", filter=is_answered & Q(ended_at__date__lte=F("answer_by"))),
        took=Median(took, filter=is_answered),
    )
    return list(rows)


def _flow(row: dict[str, Any]) -> Flow:
    took: timedelta | None = row["took"]
    return Flow(
        sent=row["sent"],
        open=row["open"],
        late=row["late"],
        answered=row["answered"],
        in_time=row["in_time"],
        unanswered=row["sent"] - row["open"] - row["answered"],
        days=took / timedelta(days=1) if took is not None else None,
    )
