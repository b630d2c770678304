"""The edge to the mail server: a message that tells nobody's data, and whether it was taken."""

from dataclasses import dataclass
from smtplib import SMTPException, SMTPRecipientsRefused

import structlog
from django.core.mail import send_mail

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Message:
    subject: str
    text: str


def message_for(institution: str, folio: str, address: str) -> Message:
    """Folio, institution and address: an inbox may be read by others."""
    return Message(
        subject=f"Comprobante {folio}, {institution}",
        text=(
            f"{institution}\n\nComprobante de atención, folio {folio}.\n\n"
            "Para saber si la atención terminó o si queda algo pendiente, abra esta dirección:\n"
            f"{address}\n\n"
            "Este mensaje no lleva datos personales y no pide nada. Si no lo esperaba, puede borrarlo.\n"
        ),
    )


def deliver(message: Message, to: str) -> str:
    """Hand it to the mail server; the sentence that says why not, or nothing when it was taken."""
    try:
        send_mail(message.subject, message.text, None, [to])
    except SMTPRecipientsRefused:
        log.warning("receipt.mail_refused")
        return "El servidor de correo no aceptó esa dirección. Revísela con la persona."
    except (SMTPException, OSError) as error:
        log.warning("receipt.mail_failed", error=type(error).__name__)
        return "El servidor de correo no respondió. Intente más tarde o imprima el comprobante."
    return ""
