"""A lifecycle mentions every state and allows only the steps of its table."""

from enum import StrEnum

import pytest

from ventanilla.core.errors import InvalidTransition
from ventanilla.core.lifecycle import Lifecycle


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    WALLED = "walled"


DOORS = Lifecycle({Door.OPEN: {Door.SHUT}, Door.SHUT: {Door.OPEN, Door.WALLED}, Door.WALLED: set()})


def test_only_the_steps_of_the_table_are_allowed() -> None:
    assert set(DOORS.steps()) == {(Door.OPEN, Door.SHUT), (Door.SHUT, Door.OPEN), (Door.SHUT, Door.WALLED)}
    for before in Door:
        for after in Door:
            assert DOORS.allows(before, after) == ((before, after) in set(DOORS.steps()))
    assert DOORS.following(Door.SHUT) == {Door.OPEN, Door.WALLED}


def test_a_step_out_of_the_table_is_refused_with_the_sentence_given() -> None:
    DOORS.require(Door.OPEN, Door.SHUT, message="unused")
    with pytest.raises(InvalidTransition, match="ya fue tapiada") as caught:
        DOORS.require(Door.WALLED, Door.OPEN, message="La puerta ya fue tapiada.")
    assert caught.value.status == 409


def test_a_state_with_nowhere_to_go_is_final() -> None:
    assert [door for door in Door if DOORS.is_final(door)] == [Door.WALLED]


def test_a_table_that_forgets_a_state_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="walled"):
        Lifecycle({Door.OPEN: {Door.SHUT}, Door.SHUT: {Door.OPEN}})
