"""Who may be registered twice among all people of an institution, compared in memory by ``likeness.MODEL``."""
# ruff: noqa: S608 - the pieces put together are names of columns of our own

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import acting
from ventanilla.core.ids import new_id
from ventanilla.registry.merging.doubts import Doubt
from ventanilla.registry.merging.likeness import (
    A_PAIR_BY_CHANCE,
    FIELDS,
    MODEL,
    WORTH_A_LOOK,
    Comparison,
    Traits,
    compare,
    traits,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

AT_ONCE = 20_000
"""People read and given to DuckDB at once."""

MOST_IN_A_BLOCK = 300
"""People of one birth date, telephone or name: more of them are a date nobody knew, or the telephone of an office."""

MOST_PAIRS = 50_000
"""The likeliest are told; nobody decides on more."""

MEMORY = "1GB"
THREADS = 2
_IN_MEMORY: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": MEMORY,
    "threads": THREADS,
    "temp_directory": "",
}
"""Nothing of anybody is ever written to a disk: what does not fit ends the search."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many people were compared, and the pairs, the likeliest first."""

    people: int
    pairs: Sequence[Doubt]


# A home's address as a registry has it before what she declared. Telephones that are guarded are not compared.
_PEOPLE = """
select p.id, p.run, p.given_names, p.first_surname, p.second_surname, p.birth_on, p.sex, phone.value, home.address
from registry_person p
left join lateral (
    select c.value from registry_contactpoint c
    where c.institution_id = p.institution_id and c.person_id = p.id and c.kind = 'phone'
        and c.secrecy = 'ordinary' and c.ended_on is null
    order by c.as_of desc nulls last, c.id desc limit 1
) phone on true
left join lateral (
    select d.address from registry_membership m
    join registry_home h on h.institution_id = m.institution_id and h.id = m.home_id
    join registry_dwelling d on d.institution_id = h.institution_id and d.id = h.dwelling_id
    where m.institution_id = p.institution_id and m.person_id = p.id and m.ends_on is null
        and not m.is_shielded
    order by m.source = 'declared', m.id limit 1
) home on true
where p.institution_id = %s and p.merged_into_id is null and not p.processing_blocked
"""


def read_people(*, by: Actor) -> Iterator[tuple[UUID, Traits]]:
    """Each person as she is compared, without holding them all."""
    with acting(by), transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_PEOPLE, [by.institution])
        while rows := cursor.fetchmany(AT_ONCE):
            for key, run, given, first, second, born, sex, phone, address in rows:
                yield (
                    key,
                    traits(
                        run=run,
                        given_names=given,
                        first_surname=first,
                        second_surname=second,
                        birth_on=born,
                        sex=sex,
                        phone=phone,
                        address=address,
                    ),
                )


def compare_all(people: Iterable[tuple[UUID, Traits]]) -> Compared:
    """The pairs worth a look among them. Pairs that share neither birth date, telephone nor name are not compared."""
    import duckdb  # both take a second and much memory to import, and only a job needs them

    with duckdb.connect(":memory:", config=_IN_MEMORY) as store:
        count = _put(people, store)
        if count < 2:
            return Compared(count, [])
        _make_blocks(store)
        found = _likely(store)
        return Compared(count, [_doubt(*row) for row in found])


def _put(people: Iterable[tuple[UUID, Traits]], store: "DuckDBPyConnection") -> int:
    import pandas  # type: ignore[import-untyped]  # splink brings it

    made = ", ".join(f"{name} varchar" for name in ("unique_id", *FIELDS))
    store.execute(f"create table person ({made})")
    count, left = 0, iter(people)
    while chunk := [(str(key), *astuple(one)) for key, one in islice(left, AT_ONCE)]:
        # DuckDB reads it by its name.
        frame = pandas.DataFrame(chunk, columns=["unique_id", *FIELDS], dtype="object")  # noqa: F841
        store.execute("insert into person select * from frame")
        count += len(chunk)
    return count


_BLOCKS = {
    "birth": "birth_on",
    "telephone": "phone",
    "name": "given_one || ' ' || first_sound || ' ' || second_sound",
    "crossed": "given_one || ' ' || second_sound || ' ' || first_sound",
    "year": "given_one || ' ' || first_sound || ' ' || left(birth_on, 4)",
}


def _make_blocks(store: "DuckDBPyConnection") -> None:
    """What people are looked for by, without those that too many share."""
    made = ", ".join(
        f"case when count(*) over (partition by {key}) <= {MOST_IN_A_BLOCK} then {key} end as by_{name}"
        for name, key in _BLOCKS.items()
    )
    store.execute(f"create table compared as select *, {made} from person")


_RULES = (
    "l.by_birth = r.by_birth",
    "l.by_birth = r.birth_swapped",
    "l.by_telephone = r.by_telephone",
    "l.by_name = r.by_name",
    "l.by_name = r.by_crossed",
    "l.by_year = r.by_year",
)


def _likely(store: "DuckDBPyConnection") -> list[tuple[Any, ...]]:
    from splink import DuckDBAPI, Linker

    settings = {
        "link_type": "dedupe_only",
        "probability_two_random_records_match": A_PAIR_BY_CHANCE,
        "blocking_rules_to_generate_predictions": list(_RULES),
        "comparisons": [_told(comparison) for comparison in MODEL],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }
    logging.getLogger("splink").setLevel(logging.WARNING)  # it tells its times
    linker = Linker("compared", settings, DuckDBAPI(connection=store), set_up_basic_logging=False)
    pairs = linker.inference.predict(threshold_match_weight=WORTH_A_LOOK).physical_name
    sides = ", ".join(f"{side}.{name}" for side in "lr" for name in FIELDS)
    return store.execute(
        f"select p.match_weight, l.unique_id, r.unique_id, {sides} from {pairs} p"
        " join person l on l.unique_id = p.unique_id_l join person r on r.unique_id = p.unique_id_r"
        f" order by p.match_weight desc, l.unique_id, r.unique_id limit {MOST_PAIRS}"
    ).fetchall()


def _told(comparison: Comparison) -> dict[str, Any]:
    """As splink has it: what is unknown of either speaks neither for nor against."""
    field = comparison.field
    unknown = {
        "sql_condition": f"{field}_l is null or {field}_r is null",
        "label_for_charts": "unknown",
        "is_null_level": True,
    }
    levels = [
        {
            "sql_condition": level.sql,
            "label_for_charts": level.code,
            "m_probability": level.m,
            "u_probability": level.u,
            "fix_m_probability": True,
            "fix_u_probability": True,
        }
        for level in comparison.levels
    ]
    return {"output_column_name": comparison.code, "comparison_levels": [unknown, *levels]}


def _doubt(weight: float, one: str, other: str, *sides: str | None) -> Doubt:
    """With its evidence, which is that of ``likeness``: so are the weights, and a test holds both to it."""
    half = len(FIELDS)
    likeness = compare(Traits(*sides[:half]), Traits(*sides[half:]))
    return Doubt(UUID(one), UUID(other), round(weight), likeness.evidence)


def weights_of(people: Sequence[Traits]) -> dict[tuple[int, int], float]:
    """The weight of each pair worth a look by the places of both, as the search finds it; for tests and measures."""
    keys = [new_id() for _ in people]
    places = {key: place for place, key in enumerate(keys)}
    found = {}
    for doubt in compare_all(zip(keys, people, strict=True)).pairs:
        one, other = sorted((places[doubt.one], places[doubt.other]))
        found[one, other] = float(doubt.score)
    return found
