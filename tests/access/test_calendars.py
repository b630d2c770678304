"""The calendar of an institution: the country's holidays, and its own days."""

from datetime import date, timedelta

import pytest
from django.test import Client
from tests import make

from ventanilla.access import actions
from ventanilla.access.calendars import holidays_of, legal_days, service_days
from ventanilla.access.models import OwnDay
from ventanilla.access.permissions import Role
from ventanilla.core.errors import NotAllowed, RuleBroken

pytestmark = pytest.mark.django_db

CHRISTMAS = date(2026, 12, 25)
ARICA, CHILLAN, BULNES = 15101, 16101, 16102
NEXT_MONDAY = make.TODAY + timedelta(days=14 - make.TODAY.weekday())


def working_day() -> date:
    return service_days(make.MONTE_PATRIA, around=make.TODAY).first_from(NEXT_MONDAY)


def test_holidays_are_those_of_the_country_and_of_the_place() -> None:
    battle, birth = date(2027, 6, 7), date(2027, 8, 20)
    around = date(2027, 1, 1)
    assert CHRISTMAS in holidays_of(make.MONTE_PATRIA, around=around)
    assert battle in holidays_of(ARICA, around=around)
    assert battle not in holidays_of(make.MONTE_PATRIA, around=around)
    assert birth in holidays_of(CHILLAN, around=around)
    assert birth not in holidays_of(BULNES, around=around)


def test_a_day_closed_by_the_municipality_stops_its_terms_and_not_the_laws() -> None:
    day, by = working_day(), make.actor(Role.COUNTERPART)
    actions.add_own_day(day, by=by, is_worked=False, reason="Aniversario comunal")
    assert not service_days(make.MONTE_PATRIA, around=day).includes(day)
    assert legal_days(make.MONTE_PATRIA, around=day).includes(day)
    assert service_days(make.COMBARBALA, around=day).includes(day)


def test_a_saturday_of_operative_is_worked_until_it_is_taken_away() -> None:
    saturday, by = NEXT_MONDAY + timedelta(days=5), make.actor(Role.COUNTERPART)
    own = actions.add_own_day(saturday, by=by, is_worked=True, reason="Operativo en Carén")
    assert service_days(make.MONTE_PATRIA, around=saturday).includes(saturday)
    actions.remove_own_day(own, by=by)
    assert not service_days(make.MONTE_PATRIA, around=saturday).includes(saturday)


def test_a_past_day_one_without_reason_and_one_that_changes_nothing_are_refused() -> None:
    by = make.actor(Role.COUNTERPART)
    with pytest.raises(RuleBroken, match="ya pasó"):
        actions.add_own_day(make.TODAY - timedelta(days=1), by=by, is_worked=False, reason="Tarde")
    with pytest.raises(RuleBroken, match="motivo"):
        actions.add_own_day(working_day(), by=by, is_worked=False, reason="  ")
    with pytest.raises(RuleBroken, match="ya se atiende"):
        actions.add_own_day(working_day(), by=by, is_worked=True, reason="Nada")
    with pytest.raises(RuleBroken, match="ya no se atiende"):
        actions.add_own_day(NEXT_MONDAY + timedelta(days=6), by=by, is_worked=False, reason="Domingo")


def test_only_who_arranges_the_calendar_changes_it_and_only_her_own() -> None:
    with pytest.raises(NotAllowed):
        actions.add_own_day(working_day(), by=make.actor(Role.UNIT_HEAD), is_worked=False, reason="No")
    foreign = OwnDay.objects.create(institution_id=make.COMBARBALA, day=working_day(), reason="Suyo")
    with pytest.raises(NotAllowed):
        actions.remove_own_day(foreign, by=make.actor(Role.COUNTERPART))


def test_the_counterpart_notes_a_day_on_the_page_and_takes_it_away() -> None:
    client = Client()
    client.force_login(make.posting(Role.COUNTERPART).account)
    day = working_day()
    form = {"day": f"{day:%d-%m-%Y}", "kind": "closed", "reason": "Aniversario comunal"}
    assert "Aniversario comunal" in client.post("/calendario/", form, follow=True).content.decode()
    again = client.post("/calendario/", form)
    assert again.status_code == 422
    assert "ya no se atiende" in again.content.decode()
    own = OwnDay.objects.get()
    page = client.post(f"/calendario/{own.pk}/quitar/", follow=True).content.decode()
    assert "Aniversario comunal" not in page
