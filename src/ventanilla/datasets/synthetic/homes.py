"""A home around a family: its dwelling, its bracket, since when each lives there, and how they can be reached."""

from dataclasses import dataclass, field
from functools import cache

from ventanilla.datasets.synthetic import addresses
from ventanilla.datasets.synthetic.addresses import Sector
from ventanilla.datasets.synthetic.draws import YEAR, Draw, ballot, between, day_text, pick
from ventanilla.datasets.synthetic.families import Family
from ventanilla.datasets.synthetic.people import Person, Setting
from ventanilla.datasets.synthetic.territory import Commune

Rows = dict[str, list[str]]
_LOWEST, _HIGHEST = 0.12, 0.55
_BRACKETS = (50, 60, 70, 80, 90, 100)
_REST_WHERE_POOR = (0.29, 0.27, 0.17, 0.125, 0.10, 0.045)
_REST_WHERE_RICH = (0.10, 0.11, 0.13, 0.16, 0.23, 0.27)
_AGO = ballot((((0, 14), 18), ((15, 59), 27), ((60, 364), 30), ((365, 729), 14), ((730, 1094), 11)), 100)
_HOUR_NOTES = ("Llamar solo de 9 a 13 h", "Llamar después de las 18 h", "Contesta una vecina", "Solo mensajes")
_SAFETY_NOTES = ("No llamar: puede contestar el agresor", "No dejar recados", "No llamar por seguridad")
_PLAIN = str.maketrans("áéíóúüñèçÁÉÍÓÚÜÑ", "aeiouunecAEIOUUN")


@dataclass(slots=True)
class Home:
    """``bracket`` is 0 for a home without RSH; days are ordinals."""

    number: int
    family: Family
    address: str
    sector: Sector
    dwelling: str
    bracket: int
    dated: int
    is_guarded: bool  # its contacts are secret
    former: Family = field(default_factory=list)

    @property
    def reference(self) -> str:
        return f"H-{self.number}"

    def source_of(self, person: Person) -> str:
        """Where what is known of a member comes from: the register has nobody without RUN."""
        return "rsh" if self.bracket and person.body else "municipal"


@cache
def brackets(place: Commune) -> tuple[int, ...]:
    """The brackets of a commune, each as often as its homes have it."""
    tilt = min(1.0, max(0.0, (place.poorest_share - _LOWEST) / (_HIGHEST - _LOWEST)))
    rest = [poor * tilt + rich * (1 - tilt) for poor, rich in zip(_REST_WHERE_POOR, _REST_WHERE_RICH, strict=True)]
    scale = (1 - place.poorest_share) / sum(rest)
    pairs = ((bracket, share * scale) for bracket, share in zip(_BRACKETS, rest, strict=True))
    return ballot(((40, place.poorest_share), *pairs))


def fact_day(draw: Draw, reference: int) -> int:
    """Between today and three years ago, more often lately."""
    low, high = pick(draw, _AGO)
    return reference - between(draw, low, high)


def _bracket(draw: Draw, here: Setting, family: Family) -> int:
    options = brackets(here.place)
    bracket = pick(draw, options)
    adults = [p for p in family if p.age >= 18]
    if len(adults) == 1 and len(family) > 1 and draw() < 0.25:
        return min(bracket, pick(draw, options))
    if len(adults) == len(family) == 2 and draw() < 0.22:
        return max(bracket, pick(draw, options))
    return bracket


def settle(draw: Draw, here: Setting, number: int, family: Family, beside: Home | None) -> Home:
    """A home for the family; ``beside`` is the home that lodges it in the same dwelling."""
    place, head = here.place, family[0]
    chance = draw()
    if beside:
        address, sector, dwelling = beside.address, beside.sector, beside.dwelling
    elif len(family) == 1 and head.age >= 68 and chance < 0.03:
        address, sector = addresses.institution_address(draw, place)
        dwelling = "institucion"
    elif len(family) == 1 and head.sex == "hombre" and 25 < head.age < 70 and chance < 0.025:
        address, sector = addresses.without_address(draw, place)
        dwelling = "sin_domicilio"
    else:
        address, sector = addresses.address(draw, place)
        dwelling = "departamento" if "depto." in address else "casa"
        if dwelling == "casa" and len(family) < 3 and chance > 0.93:
            dwelling = "pieza"
        elif dwelling == "casa" and chance > 0.90:
            dwelling = "mediagua"
    has_register = draw() < 0.945 and head.body > 0
    bracket = _bracket(draw, here, family) if has_register else 0
    if dwelling in ("mediagua", "sin_domicilio", "pieza") and bracket and draw() < 0.8:
        bracket = 40
    guarded = head.sex == "mujer" and len(family) > 1 and draw() < 0.012
    return Home(number, family, address, sector, dwelling, bracket, fact_day(draw, here.reference), guarded)


def _membership(home: Home, person: Person, kinship: str, is_head: bool, source: str, since: int, until: int) -> str:
    end = day_text(until) if until else ""
    head = "si" if is_head else "no"
    return f"{home.reference};{person.reference};{kinship};{head};{source};{day_text(since)};{end}"


def write_home(draw: Draw, here: Setting, home: Home, rows: Rows) -> None:
    """The home, who belongs to it and since when."""
    source = "rsh" if home.bracket else "declarado"
    area = "rural" if home.sector.is_rural else "urbano"
    rows["hogares"].append(
        f"{home.reference};{home.address};{home.sector.name};{home.sector.unit};{area};{here.place.code};{home.dwelling};"
        f"{'rsh' if home.bracket else 'municipal'};{day_text(home.dated)}"
    )
    members = rows["integrantes"]
    youngest = max(p.born for p in home.family if p.kinship in ("jefatura", "conyuge", "conviviente"))
    formed = max(here.reference - between(draw, 200, 3900), youngest + int(18 * YEAR))
    formed = min(formed, here.reference)
    for person in home.family:
        since = max(formed, person.born)
        is_declared = not person.body or (person.age == 0 and draw() < 0.5)
        until = person.died or person.left
        members.append(
            _membership(
                home,
                person,
                person.kinship,
                person is home.family[0],
                "declarado" if is_declared else source,
                min(since, until or since),
                until,
            )
        )
    for person in home.former:
        since = min(formed, person.left)
        own = source if person.body else "declarado"
        members.append(_membership(home, person, person.kinship, False, own, max(since, person.born), person.left))


def write_contacts(draw: Draw, here: Setting, home: Home, rows: Rows) -> None:
    """Telephones with the figures kept for fiction, mail at a name that is nobody's."""
    out = rows["contactos"]
    for person in home.family:
        if person.age < 16 or person.died:
            continue
        is_head = person is home.family[0]
        if draw() < (0.88 if is_head else 0.34):
            note, silent, secrecy = "", "no", "ordinaria"
            if home.is_guarded:
                note, silent = pick(draw, _SAFETY_NOTES), "si"
                secrecy = "restringida" if draw() < 0.5 else "reservada"
            elif draw() < 0.05:
                note = pick(draw, _HOUR_NOTES)
                silent = "si" if note.startswith("Llamar solo") and draw() < 0.3 else "no"
            source = home.source_of(person) if draw() < 0.5 else "municipal"
            on = day_text(fact_day(draw, here.reference))
            number = f"+56 9 5555 {int(draw() * 10000):04d}"
            out.append(f"{person.reference};telefono;{number};{note};{silent};{secrecy};{source};{on}")
        if draw() < (0.30 if person.age < 60 else 0.07):
            name = person.given.split()[0].translate(_PLAIN).lower()
            last = person.first.split()[-1].translate(_PLAIN).lower().replace("'", "").replace("-", "")
            secrecy = "reservada" if home.is_guarded else "ordinaria"
            on = day_text(fact_day(draw, here.reference))
            out.append(
                f"{person.reference};correo;{name}.{last}{person.number}@ejemplo.cl;;no;{secrecy};declarado;{on}"
            )


def write_relations(draw: Draw, here: Setting, home: Home, rows: Rows) -> None:
    """Parents of those who are minors and of some who are not; guardians where no parent is left in the home."""
    out = rows["relaciones"]
    adults = [p for p in home.family if p.age >= 18]
    for person in home.family:
        minor = person.age < 18
        if not minor and draw() > 0.3:
            continue
        parents = [p for p in (person.mother, person.father) if p and p.number >= 0]
        out.extend(
            f"{p.reference};{person.reference};progenitor;registro_civil;{day_text(person.born)};" for p in parents
        )
        if minor and not parents and adults:
            since = max(person.born + 90, here.reference - int(4 * YEAR))
            source = "declarado" if draw() < 0.4 else "municipal"
            out.append(
                f"{adults[0].reference};{person.reference};tutor;{source};{day_text(min(since, here.reference))};"
            )
