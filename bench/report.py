"""What was measured, as the tables of docs/performance.md."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.catalogue import ASKED_OF, ROUNDS, Compared
from bench.day import OPERATORS, THINKS, Day
from bench.loads import Loaded
from bench.place import CHECKOUT
from bench.rows import Row
from bench.server import Memory

BEGIN, END = "<!-- medido: inicio -->", "<!-- medido: fin -->"


@dataclass(frozen=True, slots=True)
class Measured:
    """``recall`` in percent."""

    rows: Sequence[Row]
    recall: float
    day: Day
    memory: Memory
    loads: Sequence[Loaded]
    rule: Compared


def told(found: Measured, *, scale: float, version: str) -> str:
    parts = (_against_the_floor(found, scale, version), _rule(found.rule), _day(found), _loads(found.loads))
    return "\n\n".join("\n".join(part) for part in parts)


def _rule(found: Compared) -> Iterator[str]:
    ratio, people = found.compiled / found.by_hand, f"{found.people:,}".replace(",", ".")
    yield (
        f"Una regla sobre todas las personas ({ASKED_OF}): {people} personas de {found.institutions}"
        f" instituciones en {found.compiled:.2f} s; el mismo predicado escrito a mano en SQL, {found.by_hand:.2f} s."
        f" Razón: {ratio:.2f} (≤ 1,5). Medianas de {ROUNDS} vueltas, alternadas, con seguridad por filas."
    )


def _against_the_floor(found: Measured, scale: float, version: str) -> Iterator[str]:
    yield (
        f"Escala {scale:g} (1 es un millón de personas en 345 municipalidades), PostgreSQL {version} durable,"
        f" {os.cpu_count()} procesadores compartidos por clientes, servidor y base. `make bench SCALE={scale:g}`."
    )
    yield ""
    yield "| Trabajo | Clientes | Mediana | p95 | Piso: mediana | Piso: p95 | p95 ÷ piso | Por segundo | Presupuesto |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|---|"
    yield from map(line, found.rows)
    yield ""
    yield f"Recuerdo entre los primeros veinte, con una falta en el primer apellido: {found.recall:.1f} % (≥ 95 %)."


def line(row: Row) -> str:
    floor = row.floor
    middle = f"{floor.p50:.1f} ms | {floor.p95:.1f} ms | {row.times.p95 / floor.p95:.2f}" if floor else "no aplica | | "
    return (
        f"| {row.work} | {row.clients} | {row.times.p50:.1f} ms | {row.times.p95:.1f} ms | {middle}"
        f" | {row.times.a_second:.0f}{_wrong(row.times.wrong)} | {row.budget} |"
    )


def _day(found: Measured) -> Iterator[str]:
    day, memory = found.day, found.memory
    yield (
        f"El día: {OPERATORS} operadores de muchas municipalidades durante {day.minutes:g} minutos, cada uno con"
        f" {THINKS:g} segundos de pausa en promedio. {day.a_second:.1f} respuestas por segundo. Memoria al final:"
        f" {memory.server:.0f} MB el servidor y {memory.database:.0f} MB PostgreSQL (PSS)."
    )
    yield ""
    yield "| Trabajo | Respuestas | Mediana | p95 | Erradas |"
    yield "|---|--:|--:|--:|--:|"
    for kind, answers, p50, p95, wrong in day.rows():
        yield f"| {kind} | {answers} | {p50:.0f} ms | {p95:.0f} ms | {wrong} |"


def _loads(loads: Sequence[Loaded]) -> Iterator[str]:
    yield "Cargas de una ciudad de 20.000 personas (≥ 10.000 filas por segundo y ≤ 5 × COPY a las mismas tablas):"
    yield ""
    yield "| Archivo | Filas | Por segundo | Carga ÷ COPY |"
    yield "|---|--:|--:|--:|"
    for load in loads:
        rate, ratio = load.rows / load.seconds, load.seconds / load.copied
        yield f"| {load.name} | {load.rows} | {rate:.0f} | {ratio:.1f} |"


def _wrong(count: int) -> str:
    return f" ({count} erradas)" if count else ""


def write(report: str) -> None:
    page = CHECKOUT / "docs" / "performance.md"
    text = page.read_text()
    block = f"{BEGIN}\n{report}\n{END}"
    page.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: block, text, flags=re.DOTALL))
