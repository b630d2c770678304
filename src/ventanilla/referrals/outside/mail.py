"""The message that carries a link: folio, institution and address, nobody's data."""

from functools import partial

from django.db import transaction
from django.db.models import F

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.intake.receipts.mail import Message, deliver
from ventanilla.referrals.models import AccessLink


def message_for(link: AccessLink, institution: str, address: str) -> Message:
    referral = link.referral
    return Message(
        subject=f"Derivación {referral.folio} de {institution}",
        text=(
            f"{institution}\n{referral.from_unit}\n\n"
            f"Le enviamos la derivación {referral.folio}. Para verla y responderla, abra esta dirección:\n{address}\n\n"
            "Pide un código de ocho cifras que le damos aparte, por teléfono. Se responde hasta el"
            f" {referral.answer_by:%d-%m-%Y}.\n\n"
            "Este mensaje no lleva datos personales. Si no lo esperaba, bórrelo y avísenos.\n"
        ),
    )


def post(link: AccessLink, message: Message, *, by: Actor) -> None:
    """Once what is being written is safe. Whether the mail server took it is read in the link."""
    transaction.on_commit(partial(_deliver, link, message, by=by))


def _deliver(link: AccessLink, message: Message, *, by: Actor) -> None:
    failure = deliver(message, link.mailed_to)
    with acting(by):
        AccessLink.objects.filter(pk=link.pk).update(mailed_at=F("mailed_at") if failure else clock.now())
