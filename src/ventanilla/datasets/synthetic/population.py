"""From an order to the folder of an institution, home by home, with never more than a batch of people in memory."""

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from ventanilla.datasets.synthetic.deliveries import write_deliveries
from ventanilla.datasets.synthetic.draws import Draw, between, pick, stream
from ventanilla.datasets.synthetic.facts import write_facts
from ventanilla.datasets.synthetic.families import Family, alone, kinds, lodged, old_alone
from ventanilla.datasets.synthetic.fictional_runs import body
from ventanilla.datasets.synthetic.homes import settle, write_contacts, write_home, write_relations
from ventanilla.datasets.synthetic.mistakes import planter
from ventanilla.datasets.synthetic.offices import most_operators, write_operators, write_units
from ventanilla.datasets.synthetic.people import Setting, adult, setting
from ventanilla.datasets.synthetic.plan import Order
from ventanilla.datasets.synthetic.records import identify, person_row
from ventanilla.datasets.synthetic.subsidies import write_subsidies
from ventanilla.datasets.synthetic.territory import Commune, commune, communes
from ventanilla.datasets.synthetic.visits import add_tickets, write_visits
from ventanilla.datasets.synthetic.working_days import working_days
from ventanilla.datasets.synthetic.writing import Folder

VERSION = 1  # of these formats and of this chance: other files for the same seed mean another number
MANIFEST = "manifest.json"
_LODGES = 0.18  # of the couples old enough to have a grown child with a home of her own


def _losses(draw: Draw, here: Setting, family: Family) -> None:
    """Deaths of the last years; a head dies only where she lived alone, so that every home keeps one."""
    for person in family[1:] if len(family) > 1 else family:
        if draw() < (0.035 if person.age >= 75 else 0.014 if person.age >= 60 else 0.0006):
            person.died = max(here.reference - between(draw, 4, 900), person.born + 1)


def _former(draw: Draw, here: Setting, family: Family) -> Family:
    """Who left the home and stays in its history."""
    if draw() > 0.018:
        return []
    head = family[0]
    kinship = "conviviente" if len(family) == 1 or all(p.kinship == "hijo" for p in family[1:]) else "otro_pariente"
    sex = "hombre" if head.sex == "mujer" else "mujer"
    gone = adult(draw, here, sex, max(18, head.age + between(draw, -6, 6)), None, kinship)
    gone.left = here.reference - between(draw, 20, 1000)
    return [gone]


def _may_lodge(draw: Draw, family: Family) -> bool:
    """Whether a grown child of theirs lives in the same dwelling as another home."""
    if len(family) < 2 or not 46 <= family[0].age <= 78:
        return False
    is_old_couple = family[1].kinship in ("conyuge", "conviviente") and family[1].age >= 46
    return draw() < (_LODGES if is_old_couple else _LODGES / 2 if family[1].kinship == "hijo" else 0)


def families(draw: Draw, here: Setting, people: int) -> Iterator[tuple[Family, Family, bool]]:
    """Families until there are exactly ``people``: members, former members, and whether the home before lodges them."""
    options, left = kinds(here.place), people
    hosts: Family | None = None
    while left > 0:
        is_lodged = hosts is not None
        family = lodged(draw, here, hosts) if hosts else pick(draw, options)(draw, here)
        hosts = None
        former: Family = []
        if len(family) > left:
            family, is_lodged = (old_alone if draw() < 0.4 else alone)(draw, here), False
        else:
            former = _former(draw, here, family) if len(family) < left else []
        _losses(draw, here, family)
        left -= len(family) + len(former)
        if not is_lodged and _may_lodge(draw, family):
            hosts = family
        yield family, former, is_lodged


def _neighbours(place: Commune) -> list[str]:
    return [other.code for other in communes().values() if other.province == place.province and other is not place]


def _write_people(order: Order, here: Setting, folder: Folder, draw: Draw) -> tuple[int, "array[int]"]:
    """Everything but the consultations; answers how many homes there are, and the tickets of who may come."""
    rows, nearby = folder.rows, _neighbours(here.place)
    ticket_draw = stream(order.seed, order.code, "inclinación")
    tickets: array[int] = array("q")
    written, home, deliveries = 0, None, 1
    first_position = order.position + most_operators(order.people)
    number_of_homes = 0
    for family, former, is_lodged in families(draw, here, order.people):
        number_of_homes += 1
        for person in (*family, *former):
            written += 1
            person.number = written
            identify(draw, here, person, first_position + written)
        home = settle(draw, here, number_of_homes, family, home if is_lodged else None)
        home.former = former
        residence = pick(draw, nearby) if nearby and draw() < 0.012 else order.code
        rows["personas"].extend(
            person_row(draw, here, person, person.reference, order.typos, residence, home.source_of(person), home.dated)
            for person in (*family, *former)
        )
        write_home(draw, here, home, rows)
        write_contacts(draw, here, home, rows)
        write_relations(draw, here, home, rows)
        degrees, carers = write_facts(draw, here, home, rows)
        write_subsidies(draw, here, home, degrees, rows)
        deliveries = write_deliveries(draw, here, home, deliveries, rows)
        add_tickets(ticket_draw, home, carers, tickets)
        folder.write_when_many()
    return number_of_homes, tickets


def write_institution(order: Order, out: Path) -> dict[str, Any]:
    """Writes the ten files of an institution; answers its part of the manifest. The order decides every byte."""
    place = commune(order.code)
    here = setting(place, order.reference, order.since)
    first_person = order.position + most_operators(order.people)
    operators_bodies = [body(position) for position in range(order.position, first_person)]
    spare = iter(range(first_person + order.people + 1, order.position + order.room))
    plant, planted = planter(stream(order.seed, order.code, "errores"), here, order.dirty, spare)
    office_draw = stream(order.seed, order.code, "oficinas")
    with Folder(out / str(place.institution), plant) as folder:
        write_units(office_draw, here, order.people, folder.rows)
        operators = write_operators(office_draw, here, order.people, operators_bodies, folder.rows)
        homes, tickets = _write_people(order, here, folder, stream(order.seed, order.code, "hogares"))
        folder.write()
        days = working_days(order.since, order.until)
        write_visits(
            stream(order.seed, order.code, "consultas"), order.consultations, days, tickets, operators, folder.rows
        )
        folder.write()
        counts = dict(folder.counts)
    return {
        "institution": place.institution,
        "commune": place.code,
        "name": place.name,
        "people": order.people,
        "homes": homes,
        "rows": counts,
        "mistakes": {file: dict(sorted(kinds.items())) for file, kinds in planted.items() if kinds},
    }


def synthesize(
    orders: Sequence[Order],
    out: Path,
    *,
    jobs: int = 1,
    on_written: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Writes every folder and, last, the manifest; ``OSError`` when the disk refuses. ``jobs`` changes no byte."""
    out.mkdir(parents=True, exist_ok=True)
    (out / MANIFEST).unlink(missing_ok=True)
    tell = on_written or (lambda _: None)
    largest_first = sorted(orders, key=lambda order: -order.people)
    parts: list[dict[str, Any]] = []
    if jobs > 1 and len(orders) > 1:
        with ProcessPoolExecutor(max_workers=jobs) as pool:
            for part in pool.map(write_institution, largest_first, [out] * len(orders)):
                tell(part)
                parts.append(part)
    else:
        for order in largest_first:
            part = write_institution(order, out)
            tell(part)
            parts.append(part)
    parts.sort(key=lambda part: str(part["commune"]))
    manifest = _manifest(orders, parts)
    (out / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return manifest


def _manifest(orders: Sequence[Order], parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    one = orders[0]
    files = parts[0]["rows"]
    return {
        "version": VERSION,
        "notice": "Datos ficticios: ninguna de estas personas existe.",
        "seed": one.seed,
        "reference": one.reference.isoformat(),
        "from": one.since.isoformat(),
        "until": one.until.isoformat(),
        "dirty": one.dirty,
        "typos": one.typos,
        "people": sum(part["people"] for part in parts),
        "homes": sum(part["homes"] for part in parts),
        "rows": {name: sum(part["rows"][name] for part in parts) for name in files},
        "institutions": list(parts),
    }
