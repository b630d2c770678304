"""What people have received: to whom, from where, once."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.benefits.models import Delivery
from ventanilla.core import clock
from ventanilla.core.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Iterator[Actor]:
    with make.inside() as actor:
        yield actor


def deliver(**details: Any) -> Delivery:
    defaults = {
        "label": "Canasta familiar",
        "delivered_on": make.TODAY,
        "origin": Delivery.Origin.LOADED,
        "recorded_at": clock.now(),
    }
    return Delivery.objects.create(**(defaults | details))


def test_a_delivery_is_to_a_person_or_to_a_home(desk: Actor) -> None:
    person = make.person()
    home = make.home(person)
    deliver(person=person)
    deliver(home=home)
    with pytest.raises(IntegrityError, match="delivery_to_somebody"), transaction.atomic():
        deliver()


def test_a_reference_names_one_delivery_in_each_institution(desk: Actor) -> None:
    person = make.person()
    deliver(person=person, reference="2026-17")
    deliver(person=person)
    deliver(person=person)
    with pytest.raises(IntegrityError, match="one_delivery_per_reference"), transaction.atomic():
        deliver(person=person, reference="2026-17")
    with make.inside(make.COMBARBALA):
        assert deliver(person=make.person(), reference="2026-17").reference == "2026-17"


def test_nobody_of_elsewhere_receives_here(desk: Actor) -> None:
    with make.inside(make.COMBARBALA):
        theirs = make.person()
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        deliver(person=theirs)
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        deliver(home_id=new_id())


def test_a_home_is_shown_its_own_and_its_members_and_not_what_went_to_others(desk: Actor) -> None:
    member, shielded = make.person(), make.person("Elsa")
    home = make.home(member, shielded)
    to_home, to_member = deliver(home=home), deliver(home=home, person=member)
    deliver(home=home, person=shielded)
    deliver(person=make.person("Otra"))
    found = Delivery.objects.visible_to(desk).to_home([home.pk], [member.pk]).newest_first()
    assert list(found) == [to_member, to_home]


def test_what_a_blocked_person_received_is_not_shown(desk: Actor) -> None:
    blocked = make.person(processing_blocked=True)
    home = make.home(make.person())
    deliver(person=blocked)
    to_home = deliver(home=home)
    assert list(Delivery.objects.visible_to(desk)) == [to_home]
