"""To whom a referral may be given: units, functions, who serves in them, providers and institutions outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting, Provider, Unit
from ventanilla.access.permissions import HELD_IN_A_UNIT
from ventanilla.core import clock
from ventanilla.core.ids import parse_uuid

OUTSIDE = "prestador"
FUNCTION = "funcion"


@dataclass(frozen=True, slots=True)
class Receiver:
    """A unit, with somebody named in it or not, a function or a provider; of none of them when nothing was chosen."""

    id: UUID | None
    account_id: UUID | None = None
    is_outside: bool = False
    function: str = ""


def receiver_in(text: str) -> Receiver:
    """As the option of a form says it: a unit, ``unit_account``, ``funcion_code`` or ``prestador_provider``."""
    first, _, second = text.partition("_")
    if first == FUNCTION:
        return Receiver(None, function=second)
    if first == OUTSIDE:
        return Receiver(parse_uuid(second), is_outside=True)
    return Receiver(parse_uuid(first), parse_uuid(second))


def providers(by: Actor) -> list[Provider]:
    """Those that still attend, by name."""
    return list(Provider.objects.filter(institution_id=by.institution, ended_on__isnull=True))


def serving(by: Actor) -> dict[UUID, dict[UUID, str]]:
    """By unit, the names of those who hold a posting in it today, in order of surname. One query."""
    held = Posting.objects.filter(institution_id=by.institution, role__in=sorted(HELD_IN_A_UNIT))
    held = held.in_force_on(clock.today()).filter(account__is_active=True, unit__isnull=False)
    found: dict[UUID, dict[UUID, str]] = {}
    for one in held.select_related("account").order_by("account__surnames", "account__given_names", "account_id"):
        assert one.unit_id
        found.setdefault(one.unit_id, {})[one.account_id] = one.account.full_name
    return found


def colleagues_of(unit_id: UUID, *, by: Actor) -> list[tuple[str, str]]:
    """As the options of a form."""
    return [(str(account), name) for account, name in serving(by).get(unit_id, {}).items()]


def connected_units(by: Actor) -> list[Unit]:
    connected = Unit.objects.filter(institution_id=by.institution).connected_on(clock.today())
    return list(connected.prefetch_related("functions__function"))


Options = list[tuple[str, list[tuple[str, str]]]]
"""As a form offers them, in groups."""


def units_offered(units: Sequence[Unit], *, by: Actor) -> Options:
    """Each unit with the people who serve in it; of one's own, the people alone."""
    people = serving(by)
    groups = []
    for unit in units:
        whole = [] if unit.pk == by.unit_id else [(str(unit.pk), unit.name)]
        others = people.get(unit.pk, {}).items()
        options = [*whole, *((f"{unit.pk}_{account}", name) for account, name in others if account != by.account_id)]
        groups.append((unit.name, options))
    return [group for group in groups if group[1]]


def all_offered(units: Sequence[Unit], outside: Sequence[Provider], *, by: Actor) -> Options:
    """The units and who serves in them; the functions of those units; institutions of the platform; providers."""
    others = [unit for unit in units if unit.pk != by.unit_id]
    functions = {row.function_id: row.function.name for unit in others for row in unit.functions.all()}
    groups = [
        ("Quien tenga la función", [(f"{FUNCTION}_{code}", functions[code]) for code in sorted(functions)]),
        ("Otras instituciones de la plataforma", _offered(one for one in outside if one.partner_id)),
        ("Prestadores externos", _offered(one for one in outside if not one.partner_id)),
    ]
    return [*units_offered(units, by=by), *(group for group in groups if group[1])]


def _offered(providers: Iterable[Provider]) -> list[tuple[str, str]]:
    return [(f"{OUTSIDE}_{one.pk}", one.name) for one in providers]
