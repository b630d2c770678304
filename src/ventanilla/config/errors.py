"""What is shown when a request cannot be served: sentences, with no database, no session and no personal data."""

from collections.abc import Sequence
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from ventanilla.core import clock, resend
from ventanilla.core.errors import DomainError

HOME = ("Ir al inicio", "/")
SIGN_IN = ("Ingresar de nuevo", "/")
MAX_TEXTS, MAX_LENGTH = 10, 5000


def page(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    message: str,
    actions: Sequence[tuple[str, str]] = (HOME,),
    typed: Sequence[str] = (),
) -> HttpResponse:
    """An error as a page, or as problem+json under ``/api/``. ``actions`` are (label, url), the first one primary.

    Context processors do not run: the page must come out when the database does not.
    """
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": message}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    context = {
        "status": status,
        "title": title,
        "message": message,
        "actions": actions,
        "typed": typed,
        "reference": getattr(request, "request_id", None) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else None,
        "at": clock.now(),
        "is_demo": settings.DEMO,
    }
    return HttpResponse(render_to_string("core/error.html", context), status=status)


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A rule that was not met, where no form could show it; what was typed comes back to be copied."""
    return page(request, status=error.status, title=error.title, message=str(error), typed=_typed(request))


def _typed(request: HttpRequest) -> list[str]:
    """The free text of a form that was not accepted: what takes long to write again, never a password."""
    texts = (text.strip()[:MAX_LENGTH] for _, text in resend.typed(request))
    return [text for text in texts if " " in text][:MAX_TEXTS]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(
        request,
        status=HTTPStatus.BAD_REQUEST,
        title="No pudimos leer el pedido",
        message="Los datos llegaron incompletos o son demasiado grandes. Vuelva atrás e intente otra vez.",
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(
        request,
        status=HTTPStatus.FORBIDDEN,
        title="No tiene permiso",
        message="Su desempeño actual no permite hacer esto. Si tiene otro, cámbielo en el menú con su nombre.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(
        request,
        status=HTTPStatus.NOT_FOUND,
        title="No encontramos esta página",
        message="La dirección no existe, o lo que había en ella no se ve desde su desempeño actual.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        title="No pudimos completar el pedido",
        message=(
            "El servidor falló. Lo que ya estaba guardado sigue guardado; vuelva atrás, revise si lo último quedó y"
            " reintente."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Mostly a page left open since before signing in again; a form of somebody else's page is not sent on."""
    if resend.can_be_resent(request):
        return resend.session_over(request, status=HTTPStatus.FORBIDDEN)
    return page(
        request,
        status=HTTPStatus.FORBIDDEN,
        title="Su sesión terminó",
        message=(
            "La página quedó abierta demasiado tiempo y no se guardó nada. Lo escrito no se perdió: ingrese de nuevo,"
            " vuelva a la página anterior y envíela otra vez."
        ),
        actions=(SIGN_IN,),
        typed=_typed(request),
    )
