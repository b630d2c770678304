"""Small generated towns and generated rules, to hold the two uses of a rule against each other."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.models import EntryVersion, OwnFact
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose
from ventanilla.core import clock
from ventanilla.registry.models import Dwelling, Fact, Home, Membership, Person, Relation
from ventanilla.registry.vocabulary import FactKind, Kinship, MembershipSource, RelationKind, Source

PEOPLE, HOMES = 5, 3
OWN_OF_PEOPLE, OWN_OF_HOMES, OWN_UNKNOWN = "damnificada", "sin-agua", "no-definido"


def ago(days: int) -> date:
    return make.TODAY - timedelta(days=days)


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


edges = st.builds(
    lambda months, days: max(0, (make.TODAY - clock.months_before(make.TODAY, months)).days + days),
    one_of(1, 6, 12, 24),
    st.integers(-1, 1),
)
"""How many days ago a term of some rule began: the days on which its answer changes."""

births = st.none() | st.builds(
    lambda years, days: (
        (make.TODAY - timedelta(days=days)).replace(year=make.TODAY.year - years, day=1)
        if days > 1
        else _same_day(years, days)
    ),
    st.integers(0, 90),
    st.integers(-1, 40),
)


def _same_day(years: int, days: int) -> date:
    """A birthday today, tomorrow or yesterday: the ages at which rules change."""
    day = make.TODAY - timedelta(days=days)
    return date(day.year - years, day.month, min(day.day, 28))


@dataclass(frozen=True)
class Somebody:
    born: date | None
    sex: str
    people: str
    source: str
    commune: str | None
    is_dead: bool
    is_blocked: bool


somebody = st.builds(
    Somebody,
    born=births,
    sex=one_of("female", "male", "other", ""),
    people=one_of("", "", "diaguita"),
    source=one_of("rsh", "declared"),
    commune=one_of(None, None, "04303", "04301"),
    is_dead=one_of(False, False, False, False, True),
    is_blocked=one_of(False, False, False, False, True),
)


@dataclass(frozen=True)
class Belonging:
    person: int
    home: int
    source: str
    kinship: str
    is_shielded: bool
    is_over: bool


belonging = st.builds(
    Belonging,
    person=st.integers(0, PEOPLE - 1),
    home=st.integers(0, HOMES - 1),
    source=one_of("rsh", "rsh", "declared"),
    kinship=one_of("head", "child", "spouse", "not_related"),
    is_shielded=one_of(False, False, False, True),
    is_over=one_of(False, False, False, True),
)


@dataclass(frozen=True)
class Said:
    kind: FactKind
    whose: int
    value: str
    amount: int | None
    source: str
    days: int
    until: int | None
    expires: int | None


VALUES = {
    FactKind.RSH_BRACKET: ("40", "60", "100", "no dice"),
    FactKind.HOME_INCOME: ("",),
    FactKind.FAMILIAS_STAGE: ("Egreso", "seguimiento"),
    FactKind.SUBSIDY: ("suf", "sap_rural", "pgu"),
    FactKind.DISABILITY: ("leve", "severa"),
    FactKind.DEPENDENCE: ("moderada", "severa"),
    FactKind.CARER: ("principal",),
    FactKind.PREGNANCY: ("10", "38", "x"),
    FactKind.ENROLMENT: ("3° básico", "educación superior", "Sin matrícula"),
    FactKind.HEALTH_CHECK: ("al día", "atrasado"),
    FactKind.OWN: (OWN_OF_PEOPLE,),
    FactKind.HOME_OWN: (OWN_OF_HOMES,),
}
SOURCES = ("rsh", "subsidies", "ips", "familias", "senadis", "mineduc", "municipal", "declared")

said = st.sampled_from(sorted(VALUES)).flatmap(
    lambda kind: st.builds(
        Said,
        kind=st.just(FactKind(kind)),
        whose=st.integers(0, PEOPLE - 1),
        value=st.sampled_from(VALUES[FactKind(kind)]),
        amount=st.none() | st.integers(0, 500_000) if kind == FactKind.HOME_INCOME else st.none(),
        source=st.sampled_from(SOURCES),
        days=st.integers(0, 500) | edges,
        until=st.none() | st.integers(-30, 30),
        expires=one_of(None, None, None, -1, 0, 1),
    )
)


@dataclass(frozen=True)
class Bond:
    person: int
    other: int
    kind: str
    source: str
    until: int | None


bond = st.builds(
    Bond,
    person=st.integers(0, PEOPLE - 1),
    other=st.integers(0, PEOPLE - 1),
    kind=one_of("parent", "carer"),
    source=one_of("rsh", "declared"),
    until=st.none() | st.integers(-5, 5),
)


@dataclass(frozen=True)
class Handed:
    whose: int
    to_home: bool
    days: int
    is_of_the_entry: bool


handed = st.builds(
    Handed,
    whose=st.integers(0, HOMES - 1),
    to_home=st.booleans(),
    days=edges | st.integers(0, 800),
    is_of_the_entry=one_of(True, True, False),
)


@dataclass(frozen=True)
class Town:
    people: list[Somebody]
    belongings: list[Belonging]
    facts: list[Said]
    bonds: list[Bond]
    deliveries: list[Handed]
    areas: list[str]
    loaded: list[str]


towns = st.builds(
    Town,
    people=st.lists(somebody, min_size=PEOPLE, max_size=PEOPLE),
    belongings=st.lists(belonging, min_size=3, max_size=9),
    facts=st.lists(said, min_size=4, max_size=20),
    bonds=st.lists(bond, max_size=4),
    deliveries=st.lists(handed, max_size=8),
    areas=st.lists(one_of("rural", "urban", ""), min_size=HOMES, max_size=HOMES),
    loaded=st.lists(st.sampled_from(SOURCES[:-1]), max_size=len(SOURCES), unique=True),
)


def build(town: Town, *, by: Actor, version: EntryVersion) -> tuple[list[Person], list[Home]]:
    """Write it in the institution entered."""
    people = [
        make.person(
            f"Persona {number}",
            birth_on=one.born,
            sex=one.sex,
            indigenous_people=one.people,
            source=one.source,
            commune_id=one.commune,
            died_on=make.TODAY if one.is_dead else None,
            death_source="civil_registry" if one.is_dead else "",
            processing_blocked=one.is_blocked,
        )
        for number, one in enumerate(town.people)
    ]
    homes = [_home(area) for area in town.areas]
    _settle(town.belongings, people, homes)
    _state(town.facts, people, homes)
    for source in town.loaded:  # a registry that has said something of somebody, which no rule asks
        make.fact(FactKind.INCOME, person=people[0], source=source, amount=1)
    _bind(town.bonds, people)
    for one in town.deliveries:
        to_home = homes[one.whose] if one.to_home else None
        Delivery.objects.create(
            person=None if to_home else people[one.whose],
            home=to_home,
            label="Caja",
            version=version if one.is_of_the_entry else None,
            delivered_on=ago(one.days),
            origin=Delivery.Origin.MADE_HERE,
            recorded_at=clock.now(),
        )
    OwnFact.objects.create(code=OWN_OF_PEOPLE, name="Damnificada", about=Subject.PERSON)
    OwnFact.objects.create(code=OWN_OF_HOMES, name="Sin agua", about=Subject.HOME)
    return people, homes


def _home(area: str) -> Home:
    dwelling = Dwelling.objects.create(address="Los Olivos 1", rurality=area, commune_id="04303" if area else None)
    return Home.objects.create(dwelling=dwelling, source=Source.RSH, recorded_at=clock.now())


def _settle(belongings: list[Belonging], people: list[Person], homes: list[Home]) -> None:
    at_home: set[tuple[int, str]] = set()
    headed: set[tuple[int, str]] = set()
    for one in belongings:
        if not one.is_over and (one.person, one.source) in at_home:
            continue
        is_head = one.kinship == Kinship.HEAD and (one.home, one.source) not in headed and not one.is_over
        if not one.is_over:
            at_home.add((one.person, one.source))
        if is_head:
            headed.add((one.home, one.source))
        Membership.objects.create(
            home=homes[one.home],
            person=people[one.person],
            kinship=one.kinship,
            is_head=is_head,
            source=MembershipSource(one.source),
            starts_on=ago(400),
            ends_on=ago(3) if one.is_over else None,
            is_shielded=one.is_shielded,
        )


def _state(facts: list[Said], people: list[Person], homes: list[Home]) -> None:
    known: set[tuple[Any, ...]] = set()
    for one in facts:
        of_home = one.kind in VALUES and one.kind in (
            *(FactKind.RSH_BRACKET, FactKind.HOME_INCOME, FactKind.FAMILIAS_STAGE),
            FactKind.HOME_OWN,
        )
        whose: dict[str, Any] = {"home": homes[one.whose % HOMES]} if of_home else {"person": people[one.whose]}
        key = (*whose.values(), one.kind, one.source, one.days, one.value)
        if key in known:
            continue
        known.add(key)
        Fact.objects.create(
            kind=one.kind,
            value=one.value,
            amount=one.amount,
            source=one.source,
            as_of=ago(one.days),
            valid_until=None if one.until is None else ago(-one.until),
            expires_on=None if one.expires is None else ago(-one.expires),
            recorded_at=clock.now(),
            **whose,
        )


def _bind(bonds: list[Bond], people: list[Person]) -> None:
    known: set[tuple[Any, ...]] = set()
    for one in bonds:
        key = (one.person, one.other, one.kind, one.source)
        if one.person == one.other or key in known:
            continue
        known.add(key)
        Relation.objects.create(
            person=people[one.person],
            other=people[one.other],
            kind=RelationKind(one.kind),
            source=one.source,
            ends_on=None if one.until is None else ago(-one.until),
        )


# Rules

ages = st.integers(0, 90)
bounds = st.tuples(ages, ages).map(sorted) | ages.map(lambda age: [age, None]) | ages.map(lambda age: [None, age])


def _between(kind: Kind, **others: Any) -> st.SearchStrategy[Condition]:
    return bounds.map(lambda found: Condition(kind, low=found[0], high=found[1], **others))


_whose = one_of(Whose.PERSON, Whose.HOME)

OF_PEOPLE: list[st.SearchStrategy[Condition]] = [
    _between(Kind.AGE),
    one_of("female", "male").map(lambda sex: Condition(Kind.SEX, values=(sex,))),
    st.just(Condition(Kind.HEAD)),
    _between(Kind.PARENT),
    st.none().map(lambda _: Condition(Kind.PREGNANCY))
    | one_of(10, 12, 20, 39).map(lambda n: Condition(Kind.PREGNANCY, low=n)),
    one_of((), ("severa", "profunda"), ("leve",)).map(lambda v: Condition(Kind.DISABILITY, values=v)),
    one_of((), ("severa",)).map(lambda v: Condition(Kind.DEPENDENCE, values=v)),
    st.just(Condition(Kind.CARER)),
    one_of((), ("school",), ("higher",)).map(lambda v: Condition(Kind.ENROLMENT, values=v)),
    st.just(Condition(Kind.HEALTH_CHECK)),
    st.just(Condition(Kind.INDIGENOUS)),
    st.just(Condition(Kind.OWN, values=(OWN_OF_PEOPLE,))),
]


def _bracket(high: int, months: int | None) -> Condition:
    return Condition(Kind.BRACKET, high=high, months=months)


def _frequency(times: int, months: int, whose: Whose) -> Condition:
    return Condition(Kind.FREQUENCY, times=times, months=months, whose=whose)


def _of_both(whose: st.SearchStrategy[Whose]) -> list[st.SearchStrategy[Condition]]:
    codes = one_of(("suf",), ("sap_rural", "pgu"), ("pgu",))
    return [
        st.just(Condition(Kind.RESIDENCE)),
        one_of("urban", "rural").map(lambda area: Condition(Kind.AREA, values=(area,))),
        st.builds(_bracket, one_of(40, 60, 100), one_of(None, 6)),
        st.integers(1, 200_000).map(lambda pesos: Condition(Kind.INCOME, high=pesos)),
        st.integers(1, 4).map(lambda n: Condition(Kind.HOME_SIZE, low=n)),
        st.integers(1, 4).map(lambda n: Condition(Kind.HOME_SIZE, high=n)),
        st.integers(1, 3).flatmap(lambda times: _between(Kind.HOME_AGES, times=times)),
        st.just(Condition(Kind.FAMILIAS)),
        st.builds(lambda v, w: Condition(Kind.RECEIVES, values=v, whose=w), codes, whose),
        st.builds(lambda v, w: Condition(Kind.NOT_RECEIVES, values=v, whose=w), codes, whose),
        st.builds(_frequency, st.integers(1, 2), one_of(1, 12, 24), whose),
        st.just(Condition(Kind.OWN, values=(OWN_OF_HOMES,))),
        st.just(Condition(Kind.TO_PROVE, text="Algo")),
    ]


def _grouped(
    conditions: list[Condition], groups: list[str], limits: list[tuple[int | None, int | None]]
) -> tuple[Condition, ...]:
    return tuple(
        replace(condition, group=group, only_from=limit[0], only_to=limit[1])
        for condition, group, limit in zip(conditions, groups, limits, strict=False)
    )


def rules(subject: Subject) -> st.SearchStrategy[Rule]:
    """Any rule of such a subject, contradictory or not: both uses must say the same of it."""
    kinds = _of_both(st.just(Whose.HOME)) if subject is Subject.HOME else [*OF_PEOPLE, *_of_both(_whose)]
    limits = st.just((None, None))
    if subject is Subject.PERSON:
        limits = limits | one_of((6, None), (None, 17), (6, 17))
    return st.builds(
        lambda conditions, groups, found: Rule(subject, _grouped(conditions, groups, found)),
        st.lists(st.one_of(kinds), min_size=1, max_size=4),
        st.lists(one_of("", "", "A", "B"), min_size=4, max_size=4),
        st.lists(limits, min_size=4, max_size=4),
    )


def one_of_each(subject: Subject) -> st.SearchStrategy[list[Rule]]:
    """A rule of one condition for each kind, so that every kind meets every town."""
    kinds = _of_both(st.just(Whose.HOME)) if subject is Subject.HOME else [*OF_PEOPLE, *_of_both(_whose)]
    return st.tuples(*kinds).map(lambda found: [Rule(subject, (condition,)) for condition in found])
