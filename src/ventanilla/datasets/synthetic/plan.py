"""What is asked for, turned into one order an institution: how many people, which numbers, how many consultations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ventanilla.core.errors import RuleBroken
from ventanilla.datasets.synthetic import fictional_runs
from ventanilla.datasets.synthetic.offices import most_operators
from ventanilla.datasets.synthetic.territory import Commune, commune, communes
from ventanilla.datasets.synthetic.visits import usual_number
from ventanilla.datasets.synthetic.working_days import working_days

MOST_PEOPLE = 8_000_000  # the numbers kept for people who do not exist are ten million


@dataclass(frozen=True, slots=True)
class Order:
    """One institution to write. ``position`` is the first of the ``room`` RUN positions that are its own."""

    code: str
    people: int
    consultations: int
    seed: int
    reference: date
    since: date
    until: date
    dirty: float
    typos: float
    position: int
    room: int


def apportion(total: int, shares: Sequence[float]) -> list[int]:
    """Whole parts of ``total`` by largest remainder; each gets at least one while there is enough for all."""
    if not shares:
        return []
    least = 1 if total >= len(shares) else 0
    rest, whole = total - least * len(shares), sum(shares)
    exact = [rest * share / whole for share in shares]
    parts = [int(value) for value in exact]
    by_remainder = sorted(range(len(shares)), key=lambda n: (parts[n] - exact[n], n))
    for n in by_remainder[: rest - sum(parts)]:
        parts[n] += 1
    return [part + least for part in parts]


def read_municipality(text: str) -> tuple[Commune, int | None]:
    """``04303`` or ``04303:40000``; raises ``RuleBroken`` with what is wrong."""
    code, separator, people = text.partition(":")
    place = commune(code)
    if not separator:
        return place, None
    if not people.strip().isdecimal():
        raise RuleBroken(f"«{people}» no es un número de personas. Escriba, por ejemplo, {place.code}:40000.")
    return place, int(people)


def sizes(municipalities: Sequence[str], is_country: bool, people: int | None) -> dict[Commune, int]:
    """People by commune: as asked for one by one, the rest of ``people`` shared in proportion to the real sizes."""
    asked: dict[Commune, int | None] = {}
    for text in municipalities:
        place, number = read_municipality(text)
        if place in asked:
            raise RuleBroken(f"{place.name} ({place.code}) está repetida. Indíquela una sola vez.")
        asked[place] = number
    if is_country:
        asked = {place: asked.get(place) for place in communes().values()}
    if not asked:
        raise RuleBroken("Falta decir de dónde: indique --municipality 04303:40000 o --country.")
    fixed = sum(number for number in asked.values() if number is not None)
    open_ended = [place for place, number in asked.items() if number is None]
    if people is None:
        if is_country:
            raise RuleBroken("Con --country hace falta --people, el total de personas del país ficticio.")
        parts = [place.inhabitants for place in open_ended]
    else:
        if people < fixed:
            raise RuleBroken(f"--people {people} es menos que las {fixed} personas ya pedidas por municipalidad.")
        if not open_ended and people != fixed:
            raise RuleBroken(f"Las municipalidades ya suman {fixed} personas: quite --people o escriba {fixed}.")
        parts = apportion(people - fixed, [place.inhabitants for place in open_ended])
    rest = dict(zip(open_ended, parts, strict=True))
    return {place: rest[place] if number is None else number for place, number in asked.items()}


def _room(people: int, dirty: float) -> int:
    """Numbers an institution may need: neighbours, operators, and the people of planted mistakes."""
    return most_operators(people) + people + 1 + (int(people * 3 * dirty) + 200 if dirty else 0)


def orders(
    people: dict[Commune, int],
    *,
    seed: int,
    reference: date,
    since: date,
    until: date,
    consultations: int | None = None,
    dirty: float = 0.0,
    typos: float = 0.04,
) -> list[Order]:
    """One order an institution, by code; ``RuleBroken`` for dates in disorder, shares out of range, too many people."""
    if since > until:
        raise RuleBroken("El período de consultas termina antes de empezar: revise --from y --until.")
    if until > reference:
        raise RuleBroken(
            "Las consultas no pueden ser posteriores a la fecha de referencia: revise --until y --reference."
        )
    if not (0 <= dirty <= 0.5 and 0 <= typos <= 1):
        raise RuleBroken("--dirty va de 0 a 0,5 y --typos de 0 a 1: son partes de las filas, como 0.02.")
    if sum(people.values()) > MOST_PEOPLE:
        raise RuleBroken("Son demasiadas personas: alcanzan los RUN ficticios para 8.000.000.")
    places = sorted(people, key=lambda place: place.code)
    rooms = {place.institution: _room(people[place], dirty) for place in places}
    country = [
        (place.institution, float(place.inhabitants)) for place in sorted(communes().values(), key=lambda p: p.code)
    ]
    try:
        starts = fictional_runs.allot(rooms, country)
    except ValueError:
        raise RuleBroken("Son demasiadas personas con tantos errores: baje --people o --dirty.") from None
    days = len(working_days(since, until))
    if consultations is None:
        visits = [usual_number(people[place], days) for place in places]
    else:
        visits = apportion(consultations, [max(people[place], 1) for place in places])
    return [
        Order(
            code=place.code,
            people=people[place],
            consultations=number,
            seed=seed,
            reference=reference,
            since=since,
            until=until,
            dirty=dirty,
            typos=typos,
            position=starts[place.institution],
            room=rooms[place.institution],
        )
        for place, number in zip(places, visits, strict=True)
    ]
