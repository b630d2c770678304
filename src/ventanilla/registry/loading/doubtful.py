"""Rows of which nobody can say by rule whose they are: kept as somebody apart, and put before whoever decides."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db import connection
from rapidfuzz.distance import JaroWinkler

from ventanilla.access.actors import Actor
from ventanilla.core.datasets import RESULT, STAGED, Batch
from ventanilla.registry.merging.candidates import Sought, candidates_for
from ventanilla.registry.merging.doubts import Doubt, put_doubts
from ventanilla.registry.merging.likeness import ALIKE, CLAIMED, Traits, compare, run_nearly_the_same, traits
from ventanilla.registry.merging.states import FoundBy
from ventanilla.registry.name_key import tokens

OF_ANOTHER = (
    "El RUN ya es de una persona con otro nombre. Se registró aparte, sin ese RUN, hasta que alguien decida si es ella."
)
LIKE_ANOTHER = "Se parece a alguien ya registrado. Se registró, y alguien decidirá si son la misma persona."


@dataclass(frozen=True, slots=True)
class Name:
    given: str
    first: str = ""
    second: str = ""
    social: str = ""

    @property
    def given_sounds(self) -> tuple[str, ...]:
        return _sounds(self.given) + _sounds(self.social)

    @property
    def surname_sounds(self) -> tuple[str, ...]:
        return _sounds(self.first) + _sounds(self.second)


@lru_cache(maxsize=50_000)  # given names and surnames repeat
def _sounds(name: str) -> tuple[str, ...]:
    """Of each word, and of all written as one: «San Martín» and «Sanmartín», «De la Fuente» and «Delafuente»."""
    return (*tokens(name), *tokens("".join(name.split())))


def disagree(one: Name, other: Name) -> bool:
    """Whether two names are hardly of one person: no given name in common, or no surname.

    A slip, a name left out, an initial, surnames in the other order and a surname that changed are no disagreement. The
    order of the two does not matter.
    """
    shared = (_share(one.given_sounds, other.given_sounds), _share(one.surname_sounds, other.surname_sounds))
    return False in shared or True not in shared


def _share(some: Sequence[str], others: Sequence[str]) -> bool | None:
    """None when there is nothing to compare on either side."""
    if not some or not others:
        return None
    return not set(some).isdisjoint(others) or any(_alike(word, other) for word in some for other in others)


def _alike(word: str, other: str) -> bool:
    if min(len(word), len(other)) == 1:
        return word[0] == other[0]  # an initial
    return JaroWinkler.similarity(word, other) >= ALIKE


# Who has the reference or the document of the row: whoever was kept apart for it before is no third person.
_HIS = "case when r.by_reference <> r.old_id then r.by_reference else r.by_document end"
_CLAIMING = f"""
select r.row, r.given_names, r.first_surname, r.second_surname, r.social_name,
    r.old_given_names, r.old_first_surname, r.old_second_surname, r.old_social_name
from {RESULT} r
where r.by_run = r.old_id and r.sort_key <> r.old_sort_key and (r.reason is null or exists (
    select from registry_possibleduplicate d where d.institution_id = %(institution)s
        and d.first_id = least(r.old_id, {_HIS}) and d.second_id = greatest(r.old_id, {_HIS})))
"""

# Without what says that she is whoever has the RUN, the row is matched again; what tells her twin apart stays.
_CLAIM = f"""
update {STAGED} b set run = null, claimed_id = r.old_id,
    reference = case when r.by_reference is distinct from r.old_id then b.reference end,
    document_kind = case when r.by_document is distinct from r.old_id then b.document_kind end,
    document_country = case when r.by_document is distinct from r.old_id then b.document_country end,
    document_number = case when r.by_document is distinct from r.old_id then b.document_number end
from {RESULT} r where r.row = b.row and b.row = any(%(rows)s)
"""


def set_apart_claims(batch: Batch) -> list[int]:
    """Take the RUN from the staged rows that give it to somebody with another name; which rows they are."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMING, batch.parameters)
        rows = [
            row for row, *names in cursor.fetchall() if disagree(Name(*_texts(names[:4])), Name(*_texts(names[4:])))
        ]
        if rows:
            cursor.execute(_CLAIM, {"rows": rows})
            cursor.execute(f"delete from {RESULT} where row = any(%s)", [rows])
    return rows


_NEW = f"""
select row, id, claimed_id, new_given_names, new_first_surname, new_second_surname, new_social_name, new_birth_on,
    new_sex
from {RESULT} where reason is null and old_id is null and new_run is null
"""


@dataclass(frozen=True, slots=True)
class _Newcomer:
    """Somebody about to be registered without RUN."""

    row: int
    id: UUID
    claimed_id: UUID | None
    given_names: str
    first_surname: str
    second_surname: str
    social_name: str
    birth_on: date | None
    sex: str


def doubts_of_newcomers(batch: Batch, *, by: Actor) -> tuple[list[Doubt], dict[int, str]]:
    """Whom those about to be registered without RUN may be, and why their rows are doubtful.

    They are compared with whoever was registered before the load: two rows alike of one file are found by the search
    over all that follows, or it would depend on where a batch begins which of them is new.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEW)
        newcomers = [_Newcomer(*row) for row in cursor.fetchall()]
    if not newcomers:
        return [], {}
    doubts: list[Doubt] = []
    reasons: dict[int, str] = {}
    for doubt, row in _claimed([one for one in newcomers if one.claimed_id]):
        doubts.append(doubt)
        reasons[row] = OF_ANOTHER
    free = {one.row: one for one in newcomers if not one.claimed_id}
    known = candidates_for([_sought(one) for one in free.values()], by=by, before=batch.since)
    for row, likely in known.items():
        doubts += [
            Doubt(free[row].id, one.person_id, round(one.likeness.weight), one.likeness.evidence) for one in likely
        ]
        reasons[row] = LIKE_ANOTHER
    return doubts, reasons


def _sought(one: _Newcomer) -> Sought:
    return Sought(
        one.row,
        one.given_names,
        one.first_surname,
        one.second_surname,
        one.social_name,
        birth_on=one.birth_on,
        sex=one.sex,
    )


_KNOWN = "select id, given_names, first_surname, second_surname, birth_on, sex from registry_person where id = any(%s)"


def _claimed(newcomers: Sequence[_Newcomer]) -> Iterator[tuple[Doubt, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [[one.claimed_id for one in newcomers]])
        known = {key: _traits(*rest) for key, *rest in cursor.fetchall()}
    for one in newcomers:
        assert one.claimed_id is not None
        hers = _traits(one.given_names, one.first_surname, one.second_surname, one.birth_on, one.sex)
        likeness = compare(hers, known[one.claimed_id])
        weight = round(likeness.weight + run_nearly_the_same())
        yield Doubt(one.id, one.claimed_id, weight, {"run": CLAIMED, **likeness.evidence}), one.row


def _traits(given: str, first: str, second: str, born: date | None, sex: str) -> Traits:
    return traits(run=None, given_names=given, first_surname=first, second_surname=second, birth_on=born, sex=sex)


def write_doubts(doubts: Sequence[Doubt], *, by: Actor) -> None:
    """Once both of each pair are registered."""
    if doubts:
        put_doubts(doubts, by=by, found_by=FoundBy.LOAD)


def _texts(cells: Sequence[str | None]) -> list[str]:
    return [cell or "" for cell in cells]
