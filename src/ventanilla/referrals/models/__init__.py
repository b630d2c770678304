"""Protocols and their versions, referrals and their counter-referrals."""

from ventanilla.referrals.models.protocols import (
    Governance,
    Protocol,
    ProtocolEntry,
    ProtocolReason,
    ProtocolSender,
    ProtocolSignature,
    ProtocolStep,
    ProtocolVersion,
)
from ventanilla.referrals.models.referrals import CounterReferral, Referral, ReferralLine, ReferralStep

__all__ = [
    "CounterReferral",
    "Governance",
    "Protocol",
    "ProtocolEntry",
    "ProtocolReason",
    "ProtocolSender",
    "ProtocolSignature",
    "ProtocolStep",
    "ProtocolVersion",
    "Referral",
    "ReferralLine",
    "ReferralStep",
]
