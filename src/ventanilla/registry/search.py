"""Finding a person by RUN, by another document or by a badly spelt name."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

from django.db import connection
from rapidfuzz import fuzz

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.run import BadRun, Run, looks_like_run, parse
from ventanilla.core.secrecy import Secrecy
from ventanilla.registry import name_key
from ventanilla.registry.finding import leading
from ventanilla.registry.models import Identifier, Membership, Person, Residence
from ventanilla.registry.vocabulary import IdentifierKind, MembershipSource

CANDIDATES = 120
"""How many names the index gives to be ranked again."""


@dataclass(frozen=True, slots=True)
class Match:
    """A person found: what a search may show of her, and why she was found."""

    person: Person
    age: int | None
    sector: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    matches: Sequence[Match] = ()
    is_certain: bool = False
    """Whether a RUN or a document was typed, and not a name that may be another's."""

    hint: str = ""
    """A sentence when the text could not be searched as typed, such as a RUN whose digit is wrong."""


def search_people(
    text: str, *, by: Actor, on: date, limit: int = 20, right: Permission = Permission.PERSON_SEARCH
) -> SearchResult:
    """The people of the actor's institution that ``text`` may mean, the likeliest first; ``right`` is that to look."""
    require(by, right)
    printable = "".join(letter if letter.isprintable() else " " for letter in text)  # PostgreSQL takes no NUL
    text = " ".join(printable.split())[:120]
    if not text:
        return SearchResult()
    known = Person.objects.filter(institution_id=by.institution)
    if looks_like_run(text):
        found = leading(known.filter(run__in=[run.canonical for run in possible_runs(text)])[:limit], by=by)
        if not found and not (found := _by_document(text, by)):
            return SearchResult(hint=_run_hint(text))
        return SearchResult(with_sector(found, on=on), is_certain=True)
    if by_document := _by_document(text, by):
        return SearchResult(with_sector(by_document, on=on), is_certain=True)
    tokens = name_key.tokens(text)
    ids = find_ids(tokens, max_rows=CANDIDATES)
    ranked = leading(rank(tokens, known.filter(pk__in=ids)), by=by)[:limit] if ids else []
    return SearchResult(with_sector(ranked, on=on))


def possible_runs(text: str) -> list[Run]:
    """What a clerk may mean by these digits: a whole RUN, or one typed without its check digit."""
    runs = []
    with suppress(BadRun):
        runs.append(parse(text))
    digits = "".join(letter for letter in text if letter.isdigit())
    if "-" not in text and 5 <= len(digits) <= 8 and digits.isdigit() and int(digits):
        runs.append(Run(int(digits)))
    return runs


def _run_hint(text: str) -> str:
    try:
        run = parse(text)
    except BadRun as error:
        digits = "".join(letter for letter in text if letter.isdigit())
        return str(error) if len(digits) > 6 else ""
    return f"Nadie está registrado con el RUN {run}."


def _by_document(text: str, by: Actor) -> list[Person]:
    if not any(letter.isdigit() for letter in text):
        return []
    wanted = text.upper().replace(" ", "")
    kinds = set(IdentifierKind) - {IdentifierKind.NO_DOCUMENT}
    identifiers = Identifier.objects.visible_to(by).filter(kind__in=kinds, value=wanted).select_related("person")
    return [identifier.person for identifier in identifiers[:20] if not identifier.person.processing_blocked]


def find_ids(tokens: Sequence[str], *, max_rows: int) -> list[UUID]:
    """Ids from the sealed index of names, through its only door."""
    if not tokens:
        return []
    with connection.cursor() as cursor:
        cursor.execute("select find_people(%s, %s, %s)", [list(tokens), " ".join(tokens), max_rows])
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


def rank(tokens: Sequence[str], people: Iterable[Person]) -> list[Person]:
    """The likeliest first: each word typed against its best word of the name, then the shorter name."""
    scored = []
    for person in people:
        keys = person.search_key.split()
        score = sum(max((fuzz.ratio(token, key) for key in keys), default=0) for token in tokens) / len(tokens)
        surnames = name_key.tokens(f"{person.first_surname} {person.second_surname}")
        in_order = fuzz.ratio(" ".join(tokens), " ".join(keys))
        scored.append((-round(score, 1), -round(in_order, 1), len(surnames), person.sort_key, person))
    return [row[-1] for row in sorted(scored, key=lambda row: row[:-1])]


def with_sector(people: Sequence[Person], *, on: date) -> list[Match]:
    """Each with her age and the sector of her home, in two queries for all; no sector where an address is guarded."""
    hidden = {
        residence.person_id
        for residence in Residence.objects.filter(person__in=people, ends_on__isnull=True)
        if residence.secrecy != Secrecy.ORDINARY
    }
    sectors: dict[UUID, str] = {}
    memberships = Membership.objects.filter(
        person__in=people, ends_on__isnull=True, source__in=MembershipSource.values
    ).select_related("home__dwelling")
    for membership in memberships:
        if membership.home.dwelling and membership.person_id not in hidden:
            sectors[membership.person_id] = membership.home.dwelling.sector
    return [Match(person, person.age_on(on), sectors.get(person.pk, "")) for person in people]


def sounds_alike(first: str, second: str) -> float:
    """From 0 to 100, how near two names sound, word by word whatever their order."""
    left, right = name_key.tokens(first), name_key.tokens(second)
    if not left or not right:
        return 0.0
    pairs = sorted(((fuzz.ratio(a, b), a, b) for a, b in product(left, right)), reverse=True)
    taken_left: set[str] = set()
    taken_right: set[str] = set()
    total = 0.0
    for score, a, b in pairs:
        if a not in taken_left and b not in taken_right:
            taken_left.add(a)
            taken_right.add(b)
            total += score
    return total / max(len(set(left)), len(set(right)))
