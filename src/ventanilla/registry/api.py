"""People by API: search, register, say who one is, and write down why a record is opened."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from ninja import Router
from ninja.responses import Status
from pydantic import AfterValidator, Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.models import Commune
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.api import Given, Line, Shown, problem
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.core.run import parse
from ventanilla.registry import actions
from ventanilla.registry.actions import PersonDetails
from ventanilla.registry.finding import person_or_404
from ventanilla.registry.matching import Candidate, likely_matches
from ventanilla.registry.models import Person, ReadEntry, ReadPurpose
from ventanilla.registry.reading import log_reading, open_purpose
from ventanilla.registry.search import Match, search_people, with_sector
from ventanilla.registry.vocabulary import IdentifierKind, Rurality, Sex

router = Router(tags=["people"])

RunText = Annotated[str, AfterValidator(lambda text: parse(text).canonical), Field(examples=["12345678-5"])]


class SearchText(Given):
    text: Line = Field(max_length=300, description="RUN con o sin puntos, número de documento, o nombre.")


class PersonMatch(Shown):
    """What a search may show of a person, and why she was found."""

    id: UUID
    name: str
    run: str | None
    age: int | None
    sector: str
    reason: str = ""


class PersonMatches(Shown):
    matches: list[PersonMatch]
    hint: str = Field(description="Una frase cuando el texto no se pudo buscar tal cual; vacía si no hay.")


class NewPerson(Given):
    """Somebody to register. Without RUN: a document, or ``no_document``."""

    given_names: Line = Field(max_length=120)
    first_surname: Line = Field(max_length=80)
    second_surname: Line = Field("", max_length=80)
    social_name: Line = Field("", max_length=120)
    run: RunText | None = None
    document_kind: IdentifierKind | None = None
    document_country: str = Field("", pattern="^([A-Za-z]{2})?$", description="código ISO de dos letras")
    document_number: Line = Field("", max_length=60)
    sex: Sex | None = None
    birth_on: date | None = None
    nationality: str = Field("", pattern="^([A-Za-z]{2})?$", description="código ISO de dos letras")
    commune: str = Field("", pattern="^([0-9]{5})?$", description="código único territorial, como 04303")
    address: Line = Field("", max_length=200)
    sector: Line = Field("", max_length=80)
    rurality: Rurality | None = None
    phone: Line = Field("", max_length=120)
    email: Line = Field("", max_length=120)
    submission_id: UUID | None = Field(None, description="El mismo identificador registra una sola vez.")
    confirmed: bool = Field(False, description="Se revisaron las coincidencias y es otra persona.")


class RegisteredPerson(PersonMatch):
    warnings: list[str]


class PurposeReason(Given):
    reason: Line = Field(max_length=300, description="Para qué se necesita la ficha, en una frase.")


class Purpose(Shown):
    id: UUID
    person_id: UUID
    ground: ReadPurpose.Ground
    starts_at: datetime
    ends_at: datetime | None


def match_shown(match: Match) -> PersonMatch:
    person = match.person
    return PersonMatch(
        id=person.pk,
        name=person.full_name,
        run=person.run,
        age=match.age,
        sector=match.sector,
        reason=match.reason,
    )


@operation(
    router,
    "POST",
    "/people/search",
    Permission.PERSON_SEARCH,
    response=PersonMatches,
    summary="Buscar personas",
    only_reads=True,
    description="Por POST porque un RUN o un nombre no van en una dirección. Queda en el registro de lecturas.",
)
def find_people(request: ApiRequest, wanted: SearchText) -> PersonMatches:
    result = search_people(wanted.text, by=request.actor, on=clock.today())
    _log_search(result.matches)
    return PersonMatches(matches=[match_shown(match) for match in result.matches], hint=result.hint)


def _log_search(matches: Iterable[Match]) -> None:
    shown = [match.person.pk for match in matches]
    note = "1 resultado" if len(shown) == 1 else f"{len(shown)} resultados"
    log_reading(ReadEntry.Kind.SEARCH, shown=shown, note=note)


@operation(
    router,
    "POST",
    "/people",
    Permission.PERSON_REGISTER,
    response={200: RegisteredPerson, 201: RegisteredPerson},
    summary="Registrar una persona",
    description=(
        "Si ya hay personas que pueden ser la misma responde 409 con ellas en `matches`, cada una con su motivo. Para"
        " registrar de todos modos, reenviar con `confirmed: true`. 200 si ese `submission_id` ya la había registrado."
    ),
)
def register_person(
    request: ApiRequest, new: NewPerson, response: HttpResponse
) -> Status[RegisteredPerson] | HttpResponse:
    details = _details(new)
    is_new = not (new.submission_id and Person.objects.filter(pk=new.submission_id).exists())
    matches: Sequence[Match] = ()
    if is_new and not new.confirmed:
        matches = likely_matches(_candidate(details), by=request.actor, on=clock.today())
    if matches:
        _log_search(matches)  # those people were shown: this answer is given, not raised, so that the trace stays
        return problem(
            HTTPStatus.CONFLICT,
            InvalidTransition.title,
            "Hay personas registradas que pueden ser la misma. Revíselas; si es otra, confirme y envíe de nuevo.",
            extra={"matches": [match_shown(match).model_dump(mode="json") for match in matches]},
        )
    person = actions.register_person(details, by=request.actor, person_id=new.submission_id)
    response.headers["Location"] = reverse("api:show_person", args=[person.pk])
    shown = match_shown(with_sector([person], on=clock.today())[0])
    registered = RegisteredPerson(**shown.model_dump(), warnings=_warnings(details))
    return Status(HTTPStatus.CREATED if is_new else HTTPStatus.OK, registered)


def _details(new: NewPerson) -> PersonDetails:
    commune = Commune.objects.filter(pk=new.commune).first() if new.commune else None
    if new.commune and commune is None:
        raise RuleBroken("Esa comuna no existe. Use su código de cinco números, como 04303.", field="commune")
    return PersonDetails(
        given_names=new.given_names,
        first_surname=new.first_surname,
        second_surname=new.second_surname,
        social_name=new.social_name,
        run=parse(new.run) if new.run else None,
        document_kind=new.document_kind,
        document_country=new.document_country,
        document_number=new.document_number,
        sex=new.sex or "",
        birth_on=new.birth_on,
        nationality=new.nationality.upper(),
        commune=commune,
        address=new.address,
        sector=new.sector,
        rurality=new.rurality or "",
        phone=new.phone,
        email=new.email,
    )


def _candidate(details: PersonDetails) -> Candidate:
    return Candidate(
        full_name=f"{details.given_names} {details.first_surname} {details.second_surname}",
        run=details.run.canonical if details.run else "",
        birth_on=details.birth_on,
        document=details.document_number.upper().replace(" ", ""),
        phone=details.phone,
    )


def _warnings(details: PersonDetails) -> list[str]:
    if details.run and details.run.is_suspicious:
        return [f"El RUN {details.run} repite un mismo número. Revíselo en la cédula."]
    return []


@operation(
    router,
    "GET",
    "/people/{uuid:person_id}",
    Permission.PERSON_SEARCH,
    response=PersonMatch,
    summary="Ver quién es",
    description="Lo mismo que muestra una búsqueda; la ficha pide una finalidad.",
)
def show_person(request: ApiRequest, person_id: UUID) -> PersonMatch:
    found = with_sector([person_or_404(person_id, by=request.actor)], on=clock.today())
    _log_search(found)
    return match_shown(found[0])


@operation(
    router,
    "POST",
    "/people/{uuid:person_id}/purposes",
    Permission.SCREENING_SUMMARY,
    response={201: Purpose},
    summary="Escribir para qué se abre la ficha",
    description="Vale dos horas. Iniciar una consulta con la persona también da una finalidad.",
)
def write_purpose(request: ApiRequest, person_id: UUID, written: PurposeReason) -> Purpose:
    purpose = open_purpose(
        person_or_404(person_id, by=request.actor),
        by=request.actor,
        ground=ReadPurpose.Ground.WRITTEN_REASON,
        reason=written.reason,
    )
    return Purpose(
        id=purpose.pk,
        person_id=purpose.person_id,
        ground=ReadPurpose.Ground(purpose.ground),
        starts_at=purpose.starts_at,
        ends_at=purpose.ends_at,
    )
