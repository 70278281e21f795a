"""The ladder's promises, for ladders and histories that Hypothesis makes up, judged by a walk along the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.engines.escalation import Level, Order, Outcome, Past, Standing, escalation_plan
from vardnara.engines.escalation.check import plan_faults
from vardnara.kernel.time_window import TimeWindow

STARTS = [
    datetime(2026, 3, 5, 21, 10, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # the hour that is missing
    datetime(2026, 10, 25, 0, 15, tzinfo=UTC),  # the hour that comes twice
]
HOURS = [TimeWindow(), TimeWindow(420, 1320), TimeWindow(1320, 420), TimeWindow(150, 165), TimeWindow(0, 150)]
levels = st.builds(
    Level,
    targets=st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(tuple),
    wait_minutes=st.integers(0, 30),
    retries=st.integers(0, 3),
    retry_minutes=st.integers(1, 20),
    hours=st.sampled_from(HOURS),
)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """A ladder that has been looked at now and then: its past is what the looks made, with an outcome each."""
    begins_at = draw(st.sampled_from(STARTS))
    ladder = tuple(draw(st.lists(levels, max_size=4)))
    order, now = Order(ladder, begins_at, begins_at), begins_at
    for wait in draw(st.lists(st.integers(0, 90), max_size=6)):
        outcomes = st.sampled_from(list(Outcome))
        made = tuple(
            Past(send.level, send.turn, send.target, draw(outcomes), now)
            for send in escalation_plan(replace(order, now=now)).send
        )
        now += timedelta(minutes=wait)
        order = replace(order, past=order.past + made, now=now)
    return order


@settings(deadline=None, max_examples=200)
@given(orders())
def test_the_walk_along_the_clock_agrees(order: Order) -> None:
    """Never the same message twice, never silence while the condition stands and something is left to tell."""
    assert plan_faults(escalation_plan(order), order) == ()


@given(orders(), st.booleans())
def test_an_answer_or_a_cleared_condition_stops_it(order: Order, answered: bool) -> None:
    """Whatever was left to tell is not told any more."""
    stopped = replace(order, **{"acknowledged_at" if answered else "cleared_at": order.now})
    plan = escalation_plan(stopped)
    assert plan.send == () and plan.next_look_at is None
    assert plan.standing is (Standing.ACKNOWLEDGED if answered else Standing.CLEARED)


@given(orders(), st.randoms())
def test_the_order_of_history_does_not_matter(order: Order, chance) -> None:
    mixed = list(order.past)
    chance.shuffle(mixed)
    assert escalation_plan(replace(order, past=tuple(mixed))) == escalation_plan(order)


@given(orders())
def test_asked_again_at_once_nothing_more_is_sent(order: Order) -> None:
    """What was made is in the history; the same moment asks for nothing else."""
    plan = escalation_plan(order)
    made = tuple(Past(send.level, send.turn, send.target, Outcome.WAITING, order.now) for send in plan.send)
    assert escalation_plan(replace(order, past=order.past + made)).send == ()
