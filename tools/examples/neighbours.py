"""Neighbours who do not exist, and the homes they would live in."""

from dataclasses import dataclass
from datetime import date

from ventanilla.core.run import Run
from ventanilla.datasets.synthetic.addresses import Sector, address
from ventanilla.datasets.synthetic.draws import between, stream
from ventanilla.datasets.synthetic.fictional_runs import SPACE, body
from ventanilla.datasets.synthetic.people import adult, setting
from ventanilla.datasets.synthetic.territory import commune

MONTE_PATRIA, COMBARBALA = "04303", "04302"
TODAY = date(2025, 9, 30)
_FIRST_POSITION = SPACE - 10_000
"""The end of the space of fictional RUNs, where no population of our own begins."""


@dataclass(frozen=True)
class Neighbour:
    """Somebody fictional, whose RUN begins at 90.000.000."""

    run: Run
    given: str
    first: str
    second: str
    is_woman: bool
    born: date

    @property
    def number(self) -> str | float:
        """The whole RUN as a spreadsheet keeps what is typed without signs: a number, unless it ends in K."""
        bare = f"{self.run.body}{self.run.digit}"
        return bare if self.run.digit == "K" else float(bare)

    @property
    def wrong_run(self) -> str:
        return str(self.run)[:-1] + ("1" if self.run.digit != "1" else "2")

    @property
    def name(self) -> str:
        return f"{self.given} {self.first} {self.second}".upper()


@dataclass(frozen=True)
class Home:
    """Where some of them live."""

    folio: str
    address: str
    sector: Sector
    members: tuple[Neighbour, ...]


def neighbours(code: str, count: int, *, ages: tuple[int, int] = (18, 95), skip: int = 0) -> list[Neighbour]:
    """People of a commune; ``skip`` is how many RUNs other lists have taken already."""
    here, draw = setting(commune(code), TODAY, TODAY), stream("ejemplos", code, skip)
    found = []
    for position in range(skip, skip + count):
        is_woman = draw() < 0.6
        one = adult(draw, here, "mujer" if is_woman else "hombre", between(draw, *ages), here.lineages[0])
        run = Run(body(_FIRST_POSITION + position))
        found.append(Neighbour(run, one.given, one.first, one.second, is_woman, date.fromordinal(one.born)))
    return found


def homes(people: list[Neighbour]) -> list[Home]:
    """One for every one to four of them, in their order."""
    draw, place = stream("ejemplos", "hogares"), commune(MONTE_PATRIA)
    found: list[Home] = []
    while people:
        size = between(draw, 1, 4)
        members, people = people[:size], people[size:]
        found.append(Home(f"H-{7001 + len(found)}", *address(draw, place), tuple(members)))
    return found
