"""What the template filters and the geometry of the charts promise."""

import html
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.core import charts
from ventanilla.core.run import LARGEST_BODY, Run
from ventanilla.core.templatetags import ventanilla as tags

TODAY = date(2026, 11, 23)


@given(st.integers(min_value=1, max_value=LARGEST_BODY))
def test_a_stored_run_is_written_with_points(body: int) -> None:
    assert tags.run(Run(body).canonical) == str(Run(body))


@pytest.mark.parametrize("text", ["", "PA-99812", "Sin RUN", "12.345.678-5"])
def test_what_is_not_a_stored_run_comes_as_it_is(text: str) -> None:
    assert tags.run(text) == text


def test_what_is_not_known_is_written_as_nothing() -> None:
    blank = (tags.run, tags.pesos, tags.count, tags.decimal, tags.percent, tags.day, tags.moment, tags.clock_time)
    assert [written(None) for written in blank] == [""] * len(blank)
    assert [tags.age(None), tags.ago(None), tags.freshness(None), tags.weekday(None)] == [""] * 4


@pytest.mark.parametrize(
    ("number", "places", "written"),
    [
        (79.64, 1, "79,6"),
        (79.65, 1, "79,7"),
        (Decimal("0.5"), 0, "1"),
        (1284.5, 1, "1.284,5"),
        (-2, 1, "-2,0"),
        (100, 0, "100"),
    ],
)
def test_decimals_have_a_comma_and_halves_go_up(number: float, places: int, written: str) -> None:
    assert tags.decimal(number, places) == written


def test_amounts_and_counts_have_points() -> None:
    assert (tags.pesos(22007), tags.count(1284), tags.count(0)) == ("$22.007", "1.284", "0")
    assert tags.percent(86.2) == "86,2\u00a0%"


def test_a_day_within_a_sentence_stays_in_one_line_and_what_is_around_is_escaped() -> None:
    written = tags.whole_days("Hasta el 23-11-2026 <b>, no 3-11-2026.")
    assert written == 'Hasta el <time datetime="2026-11-23">23-11-2026</time> &lt;b&gt;, no 3-11-2026.'


def test_days_and_hours_carry_their_machine_form() -> None:
    afternoon = datetime(2026, 11, 23, 17, 32, tzinfo=UTC)
    assert tags.day(TODAY) == '<time datetime="2026-11-23">23-11-2026</time>'
    at_night = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # still the day before in Chile
    assert tags.day(at_night) == tags.day(TODAY)
    assert tags.moment(afternoon) == '<time datetime="2026-11-23T14:32:00-03:00">23-11-2026 14:32</time>'
    assert tags.clock_time(afternoon) == tags.clock_time(time(14, 32)) == '<time datetime="14:32">14:32</time>'


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 24), "mañana"),
        (date(2026, 11, 26), "en 3 días"),
        (TODAY, "hoy"),
        (date(2026, 11, 22), "ayer"),
        (date(2026, 10, 24), "hace 30 días"),
        (date(2026, 10, 23), "hace 1 mes"),
        (date(2025, 9, 18), "hace 14 meses"),
        (date(2024, 11, 24), "hace 23 meses"),
        (date(2024, 11, 23), "hace 2 años"),
    ],
)
def test_how_long_ago_is_said_in_words(value: date, words: str) -> None:
    assert tags.ago(value, TODAY) == words


def test_a_source_is_stale_when_a_year_has_passed() -> None:
    assert tags.freshness(date(2025, 11, 24), TODAY) == "ok"
    assert tags.freshness(date(2025, 11, 23), TODAY) == "warn"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Rosa Elvira Araya Contreras", "RA"),
        ("Camila Rojas Tapia", "CR"),
        ("Juana del Carmen Véliz Cortés", "JV"),
        ("ñusta", "Ñ"),
        ("👵🏽 «Ana» O'Higgins", "AO"),
        ("👵🏽", "?"),
        ("", "?"),
    ],
)
def test_initials_are_two_letters_whatever_the_name(name: str, letters: str) -> None:
    assert tags.initials(name) == letters


def test_what_was_searched_is_marked_without_regard_to_accents() -> None:
    assert tags.marked("Ñancupil Véliz", "veliz NANCU") == "<mark>Ñancu</mark>pil <mark>Véliz</mark>"


@given(st.text(), st.text())
def test_marking_never_changes_nor_unescapes_the_text(text: str, query: str) -> None:
    marked = tags.marked(text, query)
    assert html.unescape(re.sub(r"</?mark>", "", marked)) == html.unescape(html.escape(text))
    assert "<" not in re.sub(r"</?mark>", "", marked)


def test_a_label_of_an_icon_is_escaped() -> None:
    assert "<b>" not in tags.icon("send", '"><b>')


def test_a_line_of_equal_values_is_flat() -> None:
    line = charts.sparkline([5, 5, 5])
    assert line is not None
    assert line.points == "2.0,21.0 40.0,21.0 78.0,21.0"
    assert charts.sparkline([5]) is None


@given(st.integers(min_value=0, max_value=10**9))
def test_the_scale_of_a_chart_reaches_its_largest_value(largest: int) -> None:
    assert charts.ceiling(largest) >= max(largest, 2)
    assert charts.ceiling(largest) % 2 == 0


def test_columns_stay_inside_the_drawing() -> None:
    drawn = charts.columns([("8 h", 6, False), ("9 h", 11, False), ("10 h", 0, True)])
    assert [float(bar.y) + float(bar.height) for bar in drawn.bars] == [74.0] * 3
    assert all(float(bar.y) >= 14 for bar in drawn.bars)
    assert charts.columns([]).bars == []


def test_a_bracket_lights_as_many_steps_as_its_place() -> None:
    assert [sum(charts.bracket_steps(value)) for value in charts.BRACKETS] == [1, 2, 3, 4, 5, 6, 7]
    with pytest.raises(ValueError, match="45"):
        charts.bracket_steps(45)
    assert tags.bracket(45) == {"steps": [], "words": ""}
