"""Which blocks of the screening each profile sees: one table, read by the page, the API and the test."""

from enum import StrEnum

from ventanilla.registry.profiles import Profile
from ventanilla.registry.vocabulary import Source


class Block(StrEnum):
    IDENTITY = "identity"
    CONTACT = "contact"
    ALERTS = "alerts"
    BRACKET = "bracket"
    MEMBERS = "members"
    BENEFITS = "benefits"  # in force, and when they end
    GIVEN = "given"  # what the municipality gave lately to her or her home, by the names of its catalogue, and when
    OPEN = "open"  # unit, kind, state, due date
    REQUESTS = "requests"  # to the RSH: in what they are
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
        *(Block.MEMBERS, Block.BENEFITS, Block.GIVEN, Block.OPEN, Block.REQUESTS, Block.REGISTRIES),
    }
)

BLOCKS: dict[Profile, frozenset[Block]] = {Profile.SUMMARY: _SUMMARY, Profile.FULL: frozenset(Block)}

REGISTRIES: dict[Profile, tuple[Source, ...]] = {
    Profile.SUMMARY: (Source.RSH, Source.SUBSIDIES, Source.IPS),
    Profile.FULL: (
        *(Source.RSH, Source.SUBSIDIES, Source.IPS, Source.FAMILIAS),
        *(Source.SENADIS, Source.MINEDUC, Source.MUNICIPAL),
    ),
}
"""Those whose freshness a profile is told: that Senadis knows of a home already says something of its health."""
