"""How an institution is divided: its units and what they do, its sites and their desks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Model

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Commune, Desk, Function, Posting, Site, Unit, UnitFunction
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class UnitDetails:
    """``code`` is only given when it is made: files and records know the unit by it."""

    name: str
    functions: Iterable[Function]
    parent: Unit | None = None
    connected_from: date | None = None
    connected_until: date | None = None
    code: str = ""


@transaction.atomic
def open_unit(details: UnitDetails, *, by: Actor) -> Unit:
    require(by, Permission.OFFICE_ARRANGE)
    code = details.code.strip().lower()
    if not code:
        raise RuleBroken("Escriba un código corto, como «subsidios».", field="code")
    unit = Unit(institution_id=by.institution, code=code)
    _check_unit(unit, details)
    _insert(unit, "Ya hay una unidad con ese código.", field="code")
    _set_functions(unit, details.functions)
    return unit


@transaction.atomic
def change_unit(unit: Unit, details: UnitDetails, *, by: Actor) -> Unit:
    """A unit that is disconnected while somebody still serves in it would leave her at a closed door."""
    unit.refresh_from_db(from_queryset=Unit.objects.select_for_update(of=("self",)))
    require(by, Permission.OFFICE_ARRANGE, unit)
    _check_unit(unit, details)
    if unit.connected_until and unit.connected_until < clock.today():
        raise RuleBroken("La unidad se desconecta desde hoy en adelante.", field="connected_until")
    serving = Posting.objects.in_force_on(clock.today()).filter(unit=unit)
    if unit.connected_until and (count := serving.exclude(ends_on__lte=unit.connected_until).count()):
        raise RuleBroken(
            f"Desempeños que siguen en la unidad después de ese día: {count}. Póngales término en el registro.",
            field="connected_until",
        )
    if unit.connected_until and unit.referrals_received.filter(ended_at__isnull=True).exists():
        raise RuleBroken(
            "Tiene derivaciones por responder: respóndalas o rechácelas antes.",
            field="connected_until",
        )
    unit.save()
    _set_functions(unit, details.functions)
    return unit


def _check_unit(unit: Unit, details: UnitDetails) -> None:
    unit.name, unit.parent = " ".join(details.name.split()), details.parent
    unit.connected_from, unit.connected_until = details.connected_from, details.connected_until
    if not unit.name:
        raise RuleBroken("Escriba el nombre de la unidad.", field="name")
    if unit.connected_from and unit.connected_until and unit.connected_until < unit.connected_from:
        raise RuleBroken("La desconexión no puede ser anterior a la conexión.", field="connected_until")
    above = details.parent
    while above is not None:
        if above.institution_id != unit.institution_id or above.pk == unit.pk:
            raise RuleBroken(
                "La unidad superior debe ser otra de la institución, que no dependa de esta.", field="parent"
            )
        above = above.parent


def _set_functions(unit: Unit, functions: Iterable[Function]) -> None:
    wanted = {function.pk for function in functions}
    if not wanted:
        raise RuleBroken("Marque al menos una función: por ella le llegan los motivos.", field="functions")
    present = set(unit.functions.values_list("function_id", flat=True))
    unit.functions.filter(function_id__in=present - wanted).delete()
    UnitFunction.objects.bulk_create(UnitFunction(unit=unit, function_id=code) for code in sorted(wanted - present))


@transaction.atomic
def open_site(*, by: Actor, name: str, commune: Commune, address: str = "") -> Site:
    require(by, Permission.OFFICE_ARRANGE)
    site = Site(institution_id=by.institution)
    return _save_site(site, name, address, commune)


@transaction.atomic
def change_site(site: Site, *, by: Actor, name: str, commune: Commune, address: str = "") -> Site:
    site.refresh_from_db(from_queryset=Site.objects.select_for_update(of=("self",)))
    require(by, Permission.OFFICE_ARRANGE, site)
    return _save_site(site, name, address, commune)


def _save_site(site: Site, name: str, address: str, commune: Commune) -> Site:
    site.name, site.address, site.commune = " ".join(name.split()), " ".join(address.split()), commune
    if not site.name:
        raise RuleBroken("Escriba el nombre de la dependencia.", field="name")
    same = Site.objects.filter(institution_id=site.institution_id, name=site.name, closed_on__isnull=True)
    if same.exclude(pk=site.pk).exists():
        raise RuleBroken("Ya hay una dependencia con ese nombre.", field="name")
    site.save()
    return site


@transaction.atomic
def close_site(site: Site, *, by: Actor) -> Site:
    """With its desks; what was attended there keeps its place."""
    site.refresh_from_db(from_queryset=Site.objects.select_for_update(of=("self",)))
    require(by, Permission.OFFICE_ARRANGE, site)
    others = Site.objects.filter(institution_id=site.institution_id, closed_on__isnull=True).exclude(pk=site.pk)
    if not others.exists():
        raise RuleBroken("Es la única dependencia en uso. Cree otra antes de dejar esta.")
    site.closed_on = clock.today()
    site.save()
    site.desks.filter(closed_on__isnull=True).update(closed_on=site.closed_on)
    return site


@transaction.atomic
def open_desk(site: Site, *, by: Actor, name: str) -> Desk:
    require(by, Permission.OFFICE_ARRANGE, site)
    name = " ".join(name.split())
    if not name:
        raise RuleBroken("Escriba el nombre del módulo.", field="name")
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)  # the same form twice waits, and finds it
    if site.closed_on:
        raise RuleBroken("Esa dependencia ya no se usa.", field="name")
    if Desk.objects.filter(site=site, name=name, closed_on__isnull=True).exists():
        raise RuleBroken("Ya hay un módulo con ese nombre en la dependencia.", field="name")
    return Desk.objects.create(institution_id=site.institution_id, site=site, name=name)


@transaction.atomic
def close_desk(desk: Desk, *, by: Actor) -> Desk:
    desk.refresh_from_db(from_queryset=Desk.objects.select_for_update(of=("self",)))
    require(by, Permission.OFFICE_ARRANGE, desk)
    desk.closed_on = clock.today()
    desk.save()
    return desk


def _insert(row: Model, message: str, *, field: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(message, field=field) from error
