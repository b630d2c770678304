"""The files of the registry: people, contacts, homes, members, relations and what is stated of them."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from ventanilla.access.communes import commune
from ventanilla.core import cells
from ventanilla.core.cells import Unreadable
from ventanilla.core.clock import age_on
from ventanilla.core.datasets import DIGIT_HEADINGS, RUN_HEADINGS, Column, Dataset, Values, also_called
from ventanilla.registry import file_headings as named
from ventanilla.registry import file_words as words
from ventanilla.registry.actions import OLDEST_AGE
from ventanilla.registry.loading import (
    load_contacts,
    load_facts,
    load_homes,
    load_members,
    load_people,
    load_relations,
)
from ventanilla.registry.merging.searching import ask_after_load
from ventanilla.registry.name_key import search_key, sort_key
from ventanilla.registry.vocabulary import ABOUT_HOMES, FactKind

_SOURCE = Column("fuente", "source", cells.choice(words.SOURCES), required=True)
_AS_OF = Column("fecha_dato", "as_of", cells.day, required=True, type="date")
_RUN_NAMES = ("RUN", *RUN_HEADINGS)
PERSON = Column("persona", "person", cells.reference(60), required=True, synonyms=_RUN_NAMES, digits=DIGIT_HEADINGS)


def in_future(heading: str, value: str | None, today: date) -> Iterator[str]:
    """The objection to a day (or the start of a moment) after today."""
    if value is not None and value[:10] > today.isoformat():
        yield f"La columna «{heading}» tiene una fecha futura."


def out_of_order(starts: str | None, ends: str | None) -> Iterator[str]:
    if starts is not None and ends is not None and ends < starts:
        yield "El término no puede ser anterior al inicio."


def _about_person(values: Values, today: date) -> Iterator[str]:
    kind, born, died = values["document_kind"], values["birth_on"], values["died_on"]
    now = today.isoformat()
    if not (values["run"] or values["reference"] or values["document_number"]):
        yield "Falta con qué reconocer a la persona: RUN, referencia o documento."
    if values["document_number"] and kind is None:
        yield "Falta el tipo del documento."
    if kind is not None and kind != "no_document" and not values["document_number"]:
        yield "Falta el número del documento."
    if kind == "no_document" and values["document_number"]:
        yield "Dice «sin_documento» y trae un número de documento."
    if born is not None:
        if born > now:
            yield "La columna «fecha_nacimiento» tiene una fecha futura."
        elif int(born[:4]) < today.year - OLDEST_AGE and age_on(date.fromisoformat(born), today) > OLDEST_AGE:
            yield f"La fecha de nacimiento da más de {OLDEST_AGE} años."
    if died is not None:
        yield from in_future("fecha_defuncion", died, today)
        if values["death_source"] is None:
            yield "Una defunción lleva su fuente."
        if born is not None and died < born:
            yield "La defunción no puede ser anterior al nacimiento."
    elif values["death_source"] is not None:
        yield "Trae la fuente de una defunción sin su fecha."
    if values["as_of"] is not None and values["as_of"] > now:
        yield "La columna «fecha_dato» tiene una fecha futura."


def _person_keys(values: Values) -> Iterator[str]:
    if values["run"]:
        yield f"run {values['run']}"
    if values["reference"]:
        yield f"reference {values['reference']}"
    if values["document_number"]:
        yield f"document {values['document_kind']} {values['document_country']} {values['document_number']}"


_search_key_of_part = lru_cache(maxsize=50_000)(search_key)
_sort_key_of_part = lru_cache(maxsize=50_000)(sort_key)


def name_keys(values: Values, institution_id: int) -> tuple[str, str]:
    """The two keys of a name, joined from those of its parts: surnames and given names repeat, whole names do not."""
    given, first = values["given_names"] or "", values["first_surname"] or ""
    second, social = values["second_surname"] or "", values["social_name"] or ""
    sounds = " ".join(_search_key_of_part(part) for part in (given, first, second, social) if part).split()
    order = " ".join(filter(None, (_sort_key_of_part(part) for part in (first, second, given) if part)))
    return " ".join(dict.fromkeys(sounds))[:400], order[:300]


def _document_number(cell: str) -> str:
    """As the desk writes it: capitals, no blanks."""
    number = "".join(cell.split()).upper()
    if len(number) > 60:
        raise Unreadable("pasa de 60 caracteres")
    return number


PEOPLE = Dataset(
    name="personas",
    title="Personas",
    columns=also_called(
        (
            Column("referencia", "reference", cells.text(60)),
            Column("run", "run", cells.run, synonyms=RUN_HEADINGS, digits=DIGIT_HEADINGS),
            Column("documento_tipo", "document_kind", cells.choice(words.DOCUMENTS)),
            Column("documento_pais", "document_country", cells.country),
            Column("documento_numero", "document_number", _document_number),
            Column("nombres", "given_names", cells.name(120), required=True),
            Column("primer_apellido", "first_surname", cells.name(80), required=True),
            Column("segundo_apellido", "second_surname", cells.text(80)),
            Column("nombre_social", "social_name", cells.text(120)),
            Column("sexo", "sex", cells.choice(words.SEXES, also=words.SEXES_ELSEWHERE)),
            Column("fecha_nacimiento", "birth_on", cells.birth_day, type="date"),
            Column("nacionalidad", "nationality", cells.country),
            Column("pueblo_originario", "indigenous_people", cells.choice({code: code for code in words.PEOPLES})),
            Column("fecha_defuncion", "died_on", cells.day, type="date"),
            Column("fuente_defuncion", "death_source", cells.choice(words.SOURCES)),
            Column("comuna_residencia", "commune_id", commune),
            _SOURCE,
            _AS_OF,
        ),
        named.PEOPLE,
    ),
    keys=_person_keys,
    objections=_about_person,
    ids=("id", "reference_id", "document_id"),
    derived={"search_key": "text", "sort_key": "text"},
    derive=name_keys,
    apply=load_people,
    then=ask_after_load,
    example="EJEMPLO-1;99.999.999-9;;;;Persona;De Ejemplo;Ficticia;;mujer;14-05-1983;CL;;;;04303;rsh;17-10-2026",
)


def _contact_value(values: Values, today: date) -> Iterator[str]:
    if values["kind"] is not None and values["value"] is not None:
        try:
            (cells.phone if values["kind"] == "phone" else cells.mail)(values["value"])
        except Unreadable as problem:
            yield f"La columna «valor» {problem}."
    yield from in_future("fecha_dato", values["as_of"], today)


CONTACTS = Dataset(
    name="contactos",
    title="Contactos de personas",
    columns=also_called(
        (
            PERSON,
            Column("tipo", "kind", cells.choice(words.CONTACTS, also=words.CONTACTS_ELSEWHERE), required=True),
            Column("valor", "value", cells.text(120), required=True),
            Column("nota", "note", cells.text(120)),
            Column("no_llamar", "do_not_call", cells.flag, type="boolean"),
            Column(
                "reserva",
                "secrecy",
                cells.choice({"ordinaria": "ordinary", "reservada": "reserved", "restringida": "restricted"}),
            ),
            _SOURCE,
            _AS_OF,
        ),
        named.CONTACTS,
    ),
    keys=lambda values: [f"{values['person']}\n{values['kind']}\n{values['value']}\n{values['source']}"],
    objections=_contact_value,
    apply=load_contacts,
    example="99.999.999-9;telefono;56 9 5555 0001;En la tarde;no;ordinaria;municipal;17-10-2026",
)

HOMES = Dataset(
    name="hogares",
    title="Hogares y sus viviendas",
    columns=also_called(
        (
            Column("referencia", "reference", cells.text(40), required=True),
            Column("direccion", "address", cells.text(200)),
            Column("sector", "sector", cells.text(80)),
            Column("unidad_vecinal", "neighbourhood_unit", cells.text(20)),
            Column("ruralidad", "rurality", cells.choice({"urbano": "urban", "rural": "rural"})),
            Column("comuna", "commune_id", commune),
            Column("tipo_vivienda", "kind", cells.choice(words.DWELLINGS)),
            _SOURCE,
            _AS_OF,
        ),
        named.HOMES,
    ),
    keys=lambda values: [values["reference"] or ""],
    objections=lambda values, today: in_future("fecha_dato", values["as_of"], today),
    ids=("id", "dwelling_id"),
    apply=load_homes,
    example="EJEMPLO-H;Calle de Ejemplo 1;Sector de ejemplo;1;rural;04303;casa;rsh;17-10-2026",
)


def _membership(values: Values, today: date) -> Iterator[str]:
    if values["kinship"] == "head" and values["is_head"] == "f":
        yield "El parentesco dice «jefatura» y la columna «jefatura» dice «no»."
    yield from in_future("desde", values["starts_on"], today)
    yield from out_of_order(values["starts_on"], values["ends_on"])


MEMBERS = Dataset(
    name="integrantes",
    title="Integrantes de los hogares",
    columns=also_called(
        (
            Column("hogar", "home", cells.text(40), required=True),
            PERSON,
            Column("parentesco", "kinship", cells.choice(words.KINSHIPS), required=True),
            Column("jefatura", "is_head", cells.flag, required=True, type="boolean"),
            Column("fuente", "source", cells.choice(words.MEMBERSHIP_SOURCES), required=True),
            Column("desde", "starts_on", cells.day, required=True, type="date"),
            Column("hasta", "ends_on", cells.day, type="date"),
        ),
        named.MEMBERS,
    ),
    keys=lambda values: [f"{values['home']}\n{values['person']}\n{values['source']}\n{values['starts_on']}"],
    objections=_membership,
    apply=load_members,
    example="EJEMPLO-H;99.999.999-9;jefatura;si;rsh;01-03-2020;",
)


def _relation(values: Values, today: date) -> Iterator[str]:
    if values["person"] == values["other"]:
        yield "La relación es con otra persona."
    yield from in_future("desde", values["starts_on"], today)
    yield from out_of_order(values["starts_on"], values["ends_on"])


RELATIONS = Dataset(
    name="relaciones",
    title="Relaciones entre personas",
    columns=also_called(
        (
            PERSON,
            Column("con_persona", "other", cells.reference(60), required=True),
            Column("tipo", "kind", cells.choice(words.RELATIONS), required=True),
            _SOURCE,
            Column("desde", "starts_on", cells.day, type="date"),
            Column("hasta", "ends_on", cells.day, type="date"),
        ),
        named.RELATIONS,
    ),
    keys=lambda values: [
        f"{values['person']}\n{values['other']}\n{values['kind']}\n{values['source']}\n{values['starts_on']}"
    ],
    objections=_relation,
    apply=load_relations,
    example="99.999.999-9;99.999.998-0;cuidador;municipal;01-03-2024;",
)


def _fact(values: Values, today: date) -> Iterator[str]:
    kind, value = values["kind"], values["value_read"]
    if (values["person"] is None) == (values["home"] is None):
        yield "El antecedente es de una persona o de un hogar: llene una sola de las dos columnas."
    elif kind is not None and (FactKind(kind) in ABOUT_HOMES) != (values["home"] is not None):
        subject = "un hogar" if FactKind(kind) in ABOUT_HOMES else "una persona"
        yield f"Ese tipo de antecedente es de {subject}."
    if kind is not None:
        known = words.FACT_VALUES.get(kind)
        if value is None and kind not in words.WITHOUT_VALUE:
            yield "Falta el valor del antecedente."
        elif value is not None and known is not None and value.lower() not in known:
            yield "El valor no es uno de los que admite ese tipo: " + ", ".join(known) + "."
        elif value is not None and kind in words.OWN and not words.OWN_CODE.fullmatch(value.lower()):
            yield "El valor es el código de un dato propio: letras sin tilde, números y guiones, sin espacios."
        if kind in ("home_income", "income") and values["amount"] is None:
            yield "Falta el monto del ingreso."
    yield from in_future("fecha_dato", values["as_of"], today)
    yield from out_of_order(values["valid_from"], values["valid_until"])


def _stored_value(values: Values, institution_id: int) -> tuple[str | None]:
    value = values["value_read"]
    known = words.FACT_VALUES.get(values["kind"] or "")
    if value is not None and values["kind"] in words.OWN:
        return (value.lower(),)
    return (known[value.lower()] if known and value is not None else value,)


FACTS = Dataset(
    name="antecedentes",
    title="Antecedentes de personas y hogares",
    columns=also_called(
        (
            Column("persona", "person", cells.reference(60), synonyms=_RUN_NAMES, digits=DIGIT_HEADINGS),
            Column("hogar", "home", cells.text(40)),
            Column("tipo", "kind", cells.choice(words.FACTS), required=True),
            Column("valor", "value_read", cells.text(200)),
            Column("monto", "amount", cells.pesos, type="int"),
            Column("vigente_desde", "valid_from", cells.day, type="date"),
            Column("vigente_hasta", "valid_until", cells.day, type="date"),
            _SOURCE,
            _AS_OF,
        ),
        named.FACTS,
    ),
    keys=lambda values: [
        f"{values['person']}\n{values['home']}\n{values['kind']}\n{values['source']}\n{values['as_of']}\n"
        + (values["value_read"] or "")
    ],
    objections=_fact,
    derived={"value": "text"},
    derive=_stored_value,
    apply=load_facts,
    example=";EJEMPLO-H;tramo_rsh;40;;17-10-2026;;rsh;17-10-2026",
)

DATASETS = (PEOPLE, CONTACTS, HOMES, MEMBERS, RELATIONS, FACTS)
