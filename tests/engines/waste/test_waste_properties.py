"""Whatever the histories are: one cause for what was wasted, none for what was not, and order does not matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.waste import BedKind, BedStep, Cause, Fast, Meal, OrderKind, OrderStep, Said, waste_settle
from vardnara.engines.waste.check import finding_faults

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
instants = st.integers(-90, 20).map(lambda n: NOON + timedelta(minutes=n))
reasons = st.sampled_from(["", "not_wanted", "unsafe", "gone", "too_late", "wrong_patient", "nothing_fits", *Cause])
histories = st.lists(st.tuples(instants, st.sampled_from([*OrderKind, "packed"]), reasons), max_size=8).map(
    lambda rows: tuple(OrderStep(at, number, kind, reason) for number, (at, kind, reason) in enumerate(rows))
)
wards = st.sampled_from([None, 7, 8])
beds = st.lists(
    st.builds(BedStep, instants, instants, st.sampled_from(BedKind), st.just("record"), wards, st.none() | instants),
    max_size=5,
    unique=True,
)
fasts = st.lists(st.builds(Fast, instants, st.none() | instants, instants, st.just("fast")), max_size=2)
notes = st.builds(
    lambda n, untouched, cause: Said(NOON, "note", n, untouched and not n, cause if n < 4 else None),
    st.integers(0, 4),
    st.booleans(),
    st.none() | st.sampled_from(Cause),
)  # fmt: skip
STATES = ["open", "held", "substitute", "ticketed", "sent", "served", "stopped", "cancelled"]


@st.composite
def meals(draw: st.DrawFn) -> Meal:
    limit = NOON - timedelta(minutes=draw(st.sampled_from([0, 30, 60])))
    bed = tuple(draw(beds))
    bed = tuple(one for n, one in enumerate(bed) if all(one.at != other.at for other in bed[:n]))
    return Meal(
        1, 7, NOON, limit, draw(st.sampled_from(STATES)), draw(histories), bed, tuple(draw(fasts)),
        draw(st.none() | notes),
    )  # fmt: skip


@given(meals(), st.randoms(use_true_random=False))
def test_every_wasted_portion_has_exactly_one_cause(meal: Meal, chance: Random) -> None:
    """The judge, who reasons on its own, finds no fault; events in another order, or twice, change nothing."""
    found = waste_settle(meal)
    assert finding_faults(meal, found) == ()
    assert (found.cause is not None) == (found.quarters > 0)
    if meal.said is not None and meal.said.quarters == 4:
        assert found.cause is None
    mixed, bed = [*meal.steps, *meal.steps], list(meal.bed)
    chance.shuffle(mixed)
    chance.shuffle(bed)
    again = Meal(
        1, 7, meal.serves_at, meal.act_until, meal.state, tuple(mixed), tuple(bed), meal.fasts[::-1], meal.said
    )
    assert waste_settle(again) == found
