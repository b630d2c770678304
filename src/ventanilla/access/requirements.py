"""The requirements to operate that the platform itself knows how to meet, and what signing means."""

from ventanilla.access.models import AgreementText
from ventanilla.core.ids import digest

CONFIDENTIALITY = "confidentiality"
SECOND_FACTOR = "second_factor"


def text_in_force() -> AgreementText:
    return AgreementText.objects.latest("number")


def sha256_of(text: AgreementText) -> str:
    """Of what is read on the page: the title, an empty line and the body, in UTF-8."""
    return digest(f"{text.title}\n\n{text.body}")
