"""The municipality itself: its units under the DIDECO and the people who work in them, every role at least once."""

from dataclasses import dataclass
from datetime import date

from ventanilla.datasets.synthetic.draws import Draw, between, day_text, pick
from ventanilla.datasets.synthetic.fictional_runs import with_points
from ventanilla.datasets.synthetic.given_names import given_names
from ventanilla.datasets.synthetic.homes import Rows
from ventanilla.datasets.synthetic.people import Setting
from ventanilla.datasets.synthetic.territory import Commune

# code, name, functions, inhabitants from which a commune has it
_UNITS = (
    ("UAS", "Unidad de Asistencia Social", "attention|social_assistance", 0),
    ("RSH", "Unidad Registro Social de Hogares", "attention|rsh", 0),
    ("SUB", "Unidad de Subsidios", "attention|subsidies", 0),
    ("FAM", "Programa Familias", "attention|families", 0),
    ("AM", "Oficina del Adulto Mayor", "attention|elderly", 8_000),
    ("DIS", "Oficina de la Discapacidad", "attention|disability", 12_000),
    ("OMIL", "Oficina Municipal de Intermediación Laboral", "attention|labour", 15_000),
    ("OLN", "Oficina Local de la Niñez", "childhood", 18_000),
    ("VIV", "Oficina de la Vivienda", "attention|housing", 20_000),
    ("MUJ", "Oficina de la Mujer y Equidad de Género", "gender", 45_000),
    ("OCOM", "Oficina de Organizaciones Comunitarias", "community", 60_000),
)
DIRECTORATE = "DIDECO"
_WORKER = "Trabajador social|Trabajadora social"
_TRADES = (
    "Técnico en administración pública",
    "Administrativo|Administrativa",
    "Técnico en trabajo social",
    "Técnico en gestión social",
)
_PLAIN = str.maketrans("áéíóúüñç", "aeiouunc")
PEOPLE_PER_OPERATOR = 3_300


def most_operators(people: int) -> int:
    """More than a municipality of that many people employs here: how many numbers to keep for them."""
    return 60 + people // 2_500


@dataclass(frozen=True, slots=True)
class Operator:
    username: str
    unit: str
    attends: bool


def units_of(place: Commune, people: int) -> list[tuple[str, str, str]]:
    """Code, name and functions of each unit under the directorate, by the size of the commune."""
    size = max(people, 1) if people else place.inhabitants
    return [(code, name, functions) for code, name, functions, least in _UNITS if size >= least]


def write_units(draw: Draw, here: Setting, people: int, rows: Rows) -> None:
    base = min(date(2023, 3, 1).toordinal() + between(draw, 0, 50) * 7, here.opens - 60)
    out = rows["unidades"]
    title = "Dirección de Desarrollo Comunitario"
    out.append(f"{DIRECTORATE};{title};;community;{day_text(base)};")
    for number, (code, name, functions) in enumerate(units_of(here.place, people)):
        since = base if number < 3 else min(base + between(draw, 30, 900), here.opens - 30)
        out.append(f"{code};{name};{DIRECTORATE};{functions};{day_text(since)};")


def _jobs(draw: Draw, units: list[str], people: int) -> list[tuple[str, str, str]]:
    """Role, unit and profession of each person employed."""
    jobs = [
        ("dideco", DIRECTORATE, _WORKER),
        ("counterpart", DIRECTORATE, "Administrador público|Administradora pública"),
        ("uas_head", "UAS", _WORKER),
        ("system_admin", DIRECTORATE, "Ingeniero en informática|Ingeniera en informática"),
        ("data_officer", DIRECTORATE, "Abogado|Abogada"),
        ("case_worker", "UAS", _WORKER),
        ("front_desk", "UAS", pick(draw, _TRADES)),
        ("unit_head", "RSH", _WORKER),
        ("front_desk", "RSH", pick(draw, _TRADES)),
        ("front_desk", "SUB", pick(draw, _TRADES)),
    ]
    jobs += [
        ("unit_head", unit, _WORKER if draw() < 0.6 else pick(draw, _TRADES))
        for unit in units
        if unit not in ("UAS", "RSH")
    ]
    desks = ("UAS", "RSH", "SUB", "RSH", "UAS", "SUB", *units)
    target = 8 + round(people / PEOPLE_PER_OPERATOR)
    while len(jobs) < target:
        if draw() < 0.42:
            jobs.append(("case_worker", "UAS", _WORKER))
        else:
            jobs.append(("front_desk", pick(draw, desks), pick(draw, _TRADES)))
    return jobs


def write_operators(draw: Draw, here: Setting, people: int, bodies: list[int], rows: Rows) -> list[Operator]:
    """One row a posting; ``bodies`` are RUNs not used by neighbours. Answers who can attend the public, and where."""
    out, taken, answer = rows["operadores"], set[str](), []
    institution = here.place.institution
    units = [code for code, _, _ in units_of(here.place, people)]
    written: list[tuple[str, str]] = []
    for (role, unit, profession), body in zip(_jobs(draw, units, people), bodies, strict=False):
        sex = "mujer" if draw() < 0.7 else "hombre"
        given = given_names(draw, sex, here.year - between(draw, 25, 60), "CL")
        first, second = pick(draw, here.surnames), pick(draw, here.surnames)
        plain = (
            f"{given.split()[0]}.{first}".lower().translate(_PLAIN).replace("'", "").replace(" ", "").replace("-", "")
        )
        username = f"{plain}.{institution}"
        while username in taken:
            username = f"{plain}{between(draw, 2, 999)}.{institution}"
        taken.add(username)
        since = here.opens - between(draw, 30, 1200)
        gendered = profession.split("|")[-1 if sex == "mujer" else 0]
        who = f"{username};{with_points(body)};{given};{first};{second};{username}@ejemplo.cl;{gendered}"
        number = f"DA {between(draw, 40, 3200):,}".replace(",", ".")
        out.append(f"{who};{role};{unit};titular;{number}/{date.fromordinal(since).year};{day_text(since)};")
        written.append((role, who))
        if role in ("front_desk", "case_worker", "unit_head", "uas_head"):
            answer.append(Operator(username, unit, role in ("front_desk", "case_worker")))
    deputy = next((who for role, who in written if role == "case_worker"), None)
    if deputy:
        since = here.reference - between(draw, 20, 60)
        out.append(f"{deputy};uas_head;UAS;subrogante;DA 2.871/{here.year};{day_text(since)};{day_text(since + 14)}")
    return answer
