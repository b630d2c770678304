"""My tray: what each source puts in it, when it is late, of today or coming, and whose things never come in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import make
from tests.intake.desk_page import browser_of
from tests.intake.pending_work import leave

from ventanilla.access.actors import NATIONAL_TIME_ZONE, Actor
from ventanilla.access.models import Account, Certification, FulfilledRequirement, OwnDay, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Agent, Role
from ventanilla.access.sign_in import record_attempt
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.calendar import WorkingDays
from ventanilla.desk.tray import Item, Tray, days_of, tray_of
from ventanilla.desk.tray.items import SHOWN, Entry, arrange
from ventanilla.intake.actions import answer_line, keep_draft, start_consultation
from ventanilla.intake.appointments.actions import Request, book_appointment
from ventanilla.intake.appointments.slots import free_slots
from ventanilla.intake.contacts.actions import ContactDetails, answer_contact, note_contact, take_contact
from ventanilla.intake.models import Contact, ReasonLine, Ticket
from ventanilla.intake.pending.actions import assign_lines
from ventanilla.intake.reading import open_consultation
from ventanilla.intake.states import Channel, Outcome
from ventanilla.intake.waiting.actions import take_number
from ventanilla.registry.models import Person, ReadEntry, WatchMark
from ventanilla.registry.reading import log_reading
from ventanilla.registry.watch.actions import raise_flags

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 11, 25)
PLAIN = WorkingDays(frozenset())


@pytest.fixture
def desk() -> Posting:
    with make.inside():
        pass
    return make.posting(Role.FRONT_DESK)


@contextmanager
def on_a_day(monkeypatch: pytest.MonkeyPatch, day: date, hour: int = 10) -> Iterator[None]:
    """It is that day, at that hour of Chile."""
    zone = ZoneInfo(NATIONAL_TIME_ZONE)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime.combine(day, time(hour), zone))
        yield


def tray(actor: Actor) -> Tray:
    with acting(actor):
        today = clock.today()
        return tray_of(actor, on=today, days=days_of(actor, on=today))


def found(actor: Actor, title: str) -> Entry:
    """The one thing of the tray whose title begins so."""
    (entry,) = [entry for entry in tray(actor).entries if entry.item.title.startswith(title)]
    return entry


def titles(actor: Actor) -> list[str]:
    return [entry.item.title for entry in tray(actor).entries]


def group_of(actor: Actor, title: str) -> str:
    (code,) = [g.code for g in tray(actor).groups for e in g.entries if e.item.title.startswith(title)]
    return code


# How it is arranged


def test_late_comes_first_then_today_then_what_is_coming_then_what_has_no_term() -> None:
    days = {"mañana": 1, "ayer": -1, "hoy": 0, "la semana pasada": -7, "el sábado": 3}
    items = [Item("note", "sin plazo")]
    items += [Item("note", name, due_on=WEDNESDAY + timedelta(days=number)) for name, number in days.items()]
    arranged = arrange(items, on=WEDNESDAY, days=PLAIN)
    assert [(group.title, [(e.item.title, e.words) for e in group.entries]) for group in arranged.groups] == [
        ("Atrasado", [("la semana pasada", "5 días hábiles de atraso"), ("ayer", "1 día hábil de atraso")]),
        ("Hoy", [("hoy", "Hoy")]),
        ("Próximos días hábiles", [("mañana", "1 día hábil"), ("el sábado", "2 días hábiles")]),
        ("Sin plazo", [("sin plazo", "")]),
    ]
    assert arranged.in_words == "6 asuntos, 2 atrasados"
    assert (arranged.late, arranged.is_whole) == (2, True)


def test_what_ends_on_a_day_not_worked_is_of_the_last_working_day_before() -> None:
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    item = Item("note", "papeles", due_on=saturday)
    assert arrange([item], on=friday, days=PLAIN).groups[0].title == "Hoy"
    (on_sunday,) = arrange([item], on=saturday + timedelta(days=1), days=PLAIN).entries
    assert (on_sunday.words, on_sunday.is_late) == ("Vencido", True)


def test_a_tray_shows_fifty_and_says_that_there_are_more() -> None:
    items = [Item("note", str(number), due_on=WEDNESDAY - timedelta(days=number)) for number in range(SHOWN + 1)]
    arranged = arrange(items, on=WEDNESDAY, days=PLAIN)
    assert (len(arranged.entries), arranged.is_whole) == (SHOWN, False)
    assert arranged.entries[0].item.title == str(SHOWN), "the most late is the last to be left out"
    assert arranged.in_words == "Más de 50 asuntos, 50 atrasados"


# What each source puts in it


def test_an_attention_of_today_is_of_today(desk: Posting) -> None:
    actor = actor_in(desk)
    with acting(actor):
        started = start_consultation(make.person(), by=actor)
    entry = found(actor, "Terminar la atención")
    assert group_of(actor, "Terminar la atención") == "today"
    assert entry.words == f"Desde las {timezone.localtime(started.occurred_at):%H:%M}"
    assert started.folio in entry.item.detail


def test_an_attention_left_open_yesterday_is_late(desk: Posting) -> None:
    actor = actor_in(desk)
    with acting(actor):
        yesterday = timezone.make_aware(datetime.combine(make.YESTERDAY, time(12)))
        start_consultation(make.person(), by=actor, occurred_at=yesterday)
    entry = found(actor, "Terminar una atención que quedó abierta")
    assert (entry.words, entry.is_late) == ("Quedó abierta ayer", True)


@pytest.mark.parametrize(("days", "group"), [(-9, "late"), (0, "today"), (9, "coming")])
def test_papers_that_somebody_must_bring_are_in_the_tray_of_who_asked_by_their_day(
    desk: Posting, days: int, group: str
) -> None:
    actor = actor_in(desk)
    leave(actor, until=make.TODAY + timedelta(days=days))
    assert group_of(actor, "Recibir antecedentes para SUF: Certificado de residencia") == group


def test_working_days_left_follow_the_institutions_own_calendar(desk: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = actor_in(desk)
    OwnDay.objects.create(institution_id=make.MONTE_PATRIA, day=date(2026, 11, 27), reason="Aniversario comunal")
    with on_a_day(monkeypatch, WEDNESDAY):
        leave(actor, until=date(2026, 12, 1))
        assert found(actor, "Recibir antecedentes").words == "3 días hábiles"
    with on_a_day(monkeypatch, date(2026, 12, 3)):
        assert found(actor, "Recibir antecedentes").words == "2 días hábiles de atraso"


def test_what_the_head_gives_her_is_in_her_tray_and_in_nobody_elses(desk: Posting) -> None:
    head, ana = make.actor(Role.UAS_HEAD), make.posting(Role.CASE_WORKER)
    line = leave(actor_in(desk))
    with acting(head):
        assign_lines({line.pk: desk.account_id}, to=ana.account, by=head)
    assert "Recibir antecedentes para SUF: Certificado de residencia" in titles(actor_in(ana))
    assert titles(actor_in(desk)) == []
    with acting(actor_in(ana)):
        given = ReasonLine.objects.select_related("consultation__person").get(pk=line.pk)
        open_consultation(line.consultation_id, by=actor_in(ana))
        answer_line(given, by=actor_in(ana), outcome=Outcome.RESOLVED)
    assert titles(actor_in(ana)) == []


def test_what_nobody_has_is_one_thing_due_for_the_head_and_free_to_take_for_the_rest(desk: Posting) -> None:
    actor, head = actor_in(desk), make.actor(Role.UAS_HEAD)
    for _ in range(3):
        leave(actor, Outcome.NEEDS_CASE)
    assert group_of(head, "Asignar lo que nadie tiene: 3 motivos sin asignar") == "coming"
    entry = found(actor, "Tomar lo que nadie tiene: 3 motivos sin asignar")
    assert (entry.term, entry.words) == (None, "")


def test_the_work_of_another_unit_never_comes_in(desk: Posting) -> None:
    rsh = make.unit(code="rsh", functions=("rsh",))
    there = make.posting(in_unit=rsh, account=desk.account)
    for outcome in (Outcome.NEEDS_CASE, Outcome.WAITING_DOCUMENTS):
        leave(actor_in(there), outcome)
    with acting(actor_in(there)):
        start_consultation(make.person(), by=actor_in(there))
    assert titles(actor_in(desk)) == []
    assert titles(make.actor(Role.UAS_HEAD)) == ["Confirmar 1 desempeño"]  # of the UAS
    assert len(titles(actor_in(there))) == 3


@pytest.mark.parametrize("outcome", [Outcome.NEEDS_CASE, Outcome.WAITING_DOCUMENTS])
def test_what_is_restricted_and_not_hers_is_neither_shown_nor_counted(desk: Posting, outcome: Outcome) -> None:
    line = leave(make.actor(Role.CASE_WORKER), outcome, reason="violence", given_names="Secreta")
    for actor in (actor_in(desk), make.actor(Role.UAS_HEAD)):
        assert not [title for title in titles(actor) if not title.startswith("Confirmar")]
    client = browser_of(desk)
    assert "Secreta" not in client.get("/").content.decode()
    with make.inside():
        assert not ReadEntry.objects.filter(people__contains=[line.consultation.person_id]).exists()


def test_who_is_blocked_leaves_the_tray(desk: Posting) -> None:
    actor = actor_in(desk)
    line = leave(actor)
    with acting(actor):
        Person.objects.filter(consultations=line.consultation).update(processing_blocked=True)
    assert titles(actor) == []


@pytest.mark.parametrize(("days", "group"), [(31, None), (30, "coming"), (0, "today")])
def test_the_agreement_is_asked_for_a_month_before_it_ends(desk: Posting, days: int, group: str | None) -> None:
    ends = {"expires_on": make.TODAY + timedelta(days=days)}
    FulfilledRequirement.objects.filter(account=desk.account, requirement="confidentiality").update(**ends)
    actor = actor_in(desk)
    assert titles(actor) == ([] if group is None else ["Firmar otra vez el acuerdo de confidencialidad"])
    assert [one.code for one in tray(actor).groups] == ([] if group is None else [group])


def test_the_agreement_of_another_institution_is_not_asked_for_here(desk: Posting) -> None:
    FulfilledRequirement.objects.create(
        account=desk.account,
        requirement_id="confidentiality",
        institution_id=make.COMBARBALA,
        met_on=make.YESTERDAY,
        expires_on=make.TODAY,
    )
    assert titles(actor_in(desk)) == []


def certify(posting: Posting, name: str, days: int) -> None:
    Certification.objects.create(
        account=posting.account,
        name=name,
        issued_on=make.TODAY - timedelta(days=300),
        expires_on=make.TODAY + timedelta(days=days),
    )


def test_ones_own_certification_is_renewed_before_it_ends_unless_a_newer_one_is_there(desk: Posting) -> None:
    certify(desk, "Encuestador RSH", -3)
    certify(desk, "Primeros auxilios", 90)
    actor = actor_in(desk)
    assert found(actor, "Renovar su certificación: Encuestador RSH").is_late
    assert len(titles(actor)) == 1
    certify(desk, "Encuestador RSH", 300)
    assert titles(actor) == []


def test_the_head_sees_the_certifications_of_hers_and_not_those_of_others(desk: Posting) -> None:
    certify(desk, "Encuestador RSH", 20)
    certify(make.posting(in_unit=make.unit(code="rsh", functions=("rsh",))), "Encuestador RSH", 20)
    head = make.actor(Role.UAS_HEAD)
    assert [title for title in titles(head) if "ertificación" in title] == [
        f"Certificación de {desk.account.full_name}"
    ]
    counterpart = make.actor(Role.COUNTERPART)
    assert len([title for title in titles(counterpart) if "ertificación" in title]) == 2


def test_postings_to_confirm_are_one_thing_until_the_quarter_ends(
    desk: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_a_day(monkeypatch, WEDNESDAY):
        entry = found(make.actor(Role.UAS_HEAD), "Confirmar 1 desempeño")
        assert entry.item.due_on == date(2026, 12, 31)
        assert not [title for title in titles(actor_in(desk)) if title.startswith("Confirmar")]


def test_a_locked_account_is_a_thing_of_today_for_whoever_may_open_it(desk: Posting) -> None:
    for _ in range(5):
        record_attempt(desk.account.username, "10.0.0.7", succeeded=False)
    for role in (Role.UAS_HEAD, Role.COUNTERPART, Role.SYSTEM_ADMIN):
        actor = make.actor(role)
        assert group_of(actor, f"Cuenta bloqueada: {desk.account.full_name}") == "today", role
    assert titles(actor_in(desk)) == []


def test_numbers_that_nobody_finished_yesterday_are_late_until_the_day_is_closed(desk: Posting) -> None:
    with make.inside() as head:
        ticket = take_number(make.queue(), by=head)
        yesterday = timezone.make_aware(datetime.combine(make.YESTERDAY, time(9)))
        Ticket.objects.filter(pk=ticket.pk).update(arrived_at=clock.now() - timedelta(hours=30), day=yesterday.date())
    entry = found(make.actor(Role.UAS_HEAD), "Cerrar el día: 1 número quedó sin terminar")
    assert entry.is_late
    assert not [title for title in titles(actor_in(desk)) if title.startswith("Cerrar")]


def write(actor: Actor, subject: str = "Pide una cama clínica", **said: Any) -> Contact:
    with acting(actor):
        return note_contact(ContactDetails(Channel.LETTER, subject, name="Rosa Araya", **said), by=actor)


def test_what_she_took_to_answer_is_in_her_tray_by_its_day_until_she_answers(desk: Posting) -> None:
    actor = actor_in(desk)
    letter = write(actor, due_on=make.YESTERDAY)
    with acting(actor):
        take_contact(letter, by=actor)
    entry = found(actor, "Responder: Pide una cama clínica")
    assert (entry.is_late, entry.item.detail) == (True, f"Rosa Araya · {letter.folio}")
    assert entry.item.url == f"/consultas/contactos/{letter.pk}/"
    assert "Responder: Pide una cama clínica" not in titles(make.actor(Role.CASE_WORKER))
    with acting(actor):
        answer_contact(letter, by=actor, answer="Se le explicó dónde pedirla")
    assert titles(actor) == []


def test_what_nobody_took_of_what_came_to_the_unit_is_one_thing_due_with_the_first(desk: Posting) -> None:
    actor = actor_in(desk)
    for number in range(2):
        write(actor, due_on=make.TODAY + timedelta(days=number))
    entry = found(actor, "Tomar 2 contactos que nadie tomó")
    assert (entry.item.due_on, entry.item.url) == (make.TODAY, "/consultas/contactos/?ver=sin-tomar")
    assert titles(make.actor(in_unit=make.unit(code="rsh", functions=("rsh",)))) == []


def test_hours_of_a_day_that_is_closed_are_moved_by_who_arranges_the_agenda(desk: Posting) -> None:
    head = make.actor(Role.UAS_HEAD)
    with acting(head):
        agenda = make.agenda()
        (slot,) = free_slots(agenda, after=clock.now(), most=1)
        booked = book_appointment(agenda, slot.starts_at, Request(person=make.person()), by=head)
    assert not [title for title in titles(head) if title.startswith("Reprogramar")]
    OwnDay.objects.create(institution_id=make.MONTE_PATRIA, day=booked.day, reason="Corte de luz")
    assert found(head, "Reprogramar 1 hora").item.due_on == booked.day
    assert titles(actor_in(desk)) == []


def test_readings_that_draw_attention_are_for_who_answers_for_the_reader(desk: Posting) -> None:
    actor, officer = actor_in(desk), make.actor(Role.DATA_OFFICER)
    Account.objects.filter(pk=desk.account_id).update(run="90214530-3")
    with acting(actor):
        log_reading(ReadEntry.Kind.FULL, of=make.person(run="90214530-3"))
        an_hour_ago = clock.now() - timedelta(hours=1)
        WatchMark.objects.create(ran_at=an_hour_ago, watched_until=an_hour_ago)
        raise_flags(by=Actor(Agent.COMMAND, make.MONTE_PATRIA))
    assert found(officer, "Revisar 1 lectura que llama la atención").item.url == "/auditoria/por-revisar/"
    assert titles(actor) == []


@pytest.mark.parametrize("role", [Role.DIDECO, Role.DATA_OFFICER, Role.NATIONAL, Role.PROVINCIAL])
def test_every_role_has_what_is_her_own_to_renew(role: Role) -> None:
    posting = make.posting(role)
    certify(posting, "Protección de datos", 10)
    assert titles(actor_in(posting)) == ["Renovar su certificación: Protección de datos"]
    page = browser_of(posting).get("/").content.decode()
    assert "Mi bandeja" in page
    assert "¿A quién atiende?" not in page


# The page


def test_drafts_not_sent_are_beside_the_tray_and_only_her_own(desk: Posting) -> None:
    actor = actor_in(desk)
    with acting(actor):
        started = start_consultation(make.person("Rosa"), by=actor)
        keep_draft(started, QueryDict("notes=Vino+con+su+hijo"), by=actor)
    assert "Borradores guardados" in browser_of(desk).get("/").content.decode()
    assert "Borradores guardados" not in browser_of(make.posting(Role.UAS_HEAD)).get("/").content.decode()


def test_the_page_works_without_scripts_and_leads_to_each_thing(desk: Posting) -> None:
    actor = actor_in(desk)
    line = leave(actor)
    text = browser_of(desk).get("/").content.decode()
    assert f'href="/consultas/{line.consultation_id}/"' in text
    assert 'action="/consultas/iniciar/"' in text
    assert 'href="/buscar/"' in text
    assert 'href="/personas/nueva/"' in text
    assert 'href="/consultas/pendientes/"' in text


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.UAS_HEAD])
def test_the_page_asks_as_much_for_one_thing_as_for_sixty(
    desk: Posting, role: Role, django_assert_max_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    posting = make.posting(role)
    actor = actor_in(posting)

    def add() -> None:
        leave(actor)
        leave(actor, Outcome.NEEDS_CASE)
        with acting(actor):
            start_consultation(make.person(), by=actor)
            take_contact(write(actor), by=actor)
        write(actor)

    add()
    client = browser_of(posting)
    client.get("/")  # the session is written down
    with CaptureQueriesContext(connection) as for_few:
        client.get("/")
    for _ in range(20):
        add()
    with django_assert_max_num_queries(len(for_few)):
        client.get("/")
