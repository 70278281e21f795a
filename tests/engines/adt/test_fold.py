"""One event after the other: what each does to a stay, by the standard's and the contract's words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vardnara.engines.adt import Event, Fold, Place, Status, fold
from vardnara.engines.adt.check import check
from vardnara.engines.adt.explain import REASONS, explain

A, B, C = Place("K31", "1", "1"), Place("K31", "1", "2"), Place("M52", "4", "1")
T0 = datetime(2026, 3, 1, 8, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return T0 + timedelta(minutes=minutes)


class Visit:
    """Collects events, each recorded when it took effect unless said otherwise."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, code: str, minute: int, location: Place | None = None, **fields: object) -> Visit:
        recorded = fields.pop("recorded", minute)
        self.events.append(
            Event(
                serial=len(self.events) + 1,
                code=code,
                recorded_at=at(recorded),  # type: ignore[arg-type]
                effect_at=at(minute),
                location=location,
                **{"patient_class": "I", **fields},  # type: ignore[arg-type]
            )
        )
        return self

    def fold(self, *, by_visit: bool = True) -> Fold:
        return fold(self.events, by_visit=by_visit)


def lay(result: Fold) -> list[tuple[str, int, int | None]]:
    """Where the patient of the last stay lay: bed, from minute, to minute."""
    return [
        (
            segment.place.bed,
            round((segment.start - T0).total_seconds() / 60),
            None if segment.end is None else round((segment.end - T0).total_seconds() / 60),
        )
        for segment in result.stays[-1].segments
    ]


def outcome(result: Fold, serial: int) -> tuple[str, str]:
    return result.outcomes[serial].verdict.value, result.outcomes[serial].reason


def test_admit_move_discharge() -> None:
    """A01, A02, A03: the bed left is left for good at each step."""
    result = Visit().add("A01", 0, A).add("A02", 10, B, prior=A).add("A03", 20, B).fold()
    assert lay(result) == [("1", 0, 10), ("2", 10, 20)]
    assert [(left.place, left.at) for left in result.stays[0].left] == [(A, at(10)), (B, at(20))]
    assert result.stays[0].status is Status.ENDED
    assert result.stays[0].left_at == at(20)


def test_ordered_and_confirmed_discharge_leave_the_patient_in_bed() -> None:
    """Only physically left frees the bed (edge-2)."""
    result = Visit().add("A01", 0, A).add("A16", 5).add("CONFIRMED", 6).fold()
    stay = result.stays[0]
    assert lay(result) == [("1", 0, None)]
    assert (stay.discharge_ordered_at, stay.discharge_confirmed_at, stay.left) == (at(5), at(6), ())


def test_administrative_discharge_waits_for_the_tap() -> None:
    """A sender whose A03 is administrative: the tap at the bed says when the patient left (CONTRACT 1.4)."""
    visit = Visit().add("A01", 0, A).add("A03", 10, A, administrative=True)
    assert lay(visit.fold()) == [("1", 0, None)]
    assert visit.fold().stays[0].discharge_confirmed_at == at(10)
    assert lay(visit.add("LEFT", 25).fold()) == [("1", 0, 25)]


def test_tap_before_the_message() -> None:
    """The patient leaves at the tap; the A03 that follows moves nothing."""
    result = Visit().add("A01", 0, A).add("LEFT", 10).add("A03", 30, A).fold()
    assert lay(result) == [("1", 0, 10)]
    assert result.stays[0].left_at == at(10)
    assert len(result.stays[0].left) == 1


def test_discharge_cancelled_restores() -> None:
    """A13: the stay is open in the same bed since the same minute, and nobody left it (feat-A4)."""
    visit = Visit().add("A01", 0, A).add("A03", 20, A)
    result = visit.add("A13", 20, A, recorded=40).fold()
    assert lay(result) == [("1", 0, None)]
    assert result.stays[0].left == ()
    assert outcome(result, 2) == ("applied", "cancelled")


def test_transfer_cancelled_returns_to_the_bed_before() -> None:
    """A12."""
    result = Visit().add("A01", 0, A).add("A02", 10, B).add("A12", 10, A, recorded=15).fold()
    assert lay(result) == [("1", 0, None)]


def test_cancel_with_later_events_is_parked() -> None:
    """CONTRACT 1.5: A11 after the patient was moved is for a person."""
    result = Visit().add("A01", 0, A).add("A02", 10, B).add("A11", 0, A, recorded=15).fold()
    assert outcome(result, 3) == ("parked", "later_events")
    assert lay(result) == [("1", 0, 10), ("2", 10, None)]


def test_cancel_that_comes_before_its_event() -> None:
    """Parked on arrival, applied when the older event arrives."""
    visit = Visit().add("A11", 0, A, recorded=15)
    assert outcome(visit.fold(), 1) == ("parked", "nothing_to_cancel")
    result = visit.add("A01", 0, A).fold()
    assert outcome(result, 1) == ("applied", "")
    assert result.stays[-1].status is Status.CANCELLED
    assert lay(result) == []


def test_admission_cancelled_then_admitted_again() -> None:
    """The UCLH CancelAdmit sequence in small: one visit, one stay, the cancelled bed never used."""
    result = Visit().add("A01", 0, A).add("A11", 0, A, recorded=5).add("A01", 30, B).add("A03", 60, B).fold()
    assert len(result.stays) == 1
    assert lay(result) == [("2", 30, 60)]


def test_late_older_event_corrects_history() -> None:
    """A move that is told after the discharge appears where it belongs; the patient stays discharged."""
    result = Visit().add("A01", 0, A).add("A03", 60, B).add("A02", 30, B, prior=A, recorded=30).fold()
    assert lay(result) == [("1", 0, 30), ("2", 30, 60)]
    assert result.stays[0].status is Status.ENDED


def test_registered_patient_lies_in_no_bed() -> None:
    """A04: no bed (H-20); A06 gives one, A07 takes it away again and leaves it dirty."""
    visit = Visit().add("A04", 0, A, patient_class="O")
    assert (lay(visit.fold()), visit.fold().stays[0].needs_place) == ([], False)
    result = visit.add("A06", 10, B).fold()
    assert (lay(result), result.stays[0].needs_place) == ([("2", 10, None)], True)
    result = visit.add("A07", 20, B, patient_class="O").fold()
    assert (lay(result), result.stays[0].needs_place) == ([("2", 10, 20)], False)
    assert [left.place for left in result.stays[0].left] == [B]


def test_leave_keeps_the_bed() -> None:
    """A21, A22, and their cancels A52, A53."""
    visit = Visit().add("A01", 0, A).add("A21", 10, A, leave_until=at(600))
    stay = visit.fold().stays[0]
    assert (stay.on_leave_since, stay.leave_until, lay(visit.fold())) == (at(10), at(600), [("1", 0, None)])
    assert visit.add("A22", 50, A).fold().stays[0].on_leave_since is None
    assert visit.add("A53", 50, A, recorded=55).fold().stays[0].on_leave_since == at(10)
    assert visit.add("A52", 10, A, recorded=60).fold().stays[0].on_leave_since is None


def test_pending_events_are_forecasts_only() -> None:
    """A05, A14, A15, A16 move nobody; A27, A26, A25 and A38 take them back."""
    result = Visit().add("A05", 0, A).fold()
    assert (result.stays[0].status, result.stays[0].pending, lay(result)) == (Status.EXPECTED, A, [])
    assert Visit().add("A14", 0, A).add("A27", 0, A, recorded=5).fold().stays == ()
    visit = Visit().add("A01", 0, A).add("A15", 10, A, pending=C)
    assert visit.fold().stays[0].pending == C
    assert visit.add("A26", 10, A, recorded=12).fold().stays[0].pending is None
    assert (
        Visit().add("A01", 0, A).add("A16", 9).add("A25", 9, recorded=11).fold().stays[0].discharge_ordered_at is None
    )


def test_first_heard_of_in_the_middle() -> None:
    """A transfer of an unknown visit opens the stay, and the bed that it came from was left."""
    result = Visit().add("A02", 10, B, prior=A, admitted_at=at(-500)).fold()
    stay = result.stays[0]
    assert (lay(result), stay.admitted_at) == ([("2", 10, None)], at(-500))
    assert [left.place for left in stay.left] == [A]


def test_discharge_of_an_unknown_visit() -> None:
    """The stay is over and its bed was left: somebody must clean it."""
    stay = Visit().add("A03", 10, A).fold().stays[0]
    assert (stay.status, stay.segments, [left.place for left in stay.left]) == (Status.ENDED, (), [A])


def test_discharge_in_the_minute_of_the_admission() -> None:
    """A bed held for no time that the clock can tell is cleaned all the same; a later return changes nothing."""
    visit = Visit().add("A01", 0, A).add("A03", 0, A)
    assert [left.place for left in visit.fold().stays[0].left] == [A]
    visit.add("A01", 30, B)
    assert check(visit.events, visit.fold()) == ()


def test_announced_visit_takes_no_bed_by_a_return_from_leave() -> None:
    """A05 and then A22: nobody was admitted, so nobody returns."""
    result = Visit().add("A05", 0, A).add("A22", 10, A).fold()
    assert (result.stays[0].status, lay(result), outcome(result, 2)) == (
        Status.EXPECTED,
        [],
        ("ignored", "not_admitted"),
    )


def test_voided_visit() -> None:
    """A23."""
    result = Visit().add("A01", 0, A).add("A23", 10, A).fold()
    assert (result.stays[0].status, lay(result), result.stays[0].left) == (Status.CANCELLED, [], ())


def test_second_admission_of_a_patient_without_visit_numbers() -> None:
    """Each admission is a stay of its own; with a visit number it reopens the visit."""
    visit = Visit().add("A01", 0, A).add("A03", 10, A).add("A01", 100, B)
    assert [stay.status for stay in visit.fold(by_visit=False).stays] == [Status.ENDED, Status.OPEN]
    assert [stay.status for stay in visit.fold(by_visit=True).stays] == [Status.OPEN]


def test_update_moves_nobody_but_warns() -> None:
    """A08 with another bed than the one known."""
    result = Visit().add("A01", 0, A).add("A08", 10, B).fold()
    assert (lay(result), result.stays[0].warnings) == ([("1", 0, None)], ("location_differs",))


def test_ward_without_bed_needs_a_place() -> None:
    """Edge-4: a corridor or a ward is no bed place, and the patient is not lost for it."""
    stay = Visit().add("A01", 0, Place("K31")).fold().stays[0]
    assert (stay.segments, stay.needs_place, stay.location) == ((), True, Place("K31"))


def test_person_may_lower_contagion_and_the_same_flag_does_not_raise_it_again() -> None:
    """C-17: messages only raise; what a person set stands until a message says something new."""
    visit = Visit().add("A01", 0, A, contagion="C").add("CONTAGION", 5, contagion="A").add("A08", 9, A, contagion="C")
    assert visit.fold().stays[0].contagion == "A"
    assert visit.add("A08", 12, A, contagion="D").fold().stays[0].contagion == "D"


def test_payload_round_trip() -> None:
    """A stored event reads back as it was."""
    event = Visit().add("A02", 3, B, prior=A, pending=C, leave_until=at(9), contagion="", administrative=True).events[0]
    assert Event.from_payload(1, "A02", event.recorded_at, event.effect_at, event.to_payload()) == event


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_reasons_are_explained(reason: str) -> None:
    """A person at the inbox reads a sentence, not a code."""
    assert explain(reason).count(" ") >= 3


def test_a_cancelled_return_as_first_event_is_a_patient_on_leave() -> None:
    """A53 says two things: where the patient belongs, and that it is not there (H-20)."""
    visit = Visit().add("A53", 50, A, recorded=55, leave_until=at(600))
    stay = visit.fold().stays[0]
    assert (stay.status, stay.on_leave_since, stay.leave_until) == (Status.OPEN, at(50), at(600))
    assert lay(visit.fold()) == [("1", 50, None)]
    assert visit.add("A22", 80, A).fold().stays[0].on_leave_since is None
    assert visit.add("A53", 80, A, recorded=85).fold().stays[0].on_leave_since == at(50)


def test_a_leave_that_was_never_seen_can_be_cancelled() -> None:
    """A52 after such an A53: the patient never went, whatever time the unseen A21 had."""
    result = Visit().add("A53", 50, A, recorded=55).add("A52", 10, A, recorded=60).fold()
    assert (result.stays[0].on_leave_since, lay(result)) == (None, [("1", 50, None)])
    assert [outcome(result, serial) for serial in (1, 2)] == [("applied", ""), ("applied", "")]


def test_the_stated_time_of_discharge_is_kept_beside_the_effect_and_moves_nothing() -> None:
    """PV1-45 is when somebody was discharged; when the bed was left is EVN-6, else EVN-2 (CONTRACT 1.2)."""
    visit = Visit().add("A01", 0, A).add("A03", 60, A, discharged_at=at(45))
    stay = visit.fold().stays[0]
    assert (stay.discharged_at, stay.left_at, lay(visit.fold())) == (at(45), at(60), [("1", 0, 60)])
    assert visit.add("A08", 90, A, discharged_at=at(40)).fold().stays[0].discharged_at == at(40)
    assert visit.add("A13", 60, A, recorded=95).fold().stays[0].discharged_at is None


def test_without_a_stated_time_the_discharge_is_its_effect() -> None:
    """An update before any discharge says nothing of one."""
    visit = Visit().add("A01", 0, A).add("A08", 5, A, discharged_at=at(4))
    assert visit.fold().stays[0].discharged_at is None
    assert visit.add("A03", 60, A).fold().stays[0].discharged_at == at(60)


def test_a_place_that_another_sender_wrote_is_the_same_by_name_and_another_to_look_up() -> None:
    """CONTRACT 1.7: words are compared as words, and looked up as their sender's."""
    mine, theirs = (Event.from_payload(1, "A01", T0, T0, {"location": list(A), "sender": n}).location for n in (7, 8))
    assert mine is not None and theirs is not None
    assert mine[:3] == theirs[:3] and list(mine) == list(A) and (str(mine), mine.is_bed) == (str(A), True)
    assert len({mine, theirs, A}) == 3 and mine != A != theirs
    assert Event.from_payload(1, "A01", T0, T0, {"location": list(A)}).location == A
