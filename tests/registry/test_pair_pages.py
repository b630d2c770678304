"""The page where a head, or a clerk she named, says whether two records are of one person."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import make
from tests.intake.desk_page import browser_of
from tests.registry.duplicate_pages import QUEUE, address, again, put, text_of, waiting
from tests.registry.merged import two

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.run import Run
from ventanilla.registry.merging.states import FoundBy, PairState
from ventanilla.registry.models import (
    ContactPoint,
    Membership,
    Merge,
    Person,
    PossibleDuplicate,
    ReadEntry,
    ReadPurpose,
    Relation,
)
from ventanilla.registry.vocabulary import ContactKind, FactKind, RelationKind, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def posting() -> Posting:
    return make.posting(Role.UAS_HEAD)


@pytest.fixture
def head(posting: Posting) -> Actor:
    return actor_in(posting)


@pytest.fixture
def client(posting: Posting) -> Client:
    return browser_of(posting)


def test_opening_a_pair_reads_both_records_for_a_purpose_that_ends_with_the_decision(
    client: Client, head: Actor
) -> None:
    (pair,) = waiting(head, 1)
    client.get(address(pair))
    client.get(address(pair))
    both = {pair.first_id, pair.second_id}
    with acting(head):
        purposes = ReadPurpose.objects.filter(reference_id=pair.pk)
        assert set(purposes.values_list("person_id", flat=True)) == both
        assert purposes.count() == 2, "looking again is the same purpose"
        assert {purpose.ground for purpose in purposes} == {ReadPurpose.Ground.DUPLICATE}
        looks = ReadEntry.objects.filter(kind=ReadEntry.Kind.COMPARISON)
        assert {(look.person_id, look.purpose_id) for look in looks} == {
            (purpose.person_id, purpose.pk) for purpose in purposes
        }
        until = max(purpose.ends_at for purpose in purposes if purpose.ends_at)
    client.post(address(pair), {"decision": "different"})
    with acting(head):
        assert not ReadPurpose.objects.filter(reference_id=pair.pk, ends_at__gte=until).exists()


def test_both_are_shown_field_by_field_and_differences_are_said_in_words(client: Client, head: Actor) -> None:
    with acting(head):
        one, other = two(birth_on=date(1983, 5, 15), commune_id="04303")
        for person, phone in ((one, "+56951111111"), (other, "+56952222222")):
            ContactPoint.objects.create(person=person, kind=ContactKind.PHONE, value=phone, as_of=make.TODAY)
        pair = put(one, other, head)
    text = text_of(client, address(pair))
    for told in ("Distinto", "Igual", "Solo en una", "+56951111111", "+56952222222", "porque tiene RUN"):
        assert told in text, told
    assert '<mark class="nowrap">15-05-1983,</mark> 43 años' in text
    assert "Misma fecha de nacimiento" in text
    assert re.search(r'name="take_birth_on" value="kept"[^>]*checked', text), (
        "a registry prevails over what is declared"
    )
    assert "take_commune_id" not in text, "of what only one has nothing is asked"


def test_the_same_person_takes_what_was_chosen_and_the_next_pair_opens_by_itself(client: Client, head: Actor) -> None:
    with acting(head):
        one, other = two(birth_on=date(1983, 5, 15))
        pair = put(one, other, head, score=30)
    (following,) = waiting(head, 1)
    text = text_of(client, address(pair))
    assert re.search(r'name="decision" value="same" data-key="i"', text)
    sent = {"decision": "same", "take_birth_on": "absorbed", "take_given_names": "kept", "reason": "Mostró su cédula"}
    answer = client.post(address(pair), sent)
    assert answer.headers["Location"] == address(following)
    with acting(head):
        merge = Merge.objects.get()
        assert (merge.kept_id, merge.absorbed_id, merge.reason) == (one.pk, other.pk, "Mostró su cédula")
        kept = Person.objects.get(pk=one.pk)
        assert (kept.given_names, kept.birth_on) == ("Rosa Elvira", date(1983, 5, 15))
    told = text_of(client, address(following))
    assert "Las dos fichas quedaron unidas." in told
    assert f'href="{reverse("duplicates:merge", args=[merge.pk])}" data-key="u"' in told


def test_who_sends_no_choices_takes_those_that_were_proposed(client: Client, head: Actor) -> None:
    with acting(head):
        one, other = two(indigenous_people="diaguita", birth_on=date(1983, 5, 15))
        pair = put(one, other, head)
    client.post(address(pair), {"decision": "same"})
    with acting(head):
        kept = Person.objects.get(pk=one.pk)
        assert (kept.birth_on, kept.indigenous_people) == (one.birth_on, "diaguita")


def test_different_is_one_press_and_can_be_taken_back(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1)
    answer = client.post(address(pair), {"decision": "different", "reason": "Son primas"}, follow=True)
    text = answer.content.decode()
    assert "Quedaron como personas distintas." in text
    assert f'href="{address(pair)}"' in text
    text = text_of(client, address(pair))
    assert "Son personas distintas" in text
    assert "Son primas" in text
    assert "take_" not in text, "the records of a decided pair are not read again"
    assert client.post(f"{address(pair)}reabrir/").headers["Location"] == address(pair)
    assert again(pair, head).state == PairState.PENDING
    assert "¿Son la misma persona?" in text_of(client, address(pair))


def test_later_goes_to_the_end_and_the_next_one_follows(client: Client, head: Actor) -> None:
    first, second = waiting(head, 2)
    assert client.post(address(first), {"decision": "later"}).headers["Location"] == address(second)
    assert client.post(address(second), {"decision": "later"}).headers["Location"] == address(first)
    assert again(first, head).state == PairState.LATER


def test_the_last_one_leads_back_to_the_queue_with_its_filters(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1)
    answer = client.post(f"{address(pair)}?origen=busqueda", {"decision": "different"})
    assert answer.headers["Location"] == f"{QUEUE}?origen=busqueda"


def test_of_two_clerks_the_second_sees_who_decided_and_changes_nothing(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1)
    colleague = browser_of(make.posting(Role.UNIT_HEAD))
    assert colleague.get(address(pair)).status_code == 200
    client.post(address(pair), {"decision": "different"})
    late = colleague.post(address(pair), {"decision": "same"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "Camila De Jefatura de Asistencia Social ya lo decidió:" in text
    assert "personas distintas" in text
    assert again(pair, head).state == PairState.DIFFERENT


def test_two_runs_are_joined_only_by_who_says_how_she_knew(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1, run=Run(91_000_123).canonical)
    assert "para unirlas, escriba cómo supo que son la misma" in text_of(client, address(pair))
    refused = client.post(address(pair), {"decision": "same"})
    assert refused.status_code == 422
    assert "Tienen RUN distintos. Escriba cómo supo" in refused.content.decode()
    client.post(address(pair), {"decision": "same", "reason": "El Registro Civil le corrigió el RUN"})
    assert again(pair, head).state == PairState.SAME


def test_what_stands_in_the_way_is_said_before_deciding(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1)
    with acting(head):
        Relation.objects.create(
            person=pair.first, other=pair.second, kind=RelationKind.PARENT, source=Source.CIVIL_REGISTRY
        )
    text = text_of(client, address(pair))
    assert "Todavía no se pueden unir." in text
    assert "nadie lo es de sí misma" in text
    assert re.search(r'value="same" data-key="i" disabled', text)
    assert client.post(address(pair), {"decision": "same"}).status_code == 422
    assert again(pair, head).state == PairState.PENDING


def test_of_two_homes_she_says_which_one_is_hers(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1)
    with acting(head):
        for person in (pair.first, pair.second):
            make.home(person)
    text = text_of(client, address(pair))
    assert 'name="take_home" value="absorbed"' in text
    client.post(address(pair), {"decision": "same", "take_home": "absorbed"})
    with acting(head):
        merge = Merge.objects.get()
        theirs = Membership.objects.get(person=merge.kept_id, ends_on__isnull=True)
        moved = merge.moves.filter(row_id=theirs.pk).values_list("old", flat=True)
        assert {"person_id": str(merge.absorbed_id)} in list(moved)


def test_what_hangs_from_each_is_counted(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1)
    with acting(head):
        for number in range(3):
            make.fact(FactKind.SUBSIDY, person=pair.first, value=f"suf{number}")
    text = text_of(client, address(pair))
    assert "3 antecedentes" in text


def test_a_button_that_was_not_pressed_decides_nothing(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1)
    assert client.post(address(pair), {}).status_code == 422
    assert client.post(address(pair), {"decision": "pending"}).status_code == 422
    assert again(pair, head).state == PairState.PENDING


def test_of_whom_something_is_guarded_the_pair_is_not_there(head: Actor) -> None:
    (pair,) = waiting(head, 1)
    outsider = browser_of(make.posting(Role.UNIT_HEAD, in_unit=make.unit(code="deportes", functions=())))
    assert outsider.get(address(pair)).status_code == 200
    with acting(head):
        house = make.home(pair.first)
        Membership.objects.filter(home=house).update(is_shielded=True)
    assert outsider.get(address(pair)).status_code == 404
    assert outsider.post(address(pair), {"decision": "different"}).status_code == 404
    assert "Rosa A" not in outsider.get(QUEUE).content.decode()
    with acting(head):
        Person.objects.filter(pk=pair.first_id).update(processing_blocked=True)
    assert browser_of(make.posting(Role.UAS_HEAD)).get(address(pair)).status_code == 404


def test_a_pair_of_whom_one_was_joined_elsewhere_needs_no_decision(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1)
    with acting(head):
        another = put(pair.second, make.person("Rosa A", "Araya", run=None), head)
    client.post(address(pair), {"decision": "same"})
    text = text_of(client, address(another))
    assert "Ya no necesita decisión" in text
    assert "Una de las dos fichas se unió a otra" in text
    with acting(head):
        carried = PossibleDuplicate.objects.get(found_by=FoundBy.MERGE)
    assert address(carried) in text_of(client, QUEUE), "who may have been the one absorbed may be the one kept"


def test_whoever_compares_her_own_record_is_told_that_it_draws_attention(
    client: Client, head: Actor, posting: Posting
) -> None:
    (pair,) = waiting(head, 1)
    with acting(head):
        mine = Person.objects.get(pk__in=[pair.first_id, pair.second_id], run__isnull=False)
    Account.objects.filter(pk=posting.account_id).update(run=mine.run)
    assert "es su propia ficha" in text_of(client, address(pair))


def test_a_pair_asks_as_much_whatever_hangs_from_it(client: Client, head: Actor) -> None:
    asked = []
    (pair,) = waiting(head, 1)
    with acting(head):
        for person in (pair.first, pair.second):
            make.home(person)
    for number in (1, 5):
        with acting(head):
            for person in (pair.first, pair.second):
                for each in range(number):
                    make.fact(FactKind.SUBSIDY, person=person, value=f"suf{number}{each}")
                    phone = f"+569511111{number}{each}"
                    ContactPoint.objects.create(person=person, kind=ContactKind.PHONE, value=phone, as_of=make.TODAY)
                    make.join_home(make.person("Otra", run=None), of=person)
        client.get(address(pair))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(pair))
        asked.append(len(queries))
    assert asked[1] == asked[0]
