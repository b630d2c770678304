"""The rows of the table: each work against the floor taken in the same run, at one client and at eight."""

import gzip
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from bench.catalogue import WORDS, fill
from bench.clients import Ask, Client, Times, measure, misspelt
from bench.operators import make_ready, postings_at_desks, program, signed_in
from bench.population import TOWN
from bench.referrals import fill_referrals
from bench.server import PORT

if TYPE_CHECKING:
    from ventanilla.access.models import Posting

CLIENTS = (1, 8)


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
    times: Times
    floor: Times | None
    budget: str


def operator() -> "Posting":
    """The one who is measured, of the town of 300,000."""
    return make_ready(postings_at_desks(int(TOWN))[0])


def measured(questions: int, only: str = "") -> Iterator[Row]:
    """Each row; with ``only``, those whose work is called so in part."""
    from ventanilla.access.operators import actor_in
    from ventanilla.access.tenancy import acting
    from ventanilla.catalogue.models import Reason
    from ventanilla.intake.actions import start_consultation
    from ventanilla.registry.models import Membership, Person

    posting = operator()
    fill(posting)
    fill_referrals(posting)
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

    def lookup(client: Client, number: int) -> bool:
        person = people[number % len(people)]
        return client.post("/buscar/opciones/", q=person.run) == 200 and str(person.id).encode() in plain(client.last)

    def search(client: Client, number: int) -> bool:
        person = people[number % len(people)]
        words = f"{person.given_names.split()[0]} {misspelt(person.first_surname, number)}"
        return client.post("/buscar/opciones/", q=words) == 200

    def screening(client: Client, number: int) -> bool:
        return client.get(f"/personas/{subjects[number % len(subjects)].pk}/ficha/") == 200

    def listing(client: Client, number: int) -> bool:
        return client.get("/consultas/") == 200

    def home(client: Client, number: int) -> bool:
        return client.get("/") == 200

    def receive(client: Client, number: int) -> bool:
        person = subjects[number % len(subjects)].pk
        return client.get(f"/personas/{person}/podria-recibir/panel/") == 200 and b"Qu\xc3\xa9 podr" in plain(
            client.last
        )

    def entries(client: Client, number: int) -> bool:
        asked = quote(WORDS[number % len(WORDS)][:-1])
        return client.get(f"/catalogo/?q={asked}") == 200

    def pending(client: Client, number: int) -> bool:
        return client.get("/consultas/pendientes/") == 200

    def box(client: Client, number: int) -> bool:
        return client.get("/derivaciones/") == 200 and b"D-B-" in plain(client.last)

    def board(client: Client, number: int) -> bool:
        return client.get("/derivaciones/?vista=tablero") == 200

    def ended(client: Client, number: int) -> bool:
        return client.get("/derivaciones/?caja=terminadas") == 200

    works = (
        ("persona por RUN", lookup, "/piso/fragmento/?escribe=1", "≤ 2 × piso"),
        ("búsqueda por nombre con falta", search, "/piso/fragmento/?escribe=1", "≤ 4 × piso o 50 ms"),
        ("ficha (perfil resumido)", screening, "/piso/pagina/?escribe=1", "≤ 4 × piso"),
        ("lista de 50 consultas", listing, "/piso/pagina/?escribe=1", "≤ 3 × piso"),
        ("bandeja", home, "/piso/pagina/?escribe=1", "≤ 3 × piso"),
        ("50 pendientes de la unidad", pending, "/piso/pagina/?escribe=1", "≤ 3 × piso"),
        ("derivaciones de entrada, 50 de 200.000", box, "/piso/pagina/?escribe=1", "≤ 3 × piso"),
        ("derivaciones, tablero de 48", board, "/piso/pagina/?escribe=1", "≤ 3 × piso"),
        ("derivaciones terminadas, 50 de 196.000", ended, "/piso/pagina/?escribe=1", "≤ 3 × piso"),
        ("qué podría recibir, 60 prestaciones", receive, "/piso/fragmento/?escribe=1", "≤ 4 × piso"),
        ("búsqueda en el catálogo", entries, "/piso/pagina/", "≤ 2 × piso"),
    )
    for name, ask, floor_path, budget in works:
        if only not in name:
            continue
        for count in CLIENTS:
            clients = [signed_in(posting, PORT) for _ in range(count)]
            ask(clients[0], 0)
            floor_path += "&" if "?" in floor_path else "?"
            size = _bytes_beyond_the_shell(clients[0], floor_path)

            def floor(client: Client, number: int, path: str = f"{floor_path}bytes={size}") -> bool:
                return client.get(path) == 200

            half = questions // 2
            before = measure(floor, clients, half)
            times = measure(ask, clients, questions)
            after = measure(floor, clients, half)
            yield Row(name, count, times, _joined(before, after), budget)
    if only:
        return
    with acting(actor):
        reason = Reason.objects.in_use().get(national_id="information")
    clients = [signed_in(posting, PORT) for _ in range(8)]
    budget = "≥ 100 por segundo"
    by_page = measure(_attend(people, reason.pk), clients, questions)
    yield Row("consulta creada y atendida, página", 8, by_page, None, budget)
    programs = [program(posting, PORT) for _ in range(8)]
    by_api = measure(_attend_by_api(people[::-1], reason.pk), programs, questions)
    yield Row("consulta creada y atendida, API", 8, by_api, None, budget)


def _bytes_beyond_the_shell(client: Client, floor_path: str) -> int:
    """How much filling makes the floor weigh what the page just answered weighs, before compression."""
    wanted = len(plain(client.last))
    client.get(floor_path + "bytes=0")
    return max(wanted - len(plain(client.last)), 0)


def plain(body: bytes) -> bytes:
    """An answer without its compression."""
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def _joined(first: Times, second: Times) -> Times:
    both = [*first.milliseconds, *second.milliseconds]
    return Times(both, (first.a_second + second.a_second) / 2, first.wrong + second.wrong)


ATTENDED = {
    "channel": "in_person",
    "requester": "self",
    "version": "1",
    "end": "1",
}
"""What the desk sends for somebody who came for information."""


def _attend(people: Sequence[Known], reason_id: UUID) -> Ask:
    """Two POSTs: the person is chosen, and her attention ends with one reason answered."""
    ended = ATTENDED | {f"m-{reason_id}-marked": "on", f"m-{reason_id}-outcome": "informed"}

    def ask(client: Client, number: int) -> bool:
        person = people[number % len(people)].id
        return client.post(f"/consultas/iniciar/{person}/") == 302 and client.post(client.location, **ended) == 302

    return ask


def _attend_by_api(people: Sequence[Known], reason_id: UUID) -> Ask:
    """The same by the API."""
    line = {"reason_id": str(reason_id), "outcome": "informed"}

    def ask(client: Client, number: int) -> bool:
        person = people[number % len(people)].id
        begun = client.post_json("/api/v1/consultations", {"person_id": str(person)})
        end = {"version": begun["version"], "lines": [line]}
        ended = client.post_json(f"/api/v1/consultations/{begun['id']}/attend", end)
        return bool(ended) and ended["state"] == "resolved"

    return ask


def recall(count: int) -> float:
    """The share of people found among the first twenty by given name, and two surnames with a mistake in one."""
    from ventanilla.access.operators import actor_in
    from ventanilla.access.tenancy import acting
    from ventanilla.core import clock
    from ventanilla.registry.models import Person
    from ventanilla.registry.search import search_people

    actor = actor_in(operator())
    found = 0
    with acting(actor):
        people = list(Person.objects.exclude(second_surname="").order_by("id")[: count * 40])
        sample = random.Random(11).sample(people, min(count, len(people)))
        for number, person in enumerate(sample):
            text = f"{person.given_names.split()[0]} {misspelt(person.first_surname, number)} {person.second_surname}"
            matches = search_people(text, by=actor, on=clock.today(), limit=20).matches
            found += any(match.person.pk == person.pk for match in matches)
    return 100 * found / max(len(sample), 1)
