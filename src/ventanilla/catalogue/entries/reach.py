"""Whose an entry is to change: her unit's for whoever has the right for her unit, or nobody's yet."""

from uuid import UUID

from django.db.models import Q

from ventanilla.access.actors import Actor, can, require
from ventanilla.access.permissions import Permission, Scope
from ventanilla.access.tenancy import within_reach
from ventanilla.catalogue.models import Entry
from ventanilla.core.errors import NotAllowed


def reaches(by: Actor, permission: Permission, unit_id: UUID | None) -> bool:
    whose = Entry(institution_id=by.institution, unit_id=unit_id or by.unit_id)
    return can(by, permission, whose)


def require_reach(by: Actor, permission: Permission, unit_id: UUID | None) -> None:
    """Raise ``NotAllowed`` unless the right reaches what is of that unit, or of none."""
    require(by, permission)
    if not reaches(by, permission, unit_id):
        raise NotAllowed("La prestación es de otra unidad: la cambia su jefatura o la contraparte municipal.")


def is_of_all(by: Actor, permission: Permission) -> bool:
    """Whether the right is over the whole institution."""
    return by.scope(permission) is Scope.INSTITUTION


def in_reach(by: Actor, permission: Permission, *, unit: str = "unit") -> Q:
    """The rows that ``reaches`` is true of. Without the right, none."""
    if by.scope(permission) is None:
        return Q(pk__in=[])
    return within_reach(by, permission, unit=unit) | Q((f"{unit}__isnull", True))
