"""What surrounds every request: its identity in the logs, its method, and errors of the field turned into pages."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

from ventanilla.access import tenancy
from ventanilla.config import errors
from ventanilla.core.errors import DomainError

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
