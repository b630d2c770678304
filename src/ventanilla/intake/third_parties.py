"""What may be told to whoever comes for somebody else: a pure decision on what she showed, with its ground in words."""

from dataclasses import dataclass

from django.db import models

from ventanilla.intake.states import Requester

ADULT = 18
BEST_INTEREST_UNDER = 16
"""Ley 19.628 art. 16 quáter, by Ley 21.719: under it, sensitive data are for whoever has the child in her care."""


class Quality(models.TextChoices):
    """As what somebody comes for another."""

    PARENT = "parent", "Madre o padre"
    GUARDIAN = "guardian", "A cargo por resolución"
    CARER = "carer", "Persona cuidadora"
    MANDATE = "mandate", "Con poder o mandato"
    RELATIVE = "relative", "Otro familiar"
    NEIGHBOUR = "neighbour", "Vecina o conocido"
    PROFESSIONAL = "professional", "Profesional o dirigente"


class Evidence(models.TextChoices):
    """What was seen of it."""

    NONE = "none", "Nada a la vista"
    POWER = "power", "Poder o mandato"
    COURT_ORDER = "court_order", "Resolución judicial"
    BIRTH = "birth", "Certificado de nacimiento"
    CARER_CREDENTIAL = "credential", "Credencial de cuidadora"
    OFFICIAL_LETTER = "official", "Oficio de la institución"


@dataclass(frozen=True, slots=True)
class Told:
    """``may`` is what may be told; ``takes_paper`` whether the receipt given to her may name the person and why."""

    may: str
    ground: str
    takes_paper: bool = False


_SECRECY = (
    "Deber de secreto; la situación socioeconómica es dato sensible (Ley 19.628 art. 14 bis, según la Ley 21.719)."
)
_OF_THE_HOUSE = "Criterio de la casa, por confirmar con su asesoría jurídica."
_GENERAL = "Solo información general: requisitos, horarios y dónde se hace cada trámite."
NOTHING_SHOWN = Told(f"{_GENERAL} No diga si la persona es conocida aquí.", _SECRECY)

_TOLD = {
    Evidence.NONE: NOTHING_SHOWN,
    Evidence.POWER: Told(
        "Lo que el poder nombra, y nada más: léalo antes de responder. Si no dice qué trámite, solo lo general.",
        _OF_THE_HOUSE,
        takes_paper=True,
    ),
    Evidence.COURT_ORDER: Told(
        "Lo que la resolución le encarga. Revise que la nombre a ella y que siga vigente.",
        _OF_THE_HOUSE,
        takes_paper=True,
    ),
    Evidence.CARER_CREDENTIAL: Told(
        "Los papeles que faltan y el día de atención del trámite en que la acompaña. No montos, salud ni lo demás.",
        f"{_OF_THE_HOUSE} La credencial da atención preferente (Ley 21.768), no acceso a la ficha.",
    ),
    Evidence.OFFICIAL_LETTER: Told(
        "Nada de palabra: se responde por escrito, y solo lo que el oficio pide.",
        "Los organismos públicos se entregan datos para un fin determinado; una entidad privada necesita el"
        " consentimiento de la persona (Ley 19.628 art. 22, según la Ley 21.719).",
    ),
}


def what_may_be_told(evidence: str, *, age: int | None) -> Told:
    """To whoever showed that, of a person of that age; None when her age is not known. Not stated is nothing shown."""
    if evidence == Evidence.BIRTH:
        return _to_a_parent(age)
    return _TOLD[Evidence(evidence)] if evidence else NOTHING_SHOWN


def _to_a_parent(age: int | None) -> Told:
    if age is None:
        return Told(
            f"No se sabe la edad: falta la fecha de nacimiento. Mientras, {_lower(NOTHING_SHOWN.may)}", _SECRECY
        )
    if age >= ADULT:
        return Told(f"Es mayor de edad: el parentesco no autoriza. {NOTHING_SHOWN.may}", _SECRECY)
    child = "Lo del trámite de su hija o hijo. No lo de otros integrantes del hogar ni del otro progenitor."
    if age < BEST_INTEREST_UNDER:
        law = "Interés superior del niño o niña (Ley 19.628 art. 16 quáter, según la Ley 21.719)."
        return Told(child, law, takes_paper=True)
    return Told(f"{child} Desde los {BEST_INTEREST_UNDER} años, pregúntele también a ella o él.", _OF_THE_HOUSE, True)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def takes_paper(requester: str, evidence: str, *, age: int | None) -> bool:
    """Whether the receipt may name the person and her reasons: it goes home with whoever came."""
    return requester == Requester.SELF or what_may_be_told(evidence, age=age).takes_paper
