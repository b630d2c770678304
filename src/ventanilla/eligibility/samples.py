"""Sample homes, invented, on which a rule is tried before it is published: nobody's data are needed for that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from ventanilla.catalogue.rule.kinds import Subject
from ventanilla.core.clock import months_before
from ventanilla.eligibility.asking.asked import years_before
from ventanilla.eligibility.household import Given, Household, Member
from ventanilla.eligibility.institution import Here
from ventanilla.registry.models import Fact, Person
from ventanilla.registry.vocabulary import FactKind, Kinship, Rurality, Sex, Source

COMMUNE = "comuna"


@dataclass(frozen=True, slots=True)
class Sample:
    """A home with a title that says what matters of it."""

    title: str
    household: Household


@dataclass(frozen=True, slots=True)
class _Somebody:
    name: str
    age: int
    sex: Sex = Sex.FEMALE
    kinship: Kinship = Kinship.CHILD
    facts: tuple[tuple[FactKind, str], ...] = ()
    people: str = ""


_HEAD = Kinship.HEAD


def samples(on: date, *, own: Mapping[str, Subject] | None = None, entry_id: UUID | None = None) -> list[Sample]:
    """The same eight homes on any day. Of the municipality's own facts, the first has them all and the others none."""
    known = own or {}
    hers = tuple((FactKind.OWN, code) for code, about in known.items() if about is Subject.PERSON)
    homes = [
        _home(
            "Madre sola con dos hijos en el colegio, tramo 40, rural",
            on,
            _Somebody("Madre", 33, kinship=_HEAD, facts=hers),
            _Somebody("Hijo", 9, Sex.MALE, facts=((FactKind.ENROLMENT, "4° básico"),)),
            _Somebody("Hija", 4, facts=((FactKind.HEALTH_CHECK, "al día"),)),
            bracket=40,
            income=420_000,
            rurality=Rurality.RURAL,
            own_of_home=[code for code, about in known.items() if about is Subject.HOME],
        ),
        _home(
            "Mujer mayor que vive sola, tramo 50, con PGU y dependencia",
            on,
            _Somebody(
                "Vecina",
                79,
                kinship=_HEAD,
                facts=((FactKind.SUBSIDY, "pgu"), (FactKind.DEPENDENCE, "moderada")),
            ),
            bracket=50,
            income=231_000,
        ),
        _home(
            "Pareja con una niña con discapacidad severa, tramo 60",
            on,
            _Somebody("Madre", 41, kinship=_HEAD, facts=((FactKind.CARER, "principal"),)),
            _Somebody("Padre", 44, Sex.MALE, Kinship.SPOUSE),
            _Somebody("Niña", 12, facts=((FactKind.DISABILITY, "severa"), (FactKind.ENROLMENT, "6° básico"))),
            bracket=60,
            income=780_000,
        ),
        _home(
            "Mujer con embarazo de 26 semanas, tramo 40, urbana",
            on,
            _Somebody("Vecina", 24, kinship=_HEAD, facts=((FactKind.PREGNANCY, "26"),)),
            bracket=40,
            income=180_000,
        ),
        _home(
            "Familia de cinco, tramo 80, sin beneficios",
            on,
            _Somebody("Padre", 47, Sex.MALE, _HEAD),
            _Somebody("Madre", 45, kinship=Kinship.SPOUSE),
            *(_Somebody(f"Hija {n}", 8 + 4 * n, facts=((FactKind.ENROLMENT, "básica"),)) for n in range(3)),
            bracket=80,
            income=1_900_000,
        ),
        _home(
            "Estudiante diaguita de la educación superior, tramo 40",
            on,
            _Somebody("Madre", 52, kinship=_HEAD),
            _Somebody("Estudiante", 20, facts=((FactKind.ENROLMENT, "educación superior"),), people="diaguita"),
            bracket=40,
            income=510_000,
        ),
        _home(
            "Hombre de 58 años con cartola de hace quince meses, que ya lo recibió hace tres",
            on,
            _Somebody("Vecino", 58, Sex.MALE, _HEAD, facts=((FactKind.SUBSIDY, "sap_rural"),)),
            bracket=40,
            bracket_on=months_before(on, 15),
            income=250_000,
            rurality=Rurality.RURAL,
        ),
        _home("Joven que no está en el Registro Social de Hogares", on, _Somebody("Joven", 19, Sex.MALE, _HEAD)),
    ]
    if entry_id is not None:
        before = homes[6].household
        given = Given(entry_id, months_before(on, 3), before.members[0].person.pk)
        homes[6] = Sample(homes[6].title, replace(before, given=[given]))
    return [
        Sample(
            one.title,
            replace(one.household, here=replace(one.household.here, own_about=known, own_kept=frozenset(known))),
        )
        for one in homes
    ]


def _home(
    title: str,
    on: date,
    *people: _Somebody,
    bracket: int | None = None,
    bracket_on: date | None = None,
    income: int | None = None,
    rurality: Rurality = Rurality.URBAN,
    own_of_home: Iterable[str] = (),
) -> Sample:
    seen = on - timedelta(days=20)
    members: list[Member] = []
    facts: dict[tuple[UUID | None, str], list[Fact]] = {}
    for one in people:
        person = Person(
            id=uuid4(),
            given_names=one.name,
            sex=one.sex,
            birth_on=years_before(on, one.age) - timedelta(days=60),
            indigenous_people=one.people,
            source=Source.RSH,
            as_of=seen,
        )
        members.append(Member(person, kinship=one.kinship, is_head=one.kinship == _HEAD))
        for kind, value in one.facts:
            facts.setdefault((person.pk, str(kind)), []).append(_fact(kind, value, seen))
    statements: list[tuple[FactKind, dict[str, Any], date]] = [
        *((FactKind.HOME_OWN, {"value": code}, seen) for code in own_of_home)
    ]
    if bracket is not None:
        statements.append((FactKind.RSH_BRACKET, {"value": str(bracket)}, bracket_on or seen))
    if income is not None:
        statements.append((FactKind.HOME_INCOME, {"amount": income}, bracket_on or seen))
    for kind, said, day in statements:
        facts.setdefault((None, str(kind)), []).append(_fact(kind, on=day, **said))
    return Sample(
        title,
        Household(
            on=on,
            members=members,
            commune=COMMUNE,
            rurality=rurality,
            facts=facts,
            here=Here(dict.fromkeys(Source, seen), keeps_deliveries=True, served=frozenset({COMMUNE})),
        ),
    )


_SAYS = {
    FactKind.SUBSIDY: Source.SUBSIDIES,
    FactKind.DISABILITY: Source.SENADIS,
    FactKind.ENROLMENT: Source.MINEDUC,
    FactKind.PREGNANCY: Source.MUNICIPAL,
    FactKind.HEALTH_CHECK: Source.MUNICIPAL,
    FactKind.OWN: Source.MUNICIPAL,
    FactKind.HOME_OWN: Source.MUNICIPAL,
}


def _fact(kind: FactKind, value: str = "", on: date = date.min, amount: int | None = None) -> Fact:
    return Fact(kind=kind, value=value, amount=amount, source=_SAYS.get(kind, Source.RSH), as_of=on)
