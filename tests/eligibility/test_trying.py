"""A rule tried before it is published: on invented homes, and counted without saying who."""

import pytest
from django.test import Client
from django.urls import reverse
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.models import Entry, OwnFact
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose
from ventanilla.core.errors import NotAllowed
from ventanilla.eligibility.trying import count_rule, facts_nobody_has, try_rule
from ventanilla.eligibility.verdicts import Verdict

pytestmark = pytest.mark.django_db

SCHOOL = Rule(
    Subject.PERSON,
    (
        Condition(Kind.AGE, low=6, high=18),
        Condition(Kind.ENROLMENT, values=("school",)),
        Condition(Kind.BRACKET, high=60, months=12),
    ),
)
ONCE = Rule(Subject.PERSON, (Condition(Kind.FREQUENCY, times=1, months=6, whose=Whose.PERSON),))


ADULT = Rule(Subject.PERSON, (Condition(Kind.AGE, low=18),))


@pytest.fixture
def head() -> Actor:
    return make.actor(Role.UAS_HEAD)


def written(rule: Rule, head: Actor) -> Entry:
    with acting(head):
        return make.written_entry("Set escolar", rule=rule, is_published=False)


def outcome(entry: Entry, head: Actor) -> dict[str, list[Verdict]]:
    with acting(head):
        tried = try_rule(entry.drafts.get().asks, entry_id=entry.pk, by=head, on=make.TODAY)
        return {one.sample.title: [answer.verdict for answer in one.answers] for one in tried}


def test_the_rule_as_it_is_being_written_is_tried_on_eight_invented_homes(head: Actor) -> None:
    found = outcome(written(SCHOOL, head), head)
    assert len(found) == 8
    assert found["Madre sola con dos hijos en el colegio, tramo 40, rural"] == [
        Verdict.CANNOT,
        Verdict.COULD,
        Verdict.CANNOT,
    ]
    assert Verdict.COULD not in found["Familia de cinco, tramo 80, sin beneficios"]


def test_who_got_it_three_months_ago_is_among_the_homes(head: Actor) -> None:
    verdicts = list(outcome(written(ONCE, head), head).values())
    assert verdicts[6] == [Verdict.CANNOT]
    assert verdicts[0] == [Verdict.COULD] * 3


def test_an_own_fact_is_of_the_first_home_alone(head: Actor) -> None:
    with acting(head):
        OwnFact.objects.create(code="damnificada", name="Damnificada", about=Subject.HOME)
    found = list(
        outcome(written(Rule(Subject.HOME, (Condition(Kind.OWN, values=("damnificada",)),)), head), head).values()
    )
    assert found == [[Verdict.COULD], *[[Verdict.CANNOT]] * 7]


def test_nobodys_record_is_touched(head: Actor) -> None:
    entry = written(SCHOOL, head)
    with make.inside():
        make.home(make.person("Alguien", birth_on=None))
    titles = outcome(entry, head)
    assert not any("Alguien" in title for title in titles)


def test_small_numbers_are_not_told(head: Actor) -> None:
    entry = written(ADULT, head)
    with acting(head):
        make.town(12)
        make.person(birth_on=None)
        counted = count_rule(ADULT, entry_id=entry.pk, by=head, on=make.TODAY)
    assert (counted.could, counted.cannot, counted.unknown) == (13, 0, None)


def test_counting_is_for_who_writes_the_catalogue(head: Actor) -> None:
    entry = written(SCHOOL, head)
    desk = make.actor(Role.FRONT_DESK)
    with acting(desk), pytest.raises(NotAllowed):
        count_rule(SCHOOL, entry_id=entry.pk, by=desk, on=make.TODAY)


def test_what_no_registry_loaded_here_could_tell_is_said_before_publishing(head: Actor) -> None:
    with acting(head):
        assert facts_nobody_has(SCHOOL, by=head) == [
            "Falta cargar Mineduc: lo pide «Matrícula».",
            "Falta cargar Registro Social de Hogares: lo pide «Tramo del Registro Social de Hogares».",
        ]
        make.home(make.person())
        assert facts_nobody_has(SCHOOL, by=head) == ["Falta cargar Mineduc: lo pide «Matrícula»."]


def test_the_page_tries_and_counts(client: Client) -> None:
    posting = make.posting(Role.UAS_HEAD)
    client.force_login(posting.account)
    by = actor_in(posting)
    with acting(by):
        entry = make.written_entry("Set escolar", rule=SCHOOL, is_published=False)
        actions.submit_draft(entry, by=by, version=2)
    page = client.get(reverse("eligibility:try_rule", args=[entry.pk])).content.decode()
    assert "Madre sola con dos hijos en el colegio" in page
    assert "Cumplirían" not in page
    counted = client.get(reverse("eligibility:try_rule", args=[entry.pk]), {"contar": "1"}).content.decode()
    assert "Cumplirían" in counted
    fragment = client.get(reverse("eligibility:try_rule", args=[entry.pk]), headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()


def test_what_is_being_written_in_a_unit_is_not_tried_from_another(client: Client, head: Actor) -> None:
    entry = written(SCHOOL, head)
    desk = make.posting(Role.FRONT_DESK, in_unit=make.unit(code="rsh", functions=("rsh",)))
    client.force_login(desk.account)
    assert client.get(reverse("eligibility:try_rule", args=[entry.pk])).status_code == 404
