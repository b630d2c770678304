"""Who is acting, on whose behalf, and whether she may."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from ventanilla.access.permissions import GRANTS, MAY_BE_NAMED, NAMED, Agent, Permission, Role, Scope
from ventanilla.core.errors import NotAllowed, TenancyError

SOCIAL_ASSISTANCE = "social_assistance"
"""Code of the function that makes a unit the Unidad de Asistencia Social (UAS)."""

ATTENTION = "attention"
"""Code of the function of the units that attend whoever comes, and receive what other institutions send."""

NATIONAL_TIME_ZONE = "America/Santiago"


@dataclass(frozen=True, slots=True)
class Actor:
    """An operator in one of her postings, or an agent; immutable for the length of a request."""

    role: Role | Agent
    institution_id: int | None = None
    account_id: UUID | None = None
    posting_id: UUID | None = None
    unit_id: UUID | None = None
    unit_functions: frozenset[str] = field(default_factory=frozenset)
    request_id: UUID | None = None
    time_zone: str = NATIONAL_TIME_ZONE
    """The institution's: «today» is its day."""
    scopes: frozenset[str] | None = None
    """With a key of the API that opens less than the role: the permissions it opens, whatever asks for them."""
    named: frozenset[str] = field(default_factory=frozenset)
    """Rights that her head gave to this posting, beyond those of its role."""
    provider_id: UUID | None = None
    """Of somebody outside who came by a link."""
    speaks_for: str = ""
    """Whose words these are, when they are not of an account: name and post of somebody outside."""

    @property
    def institution(self) -> int:
        """The number of her institution; asking it of somebody above institutions is a mistake of ours."""
        if self.institution_id is None:
            raise TenancyError("the actor belongs to no institution")
        return self.institution_id

    @property
    def account(self) -> UUID:
        """Whose account it is; asking it of an agent is a mistake of ours."""
        if self.account_id is None:
            raise TenancyError("the actor has no account")
        return self.account_id

    @property
    def posting(self) -> UUID:
        """In which posting she acts; asking it of an agent is a mistake of ours."""
        if self.posting_id is None:
            raise TenancyError("the actor has no posting")
        return self.posting_id

    @property
    def is_uas(self) -> bool:
        """Works in the Unidad de Asistencia Social, which sees what is reserved."""
        return SOCIAL_ASSISTANCE in self.unit_functions

    @property
    def alike(self) -> "Actor":
        """Whoever may see the same: one of her unit in her role. What is kept between requests is kept for these."""
        return replace(self, account_id=None, posting_id=None, request_id=None)

    def scope(self, permission: Permission) -> Scope | None:
        if self.scopes is not None and permission not in self.scopes:
            return None
        if permission in self.named and self.role in MAY_BE_NAMED:
            return NAMED.get(permission)
        return GRANTS[self.role].get(permission)


def can(actor: Actor, permission: Permission, record: Any = None) -> bool:
    """Whether ``actor`` may, and if a tenant record is given, whether her scope reaches it.

    A record has ``institution_id``; for scope ``unit`` it has ``unit_id``, for ``own`` also ``recorded_by_id``.
    """
    scope = actor.scope(permission)
    if scope is None:
        return False
    if record is None:
        return True
    if record.institution_id != actor.institution_id:
        return False
    if scope is Scope.OWN:
        return record.recorded_by_id is not None and record.recorded_by_id == actor.account_id
    if scope is Scope.UNIT:
        return record.unit_id is not None and record.unit_id == actor.unit_id
    return scope is Scope.INSTITUTION


def require(actor: Actor, permission: Permission, record: Any = None) -> None:
    """Raise ``NotAllowed`` unless ``can``."""
    if not can(actor, permission, record):
        raise NotAllowed("Su desempeño actual no permite hacer esto.")
