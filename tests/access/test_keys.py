"""Keys of the API: who lets them be taken, who takes them, what they open and how they end."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make

from ventanilla.access import actions
from ventanilla.access.actors import can
from ventanilla.access.key_rules import KeyDates, KeyStanding, key_standing
from ventanilla.access.models import ApiToken, Posting, RegisterEntry
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import GRANTS, SCOPES, Permission, Role, scopes_of
from ventanilla.access.register_rules import Standing
from ventanilla.config.api import operations
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.models import AuditEvent

pytestmark = pytest.mark.django_db

SEARCH: dict[str, Any] = {"name": "Farmacia comunal", "scopes": ["person:search"], "days": 60}
TYPED = SEARCH | {"days": "60"}


@pytest.fixture
def desk() -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def counterpart() -> Posting:
    return make.posting(Role.COUNTERPART)


def _signed_in(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def _granted(desk: Posting, counterpart: Posting, **other: Any) -> ApiToken:
    return actions.grant_key(desk, by=actor_in(counterpart), **(SEARCH | other))


# Who may what


def test_a_key_is_granted_by_the_counterpart_and_taken_by_the_holder_alone(desk: Posting, counterpart: Posting) -> None:
    token = _granted(desk, counterpart)
    assert token.digest is None
    with pytest.raises(RuleBroken, match="ya se retiró"):
        actions.take_key(token.pk, by=actor_in(counterpart), password=make.PASSWORD)
    with pytest.raises(RuleBroken, match="no es su contraseña"):
        actions.take_key(token.pk, by=actor_in(desk), password="otra")
    secret = actions.take_key(token.pk, by=actor_in(desk), password=make.PASSWORD)
    assert make.opened_by(secret) == desk
    with pytest.raises(RuleBroken, match="ya se retiró"):
        actions.take_key(token.pk, by=actor_in(desk), password=make.PASSWORD)
    written = RegisterEntry.objects.order_by("at").values_list("change", "by", "posting", "reason")
    assert list(written) == [
        ("key_granted", counterpart.account_id, desk.pk, "Farmacia comunal"),
        ("key_taken", desk.account_id, desk.pk, "Farmacia comunal"),
    ]


@pytest.mark.parametrize("role", [role for role in Role if Permission.KEY_GRANT not in GRANTS[role]])
def test_nobody_else_grants_one(desk: Posting, role: Role) -> None:
    with pytest.raises(NotAllowed):
        actions.grant_key(desk, by=make.actor(role), **SEARCH)


def test_nobody_grants_one_in_another_institution(counterpart: Posting) -> None:
    foreign = make.posting(Role.FRONT_DESK, make.COMBARBALA)
    with pytest.raises(NotAllowed):
        _granted(foreign, counterpart)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"scopes": []}, "al menos un alcance"),
        ({"scopes": ["screening:full"]}, "no permite uno"),
        ({"scopes": ["session:use"]}, "no permite uno"),
        ({"scopes": ["nothing"]}, "no permite uno"),
        ({"days": 0}, "entre 1 y 365"),
        ({"days": 366}, "entre 1 y 365"),
        ({"name": "  "}, "para qué es"),
        ({"name": "x" * 61}, "60 letras"),
    ],
)
def test_a_key_opens_something_that_its_holder_may_do_and_ends(
    desk: Posting, counterpart: Posting, wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        _granted(desk, counterpart, **wrong)
    assert not ApiToken.objects.exists()


def test_an_ended_posting_gets_none(desk: Posting, counterpart: Posting) -> None:
    Posting.objects.filter(pk=desk.pk).update(ends_on=make.YESTERDAY)
    with pytest.raises(RuleBroken, match="no está vigente"):
        _granted(desk, counterpart)


def test_a_key_is_revoked_by_its_holder_or_by_who_grants_them_and_opens_no_more(
    desk: Posting, counterpart: Posting
) -> None:
    for by in (desk, counterpart):
        token = _granted(desk, counterpart)
        secret = actions.take_key(token.pk, by=actor_in(desk), password=make.PASSWORD)
        for other in (make.actor(Role.FRONT_DESK), make.actor(Role.SYSTEM_ADMIN, make.COMBARBALA)):
            with pytest.raises(NotAllowed):
                actions.revoke_key(token, by=other)
        assert make.opened_by(secret) == desk
        actions.revoke_key(token, by=actor_in(by), reason="Se filtró")
        assert make.opened_by(secret) is None
        with pytest.raises(RuleBroken, match="ya estaba revocada"):
            actions.revoke_key(token, by=actor_in(by))
    assert RegisterEntry.objects.filter(change="key_revoked", reason="Farmacia comunal: Se filtró").count() == 2


def test_one_revoked_before_it_was_taken_is_not_taken(desk: Posting, counterpart: Posting) -> None:
    token = _granted(desk, counterpart)
    actions.revoke_key(token, by=actor_in(counterpart))
    with pytest.raises(RuleBroken, match="se revocó"):
        actions.take_key(token.pk, by=actor_in(desk), password=make.PASSWORD)


def test_neither_the_table_nor_the_audit_holds_what_opens(desk: Posting, counterpart: Posting) -> None:
    secret = actions.take_key(_granted(desk, counterpart).pk, by=actor_in(desk), password=make.PASSWORD)
    token = ApiToken.objects.get()
    assert secret not in str(vars(token))
    with connection.cursor() as cursor:
        cursor.execute("set local app.institution = '4303'")
    for event in AuditEvent.objects.filter(table_name="access_apitoken"):
        assert secret not in str(vars(event))
        assert str(token.digest) not in str(vars(event))


# What it opens


def test_whoever_acts_with_a_key_may_what_its_scopes_say_within_her_role() -> None:
    posting = make.posting(Role.CASE_WORKER)
    narrow = actor_in(posting, scopes=frozenset({"person:search", "room:arrange"}))
    assert {permission for permission in Permission if can(narrow, permission)} == {Permission.PERSON_SEARCH}


def test_every_right_that_an_operation_asks_for_can_be_given_to_a_key() -> None:
    asked = {permission for _, _, permission in operations()}
    assert asked <= {*map(Permission, SCOPES)}, "add its words to SCOPES, in access/permissions.py"


def test_a_role_that_sees_no_person_has_no_key_that_shows_one() -> None:
    assert scopes_of(Role.DATA_OFFICER) == []
    assert scopes_of(Role.SYSTEM_ADMIN) == ["webhook:manage"]
    assert "screening:full" in scopes_of(Role.CASE_WORKER)
    assert "screening:full" not in scopes_of(Role.FRONT_DESK)


def test_the_standing_of_a_key_is_the_first_that_applies() -> None:
    now = clock.now()
    far, near, past = now + timedelta(days=90), now + timedelta(days=3), now - timedelta(days=1)

    def found(dates: KeyDates, posting: Standing = Standing.MAY_OPERATE) -> KeyStanding:
        return key_standing(dates, at=now, posting=posting)

    assert found(KeyDates(far)) is KeyStanding.OPENS
    assert found(KeyDates(far), Standing.ENDS_SOON) is KeyStanding.OPENS
    assert found(KeyDates(near)) is KeyStanding.ENDS_SOON
    assert found(KeyDates(near, is_taken=False)) is KeyStanding.GRANTED
    assert found(KeyDates(far, is_taken=False), Standing.SUSPENDED) is KeyStanding.STOPPED
    assert found(KeyDates(past), Standing.ENDED) is KeyStanding.ENDED
    assert found(KeyDates(past, revoked_at=past), Standing.ENDED) is KeyStanding.REVOKED


# Pages


def test_a_key_is_granted_taken_and_revoked_by_the_pages(desk: Posting, counterpart: Posting) -> None:
    office, holder = _signed_in(counterpart), _signed_in(desk)
    assert f"/desempenos/{desk.pk}/llave/" in office.get(f"/operadores/{desk.account_id}/").content.decode()
    address = f"/desempenos/{desk.pk}/llave/"
    asked = office.get(address).content.decode()
    assert "Buscar personas" in asked
    assert "Ver la ficha completa" not in asked
    assert office.post(address, TYPED).headers["Location"] == "/llaves/"
    assert "Por retirar" in office.get("/llaves/").content.decode()
    token = ApiToken.objects.get()
    assert "Retirar una llave" in holder.get("/su-cuenta/llaves/").content.decode()
    wrong = holder.post("/su-cuenta/llaves/", {"key": str(token.pk), "password": "otra"})
    assert wrong.status_code == 422
    assert "Esa no es su contraseña" in wrong.content.decode()
    taken = holder.post("/su-cuenta/llaves/", {"key": str(token.pk), "password": make.PASSWORD}).content.decode()
    secret = taken.split('id="secreto" value="')[1].split('"')[0]
    assert make.opened_by(secret) == desk
    again = holder.get("/su-cuenta/llaves/").content.decode()
    assert secret not in again
    assert "Retirar una llave" not in again
    assert "Vigente" in again
    assert office.post(f"/llaves/{token.pk}/revocar/", {"reason": "Ya no se usa"}).status_code == 302
    assert make.opened_by(secret) is None
    assert "quedó revocada" in office.get("/llaves/").content.decode()
    assert "Farmacia comunal" not in office.get("/llaves/").content.decode()
    assert "Revocada" in office.get("/llaves/?terminadas=1").content.decode()


def test_a_holder_revokes_her_own_and_nobody_elses(desk: Posting, counterpart: Posting) -> None:
    other = make.posting(Role.FRONT_DESK)
    mine, hers = _granted(desk, counterpart), _granted(other, counterpart)
    client = _signed_in(desk)
    for token in (mine, hers):
        assert client.post("/su-cuenta/llaves/revocar/", {"key": str(token.pk)}).status_code == 302
    assert [token.pk for token in ApiToken.objects.exclude(revoked_at=None)] == [mine.pk]


def test_what_is_wrong_in_the_form_is_said_and_nothing_is_granted(desk: Posting, counterpart: Posting) -> None:
    answer = _signed_in(counterpart).post(f"/desempenos/{desk.pk}/llave/", {"name": "Farmacia", "days": "400"})
    assert answer.status_code == 422
    assert "Elija al menos una cosa" in answer.content.decode()
    assert "365 días a lo más" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_key_of_a_posting_that_does_not_operate_says_why(desk: Posting, counterpart: Posting) -> None:
    _granted(desk, counterpart)
    Posting.objects.filter(pk=desk.pk).update(ends_on=make.YESTERDAY)
    page = _signed_in(counterpart).get("/llaves/").content.decode()
    assert "Detenida" in page
    assert "el desempeño no opera: terminado" in page


def test_the_list_of_keys_costs_the_same_queries_with_one_and_with_many(desk: Posting, counterpart: Posting) -> None:
    client = _signed_in(counterpart)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/llaves/").status_code == 200
        return len(captured)

    _granted(desk, counterpart)
    queries()  # the first request of a session writes it
    one = queries()
    for _ in range(6):
        _granted(make.posting(Role.FRONT_DESK), counterpart)
    assert queries() == one


def test_no_key_of_another_institution_is_listed(counterpart: Posting) -> None:
    _granted(make.posting(Role.FRONT_DESK, make.COMBARBALA), make.posting(Role.COUNTERPART, make.COMBARBALA))
    assert "Farmacia comunal" not in _signed_in(counterpart).get("/llaves/?terminadas=1").content.decode()
