"""What happened to a person and her home, in one order: events made of rows already read, by pure functions."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import models
from django.utils import timezone

from ventanilla.benefits.models import Delivery
from ventanilla.core.money import format_pesos
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Outcome
from ventanilla.referrals.models import Referral
from ventanilla.registry.models import Fact, Membership, Person
from ventanilla.registry.vocabulary import HELD_AT_ONCE, FactKind, Source

LONGEST_QUOTE = 280
STAMP = "%Y-%m-%dT%H:%M:%S.%f"


class EventKind(models.TextChoices):
    """What the timeline is filtered by."""

    CONSULTATION = "consultation", "Consultas"
    REFERRAL = "referral", "Derivaciones"
    BENEFIT = "benefit", "Subsidios y pensiones"
    DELIVERY = "delivery", "Ayudas entregadas"
    REGISTRY = "registry", "Lo que dicen los registros"
    DECLARED = "declared", "Lo que se declaró"


_ICONS = {
    EventKind.CONSULTATION: "note",
    EventKind.REFERRAL: "send",
    EventKind.BENEFIT: "gift",
    EventKind.DELIVERY: "gift",
    EventKind.REGISTRY: "book",
    EventKind.DECLARED: "edit",
}

REGISTERED, JOINED, STATED, RETURNED, ENDED, BEGAN, DELIVERED, CONSULTED, REFERRED = range(9)
"""Of one day, the later in this list are told first; what has an hour goes before what has only a date."""


class Key(NamedTuple):
    """Where an event stands in the whole order, the newest first. ``stamp`` is an instant in UTC, or empty."""

    on: date
    stamp: str
    rank: int
    id: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: what, when, to whom (to the home, without ``person``), and who says or did it."""

    key: Key
    kind: EventKind
    title: str
    more: str = ""
    at: datetime | None = None
    person: Person | None = None
    who: str = ""
    notes: str = ""
    url: str = ""
    tone: str = ""

    @property
    def on(self) -> date:
        return self.key.on

    @property
    def icon(self) -> str:
        return _ICONS[self.kind]

    @property
    def quote(self) -> str:
        notes = self.notes
        return notes if len(notes) <= LONGEST_QUOTE else f"{notes[: LONGEST_QUOTE - 1].rstrip()}…"

    @property
    def by(self) -> str:
        return " · ".join(part for part in (self.who, _called(self.person) if self.person else "") if part)


def newest(events: Iterable[Event], most: int, *, before: Key | None = None) -> list[Event]:
    """The newest events, as many as ``most``, of those that come after ``before`` in the order of reading."""
    return sorted((e for e in events if before is None or e.key < before), key=lambda e: e.key, reverse=True)[:most]


def of_consultations(
    consultations: Iterable[Consultation], *, is_full: bool, opens: Callable[[Consultation], bool]
) -> Iterator[Event]:
    """The summary tells the unit, the state and the date; the full profile also why she came and how it ended.

    ``opens`` says which of them the actor may open, besides being told.
    """
    for one in consultations:
        at = one.occurred_at
        lines = [
            f"{line} ({Outcome(line.outcome).label.lower()})" if line.outcome else str(line)
            for line in (one.lines.all() if is_full else ())
        ]
        who = [one.unit.name]
        if is_full and one.recorded_by:
            who.append(one.recorded_by.full_name)
        yield Event(
            Key(timezone.localtime(at).date(), f"{at.astimezone(UTC):{STAMP}}", CONSULTED, str(one.pk)),
            EventKind.CONSULTATION,
            title=", ".join(lines) or "Consulta",
            more=one.get_state_display().lower(),
            at=at,
            person=one.person,
            who=" · ".join(who),
            notes=one.notes if is_full else "",
            url=one.get_absolute_url() if opens(one) else "",
            tone=one.tone,
        )


def of_referrals(referrals: Iterable[Referral], *, is_full: bool, unit_id: UUID | None) -> Iterator[Event]:
    """The summary tells between which units, the state and the date; the full profile also why. Its parties open it."""
    for one in referrals:
        is_party = unit_id is not None and unit_id in (one.from_unit_id, one.to_unit_id)
        at = one.sent_at
        yield Event(
            Key(
                timezone.localtime(one.sent_at).date(), f"{one.sent_at.astimezone(UTC):{STAMP}}", REFERRED, str(one.pk)
            ),
            EventKind.REFERRAL,
            title=f"Derivación: {one.title}" if is_full or is_party else "Derivación",
            more=one.get_state_display().lower(),
            at=at,
            person=one.person,
            who=f"{one.from_unit} a {one.receiver}",
            url=one.get_absolute_url() if is_full or is_party else "",
            tone=one.tone,
        )


def of_deliveries(deliveries: Iterable[Delivery]) -> Iterator[Event]:
    for one in deliveries:
        amount = format_pesos(one.amount) if one.amount is not None else ""
        quantity = f"{one.quantity.normalize():f}".replace(".", ",") if one.quantity else ""
        if quantity and one.measure:  # the file writes the measure in the singular
            quantity = f"1 {one.measure}" if quantity == "1" else f"{quantity} × {one.measure}"
        yield Event(
            Key(one.delivered_on, "", DELIVERED, str(one.pk)),
            EventKind.DELIVERY,
            title=one.label,
            more=", ".join(part for part in (quantity, amount) if part),
            person=one.person,
            who=" · ".join(part for part in (one.unit.name if one.unit else "", one.act) if part),
            tone="ok",
        )


def of_facts(facts: Iterable[Fact], *, on: date) -> Iterator[Event]:
    """What changed: the same said again by a newer extract is no event. ``facts`` come in any order."""
    facts = sorted(facts, key=lambda fact: (fact.as_of, fact.pk))
    yield from _gone_and_back(fact for fact in facts if fact.as_of <= on)
    figuring = [fact for fact in facts if not fact.is_gone]
    yield from _benefits([fact for fact in figuring if fact.kind == FactKind.SUBSIDY], on)
    yield from _statements(fact for fact in figuring if fact.kind != FactKind.SUBSIDY and fact.as_of <= on)


def _gone_and_back(facts: Iterable[Fact]) -> Iterator[Event]:
    """The first extract without what another had brought, and the one that brings it again."""
    before: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        which = fact.value if fact.kind in HELD_AT_ONCE else ""
        subject = (fact.person_id, fact.home_id, fact.kind, fact.source, which)
        last = before.get(subject)
        before[subject] = fact
        if last and fact.is_gone and not last.is_gone:
            yield _event(fact, fact.as_of, ENDED, f"Ya no figura en el extracto: {last.label}", tone="warn")
        elif last and last.is_gone and not fact.is_gone:
            yield _event(fact, fact.as_of, RETURNED, f"Vuelve a figurar: {fact.label}")


def _benefits(facts: Sequence[Fact], on: date) -> Iterator[Event]:
    """Each beginning and each end, once, however many extracts brought them; the newest says amount and term."""
    granted: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        granted[fact.person_id, fact.value, fact.source, fact.valid_from].append(fact)
    for told in granted.values():
        first, last = told[0], told[-1]
        began = last.valid_from or first.as_of
        amount = format_pesos(last.amount) if last.amount is not None else ""
        if began <= on:
            title = f"Comienza {last.label}" if last.valid_from else f"Figura con {last.label}"
            yield _event(last, began, BEGAN, title, amount, tone="ok")
        if last.valid_until and last.valid_until <= on:
            yield _event(last, last.valid_until, ENDED, f"Termina {last.label}", tone="warn")


_HELD_AT_ONCE = frozenset({FactKind.FAMILIAS_INDICATOR, FactKind.DWELLING, FactKind.INCOME, FactKind.RSH_REQUEST})


def _statements(facts: Iterable[Fact]) -> Iterator[Event]:
    before: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        which = fact.value if fact.kind in _HELD_AT_ONCE else ""
        subject = (fact.person_id, fact.home_id, fact.kind, fact.source, which)
        last = before.get(subject)
        before[subject] = fact
        if last is None or (last.value, last.amount, last.detail) != (fact.value, fact.amount, fact.detail):
            more = f"(antes {_words(last)})" if last else ""
            yield _event(fact, fact.as_of, STATED, _title(fact), more)


def _title(fact: Fact) -> str:
    if fact.kind == FactKind.RSH_REQUEST:
        return f"Solicitud en el RSH. {fact.label}"
    if fact.kind == FactKind.RSH_BRACKET:
        return f"Tramo del {_words(fact)} en el RSH"
    if fact.amount is not None:
        name = "Ingreso del hogar" if fact.kind == FactKind.HOME_INCOME else f"Ingreso, {fact.label.lower()}"
        return f"{name}: {_words(fact)}"
    return fact.label


def _words(fact: Fact) -> str:
    if fact.kind == FactKind.RSH_BRACKET:
        return f"{fact.value}\N{NO-BREAK SPACE}%"
    if fact.kind == FactKind.RSH_REQUEST:
        return fact.label
    return format_pesos(fact.amount) if fact.amount is not None else fact.value


def _event(fact: Fact, on: date, rank: int, title: str, more: str = "", *, tone: str = "") -> Event:
    is_declared = fact.source == Source.DECLARED
    kind = EventKind.DECLARED if is_declared else EventKind.REGISTRY
    return Event(
        Key(on, "", rank, str(fact.pk)),
        EventKind.BENEFIT if fact.kind == FactKind.SUBSIDY else kind,
        title=title,
        more=more,
        person=fact.person,
        who=Source(fact.source).label,
        tone=tone,
    )


def of_home(memberships: Iterable[Membership]) -> Iterator[Event]:
    """Who came to the home, told together when it was the same day by the same source."""
    joined: dict[tuple[date, str], list[Membership]] = defaultdict(list)
    for membership in memberships:
        joined[membership.starts_on, membership.source].append(membership)
    for (day, source), members in joined.items():
        is_declared = source == Source.DECLARED
        yield Event(
            Key(day, "", JOINED, source),
            EventKind.DECLARED if is_declared else EventKind.REGISTRY,
            title="Integra el hogar:" if len(members) == 1 else "Integran el hogar:",
            more=", ".join(_called(membership.person) for membership in members),
            who=Source(source).label,
        )


def of_registration(person: Person) -> Event:
    is_declared = person.source == Source.DECLARED
    return Event(
        Key(timezone.localtime(person.recorded_at).date(), "", REGISTERED, str(person.pk)),
        EventKind.DECLARED if is_declared else EventKind.REGISTRY,
        title="Queda registrada en la municipalidad",
        person=person,
        who=Source(person.source).label,
    )


def _called(person: Person) -> str:
    return person.social_name or person.given_names
