"""gunicorn's threads, given only requests that came whole: a client that sends slowly costs memory, never a thread."""

import re
import socket
import struct
import time
from contextlib import suppress
from enum import Enum, auto
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import http, util
from gunicorn.workers.gthread import TConn, ThreadWorker

PATIENCE = 30.0
"""Seconds a client has to send its request, from connecting or from its last answer."""

LARGEST = 6 * 1024 * 1024
"""Bytes of a body that are waited for, more than the largest file of a referral; a larger one is not read further."""

LARGEST_HEAD = 64 * 1024

_BLOCKED_FOR = struct.pack("ll", 30, 0)  # seconds and microseconds that a thread waits for the client at most
_LENGTH = re.compile(rb"\r\ncontent-length:([^\r]*)", re.IGNORECASE)
_DIGITS = re.compile(rb"\d{1,18}")
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r]*chunked", re.IGNORECASE)
_END_OF_CHUNKS = b"0\r\n\r\n"


class Progress(Enum):
    """How far a request has come."""

    PARTIAL = auto()
    WHOLE = auto()
    HOPELESS = auto()  # too large to be served, whatever comes


def progress(received: bytes | bytearray) -> Progress:
    """Whether these bytes are a request with its body."""
    head_end = received.find(b"\r\n\r\n")
    if head_end < 0:
        return Progress.HOPELESS if len(received) > LARGEST_HEAD else Progress.PARTIAL
    head, so_far = bytes(received[: head_end + 2]), len(received) - head_end - 4
    if is_chunked(head):
        is_whole, is_hopeless = received.endswith(_END_OF_CHUNKS), so_far > LARGEST
    else:
        given = _LENGTH.search(head)
        digits = _DIGITS.fullmatch(given[1].strip()) if given else None
        wanted = int(digits[0]) if digits else 0
        is_whole, is_hopeless = so_far >= wanted, wanted > LARGEST or (given is not None and digits is None)
    if is_hopeless:
        return Progress.HOPELESS
    return Progress.WHOLE if is_whole else Progress.PARTIAL


def is_chunked(head: bytes | bytearray) -> bool:
    return bool(_CHUNKED.search(head))


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A client, and what it has sent of its next request."""

    parser: Any

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.received = bytearray()
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            self.sock.setsockopt(socket.SOL_SOCKET, option, _BLOCKED_FOR)
        self.await_request()

    def await_request(self) -> None:
        self.timeout = time.monotonic() + PATIENCE

    def gather(self) -> bool:
        """Take what has come, without waiting; whether the request can be answered now."""
        self.sock.setblocking(False)
        if self.parser is not None:
            self.received += self.parser.unreader.take_buffered()
        with suppress(BlockingIOError):
            while progress(self.received) is Progress.PARTIAL:
                some = self.sock.recv(65536)
                if not some:
                    break
                self.received += some
            return True
        return False

    def hand_over(self) -> None:
        """Give the parser what was gathered; it finds an end where it would otherwise wait for more.

        Chunks are not counted here, only how they end, so a connection that uses them is good for one request.
        """
        if self.parser is None:
            self.parser = http.get_parser(self.cfg, self.sock, self.client)
        self.parser.unreader.unread(bytes(self.received))
        if progress(self.received) is not Progress.WHOLE or is_chunked(self.received):
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RD)
        self.received.clear()
        self.data_ready = True

    def close(self, graceful: bool = False) -> None:
        """Never lingering, which would stop the loop: nothing is left unread of a request that came whole."""
        util.close(self.sock)


class WholeRequestWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Its loop gathers requests from every connection; its threads answer them."""

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another worker took it, or it left
            return
        self.nr_conns += 1
        self.enqueue_req(Connection(self.cfg, client, address, listener.getsockname()))

    def enqueue_req(self, conn: Connection) -> None:
        try:
            is_ready = conn.gather()
        except OSError:  # it went away
            self.nr_conns -= 1
            conn.close()
            return
        if is_ready:
            conn.hand_over()
            super().enqueue_req(conn)
            return
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        conn.await_request()
        super().on_client_socket_readable(conn, client)

    def murder_pending(self) -> None:
        """Those whose time is over; all of them when the worker is to stop, for they have asked nothing yet."""
        if not self.alive:
            for conn in self.pending_conns:
                conn.timeout = 0
        super().murder_pending()
