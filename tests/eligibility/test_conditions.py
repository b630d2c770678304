"""Each kind of condition at the days and numbers where its answer changes, in words and in SQL, which agree."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.models import EntryVersion, OwnFact
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import RECEIVED, Kind, Subject, Whose
from ventanilla.core import clock
from ventanilla.core.clock import months_before
from ventanilla.eligibility.compiling import verdicts
from ventanilla.eligibility.finding import Finding, Who
from ventanilla.eligibility.household import read_household
from ventanilla.eligibility.kleene import Known
from ventanilla.eligibility.verdicts import judge
from ventanilla.registry.models import Home, Membership, Person, Relation
from ventanilla.registry.profiles import Profile
from ventanilla.registry.vocabulary import FactKind, Source, Subsidy

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """Rosa, a daughter of ten, and their home; the version of an entry to have been given."""

    rosa: Person
    child: Person
    home: Home
    version: EntryVersion


@pytest.fixture
def head() -> Actor:
    return make.actor(Role.UAS_HEAD)


@pytest.fixture
def world(head: Actor) -> World:
    with acting(head):
        rosa = make.person(birth_on=_born(40))
        child = make.person("Sofía", birth_on=_born(10))
        home = make.home(rosa, child, as_of=make.TODAY)
        return World(rosa, child, home, make.entry())


def _born(age: int, days: int = 100) -> date:
    return make.TODAY.replace(year=make.TODAY.year - age, day=1) - timedelta(days=days)


def _birthday(age: int, days: int) -> date:
    """Turns that age so many days from today."""
    day = make.TODAY + timedelta(days=days)
    return date(day.year - age, day.month, min(day.day, 28))


def found(condition: Condition, world: World, head: Actor) -> Finding:
    """What is found of Rosa, after seeing that SQL says the same."""
    with acting(head):
        household = read_household(world.rosa, by=head, on=make.TODAY, profile=Profile.FULL)
        (her,) = [member for member in household.members if member.person.pk == world.rosa.pk]
        finding = judge(condition, Who(household, her, world.version.entry_id))
        rule = Rule(Subject.PERSON, (condition,))
        in_sql = dict(verdicts(rule, by=head, on=make.TODAY, entry_id=world.version.entry_id))
        assert in_sql[world.rosa.pk] == finding.holds, finding
        return finding


def say(kind: FactKind, value: str, **extra: Any) -> Callable[[World], None]:
    def state(world: World) -> None:
        defaults: dict[str, Any] = {"person": world.rosa, "source": Source.MUNICIPAL, "as_of": make.TODAY}
        make.fact(kind, value=value, **(defaults | extra))

    return state


def of_home(kind: FactKind, value: str = "", **extra: Any) -> Callable[[World], None]:
    def state(world: World) -> None:
        make.fact(kind, value=value, **({"home": world.home, "as_of": make.TODAY} | extra))

    return state


def give(on: date, *, to_home: bool = False) -> Callable[[World], None]:
    def deliver(world: World) -> None:
        Delivery.objects.create(
            person=None if to_home else world.rosa,
            home=world.home if to_home else None,
            label="Caja",
            version=world.version,
            delivered_on=on,
            origin=Delivery.Origin.MADE_HERE,
            recorded_at=clock.now(),
        )

    return deliver


def nothing(world: World) -> None:
    pass


def born(on: date | None) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.rosa.birth_on = on
        world.rosa.save()

    return change


YEAR_AGO = months_before(make.TODAY, 12)
DAY = timedelta(days=1)
ADULT = Condition(Kind.AGE, low=18)
TWICE = Condition(Kind.FREQUENCY, times=1, months=12, whose=Whose.PERSON)
AT_HOME = Condition(Kind.FREQUENCY, times=1, months=12, whose=Whose.HOME)
RECENT = Condition(Kind.BRACKET, high=60, months=12)
FIFTH_MONTH = Condition(Kind.PREGNANCY, low=20)
SEVERE = Condition(Kind.DISABILITY, values=("severa", "profunda"))
NO_SUF = Condition(Kind.NOT_RECEIVES, values=("suf",), whose=Whose.PERSON)
SOMEBODY_SUF = Condition(Kind.RECEIVES, values=("suf",), whose=Whose.HOME)
FAMILY = Condition(Kind.FAMILIAS)
GONE = {"is_gone": True, "valid_until": make.YESTERDAY, "as_of": make.TODAY}
LOW_INCOME = Condition(Kind.INCOME, high=100_000)

CASES: list[tuple[str, Condition, Callable[[World], None], Known, str]] = [
    ("of age today", ADULT, born(_birthday(18, 0)), True, "Tiene 18 años"),
    ("of age tomorrow", ADULT, born(_birthday(18, 2)), False, "Tiene 17 años"),
    ("no birth date", ADULT, born(None), None, "falta la fecha de nacimiento"),
    ("given a year ago to the day", TWICE, give(YEAR_AGO), True, "No lo ha recibido"),
    ("given a day later", TWICE, give(YEAR_AGO + DAY), False, "Lo recibió 1 vez"),
    ("nothing was ever loaded", TWICE, nothing, None, "falta cargar el registro municipal"),
    ("given to the home", AT_HOME, give(make.TODAY, to_home=True), False, "Lo recibió 1 vez"),
    ("given to the home, asked of her", TWICE, give(make.TODAY, to_home=True), True, "No lo ha recibido"),
    ("a bracket of a year", RECENT, of_home(FactKind.RSH_BRACKET, "60", as_of=YEAR_AGO), True, "tramo del 40"),
    ("weeks go on", FIFTH_MONTH, say(FactKind.PREGNANCY, "10", as_of=make.TODAY - 70 * DAY), True, "20 semanas"),
    ("a day short", FIFTH_MONTH, say(FactKind.PREGNANCY, "10", as_of=make.TODAY - 69 * DAY), False, "19 semanas"),
    ("it ended", FIFTH_MONTH, say(FactKind.PREGNANCY, "40", as_of=make.TODAY - 21 * DAY), False, "ya terminó"),
    ("forty-two weeks", FIFTH_MONTH, say(FactKind.PREGNANCY, "40", as_of=make.TODAY - 14 * DAY), True, "42 semanas"),
    ("weeks not known", FIFTH_MONTH, say(FactKind.PREGNANCY, "sí"), None, "no de cuántas semanas"),
    ("declared", FIFTH_MONTH, say(FactKind.PREGNANCY, "30", source=Source.DECLARED), None, "falta acreditarlo"),
    ("Senadis not loaded", SEVERE, nothing, None, "falta cargar el registro de Senadis"),
    ("a slight one", SEVERE, say(FactKind.DISABILITY, "leve", source=Source.SENADIS), False, "Discapacidad leve"),
    ("credential over", SEVERE, say(FactKind.DISABILITY, "severa", valid_until=make.YESTERDAY), False, "venció"),
    ("until today", SEVERE, say(FactKind.DISABILITY, "severa", valid_until=make.TODAY), True, "Discapacidad severa"),
    ("no income", LOW_INCOME, nothing, None, "falta la cartola"),
    ("the limit a head", LOW_INCOME, of_home(FactKind.HOME_INCOME, amount=200_000), True, "$100.000 por persona"),
    ("a peso over", LOW_INCOME, of_home(FactKind.HOME_INCOME, amount=200_001), False, "$100.000 por persona"),
    ("not loaded", NO_SUF, nothing, None, "falta cargar la plataforma de subsidios"),
    ("she has it", NO_SUF, say(FactKind.SUBSIDY, "suf", source=Source.SUBSIDIES), False, "Recibe Subsidio Familiar"),
    ("it ended", NO_SUF, say(FactKind.SUBSIDY, "suf", source=Source.SUBSIDIES, valid_until=make.YESTERDAY), True, "No"),
    ("no longer in the extract", NO_SUF, say(FactKind.SUBSIDY, "suf", source=Source.SUBSIDIES, **GONE), True, "No"),
    ("out of the programme", FAMILY, of_home(FactKind.FAMILIAS_STAGE, "", **GONE), False, "Ya no figura en Programa"),
    ("another one", NO_SUF, say(FactKind.SUBSIDY, "pgu", source=Source.SUBSIDIES), True, "No consta"),
    ("somebody has", SOMEBODY_SUF, say(FactKind.SUBSIDY, "suf", source=Source.SUBSIDIES), True, "Recibe Subsidio"),
    ("to prove", Condition(Kind.TO_PROVE, text="Boletas al día"), nothing, None, "al postular"),
    ("ages it is not for", Condition(Kind.HEAD, only_to=17), nothing, True, "No se le pide"),
    ("a home of two", Condition(Kind.HOME_SIZE, low=2, high=2), nothing, True, "2 personas"),
    ("a child at home", Condition(Kind.HOME_AGES, high=17, times=1), nothing, True, "1 persona"),
    ("two children at home", Condition(Kind.HOME_AGES, high=17, times=2), nothing, False, "1 persona"),
    ("her daughter", Condition(Kind.PARENT, high=17), nothing, True, "una hija o un hijo"),
]


@pytest.mark.parametrize(
    ("condition", "state", "holds", "why"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_the_answer_and_its_reason(
    condition: Condition, state: Callable[[World], None], holds: Known, why: str, world: World, head: Actor
) -> None:
    with acting(head):
        state(world)
    finding = found(condition, world, head)
    assert finding.holds is holds
    assert why in finding.why


def test_an_old_bracket_is_not_known_until_it_is_brought_up_to_date(head: Actor) -> None:
    with acting(head):
        rosa = make.person()
        home = make.home(rosa, as_of=YEAR_AGO - DAY)
        world = World(rosa, rosa, home, make.entry())
    finding = found(RECENT, world, head)
    assert finding.holds is None
    assert "hay que actualizarla" in finding.why


def test_who_declares_otherwise_is_heard_and_the_registry_decides(world: World, head: Actor) -> None:
    with acting(head):
        of_home(FactKind.RSH_BRACKET, "90", source=Source.DECLARED)(world)
    finding = found(Condition(Kind.BRACKET, high=40), world, head)
    assert (finding.holds, finding.source) == (True, Source.RSH)
    assert finding.aside == "La persona declara 90 %. Decide el registro."


def test_an_old_fact_says_so(world: World, head: Actor) -> None:
    with acting(head):
        say(FactKind.DISABILITY, "severa", source=Source.SENADIS, as_of=YEAR_AGO - 9 * DAY)(world)
    assert "más de un año" in found(SEVERE, world, head).aside


def test_senadis_goes_before_a_newer_word_of_another_registry(world: World, head: Actor) -> None:
    with acting(head):
        say(FactKind.DISABILITY, "severa", source=Source.SENADIS, as_of=YEAR_AGO)(world)
        say(FactKind.DISABILITY, "leve", source=Source.RSH)(world)
    assert found(SEVERE, world, head).holds is True


def test_who_is_shielded_is_not_counted_by_the_others_and_counts_herself(world: World, head: Actor) -> None:
    with acting(head):
        Membership.objects.filter(person=world.child).update(is_shielded=True)
        assert found(Condition(Kind.HOME_SIZE, high=1), world, head).holds is True
        hidden = World(world.child, world.rosa, world.home, world.version)
        assert found(Condition(Kind.HOME_SIZE, low=2), hidden, head).holds is True


def test_the_municipalitys_own_fact(world: World, head: Actor) -> None:
    flooded = Condition(Kind.OWN, values=("damnificada",))
    with acting(head):
        OwnFact.objects.create(code="damnificada", name="Damnificada por el temporal", about=Subject.PERSON)
    assert "nadie ha cargado ese dato" in found(flooded, world, head).why
    with acting(head):
        make.fact(FactKind.OWN, person=world.child, value="damnificada", source=Source.MUNICIPAL)
    assert found(flooded, world, head).holds is False
    with acting(head):
        make.fact(FactKind.OWN, person=world.rosa, value="damnificada", source=Source.MUNICIPAL)
    finding = found(flooded, world, head)
    assert finding.holds is True
    assert finding.asks == "Damnificada por el temporal"


def test_a_carer_by_her_relation_with_whom_she_cares_for(world: World, head: Actor) -> None:
    with acting(head):
        Relation.objects.create(person=world.rosa, other=world.child, kind="carer", source=Source.RSH)
    assert found(Condition(Kind.CARER), world, head).holds is True


def test_rules_ask_for_the_benefits_that_registries_tell_of() -> None:
    assert dict(RECEIVED) == {subsidy.value: subsidy.label for subsidy in Subsidy}
