"""What a compiled screening holds: plain facts, each block with its sources and dates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings

from ventanilla.benefits.models import Delivery
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import ContactPoint, Dwelling, Fact, Home, Person, ReadPurpose
from ventanilla.registry.profiles import Profile
from ventanilla.registry.vocabulary import BRACKETS, Source
from ventanilla.screening.deliveries import Year
from ventanilla.screening.events import Event
from ventanilla.screening.profiles import Block
from ventanilla.screening.statements import Statement

MOST_ALERTS = 3


@dataclass(frozen=True, slots=True)
class SourceDate:
    """Where a block was read, and the newest date of what it shows."""

    source: Source
    as_of: date

    @property
    def label(self) -> str:
        return self.source.label


@dataclass(frozen=True, slots=True)
class Alert:
    """Something wrong or urgent, in words. ``tone`` is bad, warn or info."""

    tone: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """How fresh one registry is for this home: ``as_of`` is the newest date of what it says of it, if anything.

    ``reaches`` is its newest date of anybody here. A register of our own does not age: its last line is just the last.
    """

    name: str
    as_of: date | None
    is_loaded: bool
    reaches: date | None = None
    source: Source | None = None
    ages: bool = True


@dataclass(frozen=True, slots=True)
class Given:
    """A municipal benefit handed over: what and when; ``person`` only of a member of the home that one may see."""

    label: str
    on: date
    person: Person | None = None
    is_of_another_home: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the home. ``notes`` are what matters of her, empty in the summary."""

    person: Person
    kinship: str
    is_head: bool
    age: int | None
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Benefit:
    """A subsidy or pension in force, or that is no longer in its extract since ``gone_on``.

    ``holder`` collects it for ``person``, if she is of this home; ``left`` says in words how long it still runs.
    """

    name: str
    person: Person | None
    amount: int | None
    until: date | None
    ends_soon: bool
    source: SourceDate
    since: date | None = None
    left: str = ""
    holder: Person | None = None
    detail: str = ""
    statement: Statement | None = None

    @property
    def gone_on(self) -> date | None:
        return self.statement.gone_on if self.statement else None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something not finished in some unit. ``folio`` and ``reasons`` are empty in the summary.

    ``url`` leads to it where it is of the unit of whoever looks.
    """

    kind: str
    unit: str
    state: str
    tone: str
    since: datetime
    due: date | None = None
    folio: str = ""
    reasons: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bracket:
    value: int
    source: SourceDate
    earlier: Sequence[Fact] = ()

    @property
    def steps(self) -> int:
        """How many of the seven steps are lit: the 40 % bracket is the first."""
        return BRACKETS.index(self.value) + 1 if self.value in BRACKETS else 0


@dataclass(frozen=True, slots=True)
class Screening:
    """What is known of a person and her home, compiled at a moment for one profile."""

    person: Person
    profile: Profile
    compiled_at: datetime
    on: date
    age: int | None
    blocks: frozenset[Block]
    home: Home | None = None
    dwelling: Dwelling | None = None
    contacts: Sequence[ContactPoint] = ()
    has_priority: bool = False
    alerts: Sequence[Alert] = ()
    bracket: Bracket | None = None
    declared_bracket: Fact | None = None
    members: Sequence[Member] = ()
    members_source: SourceDate | None = None
    benefits: Sequence[Benefit] = ()
    no_longer: Sequence[Benefit] = ()
    given: Sequence[Given] = ()
    open_items: Sequence[OpenItem] = ()
    incomes: Sequence[Fact] = ()
    dwelling_facts: Sequence[Fact] = ()
    care: Sequence[Fact] = ()
    familias: Sequence[Fact] = ()
    requests: Sequence[Statement] = ()
    deliveries: Sequence[Delivery] = ()
    years: Sequence[Year] = ()
    consultations: Sequence[Consultation] = ()
    registries: Sequence[Registry] = ()
    history: Sequence[Event] = ()
    purpose: ReadPurpose | None = None
    sources: dict[Block, Sequence[SourceDate]] = field(default_factory=dict)
    statements: dict[Block, Sequence[Statement]] = field(default_factory=dict)

    @property
    def declares_another_bracket(self) -> bool:
        """Whether the bracket that she declares is not the register's."""
        declared = self.declared_bracket
        return bool(declared and self.bracket and declared.value != str(self.bracket.value))

    def shows(self, block: Block) -> bool:
        return block in self.blocks

    @property
    def given_months(self) -> int:
        """For how long what was given is told of."""
        return int(settings.SAME_BENEFIT_MONTHS)

    @property
    def main_alerts(self) -> Sequence[Alert]:
        """The few that are read at a glance; the others stay under a fold."""
        return self.alerts[:MOST_ALERTS]

    @property
    def more_alerts(self) -> Sequence[Alert]:
        return self.alerts[MOST_ALERTS:]

    @property
    def unloaded(self) -> frozenset[Source | None]:
        """Registries never loaded here: of what only they say, nothing is known, which is not that there is nothing."""
        return frozenset(registry.source for registry in self.registries if not registry.is_loaded)
