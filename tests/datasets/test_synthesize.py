"""The fictional population: the same for the same seed, consistent between files, and believable."""

import csv
import json
import re
import statistics
from collections import Counter, defaultdict
from datetime import date, datetime, time
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ventanilla.access import datasets as access_datasets
from ventanilla.access.permissions import ABOVE_INSTITUTIONS, Role
from ventanilla.benefits import datasets as benefits_datasets
from ventanilla.config.cli.synthesize import synthesize
from ventanilla.core.clock import age_on
from ventanilla.core.run import check_digit, parse
from ventanilla.datasets.parsing import parser
from ventanilla.datasets.reading import FileRow
from ventanilla.datasets.synthetic import fictional_runs
from ventanilla.datasets.synthetic.mistakes import MISTAKES
from ventanilla.datasets.synthetic.plan import apportion
from ventanilla.datasets.synthetic.subsidies import suf_end
from ventanilla.datasets.synthetic.territory import communes
from ventanilla.datasets.synthetic.working_days import working_days
from ventanilla.datasets.synthetic.writing import COLUMNS
from ventanilla.intake import datasets as intake_datasets
from ventanilla.registry import datasets as registry_datasets

REFERENCE = date(2026, 11, 23)
FORMATS = Path(__file__).parents[2] / "docs" / "formats"
DECLARED = {
    dataset.name: dataset
    for module in (access_datasets, registry_datasets, benefits_datasets, intake_datasets)
    for dataset in module.DATASETS
}
Row = dict[str, str]
Files = dict[str, list[Row]]


def run(out: Path, *options: str) -> Result:
    return CliRunner().invoke(synthesize, ["--out", str(out), "--jobs", "1", *options])


def made(out: Path, *options: str) -> dict[str, Any]:
    result = run(out, *options)
    assert result.exit_code == 0, result.output
    manifest: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def read(folder: Path) -> Files:
    files: Files = {}
    for name in COLUMNS:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            files[name] = list(csv.DictReader(file, delimiter=";", strict=True))
    return files


def digests(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*.*"))}


def day(text: str) -> date:
    return date(int(text[6:10]), int(text[3:5]), int(text[:2]))


def minute(text: str) -> datetime:
    return datetime.combine(day(text), time.fromisoformat(text[11:]))


def share(rows: list[Row], column: str, value: str) -> float:
    return sum(row[column] == value for row in rows) / len(rows)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Files:
    out = tmp_path_factory.mktemp("town")
    made(out, "--municipality", "04303:9000")
    return read(out / "4303")


@pytest.fixture(scope="module")
def people(town: Files) -> dict[str, Row]:
    return {row["referencia"]: row for row in town["personas"]}


@pytest.fixture(scope="module")
def ages(people: dict[str, Row]) -> dict[str, int]:
    return {key: age_on(day(row["fecha_nacimiento"]), REFERENCE) for key, row in people.items()}


@pytest.fixture(scope="module")
def persons_by_name(people: dict[str, Row]) -> dict[str, str]:
    """Reference and canonical RUN, both to the reference."""
    by_run = {str(parse(row["run"])): key for key, row in people.items() if row["run"]}
    return by_run | {key: key for key in people}


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
                parse(row["run"]).body for row in files["personas"] if row["run"][:1] == "9" and _is_run(row["run"])
            ]
            runs += [parse(user["run"]).body for user in {row["run"]: row for row in files["operadores"]}.values()]
    assert len(runs) > 4000
    assert len(set(runs)) == len(runs)
    assert min(runs) >= 90_000_000


def _is_run(text: str) -> bool:
    body, _, digit = text.replace(".", "").partition("-")
    return check_digit(int(body)) == digit


def test_every_run_is_valid_when_nothing_is_dirty(town: Files) -> None:
    for row in town["personas"] + town["operadores"]:
        if row["run"]:
            parse(row["run"])


# -- consistency


def test_every_row_points_at_rows_that_exist(town: Files, persons_by_name: dict[str, str]) -> None:
    known = {row["referencia"] for row in town["hogares"]}
    units = {row["codigo"] for row in town["unidades"]}
    users = {row["usuario"] for row in town["operadores"]}

    def exists(text: str) -> bool:
        return text in persons_by_name or str(parse(text)) in persons_by_name

    assert all(exists(row["persona"]) for row in town["contactos"] + town["integrantes"] + town["entregas"])
    assert all(exists(row["persona"]) and exists(row["con_persona"]) for row in town["relaciones"])
    assert all(row["persona"] != row["con_persona"] for row in town["relaciones"])
    assert all(row["hogar"] in known for row in town["integrantes"] + town["entregas"])
    assert all(bool(row["persona"]) != bool(row["hogar"]) for row in town["antecedentes"])
    assert all(exists(row["persona"]) if row["persona"] else row["hogar"] in known for row in town["antecedentes"])
    assert all(row["unidad"] in units for row in town["operadores"] + town["entregas"] + town["consultas"])
    assert all(row["operador"] in users for row in town["consultas"])
    assert all(exists(row["persona"]) for row in town["consultas"] if row["persona"])
    assert all(row["unidad_superior"] in units | {""} for row in town["unidades"])


def test_references_are_unique(town: Files) -> None:
    for name in ("personas", "hogares", "entregas", "consultas"):
        references = [row["referencia"] for row in town[name]]
        assert len(set(references)) == len(references), name


def test_every_home_has_one_head_of_age_and_everybody_lives_in_one_home(town: Files, ages: dict[str, int]) -> None:
    heads = Counter(row["hogar"] for row in town["integrantes"] if row["jefatura"] == "si")
    assert set(heads) == {row["referencia"] for row in town["hogares"]}
    assert set(heads.values()) == {1}
    assert all(ages[row["persona"]] >= 18 for row in town["integrantes"] if row["jefatura"] == "si")
    assert all((row["parentesco"] == "jefatura") == (row["jefatura"] == "si") for row in town["integrantes"])
    assert {row["persona"] for row in town["integrantes"]} == set(ages)
    assert len(town["integrantes"]) == len(ages)


def test_parents_are_old_enough_and_children_carry_their_surnames(tmp_path: Path) -> None:
    made(tmp_path, "--municipality", "04303:6000", "--typos", "0")
    files = read(tmp_path / "4303")
    by_key = {row["referencia"]: row for row in files["personas"]}
    born = {key: day(row["fecha_nacimiento"]) for key, row in by_key.items()}
    parents = [row for row in files["relaciones"] if row["tipo"] == "progenitor"]
    assert len(parents) > 1000
    for row in parents:
        parent, child = by_key[row["persona"]], by_key[row["con_persona"]]
        assert (born[row["con_persona"]] - born[row["persona"]]).days / 365.25 > 13.5
        carried = {child["primer_apellido"], child["segundo_apellido"]}
        assert child["segundo_apellido"] == "" or parent["primer_apellido"] in carried | {parent["segundo_apellido"]}
    for row in parents:
        if by_key[row["persona"]]["sexo"] == "hombre":
            assert by_key[row["con_persona"]]["primer_apellido"] == by_key[row["persona"]]["primer_apellido"]


def test_dates_are_in_order_and_none_is_in_the_future(town: Files, people: dict[str, Row]) -> None:
    for row in people.values():
        assert day(row["fecha_nacimiento"]) <= REFERENCE
        if row["fecha_defuncion"]:
            assert day(row["fecha_nacimiento"]) < day(row["fecha_defuncion"]) <= REFERENCE
    for row in town["integrantes"]:
        assert day(people[row["persona"]]["fecha_nacimiento"]) <= day(row["desde"]) <= REFERENCE
        assert not row["hasta"] or day(row["desde"]) <= day(row["hasta"]) <= REFERENCE
    for row in town["antecedentes"]:
        assert day(row["fecha_dato"]) <= REFERENCE
        assert not (row["vigente_desde"] and row["vigente_hasta"]) or day(row["vigente_desde"]) <= day(
            row["vigente_hasta"]
        )
    assert all(day(row["fecha"]) < REFERENCE for row in town["entregas"])


def test_subsidies_follow_their_rules(town: Files, ages: dict[str, int]) -> None:
    homes = {row["persona"]: row["hogar"] for row in town["integrantes"]}
    bracket = {
        row["hogar"]: int(row["valor"])
        for row in town["antecedentes"]
        if row["tipo"] == "tramo_rsh" and not row["vigente_hasta"]
    }
    subsidies = [row for row in town["antecedentes"] if row["tipo"] == "subsidio"]
    of = defaultdict(set)
    for row in subsidies:
        who, value = row["persona"], row["valor"]
        of[who].add(value)
        if value == "pgu":
            assert ages[who] >= 65
            assert row["monto"] == ("250275" if ages[who] >= 82 else "231732")
        elif value == "pbsi":
            assert 18 <= ages[who] < 65
        else:
            assert bracket[homes[who]] <= 60
        if value in ("suf_duplo", "sdm"):
            assert ages[who] < 18
        if value == "suf":
            assert row["monto"] == "22007"
            assert row["vigente_hasta"]
    assert {"suf", "pgu", "sap_rural", "sap_urbano"} <= {row["valor"] for row in subsidies}
    assert all(not {"suf", "sdm"} <= values for values in of.values())
    ends = [day(row["vigente_hasta"]) for row in subsidies if row["vigente_hasta"]]
    assert any(0 <= (end - REFERENCE).days <= 90 for end in ends)


def test_a_suf_ends_with_the_year_in_which_the_child_turns_eighteen() -> None:
    born, since = date(2008, 11, 24).toordinal(), date(2026, 1, 1).toordinal()
    assert date.fromordinal(suf_end(since, born)) == date(2026, 12, 31)
    assert date.fromordinal(suf_end(since, date(2020, 5, 5).toordinal())) == date(2028, 12, 31)


def test_who_has_no_run_is_in_no_register_and_receives_no_state_benefit(tmp_path: Path) -> None:
    made(tmp_path, "--municipality", "13112:6000", "--consultations", "0")
    files = read(tmp_path / "13112")
    without = {row["referencia"]: row for row in files["personas"] if not row["run"]}
    assert len(without) > 50
    for row in without.values():
        assert row["documento_tipo"]
        assert row["documento_tipo"] == "sin_documento" or (row["documento_pais"] and row["documento_numero"])
    assert all(row["fuente"] == "declarado" for row in files["integrantes"] if row["persona"] in without)
    kinds = {row["tipo"] for row in files["antecedentes"] if row["persona"] in without}
    assert not kinds & {"subsidio", "discapacidad"}
    assert "matricula" in kinds


# -- believable


def test_people_and_homes_look_like_a_rural_commune(town: Files, ages: dict[str, int], people: dict[str, Row]) -> None:
    rows = list(people.values())
    assert 0.50 < share(rows, "sexo", "mujer") < 0.57
    assert 0.16 < sum(age < 15 for age in ages.values()) / len(ages) < 0.25
    assert 0.11 < sum(age >= 65 for age in ages.values()) / len(ages) < 0.19
    assert 0.008 < share(rows, "run", "") < 0.03
    assert 1.9 < len(people) / len(town["hogares"]) < 3.0
    heads = [people[row["persona"]] for row in town["integrantes"] if row["jefatura"] == "si"]
    assert 0.50 < share(heads, "sexo", "mujer") < 0.61
    assert 0.4 < share(town["hogares"], "ruralidad", "rural") < 0.7
    current = [row for row in town["antecedentes"] if row["tipo"] == "tramo_rsh" and not row["vigente_hasta"]]
    assert 0.48 < share(current, "valor", "40") < 0.62


def test_a_rich_commune_has_few_homes_in_the_lowest_bracket(tmp_path: Path) -> None:
    made(tmp_path, "--municipality", "13132:3000", "--consultations", "0")
    facts = read(tmp_path / "13132")["antecedentes"]
    current = [row for row in facts if row["tipo"] == "tramo_rsh" and not row["vigente_hasta"]]
    assert share(current, "valor", "40") < 0.2


def test_surnames_follow_the_region(tmp_path: Path) -> None:
    made(tmp_path, "--municipality", "09111:2500", "--municipality", "04303:2500", "--consultations", "0")
    south, north = read(tmp_path / "9111")["personas"], read(tmp_path / "4303")["personas"]
    assert sum(row["pueblo_originario"] == "mapuche" for row in south) > 500
    assert sum(row["primer_apellido"] == "Araya" for row in north) > 2 * sum(
        row["primer_apellido"] == "Araya" for row in south
    )


def test_the_region_of_each_people_is_kept_and_old_names_belong_to_old_people(people: dict[str, Row]) -> None:
    years = defaultdict(list)
    for row in people.values():
        years[row["nombres"].split()[0]].append(int(row["fecha_nacimiento"][-4:]))
    assert statistics.mean(years["Rosa"]) < 1985 < statistics.mean(years["Martina"])


def test_consultations_fall_on_working_days_while_the_desk_is_open(town: Files) -> None:
    days = set(working_days(date(2026, 9, 1), REFERENCE))
    assert date(2026, 9, 18) not in days
    assert date(2026, 10, 12) not in days
    for row in town["consultas"]:
        start, end = minute(row["inicio"]), minute(row["termino"])
        assert start.date() in days
        assert "08:30" <= row["inicio"][11:] <= "14:00"
        assert 4 <= (end - start).seconds / 60 <= 25
        assert 1 <= len(row["motivos"].split("|")) == len(row["resultados"].split("|")) <= 3


def test_consultations_have_the_usual_number_and_shape(town: Files, people: dict[str, Row]) -> None:
    rows = town["consultas"]
    assert 1500 < len(rows) < 1900
    named = [people[row["persona"]] for row in rows if row["persona"]]
    assert 0.54 < share(named, "sexo", "mujer") < 0.63
    waiting = {"waiting_documents", "needs_unit", "needs_case"}
    assert 0.02 < sum(bool(waiting & set(row["resultados"].split("|"))) for row in rows) / len(rows) < 0.08
    assert 0.7 < share(rows, "canal", "presencial") < 0.87
    assert max(Counter(row["persona"] for row in rows if row["persona"]).values()) >= 3
    hours = Counter(row["inicio"][11:13] for row in rows)
    assert hours["09"] > hours["12"]


def test_few_homes_receive_many_deliveries(town: Files) -> None:
    many = sorted(Counter(row["hogar"] for row in town["entregas"]).values(), reverse=True)
    assert len(many) < 0.3 * len(town["hogares"])
    assert sum(many[: len(many) // 10]) > 0.25 * sum(many)
    assert all(re.fullmatch(r"DA [\d.]+/20\d\d", row["acto"]) and int(row["monto"]) > 0 for row in town["entregas"])


def test_every_role_of_an_institution_is_held_by_somebody(town: Files, tmp_path: Path) -> None:
    expected = {str(role) for role in Role if role not in ABOVE_INSTITUTIONS}
    assert {row["rol"] for row in town["operadores"]} == expected
    made(tmp_path, "--municipality", "12401:0")
    assert {row["rol"] for row in read(tmp_path / "12401")["operadores"]} == expected


def test_usernames_belong_to_one_person_of_one_institution(tmp_path: Path) -> None:
    made(tmp_path, "--municipality", "13101:20000", "--municipality", "13201:20000", "--consultations", "0")
    holders = defaultdict(set)
    for folder in ("13101", "13201"):
        for row in read(tmp_path / folder)["operadores"]:
            holders[row["usuario"]].add(row["run"])
    assert all(len(runs) == 1 for runs in holders.values())
    assert all(name == name.lower() and name.isascii() for name in holders)


def test_contacts_are_fictional_and_some_are_guarded(town: Files) -> None:
    for row in town["contactos"]:
        pattern = r"\+56 9 5555 \d{4}" if row["tipo"] == "telefono" else r"[a-z.\d]+@ejemplo\.cl"
        assert re.fullmatch(pattern, row["valor"]), row["valor"]
    assert {"ordinaria", "reservada"} <= {row["reserva"] for row in town["contactos"]}
    assert any(row["no_llamar"] == "si" for row in town["contactos"])


# -- mistakes


def test_each_kind_of_mistake_is_planted_and_counted(tmp_path: Path) -> None:
    manifest = made(tmp_path, "--municipality", "04303:3000", "--dirty", "0.1", "--seed", "3")
    planted = manifest["institutions"][0]["mistakes"]
    assert {(file, kind) for file, kinds in planted.items() for kind in kinds} == {(f, k) for f, k, _ in MISTAKES}
    files = read(tmp_path / "4303")
    people = files["personas"]
    wrong = [row for row in people if row["run"] and not _is_run(row["run"].upper())]
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
