"""``make bench``: load a country at a scale, start the real server, measure the budgets, write the table.

Everything lives in a folder of its own under ``var/``; PostgreSQL is durable, row-level security is on, and the actor
is the least privileged operator.
"""

import argparse
import gzip
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from bench.clients import Ask, Client, Times
    from ventanilla.access.models import Posting

CHECKOUT = Path(__file__).resolve().parent.parent
PORT = 8765
CLIENTS = (1, 8)
BEGIN, END = "<!-- medido: inicio -->", "<!-- medido: fin -->"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the clients ask for."""

    id: UUID
    run: str
    given_names: str
    first_surname: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: work, its times, the floor's times in the same run, the budget in words."""

    work: str
    clients: int
    times: "Times"
    floor: "Times | None"
    budget: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    asked = float(os.environ.get("SCALE") or "0.05")
    options.add_argument("--scale", type=float, default=asked, help="1 is a million people in 345 municipalities")
    options.add_argument("--questions", type=int, default=400, help="answers measured for each row")
    given = options.parse_args()
    var = CHECKOUT / "var" / f"bench-{given.scale:g}"
    os.environ |= {"VENTANILLA_VAR": str(var), "VENTANILLA_DEMO": "1", "DJANGO_SETTINGS_MODULE": "bench.settings"}
    os.environ.pop("DATABASE_URL", None)

    from ventanilla.config.postgres.cluster import ensure_running, stop
    from ventanilla.config.postgres.migrate import migrate_as_owner, set_up_django

    var.mkdir(parents=True, exist_ok=True)
    version = ensure_running(var).version
    try:
        set_up_django()
        migrate_as_owner()
        from bench import population

        population.write(var / "files", given.scale)
        rows, seconds = population.load(var / "files")
        if rows:
            print(f"loaded {rows:,} rows in {seconds:.0f} s, {rows / seconds:,.0f} rows a second", flush=True)
        _refresh_statistics(var)
        with _server(var):
            table = list(_measure(given.questions))
        recall = _recall(300)
        report = _report(table, recall, scale=given.scale, version=version)
        print(report)
        _write(report)
    finally:
        stop(var)


def _refresh_statistics(var: Path) -> None:
    """What autovacuum does within minutes of a load, now, so that the run does not depend on when it wakes."""
    from ventanilla.config.postgres.roles import connect, owner_database

    with connect(owner_database(var)) as owner:
        owner.execute("vacuum analyze")


@contextmanager
def _server(var: Path) -> Iterator[None]:
    import http.client

    start = (
        "from ventanilla.config import server; from ventanilla.config.postgres.migrate import set_up_django;"
        f" set_up_django(); server.serve(host='127.0.0.1', port={PORT}, workers=2, when_ready=lambda: None)"
    )
    with (var / "server.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-c", start], cwd=CHECKOUT, stdout=log, stderr=log)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise SystemExit((var / "server.log").read_text())
            try:
                probe = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
                probe.request("GET", "/salud/")
                probe.getresponse()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def _operator() -> "Posting":
    """The least privileged operator of the town, who has signed the agreement."""
    from bench.population import TOWN
    from ventanilla.access.actions import sign_agreement
    from ventanilla.access.models import AgreementSignature, Posting
    from ventanilla.access.operators import actor_in
    from ventanilla.access.requirements import sha256_of, text_in_force

    desk = Posting.objects.filter(institution_id=int(TOWN), role="front_desk", unit__isnull=False)
    posting = desk.with_context().order_by("id")[0]
    if not AgreementSignature.objects.filter(account=posting.account_id).exists():
        sign_agreement(by=actor_in(posting), sha256=sha256_of(text_in_force()))
    return posting


def _client(posting: "Posting") -> "Client":
    """A session made as signing in makes it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.middleware.csrf import _get_new_csrf_string

    from bench.clients import Client
    from ventanilla.access.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(posting.account_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = posting.account.get_session_auth_hash()
    session["posting"] = str(posting.pk)
    session["seen"] = time.time()
    session.save()
    token = _get_new_csrf_string()
    return Client(PORT, f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={token}", token)


def _program(posting: "Posting") -> "Client":
    from bench.clients import Client
    from ventanilla.access.actions import issue_token
    from ventanilla.access.actors import Actor
    from ventanilla.access.permissions import Agent

    by = Actor(Agent.COMMAND, posting.institution_id)
    return Client(PORT, "", issue_token(posting, by=by, name="medición", days=1))


def _measure(questions: int) -> Iterator[Row]:
    from bench.clients import measure
    from ventanilla.access.operators import actor_in
    from ventanilla.access.tenancy import acting
    from ventanilla.catalogue.models import Reason
    from ventanilla.intake.actions import start_consultation
    from ventanilla.registry.models import Membership, Person

    posting = _operator()
    actor = actor_in(posting)
    choice = random.Random(7)
    with acting(actor):
        rows = Person.objects.exclude(run=None).values_list("pk", "run", "given_names", "first_surname")
        everybody = [Known(id, run or "", given, surname) for id, run, given, surname in rows[:20_000]]
        people = choice.sample(everybody, min(5_000, len(everybody)))
        at_home = Membership.objects.filter(ends_on__isnull=True).select_related("person")
        subjects = [membership.person for membership in at_home[:50]]
        for person in subjects:
            start_consultation(person, by=actor)

    def lookup(client: "Client", number: int) -> bool:
        person = people[number % len(people)]
        return client.post("/buscar/opciones/", q=person.run) == 200 and str(person.id).encode() in plain(client.last)

    def search(client: "Client", number: int) -> bool:
        person = people[number % len(people)]
        words = f"{person.given_names.split()[0]} {misspelt(person.first_surname, number)}"
        return client.post("/buscar/opciones/", q=words) == 200

    def screening(client: "Client", number: int) -> bool:
        return client.get(f"/personas/{subjects[number % len(subjects)].pk}/ficha/") == 200

    def listing(client: "Client", number: int) -> bool:
        return client.get("/consultas/") == 200

    def tray(client: "Client", number: int) -> bool:
        return client.get("/") == 200

    def pending(client: "Client", number: int) -> bool:
        return client.get("/consultas/pendientes/") == 200

    works = (
        ("persona por RUN", lookup, "/piso/fragmento/?escribe=1", "≤ 2 × piso"),
        ("búsqueda por nombre con falta", search, "/piso/fragmento/?escribe=1", "≤ 4 × piso o 50 ms"),
        ("ficha (perfil resumido)", screening, "/piso/pagina/?escribe=1", "≤ 4 × piso"),
        ("lista de 50 consultas", listing, "/piso/pagina/?", "≤ 3 × piso"),
        ("bandeja de 50 asuntos", tray, "/piso/pagina/?escribe=1", "≤ 3 × piso"),
        ("50 pendientes de la unidad", pending, "/piso/pagina/?escribe=1", "≤ 3 × piso"),
    )
    for name, ask, floor_path, budget in works:
        for count in CLIENTS:
            clients = [_client(posting) for _ in range(count)]
            ask(clients[0], 0)
            size = _bytes_beyond_the_shell(clients[0], floor_path)

            def floor(client: "Client", number: int, path: str = f"{floor_path}&bytes={size}") -> bool:
                return client.get(path) == 200

            half = questions // 2
            before = measure(floor, clients, half)
            times = measure(ask, clients, questions)
            after = measure(floor, clients, half)
            yield Row(name, count, times, _joined(before, after), budget)
    with acting(actor):
        reason = Reason.objects.in_use().get(national_id="information")
    clients = [_client(posting) for _ in range(8)]
    budget = "≥ 100 por segundo"
    by_page = measure(_attend(people, reason.pk), clients, questions)
    yield Row("consulta creada y atendida, página", 8, by_page, None, budget)
    programs = [_program(posting) for _ in range(8)]
    by_api = measure(_attend_by_api(people[::-1], reason.pk), programs, questions)
    yield Row("consulta creada y atendida, API", 8, by_api, None, budget)


def _bytes_beyond_the_shell(client: "Client", floor_path: str) -> int:
    """How much filling makes the floor weigh what the page just answered weighs, before compression."""
    wanted = len(plain(client.last))
    client.get(floor_path + "&bytes=0")
    return max(wanted - len(plain(client.last)), 0)


def plain(body: bytes) -> bytes:
    """An answer without its compression."""
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def _joined(first: "Times", second: "Times") -> "Times":
    from bench.clients import Times

    both = [*first.milliseconds, *second.milliseconds]
    return Times(both, (first.a_second + second.a_second) / 2, first.wrong + second.wrong)


ATTENDED = {
    "channel": "in_person",
    "requester": "self",
    "version": "1",
    "end": "1",
}
"""What the desk sends for somebody who came for information."""


def _attend(people: "Sequence[Known]", reason_id: UUID) -> "Ask":
    """Two POSTs: the person is chosen, and her attention ends with one reason answered."""
    ended = ATTENDED | {f"m-{reason_id}-marked": "on", f"m-{reason_id}-outcome": "informed"}

    def ask(client: "Client", number: int) -> bool:
        person = people[number % len(people)].id
        return client.post(f"/consultas/iniciar/{person}/") == 302 and client.post(client.location, **ended) == 302

    return ask


def _attend_by_api(people: "Sequence[Known]", reason_id: UUID) -> "Ask":
    """The same by the API."""
    line = {"reason_id": str(reason_id), "outcome": "informed"}

    def ask(client: "Client", number: int) -> bool:
        person = people[number % len(people)].id
        begun = client.post_json("/api/v1/consultations", {"person_id": str(person)})
        end = {"version": begun["version"], "lines": [line]}
        ended = client.post_json(f"/api/v1/consultations/{begun['id']}/attend", end)
        return bool(ended) and ended["state"] == "resolved"

    return ask


def misspelt(word: str, seed: int) -> str:
    """The word as somebody in a hurry writes it: one letter lost, doubled, exchanged, or one that sounds the same."""
    choice = random.Random(seed)
    at = choice.randrange(max(len(word) - 1, 1))
    alike = {"v": "b", "b": "v", "z": "s", "s": "z", "c": "s", "y": "ll", "j": "g", "h": "", "ñ": "n", "á": "a"}
    sounds = [position for position, letter in enumerate(word.lower()) if letter in alike]
    match choice.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2:
            return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        case _ if sounds:
            at = choice.choice(sounds)
            return word[:at] + alike[word[at].lower()] + word[at + 1 :]
    return word[:at] + word[at + 1 :]


def _recall(count: int) -> float:
    """The share of people found among the first twenty by given name, and two surnames with a mistake in one."""
    from ventanilla.access.operators import actor_in
    from ventanilla.access.tenancy import acting
    from ventanilla.core import clock
    from ventanilla.registry.models import Person
    from ventanilla.registry.search import search_people

    actor = actor_in(_operator())
    found = 0
    with acting(actor):
        people = list(Person.objects.exclude(second_surname="").order_by("id")[: count * 40])
        sample = random.Random(11).sample(people, min(count, len(people)))
        for number, person in enumerate(sample):
            text = f"{person.given_names.split()[0]} {misspelt(person.first_surname, number)} {person.second_surname}"
            matches = search_people(text, by=actor, on=clock.today(), limit=20).matches
            found += any(match.person.pk == person.pk for match in matches)
    return 100 * found / max(len(sample), 1)


def _report(table: list[Row], recall: float, *, scale: float, version: str) -> str:
    lines = [
        f"Escala {scale:g} (1 es un millón de personas en 345 municipalidades), PostgreSQL {version} durable,"
        f" {os.cpu_count()} procesadores compartidos por clientes, servidor y base. `make bench SCALE={scale:g}`.",
        "",
        "| Trabajo | Clientes | Mediana | p95 | Piso: mediana | Piso: p95 | p95 ÷ piso | Por segundo | Presupuesto |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for row in table:
        floor = row.floor
        middle = (
            f"{floor.p50:.1f} ms | {floor.p95:.1f} ms | {row.times.p95 / floor.p95:.2f}" if floor else "no aplica | | "
        )
        wrong = f" ({row.times.wrong} erradas)" if row.times.wrong else ""
        lines.append(
            f"| {row.work} | {row.clients} | {row.times.p50:.1f} ms | {row.times.p95:.1f} ms | {middle}"
            f" | {row.times.a_second:.0f}{wrong} | {row.budget} |"
        )
    lines.append("")
    lines.append(f"Recuerdo entre los primeros veinte, con una falta en el primer apellido: {recall:.1f} % (≥ 95 %).")
    return "\n".join(lines)


def _write(report: str) -> None:
    page = CHECKOUT / "docs" / "performance.md"
    text = page.read_text()
    block = f"{BEGIN}\n{report}\n{END}"
    page.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: block, text, flags=re.DOTALL))


if __name__ == "__main__":
    main()
