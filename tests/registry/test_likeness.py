"""How alike two people are, in words a clerk reads; who a row without RUN may be, found by an index."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import NotAllowed
from ventanilla.registry.merging.candidates import MOST_ROWS, Sought, candidates_for
from ventanilla.registry.merging.likeness import MODEL, Traits, compare, likelihood, reasons, traits
from ventanilla.registry.models import ContactPoint, Person


def somebody(given: str = "Rosa Elvira", first: str = "Araya", second: str = "Contreras", **more: object) -> Traits:
    known: dict[str, object] = {"run": None, "birth_on": date(1983, 5, 14), "sex": "female"} | more
    return traits(given_names=given, first_surname=first, second_surname=second, **known)  # type: ignore[arg-type]  # by name


def worth(one: Traits, other: Traits) -> bool:
    return compare(one, other).is_worth_a_look


def test_the_same_woman_written_in_a_hurry_is_worth_a_look() -> None:
    rosa = somebody()
    assert worth(rosa, somebody("ROSA", "Araia"))
    assert worth(rosa, somebody("Rosa Elvira", "Contreras", "Araya"))
    assert worth(rosa, somebody(birth_on=date(1983, 5, 15)))
    assert worth(somebody(birth_on=date(1983, 5, 4)), somebody(birth_on=date(1983, 4, 5)))


def test_those_who_only_look_alike_are_not() -> None:
    rosa = somebody()
    assert not worth(rosa, somebody("Rosa", second="", birth_on=None)), "a common name alone"
    assert not worth(rosa, somebody("Marta Inés"))
    twins = somebody(run="90000001-4", address="Uno 12"), somebody("Ana", run="90000777-9", address="Uno 12")
    assert not worth(*twins), "twins of one home, each with her RUN"
    father = somebody("Luis", birth_on=date(1950, 3, 1)), somebody("Luis", birth_on=date(1980, 9, 17))
    assert not worth(*father), "father and son of one name"


def test_the_reasons_are_said_the_weightiest_first_and_what_speaks_against_last() -> None:
    likeness = compare(somebody(run="90000001-4"), somebody("Rosa", "Araia", run="90004321-7"))
    told = [(reason.text, reason.how) for reason in reasons(likeness.evidence)]
    assert told == [
        ("Misma fecha de nacimiento", "muy a favor"),
        ("Mismo segundo apellido", "a favor"),
        ("Mismo primer nombre", "a favor"),
        ("Primer apellido casi igual", "a favor"),
        ("Mismo sexo registral", "dice poco"),
        ("RUN distinto", "muy en contra"),
    ]


def test_a_run_that_a_file_gave_to_another_name_is_told() -> None:
    assert [reason.text for reason in reasons({"run": "claimed"})] == ["Un archivo trae su RUN con otro nombre"]


@pytest.mark.parametrize(
    ("score", "words"), [(20, "Casi segura"), (7, "Muy probable"), (3, "Probable"), (0, "Posible")]
)
def test_the_weight_has_a_word(score: int, words: str) -> None:
    assert likelihood(score) == words


def test_every_comparison_ends_in_a_level_that_always_holds_and_its_chances_add_up() -> None:
    for comparison in MODEL:
        assert comparison.levels[-1].sql == "ELSE", comparison.code
        assert sum(level.m for level in comparison.levels) == pytest.approx(1, abs=0.001), comparison.code
        assert sum(level.u for level in comparison.levels) == pytest.approx(1, abs=0.001), comparison.code


NAMES = st.sampled_from(("Rosa", "Rosa Elvira", "Roza", "Ana", "José", "Jose María", "", "Núñez", "Nunes", "Tapia"))
PEOPLE = st.builds(
    somebody,
    NAMES,
    NAMES,
    NAMES,
    run=st.sampled_from((None, "90000001-4", "90000010-3", "95432100-K")),
    birth_on=st.one_of(st.none(), st.dates(date(1983, 1, 1), date(1984, 12, 31))),
    sex=st.sampled_from(("", "female", "male")),
    phone=st.sampled_from((None, "+56955551234", "55551234", "+56955550000")),
    address=st.sampled_from((None, "Pasaje Uno 12", "pasaje  uno 12", "Dos 3")),
)


@given(PEOPLE, PEOPLE)
def test_which_of_two_is_asked_first_does_not_matter(one: Traits, other: Traits) -> None:
    assert compare(one, other) == compare(other, one)


# Candidates


@pytest.fixture
def head(db: None) -> Iterator[Actor]:
    with make.inside() as by:
        yield by


ROSA = Sought(1, "Rosa Elvira", "Araya", "Contreras", birth_on=date(1983, 5, 14), sex="female")


def test_a_row_without_run_finds_who_it_may_be_with_the_reasons(head: Actor) -> None:
    rosa = make.person()
    make.person("Marta", "Vega", birth_on=date(1983, 5, 14))
    slipped = Sought(2, "Rosa", "Araia", "", birth_on=date(1983, 5, 14), sex="female")
    unknown = Sought(3, "Nadie", "Conocido", birth_on=date(2001, 1, 1))
    found = candidates_for([ROSA, slipped, unknown], by=head)
    assert {key: [one.person_id for one in likely] for key, likely in found.items()} == {1: [rosa.pk], 2: [rosa.pk]}
    assert found[1][0].likeness.evidence["birth_on"] == "same"


def test_a_row_finds_by_a_changed_over_date_and_by_a_name_that_sounds_the_same(head: Actor) -> None:
    rosa = make.person(birth_on=date(1983, 5, 4))
    ContactPoint.objects.create(person=rosa, kind="phone", value="+56955551234", as_of=date(2026, 1, 1))
    changed_over = Sought(1, "Rosa", "Araya", "Contreras", birth_on=date(1983, 4, 5), sex="female")
    by_sound = Sought(2, "Roza Elvira", "Araya", "Contreras", phone="55551234", sex="female")
    found = candidates_for([changed_over, by_sound], by=head)
    assert {key: [one.person_id for one in likely] for key, likely in found.items()} == {1: [rosa.pk], 2: [rosa.pk]}


def test_a_guarded_telephone_says_nothing(head: Actor) -> None:
    rosa = make.person()
    ContactPoint.objects.create(
        person=rosa, kind="phone", value="+56955551234", as_of=date(2026, 1, 1), secrecy="reserved"
    )
    (likely,) = candidates_for([Sought(1, "Rosa Elvira", "Araya", "Contreras", phone="55551234",
                                       birth_on=date(1983, 5, 14))], by=head)[1]  # fmt: skip
    assert "phone" not in likely.likeness.evidence


def test_who_is_blocked_or_joined_to_another_is_nobodys_candidate(head: Actor) -> None:
    rosa = make.person()
    make.person(processing_blocked=True)
    make.person(run=None, merged_into=rosa)
    assert [one.person_id for one in candidates_for([ROSA], by=head)[1]] == [rosa.pk]


def test_nobody_of_another_institution_is_a_candidate(head: Actor) -> None:
    make.person()
    with acting(make.actor(Role.UAS_HEAD, make.COMBARBALA)) as _:
        other = make.actor(Role.UAS_HEAD, make.COMBARBALA)
    with acting(other):
        assert candidates_for([ROSA], by=other) == {}


def test_candidates_are_for_who_may_load_and_not_for_more_rows_than_one_may_wait_for(head: Actor) -> None:
    clerk = make.actor(Role.FRONT_DESK)
    with acting(clerk), pytest.raises(NotAllowed):
        candidates_for([ROSA], by=clerk)
    with pytest.raises(ValueError, match="at most"):
        candidates_for([ROSA] * (MOST_ROWS + 1), by=head)


def test_candidates_are_asked_in_as_many_queries_for_one_row_as_for_many(
    head: Actor, django_assert_num_queries: object
) -> None:
    for _ in range(3):
        make.person()
    many = [Sought(key, "Rosa Elvira", "Araya", "Contreras", birth_on=date(1983, 5, 14)) for key in range(50)]
    with django_assert_num_queries(3):  # type: ignore[operator]  # pytest-django's
        candidates_for(many, by=head)


def test_the_candidates_of_a_row_come_by_indexes(head: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        for column, value in (("birth_on", date(1983, 5, 14)), ("search_key", "rosa")):
            cursor.execute(
                f"explain select id from registry_person where institution_id = %s and {column} = %s",
                [make.MONTE_PATRIA, value],
            )
            plan = " ".join(line for (line,) in cursor.fetchall())
            assert f"{column}" in plan.split("Index Cond")[-1], plan
    assert Person.objects.count() == 0
