"""Yes, no and not known: the three values of a condition, joined as PostgreSQL joins its booleans."""

from collections.abc import Iterable

Known = bool | None
"""None is that it is not known."""


def all_of(values: Iterable[Known]) -> Known:
    """No if any is no; else not known if any is not known."""
    found = list(values)
    if False in found:
        return False
    return None if None in found else True


def any_of(values: Iterable[Known]) -> Known:
    """Yes if any is yes; else not known if any is not known."""
    found = list(values)
    if True in found:
        return True
    return None if None in found else False


def negated(value: Known) -> Known:
    return None if value is None else not value
