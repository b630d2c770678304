"""RUNs for people who do not exist: unique in one output, from 90.000.000 up, and not in a row."""

from collections.abc import Mapping, Sequence

FIRST_BODY = 90_000_000
SPACE = 10_000_000
_STEP, _OTHER_STEP = 6_180_339, 2_718_281  # coprime with SPACE: neither even nor ending in 5
_HALF = 10_000


def _weighed(four_digits: int, weights: tuple[int, int, int, int]) -> int:
    total = 0
    for weight in weights:
        four_digits, digit = divmod(four_digits, 10)
        total += digit * weight
    return total


_LOW = [_weighed(n, (2, 3, 4, 5)) for n in range(_HALF)]
_HIGH = [_weighed(n, (6, 7, 2, 3)) for n in range(_HALF)]


def body(index: int) -> int:
    """The RUN body of position ``index`` (0 to SPACE - 1): a bijection, so different positions never meet."""
    mixed = (index * _STEP + 1_234_567) % SPACE
    mixed = mixed % 1000 * 10_000 + mixed // 1000
    return FIRST_BODY + (mixed * _OTHER_STEP + 7_654_321) % SPACE


def check_digit(run_body: int) -> str:
    """The digit of a body of eight figures; the same answer as ``core.run.check_digit``, from two tables."""
    return "0K987654321"[(_LOW[run_body % _HALF] + _HIGH[run_body // _HALF]) % 11]


def with_points(run_body: int) -> str:
    """90.123.456-7"""
    text = str(run_body)
    return f"{text[:2]}.{text[2:5]}.{text[5:]}-{check_digit(run_body)}"


def allot(needs: Mapping[int, int], order: Sequence[tuple[int, float]]) -> dict[int, int]:
    """The first position of each institution, none overlapping.

    ``order`` gives every institution of the country with its share of it. Each has a fixed place in the space, so that
    its numbers are the same whatever else is generated beside it; it is pushed aside only when a neighbour needs the
    place.
    Raises ``ValueError`` when the needs exceed the space.
    """
    if sum(needs.values()) > SPACE:
        raise ValueError("needs exceed the space")
    starts: dict[int, int] = {}
    total, reached, free = sum(share for _, share in order), 0.0, 0
    for institution, share in order:
        if institution in needs:
            starts[institution] = max(int(reached / total * SPACE), free)
            free = starts[institution] + needs[institution]
        reached += share
    limit = SPACE
    for institution in reversed(list(starts)):
        starts[institution] = min(starts[institution], limit - needs[institution])
        limit = starts[institution]
    return starts
