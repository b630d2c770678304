"""The files of the fictional population: the same for the same seed, as documented, whole at any size."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.datasets.written import REFERENCE, digests, is_run, made, read, run

from ventanilla.access import datasets as access_datasets
from ventanilla.benefits import datasets as benefits_datasets
from ventanilla.config.cli.synthesize import synthesize
from ventanilla.core.run import check_digit, parse
from ventanilla.datasets.parsing import parser
from ventanilla.datasets.reading import FileRow
from ventanilla.datasets.synthetic import fictional_runs
from ventanilla.datasets.synthetic.mistakes import MISTAKES
from ventanilla.datasets.synthetic.plan import apportion
from ventanilla.datasets.synthetic.territory import communes
from ventanilla.datasets.synthetic.writing import COLUMNS
from ventanilla.intake import datasets as intake_datasets
from ventanilla.registry import datasets as registry_datasets

FORMATS = Path(__file__).parents[2] / "docs" / "formats"
DECLARED = {
    dataset.name: dataset
    for module in (access_datasets, registry_datasets, benefits_datasets, intake_datasets)
    for dataset in module.DATASETS
}


# -- the same again


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    options = ("--municipality", "04303:300", "--municipality", "04302:150", "--dirty", "0.05", "--seed", "7")
    made(tmp_path / "one", *options)
    made(tmp_path / "two", *options)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    made(tmp_path / "one", "--municipality", "04303:300", "--seed", "1")
    made(tmp_path / "two", "--municipality", "04303:300", "--seed", "2")
    assert digests(tmp_path / "one")["4303/personas.csv"] != digests(tmp_path / "two")["4303/personas.csv"]


def test_two_processes_write_what_one_does(tmp_path: Path) -> None:
    options = ("--municipality", "04303:200", "--municipality", "04302:200")
    made(tmp_path / "one", *options)
    made(tmp_path / "two", *options, "--jobs", "2")
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_an_institution_does_not_depend_on_the_others(tmp_path: Path) -> None:
    made(tmp_path / "alone", "--municipality", "04303:300")
    made(tmp_path / "together", "--municipality", "13101:500", "--municipality", "04303:300")
    assert digests(tmp_path / "alone" / "4303") == digests(tmp_path / "together" / "4303")


def test_mistakes_are_added_beside_the_good_rows_and_change_none(tmp_path: Path) -> None:
    made(tmp_path / "clean", "--municipality", "04303:400")
    manifest = made(tmp_path / "dirty", "--municipality", "04303:400", "--dirty", "0.1")
    planted = manifest["institutions"][0]["mistakes"]
    for name in COLUMNS:
        clean = (tmp_path / "clean" / "4303" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        dirty = (tmp_path / "dirty" / "4303" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        added = Counter(dirty) - Counter(clean)
        assert not Counter(clean) - Counter(dirty), name
        newcomers = sum(planted["integrantes"].values()) if name == "personas" else 0
        assert added.total() == sum(planted.get(name, {}).values()) + newcomers, name


# -- the contract of the files


def test_the_pages_of_the_formats_list_the_columns_that_are_written() -> None:
    for name, columns in COLUMNS.items():
        page = (FORMATS / f"{name}.md").read_text(encoding="utf-8")
        table = page.split("## ")[0]
        assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.M)) == columns, name
        assert ";".join(columns) in page, name


def test_the_pages_of_the_formats_agree_with_what_a_load_declares() -> None:
    assert set(DECLARED) == set(COLUMNS)
    for name, dataset in DECLARED.items():
        assert tuple(column.heading for column in dataset.columns) == COLUMNS[name]
        page = (FORMATS / f"{name}.md").read_text(encoding="utf-8").split("## ")[0]
        always = re.findall(r"^\| `(\w+)` \| [^\n]*? \| sí \|", page, re.M)
        assert always == [column.heading for column in dataset.columns if column.required], name


def test_a_load_reads_every_good_row_and_no_two_are_the_same(tmp_path: Path) -> None:
    made(tmp_path, "--municipality", "13112:2500")
    for name, dataset in DECLARED.items():
        parse_row = parser(dataset, institution_id=13112, today=REFERENCE)
        lines = (tmp_path / "13112" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]
        parsed = [parse_row(FileRow(number, line.split(";"), ())) for number, line in enumerate(lines, start=2)]
        assert [row.reason for row in parsed if row.reason] == [], name
        keys = [key for row in parsed for key in row.keys]
        assert len(set(keys)) == len(keys), name


def test_every_file_has_its_headings_and_no_cell_needs_quotes(tmp_path: Path) -> None:
    made(tmp_path, "--municipality", "04303:500")
    for name, columns in COLUMNS.items():
        lines = (tmp_path / "4303" / f"{name}.csv").read_text(encoding="utf-8").split("\n")
        assert lines[0] == ";".join(columns)
        assert lines[-1] == ""
        assert all(line.count(";") == len(columns) - 1 and '"' not in line for line in lines[1:-1]), name


def test_the_manifest_counts_what_is_in_the_files(tmp_path: Path) -> None:
    manifest = made(tmp_path, "--municipality", "04303:700", "--dirty", "0.03")
    files = read(tmp_path / "4303")
    assert manifest["people"] == 700
    assert manifest["rows"] == {name: len(rows) for name, rows in files.items()}
    assert manifest["seed"] == 1
    assert manifest["reference"] == "2026-11-23"
    assert sum(row["referencia"].startswith("P-") for row in files["personas"]) == 700


# -- numbers


def test_check_digits_agree_with_those_of_the_core() -> None:
    bodies = [fictional_runs.body(n) for n in range(0, fictional_runs.SPACE, 9973)]
    assert [fictional_runs.check_digit(body) for body in bodies] == [check_digit(body) for body in bodies]


def test_positions_give_different_runs_from_ninety_million_up() -> None:
    bodies = {fictional_runs.body(n) for n in range(300_000)}
    assert len(bodies) == 300_000
    assert min(bodies) >= 90_000_000
    assert max(bodies) <= 99_999_999


def test_ranges_of_numbers_never_overlap_even_when_neighbours_need_the_place() -> None:
    order = [(place.institution, float(place.inhabitants)) for place in communes().values()]
    needs = {13101: 5_000_000, 13102: 3_000_000, 13103: 1_500_000, 16305: 499_000, 1101: 900}
    starts = fictional_runs.allot(needs, order)
    spans = sorted((start, start + needs[institution]) for institution, start in starts.items())
    assert spans[0][0] >= 0
    assert spans[-1][1] <= fictional_runs.SPACE
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_no_run_is_used_twice_in_the_whole_output(tmp_path: Path) -> None:
    made(tmp_path, "--country", "--people", "4000", "--consultations", "0", "--dirty", "0.05")
    runs = []
    for folder in tmp_path.iterdir():
        if folder.is_dir():
            files = read(folder)
            runs += [
                parse(row["run"]).body for row in files["personas"] if row["run"][:1] == "9" and is_run(row["run"])
            ]
            runs += [parse(user["run"]).body for user in {row["run"]: row for row in files["operadores"]}.values()]
    assert len(runs) > 4000
    assert len(set(runs)) == len(runs)
    assert min(runs) >= 90_000_000


# -- mistakes


def test_each_kind_of_mistake_is_planted_and_counted(tmp_path: Path) -> None:
    manifest = made(tmp_path, "--municipality", "04303:3000", "--dirty", "0.1", "--seed", "3")
    planted = manifest["institutions"][0]["mistakes"]
    assert {(file, kind) for file, kinds in planted.items() for kind in kinds} == {(f, k) for f, k, _ in MISTAKES}
    files = read(tmp_path / "4303")
    people = files["personas"]
    wrong = [row for row in people if row["run"] and not is_run(row["run"].upper())]
    assert len(wrong) == planted["personas"]["digito_verificador"]
    assert sum(not row["primer_apellido"].strip() for row in people) == planted["personas"]["sin_primer_apellido"]
    heads = Counter(row["hogar"] for row in files["integrantes"] if row["jefatura"] == "si")
    assert sum(heads.values()) - len(heads) == planted["integrantes"]["segunda_jefatura"]


# -- hostile orders


@pytest.mark.parametrize("people", [0, 1, 2, 3])
def test_the_smallest_towns_are_written_whole(tmp_path: Path, people: int) -> None:
    manifest = made(tmp_path, "--municipality", f"04303:{people}", "--dirty", "0.5", "--consultations", "4")
    files = read(tmp_path / "4303")
    assert manifest["people"] == people
    assert sum(row["referencia"].startswith("P-") for row in files["personas"]) == people
    assert files["unidades"]
    assert people or not files["consultas"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--municipality", "99999:10"], "No existe la comuna «99999»"),
        (["--municipality", "12202:10"], "Antártica no tiene municipalidad"),
        (["--municipality", "04303:muchas"], "«muchas» no es un número de personas"),
        (["--municipality", "04303:5", "--municipality", "4303:6"], "está repetida"),
        ([], "Falta decir de dónde"),
        (["--country"], "hace falta --people"),
        (["--country", "--people", "9000000"], "Son demasiadas personas"),
        (["--municipality", "04303:50", "--people", "10"], "es menos que las 50 personas"),
        (["--municipality", "04303:5", "--from", "2026-10-02", "--until", "2026-10-01"], "termina antes de empezar"),
        (["--municipality", "04303:5", "--until", "2027-01-01"], "no pueden ser posteriores"),
        (["--municipality", "04303:5", "--dirty", "3"], "--dirty va de 0 a 0,5"),
    ],
)
def test_an_impossible_order_is_refused_with_a_sentence(tmp_path: Path, options: list[str], sentence: str) -> None:
    result = run(tmp_path / "out", *options)
    assert result.exit_code != 0
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("ya hay un archivo aquí", encoding="utf-8")
    result = CliRunner().invoke(synthesize, ["--out", str(tmp_path / "out" / "dentro"), "--municipality", "04303:1"])
    assert result.exit_code != 0
    assert "No se pudo escribir" in result.output


def test_the_country_has_its_345_municipalities_and_exactly_the_people_asked(tmp_path: Path) -> None:
    manifest = made(tmp_path, "--country", "--people", "1500", "--municipality", "13201:400", "--consultations", "0")
    sizes = {part["institution"]: part["people"] for part in manifest["institutions"]}
    assert len(sizes) == 345
    assert sum(sizes.values()) == 1500
    assert sizes[13201] == 400


def test_parts_add_up_and_nobody_is_left_without() -> None:
    assert apportion(10, [1, 1, 98]) == [1, 1, 8]
    assert apportion(2, [5, 3, 1]) == [1, 1, 0]
    assert sum(apportion(1_000_003, [place.inhabitants for place in communes().values()])) == 1_000_003
