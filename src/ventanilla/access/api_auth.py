"""The gate of the API: a token is a posting, its actor must have the permission, and only then the tenancy opens."""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.http import HttpRequest
from ninja import Router
from ninja.security import HttpBearer

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, can
from ventanilla.access.operators import actor_in, posting_of_token, unmet_requirements
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed

Operation = TypeVar("Operation", bound=Callable[..., Any])

REFUSALS = {
    401: "Falta la llave, o no está vigente",
    403: "El desempeño de la llave no lo permite",
    404: "No existe, o no se ve desde ese desempeño",
    409: "El registro cambió, o ya no está en un estado que lo permita",
    422: "Hay datos por corregir, o una regla no se cumple",
}


class ApiRequest(HttpRequest):
    """A request that passed the gate."""

    actor: Actor


class Bearer(HttpBearer):
    """``Authorization: Bearer`` with a token whose posting has ``permission``. A session's cookie opens nothing."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, with her institution entered; None for a token not in force; raises ``NotAllowed``."""
        posting = posting_of_token(token.strip())
        if posting is None:
            return None
        structlog.contextvars.bind_contextvars(account=str(posting.account_id), posting=str(posting.pk))
        actor = actor_in(posting, request_id=getattr(request, "request_id", None))
        if posting.account.must_change_password:
            raise NotAllowed("Antes de operar falta cambiar la contraseña que le entregaron, en la página de ingreso.")
        if getattr(posting, "has_unmet", False):
            missing = unmet_requirements(posting, on=clock.today())
            raise NotAllowed("Antes de operar falta: " + "; ".join(f"{one.name} ({one.how})" for one in missing) + ".")
        if not can(actor, self.permission):
            raise NotAllowed("El desempeño de su llave no permite hacer esto.")
        tenancy.enter(actor)
        request.actor = actor  # type: ignore[attr-defined]  # what makes it an ApiRequest
        return actor


def operation(
    router: Router, method: str, path: str, permission: Permission, *, response: Any, summary: str, **options: Any
) -> Callable[[Operation], Operation]:
    """Declare an operation of the API with the permission it needs.

    The permission stays on the function as ``permission``: the matrix test reads it, as it does on pages.
    """

    def declare(view: Operation) -> Operation:
        view.permission = permission  # type: ignore[attr-defined]  # the matrix test reads it
        add = router.api_operation(
            [method],
            path,
            auth=Bearer(permission),
            response=response,
            summary=summary,
            operation_id=view.__name__,
            openapi_extra={"responses": problem_responses(), "x-permission": str(permission)},
            **options,
        )
        declared: Operation = add(view)
        return declared

    return declare


def problem_responses() -> dict[int, Any]:
    """How an operation may refuse, for its documentation."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": description, "content": content} for status, description in REFUSALS.items()}
