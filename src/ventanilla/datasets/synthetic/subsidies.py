"""State benefits consistent with their rules: who can have them, how much a month, from when until when.

Amounts are those of November 2026 as our sources give them; a program that decides reads its own dated table.
"""

from datetime import date

from ventanilla.datasets.synthetic.draws import Draw, between, first_of_month, pick, years_later
from ventanilla.datasets.synthetic.facts import fact
from ventanilla.datasets.synthetic.homes import Home, Rows
from ventanilla.datasets.synthetic.people import CHILE, Person, Setting

SUF = 22_007  # Ley 18.020, from 2025-05-01
SUF_DOUBLE = 2 * SUF
PGU, PGU_FROM_82 = 231_732, 250_275  # Ley 21.419, from 2026-02-01
SDM = 115_866  # half of the PGU, Ley 20.255 art. 35
_TERM = 3  # years of SUF and SAP
_PGU_BEGAN = date(2022, 2, 1).toordinal()
_SUF_CHANCE = {40: 0.62, 50: 0.4, 60: 0.25}


def suf_end(since: int, born: int) -> int:
    """The last day of a SUF for a minor: three years, or 31 December of the year she turns 18 (Ley 18.020)."""
    of_age = date(date.fromordinal(born).year + 18, 12, 31).toordinal()
    return min(years_later(since, _TERM) - 1, of_age)


def _granted(draw: Draw, here: Setting, not_before: int) -> int:
    """The first of a month within the term, a little earlier for some: theirs has ended."""
    on = first_of_month(here.reference - between(draw, 20, 1130))
    return on if on >= not_before else first_of_month(not_before + 45)


def _for_children(draw: Draw, here: Setting, home: Home, degrees: dict[int, str], out: list[str], on: int) -> None:
    has_suf = draw() < _SUF_CHANCE.get(home.bracket, 0)
    granted: list[tuple[Person, int]] = []
    for person in home.family:
        if person.age >= 18 or person.died or not person.body:
            continue
        degree = degrees.get(person.number, "")
        if degree and home.bracket <= 60 and draw() < 0.4:
            since = _granted(draw, here, person.born)
            out.append(fact(person, "subsidio", "sdm", SDM, "ips", on, since, years_later(person.born, 18) - 1))
            continue
        since = _granted(draw, here, person.born)
        if not has_suf or draw() < 0.06 or since >= here.reference:
            continue
        kind, amount = ("suf_duplo", SUF_DOUBLE) if degree else ("suf", SUF)
        out.append(fact(person, "subsidio", kind, amount, "subsidios", on, since, suf_end(since, person.born)))
        granted.append((person, since))
    mothers = {
        id(child.mother): (child.mother, since) for child, since in granted if child.mother and child.mother.age >= 18
    }
    for mother, since in mothers.values():
        if mother in home.family and mother.body and not mother.died and draw() < 0.8:
            out.append(fact(mother, "subsidio", "suf", SUF, "subsidios", on, since, years_later(since, _TERM) - 1))


def write_subsidies(draw: Draw, here: Setting, home: Home, degrees: dict[int, str], rows: Rows) -> None:
    out = rows["antecedentes"]
    on = here.reference - between(draw, 2, 45)
    for person in home.family:
        if person.died or not person.body:
            continue
        if person.age >= 65 and home.bracket <= 90 and draw() < (0.74 if person.nationality == CHILE else 0.3):
            at_65 = first_of_month(years_later(person.born, 65) + 45)
            since = max(_PGU_BEGAN, at_65)
            if since <= here.reference:
                amount = PGU_FROM_82 if person.age >= 82 else PGU
                out.append(fact(person, "subsidio", "pgu", amount, "ips", on, since))
        elif (
            18 <= person.age < 65
            and home.bracket <= 80
            and degrees.get(person.number) in ("severa", "profunda")
            and draw() < 0.6
        ):
            began = max(years_later(person.born, 18), here.reference - between(draw, 60, 3000))
            since = first_of_month(began)
            out.append(fact(person, "subsidio", "pbsi", PGU, "ips", on, min(since, first_of_month(here.reference))))
    if not 0 < home.bracket <= 60:
        return
    if home.family[-1].age < 18 or any(p.age < 18 for p in home.family):
        _for_children(draw, here, home, degrees, out, on)
    if home.dwelling in ("casa", "departamento", "mediagua") and draw() < (0.34 if home.bracket == 40 else 0.2):
        since = _granted(draw, here, 0)
        kind = "sap_rural" if home.sector.is_rural else "sap_urbano"
        share = pick(draw, (25, 40, 50, 50, 70, 85))
        amount = between(draw, 9000, 19000) * share // 100
        out.append(
            fact(home.family[0], "subsidio", kind, amount, "subsidios", on, since, years_later(since, _TERM) - 1)
        )
