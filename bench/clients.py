"""Clients that ask the server over HTTP and time each answer from outside."""

import http.client
import json
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

Ask = Callable[["Client", int], bool]
"""Asks once; ``int`` is the number of the question. Whether the answer was right."""


@dataclass(slots=True)
class Client:
    """A browser with a session, or a program: then ``token`` is of the API and there is no cookie. The server closes
    after each answer, as ours does.
    """

    port: int
    cookie: str
    token: str
    last: bytes = b""
    location: str = ""

    def get(self, path: str) -> int:
        return self._send("GET", path, None)

    def post(self, path: str, **fields: str) -> int:
        return self._send("POST", path, urlencode(fields | {"csrfmiddlewaretoken": self.token}))

    def post_json(self, path: str, fields: dict[str, Any]) -> Any:
        """What the API answers, when it does as asked."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        status = self._ask("POST", path, json.dumps(fields), headers)
        return json.loads(self.last) if status < HTTPStatus.BAD_REQUEST else None

    def _send(self, method: str, path: str, body: str | None) -> int:
        headers = {"Cookie": self.cookie, "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._ask(method, path, body, headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        self.last = answer.read()
        self.location = answer.headers.get("Location", "")
        connection.close()
        return answer.status


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each answer, and answers a second over the whole run."""

    milliseconds: Sequence[float]
    a_second: float
    wrong: int

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20)[-1]


def measure(ask: Ask, clients: Sequence[Client], questions: int) -> Times:
    """Share the questions among the clients, all at once, after a few that are not counted."""
    for number in range(min(20, questions)):
        ask(clients[number % len(clients)], number)
    times: list[float] = []
    wrong = [0]
    lock = threading.Lock()

    def run(client: Client, mine: range) -> None:
        for number in mine:
            began = time.perf_counter()
            right = ask(client, number)
            took = (time.perf_counter() - began) * 1000
            with lock:
                times.append(took)
                wrong[0] += not right

    threads = [
        threading.Thread(target=run, args=(client, range(start, questions, len(clients))))
        for start, client in enumerate(clients)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Times(times, len(times) / (time.perf_counter() - began), wrong[0])


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
