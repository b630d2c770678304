"""The day's mix: two hundred operators of many municipalities who search, look, attend and go on, for some minutes.

Each asks, reads the answer and thinks before the next; the pace that is asked of the server is ``OPERATORS / THINKS``
a second, whether it keeps it or not. All of them are threads of one process that sleep nearly always.
"""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from bench.clients import Client, misspelt
from bench.operators import make_ready, postings_at_desks, signed_in
from bench.population import TOWN
from bench.server import PORT

if TYPE_CHECKING:
    from ventanilla.access.models import Posting

OPERATORS = 200
AT_TOWN = 0.3
"""Of them, those of the town of 300,000, as its people are of the country's."""
THINKS = 8.0
"""Seconds between an act and the next, on average: some thirty answers a second in all: some acts take two."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    id: UUID
    run: str
    given_names: str
    first_surname: str


@dataclass(slots=True)
class Operator:
    """One at her desk, with the neighbours who come to her and the reason they come for."""

    client: Client
    neighbours: list[Neighbour]
    reason: UUID
    choice: random.Random
    in_attention: Neighbour | None = None

    def somebody(self) -> Neighbour:
        return self.choice.choice(self.neighbours)


@dataclass(slots=True)
class Day:
    """Milliseconds of the answers of each kind, and how many were not what was asked."""

    minutes: float
    times: dict[str, list[float]] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, began: float, *, is_right: bool) -> None:
        took = (time.perf_counter() - began) * 1000
        with self.lock:
            self.times.setdefault(kind, []).append(took)
            self.wrong[kind] = self.wrong.get(kind, 0) + (not is_right)

    @property
    def a_second(self) -> float:
        return sum(map(len, self.times.values())) / (self.minutes * 60)

    def rows(self) -> Iterator[tuple[str, int, float, float, int]]:
        """Kind, answers, median, p95, wrong ones."""
        for kind, times in self.times.items():
            p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
            yield kind, len(times), statistics.median(times), p95, self.wrong[kind]


def by_run(operator: Operator) -> Iterator[bool]:
    somebody = operator.somebody()
    yield operator.client.post("/buscar/opciones/", q=somebody.run) == 200


def by_name(operator: Operator) -> Iterator[bool]:
    somebody = operator.somebody()
    words = f"{somebody.given_names.split()[0]} {misspelt(somebody.first_surname, operator.choice.randrange(10_000))}"
    yield operator.client.post("/buscar/opciones/", q=words) == 200


def screening(operator: Operator) -> Iterator[bool]:
    """Of whom she attends: choosing somebody is what opens the file."""
    if operator.in_attention is None:
        operator.in_attention = operator.somebody()
        yield operator.client.post(f"/consultas/iniciar/{operator.in_attention.id}/") == 302
    yield operator.client.get(f"/personas/{operator.in_attention.id}/ficha/") == 200


def attention(operator: Operator) -> Iterator[bool]:
    """Begun, if it was not, and ended with one reason answered."""
    somebody = operator.in_attention or operator.somebody()
    yield operator.client.post(f"/consultas/iniciar/{somebody.id}/") == 302
    ended = {"channel": "in_person", "requester": "self", "version": "1", "end": "1"}
    ended |= {f"m-{operator.reason}-marked": "on", f"m-{operator.reason}-outcome": "informed"}
    operator.in_attention = None
    yield operator.client.post(operator.client.location, **ended) == 302


def lists(operator: Operator) -> Iterator[bool]:
    yield operator.client.get(operator.choice.choice(("/", "/", "/consultas/"))) == 200


MIX: tuple[tuple[str, Callable[[Operator], Iterator[bool]], int], ...] = (
    ("búsqueda por RUN", by_run, 30),
    ("búsqueda por nombre", by_name, 15),
    ("ficha", screening, 25),
    ("consulta: inicio y término", attention, 15),
    ("inicio y lista de consultas", lists, 15),
)


def _work(operator: Operator, day: Day, until: float) -> None:
    names, acts, weights = zip(*MIX, strict=True)
    while True:
        time.sleep(operator.choice.expovariate(1 / THINKS))
        if time.monotonic() > until:
            return
        at = operator.choice.choices(range(len(acts)), weights)[0]
        began = time.perf_counter()
        try:
            for is_right in acts[at](operator):
                day.note(names[at], began, is_right=is_right)
                began = time.perf_counter()
        except OSError:  # nobody answered
            day.note(names[at], began, is_right=False)


def live(minutes: float) -> Day:
    """Whatever their answers, every operator goes on until the time is over."""
    operators = list(_operators())
    day = Day(minutes)
    until = time.monotonic() + minutes * 60
    with _small_stacks():
        threads = [threading.Thread(target=_work, args=(operator, day, until)) for operator in operators]
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    return day


@contextmanager
def _small_stacks() -> Iterator[None]:
    before = threading.stack_size(256 * 1024)
    yield
    threading.stack_size(before)


def _operators() -> Iterator[Operator]:
    """Those of the town and, one by one, those of the rest of the country; an account may open several sessions."""
    choice = random.Random(4303)
    town = postings_at_desks(int(TOWN))
    others = [posting for posting in postings_at_desks() if posting.institution_id != int(TOWN)]
    choice.shuffle(others)
    there = round(OPERATORS * AT_TOWN) if others else OPERATORS
    chosen = [town[n % len(town)] for n in range(there)]
    chosen += [others[n % len(others)] for n in range(OPERATORS - there)]
    known: dict[object, tuple[list[Neighbour], UUID]] = {}
    for number, posting in enumerate(chosen):
        if posting.pk not in known:
            known[posting.pk] = _around(make_ready(posting))
        neighbours, reason = known[posting.pk]
        # Each has her own part of those who come, or two sessions of an account would attend the same.
        yield Operator(signed_in(posting, PORT), neighbours[number % 7 :: 7], reason, random.Random(number))


def _around(posting: "Posting") -> tuple[list[Neighbour], UUID]:
    from ventanilla.access.operators import actor_in
    from ventanilla.access.tenancy import acting
    from ventanilla.catalogue.models import Reason
    from ventanilla.registry.models import Person

    with acting(actor_in(posting)):
        rows = Person.objects.exclude(run=None).values_list("pk", "run", "given_names", "first_surname")[:1_000]
        people = [Neighbour(id, run or "", given, surname) for id, run, given, surname in rows]
        return people, Reason.objects.in_use().get(national_id="information").pk
