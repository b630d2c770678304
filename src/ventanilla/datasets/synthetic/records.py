"""A person as a row of ``personas``: her RUN or what she has instead, and her name as clerks write it."""

from ventanilla.core.run import check_digit
from ventanilla.datasets.synthetic.draws import Draw, between, day_text, pick
from ventanilla.datasets.synthetic.fictional_runs import FIRST_BODY, body, with_points
from ventanilla.datasets.synthetic.given_names import given_names
from ventanilla.datasets.synthetic.people import CHILE, Person, Setting

_BARE = str.maketrans("áéíóúüÁÉÍÓÚÜ", "aeiouuAEIOUU")
_CONFUSED = (
    ("b", "v"),
    ("v", "b"),
    ("s", "z"),
    ("z", "s"),
    ("ll", "y"),
    ("y", "ll"),
    ("c", "s"),
    ("h", ""),
    ("j", "g"),
    ("i", "y"),
)
_PAPERS = ("pasaporte", "pasaporte", "pasaporte", "dni_extranjero", "dni_extranjero", "nip_fonasa", "sin_documento")
_WITHOUT_RUN = 0.018  # of all people; nearly all of them arrived from abroad


def mistyped(draw: Draw, word: str) -> str:
    """One slip: letters that sound alike, two that changed places, one lost or one twice."""
    if len(word) < 4:
        return word
    where = between(draw, 1, len(word) - 2)
    chance = draw()
    if chance < 0.4:
        for heard, written in _CONFUSED[between(draw, 0, 5) :]:
            if heard in word[1:]:
                return word[0] + word[1:].replace(heard, written, 1)
    if chance < 0.6:
        return word[:where] + word[where + 1] + word[where] + word[where + 2 :]
    if chance < 0.8:
        return word[:where] + word[where + 1 :]
    return word[:where] + word[where] + word[where:]


def roughen(draw: Draw, names: tuple[str, str, str]) -> tuple[str, str, str]:
    """Given names and two surnames as they come from hurried hands."""
    given, first, second = names
    chance = draw()
    if chance < 0.30:
        return given.upper(), first.upper(), second.upper()
    if chance < 0.66:
        return given.translate(_BARE), first.translate(_BARE), second.translate(_BARE)
    if chance < 0.82:
        return (given, mistyped(draw, first), second) if draw() < 0.6 else (mistyped(draw, given), first, second)
    if chance < 0.89 and second:
        return given, second, first
    return given.replace(" ", "  ") if " " in given else f"{given} ", f"{first} ", second


def _document(draw: Draw, person: Person) -> tuple[str, str, str]:
    """Kind, country and number of what someone without RUN shows."""
    serial = body(person.position) - FIRST_BODY
    if person.nationality == CHILE:
        return "sin_documento", "", ""
    if 3 <= person.age < 18 and draw() < 0.75:
        return "ipe", CHILE, f"{100_000_000 + serial}-{check_digit(100_000_000 + serial)}"
    kind = pick(draw, _PAPERS)
    if kind == "sin_documento":
        return kind, "", ""
    if kind == "nip_fonasa":
        return kind, CHILE, f"{20_000_000 + serial}"
    return kind, person.nationality, f"{'ABEG'[serial % 4]}{serial:07d}" if kind == "pasaporte" else f"{serial:08d}"


def identify(draw: Draw, here: Setting, person: Person, position: int) -> None:
    """Gives her a RUN, or leaves her without one. ``position`` is hers alone in the whole output."""
    abroad = min(0.5, _WITHOUT_RUN / here.place.migrant_share)
    person.position = position
    person.body = 0 if draw() < (0.0012 if person.nationality == CHILE else abroad) else body(position)


def person_row(
    draw: Draw, here: Setting, person: Person, reference: str, roughness: float, residence: str, source: str, on: int
) -> str:
    """The row of somebody identified; ``roughness`` is the chance that her name was written in a hurry."""
    if person.body:
        run = with_points(person.body)
        identity = f"{run.replace('.', '')};;;" if draw() > 0.93 else f"{run};;;"
    else:
        identity = ";" + ";".join(_document(draw, person))
    names = (person.given, person.first, person.second)
    if draw() < roughness:
        names = roughen(draw, names)
    social, sex = "", person.sex
    if 14 < person.age < 60:
        chance = draw()
        if chance < 0.002:
            social = given_names(draw, "mujer" if sex == "hombre" else "hombre", here.year - person.age, CHILE).split()[
                0
            ]
            sex = "otro" if chance < 0.0006 else sex
    died = f"{day_text(person.died)};registro_civil" if person.died else ";"
    return (
        f"{reference};{identity};{names[0]};{names[1]};{names[2]};{social};{sex};{day_text(person.born)};{person.nationality};"
        f"{person.people};{died};{residence};{source};{day_text(on)}"
    )
