"""Which blocks of the screening each profile sees: one table, read by the page, the API and the test."""

from enum import StrEnum

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.registry.vocabulary import FactKind, Source


class Profile(StrEnum):
    SUMMARY = "summary"  # front desk: what is needed to attend
    FULL = "full"  # case workers and heads of UAS


class Block(StrEnum):
    IDENTITY = "identity"
    CONTACT = "contact"
    ALERTS = "alerts"
    BRACKET = "bracket"
    MEMBERS = "members"
    BENEFITS = "benefits"  # in force, and when they end
    OPEN = "open"  # unit, kind, state, due date
    REGISTRIES = "registries"  # how fresh each one is
    INCOMES = "incomes"
    DWELLING = "dwelling"
    CARE = "care"  # health, disability, dependence, schooling
    FAMILIAS = "familias"
    DELIVERIES = "deliveries"
    CONSULTATIONS = "consultations"  # with reasons and notes, within their level


_SUMMARY = frozenset(
    {
        *(Block.IDENTITY, Block.CONTACT, Block.ALERTS, Block.BRACKET),
        *(Block.MEMBERS, Block.BENEFITS, Block.OPEN, Block.REGISTRIES),
    }
)

BLOCKS: dict[Profile, frozenset[Block]] = {Profile.SUMMARY: _SUMMARY, Profile.FULL: frozenset(Block)}

FACTS: dict[Profile, frozenset[FactKind]] = {
    Profile.SUMMARY: frozenset({FactKind.RSH_BRACKET, FactKind.SUBSIDY}),
    Profile.FULL: frozenset(FactKind),
}
"""The statements that a profile's blocks, timeline and dates are made of."""

REGISTRIES: dict[Profile, tuple[Source, ...]] = {
    Profile.SUMMARY: (Source.RSH, Source.SUBSIDIES, Source.IPS),
    Profile.FULL: (
        *(Source.RSH, Source.SUBSIDIES, Source.IPS, Source.FAMILIAS),
        *(Source.SENADIS, Source.MINEDUC, Source.MUNICIPAL),
    ),
}
"""Those whose freshness a profile is told: that Senadis knows of a home already says something of its health."""


def widest_profile(actor: Actor) -> Profile | None:
    """The fullest profile the actor may open, or None."""
    if can(actor, Permission.SCREENING_FULL):
        return Profile.FULL
    return Profile.SUMMARY if can(actor, Permission.SCREENING_SUMMARY) else None
