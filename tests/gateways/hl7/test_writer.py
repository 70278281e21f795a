"""What the feed says in HL7 is what the feed means."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import hl7
import pytest

from strategies.feed import hospital_make
from vardnara.engines.feed import FeedEvent, FeedOrder, FeedParams, FeedPatient, FeedPlace, FeedVisit, feed_events
from vardnara.gateways.hl7.reader import SenderRules, adt_read
from vardnara.gateways.hl7.writer import STRUCTURES, FeedSender, message_write, messages_write

SENDER = FeedSender("7", "H")
AT = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
LIVELY = FeedParams(
    wrong_admission_share=0.2, wrong_move_share=0.3, wrong_leave_share=0.4, leave_share=0.6, swap_share=0.4,
    move_share=0.6, unknown_patient_share=0.2, closed_beds_per_day=0.3, became_outpatient_share=0.2,
)  # fmt: skip


def some_event(**changes: object) -> FeedEvent:
    patient = FeedPatient("P1", "Åö|^&~\\Ström", "Örjan", date(1950, 2, 3), "M")
    visit = FeedVisit(patient, "V1", "I", FeedPlace("K31", "1", "2", "H"), admitted_at=AT)
    return FeedEvent(1, "A01", AT, AT, AT, visit)._replace(**changes)


def test_every_event_is_read_back_as_it_was_meant() -> None:
    """Our own reader and an independent parser agree with the feed on every field that has an effect."""
    seen = set()
    order = FeedOrder(hospital_make(), datetime(2026, 10, 20, tzinfo=UTC), 25, 3)
    for event in feed_events(order, LIVELY):
        raw = message_write(event, SENDER)
        reading = adt_read(raw, SenderRules())
        assert reading.event == event.code or event.code == "A38"
        assert (reading.recorded_at, reading.effect_at) == (event.recorded_at, event.effect_at)
        shown = [one for one in (event.visit, event.second) if one is not None]
        for subject, visit in zip(reading.subjects, shown, strict=False):
            patient = visit.patient
            assert (subject.patient.value, subject.patient.issuer) == (patient.identifier, "FJALLHEM")
            assert (subject.family_name, subject.given_name, subject.born_on) == patient[1:4]
            if event.code in {"A28", "A31", "A40"}:
                continue
            assert subject.visit is not None
            assert subject.visit.value == visit.number
            assert _place(subject.location) == visit.place
            assert _place(subject.prior) == visit.prior
            assert _place(subject.pending) == visit.pending
            assert subject.discharged_at == visit.left_at
            if event.second is None:
                assert subject.expected_discharge_at == visit.expected_discharge_at
                assert subject.leave_until == visit.leave_until_at
                assert (subject.precaution or "") == (visit.precaution or "")
        if event.code == "A40":
            assert reading.subjects[0].merged_patient.value == event.merged
        if event.code == "A17":
            assert len(reading.subjects) == 2
        if event.code == "A20":
            assert (_place(reading.bed), reading.bed_status) == (event.bed, event.bed_status)
        if event.code not in seen:
            seen.add(event.code)
            other = hl7.parse(raw.decode())
            assert (str(other["EVN"][0][1]), str(other["MSH"][0][9][0][2])) == (event.code, STRUCTURES[event.code])
    assert len(seen) > 24


def _place(place: tuple[Any, ...] | None) -> FeedPlace | None:
    return None if place is None else FeedPlace(*place)


def test_control_ids_are_unique_and_a_resent_message_is_the_same_bytes() -> None:
    """A receiver can tell a repeated message from a new one."""
    first: dict[bytes, bytes] = {}
    order = FeedOrder(hospital_make(), datetime(2026, 3, 2, tzinfo=UTC), 10, 3)
    resent = 0
    for event in feed_events(order, FeedParams(resent_share=0.1)):
        raw = message_write(event, SENDER)
        key = raw.split(b"|")[9]
        assert first.setdefault(key, raw) == raw
        resent += event.resent
    assert resent > 10


def test_letters_and_delimiters_survive() -> None:
    """A name with å and with a bar in it is read by others as it is."""
    raw = message_write(some_event(), SENDER)
    message = hl7.parse(raw.decode("utf-8"))
    assert str(message["MSH"][0][18]) == "UNICODE UTF-8"
    assert adt_read(raw, SenderRules()).subjects[0].family_name == "Åö|^&~\\Ström"
    assert b"\n" not in raw


@pytest.mark.parametrize(("hour", "text"), [(0, b"20261025023000+0200"), (1, b"20261025023000+0100")])
def test_the_hour_that_comes_twice_is_written_with_its_offset(hour: int, text: bytes) -> None:
    """Half past two on that night is two different moments."""
    at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    assert b"EVN|A01|" + text in message_write(some_event(recorded_at=at), SENDER)


def test_a_precaution_lifted_is_said_and_not_left_out() -> None:
    """Empty would mean unchanged."""
    event = some_event(code="A08")
    assert b"PV2" not in message_write(event, SENDER)
    lifted = event._replace(visit=event.visit._replace(precaution=""))
    assert message_write(lifted, SENDER).rstrip(b"\r").endswith(b'|""')


def test_an_identifier_can_not_be_taken_for_a_personnummer() -> None:
    """Everybody is invented, and the number says so."""
    for raw in messages_write(feed_events(FeedOrder(hospital_make(), AT, 2, 1)), SENDER):
        for segment in raw.decode().split("\r"):
            if segment.startswith("PID"):
                identifier = segment.split("|")[3]
                assert identifier[0] in "PBR"
                assert identifier.endswith("^^^FJALLHEM^PI")


def test_every_code_has_a_structure() -> None:
    """MSH-9.3 is in the standard's map for each event that the feed makes."""
    assert all(structure.startswith("ADT_A") for structure in STRUCTURES.values())
