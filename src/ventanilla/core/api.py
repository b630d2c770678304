"""What every operation of the API shares: problems (RFC 9457), storable text, cursors, conditional answers."""

import hashlib
import re
import traceback
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, wraps
from http import HTTPStatus
from types import UnionType
from typing import Annotated, Any, LiteralString, get_args
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from ventanilla.core.errors import DomainError, RuleBroken, VersionNotMet

log = structlog.get_logger()

PAGE_SIZE = 50
FRAMES_LOGGED = 6


_LOOK_ALIKES: Sequence[tuple[type, type | UnionType, LiteralString]] = (
    (date, int | float, "date_type"),
    (datetime, int | float, "date_type"),
    (int, str | float | bool, "int_type"),
    (bool, str | int | float, "bool_type"),
)


def _refuse_seconds(value: Any) -> Any:
    """A day is no number of seconds, not even between quotes, where pydantic takes "0" for one of 1970."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?[\d.]+", value.strip()):
        raise PydanticCustomError("date_type", "Another kind of value.")
    return value


Day = Annotated[date, BeforeValidator(_refuse_seconds)]
"""A day asked in an address: 2026-11-25."""


@cache
def _kinds_of(model: type[BaseModel], field: str) -> frozenset[Any]:
    """The types that the field takes, each alternative of its annotation apart."""
    annotation = model.model_fields[field].annotation
    return frozenset(get_args(annotation) or [annotation])


class Given(BaseModel):
    """What a client sends: an unknown field is a mistake worth telling, not something to ignore."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_look_alikes(cls, value: Any, info: ValidationInfo) -> Any:
        """In JSON 0 is not a day, "3" is not a number and "no" is not false; pydantic would take them for it."""
        kinds = _kinds_of(cls, str(info.field_name))
        for kind, taken, error in _LOOK_ALIKES:
            if kind in kinds and isinstance(value, taken) and type(value) is not kind:
                raise PydanticCustomError(error, "Another kind of value.")
        return _refuse_seconds(value) if kinds & {date, datetime} else value


class Shown(BaseModel):
    """What the API answers; built from records by plain functions, never by reflection."""

    model_config = ConfigDict(frozen=True)


class FieldProblem(Shown):
    """What is wrong with one field. ``field`` is its path in the body (``lines.0.outcome``) or its name."""

    field: str
    message: str


class Problem(Shown):
    """An error as RFC 9457 (``application/problem+json``); ``detail`` is a Spanish sentence fit to show."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list, description="Sólo cuando el error es de ciertos campos.")


def _printable(text: str, *, but: str = "") -> str:
    if any((ord(letter) < 32 and letter not in but) or "\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("Tiene caracteres que no se pueden guardar. Escríbalo de nuevo.")
    return text


def _line(text: str) -> str:
    return " ".join(_printable(text, but="\t\r\n").split())


def _prose(text: str) -> str:
    return _printable(text, but="\t\r\n").strip()


Line = Annotated[str, AfterValidator(_line)]
"""One line of text: blanks collapsed, control characters refused. Give it ``Field(max_length=…)``."""

Prose = Annotated[str, AfterValidator(_prose)]
"""Text that may have several lines."""


# Problems


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    errors: Iterable[FieldProblem] = (),
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The answer. ``extra`` are members of this kind of problem, as RFC 9457 allows."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": int(status), "detail": detail}
    if listed := [error.model_dump() for error in errors]:
        body["errors"] = listed
    return JsonResponse(body | dict(extra or {}), status=status, content_type="application/problem+json")


def refuse(
    request: HttpRequest, error: Exception, status: int, title: str, detail: str, errors: Iterable[FieldProblem] = ()
) -> HttpResponse:
    """Undo whatever the operation had written, and leave the attempt in the log: by ids, never by what was sent."""
    transaction.set_rollback(True)
    log.warning("api.refused", status=int(status), error=type(error).__name__, **_operation(request))
    return problem(status, title, detail, errors=errors)


def _operation(request: HttpRequest) -> dict[str, str | None]:
    """Which door was tried. The route, not the address: somebody may write a RUN in an address."""
    return {"method": request.method, "route": request.resolver_match.route if request.resolver_match else None}


def _domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    fields = [FieldProblem(field=error.field, message=str(error))] if error.field else []
    return refuse(request, error, error.status, error.title, str(error), fields)


def _unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = refuse(
        request,
        error,
        HTTPStatus.UNAUTHORIZED,
        "Falta identificarse",
        "Envíe «Authorization: Bearer» con una llave vigente. Si la suya venció, pida otra.",
    )
    response.headers["WWW-Authenticate"] = 'Bearer realm="Ventanilla"'
    return response


def _permission_denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return refuse(
        request, error, HTTPStatus.FORBIDDEN, "No tiene permiso", "El desempeño de su llave no permite hacer esto."
    )


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return refuse(
        request,
        error,
        HTTPStatus.NOT_FOUND,
        "No se encontró",
        "No existe, o no se ve desde el desempeño de su llave. Revise el identificador.",
    )


def _unreadable(request: HttpRequest, error: HttpError | SuspiciousOperation) -> HttpResponse:
    return refuse(
        request,
        error,
        HTTPStatus.BAD_REQUEST,
        "No pudimos leer el pedido",
        "El cuerpo no es JSON válido en UTF-8. Revíselo y envíelo otra vez.",
    )


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return refuse(
        request,
        error,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "El pedido es demasiado grande",
        "El cuerpo supera los 2 MB. Envíe menos de una vez.",
    )


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [FieldProblem(field=field_of(found["loc"]), message=sentence_of(found)) for found in error.errors]
    detail = "Hay un dato por corregir." if len(fields) == 1 else f"Hay {len(fields)} datos por corregir."
    return refuse(request, error, HTTPStatus.UNPROCESSABLE_ENTITY, DomainError.title, detail, fields)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """A mistake of ours. The message of the error is not logged: PostgreSQL's quote the values of the row."""
    transaction.set_rollback(True)
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_LOGGED:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    log.error("api.failed", status=500, error=type(error).__name__, where=where, **_operation(request))
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "No pudimos completar el pedido",
        "El servidor falló y no se guardó nada. Reintente; si se repite, avise con esta referencia:"
        f" {_reference(request)}.",
    )


def _reference(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", "sin referencia"))


def answer_problems(api: NinjaAPI) -> None:
    """Make every error of the API a problem whose transaction is rolled back."""
    handlers: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        DomainError: _domain_error,
        AuthenticationError: _unauthorized,
        PermissionDenied: _permission_denied,
        Http404: _not_found,
        HttpError: _unreadable,
        SuspiciousOperation: _unreadable,
        RequestDataTooBig: _too_big,
        ValidationError: _invalid,
        Exception: _failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


# What is wrong with a field, in Spanish

_SENTENCES: Mapping[str, str] = {
    "missing": "Falta este dato.",
    "extra_forbidden": "Este campo no existe en esta operación. Revise su nombre.",
    "string_type": "Debe ser un texto.",
    "string_unicode": "Tiene caracteres que no se pueden guardar. Escríbalo de nuevo.",
    "string_too_long": "Tiene más de {max_length} caracteres. Acórtelo.",
    "string_too_short": "Debe tener al menos {min_length} caracteres.",
    "string_pattern_mismatch": "No tiene la forma esperada.",
    "uuid_parsing": "No es un identificador válido.",
    "uuid_type": "No es un identificador válido.",
    "enum": "Debe ser uno de estos: {expected}.",
    "literal_error": "Debe ser uno de estos: {expected}.",
    "bool_type": "Debe ser verdadero o falso.",
    "bool_parsing": "Debe ser verdadero o falso.",
    "int_type": "Debe ser un número entero.",
    "int_parsing": "Debe ser un número entero.",
    "greater_than_equal": "Debe ser {ge} o más.",
    "less_than_equal": "Debe ser {le} o menos.",
    "list_type": "Debe ser una lista.",
    "too_long": "Tiene más de {max_length} elementos.",
    "dict_type": "Debe ser un objeto JSON.",
    "model_type": "Debe ser un objeto JSON.",
    "model_attributes_type": "Debe ser un objeto JSON.",
}


def sentence_of(found: Mapping[str, Any]) -> str:
    """What pydantic found wrong, as a sentence for whoever operates the client."""
    kind, context = str(found["type"]), found.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind.startswith("date"):
        return "Debe ser una fecha como 2026-11-23, o un momento como 2026-11-23T14:32:00-03:00."
    return _SENTENCES.get(kind, "El valor no es válido.").format(**context)


def field_of(location: Iterable[str | int]) -> str:
    """``("body", "details", "lines", 0, "outcome")`` is ``lines.0.outcome``; ``("query", "state")`` is ``state``."""
    where, *path = map(str, location)
    return ".".join(path[1:] if where == "body" else path)


def refuse_unknown(request: HttpRequest, known: Container[str]) -> None:
    """Raise ``RuleBroken`` for what the address asks and the operation does not know: a misspelt filter is none."""
    for name in request.GET:
        if name not in known:
            raise RuleBroken("Este parámetro no existe en esta operación. Revise su nombre.", field=name)


# Pages of a list


def write_cursor(at: datetime, row_id: UUID) -> str:
    """An opaque text that says after which row the next page begins."""
    return urlsafe_b64encode(f"{at.isoformat()},{row_id}".encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Raises ``RuleBroken`` unless the text was made by ``write_cursor``."""
    try:
        at, _, row_id = urlsafe_b64decode(cursor.encode()).decode().partition(",")
        moment, found = datetime.fromisoformat(at), UUID(row_id)
    except ValueError as error:
        raise RuleBroken("El cursor no es válido. Pida la primera página.", field="cursor") from error
    if moment.tzinfo is None:
        raise RuleBroken("El cursor no es válido. Pida la primera página.", field="cursor")
    return moment, found


# Conditional answers and writes

Run = Callable[..., HttpResponseBase]


def note_version(request: HttpRequest, version: Any) -> None:
    """The version of the record that the answer shows, for its ``ETag``."""
    request.version_shown = version  # type: ignore[attr-defined]  # conditional reads it


def conditional(run: Run) -> Run:
    """Give the answer an ``ETag`` of what it says, and 304 to whoever already has it (``If-None-Match``).

    Of a record with a version the tag begins with it, for ``If-Match``. What follows tells apart what the version does
    not: the name of a person that changed, what each posting may see.
    """

    @wraps(run)
    def answered(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
        response = run(request, **parameters)
        if response.status_code != HTTPStatus.OK or not isinstance(response, HttpResponse):
            return response
        said, version = hashlib.sha256(response.content).hexdigest()[:32], getattr(request, "version_shown", None)
        tag = f'"{said}"' if version is None else f'"{version}-{said}"'
        response.headers["ETag"] = tag
        answer: HttpResponseBase = get_conditional_response(request, etag=tag, response=response) or response
        return answer

    return answered


def has_condition(request: HttpRequest) -> bool:
    """Whether the client says which version it read, and wants nothing done on another."""
    return "If-Match" in request.headers


def require_version(request: HttpRequest, record: models.Model) -> None:
    """With ``If-Match``, hold the record until the transaction ends and raise ``VersionNotMet`` if it names another.

    A tag is weak when the answer was compressed on its way; what is compared is the version, the same in both. A record
    that is not kept yet is in the version that it says itself.
    """
    if not has_condition(request):
        return
    versions = type(record)._default_manager.select_for_update().filter(pk=record.pk).values_list("version", flat=True)
    tags = parse_etags(request.headers["If-Match"])
    read = {tag.removeprefix("W/").strip('"').partition("-")[0] for tag in tags}
    current = str(getattr(record, "version") if record._state.adding else versions.get())  # noqa: B009 - any record's
    if tags != ["*"] and current not in read:
        raise VersionNotMet("Alguien más cambió este registro desde que se leyó. Léalo de nuevo y envíe lo suyo.")
    request.version_is_met = True  # type: ignore[attr-defined]  # refuse_unmet_version reads it


def refuse_unmet_version(request: HttpRequest) -> None:
    """Raise ``VersionNotMet`` when a condition came to an operation that compares no version: it must not be lost."""
    if has_condition(request) and not hasattr(request, "version_is_met"):
        raise VersionNotMet("Esta operación no compara versiones. Envíela sin «If-Match».")
