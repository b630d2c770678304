"""Who lives together: the kinds of homes of Chile, with ages and kinship that agree; the head comes first."""

from collections.abc import Callable

from ventanilla.datasets.synthetic.draws import Draw, ballot, between, pick
from ventanilla.datasets.synthetic.people import Person, Setting, adult, child, distinct, partner, surname
from ventanilla.datasets.synthetic.surnames import from_abroad
from ventanilla.datasets.synthetic.territory import Commune

Family = list[Person]
_CHILDREN = ballot(((1, 42), (2, 39), (3, 13), (4, 4), (5, 2)), 100)


def _ages(weights: str) -> tuple[int, ...]:
    """From ``age:weight`` pairs."""
    pairs = (pair.split(":") for pair in weights.split())
    return ballot(((int(age), float(weight)) for age, weight in pairs), 200)


_FIRST_BIRTH = _ages("17:5 18:7 19:9 20:10 21:9 22:9 23:8 24:8 25:7 26:6 27:6 28:5 29:4 30:4 32:3 34:2 37:1")
_PARENT_AGE = _ages("20:2 23:4 26:7 29:9 32:10 35:11 38:11 41:10 44:9 47:8 50:7 53:6 56:4 59:2")
_LONE_AGE = _ages("19:3 23:7 27:9 31:10 36:11 41:10 46:12 51:14 56:14 60:10")
_OLD_AGE = _ages("61:15 64:17 67:17 70:16 73:13 76:10 79:8 82:6 85:4 88:2.5 92:1 96:0.5")


def _sex(draw: Draw, women: float) -> str:
    return "mujer" if draw() < women else "hombre"


def _headed(draw: Draw, woman: Person, man: Person, women: float) -> tuple[Person, Person]:
    """Which of a couple is head; the other takes the word for the couple."""
    word = man.kinship if woman.kinship == "jefatura" else woman.kinship
    head, other = (woman, man) if draw() < women else (man, woman)
    head.kinship, other.kinship = "jefatura", word
    return head, other


def _births(draw: Draw, mother_age: int, many: int) -> list[int]:
    """Ages of the children still at home, the oldest first."""
    age, out = mother_age - min(pick(draw, _FIRST_BIRTH), mother_age - 1), []
    for _ in range(many):
        if age < 0:
            break
        if age < 19 or (age < 33 and draw() < 0.45):
            out.append(age)
        age -= between(draw, 1, 6)
    return out


def _with_children(
    draw: Draw, here: Setting, mother: Person | None, father: Person | None, kinship: str = "hijo"
) -> Family:
    parent = mother or father
    assert parent is not None
    absent = "" if mother and father else _absent(draw, here, parent)
    if mother and not father and draw() < 0.06:
        absent = ""  # not recognised
    ages = _births(draw, parent.age if mother else parent.age - 3, pick(draw, _CHILDREN))
    return distinct([child(draw, here, age, mother, father, absent, kinship) for age in ages])


def _absent(draw: Draw, here: Setting, parent: Person) -> str:
    """The first surname of the parent who is not there, most often from the same country as the one who is."""
    abroad = from_abroad(parent.nationality)
    return pick(draw, abroad if abroad and draw() < 0.85 else here.surnames)


def old_alone(draw: Draw, here: Setting) -> Family:
    return [adult(draw, here, _sex(draw, 0.57), pick(draw, _OLD_AGE) + between(draw, 0, 2))]


def alone(draw: Draw, here: Setting) -> Family:
    return [adult(draw, here, _sex(draw, 0.42), pick(draw, _LONE_AGE) + between(draw, 0, 3))]


def old_couple(draw: Draw, here: Setting) -> Family:
    woman = adult(draw, here, "mujer", pick(draw, _OLD_AGE))
    man = partner(draw, here, woman, woman.age + between(draw, -2, 6))
    return list(_headed(draw, woman, man, 0.33))


def couple(draw: Draw, here: Setting) -> Family:
    woman = adult(draw, here, "mujer", pick(draw, _LONE_AGE) + between(draw, 0, 3))
    man = partner(draw, here, woman, woman.age + between(draw, -4, 7))
    return list(_headed(draw, woman, man, 0.40))


def nuclear(draw: Draw, here: Setting) -> Family:
    woman = adult(draw, here, "mujer", pick(draw, _PARENT_AGE) + between(draw, 0, 2))
    man = partner(draw, here, woman, woman.age + between(draw, -4, 8))
    head, other = _headed(draw, woman, man, 0.42)
    return [head, other, *_with_children(draw, here, woman, man)]


def recomposed(draw: Draw, here: Setting) -> Family:
    """A couple with her children of before, and sometimes one of both."""
    woman = adult(draw, here, "mujer", pick(draw, _PARENT_AGE) + between(draw, 0, 2))
    man = partner(draw, here, woman, woman.age + between(draw, -5, 8))
    head, other = _headed(draw, woman, man, 0.5)
    hers = _with_children(draw, here, woman, None, "hijo" if head is woman else "hijastro")
    youngest = hers[-1].age if hers else 4
    ours = [child(draw, here, between(draw, 0, youngest - 1), woman, man, "")] if youngest > 1 and draw() < 0.5 else []
    return [head, other, *distinct(hers + ours)]


def mother_alone(draw: Draw, here: Setting) -> Family:
    mother = adult(draw, here, "mujer", max(19, pick(draw, _PARENT_AGE) - 1 + between(draw, 0, 2)))
    return [mother, *_with_children(draw, here, mother, None)]


def father_alone(draw: Draw, here: Setting) -> Family:
    father = adult(draw, here, "hombre", max(25, pick(draw, _PARENT_AGE) + between(draw, 0, 4)))
    return [father, *_with_children(draw, here, None, father)]


def old_with_child(draw: Draw, here: Setting) -> Family:
    """An old mother or father, or both, with a grown child who stayed or came back to care."""
    mother = adult(draw, here, "mujer", pick(draw, _OLD_AGE) + between(draw, 0, 2))
    father = partner(draw, here, mother, mother.age + between(draw, -2, 7)) if draw() < 0.4 else None
    grown = child(
        draw, here, mother.age - between(draw, 20, 38), mother, father, "" if father else _absent(draw, here, mother)
    )
    if father:
        return [*_headed(draw, mother, father, 0.4), grown]
    if draw() < 0.3:
        grown.kinship, mother.kinship = "jefatura", "padre_madre"
        return [grown, mother]
    return [mother, grown]


def three_generations(draw: Draw, here: Setting) -> Family:
    grandmother = adult(draw, here, "mujer", between(draw, 46, 76))
    grandfather = partner(draw, here, grandmother, grandmother.age + between(draw, -2, 7)) if draw() < 0.5 else None
    absent = "" if grandfather else _absent(draw, here, grandmother)
    grown = child(draw, here, between(draw, 20, min(42, grandmother.age - 18)), grandmother, grandfather, absent)
    elders = list(_headed(draw, grandmother, grandfather, 0.5)) if grandfather else [grandmother]
    mate = partner(draw, here, grown, grown.age + between(draw, -3, 6)) if draw() < 0.35 else None
    if mate:
        mate.kinship = "yerno_nuera"
    mother, father = (grown, mate) if grown.sex == "mujer" else (mate, grown)
    small = _with_children(draw, here, mother, father, "nieto")
    family = [*elders, grown, *([mate] if mate else []), *small]
    if draw() < 0.2:
        brother = child(draw, here, max(8, grown.age - between(draw, 2, 9)), grandmother, grandfather, absent)
        family.append(brother)
    return family


def with_grandmother(draw: Draw, here: Setting) -> Family:
    """A couple with children who took in a widowed mother."""
    family = nuclear(draw, here)
    head, other = family[0], family[1]
    of = head if draw() < 0.6 else other
    old = adult(draw, here, "mujer", of.age + between(draw, 19, 34), here.known.get((of.nationality, of.people)))
    old.kinship = "padre_madre" if of is head else "suegro"
    old.first = of.second or old.first
    if of.sex == "mujer":
        of.mother = old
    return [*family, old]


def raised_by_grandmother(draw: Draw, here: Setting) -> Family:
    grandmother = adult(draw, here, "mujer", between(draw, 50, 74))
    line = surname(draw, here, here.lineages[0])
    family = [grandmother]
    for _ in range(pick(draw, (1, 1, 2))):
        small = child(draw, here, between(draw, 2, 16), None, None, "", "nieto")
        small.first, small.second, small.people = pick(draw, here.surnames), line, grandmother.people
        family.append(small)
    return distinct(family)


def siblings(draw: Draw, here: Setting) -> Family:
    one = adult(draw, here, _sex(draw, 0.5), pick(draw, _LONE_AGE) + 4)
    other = adult(draw, here, _sex(draw, 0.5), max(18, one.age + between(draw, -9, 9)), None, "hermano")
    other.first, other.second, other.people, other.nationality = one.first, one.second, one.people, one.nationality
    return distinct([one, other])


def with_others(draw: Draw, here: Setting) -> Family:
    """A home that took in a nephew, a cousin or somebody of no kin."""
    family = mother_alone(draw, here) if draw() < 0.5 else couple(draw, here)
    guest = adult(
        draw, here, _sex(draw, 0.5), between(draw, 18, 70), None, "otro_pariente" if draw() < 0.7 else "no_pariente"
    )
    if guest.kinship == "otro_pariente":
        guest.second = family[0].first
    return [*family, guest]


def lodged(draw: Draw, here: Setting, hosts: Family) -> Family:
    """A home of its own in the dwelling of another (allegados): a grown child of the hosts, often with small ones."""
    elders = [p for p in hosts if p.kinship in ("jefatura", "conyuge", "conviviente")]
    mother = next((p for p in elders if p.sex == "mujer"), None)
    father = next((p for p in elders if p.sex == "hombre"), None)
    youngest = min(p.age for p in elders)
    absent = "" if mother and father else _absent(draw, here, elders[0])
    grown = child(draw, here, between(draw, 20, max(20, min(39, youngest - 19))), mother, father, absent, "jefatura")
    mate = partner(draw, here, grown, grown.age + between(draw, -3, 6)) if draw() < 0.45 else None
    woman, man = (grown, mate) if grown.sex == "mujer" else (mate, grown)
    small = _with_children(draw, here, woman, man) if woman or draw() < 0.3 else []
    return [grown, *([mate] if mate else []), *small]


Kind = Callable[[Draw, Setting], Family]


def kinds(place: Commune) -> tuple[Kind, ...]:
    """The mix of homes of a commune: more old people where it is rural."""
    old = 1.08 + 0.6 * place.rural_share
    return ballot(
        (
            (old_alone, 10.5 * old),
            (old_couple, 6.5 * old),
            (old_with_child, 5.5 * old),
            (alone, 15.0),
            (couple, 7.0),
            (nuclear, 28.0),
            (recomposed, 2.5),
            (mother_alone, 15.5),
            (father_alone, 1.6),
            (three_generations, 6.0),
            (with_grandmother, 1.6),
            (raised_by_grandmother, 1.2),
            (siblings, 1.2),
            (with_others, 2.0),
        )
    )
