"""The RUN: its check digit, the shapes it is typed in, and what is said when it is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventanilla.core.run import LARGEST_BODY, BadRun, Run, check_digit, looks_like_run, parse

bodies = st.integers(min_value=1, max_value=LARGEST_BODY)
DIGITS = "0123456789K"


@given(bodies)
def test_every_run_is_read_back_however_it_is_typed(body: int) -> None:
    run = Run(body)
    for text in (str(run), run.canonical, run.canonical.replace("-", ""), f"  {run} ", run.canonical.lower()):
        assert parse(text) == run
    assert parse(str(run).replace("-", "–")) == run


@given(bodies, st.sampled_from(DIGITS))
def test_only_one_digit_is_right(body: int, digit: str) -> None:
    if digit == check_digit(body):
        assert parse(f"{body}-{digit}").digit == digit
    else:
        with pytest.raises(BadRun, match=f"el dígito debería ser {check_digit(body)}"):
            parse(f"{body}-{digit}")


@given(bodies, st.data())
def test_one_digit_typed_wrong_is_noticed(body: int, data: st.DataObject) -> None:
    digits = list(str(body))
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([digit for digit in "123456789" if digit != digits[place]]))
    digits[place] = other
    with pytest.raises(BadRun):
        parse("".join(digits) + "-" + check_digit(body))


@pytest.mark.parametrize(
    ("text", "digit"), [("12.345.678-5", "5"), ("11.111.111-1", "1"), ("90.000.001-4", "4"), ("1.000.005-K", "K")]
)
def test_known_runs_have_their_known_digit(text: str, digit: str) -> None:
    assert parse(text).digit == digit
    assert str(parse(text)) == text


@given(st.integers(min_value=1_000, max_value=1_000_000))
def test_the_short_runs_of_very_old_people_are_accepted(body: int) -> None:
    run = Run(body)
    assert parse(run.canonical) == run
    assert str(parse(str(run))) == str(run)
    assert looks_like_run(str(run))


@pytest.mark.parametrize("text", ["11.111.111-1", "22.222.222-2", "7777777-" + check_digit(7777777)])
def test_a_repeated_digit_is_accepted_and_doubted(text: str) -> None:
    assert parse(text).is_suspicious


def test_an_ordinary_run_is_not_doubted() -> None:
    assert not parse("12.345.678-5").is_suspicious
    assert not Run(11_111).is_suspicious


@pytest.mark.parametrize("text", ["", "  ", "-", "..."])
def test_nothing_typed_is_said_to_be_missing(text: str) -> None:
    with pytest.raises(BadRun, match=r"\.$"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["0-0", "000-0", "123456789-2", "12.345.678-5-5", "K-5", "1'; drop table", "5", "12a45-6"]
)
def test_what_is_not_a_run_gets_a_sentence(text: str) -> None:
    with pytest.raises(BadRun) as caught:
        parse(text)
    assert str(caught.value).startswith(("El RUN", "Falta"))
    assert str(caught.value).endswith(".")


@settings(max_examples=300)
@given(st.text(max_size=300) | st.text(alphabet="0123456789.-kK ²٣१\x00🙂", max_size=20))
def test_no_text_whatever_makes_it_fail_otherwise(text: str) -> None:
    looks_like_run(text)
    try:
        run = parse(text)
    except BadRun:
        return  # the one way to refuse; its sentences are tested above
    assert parse(run.canonical) == run


def test_names_and_folios_are_not_taken_for_a_run() -> None:
    for text in ("Rosa Araya", "C-2026-004812", "", "....", "O'Ryan 3"):
        assert not looks_like_run(text)
