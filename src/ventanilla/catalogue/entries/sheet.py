"""One entry as a sheet: what it says in a version, who may have it, what it is worth that day, and its whole life."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.amounts import AmountToday, amounts_on, legal_amounts
from ventanilla.catalogue.entries.details import Missing, missing_of
from ventanilla.catalogue.entries.reach import reaches
from ventanilla.catalogue.entries.revalidation import to_look_at
from ventanilla.catalogue.entries.states import TOLD, EntryState
from ventanilla.catalogue.models import Entry, EntryDraft, EntryReason, EntryTransition, EntryVersion, OwnFact
from ventanilla.catalogue.rule.conditions import Rule, rule_in_words


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked, in words, and where that comes from."""

    words: str
    articles: Sequence[str] = ()


def asked_in(rule: Rule, own: Mapping[str, str]) -> list[Asked]:
    sentences = zip(rule_in_words(rule, own), rule.clauses, strict=True)
    return [
        Asked(words, list(dict.fromkeys(one.article for one in clause if one.article))) for words, clause in sentences
    ]


def names_of_own_facts() -> dict[str, str]:
    """Those retired too: an old version goes on saying what it said."""
    return dict(OwnFact.objects.values_list("code", "name"))


@dataclass(frozen=True, slots=True)
class Turn:
    """A version with the days it holds. ``ends_on`` is None while none follows."""

    version: EntryVersion
    ends_on: date | None
    standing: str
    """``now``, ``past`` or ``future``."""

    @property
    def never_held(self) -> bool:
        return self.ends_on is not None and self.ends_on < self.version.starts_on


def turns_of(entry: Entry, on: date) -> list[Turn]:
    """Every version, the newest first. One query."""
    versions = EntryVersion.objects.filter(entry=entry).select_related("unit", "provider", "account")
    turns: list[Turn] = []
    next_starts: date | None = None
    is_now_found = False
    for version in versions.order_by("-number"):
        begun = version.starts_on <= on
        standing = "future" if not begun else "past" if is_now_found else "now"
        is_now_found = is_now_found or begun
        turns.append(Turn(version, next_starts - timedelta(days=1) if next_starts else None, standing))
        next_starts = min(next_starts, version.starts_on) if next_starts else version.starts_on
    return turns


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an entry says, read on a day. ``turn`` is None when it is a draft that is shown."""

    entry: Entry
    said: EntryVersion | EntryDraft
    turn: Turn | None
    on: date
    asked: Sequence[Asked]
    amounts: Sequence[AmountToday]

    @property
    def is_of_today(self) -> bool:
        return self.turn is not None and self.turn.standing == "now"

    @property
    def is_in_season(self) -> bool:
        return self.said.is_in_season(self.on)

    @property
    def amounts_day(self) -> date:
        return day_of_amounts(self.said, self.turn, self.on)

    @property
    def dated(self) -> list[tuple[str, int, date, date | None]]:
        """Its own amounts with their days, past and to come: label, pesos, from, until."""
        return [
            (
                one["label"],
                one["pesos"],
                date.fromisoformat(one["from"]),
                date.fromisoformat(one["until"]) if one["until"] else None,
            )
            for one in self.said.amounts
            if "pesos" in one
        ]

    @property
    def missing(self) -> list[Missing]:
        return list(missing_of(self.said))


def day_of_amounts(said: EntryVersion | EntryDraft, turn: Turn | None, on: date) -> date:
    """The amounts of a version of another time are those of the nearest day on which it holds."""
    if turn is None or turn.standing == "now":
        return on
    if turn.standing == "future" or turn.ends_on is None or turn.never_held:
        return turn.version.starts_on
    return turn.ends_on


def sheet_of(entry: Entry, said: EntryVersion | EntryDraft, turn: Turn | None, *, on: date) -> Sheet:
    """Two queries: the law's amounts and the names of own facts."""
    day = day_of_amounts(said, turn, on)
    asked = asked_in(said.asks, names_of_own_facts())
    return Sheet(entry, said, turn, on, asked, amounts_on(said, day, legal_amounts(day)))


def life_of(entry: Entry) -> Iterator[dict[str, object]]:
    """Its steps, the newest first, for ``timeline.html``."""
    steps = EntryTransition.objects.filter(entry=entry).select_related("account").order_by("-at", "-id")
    for step in steps:
        is_moved = step.before != step.after
        yield {
            "icon": "check" if step.number else "flag" if is_moved else "edit",
            "title": EntryState(step.after).label if is_moved else step.reason,
            "at": step.at,
            "by": step.account.full_name if step.account else "Catálogo nacional",
            "quote": step.reason if is_moved else "",
        }


def suggested_by(entry: Entry) -> list[str]:
    """The reasons of a consultation that suggest it."""
    rows = EntryReason.objects.filter(entry=entry).select_related("reason")
    return [row.reason.name for row in rows.order_by("reason__position")]


def name_of(entry_id: UUID, actor: Actor, on: date) -> str:
    """What an entry is called, if she may know of it."""
    visible = EntryVersion.objects.visible_to(actor).of(Entry.objects.visible_to(actor)).filter(entry=entry_id)
    return visible.order_by("-number").values_list("name", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Verbs:
    """What this actor may do with it now: each names a door of its page."""

    write: bool
    rule: bool
    submit: bool
    give_back: bool
    publish: bool
    discard: bool
    suspend: bool
    resume: bool
    close: bool
    revalidate: bool
    copy: bool

    @property
    def any_of_life(self) -> bool:
        return self.suspend or self.resume or self.close or self.copy or self.discard


def verbs_of(entry: Entry, draft: EntryDraft | None, newest: EntryVersion | None, *, by: Actor) -> Verbs:
    is_closed = entry.state == EntryState.CLOSED
    writes = reaches(by, Permission.CATALOGUE_WRITE, entry.unit_id)
    publishes = reaches(by, Permission.CATALOGUE_PUBLISH, entry.unit_id)
    published_draft = (
        draft is not None and publishes and reaches(by, Permission.CATALOGUE_PUBLISH, draft.unit_id) and not is_closed
    )
    return Verbs(
        write=writes and not is_closed,
        rule=writes and not is_closed and entry.is_local,
        submit=writes and draft is not None and draft.submitted_at is None and not published_draft,
        give_back=publishes and draft is not None and draft.submitted_at is not None,
        publish=published_draft,
        discard=writes and draft is not None,
        suspend=publishes and entry.state in TOLD,
        resume=publishes and entry.state == EntryState.SUSPENDED,
        close=publishes and entry.is_local and entry.state in TOLD,
        revalidate=publishes and (entry.state in TOLD or (is_closed and entry.revalidate_on is not None)),
        copy=newest is not None and reaches(by, Permission.CATALOGUE_WRITE, newest.unit_id),
    )


def notices_of(sheet: Sheet) -> Iterator[dict[str, object]]:
    """What whoever reads it must know first, for ``alert.html``."""
    entry, said, on = sheet.entry, sheet.said, sheet.on
    if sheet.turn is None:
        yield {"tone": "info", "strong": "Es un borrador.", "text": "Todavía no se informa a nadie."}
    elif sheet.turn.standing == "past":
        ended = f" hasta el {sheet.turn.ends_on:%d-%m-%Y}" if sheet.turn.ends_on else ""
        yield {"tone": "warn", "strong": "Es una versión anterior.", "text": f"Así decía{ended}. No se informa hoy."}
    elif sheet.turn.standing == "future":
        starts = sheet.turn.version.starts_on
        yield {"tone": "warn", "strong": "Todavía no vale.", "text": f"Comienza el {starts:%d-%m-%Y}."}
    if entry.state == EntryState.SUSPENDED:
        until = f" Vuelve el {entry.suspended_until:%d-%m-%Y}." if entry.suspended_until else ""
        yield {"tone": "warn", "strong": "Suspendida.", "text": f"{entry.get_suspended_for_display()}.{until}"}
    if entry.state == EntryState.CLOSED:
        yield {"tone": "bad", "strong": "Cerrada.", "text": f"No se ofrece desde el {entry.closed_on:%d-%m-%Y}."}
    if sheet.is_of_today and entry.state in TOLD and not sheet.is_in_season:
        if said.opens_on and said.opens_on > on:
            yield {"tone": "warn", "strong": "Aún no se postula.", "text": f"Se abre el {said.opens_on:%d-%m-%Y}."}
        else:
            yield {"tone": "warn", "strong": "Ya no se postula.", "text": f"Se cerró el {said.closes_on:%d-%m-%Y}."}
    for look in to_look_at(entry, said, on) if sheet.is_of_today else ():
        yield {"tone": "info", "strong": "Por revisar.", "text": f"{look}."}
