"""Who comes for another, as the API says it."""

from typing import Self

from pydantic import Field

from ventanilla.core.api import Given
from ventanilla.intake.actions import ThirdParty, third_party_of
from ventanilla.intake.models import Consultation
from ventanilla.intake.third_parties import Evidence, Quality


class ThirdPartyStated(Given):
    """As what she comes and what was seen of it; both null when it is the person herself, or when nobody asked."""

    quality: Quality | None = None
    evidence: Evidence | None = Field(None, description="Nulo es lo mismo que no haber mostrado nada.")

    def stated(self) -> ThirdParty:
        return ThirdParty(self.quality or "", self.evidence or "")

    @classmethod
    def of(cls, consultation: Consultation) -> Self:
        kept = third_party_of(consultation)
        return cls(
            quality=Quality(kept.quality) if kept.quality else None,
            evidence=Evidence(kept.evidence) if kept.evidence else None,
        )
