"""What data protection takes out of the audit is bounded, marked in each row, logged, and no formula."""

import csv
from collections.abc import Iterator
from io import StringIO

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import RuleBroken
from ventanilla.registry.logs import Wanted
from ventanilla.registry.models import Person, ReadEntry, ReadPurpose
from ventanilla.registry.reading import log_reading, open_purpose
from ventanilla.registry.watch import exporting
from ventanilla.registry.watch.exporting import export_readings, export_writes

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


def looked(posting: Posting, *people: Person) -> None:
    with acting(actor_in(posting)):
        for person in people:
            log_reading(ReadEntry.Kind.FULL, of=person)


def rows_out(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_an_export_is_marked_in_each_row_and_logged_with_its_number(actor: Actor) -> None:
    rosa, posting = make.person(), make.posting(Role.CASE_WORKER)
    looked(posting, rosa, rosa)
    made = export_readings(actor, of=None, wanted=Wanted(postings=[posting.pk]))
    rows = rows_out(made.content)
    assert [row["persona"] for row in rows] == [rosa.full_name] * 2
    numbers = {row["exportacion"] for row in rows}
    assert len(numbers) == 1
    assert {row["exportado_por"] for row in rows} == {Account.objects.get(pk=actor.account).full_name}
    entry = ReadEntry.objects.latest("id")
    assert (entry.kind, entry.people, entry.account_id) == ("export", [rosa.pk], actor.account_id)
    assert entry.note == f"2 lecturas, exportación {numbers.pop()}"
    assert str(rosa.run) not in made.content.decode()


def test_no_cell_of_an_export_is_a_formula(actor: Actor) -> None:
    attacks = ("=cmd|'/c calc'!A1", "+1+1", "-2", "@SUM(A1)")
    desk = make.actor(Role.CASE_WORKER)
    for attack in attacks:
        rosa = make.person(attack)
        with acting(desk):
            purpose = open_purpose(rosa, by=desk, ground=ReadPurpose.Ground.WRITTEN_REASON, reason=f"{attack} dos tres")
            log_reading(ReadEntry.Kind.FULL, of=rosa, purpose=purpose, note=attack)
    rows = rows_out(export_readings(actor, of=None, wanted=Wanted()).content)
    cells = [cell for row in rows for cell in row.values()]
    assert len(rows) >= len(attacks)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert [cell for cell in cells if cell.startswith("'=cmd")], "what was there is there still"


def test_an_export_of_writes_tells_never_what(actor: Actor) -> None:
    rosa = make.person("Nombre Irrepetible")
    content = export_writes(actor, of=rosa, wanted=Wanted()).content
    assert {row["registro"] for row in rows_out(content)} == {"persona"}
    assert "Irrepetible" not in content.decode()
    assert ReadEntry.objects.latest("id").people == [rosa.pk]


def test_more_than_a_file_may_hold_is_refused_whole(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    looked(make.posting(Role.CASE_WORKER), *(make.person() for _ in range(3)))
    before = ReadEntry.objects.count()
    for export in (export_readings, export_writes):
        with pytest.raises(RuleBroken, match="Acote los días"):
            export(actor, of=None, wanted=Wanted())
    assert ReadEntry.objects.count() == before


def test_the_button_of_the_list_takes_out_what_the_list_shows(client: Client) -> None:
    with make.inside():
        rosa, other = make.person(), make.person("Otra")
    posting, noise = make.posting(Role.CASE_WORKER), make.posting(Role.CASE_WORKER)
    looked(posting, rosa)
    looked(noise, other)
    answer = client.post(
        "/auditoria/lecturas/exportar/", {"operador": str(posting.account_id), "persona": str(rosa.pk)}
    )
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="lecturas-')
    assert [row["persona"] for row in rows_out(answer.content)] == [rosa.full_name]
    assert client.get("/auditoria/lecturas/exportar/").status_code == 405
    assert client.post("/auditoria/cambios/exportar/", {"operador": "x"}).status_code == 422


def test_a_head_takes_nothing_out() -> None:
    client = Client()
    client.force_login(make.posting(Role.UAS_HEAD).account)
    assert client.post("/auditoria/lecturas/exportar/", {"clase": ""}).status_code == 403
    assert "Exportar" not in client.get("/personas/lecturas/").content.decode()
