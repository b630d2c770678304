"""RUN, the number of a natural person: its check digit, its shapes, its doubts.

Source: weights 2 to 7 cycling from the right, ``11 - sum mod 11``; 11 is written 0 and 10 is written K.
Bodies have 7 or 8 digits; very old people hold shorter ones, accepted from 1.000.000 down.
"""

import re
from dataclasses import dataclass

_SHAPE = re.compile(r"^(\d{1,8})-?([\dK])$")
_IGNORED = re.compile(r"[\s.‐‑–—]")
LARGEST_BODY = 99_999_999


class BadRun(ValueError):
    """The text is not a RUN; the message is Spanish and fit to show."""


def check_digit(body: int) -> str:
    total, weight = 0, 2
    while body:
        body, digit = divmod(body, 10)
        total += digit * weight
        weight = weight + 1 if weight < 7 else 2
    return "0K987654321"[total % 11]


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """A valid RUN. ``str`` gives 12.345.678-5; ``canonical`` gives 12345678-5, the stored form."""

    body: int

    @property
    def digit(self) -> str:
        return check_digit(self.body)

    @property
    def canonical(self) -> str:
        return f"{self.body}-{self.digit}"

    @property
    def is_suspicious(self) -> bool:
        """A repeated digit (11.111.111-1) is valid arithmetic and rarely a person's number."""
        digits = str(self.body)
        return len(digits) >= 6 and len(set(digits)) == 1

    def __str__(self) -> str:
        return f"{self.body:,}".replace(",", ".") + f"-{self.digit}"


def parse(text: str) -> Run:
    """A RUN typed with or without points, hyphen or spaces; raises ``BadRun`` saying what is wrong."""
    bare = _IGNORED.sub("", text).upper().removeprefix("CL")
    if not bare:
        raise BadRun("Falta el RUN.")
    match = _SHAPE.match(bare)
    if not match or len(bare.replace("-", "")) < 2:
        raise BadRun("El RUN tiene hasta ocho números, un guion y un dígito verificador, como 12.345.678-5.")
    body, digit = int(match[1]), match[2]
    if body == 0:
        raise BadRun("El RUN no puede ser cero.")
    if digit != check_digit(body):
        raise BadRun(
            f"El RUN no corresponde: el dígito debería ser {check_digit(body)}. Revise el número en la cédula."
        )
    return Run(body)


def looks_like_run(text: str) -> bool:
    """Whether a search box should read the text as a RUN at all."""
    return bool(re.fullmatch(r"[\d.\s]{4,11}-?\s*[\dkK]?", text.strip())) and any(map(str.isdigit, text))
