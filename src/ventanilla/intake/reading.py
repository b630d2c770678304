"""Reading a consultation: one rule for pages and API."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading, open_purpose_of, require_purpose


def open_consultation(consultation_id: UUID, *, by: Actor) -> Consultation:
    """The consultation, with its reading logged.

    One's own needs no further ground; anybody else's needs a purpose for the person it is about (``NotAllowed``).
    Raises ``Http404`` when the actor may not know of it.
    """
    require(by, Permission.CONSULTATION_READ)
    visible = Consultation.objects.visible_to(by).select_related("person", "unit", "recorded_by", "continues")
    consultation = get_object_or_404(visible, pk=consultation_id)
    person = consultation.person
    if person is None:
        return consultation
    if consultation.recorded_by_id == by.account_id:
        purpose = open_purpose_of(person, by=by)
    else:
        purpose = require_purpose(person, by=by)
    log_reading(ReadEntry.Kind.CONSULTATION, of=person, purpose=purpose, note=consultation.folio)
    return consultation
