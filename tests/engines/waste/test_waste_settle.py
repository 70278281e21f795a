"""Portions one by one: what was wasted, and which of the list's causes it gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vardnara.engines.waste import (
    BedKind,
    BedStep,
    Cause,
    Extent,
    Fast,
    Finding,
    Meal,
    OrderStep,
    Said,
    Side,
    Sure,
    Timing,
    finding_text,
    waste_settle,
)
from vardnara.engines.waste.check import finding_faults

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)  # served; the kitchen can act until half an hour before


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def steps(*said: tuple[int, str] | tuple[int, str, str]) -> tuple[OrderStep, ...]:
    return tuple(OrderStep(at(one[0]), number, *one[1:]) for number, one in enumerate(said))


ADMITTED = BedStep(at(-3000), at(-3000), BedKind.ADMITTED, "record:1", ward=7)
TRAY = ((-300, "placed"), (-20, "ticketed"), (-10, "sent"))
MEAL = Meal(1, 7, NOON, at(-30), "sent", steps(*TRAY), bed=(ADMITTED,))


def judged(meal: Meal) -> Finding:
    found = waste_settle(meal)
    assert finding_faults(meal, found) == ()
    assert finding_text(found)
    return found


def gone(when: int, known: int) -> BedStep:
    return BedStep(at(when), at(known), BedKind.DISCHARGED, "record:9")


@pytest.mark.parametrize(
    ("when", "known", "cause", "timing", "fact"),
    [
        (-60, -50, Cause.LATE, Timing.IN_TIME, Cause.DISCHARGED),
        (-60, -15, Cause.DISCHARGED, Timing.TOLD_LATE, None),
        (-20, -20, Cause.DISCHARGED, Timing.AFTER_LIMIT, None),
        (-30, -30, Cause.DISCHARGED, Timing.AFTER_LIMIT, None),
        (-31, -30, Cause.DISCHARGED, Timing.TOLD_LATE, None),
    ],
)
def test_a_discharge_counts_by_when_it_was_known(
    when: int, known: int, cause: Cause, timing: Timing, fact: Cause | None
) -> None:
    """Known before the kitchen's limit it is a late cancel; the limit itself is too late (half-open)."""
    found = judged(replace(MEAL, bed=(ADMITTED, gone(when, known))))
    assert (found.cause, found.timing, found.fact, found.sure) == (cause, timing, fact, Sure.JOINED)
    assert (found.extent, found.side, found.quarters) == (Extent.WHOLE, Side.WARD, 4)
    assert [(one.ref, one.at, one.known_at) for one in found.evidence] == [("record:9", at(when), at(known))]


def test_what_came_first_is_the_cause() -> None:
    """A tray stopped for an allergy is not wasted by the discharge after it, nor the other way round."""
    stopped = steps(*TRAY[:2], (-15, "stopped", "wrong_diet"))
    meal = replace(MEAL, state="stopped", steps=stopped, bed=(ADMITTED, gone(-5, -5)))
    found = judged(meal)
    assert (found.cause, found.side, found.timing) == (Cause.WRONG_DIET, Side.KITCHEN, None)
    found = judged(replace(meal, bed=(ADMITTED, gone(-25, -16))))
    assert (found.cause, found.timing) == (Cause.DISCHARGED, Timing.AFTER_LIMIT)


def test_taken_back_in_time_is_no_waste() -> None:
    """What the kitchen need not cook is not thrown away; one minute later it is a late cancel."""
    back = replace(MEAL, state="cancelled", steps=steps((-300, "placed"), (-40, "cancelled", "not_wanted")))
    assert judged(back) == Finding(Extent.NONE, 0, noted=True, cooked=False)
    late = judged(replace(back, steps=steps((-300, "placed"), (-30, "cancelled", "not_wanted"))))
    assert (late.cause, late.side, late.timing) == (Cause.LATE, Side.KITCHEN, None)
    early = replace(back, state="stopped", steps=steps((-300, "placed"), (-60, "ticketed"), (-40, "stopped", "moved")))
    assert judged(early).extent is Extent.NONE


def test_a_packed_tray_is_food_before_the_limit_too() -> None:
    """A ticket alone, made early, cooks nothing; what stands on a tray that is stopped is waste with its cause."""
    early = ((-300, "placed"), (-120, "ticketed"), (-60, "stopped", "wrong_diet"))
    assert not judged(replace(MEAL, state="stopped", steps=steps(*early))).cooked
    for done in ("packed", "checked"):
        packed = (*early[:2], (-90, done), early[2])
        found = judged(replace(MEAL, state="stopped", steps=steps(*packed)))
        assert (found.cause, found.extent, found.side) == (Cause.WRONG_DIET, Extent.WHOLE, Side.KITCHEN)


def test_a_late_tray_is_food_from_its_ticket_on() -> None:
    """Ordered after the limit and taken back before the ticket is nothing; after it, it is waste."""
    before = replace(MEAL, state="cancelled", steps=steps((-25, "placed"), (-20, "cancelled", "not_wanted")))
    assert judged(before).extent is Extent.NONE
    at_limit = replace(MEAL, state="open", steps=steps((-30, "placed")), bed=(ADMITTED, gone(-5, -5)))
    assert judged(at_limit).cause is Cause.DISCHARGED
    after = replace(MEAL, state="stopped", steps=steps((-25, "placed"), (-20, "ticketed"), (-9, "stopped", "kitchen")))
    assert judged(after).cause is Cause.KITCHEN


def test_who_ate_was_there() -> None:
    """Records that deny the eater stand as a contradiction; the rest gets the person's cause, else none is known."""
    said = Said(at(60), "intake:1", 3, cause=Cause.WRONG_PORTION)
    meal = replace(MEAL, state="served", bed=(ADMITTED, gone(-60, -50)), said=said)
    found = judged(meal)
    assert (found.extent, found.quarters, found.cause, found.sure) == (Extent.PART, 1, Cause.WRONG_PORTION, Sure.SAID)
    assert found.contradicted
    found = judged(replace(meal, said=replace(said, cause=None), bed=(ADMITTED,)))
    assert (found.cause, found.sure, found.contradicted) == (Cause.OTHER, Sure.UNKNOWN, False)


def test_a_persons_word_stands_beside_the_records() -> None:
    """The records decide where both speak, and the difference is shown."""
    said = Said(at(60), "intake:1", 0, untouched=True, cause=Cause.DISLIKED)
    found = judged(replace(MEAL, state="served", bed=(ADMITTED, gone(-5, 5)), said=said))
    assert (found.cause, found.said, found.contradicted, found.untouched) == (
        Cause.DISCHARGED,
        Cause.DISLIKED,
        True,
        True,
    )
    alone = judged(replace(MEAL, state="served", said=said))
    assert (alone.cause, alone.sure, alone.contradicted) == (Cause.DISLIKED, Sure.SAID, False)


def test_nobody_noted_anything() -> None:
    """Where the eater was there and nobody noted the eating, nothing is counted, and that is said."""
    assert judged(MEAL) == Finding(Extent.NONE, 0, noted=False)
    assert judged(replace(MEAL, state="served")).noted is False
    assert judged(replace(MEAL, state="served", said=Said(at(60), "intake:1", 4))).noted


def test_leave_fasting_and_moves() -> None:
    """Each joined from its own history, and only while it holds at serving."""
    leave = BedStep(at(-100), at(-20), BedKind.LEAVE, "record:4", until=at(30))
    assert judged(replace(MEAL, bed=(ADMITTED, leave))).cause is Cause.AWAY
    assert not judged(replace(MEAL, bed=(ADMITTED, replace(leave, until=at(0))))).quarters
    assert not judged(replace(MEAL, bed=(ADMITTED, leave, BedStep(at(-9), at(-9), BedKind.BACK, "r")))).quarters
    fast = Fast(at(-25), at(100), at(-26), "restriction:2")
    assert judged(replace(MEAL, fasts=(fast,))).cause is Cause.FASTING
    assert not judged(replace(MEAL, fasts=(replace(fast, until=at(0)),))).quarters
    move = BedStep(at(-12), at(-11), BedKind.MOVED, "occupancy:5", ward=8)
    assert judged(replace(MEAL, bed=(ADMITTED, move))).cause is Cause.MOVED
    assert not judged(replace(MEAL, ward=8, bed=(ADMITTED, move))).quarters
    planned = judged(replace(MEAL, fasts=(replace(fast, at=at(-5), known_at=at(-500)),)))
    assert (planned.cause, planned.fact, planned.timing) == (Cause.LATE, Cause.FASTING, Timing.IN_TIME)
    back = Said(at(60), "intake:1", 0, untouched=True)
    followed = steps(*TRAY, (-8, "moved"))
    assert judged(replace(MEAL, state="served", steps=followed, said=back)).cause is Cause.MOVED
    assert not judged(replace(MEAL, state="sent", steps=followed)).quarters


def test_refused_at_scanning() -> None:
    """What a scan refuses for good is a cause; a wrong bed wastes nothing, nor does what was served after all."""
    scans = (*TRAY, (-8, "refused", "wrong_patient"), (-5, "refused", "unsafe"))
    stopped = judged(replace(MEAL, state="stopped", steps=steps(*scans, (-4, "stopped", "kitchen"))))
    assert (stopped.cause, stopped.side) == (Cause.WRONG_DIET, Side.WARD)
    assert judged(replace(MEAL, steps=steps(*scans))).cause is Cause.WRONG_DIET
    assert not judged(replace(MEAL, steps=steps(*scans[:-1]))).quarters
    late = judged(replace(MEAL, steps=steps(*TRAY, (70, "refused", "held_too_long"))))
    assert (late.cause, late.sure) == (Cause.KITCHEN, Sure.JOINED)
    untouched = Said(at(60), "intake:1", 0, untouched=True)
    served = steps(*TRAY, (-5, "refused", "fasting"), (5, "served"))
    assert judged(replace(MEAL, state="served", steps=served, said=untouched)).cause is Cause.OTHER


def test_what_came_back_unserved_is_waste() -> None:
    """Nobody noted anything, and nobody got it either; of one that was served nothing is known."""
    back = steps(*TRAY, (90, "returned"))
    found = judged(replace(MEAL, steps=back))
    assert (found.quarters, found.cause, found.sure) == (4, Cause.OTHER, Sure.UNKNOWN)
    assert not judged(replace(MEAL, state="served", steps=back)).noted


def test_back_again_is_not_gone() -> None:
    """A discharge that was followed by a new admission, and one after the meal, are no causes."""
    again = BedStep(at(-40), at(-40), BedKind.ADMITTED, "record:10", ward=7)
    assert not judged(replace(MEAL, bed=(ADMITTED, gone(-60, -60), again))).quarters
    assert not judged(replace(MEAL, bed=(ADMITTED, gone(1, 1)))).quarters


def test_impossible_input_is_refused() -> None:
    """More than a portion, eaten and untouched, all eaten with a cause, a limit after the meal."""
    for words in ((5,), (1, True), (4, False, Cause.OTHER)):
        with pytest.raises(ValueError, match=r"quarter|untouched|eaten"):
            Said(NOON, "x", *words)
    with pytest.raises(ValueError, match="can act"):
        replace(MEAL, act_until=at(1))
