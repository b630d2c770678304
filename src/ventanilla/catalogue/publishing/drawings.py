"""What papers draw within their own text, since they fetch nothing: icons of the pages, and codes that phones read."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ventanilla import core

ICONS = Path(core.__file__).parent / "static/core/img/icons.svg"
BLUE, BLACK = "#0f69b4", "#1f1d1b"


@cache
def drawing(name: str, colour: str = BLUE) -> SafeString:
    """An icon of ``img/icons.svg`` as a drawing of its own."""
    found = re.search(rf'<symbol id="i-{re.escape(name)}"[^>]*>(.*?)</symbol>', ICONS.read_text(), re.DOTALL)
    lines = mark_safe(found.group(1) if found else "")  # noqa: S308 - our own drawings
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="{}" stroke-width="1.6"'
        ' stroke-linecap="round" stroke-linejoin="round">{}</svg>',
        colour,
        lines,
    )
