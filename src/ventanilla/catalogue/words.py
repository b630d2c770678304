"""Texts as the catalogue keeps them: one line, or a list of one a line."""

import re


def one_line(text: str) -> str:
    return " ".join(text.split())


def lines_of(text: str) -> list[str]:
    """Each that was written, one a line or between semicolons, once."""
    return list(dict.fromkeys(filter(None, map(one_line, re.split(r"[;\n\r]", text)))))


def paragraphs_of(text: str) -> str:
    """Without blanks at the ends of lines, nor more than one empty line between them."""
    lines = [" ".join(line.split()) for line in text.replace("\r", "").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def number(count: int, one: str, many: str) -> str:
    """«1 vez», «3 veces»."""
    return f"{count:,} {one if count == 1 else many}".replace(",", ".")


def listed(names: list[str], *, last: str = "o") -> str:
    """«a, b o c»."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
