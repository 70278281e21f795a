"""A ladder of a hospital at night, told by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vardnara.engines.escalation import (
    Level,
    Order,
    Outcome,
    Past,
    Standing,
    escalation_plan,
    timeline_explain,
)
from vardnara.engines.escalation.check import plan_faults
from vardnara.engines.escalation.result import Send
from vardnara.kernel.errors import InputError
from vardnara.kernel.local_time import STOCKHOLM
from vardnara.kernel.time_window import TimeWindow

AT = datetime(2026, 3, 5, 21, 10, tzinfo=UTC)  # 22:10 on the ward
LADDER = (
    Level(("coordinator",), 10, retries=2, retry_minutes=5),
    Level(("head",), 15, hours=TimeWindow(420, 1320)),
    Level(("on-call",), 15),
)


def clock(at: datetime) -> str:
    return at.astimezone(STOCKHOLM).strftime("%d %H:%M")


def told(levels: tuple[Level, ...], begins_at: datetime) -> list[tuple[str, str, int]]:
    order = Order(levels, begins_at, begins_at)
    return [(clock(one.at), levels[one.send.level].targets[0], one.send.turn) for one in timeline_explain(order)]


def test_a_night_in_words() -> None:
    """The head sleeps until seven: whoever is on call is told in her place, and she is told in the morning."""
    assert told(LADDER, AT) == [
        ("05 22:10", "coordinator", 0),
        ("05 22:15", "coordinator", 1),
        ("05 22:20", "coordinator", 2),
        ("05 22:20", "on-call", 0),
        ("06 07:00", "head", 0),
    ]


def test_a_receiver_that_cannot_be_reached_is_not_waited_for() -> None:
    past = (Past(0, 0, "coordinator", Outcome.FAILED, AT + timedelta(minutes=1)),)
    plan = escalation_plan(Order(LADDER, AT, AT + timedelta(minutes=1), past))
    assert plan.send == (Send(2, 0, "on-call"),)


def test_a_level_without_anybody_is_passed_at_once() -> None:
    plan = escalation_plan(Order((Level((), 30), Level(("head",), 5)), AT, AT))
    assert plan.send == (Send(1, 0, "head"),)


def test_a_late_look_tells_each_once() -> None:
    """A worker that was away for an hour does not empty its pockets over people."""
    plan = escalation_plan(Order(LADDER, AT, AT + timedelta(hours=1)))
    assert plan.send == (Send(0, 2, "coordinator"), Send(2, 0, "on-call"))


def test_the_end_of_the_ladder_is_said() -> None:
    past = (Past(0, 0, "x", Outcome.DELIVERED, AT),)
    plan = escalation_plan(Order((Level(("x",), 5),), AT, AT + timedelta(minutes=5), past))
    assert plan.standing is Standing.EXHAUSTED and plan.next_look_at is None


@pytest.mark.parametrize(
    ("begins_at", "hours", "expected"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), TimeWindow(150, 180), "30 02:30"),  # 02:30 does not come that night
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), TimeWindow(120, 240), "29 03:00"),
        (datetime(2026, 10, 25, 1, 5, tzinfo=UTC), TimeWindow(120, 150), "25 02:05"),  # the second 02:05
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), TimeWindow(180, 240), "25 03:00"),
    ],
)
def test_hours_are_those_of_the_clock_when_it_is_changed(begins_at: datetime, hours: TimeWindow, expected: str) -> None:
    assert told((Level(("x",), 5, hours=hours),), begins_at) == [(expected, "x", 0)]


def test_the_judge_sees_what_is_wrong() -> None:
    order = Order(LADDER, AT, AT)
    plan = escalation_plan(order)
    assert plan_faults(plan, order) == ()
    object.__setattr__(plan, "send", ())
    assert plan_faults(plan, order)
    object.__setattr__(plan, "send", (Send(0, 0, "coordinator"), Send(1, 0, "head")))
    assert plan_faults(plan, order)


@pytest.mark.parametrize("level", [Level(("x",), -1), Level(("x",), 5, retries=11), Level(("x",), 5, retry_minutes=0)])
def test_a_ladder_that_cannot_be_is_refused(level: Level) -> None:
    with pytest.raises(InputError):
        Order((level,), AT, AT)
