"""Cells that a spreadsheet will open: none of them may be taken for a formula."""

_SHIELD = "'"
_FORMULA = ("=", "+", "-", "@")


def shield(cell: str) -> str:
    """The cell with an apostrophe in front if a spreadsheet would take it for a formula; ``unshield`` takes it off."""
    return _SHIELD + cell if _is_formula(cell) else cell


def unshield(cell: str) -> str:
    return cell[1:] if cell[:1] == _SHIELD and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    return cell.lstrip().startswith(_FORMULA)
