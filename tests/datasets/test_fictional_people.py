"""The people of the fictional population: consistent between files, and believable."""

import re
import statistics
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
from tests.datasets.written import REFERENCE, Files, Row, day, made, minute, read, share

from ventanilla.access.permissions import ABOVE_INSTITUTIONS, Role
from ventanilla.core.clock import age_on
from ventanilla.core.run import parse
from ventanilla.datasets.synthetic.subsidies import suf_end
from ventanilla.datasets.synthetic.working_days import working_days


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


# -- consistency


def test_every_run_is_valid_when_nothing_is_dirty(town: Files) -> None:
    for row in town["personas"] + town["operadores"]:
        if row["run"]:
            parse(row["run"])


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
