"""How an institution is divided: units by their functions, sites and desks."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests import make

from ventanilla.access import actions
from ventanilla.access.actions import UnitDetails
from ventanilla.access.actors import Actor
from ventanilla.access.models import Commune, Desk, Function, Site, Unit
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import NotAllowed, RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db: None) -> Actor:
    return make.actor(Role.COUNTERPART)


def details(name: str = "Unidad de Subsidios", *functions: str, **more: object) -> UnitDetails:
    found = Function.objects.filter(pk__in=functions or ["subsidies"])
    return UnitDetails(name=name, functions=found, **more)  # type: ignore[arg-type]  # fields of the details


def codes(unit: Unit) -> set[str]:
    return set(unit.functions.values_list("function_id", flat=True))


def commune() -> Commune:
    return Commune.objects.get(pk="04303")


def test_a_unit_is_made_with_its_functions_and_changes_them(by: Actor) -> None:
    unit = actions.open_unit(details(code="Subsidios"), by=by)
    assert (unit.code, unit.institution_id, codes(unit)) == ("subsidios", make.MONTE_PATRIA, {"subsidies"})
    actions.change_unit(unit, details("Subsidios y RSH", "subsidies", "rsh"), by=by)
    assert codes(unit) == {"subsidies", "rsh"}
    actions.change_unit(unit, details("RSH", "rsh"), by=by)
    assert (Unit.objects.get(pk=unit.pk).name, codes(unit)) == ("RSH", {"rsh"})


def test_a_unit_without_code_name_or_function_and_one_that_is_there_already_are_refused(by: Actor) -> None:
    actions.open_unit(details(code="subsidios"), by=by)
    for wrong, said in (
        (details(code=" "), "código"),
        (details("  ", code="rsh"), "nombre"),
        (details(code="subsidios"), "Ya hay una unidad"),
        (UnitDetails("Sin función", Function.objects.none(), code="nada"), "función"),
    ):
        with pytest.raises(RuleBroken, match=said):
            actions.open_unit(wrong, by=by)


def test_no_unit_hangs_from_itself_nor_from_another_institution(by: Actor) -> None:
    above = actions.open_unit(details("DIDECO", code="dideco"), by=by)
    below = actions.open_unit(details(code="subsidios", parent=above), by=by)
    with pytest.raises(RuleBroken, match="superior"):
        actions.change_unit(above, details("DIDECO", parent=below), by=by)
    with pytest.raises(RuleBroken, match="superior"):
        actions.change_unit(below, details(parent=make.unit(make.COMBARBALA)), by=by)


def test_a_unit_where_somebody_serves_is_not_disconnected(by: Actor) -> None:
    clerk = make.posting()
    assert clerk.unit
    with pytest.raises(RuleBroken, match="después de ese día: 1"):
        actions.change_unit(clerk.unit, details(connected_until=make.TODAY), by=by)
    clerk.ends_on = make.TODAY
    clerk.save()
    with acting(by):
        actions.change_unit(clerk.unit, details(connected_until=make.TODAY), by=by)
    with pytest.raises(RuleBroken, match="desde hoy"):
        actions.change_unit(clerk.unit, details(connected_until=make.TODAY - timedelta(days=1)), by=by)


def test_a_site_closes_with_its_desks_unless_it_is_the_only_one(by: Actor) -> None:
    first = actions.open_site(by=by, name="Edificio consistorial", commune=commune())
    with pytest.raises(RuleBroken, match="única"):
        actions.close_site(first, by=by)
    second = actions.open_site(by=by, name="Delegación El Palqui", commune=commune())
    desk = actions.open_desk(second, by=by, name=" Módulo  1 ")
    with pytest.raises(RuleBroken, match="Ya hay un módulo"):
        actions.open_desk(second, by=by, name="Módulo 1")
    actions.close_site(second, by=by)
    assert Desk.objects.get(pk=desk.pk).closed_on == make.TODAY
    with pytest.raises(RuleBroken, match="ya no se usa"):
        actions.open_desk(second, by=by, name="Módulo 2")


def test_the_office_is_arranged_by_the_counterpart_in_her_institution_only(by: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.open_unit(details(code="otra"), by=make.actor(Role.UAS_HEAD))
    foreign = Site.objects.create(institution_id=make.COMBARBALA, name="Suya", commune=commune())
    with pytest.raises(NotAllowed):
        actions.open_desk(foreign, by=by, name="Módulo 1")
    with pytest.raises(NotAllowed):
        actions.change_unit(make.unit(make.COMBARBALA), details(), by=by)


def test_an_empty_office_is_built_from_its_pages() -> None:
    client = Client()
    client.force_login(make.posting(Role.COUNTERPART).account)
    page = client.get(reverse("access:office")).content.decode()
    assert "Aún no hay unidades" in page
    assert "Aún no hay dependencias" in page
    wrong = client.post(reverse("access:new_unit"), {"code": "subsidios", "name": "Subsidios"})
    assert wrong.status_code == 422
    unit = {"code": "subsidios", "name": "Subsidios", "functions": ["subsidies"]}
    assert "Subsidios" in client.post(reverse("access:new_unit"), unit, follow=True).content.decode()
    client.post(reverse("access:new_site"), {"name": "Delegación", "commune": "04303"})
    site = Site.objects.get()
    here = reverse("access:site", args=[site.pk])
    assert "Módulo 1" in client.post(here, {"desk": "1", "name": "Módulo 1"}, follow=True).content.decode()
    assert client.post(here, {"desk": "1", "name": "Módulo 1"}).status_code == 422
    client.post(reverse("access:close_desk", args=[Desk.objects.get().pk]))
    assert "Sin módulos" in client.get(here).content.decode()
