"""The file of consultations attended before, or elsewhere."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid5

from uuid_utils import uuid7

from ventanilla.core import cells
from ventanilla.core.datasets import DIGIT_HEADINGS, RUN_HEADINGS, Column, Dataset, Values
from ventanilla.intake.loading import load_consultations
from ventanilla.intake.states import Outcome

_NAMESPACE = UUID("0e2f6c1a-7a53-5a0e-9d5c-6f7f1c1f4b43")
_CHANNELS = {
    "presencial": "in_person",
    "telefono": "phone",
    "web": "web",
    "correo": "email",
    "whatsapp": "whatsapp",
    "terreno": "field",
    "visita": "home_visit",
    "institucion": "institution",
    "carta": "letter",
    "oficio": "official",
    "alcaldia": "mayor",
}
_REASONS = (
    "rsh_entry", "rsh_change", "suf", "sap", "sdm", "social_report", "assistance", "information", "other",
    "medicines", "food", "rent", "utilities_debt", "funeral", "housing_materials", "furnishings", "transport",
    "technical_aids", "scholarship", "pgu", "disability_credential", "violence", "homeless", "migration", "emergency",
    "complaint", "carer_support",
)  # fmt: skip


def _parts(array: str | None) -> list[str]:
    """What is in a PostgreSQL array of codes, which need no quotes; an empty place is written ``""``."""
    return [part.strip('"') for part in array[1:-1].split(",")] if array else []


def _consultation(values: Values, today: date) -> Iterator[str]:
    reasons, outcomes = _parts(values["reasons"]), _parts(values["outcomes"])
    starts, ends = values["starts_at"], values["ends_at"]
    if "" in reasons or len(set(reasons)) != len(reasons):
        yield "Los motivos tienen uno vacío o repetido."
    if ends is not None:
        if len(outcomes) != len(reasons) or "" in outcomes:
            yield "Una consulta terminada lleva un resultado por cada motivo."
        if starts is not None and ends < starts:
            yield "El término no puede ser anterior al inicio."
        if ends[:10] > today.isoformat():
            yield "La columna «termino» tiene una fecha futura."
    elif outcomes and len(outcomes) != len(reasons):
        yield "Los resultados no son tantos como los motivos."
    if starts is not None and starts[:10] > today.isoformat():
        yield "La columna «inicio» tiene una fecha futura."


def _ids(values: Values, institution_id: int) -> tuple[str, str]:
    """By its reference a consultation is always the same, however often it is loaded; and an id for each line."""
    lines = ",".join(str(uuid7()) for _ in _parts(values["reasons"]))
    return str(uuid5(_NAMESPACE, f"{institution_id} {values['reference']}")), "{" + lines + "}"


CONSULTATIONS = Dataset(
    name="consultas",
    title="Consultas atendidas",
    columns=(
        Column(
            "referencia", "reference", cells.text(60), required=True, synonyms=("Folio", "N° atención", "ID atención")
        ),
        Column("persona", "person", cells.reference(60), synonyms=("RUN", *RUN_HEADINGS), digits=DIGIT_HEADINGS),
        Column("canal", "channel", cells.choice(_CHANNELS), required=True, synonyms=("Canal de atención",)),
        Column("unidad", "unit", cells.text(30), required=True),
        Column("operador", "operator", lambda cell: cell.lower(), required=True),
        Column(
            "inicio",
            "starts_at",
            cells.moment,
            required=True,
            type="timestamp",
            synonyms=("Fecha y hora", "Hora de inicio", "Fecha y hora de inicio"),
        ),
        Column(
            "termino",
            "ends_at",
            cells.moment,
            type="timestamp",
            synonyms=("Hora de término", "Fecha y hora de término"),
        ),
        Column("motivos", "reasons", cells.choices({code: code for code in _REASONS}), required=True, type="text[]"),
        Column(
            "resultados",
            "outcomes",
            cells.choices({outcome.value: outcome.value for outcome in Outcome}),
            type="text[]",
        ),
        Column("notas", "notes", cells.paragraphs(4000), synonyms=("Observaciones", "Observación", "Obs.")),
    ),
    keys=lambda values: [values["reference"] or ""],
    objections=_consultation,
    ids=("id", "begun_id", "attended_id", "resolved_id"),
    derived={"submission_id": "uuid", "line_ids": "uuid[]"},
    derive=_ids,
    apply=load_consultations,
    example="EJEMPLO-1;99.999.999-9;presencial;ejemplo;ejemplo.ficticio;20-10-2026 09:30;"
    "20-10-2026 09:42;suf|information;informed|informed;Nota de ejemplo",
)

DATASETS = (CONSULTATIONS,)
