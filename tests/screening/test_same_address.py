"""What was given to others at an address is told in time, and gives nobody away who is guarded or shielded."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.core import clock
from ventanilla.core.secrecy import Secrecy
from ventanilla.registry.models import Dwelling, Home, Membership, Person, Residence
from ventanilla.registry.profiles import Profile
from ventanilla.registry.vocabulary import DwellingKind
from ventanilla.screening.compile import compile_screening

pytestmark = pytest.mark.django_db

BOX = "Caja de alimentos"
LAST_MONTH = make.TODAY - timedelta(days=30)


@pytest.fixture
def worker() -> Iterator[Actor]:
    with make.inside() as actor:
        yield actor


def give(person: Person | None, label: str = BOX, on: date = LAST_MONTH, home: Home | None = None) -> Delivery:
    return Delivery.objects.create(
        person=person, home=home, label=label, delivered_on=on, origin="loaded", recorded_at=clock.now()
    )


def told(person: Person, by: Actor, profile: Profile = Profile.FULL) -> list[str]:
    screening = compile_screening(person, by=by, profile=profile, on=make.TODAY)
    words = [f"{alert.title} {alert.detail}" for alert in screening.alerts if "dirección" in alert.title]
    return [text.replace("\N{NON-BREAKING HYPHEN}", "-") for text in words]


@pytest.fixture
def neighbours(worker: Actor) -> dict[str, Any]:
    """Rosa and Luis at home; at the same address, written in another row, the home of Elba."""
    rosa, luis, elba = make.person(), make.person("Luis"), make.person("Elba")
    return {
        "rosa": rosa,
        "luis": luis,
        "elba": elba,
        "hers": make.home(rosa, luis),
        "other": make.home(elba),
    }


def test_a_box_given_to_another_home_of_the_address_is_told_without_saying_to_whom(
    neighbours: dict[str, Any], worker: Actor
) -> None:
    give(neighbours["elba"])
    on = f"{LAST_MONTH:%d-%m-%Y}"
    assert told(neighbours["rosa"], worker) == [f"{BOX}: ya se entregó en esta dirección. El {on}, a otro hogar"]
    assert told(neighbours["elba"], worker) == [], "her own is no news"


def test_a_box_given_to_the_other_home_as_such_is_told_too(neighbours: dict[str, Any], worker: Actor) -> None:
    give(None, home=neighbours["other"])
    assert len(told(neighbours["rosa"], worker)) == 1
    assert told(neighbours["elba"], worker) == []


def test_the_desk_is_told_only_of_what_she_had_too_and_never_to_whom(neighbours: dict[str, Any], worker: Actor) -> None:
    desk = make.actor(Role.FRONT_DESK)
    give(neighbours["elba"])
    give(neighbours["luis"], "Pañales de adulto")
    with acting(desk):
        assert told(neighbours["rosa"], desk, Profile.SUMMARY) == []
        give(None, home=neighbours["hers"], on=make.YESTERDAY)
        (alert,) = told(neighbours["rosa"], desk, Profile.SUMMARY)
    assert alert == f"{BOX}: ya se entregó en esta dirección. El {LAST_MONTH:%d-%m-%Y}"


def test_another_member_of_her_home_who_had_the_same_is_named_to_the_full_profile_alone(
    neighbours: dict[str, Any], worker: Actor
) -> None:
    give(neighbours["luis"])
    assert told(neighbours["rosa"], worker) == []
    give(neighbours["rosa"], on=make.YESTERDAY)
    assert told(neighbours["rosa"], worker)[0].endswith(", a Luis")
    assert not told(neighbours["rosa"], worker, Profile.SUMMARY)[0].endswith("Luis")


@pytest.mark.parametrize(("months", "count"), [(6, 0), (7, 1)])
def test_what_was_given_before_the_term_is_no_longer_told(
    neighbours: dict[str, Any], worker: Actor, settings: LazySettings, months: int, count: int
) -> None:
    settings.SAME_BENEFIT_MONTHS = months
    give(neighbours["elba"], on=make.TODAY - timedelta(days=200))
    assert len(told(neighbours["rosa"], worker)) == count


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({}, 1),
        ({"address": "Pasaje Los Parrones 120"}, 0),
        ({"sector": "Centro"}, 0),
        ({"address": "S/N"}, 0),
        ({"kind": DwellingKind.INSTITUTION}, 0),
        ({"kind": DwellingKind.NO_ADDRESS}, 0),
    ],
)
def test_only_an_address_that_is_one_place_is_matched(
    neighbours: dict[str, Any], worker: Actor, changed: dict[str, str], count: int
) -> None:
    give(neighbours["elba"])
    here = Dwelling.objects.filter(homes=neighbours["hers"])
    if changed.get("address") == "S/N" or "kind" in changed:
        Dwelling.objects.update(**changed)
    else:
        here.update(**changed)
    assert len(told(neighbours["rosa"], worker)) == count


def test_two_homes_of_one_dwelling_are_matched_whatever_its_address_says(
    neighbours: dict[str, Any], worker: Actor
) -> None:
    give(neighbours["elba"])
    shared = neighbours["hers"].dwelling
    Dwelling.objects.filter(pk=shared.pk).update(address="S/N")
    Home.objects.filter(pk=neighbours["other"].pk).update(dwelling=shared)
    assert len(told(neighbours["rosa"], worker)) == 1


def test_who_moved_away_is_no_longer_of_the_address(neighbours: dict[str, Any], worker: Actor) -> None:
    give(neighbours["elba"])
    Membership.objects.filter(person=neighbours["elba"]).update(ends_on=make.YESTERDAY)
    assert told(neighbours["rosa"], worker) == []


# Nobody is given away

SECRET = (Secrecy.RESERVED, Secrecy.RESTRICTED)


def guard(person: Person, dwelling: Dwelling, level: Secrecy, by: Actor, **extra: Any) -> None:
    Residence.objects.create(
        person=person,
        dwelling=dwelling,
        secrecy=level,
        source="declared",
        starts_on=make.YESTERDAY,
        unit_id=by.unit_id,
        recorded_by_id=by.account_id,
        **extra,
    )


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("level", SECRET)
@pytest.mark.parametrize("whose", ["the reader's", "the giver's", "a third one's"])
def test_a_guarded_address_is_matched_with_nothing_even_for_who_guards_it(
    neighbours: dict[str, Any], worker: Actor, whose: str, level: Secrecy, profile: Profile
) -> None:
    """The reader recorded it herself, so that nothing is above her: yet what lives there is not told of."""
    rosa, elba = neighbours["rosa"], neighbours["elba"]
    give(elba)
    give(rosa, on=make.YESTERDAY)
    assert len(told(rosa, worker, profile)) == 1
    there = Dwelling.objects.create(address="Pasaje Los Parrones 118", sector="El Palqui")
    who = {"the reader's": rosa, "the giver's": elba, "a third one's": make.person("Otra")}[whose]
    guard(who, there, level, worker)
    assert told(rosa, worker, profile) == []
    Residence.objects.update(ends_on=make.YESTERDAY)
    assert len(told(rosa, worker, profile)) == 1, "once it is over it is an address as any"


@pytest.mark.parametrize("level", SECRET)
def test_what_went_to_somebody_guarded_elsewhere_or_to_her_home_is_not_told_here(
    neighbours: dict[str, Any], worker: Actor, level: Secrecy
) -> None:
    elba = neighbours["elba"]
    guard(elba, Dwelling.objects.create(address="Casa de acogida 1"), level, worker)
    give(elba)
    give(None, "Vale de gas", home=neighbours["other"])
    assert told(neighbours["rosa"], worker) == []


def test_two_who_are_guarded_in_one_house_are_not_told_of_each_other(worker: Actor) -> None:
    shelter = Dwelling.objects.create(address="Casa de acogida 1", sector="Huatulame")
    first, second = make.person("Ana"), make.person("Berta")
    for person in (first, second):
        home = make.home(person)
        Home.objects.filter(pk=home.pk).update(dwelling=shelter)
        guard(person, shelter, Secrecy.RESTRICTED, worker)
        give(person)
    assert told(first, worker) == []


@pytest.mark.parametrize("profile", list(Profile))
def test_who_is_shielded_from_her_home_is_told_to_nobody_at_the_address(
    neighbours: dict[str, Any], worker: Actor, profile: Profile
) -> None:
    rosa, luis, elba = neighbours["rosa"], neighbours["luis"], neighbours["elba"]
    for person in (rosa, elba):
        give(person, on=make.YESTERDAY)
        give(person, "Colchón", on=make.YESTERDAY - timedelta(days=1))
    give(luis)
    give(luis, "Colchón", on=make.TODAY)
    Membership.objects.filter(person=luis).update(is_shielded=True)
    for person in (rosa, elba):
        seen = told(person, worker, profile)
        assert len(seen) == 2
        assert not [text for text in seen if f"{make.TODAY:%d-%m-%Y}" in text or f"{LAST_MONTH:%d-%m-%Y}" in text]


def test_who_has_a_guarded_address_is_matched_at_no_other_of_hers(neighbours: dict[str, Any], worker: Actor) -> None:
    rosa = neighbours["rosa"]
    give(neighbours["elba"])
    guard(rosa, Dwelling.objects.create(address="Casa de acogida 1"), Secrecy.RESERVED, worker)
    guard(rosa, neighbours["hers"].dwelling, Secrecy.ORDINARY, worker)
    assert told(rosa, worker) == []


def test_what_a_blocked_person_was_given_is_not_told(neighbours: dict[str, Any], worker: Actor) -> None:
    give(neighbours["elba"])
    give(None, "Vale de gas", home=neighbours["other"])
    Person.objects.filter(pk=neighbours["elba"].pk).update(processing_blocked=True)
    assert told(neighbours["rosa"], worker) == []


def test_another_municipality_with_the_same_street_tells_nothing(neighbours: dict[str, Any], worker: Actor) -> None:
    with make.inside(make.COMBARBALA):
        foreigner = make.person("Extranjera")
        make.home(foreigner)
        give(foreigner)
    with acting(worker):
        assert told(neighbours["rosa"], worker) == []
