"""What is printed: her own data for her, all that the profile shows for the file, and each print on record."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.core import clock, documents
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.actions import LineDetails, Writing, end_attention, start_consultation
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import ContactPoint, Dwelling, Person, ReadEntry, ReadPurpose, Residence
from ventanilla.registry.reading import log_reading, open_purpose
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening.copies import looks_at

pytestmark = pytest.mark.django_db

REASON = "Revisar su situación por encargo del tribunal"
HERS = [
    "Rosa Elvira Araya Contreras",
    "+56 9 1111 1111",
    "Pasaje Los Parrones 118",
    "50 %",
    "22.007",
    "Jefatura de hogar",
]
HERS_IN_FULL = ["Cuidador/a principal", "Pensión", "150.150", "Caja de alimentos", "Materiales de construcción"]
NEVER_HERS = [
    *("Martín", "Discapacidad visual", "Set escolar", "44.014"),  # her son's
    *("987.654", "goteras", "Vive con su pareja"),  # said of the home as such
    *("Nota de trabajo", "+56 9 2222 2222", "motivo-reservado", REASON, "vence el", "ya se entregó"),
]


@pytest.fixture(autouse=True)
def papers_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "pdf_of", lambda html: html.encode())


@pytest.fixture
def worker() -> Posting:
    return make.posting(Role.CASE_WORKER)


def attended(person: Person, by: Actor, reason: str = "information", notes: str = "") -> Consultation:
    consultation = start_consultation(person, by=by)
    line = LineDetails(make.reason(reason).pk, Outcome.INFORMED, answer="Se le explicó el trámite")
    return end_attention(consultation, Writing(lines=[line], notes=notes), by=by)


def given_to(person: Person | None, label: str, **extra: object) -> None:
    Delivery.objects.create(
        person=person, label=label, delivered_on=make.YESTERDAY, origin="loaded", recorded_at=clock.now(), **extra
    )


@pytest.fixture
def rosa(worker: Posting) -> Person:
    """Everything that may and may not be on her paper."""
    with make.inside():
        rosa, son = make.person(), make.person("Martín", birth_on=date(2017, 1, 1))
        home = make.home(rosa, son, bracket=50)
        for value, level in (("+56 9 1111 1111", Secrecy.ORDINARY), ("+56 9 2222 2222", Secrecy.RESERVED)):
            ContactPoint.objects.create(person=rosa, kind="phone", value=value, secrecy=level, as_of=make.TODAY)
        soon = make.TODAY + timedelta(days=20)
        make.fact(FactKind.SUBSIDY, person=rosa, value="suf", amount=22007, valid_until=soon, source=Source.SUBSIDIES)
        make.fact(FactKind.SUBSIDY, person=son, value="suf_double", amount=44014, source=Source.SUBSIDIES)
        make.fact(FactKind.CARER, person=rosa, value="principal")
        make.fact(FactKind.INCOME, person=rosa, value="pension", amount=150_150, source=Source.IPS)
        make.fact(FactKind.DISABILITY, person=son, value="visual")
        make.fact(FactKind.HOME_INCOME, home=home, amount=987_654)
        make.fact(FactKind.DWELLING, home=home, value="goteras en la techumbre")
        make.fact(FactKind.FAMILIAS_INDICATOR, home=home, value="Vive con su pareja")
        given_to(rosa, "Caja de alimentos")
        given_to(son, "Set escolar")
        given_to(None, "Materiales de construcción", home=home)
    author = actor_in(worker)
    with acting(author):
        attended(rosa, author, notes="Nota de trabajo")
        hidden = attended(rosa, author, reason="social_report")
        hidden.lines.update(answer="motivo-reservado")
        Consultation.objects.filter(pk=hidden.pk).update(secrecy=Secrecy.RESERVED)
        open_purpose(rosa, by=author, ground=ReadPurpose.Ground.WRITTEN_REASON, reason=REASON)
    return rosa


def paper(person: Person, posting: Posting, kind: str) -> str:
    client = Client()
    client.force_login(posting.account)
    answer = client.get(f"/personas/{person.pk}/ficha/{kind}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    return answer.content.decode()


def on_record(note: str) -> list[ReadEntry]:
    with make.inside():
        return list(ReadEntry.objects.filter(note=note))


def test_her_copy_holds_her_own_data_and_nobody_elses(rosa: Person, worker: Posting) -> None:
    text = paper(rosa, worker, "copia/")
    assert [words for words in (*HERS, *HERS_IN_FULL) if words not in text] == []
    assert [words for words in NEVER_HERS if words in text] == []
    assert "Se le explicó el trámite" in text
    assert "Quién ha visto su ficha" not in text
    assert "Municipalidad de Monte Patria" in text
    assert worker.account.full_name in text


def test_the_desk_prints_of_her_what_its_profile_shows_and_says_where_the_rest_is(rosa: Person) -> None:
    desk = make.posting(Role.FRONT_DESK, in_unit=make.unit(code="subsidios", functions=("subsidies",)))
    actor = actor_in(desk)
    with acting(actor):
        open_purpose(rosa, by=actor, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Pide copia de sus datos")
    text = paper(rosa, desk, "copia/")
    assert [words for words in HERS if words not in text] == []
    assert [words for words in (*HERS_IN_FULL, *NEVER_HERS) if words in text] == []
    assert "Se le explicó" not in text, "of another unit's attention the summary knows only while it is open"
    assert "la copia completa la entrega la Unidad de Asistencia Social" in text


@pytest.mark.parametrize("level", [Secrecy.RESERVED, Secrecy.RESTRICTED])
def test_a_guarded_address_is_on_no_paper_of_hers_though_the_printer_knows_it(
    rosa: Person, worker: Posting, level: Secrecy
) -> None:
    author = actor_in(worker)
    with acting(author):
        Residence.objects.create(
            person=rosa,
            dwelling=Dwelling.objects.create(address="Casa de acogida 1"),
            secrecy=level,
            source="declared",
            starts_on=make.TODAY,
            unit_id=author.unit_id,
            recorded_by_id=author.account_id,
        )
    assert "Casa de acogida 1" in paper(rosa, worker, "expediente/")
    text = paper(rosa, worker, "copia/")
    for sign in ("Casa de acogida", "Parrones", "Dirección"):
        assert sign not in text, sign


def test_the_case_file_holds_all_that_the_profile_shows_and_for_what_it_was_printed(
    rosa: Person, worker: Posting
) -> None:
    text = paper(rosa, worker, "expediente/")
    expected = ["Martín", "Discapacidad visual", "987.654", "Nota de trabajo", "Set escolar", "vence el", REASON]
    assert [words for words in expected if words not in text] == []
    desk = make.posting(Role.FRONT_DESK)
    actor = actor_in(desk)
    with acting(actor):
        folio = start_consultation(rosa, by=actor).folio
    text = paper(rosa, desk, "expediente/")
    assert f"Consulta en atención {folio}" in text
    assert "Martín" in text
    assert [
        words for words in ("Discapacidad visual", "987.654", "Nota de trabajo", "Set escolar") if words in text
    ] == []


@pytest.mark.parametrize(
    ("kind", "note", "people"), [("copia/", "copia para la persona", 1), ("expediente/", "copia para el expediente", 2)]
)
def test_each_print_is_on_record_with_its_kind_and_whom_it_showed(
    rosa: Person, worker: Posting, kind: str, note: str, people: int
) -> None:
    paper(rosa, worker, kind)
    entries = on_record(note)
    assert len(entries) == people
    assert {entry.opened_for_id for entry in entries} == {rosa.pk}
    assert all(entry.purpose_id and entry.kind == ReadEntry.Kind.FULL for entry in entries)


def test_without_a_ground_nothing_is_printed(rosa: Person) -> None:
    posting = make.posting(Role.CASE_WORKER)
    client = Client()
    client.force_login(posting.account)
    for kind in ("copia/", "expediente/"):
        answer = client.get(f"/personas/{rosa.pk}/ficha/{kind}")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/personas/{rosa.pk}/")
    assert on_record("copia para la persona") == []


def test_somebody_without_home_nor_data_has_a_paper_too(worker: Posting) -> None:
    author = actor_in(worker)
    with make.inside():
        alone = make.person("Sola", run=None, birth_on=None, sex="")
    with acting(author):
        open_purpose(alone, by=author, ground=ReadPurpose.Ground.WRITTEN_REASON, reason=REASON)
    text = paper(alone, worker, "copia/?lecturas=1")
    for words in ("Sin RUN", "No se sabe: falta la cartola", "Nada vigente a su nombre", "Ninguna que mostrar"):
        assert words in text
    assert "None" not in text + paper(alone, worker, "expediente/")


# Who has seen it, by unit and month


def looks(person: Person, by: Actor) -> list[tuple[str, int]]:
    return [(look.unit, look.times) for look in looks_at(person, by=by, since=date(2020, 1, 1))]


def test_she_is_told_from_which_units_her_record_was_seen_and_never_by_whom(rosa: Person, worker: Posting) -> None:
    for _ in range(2):
        paper(rosa, worker, "expediente/")
    text = paper(rosa, worker, "copia/?lecturas=1")
    assert "Quién ha visto su ficha" in text
    assert "Unidad uas" in text
    colleague = make.posting(Role.CASE_WORKER)
    actor = actor_in(colleague)
    with acting(actor):
        open_purpose(rosa, by=actor, ground=ReadPurpose.Ground.WRITTEN_REASON, reason=REASON)
        before = looks(rosa, actor)
    assert before == [("Unidad uas", 3)]
    section = paper(rosa, colleague, "copia/?lecturas=1").rpartition("Quién ha visto su ficha")[2]
    assert "Unidad uas" in section
    assert worker.account.full_name not in section


@pytest.mark.parametrize(("level", "count"), [(Secrecy.ORDINARY, 2), (Secrecy.RESERVED, 0), (Secrecy.RESTRICTED, 0)])
def test_a_reading_of_a_secret_consultation_or_founded_on_one_is_not_counted(
    rosa: Person, worker: Posting, level: Secrecy, count: int
) -> None:
    unit = make.unit(code="mujer", functions=("rsh",))
    author = actor_in(make.posting(Role.FRONT_DESK, in_unit=unit), request_id=uuid4())
    with acting(author):
        consultation = attended(rosa, author)
        Consultation.objects.filter(pk=consultation.pk).update(secrecy=level)
        purpose = ReadPurpose.objects.get(reference_id=consultation.pk)
        log_reading(ReadEntry.Kind.SUMMARY, of=rosa, purpose=purpose)
        note = consultation.folio if level == Secrecy.ORDINARY else ""
        log_reading(ReadEntry.Kind.CONSULTATION, of=rosa, purpose=purpose, note=note)
        log_reading(ReadEntry.Kind.CONSULTATION, of=rosa, note="")
    with acting(replace(author, request_id=uuid4())):
        written = open_purpose(rosa, by=author, ground=ReadPurpose.Ground.WRITTEN_REASON, reason=REASON)
        log_reading(ReadEntry.Kind.CONSULTATION, of=rosa, purpose=written, note=note)
    reader = actor_in(worker)
    with acting(reader):
        assert sum(times for unit, times in looks(rosa, reader) if unit == "Unidad mujer") == count
