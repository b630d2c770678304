"""The register of operators, the agreement and the second factor."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.db import connection
from django.test import Client
from tests import make

from ventanilla.access import actions
from ventanilla.access.actions import Given, PersonDetails
from ventanilla.access.actors import can
from ventanilla.access.models import Account, AgreementSignature, OpenSession, Posting, RegisterEntry
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Permission, Role
from ventanilla.access.register_rules import PostingDates, Standing, standing
from ventanilla.access.requirements import sha256_of, text_in_force
from ventanilla.access.second_factor import SecondFactorAdapter
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.run import Run

pytestmark = pytest.mark.django_db

TODAY = make.TODAY


def signed_in(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def test_until_the_agreement_is_signed_nothing_else_opens() -> None:
    posting = make.posting(may_operate=False)
    client = signed_in(posting)
    for page in ("/", "/consultas/", "/buscar/"):
        assert client.get(page).status_code == 403, page
    bearer = {"authorization": f"Bearer {make.token(posting)}"}
    assert Client().get("/api/v1/consultations", headers=bearer).status_code == 403
    assert "Firmar el acuerdo" in client.get("/acuerdo/").content.decode()
    assert client.post("/acuerdo/", {"sha256": sha256_of(text_in_force())}).status_code == 200, "not accepted"
    assert client.post("/acuerdo/", {"sha256": sha256_of(text_in_force()), "accepts": "on"}).status_code == 302
    assert client.get("/").status_code == 200
    assert AgreementSignature.objects.get().sha256 == sha256_of(text_in_force())


def test_a_text_that_is_not_the_one_in_force_is_not_signed() -> None:
    with pytest.raises(RuleBroken):
        actions.sign_agreement(by=make.actor(), sha256="0" * 64)


def test_somebody_new_enters_with_a_password_that_she_must_change() -> None:
    head = make.posting(Role.UAS_HEAD)
    form = {"run": "90.000.001-4", "given_names": "Inés", "surnames": "Ficticia Rojas", "role": "front_desk",
            "unit": str(head.unit_id), "nature": "titular", "starts_on": f"{TODAY:%d-%m-%Y}"}  # fmt: skip
    page = signed_in(head).post("/operadores/nuevo/", form).content.decode()
    account = Account.objects.get(run="90000001-4")
    assert account.username == "ines.ficticia"
    assert "ines.ficticia" in page
    assert account.must_change_password
    assert set(RegisterEntry.objects.values_list("change", flat=True)) == {"registered", "given"}
    assert "Cambiarla" in signed_in(account.postings.get()).get("/").content.decode()


def test_nobody_gives_more_than_her_reach_nor_changes_her_own() -> None:
    head, clerk = make.posting(Role.UAS_HEAD), make.posting()
    by = actor_in(head)
    with pytest.raises(RuleBroken):
        actions.give_posting(clerk.account, Given(Role.UAS_HEAD, head.unit, TODAY), by=by)
    other = make.unit(code="rsh", functions=("rsh",))
    with pytest.raises(RuleBroken):
        actions.give_posting(clerk.account, Given(Role.FRONT_DESK, other, TODAY), by=by)
    with pytest.raises(NotAllowed):
        actions.give_posting(head.account, Given(Role.FRONT_DESK, head.unit, TODAY), by=by)
    with pytest.raises(NotAllowed):
        actions.register_operator(PersonDetails(Run(90_000_001), "Ana", "Prueba"), by=actor_in(clerk))
    with pytest.raises(NotAllowed):
        actions.end_posting(make.posting(institution=make.COMBARBALA), by=by, on=TODAY, reason="No es suya")


def test_a_suspended_account_is_out_at_once_in_every_door() -> None:
    head, clerk = make.posting(Role.UAS_HEAD), make.posting()
    client, bearer = signed_in(clerk), {"authorization": f"Bearer {make.token(clerk)}"}
    assert client.get("/desempenos/").status_code == 200
    assert OpenSession.objects.filter(account=clerk.account).count() == 1
    actions.suspend_account(clerk.account, by=actor_in(head), reason="Sumario")
    assert client.get("/desempenos/").status_code == 302
    assert Client().get("/api/v1/consultations", headers=bearer).status_code == 401
    assert not OpenSession.objects.filter(account=clerk.account).exists()


def test_an_account_employed_elsewhere_is_not_suspended_whole() -> None:
    head, clerk = make.posting(Role.UAS_HEAD), make.posting()
    make.posting(institution=make.COMBARBALA, account=clerk.account)
    with pytest.raises(RuleBroken):
        actions.suspend_account(clerk.account, by=actor_in(head), reason="Sumario")
    with pytest.raises(RuleBroken):
        actions.give_new_password(clerk.account, by=actor_in(head), reason="La olvidó")


def test_a_posting_on_leave_opens_nothing_until_it_is_resumed() -> None:
    head, clerk = make.posting(Role.UAS_HEAD), make.posting()
    actions.suspend_posting(clerk, by=actor_in(head), starts_on=TODAY, ends_on=None, reason="Licencia")
    assert signed_in(clerk).get("/").status_code == 403
    actions.resume_posting(clerk, by=actor_in(head))
    assert signed_in(clerk).get("/").status_code == 200


def test_the_standing_of_a_posting_is_the_first_that_applies() -> None:
    begun = TODAY - timedelta(days=90)
    for dates, expected in (
        (PostingDates(begun), Standing.MAY_OPERATE),
        (PostingDates(begun, TODAY), Standing.ENDS_SOON),
        (PostingDates(begun, TODAY - timedelta(days=1)), Standing.ENDED),
        (PostingDates(begun, None, TODAY), Standing.SUSPENDED),
        (PostingDates(TODAY + timedelta(days=1)), Standing.NOT_BEGUN),
    ):
        assert standing(dates, on=TODAY, is_active=True, has_unmet=False) is expected
    assert standing(PostingDates(begun), on=TODAY, is_active=True, has_unmet=True) is Standing.UNSIGNED


def test_what_is_confirmed_this_quarter_leaves_the_list_and_a_row() -> None:
    head, clerk = make.posting(Role.UAS_HEAD), make.posting()
    client = signed_in(head)
    assert clerk.account.full_name in client.get("/operadores/confirmar/").content.decode()
    client.post(f"/desempenos/{clerk.pk}/confirmar/", {})
    assert "Todo está confirmado" in client.get("/operadores/confirmar/").content.decode()
    assert RegisterEntry.objects.get().change == RegisterEntry.Change.CONFIRMED


def code_now(secret: str) -> str:
    code: str = format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))
    return code


def test_the_second_factor_is_asked_after_the_password_and_no_code_serves_twice() -> None:
    posting, secret = make.posting(), generate_totp_secret()
    recovery = actions.activate_second_factor(by=actor_in(posting), secret=secret, code=code_now(secret))

    def enter(code: str) -> bool:
        client = Client()
        client.post("/ingresar/", {"login": posting.account.username, "password": make.PASSWORD})
        assert client.get("/").status_code == 302, "the password alone is not enough"
        return client.post("/ingresar/codigo/", {"code": code}).status_code == 302

    code = code_now(secret)
    assert enter(code)
    assert not enter(code)
    assert enter(recovery[0])
    assert not enter(recovery[0])


def test_its_secret_is_neither_in_the_table_nor_in_the_audit() -> None:
    posting, secret = make.posting(), generate_totp_secret()
    with make.inside():
        actions.activate_second_factor(by=actor_in(posting), secret=secret, code=code_now(secret))
        assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
        with connection.cursor() as cursor:
            cursor.execute("select new::text from core_audit_event where table_name = 'mfa_authenticator'")
            written = cursor.fetchall()
    assert written
    assert not [row for (row,) in written if "secret" in row or "seed" in row]


def test_new_recovery_codes_are_given_to_who_knows_the_password_and_not_to_an_open_session() -> None:
    posting, secret = make.posting(), generate_totp_secret()
    first = actions.activate_second_factor(by=actor_in(posting), secret=secret, code=code_now(secret))
    client = signed_in(posting)
    page = "/su-cuenta/segundo-factor/codigos/"
    for form in ({}, {"password": "otra"}):
        assert client.post(page, form).status_code == 422
    renewed = client.post(page, {"password": make.PASSWORD})
    assert renewed.status_code == 200
    assert first[0] not in renewed.content.decode()
    assert RegisterEntry.objects.filter(change=RegisterEntry.Change.CODES_RENEWED).count() == 1


def test_a_secret_not_yet_proved_is_kept_encrypted_in_the_session() -> None:
    client = signed_in(make.posting())
    page = client.get("/su-cuenta/segundo-factor/").content.decode()
    kept = client.session["second_factor_unproved"]
    secret = SecondFactorAdapter().decrypt(kept)
    assert secret in page
    assert secret not in kept
    assert client.post("/su-cuenta/segundo-factor/", {"code": code_now(secret)}).status_code == 200
    assert "second_factor_unproved" not in client.session


def test_changing_the_password_ends_the_other_sessions() -> None:
    posting = make.posting()
    here, there = signed_in(posting), signed_in(posting)
    assert here.get("/").status_code == there.get("/").status_code == 200
    new = "una frase muy corta"
    form = {"old": make.PASSWORD, "new": new, "again": new}
    assert here.post("/su-cuenta/contrasena/", form).status_code == 302
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_a_head_lets_a_clerk_of_hers_join_records_and_takes_it_back() -> None:
    clerk = make.posting()
    head = actor_in(make.posting(Role.UAS_HEAD))
    assert not can(actor_in(clerk), Permission.REGISTRY_MERGE)
    actions.name_right(clerk, Permission.REGISTRY_MERGE, by=head, is_given=True, reason="Ordena el padrón")
    named = Posting.objects.with_context().get(pk=clerk.pk)
    assert can(actor_in(named), Permission.REGISTRY_MERGE)
    with pytest.raises(RuleBroken, match="Ya tiene"):
        actions.name_right(clerk, Permission.REGISTRY_MERGE, by=head, is_given=True, reason="Ordena el padrón")
    actions.name_right(clerk, Permission.REGISTRY_MERGE, by=head, is_given=False, reason="Terminó")
    assert not can(actor_in(Posting.objects.with_context().get(pk=clerk.pk)), Permission.REGISTRY_MERGE)
    told = RegisterEntry.objects.filter(posting=clerk).order_by("at", "id").values_list("change", "reason")
    assert list(told) == [
        ("right_given", "Unir fichas duplicadas: Ordena el padrón"),
        ("right_taken", "Unir fichas duplicadas: Terminó"),
    ]


def test_only_who_has_a_right_gives_it_and_only_such_as_may_be_given() -> None:
    clerk = make.posting()
    administrator = actor_in(make.posting(Role.SYSTEM_ADMIN))
    with pytest.raises(NotAllowed):
        actions.name_right(clerk, Permission.REGISTRY_MERGE, by=administrator, is_given=True, reason="Lo pide")
    head = actor_in(make.posting(Role.UAS_HEAD))
    with pytest.raises(RuleBroken, match="no se da"):
        actions.name_right(clerk, Permission.FLAG_ANSWER, by=head, is_given=True, reason="Lo pide")
    elsewhere = make.posting(in_unit=make.unit(code="deportes", functions=()))
    with pytest.raises(NotAllowed):
        actions.name_right(elsewhere, Permission.REGISTRY_MERGE, by=head, is_given=True, reason="Lo pide")


def test_the_right_is_given_on_the_page_of_the_operator() -> None:
    clerk, head = make.posting(), make.posting(Role.UAS_HEAD)
    client = signed_in(head)
    page = f"/operadores/{clerk.account_id}/"
    assert "Que una fichas" in client.get(page).content.decode()
    answer = client.post(f"/desempenos/{clerk.pk}/unir-fichas/", {"reason": "Ordena el padrón"})
    assert answer.status_code == 302
    shown = client.get(page).content.decode()
    assert "une fichas duplicadas" in shown
    assert "Ya no une fichas" in shown
