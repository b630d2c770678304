"""A client that sends slowly, or nothing, does not keep the others from being attended."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from ventanilla.config.whole_requests import LARGEST, LARGEST_HEAD, Progress, progress

MANY = 60
"""More than all threads of all workers."""
SOON = 5
"""Seconds. A thread held by any of them would be held for longer."""


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (b"", Progress.PARTIAL),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", Progress.PARTIAL),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", Progress.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", Progress.PARTIAL),
        (b"POST / HTTP/1.1\r\ncontent-length:3\r\n\r\nabc", Progress.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", Progress.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LARGEST + 1), Progress.HOPELESS),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", Progress.HOPELESS),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", Progress.HOPELESS),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", Progress.PARTIAL),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", Progress.WHOLE),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"x" * (LARGEST + 1), Progress.HOPELESS),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * LARGEST_HEAD, Progress.HOPELESS),
    ],
)
def test_a_request_is_whole_with_its_body_and_waited_for_only_if_it_may_be_served(
    received: bytes, expected: Progress
) -> None:
    assert progress(received) is expected


SERVER = """
import sys
from ventanilla.config.server import Server

def say_it_back(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body) + 2))])
    return [b"ok", body]

class Echo(Server):
    def load(self):
        return say_it_back

bind = sys.argv.pop()
Echo(bind, 2, lambda: print("ready", flush=True)).run()
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Our server, around an application that only says back what it was sent."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-c", SERVER, f"127.0.0.1:{free}"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"ready\n"
        yield free
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def everything(client: socket.socket) -> bytes:
    """What it answers until it closes."""
    return b"".join(iter(lambda: client.recv(65536), b""))


ASK = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nhola"


def answer(port: int, request: bytes = ASK) -> bytes:
    with closing(connect(port)) as client:
        client.sendall(request)
        return everything(client)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: 127.", id="half its head"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\nlogin=", id="half its body"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", id="half its chunks"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n0\r\n\r\n",
            id="a false end of chunks",
        ),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\nq=", id="half of too much"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", id="absurd"),
        pytest.param(ASK, id="all, and never closes"),
    ],
)
def test_many_slow_clients_keep_nobody_waiting(port: int, sent: bytes) -> None:
    with ExitStack() as slow:
        for _ in range(MANY):
            slow.enter_context(closing(connect(port))).sendall(sent)
        began = time.monotonic()
        for _ in range(8):
            assert answer(port).endswith(b"okhola")
        assert time.monotonic() - began < SOON


def test_a_request_that_comes_in_pieces_is_answered(port: int) -> None:
    with closing(connect(port)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for position in range(len(ASK)):
            client.sendall(ASK[position : position + 1])
        assert everything(client).endswith(b"okhola")


def test_a_body_in_chunks_is_answered(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert answer(port, head + b"4\r\nhola\r\n0\r\n\r\n").endswith(b"okhola")


def test_one_connection_serves_several_requests_also_sent_together(port: int) -> None:
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(kept):
        for body in (b"uno", b"dos", b"x" * 300_000):
            kept.request("POST", "/", body)
            assert kept.getresponse().read() == b"ok" + body
    together = ASK.replace(b"Connection: close\r\n", b"") + ASK
    assert answer(port, together).count(b"okhola") == 2


def test_a_client_that_leaves_in_the_middle_is_forgotten(port: int) -> None:
    for sent in (b"", ASK[:30], ASK[:-2]):
        with closing(connect(port)) as client:
            client.sendall(sent)
    assert answer(port).endswith(b"okhola")
