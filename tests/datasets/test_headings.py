"""Headings as offices write them: found under titles, known by synonyms, never guessed when two would be one."""

from pathlib import Path

import pytest
from tests.datasets.tables import AMALIA, PEOPLE, read, text_file

from ventanilla.config.datasets import DATASETS
from ventanilla.core.datasets import DIGIT_HEADINGS, RUN_HEADINGS, Column, Dataset
from ventanilla.datasets.files.problems import UnusableFile
from ventanilla.datasets.headings import fold
from ventanilla.datasets.preview import Guess, preview
from ventanilla.datasets.reading import with_digit

FORMATS = Path(__file__).parents[2] / "docs/formats"
EVERY = pytest.mark.parametrize("dataset", DATASETS.values(), ids=list(DATASETS))


def test_case_accents_dots_and_blanks_do_not_matter() -> None:
    ways = ("Fecha Nac.", "FECHA  NAC", " fecha nac ", "fecha_nac.", "Fécha\nNac")
    assert {fold(way) for way in ways} == {"fecha nac"}
    assert [fold(way) for way in ("R.U.N.", "D. V.", "N° R.U.T.", "A. Paterno", "RUN 2")] == [
        *("run", "dv", "n rut", "a paterno", "run 2")
    ]


@EVERY
def test_no_heading_means_two_columns_of_a_format(dataset: Dataset) -> None:
    names: dict[str, set[str]] = {}
    for column in dataset.columns:
        for heading in (column.heading, *column.synonyms, *column.digits):
            names.setdefault(fold(heading), set()).add(column.heading)
    assert {name: columns for name, columns in names.items() if len(columns) > 1} == {}


@EVERY
def test_no_column_is_twice_called_the_same(dataset: Dataset) -> None:
    for column in dataset.columns:
        folded = [fold(heading) for heading in (column.heading, *column.synonyms, *column.digits)]
        assert len(set(folded)) == len(folded), column.heading


def told(column: Column) -> str:
    own = [heading for heading in column.synonyms if heading not in RUN_HEADINGS]
    names = [*own, *(["[los del RUN](archivos.md#cómo-se-llama-el-run)"] if column.digits else [])]
    return f"- `{column.heading}`: {'; '.join(names)}" if names else ""


@EVERY
def test_the_page_of_each_format_tells_its_other_headings(dataset: Dataset) -> None:
    page = (FORMATS / f"{dataset.name}.md").read_text(encoding="utf-8")
    _, _, section = page.partition("## Otros encabezados que se reconocen\n\n")
    assert section.partition("\n\n")[0].splitlines() == list(filter(None, map(told, dataset.columns)))


def test_the_headings_of_a_run_are_told_once() -> None:
    page = (FORMATS / "archivos.md").read_text(encoding="utf-8")
    assert f"- Con su dígito: {'; '.join(RUN_HEADINGS)}\n" in page
    assert f"- El dígito, cuando va aparte: {'; '.join(DIGIT_HEADINGS)}\n" in page


def test_headings_are_found_under_titles_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    titles = 'Nómina de beneficiarios\n\n"Emitida el\n3 de marzo";;\n'
    content = f"{titles}RUT;Nombre completo;F. Nacimiento\n90.000.001-4;Amalia;3/3/1990\n"
    found = read(text_file(tmp_path / "gente.csv", content))
    assert found.table.heading_row == 4
    assert [(row.number, row.cells) for row in found.rows] == [(5, ["90.000.001-4", "Amalia", "3/3/1990", ""])]


def test_a_quotation_mark_open_in_a_title_does_not_hide_the_headings(tmp_path: Path) -> None:
    found = read(text_file(tmp_path / "gente.csv", '"Nómina;;\nrun;nombres;\n90.000.001-4;Amalia;\n'))
    assert [(row.number, row.cells) for row in found.rows] == [(3, ["90.000.001-4", "Amalia", "", ""])]


def test_a_run_and_its_check_digit_in_two_columns_are_joined(tmp_path: Path) -> None:
    found = read(text_file(tmp_path / "gente.csv", "RUN;D.V.;Nombres\n90000001;4;Amalia\n90.000.013;k;Rosa\n"))
    assert [row[0] for row in found.cells] == ["90000001-4", "90.000.013-k"]
    assert found.rows[0].raw == ["90000001", "4", "Amalia"]
    assert found.table.passed_over == ()


@pytest.mark.parametrize(
    ("number", "digit", "joined"),
    [
        ("90000001-4", "4", "90000001-4"),
        ("90000001-4", "5", "90000001-4-5"),
        ("90000001", "", "90000001-"),
        ("90000001.0", "4", "90000001-4"),
        ("90000013-K", "k", "90000013-K"),
        ("P-7", "", "P-7"),
        ("", "4", ""),
    ],
)
def test_a_check_digit_that_is_there_already_is_not_put_twice(number: str, digit: str, joined: str) -> None:
    assert with_digit(number, digit) == joined


def test_a_column_of_runs_without_check_digits_is_refused(tmp_path: Path) -> None:
    lines = "".join(f"{90_000_001 + 7 * number};Ana\n" for number in range(20))
    with pytest.raises(UnusableFile, match=r"La columna «RUN» de gente.csv trae el RUN sin su dígito verificador"):
        read(text_file(tmp_path / "gente.csv", f"RUN;Nombres\n{lines}"))


def test_a_column_nobody_knows_is_passed_over_and_said(tmp_path: Path) -> None:
    found = read(text_file(tmp_path / "gente.csv", "RUN;Estado civil;Nombres;\n90.000.001-4;soltera;Amalia;\n"))
    assert found.table.passed_over == ("Estado civil",)


def test_a_missing_column_that_is_required_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match=r"A gente.csv le falta la columna «nombres»"):
        read(text_file(tmp_path / "gente.csv", "RUN;Nombre de ella\n"))


def test_two_headings_for_one_column_are_refused_until_one_is_left_out(tmp_path: Path) -> None:
    path = text_file(tmp_path / "gente.csv", "RUN;RUT;Nombres\n90.000.001-4;;Amalia\n")
    with pytest.raises(UnusableFile, match="«RUN», «RUT» serían todas «run»"):
        read(path)
    assert read(path, mapping={"RUT": ""}).table.passed_over == ("RUT",)


def test_a_heading_can_be_told(tmp_path: Path) -> None:
    path = text_file(tmp_path / "gente.csv", "Número;Cómo se llama\n90.000.001-4;Amalia\n")
    assert read(path, mapping={"número": "RUT", "Cómo se llama": "nombres"}).cells == [
        ("90.000.001-4", "Amalia", "", "")
    ]


def test_what_is_the_same_in_every_row_can_be_told_once(tmp_path: Path) -> None:
    path = text_file(tmp_path / "gente.csv", "RUT\n90.000.001-4\n90.000.002-2\n")
    found = read(path, constants={"Nombre completo": "Ana", "nota": "de la nómina"})
    assert found.cells == [("90.000.001-4", "Ana", "", "de la nómina"), ("90.000.002-2", "Ana", "", "de la nómina")]


@pytest.mark.parametrize(
    ("constants", "sentence"),
    [
        ({"estatura": "170"}, "no tiene una columna «estatura»"),
        ({"run": "90.000.001-4"}, "gente.csv ya trae la columna «run»: no se le puede dar otro valor"),
        ({"fecha_nacimiento": "ayer"}, "gente.csv el valor «ayer»: la columna «fecha_nacimiento» no es una fecha"),
        ({"nota": " "}, "Falta el valor que se da a gente.csv en la columna «nota»"),
    ],
)
def test_what_cannot_be_told_of_every_row_is_refused(tmp_path: Path, constants: dict[str, str], sentence: str) -> None:
    path = text_file(tmp_path / "gente.csv", "RUN;Nombres\n90.000.001-4;Ana\n")
    with pytest.raises(UnusableFile, match=sentence):
        read(path, constants=constants)
    assert sentence in preview(path, PEOPLE, constants=constants).problem


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"RUN": "estatura"}, "no tiene una columna «estatura». Lleva: run, nombres"),
        ({"Altura": "nota"}, "gente.csv no tiene la columna «Altura». Tiene «RUN», «Nombres»"),
    ],
)
def test_what_is_told_wrong_is_refused(tmp_path: Path, mapping: dict[str, str], sentence: str) -> None:
    with pytest.raises(UnusableFile, match=sentence):
        read(text_file(tmp_path / "gente.csv", "RUN;Nombres\n"), mapping=mapping)


def test_more_than_a_thousand_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="más de 1000 columnas"):
        read(text_file(tmp_path / "gente.csv", "RUN;Nombres" + ";x" * 999 + "\n"))


def test_cells_beyond_the_headings_that_are_empty_are_no_reason_to_reject(tmp_path: Path) -> None:
    found = read(text_file(tmp_path / "gente.csv", "run,nombres\n90.000.001-4,Amalia,,\n90.000.002-2,Rosa,,x\n"))
    assert [row.cells is not None for row in found.rows] == [True, False]


def test_a_preview_tells_what_each_heading_is(tmp_path: Path) -> None:
    lines = f"{';'.join(AMALIA)}\n" * 30
    path = text_file(tmp_path / "gente.csv", f"Nómina\nRUN;DV;Nombres;Estatura\n{lines}", "latin-1")
    seen = preview(path, PEOPLE)
    assert (seen.kind, seen.encoding, seen.heading_row, seen.problem) == ("text", "windows-1252", 2, "")
    assert seen.headings == (
        Guess("RUN", "run"),
        Guess("DV", "run", True),
        Guess("Nombres", "nombres"),
        Guess("Estatura", None),
    )
    assert len(seen.sample) == 20
    assert tuple(seen.sample[0].raw) == AMALIA


def test_a_preview_of_what_would_be_refused_says_why_and_shows_it(tmp_path: Path) -> None:
    seen = preview(text_file(tmp_path / "gente.csv", "Hoja\nAltura,Peso\n170,60\n"), PEOPLE)
    assert "le faltan las columnas «run», «nombres»" in seen.problem
    assert seen.headings == (Guess("Altura", None), Guess("Peso", None))
    assert [row.raw for row in seen.sample] == [["170", "60"]]


def test_a_preview_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="le faltan las columnas"):
        preview(text_file(tmp_path / "gente.csv", "\n\n"), PEOPLE)
