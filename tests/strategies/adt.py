"""Events of one visit for property tests: few places and a short clock, so that they meet often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from vardnara.engines.adt import Event, Place

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
PLACES = [Place("K31", "1", "1"), Place("K31", "1", "2"), Place("M52", "4", "1"), Place("IVA", "", "3"), Place("K31")]
CODES = [
    *("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A11", "A12", "A13", "A14", "A15", "A16", "A17", "A21"),
    *("A22", "A23", "A25", "A26", "A27", "A38", "A52", "A53", "A99"),
    *("LEFT", "CONFIRMED", "CONTAGION", "UNDO_LEFT", "UNDO_CONF"),
]


@st.composite
def events(draw: st.DrawFn, codes: list[str] | None = None, max_size: int = 12) -> list[Event]:
    """A list of events with distinct recording times; effect times may lie before the recording."""
    n = draw(st.integers(0, max_size))
    minutes = draw(st.lists(st.integers(0, 2000), min_size=n, max_size=n, unique=True))
    out = []
    for serial, minute in enumerate(sorted(minutes), start=1):
        recorded = START + timedelta(minutes=minute)
        back = draw(st.sampled_from([0, 0, 0, 7, 90]))
        place = st.sampled_from([None, *PLACES])
        out.append(
            Event(
                serial=serial,
                code=draw(st.sampled_from(codes or CODES)),
                recorded_at=recorded,
                effect_at=recorded - timedelta(minutes=back),
                location=draw(place),
                prior=draw(place),
                pending=draw(place),
                patient_class=draw(st.sampled_from(["I", "I", "E", "O", ""])),
                contagion=draw(st.sampled_from([None, None, "A", "C"])),
                administrative=draw(st.booleans()),
            )
        )
    return out
