"""The people and offices of the tests, made as the application makes them; RUNs from 90.000.000 up."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import date, time, timedelta
from itertools import count
from typing import Any, TypeVar

from django.db.models import Model

from ventanilla.access import actions as access_actions
from ventanilla.access.actors import SOCIAL_ASSISTANCE, Actor
from ventanilla.access.api_keys import present
from ventanilla.access.models import (
    Account,
    Desk,
    FulfilledRequirement,
    Posting,
    Provider,
    ProviderNature,
    Site,
    Unit,
    UnitFunction,
)
from ventanilla.access.operators import actor_in, posting_of_key
from ventanilla.access.permissions import ABOVE_INSTITUTIONS, Agent, Role
from ventanilla.access.tenancy import acting, current_actor
from ventanilla.catalogue.entries.actions import change_rule, publish_draft, write_entry
from ventanilla.catalogue.entries.adopting import adopt_national_entries
from ventanilla.catalogue.entries.details import EntryDetails
from ventanilla.catalogue.models import Entry, EntryVersion, Reason
from ventanilla.catalogue.reasons.actions import ReasonDetails, add_local_reason, adopt_national_reasons
from ventanilla.catalogue.rule.conditions import Rule
from ventanilla.core import clock
from ventanilla.core.ids import new_id
from ventanilla.core.run import Run
from ventanilla.intake.appointments.arranging import add_hours, open_agenda
from ventanilla.intake.models import Agenda, Queue
from ventanilla.intake.waiting.arranging import open_queue
from ventanilla.registry.models import Dwelling, Fact, Home, Membership, Person
from ventanilla.registry.name_key import search_key, sort_key
from ventanilla.registry.vocabulary import FactKind, Kinship, MembershipSource, Rurality, Source

MONTE_PATRIA = 4303
COMBARBALA = 4302
PASSWORD = "clave de prueba"
TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)
WITHOUT_UNIT = frozenset({Role.COUNTERPART, Role.DIDECO, Role.SYSTEM_ADMIN, Role.DATA_OFFICER}) | ABOVE_INSTITUTIONS

_numbers = count(90_000_001)

M = TypeVar("M", bound=Model)


def unit(institution: int = MONTE_PATRIA, code: str = "uas", functions: tuple[str, ...] = (SOCIAL_ASSISTANCE,)) -> Unit:
    """The unit of that code, made with its functions the first time."""
    found, is_new = Unit.objects.get_or_create(
        institution_id=institution, code=code, defaults={"name": f"Unidad {code}", "connected_from": date(2026, 1, 1)}
    )
    if is_new:
        UnitFunction.objects.bulk_create(UnitFunction(unit=found, function_id=name) for name in functions)
    return found


def unit_of(by: Actor) -> Unit:
    """The unit in which she acts."""
    assert by.unit_id
    return Unit.objects.get(pk=by.unit_id)


def posting(
    role: Role = Role.FRONT_DESK,
    institution: int | None = MONTE_PATRIA,
    *,
    in_unit: Unit | None = None,
    account: Account | None = None,
    may_operate: bool = True,
    **extra: Any,
) -> Posting:
    """An operator's posting, with an account of its own unless one is given; the password is ``PASSWORD``.

    What migrations ask before operating is met, unless ``may_operate`` is false.
    """
    if role in ABOVE_INSTITUTIONS:
        institution = None
    if in_unit is None and role not in WITHOUT_UNIT:
        in_unit = unit(institution or MONTE_PATRIA)
    if account is None:
        username = f"{role}.{institution or 'nacional'}.{next(_numbers)}"
        account = Account(username=username, given_names="Camila", surnames=f"De {role.label}")
        account.set_password(PASSWORD)
        account.save()
    made = Posting.objects.create(
        account=account,
        role=role,
        institution_id=institution,
        unit=in_unit,
        starts_on=extra.pop("starts_on", date(2026, 1, 1)),
        **extra,
    )
    if may_operate:
        FulfilledRequirement.objects.bulk_create(
            FulfilledRequirement(
                account=account, requirement_id=code, institution_id=institution, version=1, met_on=date(2026, 1, 1)
            )
            for code in ("confidentiality", "second_factor")
        )
    return Posting.objects.with_context().get(pk=made.pk)


def actor(role: Role = Role.FRONT_DESK, institution: int | None = MONTE_PATRIA, **options: Any) -> Actor:
    """Somebody acting in a posting of her own."""
    return actor_in(posting(role, institution, **options))


def token(of: Posting) -> str:
    """The secret of a new API token for that posting."""
    by = Actor(Agent.COMMAND, of.institution_id)
    return access_actions.issue_token(of, by=by, name="prueba", days=1)


def opened_by(secret: str) -> Posting | None:
    """The posting that this key of the API opens now, if it opens any."""
    key = present(secret, "127.0.0.1", at=clock.now())
    return posting_of_key(key.posting_id, on=clock.today()) if key.posting_id else None


@contextmanager
def inside(institution: int = MONTE_PATRIA) -> Iterator[Actor]:
    """Inside an institution, as its head of UAS, with its reasons adopted."""
    head = actor(Role.UAS_HEAD, institution)
    with acting(head):
        if not Reason.objects.exists():
            adopt_national_reasons()
        yield head


def person(given_names: str = "Rosa Elvira", first_surname: str = "Araya", **extra: Any) -> Person:
    """A neighbour of the institution entered."""
    second = extra.pop("second_surname", "Contreras")
    defaults: dict[str, Any] = {
        "run": Run(next(_numbers)).canonical,
        "birth_on": date(1983, 5, 14),
        "sex": "female",
        "source": Source.RSH,
        "as_of": date(2026, 9, 18),
        "recorded_at": clock.now(),
    }
    return Person.objects.create(
        given_names=given_names,
        first_surname=first_surname,
        second_surname=second,
        search_key=search_key(given_names, first_surname, second, extra.get("social_name", "")),
        sort_key=sort_key(given_names, first_surname, second),
        **(defaults | extra),
    )


def home(*people: Person, bracket: int | None = 40, as_of: date = date(2026, 9, 18), **extra: Any) -> Home:
    """A home of the RSH with these members, the first its head, and its bracket."""
    dwelling = Dwelling.objects.create(
        address="Pasaje Los Parrones 118", sector="El Palqui", rurality=Rurality.RURAL, commune_id="04303"
    )
    made = Home.objects.create(dwelling=dwelling, source=Source.RSH, as_of=as_of, recorded_at=clock.now(), **extra)
    for position, member in enumerate(people):
        Membership.objects.create(
            home=made,
            person=member,
            kinship=Kinship.HEAD if position == 0 else Kinship.CHILD,
            is_head=position == 0,
            source=MembershipSource.RSH,
            starts_on=as_of,
        )
    if bracket:
        fact(FactKind.RSH_BRACKET, home=made, value=str(bracket), as_of=as_of)
    return made


def fact(kind: FactKind, **extra: Any) -> Fact:
    """Something a registry says; give its ``person`` or its ``home``."""
    defaults: dict[str, Any] = {"source": Source.RSH, "as_of": date(2026, 9, 18), "recorded_at": clock.now()}
    return Fact.objects.create(kind=kind, **(defaults | extra))


def reason(code: str) -> Reason:
    """The institution's row of a national reason."""
    return Reason.objects.get(national_id=code, is_local=False)


def adopt_catalogue() -> None:
    """The national entries as those of the institution entered; its reasons come with ``inside``."""
    adopt_national_entries()


def written_entry(
    name: str = "Vale de gas",
    *,
    rule: Rule | None = None,
    is_published: bool = True,
    starts_on: date = TODAY,
    **said: Any,
) -> Entry:
    """An entry of the unit of whoever entered, published from a day on unless it stays as a draft."""
    by = current_actor()
    usual: dict[str, Any] = {
        "plain": "Un vale para cambiar por un balón de gas de 15 kilos.",
        "modality": "in_kind",
        "words": "balón licuado cocina",
        "unit": unit_of(by) if by.unit_id else unit(by.institution),
    }
    made = write_entry(EntryDetails(name=name, **(usual | said)), by=by)
    if rule:
        change_rule(made, rule, by=by, version=1)
    if is_published:
        version = 2 if rule else 1
        publish_draft(made, by=by, starts_on=starts_on, version=version, is_history=starts_on < TODAY)
    return made


def local_reason(under: str, name: str, **said: Any) -> Reason:
    """A reason of the institution entered under a national one, added by its counterpart."""
    by = actor(Role.COUNTERPART, current_actor().institution_id)
    with acting(by):
        return add_local_reason(reason(under), ReasonDetails(name=name, **said), by=by)


def queue(institution: int = MONTE_PATRIA, letter: str = "A") -> Queue:
    """A queue of the UAS in a site of its own with two desks, both of which call from it; who entered may arrange."""
    site = Site.objects.create(institution_id=institution, name="Edificio consistorial", commune_id="04303")
    desks = [Desk.objects.create(institution_id=institution, site=site, name=f"Módulo {n}") for n in (1, 2)]
    return open_queue(site, unit(institution), by=current_actor(), name="General", letter=letter, desks=desks)


def town(size: int) -> list[str]:
    """The RUNs of so many people written at once, each alone in a home of her own."""
    one = person()
    home(one)
    belongs = Membership.objects.select_related("home").get(person=one)
    people = [_copy(one, run=Run(next(_numbers)).canonical) for _ in range(size)]
    homes = [_copy(belongs.home) for _ in range(size)]
    Person.objects.bulk_create(people)
    Home.objects.bulk_create(homes)
    Membership.objects.bulk_create(
        _copy(belongs, person=who, home=where) for who, where in zip(people, homes, strict=True)
    )
    return [who.run or "" for who in people]


def _copy(row: M, **other: Any) -> M:
    made = copy(row)
    made.pk = new_id()
    for name, value in other.items():
        setattr(made, name, value)
    return made


def provider(name: str = "Fundación Los Nogales", institution: int = MONTE_PATRIA) -> Provider:
    return Provider.objects.create(institution_id=institution, name=name, nature=ProviderNature.PRIVATE)


def agenda(
    queue_of_arrival: Queue | None = None, institution: int = MONTE_PATRIA, name: str = "Informe social", **hours: Any
) -> Agenda:
    """An agenda of the UAS that gives hours every day of the week, whatever the calendar says; who entered arranges.

    Without a queue it is at a site of its own. ``hours`` change what it gives: 00:00 to 23:45, each 15 minutes, one.
    """
    site = queue_of_arrival.site if queue_of_arrival else None
    if site is None:
        site = Site.objects.create(institution_id=institution, name="Casa de la comunidad", commune_id="04303")
    by = current_actor()
    made = open_agenda(site, unit(institution), by=by, name=name, queue=queue_of_arrival)
    every: dict[str, Any] = {
        "weekdays": list(range(7)),
        "starts_at": time(0),
        "ends_at": time(23, 45),
        "minutes": 15,
        "capacity": 1,
        "from_on": TODAY - timedelta(days=30),
    }
    add_hours(made, by=by, **(every | hours))
    return made


def entry(name: str = "Caja de alimentos", rule: Rule | None = None, **said: Any) -> EntryVersion:
    """An entry of the catalogue, published by whoever entered, who is a head; with its rule, if it has one."""
    whole: dict[str, Any] = {"plain": f"{name}, en pocas palabras.", "words": ""}
    return written_entry(name, rule=rule, **(whole | said)).versions.get()


def join_home(somebody: Person, *, of: Person) -> None:
    """She lives with somebody from now on."""
    where = Membership.objects.get(person=of, ends_on__isnull=True)
    Membership.objects.create(
        home=where.home, person=somebody, kinship=Kinship.CHILD, source=where.source, starts_on=TODAY
    )
