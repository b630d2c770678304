"""Questions whose SQL is written once: whoever asks after is answered as the queryset itself would answer."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Unit
from ventanilla.access.permissions import Permission, Role
from ventanilla.access.tenancy import acting, current_institution_id, within_reach
from ventanilla.access.written import written_once
from ventanilla.core import clock
from ventanilla.core.errors import TenancyError
from ventanilla.core.ids import new_id
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import Fact, Person
from ventanilla.registry.vocabulary import FactKind

pytestmark = pytest.mark.django_db

asked: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_asked_yet() -> None:
    asked.clear()


def _named(by: Actor, name: str) -> QuerySet[Person]:
    return Person.objects.visible_to(by).filter(first_surname=name).order_by("id")


def test_it_is_written_once_and_asked_each_time() -> None:
    @written_once
    def somebody(by: Actor, person: UUID) -> QuerySet[Person]:
        asked.append("somebody")
        return Person.objects.visible_to(by).filter(pk=person)

    with make.inside() as by:
        rosa, luis = make.person("Rosa"), make.person("Luis")
        with CaptureQueriesContext(connection) as queries:
            assert somebody(by, rosa.pk) == [rosa]
            assert somebody(by, luis.pk) == [luis]
            assert somebody(by, new_id()) == []
        assert (len(asked), len(queries)) == (1, 3)
        luis.given_names = "Luis Alberto"
        luis.save()
        assert somebody(by, luis.pk)[0].given_names == "Luis Alberto"


def test_each_institution_is_answered_with_its_own() -> None:
    somebody = written_once(_named)
    with make.inside() as by:
        rosa = make.person("Rosa", "Araya")
        assert somebody(by, "Araya") == [rosa]
    with make.inside(make.COMBARBALA) as by:
        assert somebody(by, "Araya") == []
        luis = make.person("Luis", "Araya")
        assert somebody(by, "Araya") == [luis]


def test_whoever_asks_sees_what_she_may_and_not_what_the_one_before_might() -> None:
    @written_once
    def restricted(by: Actor, person: UUID) -> QuerySet[Consultation]:
        return Consultation.objects.visible_to(by).filter(person=person)

    with make.inside() as head:
        rosa = make.person()
        hers, other, desk = make.actor(Role.CASE_WORKER), make.actor(Role.CASE_WORKER), make.actor(Role.FRONT_DESK)
        made = Consultation.objects.create(
            folio="MP-1",
            person=rosa,
            secrecy="restricted",
            unit=make.unit_of(head),
            recorded_by_id=hers.account,
            occurred_at=clock.now(),
            recorded_at=clock.now(),
        )
    for by in (hers, other, desk, hers):
        with acting(by):
            assert restricted(by, rosa.pk) == ([made] if by == hers else [])
            assert restricted(by, rosa.pk) == list(Consultation.objects.visible_to(by).filter(person=rosa))


def test_a_right_for_her_unit_reaches_the_unit_of_whoever_asks() -> None:
    @written_once
    def reached(by: Actor) -> QuerySet[Unit]:
        return Unit.objects.filter(within_reach(by, Permission.OPERATOR_REGISTER, unit="pk"))

    uas = make.actor(Role.UAS_HEAD)
    rsh = make.actor(Role.UAS_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    for by in (uas, rsh, make.actor(Role.FRONT_DESK)):
        with acting(by):
            expected = [by.unit_id] if by.role == Role.UAS_HEAD else []
            assert [unit.pk for unit in reached(by)] == expected


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_a_list_may_have_any_length(size: int) -> None:
    @written_once
    def these(by: Actor, people: list[UUID]) -> QuerySet[Person]:
        asked.append("these")
        return Person.objects.visible_to(by).filter(pk__in=people).order_by("id")

    with make.inside() as by:
        for _ in range(2):
            people = [make.person() for _ in range(size)]
            assert these(by, [one.pk for one in people]) == sorted(people, key=lambda one: one.pk)
    assert len(asked) == 1


def test_what_comes_beside_and_what_is_not_a_row_are_told_too() -> None:
    @written_once
    def facts(by: Actor, person: UUID, since: date) -> QuerySet[Fact]:
        return Fact.objects.visible_to(by).filter(person=person, as_of__gte=since).select_related("person")

    @written_once
    def values(by: Actor, person: UUID, kinds: frozenset[str]) -> QuerySet[Fact, tuple[str, date]]:
        return Fact.objects.visible_to(by).filter(person=person, kind__in=sorted(kinds)).values_list("kind", "as_of")

    with make.inside() as by:
        rosa = make.person()
        made = make.fact(FactKind.SUBSIDY, person=rosa, value="suf", as_of=date(2026, 3, 2))
        with CaptureQueriesContext(connection) as queries:
            assert [fact.person for fact in facts(by, rosa.pk, date(2026, 3, 2))] == [rosa]
        assert len(queries) == 1
        assert facts(by, rosa.pk, date(2026, 3, 3)) == []
        assert values(by, rosa.pk, frozenset({str(made.kind)})) == [(made.kind, made.as_of)]
        assert values(by, rosa.pk, frozenset({str(FactKind.OWN)})) == []


def test_the_clock_is_that_of_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    @written_once
    def known(by: Actor, person: UUID) -> QuerySet[Person]:
        by_now = Person.objects.visible_to(by).filter(as_of__lte=clock.today(), recorded_at__lte=clock.now())
        return by_now.filter(pk=person)

    now = clock.now()
    with make.inside() as by:
        later = make.person(as_of=make.TODAY + timedelta(days=30), recorded_at=now + timedelta(days=30))
        assert known(by, later.pk) == []
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=40))
        assert known(by, later.pk) == [later]


def test_nobody_entered_is_refused_although_it_was_written() -> None:
    somebody = written_once(_named)
    with make.inside() as by:
        somebody(by, "Araya")
    with pytest.raises(TenancyError):
        somebody(by, "Araya")


def test_a_value_that_would_be_forgotten_is_refused() -> None:
    @written_once
    def of_the_year(by: Actor, day: date) -> QuerySet[Person]:
        return Person.objects.visible_to(by).filter(birth_on__year=day.year)

    @written_once
    def of_the_day_before(by: Actor, day: date) -> QuerySet[Person]:
        return Person.objects.visible_to(by).filter(birth_on__range=(day - timedelta(days=1), day))

    @written_once
    def of_a_moment_ago(by: Actor) -> QuerySet[Person]:
        return Person.objects.visible_to(by).filter(recorded_at__gte=clock.now() - timedelta(minutes=1))

    @written_once
    def of_one_unit(by: Actor) -> QuerySet[Unit]:
        return Unit.objects.filter(institution=by.institution_id, pk=unit.pk)

    @written_once
    def of_the_one_entered(_: Actor) -> QuerySet[Unit]:
        return Unit.objects.filter(institution=current_institution_id())

    with make.inside() as by:
        unit = make.unit_of(by)
        for ask in (of_the_year, of_the_day_before):
            with pytest.raises(TypeError):
                ask(by, make.TODAY)
        for alone in (of_a_moment_ago, of_one_unit, of_the_one_entered):
            with pytest.raises(TypeError):
                alone(by)
