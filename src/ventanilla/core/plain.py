"""Words compared as people write them: without accents, capitals or signs."""

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """«Pañales, ¡ya!» is «panales ya»."""
    folded = unicodedata.normalize("NFD", text.casefold())
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", letters))
