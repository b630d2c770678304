"""The JSON API, version 1: every step's operations under one address, and the document that describes them."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from ventanilla.access.gate import public
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.api import router as entries
from ventanilla.catalogue.reasons.api import router as catalogue
from ventanilla.core.api import Problem, answer_problems
from ventanilla.desk.api import router as desk
from ventanilla.eligibility.api import router as eligibility
from ventanilla.intake.api import router as intake
from ventanilla.intake.appointments.api import router as appointments
from ventanilla.intake.contacts.api import router as contacts
from ventanilla.intake.waiting.api import router as room
from ventanilla.outbox.api import router as webhooks
from ventanilla.referrals.api import router as referrals
from ventanilla.referrals.exchange.api import router as exchanges
from ventanilla.referrals.outside.api import router as outside
from ventanilla.referrals.protocols.api import router as protocols
from ventanilla.registry.api import router as registry
from ventanilla.screening.api import router as screening
from ventanilla.screening.timeline_api import router as timeline


class DocumentedAPI(NinjaAPI):
    """Its document also describes how any operation refuses, which the library knows nothing of."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        found = super().get_openapi_schema(**options)
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        found["components"]["schemas"] |= shape.pop("$defs") | {"Problem": shape}
        return found


api = DocumentedAPI(
    title="Ventanilla",
    version="1",
    description=(
        "Gestión Social Local. Cada operación pide una llave (`Authorization: Bearer …`) y actúa con el desempeño de"
        " su titular: ve y hace lo mismo que en las páginas. Los errores son `application/problem+json`."
    ),
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    docs_decorator=public("describes the operations; holds nobody's data"),
)
answer_problems(api)
api.add_router("", registry)
api.add_router("", screening)
api.add_router("", catalogue)
api.add_router("", entries)
api.add_router("", timeline)
api.add_router("", eligibility)
api.add_router("", intake)
api.add_router("", contacts)
api.add_router("", room)
api.add_router("", protocols)
api.add_router("", webhooks)
api.add_router("", referrals)
api.add_router("", outside)
api.add_router("", exchanges)
api.add_router("", appointments)
api.add_router("", desk)


def operations() -> Iterator[tuple[str, str, Permission]]:
    """Every operation as (method, path under ``/api/v1``, permission), for the test of the whole matrix."""
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    permission = getattr(operation.view_func, "permission")  # noqa: B009 - its absence must fail
                    yield method, re.sub(r"{\w+:", "{", bound.prefix + path), permission


def document_text() -> str:
    """The OpenAPI 3.1 document as committed in ``docs/api/openapi.json``."""
    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2) + "\n"
