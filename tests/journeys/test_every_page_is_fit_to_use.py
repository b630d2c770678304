"""Accessible, light, alone: every page, on a desktop and on a phone, with and without scripts."""

import re

import pytest
from django.conf import LazySettings
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.actions import grant_key
from ventanilla.access.actors import Actor
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries.actions import change_rule, submit_draft
from ventanilla.catalogue.entries.details import Amount
from ventanilla.catalogue.entries.own_facts import add_own_fact
from ventanilla.catalogue.models import Entry
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject
from ventanilla.core import clock
from ventanilla.intake.actions import LineDetails, Writing, end_attention, start_consultation
from ventanilla.intake.appointments.actions import Request, book_appointment
from ventanilla.intake.appointments.slots import free_slots
from ventanilla.intake.contacts.actions import ContactDetails, note_contact
from ventanilla.intake.receipts.actions import issue_receipt, send_receipt
from ventanilla.intake.states import Channel, Outcome
from ventanilla.intake.waiting.actions import take_number
from ventanilla.outbox.models import Letter
from ventanilla.registry.models import ContactPoint, ReadPurpose
from ventanilla.registry.reading import open_purpose
from ventanilla.registry.vocabulary import ContactKind

pytestmark = pytest.mark.browser
HEAVIEST = 60 * 1024
PARTS = 4
in_parts = pytest.mark.parametrize("part", range(PARTS))
"""There are more than a hundred pages: those who run tests side by side share them."""


@pytest.fixture
def addresses(office: Office) -> list[str]:
    """Every page of a head of UAS, with somebody in attention and a ground to read her file."""
    head = actor_in(office.head)
    with acting(head):
        consultation = start_consultation(office.rosa, by=head)
        nameless = start_consultation(None, by=head)
        open_purpose(
            office.luis, by=head, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisión de su informe social"
        )
        queue = make.queue()
        take_number(queue, by=head, person=office.luis)
        letter = ContactDetails(Channel.LETTER, "Pide una cama clínica", name="Rosa Araya", due_on=make.YESTERDAY)
        contact = note_contact(letter, by=head)
        agenda = make.agenda(queue)
        (slot,) = free_slots(agenda, after=clock.now(), most=1)
        appointment = book_appointment(agenda, slot.starts_at, Request(person=office.rosa), by=head)
        martin = make.person("Sin Hogar", "Conocido", birth_on=None, run=None)
        entry = a_whole_entry(head)
    return [
        *(f"/catalogo/{page}" for page in ("", "?estado=revisar", "?q=balon", "?q=silla", "nueva/", "datos-propios/")),
        f"/catalogo/{entry.pk}/",
        f"/catalogo/{entry.pk}/version/1/",
        f"/catalogo/{entry.pk}/borrador/",
        f"/catalogo/{entry.pk}/escribir/",
        f"/catalogo/{entry.pk}/regla/",
        *(f"/catalogo/{entry.pk}/regla/?tipo={kind}" for kind in ("age", "receives", "bracket", "sex")),
        *(f"/catalogo/{entry.pk}/{step}/" for step in ("publicar", "devolver", "suspender", "cerrar", "copiar")),
        *(f"/catalogo/{entry.pk}/{step}/" for step in ("revalidar", "descartar")),
        "/",
        "/consultas/",
        "/consultas/pendientes/",
        f"/consultas/{consultation.pk}/",
        f"/consultas/{consultation.pk}/anular/",
        f"/consultas/{nameless.pk}/",
        f"/consultas/{nameless.pk}/identificar/",
        f"/consultas/{nameless.pk}/identificar/?persona={office.luis.pk}",
        "/consultas/contactos/",
        "/consultas/contactos/nuevo/",
        f"/consultas/contactos/{contact.pk}/",
        f"/consultas/contactos/{contact.pk}/registrar/",
        "/consultas/diferidas/",
        "/consultas/diferidas/hojas/",
        "/consultas/citas/",
        f"/consultas/citas/?dia={appointment.day:%d-%m-%Y}",
        "/consultas/citas/nueva/",
        f"/consultas/citas/nueva/{office.luis.pk}/",
        f"/consultas/citas/{appointment.pk}/",
        f"/consultas/citas/{appointment.pk}/cambiar/",
        f"/consultas/citas/{appointment.pk}/cancelar/",
        f"/consultas/citas/{appointment.pk}/persona/",
        "/consultas/citas/recordar/",
        "/consultas/citas/por-reprogramar/",
        "/consultas/citas/agendas/",
        f"/consultas/citas/agendas/{agenda.pk}/",
        "/consultas/llegadas/",
        "/consultas/sala/",
        "/consultas/sala/dia/",
        "/consultas/sala/filas/",
        f"/consultas/sala/filas/{queue.pk}/",
        "/buscar/",
        "/personas/nueva/",
        f"/personas/{martin.pk}/",
        f"/personas/{office.luis.pk}/ficha/",
        f"/personas/{office.luis.pk}/ficha/historia/",
        f"/personas/{office.luis.pk}/podria-recibir/",
        f"/personas/{office.luis.pk}/podria-recibir/{entry.pk}/",
        f"/catalogo/{entry.pk}/probar/?contar=1",
        f"/personas/{office.rosa.pk}/lecturas/",
        "/personas/lecturas/",
        f"/personas/{office.luis.pk}/urgencia/",
        "/auditoria/por-revisar/",
        "/cuentas-bloqueadas/",
        "/desempenos/",
        "/operadores/",
        "/operadores/nuevo/",
        "/operadores/confirmar/",
        f"/operadores/{office.desk.account_id}/",
        "/acuerdo/",
        "/su-cuenta/segundo-factor/",
        "/su-cuenta/sesiones/",
        "/su-cuenta/contrasena/",
        "/su-cuenta/llaves/",
        "/ayuda/",
        "/ayuda/atender/",
        "/diseno/",
    ]


def a_whole_entry(head: Actor) -> Entry:
    """Published, with amounts, a rule with alternatives, and its next version sent to review."""
    age = (Condition(Kind.AGE, low=60, group="1", article="Ordenanza 4"), Condition(Kind.DISABILITY, group="1"))
    rule = Rule(Subject.PERSON, (*age, Condition(Kind.BRACKET, high=60)))
    amounts = [Amount("Por vale", 25_000, make.TODAY), Amount("Tope", 90_000, make.YESTERDAY, make.YESTERDAY)]
    entry = make.written_entry(
        rule=rule, amounts=amounts, audience=["older"], documents="Cédula", local_note="En la mañana."
    )
    changed = Rule(Subject.PERSON, (*age, Condition(Kind.RESIDENCE)))
    draft = change_rule(entry, changed, by=head, version=0)
    submit_draft(entry, by=head, version=draft.version)
    return entry


@in_parts
def test_axe_finds_nothing_on_a_desktop(visit: Visit, office: Office, addresses: list[str], part: int) -> None:
    visit.go("/ingresar/")
    assert visit.violations() == []
    visit.sign_in(office.head)
    found = {}
    for address in addresses[part::PARTS]:
        assert visit.go(address) == 200, address
        visit.page.wait_for_load_state("networkidle")
        if violations := visit.violations():
            found[address] = violations
        assert not visit.overflows(), address
    assert found == {}


@in_parts
def test_axe_finds_nothing_on_a_phone_and_nothing_overflows(
    phone_visit: Visit, office: Office, addresses: list[str], part: int
) -> None:
    phone_visit.sign_in(office.head)
    found = {}
    for address in addresses[part::PARTS]:
        phone_visit.go(address)
        phone_visit.page.wait_for_load_state("networkidle")
        if violations := phone_visit.violations():
            found[address] = violations
        assert not phone_visit.overflows(), address
    assert found == {}


def test_axe_finds_nothing_where_keys_are_granted_taken_and_revoked(
    visit: Visit, phone_visit: Visit, office: Office
) -> None:
    counterpart = make.posting(Role.COUNTERPART)
    token = grant_key(office.desk, by=actor_in(counterpart), name="Farmacia comunal", days=90, scopes=["person:search"])
    granting = ["/llaves/", f"/desempenos/{office.desk.pk}/llave/", f"/llaves/{token.pk}/revocar/"]
    granting += [f"/operadores/{office.desk.account_id}/"]
    for posting, addresses in ((counterpart, granting), (office.desk, ["/su-cuenta/llaves/"])):
        for visitor in (visit, phone_visit):
            visitor.context.clear_cookies()
            visitor.sign_in(posting)
            for address in addresses:
                assert visitor.go(address) == 200, address
                assert visitor.violations() == [], address
                assert not visitor.overflows(), address


def test_axe_finds_nothing_where_the_office_is_arranged(visit: Visit, phone_visit: Visit, office: Office) -> None:
    arranging = ["/", "/oficina/", f"/oficina/unidades/{office.desk.unit_id}/", "/oficina/unidades/nueva/"]
    arranging += ["/oficina/dependencias/nueva/", "/calendario/", "/consultas/citas/agendas/"]
    provider = make.provider()
    arranging += ["/oficina/prestadores/nuevo/", f"/oficina/prestadores/{provider.pk}/"]
    arranging += [f"/catalogo/prestadores/{provider.pk}/termino/", "/catalogo/datos-propios/", "/catalogo/"]
    counterpart = make.posting(Role.COUNTERPART)
    by = actor_in(counterpart)
    with acting(by):
        add_own_fact("Damnificada por el temporal", Subject.PERSON, by=by)
    for visitor in (visit, phone_visit):
        visitor.sign_in(counterpart)
        for address in arranging:
            assert visitor.go(address) == 200, address
            assert visitor.violations() == [], address
            assert not visitor.overflows(), address


@in_parts
def test_a_page_weighs_less_than_60_kb_with_all_that_it_asks_for(
    visit: Visit, office: Office, addresses: list[str], part: int
) -> None:
    visit.sign_in(office.head)
    session = visit.context.new_cdp_session(visit.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weight = [0.0]
    session.on("Network.loadingFinished", lambda event: weight.__setitem__(0, weight[0] + event["encodedDataLength"]))
    for address in addresses[part::PARTS]:
        weight[0] = 0
        visit.go(address)
        visit.page.wait_for_load_state("networkidle")
        assert 0 < weight[0] < HEAVIEST, address


def test_the_counterparts_list_of_reasons_and_a_receipt_are_fit_to_use(
    phone_visit: Visit, visit: Visit, office: Office
) -> None:
    head = actor_in(office.head)
    with acting(head):
        gas = make.local_reason("utilities_debt", "Vale de gas", words="balón", documents="Cédula\nCartola")
        consultation = start_consultation(office.rosa, by=head)
        line = LineDetails(gas.pk, Outcome.WAITING_DOCUMENTS, awaited_documents="Cédula", about_home=True)
        end_attention(consultation, Writing([line]), by=head)
        _, token = issue_receipt(consultation, by=head)
    counterpart = make.posting(Role.COUNTERPART)
    verified = f"/consultas/comprobante/4303/{token}/"
    for visitor in (visit, phone_visit):
        visitor.sign_in(counterpart)
        for address in ("/motivos/", "/motivos/nuevo/", f"/motivos/{gas.pk}/", verified):
            assert visitor.go(address) == 200, address
            assert visitor.violations() == [], address
            assert not visitor.overflows(), address
        visitor.context.clear_cookies()
        visitor.sign_in(office.head)
        visitor.go(f"/consultas/{consultation.pk}/comprobante/")
        assert visitor.violations() == []
        assert not visitor.overflows()


def test_what_leaves_by_itself_is_fit_to_use(
    phone_visit: Visit, visit: Visit, office: Office, settings: LazySettings
) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    head = actor_in(office.head)
    with acting(head):
        consultation = start_consultation(office.rosa, by=head)
        end_attention(consultation, Writing([LineDetails(make.reason("information").pk, Outcome.INFORMED)]), by=head)
        hers = ContactPoint.objects.create(
            person=office.rosa, kind=ContactKind.EMAIL, value="rosa.araya@correo.example",
            as_of=make.TODAY, source="declared",
        )  # fmt: skip
        mails = [send_receipt(consultation, hers, by=head, address_of="https://x.example/{}/".format) for _ in range(4)]
        why = {"tries": 6, "last_error": "El servidor de correo no respondió a tiempo."}
        Letter.objects.filter(pk=mails[0].letter_id).update(sent_at=clock.now())
        Letter.objects.filter(pk=mails[1].letter_id).update(**why)
        Letter.objects.filter(pk=mails[2].letter_id).update(**why, failed_at=clock.now())
    admin = make.posting(Role.SYSTEM_ADMIN)
    for visitor in (visit, phone_visit):
        visitor.sign_in(admin)
        for address in ("/sistemas/", "/sistemas/correo/"):
            assert visitor.go(address) == 200, address
            assert visitor.violations() == [], address
            assert not visitor.overflows(), address
        visitor.context.clear_cookies()
        visitor.sign_in(office.head)
        visitor.go(f"/consultas/{consultation.pk}/comprobante/")
        assert visitor.page.get_by_text("se sigue intentando").count() == 1
        assert visitor.violations() == []
        assert not visitor.overflows()


def test_a_neighbour_is_attended_without_scripts(scriptless_visit: Visit, office: Office) -> None:
    page = scriptless_visit.page
    scriptless_visit.sign_in(office.desk)
    page.get_by_label("Buscar personas, folios o acciones").fill("rosa araya contreras")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("Iniciar consulta de Rosa Elvira")).click()
    page.get_by_label("SUF").check()
    page.get_by_role("button", name="Terminar atención").click()
    expect(page.get_by_text("Falta el resultado de SUF.")).to_be_visible()
    page.locator(".outcome", has_text="SUF").get_by_label("Informada").check()
    page.get_by_role("button", name="Terminar atención").click()
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
