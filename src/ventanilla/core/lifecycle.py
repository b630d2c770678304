"""A lifecycle is a table: from which state one may go to which."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from ventanilla.core.errors import InvalidTransition

State = TypeVar("State", bound=StrEnum)


class Lifecycle(Generic[State]):
    """Every state must be mentioned, as a key, with the set of states that may follow it."""

    def __init__(self, table: Mapping[State, set[State]]) -> None:
        states = set(type(next(iter(table))))
        if missing := states - set(table):
            raise ValueError(f"states without a row: {sorted(missing)}")
        self._table = {state: frozenset(following) for state, following in table.items()}

    def following(self, state: State) -> frozenset[State]:
        """The states that may come after ``state``."""
        return self._table[state]

    def allows(self, before: State, after: State) -> bool:
        return after in self._table[before]

    def require(self, before: State, after: State, *, message: str) -> None:
        """Raise ``InvalidTransition`` with ``message`` unless the table has the step."""
        if not self.allows(before, after):
            raise InvalidTransition(message)

    def is_final(self, state: State) -> bool:
        return not self._table[state]

    def steps(self) -> Iterator[tuple[State, State]]:
        """Every allowed step, for diagrams and tests."""
        for before, following in self._table.items():
            for after in sorted(following):
                yield before, after
