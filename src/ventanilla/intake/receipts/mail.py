"""The message that tells of a receipt: its folio, the institution and an address, nobody's data."""

from uuid import UUID

from ventanilla.access.actors import Actor
from ventanilla.outbox.letters import post_letter
from ventanilla.outbox.models import Letter

ABOUT = "intake_receipt"


def mail_receipt(receipt_id: UUID, to: str, *, institution: str, folio: str, address: str, by: Actor) -> Letter:
    """An inbox may be read by others."""
    text = (
        f"{institution}\n\nComprobante de atención, folio {folio}.\n\n"
        "Para saber si la atención terminó o si queda algo pendiente, abra esta dirección:\n"
        f"{address}\n\n"
        "Este mensaje no lleva datos personales y no pide nada. Si no lo esperaba, puede borrarlo.\n"
    )
    subject = f"Comprobante {folio}, {institution}"
    return post_letter(to, subject, text, about=ABOUT, about_id=receipt_id, folio=folio, by=by)
