"""Finding somebody by RUN, by another document, or by a name however it is spelt."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.core.errors import NotAllowed
from ventanilla.core.run import check_digit
from ventanilla.registry.models import Identifier, Person
from ventanilla.registry.search import search_people, sounds_alike

pytestmark = pytest.mark.django_db

NAMES = """
Rosa Elvira|Araya|Contreras
Rosa Ester|Araya|Cortés
José Miguel|González|Muñoz
Yolanda del Carmen|Llanquileo|Huenchumán
Víctor Hugo|Valdebenito|Jiménez
Hilda|Hernández|Cisternas
Guillermina|Guerra|Quezada
Ximena Paz|Zúñiga|Vallejos
Sharon|O'Ryan|Núñez
Juana María de la Cruz|Pizarro|Tapia
Wenceslao|Barraza|Véliz
Cecilia|Peña|Ibáñez
""".strip()

MISSPELT = [
    ("roza araya contrera", "Rosa Elvira"),
    ("araia cortez roza", "Rosa Ester"),
    ("jose gonsales munos", "José Miguel"),
    ("llolanda yanquileo", "Yolanda del Carmen"),
    ("bictor baldevenito", "Víctor Hugo"),
    ("ilda ernandes", "Hilda"),
    ("guiyermina güera quesada", "Guillermina"),
    ("jimena suñiga", "Ximena Paz"),
    ("charon orian", "Sharon"),
    ("juana crus pisarro", "Juana María de la Cruz"),
    ("guenceslao barrasa", "Wenceslao"),
    ("sesilia pena ivañes", "Cecilia"),
    ("VALDEBENITO GIMENES VICTOR", "Víctor Hugo"),
    ("gonzalez jose migeul", "José Miguel"),
    ("pizaro tapia", "Juana María de la Cruz"),
]


@pytest.fixture
def desk() -> Iterator[Actor]:
    with make.inside() as actor:
        yield actor


@pytest.fixture
def town(desk: Actor) -> dict[str, Person]:
    rows = [line.split("|") for line in NAMES.splitlines()]
    return {given_names: make.person(given_names, first, second_surname=second) for given_names, first, second in rows}


def found(text: str, by: Actor) -> list[str]:
    return [match.person.given_names for match in search_people(text, by=by, on=make.TODAY).matches]


@pytest.mark.parametrize(
    "text", ["90.500.123-{}", "90500123-{}", "90500123{}", "90.500.123", "90500123", " 90500123 - {} "]
)
def test_a_run_finds_her_however_it_is_typed(desk: Actor, text: str) -> None:
    digit = check_digit(90_500_123)
    person = make.person(run=f"90500123-{digit}")
    result = search_people(text.format(digit), by=desk, on=make.TODAY)
    assert [match.person for match in result.matches] == [person]
    assert result.is_certain


def test_a_short_run_finds_her_too(desk: Actor) -> None:
    person = make.person(run=f"987654-{check_digit(987_654)}")
    for text in (f"987.654-{check_digit(987_654)}", "987654"):
        assert [match.person for match in search_people(text, by=desk, on=make.TODAY).matches] == [person]


def test_a_wrong_digit_is_told_and_nobody_is_guessed(desk: Actor) -> None:
    make.person(run=f"90500123-{check_digit(90_500_123)}")
    wrong = "1" if check_digit(90_500_123) != "1" else "2"
    result = search_people(f"90.500.123-{wrong}", by=desk, on=make.TODAY)
    assert not result.matches
    assert f"el dígito debería ser {check_digit(90_500_123)}" in result.hint


def test_a_right_run_that_nobody_has_is_said_so(desk: Actor) -> None:
    result = search_people("12.345.678-5", by=desk, on=make.TODAY)
    assert (list(result.matches), result.hint) == ([], "Nadie está registrado con el RUN 12.345.678-5.")


def test_another_document_finds_her(desk: Actor) -> None:
    person = make.person(run=None)
    Identifier.objects.create(person=person, kind="passport", country="VE", value="AB123456")
    for text in ("AB123456", "ab 123456"):
        result = search_people(text, by=desk, on=make.TODAY)
        assert [match.person for match in result.matches] == [person]
        assert result.is_certain


@pytest.mark.parametrize(("text", "expected"), MISSPELT)
def test_a_misspelt_name_finds_her(desk: Actor, town: dict[str, Person], text: str, expected: str) -> None:
    assert expected in found(text, desk)[:3]


def test_nearly_every_misspelt_name_is_found_first(desk: Actor, town: dict[str, Person]) -> None:
    first = [found(text, desk)[:1] == [expected] for text, expected in MISSPELT]
    assert sum(first) / len(first) >= 0.8


def test_the_exact_name_comes_before_the_likely_one(desk: Actor, town: dict[str, Person]) -> None:
    assert found("Rosa Araya Cortés", desk)[0] == "Rosa Ester"
    assert found("Rosa Araya Contreras", desk)[0] == "Rosa Elvira"


def test_her_social_name_finds_her(desk: Actor) -> None:
    make.person("Jorge Andrés", "Rojas", social_name="Valentina")
    assert found("balentina roja", desk) == ["Jorge Andrés"]


def test_a_blocked_person_is_not_found_in_any_way(desk: Actor) -> None:
    person = make.person("Zenobia", "Quiroz", processing_blocked=True)
    Identifier.objects.create(person=person, kind="passport", country="PE", value="PE998877")
    for text in ("Zenobia Quiroz", person.run or "", "PE998877"):
        assert found(text, desk) == []


def test_people_of_another_institution_are_not_found_in_any_way() -> None:
    with make.inside(make.COMBARBALA):
        theirs = make.person("Zenobia", "Quiroz")
        Identifier.objects.create(person=theirs, kind="passport", country="PE", value="PE998877")
    with make.inside() as actor:
        for text in ("Zenobia Quiroz", theirs.run or "", "PE998877"):
            assert found(text, actor) == []


def test_a_search_shows_age_and_sector_and_no_more(desk: Actor) -> None:
    person = make.person(birth_on=None)
    child = make.person("Martín", birth_on=make.TODAY)
    make.home(person, child)
    matches = {m.person.given_names: m for m in search_people("Araya", by=desk, on=make.TODAY).matches}
    assert (matches["Rosa Elvira"].age, matches["Rosa Elvira"].sector) == (None, "El Palqui")
    assert (matches["Martín"].age, matches["Martín"].sector) == (0, "El Palqui")


def test_whoever_does_not_attend_public_cannot_search() -> None:
    with pytest.raises(NotAllowed):
        search_people("Rosa", by=make.actor(Role.SYSTEM_ADMIN), on=make.TODAY)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300) | st.text(alphabet="0123456789-.kK ²٣१\x00'’%_\\🙂", max_size=30))
def test_no_text_whatever_makes_a_search_fail(desk: Actor, text: str) -> None:
    result = search_people(text, by=desk, on=make.TODAY)
    assert list(result.matches) == []


@given(st.text(max_size=50), st.text(max_size=50))
def test_likeness_is_mutual_and_between_none_and_all(one: str, other: str) -> None:
    assert 0 <= sounds_alike(one, other) <= 100
    assert sounds_alike(one, other) == pytest.approx(sounds_alike(other, one))


def test_a_name_is_like_itself_in_any_order() -> None:
    assert sounds_alike("Rosa Araya", "haralla roza") == pytest.approx(100)
    assert sounds_alike("Rosa Araya", "Pedro Soto") < 60
