"""Months of consultations: who comes, on which working day and hour, to which desk, for what, and how it ended."""

from array import array
from datetime import date

from ventanilla.datasets.synthetic.draws import Draw, ballot, between, day_text, pick
from ventanilla.datasets.synthetic.homes import Home, Rows
from ventanilla.datasets.synthetic.offices import Operator
from ventanilla.datasets.synthetic.people import CHILE

A_MONTH_PER_PERSON = 2_750 / 40_000
WORKING_DAYS_A_MONTH = 21
_OPENS, _CLOSES = 8 * 60 + 30, 14 * 60
ELDER, PARENT, POOR, OTHER, MIGRANT, CARE = range(6)
_KINDS = 8  # a ticket is person * _KINDS + kind

# from the half hour of opening to that before closing
_ARRIVAL = ballot(((_OPENS + 30 * n, weight) for n, weight in enumerate((15, 17, 15, 13, 11, 9, 8, 5, 3, 2, 2))), 100)
_CHANNEL = ballot((("presencial", 79), ("telefono", 8), ("whatsapp", 4), ("web", 3), ("correo", 2), ("terreno", 2),
                   ("visita", 1.4), ("institucion", 0.6)), 500)  # fmt: skip
_AT_THE_DESK = frozenset({"presencial", "telefono", "institucion"})
# minutes of handling, skewed as a lognormal of median 9
_MINUTES = ballot(((4, 7), (5, 10), (6, 12), (7, 12), (8, 11), (9, 9), (10, 8), (11, 7), (12, 6), (13, 4), (14, 3.5),
                   (15, 3),
                   (16, 2.2), (17, 1.7), (18, 1.4), (19, 1), (20, 0.9), (22, 0.6), (24, 0.4), (25, 0.3)),
                   500)  # fmt: skip
_REASONS = {
    ELDER: (("information", 18), ("rsh_change", 14), ("pgu", 14), ("sap", 9), ("assistance", 9), ("medicines", 8),
            ("food", 8),
            ("technical_aids", 4), ("social_report", 4), ("carer_support", 2), ("utilities_debt", 3), ("funeral", 1),
            ("other", 2)),
    PARENT: (("suf", 24), ("rsh_change", 20), ("information", 13), ("rsh_entry", 7), ("assistance", 7), ("food", 8),
             ("sap", 6),
             ("scholarship", 4), ("social_report", 4), ("housing_materials", 2), ("rent", 2), ("violence", 1), ("sdm",
             1)),
    POOR: (("rsh_change", 22), ("information", 18), ("rsh_entry", 10), ("assistance", 9), ("sap", 10), ("food", 8),
           ("medicines", 4),
           ("housing_materials", 4), ("utilities_debt", 4), ("social_report", 4), ("homeless", 1), ("emergency", 1),
           ("transport", 2)),
    OTHER: (("information", 42), ("rsh_change", 28), ("rsh_entry", 12), ("scholarship", 6), ("social_report", 5),
            ("complaint", 2),
            ("other", 5)),
    MIGRANT: (("rsh_entry", 26), ("information", 22), ("migration", 18), ("rsh_change", 10), ("food", 9), ("suf", 7),
              ("rent", 5),
              ("assistance", 3)),
    CARE: (("carer_support", 14), ("disability_credential", 14), ("technical_aids", 12), ("information", 12),
           ("medicines", 9),
           ("assistance", 10), ("social_report", 8), ("rsh_change", 12), ("sdm", 5), ("pgu", 4)),
}  # fmt: skip
_BALLOTS = {kind: ballot(pairs, 500) for kind, pairs in _REASONS.items()}
_UNITS = {
    "rsh_entry": ("RSH",), "rsh_change": ("RSH",), "suf": ("SUB",), "sap": ("SUB",), "sdm": ("SUB",), "pgu": ("SUB",
    "AM"),
    "disability_credential": ("DIS", "UAS"), "carer_support": ("DIS", "UAS", "AM"), "information": ("RSH", "UAS",
    "SUB", "FAM"),
    "violence": ("MUJ", "UAS"), "housing_materials": ("UAS", "VIV"), "scholarship": ("UAS", "FAM"),
}  # fmt: skip
# when it is resolved at all; the rest waits for a paper, another unit or a case
_RESOLVED = {"information": "informed", "complaint": "informed", "other": "informed"}
_OPEN_END = ("waiting_documents", "needs_unit", "waiting_documents", "needs_case")
_NOTES = ("Trae cartola del Registro Social de Hogares.", "Consulta por fecha de pago.",
          "Se entrega listado de documentos.",
          "Vuelve con certificado de residencia.", "Acompañada por su hija.",
          "Se explica el procedimiento y los plazos.",
          "Solicita hora con trabajadora social.", "Se revisa la vigencia del beneficio.")  # fmt: skip


def usual_number(people: int, days: int) -> int:
    """How many consultations so many people make in so many working days."""
    return round(people * A_MONTH_PER_PERSON * days / WORKING_DAYS_A_MONTH)


def add_tickets(draw: Draw, home: Home, carers: set[int], tickets: "array[int]") -> None:
    """A ticket for each unit of inclination to come: poor homes, women and heads more, and a few homes very often."""
    weight = {0: 0.5, 40: 1.9, 50: 1.2, 60: 0.95}.get(home.bracket, 0.4)
    chance = draw()
    weight *= 5.0 if chance < 0.04 else 0.25 if chance < 0.35 else 1.0
    has_children = any(p.age < 18 for p in home.family)
    for person in home.family:
        if person.age < 18 or person.died:
            continue
        own = weight * (1.25 if person is home.family[0] else 0.6) * (1.12 if person.sex == "mujer" else 0.92)
        many = int(own + draw())
        if many:
            kind = (
                CARE if person.number in carers
                else MIGRANT if person.nationality != CHILE and draw() < 0.7
                else ELDER if person.age >= 62
                else OTHER if home.bracket > 60
                else PARENT if has_children
                else POOR
            )  # fmt: skip
            tickets.extend([person.number * _KINDS + kind] * many)


def _day_weights(days: list[date]) -> tuple[date, ...]:
    """Mondays and the first days of the month are full, Fridays are not."""
    pairs = []
    for day in days:
        weight = {0: 1.35, 4: 0.8}.get(day.weekday(), 1.0)
        pairs.append((day, weight * (1.3 if day.day <= 5 else 1.0)))
    return ballot(pairs, 40 * len(days))


def _reasons(draw: Draw, kind: int) -> list[str]:
    options = _BALLOTS[kind]
    first, chance = pick(draw, options), draw()
    out = [first]
    for _ in range(0 if chance < 0.79 else 1 if chance < 0.96 else 2):
        other = pick(draw, options)
        if other not in out:
            out.append(other)
    return out


def _results(draw: Draw, reasons: list[str], is_finished: bool) -> list[str]:
    out = [_RESOLVED.get(reason, "resolved" if draw() < 0.72 else "informed") for reason in reasons]
    if not is_finished:
        out[-1] = pick(draw, _OPEN_END)
    elif draw() < 0.012:
        out = ["withdrew"] * len(out)
    return out


def _clock(day: int, minute: int) -> str:
    return f"{day_text(day)} {minute // 60:02d}:{minute % 60:02d}"


def write_visits(
    draw: Draw, number: int, days: list[date], tickets: "array[int]", operators: list[Operator], rows: Rows
) -> None:
    """``number`` consultations in order of time.

    At the desk nobody attends two people at once: one waits for the other.
    """
    if not (number and days and tickets and operators):
        return
    calendar = _day_weights(days)
    plan = []
    for _ in range(number):
        minute = pick(draw, _ARRIVAL) + int(draw() * 30)
        plan.append((pick(draw, calendar).toordinal(), minute, pick(draw, tickets)))
    plan.sort()
    desks: dict[str, list[str]] = {}
    for operator in sorted(operators, key=lambda one: not one.attends):
        known = desks.setdefault(operator.unit, [])
        if operator.attends or not known:  # a head attends where nobody else does
            known.append(operator.username)
    free: dict[str, int] = {}
    out = rows["consultas"]
    today = 0
    for order, (day, arrival, ticket) in enumerate(plan, start=1):
        if day != today:
            today = day
            free.clear()
        person, kind = divmod(ticket, _KINDS)
        reasons = _reasons(draw, kind)
        units = [unit for unit in _UNITS.get(reasons[0], ("UAS",)) if unit in desks]
        unit = pick(draw, units) if units else "UAS"
        if draw() < 0.12:
            unit = "UAS"  # who comes first to social assistance for everything
        channel = pick(draw, _CHANNEL)
        operator_name = (
            min(desks[unit], key=lambda name: (free.get(name, 0), name)) if len(desks[unit]) > 1 else desks[unit][0]
        )
        start = arrival
        if channel in _AT_THE_DESK:
            waiting_ends = max(arrival, free.get(operator_name, 0))
            start = waiting_ends if waiting_ends <= _CLOSES else arrival
        end = start + pick(draw, _MINUTES) + (3 * (len(reasons) - 1))
        if channel in _AT_THE_DESK:
            free[operator_name] = max(end, free.get(operator_name, 0))
        elif channel == "visita":
            end = start + between(draw, 20, 25)
        end = min(end, start + 25)
        results = _results(draw, reasons, draw() < 0.95)
        is_anonymous = reasons == ["information"] and draw() < 0.18
        who = "" if is_anonymous else f"P-{person}"
        note = pick(draw, _NOTES) if draw() < 0.12 and not is_anonymous else ""
        out.append(
            f"C-{order};{who};{channel};{unit};{operator_name};{_clock(day, start)};{_clock(day, end)};"
            f"{'|'.join(reasons)};{'|'.join(results)};{note}"
        )
