"""Streets, settlements and neighbourhood units of places that sound right and are nowhere."""

from dataclasses import dataclass
from functools import cache

from ventanilla.datasets.synthetic.draws import Draw, between, pick, stream
from ventanilla.datasets.synthetic.territory import Commune

_TREES = ("Los Parrones", "Los Aromos", "Los Maitenes", "El Quillay", "Los Boldos", "Las Acacias", "El Espino",
          "Los Olivos",
          "Los Naranjos", "Las Camelias", "Los Copihues", "El Litre", "Los Pimientos", "Los Almendros", "Las Violetas",
          "El Canelo", "Los Peumos", "Las Araucarias", "El Algarrobo", "Los Chañares", "Las Rosas",
          "Los Cipreses")  # fmt: skip
_CALLED_AFTER = ("Arturo Prat", "Gabriela Mistral", "Diego Portales", "O'Higgins", "Balmaceda", "Caupolicán", "Lautaro",
                 "Pablo Neruda", "Manuel Rodríguez", "21 de Mayo", "Independencia", "Esmeralda", "Los Carrera", "Colón",
                 "Baquedano", "Freire", "Ramón Freire", "18 de Septiembre", "La Paz", "San Martín",
                 "Camilo Henríquez")  # fmt: skip
_SAINTS = ("San José", "Santa Rosa", "San Pedro", "San Antonio", "Santa Teresa", "San Alberto Hurtado", "La Candelaria",
           "El Carmen", "Santa Ana", "San Francisco", "Cristo Rey", "San Luis", "Santa Inés", "San Ramón")  # fmt: skip
_FIELDS = ("El Palqui", "Los Maitenes", "La Aguada", "Las Vegas", "El Romeral", "Los Quillayes", "La Higuera",
           "El Manzano",
           "Las Mercedes", "El Peral", "Quebrada Seca", "Los Tapiales", "Las Juntas", "El Durazno", "La Isla",
           "Los Morros",
           "Santa Elena", "La Capilla", "El Molino", "Cerrillos", "Los Llanos", "La Greda", "Pichilemito",
           "Los Perales",
           "El Bosque Bajo", "Las Ramadas", "Los Hornos", "La Vega Chica", "El Tome", "Agua Fría",
           "El Arrayán")  # fmt: skip
_HOMES_OF_THE_OLD = ("ELEAM Ficticio Los Años Dorados", "ELEAM Ficticio Santa Ana", "Residencia Ficticia El Atardecer")
_LOTS = ("A", "B", "C", "D", "1", "2", "3", "4")
_PARTS = ("", " Alto", " Bajo", " Norte", " Sur")
PARCEL, PLOT, ROAD = "Parcela", "Sitio", "Camino"


@dataclass(frozen=True, slots=True)
class Sector:
    """A settlement of a commune with the number of its neighbourhood unit."""

    name: str
    unit: int
    is_rural: bool


@cache
def sectors(place: Commune) -> tuple[tuple[Sector, ...], tuple[Sector, ...]]:
    """The urban and the rural sectors of a commune, the same whatever the seed; both have at least one."""
    draw = stream("sectores", place.code)
    many = 3 + min(40, place.inhabitants // 7000)
    urban = ["Centro"]
    kinds = [("Población", _SAINTS), ("Villa", _TREES), ("Población", _CALLED_AFTER), ("Villa", _SAINTS)]
    if place.inhabitants > 40_000:
        kinds.append(("Condominio", _TREES))
    while len(urban) < many:
        kind, names = pick(draw, kinds)
        name = f"{kind} {pick(draw, names)}"
        if name not in urban:
            urban.append(name)
    fields: list[str] = []
    while len(fields) < 4 + int(place.rural_share * min(60, 14 + place.inhabitants / 800)):
        name = pick(draw, _FIELDS) + pick(draw, _PARTS)
        if name not in fields:
            fields.append(name)
    towns = tuple(Sector(name, 1 + number, False) for number, name in enumerate(urban))
    return towns, tuple(Sector(name, len(urban) + 1 + number, True) for number, name in enumerate(fields))


def _skewed(draw: Draw, places: tuple[Sector, ...]) -> Sector:
    return places[int(draw() * draw() * len(places))]


def address(draw: Draw, place: Commune) -> tuple[str, Sector]:
    """Where a home is, as a neighbour says it, and its sector."""
    towns, fields = sectors(place)
    if draw() < place.rural_share:
        sector = _skewed(draw, fields)
        chance = draw()
        if chance < 0.50:
            lot = f" lote {pick(draw, _LOTS)}" if draw() < 0.6 else ""
            return f"{PARCEL} {between(draw, 1, 260)}{lot}, {sector.name}", sector
        if chance < 0.66:
            return f"{PLOT} {between(draw, 1, 290)}, {sector.name}", sector
        if chance < 0.86:
            road = f"{ROAD} a {pick(draw, fields).name}"
            return f"{road} km {between(draw, 1, 24)},{between(draw, 0, 9)}, {sector.name}", sector
        return f"Calle {pick(draw, _CALLED_AFTER)} {between(draw, 1, 390)}, {sector.name}", sector
    sector = _skewed(draw, towns)
    tail = "" if sector.name == "Centro" else f", {sector.name}"
    chance = draw()
    if sector.name.startswith("Condominio") or (place.rural_share < 0.08 and chance < 0.18):
        tower = f"depto. {between(draw, 1, 5)}0{between(draw, 1, 8)}"
        return f"{pick(draw, _CALLED_AFTER)} {between(draw, 100, 4900)}, {tower}{tail}", sector
    if chance < 0.55:
        return f"Pasaje {pick(draw, _TREES)} {between(draw, 100, 1990)}{tail}", sector
    if chance < 0.85:
        return f"{pick(draw, _CALLED_AFTER)} {between(draw, 12, 3990)}{tail}", sector
    return f"Calle {pick(draw, _TREES)} {between(draw, 10, 990)}{tail}", sector


def institution_address(draw: Draw, place: Commune) -> tuple[str, Sector]:
    towns, _ = sectors(place)
    which = between(draw, 0, 0 if place.inhabitants < 40_000 else 2)
    sector = towns[which % len(towns)]
    return f"{_HOMES_OF_THE_OLD[which]}, Calle {_TREES[which]} {100 + which * 37}, {sector.name}", sector


def without_address(draw: Draw, place: Commune) -> tuple[str, Sector]:
    towns, _ = sectors(place)
    sector = _skewed(draw, towns)
    return f"Sin domicilio, pernocta en sector {sector.name}", sector
