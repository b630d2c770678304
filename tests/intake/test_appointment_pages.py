"""The pages of appointments: given with two Enters, received, called about, moved; each look in the log."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.intake.booked import MONDAY_NINE, Office

from ventanilla.access.models import OwnDay, Posting
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.intake.appointments import arranging
from ventanilla.intake.appointments.actions import Request, book_appointment
from ventanilla.intake.models import Agenda, AgendaHours, Appointment, Ticket
from ventanilla.registry.models import ContactPoint, Fact, ReadEntry
from ventanilla.registry.vocabulary import FactKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


def browser_of(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


@pytest.fixture
def client(office: Office) -> Client:
    """Of a clerk of the unit whose agendas they are."""
    return browser_of(make.posting(Role.FRONT_DESK))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def key(minutes: int) -> str:
    return (MONDAY_NINE + timedelta(minutes=minutes)).isoformat(timespec="minutes")


def book(office: Office, minutes: int = 30, **options: Any) -> Appointment:
    with acting(office.clerk):
        return office.book(minutes, **options)


def only() -> Appointment:
    with make.inside():
        return Appointment.objects.select_related("person").get()


# Giving


def test_a_run_leads_to_the_free_hours_and_the_first_is_chosen(client: Client, office: Office) -> None:
    answer = client.post("/consultas/citas/nueva/", {"who": office.rosa.formatted_run}, follow=True)
    page = text(answer)
    assert f"Hora para {office.rosa.full_name}" in page
    chosen = re.findall(r'name="slot" value="([^"]+)" checked autofocus', page)
    assert chosen == [key(15)]
    made = client.post(answer.redirect_chain[-1][0], {"slot": chosen[0], "channel": "phone"}, follow=True)
    assert "Lunes <time" in text(made)
    assert (only().person, only().channel) == (office.rosa, "phone")


def test_a_name_is_asked_back_and_never_taken_by_itself(client: Client, office: Office) -> None:
    page = text(client.post("/consultas/citas/nueva/", {"who": "rosa araya"}))
    assert f'href="/consultas/citas/nueva/{office.rosa.pk}/" data-key="1"' in page
    with make.inside():
        assert ReadEntry.objects.filter(kind="search", people__contains=[office.rosa.pk]).exists()


def test_a_wrong_run_is_said_at_its_field_and_stays_typed(client: Client, office: Office) -> None:
    answer = client.post("/consultas/citas/nueva/", {"who": "90214530-1"})
    assert answer.status_code == 422
    assert "el dígito debería ser" in text(answer)
    assert "90214530-1" in text(answer)


def test_who_has_no_record_gets_an_hour_with_a_name_and_a_telephone(client: Client, office: Office) -> None:
    page = text(client.post("/consultas/citas/nueva/", {"who": "Marie-Ange Joseph", "without_record": "on"}))
    assert 'value="Marie-Ange Joseph"' in page
    fields = {"agenda": str(office.agenda.pk), "slot": key(30), "name": "Marie-Ange Joseph", "channel": "in_person"}
    wrong = client.post("/consultas/citas/nueva/sin-ficha/", fields)
    assert wrong.status_code == 422
    assert "Falta completar «Teléfono para avisarle»." in text(wrong)
    shown = client.post("/consultas/citas/nueva/sin-ficha/", fields | {"phone": "912345678"}, follow=True)
    assert "Aún no tiene ficha." in text(shown)
    linked = client.post(f"/consultas/citas/{only().pk}/persona/", {"person": str(office.rosa.pk)}, follow=True)
    assert "La hora quedó a su nombre." in text(linked)
    assert (only().person, only().name) == (office.rosa, "")


def test_a_full_hour_says_so_keeps_what_was_typed_and_offers_the_next(client: Client, office: Office) -> None:
    book(office, 15, who=office.luis)
    fields = {"slot": key(15), "about": "informe social", "channel": "in_person"}
    answer = client.post(f"/consultas/citas/nueva/{office.rosa.pk}/", fields)
    assert answer.status_code == 422
    assert "ya se ocupó. Quedan:" in text(answer)
    assert 'value="informe social"' in text(answer)
    assert re.findall(r'value="([^"]+)" checked autofocus', text(answer)) == [key(30)]


def test_hours_of_another_agenda_and_from_another_day_are_seen_by_address(client: Client, office: Office) -> None:
    page = text(client.get(f"/consultas/citas/nueva/{office.rosa.pk}/?agenda={office.alone.pk}&desde=01-12-2026"))
    assert "Martes <time" in page
    assert f'<option value="{office.alone.pk}" selected>' in page
    assert client.get(f"/consultas/citas/nueva/{office.rosa.pk}/?agenda={office.rosa.pk}").status_code == 404


def test_her_hours_to_come_are_told_before_giving_another(client: Client, office: Office) -> None:
    made = book(office)
    page = text(client.get(f"/consultas/citas/nueva/{office.rosa.pk}/"))
    assert "Ya tiene hora:" in page
    assert made.get_absolute_url() in page


# One of them


def test_the_paper_says_when_and_where_and_prints_nothing_of_others(client: Client, office: Office) -> None:
    made = book(office, request={"about": "informe social"})
    page = text(client.get(made.get_absolute_url()))
    assert "a las <time" in page
    assert "Edificio consistorial" in page
    with make.inside():
        assert ReadEntry.objects.filter(note="cita", people__contains=[office.rosa.pk]).count() == 1


def test_the_file_for_her_calendar_holds_nothing_of_hers(client: Client, office: Office) -> None:
    made = book(office, request={"about": "informe social"})
    answer = client.get(f"{made.get_absolute_url()}hora.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    file = answer.content.decode()
    assert "DTSTART:20261123T123000Z" in file
    assert "LOCATION:Edificio consistorial\r\n" in file
    for told in (office.rosa.given_names, office.rosa.run or "", "informe", office.agenda.name):
        assert told not in file


def test_it_is_moved_and_cancelled_from_its_pages(client: Client, office: Office) -> None:
    made = book(office)
    page = text(client.get(f"{made.get_absolute_url()}cambiar/"))
    assert f"Otra hora para {office.rosa.full_name}" in page
    moved = client.post(f"{made.get_absolute_url()}cambiar/", {"slot": key(60), "reason": "Trabaja"}, follow=True)
    assert "Hora cambiada: lunes 23-11-2026 a las 10:00." in text(moved)
    with make.inside():
        new = Appointment.objects.get(state="booked")
    assert "Se cambió al" in text(client.get(made.get_absolute_url()))
    address = f"{new.get_absolute_url()}cancelar/"
    assert client.post(address, {"cancelled_by": "office"}).status_code == 422
    cancelled = client.post(address, {"cancelled_by": "office", "reason": "Licencia médica"}, follow=True)
    assert "La canceló la oficina: Licencia médica." in text(cancelled)


# The day


def test_todays_are_received_at_the_entrance_and_get_their_number(client: Client, office: Office) -> None:
    made = book(office)
    page = text(client.get("/consultas/llegadas/"))
    assert office.rosa.full_name in page
    slip = text(client.post(f"{made.get_absolute_url()}llego/", follow=True))
    assert 'class="number">A-001<' in slip
    assert "Tenía hora a las" in slip
    assert office.rosa.full_name not in text(client.get("/consultas/llegadas/"))


def test_her_run_at_the_entrance_is_enough(client: Client, office: Office) -> None:
    book(office)
    fields = {"queue": str(office.queue.pk), "who": office.rosa.formatted_run}
    slip = text(client.post("/consultas/llegadas/", fields, follow=True))
    assert "Tenía hora a las" in slip
    with make.inside():
        assert Ticket.objects.get().appointment == Appointment.objects.get()


def test_an_hour_of_another_day_is_not_received(client: Client, office: Office) -> None:
    made = book(office, 24 * 60 + 30)
    answer = client.post(f"{made.get_absolute_url()}llego/")
    assert answer.status_code == 422
    assert "martes 24-11-2026 a las 09:30" in text(answer)


def test_without_a_queue_she_is_attended_from_her_page(client: Client, office: Office) -> None:
    made = book(office, agenda=office.alone)
    assert "llegó. Se atiende por su nombre." in text(client.post(f"{made.get_absolute_url()}llego/", follow=True))
    assert f"Consulta de {office.rosa.full_name}" in text(
        client.post(f"{made.get_absolute_url()}atender/", follow=True)
    )


def test_the_day_is_listed_in_order_in_as_many_queries_whatever_its_length(client: Client, office: Office) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/consultas/citas/").status_code == 200
        return len(captured)

    book(office)
    queries()  # the first visit writes its session
    one = queries()
    with acting(office.clerk):
        for minutes in (45, 60, 75, 90):
            office.book(minutes, make.person("Otra", f"Vecina {minutes}"))
    assert queries() == one
    assert queries() < 30
    listed = re.findall(
        r'<a class="title" href="/consultas/citas/[^"]+">([^<]+)<', text(client.get("/consultas/citas/"))
    )
    assert listed[0] == office.rosa.full_name
    assert len(listed) == 5


def test_the_hours_of_a_reserved_agenda_are_nowhere_for_another_unit(client: Client, office: Office) -> None:
    made = book(office, 24 * 60 + 30, agenda=office.alone)
    with acting(office.head):
        arranging.change_agenda(office.alone, by=office.head, name="Visitas", queue=None, is_reserved=True)
    other = browser_of(make.posting(Role.FRONT_DESK, in_unit=make.unit(code="atencion", functions=("attention",))))
    OwnDay.objects.create(institution_id=make.MONTE_PATRIA, day=made.day, reason="Acto")
    for address in (
        "/consultas/citas/?dia=24-11-2026",
        "/consultas/citas/por-reprogramar/",
        "/consultas/citas/recordar/",
        f"/consultas/citas/nueva/{office.rosa.pk}/",
    ):
        page = text(other.get(address))
        assert "Visitas" not in page, address
        if "nueva" not in address:
            assert office.rosa.full_name not in page, address
        assert "por reprogramar" not in page.replace("Nada por reprogramar", "").replace("Citas por reprogramar", ""), (
            address
        )
    assert other.get(made.get_absolute_url()).status_code == 404
    assert "Visitas" in text(client.get("/consultas/citas/por-reprogramar/"))


# Calling


def test_whom_to_call_comes_one_by_one_and_one_key_notes_it(client: Client, office: Office) -> None:
    with acting(office.clerk):
        rosa = office.book(24 * 60 + 30, request={"phone": "911111111", "about": "violencia"})
        office.book(24 * 60 + 45, office.luis, request={"phone": "922222222"})
    page = text(client.get("/consultas/citas/recordar/"))
    assert f"Llame a {office.rosa.full_name}" in page
    message = re.search(r"<textarea[^>]+>([^<]+)<", page)
    assert message
    assert message[1] == (
        "Municipalidad de Monte Patria le recuerda su hora: martes 24-11-2026 a las 09:30, Edificio consistorial."
        " Si no puede venir, avísenos para darla a otra persona."
    )
    answer = {"appointment": str(rosa.pk), "outcome": "told"}
    page = text(client.post("/consultas/citas/recordar/", answer, follow=True))
    assert f"Llame a {office.luis.full_name}" in page
    assert "1 de 2 avisadas" in page
    with make.inside():
        luis = Appointment.objects.get(person=office.luis)
    page = text(
        client.post("/consultas/citas/recordar/", {"appointment": str(luis.pk), "outcome": "cancel"}, follow=True)
    )
    assert "No queda nadie a quien llamar." in page
    with make.inside():
        luis.refresh_from_db()
        assert (luis.state, luis.cancelled_by) == ("cancelled", "person")


def test_only_the_unit_that_gave_the_hours_has_the_telephones(client: Client, office: Office) -> None:
    rsh = make.unit(code="rsh", functions=())
    other = make.actor(Role.UNIT_HEAD, in_unit=rsh)
    with acting(other):
        arranging.open_agenda(office.queue.site, rsh, by=other, name="Registro social")
    made = book(office, 24 * 60 + 30, request={"phone": "911111111"})
    neighbour = browser_of(make.posting(Role.FRONT_DESK, in_unit=rsh))
    assert "911111111" not in text(neighbour.get("/consultas/citas/recordar/"))
    noted = neighbour.post("/consultas/citas/recordar/", {"appointment": str(made.pk), "outcome": "told"})
    assert noted.status_code == 422
    assert "911111111" in text(client.get("/consultas/citas/recordar/"))
    reception = browser_of(make.posting(Role.FRONT_DESK, in_unit=make.unit(code="atencion", functions=())))
    assert "911111111" in text(reception.get("/consultas/citas/recordar/"))  # its unit gives no hours of its own


def test_a_telephone_that_is_not_to_be_called_is_not_on_the_page(client: Client, office: Office) -> None:
    with acting(office.clerk):
        office.book(24 * 60 + 30)
        ContactPoint.objects.create(
            person=office.rosa, kind="phone", value="+56933333333", do_not_call=True, as_of=MONDAY_NINE.date()
        )
    page = text(client.get("/consultas/citas/recordar/"))
    assert "Pidió que no la llamen." in page
    assert "33333333" not in page


# Preference


def test_what_a_registry_knows_suggests_a_preference_to_who_gave_the_number_only(
    client: Client, office: Office
) -> None:
    with make.inside():
        make.fact(FactKind.CARER, person=office.rosa, value="principal")
        make.fact(FactKind.DISABILITY, person=office.luis, value="severa", valid_until=MONDAY_NINE.date())
        Fact.objects.filter(person=office.luis).update(valid_until=MONDAY_NINE.date() - timedelta(days=1))
    fields = {"queue": str(office.queue.pk)}
    slip = client.post("/consultas/llegadas/", fields | {"who": office.rosa.formatted_run}, follow=True)
    assert "Puede tener preferencia: persona cuidadora" in text(slip)
    assert "principal" not in text(slip)
    address = slip.redirect_chain[-1][0]
    other = browser_of(make.posting(Role.FRONT_DESK))
    assert "Puede tener preferencia" not in text(other.get(address))
    with make.inside():
        ticket = Ticket.objects.get()
        assert ReadEntry.objects.filter(note="posible preferencia A-001", person_id=office.rosa.pk).count() == 1
    prefer = f"/consultas/llegadas/{ticket.pk}/preferencia/"
    assert client.post(prefer, {"priority": "carer"}).status_code == 422
    given = text(client.post(prefer, {"priority": "carer", "evidence": "Credencial"}, follow=True))
    assert "preferente" in given
    assert "Puede tener preferencia" not in given
    luis = client.post("/consultas/llegadas/", fields | {"who": office.luis.formatted_run}, follow=True)
    assert "Puede tener preferencia" not in text(luis)


def test_a_name_at_the_entrance_is_asked_back_and_nothing_typed_is_lost(client: Client, office: Office) -> None:
    fields = {"queue": str(office.queue.pk), "priority": "pregnancy", "who": "luis pizarro"}
    page = text(client.post("/consultas/llegadas/", fields))
    assert f'name="person" value="{office.luis.pk}" data-key="1"' in page
    assert '<input type="hidden" name="priority" value="pregnancy">' in page
    client.post("/consultas/llegadas/", fields | {"person": str(office.luis.pk)})
    client.post("/consultas/llegadas/", fields | {"nameless": "on"})
    with make.inside():
        assert [(one.person, one.priority) for one in Ticket.objects.order_by("number")] == [
            (office.luis, "pregnancy"),
            (None, "pregnancy"),
        ]


# Arranging


def test_a_head_makes_an_agenda_gives_it_hours_and_ends_them(office: Office) -> None:
    head = browser_of(make.posting(Role.UAS_HEAD))
    fields = {"name": "Subsidios", "unit": str(office.queue.unit_id), "site": str(office.queue.site_id)}
    assert head.post("/consultas/citas/agendas/", fields | {"name": "Informe social"}).status_code == 422
    answer = head.post("/consultas/citas/agendas/", fields, follow=True)
    assert "Agenda Subsidios creada." in text(answer)
    address = answer.redirect_chain[-1][0]
    hours = {
        "add": "1",
        "weekdays": ["0", "2"],
        "starts_at": "09:00",
        "ends_at": "12:00",
        "minutes": "30",
        "capacity": "2",
        "from_on": "23-11-2026",
    }
    assert "no cabe ninguna hora" in text(head.post(address, hours | {"ends_at": "09:10"}))
    assert "lunes y miércoles, 09:00 a 12:00" in text(head.post(address, hours, follow=True))
    assert "Se cruza con un horario de Subsidios" in text(head.post(address, hours | {"starts_at": "11:30"}))
    with make.inside() as by:
        agenda = Agenda.objects.get(name="Subsidios")
        made = AgendaHours.objects.get(agenda=agenda)
        book_appointment(agenda, MONDAY_NINE + timedelta(days=7), Request(person=office.rosa), by=by)
    end = {"end": "1", "hours": str(made.pk), "until_on": "23-11-2026"}
    page = text(head.post(address, end, follow=True))
    assert "Por reprogramar" in page
    assert "La agenda dejó de dar esa hora." in page
    assert office.rosa.given_names not in page
    assert "tiene 1 hora dada por venir" in text(head.post(address, {"close": "1"}))


def test_a_counterpart_arranges_every_agenda_and_sees_no_name(office: Office) -> None:
    made = book(office, 24 * 60 + 30)
    OwnDay.objects.create(institution_id=make.MONTE_PATRIA, day=made.day, reason="Acto")
    counterpart = browser_of(make.posting(Role.COUNTERPART))
    assert "1 por reprogramar" in text(counterpart.get("/consultas/citas/agendas/"))
    page = text(counterpart.get(f"/consultas/citas/agendas/{office.agenda.pk}/"))
    assert "Ese día no se atiende." in page
    assert office.rosa.given_names not in page
    other = browser_of(make.posting(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=())))
    assert other.get(f"/consultas/citas/agendas/{office.agenda.pk}/").status_code == 404


def test_an_office_without_agendas_is_told_how_it_attends() -> None:
    client = browser_of(make.posting(Role.FRONT_DESK))
    for address in ("/consultas/citas/", "/consultas/citas/nueva/"):
        assert "Aquí no hay agendas" in text(client.get(address))
    assert "Nadie a quien llamar" in text(client.get("/consultas/citas/recordar/"))
