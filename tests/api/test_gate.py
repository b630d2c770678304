"""Who gets through the door of the API."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests import make
from tests.api.conftest import Call, Operator, make_operator, refused
from tests.outbox.systems import told_system
from tests.referrals.agreements import WRITTEN, drafted
from tests.referrals.agreements import head as head_of_uas
from tests.referrals.loop import BODIES_OF_STEPS, referred, sent_by_another

from ventanilla.access.models import Account, ApiToken, Posting
from ventanilla.access.permissions import GRANTS, Permission, Role
from ventanilla.access.tenancy import acting
from ventanilla.config.api import operations
from ventanilla.core import clock
from ventanilla.intake.appointments.actions import Request, book_appointment
from ventanilla.intake.appointments.slots import free_slots
from ventanilla.intake.waiting.actions import take_number
from ventanilla.registry.models import ReadEntry


def _address(path: str) -> str:
    return re.sub(r"{\w+}", lambda _: str(uuid4()), path.replace("{number}", "1"))


def test_without_a_token_every_operation_asks_for_one(call: Call) -> None:
    for method, path, _ in operations():
        answer = call(None, method, _address(path), {})
        refused(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_invented_token_opens_nothing(call: Call, desk: Operator) -> None:
    refused(call(None, "GET", "/reasons", authorization="Bearer not-a-token"), 401)
    refused(call(None, "GET", "/reasons", authorization="Bearer \x00"), 401)
    refused(call(None, "GET", "/reasons", authorization=f"Basic {desk.token}"), 401)


def test_a_token_ends_with_its_term(call: Call, desk: Operator) -> None:
    ApiToken.objects.filter(posting=desk.posting).update(expires_at=clock.now() - timedelta(seconds=1))
    refused(call(desk, "GET", "/reasons"), 401)


def test_a_token_ends_with_its_posting(call: Call, desk: Operator) -> None:
    Posting.objects.filter(pk=desk.posting.pk).update(ends_on=date(2026, 1, 2))
    refused(call(desk, "GET", "/reasons"), 401)


def test_the_token_of_an_inactive_account_opens_nothing(call: Call, desk: Operator) -> None:
    desk.posting.account.is_active = False
    desk.posting.account.save()
    refused(call(desk, "GET", "/reasons"), 401)


def test_the_session_of_a_browser_does_not_open_the_api(desk: Operator) -> None:
    browser = Client()
    browser.force_login(desk.posting.account)
    refused(browser.get("/api/v1/reasons"), 401)
    refused(browser.post("/api/v1/consultations", "{}", content_type="application/json"), 401)


def test_an_unsigned_agreement_is_said_before_anything_opens(call: Call, db: None) -> None:
    newcomer = make_operator(Role.FRONT_DESK, may_operate=False)
    assert "Acuerdo de confidencialidad (Léalo y fírmelo" in refused(call(newcomer, "GET", "/reasons"), 403)["detail"]


def test_a_password_to_be_changed_is_said_before_anything_opens(call: Call, desk: Operator) -> None:
    Account.objects.filter(pk=desk.posting.account_id).update(must_change_password=True)
    assert "cambiar la contraseña" in refused(call(desk, "GET", "/reasons"), 403)["detail"]


def test_the_key_of_somebody_on_leave_opens_nothing_until_she_is_back(call: Call, desk: Operator) -> None:
    postings = Posting.objects.filter(pk=desk.posting.pk)
    postings.update(away_from=clock.today(), away_until=clock.today())
    refused(call(desk, "GET", "/reasons"), 401)
    postings.update(away_from=make.YESTERDAY, away_until=make.YESTERDAY)
    assert call(desk, "GET", "/reasons").status_code == 200


def test_a_revoked_key_opens_nothing(call: Call, desk: Operator) -> None:
    ApiToken.objects.filter(posting=desk.posting).update(revoked_at=clock.now())
    refused(call(desk, "GET", "/reasons"), 401)


def test_a_key_opens_what_its_scopes_say_and_the_refusal_names_what_it_lacks(call: Call, worker: Operator) -> None:
    with make.inside():
        rosa = make.person()
    ApiToken.objects.filter(posting=worker.posting).update(
        scopes=[Permission.SCREENING_SUMMARY, Permission.PERSON_SEARCH]
    )
    assert call(worker, "POST", "/people/search", {"text": rosa.run}).status_code == 200
    assert "«Leer consultas»" in refused(call(worker, "GET", "/consultations"), 403)["detail"]
    call(worker, "POST", f"/people/{rosa.pk}/purposes", {"reason": "Preparo la visita del jueves"})
    assert call(worker, "GET", f"/people/{rosa.pk}/screening").status_code == 200
    refused(call(worker, "GET", f"/people/{rosa.pk}/screening?profile=full"), 403)  # the role sees it, not the key


def test_a_scope_gives_nothing_that_the_role_has_not(call: Call, desk: Operator) -> None:
    administrator = make_operator(Role.SYSTEM_ADMIN)
    ApiToken.objects.filter(posting=administrator.posting).update(scopes=[Permission.PERSON_SEARCH])
    refused(call(administrator, "POST", "/people/search", {"text": "Rosa"}), 403)


def test_a_method_that_an_address_does_not_take_is_a_problem_that_says_which_it_does(call: Call) -> None:
    for method in ("DELETE", "PATCH", "PUT", "OPTIONS", "HEAD"):
        answer = call(None, method, "/reasons")
        assert answer.status_code == 405
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Allow"] == "GET"
    assert "GET, POST" in refused(call(None, "DELETE", "/consultations"), 405)["detail"]


@pytest.mark.parametrize("role", list(Role))
def test_each_role_passes_where_the_table_says_and_nowhere_else(call: Call, desk: Operator, role: Role) -> None:
    operator = make_operator(role)
    for method, path, permission in operations():
        answer = call(operator, method, _address(path), None if method == "GET" else {})
        if permission in GRANTS[role]:
            assert answer.status_code in {200, 201, 404, 422}, (method, path, answer.content)
        else:
            refused(answer, 403)


def test_another_institution_gets_404_for_every_address(call: Call, desk: Operator, foreigner: Operator) -> None:
    with make.inside() as head:
        person, reason = make.person(), make.reason("information")
        queue = make.queue()
        ticket = take_number(queue, by=head, person=person)
        agenda = make.agenda(queue)
        (slot,) = free_slots(agenda, after=clock.now(), most=1)
        appointment = book_appointment(agenda, slot.starts_at, Request(person=person), by=head)
    opened = call(desk, "POST", "/consultations", {"person_id": str(person.pk)}).json()
    line = {"reason_id": str(reason.pk), "outcome": "waiting_documents", "awaited_documents": "Cartola"}
    written = {"lines": [line], "version": opened["version"]}
    attended = call(desk, "POST", f"/consultations/{opened['id']}/attend", written)
    assert attended.status_code == 200, attended.content
    line_id = call(desk, "GET", f"/consultations/{opened['id']}").json()["lines"][0]["id"]
    contact = call(desk, "POST", "/contacts", {"channel": "phone", "subject": "Pregunta por su SUF"}).json()["id"]
    with make.inside():
        entry = make.written_entry()
    bodies = {
        "purposes": {"reason": "Necesito revisar su situación"},
        "void": {"reason": "Duplicada"},
        "answer": {"outcome": "resolved"},
        "convert": {},
        "/contacts/{contact_id}/answer": {"answer": "Se le dio el horario"},
        "hand-over": {"queue_id": str(queue.pk)},
        "move": {"starts_at": slot.starts_at.isoformat()},
        "cancel": {},
        **{verb: {} for verb in ("submit", "publish", "revalidate")},
        "return": {"reason": "Falta"},
        "close": {"reason": "Cambió"},
        "suspend": {"ground": "other"},
        "/catalogue/entries/{entry_id}/draft": {"name": "Vale de gas"},
        "referrals": {"lines": [line_id], "to_unit_id": str(queue.unit_id), "asked": "Lo que falta"},
        "/protocols/{protocol_id}/draft": WRITTEN,
        **{f"/protocols/{{protocol_id}}/{step}": {} for step in ("submit", "sign")},
        "/protocols/{protocol_id}/return": {"reason": "Falta"},
        "/protocols/{protocol_id}/approve": {"starts_on": "2099-12-01"},
        **{f"/webhooks/{{subscription_id}}/{step}": {} for step in ("remove", "resume")},
        **{f"/referrals/{{referral_id}}/{step}": body for step, body in BODIES_OF_STEPS.items()},
        **{f"/exchanges/{{exchange_id}}/{step}": body for step, body in BODIES_OF_STEPS.items()},
        **{f"/referrals/{{referral_id}}/{step}": {} for step in ("link", "revoke-link")},
    }
    exchange, file = sent_by_another(make.MONTE_PATRIA)
    ids = {
        "person_id": person.pk,
        "consultation_id": opened["id"],
        "line_id": line_id,
        "contact_id": contact,
        "queue_id": queue.pk,
        "ticket_id": ticket.pk,
        "agenda_id": agenda.pk,
        "appointment_id": appointment.pk,
        "entry_id": entry.pk,
        "number": 1,
        "referral_id": referred(person).pk,
        "exchange_id": exchange.pk,
        "attachment_id": file.pk,
        "protocol_id": drafted(head_of_uas()).protocol_id,
        "subscription_id": told_system().pk,
    }
    with_ids = [(method, path) for method, path, _ in operations() if "{" in path]
    assert len(with_ids) == 77
    foreign_head = make_operator(Role.UAS_HEAD, make.COMBARBALA)
    foreigners = {"catalogue": foreign_head, "protocols": foreign_head}
    foreigners["webhooks"] = make_operator(Role.SYSTEM_ADMIN, make.COMBARBALA)
    of_steps = {"approve": make_operator(Role.DIDECO, make.COMBARBALA)}
    for method, path in with_ids:
        address = path.format(**ids)
        body = None if method == "GET" else bodies.get(path, bodies.get(path.rpartition("/")[2], written))
        who = of_steps.get(path.rpartition("/")[2]) or foreigners.get(path.split("/")[1], foreigner)
        refused(call(who, method, address, body), 404)
    refused(call(foreigner, "POST", "/consultations", {"person_id": str(person.pk)}), 404)
    assert call(foreigner, "POST", "/people/search", {"text": person.run}).json()["matches"] == []
    for listed in ("/consultations", "/queues", "/agendas", f"/appointments?day={appointment.day}"):
        assert call(foreigner, "GET", listed).json()["items"] == []
    with acting(foreigner.actor):
        seen = ReadEntry.objects.exclude(people=[]).filter(account_id=foreigner.actor.account_id)
        assert not seen.exists()
