"""A real server, a real browser and an office with neighbours, for each story."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests import make
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Role
from ventanilla.registry.models import Membership, Person
from ventanilla.registry.vocabulary import FactKind, Kinship, Source

# Playwright's own event loop runs in this thread; Django would take it for ours and refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path(__file__).parents[2] / "docs/manual/img"


@dataclass(slots=True)
class Office:
    """The office of Monte Patria, as the stories know it, and a colleague of another municipality."""

    desk: Posting
    case_worker: Posting
    head: Posting
    foreigner: Posting
    rosa: Person
    luis: Person


@pytest.fixture(autouse=True)
def real_passwords(settings: LazySettings) -> None:
    """The server is another process, with the application's own hashers."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


@pytest.fixture
def office(transactional_db: None, real_passwords: None) -> Office:
    """Rosa's home, three operators of the UAS and one of Combarbalá."""
    from datetime import date, timedelta

    with make.inside(make.COMBARBALA):
        make.person("Rosa", "Araya", second_surname="Rojas")
    with make.inside():
        rosa = make.person(run="90214530-3")
        luis = make.person("Luis Alberto", second_surname="Pizarro", sex="male", birth_on=date(1948, 3, 2))
        martin = make.person("Martín Ignacio", "Castillo", second_surname="Araya", birth_on=date(2017, 2, 1))
        make.home(rosa, luis, martin)
        Membership.objects.filter(person=luis).update(kinship=Kinship.PARENT)
        soon = make.TODAY + timedelta(days=38)
        make.fact(FactKind.SUBSIDY, person=martin, value="suf", amount=22007, valid_until=soon, source=Source.SUBSIDIES)
        make.fact(FactKind.CARER, person=rosa, value="principal")
        make.fact(FactKind.DEPENDENCE, person=luis, value="moderada", source=Source.SENADIS)
        for given, surname in (("Rosa Elba", "Araya"), ("Rosa", "Haraya"), ("Rosario", "Araneda")):
            make.person(given, surname, second_surname="Cortés")
    return Office(
        desk=make.posting(Role.FRONT_DESK),
        case_worker=make.posting(Role.CASE_WORKER),
        head=make.posting(Role.UAS_HEAD),
        foreigner=make.posting(Role.CASE_WORKER, make.COMBARBALA),
        rosa=rosa,
        luis=luis,
    )


@dataclass(slots=True)
class Server:
    """The application's own server on a port of its own."""

    url: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def kill(self) -> None:
        """As a power cut does: no goodbye to anybody."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        port = self.url.rsplit(":", 1)[1]
        self.process = _start(int(port), self.environment)
        _wait(self.url, self.process)


def _start(port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    program = Path(sys.executable).parent / "ventanilla"
    return subprocess.Popen([program, "serve", f"--port={port}"], env=environment, stdout=subprocess.DEVNULL)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended before answering"
        try:
            urllib.request.urlopen(f"{url}/salud/", timeout=2)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("the server did not answer in a minute")


@pytest.fixture(scope="session")
def static_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for every server of the run, so that static files are compressed once."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def server(database_environment: dict[str, str], static_var: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"VENTANILLA_VAR": str(static_var), "VENTANILLA_DEMO": "1", "WORKERS": "2", "LOG_JSON": "0", "WORKER": "0"}
    environment = os.environ | database_environment | own
    process = _start(port, environment)
    server = Server(f"http://127.0.0.1:{port}", process, environment)
    try:
        _wait(server.url, process)
        yield server
    finally:
        server.process.terminate()
        server.process.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    assert found, "Falta Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


class Visit:
    """One person at one browser: signs in, looks, and is told of anything the page complains about."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context = context
        self.server = server
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        self.page.on(
            "console",
            lambda message: self.complaints.append(message.text) if "Content Security Policy" in message.text else None,
        )

    def sign_in(self, posting: Posting) -> "Visit":
        self.go("/ingresar/")
        self.page.get_by_label("Usuario").fill(posting.account.username)
        self.page.get_by_label("Contraseña").fill(make.PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.server.url}/")
        return self

    def go(self, path: str) -> int:
        answer = self.page.goto(self.server.url + path)
        assert answer is not None
        return answer.status

    def search(self, text: str) -> None:
        self.page.keyboard.press("/")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def shot(self, name: str) -> None:
        """Keep the page for the manual, when asked by ``VENTANILLA_SHOTS=1``."""
        if os.environ.get("VENTANILLA_SHOTS"):
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(path=SHOTS / f"{name}.png", animations="disabled")

    def violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA, with every fold of the page open; an open menu would cover the page."""
        self.page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((fold) => { fold.open = true; })")
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": tags}})
        return [f"{rule['id']}: {node['html']}" for rule in found.response["violations"] for node in rule["nodes"]]

    def overflows(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """A visitor on a desktop, whose browser must have had nothing to complain about in the end."""
    context = browser.new_context(viewport=DESKTOP, locale="es-CL")
    visitor = Visit(context, server)
    yield visitor
    context.close()
    assert visitor.complaints == []
    assert visitor.hosts <= {server.url.split("/")[2]}


@pytest.fixture
def another_visit(browser: Browser, server: Server) -> Iterator[Visit]:
    context = browser.new_context(viewport=DESKTOP, locale="es-CL")
    yield Visit(context, server)
    context.close()


@pytest.fixture
def phone_visit(browser: Browser, server: Server) -> Iterator[Visit]:
    context = browser.new_context(viewport=PHONE, locale="es-CL", has_touch=True, is_mobile=True)
    yield Visit(context, server)
    context.close()


@pytest.fixture
def scriptless_visit(browser: Browser, server: Server) -> Iterator[Visit]:
    context = browser.new_context(viewport=DESKTOP, locale="es-CL", java_script_enabled=False)
    yield Visit(context, server)
    context.close()
