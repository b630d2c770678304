"""What the operations of referrals take and answer."""

from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from ventanilla.core.api import Given, Line, Prose, Shown
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.api import PersonNamed
from ventanilla.referrals.outside.states import Consent
from ventanilla.referrals.states import AnswerOutcome, NextStep, ReferralEvent, ReferralKind, ReferralState


class Box(StrEnum):
    """What came to the unit or went from it; what is open, or what ended."""

    IN = "in"
    OUT = "out"
    ENDED_IN = "ended_in"
    ENDED_OUT = "ended_out"


class NewReferral(Given):
    lines: list[UUID] = Field(min_length=1, max_length=20, description="Los motivos de la consulta que se derivan.")
    to_unit_id: UUID | None = Field(None, description="La unidad que la recibe; o esta o un prestador.")
    to_provider_id: UUID | None = Field(None, description="El prestador externo que la recibe.")
    to_function: Line = Field("", max_length=24, description="O una función: la recibe la unidad que la tiene.")
    to_account_id: UUID | None = Field(None, description="Una persona de esa unidad; obligatoria si es restringida.")
    asked: Prose = Field(min_length=1, max_length=1000, description="Qué se pide, en una o dos frases.")
    walks: bool = Field(False, description="Pasa ahora: su número de hoy queda en la fila de esa unidad.")
    is_urgent: bool = False
    urgency: Line = Field("", max_length=300, description="Por qué es urgente.")
    papers: list[Line] = Field(
        default_factory=list, max_length=20, description="Los antecedentes mínimos del protocolo que van con ella."
    )
    legal_ground: Line = Field("", max_length=300, description="A un prestador: qué función legal lo permite.")
    consent: Consent | None = Field(None, description="A un prestador: cómo lo autorizó la persona.")
    submission_id: UUID | None = Field(None, description="Hecho por el cliente: el mismo da la misma derivación.")

    @model_validator(mode="after")
    def one_receiver(self) -> Self:
        if [self.to_unit_id, self.to_provider_id, self.to_function or None].count(None) != 2:
            raise ValueError("Diga una unidad, un prestador o una función, y uno solo.")
        return self

    @property
    def receiver_id(self) -> UUID | None:
        return self.to_unit_id or self.to_provider_id


class Said(Given):
    said: Line = Field(min_length=1, max_length=500, description="Por qué, o qué; lo leen las dos unidades.")


class MaybeSaid(Given):
    said: Line = Field("", max_length=500)


class Rejection(Given):
    ground: Line = Field(min_length=1, max_length=200, description="Una de las causas del protocolo, si alguno rige.")
    note: Line = Field("", max_length=300)


class Hour(Given):
    at: AwareDatetime


class Forwarding(Given):
    to_unit_id: UUID
    to_account_id: UUID | None = Field(None, description="Una persona de esa unidad; obligatoria si es restringida.")
    reason: Line = Field(min_length=1, max_length=300, description="Por qué; lo leen las tres unidades.")


class Assignment(Given):
    account_id: UUID | None = Field(description="Nulo: nadie la tiene.")
    reason: Line = Field("", max_length=300)


class NewAnswer(Given):
    outcome: AnswerOutcome
    done: Prose = Field(min_length=1, max_length=2000)
    next_step: NextStep = NextStep.NONE
    next_on: date | None = None


class ReferralHead(Shown):
    """Where a referral stands: what a write answers."""

    id: UUID
    folio: str
    state: ReferralState
    version: int
    due_on: date
    assigned_to_id: UUID | None


class ReferralRow(Shown):
    id: UUID
    folio: str
    state: ReferralState
    title: str
    is_urgent: bool
    person: PersonNamed
    unit: str = Field(description="La otra: de donde vino, o a donde fue.")
    holder: str
    due_on: date
    sent_at: datetime
    ended_at: datetime | None


class ReferralPage(Shown):
    items: list[ReferralRow]
    next_cursor: str | None = Field(description="Para pedir la página que sigue; nulo en la última.")


class PacketLine(Shown):
    field: str = Field("", description="Cuál de los datos del protocolo es.")
    label: str
    value: str
    source: str


class StepShown(Shown):
    event: ReferralEvent
    after: ReferralState
    at: datetime
    by: str | None = Field(description="Nulo cuando lo hizo el plazo, o alguien de afuera por enlace.")
    said_by: str = Field(description="Quién lo dijo afuera, si es de un prestador.")
    note: str


class AnswerShown(Shown):
    outcome: AnswerOutcome
    done: str
    next_step: NextStep
    next_on: date | None
    at: datetime


class ReferralShown(ReferralHead):
    title: str
    kind: ReferralKind
    secrecy: Secrecy
    person: PersonNamed
    consultation_id: UUID
    protocol_version_id: UUID | None
    from_unit: str
    receiver: str
    to_unit_id: UUID | None
    to_provider_id: UUID | None
    asked: str
    is_urgent: bool
    urgency: str
    packet: list[PacketLine]
    papers: list[str]
    wanting: str
    appointed_at: datetime | None
    accept_by: date
    answer_by: date
    expires_on: date
    tell_by: date | None
    sent_at: datetime
    received_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    answer: AnswerShown | None
    steps: list[StepShown]
