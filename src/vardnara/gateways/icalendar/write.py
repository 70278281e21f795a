"""Writes a calendar as RFC 5545 asks: times in UTC, lines of at most 75 octets, text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LINE_OCTETS = 75
PRODUCT = "-//Vardnara//Schedule//SV"
REFRESH = "PT1H"  # how often a reader is asked to look again (RFC 7986)


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """Something with a beginning and an end, both aware instants.

    Parameters
    ----------
    uid
        The same for ever, whatever changes.
    sequence
        Grows with every change.
    changed_at
        When it became what it is.
    cancelled
        It was there and is no more: readers take it away.

    Raises
    ------
    ValueError
        An instant without zone, or an end that is not after the start.
    """

    uid: str
    sequence: int
    start_at: datetime
    end_at: datetime
    changed_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    cancelled: bool = False

    def __post_init__(self) -> None:
        if any(at.tzinfo is None for at in (self.start_at, self.end_at, self.changed_at)):
            raise ValueError("an instant without zone")
        if self.end_at <= self.start_at:
            raise ValueError(f"{self.start_at} to {self.end_at}: expected an end after the start")


def calendar_text(name: str, events: Iterable[CalendarEvent]) -> str:
    """A calendar that is followed by its address.

    Parameters
    ----------
    name
        What readers call it.
    events
        Its events, each uid once.

    Returns
    -------
    str
        The calendar, lines ended by CRLF.

    References
    ----------
    RFC 5545, sections 3.1 (lines), 3.3.11 (text), 3.6.1 (events); RFC 7986 (name, refresh).
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: CalendarEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_instant(event.changed_at)}"
    yield f"LAST-MODIFIED:{_instant(event.changed_at)}"
    yield f"DTSTART:{_instant(event.start_at)}"
    yield f"DTEND:{_instant(event.end_at)}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.location:
        yield f"LOCATION:{_text(event.location)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    yield "CLASS:PRIVATE"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if event.cancelled else 'OPAQUE'}"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in escaped if letter == "\t" or ord(letter) >= 32)


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, never inside a letter; what goes on begins with a space."""
    piece, octets = "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > LINE_OCTETS:
            yield piece
            piece, octets = " ", 1
        piece += letter
        octets += size
    yield piece
