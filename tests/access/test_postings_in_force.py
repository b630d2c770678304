"""Which posting an operator acts in, from which day, until which day, and what she must meet first."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from tests import make

from ventanilla.access import actions
from ventanilla.access.actors import Actor
from ventanilla.access.models import ApiToken, FulfilledRequirement, OperatingRequirement, Posting
from ventanilla.access.operators import posting_in_use, postings_of, unmet_requirements
from ventanilla.access.permissions import Agent, Role
from ventanilla.config.postgres.roles import connect, owner_database
from ventanilla.core.errors import NotAllowed

pytestmark = pytest.mark.django_db

TODAY = make.TODAY
TOMORROW = TODAY + timedelta(days=1)


def sign_in(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def test_a_posting_serves_from_its_first_day_to_its_last() -> None:
    posting = make.posting(starts_on=TODAY, ends_on=TODAY)
    for day, found in ((make.YESTERDAY, []), (TODAY, [posting]), (TOMORROW, [])):
        assert postings_of(posting.account, on=day) == found


def test_the_newest_posting_is_in_use_until_another_is_chosen() -> None:
    older = make.posting(Role.FRONT_DESK)
    newer = make.posting(Role.UNIT_HEAD, account=older.account, nature="subrogante", act="Decreto 12")
    mine = postings_of(older.account, on=TODAY)
    assert posting_in_use(mine, None) == newer
    assert posting_in_use(mine, str(older.pk)) == older


def test_no_other_posting_takes_the_place_of_the_chosen_one() -> None:
    older = make.posting(Role.FRONT_DESK)
    make.posting(Role.UNIT_HEAD, account=older.account, nature="subrogante", act="Decreto 12")
    mine = postings_of(older.account, on=TODAY)
    assert posting_in_use(mine, "nonsense") is None
    assert posting_in_use([], None) is None


def test_switching_posting_changes_what_one_may_do_at_once() -> None:
    desk = make.posting(Role.FRONT_DESK)
    data = make.posting(Role.DATA_OFFICER, account=desk.account)
    client = sign_in(desk)
    assert client.get("/personas/lecturas/").status_code == 200
    assert client.get("/consultas/").status_code == 403
    answer = client.post("/desempenos/", {"posting": str(desk.pk)}, follow=True)
    assert "Ahora actúa como Atención de público" in answer.content.decode()
    assert client.get("/personas/lecturas/").status_code == 403
    assert client.get("/consultas/").status_code == 200
    assert str(data.pk) in client.get("/desempenos/").content.decode()


def test_somebody_elses_posting_cannot_be_chosen() -> None:
    desk, head = make.posting(Role.FRONT_DESK), make.posting(Role.UAS_HEAD)
    client = sign_in(desk)
    answer = client.post("/desempenos/", {"posting": str(head.pk)})
    assert answer.status_code == 422
    assert "ya no está vigente" in answer.content.decode()
    assert client.get("/personas/lecturas/").status_code == 403


def test_whoever_has_an_ended_posting_is_out_at_once() -> None:
    posting = make.posting(starts_on=date(2026, 1, 1))
    client, secret = sign_in(posting), make.token(posting)
    assert client.get("/").status_code == 200
    assert make.opened_by(secret) == posting
    Posting.objects.filter(pk=posting.pk).update(ends_on=make.YESTERDAY)
    assert client.get("/").status_code == 403
    assert client.get("/consultas/").status_code == 403
    assert make.opened_by(secret) is None


def test_an_inactive_account_is_out_at_once() -> None:
    posting = make.posting()
    client, secret = sign_in(posting), make.token(posting)
    assert client.get("/").status_code == 200
    posting.account.is_active = False
    posting.account.save()
    assert client.get("/").status_code == 302
    assert client.get("/consultas/").headers["Location"].startswith("/ingresar/")
    assert make.opened_by(secret) is None


@pytest.mark.parametrize("by", [Role.UAS_HEAD, Role.SYSTEM_ADMIN, Role.COUNTERPART, None])
def test_only_a_command_in_its_own_institution_issues_a_token(by: Role | None) -> None:
    posting = make.posting()
    issuer = make.actor(by) if by else Actor(Agent.COMMAND, make.COMBARBALA)
    with pytest.raises(NotAllowed):
        actions.issue_token(posting, by=issuer, name="prueba", days=1)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": Role.NATIONAL, "institution_id": make.MONTE_PATRIA},
        {"role": Role.FRONT_DESK, "institution_id": None},
        {"role": Role.FRONT_DESK, "institution_id": make.MONTE_PATRIA, "nature": "suplente", "act": ""},
        {"role": Role.FRONT_DESK, "institution_id": make.MONTE_PATRIA, "ends_on": date(2025, 1, 1)},
    ],
)
def test_a_posting_that_makes_no_sense_is_refused_by_the_database(wrong: dict[str, Any]) -> None:
    account = make.posting().account
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(account=account, starts_on=date(2026, 1, 1), **wrong)


def test_a_posting_in_a_unit_of_another_institution_is_refused_by_the_database() -> None:
    account = make.posting().account
    theirs = make.unit(make.COMBARBALA)
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(
            account=account,
            role=Role.FRONT_DESK,
            institution_id=make.MONTE_PATRIA,
            unit=theirs,
            starts_on=date(2026, 1, 1),
        )


# Requirements to operate


@pytest.fixture
def agreement(transactional_db: None) -> OperatingRequirement:
    """A national fact, written by the owner as a migration would; the test's database is made anew after it."""
    with connect(owner_database(django_settings.VAR), name=connection.settings_dict["NAME"]) as owner:
        owner.execute(
            "insert into access_operatingrequirement (code, name, how, roles) values"
            " ('agreement', 'Acuerdo de confidencialidad', 'Fírmelo con su jefatura', array['front_desk'])"
        )
    return OperatingRequirement.objects.get(code="agreement")


def test_a_requirement_blocks_until_it_is_met(agreement: OperatingRequirement) -> None:
    posting = make.posting(Role.FRONT_DESK)
    client = sign_in(posting)
    blocked = client.get("/consultas/")
    assert blocked.status_code == 403
    assert "Acuerdo de confidencialidad" in blocked.content.decode()
    assert "Fírmelo con su jefatura" in blocked.content.decode()
    assert client.get("/desempenos/").status_code == 200, "one may still change to another posting"
    FulfilledRequirement.objects.create(account=posting.account, requirement=agreement, met_on=TODAY)
    assert client.get("/consultas/").status_code == 200


def test_a_requirement_is_met_for_its_roles_its_institution_and_its_term(agreement: OperatingRequirement) -> None:
    posting = make.posting(Role.FRONT_DESK)

    def is_blocked(day: date = TODAY) -> bool:
        found = Posting.objects.with_context().with_unmet(day).get(pk=posting.pk)
        unmet = unmet_requirements(found, on=day)
        assert getattr(found, "has_unmet") == bool(unmet)  # noqa: B009 - annotated by with_unmet
        return bool(unmet)

    assert is_blocked()
    met = {"account": posting.account, "requirement": agreement, "met_on": TODAY}
    FulfilledRequirement.objects.create(**met, institution_id=make.COMBARBALA)
    assert is_blocked(), "met in another institution"
    FulfilledRequirement.objects.create(**met, institution_id=make.MONTE_PATRIA, expires_on=TODAY)
    assert not is_blocked()
    assert is_blocked(TOMORROW), "it expired"
    worker = make.posting(Role.CASE_WORKER)
    assert sign_in(worker).get("/consultas/").status_code == 200, "not asked of her role"


def test_without_any_posting_one_is_told_so() -> None:
    posting = make.posting(starts_on=TOMORROW)
    answer = sign_in(posting).get("/")
    assert answer.status_code == 403
    assert "desempeño" in answer.content.decode()
