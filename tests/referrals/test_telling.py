"""The neighbour is told that something moved, by a mail that says nothing of hers or however the desk told her."""

import pytest
from django.conf import LazySettings
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import again, attended, enumerator, sent

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.outbox.models import Letter
from ventanilla.referrals.actions import (
    AnswerDetails,
    answer_referral,
    return_referral,
    tell_by_mail,
)
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import AnswerOutcome, NextStep, ReferralEvent
from ventanilla.registry.models import ContactPoint, Person
from ventanilla.registry.vocabulary import ContactKind

pytestmark = pytest.mark.django_db

ADDRESS = "rosa.araya@correo.example"


@pytest.fixture
def here(db: None) -> Posting:
    with make.inside():
        return make.posting(Role.FRONT_DESK)


@pytest.fixture
def rosa(here: Posting) -> Person:
    with make.inside():
        return make.person("Rosa", "Araya")


def contact(person: Person, **said: object) -> ContactPoint:
    usual = {"kind": ContactKind.EMAIL, "value": ADDRESS, "source": "declared", "as_of": make.TODAY}
    with make.inside():
        return ContactPoint.objects.create(person=person, **(usual | said))


def answered(by: Actor, person: Person) -> Referral:
    one, there = sent(by, attended(by, person=person)), enumerator()
    with acting(there):
        details = AnswerDetails(AnswerOutcome.GRANTED, "Cartola nueva desde diciembre", NextStep.TELL_NEIGHBOUR)
        answer_referral(one, details, by=there)
    return again(one)


def letters() -> list[Letter]:
    with make.inside():
        return list(Letter.objects.all())


def test_the_mail_says_that_something_moved_and_nothing_of_hers(here: Posting, rosa: Person) -> None:
    by, address = actor_in(here), contact(rosa)
    one = answered(by, rosa)
    with acting(by):
        tell_by_mail(one, address, by=by)
        folio = one.consultation.folio
        assert one.steps.get(event=ReferralEvent.TOLD).note == "Por correo"
    (letter,) = letters()
    assert letter.to_address == ADDRESS
    assert folio in letter.subject
    whole = letter.subject + letter.text
    for secret in ("Rosa", "Araya", rosa.run or "?", one.title, one.asked, "Cartola", "Otorgado"):
        assert secret not in whole
    assert again(one).tell_by is None


def test_what_is_wanting_may_be_told_while_it_is_wanting(here: Posting, rosa: Person) -> None:
    by, address, there = actor_in(here), contact(rosa), enumerator()
    one = sent(by, attended(by, person=rosa))
    with acting(there):
        return_referral(one, by=there, wanting="Certificado de residencia")
    with acting(by):
        tell_by_mail(again(one), address, by=by)
    (letter,) = letters()
    assert "Faltan antecedentes" in letter.text
    assert "Certificado" not in letter.text


def test_nobody_is_written_to_who_asked_not_to_be_nor_about_what_is_restricted(here: Posting, rosa: Person) -> None:
    by, refused = actor_in(here), contact(rosa, do_not_call=True)
    one, there = answered(by, rosa), enumerator()
    with acting(by), pytest.raises(RuleBroken, match="no se puede escribir"):
        tell_by_mail(one, refused, by=by)
    restricted = sent(by, attended(by, "violence", person=rosa), to_account=there.account_id)
    other = contact(rosa, value="otra@correo.example")
    with acting(by), pytest.raises(RuleBroken, match="restringida"):
        tell_by_mail(restricted, other, by=by)
    with acting(there), pytest.raises(NotAllowed):
        tell_by_mail(one, other, by=there)
    assert letters() == []


def test_from_its_page_she_is_written_to_or_it_is_noted(here: Posting, rosa: Person, settings: LazySettings) -> None:
    by, address, client = actor_in(here), contact(rosa), browser_of(here)
    one = answered(by, rosa)
    where = f"{one.get_absolute_url()}avisada/"
    assert ADDRESS not in client.get(where).content.decode(), "without a mail server nothing is offered"
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "correo.example", "gsl@comuna.example"
    assert ADDRESS in client.get(where).content.decode()
    assert client.post(where, {"contact": "x"}).status_code == 422
    client.post(where, {"contact": str(address.pk)})
    assert [letter.to_address for letter in letters()] == [ADDRESS]
    second = answered(by, rosa)
    client.post(f"{second.get_absolute_url()}avisada/", {"contact": "", "said": "Vino al mesón"})
    with make.inside():
        assert second.steps.get(event=ReferralEvent.TOLD).note == "Vino al mesón"
    assert len(letters()) == 1
