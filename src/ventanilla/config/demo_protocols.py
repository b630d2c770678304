"""The protocols of the demonstration: in force between the units of a municipality, one to be signed, one in draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from ventanilla.access.actors import SOCIAL_ASSISTANCE, Actor
from ventanilla.access.models import Posting, Provider, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import Reason
from ventanilla.core import clock
from ventanilla.referrals.models import Protocol, ProtocolVersion
from ventanilla.referrals.protocols import actions
from ventanilla.referrals.protocols.details import ProtocolDetails
from ventanilla.referrals.protocols.parties import on_paper

IN_FORCE_FOR = timedelta(days=120)

OUTSIDE = "outside"
"""In place of a function: the first of the municipality's providers."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Between whom, by function, or with a provider; ``until`` is how far it goes: draft, in_signature or approved."""

    name: str
    sender: str
    receiver: str
    reasons: Sequence[str]
    said: Mapping[str, object]
    until: str = "approved"


AGREEMENTS: Sequence[Agreement] = (
    Agreement(
        "Ingreso y modificación RSH", SOCIAL_ASSISTANCE, "rsh", ("rsh_entry", "rsh_change"),
        {
            "purpose": "Que el hogar no tenga que volver a contar su situación para actualizar el Registro.",
            "criteria": "Vive en la comuna\nEl cambio ya ocurrió, o el hogar no está en el Registro",
            "fields": ["birth", "contact", "address", "home", "bracket"],
            "rejection_grounds": "No vive en la comuna\nTiene una solicitud en curso\nNo hay cambio que registrar",
            "answer_needs": "Tipo de solicitud\nFolio\nFecha de la nueva cartola",
            "urgent_how": "Anexo 214, entre 9 y 13 horas",
            "contacts": "Encargada de la Unidad RSH, anexo 214\nSuplente: digitación, anexo 215",
        },
    ),
    Agreement(
        "Subsidios monetarios", SOCIAL_ASSISTANCE, "subsidies", ("suf", "sap", "sdm"),
        {
            "purpose": "Postular o renovar sin pedir dos veces los mismos certificados.",
            "criteria": "Tramo del 60 % o menos, o en trámite\nNo recibe ya el mismo subsidio",
            "fields": ["birth", "contact", "home", "bracket", "benefits", "children"],
            "rejection_grounds": "Ya recibe ese subsidio\nLa postulación es automática\nFalta quien puede postular",
            "answer_needs": "Estado de la postulación\nNúmero de resolución\nDesde cuándo se paga",
            "urgent_days": 2,
            "contacts": "Unidad de Subsidios, anexo 230",
        },
    ),
    Agreement(
        "Informe social y ayudas", "rsh", SOCIAL_ASSISTANCE, ("social_report", "assistance"),
        {
            "purpose": "Que lo que se ve en la encuesta llegue a quien puede ayudar.",
            "criteria": "El hogar lo pide o lo acepta",
            "fields": ["contact", "address", "home", "bracket", "care"],
            "answer_days": 10,
            "rejection_grounds": "El hogar no lo quiere\nYa está en gestión de casos",
            "answer_needs": "Qué se resolvió\nSi se abre un caso",
        },
    ),
    Agreement(
        "Discapacidad y ayudas técnicas", SOCIAL_ASSISTANCE, OUTSIDE, ("disability_credential", "technical_aids"),
        {
            "purpose": "Que la evaluación de salud y la ayuda municipal avancen juntas, con una sola entrevista.",
            "criteria": "Vive en la comuna\nEstá inscrita en el establecimiento",
            "fields": ["birth", "contact", "address", "care"],
            "legal_ground": "Función del establecimiento de atención primaria (Ley 21.719, artículo 20)",
            "accept_days": 3,
            "answer_days": 10,
            "rejection_grounds": "No está inscrita en el establecimiento\nYa tiene evaluación vigente",
            "answer_needs": "Fecha de la evaluación\nResultado\nQué sigue",
            "contacts": "Asistente social del establecimiento, 53 200 0000 (ficticio)",
        },
    ),
    Agreement(
        "Informe social desde subsidios", "subsidies", SOCIAL_ASSISTANCE, ("social_report",),
        {
            "criteria": "Hace falta acreditar una situación que el Registro no muestra",
            "fields": ["contact", "address", "home"],
            "rejection_grounds": "Basta la cartola\nEl hogar no lo quiere",
            "answer_needs": "Folio del informe",
        },
        until="in_signature",
    ),
    Agreement(
        "Ayuda para el pago de servicios", SOCIAL_ASSISTANCE, "subsidies", ("utilities_debt",),
        {"purpose": "Ordenar los convenios de pago con la sanitaria.", "fields": ["contact", "address"]},
        until="draft",
    ),
)  # fmt: skip


def fill_protocols(institution: int) -> None:
    """Once; in a municipality without those units, what can be made."""
    heads = {function: _acting(institution, function) for function in (SOCIAL_ASSISTANCE, "rsh", "subsidies")}
    director = _director(institution)
    if director is None:
        return
    with acting(director):
        if Protocol.objects.exists():
            return
    for agreement in AGREEMENTS:
        sender = heads[agreement.sender]
        receiver = provider_of(institution) if agreement.receiver == OUTSIDE else heads[agreement.receiver]
        if sender and receiver:
            ago = IN_FORCE_FOR if agreement.until == "approved" else timedelta(0)
            with clock.standing_at(clock.now() - ago):
                _agree(agreement, sender, receiver, director)


def provider_of(institution: int) -> Provider | None:
    return (
        Provider.objects.filter(institution_id=institution, ended_on__isnull=True, partner=None)
        .order_by("name")
        .first()
    )


def _agree(agreement: Agreement, sender: Actor, receiver: Actor | Provider, director: Actor) -> None:
    with acting(sender):
        version = actions.draft_protocol(_details(agreement, sender, receiver), by=sender)
        if agreement.until == "draft":
            return
        version = actions.submit_to_signature(version, by=sender)
        version = actions.sign(version, by=sender)
    if agreement.until == "in_signature":
        return
    if isinstance(receiver, Actor):
        with acting(receiver):
            version = actions.sign(version, by=receiver)
    else:
        with acting(sender):
            version = _sign_on_paper(version, by=sender)
    with acting(director):
        actions.approve(version, by=director, starts_on=clock.today())


def _sign_on_paper(version: ProtocolVersion, *, by: Actor) -> ProtocolVersion:
    (bound,) = on_paper(version)
    title = "Dirección del establecimiento (ficticia)"
    return actions.sign_on_paper(
        version, bound.key, by=by, name="Firma en papel (ficticia)", title=title, signed_on=clock.today()
    )


def _details(agreement: Agreement, sender: Actor, receiver: Actor | Provider) -> ProtocolDetails:
    reasons = Reason.objects.filter(national_id__in=agreement.reasons, is_local=False)
    return ProtocolDetails(
        name=agreement.name,
        senders=[_unit(sender)],
        to_unit=_unit(receiver) if isinstance(receiver, Actor) else None,
        to_provider=receiver.pk if isinstance(receiver, Provider) else None,
        reasons=list(reasons.values_list("pk", flat=True)),
        **agreement.said,  # type: ignore[arg-type]  # written above, and checked as it is drafted
    )


def _unit(actor: Actor) -> UUID:
    assert actor.unit_id
    return actor.unit_id


def _acting(institution: int, function: str) -> Actor | None:
    """The head of the first unit of that function."""
    units = Unit.objects.filter(institution_id=institution, functions__function=function)
    heads = Posting.objects.in_force_on(clock.today()).filter(unit__in=units, role__in=[Role.UAS_HEAD, Role.UNIT_HEAD])
    posting = heads.with_context().order_by("unit__code", "id").first()
    return actor_in(posting) if posting else None


def _director(institution: int) -> Actor | None:
    held = Posting.objects.in_force_on(clock.today()).filter(institution_id=institution, role=Role.DIDECO)
    posting = held.with_context().order_by("id").first()
    return actor_in(posting) if posting else None
