"""Programa Familias and the requests to the RSH, from their extracts."""

from datetime import date
from pathlib import Path

import pytest
from tests.datasets.file_of import figures, load_rows, loaded_rows
from tests.make import MONTE_PATRIA, home, inside
from tests.make import person as make_person
from tests.registry.extract_rows import INES, LUIS, NOVEMBER, OCTOBER, ROSA, RUNS, day, facts, load

from ventanilla.access.tenancy import acting
from ventanilla.core.datasets import Closed
from ventanilla.datasets.run import command_actor
from ventanilla.registry.loading.references import BLOCKED
from ventanilla.registry.loading.state import OTHER_STAGE, WITHOUT_HOME
from ventanilla.registry.models import Fact
from ventanilla.registry.vocabulary import FactKind

pytestmark = pytest.mark.django_db


def family(**cells: str) -> dict[str, str]:
    return {"etapa": "plan_familiar", "desde": "01-03-2026", "fecha_extracto": OCTOBER} | cells


@pytest.fixture
def family_home() -> None:
    with inside():
        home(make_person(run=ROSA), make_person(run=LUIS), reference="H-1")
        make_person(run=INES)


def stated() -> list[tuple[str, str, date, bool]]:
    kinds = (FactKind.FAMILIAS_STAGE, FactKind.FAMILIAS_INDICATOR)
    return [(fact.kind, fact.value, fact.as_of, fact.is_gone) for fact in facts(kind__in=kinds)]


def test_a_family_is_named_by_somebody_of_it_with_its_stage_and_what_it_does_not_meet(
    tmp_path: Path, family_home: None
) -> None:
    row = family(
        persona=ROSA,
        etapa="acompanamiento",
        sesion="4",
        acompanamiento="integral",
        indicadores="Sin trabajo | Sin salud",
    )
    assert figures(load_rows(tmp_path, "familias", row)) == (1, 0, 0, 0)
    assert sorted(stated()) == [
        ("familias_indicator", "Sin salud", day(OCTOBER), False),
        ("familias_indicator", "Sin trabajo", day(OCTOBER), False),
        ("familias_stage", "acompañamiento, sesión 4", day(OCTOBER), False),
    ]
    assert figures(load_rows(tmp_path, "familias", row)) == (0, 0, 1, 0)


def test_an_indicator_that_no_longer_comes_is_gone_and_the_family_goes_on(tmp_path: Path, family_home: None) -> None:
    load(tmp_path, family(hogar="H-1", indicadores="Sin trabajo|Sin salud"), dataset="familias")
    later = family(hogar="H-1", etapa="seguimiento", indicadores="Sin salud", fecha_extracto=NOVEMBER)
    assert load(tmp_path, later, dataset="familias") == Closed(gone=1)
    assert [(value, on) for _, value, on, is_gone in stated() if is_gone] == [("Sin trabajo", day(NOVEMBER))]


def test_a_family_that_no_longer_comes_is_gone_and_its_stage_may_be_said_again(
    tmp_path: Path, family_home: None
) -> None:
    with inside():
        home(make_person(run=RUNS[5]), reference="H-2")
    load(tmp_path, family(hogar="H-1"), dataset="familias")
    assert load(tmp_path, family(hogar="H-2", fecha_extracto=NOVEMBER), dataset="familias") == Closed(gone=1)
    back = loaded_rows(tmp_path, "familias", family(hogar="H-1", etapa="egreso", fecha_extracto=NOVEMBER))
    assert figures(back.figures) == (0, 1, 0, 0)
    with acting(command_actor(MONTE_PATRIA)):
        mine = Fact.objects.filter(home__reference="H-1", kind=FactKind.FAMILIAS_STAGE).order_by("as_of")
        assert [(fact.value, fact.is_gone) for fact in mine] == [("plan familiar", False), ("egreso", False)]


def test_two_of_a_family_say_the_same_stage_or_the_second_is_refused(tmp_path: Path, family_home: None) -> None:
    rows = [family(persona=ROSA, indicadores="Sin salud"), family(persona=LUIS, indicadores="Sin trabajo")]
    assert figures(load_rows(tmp_path, "familias", *rows)) == (2, 0, 0, 0)
    assert len(stated()) == 3
    rows[1]["etapa"] = "egreso"
    found = load_rows(tmp_path, "familias", *[row | {"fecha_extracto": NOVEMBER} for row in rows])
    assert set(found.reasons) == {OTHER_STAGE}


def test_who_has_no_home_here_and_who_is_blocked_are_refused_with_their_reason(
    tmp_path: Path, family_home: None
) -> None:
    with inside():
        home(make_person(run=RUNS[6], processing_blocked=True))
    found = load_rows(tmp_path, "familias", family(persona=INES), family(persona=RUNS[6]))
    assert set(found.reasons) == {WITHOUT_HOME, BLOCKED}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"persona": ROSA, "hogar": "H-1"}, "La familia se nombra por una persona o por su hogar: llene una sola"),
        ({"hogar": "H-1", "sesion": "4"}, "La sesión se indica solo en la etapa de acompañamiento."),
        ({"hogar": "H-1", "etapa": "acompanamiento", "sesion": "17"}, "La columna «sesion» no es un número de sesión"),
        ({"hogar": "H-1", "hasta": "01-01-2020"}, "El término no puede ser anterior al inicio."),
    ],
)
def test_a_family_s_row_that_makes_no_sense_says_why(
    tmp_path: Path, family_home: None, cells: dict[str, str], reason: str
) -> None:
    (said,) = load_rows(tmp_path, "familias", family(**cells)).reasons
    assert said.startswith(reason)


# Requests to the RSH


def test_a_request_keeps_each_state_and_ends_with_the_last(tmp_path: Path, family_home: None) -> None:
    request = {"folio": "S-1", "persona": ROSA, "tipo": "actualizacion", "materia": "cambio de domicilio",
               "fecha_ingreso": "20-09-2026", "estado": "en_revision", "fecha_extracto": OCTOBER}  # fmt: skip
    load(tmp_path, request, dataset="solicitudes_rsh")
    done = request | {"estado": "aprobada", "fecha_estado": "28-10-2026", "fecha_extracto": NOVEMBER}
    assert load(tmp_path, done, dataset="solicitudes_rsh") == Closed()
    assert [(fact.label, fact.valid_until) for fact in facts(kind=FactKind.RSH_REQUEST)] == [
        ("Actualización, cambio de domicilio: en revisión", None),
        ("Actualización, cambio de domicilio: aprobada", date(2026, 10, 28)),
    ]
    found = load_rows(tmp_path, "solicitudes_rsh", done | {"folio": "S-2", "fecha_estado": ""})
    assert set(found.reasons) == {"Una solicitud terminada lleva la fecha de su estado."}
