"""The manual inside the application: every chapter opens, every link and image of it leads somewhere."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests import make

from ventanilla.access.permissions import Role
from ventanilla.config.manual import FOLDER, HELPS, help_url
from ventanilla.config.shell import DOORS

pytestmark = pytest.mark.django_db

CHAPTERS = sorted(path.stem for path in FOLDER.glob("*.md"))


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make.posting(Role.FRONT_DESK).account)
    return client


def test_every_chapter_opens_and_all_it_points_to_is_there(client: Client) -> None:
    assert len(CHAPTERS) >= 7
    for name in CHAPTERS:
        page = client.get(reverse("manual:chapter", args=[name])).content.decode()
        article = page.partition('<article class="panel prose">')[2].partition("</article>")[0]
        assert len(article) > 300, name
        assert "](" not in article, name
        for address in re.findall(r'(?:href|src)="([^"#]+)', article):
            assert client.get(address).status_code == 200, (name, address)


def test_the_cover_leads_to_every_chapter() -> None:
    cover = (FOLDER / "README.md").read_text()
    assert [name for name in CHAPTERS if name != "README" and f"({name}.md" not in cover] == []


def test_each_page_of_the_menu_says_where_its_help_is(client: Client) -> None:
    assert set(HELPS.values()) <= set(CHAPTERS)
    for _, _, _, name, _, _ in DOORS:
        assert client.get(help_url(name)).status_code == 200, name
    room = client.get(reverse("intake:room")).content.decode()
    assert f'href="{reverse("manual:chapter", args=["sala"])}"' in room


def test_nothing_outside_the_folder_is_shown(client: Client) -> None:
    for path in ("/ayuda/no-existe/", "/ayuda/..%2Ftour/", "/ayuda/img/no-existe.png"):
        assert client.get(path).status_code == 404, path
