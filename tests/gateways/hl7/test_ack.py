"""Acknowledgements: which are sent, and what stands in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vardnara.gateways.hl7.ack import acknowledgement, acknowledgement_codes, as_duplicate
from vardnara.gateways.hl7.er7 import er7_read
from vardnara.gateways.hl7.reader import Header, Refusal

NOW = datetime(2026, 3, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("accept", "application", "good", "bad"),
    [
        ("", "", ["AA"], ["AE"]),
        ("AL", "NE", ["CA"], ["CE"]),
        ("AL", "", ["CA"], ["CE"]),
        ("AL", "AL", ["CA", "AA"], ["CE"]),
        ("NE", "AL", ["AA"], ["AE"]),
        ("NE", "NE", [], []),
        ("ER", "NE", [], ["CE"]),
        ("SU", "ER", ["CA"], ["AE"]),
    ],
)
def test_which_answers(accept: str, application: str, good: list[str], bad: list[str]) -> None:
    """Original mode always answers; enhanced mode as MSH-15 and MSH-16 ask (H-03, H-04)."""
    header = Header(accept_ack=accept, application_ack=application)
    assert acknowledgement_codes(header) == good
    assert acknowledgement_codes(header, refused="AE") == bad


def test_accepting() -> None:
    """Sender and receiver change places; control id, version and processing id come back."""
    header = Header("EHR", "FJÄLL", "VN", "FJ", control_id="A|1", processing_id="T", version="2.4", trigger="A01")
    message = er7_read(acknowledgement(header, "AA", at=NOW, serial="S1"))
    msh, msa = message.msh, message.segments[1]
    assert [msh.component(n) for n in (3, 4, 5, 6, 9, 10, 11, 12)] == [
        "VN",
        "FJ",
        "EHR",
        "FJÄLL",
        "ACK",
        "S1",
        "T",
        "2.4",
    ]
    assert (msa.component(1), msa.component(2)) == ("AA", "A|1")


def test_refusing_names_place_and_code() -> None:
    """ERR as version 2.5 writes it, and as older ones do."""
    no = Refusal("AE", "101", "PID^1^3", "patient identifier is missing")
    new = er7_read(acknowledgement(Header(version="2.5.1"), "AE", at=NOW, serial="1", refusal=no)).first("ERR")
    old = er7_read(acknowledgement(Header(version="2.3"), "AE", at=NOW, serial="1", refusal=no)).first("ERR")
    assert new is not None and old is not None
    assert (new.field(2), new.component(3), new.component(4), new.component(8)) == (
        "PID^1^3",
        "101",
        "E",
        "patient identifier is missing",
    )
    assert old.field(1) == "PID^1^3^101&Required field missing"


def test_duplicate_says_so() -> None:
    """The stored acknowledgement again, with ``duplicate`` in MSA-3, in every answer of it."""
    stored = acknowledgement(Header(control_id="7", version="2.5"), "CA", at=NOW, serial="1")
    again = er7_read(as_duplicate(stored))
    assert again.segments[1].field(3) == "duplicate"
    assert again.msh.component(10) == "1"
