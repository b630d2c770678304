"""The edge to other systems: one POST, to where it may go, answered in time or not taken."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 10
"""For which its whole answer is waited for."""

_TAKEN = range(200, 300)
_CARRIES_IPV4 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
"""What a network without IPv4 writes for one (RFC 6052), and what it once was written as."""

_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, ": su certificado no es de confianza, o es de otro servidor."),
    (ssl.SSLError, ": no se pudo cifrar la conexión."),
    (socket.gaierror, ": ese nombre de servidor no se encuentra."),
    (UnicodeError, ": ese nombre de servidor no puede existir."),
    (ConnectionRefusedError, ": nadie atiende en esa dirección."),
    (TimeoutError, ": nadie contestó a tiempo."),
)
"""Why there was no connection; the first that fits."""


class Refused(Exception):
    """It is not sent there."""


def objection_to(url: str) -> str:
    """Why no event is sent there, in words; empty when it may. Names are looked up when it is sent."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return "La dirección lleva letras o espacios que ninguna lleva: cópiela como la entrega el otro sistema."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "La dirección no está bien escrita."
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return "La dirección empieza con https:// y dice un servidor."
    if not all(0 < len(label) < 64 for label in parts.hostname.removesuffix(".").split(".")):
        return "Ese nombre de servidor no puede existir."
    if parts.username or parts.password or parts.fragment:
        return "La dirección no lleva usuario, contraseña ni #."
    if parts.scheme == "http" and not settings.EVENTS_TO_LOOPBACK:
        return "La dirección empieza con https://: lo que se avisa no viaja abierto."
    if port == 0:
        return "El puerto no existe."
    return ""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int | None, str]:
    """The status it answered and why it was not taken, empty when it was. No redirection is followed.

    The name is looked up once and the connection goes to an address that was checked: a name cannot change in between.
    Raises ``Refused`` when it has none but those of the inner network.
    """
    if why := objection_to(url):
        raise Refused(why)
    parts = urlsplit(url)
    assert parts.hostname
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        wire = _wire_to(_addresses_of(parts.hostname, port), port)
    except (OSError, ValueError) as error:  # a name that cannot be looked up is no OSError
        return None, _words_for(error)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=SECONDS)
    connection.default_port = 443 if secure else 80  # the port is named when it is another
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    with _hanging_up(wire) as is_over:
        try:
            connection.sock = _encrypted(wire, parts.hostname) if secure else wire
            connection.request("POST", target, body=body, headers=dict(headers))
            status = connection.getresponse().status
        except ssl.SSLError as error:
            return None, _words_for(error)
        except TimeoutError:
            return None, f"No respondió en {SECONDS} segundos."
        except (OSError, ValueError, http.client.HTTPException):
            return None, "No respondió: cortó la conexión, o no habla como un servidor web."
        finally:
            connection.close()
    if is_over.is_set():  # cut in the middle, what came may look whole
        return None, f"No respondió en {SECONDS} segundos."
    return status, "" if status in _TAKEN else f"Respondió {status}."


def _encrypted(wire: socket.socket, host: str) -> socket.socket:
    return ssl.create_default_context().wrap_socket(wire, server_hostname=host)


@contextmanager
def _hanging_up(wire: socket.socket) -> Iterator[threading.Event]:
    """Hang up once the time is over, however slowly the other side goes on: a socket's own limit begins anew with each
    byte, and one who sends a byte now and then would keep a worker for ever. Tells whether it was done.
    """
    is_over, line = threading.Event(), wire.dup()  # encrypted, the first one is taken over

    def hang_up() -> None:
        is_over.set()
        with suppress(OSError):  # it had hung up by itself
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(SECONDS, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()
        line.close()


def _addresses_of(host: str, port: int) -> list[str]:
    """Those it may be told at; none of the inner network."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if allowed := [text for text in found if _is_allowed(ipaddress.ip_address(text))]:
        return allowed
    raise Refused("Esa dirección es de una red interna: no se avisa ahí.")


def _wire_to(addresses: Sequence[str], port: int) -> socket.socket:
    """To the first that takes the call. They share the time: one that is silent leaves some for the next."""
    deadline = time.monotonic() + SECONDS
    *others, last = addresses
    for tried, address in enumerate(others):
        with suppress(OSError):
            return _call(address, port, (deadline - time.monotonic()) / (len(addresses) - tried))
    return _call(last, port, deadline - time.monotonic())


def _call(address: str, port: int, seconds: float) -> socket.socket:
    wire = socket.create_connection((address, port), timeout=seconds)
    wire.settimeout(SECONDS)
    return wire


def _words_for(error: Exception) -> str:
    return "No se pudo conectar" + next((words for kind, words in _WORDS if isinstance(error, kind)), ".")


def _is_allowed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return _is_of_everybody(address) or (address.is_loopback and settings.EVENTS_TO_LOOPBACK)


def _is_of_everybody(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is of the open network, also once a router has taken out the address of version 4 that it carries."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    carried = address.sixtofour or address.ipv4_mapped
    if any(address in network for network in _CARRIES_IPV4):
        carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return not address.is_site_local and (carried is None or carried.is_global)
