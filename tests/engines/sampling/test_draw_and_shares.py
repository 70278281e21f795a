"""Questions at random times, and shares that say how sure they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.sampling import (
    Category,
    DrawOrder,
    SampleOrder,
    SamplingParams,
    prompts_draw,
    samples_estimate,
    wilson_interval,
)
from vardnara.engines.sampling.check import draw_faults, sample_faults
from vardnara.engines.sampling.explain import samples_text

SEVEN = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)


def shift(minutes: int = 540, n: int = 4) -> DrawOrder:
    return DrawOrder(SEVEN, SEVEN + timedelta(minutes=minutes), n)


@given(st.integers(1, 800), st.integers(0, 6), st.integers())
def test_times_keep_to_the_shift_and_to_the_gap(minutes: int, n: int, seed: int) -> None:
    """Never more than allowed, never two near each other, none that would outlast the shift; the same seed the same."""
    order = shift(minutes, n)
    times = prompts_draw(order, Random(seed))
    assert draw_faults(times, order) == ()
    assert times == prompts_draw(order, Random(seed)) == tuple(sorted(times))
    assert len(times) == min(n, max(0, (minutes - 10) // 20 + 1 if minutes >= 10 else 0))


def test_no_time_of_the_shift_is_asked_about_more_than_another() -> None:
    """One question a shift, ten thousand shifts: each tenth of the shift gets its tenth (chi-square, 9 degrees)."""
    draw, counts = Random(5), [0] * 10
    for _ in range(10_000):
        (time,) = prompts_draw(shift(510, 1), draw)
        counts[int((time - SEVEN).total_seconds() / (500 * 60) * 10)] += 1
    assert sum((count - 1000) ** 2 / 1000 for count in counts) < 27.9  # one chance in a thousand


def test_wilson_agrees_with_published_intervals() -> None:
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for n_yes, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)):
        assert wilson_interval(n_yes, n, 0.95) == pytest.approx((low, high), abs=5e-5)
    assert wilson_interval(1, 29, 0.95) == pytest.approx((0.0061, 0.1718), abs=5e-5)
    assert wilson_interval(20, 20, 0.95)[1] == 1.0


answers = st.dictionaries(st.sampled_from(list(Category)), st.integers(0, 200))


@given(answers, st.integers(0, 50), st.integers(0, 50), st.floats(1, 900), st.floats(0, 30))
def test_the_judge_counts_the_same(given_answers, declined: int, missed: int, minutes: float, staff: float) -> None:
    """By halving intervals; shares add up to one."""
    order = SampleOrder(given_answers, declined, missed, minutes, staff)
    found = samples_estimate(order)
    assert sample_faults(found, order) == ()
    assert not found.shares or sum(one.share for one in found.shares) == pytest.approx(1)


def test_too_few_answers_say_so() -> None:
    """Twenty-nine are too few, thirty are not; and those who did not answer are counted."""
    few = samples_estimate(SampleOrder({Category.SERVICE: 29}, 1, 10, 540, 8))
    assert few.few and few.service is None and (few.n_asked, few.n_answered) == (40, 29)
    assert samples_text(few) == "too few answers yet: 29 of 30"
    assert not samples_estimate(SampleOrder({Category.SERVICE: 30}, 0, 0, 540, 8)).few


def test_minutes_are_share_times_staff_times_shift() -> None:
    """A quarter of 8 people's 540 minutes."""
    found = samples_estimate(SampleOrder({Category.SERVICE: 25, Category.DIRECT_CARE: 75}, 20, 5, 540, 8))
    service = found.service
    assert service is not None and service.minutes == 1080
    assert (round(service.minutes_low), round(service.minutes_high)) == (758, 1482)
    assert found.answered_share == 0.8
    assert samples_text(found).startswith("service work 25% (18% to 34%) of 100 answers: 1080 minutes")


def test_what_makes_no_sense_is_refused() -> None:
    for wrong in (
        lambda: shift(0),
        lambda: shift(n=7),
        lambda: SampleOrder({Category.SERVICE: -1}, 0, 0, 540, 8),
        lambda: SampleOrder({}, 0, 0, 0, 8),
        lambda: SamplingParams(gap_minutes=5, open_minutes=10),
    ):
        with pytest.raises(ValueError):
            wrong()
