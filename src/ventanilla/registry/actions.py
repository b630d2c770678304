"""What is done with people and homes, one at a time."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Commune
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.core.run import Run
from ventanilla.registry.models import ContactPoint, Dwelling, Home, Identifier, Membership, Person, Residence
from ventanilla.registry.name_key import search_key, sort_key
from ventanilla.registry.vocabulary import (
    ContactKind,
    DwellingKind,
    IdentifierKind,
    Kinship,
    MembershipSource,
    Rurality,
    Sex,
    Source,
)

OLDEST_AGE = 125
LONGEST_DOCUMENT = 60
NOT_HERE = "no se puede registrar aquí. Pida a protección de datos que lo revise."
"""Said of the RUN or document of somebody whose data are blocked, without telling that she is known."""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What a clerk writes of somebody new. Without RUN there is a document, or the statement that there is none."""

    given_names: str
    first_surname: str
    second_surname: str = ""
    social_name: str = ""
    run: Run | None = None
    document_kind: IdentifierKind | None = None
    document_country: str = ""
    document_number: str = ""
    sex: Sex | str = ""
    birth_on: date | None = None
    nationality: str = ""
    commune: Commune | None = None
    address: str = ""
    sector: str = ""
    rurality: Rurality | str = ""
    phone: str = ""
    email: str = ""


@transaction.atomic
def register_person(details: PersonDetails, *, by: Actor, person_id: UUID | None = None) -> Person:
    """Add a neighbour with what she declares. Whoever calls has shown the likely matches first.

    ``person_id``, made with the form, makes a form sent twice register once.
    """
    require(by, Permission.PERSON_REGISTER)
    run = details.run.canonical if details.run else None
    if person_id and (sent := Person.objects.filter(pk=person_id).first()):
        if sent.processing_blocked:
            raise RuleBroken(f"Este formulario {NOT_HERE}")
        if (sent.run, sent.given_names, sent.first_surname) != (run, details.given_names, details.first_surname):
            raise RuleBroken("Ese envío ya registró a otra persona. Empiece un formulario nuevo.")
        return sent
    today = clock.today()
    _check(details, today)
    blocked = Q(processing_blocked=True) | Q(merged_into__processing_blocked=True)
    if run and Person.objects.filter(blocked, run=run).exists():
        raise RuleBroken(f"Ese RUN {NOT_HERE}", field="run")
    person = Person(
        id=person_id or new_id(),
        run=run,
        given_names=details.given_names,
        first_surname=details.first_surname,
        second_surname=details.second_surname,
        social_name=details.social_name,
        sex=details.sex,
        birth_on=details.birth_on,
        nationality=details.nationality.upper(),
        commune=details.commune,
        source=Source.DECLARED,
        as_of=today,
        search_key=search_key(details.given_names, details.first_surname, details.second_surname, details.social_name),
        sort_key=sort_key(details.given_names, details.first_surname, details.second_surname),
        recorded_at=clock.now(),
    )
    _insert(person, field="run")
    _add_document(person, details)
    _add_contacts(person, details, by=by, today=today)
    if details.address or details.sector:
        dwelling = Dwelling.objects.create(
            kind=DwellingKind.HOUSE if details.address else DwellingKind.NO_ADDRESS,
            address=details.address,
            sector=details.sector,
            rurality=details.rurality,
            commune=details.commune,
        )
        _live_in(person, dwelling, by=by, today=today)
    return person


def _check(details: PersonDetails, today: date) -> None:
    if not details.given_names or not details.first_surname:
        raise RuleBroken("Escriba al menos los nombres y el primer apellido.", field="given_names")
    if details.run is None and details.document_kind is None:
        raise RuleBroken("Indique el RUN, otro documento, o que no tiene documento.", field="run")
    if details.document_kind not in (None, IdentifierKind.NO_DOCUMENT) and not details.document_number:
        raise RuleBroken("Falta el número del documento.", field="document_number")
    if len(details.document_number.upper()) > LONGEST_DOCUMENT:  # capitals may be longer: ß becomes SS
        raise RuleBroken("El número del documento es demasiado largo. Revíselo.", field="document_number")
    for name in ("document_country", "nationality"):
        code = getattr(details, name)
        if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise RuleBroken("El país se escribe con dos letras, como CL o PE.", field=name)
    if details.birth_on and details.birth_on > today:
        raise RuleBroken("La fecha de nacimiento está en el futuro. Revise el año.", field="birth_on")
    if details.birth_on and clock.age_on(details.birth_on, today) > OLDEST_AGE:
        raise RuleBroken(f"La fecha de nacimiento da más de {OLDEST_AGE} años. Revise el año.", field="birth_on")


def _insert(row: Person | Identifier | Membership, *, field: str) -> None:
    """Save a new row; a constraint it would break is said at ``field`` in the constraint's own words."""
    try:
        row.validate_constraints()
        with transaction.atomic():
            row.save(force_insert=True)
    except ValidationError as error:
        raise RuleBroken(error.messages[0], field=field) from error
    except IntegrityError as error:
        try:
            row.validate_constraints()  # somebody wrote the same between the check and now: it can be named by now
        except ValidationError as now_known:
            raise RuleBroken(now_known.messages[0], field=field) from error
        raise


def _add_document(person: Person, details: PersonDetails) -> None:
    if details.document_kind is None:
        return
    identifier = Identifier(
        person=person,
        kind=details.document_kind,
        country=details.document_country.upper(),
        value=details.document_number.upper().replace(" ", ""),
    )
    same = Identifier.objects.filter(kind=identifier.kind, country=identifier.country, value=identifier.value)
    is_number = identifier.kind != IdentifierKind.NO_DOCUMENT
    if is_number and same.filter(person__processing_blocked=True).exists():
        raise RuleBroken(f"Ese documento {NOT_HERE}", field="document_number")
    _insert(identifier, field="document_number")


def _add_contacts(person: Person, details: PersonDetails, *, by: Actor, today: date) -> None:
    for kind, value in ((ContactKind.PHONE, details.phone), (ContactKind.EMAIL, details.email)):
        if value:
            ContactPoint.objects.create(
                person=person,
                kind=kind,
                value=value,
                unit_id=by.unit_id,
                recorded_by_id=by.account_id,
                source=Source.DECLARED,
                as_of=today,
            )


def _live_in(person: Person, dwelling: Dwelling, *, by: Actor, today: date) -> None:
    """She declares a home of her own there; the RSH may say another, and both stand."""
    Residence.objects.create(
        person=person,
        dwelling=dwelling,
        source=Source.DECLARED,
        starts_on=today,
        unit_id=by.unit_id,
        recorded_by_id=by.account_id,
    )
    home = Home.objects.create(dwelling=dwelling, source=Source.DECLARED, as_of=today, recorded_at=clock.now())
    add_member(home, person, kinship=Kinship.HEAD, is_head=True, source=MembershipSource.DECLARED, on=today, by=by)


@transaction.atomic
def add_member(
    home: Home,
    person: Person,
    *,
    kinship: Kinship,
    source: MembershipSource,
    on: date,
    by: Actor,
    is_head: bool = False,
) -> Membership:
    """Add a person to a home. One head a home, one home a person, by each source."""
    require(by, Permission.PERSON_REGISTER, home)
    membership = Membership(home=home, person=person, kinship=kinship, is_head=is_head, source=source, starts_on=on)
    _insert(membership, field="home")
    return membership
