"""What a rule may ask of a person or of a home: the kinds of condition, and what each needs to be complete."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from ventanilla.core.charts import BRACKETS


class Subject(models.TextChoices):
    """Who receives: each person of the home that meets the rule, or the home once."""

    PERSON = "person", "Una persona"
    HOME = "home", "El hogar"


class Kind(models.TextChoices):
    """Each is one fact that registries, the home's composition or the municipality's own register can tell."""

    AGE = "age", "Edad"
    SEX = "sex", "Sexo registral"
    HEAD = "head", "Jefatura de hogar"
    PARENT = "parent", "Hijas o hijos"
    RESIDENCE = "residence", "Vivir en la comuna"
    AREA = "area", "Zona urbana o rural"
    BRACKET = "bracket", "Tramo del Registro Social de Hogares"
    INCOME = "income", "Ingreso por persona del hogar"
    HOME_SIZE = "home_size", "Cuántas personas tiene el hogar"
    HOME_AGES = "home_ages", "Personas de cierta edad en el hogar"
    PREGNANCY = "pregnancy", "Embarazo"
    DISABILITY = "disability", "Discapacidad"
    DEPENDENCE = "dependence", "Dependencia"
    CARER = "carer", "Cuidar a otra persona"
    ENROLMENT = "enrolment", "Matrícula"
    HEALTH_CHECK = "health_check", "Controles de salud al día"
    INDIGENOUS = "indigenous", "Pertenecer a un pueblo indígena"
    FAMILIAS = "familias", "Participar en Programa Familias"
    RECEIVES = "receives", "Recibir otro beneficio"
    NOT_RECEIVES = "not_receives", "No recibir otro beneficio"
    FREQUENCY = "frequency", "Cada cuánto se puede recibir"
    OWN = "own", "Dato propio de la municipalidad"
    TO_PROVE = "to_prove", "Algo que se comprueba al postular"


class Whose(models.TextChoices):
    """Of whom something is asked that a person or her whole home may have."""

    PERSON = "person", "De la persona"
    HOME = "home", "De cualquiera del hogar"


RECEIVED: Mapping[str, str] = {
    "suf": "Subsidio Familiar (SUF)",
    "suf_double": "Subsidio Familiar duplo",
    "sap_urban": "Subsidio de agua potable urbano (SAP)",
    "sap_rural": "Subsidio de agua potable rural (SAP)",
    "sdm": "Subsidio de discapacidad (SDM)",
    "pgu": "Pensión Garantizada Universal (PGU)",
    "pbsi": "Pensión Básica Solidaria de Invalidez (PBSI)",
}
"""What some registry says of who receives it; of any other benefit a rule could never know."""

DEGREES: Mapping[str, str] = {"leve": "leve", "moderada": "moderada", "severa": "severa", "profunda": "profunda"}
DEPENDENCES: Mapping[str, str] = {"leve": "leve", "moderada": "moderada", "severa": "severa"}
SEXES: Mapping[str, str] = {"female": "mujer", "male": "hombre"}
AREAS: Mapping[str, str] = {"urban": "urbana", "rural": "rural"}
LEVELS: Mapping[str, str] = {"school": "Enseñanza parvularia, básica o media", "higher": "Educación superior"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind needs: which of ``low``, ``high``, ``values``, ``months``, ``times``, ``whose`` and ``text``.

    ``between`` asks for at least one of low and high; ``names`` are the values one may choose, and how they are said.
    """

    of_home: bool = False
    of_person: bool = True
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    between: bool = False
    names: Mapping[str, str] | None = None
    one_value: bool = False
    least: int = 0
    most: int = 130


_HOME = {"of_home": True}
_SET = frozenset({"values"})

SHAPES: Mapping[Kind, Shape] = {
    Kind.AGE: Shape(takes=frozenset({"low", "high"}), between=True),
    Kind.SEX: Shape(needs=_SET, names=SEXES, one_value=True),
    Kind.HEAD: Shape(),
    Kind.PARENT: Shape(takes=frozenset({"low", "high"}), between=True),
    Kind.RESIDENCE: Shape(of_home=True),
    Kind.AREA: Shape(needs=_SET, names=AREAS, one_value=True, of_home=True),
    Kind.BRACKET: Shape(of_home=True, needs=frozenset({"high"}), takes=frozenset({"months"}), least=40, most=100),
    Kind.INCOME: Shape(of_home=True, needs=frozenset({"high"}), least=1, most=99_999_999),
    Kind.HOME_SIZE: Shape(of_home=True, takes=frozenset({"low", "high"}), between=True, least=1, most=40),
    Kind.HOME_AGES: Shape(
        of_home=True, needs=frozenset({"times"}), takes=frozenset({"low", "high"}), between=True, most=130
    ),
    Kind.PREGNANCY: Shape(takes=frozenset({"low"}), least=1, most=40),
    Kind.DISABILITY: Shape(takes=_SET, names=DEGREES),
    Kind.DEPENDENCE: Shape(takes=_SET, names=DEPENDENCES),
    Kind.CARER: Shape(),
    Kind.ENROLMENT: Shape(takes=_SET, names=LEVELS, one_value=True),
    Kind.HEALTH_CHECK: Shape(),
    Kind.INDIGENOUS: Shape(),
    Kind.FAMILIAS: Shape(of_home=True),
    Kind.RECEIVES: Shape(of_home=True, needs=frozenset({"values", "whose"}), names=RECEIVED),
    Kind.NOT_RECEIVES: Shape(of_home=True, needs=frozenset({"values", "whose"}), names=RECEIVED),
    Kind.FREQUENCY: Shape(of_home=True, needs=frozenset({"times", "months", "whose"})),
    Kind.OWN: Shape(of_home=True, needs=_SET, one_value=True),
    Kind.TO_PROVE: Shape(of_home=True, needs=frozenset({"text"})),
}

STEPS_OF_BRACKET = BRACKETS
MOST_MONTHS = 120
MOST_TIMES = 60


def allows(kind: Kind, subject: Subject) -> bool:
    """Whether it may be asked of such a subject: of a home, only what a home has."""
    return subject is Subject.PERSON or SHAPES[kind].of_home
