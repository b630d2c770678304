"""People, homes and facts from files: who is recognised, what prevails, what is refused."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.datasets.file_of import figures, load_rows
from tests.make import MONTE_PATRIA, inside
from tests.make import person as make_person

from ventanilla.access.tenancy import acting
from ventanilla.datasets.run import command_actor
from ventanilla.registry.datasets import name_keys
from ventanilla.registry.models import ContactPoint, Fact, Home, Membership, Person, Relation
from ventanilla.registry.name_key import search_key, sort_key

pytestmark = pytest.mark.django_db

ROSA = {"referencia": "P-1", "run": "90.000.001-4", "nombres": "Rosa", "primer_apellido": "Araya",
        "segundo_apellido": "Tapia", "fuente": "rsh", "fecha_dato": "01-10-2026"}  # fmt: skip
LUIS = {"referencia": "P-2", "nombres": "Luis", "primer_apellido": "Vega", "fuente": "rsh", "fecha_dato": "01-10-2026"}
HOME = {
    "referencia": "H-1",
    "direccion": "Pasaje Uno 12",
    "comuna": "04303",
    "fuente": "rsh",
    "fecha_dato": "01-10-2026",
}
HEAD = {"hogar": "H-1", "persona": "90000001-4", "parentesco": "jefatura", "jefatura": "si", "fuente": "rsh",
        "desde": "01-03-2020"}  # fmt: skip


def the_person(**found: object) -> Person:
    with acting(command_actor(MONTE_PATRIA)):
        return Person.objects.get(**found)


def test_a_newer_extract_prevails_and_never_empties_what_is_known(tmp_path: Path) -> None:
    load_rows(tmp_path, "personas", ROSA)
    newer = ROSA | {"segundo_apellido": "", "primer_apellido": "Araia", "fecha_dato": "01-11-2026"}
    assert figures(load_rows(tmp_path, "personas", newer)) == (0, 1, 0, 0)
    rosa = the_person(run="90000001-4")
    assert (rosa.first_surname, rosa.second_surname, rosa.as_of) == ("Araia", "Tapia", date(2026, 11, 1))
    assert rosa.search_key == search_key("Rosa", "Araia", "Tapia")
    assert rosa.sort_key == sort_key("Rosa", "Araia", "Tapia")


def test_an_older_extract_only_fills_what_was_empty(tmp_path: Path) -> None:
    load_rows(tmp_path, "personas", ROSA)
    older = ROSA | {"nombres": "Rosita", "nacionalidad": "CL", "fecha_dato": "01-01-2020"}
    assert figures(load_rows(tmp_path, "personas", older)) == (0, 1, 0, 0)
    rosa = the_person(run="90000001-4")
    assert (rosa.given_names, rosa.nationality, rosa.as_of) == ("Rosa", "CL", date(2026, 10, 1))


def test_a_reference_of_somebody_with_another_run_is_refused(tmp_path: Path) -> None:
    load_rows(tmp_path, "personas", ROSA)
    found = load_rows(tmp_path, "personas", ROSA | {"run": "90.000.002-2"})
    assert list(found.reasons) == ["La referencia o el documento ya son de una persona con otro RUN."]


def test_somebody_without_run_gets_it_from_a_later_file(tmp_path: Path) -> None:
    load_rows(tmp_path, "personas", LUIS)
    assert figures(load_rows(tmp_path, "personas", LUIS | {"run": "90000002-2"})) == (0, 1, 0, 0)
    assert the_person(run="90000002-2").given_names == "Luis"


def test_a_blocked_person_is_not_touched(tmp_path: Path) -> None:
    with inside():
        make_person(run="90000001-4", processing_blocked=True)
    assert figures(load_rows(tmp_path, "personas", ROSA)) == (0, 0, 0, 1)
    assert the_person(run="90000001-4").given_names == "Rosa Elvira"


@given(given_names=st.text(max_size=30), first=st.text(max_size=20), second=st.text(max_size=20))
def test_keys_joined_from_parts_are_those_of_the_whole_name(given_names: str, first: str, second: str) -> None:
    words = [" ".join(part.split()) for part in (given_names, first, second)]
    values = {"given_names": words[0], "first_surname": words[1], "second_surname": words[2], "social_name": None}
    assert name_keys(values, MONTE_PATRIA) == (search_key(*words), sort_key(*words))


def homes(tmp_path: Path) -> None:
    load_rows(tmp_path, "personas", ROSA, LUIS)
    load_rows(tmp_path, "hogares", HOME, HOME | {"referencia": "H-2"})


def test_another_address_is_another_dwelling(tmp_path: Path) -> None:
    homes(tmp_path)
    moved = HOME | {"direccion": "Calle Dos 7", "fecha_dato": "02-11-2026"}
    assert figures(load_rows(tmp_path, "hogares", moved)) == (0, 1, 0, 0)
    assert figures(load_rows(tmp_path, "hogares", moved)) == (0, 0, 1, 0)
    with acting(command_actor(MONTE_PATRIA)):
        assert Home.objects.values_list("dwelling__address", flat=True).get(reference="H-1") == "Calle Dos 7"


def test_a_second_head_is_refused_and_the_member_is_not(tmp_path: Path) -> None:
    homes(tmp_path)
    luis = {"persona": "P-2", "parentesco": "hijo", "jefatura": "si"}
    found = load_rows(tmp_path, "integrantes", HEAD, HEAD | luis)
    assert list(found.reasons) == ["El hogar ya tiene jefatura vigente según la misma fuente."]
    assert figures(load_rows(tmp_path, "integrantes", HEAD, HEAD | luis | {"jefatura": "no"})) == (1, 0, 1, 0)


def test_a_new_home_ends_the_membership_in_the_one_before(tmp_path: Path) -> None:
    homes(tmp_path)
    moved = HEAD | {"hogar": "H-2", "desde": "05-10-2026"}
    assert figures(load_rows(tmp_path, "integrantes", HEAD, moved)) == (2, 0, 0, 0)
    assert figures(load_rows(tmp_path, "integrantes", HEAD, moved)) == (0, 0, 2, 0)
    with acting(command_actor(MONTE_PATRIA)):
        ends = dict(Membership.objects.values_list("home__reference", "ends_on"))
    assert ends == {"H-1": date(2026, 10, 4), "H-2": None}


def test_an_older_home_does_not_replace_the_present_one(tmp_path: Path) -> None:
    homes(tmp_path)
    load_rows(tmp_path, "integrantes", HEAD)
    found = load_rows(tmp_path, "integrantes", HEAD | {"hogar": "H-2", "desde": "01-01-2019"})
    assert found.rejected == 1
    assert "ya pertenece a otro hogar" in next(iter(found.reasons))


def test_heads_can_change_places_in_one_file(tmp_path: Path) -> None:
    homes(tmp_path)
    luis = HEAD | {"persona": "P-2", "parentesco": "hijo", "jefatura": "no"}
    load_rows(tmp_path, "integrantes", HEAD, luis)
    swapped = (
        HEAD | {"parentesco": "padre_madre", "jefatura": "no"},
        luis | {"parentesco": "jefatura", "jefatura": "si"},
    )
    assert figures(load_rows(tmp_path, "integrantes", *swapped)) == (0, 2, 0, 0)


def test_who_is_not_known_is_refused_in_words(tmp_path: Path) -> None:
    homes(tmp_path)
    unknown = load_rows(tmp_path, "integrantes", HEAD | {"persona": "P-404"}, HEAD | {"hogar": "H-404"})
    assert {reason.split(".")[0] for reason in unknown.reasons} == {
        "No hay una persona con ese RUN o esa referencia",
        "No hay un hogar con esa referencia",
    }


def test_a_file_does_not_lower_the_secrecy_of_a_contact(tmp_path: Path) -> None:
    homes(tmp_path)
    phone = {"persona": "P-1", "tipo": "telefono", "valor": "+56 9 5555 1234", "reserva": "restringida",
             "fuente": "rsh", "fecha_dato": "01-10-2026"}  # fmt: skip
    assert figures(load_rows(tmp_path, "contactos", phone)) == (1, 0, 0, 0)
    lower = phone | {"reserva": "ordinaria", "fecha_dato": "01-11-2026", "no_llamar": "si"}
    assert figures(load_rows(tmp_path, "contactos", lower)) == (0, 1, 0, 0)
    with acting(command_actor(MONTE_PATRIA)):
        kept = ContactPoint.objects.get()
    assert (kept.secrecy, kept.do_not_call) == ("restricted", True)


def test_a_relation_that_ended_stays_ended(tmp_path: Path) -> None:
    homes(tmp_path)
    carer = {"persona": "P-1", "con_persona": "P-2", "tipo": "cuidador", "fuente": "declarado", "desde": "01-01-2025"}
    assert figures(load_rows(tmp_path, "relaciones", carer)) == (1, 0, 0, 0)
    assert figures(load_rows(tmp_path, "relaciones", carer | {"hasta": "01-02-2026"})) == (0, 1, 0, 0)
    assert figures(load_rows(tmp_path, "relaciones", carer)) == (0, 0, 1, 0)
    with acting(command_actor(MONTE_PATRIA)):
        assert Relation.objects.get().ends_on == date(2026, 2, 1)


def test_a_newer_statement_stands_beside_the_older(tmp_path: Path) -> None:
    homes(tmp_path)
    bracket = {"hogar": "H-1", "tipo": "tramo_rsh", "valor": "40", "fuente": "rsh", "fecha_dato": "01-10-2026"}
    later = bracket | {"valor": "60", "fecha_dato": "01-11-2026"}
    wrong = (bracket | {"valor": "45"}, bracket | {"persona": "P-1"}, bracket | {"hogar": "", "persona": "P-1"})
    assert figures(load_rows(tmp_path, "antecedentes", bracket, later, *wrong)) == (2, 0, 0, 3)
    assert figures(load_rows(tmp_path, "antecedentes", bracket, later)) == (0, 0, 2, 0)
    with acting(command_actor(MONTE_PATRIA)):
        assert sorted(Fact.objects.values_list("value", flat=True)) == ["40", "60"]


def test_what_the_municipality_itself_knows_comes_with_the_code_of_its_own_fact(tmp_path: Path) -> None:
    homes(tmp_path)
    of_home = {"hogar": "H-1", "tipo": "propio_hogar", "valor": "Damnificada-2026", "fuente": "municipal",
               "fecha_dato": "01-10-2026"}  # fmt: skip
    of_person = of_home | {"hogar": "", "persona": "P-1", "tipo": "propio", "valor": "crianceros"}
    wrong = (
        of_home | {"valor": ""},
        of_home | {"valor": "Damnificada del temporal"},
        of_home | {"tipo": "propio"},
        of_person | {"tipo": "propio_hogar"},
    )
    assert figures(load_rows(tmp_path, "antecedentes", of_home, of_person, *wrong)) == (2, 0, 0, 4)
    with acting(command_actor(MONTE_PATRIA)):
        kept = Fact.objects.filter(kind__in=("own", "home_own")).values_list("kind", "value")
        assert set(kept) == {("home_own", "damnificada-2026"), ("own", "crianceros")}
