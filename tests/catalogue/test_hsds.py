"""The catalogue as open data holds to the schemas of HSDS 3.0, and says what the pages say."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests import make

from ventanilla.catalogue.models import Entry
from ventanilla.catalogue.publishing.hsds import ages_asked, page_of
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject

HSDS = "/publico/4303/hsds/"

with_schemas = pytest.mark.skipif(
    "HSDS_SCHEMAS" not in os.environ,
    reason="HSDS_SCHEMAS does not name the folder of the schemas of HSDS 3.0 (service.json, service_list.json)",
)


def read(address: str, status: int = 200) -> Any:
    answer = Client().get(address)
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def service(code: str) -> Any:
    with make.inside():
        entry = Entry.objects.get(code=code)
    return read(f"{HSDS}services/{entry.pk}")


def schema(name: str) -> Any:
    return json.loads((Path(os.environ["HSDS_SCHEMAS"]) / name).read_text())


def unknown_keys(said: Any, shape: Any, whole: Any, path: str = "") -> Iterator[str]:
    """What the schema does not name: it would let them pass."""
    shape = whole["definitions"][shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
    if isinstance(said, list):
        for one in said:
            yield from unknown_keys(one, shape["items"], whole, path)
    elif isinstance(said, dict):
        for key, value in said.items():
            if key not in shape["properties"]:
                yield f"{path}.{key}"
            else:
                yield from unknown_keys(value, shape["properties"][key], whole, f"{path}.{key}")


def ids_in(said: Any) -> Iterator[str]:
    if isinstance(said, list):
        for one in said:
            yield from ids_in(one)
    elif isinstance(said, dict):
        yield from ([said["id"]] if "id" in said else [])
        for value in said.values():
            yield from ids_in(value)


def wrong_in(said: Any, name: str) -> list[str]:
    import jsonschema_rs

    whole = schema(name)
    found = jsonschema_rs.validator_for(whole, validate_formats=True).iter_errors(said)
    return [f"{error.instance_path}: {error.message}" for error in found] + list(unknown_keys(said, whole, whole))


@with_schemas
def test_a_whole_service_holds_to_the_schema(offered: None) -> None:
    for code in ("vale-de-gas", "orientacion-legal", "panales-de-adulto"):
        said = service(code)
        assert wrong_in(said, "service.json") == []
        ids = list(ids_in(said))
        assert len(ids) == len(set(ids))
        assert all(UUID(one) for one in ids)


@with_schemas
def test_each_service_of_the_list_holds_to_the_schema(offered: None) -> None:
    contents = read(f"{HSDS}services")["contents"]
    assert len(contents) == 3
    for said in contents:
        assert wrong_in(said, "service_list.json") == []


@with_schemas
def test_the_organizations_hold_to_the_schema(offered: None) -> None:
    for said in read(f"{HSDS}services")["contents"]:
        assert wrong_in(said["organization"], "organization_list.json") == []


@with_schemas
def test_a_mistake_would_be_seen(offered: None) -> None:
    said = service("vale-de-gas")
    assert wrong_in(said | {"id": "no es"}, "service.json")
    assert wrong_in(said | {"status": "abierta"}, "service.json")
    assert wrong_in(said | {"nombre": "Vale"}, "service.json") == [".nombre"]
    assert wrong_in(said | {"last_modified": "ayer"}, "service.json")


def test_it_says_what_the_entry_says(offered: None) -> None:
    said = service("vale-de-gas")
    assert said["name"] == "Vale de gas"
    assert said["status"] == "active"
    assert said["minimum_age"] == 60
    assert "maximum_age" not in said
    assert "Tener 60 años o más (Ordenanza 4, art. 2)." in said["eligibility_description"]
    assert said["url"].endswith("/publico/4303/catalogo/vale-de-gas/")
    assert said["organization"]["name"] == "Municipalidad de Monte Patria"
    assert said["program"]["name"] == "Unidad uas"
    assert said["required_documents"][0]["document"] == "Cédula de identidad"
    assert said["cost_options"][0] | {"id": ""} == {
        "id": "", "service_id": said["id"], "option": "Sin costo", "currency": "CLP", "amount": 0,
    }  # fmt: skip
    (at,) = said["service_at_locations"]
    assert at["schedules"][0]["description"] == "lunes a viernes, 8:30 a 13:30"
    (address,) = at["location"]["addresses"]
    assert (address["address_1"], address["city"]) == ("Diaguitas 31", "Monte Patria")
    assert said["service_areas"][0]["extent"] == "04303"
    assert said["phones"][0]["number"] == "+56532900200"
    assert said["email"] == "ayuda@ejemplo.invalid"
    assert said["schedules"][0]["valid_to"]
    assert {one["taxonomy_term"]["code"] for one in said["attributes"]} == {"in_kind", "older", "families"}


def test_what_somebody_outside_gives_is_of_her_organization(offered: None) -> None:
    said = service("orientacion-legal")
    assert said["organization"]["name"] == "Fundación Ejemplo del Valle"
    assert said["organization"]["phones"][0]["number"] == "+56532900118"
    assert "program" not in said
    assert said["cost_options"][0]["amount_description"] == "$2.000 por el certificado"


def test_what_is_suspended_is_closed_for_a_time_and_says_why(offered: None) -> None:
    said = service("panales-de-adulto")
    assert said["status"] == "temporarily closed"
    assert "Se terminaron los recursos" in said["alert"]


def test_the_same_is_said_under_the_same_identifiers(offered: None) -> None:
    assert list(ids_in(service("vale-de-gas"))) == list(ids_in(service("vale-de-gas")))


def test_what_is_not_public_is_not_there(offered: None) -> None:
    names = {one["name"] for one in read(f"{HSDS}services")["contents"]}
    assert names == {"Vale de gas", "Orientación legal", "Pañales de adulto"}
    with make.inside():
        hidden = [Entry.objects.get(code=code).pk for code in ("casa-de-acogida", "beca-que-se-escribe")]
    for entry_id in hidden:
        assert read(f"{HSDS}services/{entry_id}", 404)["status"] == 404
    for address in ("/publico/4302/hsds/", "/publico/4302/hsds/services", "/publico/999999/hsds/services"):
        read(address, 404)
    with make.inside():
        foreign = Entry.objects.get(code="vale-de-gas").pk
    read(f"/publico/4302/hsds/services/{foreign}", 404)


def test_the_list_comes_by_pages_and_is_searched(offered: None) -> None:
    first, second = (read(f"{HSDS}services?per_page=2&page={number}") for number in (1, 2))
    assert (first["total_items"], first["total_pages"], first["size"], first["last_page"]) == (3, 2, 2, False)
    assert (second["size"], second["first_page"], second["last_page"]) == (1, False, True)
    assert read(f"{HSDS}services?page=9")["empty"]
    assert read(f"{HSDS}services?search=mudas")["contents"][0]["name"] == "Pañales de adulto"
    for wrong in ("page=0", "page=-1", "page=uno", "per_page=101", "page=²", "page=99999999999999999999"):
        assert read(f"{HSDS}services?{wrong}", 422)["status"] == 422


def test_it_says_which_version_of_the_standard_it_follows(offered: None) -> None:
    answer = Client().get(HSDS)
    assert answer.json()["version"] == "3.0"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert Client().get(HSDS, headers={"if-none-match": answer.headers["ETag"]}).status_code == 304


def test_the_list_asks_the_same_queries_however_long_it_is(offered: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(8):
        Client().get(f"{HSDS}services")
    with make.inside():
        for number in range(20):
            make.entry(f"Prestación {number}")
    with django_assert_num_queries(8):
        Client().get(f"{HSDS}services")


def test_ages_are_those_that_everybody_is_asked() -> None:
    age, bracket = Condition(Kind.AGE, low=18, high=59), Condition(Kind.BRACKET, high=40)
    assert ages_asked(Rule(Subject.PERSON, (age, bracket))) == (18, 59)
    assert ages_asked(Rule(Subject.PERSON, (age, Condition(Kind.AGE, low=21)))) == (21, 59)
    either = (Condition(Kind.AGE, low=18, group="a"), Condition(Kind.CARER, group="a"))
    assert ages_asked(Rule(Subject.PERSON, either)) == (None, None)
    assert ages_asked(Rule(Subject.PERSON, (Condition(Kind.AGE, low=18, only_from=60),))) == (None, None)
    assert ages_asked(Rule()) == (None, None)


def test_a_page_of_nothing_is_the_only_one() -> None:
    page = page_of([], total=0, number=1, size=50)
    assert (page["total_pages"], page["empty"], page["first_page"], page["last_page"]) == (1, True, True, True)
