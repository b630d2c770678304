"""How likely two records are of one person, and why: the model of Fellegi and Sunter with fixed weights.

A level says with which probability it is met by two records of one person (``m``) and by those of two (``u``); its
weight is the binary logarithm of their ratio, and the weights of all comparisons are added. The figures are of
fictional towns of 100,000 people with planted duplicates (``bench/duplicates.py``), rounded. Each level is written
twice, for one pair in Python and for all in DuckDB; a test holds both to the same answer (docs/decisions/0040).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log2

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from ventanilla.registry import name_key

A_PAIR_BY_CHANCE = 4e-6
"""How often two records taken at random are of one person."""

PRIOR = log2(A_PAIR_BY_CHANCE / (1 - A_PAIR_BY_CHANCE))

WORTH_A_LOOK = 0.0
"""Weight from which a pair is shown: it is then as likely as not that they are one."""

ALIKE = 0.88
"""From here two sounds are nearly the same (Jaro and Winkler)."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of somebody. None is unknown, and speaks neither for nor against."""

    run: str | None = None
    given: str | None = None
    given_sound: str | None = None
    given_one: str | None = None
    """The sound of the first of the given names."""
    first: str | None = None
    first_sound: str | None = None
    second: str | None = None
    second_sound: str | None = None
    birth_on: str | None = None
    """As ISO 8601 has it."""
    birth_swapped: str | None = None
    """With day and month changed over, where that is a date too."""
    sex: str | None = None
    phone: str | None = None
    address: str | None = None


FIELDS = tuple(Traits.__slots__)


def traits(
    *,
    run: str | None,
    given_names: str,
    first_surname: str,
    second_surname: str,
    birth_on: date | None,
    sex: str = "",
    phone: str | None = None,
    address: str | None = None,
) -> Traits:
    given, given_sounds = name_key.words(given_names), name_key.tokens(given_names)
    return Traits(
        run=run or None,
        given=" ".join(given) or None,
        given_sound=" ".join(given_sounds) or None,
        given_one=given_sounds[0] if given_sounds else None,
        first=" ".join(name_key.words(first_surname)) or None,
        first_sound=" ".join(name_key.tokens(first_surname)) or None,
        second=" ".join(name_key.words(second_surname)) or None,
        second_sound=" ".join(name_key.tokens(second_surname)) or None,
        birth_on=birth_on.isoformat() if birth_on else None,
        birth_swapped=f"{birth_on:%Y-%d-%m}" if birth_on and birth_on.day <= 12 else None,
        sex=sex or None,
        phone=phone[-8:] if phone else None,
        address=" ".join(name_key.plain(address).split()) or None if address else None,
    )


Holds = Callable[[Traits, Traits], bool]


@dataclass(frozen=True, slots=True)
class Level:
    """How a field of two people compares. ``sql`` says it of columns ``_l`` and ``_r``, ``holds`` of two ``Traits``."""

    code: str
    words: str
    m: float
    u: float
    sql: str
    holds: Holds

    @property
    def weight(self) -> float:
        return log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first level that holds counts; none does when ``field`` of either is unknown."""

    code: str
    field: str
    levels: tuple[Level, ...]


def _same(field: str) -> tuple[str, Holds]:
    def holds(a: Traits, b: Traits) -> bool:
        return getattr(a, field) is not None and getattr(a, field) == getattr(b, field)

    return f"{field}_l = {field}_r", holds


def _alike(field: str) -> tuple[str, Holds]:
    def holds(a: Traits, b: Traits) -> bool:
        return JaroWinkler.similarity(getattr(a, field), getattr(b, field)) >= ALIKE

    return f"jaro_winkler_similarity({field}_l, {field}_r) >= {ALIKE}", holds


def _slips(field: str, most: int) -> tuple[str, Holds]:
    """At most so many letters wrong, missing, too many or changed over."""

    def holds(a: Traits, b: Traits) -> bool:
        return DamerauLevenshtein.distance(getattr(a, field), getattr(b, field)) <= most

    return f"damerau_levenshtein({field}_l, {field}_r) <= {most}", holds


def _crossed() -> tuple[str, Holds]:
    def holds(a: Traits, b: Traits) -> bool:
        return bool(
            a.first_sound and a.second_sound and (a.first_sound, a.second_sound) == (b.second_sound, b.first_sound)
        )

    return "first_sound_l = second_sound_r and second_sound_l = first_sound_r", holds


def _day_and_month() -> tuple[str, Holds]:
    return "birth_on_l = birth_swapped_r", lambda a, b: a.birth_on == b.birth_swapped


def _year() -> tuple[str, Holds]:
    def holds(a: Traits, b: Traits) -> bool:
        return bool(a.birth_on and b.birth_on and a.birth_on[:4] == b.birth_on[:4])

    return "left(birth_on_l, 4) = left(birth_on_r, 4)", holds


_ELSE: tuple[str, Holds] = ("ELSE", lambda a, b: True)

MODEL: Sequence[Comparison] = (
    Comparison(
        "run",
        "run",
        (
            Level("same", "Mismo RUN", 0.69, 0.000001, *_same("run")),
            Level("near", "RUN casi igual, cambian una o dos cifras", 0.30, 0.001, *_slips("run", 2)),
            Level("other", "RUN distinto", 0.01, 0.999, *_ELSE),
        ),
    ),
    Comparison(
        "given",
        "given",
        (
            Level("same", "Mismos nombres", 0.55, 0.0025, *_same("given")),
            Level("sound", "Nombres que suenan igual", 0.10, 0.0008, *_same("given_sound")),
            Level("one", "Mismo primer nombre", 0.235, 0.012, *_same("given_one")),
            Level("near", "Nombres casi iguales", 0.112, 0.008, *_alike("given_sound")),
            # Twins have all else in common.
            Level("other", "Nombres distintos", 0.003, 0.977, *_ELSE),
        ),
    ),
    Comparison(
        "first_surname",
        "first",
        (
            Level("same", "Mismo primer apellido", 0.65, 0.01, *_same("first")),
            Level("sound", "Primer apellido que suena igual", 0.12, 0.002, *_same("first_sound")),
            Level("near", "Primer apellido casi igual", 0.16, 0.01, *_alike("first_sound")),
            Level("crossed", "Apellidos cambiados de orden", 0.04, 0.0002, *_crossed()),
            Level("other", "Primer apellido distinto", 0.03, 0.9778, *_ELSE),
        ),
    ),
    Comparison(
        "second_surname",
        "second",
        (
            # Less than the first: brothers and sisters share both.
            Level("same", "Mismo segundo apellido", 0.82, 0.03, *_same("second")),
            Level("sound", "Segundo apellido que suena igual", 0.06, 0.004, *_same("second_sound")),
            Level("near", "Segundo apellido casi igual", 0.05, 0.01, *_alike("second_sound")),
            Level("crossed", "Apellidos cambiados de orden", 0.04, 0.04, *_crossed()),
            Level("other", "Segundo apellido distinto", 0.03, 0.916, *_ELSE),
        ),
    ),
    Comparison(
        "birth_on",
        "birth_on",
        (
            Level("same", "Misma fecha de nacimiento", 0.83, 0.00004, *_same("birth_on")),
            Level("swapped", "Nacimiento con día y mes cambiados de lugar", 0.06, 0.00003, *_day_and_month()),
            Level("near", "Fecha de nacimiento casi igual, cambia una cifra", 0.09, 0.0016, *_slips("birth_on", 1)),
            Level("year", "Mismo año de nacimiento, otro día", 0.01, 0.013, *_year()),
            Level("other", "Fecha de nacimiento distinta", 0.01, 0.98533, *_ELSE),
        ),
    ),
    Comparison(
        "sex",
        "sex",
        (
            Level("same", "Mismo sexo registral", 0.99, 0.5, *_same("sex")),
            Level("other", "Sexo registral distinto", 0.01, 0.5, *_ELSE),
        ),
    ),
    Comparison(
        "phone",
        "phone",
        (
            # Homes share one telephone.
            Level("same", "Mismo teléfono", 0.7, 0.0008, *_same("phone")),
            Level("other", "Teléfono distinto", 0.3, 0.9992, *_ELSE),
        ),
    ),
    Comparison(
        "address",
        "address",
        (
            # Families share one address, and they are who is compared.
            Level("same", "Misma dirección", 0.6, 0.03, *_same("address")),
            Level("other", "Dirección distinta", 0.4, 0.97, *_ELSE),
        ),
    ),
)

_LEVELS = {(comparison.code, level.code): level for comparison in MODEL for level in comparison.levels}

CLAIMED = "claimed"
"""The level of ``run`` when a file gave somebody's RUN to whoever has another name: it is doubted, not overwritten."""

_CLAIMED_WORDS = "Un archivo trae su RUN con otro nombre"

Evidence = Mapping[str, str]
"""The level that holds of each comparison, by their codes; without those of which something is unknown."""


@dataclass(frozen=True, slots=True)
class Likeness:
    weight: float
    evidence: Evidence

    @property
    def is_worth_a_look(self) -> bool:
        return self.weight >= WORTH_A_LOOK


def compare(one: Traits, other: Traits) -> Likeness:
    """The likeness of two people; the order of the two does not matter."""
    weight, evidence = PRIOR, {}
    for comparison in MODEL:
        if getattr(one, comparison.field) is None or getattr(other, comparison.field) is None:
            continue
        level = next(level for level in comparison.levels if level.holds(one, other))
        weight += level.weight
        evidence[comparison.code] = level.code
    return Likeness(weight, evidence)


def run_nearly_the_same() -> float:
    """The weight of a RUN that is not hers and was given to her: as one typed with a slip."""
    return _LEVELS["run", "near"].weight


# In words


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence as a clerk reads it; ``how`` says how much it weighs, ``tone`` on which side."""

    text: str
    how: str
    tone: str


_HOW = (
    (6.0, "muy a favor", "ok"),
    (1.5, "a favor", "ok"),
    (-1.5, "dice poco", "info"),
    (-5.0, "en contra", "warn"),
    (float("-inf"), "muy en contra", "bad"),
)


def reasons(evidence: Evidence) -> Iterator[Reason]:
    """What agrees first, the weightiest before; then what does not."""
    if evidence.get("run") == CLAIMED:
        yield Reason(_CLAIMED_WORDS, "a favor", "ok")
    known = [_LEVELS[pair] for pair in evidence.items() if pair in _LEVELS]
    told: set[str] = set()
    for level in sorted(known, key=lambda level: -level.weight):
        if level.words not in told:  # both surnames say that they are crossed
            told.add(level.words)
            _, how, tone = next(step for step in _HOW if level.weight >= step[0])
            yield Reason(level.words, how, tone)


LIKELIHOODS: Sequence[tuple[int, str]] = ((12, "Casi segura"), (6, "Muy probable"), (2, "Probable"), (-999, "Posible"))
"""From which weight each word holds."""


def likelihood(score: int) -> str:
    """The weight of all, in words: «casi segura» is one wrong in thousands, «posible» about as many right as wrong."""
    return next(words for least, words in LIKELIHOODS if score >= least)
