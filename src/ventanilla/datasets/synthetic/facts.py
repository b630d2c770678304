"""What registries say of a home and its people: bracket, incomes, disability, care, school, health."""

from datetime import date

from ventanilla.datasets.synthetic.draws import Draw, ballot, between, day_text, pick
from ventanilla.datasets.synthetic.homes import Home, Rows, fact_day
from ventanilla.datasets.synthetic.people import Person, Setting

_PAY = {
    0: (300, 700),
    40: (180, 430),
    50: (360, 540),
    60: (460, 680),
    70: (580, 880),
    80: (760, 1150),
    90: (1050, 1750),
    100: (1700, 4300),
}
_DISABILITY = ballot((("leve", 28), ("moderada", 38), ("severa", 24), ("profunda", 10)), 100)
_DWELLING = ("hacinamiento", "sin agua potable", "sin alcantarillado", "techo con filtraciones", "piso de tierra",
             "allegamiento", "instalación eléctrica insegura", "material ligero en muros")  # fmt: skip
_STAGES = (
    "diagnóstico",
    "plan familiar",
    "acompañamiento, sesión 4",
    "acompañamiento, sesión 9",
    "seguimiento",
    "egreso",
)
_INDICATORS = (
    "Ningún adulto tiene trabajo ni ingreso estable",
    "No recibe las transferencias monetarias que le corresponden",
    "Controles de salud preventivos atrasados",
    "Niño, niña o adolescente fuera del sistema escolar",
    "Vivienda sin servicios básicos completos",
    "No conoce las redes y los servicios de la comuna",
    "Persona con dependencia sin apoyo de cuidados",
    "Dormitorios insuficientes para quienes viven en el hogar",
    "Adultos sin enseñanza básica completa",
    "Problemas de salud con garantía AUGE sin atención",
)


def fact(
    subject: Person | Home,
    kind: str,
    value: str,
    amount: int | None,
    source: str,
    on: int,
    since: int = 0,
    until: int = 0,
) -> str:
    """One row of ``antecedentes``; no amount, or a day of 0, is left empty."""
    who = f";{subject.reference}" if isinstance(subject, Home) else f"{subject.reference};"
    return (
        f"{who};{kind};{value};{'' if amount is None else amount};{day_text(since) if since else ''};"
        f"{day_text(until) if until else ''};{source};{day_text(on)}"
    )


def _school(age: int) -> str:
    """The level of who is ``age`` on 31 March, the day that decides."""
    if age < 6:
        return "NT1" if age == 4 else "NT2"
    if age < 14:
        return f"{age - 5}° básico"
    if age < 18:
        return f"{age - 13}° medio"
    return "educación superior"


def _work(draw: Draw, home: Home, person: Person, out: list[str]) -> int:
    """Her own pay or pension in pesos a month, 0 when she has none."""
    low, high = _PAY[home.bracket]
    must = home.bracket >= 50 and person is home.family[0]  # nobody is there with nothing
    if person.age >= 65:
        works, kind = draw() < 0.42, "pension"
        amount = between(draw, 70, 190 if home.bracket <= 60 else 620) * 1000
    elif person.age >= 18:
        works, kind = draw() < (0.74 if person.sex == "hombre" else 0.5), "trabajo"
        works = works or (home.bracket >= 90 and draw() < 0.6)
        amount = between(draw, low, high) * 1000
        if draw() < 0.05:
            kind = "otro"
    else:
        return 0
    if not (works or must):
        return 0
    source = ("rsh" if kind != "pension" else "ips") if home.bracket and person.body else "declarado"
    amount += between(draw, 0, 999)
    out.append(fact(person, "ingreso", kind, amount, source, home.dated))
    return amount


def home_facts(draw: Draw, here: Setting, home: Home, income: int, rows: Rows) -> None:
    """Bracket (with the one before, for some), income as the register and as the home have it, dwelling, Familias."""
    out = rows["antecedentes"]
    recent = here.reference - between(draw, 3, 40)
    if home.bracket:
        out.append(fact(home, "tramo_rsh", str(home.bracket), None, "rsh", home.dated, home.dated))
        if draw() < 0.15:
            near = home.bracket + pick(draw, (10, 10, -10, 20))
            before = min(100, max(40, near))
            since = home.dated - between(draw, 120, 900)
            out.append(fact(home, "tramo_rsh", str(before), None, "rsh", since, since, home.dated - 1))
        out.append(fact(home, "ingreso_hogar", "", income, "rsh", home.dated))
        if draw() < 0.03:
            said = max(40_000, income * between(draw, 30, 80) // 100)
            out.append(fact(home, "ingreso_hogar", "", said, "declarado", fact_day(draw, here.reference)))
    if home.dwelling in ("mediagua", "pieza") or (0 < home.bracket <= 60 and draw() < 0.09):
        many_people = len(home.family) >= 5
        words = "hacinamiento" if many_people and draw() < 0.6 else pick(draw, _DWELLING)
        out.append(fact(home, "vivienda", words, None, "rsh" if home.bracket else "declarado", home.dated))
    if home.bracket == 40 and len(home.family) > 1 and draw() < 0.06:
        began = here.reference - between(draw, 20, 700)
        stage = _STAGES[min(5, (here.reference - began) // 125)]
        out.append(fact(home, "programa_familias", stage, None, "familias", recent, began))
        for words in sorted({pick(draw, _INDICATORS) for _ in range(between(draw, 1, 4))}):
            out.append(fact(home, "indicador_familias", words, None, "familias", recent))


def _health_facts(draw: Draw, here: Setting, home: Home, person: Person, out: list[str]) -> tuple[str, str]:
    """Degree of disability and of dependence, empty for most."""
    reference, age = here.reference, person.age
    degree = dependence = ""
    if person.body and draw() < (0.025 if age < 18 else 0.035 if age < 45 else 0.075 if age < 65 else 0.14):
        degree = pick(draw, _DISABILITY)
        since = max(person.born + 400, reference - between(draw, 100, 4000))
        since = max(person.born, min(since, reference - 30))
        until = max(since + 365, reference + between(draw, -60, 1500)) if draw() < 0.45 else 0
        out.append(
            fact(person, "discapacidad", degree, None, "senadis", reference - between(draw, 5, 300), since, until)
        )
    needs_care = 0.0 if age < 3 else 0.5 if degree in ("severa", "profunda") else 0.02 if age >= 65 else 0.0
    if draw() < needs_care + (0.22 if age >= 80 else 0.06 if age >= 72 else 0.0):
        dependence = pick(
            draw, ("leve", "moderada", "moderada", "severa") if degree in ("", "leve") else ("moderada", "severa")
        )
        out.append(fact(person, "dependencia", dependence, None, home.source_of(person), fact_day(draw, reference)))
    return degree, dependence


def _childhood_facts(draw: Draw, here: Setting, person: Person, out: list[str]) -> None:
    reference, age = here.reference, person.age
    if age < 6 and draw() < 0.8:
        state = "al día" if draw() < 0.84 else "atrasado"
        out.append(fact(person, "control_salud", state, None, "municipal", reference - between(draw, 1, 330)))
    in_march = (
        here.year - date.fromordinal(person.born + 275).year
    )  # nine months later: who is born from April counts as younger
    goes = (
        in_march in range(6, 18)
        or (in_march in (4, 5) and draw() < 0.85)
        or (in_march in range(18, 25) and draw() < 0.34)
    )
    if goes:
        level = "sin matrícula" if 6 <= in_march < 18 and draw() < 0.022 else _school(in_march)
        out.append(fact(person, "matricula", level, None, "mineduc", reference - between(draw, 30, 230)))


def _carer(draw: Draw, home: Home, cared_for: Person) -> Person | None:
    able = [p for p in home.family if 18 <= p.age < 80 and p is not cared_for and not p.died]
    women = [p for p in able if p.sex == "mujer"]
    able = women or able
    return able[0] if able and draw() < 0.85 else None


def write_facts(draw: Draw, here: Setting, home: Home, rows: Rows) -> tuple[dict[int, str], set[int]]:
    """Writes them all; answers the degree of disability by person, and who cares for somebody."""
    out, reference = rows["antecedentes"], here.reference
    degrees: dict[int, str] = {}
    carers: set[int] = set()
    income = 0
    for person in home.family:
        if person.died:
            continue
        income += _work(draw, home, person, out)
        degree, dependence = _health_facts(draw, here, home, person, out)
        if degree:
            degrees[person.number] = degree
        if person.age < 25:
            _childhood_facts(draw, here, person, out)
        if person.sex == "mujer" and 16 <= person.age <= 43 and draw() < 0.024:
            weeks = between(draw, 8, 39)
            source = "municipal" if draw() < 0.7 else "declarado"
            seen = reference - between(draw, 0, 20)
            out.append(fact(person, "embarazo", str(weeks), None, source, seen, 0, seen + (40 - weeks) * 7))
        if dependence:
            carer = _carer(draw, home, person)
            if carer:
                since = day_text(reference - between(draw, 90, 3000))
                source = home.source_of(person)
                rows["relaciones"].append(f"{carer.reference};{person.reference};cuidador;{source};{since};")
                if carer.number not in carers:
                    carers.add(carer.number)
                    rank = "principal" if draw() < 0.9 else "secundario"
                    out.append(fact(carer, "cuidador", rank, None, source, fact_day(draw, reference)))
                if dependence == "severa" and draw() < 0.25:
                    rows["relaciones"].append(f"{carer.reference};{person.reference};representante;municipal;{since};")
    home_facts(draw, here, home, income, rows)
    return degrees, carers
