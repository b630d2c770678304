"""An appointment as a file that any telephone's calendar reads (RFC 5545), with nothing of whose it is."""

from datetime import UTC, datetime

TITLE = "Hora en la municipalidad"
_LONGEST_LINE = 75


def event(*, uid: str, written_at: datetime, starts_at: datetime, ends_at: datetime, place: str) -> str:
    """The whole file. ``uid`` tells one hour from another and no more."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Ventanilla//Citas//ES",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}",
        f"DTSTAMP:{_utc(written_at)}",
        f"DTSTART:{_utc(starts_at)}",
        f"DTEND:{_utc(ends_at)}",
        f"SUMMARY:{_text(TITLE)}",
        f"LOCATION:{_text(place)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A TEXT value: backslash, semicolon and comma escaped, a line break as \\n (section 3.3.11)."""
    for raw, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        value = value.replace(raw, escaped)
    return "".join(letter for letter in value if letter.isprintable())


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets, each further one begun by a space (section 3.1); no letter is cut in two."""
    folded, current = [], ""
    for letter in line:
        if len((current + letter).encode()) > _LONGEST_LINE:
            folded.append(current)
            current = " "
        current += letter
    return [*folded, current]
