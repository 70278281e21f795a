"""Each rule on the nonsense that it is for, and on the truth that it must leave alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.strategies.durations import plain_works

from vardnara.engines.durations import (
    Dimension,
    DurationOrder,
    DurationParams,
    Rule,
    Spell,
    Wait,
    WaitOrder,
    Work,
    durations_estimate,
    norms_propose,
    waits_estimate,
)
from vardnara.engines.durations.check import duration_faults
from vardnara.engines.durations.explain import removed_text, rule_text

NINE = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)  # 09:00 on the ward
LATE = datetime(2026, 3, 5, 22, 50, tzinfo=UTC)  # 23:50


def work(key: int, start: datetime, seconds: float, *, worker: int = 1, norm: float | None = None, **more) -> Work:
    end = start + timedelta(seconds=seconds)
    return Work(key, "clean", "K1", end, (Spell(worker, start, end, **more),), norm)


def removed(*works: Work) -> dict[Rule, int]:
    order = DurationOrder(works)
    found = durations_estimate(order)
    assert duration_faults(found, order) == ()
    assert found.n_kept + sum(found.removed.values()) == len(works)
    return dict(found.removed)


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (Work(1, "clean", "K1", NINE, ()), Rule.NO_SPELL),
        (work(1, NINE, -1), Rule.BACKWARDS),
        (work(1, NINE, 5 * 20 * 60 + 1, norm=20), Rule.FAR_BEYOND_NORM),
        (work(1, NINE, 5 * 20 * 60, norm=20), None),
        (work(1, NINE, 34 * 60, norm=4), None),  # 8 times a short norm is no proof of anything
        (work(1, NINE, 34 * 60 + 1, norm=4), Rule.FAR_BEYOND_NORM),
        (work(1, NINE, 240 * 60 + 1), Rule.FAR_BEYOND_NORM),
        (work(1, NINE, 60 * 60, shift_ends_at=NINE + timedelta(minutes=29)), Rule.OVER_SHIFT_END),
        (work(1, NINE, 60 * 60, shift_ends_at=NINE + timedelta(minutes=30)), None),
        (work(1, NINE, 60 * 60, shift_ends_at=NINE), None),  # overtime, begun after the shift
        (work(1, LATE, 60 * 60), None),
        (work(1, LATE, 60 * 60 + 1), Rule.OVER_MIDNIGHT),
        (work(1, NINE, 19), Rule.TOO_SHORT),
        (work(1, NINE, 20), None),
    ],
)
def test_a_rule_takes_what_it_is_for_and_no_more(one: Work, rule: Rule | None) -> None:
    """One second, or one minute, decides; what is taken is counted under its name."""
    assert removed(one) == ({rule: 1} if rule else {})


def test_a_batch_at_the_end_of_the_shift_is_no_measurement() -> None:
    """Three ticked off within a minute of each other, each begun just before; two are left alone."""
    ticks = [work(number, NINE + timedelta(seconds=50 * number), 40) for number in range(3)]
    assert removed(*ticks) == {Rule.FINISHED_IN_BATCH: 3}
    assert removed(*ticks[:2]) == {}
    other = [work(number, one.spells[0].start_at, 40, worker=number) for number, one in enumerate(ticks)]
    assert removed(*other) == {}  # three people who finish at the same time are a good shift


def test_nobody_does_two_things_at_once() -> None:
    """Both go, as nobody can tell which is true; a minute is forgiven; two people may work at once."""
    first, second = work(1, NINE, 600), work(2, NINE + timedelta(seconds=539), 600)
    assert removed(first, second) == {Rule.OVERLAPPING: 2}
    assert removed(first, work(2, NINE + timedelta(seconds=540), 600)) == {}
    assert removed(first, work(2, NINE, 600, worker=2)) == {}


def test_what_was_left_running_does_not_take_the_day_with_it() -> None:
    """The forgotten task overlaps with all that followed; only it is nonsense."""
    day = [work(number, NINE + timedelta(minutes=30 * number), 900, norm=15) for number in range(1, 6)]
    assert removed(work(0, NINE, 9 * 3600, norm=15), *day) == {Rule.FAR_BEYOND_NORM: 1}


def test_a_cell_needs_five_observations_from_three_people() -> None:
    """Else it tells nothing but that it is there (invariant 7)."""
    for works, shown in (
        (plain_works([10] * 5, n_workers=3), True),
        (plain_works([10] * 4, n_workers=3), False),
        (plain_works([10] * 40, n_workers=2), False),
    ):
        order = DurationOrder(tuple(works))
        found = durations_estimate(order)
        (cell,) = found.cells
        assert (cell.spread is not None, found.n_hidden) == (shown, int(not shown))
        if not shown:
            assert cell.n_seen is None and not cell.removed
        assert duration_faults(found, order) == ()


def test_cells_cannot_be_made_smaller_than_that() -> None:
    with pytest.raises(ValueError, match="workers_least from 3"):
        DurationParams(workers_least=2)
    with pytest.raises(ValueError, match="cell_least from 5"):
        DurationParams(cell_least=4)


def test_no_dimension_and_no_result_knows_a_worker() -> None:
    """There is nothing to group by that would tell people apart, and nothing in the answer either."""
    assert set(Dimension) == {"kind", "unit", "weekday", "hour"}
    works = tuple(plain_works([float(5 + number) for number in range(40)], n_workers=4))
    named = tuple(
        Work(one.key, one.kind, one.unit, one.finished_at,
             tuple(Spell(987_600 + s.worker, s.start_at, s.stop_at) for s in one.spells))
        for one in works
    )  # fmt: skip
    assert "9876" not in repr(durations_estimate(DurationOrder(named, tuple(Dimension))))
    assert repr(durations_estimate(DurationOrder(named))) == repr(durations_estimate(DurationOrder(works)))
    with pytest.raises(ValueError, match="kind and unit only"):
        WaitOrder((), (Dimension.HOUR,))


def test_the_hour_is_the_ward_s_and_that_of_the_beginning() -> None:
    """23:50 on Thursday is Thursday's, by the clock on the wall."""
    works = tuple(work(number, LATE + timedelta(minutes=number), 1200, worker=number) for number in range(5))
    (cell,) = durations_estimate(DurationOrder(works, (Dimension.WEEKDAY, Dimension.HOUR))).cells
    assert cell.key == (3, 23) and cell.spread is not None and cell.spread.median.value == 20


def test_few_observations_have_no_interval() -> None:
    """The 90th percentile is bounded from 36 observations on, the median from 6."""
    for n, bounded in ((5, (False, False)), (6, (True, False)), (35, (True, False)), (36, (True, True))):
        (cell,) = durations_estimate(DurationOrder(tuple(plain_works([float(i + 1) for i in range(n)])))).cells
        assert cell.spread is not None
        assert (not cell.spread.median.few, not cell.spread.p90.few) == bounded
        assert cell.spread.p10.few == cell.spread.p90.few


def test_a_norm_follows_what_was_measured() -> None:
    """10th percentile, median and 90th, with the period; one observation fewer is too few."""
    minutes = [float(number) for number in range(10, 46)]
    (found,) = norms_propose(plain_works(minutes, norm_minutes=20)).values()
    assert (found.status, found.n, found.n_seen) == ("ready", 36, 36)
    assert (found.low, found.typical, found.high) == (13.5, 27.5, 41.5)
    assert found.first_at is not None and found.last_at is not None and found.first_at < found.last_at
    (few,) = norms_propose(plain_works(minutes[1:])).values()
    assert (few.status, few.n, few.typical) == ("few", 35, None)
    (two,) = norms_propose(plain_works(minutes, n_workers=2)).values()
    assert two.status == "few"


def test_a_task_for_many_units_gives_a_share_of_its_norm() -> None:
    """Breakfast for 18 takes longer than for 9: what is measured is how the norm did."""
    works = plain_works([30.0] * 40, kind="breakfast", norm_minutes=20)
    (found,) = norms_propose(works, by_share={"breakfast"}).values()
    assert found.typical == 1.5
    assert norms_propose(plain_works([30.0] * 40, kind="breakfast"), by_share={"breakfast"}) == {}


def test_a_norm_does_not_rest_on_what_the_rules_left_over() -> None:
    """Where three in ten and more are nonsense, the rest is not trusted."""
    good = plain_works([20.0] * 60)
    bad = plain_works([1 / 60] * 27, first_key=1000)  # the same people at the same hours: too short
    (found,) = norms_propose([*good, *bad]).values()
    assert (found.status, found.n, dict(found.removed)) == ("doubtful", 60, {Rule.TOO_SHORT: 27})
    (enough,) = norms_propose([*good, *bad[:20]]).values()
    assert enough.status == "ready"
    assert removed_text(enough.removed) == "left out 20: 20 too_short"
    assert removed_text({}) == "left out none"


def test_every_rule_has_its_sentence() -> None:
    params = DurationParams()
    assert len({rule_text(rule, params) for rule in Rule}) == len(Rule)


def wait(minutes: float, *, happened: bool = True, worker: int = 1) -> Wait:
    then = NINE + timedelta(minutes=minutes)
    return Wait("clean", "K1", NINE, then, then if happened else None, then if happened else None, worker)


def test_waits_agree_with_a_published_trial() -> None:
    """Remission in weeks on 6-MP and on placebo (Freireich et al. 1963): medians 23 (13 to -) and 8 (4 to 11)."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    treated = [wait(t, worker=n) for n, t in enumerate(ended)] + [wait(t, happened=False) for t in still]
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    for waits, expected in (
        (treated, (23, 13, None)),
        ([wait(t, worker=n) for n, t in enumerate(placebo)], (8, 4, 11)),
    ):
        (cell,) = waits_estimate(WaitOrder(tuple(waits))).cells
        assert cell.response is not None and cell.turnaround is not None
        median = cell.response.median
        assert (median.value, median.low, median.high) == expected
        assert cell.turnaround.n == 21
    assert cell.response.n_open == 0


def test_what_still_waits_is_not_forgotten() -> None:
    """Six begun at once and ten never: the median is not reached, and says so."""
    begun, never = [wait(1, worker=n) for n in range(6)], [wait(600, happened=False) for _ in range(10)]
    (cell,) = waits_estimate(WaitOrder((*begun, *never))).cells
    assert cell.response is not None
    assert (cell.response.median.value, cell.response.n_open) == (None, 10)


def test_waits_of_few_people_are_not_told() -> None:
    """The same bounds as for durations; time that runs backwards is counted and left out."""
    found = waits_estimate(WaitOrder((*(wait(1, worker=n % 2) for n in range(9)), wait(-1))))
    assert (found.cells[0].response, found.n_hidden, found.n_backwards, found.n_seen) == (None, 1, 1, 10)
