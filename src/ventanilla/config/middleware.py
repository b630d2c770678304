"""What surrounds every request: its identity in the logs, and errors of the field turned into pages."""

from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

from ventanilla.access import tenancy
from ventanilla.config import errors
from ventanilla.core.errors import DomainError

Answer = Callable[[HttpRequest], HttpResponse]


class RequestContextMiddleware:
    """Give the request an id, say it in every log line, and leave no tenancy entered behind."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid4()  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=str(request.request_id))  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            tenancy.leave()
        response.headers.setdefault("Cache-Control", "no-store")
        return response


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
