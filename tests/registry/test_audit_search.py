"""Data protection finds who looked and who wrote, sees what may be shown of it, and takes it out marked and logged."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import NotAllowed
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.models import Consultation
from ventanilla.registry.logs import READINGS, WRITES, Log, Wanted, newest_ids
from ventanilla.registry.models import ContactPoint, Dwelling, Person, ReadEntry, ReadPurpose, Residence
from ventanilla.registry.reading import log_reading, readings_within
from ventanilla.registry.watch.exporting import export_readings, export_writes
from ventanilla.registry.watch.history import HIDDEN, History, history_of
from ventanilla.registry.watch.writes import audited_models, records, rows_of, writes_within

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Posting:
    return make.posting(Role.DATA_OFFICER)


@pytest.fixture
def actor(officer: Posting) -> Iterator[Actor]:
    actor = actor_in(officer)
    with acting(actor):
        yield actor


@pytest.fixture
def client(officer: Posting) -> Client:
    client = Client()
    client.force_login(officer.account)
    return client


def looked(posting: Posting, *people: Person, kind: ReadEntry.Kind = ReadEntry.Kind.FULL) -> None:
    with acting(actor_in(posting)):
        for person in people:
            log_reading(kind, of=person)


# Readings


def test_readings_are_found_by_operator_unit_kind_and_day(actor: Actor) -> None:
    rosa = make.person()
    rsh = make.unit(code="rsh", functions=("rsh",))
    ana, eva = make.posting(Role.FRONT_DESK), make.posting(Role.FRONT_DESK, in_unit=rsh)
    looked(ana, rosa)
    looked(ana, rosa, kind=ReadEntry.Kind.SUMMARY)
    looked(eva, rosa)

    def found(**narrow: Any) -> list[tuple[Any, str]]:
        readings = readings_within(actor, wanted=Wanted(**narrow))
        return [(r.entry.posting_id, r.entry.kind) for r in readings if r.entry.posting_id in (ana.pk, eva.pk)]

    newest_first = [(eva.pk, "full"), (ana.pk, "summary"), (ana.pk, "full")]
    assert found() == newest_first
    assert found(postings=[ana.pk]) == newest_first[1:]
    assert found(postings=[ana.pk, eva.pk]) == newest_first
    assert found(kind="full") == [newest_first[0], newest_first[2]]
    assert found(kind="full", postings=[ana.pk]) == newest_first[2:]
    assert found(since=make.TODAY, until=make.TODAY) == newest_first
    assert found(until=make.YESTERDAY) == []
    assert found(postings=[]) == []


def test_a_head_finds_no_reading_of_another_unit_whatever_she_asks(actor: Actor) -> None:
    rosa = make.person()
    rsh = make.unit(code="rsh", functions=("rsh",))
    own, other = make.posting(Role.FRONT_DESK), make.posting(Role.FRONT_DESK, in_unit=rsh)
    looked(own, rosa)
    looked(other, rosa)
    head = make.actor(Role.UAS_HEAD)
    with acting(head):
        for wanted in (Wanted(), Wanted(postings=[own.pk, other.pk])):
            assert {r.entry.posting_id for r in readings_within(head, wanted=wanted)} == {own.pk}
        assert readings_within(head, wanted=Wanted(postings=[other.pk])) == []


@pytest.mark.parametrize("log", [READINGS, WRITES])
def test_pages_go_on_where_the_last_one_stopped_and_lose_nothing(actor: Actor, log: Log) -> None:
    posting = make.posting(Role.FRONT_DESK)
    for _ in range(7):
        looked(posting, make.person())
    for wanted in (Wanted(), Wanted(postings=[posting.pk, actor.posting_id or posting.pk])):
        whole = newest_ids(log, wanted, actor=actor, limit=1_000)
        assert len(whole) >= 7
        pages: list[int] = []
        while page := newest_ids(log, wanted, actor=actor, before=pages[-1] if pages else None, limit=3):
            pages += page
        assert pages == whole


@pytest.mark.parametrize("log", [READINGS, WRITES])
@pytest.mark.parametrize(
    "wanted",
    [Wanted(), Wanted(kind="full"), Wanted(since=date(2026, 1, 1), until=date(2026, 2, 1)), Wanted(postings=())],
)
def test_every_way_in_is_an_index(actor: Actor, log: Log, wanted: Wanted) -> None:
    """Under row-level security, as the application role: with sequential scans made dear, none is chosen."""
    if wanted.postings is not None:
        wanted = Wanted(postings=[actor.posting_id] if actor.posting_id else [])
    plans = []

    def explained(execute: Any, query: Any, params: Any, many: bool, context: Any) -> Any:
        with connection.cursor() as cursor:
            execute_now = cursor.cursor.execute
            execute_now("set local enable_seqscan = off")
            execute_now("explain " + query.as_string(cursor.cursor), params)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(query, params, many, context)

    with connection.execute_wrapper(explained):
        newest_ids(log, wanted, actor=actor, limit=10)
    assert all("Seq Scan" not in plan and "Index" in plan for plan in plans), plans[0]


def test_finding_a_person_is_logged_and_her_record_stays_closed(client: Client, officer: Posting) -> None:
    with make.inside():
        rosa = make.person()
    page = client.post("/auditoria/persona/", {"text": "rosa araya"}).content.decode()
    assert rosa.full_name in page
    with make.inside():
        entry = ReadEntry.objects.get(account_id=officer.account_id, kind="search")
        assert entry.people == [rosa.pk]
    assert client.get(f"/personas/{rosa.pk}/").status_code == 403
    assert client.get(f"/personas/{rosa.pk}/ficha/").status_code == 403


def test_whose_data_are_blocked_is_found_by_her_run_and_not_by_her_name(client: Client) -> None:
    with make.inside():
        rosa = make.person(processing_blocked=True)
    assert rosa.full_name not in client.post("/auditoria/persona/", {"text": "rosa araya"}).content.decode()
    page = client.post("/auditoria/persona/", {"text": rosa.formatted_run}).content.decode()
    assert rosa.full_name in page
    assert "tratamiento bloqueado" in page
    assert client.get(f"/personas/{rosa.pk}/lecturas/").status_code == 200
    assert client.get(f"/auditoria/cambios/?persona={rosa.pk}").status_code == 200


@pytest.mark.parametrize("address", ["/personas/lecturas/", "/auditoria/cambios/"])
def test_a_filter_that_makes_no_sense_is_said_at_its_field(client: Client, address: str) -> None:
    wrong = client.get(address, {"desde": "10-11-2026", "hasta": "01-11-2026"})
    assert (wrong.status_code, "anterior al primero" in wrong.content.decode()) == (422, True)
    assert client.get(address, {"desde": "31-02-2026"}).status_code == 422
    assert client.get(address, {"operador": "x"}).status_code == 422
    for before in ("x", "9" * 30, "-1", "0"):
        assert client.get(address, {"antes": before}).status_code == 200


@pytest.mark.parametrize("address", ["/personas/lecturas/", "/auditoria/cambios/"])
def test_a_list_takes_the_same_queries_whatever_its_length(
    client: Client, address: str, django_assert_max_num_queries: Any
) -> None:
    with make.inside():
        people = [make.person() for _ in range(20)]
    for person in people:
        looked(make.posting(Role.CASE_WORKER), person)
    with django_assert_max_num_queries(22):
        page = client.get(address).content.decode()
    assert page.count("<tr>") > 20


# Writes


def test_what_was_written_of_a_person_is_found_in_all_that_points_to_her(actor: Actor) -> None:
    desk = make.actor(Role.FRONT_DESK)
    rosa, other = make.person(), make.person("Otra")
    with acting(desk):
        ContactPoint.objects.create(person=rosa, kind="phone", value="9", as_of=make.TODAY)
        consultation = start_consultation(rosa, by=desk)
        start_consultation(other, by=desk)
    keys = rows_of(rosa)
    assert str(consultation.pk) in keys
    written = writes_within(actor, of=rosa)
    tables = {w.event.table_name for w in written}
    assert {"registry_person", "registry_contactpoint", "intake_consultation", "registry_readpurpose"} <= tables
    assert {w.event.row_id for w in written} <= set(keys)
    assert str(other.pk) not in {w.event.row_id for w in written}
    entry = ReadEntry.objects.latest("id")
    assert (entry.people, entry.note) == ([rosa.pk], "cambios en sus registros")


def test_every_kind_of_record_has_its_name_in_spanish(actor: Actor) -> None:
    assert records()["registry_contactpoint"] == "contacto"
    audited = {
        row[0] for row in _rows("select distinct tgrelid::regclass::text from pg_trigger where tgname ~ '^audit_'")
    }
    assert audited <= set(records())


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_OFFICER])
def test_only_data_protection_sees_what_was_written(actor: Actor, role: Role) -> None:
    other = make.actor(role)
    if other.institution_id is None:
        return
    with acting(other):
        for asked in (
            lambda: writes_within(other),
            lambda: history_of("registry_person", "x", by=other),
            lambda: export_writes(other, of=None, wanted=Wanted()),
            lambda: export_readings(other, of=None, wanted=Wanted()),
        ):
            with pytest.raises(NotAllowed):
                asked()


# The history of one record


def history(row: Any, by: Actor) -> History:
    found = history_of(row._meta.db_table, str(row.pk), by=by)
    assert found is not None
    return found


def told(found: History) -> dict[str, tuple[str, str]]:
    return {field.name: (field.before, field.after) for step in reversed(found.steps) for field in step.fields}


def test_a_record_tells_what_changed_field_by_field_in_words(actor: Actor) -> None:
    rosa = make.person(sex="female", birth_on=date(1983, 5, 14))
    Person.objects.filter(pk=rosa.pk).update(sex="male", social_name="Rosita", commune_id="04303")
    found = history(rosa, actor)
    assert [step.event.op for step in found.steps] == ["U", "I"]
    fields = {field.name: (field.before, field.after) for field in found.steps[0].fields}
    assert fields == {
        "Sexo registral": ("Mujer", "Hombre"),
        "Nombre social": ("Sin dato", "Rosita"),
        "Comuna de residencia": ("Sin dato", "Monte Patria"),
    }
    made = {field.name: field.after for field in found.steps[1].fields}
    assert (made["RUN"], made["Fecha de nacimiento"], made["Tratamiento bloqueado"]) == (
        rosa.formatted_run,
        "14-05-1983",
        "No",
    )
    entry = ReadEntry.objects.latest("id")
    assert (entry.kind, entry.person_id, entry.note) == ("history", rosa.pk, "persona"), "a look like any other"


def test_what_identifies_as_a_people_is_never_shown(actor: Actor) -> None:
    rosa = make.person(indigenous_people="mapuche")
    assert told(history(rosa, actor))["Pueblo indígena"] == ("Sin dato", HIDDEN)


def test_no_secret_of_an_account_is_shown(actor: Actor) -> None:
    posting = make.posting(Role.FRONT_DESK)
    Account.objects.filter(pk=posting.account_id).update(password="otra-clave-cifrada")
    make.token(posting)
    for row in (posting.account, posting.tokens.get()):
        values = [value for pair in told(history(row, actor)).values() for value in pair]
        assert not [value for value in values if "clave" in value or "pbkdf2" in value or len(value) == 64]
    assert told(history(posting.account, actor))["Contraseña"] == (HIDDEN, HIDDEN)


@pytest.mark.parametrize("level", [Secrecy.RESERVED, Secrecy.RESTRICTED])
def test_of_what_is_secret_one_sees_that_it_was_written_and_not_what(actor: Actor, level: Secrecy) -> None:
    rosa = make.person()
    contact = ContactPoint.objects.create(
        person=rosa, kind="phone", value="+569 secreto", secrecy=level, as_of=make.TODAY
    )
    found = history(contact, actor)
    assert (found.person, [step.fields for step in found.steps]) == (None, [()])
    assert "reservado o restringido" in found.closed_because


def test_what_was_once_secret_or_became_so_stays_closed_whole(actor: Actor) -> None:
    rosa = make.person()
    for before, after in ((Secrecy.ORDINARY, Secrecy.RESTRICTED), (Secrecy.RESTRICTED, Secrecy.ORDINARY)):
        contact = ContactPoint.objects.create(
            person=rosa, kind="phone", value=f"9 {before}", secrecy=before, as_of=make.TODAY
        )
        ContactPoint.objects.filter(pk=contact.pk).update(secrecy=after)
        assert history(contact, actor).closed_because
        ContactPoint.objects.filter(pk=contact.pk).delete()
        assert history(contact, actor).closed_because, "and after it is gone"


def test_a_guarded_address_is_not_told_by_the_dwelling(actor: Actor) -> None:
    rosa, open_house, hidden = make.person(), Dwelling.objects.create(), Dwelling.objects.create(address="Refugio 1")
    for dwelling, level in ((open_house, Secrecy.ORDINARY), (hidden, Secrecy.RESTRICTED)):
        Residence.objects.create(person=rosa, dwelling=dwelling, secrecy=level, source="declared", starts_on=make.TODAY)
    assert history(open_house, actor).closed_because == ""
    assert history(hidden, actor).closed_because


def test_what_is_told_in_confidence_is_closed_of_every_record_that_does_not_open_itself(actor: Actor) -> None:
    desk = make.actor(Role.FRONT_DESK)
    rosa = make.person()
    with acting(desk):
        consultation = start_consultation(rosa, by=desk)
    Consultation.objects.filter(pk=consultation.pk).update(notes="Lo que contó")
    purpose = ReadPurpose.objects.get()
    for row in (consultation, consultation.transitions.get(), purpose):
        found = history(row, actor)
        assert "su contenido no se muestra" in found.closed_because
        assert all(step.fields == () for step in found.steps)
        assert found.steps[-1].writer, "who wrote is told"
    opened = {table for table, model in audited_models().items() if getattr(model, "shown_in_audit", False)}
    assert opened == {
        f"registry_{name}"
        for name in (
            *("person", "identifier", "contactpoint", "dwelling"),
            *("home", "membership", "relation", "residence"),
        )
    }


def test_the_page_of_a_record_is_not_found_where_nothing_of_it_was_written(client: Client, actor: Actor) -> None:
    with make.inside(make.COMBARBALA):
        foreign = make.person("Foránea")
    for row in (foreign.pk, "x"):
        assert client.get(f"/auditoria/cambios/registry_person/{row}/").status_code == 404
    assert client.get("/auditoria/cambios/pg_user/x/").status_code == 404


def test_reaching_the_audit_is_no_right_to_search_people_elsewhere(client: Client) -> None:
    for address in ("/buscar/", "/buscar/opciones/"):
        assert client.post(address, {"q": "rosa"}).status_code == 403
