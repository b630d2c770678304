"""The pages of loads: without scripts and with them, each state with what can be decided in it."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import make
from tests.datasets.bringing import again, bring, done, loaded, someone, table
from tests.datasets.tables import workbook
from tests.intake.desk_page import browser_of

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.config.datasets import DATASETS
from ventanilla.datasets.models import Load
from ventanilla.datasets.states import LoadState
from ventanilla.datasets.template import template_of

pytestmark = pytest.mark.django_db
WRONG = ("90.000.009-9", "Fresia", "Soto", "", "rsh", "01-10-2026")


@pytest.fixture(autouse=True)
def loads_root(tmp_path: Path, settings: LazySettings) -> None:
    settings.LOADS_ROOT = tmp_path / "loads"


@pytest.fixture
def posting() -> Posting:
    return make.posting(Role.COUNTERPART)


@pytest.fixture
def by(posting: Posting) -> Actor:
    return actor_in(posting)


@pytest.fixture
def client(posting: Posting) -> Client:
    return browser_of(posting)


def page(client: Client, load: Load) -> str:
    return client.get(load.get_absolute_url()).content.decode()


def only(by: Actor) -> Load:
    with acting(by):
        return Load.objects.get()


def test_with_nothing_loaded_it_says_how_to_begin(client: Client) -> None:
    text = client.get("/cargas/").content.decode()
    assert "Todavía no se ha cargado nada" in text
    assert "Operadores y sus desempeños" not in text


def test_without_scripts_a_file_is_sent_whole_and_goes_all_the_way(client: Client, by: Actor) -> None:
    file = SimpleUploadedFile("nómina.csv", table(someone(1), WRONG, titles=3))
    sent = client.post("/cargas/nueva/", {"dataset": "personas", "file": file})
    load = only(by)
    assert sent.headers["Location"] == load.get_absolute_url()
    assert "Revisando el archivo" in page(client, load)
    done(load)
    text = page(client, load)
    assert "todavía no se ha guardado nada" in text
    assert "Cargar 1 fila<" in text
    assert "dígito verificador" in text
    client.post(f"{load.get_absolute_url()}aceptar/")
    done(load)
    text = page(client, load)
    assert "Qué fue de sus filas" in text
    assert "Deshacer" in text
    book = client.get(f"{load.get_absolute_url()}rechazadas/")
    assert book.headers["Content-Disposition"] == 'attachment; filename="nomina-carga-1-rechazadas.xlsx"'
    assert book.content[:2] == b"PK"
    client.post(f"{load.get_absolute_url()}deshacer/")
    done(load)
    assert "de esta carga no quedó nada" in page(client, load)
    assert "Deshecha" in client.get("/cargas/").content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"dataset": "personas"}, "Elija un archivo."),
        ({"dataset": "", "file": SimpleUploadedFile("a.csv", b"a")}, "Elija qué trae el archivo."),
        ({"dataset": "operadores", "file": SimpleUploadedFile("a.csv", b"a")}, "operadores no es una de las opciones"),
        ({"dataset": "personas", "file": SimpleUploadedFile("a.csv", b"")}, "El archivo está vacío"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(client: Client, sent: dict[str, object], said: str) -> None:
    answer = client.post("/cargas/nueva/", sent)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in answer.content.decode()


def test_with_scripts_it_comes_in_pieces_from_wherever_it_was_cut(client: Client, by: Actor) -> None:
    content = table(someone(1))
    told = {"dataset": "personas", "name": "nómina.csv", "size": len(content), "modified": 1_700_000_000_000}
    begun = client.post("/cargas/nueva/", told)
    assert begun.status_code == HTTPStatus.CREATED
    where = begun.json()["piece"]

    def send(start: int, part: bytes) -> tuple[int, object]:
        answer = client.post(where, {"from": start, "piece": SimpleUploadedFile("piece", part)})
        return answer.status_code, answer.json()

    assert send(0, content[:40]) == (HTTPStatus.OK, {"has": 40})
    assert send(0, content[:40]) == (HTTPStatus.CONFLICT, {"has": 40})
    text = page(client, only(by))
    assert "La subida quedó a medias" in text
    assert 'data-has="40"' in text
    assert send(40, content[40:]) == (HTTPStatus.OK, {"has": len(content)})
    asked = client.get(f"{only(by).get_absolute_url()}avance/").json()
    assert asked == {"state": "looking", "percent": 0, "working": True}
    assert done(only(by)).state == LoadState.TRIED


def test_headings_that_nobody_knows_are_said_on_a_page_with_their_values(client: Client, by: Actor) -> None:
    strange = ("IDENT", "CHAPA", "AP1", "AP2", "DE DONDE", "CUANDO")
    load = done(bring(table(someone(1), headings=strange), by=by))
    assert "Decir qué es cada columna" in page(client, load)
    address = f"{load.get_absolute_url()}columnas/"
    text = client.get(address).content.decode()
    assert someone(1)[0] in text
    columns = ("run", "nombres", "primer_apellido", "segundo_apellido", "fuente", "")
    said = {f"c{place}": column for place, column in enumerate(columns)}
    refused = client.post(address, said)
    assert "Diga qué columna es «fecha dato», o qué vale en todas las filas." in refused.content.decode()
    refused = client.post(address, said | {"c5": "run"})
    assert "Otra columna de su archivo también es «run»" in refused.content.decode()
    assert client.post(address, said | {"c5": "fecha_dato"}).status_code == HTTPStatus.FOUND
    assert done(load).trial["new"] == 1
    assert re.search(r"AP1.*?primer apellido", page(client, load), re.DOTALL)


def test_what_the_file_does_not_say_is_told_once_and_its_day_each_time(client: Client, by: Actor) -> None:
    headings = ("RUT", "Nombres", "Apellido Paterno")
    load = done(bring(table(someone(1)[:3], headings=headings), by=by))
    assert "le faltan las columnas «fuente», «fecha_dato»" in page(client, load)
    address = f"{load.get_absolute_url()}columnas/"
    said = {"c0": "run", "c1": "nombres", "c2": "primer_apellido", "kfuente": "rsh", "kfecha_dato": "31-02-2026"}
    assert "Eso no es una fecha que exista." in client.post(address, said).content.decode()
    assert client.post(address, said | {"kfecha_dato": "01-10-2026"}).status_code == HTTPStatus.FOUND
    assert done(load).trial["new"] == 1
    following = done(bring(table(someone(2)[:3], headings=headings), by=by))
    assert following.state == LoadState.READY
    text = client.get(f"{following.get_absolute_url()}columnas/").content.decode()
    assert 'value="rsh"' in text
    assert "01-10-2026" not in text


def test_of_two_sheets_that_serve_it_asks_which(client: Client, by: Actor, tmp_path: Path) -> None:
    headings = ["RUT", "Nombres", "Apellido Paterno", "fuente", "fecha_dato"]
    rows = [[headings, [someone(number)[0], "Amalia", "Muñoz", "rsh", "01-10-2026"]] for number in (1, 2)]
    path = workbook(tmp_path / "a.xlsx", Marzo=rows[0], Abril=rows[1])
    load = done(bring(path.read_bytes(), by=by, name="a.xlsx"))
    text = page(client, load)
    assert "¿Cuál se carga?" in text
    assert "--sheet" not in text
    client.post(f"{load.get_absolute_url()}archivo/", {"sheet": "Abril"})
    load = done(load)
    assert (load.state, load.sheet, load.trial["new"]) == (LoadState.TRIED, "Abril", 1)


def test_what_was_decided_already_is_told_to_whoever_comes_second(client: Client, by: Actor) -> None:
    load = loaded(table(someone(1)), by=by)
    answer = client.post(f"{load.get_absolute_url()}aceptar/")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "está cargada" in answer.content.decode()
    assert again(load).rows_new == 1


def test_the_number_of_queries_does_not_grow_with_the_loads(client: Client, by: Actor) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/cargas/")
        return len(queries)

    loaded(table(someone(1)), by=by)
    client.get("/cargas/")
    few = asked()
    for number in range(2, 6):
        loaded(table(someone(number)), by=by)
    assert asked() == few


def test_a_template_to_fill_in_is_taken_from_the_page(client: Client) -> None:
    text = client.get("/cargas/").content.decode()
    assert 'href="/cargas/plantillas/subsidios.xlsx"' in text
    book = client.get("/cargas/plantillas/subsidios.xlsx")
    assert book.headers["Content-Disposition"] == 'attachment; filename="plantilla-subsidios.xlsx"'
    assert book.content == template_of(DATASETS["subsidios"])


@pytest.mark.parametrize("name", ["operadores", "ninguno"])
def test_there_is_no_template_of_what_is_not_loaded_here(client: Client, name: str) -> None:
    assert client.get(f"/cargas/plantillas/{name}.xlsx").status_code == 404
