"""The chain and the month in figures: what is sealed, since when nothing is, who read and wrote how much."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.config.postgres.roles import connect, owner_database
from ventanilla.core import chain, clock, seals
from ventanilla.core.chain import Month, parse_month
from ventanilla.core.models import AuditEvent, Seal
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.watch.report import chain_now, month_report
from ventanilla.registry.watch.writes import NOBODY

pytestmark = pytest.mark.django_db
THIS_MONTH = chain.month_of(make.TODAY)


@pytest.fixture
def officer() -> Posting:
    return make.posting(Role.DATA_OFFICER)


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    with connect(owner_database(settings.VAR) | {"NAME": connection.settings_dict["NAME"]}) as owner:
        yield owner


def live() -> Person:
    """A desk that reads a record and compares it, and a case worker who reads it twice."""
    with acting(make.actor(Role.FRONT_DESK, in_unit=make.unit(code="rsh", functions=("rsh",)))):
        person = make.person("Nombre Irrepetible")
        log_reading(ReadEntry.Kind.SUMMARY, of=person)
        log_reading(ReadEntry.Kind.COMPARISON, of=person)
    with acting(make.actor(Role.CASE_WORKER)):
        log_reading(ReadEntry.Kind.FULL, of=person)
        log_reading(ReadEntry.Kind.SEARCH, shown=[person.pk])
    return person


@pytest.mark.parametrize(
    ("text", "month"),
    [("2026-10", Month(date(2026, 10, 1))), ("2026-13", None), ("octubre", None), ("", None), ("2026-1-1", None)],
)
def test_a_month_is_written_as_year_and_number(text: str, month: Month | None) -> None:
    assert parse_month(text) == month


def test_months_follow_each_other_over_the_year() -> None:
    december = Month(date(2026, 12, 1))
    assert (str(december.next), str(december.next.previous), december.words) == (
        "2027-01",
        "2026-12",
        "diciembre de 2026",
    )
    assert december.ends_at == december.next.starts_at


def test_reads_and_writes_are_counted_by_unit_and_kind(officer: Posting) -> None:
    live()
    with acting(actor_in(officer)):
        report = month_report(actor_in(officer), THIS_MONTH)
        mine = Posting.objects.filter(unit__code="rsh").values("pk")
        written = AuditEvent.objects.filter(posting_id__in=mine, op="I").count()
    reads = {row.name: dict(zip(report.readings.columns, row.counts, strict=True)) for row in report.readings.rows}
    assert (reads["Unidad rsh"]["Fichas"], reads["Unidad uas"]["Fichas"], reads["Unidad uas"]["Búsquedas"]) == (2, 1, 1)
    assert report.readings.total.total == 4
    writes = {row.name: row.counts for row in report.writes_by_unit.rows}
    assert writes["Unidad rsh"] == [written, 0, 0]
    assert NOBODY in writes, "what tests make with nobody signed in"
    records = {row.name: row.counts for row in report.writes_by_record.rows}
    assert records["Persona"] == [1, 0, 0]
    assert report.writes_by_unit.total.total == report.writes_by_record.total.total
    assert report.without_run == 3


def test_another_institution_is_not_in_the_figures(officer: Posting) -> None:
    with acting(make.actor(Role.CASE_WORKER, make.COMBARBALA)):
        log_reading(ReadEntry.Kind.FULL, of=make.person())
    with acting(actor_in(officer)):
        assert month_report(actor_in(officer), THIS_MONTH).readings.rows == []


@pytest.mark.django_db(transaction=True)
def test_the_page_shows_the_heads_that_verifying_gives(officer: Posting, owner: psycopg.Connection[Any]) -> None:
    live()
    seals.seal(owner)
    heads = [found.head for found in seals.verify(owner)]
    client = Client()
    client.force_login(officer.account)
    page = client.get("/auditoria/cadena/").content.decode()
    report = client.get("/auditoria/cadena/informe/").content.decode()
    assert all(head in page and head in report for head in heads)
    assert "Nombre Irrepetible" not in page + report
    before = client.get(f"/auditoria/cadena/informe/?mes={THIS_MONTH.previous}").content.decode()
    assert not any(head in before for head in heads), "that month ended before they were sealed"
    assert THIS_MONTH.previous.words in before


@pytest.mark.django_db(transaction=True)
def test_a_day_without_sealing_is_said_and_a_quiet_weekend_is_not(
    officer: Posting, owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def overdue(actor: Actor) -> bool:
        with acting(actor):
            return chain_now(actor).overdue_since is not None

    actor = actor_in(officer)
    live()
    assert not overdue(actor), "written a moment ago"
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=3))
    assert overdue(actor), "and never sealed"
    client = Client()
    client.force_login(officer.account)
    assert "Nada se sella desde el" in client.get("/auditoria/cadena/").content.decode()
    seals.seal(owner)
    assert not overdue(actor), "nothing waits since"


def test_the_report_is_a_pdf_of_figures(officer: Posting) -> None:
    live()
    client = Client()
    client.force_login(officer.account)
    answer = client.get("/auditoria/cadena/informe/pdf/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="auditoria-{THIS_MONTH}.pdf"'
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("month", ["2099-01", "x", "2026-13"])
def test_a_month_that_has_not_begun_or_is_none_shows_the_present_one(officer: Posting, month: str) -> None:
    client = Client()
    client.force_login(officer.account)
    page = client.get(f"/auditoria/cadena/informe/?mes={month}").content.decode()
    assert f"Auditoría de {THIS_MONTH.words}" in page


def test_the_seals_name_no_log_that_is_not_sealed() -> None:
    assert list(Seal.Log.values) == list(seals.LOGS)
