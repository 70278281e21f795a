"""The transfer balance by example: counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.strategies.workload import ANCHOR, EVIDENCE

from vardnara.engines.transfer import (
    Balance,
    Home,
    HomeKind,
    Item,
    Piece,
    TransferCase,
    balance_estimate,
    notice_text,
)
from vardnara.engines.transfer.check import balance_faults
from vardnara.engines.workload import TaskType, WardFacts
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import Driver, MinuteRange, TaskNorm

WEEK = 365 / 7
NONE = MinuteRange(0, 0, 0)
ORDERING = TaskNorm("ordering", Driver.WARD, MinuteRange(20, 30, 60), NONE, EVIDENCE)
CLEAN = TaskNorm("clean", Driver.DISCHARGE, NONE, MinuteRange(10, 20, 40), EVIDENCE)
WEEKDAYS = frozenset({1, 2, 3, 4, 5})


def work(norm: TaskNorm, hours: str = "10:00-12:00", days: frozenset[int] | None = None, **more: object) -> TaskType:
    recurrence = Recurrence("FREQ=DAILY", ANCHOR, window=TimeWindow.parse(hours))
    kind = TaskType(norm.code, norm, recurrence, **more)  # type: ignore[arg-type]
    return replace(kind, days=days) if days else kind


def case(*homes: Home, pieces: tuple[Piece, ...] = (Piece(work(ORDERING)),), **more: object) -> TransferCase:
    ward = WardFacts("K31", discharges=(4.0,) * 7, discharge_hours=(0.0,) * 10 + (1.0, 3.0) + (0.0,) * 12)
    return TransferCase((Item(1, "ordering", "K31", pieces),), homes, (ward,), 2026, **more)  # type: ignore[arg-type]


def judged(of: TransferCase) -> Balance:
    balance = balance_estimate(of)
    assert balance_faults(balance, of) == ()
    return balance


def said(balance: Balance) -> dict[str, str]:
    return {notice.code: notice_text(notice) for notice in balance.notices}


def test_what_nobody_speaks_of_has_no_home() -> None:
    """Half an hour a day leaves: three and a half hours a week that nobody has."""
    balance = judged(case())
    assert balance.total.leaving.typical == balance.total.homeless.typical == pytest.approx(210)
    assert (balance.total.leaving.low, balance.total.leaving.high) == (pytest.approx(140), pytest.approx(420))
    assert balance.grid_by_ward["K31"].homeless[0][10] == pytest.approx(365 / 7 / 7 * 15 * 7 / WEEK, rel=0.02)
    assert said(balance) == {"HOURS_WITHOUT_HOME": "3.5 hours a week have no home"}


def test_released_first_then_received_and_never_more_than_there_is() -> None:
    """Digital ordering takes two hours, whoever is there on Mondays to Fridays takes the rest of those days."""
    balance = judged(
        case(
            Home(1, 1, HomeKind.ADDED, None, frozenset({1, 2, 3, 4, 5})),
            Home(2, 1, HomeKind.AUTOMATED, 70),
        )
    )
    assert balance.total.released.typical == pytest.approx(70)
    assert balance.total.homeless.typical == pytest.approx(140 * 2 / 7, rel=0.01)  # Saturdays and Sundays
    assert sum(map(sum, balance.grid_by_ward["K31"].homeless[:5])) == 0
    assert balance.by_kind["automated"].typical == pytest.approx(70)
    too_large = judged(case(Home(1, 1, HomeKind.EXISTING, 9_000)))
    assert too_large.total.received == too_large.total.leaving
    assert set(said(too_large)) == {"NOTHING_ADDED", "HOME_TOO_LARGE"}


def test_each_level_adds_up_by_itself() -> None:
    """A home of 300 minutes is enough for the typical minutes and not for the high ones."""
    total = judged(case(Home(1, 1, HomeKind.ADDED, 300))).total
    assert total.homeless.typical == pytest.approx(0)
    assert total.homeless.high == pytest.approx(120)
    assert total.received.low == pytest.approx(140)


def test_minutes_that_nobody_knows_are_never_nothing() -> None:
    """Without a norm it is named, and in no sum."""
    balance = judged(case(pieces=(Piece(None),)))
    assert balance.unknown == (1,) and balance.items == ()
    assert set(said(balance)) == {"UNKNOWN_MINUTES"}


def test_of_discharges_only_those_of_the_hours_that_move() -> None:
    """A quarter of the discharges comes from ten to eleven; the weekday lines move those and no other."""
    weekdays = judged(case(pieces=(Piece(work(CLEAN, "07:00-11:00", WEEKDAYS)),)))
    n_days = sum(weekdays.grid_by_ward["K31"].leaving[day][10] > 0 for day in range(7))
    assert n_days == 5 and weekdays.grid_by_ward["K31"].leaving[0][11] == 0
    half = judged(case(pieces=(Piece(work(CLEAN, "10:30-11:30")),)))
    assert half.total.leaving.typical == pytest.approx(4 * 20 * 7 * 0.5)
    night = judged(case(pieces=(Piece(work(CLEAN, "22:00-11:00")),)))
    assert night.total.leaving.typical == pytest.approx(4 * 20 * 7 * 0.25)


def test_after_midnight_the_discharges_are_those_of_the_next_day() -> None:
    """The row of Monday night moves Tuesday's early discharges; Monday's own early ones are the Sunday row's."""
    early = WardFacts("K31", discharges=(0.0, 7.0, *(0.0,) * 5), discharge_hours=(1.0,) * 6 + (0.0,) * 18)
    monday = case(pieces=(Piece(work(CLEAN, "22:00-06:00", frozenset({1}))),))
    found = judged(replace(monday, wards=(early,)))
    assert found.total.leaving.typical == pytest.approx(7 * 20, rel=0.1)
    tuesday = case(pieces=(Piece(work(CLEAN, "22:00-06:00", frozenset({2}))),))
    assert judged(replace(tuesday, wards=(early,))).total.leaving.typical == 0


def test_a_task_that_another_plan_moves_back_is_named() -> None:
    balance = balance_estimate(case(other_way=frozenset({"ordering", "else"})))
    assert said(balance)["TASK_MOVES_BOTH_WAYS"] == "another plan moves ordering the other way"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Home(1, 1, HomeKind.ADDED, -1),
        lambda: Home(1, 1, HomeKind.ADDED, 1, frozenset({0})),
        lambda: case(Home(1, 2, HomeKind.ADDED)),
        lambda: case(Home(1, 1, HomeKind.ADDED), Home(1, 1, HomeKind.ADDED)),
        lambda: TransferCase((Item(1, "a", "K99", ()),), (), (), 2026),
    ],
)
def test_what_cannot_be_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"expected|not among|do not exist"):
        wrong()
