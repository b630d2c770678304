"""What somebody writes of an entry, and what of it is wrong: pure rules over plain values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils.timezone import get_current_timezone

from ventanilla.access.models import Provider, Site, Unit
from ventanilla.catalogue.models.content import Audience, Modality
from ventanilla.catalogue.words import lines_of, one_line, paragraphs_of
from ventanilla.core.errors import RuleBroken
from ventanilla.core.secrecy import SECRECY_ORDER, Secrecy

MOST_PESOS = 9_999_999_999
MOST_AMOUNTS = 12
MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class Amount:
    """Pesos between two days, or so many times an amount of the law's table, which has its own days."""

    label: str
    pesos: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    legal: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is asked for, and when that site attends."""

    site: Site
    hours: str = ""


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """What is written of an entry. Of a national one, only what an institution completes is taken."""

    name: str = ""
    plain: str = ""
    who: str = ""
    modality: Modality | str = ""
    audience: Sequence[str] = ()
    objective: str = ""
    words: str = ""
    documents: str = ""
    steps: str = ""
    cost: str = ""
    criterion: str = ""
    evaluation_days: int | None = None
    allocation_days: int | None = None
    act_kind: str = ""
    act_name: str = ""
    act_number: str = ""
    act_on: date | None = None
    act_url: str = ""
    more_url: str = ""
    needs_report: bool = False
    needs_decree: bool = False
    exclusion_ground: str = ""
    amounts: Sequence[Amount] = ()
    opens_on: date | None = None
    closes_on: date | None = None
    budget: int | None = None
    budget_line: str = ""
    places_count: int | None = None
    local_documents: str = ""
    local_words: str = ""
    local_note: str = ""
    contact: str = ""
    places: Sequence[Place] = ()
    unit: Unit | None = None
    provider: Provider | None = None
    reasons: Sequence[UUID] = ()
    secrecy: Secrecy | str = Secrecy.ORDINARY


_LISTS = ("documents", "steps", "local_documents")
_PROSE = ("plain", "who", "objective", "criterion", "local_note")
_LINES = (
    *("name", "words", "cost", "act_kind", "act_name", "act_number", "act_url", "more_url", "exclusion_ground"),
    *("budget_line", "local_words", "contact"),
)
_PLAIN = (
    *("modality", "evaluation_days", "allocation_days", "act_on", "needs_report", "needs_decree"),
    *("opens_on", "closes_on", "budget", "places_count"),
)


def kept_of(details: EntryDetails, columns: Mapping[str, int | None]) -> dict[str, Any]:
    """Each value as it is kept; raises ``RuleBroken`` at the first that is wrong. ``columns`` are the longest texts."""
    kept: dict[str, Any] = {name: one_line(getattr(details, name)) for name in _LINES}
    kept |= {name: paragraphs_of(getattr(details, name)) for name in _PROSE}
    kept |= {name: "\n".join(lines_of(getattr(details, name))) for name in _LISTS}
    kept |= {name: getattr(details, name) for name in _PLAIN}
    kept["audience"] = [one for one in Audience if one in details.audience]
    kept["amounts"] = list(_kept_amounts(details.amounts))
    kept["places"] = [_kept_place(place) for place in details.places[:MOST_PLACES]]
    for name, longest in columns.items():
        if longest is not None and len(kept.get(name) or "") > longest:
            raise RuleBroken(f"El texto pasa de {longest} letras. Acórtelo.", field=name)
    for name in ("act_url", "more_url"):
        if kept[name] and not kept[name].startswith(("https://", "http://")):
            raise RuleBroken("La dirección comienza con https://.", field=name)
    if kept["modality"] and kept["modality"] not in Modality.values:
        raise RuleBroken("Elija una modalidad.", field="modality")
    if details.opens_on and details.closes_on and details.closes_on < details.opens_on:
        raise RuleBroken("El plazo no puede terminar antes de empezar.", field="closes_on")
    if details.budget is not None and not 0 <= details.budget <= 10**15:
        raise RuleBroken("El monto global no puede ser negativo.", field="budget")
    return kept


def _kept_amounts(amounts: Sequence[Amount]) -> Iterator[dict[str, Any]]:
    if len(amounts) > MOST_AMOUNTS:
        raise RuleBroken(f"Son más de {MOST_AMOUNTS} montos. Deje los que valen.", field="amounts")
    until: dict[str, date] = {}
    for amount in sorted(amounts, key=lambda one: (one.label.casefold(), one.starts_on or date.max)):
        label = one_line(amount.label)[:120]
        if not label:
            raise RuleBroken("Diga qué es el monto: por persona, tope, al mes.", field="amounts")
        if amount.legal:
            yield {"label": label, "legal": amount.legal, "times": amount.times}
            continue
        if amount.pesos is None or not 0 < amount.pesos <= MOST_PESOS:
            raise RuleBroken(f"«{label}»: escriba el monto en pesos.", field="amounts")
        if amount.starts_on is None:
            raise RuleBroken(
                f"«{label}»: diga desde qué día vale. Un monto sin vigencia no se publica.", field="amounts"
            )
        if amount.ends_on and amount.ends_on < amount.starts_on:
            raise RuleBroken(f"«{label}»: no puede dejar de valer antes de empezar.", field="amounts")
        if until.get(label.casefold(), date.min) >= amount.starts_on:
            raise RuleBroken(f"«{label}»: dos montos valen el mismo día. Ponga término al primero.", field="amounts")
        until[label.casefold()] = amount.ends_on or date.max
        ends = amount.ends_on.isoformat() if amount.ends_on else None
        yield {"label": label, "pesos": amount.pesos, "from": amount.starts_on.isoformat(), "until": ends}


def _kept_place(place: Place) -> dict[str, str]:
    site = place.site
    where = ", ".join(part for part in (site.address, site.commune.name) if part)
    return {"site": str(site.pk), "name": site.name, "address": where, "hours": one_line(place.hours)[:120]}


class HasStart(Protocol):
    starts_on: date
    at: datetime


def refuse_start(starts_on: date, last: HasStart | None, *, today: date, is_history: bool) -> None:
    """Raise ``RuleBroken`` unless a version may begin that day, the one before it being ``last``.

    The past is written only on the day the entry comes into the catalogue: afterwards people were told what it says.
    """
    if starts_on < today:
        if not is_history:
            raise RuleBroken("Una versión vale desde hoy o desde un día que viene.", field="starts_on")
        if last and last.at.astimezone(get_current_timezone()).date() < today:
            raise RuleBroken("Su historia se escribe el día en que entra al catálogo, y ya pasó.", field="starts_on")
    if last and starts_on < last.starts_on:
        raise RuleBroken(
            f"Ya hay una versión que vale desde el {last.starts_on:%d-%m-%Y}: la nueva no puede ser anterior.",
            field="starts_on",
        )


def refuse_opening(before: str, after: str, *, starts_on: date, today: date) -> None:
    """Raise ``RuleBroken`` when what is secret today would be open from a day that comes: secrecy changes at once."""
    order = [str(level) for level in SECRECY_ORDER]
    if starts_on > today and order.index(after) < order.index(before):
        raise RuleBroken(
            "Lo que hoy es reservado no se abre desde un día que viene: publíquelo ese día.", field="starts_on"
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the entry does not say. ``stops`` when it cannot be published without it."""

    field: str
    what: str
    stops: bool


def missing_of(said: Any) -> Iterator[Missing]:
    """What it lacks to be published, and what Ley 20.285 asks to publish and it does not say. ``said`` is a draft."""
    if not said.name:
        yield Missing("name", "El nombre", stops=True)
    if not said.plain:
        yield Missing("plain", "Qué es, en palabras simples", stops=True)
    if not said.modality:
        yield Missing("modality", "La modalidad", stops=True)
    if said.unit_id is None and said.provider_id is None:
        yield Missing("unit", "La unidad o el prestador que la entrega", stops=True)
    if not said.who and not said.rule:
        yield Missing("who", "Quién puede recibirla", stops=False)
    if not (said.documents or said.local_documents):
        yield Missing("documents", "Qué hay que llevar", stops=False)
    if not said.places:
        yield Missing("places", "Dónde y cuándo se pide", stops=False)
    for name, what in (("objective", "El objetivo"), ("criterion", "El criterio de evaluación y asignación")):
        if not getattr(said, name):
            yield Missing(name, what, stops=False)
    if not said.act_name:
        yield Missing("act_name", "El acto que la creó", stops=False)
    if said.evaluation_days is None or said.allocation_days is None:
        yield Missing("evaluation_days", "Los plazos de evaluación y asignación", stops=False)
