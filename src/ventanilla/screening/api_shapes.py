"""What the API answers of a screening: each block in the shape that it has outside."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from ventanilla.benefits.models import Delivery
from ventanilla.core.api import Shown
from ventanilla.intake.states import Channel, ConsultationState, Outcome
from ventanilla.registry.api import PersonMatch
from ventanilla.registry.profiles import Profile
from ventanilla.registry.vocabulary import ContactKind, DwellingKind, FactKind, Rurality, Source
from ventanilla.screening.profiles import Block


class SourceShown(Shown):
    source: Source
    as_of: date


class ContactShown(Shown):
    kind: ContactKind
    value: str
    note: str
    do_not_call: bool
    source: Source
    as_of: date


class DwellingShown(Shown):
    kind: DwellingKind
    address: str
    sector: str
    neighbourhood_unit: str
    rurality: Rurality | None


class AlertShown(Shown):
    tone: str
    title: str
    detail: str


class FactShown(Shown):
    """What one source says of a person or of the home (without ``person_id``)."""

    kind: FactKind
    person_id: UUID | None
    value: str
    amount: int | None = Field(description="pesos")
    valid_from: date | None
    valid_until: date | None
    source: Source
    as_of: date


class BracketShown(Shown):
    value: int = Field(description="por ciento")
    source: SourceShown
    earlier: list[FactShown]


class MemberShown(Shown):
    id: UUID
    name: str
    kinship: str
    is_head: bool
    age: int | None
    notes: list[str]


class BenefitShown(Shown):
    name: str
    person_id: UUID | None
    amount: int | None = Field(description="pesos")
    since: date | None
    until: date | None
    ends_soon: bool
    holder_id: UUID | None = Field(description="quien lo cobra, si es otra persona de este hogar")
    detail: str
    gone_on: date | None = Field(description="fecha del primer extracto en que ya no figura")
    differs: bool = Field(description="la persona declara otra cosa")
    source: SourceShown


class RequestShown(Shown):
    """A request to the RSH, as the last extract had it."""

    folio: str
    person_id: UUID | None
    state: str
    since: date | None
    ended_on: date | None
    as_of: date


class YearShown(Shown):
    year: int
    count: int
    amount: int = Field(description="pesos")


class OpenItemShown(Shown):
    kind: str
    unit: str
    state: str
    since: datetime
    due: date | None
    folio: str
    reasons: str


class DeliveryShown(Shown):
    label: str
    person_id: UUID | None
    quantity: float | None
    measure: str
    amount: int | None = Field(description="pesos")
    act: str
    delivered_on: date
    unit: str | None
    origin: Delivery.Origin


class GivenShown(Shown):
    """What the municipality gave lately to her or her home, by the name of its catalogue."""

    label: str
    on: date


class PastLine(Shown):
    reason: str
    outcome: Outcome | None
    answer: str


class PastConsultation(Shown):
    id: UUID
    folio: str
    person_id: UUID | None
    unit: str
    channel: Channel
    state: ConsultationState
    occurred_at: datetime
    lines: list[PastLine]
    notes: str


class RegistryShown(Shown):
    """How fresh a registry is: the newest date of what it says of this home, and of anybody here."""

    name: str
    source: Source | None = Field(description="nulo en el registro municipal de ayudas")
    is_loaded: bool
    as_of: date | None
    reaches: date | None


class ScreeningShown(Shown):
    """What is known of a home on a day. A block that is not in ``blocks`` is not of this profile: null, never empty."""

    person: PersonMatch
    profile: Profile
    compiled_at: datetime
    on: date
    blocks: list[Block]
    sources: dict[Block, list[SourceShown]]
    home_id: UUID | None
    has_priority: bool
    alerts: list[AlertShown]
    contacts: list[ContactShown]
    dwelling: DwellingShown | None
    bracket: BracketShown | None
    declared_bracket: FactShown | None
    members: list[MemberShown]
    members_source: SourceShown | None
    benefits: list[BenefitShown]
    no_longer: list[BenefitShown]
    requests: list[RequestShown]
    given: list[GivenShown]
    open_items: list[OpenItemShown]
    registries: list[RegistryShown]
    incomes: list[FactShown] | None
    dwelling_facts: list[FactShown] | None
    care: list[FactShown] | None
    familias: list[FactShown] | None
    deliveries: list[DeliveryShown] | None
    years: list[YearShown] | None
    consultations: list[PastConsultation] | None
