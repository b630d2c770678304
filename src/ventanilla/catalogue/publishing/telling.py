"""An entry as it is told to a neighbour, the same on the page, on paper and in the standard."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ventanilla.catalogue.entries.amounts import AmountToday, amounts_on
from ventanilla.catalogue.entries.states import EntryState, SuspensionGround
from ventanilla.catalogue.models import EntryVersion, LegalAmount
from ventanilla.catalogue.models.content import Audience
from ventanilla.catalogue.rule.conditions import Condition, in_words
from ventanilla.catalogue.words import number
from ventanilla.core.plain import plain

FOR_ALL = "Para todas las personas"
COUNTRY = "+56"

ICONS: Mapping[str, str] = {
    Audience.CHILDREN: "star",
    Audience.YOUNG: "book",
    Audience.PREGNANT: "heart",
    Audience.FAMILIES: "users",
    Audience.OLDER: "user",
    Audience.DISABILITY: "shield",
    Audience.CARERS: "visit",
    Audience.WORKERS: "folder",
    Audience.HOUSING: "home",
    "": "gift",
}
"""The drawing of each audience; that of nobody in particular has no name."""

_WHY: Mapping[str, str] = {
    SuspensionGround.NO_FUNDS: "Se terminaron los recursos de este período.",
    SuspensionGround.NO_PLACES: "Los cupos están completos.",
    SuspensionGround.OUT_OF_SEASON: "Está fuera de temporada.",
    SuspensionGround.OTHER: "Por ahora no se entrega.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether it can be asked for now, when that has to be said."""

    title: str
    sentence: str
    tone: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that whoever receives it meets, and the articles it comes from."""

    sentence: str
    articles: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """A version, and what follows from it on a day."""

    version: EntryVersion
    standing: Standing | None
    asked: Sequence[Asked]
    amounts: Sequence[AmountToday]

    @property
    def is_open(self) -> bool:
        return self.standing is None or self.standing.is_open

    @property
    def takes(self) -> str:
        """How long it takes; nothing when that is not known."""
        return takes(self.version.evaluation_days, self.version.allocation_days)

    @property
    def given_by(self) -> str:
        """Who gives it: somebody outside, or a unit."""
        return self.version.provider.name if self.version.provider else self.version.unit_name

    @property
    def contact(self) -> str:
        provider = self.version.provider
        return self.version.contact or (provider and (provider.phone or provider.email)) or ""

    @property
    def contact_address(self) -> str:
        """What a phone opens when the contact is touched."""
        if number_to_call := phone_in(self.contact):
            return f"tel:{number_to_call}"
        return f"mailto:{found}" if (found := email_in(self.contact)) else ""

    @property
    def places(self) -> Sequence[Mapping[str, str]]:
        """Where it is asked for; of a provider that says no sites, where it is."""
        provider = self.version.provider
        if not self.version.places and provider and provider.address:
            return [{"site": "", "name": provider.name, "address": provider.address, "hours": ""}]
        return list(self.version.places)


def tell(
    versions: Iterable[EntryVersion], *, on: date, legal: Mapping[str, LegalAmount], own: Mapping[str, str]
) -> list[Telling]:
    """``own`` are the names of the municipality's own facts, by code. The version comes with its entry and provider."""
    return [
        Telling(version, standing_of(version, on), asked_by(version, own), amounts_on(version, on, legal))
        for version in versions
    ]


def standing_of(version: EntryVersion, on: date) -> Standing | None:
    """Suspended, not yet, no longer, or until when; nothing when it may be asked for all the year."""
    entry = version.entry
    if entry.state == EntryState.SUSPENDED:
        back = entry.suspended_until
        when = f"Vuelve el {back:%d-%m-%Y}." if back and back >= on else "Todavía no se sabe cuándo vuelve."
        return Standing("Suspendida por ahora", f"{_WHY[entry.suspended_for]} {when}", "warn")
    opens, closes = version.opens_on, version.closes_on
    if opens and on < opens:
        until = f" hasta el {closes:%d-%m-%Y}" if closes else ""
        return Standing("Todavía no se postula", f"Se postula desde el {opens:%d-%m-%Y}{until}.", "info")
    if closes and closes < on:
        return Standing("El plazo terminó", f"Se postuló hasta el {closes:%d-%m-%Y}. Pregunte cuándo se abre.", "warn")
    return Standing("Plazo abierto", f"Se postula hasta el {closes:%d-%m-%Y}.", "ok", is_open=True) if closes else None


def asked_by(version: EntryVersion, own: Mapping[str, str]) -> list[Asked]:
    """Its rule in words, one clause each."""
    return [_asked(clause, own) for clause in version.asks.clauses]


def _asked(clause: Sequence[Condition], own: Mapping[str, str]) -> Asked:
    first, *others = (in_words(condition, own) for condition in clause)
    sentence = " o bien ".join([first, *(other[:1].lower() + other[1:] for other in others)])
    return Asked(sentence, "; ".join(dict.fromkeys(one.article for one in clause if one.article)))


def takes(evaluation_days: int | None, allocation_days: int | None) -> str:
    """«Se evalúa en 10 días hábiles y se entrega en 5 más.»"""
    said = []
    if evaluation_days is not None:
        said.append(f"se evalúa {_within(evaluation_days)}")
    if allocation_days is not None:
        said.append(f"se entrega {_within(allocation_days)}{' más' if said and allocation_days else ''}")
    sentence = " y ".join(said)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _within(days: int) -> str:
    return f"en {number(days, 'día hábil', 'días hábiles')}" if days else "el mismo día"


_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\d[\d ()-]{5,}\d")


def email_in(contact: str) -> str:
    """The address of mail in a line that people read, or nothing."""
    found = _EMAIL.search(contact)
    return found.group(0) if found else ""


def phone_in(contact: str) -> str:
    """The number to call in a line that people read: with the country before the nine figures of here."""
    found = _PHONE.search(_EMAIL.sub("", contact))
    if not found:
        return ""
    digits = re.sub(r"\D", "", found.group(0))
    if found.group(0).startswith("+"):
        return f"+{digits}"
    return f"{COUNTRY}{digits}" if len(digits) == 9 else digits


# In groups


@dataclass(frozen=True, slots=True)
class Group:
    """``code`` is the audience or the unit; that of everybody, or of nobody, has none."""

    code: str
    title: str
    icon: str
    told: Sequence[Telling]


def by_audience(told: Iterable[Telling], *, once: bool = False) -> list[Group]:
    """Each under all its audiences, or only under the first (``once``); those for everybody come first."""
    groups: dict[str, list[Telling]] = {code: [] for code in ("", *Audience.values)}
    for one in told:
        audiences = one.version.audience or [""]
        for audience in audiences[:1] if once else audiences:
            groups[audience].append(one)
    titles = {"": FOR_ALL} | {str(audience): str(audience.label) for audience in Audience}
    return [Group(code, titles[code], ICONS[code], found) for code, found in groups.items() if found]


def by_unit(told: Iterable[Telling]) -> list[Group]:
    groups: dict[str, list[Telling]] = {}
    for one in told:
        groups.setdefault(one.given_by, []).append(one)
    return [Group("", title, "pin", groups[title]) for title in sorted(groups, key=plain)]


def in_columns(groups: Sequence[Group], columns: int) -> list[list[Group]]:
    """The groups, in their order and whole, in so many columns of about the same length."""
    total = sum(_lines(group) for group in groups)
    split: list[list[Group]] = [[] for _ in range(columns)]
    before = 0
    for group in groups:
        middle = before + _lines(group) / 2
        split[min(int(middle * columns / total), columns - 1)].append(group)
        before += _lines(group)
    return split


def _lines(group: Group) -> int:
    return len(group.told) + 2
