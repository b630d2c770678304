"""Two people on one entry: what one typed beside what the other kept, so that she can choose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ventanilla.access.actors import Actor
from ventanilla.catalogue.entries.writing.forms import Writing, said_in_form, sections
from ventanilla.catalogue.models import EntryDraft
from ventanilla.catalogue.words import listed
from ventanilla.core.money import format_pesos


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of the entry; blank is what that side does not say."""

    what: str
    mine: str
    kept: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """``who`` is empty when it is not known; ``is_published`` when what was kept is a version already."""

    who: str
    is_oneself: bool
    at: datetime
    is_published: bool
    parts: Sequence[Compared]


def conflict_between(kept: EntryDraft, writing: Writing, *, by: Actor) -> Conflict:
    """``writing`` is the page as it was typed; only what differs is compared."""
    parts = [part for part in _parts(kept, writing) if part.mine != part.kept]
    who = kept.written_by.full_name if kept.written_by else ""
    return Conflict(who, kept.written_by_id == by.account_id, kept.written_at, kept.version == 0, parts)


def _parts(kept: EntryDraft, writing: Writing) -> Iterator[Compared]:
    form = writing.form
    said = said_in_form(kept, type(form))
    for _, bound in sections(form):
        for one in bound:
            yield Compared(str(one.label), _told(one.field, one.value()), _told(one.field, said[one.name]))
    if writing.amounts:
        mine = (row.amount for row in writing.amounts if row.is_valid())
        own = [_amount(a.label, a.pesos, a.starts_on, a.ends_on) for a in mine if a]
        theirs = [
            _amount(
                a["label"], a["pesos"], date.fromisoformat(a["from"]), a["until"] and date.fromisoformat(a["until"])
            )
            for a in kept.amounts
            if "pesos" in a
        ]
        yield Compared("Montos", "\n".join(sorted(own)), "\n".join(sorted(theirs)))
    here = [_place(row.site.name, row.cleaned_data["hours"]) for row in writing.places if row.cleaned_data.get("here")]
    there = [_place(place["name"], place["hours"]) for place in kept.places]
    yield Compared("Dónde y cuándo", "\n".join(sorted(here)), "\n".join(sorted(there)))


def _told(field: Any, value: Any) -> str:
    """A value as somebody reads it."""
    choices = {str(getattr(code, "value", code)): str(label) for code, label in getattr(field, "choices", ()) if code}
    if isinstance(value, list):
        return listed([choices.get(str(one), str(one)) for one in value], last="y")
    if isinstance(value, bool):
        return "Sí" if value else "No"
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    return choices.get(text, text)


def _amount(label: str, pesos: int | None, starts: date | None, ends: date | None) -> str:
    until = f" hasta el {ends:%d-%m-%Y}" if ends else ""
    return f"{label}: {format_pesos(pesos or 0)}" + (f", desde el {starts:%d-%m-%Y}{until}" if starts else "")


def _place(name: str, hours: str) -> str:
    return f"{name}: {hours}" if hours else name
