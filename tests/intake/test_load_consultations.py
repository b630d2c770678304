"""Consultations from files: folios, lines, steps and the dimensions of their day."""

from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from tests.datasets.file_of import figures, load_rows
from tests.make import COMBARBALA, MONTE_PATRIA, actor, home, inside, posting, town
from tests.make import person as make_person

from ventanilla.access.tenancy import acting
from ventanilla.datasets.run import command_actor
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.folios import CONSULTATIONS, take
from ventanilla.intake.models import Consultation, FolioCounter

pytestmark = pytest.mark.django_db


@pytest.fixture
def came() -> dict[str, str]:
    """A row of a consultation that ended, about a woman of 43 whose home has bracket 40."""
    operator = posting()
    with inside():
        home(make_person(run="90000001-4"), as_of=date(2026, 9, 1))
    return {
        "referencia": "C-1", "persona": "90.000.001-4", "canal": "presencial", "unidad": "uas",
        "operador": operator.account.username, "inicio": "10-09-2026 09:15", "termino": "10-09-2026 09:31",
        "motivos": "suf|food", "resultados": "informed|resolved",
    }  # fmt: skip


def test_a_consultation_arrives_whole_and_once(tmp_path: Path, came: dict[str, str]) -> None:
    waits = came | {"referencia": "C-2", "resultados": "informed|waiting_documents", "persona": ""}
    begun = came | {"referencia": "C-3", "termino": "", "resultados": ""}
    assert figures(load_rows(tmp_path, "consultas", came, waits, begun)) == (3, 0, 0, 0)
    assert figures(load_rows(tmp_path, "consultas", came, waits, begun)) == (0, 0, 3, 0)
    with acting(command_actor(MONTE_PATRIA)):
        first, second, third = Consultation.objects.order_by("folio")
        assert [c.folio for c in (first, second, third)] == ["C-2026-000001", "C-2026-000002", "C-2026-000003"]
        assert [c.state for c in (first, second, third)] == ["resolved", "attended", "in_attention"]
        assert first.occurred_at.isoformat() == "2026-09-10T12:15:00+00:00"
        assert first.is_deferred
        assert first.posting is not None
        assert (first.age_group, first.sex, first.rurality, first.bracket) == ("30-44", "female", "rural", 40)
        assert (first.unit_functions, first.index_groups) == ("social_assistance", "suf,assistance")
        assert [line.outcome for line in first.lines.all()] == ["informed", "resolved"]
        assert [step.after for step in first.transitions.all()] == ["in_attention", "attended", "resolved"]
        assert second.lines.filter(answered_at__isnull=True).count() == 1


def test_the_desk_goes_on_with_the_folios_of_the_file(tmp_path: Path, came: dict[str, str]) -> None:
    load_rows(tmp_path, "consultas", came | {"inicio": "02-01-2026 09:00", "termino": "02-01-2026 09:10"})
    operator = actor()
    with acting(operator):
        folio = start_consultation(None, by=operator).folio
    assert folio.endswith("-000002")


def test_the_millionth_folio_of_a_year_has_a_digit_more(tmp_path: Path, came: dict[str, str]) -> None:
    with inside():
        take(FolioCounter, 999_999, kind=CONSULTATIONS, year=2026)
    assert figures(load_rows(tmp_path, "consultas", came)) == (1, 0, 0, 0)
    with inside():
        assert Consultation.objects.get().folio == "C-2026-1000000"


def test_a_consultation_with_a_restricted_reason_is_restricted(tmp_path: Path, came: dict[str, str]) -> None:
    load_rows(tmp_path, "consultas", came | {"motivos": "information|violence"})
    with acting(command_actor(MONTE_PATRIA)):
        assert Consultation.objects.get().secrecy == "restricted"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"persona": "P-404"}, "No hay una persona con ese RUN"),
        ({"unidad": "nada"}, "No hay una unidad con ese código"),
        ({"operador": "nadie"}, "No hay una cuenta con ese usuario"),
        ({"termino": "10-09-2026 08:00"}, "El término no puede ser anterior"),
        ({"resultados": "informed"}, "un resultado por cada motivo"),
        ({"motivos": "suf|suf"}, "vacío o repetido"),
        ({"motivos": "consulta_varia"}, "«motivos» no es uno de los valores"),
        ({"inicio": "10-09-2999 09:00", "termino": "10-09-2999 09:10"}, "fecha futura"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    tmp_path: Path, came: dict[str, str], wrong: dict[str, str], sentence: str
) -> None:
    found = load_rows(tmp_path, "consultas", came | wrong)
    assert figures(found) == (0, 0, 0, 1)
    assert sentence in next(iter(found.reasons))


@pytest.mark.django_db(transaction=True)
def test_a_town_that_the_statistics_have_not_met_is_not_read_whole_for_each_row(
    tmp_path: Path, database_environment: dict[str, str], came: dict[str, str]
) -> None:
    with inside(COMBARBALA):
        town(2_000)
    with psycopg.connect(database_environment["DATABASE_OWNER_URL"]) as owner:
        owner.execute("analyze")
    with inside():
        people = town(2_000)[:40]
    files = [came | {"referencia": f"C-{number}", "persona": run} for number, run in enumerate(people)]
    with transaction.atomic(), connection.cursor() as cursor:  # the figures read below are a transaction's
        assert figures(load_rows(tmp_path, "consultas", *files)) == (40, 0, 0, 0)
        cursor.execute(
            "select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables"
            " where relname in ('registry_person', 'registry_identifier', 'registry_membership', 'registry_home',"
            " 'registry_dwelling', 'registry_fact')"
        )
        (read,) = cursor.fetchone()
    # Look-ups by key, or the six tables read once for the whole batch; never once for each of its forty rows.
    assert read < 10 * 2_000
