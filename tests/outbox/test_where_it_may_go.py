"""Where an event may go: by TLS to whom the certificate says, at each address of its name, never inside our network."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import HTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.conf import LazySettings
from tests.outbox.test_told_systems import System, subscribed, system, worker

from ventanilla.access.actors import Actor
from ventanilla.core.errors import RuleBroken
from ventanilla.outbox.posting import Refused, objection_to, post

__all__ = ["system", "worker"]
pytestmark = pytest.mark.django_db

UNTRUSTED = "su certificado no es de confianza, o es de otro servidor."


@pytest.fixture
def https(system: System, tmp_path: Path) -> Iterator[tuple[System, Path]]:
    """The same system behind TLS, with a certificate that only whoever is told trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    moment = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(1).not_valid_before(moment - timedelta(days=1)).not_valid_after(moment + timedelta(days=1))
    )
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = tmp_path / "cert.pem"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    server = HTTPServer(("127.0.0.1", 0), system.ears)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    system.url = f"https://127.0.0.1:{server.server_port}/avisos"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield system, certificate
    server.shutdown()


def test_it_is_sent_over_tls_to_whom_the_certificate_says_and_to_nobody_else(
    https: tuple[System, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    system, certificate = https
    status, failure = post(system.url, b"{}", {"webhook-id": "1"})
    assert (status, failure) == (None, f"No se pudo conectar: {UNTRUSTED}")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert post(system.url, b"{}", {"webhook-id": "1"}) == (204, "")
    ((headers, body),) = system.told
    assert (headers["host"], headers["webhook-id"], body) == (system.url.split("/")[2], "1", b"{}")
    elsewhere = system.url.replace("127.0.0.1", "localhost")
    assert UNTRUSTED in post(elsewhere, b"{}", {})[1]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://sistema.example/x", "no viaja abierto"),
        ("ftp://sistema.example/x", "empieza con https"),
        ("sistema.example", "empieza con https"),
        ("https://clave:secreta@sistema.example/x", "no lleva usuario"),
        ("https://sistema.example:99999/x", "no está bien escrita"),
        ("https:///x", "dice un servidor"),
        ("https://sistema.example/notificación", "letras o espacios"),
        ("https://sistema.example/a b", "letras o espacios"),
        ("https://a..b/x", "no puede existir"),
        (f"https://{'x' * 64}.example/", "no puede existir"),
    ],
)
def test_an_address_that_is_not_good_is_refused_in_words(worker: Actor, url: str, why: str) -> None:
    assert why in objection_to(url)
    with pytest.raises(RuleBroken, match=why) as refused:
        subscribed(worker, url)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost:8000/x",
        "https://10.0.0.8/x",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/x",
        "https://[fd00::1]/x",
        "https://0.0.0.0/x",
        "https://224.0.0.1/x",
        "https://[fec0::1]/x",
        "https://[::ffff:10.0.0.8]/x",
        "https://[64:ff9b::a9fe:a9fe]/x",
        "https://[2002:a00:8::1]/x",
    ],
)
def test_nothing_is_sent_into_the_inner_network(settings: LazySettings, url: str) -> None:
    settings.EVENTS_TO_LOOPBACK = False
    with pytest.raises(Refused, match="red interna"):
        post(url, b"{}", {})


# At which address


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What a name resolves to, by port as the system has it; numbers resolve to themselves."""
    names: dict[str, list[str]] = {}
    really = socket.getaddrinfo

    def look_up(host: str, port: int, *more: Any, **options: Any) -> list[Any]:
        found = names.get(host, [host])
        return [one for address in found for one in really(address, port, *more, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """Which addresses were called, and for how long each would have been waited for."""
    calls: list[tuple[str, float]] = []
    really = socket.create_connection

    def call(address: tuple[str, int], timeout: float) -> socket.socket:
        calls.append((address[0], timeout))
        return really(address, timeout=timeout)

    monkeypatch.setattr(socket, "create_connection", call)
    return calls


def named(system: System) -> str:
    return system.url.replace("127.0.0.1", "sistema.example")


def test_each_address_of_a_name_is_called_until_one_answers(
    system: System, known: dict[str, list[str]], called: list[tuple[str, float]]
) -> None:
    known["sistema.example"] = ["127.0.0.2", "127.0.0.3", "127.0.0.1"]
    assert post(named(system), b"{}", {}) == (204, "")
    assert [address for address, _ in called] == ["127.0.0.2", "127.0.0.3", "127.0.0.1"]
    assert called[0][1] < 4, "one that is silent leaves time for the others"
    ((headers, _),) = system.told
    assert headers["host"].startswith("sistema.example:"), "it is called by its name"


def test_of_its_addresses_those_of_the_inner_network_are_not_called(
    system: System, known: dict[str, list[str]], called: list[tuple[str, float]]
) -> None:
    known["sistema.example"] = ["10.0.0.8", "169.254.169.254", "127.0.0.1"]
    assert post(named(system), b"{}", {}) == (204, "")
    assert [address for address, _ in called] == ["127.0.0.1"]
    known["sistema.example"] = ["10.0.0.8", "169.254.169.254"]
    with pytest.raises(Refused, match="red interna"):
        post(named(system), b"{}", {})
    assert len(called) == 1


def test_a_name_is_looked_up_once(system: System, known: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """The second answer of a name server that lies would be of the inner network."""
    known["sistema.example"] = ["127.0.0.1"]
    looked_up: list[str] = []
    once = socket.getaddrinfo

    def look_up(host: str, *more: Any, **options: Any) -> Any:
        looked_up.append(host)
        return once(host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert post(named(system), b"{}", {}) == (204, "")
    assert looked_up.count("sistema.example") == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:9/", "nadie atiende en esa dirección"),
        ("http://sistema.invalid/", "ese nombre de servidor no se encuentra"),
    ],
)
def test_why_there_was_no_connection_is_said_in_words(settings: LazySettings, url: str, why: str) -> None:
    settings.EVENTS_TO_LOOPBACK = True
    assert post(url, b"{}", {}) == (None, f"No se pudo conectar: {why}.")
