"""The files of the institution itself: its units and its operators."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.hashers import make_password

from ventanilla.access.loading import load_operators, load_units
from ventanilla.access.permissions import ABOVE_INSTITUTIONS, Role
from ventanilla.core import cells
from ventanilla.core.cells import Unreadable
from ventanilla.core.datasets import DIGIT_HEADINGS, RUN_HEADINGS, Column, Dataset, Values

# The codes of the national table of functions; it grows by migration, and this with it.
_FUNCTIONS = (
    "attention", "social_assistance", "rsh", "subsidies", "families", "childhood", "disability", "elderly", "housing",
    "labour", "gender", "community",
)  # fmt: skip
_ROLES = {role.value: role.value for role in Role if role not in ABOVE_INSTITUTIONS}
_NATURES = {nature: nature for nature in ("titular", "subrogante", "suplente")}


def _unit(values: Values, today: date) -> Iterator[str]:
    if values["parent"] == values["code"]:
        yield "La unidad superior no puede ser ella misma."
    starts, ends = values["connected_from"], values["connected_until"]
    if starts is not None and ends is not None and ends < starts:
        yield "La desconexión no puede ser anterior a la conexión."


UNITS = Dataset(
    name="unidades",
    title="Unidades de la institución",
    is_of_installing=True,
    columns=(
        Column("codigo", "code", cells.text(30), required=True, synonyms=("Cód.", "Código unidad")),
        Column("nombre", "name", cells.text(120), required=True, synonyms=("Nombre de la unidad", "Unidad")),
        Column("unidad_superior", "parent", cells.text(30)),
        Column("funciones", "functions", cells.choices({code: code for code in _FUNCTIONS}), type="text[]"),
        Column("conectada_desde", "connected_from", cells.day, type="date"),
        Column("conectada_hasta", "connected_until", cells.day, type="date"),
    ),
    keys=lambda values: [values["code"] or ""],
    objections=_unit,
    apply=load_units,
    example="ejemplo;Unidad de ejemplo;;attention|rsh;01-03-2026;",
)


def _username(cell: str) -> str:
    if len(cell) > 60 or len(cell) < 3 or any(map(str.isspace, cell)):
        raise Unreadable("no es un usuario de 3 a 60 caracteres sin espacios")
    return cell.lower()


def _operator(values: Values, today: date) -> Iterator[str]:
    if values["nature"] not in (None, "titular") and values["act"] is None:
        yield "Una subrogancia o suplencia lleva el acto que la dispone."
    if values["starts_on"] is not None and values["ends_on"] is not None and values["ends_on"] < values["starts_on"]:
        yield "El término no puede ser anterior al inicio."


def _account(values: Values, institution_id: int) -> tuple[str, str]:
    """Both surnames as one, and a password that opens nothing."""
    surnames = " ".join(filter(None, (values["first_surname"], values["second_surname"])))
    return surnames, make_password(None)


OPERATORS = Dataset(
    name="operadores",
    title="Operadores y sus desempeños",
    is_of_installing=True,
    columns=(
        Column("usuario", "username", _username, required=True, synonyms=("Nombre de usuario", "Cuenta")),
        Column("run", "run", cells.run, synonyms=RUN_HEADINGS, digits=DIGIT_HEADINGS),
        Column("nombres", "given_names", cells.name(120), required=True, synonyms=("Nombre",)),
        Column(
            "primer_apellido",
            "first_surname",
            cells.name(60),
            required=True,
            synonyms=("Apellido paterno", "Ap. paterno", "Paterno"),
        ),
        Column(
            "segundo_apellido",
            "second_surname",
            cells.text(59),
            synonyms=("Apellido materno", "Ap. materno", "Materno"),
        ),
        Column(
            "correo", "email", cells.mail, synonyms=("Correo electrónico", "E-mail", "Email", "Correo institucional")
        ),
        Column("profesion", "profession", cells.text(80), synonyms=("Título profesional",)),
        Column("rol", "role", cells.choice(_ROLES), required=True),
        Column("unidad", "unit", cells.text(30)),
        Column("naturaleza", "nature", cells.choice(_NATURES), required=True),
        Column("acto", "act", cells.text(120), synonyms=("Decreto", "N° decreto", "Decreto alcaldicio")),
        Column("desde", "starts_on", cells.day, required=True, type="date"),
        Column("hasta", "ends_on", cells.day, type="date"),
    ),
    keys=lambda values: [f"{values['username']}\n{values['role']}\n{values['unit']}\n{values['starts_on']}"],
    objections=_operator,
    ids=("id", "posting_id"),
    derived={"surnames": "text", "password": "text"},
    derive=_account,
    apply=load_operators,
    example="ejemplo.ficticio;99.999.999-9;Persona;De Ejemplo;Ficticia;persona@ejemplo.cl;"
    ";front_desk;ejemplo;titular;;01-03-2026;",
)

DATASETS = (UNITS, OPERATORS)
