"""Protocols and their versions, referrals and their counter-referrals, and what of them goes outside."""

from ventanilla.referrals.models.exchange import Exchange, ExchangeStep
from ventanilla.referrals.models.inbound import LetterAnswer
from ventanilla.referrals.models.outside import AccessLink, Attachment, LinkOpening, Transfer
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
    "AccessLink",
    "Attachment",
    "CounterReferral",
    "Exchange",
    "ExchangeStep",
    "Governance",
    "LetterAnswer",
    "LinkOpening",
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
    "Transfer",
]
