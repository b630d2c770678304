"""Wrong rows, planted on purpose and counted, so that a load has something to refuse; nothing else points at them."""

from collections import Counter
from collections.abc import Callable, Iterator

from ventanilla.datasets.synthetic.draws import Draw, between, day_text, pick
from ventanilla.datasets.synthetic.fictional_runs import body, with_points
from ventanilla.datasets.synthetic.homes import Rows
from ventanilla.datasets.synthetic.people import Setting, adult
from ventanilla.datasets.synthetic.records import identify, mistyped, person_row
from ventanilla.datasets.synthetic.writing import COLUMNS

Cells = dict[str, str]
Mistake = Callable[[Draw, Setting, Cells], None]


def _wrong_digit(draw: Draw, here: Setting, cells: Cells) -> None:
    run = cells["run"]
    cells["run"] = run[:-1] + next(digit for digit in "3701K" if digit != run[-1])


def _born_tomorrow(draw: Draw, here: Setting, cells: Cells) -> None:
    cells["fecha_nacimiento"] = day_text(here.reference + between(draw, 1, 4000))


def _nowhere(draw: Draw, here: Setting, cells: Cells) -> None:
    cells["comuna_residencia"] = pick(draw, ("00000", "99999", "4303A", "13999"))


def _without_surname(draw: Draw, here: Setting, cells: Cells) -> None:
    cells["primer_apellido"] = ""


def _impossible_day(draw: Draw, here: Setting, cells: Cells) -> None:
    cells["fecha_nacimiento"] = pick(draw, ("31-02-1984", "1984/13/01", "s/i"))


def _same_person_again(draw: Draw, here: Setting, cells: Cells) -> None:
    """Accepted or joined by a load, never silently: the same woman without RUN and with a slip in her name."""
    cells["run"], cells["documento_tipo"] = "", "sin_documento"
    cells["documento_pais"] = cells["documento_numero"] = ""
    cells["primer_apellido"] = mistyped(draw, cells["primer_apellido"])


def _set(column: str, *values: str) -> Mistake:
    def put(draw: Draw, here: Setting, cells: Cells) -> None:
        cells[column] = pick(draw, values)

    return put


def _tomorrow(column: str) -> Mistake:
    def put(draw: Draw, here: Setting, cells: Cells) -> None:
        cells[column] = day_text(here.reference + between(draw, 2, 700))

    return put


def _two_subjects(draw: Draw, here: Setting, cells: Cells) -> None:
    cells["persona"], cells["hogar"] = cells["persona"] or "P-0", cells["hogar"] or "H-0"


def _ends_before_it_starts(draw: Draw, here: Setting, cells: Cells) -> None:
    cells["termino"] = f"{cells['inicio'][:10]} 07:15"


def _of_herself(draw: Draw, here: Setting, cells: Cells) -> None:
    cells["con_persona"] = cells["persona"]


def _no_such_bracket(draw: Draw, here: Setting, cells: Cells) -> None:
    cells.update(
        persona="", hogar=cells["hogar"] or "H-0", tipo="tramo_rsh", valor=pick(draw, ("45", "110", "bajo")), monto=""
    )


def _short_phone(draw: Draw, here: Setting, cells: Cells) -> None:
    cells.update(tipo="telefono", valor=pick(draw, ("5555", "9 5555", "no tiene")))


SECOND_HEAD = "segunda_jefatura"
DUPLICATE = "duplicado_con_errata"
# file, name in the manifest, what is done to the copy of a good row
MISTAKES: tuple[tuple[str, str, Mistake], ...] = (
    ("personas", "digito_verificador", _wrong_digit),
    ("personas", "nacimiento_futuro", _born_tomorrow),
    ("personas", "fecha_imposible", _impossible_day),
    ("personas", "comuna_desconocida", _nowhere),
    ("personas", "sin_primer_apellido", _without_surname),
    ("personas", DUPLICATE, _same_person_again),
    ("contactos", "telefono_incompleto", _short_phone),
    ("contactos", "reserva_desconocida", _set("reserva", "secreta")),
    ("hogares", "comuna_desconocida", _set("comuna", "00000", "99999")),
    ("hogares", "ruralidad_desconocida", _set("ruralidad", "semirrural")),
    ("integrantes", SECOND_HEAD, _set("parentesco", "jefatura")),
    ("integrantes", "hogar_inexistente", _set("hogar", "H-999999999")),
    ("integrantes", "parentesco_desconocido", _set("parentesco", "vecino", "ahijado")),
    ("relaciones", "consigo_misma", _of_herself),
    ("antecedentes", "tramo_inexistente", _no_such_bracket),
    ("antecedentes", "dos_sujetos", _two_subjects),
    ("antecedentes", "monto_con_letras", _set("monto", "22 mil", "$-")),
    ("entregas", "fecha_futura", _tomorrow("fecha")),
    ("entregas", "monto_negativo", _set("monto", "-35000")),
    ("consultas", "termino_antes_del_inicio", _ends_before_it_starts),
    ("consultas", "persona_inexistente", _set("persona", "P-999999999")),
    ("consultas", "motivo_desconocido", _set("motivos", "consulta_varia")),
)
_BY_FILE = {file: [(name, change) for where, name, change in MISTAKES if where == file] for file in COLUMNS}


def planter(
    draw: Draw, here: Setting, share: float, positions: Iterator[int]
) -> tuple[Callable[[Rows], None], dict[str, Counter[str]]]:
    """What to call on each batch of rows before it is written, and the count it keeps by file and kind.

    ``positions`` are places in the space of RUNs that no neighbour has. Rows already there stay as they are.
    """
    planted: dict[str, Counter[str]] = {file: Counter() for file in COLUMNS}
    serial = iter(range(1, 1 << 40))

    def newcomer(rows: Rows) -> str:
        """A good person nobody mentions, for a wrong row to speak of."""
        person = adult(draw, here, "mujer" if draw() < 0.5 else "hombre", between(draw, 20, 70), here.lineages[0])
        reference = f"X-{next(serial)}"
        identify(draw, here, person, next(positions))
        row = person_row(draw, here, person, reference, 0, here.place.code, "municipal", here.reference - 40)
        rows["personas"].append(row)
        return reference

    def spoil(rows: Rows, file: str, good: str, name: str, change: Mistake) -> None:
        cells = dict(zip(COLUMNS[file], good.split(";"), strict=True))
        if "referencia" in cells:
            cells["referencia"] = f"X-{next(serial)}"
        if file == "personas" and name != DUPLICATE:
            cells["run"] = with_points(body(next(positions)))
            cells["documento_tipo"] = cells["documento_pais"] = cells["documento_numero"] = ""
        if file == "integrantes":
            cells["persona"] = newcomer(rows)
            cells.update(parentesco="otro_pariente", jefatura="no", hasta="")
            if name == SECOND_HEAD:
                cells.update(jefatura="si", fuente="rsh")
        change(draw, here, cells)
        rows[file].append(";".join(cells.values()))
        planted[file][name] += 1

    def plant(rows: Rows) -> None:
        for file, kinds in _BY_FILE.items():
            good = tuple(rows[file])
            if file == "integrantes":
                good = tuple(row for row in good if ";jefatura;si;rsh;" in row and row.endswith(";"))
            if not kinds or not good or not share:
                continue
            for _ in range(int(len(rows[file]) * share + draw())):
                spoil(rows, file, pick(draw, good), *pick(draw, kinds))

    return plant, planted
