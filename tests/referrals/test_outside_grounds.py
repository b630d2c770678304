"""On which ground data leave the municipality, by what the provider is and what travels."""

import pytest

from ventanilla.access.models import ProviderNature
from ventanilla.referrals.outside.grounds import SENSITIVE, Sharing, objection_to_sharing, why_consent
from ventanilla.referrals.outside.states import Consent
from ventanilla.referrals.protocols.states import PacketField

PUBLIC, CORPORATION, PRIVATE = ProviderNature
ORDINARY = ["contact", "address"]


@pytest.mark.parametrize("nature", [PUBLIC, CORPORATION])
def test_a_public_body_is_told_how_to_reach_her_for_its_legal_function(nature: ProviderNature) -> None:
    assert why_consent(nature, ORDINARY) == ""
    assert objection_to_sharing(nature, ORDINARY, Sharing("Función de atención primaria")) is None
    assert objection_to_sharing(nature, ORDINARY, Sharing(consent=Consent.PHONE)) is None
    field, why = objection_to_sharing(nature, ORDINARY, Sharing()) or ("", "")
    assert field == "legal_ground"
    assert "qué función legal" in why


@pytest.mark.parametrize("field", sorted(SENSITIVE))
@pytest.mark.parametrize("nature", [PUBLIC, CORPORATION])
def test_what_is_sensitive_needs_her_authorisation_even_for_a_public_body(
    nature: ProviderNature, field: PacketField
) -> None:
    asked, why = objection_to_sharing(nature, [*ORDINARY, field], Sharing("Función de atención primaria")) or ("", "")
    assert asked == "consent"
    assert field.label.lower() in why
    assert objection_to_sharing(nature, [*ORDINARY, field], Sharing(consent=Consent.WRITTEN)) is None


def test_a_private_one_is_told_nothing_without_it() -> None:
    assert "privado" in why_consent(PRIVATE, [])
    assert (objection_to_sharing(PRIVATE, [], Sharing("Convenio")) or ("",))[0] == "consent"
    assert objection_to_sharing(PRIVATE, list(PacketField), Sharing(consent=Consent.REPRESENTATIVE)) is None
