"""The neighbour is told that something moved: by a mail that says nothing of hers, or however the desk told her."""

from django.db import transaction

from ventanilla.access.actors import Actor
from ventanilla.core.errors import RuleBroken
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.receipts.reading import addresses_for
from ventanilla.outbox.letters import post_letter
from ventanilla.outbox.models import Letter
from ventanilla.referrals.actions.sending import note_told
from ventanilla.referrals.actions.steps import hold, require_sender
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import ReferralState
from ventanilla.registry.models import ContactPoint

ABOUT = "referrals_referral"


@transaction.atomic
def tell_by_mail(referral: Referral, contact: ContactPoint, *, by: Actor) -> Letter:
    """Folio, institution and unit; what moved she learns at the desk, for an inbox may be read by others.

    Raises ``RuleBroken`` for what is restricted, and for an address she asked not to use.
    """
    hold(referral)
    require_sender(referral, by=by)
    if referral.secrecy == Secrecy.RESTRICTED:
        raise RuleBroken("Es restringida: no se avisa por correo. Avísele en persona.", field="contact")
    if contact not in addresses_for(referral.consultation, by=by):
        raise RuleBroken("A ese correo no se puede escribir: elija otro, o avísele por teléfono.", field="contact")
    institution = referral.from_unit.institution.name
    text = (
        f"{institution}\n\n{_what(referral)} Es sobre su atención, folio {referral.consultation.folio}.\n\n"
        f"Para saber los detalles acérquese a {referral.from_unit} con su cédula, o llame.\n\n"
        "Este mensaje no lleva datos personales y no pide nada. Si no lo esperaba, puede borrarlo.\n"
    )
    subject = f"Novedades de su atención {referral.consultation.folio}, {institution}"
    letter = post_letter(contact.value, subject, text, about=ABOUT, about_id=referral.pk, folio=referral.folio, by=by)
    note_told(referral, by=by, note="Por correo")
    return letter


def _what(referral: Referral) -> str:
    if referral.state == ReferralState.RETURNED:
        return "Faltan antecedentes."
    return "Ya hay respuesta." if referral.state == ReferralState.ANSWERED else "Se le dio una hora."
