"""What surrounds every request: its identity in the logs, its method, its key, and errors turned into pages."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

from ventanilla.access import tenancy
from ventanilla.access.api_keys import Presented, presented
from ventanilla.config import errors
from ventanilla.core import clock
from ventanilla.core.api import problem
from ventanilla.core.errors import DomainError

log = structlog.get_logger()

Answer = Callable[[HttpRequest], HttpResponse]

METHODS_OF_PAGES = ("GET", "HEAD", "POST")


class RequestContextMiddleware:
    """Give the request an id, say it in every log line, and leave no tenancy entered behind."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid4()
        request.request_id = request_id  # type: ignore[attr-defined]  # the gate and the error pages read it
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=str(request_id))
        try:
            response = self.get_response(request)
        finally:
            tenancy.leave()
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class MethodMiddleware:
    """Pages are read or sent. Any other method would pass for a reading, and slip by the protection of forms.

    The operations of the API have their own methods and refuse the others themselves.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in METHODS_OF_PAGES or request.path.startswith("/api/"):
            return self.get_response(request)
        refused = errors.page(
            request,
            status=HTTPStatus.METHOD_NOT_ALLOWED,
            title="No se puede pedir así",
            message="Las páginas se leen o se envían desde sus formularios. Vuelva al inicio y siga desde ahí.",
        )
        refused.headers["Allow"] = ", ".join(METHODS_OF_PAGES)
        return refused


class DomainErrorMiddleware:
    """A ``DomainError`` that a page did not show in its own form becomes a page of its own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        return errors.domain_error(request, exception)


class ApiMiddleware:
    """Keys of the API are looked up and counted before the transaction of the request, and every answer says the count.

    What the library itself answers to a wrong method becomes a problem like any other.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_of_api(request) and response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = _other_methods(response.headers["Allow"])
        key: Presented | None = getattr(request, "presented_key", None)
        if key is not None and key.posting_id is not None:
            response.headers["RateLimit-Limit"] = str(key.limit)
            response.headers["RateLimit-Remaining"] = str(key.left)
            response.headers["RateLimit-Reset"] = str(key.seconds_left(at=clock.now()))
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        key = presented(request) if _is_of_api(request) else None
        return _too_many(request, key) if key is not None and key.is_over else None


def _is_of_api(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.namespace == "api"


def _too_many(request: HttpRequest, key: Presented) -> HttpResponse:
    if key.requests == key.limit + 1:  # once a minute says it all
        log.warning("api.limited", is_key_good=key.posting_id is not None, limit=key.limit)
    seconds = key.seconds_left(at=clock.now())
    what = "pedidos de esta cuenta" if key.posting_id else "llaves que no sirven desde esta red"
    response = problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Demasiados pedidos",
        f"Hubo más de {key.limit} {what} en un minuto. No se hizo nada: reintente en {seconds} segundos.",
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def _other_methods(allowed: str) -> HttpResponse:
    allowed = ", ".join(sorted(allowed.split(", ")))
    response = problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "No se puede pedir así",
        f"Esta dirección admite {allowed}. Revise el método.",
    )
    response.headers["Allow"] = allowed
    return response
