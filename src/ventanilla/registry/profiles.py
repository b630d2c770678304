"""How much of a home an operator is told: two profiles, and the statements of registries that each is told."""

from collections.abc import Mapping
from enum import StrEnum

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.registry.vocabulary import FactKind


class Profile(StrEnum):
    SUMMARY = "summary"  # front desk: what is needed to attend
    FULL = "full"  # case workers and heads of UAS


FACTS: Mapping[Profile, frozenset[FactKind]] = {
    Profile.SUMMARY: frozenset({FactKind.RSH_BRACKET, FactKind.SUBSIDY, FactKind.RSH_REQUEST}),
    Profile.FULL: frozenset(FactKind),
}
"""The statements that all that a profile shows is made of."""


def widest_profile(actor: Actor) -> Profile | None:
    """The fullest profile the actor may open, or None."""
    if can(actor, Permission.SCREENING_FULL):
        return Profile.FULL
    return Profile.SUMMARY if can(actor, Permission.SCREENING_SUMMARY) else None


def needed_for(profile: Profile) -> Permission:
    """The right to be told so much."""
    return Permission.SCREENING_FULL if profile is Profile.FULL else Permission.SCREENING_SUMMARY
