"""Without a word in the environment the settings are those of production; the demonstration is the exception."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import Client, RequestFactory

NAMES = (
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "ALLAUTH_TRUSTED_PROXY_COUNT",
    "MESSAGE_STORAGE",
    "SESSION_ENGINE",
    "EMAIL_HOST",
    "EMAIL_USE_TLS",
    "EMAIL_USE_SSL",
)
READ = f"import json; from ventanilla.config import settings as s; print(json.dumps([getattr(s, n) for n in {NAMES}]))"
A_YEAR = 365 * 24 * 3600


def settings_with(var: Path, **environment: str) -> dict[str, Any]:
    """What the settings file says in a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH", "HOME"}}
    done = subprocess.run(
        [sys.executable, "-c", READ],
        env=inherited | {"VENTANILLA_VAR": str(var)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(NAMES, json.loads(done.stdout), strict=True))


def test_in_production_everything_goes_by_https(tmp_path: Path) -> None:
    found = settings_with(tmp_path)
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] == A_YEAR
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True


def test_what_a_page_says_next_stays_on_the_server(tmp_path: Path) -> None:
    found = settings_with(tmp_path)
    assert found["MESSAGE_STORAGE"].endswith("session.SessionStorage")
    assert found["SESSION_ENGINE"] == "ventanilla.access.sessions"


def test_no_mail_is_sent_until_a_server_is_named_and_then_encrypted(tmp_path: Path) -> None:
    assert settings_with(tmp_path)["EMAIL_HOST"] == ""
    named = {"EMAIL_HOST": "correo.example", "EMAIL_FROM": "ventanilla@example.cl"}
    starts, whole, none = (
        settings_with(tmp_path, **named, **more)
        for more in ({}, {"EMAIL_PORT": "465"}, {"EMAIL_PORT": "25", "EMAIL_TLS": "0"})
    )
    assert (starts["EMAIL_USE_TLS"], starts["EMAIL_USE_SSL"]) == (True, False)
    assert (whole["EMAIL_USE_TLS"], whole["EMAIL_USE_SSL"]) == (False, True)
    assert (none["EMAIL_USE_TLS"], none["EMAIL_USE_SSL"]) == (False, False)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        settings_with(tmp_path, EMAIL_HOST="correo.example")
    assert "EMAIL_FROM debe decir desde qué dirección sale el correo" in refused.value.stderr


def test_each_can_be_switched_off_by_its_name(tmp_path: Path) -> None:
    found = settings_with(tmp_path, SSL_REDIRECT="0", HSTS_SECONDS="0", SECURE_COOKIES="0", TRUSTED_PROXIES="2")
    assert [found[name] for name in NAMES[:5]] == [False, 0, False, False, 2]


def test_the_demonstration_goes_by_http(tmp_path: Path) -> None:
    found = settings_with(tmp_path, VENTANILLA_DEMO="1")
    assert [found[name] for name in NAMES[:4]] == [False, 0, False, False]


@pytest.fixture
def production(settings: LazySettings) -> SecurityMiddleware:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = A_YEAR
    settings.ALLOWED_HOSTS = ["ventanilla.municipalidad.example", "127.0.0.1"]
    return SecurityMiddleware(lambda request: HttpResponse("shown"))


def ask(production: SecurityMiddleware, request: HttpRequest) -> Any:
    return production(request)


def test_http_leads_to_https_and_what_the_proxy_brings_is_shown(production: SecurityMiddleware) -> None:
    plain = ask(production, RequestFactory().get("/consultas/", headers={"host": "ventanilla.municipalidad.example"}))
    assert plain.status_code == 301
    assert plain.headers["Location"] == "https://ventanilla.municipalidad.example/consultas/"
    brought = {"host": "ventanilla.municipalidad.example", "x-forwarded-proto": "https"}
    shown = ask(production, RequestFactory().get("/consultas/", headers=brought))
    assert shown.content == b"shown"
    assert shown.headers["Strict-Transport-Security"] == f"max-age={A_YEAR}"


@pytest.mark.django_db
def test_health_is_answered_on_the_machine_itself_without_https(settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["ventanilla.municipalidad.example", "127.0.0.1"]
    machine = Client(headers={"host": "127.0.0.1:8000"})
    assert machine.get("/salud/").status_code == 200
    assert machine.get("/ingresar/").status_code == 301
