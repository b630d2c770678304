"""The extract of another municipality is noticed before anything of it is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.make import MONTE_PATRIA

from ventanilla.access.tenancy import acting
from ventanilla.config.datasets import DATASETS
from ventanilla.core.run import Run
from ventanilla.datasets.files.problems import UnusableFile
from ventanilla.datasets.models import Load
from ventanilla.datasets.preview import preview
from ventanilla.datasets.run import Loaded, command_actor, load_file

pytestmark = pytest.mark.django_db

HERE, THERE = "Monte Patria", "04302"


def people(folder: Path, communes: Sequence[str], *, heading: str = "Comuna") -> Path:
    path = folder / "personas.csv"
    lines = [f"{Run(90_000_000 + place)};Ana;Vera;rsh;01-10-2026;{name}" for place, name in enumerate(communes)]
    path.write_text("\n".join([f"RUN;Nombres;Apellido paterno;Fuente;Fecha dato;{heading}", *lines]))
    return path


def load(path: Path, dataset: str = "personas", **options: Any) -> Loaded:
    by = command_actor(MONTE_PATRIA)
    return load_file(DATASETS[dataset], path, by=by, rejected_path=path.with_suffix(".no.csv"), **options)


def test_most_rows_of_another_commune_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    path = people(tmp_path, [HERE] * 9 + [THERE] * 11)
    sentence = "personas.csv parece de otra municipalidad: .* 20 filas con comuna, 11 son de Combarbalá"
    with pytest.raises(UnusableFile, match=sentence):
        load(path)
    with acting(command_actor(MONTE_PATRIA)):
        assert not Load.objects.exists()
    assert "otra municipalidad" in preview(path, DATASETS["personas"], institution_id=MONTE_PATRIA).problem
    assert load(path, any_commune=True).figures.new == 20


@pytest.mark.parametrize("communes", [[HERE] * 10 + [THERE] * 10, [THERE] * 9, [""] * 20])
def test_neighbours_who_live_elsewhere_are_no_reason(tmp_path: Path, communes: list[str]) -> None:
    assert load(people(tmp_path, communes)).figures.new == len(communes)


def test_a_commune_in_a_column_that_the_format_has_not_tells_as_much(tmp_path: Path) -> None:
    path = tmp_path / "entregas.csv"
    path.write_text("Folio;RUN;Beneficio;Fecha;COMUNA\n" + "E-1;90.000.001-4;Canasta;01-10-2026;Combarbalá\n" * 10)
    with pytest.raises(UnusableFile, match="10 son de Combarbalá, y aquí se atiende Monte Patria"):
        load(path, "entregas")
