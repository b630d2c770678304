"""What travels with a referral is what holds today, not what an older extract said."""

from datetime import timedelta

import pytest
from tests import make

from ventanilla.referrals.packet import packet_of
from ventanilla.referrals.protocols.states import PacketField
from ventanilla.registry.vocabulary import FactKind, Source

pytestmark = pytest.mark.django_db


def test_a_subsidy_that_no_longer_comes_does_not_travel_as_one_that_is_received() -> None:
    with make.inside() as head:
        rosa = make.person()
        suf = {"person": rosa, "value": "suf", "source": Source.SUBSIDIES}
        make.fact(FactKind.SUBSIDY, as_of=make.TODAY - timedelta(days=30), amount=22007, **suf)
        assert "Subsidio Familiar" in str(packet_of(rosa, [PacketField.BENEFITS], by=head))
        make.fact(FactKind.SUBSIDY, as_of=make.TODAY, valid_until=make.YESTERDAY, is_gone=True, **suf)
        assert "Nada registrado" in str(packet_of(rosa, [PacketField.BENEFITS], by=head))
