"""The files with which the State's registries come: subsidies and pensions, Programa Familias, requests to the RSH."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from uuid_utils import uuid7

from ventanilla.core import cells, clock
from ventanilla.core.cells import Unreadable
from ventanilla.core.datasets import DIGIT_HEADINGS, RUN_HEADINGS, Column, Dataset, Values, also_called
from ventanilla.registry import file_headings as named
from ventanilla.registry.datasets import PERSON, in_future, out_of_order
from ventanilla.registry.extracts import SPOKEN
from ventanilla.registry.file_words import SUBSIDIES
from ventanilla.registry.loading import HARMLESS, close_extracts, load_familias, load_rsh_requests, load_subsidies
from ventanilla.registry.vocabulary import Subsidy

_AS_OF = Column("fecha_extracto", "as_of", cells.day, required=True, type="date")
_SCOPES = {value: scope for scope, spoken in SPOKEN.items() for value in spoken.values}
_STAGES = {
    "diagnostico": "diagnóstico",
    "plan_familiar": "plan familiar",
    "acompanamiento": "acompañamiento",
    "seguimiento": "seguimiento",
    "evaluacion": "evaluación",
    "egreso": "egreso",
}
_ACCOMPANIMENTS = {"psicosocial": "psicosocial", "sociolaboral": "sociolaboral", "integral": "integral"}
_REQUESTS = {
    "ingreso": "Ingreso",
    "actualizacion": "Actualización",
    "rectificacion": "Rectificación",
    "complemento": "Complemento",
}
_OPEN = {
    "ingresada": "ingresada",
    "en_revision": "en revisión",
    "observada": "observada, espera antecedentes",
    "en_visita": "en visita domiciliaria",
    "en_aprobacion": "en aprobación",
}
_CLOSED = {
    "aprobada": "aprobada",
    "rechazada": "rechazada",
    "desistida": "desistida",
    "anulada": "anulada",
}
_MOST_SESSIONS = 16
_LONGEST_INDICATOR = 200
_PLAIN = str.maketrans({'"': "'", "\\": "/"})


def _of_extract(values: Values, today: date) -> Iterator[str]:
    """An extract says what was so on its day; one that is past its term may no longer be kept."""
    yield from in_future("fecha_extracto", values["as_of"], today)
    oldest = clock.months_before(today, settings.EXTRACT_MONTHS)
    if values["as_of"] is not None and values["as_of"] < oldest.isoformat():
        yield f"El extracto tiene más de {settings.EXTRACT_MONTHS} meses: ya no corresponde conservar sus datos."


def _subsidy(values: Values, today: date) -> Iterator[str]:
    yield from _of_extract(values, today)
    yield from out_of_order(values["valid_from"], values["valid_until"])


SUBSIDIES_HELD = Dataset(
    name="subsidios",
    title="Subsidios y pensiones vigentes",
    columns=also_called(
        (
            PERSON,
            Column("titular", "holder", cells.reference(60)),
            Column("subsidio", "value", cells.choice(SUBSIDIES), required=True),
            Column("monto", "amount", cells.pesos, type="int"),
            Column("desde", "valid_from", cells.day, type="date"),
            Column("hasta", "valid_until", cells.day, type="date"),
            Column("resolucion", "detail", cells.text(120)),
            _AS_OF,
        ),
        named.SUBSIDIES,
    ),
    keys=lambda values: [f"{values['person']}\n{values['value']}\n{values['as_of']}"],
    objections=_subsidy,
    derived={"scope": "text"},
    derive=lambda values, institution_id: (_SCOPES[Subsidy(values["value"] or "")],),
    apply=load_subsidies,
    example="99.999.999-9;99.999.998-0;suf;22007;01-06-2025;31-05-2028;Res. 1.204 del 20-05-2025;20-10-2026",
    close=close_extracts,
    harmless=HARMLESS,
)


def _session(cell: str) -> str:
    if not cell.isascii() or not cell.isdigit() or not 1 <= int(cell) <= _MOST_SESSIONS:
        raise Unreadable(f"no es un número de sesión, de 1 a {_MOST_SESSIONS}")
    return str(int(cell))


def _indicators(cell: str) -> str:
    """Words between ``|``, once each, as an array of PostgreSQL, where quotation marks and bars mean something else."""
    found = dict.fromkeys(words for part in cell.translate(_PLAIN).split("|") if (words := " ".join(part.split())))
    if any(len(words) > _LONGEST_INDICATOR for words in found):
        raise Unreadable(f"tiene un indicador de más de {_LONGEST_INDICATOR} caracteres; sepárelos con |")
    return "{" + ",".join(f'"{words}"' for words in found) + "}"


def _participation(values: Values, today: date) -> Iterator[str]:
    if (values["person"] is None) == (values["home"] is None):
        yield "La familia se nombra por una persona o por su hogar: llene una sola de las dos columnas."
    if values["session"] is not None and values["stage"] != "acompañamiento":
        yield "La sesión se indica solo en la etapa de acompañamiento."
    yield from _of_extract(values, today)
    yield from out_of_order(values["valid_from"], values["valid_until"])


def _stage_and_ids(values: Values, institution_id: int) -> tuple[str | None, ...]:
    stage, session = values["stage"], values["session"]
    unmet = (values["indicators"] or "").count('"') // 2
    ids = ",".join(str(uuid7()) for _ in range(unmet))
    return f"{stage}, sesión {session}" if session else stage, "{" + ids + "}"


FAMILIAS = Dataset(
    name="familias",
    title="Familias del Programa Familias",
    columns=also_called(
        (
            Column("persona", "person", cells.reference(60), synonyms=("RUN", *RUN_HEADINGS), digits=DIGIT_HEADINGS),
            Column("hogar", "home", cells.text(40)),
            Column("acompanamiento", "detail", cells.choice(_ACCOMPANIMENTS)),
            Column("etapa", "stage", cells.choice(_STAGES), required=True),
            Column("sesion", "session", _session),
            Column("desde", "valid_from", cells.day, type="date"),
            Column("hasta", "valid_until", cells.day, type="date"),
            Column("indicadores", "indicators", _indicators, type="text[]"),
            _AS_OF,
        ),
        named.FAMILIAS,
    ),
    keys=lambda values: [f"{values['person']}\n{values['home']}\n{values['as_of']}"],
    objections=_participation,
    derived={"stage_told": "text", "indicator_ids": "uuid[]"},
    derive=_stage_and_ids,
    apply=load_familias,
    example=";EJEMPLO-H;integral;acompanamiento;4;01-03-2026;;Sin trabajo estable|Controles de salud atrasados;"
    "20-10-2026",
    close=close_extracts,
    harmless=HARMLESS,
)


def _request(values: Values, today: date) -> Iterator[str]:
    yield from _of_extract(values, today)
    yield from in_future("fecha_ingreso", values["valid_from"], today)
    yield from in_future("fecha_estado", values["state_on"], today)
    if values["state"] in _CLOSED.values() and values["state_on"] is None:
        yield "Una solicitud terminada lleva la fecha de su estado."
    yield from out_of_order(values["valid_from"], values["state_on"])


def _in_words(values: Values, institution_id: int) -> tuple[str, str]:
    about = f", {values['about']}" if values["about"] else ""
    return f"{values['request']}{about}: {values['state']}", "t" if values["state"] in _CLOSED.values() else "f"


RSH_REQUESTS = Dataset(
    name="solicitudes_rsh",
    title="Estado de las solicitudes del RSH",
    columns=also_called(
        (
            Column("folio", "value", cells.text(40), required=True),
            PERSON,
            Column("tipo", "request", cells.choice(_REQUESTS), required=True),
            Column("materia", "about", cells.text(80)),
            Column("estado", "state", cells.choice({**_OPEN, **_CLOSED}), required=True),
            Column("fecha_ingreso", "valid_from", cells.day, required=True, type="date"),
            Column("fecha_estado", "state_on", cells.day, type="date"),
            _AS_OF,
        ),
        named.RSH_REQUESTS,
    ),
    keys=lambda values: [f"{values['value']}\n{values['as_of']}"],
    objections=_request,
    derived={"detail": "text", "is_closed": "boolean"},
    derive=_in_words,
    apply=load_rsh_requests,
    example="EJEMPLO-1;99.999.999-9;actualizacion;cambio de domicilio;en_revision;12-10-2026;;20-10-2026",
)

DATASETS = (SUBSIDIES_HELD, FAMILIAS, RSH_REQUESTS)
