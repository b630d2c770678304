"""The contacts of the demonstration: calls, letters and official letters in every state, in two municipalities."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.run import parse
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.contacts.actions import (
    ContactDetails,
    answer_contact,
    discard_contact,
    note_contact,
    pass_contact,
    take_contact,
)
from ventanilla.intake.contacts.states import DiscardGround
from ventanilla.intake.models import Contact
from ventanilla.intake.states import Channel, Requester
from ventanilla.registry.models import Person


def fill_inbox(institution: int) -> None:
    """For the front desk that a visitor may be, and once."""
    desk = _actor(institution, Role.FRONT_DESK)
    if desk is None:
        return
    with acting(desk):
        if not Contact.objects.exists():
            _write(desk)


def _actor(institution: int, role: Role) -> Actor | None:
    here = Posting.objects.in_force_on(clock.today()).filter(institution_id=institution, role=role, unit__isnull=False)
    posting = here.with_context().order_by("id").first()
    return actor_in(posting) if posting else None


def _write(desk: Actor) -> None:
    now = clock.now()
    people = list(
        Person.objects.unblocked().filter(run__isnull=False, died_on__isnull=True).order_by("sort_key")[20:24]
    )
    noted = [note_contact(details, by=desk) for details in _came_in(people, now)]
    take_contact(noted[1], by=desk)
    answer_contact(noted[-2], by=desk, answer="Se le dio el horario y la dirección de la Unidad RSH.")
    discard_contact(noted[-1], by=desk, ground=DiscardGround.ELSEWHERE, note="Vive en Ovalle; se le dio el teléfono")
    others = (
        Unit.objects.connected_on(clock.today()).filter(institution_id=desk.institution).exclude(pk__in=[desk.unit_id])
    )
    if unit := others.order_by("name").first():
        pass_contact(noted[-3], unit, by=desk, reason="Lo lleva esa unidad")


def _came_in(people: Sequence[Person], now: datetime) -> list[ContactDetails]:
    today = clock.today()
    runs = [parse(person.run or "") for person in people]
    return [
        ContactDetails(
            Channel.OFFICIAL,
            "Informe de la situación de una familia",
            text="El tribunal pide saber si la familia recibe apoyo municipal y desde cuándo.",
            requester=Requester.INSTITUTION,
            sender="Juzgado de Familia de Ovalle",
            run=runs[0],
            document_number="Oficio 412",
            document_on=today - timedelta(days=12),
            due_on=today - timedelta(days=2),
            received_at=now - timedelta(days=9),
            secrecy=Secrecy.RESERVED,
        ),
        ContactDetails(
            Channel.PHONE,
            "Le cortaron el agua",
            text="Tiene dos hijos chicos. Llamar después de las 15.",
            run=runs[1],
            answer_to="9 0000 1234",
            received_at=now - timedelta(hours=3),
        ),
        ContactDetails(
            Channel.EMAIL,
            "Pregunta por el subsidio de su hijo",
            text="Le dijeron que faltaba un certificado y no sabe cuál.",
            run=runs[2],
            answer_to="vecina@ejemplo.cl",
            received_at=now - timedelta(days=4),
        ),
        ContactDetails(
            Channel.OFFICIAL,
            "Alumno que dejó de ir a clases",
            requester=Requester.INSTITUTION,
            sender="Escuela de El Palqui",
            name="Familia Castillo Araya",
            document_number="Oficio 31",
            due_on=today + timedelta(days=1),
            received_at=now - timedelta(days=2),
        ),
        ContactDetails(
            Channel.MAYOR,
            "Pide materiales para reparar su techo",
            name="Hernán Segundo Rojas",
            answer_to="9 0000 4321",
            received_at=now - timedelta(days=1),
        ),
        ContactDetails(
            Channel.WHATSAPP,
            "¿Qué necesita para el Registro Social de Hogares?",
            name="Yoselin Tapia",
            answer_to="9 0000 5678",
            received_at=now - timedelta(minutes=40),
        ),
        ContactDetails(
            Channel.LETTER,
            "Pide una cama clínica para su padre",
            requester=Requester.THIRD_PARTY,
            sender="Su hija",
            run=runs[3],
            document_number="Oficina de Partes 2210",
            received_at=now - timedelta(days=3),
        ),
        ContactDetails(
            Channel.PHONE,
            "Quiere revisar su tramo",
            name="Luz Araya",
            received_at=now - timedelta(days=1),
        ),
        ContactDetails(Channel.WEB, "Pide hora para su licencia de conducir", received_at=now - timedelta(days=1)),
        ContactDetails(Channel.EMAIL, "Pide ayuda para su arriendo", received_at=now - timedelta(days=2)),
    ]
