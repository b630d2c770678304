"""The closed lists of the registry: codes in the code, words on the screen."""

from django.db import models


class Source(models.TextChoices):
    """Where a fact was read. What the person says stands beside what registries say."""

    RSH = "rsh", "Registro Social de Hogares"
    SUBSIDIES = "subsidies", "Plataforma de subsidios"
    FAMILIAS = "familias", "Programa Familias"
    SENADIS = "senadis", "Senadis"
    MINEDUC = "mineduc", "Mineduc"
    IPS = "ips", "IPS"
    CIVIL_REGISTRY = "civil_registry", "Registro Civil"
    MUNICIPAL = "municipal", "Municipalidad"
    DECLARED = "declared", "Lo declara la persona"


class Sex(models.TextChoices):
    FEMALE = "female", "Mujer"
    MALE = "male", "Hombre"
    OTHER = "other", "Otro"


class IndigenousPeople(models.TextChoices):
    """The peoples that Ley 19.253 recognises."""

    MAPUCHE = "mapuche", "Mapuche"
    AYMARA = "aymara", "Aymara"
    RAPANUI = "rapanui", "Rapa Nui"
    LICKANANTAY = "lickanantay", "Lickanantay"
    QUECHUA = "quechua", "Quechua"
    COLLA = "colla", "Colla"
    DIAGUITA = "diaguita", "Diaguita"
    CHANGO = "chango", "Chango"
    KAWESQAR = "kawesqar", "Kawésqar"
    YAGAN = "yagan", "Yagán"
    SELKNAM = "selknam", "Selk'nam"


class IdentifierKind(models.TextChoices):
    """Documents of those without RUN, and the number by which a loaded file names its people."""

    IPE = "ipe", "Identificador provisorio escolar (IPE)"
    IPA = "ipa", "Identificador provisorio del apoderado (IPA)"
    PASSPORT = "passport", "Pasaporte"
    FOREIGN_ID = "foreign_id", "Documento de identidad extranjero"
    NIP_FONASA = "nip_fonasa", "Número provisorio Fonasa"
    NO_DOCUMENT = "no_document", "Sin documento"
    REFERENCE = "reference", "Referencia de un archivo cargado"


class ContactKind(models.TextChoices):
    PHONE = "phone", "Teléfono"
    EMAIL = "email", "Correo"


class Rurality(models.TextChoices):
    URBAN = "urban", "Urbano"
    RURAL = "rural", "Rural"


class DwellingKind(models.TextChoices):
    HOUSE = "house", "Casa"
    FLAT = "flat", "Departamento"
    ROOM = "room", "Pieza"
    EMERGENCY = "emergency", "Mediagua"
    INSTITUTION = "institution", "Institución"
    NO_ADDRESS = "no_address", "Sin domicilio"


class Kinship(models.TextChoices):
    """With the head of the home."""

    HEAD = "head", "Jefatura de hogar"
    SPOUSE = "spouse", "Cónyuge"
    PARTNER = "partner", "Conviviente"
    CHILD = "child", "Hija o hijo"
    STEPCHILD = "stepchild", "Hijastra o hijastro"
    PARENT = "parent", "Madre o padre"
    SIBLING = "sibling", "Hermana o hermano"
    GRANDCHILD = "grandchild", "Nieta o nieto"
    CHILD_IN_LAW = "child_in_law", "Nuera o yerno"
    PARENT_IN_LAW = "parent_in_law", "Suegra o suegro"
    OTHER_RELATIVE = "other_relative", "Otro pariente"
    NOT_RELATED = "not_related", "Sin parentesco"


class MembershipSource(models.TextChoices):
    RSH = "rsh", "Registro Social de Hogares"
    DECLARED = "declared", "Declarada"


class RelationKind(models.TextChoices):
    PARENT = "parent", "Madre o padre"
    GUARDIAN = "guardian", "Tutela"
    CARER = "carer", "Cuidado"
    REPRESENTATIVE = "representative", "Representación"


class FactKind(models.TextChoices):
    RSH_BRACKET = "rsh_bracket", "Tramo del RSH"
    HOME_INCOME = "home_income", "Ingreso del hogar"
    DWELLING = "dwelling", "Condición de la vivienda"
    FAMILIAS_STAGE = "familias_stage", "Etapa en Programa Familias"
    FAMILIAS_INDICATOR = "familias_indicator", "Indicador de bienestar pendiente"
    INCOME = "income", "Ingreso"
    SUBSIDY = "subsidy", "Subsidio o pensión"
    DISABILITY = "disability", "Discapacidad"
    DEPENDENCE = "dependence", "Dependencia"
    CARER = "carer", "Cuidador/a"
    PREGNANCY = "pregnancy", "Embarazo"
    ENROLMENT = "enrolment", "Matrícula escolar"
    HEALTH_CHECK = "health_check", "Control de salud"
    OWN = "own", "Dato propio"
    HOME_OWN = "home_own", "Dato propio del hogar"
    RSH_REQUEST = "rsh_request", "Solicitud en el RSH"


ABOUT_HOMES = frozenset(
    {
        FactKind.RSH_BRACKET,
        FactKind.HOME_INCOME,
        FactKind.DWELLING,
        FactKind.FAMILIAS_STAGE,
        FactKind.FAMILIAS_INDICATOR,
        FactKind.HOME_OWN,
    }
)
"""Facts whose subject is a home; all others are about one person."""

HELD_AT_ONCE = frozenset(
    {
        *(FactKind.SUBSIDY, FactKind.FAMILIAS_INDICATOR, FactKind.DWELLING),
        *(FactKind.INCOME, FactKind.OWN, FactKind.HOME_OWN, FactKind.RSH_REQUEST),
    }
)
"""Facts of which several values hold at once; of the others only the newest does."""


class Subsidy(models.TextChoices):
    SUF = "suf", "Subsidio Familiar (SUF)"
    SUF_DOUBLE = "suf_double", "Subsidio Familiar duplo"
    SAP_URBAN = "sap_urban", "Subsidio de agua potable urbano (SAP)"
    SAP_RURAL = "sap_rural", "Subsidio de agua potable rural (SAP)"
    SDM = "sdm", "Subsidio de discapacidad (SDM)"
    PGU = "pgu", "Pensión Garantizada Universal (PGU)"
    PBSI = "pbsi", "Pensión Básica Solidaria de Invalidez (PBSI)"


class ExtractScope(models.TextChoices):
    """What an extract speaks for: a programme comes whole or not, apart from the others of its platform."""

    SUF = "suf", "Subsidio Familiar (SUF)"
    SAP_URBAN = "sap_urban", "Subsidio de agua potable urbano (SAP)"
    SAP_RURAL = "sap_rural", "Subsidio de agua potable rural (SAP)"
    SDM = "sdm", "Subsidio de discapacidad (SDM)"
    PGU = "pgu", "Pensión Garantizada Universal (PGU)"
    PBSI = "pbsi", "Pensión Básica Solidaria de Invalidez (PBSI)"
    FAMILIAS = "familias", "Programa Familias"
    RSH_REQUESTS = "rsh_requests", "Solicitudes del RSH"


BRACKETS = (40, 50, 60, 70, 80, 90, 100)
"""The seven brackets of the socio-economic classification, by their upper bound in per cent."""

INCOME_WORDS = {"work": "Trabajo", "pension": "Pensión", "other": "Otros ingresos"}

PHRASES = {
    FactKind.DISABILITY: "Discapacidad {}",
    FactKind.DEPENDENCE: "Dependencia {}",
    FactKind.CARER: "Cuidador/a {}",
    FactKind.PREGNANCY: "Embarazo de {} semanas",
    FactKind.ENROLMENT: "Matrícula: {}",
    FactKind.HEALTH_CHECK: "Control de salud {}",
}
"""How a value is said of a person; the values themselves are stored as the registry words them."""
