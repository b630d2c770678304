"""Pesos are whole numbers written with points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.core.money import format_pesos


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "$0"), (950, "$950"), (22007, "$22.007"), (1_284_000, "$1.284.000"), (-5000, "-$5.000")]
)
def test_an_amount_is_written_as_in_chile(amount: int, text: str) -> None:
    assert format_pesos(amount) == text


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_no_peso_is_lost_in_the_writing(amount: int) -> None:
    assert int(format_pesos(amount).replace("$", "").replace(".", "")) == amount
