"""The gate of the API: a key is a posting, its actor must have the permission, and only then the tenancy opens."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

import structlog
from django.http import HttpRequest, HttpResponseBase
from ninja import Router
from ninja.decorators import decorate_view
from ninja.security import HttpBearer

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, can
from ventanilla.access.api_keys import presented
from ventanilla.access.api_repeats import IDEMPOTENCY_KEY, earlier_answer, keep_answer
from ventanilla.access.operators import actor_in, posting_of_key, unmet_requirements
from ventanilla.access.permissions import GRANTS, SCOPES, Permission
from ventanilla.core import clock
from ventanilla.core.api import Run, conditional, note_version, refuse_unknown, refuse_unmet_version
from ventanilla.core.errors import NotAllowed

Operation = TypeVar("Operation", bound=Callable[..., Any])

REFUSALS = {
    400: "El cuerpo no es JSON",
    401: "Falta la llave, o no está vigente",
    403: "El desempeño de la llave, o su alcance, no lo permite",
    404: "No existe, o no se ve desde ese desempeño",
    409: "El registro cambió, o ya no está en un estado que lo permita",
    422: "Hay datos por corregir, o una regla no se cumple",
    429: "Demasiados pedidos en un minuto; `Retry-After` dice cuándo seguir",
}

_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": IDEMPOTENCY_KEY,
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "La hace el cliente, una por pedido: repetido con ella, se responde lo mismo sin hacerlo otra vez.",
}
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "El `ETag` leído, o la versión entre comillas: si el registro cambió desde entonces, 412.",
}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "El `ETag` que ya se tiene: si la respuesta sería la misma, 304.",
}


class ApiRequest(HttpRequest):
    """A request that passed the gate."""

    actor: Actor


class Bearer(HttpBearer):
    """``Authorization: Bearer`` with a key whose posting has ``permission``. A session's cookie opens nothing."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, with her institution entered; None for a key not in force; raises ``NotAllowed``."""
        key = presented(request)
        posting = posting_of_key(key.posting_id, on=clock.today()) if key and key.posting_id else None
        if key is None or posting is None:
            return None
        structlog.contextvars.bind_contextvars(account=str(posting.account_id), posting=str(posting.pk))
        actor = actor_in(posting, request_id=getattr(request, "request_id", None), scopes=key.scopes)
        if posting.account.must_change_password:
            raise NotAllowed("Antes de operar falta cambiar la contraseña que le entregaron, en la página de ingreso.")
        if getattr(posting, "has_unmet", False):
            missing = unmet_requirements(posting, on=clock.today())
            raise NotAllowed("Antes de operar falta: " + "; ".join(f"{one.name} ({one.how})" for one in missing) + ".")
        if not can(actor, self.permission):
            raise NotAllowed(_why_not(actor, self.permission))
        tenancy.enter(actor)
        request.actor = actor  # type: ignore[attr-defined]  # what makes it an ApiRequest
        return actor


def _why_not(actor: Actor, permission: Permission) -> str:
    if permission in GRANTS[actor.role]:
        return f"El alcance de esta llave no incluye «{SCOPES.get(permission, permission)}». Pida una que lo incluya."
    return "El desempeño de su llave no permite hacer esto."


def operation(
    router: Router,
    method: str,
    path: str,
    permission: Permission,
    *,
    response: Any,
    summary: str,
    only_reads: bool | None = None,
    has_version: bool = False,
    takes: str = "",
    **options: Any,
) -> Callable[[Operation], Operation]:
    """Declare an operation of the API with the permission it needs.

    What is read by GET gets its ``ETag``; what writes may be repeated with ``Idempotency-Key``. ``only_reads`` is for
    what is read by another method, ``has_version`` for what writes on a record that has one: it must call
    ``require_version``, and honours ``If-Match``; ``takes`` is the type of a body that comes as it is. The permission
    stays on the function as ``permission``: the matrix test reads it, as it does on pages.
    """
    only_reads = method == "GET" if only_reads is None else only_reads
    headers = [_IF_NONE_MATCH] * (method == "GET")
    headers += [_IDEMPOTENCY_KEY] * (not only_reads) + [_IF_MATCH] * has_version

    def declare(view: Operation) -> Operation:
        view.permission = permission  # type: ignore[attr-defined]  # the matrix test reads it
        add = router.api_operation(
            [method],
            path,
            auth=Bearer(permission),
            response=response,
            summary=summary,
            operation_id=view.__name__,
            openapi_extra=_body_of(takes)
            | {
                "parameters": headers,
                "responses": _not_modified(method) | problem_responses(has_version=has_version),
                "x-permission": str(permission),
            },
            **options,
        )
        passed = _told(view) if only_reads else _done_once(view)
        edge = [conditional] * (method == "GET") + [_kept] * (not only_reads)
        declared: Operation = add(decorate_view(*edge)(passed))
        passed.asked_in_address = frozenset(_asked_in_address(passed))  # type: ignore[attr-defined]  # the wrapper reads it
        return declared

    return declare


def _told(view: Operation) -> Operation:
    """Let the ``ETag`` say the version of what is shown, if it has one."""

    @wraps(view)
    def shown(request: ApiRequest, **parameters: Any) -> Any:
        refuse_unknown(request, shown.asked_in_address)  # type: ignore[attr-defined]  # set when it is declared
        result = view(request, **parameters)
        note_version(request, getattr(result, "version", None))
        return result

    return shown  # type: ignore[return-value]  # the same operation


def _done_once(view: Operation) -> Operation:
    """Answer a repeated request as the first time; refuse one whose ``If-Match`` nobody looked at."""

    @wraps(view)
    def done(request: ApiRequest, **parameters: Any) -> Any:
        refuse_unknown(request, done.asked_in_address)  # type: ignore[attr-defined]  # set when it is declared
        if answer := earlier_answer(request, by=request.actor):
            return answer
        result = view(request, **parameters)
        refuse_unmet_version(request)
        return result

    return done  # type: ignore[return-value]  # the same operation


def _asked_in_address(view: Any) -> Iterator[str]:
    """The names that an operation takes after the ``?``, as the library found them in its signature."""
    for model in view._ninja_operation.models:
        if model.__ninja_param_source__ == "query":
            yield from getattr(model, "__ninja_flatten_map__", model.model_fields)


def _kept(run: Run) -> Run:
    """Keep the answer in the transaction of what it tells: what fails leaves none, and may be tried again."""

    @wraps(run)
    def answered(request: ApiRequest, **parameters: Any) -> HttpResponseBase:
        response = run(request, **parameters)
        keep_answer(request, response)
        return response

    return answered


def _body_of(media_type: str) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"required": True, "content": content}} if media_type else {}


def _not_modified(method: str) -> dict[int, Any]:
    return {304: {"description": "Lo mismo que ya se tiene (`If-None-Match`)"}} if method == "GET" else {}


def problem_responses(*, has_version: bool = False) -> dict[int, Any]:
    """How an operation may refuse, for its documentation."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals = REFUSALS | ({412: "El registro no está en la versión de `If-Match`"} if has_version else {})
    return {
        status: {"description": description, "content": content} for status, description in sorted(refusals.items())
    }
