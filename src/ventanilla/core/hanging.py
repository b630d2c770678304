"""What becomes of the rows that hang from a record when it turns out to be the same as another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from django.db.models import Q


class Taken(Enum):
    """What is done with a row when the record that is kept already has one where only one may be."""

    REPEATED = auto()  # it says the same: it goes, whole, into the account of the merge
    STAYS = auto()  # it is left with the record it was written of
    REFUSES = auto()  # the merge waits until somebody settles it


@dataclass(frozen=True, slots=True)
class Hanging:
    """That rows of a model point by ``field`` to the record, and whether they follow it to the one that is kept.

    ``only`` narrows those that follow at a moment; what does not follow stays, and is reached through the merge.
    ``sentence`` is what is said when ``taken`` refuses.
    """

    field: str
    taken: Taken = Taken.REFUSES
    follows: bool = True
    only: Callable[[datetime], Q] | None = None
    sentence: str = ""
