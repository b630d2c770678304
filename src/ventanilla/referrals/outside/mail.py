"""The message that carries a link: folio, institution and address, nobody's data."""

from ventanilla.access.actors import Actor
from ventanilla.outbox.letters import post_letter
from ventanilla.outbox.models import Letter
from ventanilla.referrals.models import AccessLink

ABOUT = "referrals_accesslink"


def mail_link(link: AccessLink, to: str, address: str, *, by: Actor) -> Letter:
    referral = link.referral
    institution = referral.from_unit.institution.name
    text = (
        f"{institution}\n{referral.from_unit}\n\n"
        f"Le enviamos la derivación {referral.folio}. Para verla y responderla, abra esta dirección:\n{address}\n\n"
        "Pide un código de ocho cifras que le damos aparte, por teléfono. Se responde hasta el"
        f" {referral.answer_by:%d-%m-%Y}.\n\n"
        "Este mensaje no lleva datos personales. Si no lo esperaba, bórrelo y avísenos.\n"
    )
    subject = f"Derivación {referral.folio} de {institution}"
    return post_letter(to, subject, text, about=ABOUT, about_id=link.pk, folio=referral.folio, by=by)


def letter_of(link: AccessLink) -> Letter | None:
    """The one that carries it, and whether it left."""
    return Letter.objects.filter(about=ABOUT, about_id=link.pk).order_by("-asked_at").first()
