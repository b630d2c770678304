"""The shapes in which the API takes and shows entries of the catalogue."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from ventanilla.catalogue.entries.details import MOST_AMOUNTS, MOST_PLACES, Amount, missing_of
from ventanilla.catalogue.entries.states import EntryState, SuspensionGround
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion
from ventanilla.catalogue.models.content import Audience, Modality
from ventanilla.catalogue.rule.checks import MOST_CONDITIONS
from ventanilla.catalogue.rule.conditions import Condition, Rule, rule_in_words
from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose
from ventanilla.core.api import Given, Line, Prose, Shown
from ventanilla.core.secrecy import Secrecy

# Given and shown alike


class ConditionShape(Given):
    """One thing that is asked. Which parts a kind uses is told when one is missing or too many."""

    kind: Kind
    low: int | None = None
    high: int | None = None
    values: list[Line] = Field(default_factory=list, max_length=20)
    months: int | None = None
    times: int | None = None
    whose: Whose | None = None
    text: Line = ""
    group: Line = Field("", max_length=20, description="Las del mismo grupo son alternativas: basta una.")
    only_from: int | None = Field(None, description="Se pregunta solo a quien tiene esta edad o más.")
    only_to: int | None = None
    article: Line = Field("", max_length=120, description="De dónde viene.")

    def condition(self) -> Condition:
        return Condition(**self.model_dump() | {"values": tuple(self.values)})


class RuleShape(Given):
    subject: Subject = Subject.PERSON
    conditions: list[ConditionShape] = Field(default_factory=list, max_length=MOST_CONDITIONS)

    def rule(self) -> Rule:
        return Rule(self.subject, tuple(one.condition() for one in self.conditions))


class AmountShape(Given):
    """Pesos desde un día, o tantas veces un monto de la ley, que tiene sus propios días."""

    label: Line
    pesos: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    legal: Line = Field("", max_length=40, description="Código del monto legal.")
    times: int = Field(1, ge=1, le=100)

    def amount(self) -> Amount:
        return Amount(**self.model_dump())


# Given


class PlaceGiven(Given):
    site_id: UUID
    hours: Line = ""


class EntryGiven(Given):
    """What an entry says, whole: what does not come is left empty. Of a national one, only what is completed here."""

    name: Line = ""
    plain: Prose = Field("", description="Qué es, en palabras simples.")
    who: Prose = Field("", description="Quién puede recibirlo, en palabras.")
    modality: Modality | None = None
    audience: list[Audience] = Field(default_factory=list, max_length=len(Audience))
    objective: Prose = ""
    words: Line = Field("", description="Cómo lo pide la gente.")
    documents: list[Line] = Field(default_factory=list, max_length=40)
    steps: list[Line] = Field(default_factory=list, max_length=40)
    cost: Line = Field("", description="Costo para la persona; vacío si no tiene.")
    criterion: Prose = ""
    evaluation_days: int | None = Field(None, ge=0, le=1000)
    allocation_days: int | None = Field(None, ge=0, le=1000)
    act_kind: Line = ""
    act_name: Line = ""
    act_number: Line = ""
    act_on: date | None = None
    act_url: Line = ""
    more_url: Line = ""
    needs_report: bool = False
    needs_decree: bool = False
    exclusion_ground: Line = ""
    amounts: list[AmountShape] = Field(default_factory=list, max_length=MOST_AMOUNTS)
    opens_on: date | None = None
    closes_on: date | None = None
    budget: int | None = None
    budget_line: Line = ""
    places_count: int | None = Field(None, ge=0, le=10**9, description="Cupos.")
    local_documents: list[Line] = Field(default_factory=list, max_length=40)
    local_words: Line = ""
    local_note: Prose = ""
    contact: Line = ""
    places: list[PlaceGiven] = Field(default_factory=list, max_length=MOST_PLACES)
    unit_id: UUID | None = None
    provider_id: UUID | None = None
    reasons: list[UUID] = Field(default_factory=list, max_length=50, description="Motivos que la sugieren.")
    secrecy: Secrecy = Secrecy.ORDINARY
    rule: RuleShape | None = Field(None, description="Nula, queda la que había.")


class NewEntry(EntryGiven):
    name: Line = Field(min_length=1)
    entry_id: UUID | None = Field(None, description="Hecho por el cliente: el mismo da la misma prestación.")


_NEWEST = "La última versión publicada cuando se leyó: si ya hay otra, es 409."


class DraftGiven(EntryGiven):
    version: int | None = Field(None, ge=0, description="La leída, 0 si no había borrador; otra es 409.")
    number: int | None = Field(None, ge=0, description=_NEWEST)


class DraftStep(Given):
    version: int | None = Field(None, ge=1, description="La del borrador leído; si cambió después, es 409.")


class Publication(DraftStep):
    number: int | None = Field(None, ge=0, description=_NEWEST)
    starts_on: date | None = Field(None, description="Desde cuándo vale; hoy, si falta.")
    note: Line = Field("", max_length=300, description="Qué cambió.")


class Because(Given):
    reason: Line = Field(min_length=1, max_length=400)


class Suspension(Given):
    ground: SuspensionGround
    until: date | None = None
    reason: Line = Field("", max_length=400)


class Closing(Because):
    replaced_by: UUID | None = None


class Revalidation(Given):
    version: int | None = Field(None, ge=1, description="La de la prestación leída; si cambió después, es 409.")


# Shown


class PlaceShown(Shown):
    site_id: UUID
    name: str
    address: str
    hours: str


class SaidShown(Shown):
    name: str
    plain: str
    who: str
    modality: Modality | None
    audience: list[Audience]
    objective: str
    words: str
    documents: list[str]
    steps: list[str]
    cost: str
    criterion: str
    evaluation_days: int | None
    allocation_days: int | None
    act_kind: str
    act_name: str
    act_number: str
    act_on: date | None
    act_url: str
    more_url: str
    needs_report: bool
    needs_decree: bool
    exclusion_ground: str
    amounts: list[AmountShape]
    opens_on: date | None
    closes_on: date | None
    budget: int | None
    budget_line: str
    places_count: int | None
    local_documents: list[str]
    local_words: str
    local_note: str
    contact: str
    places: list[PlaceShown]
    unit_id: UUID | None
    provider_id: UUID | None
    rule: RuleShape
    rule_in_words: list[str]


class MissingShown(Shown):
    field: str
    what: str
    stops: bool = Field(description="Si impide publicar.")


class DraftShown(SaidShown):
    """``version`` 0: there is no draft, and this is what one would begin with."""

    version: int
    reasons: list[UUID]
    secrecy: Secrecy
    submitted_at: datetime | None
    missing: list[MissingShown]


class VersionShown(SaidShown):
    number: int
    national_number: int | None
    starts_on: date
    note: str
    at: datetime


class EntryHead(Shown):
    """Where an entry stands. ``version`` is that of the entry; ``draft_version`` of its draft, 0 without one."""

    id: UUID
    code: str
    national_id: str | None
    state: EntryState
    secrecy: Secrecy
    unit_id: UUID | None
    number: int = Field(description="La última versión publicada; 0 si ninguna.")
    suspended_for: SuspensionGround | None
    suspended_until: date | None
    closed_on: date | None
    revalidate_on: date | None
    version: int
    draft_version: int


class EntryRow(EntryHead):
    name: str
    plain: str


class EntryList(Shown):
    items: list[EntryRow]


class EntryShown(EntryHead):
    in_force: VersionShown | None = Field(description="Lo que dice hoy; nulo si todavía nada.")


class VersionList(Shown):
    items: list[VersionShown]


# From records


def head_shown(entry: Entry, *, draft_version: int) -> EntryHead:
    return EntryHead(**head_of(entry, draft_version=draft_version))


def head_of(entry: Entry, *, draft_version: int) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "code": entry.code,
        "national_id": entry.national_id,
        "state": EntryState(entry.state),
        "secrecy": Secrecy(entry.secrecy),
        "unit_id": entry.unit_id,
        "number": entry.number,
        "suspended_for": SuspensionGround(entry.suspended_for) if entry.suspended_for else None,
        "suspended_until": entry.suspended_until,
        "closed_on": entry.closed_on,
        "revalidate_on": entry.revalidate_on,
        "version": entry.version,
        "draft_version": draft_version,
    }


def version_shown(version: EntryVersion, own: dict[str, str]) -> VersionShown:
    return VersionShown(
        **_said(version, own),
        number=version.number,
        national_number=version.national_number,
        starts_on=version.starts_on,
        note=version.note,
        at=version.at,
    )


def draft_shown(draft: EntryDraft, own: dict[str, str]) -> DraftShown:
    return DraftShown(
        **_said(draft, own),
        version=draft.version,
        reasons=draft.reasons,
        secrecy=Secrecy(draft.secrecy),
        submitted_at=draft.submitted_at,
        missing=[MissingShown(field=one.field, what=one.what, stops=one.stops) for one in missing_of(draft)],
    )


_AS_THEY_ARE = (
    *("name", "plain", "who", "objective", "words", "cost", "criterion", "evaluation_days", "allocation_days"),
    *("act_kind", "act_name", "act_number", "act_on", "act_url", "more_url", "needs_report", "needs_decree"),
    *("exclusion_ground", "opens_on", "closes_on", "budget", "budget_line", "places_count", "local_words"),
    *("local_note", "contact", "unit_id", "provider_id"),
)


def _said(said: EntryDraft | EntryVersion, own: dict[str, str]) -> dict[str, Any]:
    return {name: getattr(said, name) for name in _AS_THEY_ARE} | {
        "modality": Modality(said.modality) if said.modality else None,
        "audience": [Audience(one) for one in said.audience],
        "documents": said.document_list,
        "steps": said.step_list,
        "local_documents": said.local_documents.splitlines(),
        "amounts": [_amount(kept) for kept in said.amounts],
        "places": [
            PlaceShown(site_id=kept["site"], name=kept["name"], address=kept["address"], hours=kept["hours"])
            for kept in said.places
        ],
        "rule": RuleShape.model_validate(said.rule or {}),
        "rule_in_words": rule_in_words(said.asks, own),
    }


def _amount(kept: dict[str, Any]) -> AmountShape:
    if "legal" in kept:
        return AmountShape(label=kept["label"], legal=kept["legal"], times=kept["times"])
    days = {"starts_on": kept["from"], "ends_on": kept["until"]}
    return AmountShape.model_validate({"label": kept["label"], "pesos": kept["pesos"], **days})
