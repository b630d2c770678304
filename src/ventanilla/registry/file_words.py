"""The words that the files of the registry use, for the codes that are kept of them."""

import re

from ventanilla.registry.vocabulary import BRACKETS

SOURCES = {
    "rsh": "rsh",
    "subsidios": "subsidies",
    "familias": "familias",
    "senadis": "senadis",
    "mineduc": "mineduc",
    "ips": "ips",
    "registro_civil": "civil_registry",
    "municipal": "municipal",
    "declarado": "declared",
}
MEMBERSHIP_SOURCES = {"rsh": "rsh", "declarado": "declared"}
SEXES = {"mujer": "female", "hombre": "male", "otro": "other"}
SEXES_ELSEWHERE = {"femenino": "female", "masculino": "male"}
"""An M alone may be of «mujer» or of «masculino», so that single letters are not taken."""
CONTACTS = {"telefono": "phone", "correo": "email"}
CONTACTS_ELSEWHERE = {"teléfono": "phone", "celular": "phone", "fono": "phone", "email": "email", "e-mail": "email"}
PEOPLES = (
    "mapuche", "aymara", "rapanui", "lickanantay", "quechua", "colla", "diaguita", "kawesqar", "yagan", "chango",
    "selknam",
)  # fmt: skip
DOCUMENTS = {
    "ipe": "ipe",
    "ipa": "ipa",
    "pasaporte": "passport",
    "dni_extranjero": "foreign_id",
    "nip_fonasa": "nip_fonasa",
    "sin_documento": "no_document",
}
DWELLINGS = {
    "casa": "house",
    "departamento": "flat",
    "pieza": "room",
    "mediagua": "emergency",
    "institucion": "institution",
    "sin_domicilio": "no_address",
}
KINSHIPS = {
    "jefatura": "head",
    "conyuge": "spouse",
    "conviviente": "partner",
    "hijo": "child",
    "hijastro": "stepchild",
    "padre_madre": "parent",
    "hermano": "sibling",
    "nieto": "grandchild",
    "yerno_nuera": "child_in_law",
    "suegro": "parent_in_law",
    "otro_pariente": "other_relative",
    "no_pariente": "not_related",
}
RELATIONS = {"progenitor": "parent", "tutor": "guardian", "cuidador": "carer", "representante": "representative"}
FACTS = {
    "tramo_rsh": "rsh_bracket",
    "ingreso_hogar": "home_income",
    "vivienda": "dwelling",
    "programa_familias": "familias_stage",
    "indicador_familias": "familias_indicator",
    "ingreso": "income",
    "subsidio": "subsidy",
    "discapacidad": "disability",
    "dependencia": "dependence",
    "cuidador": "carer",
    "embarazo": "pregnancy",
    "matricula": "enrolment",
    "control_salud": "health_check",
    "propio": "own",
    "propio_hogar": "home_own",
}
SUBSIDIES = {
    "suf": "suf",
    "suf_duplo": "suf_double",
    "sap_urbano": "sap_urban",
    "sap_rural": "sap_rural",
    "sdm": "sdm",
    "pgu": "pgu",
    "pbsi": "pbsi",
}
# The values that each kind of fact admits, by the word of the file; kinds that are not here take any words.
FACT_VALUES = {
    "rsh_bracket": {str(bracket): str(bracket) for bracket in BRACKETS},
    "income": {"trabajo": "trabajo", "pension": "pension", "otro": "otro"},
    "subsidy": SUBSIDIES,
    "disability": {word: word for word in ("leve", "moderada", "severa", "profunda")},
    "dependence": {word: word for word in ("leve", "moderada", "severa")},
    "carer": {"principal": "principal", "secundario": "secundario"},
    "health_check": {"al día": "al día", "atrasado": "atrasado"},
}
WITHOUT_VALUE = frozenset({"home_income"})
OWN = frozenset({"own", "home_own"})
OWN_CODE = re.compile(r"[a-z0-9_-]{1,40}")
