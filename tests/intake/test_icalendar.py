"""The file for her telephone's calendar: readable by any, and telling nothing of whose hour it is."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from ventanilla.intake.appointments.icalendar import event

NINE = datetime(2026, 11, 23, 12, tzinfo=UTC)


def written(place: str = "Edificio consistorial, Diaguitas 31") -> str:
    return event(uid="1@ventanilla", written_at=NINE, starts_at=NINE, ends_at=NINE + timedelta(minutes=30), place=place)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_it_says_when_and_where_and_no_more() -> None:
    assert unfolded(written()) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Ventanilla//Citas//ES",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:1@ventanilla",
        "DTSTAMP:20261123T120000Z",
        "DTSTART:20261123T120000Z",
        "DTEND:20261123T123000Z",
        "SUMMARY:Hora en la municipalidad",
        "LOCATION:Edificio consistorial\\, Diaguitas 31",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@given(some.text(max_size=200))
def test_no_place_breaks_the_file_or_adds_a_line_to_it(place: str) -> None:
    text = written(place)
    assert all(len(line.encode("utf-8", "surrogatepass")) <= 75 for line in text.split("\r\n"))
    lines = unfolded(text)
    assert len(lines) == 14
    assert lines[-4].startswith("LOCATION:")


def test_what_means_something_in_the_format_is_escaped() -> None:
    (location,) = (line for line in unfolded(written("Piso 1; sala\\2\nBEGIN:VEVENT")) if line.startswith("LOCATION"))
    assert location == "LOCATION:Piso 1\\; sala\\\\2\\nBEGIN:VEVENT"
