"""What the catalogue looks like on paper: the sheet to take home and the catalogue for the wall."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests import make

from ventanilla.access.permissions import Role
from ventanilla.catalogue.entries.actions import close_entry
from ventanilla.catalogue.entries.details import Place
from ventanilla.catalogue.models import Entry
from ventanilla.catalogue.publishing import views
from ventanilla.catalogue.publishing.drawings import drawing
from ventanilla.catalogue.publishing.telling import Group, in_columns
from ventanilla.core import documents
from ventanilla.core.ids import new_id

pytestmark = pytest.mark.django_db

SAID = "Texto que explica con calma lo que se entrega. "


@pytest.fixture
def desk(offered: None) -> Client:
    client = Client()
    client.force_login(make.posting(Role.FRONT_DESK).account)
    return client


def entry_id(code: str) -> UUID:
    with make.inside():
        return Entry.objects.get(code=code).pk


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of each document made, without drawing it."""
    made: list[str] = []

    def keep(html: str, *styles: Any) -> bytes:
        made.append(html)
        return b"%PDF-"

    monkeypatch.setattr(documents, "pdf_of", keep)
    monkeypatch.setattr(documents, "pages_of", lambda html, *styles: 1)
    return made


def test_the_sheet_says_what_the_neighbour_needs(desk: Client) -> None:
    page = desk.get(f"/catalogo/{entry_id('vale-de-gas')}/hoja/").content.decode()
    for said in ("Vale de gas", "Tener 60 años o más", "Cartola", "Diaguitas 31", "53 2 900 200", "Versión 1"):
        assert said in page
    assert "/publico/4303/catalogo/vale-de-gas/" in page
    assert "reservada" not in page


def test_its_pdf_is_one_page_to_be_printed_at_once(desk: Client) -> None:
    answer = desk.get(f"/catalogo/hojas/pdf/?p={entry_id('vale-de-gas')}")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="hoja-vale-de-gas.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_a_long_one_is_written_smaller_until_it_fits(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with make.inside():
        make.entry(
            "Larga", plain=SAID * 12, who=SAID * 12, local_note=SAID * 8,
            documents="\n".join(f"Documento {number}" for number in range(14)),
            steps="\n".join(f"Paso {number}, en la oficina" for number in range(8)),
        )  # fmt: skip
    tried: list[tuple[str, int]] = []
    count = documents.pages_of

    def note(html: str, *styles: Any) -> int:
        size = next(size for size in views.SIZES if f'<article class="{size}">' in html)
        tried.append((size, count(html, *styles)))
        return tried[-1][1]

    monkeypatch.setattr(documents, "pages_of", note)
    desk.get(f"/catalogo/hojas/pdf/?p={entry_id('larga')}")
    sizes = [size for size, _ in tried]
    assert "large" not in sizes
    assert sizes == list(views.SIZES[views.SIZES.index(sizes[0]) :][: len(sizes)])
    assert [pages == 1 for _, pages in tried] == [False] * (len(tried) - 1) + [True]


def test_several_are_printed_at_once_in_the_order_asked(desk: Client, drawn: list[str]) -> None:
    ids = [entry_id("panales-de-adulto"), entry_id("vale-de-gas")]
    desk.get(f"/catalogo/hojas/pdf/?p={ids[0]}&p={ids[1]}&p={ids[0]}")
    (html,) = drawn
    assert html.count("<article") == 2
    assert html.index("Pañales de adulto</h1>") < html.index("Vale de gas</h1>")
    assert "Suspendida por ahora" in html


def test_none_more_than_ten_or_unknown_are_refused(desk: Client) -> None:
    assert desk.get("/catalogo/hojas/").status_code == 422
    many = "&".join(f"p={new_id()}" for _ in range(11))
    assert "más de 10 hojas" in desk.get(f"/catalogo/hojas/?{many}").content.decode()
    for unknown in ("nada", new_id(), f"{entry_id('vale-de-gas')}&p=nada", entry_id("beca-que-se-escribe")):
        assert desk.get(f"/catalogo/hojas/?p={unknown}").status_code == 404


def test_one_that_was_closed_since_the_list_was_made_is_left_out(desk: Client) -> None:
    gone, gas = entry_id("panales-de-adulto"), entry_id("vale-de-gas")
    with make.inside() as head:
        close_entry(Entry.objects.get(pk=gone), by=head, reason="Ya no se entrega")
    page = desk.get(f"/catalogo/hojas/?p={gone}&p={gas}").content.decode()
    assert "Vale de gas" in page
    assert "Pañales" not in page
    assert desk.get(f"/catalogo/hojas/?p={gone}").status_code == 404


def test_a_reserved_one_is_for_its_unit_and_says_that_paper_is_read_by_others(desk: Client, drawn: list[str]) -> None:
    shelter = entry_id("casa-de-acogida")
    outside = Client()
    elsewhere = make.unit(code="rsh", functions=("rsh",))
    outside.force_login(make.posting(Role.FRONT_DESK, in_unit=elsewhere).account)
    assert outside.get(f"/catalogo/{shelter}/hoja/").status_code == 404
    page = desk.get(f"/catalogo/{shelter}/hoja/").content.decode()
    assert "Es una prestación reservada" in page
    desk.get(f"/catalogo/hojas/pdf/?p={shelter}")
    assert "/publico/" not in page + drawn[0]


def test_the_catalogue_for_the_wall_has_what_anybody_may_read(desk: Client, drawn: list[str]) -> None:
    answer = desk.get("/catalogo/imprimir/")
    assert answer.headers["Content-Type"] == "application/pdf"
    (html,) = drawn
    for name in ("Vale de gas", "Orientación legal", "Pañales de adulto"):
        assert f"<h3>{name}</h3>" in html
    assert "Casa de acogida" not in html
    assert html.count("<article") == 3
    assert html.count('href="#p-vale-de-gas"') == 2  # under each of its audiences in the index
    assert "/publico/4303/catalogo/" in html


def test_it_is_drawn_whole(desk: Client) -> None:
    with make.inside() as head:
        site = make.queue().site
        make.entry("Con lugar", places=[Place(site, "mañanas")], unit=make.unit_of(head))
    content = desk.get("/catalogo/imprimir/").content
    assert content.startswith(b"%PDF-")
    assert len(content) > 10_000


def test_with_nothing_published_there_is_nothing_to_print(db: None) -> None:
    client = Client()
    client.force_login(make.posting(Role.COUNTERPART).account)
    answer = client.get("/catalogo/imprimir/")
    assert answer.status_code == 422
    assert "Todavía no hay nada publicado" in answer.content.decode()


def test_the_index_keeps_groups_whole_and_in_order_in_columns_of_about_the_same_length() -> None:
    groups = [Group(str(number), "", "", [object()] * size) for number, size in enumerate((5, 1, 4, 2, 6))]  # type: ignore[list-item]  # only counted
    columns = in_columns(groups, 3)
    assert [group.code for column in columns for group in column] == ["0", "1", "2", "3", "4"]
    assert [len(column) for column in columns] == [2, 2, 1]
    assert in_columns(groups[:1], 3)[1] == [groups[0]]


def test_every_audience_has_its_drawing() -> None:
    from ventanilla.catalogue.models.content import Audience
    from ventanilla.catalogue.publishing.telling import ICONS

    assert set(ICONS) == {"", *Audience.values}
    assert all("<path" in drawing(name) or "<circle" in drawing(name) for name in ICONS.values())
