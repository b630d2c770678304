"""The page that programmers of a municipality follow: its orders, one after the other, do what it says."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

from tests import make
from tests.api.conftest import Call, Operator
from tests.api.write_openapi import COMMITTED

PAGE = COMMITTED.with_name("README.md")


@dataclass(frozen=True, slots=True)
class Order:
    """What one ``curl`` asks."""

    method: str
    path: str
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def orders(page: Path) -> list[str]:
    """Every ``curl`` of the page's shell blocks, its lines joined."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl")]


def read(order: str, known: dict[str, str]) -> Order:
    """The words of the order, as a shell would find them."""
    words = iter(shlex.split(Template(order).substitute(known))[1:])
    method, path, body, headers = "", "", "", {}
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-d":
                body = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-i" | "-s":
                continue
            case _:
                path = word.removeprefix("api")
    headers.pop("Content-Type", None)
    return Order(method or ("POST" if body else "GET"), path, body, headers)


def learn(known: dict[str, str], order: Order, answer: Any) -> None:
    """What the page tells to keep for the orders that follow."""
    if order.path == "/reasons":
        known["MOTIVO"] = next(one["id"] for one in answer.json()["items"] if one["national_id"] == "information")
    if order.method == "POST" and order.path in ("/people", "/consultations"):
        known["PERSONA" if order.path == "/people" else "CONSULTA"] = answer.json()["id"]
    if order.method == "GET" and order.path in ("/queues", "/agendas"):
        (only,) = answer.json()["items"]
        known |= {"FILA": only["id"], "MODULO": only["desk_ids"][0]} if "desk_ids" in only else {"AGENDA": only["id"]}
    if order.path == "/catalogue/entries":
        known["PRESTACION"] = answer.json()["items"][0]["id"]
    if order.path.endswith("/slots"):
        known["HORA"] = answer.json()["items"][0]["starts_at"]
    if "ETag" in answer.headers and order.path.startswith("/consultations/"):
        known["ETAG"] = answer.headers["ETag"].replace('"', '\\"')  # as it stands within the quotes of the order


def test_the_page_can_be_followed_from_its_first_order_to_its_last(call: Call, desk: Operator) -> None:
    with make.inside():
        make.person("Rosa Elvira", "Araya")
        make.agenda(make.queue())
        make.entry("Vale de gas")
    known = {"URL": "api", "LLAVE": desk.token}
    told = []
    for text in orders(PAGE):
        order = read(text, known)
        answer = call(None, order.method, order.path, order.body, **order.headers)
        told.append((order.method, re.sub(r"[0-9a-f-]{36}", "…", order.path), answer.status_code))
        assert answer.status_code < 400, (text, answer.content)
        learn(known, order, answer)
        if order.headers.get("Idempotency-Key") == "registro-0001" and len(told) == 4:
            assert answer.headers["Idempotency-Replayed"] == "true"
    assert told == [
        ("GET", "/reasons", 200),
        ("POST", "/people/search", 200),
        ("POST", "/people", 201),
        ("POST", "/people", 201),
        ("POST", "/consultations", 201),
        ("GET", "/people/…/screening?profile=summary", 200),
        ("GET", "/consultations/…", 200),
        ("PUT", "/consultations/…", 200),
        ("POST", "/consultations/…/attend", 200),
        ("GET", "/queues", 200),
        ("POST", "/tickets", 201),
        ("POST", "/tickets/call", 200),
        ("GET", "/agendas", 200),
        ("GET", "/agendas/…/slots", 200),
        ("POST", "/appointments", 201),
        ("GET", "/catalogue/entries", 200),
        ("GET", "/catalogue/entries?q=gas", 200),
        ("GET", "/catalogue/entries/…", 200),
        ("GET", "/catalogue/entries/…/versions", 200),
        ("GET", "/consultations/…", 200),
        ("GET", "/consultations?state=resolved", 200),
    ]
