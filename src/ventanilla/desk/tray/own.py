"""What each must renew of her own to go on operating."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from ventanilla.access.actors import Actor
from ventanilla.access.models import Certification, FulfilledRequirement
from ventanilla.access.register_reading import ENDING_WITHIN
from ventanilla.access.requirements import CONFIDENTIALITY
from ventanilla.core.calendar import WorkingDays
from ventanilla.desk.tray.items import Item

NOTICE = timedelta(days=30)
"""How long before it ends something is a thing to do."""


def agreements_ending(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """The agreement signed for this institution, or above them, about to end. Once ended, nothing else opens."""
    mine = FulfilledRequirement.objects.filter(account=actor.account_id, requirement=CONFIDENTIALITY)
    here = mine.filter(Q(institution=actor.institution_id) if actor.institution_id else Q(institution__isnull=True))
    ends_on = here.order_by("-expires_on").values_list("expires_on", flat=True).first()
    if ends_on is not None and ends_on <= on + NOTICE:
        yield Item(
            icon="shield",
            title="Firmar otra vez el acuerdo de confidencialidad",
            url=reverse("access:agreement"),
            detail="Sin él no podrá operar desde el día siguiente",
            due_on=ends_on,
        )


def certifications_ending(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Hers that end soon, or ended lately, with no newer one of the same name."""
    mine = Certification.objects.filter(account=actor.account_id, expires_on__gte=on - ENDING_WITHIN)
    newest = {one.name: one for one in mine.order_by("expires_on", "id")}
    for one in newest.values():
        if one.expires_on is None or one.expires_on > on + NOTICE:
            continue
        yield Item(
            icon="book",
            title=f"Renovar su certificación: {one.name}",
            detail="Avise a su jefatura cuando la tenga",
            due_on=one.expires_on,
        )
