"""Whoever is attended without a name says who she is: what was written stays, and the number is hers."""

import pytest
from tests import make
from tests.intake.desk_page import browser_of, form

from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.intake.actions import (
    LineDetails,
    Writing,
    end_attention,
    identify,
    start_consultation,
    void_consultation,
)
from ventanilla.intake.models import Consultation, Ticket
from ventanilla.intake.states import Outcome
from ventanilla.intake.waiting import actions as waiting
from ventanilla.registry.models import Person
from ventanilla.registry.reading import open_purpose_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        return make.person(run="90214530-3")


@pytest.fixture
def desk(rosa: Person) -> Posting:
    return make.posting(Role.FRONT_DESK)


def attended_without_a_name(desk: Posting) -> Consultation:
    with make.inside() as head:
        queue = make.queue()
        waiting.take_number(queue, by=head)
    actor = actor_in(desk)
    with acting(actor):
        (served, *_) = queue.served_by.select_related("desk__site")
        called, _ = waiting.call_next(served.desk, by=actor)
        return waiting.attend(called, by=actor)


def kept(consultation: Consultation) -> Consultation:
    with make.inside():
        return Consultation.objects.select_related("person").get(pk=consultation.pk)


def test_the_consultation_and_its_number_are_hers_and_it_is_a_ground_to_read(desk: Posting, rosa: Person) -> None:
    begun, actor = attended_without_a_name(desk), actor_in(desk)
    with acting(actor):
        assert open_purpose_of(rosa, by=actor) is None
        identify(begun, rosa, by=actor)
        identify(begun, rosa, by=actor)  # pressed twice
        purpose = open_purpose_of(rosa, by=actor)
        assert purpose
        assert purpose.reference_id == begun.pk
        assert Ticket.objects.get(consultation=begun).person_id == rosa.pk
        suf = LineDetails(make.reason("suf").pk, Outcome.INFORMED)
        end_attention(begun, Writing([suf], version=begun.version), by=actor)
        assert Ticket.objects.get(consultation=begun).state == "done"
    assert (kept(begun).person, kept(begun).sex) == (rosa, rosa.sex)  # frozen for the figures of the month


def test_what_was_typed_before_stays(desk: Posting, rosa: Person) -> None:
    begun = attended_without_a_name(desk)
    client = browser_of(desk)
    address = begun.get_absolute_url()
    page = client.get(address).content.decode()
    client.post(f"{address}borrador/", form(page, SUF="informed"))
    answer = client.post(f"{address}identificar/", {"who": "90.214.530-3"})
    assert answer.headers["Location"] == address
    page = client.get(address).content.decode()
    assert "Consulta de Rosa Elvira" in page
    assert "Vino con su hijo" in page
    assert "cambió mientras" not in page


def test_a_name_is_chosen_and_whoever_is_new_comes_back_from_being_registered(desk: Posting, rosa: Person) -> None:
    begun = attended_without_a_name(desk)
    client = browser_of(desk)
    address = f"{begun.get_absolute_url()}identificar/"
    page = client.post(address, {"who": "rosa araya"}).content.decode()
    assert f'value="{rosa.pk}"' in page
    assert kept(begun).person is None
    page = client.post(address, {"who": "90.214.537-0"}).content.decode()
    assert f'href="/personas/nueva/?luego={address}"' in page
    new = {"given_names": "Nueva", "first_surname": "Vecina", "run": "90214537-0", "luego": address}
    back = client.post("/personas/nueva/", new).headers["Location"]
    assert back.startswith(f"{address}?persona=")
    assert "Nueva Vecina" in client.get(back).content.decode()
    client.post(address, {"person": back.partition("=")[2]})
    assert str(kept(begun).person) == "Nueva Vecina"


def test_only_ones_own_pages_wait_for_who_is_registered(desk: Posting) -> None:
    new = {"given_names": "Nueva", "first_surname": "Vecina", "run": "90214537-0", "luego": "https://example.org/"}
    assert browser_of(desk).post("/personas/nueva/", new).headers["Location"].startswith("/personas/")


def test_nobody_gets_two_attentions_at_once_nor_one_that_ended(desk: Posting, rosa: Person) -> None:
    begun, actor = attended_without_a_name(desk), actor_in(desk)
    with acting(actor):
        open_already = start_consultation(rosa, by=actor)
        with pytest.raises(RuleBroken, match=f"en {open_already.folio}"):
            identify(begun, rosa, by=actor)
        other = make.person("Luis")
        identify(begun, other, by=actor)
        with pytest.raises(RuleBroken, match="ya no espera"):
            identify(begun, rosa, by=actor)
        ended = start_consultation(None, by=actor)
    head = make.actor(Role.UAS_HEAD)
    with acting(head):
        void_consultation(ended, by=head, reason="Se abrió por error")
    with acting(actor), pytest.raises(RuleBroken, match="ya no espera"):
        identify(ended, rosa, by=actor)


def test_somebody_blocked_is_not_attended_and_anothers_attention_is_not_touched(desk: Posting, rosa: Person) -> None:
    begun, actor = attended_without_a_name(desk), actor_in(desk)
    colleague = make.posting(Role.FRONT_DESK)
    with acting(actor_in(colleague)), pytest.raises(NotAllowed):
        identify(begun, rosa, by=actor_in(colleague))
    answer = browser_of(colleague).post(f"{begun.get_absolute_url()}identificar/", {"person": str(rosa.pk)})
    assert answer.headers["Location"] == begun.get_absolute_url()
    with acting(actor):
        Person.objects.filter(pk=rosa.pk).update(processing_blocked=True)
        rosa.refresh_from_db()
        with pytest.raises(RuleBroken, match="bloqueado"):
            identify(begun, rosa, by=actor)
    assert kept(begun).person is None


def test_the_page_says_nothing_of_an_attention_that_has_a_name(desk: Posting, rosa: Person) -> None:
    with acting(actor_in(desk)):
        named = start_consultation(rosa, by=actor_in(desk))
    address = named.get_absolute_url()
    assert browser_of(desk).get(f"{address}identificar/").headers["Location"] == address
