"""What can go wrong in the field's own terms; every message is Spanish and fit to show."""


class DomainError(Exception):
    """A rule of the field was not met. ``str(error)`` is the sentence for the operator."""

    status = 422
    title = "No se pudo completar"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class RuleBroken(DomainError):
    """The act is possible in general, not with these facts."""


class InvalidTransition(DomainError):
    """The record is no longer in a state from which this can be done."""

    status = 409
    title = "Ya no se puede"


class StaleVersion(InvalidTransition):
    """Somebody else changed the record since it was read."""

    title = "Otra persona cambió este registro"


class VersionNotMet(StaleVersion):
    """The record is not in the version that the client made its condition (``If-Match``)."""

    status = 412


class NotAllowed(DomainError):
    """The operator may know of the record but not do this."""

    status = 403
    title = "No tiene permiso"


class TenancyError(RuntimeError):
    """A mistake of ours, never of the operator: tenant data touched with no tenant entered."""
