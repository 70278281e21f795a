"""Catalogues and wards, small enough to be counted day by day."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from tests.strategies.agreement import windows

from vardnara.engines.agreement import EVERY_DAY
from vardnara.engines.workload import TaskType, WardFacts, WorkloadOrder
from vardnara.kernel.evidence import Evidence
from vardnara.kernel.recurrence import ON_SPECIAL_DAY, Recurrence
from vardnara.parameters.task_norms import Driver, MinuteRange, TaskNorm

EVIDENCE = Evidence("minutes", date(2026, 1, 1), "a test", date(2026, 1, 1), "measured", "tests")
ANCHOR = date(2024, 1, 1)

numbers = st.integers(0, 60).map(float) | st.floats(0, 60, allow_nan=False).map(lambda number: round(number, 3))
weeks = st.lists(numbers, min_size=7, max_size=7).map(tuple) | numbers.map(lambda number: (number,) * 7)
profiles = st.lists(st.integers(0, 9).map(float), min_size=24, max_size=24).map(tuple)
ranges = st.lists(numbers, min_size=3, max_size=3).map(lambda some: MinuteRange(*sorted(some)))
rrules = st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=MONTHLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=SA,SU",
        "FREQ=DAILY;UNTIL=20260630",
    ]
)


@st.composite
def task_types(draw: st.DrawFn, code: str, norms: list[TaskNorm]) -> TaskType:
    special = st.sampled_from(ON_SPECIAL_DAY)
    rrule = draw(rrules)
    holidays, eves = (draw(special), draw(special)) if rrule == "FREQ=DAILY" else ("same", "same")
    return TaskType(
        code,
        draw(st.sampled_from(norms)),
        Recurrence(rrule, ANCHOR, holidays, eves, draw(windows())),  # type: ignore[arg-type]
        times=draw(st.sampled_from([1, 2, 0.5])),
        n_people=draw(st.integers(1, 2)),
        wards=draw(st.none() | st.just(frozenset({"A"}))),
        hours=draw(st.none() | profiles),
        days=draw(st.just(EVERY_DAY) | st.frozensets(st.sampled_from(sorted(EVERY_DAY)), min_size=1)),
    )


@st.composite
def wards(draw: st.DrawFn, code: str) -> WardFacts:
    return WardFacts(
        code,
        staffed_beds=draw(numbers),
        patients=draw(weeks),
        discharges=draw(weeks),
        discharge_hours=draw(st.none() | profiles),
        contagion_share=draw(st.sampled_from([0, 0.07, 1])),
        square_metres=draw(numbers),
        events={"t0": draw(weeks)},
        shares={"t1": draw(st.sampled_from([0, 0.4, 1]))},
    )


@st.composite
def orders(draw: st.DrawFn, year: int | None = None) -> WorkloadOrder:
    """Two wards, up to four tasks, of which some share a norm."""
    norms = [
        TaskNorm(f"n{number}", draw(st.sampled_from(list(Driver))), draw(ranges), draw(ranges), EVIDENCE)
        for number in range(3)
    ]
    tasks = tuple(draw(task_types(f"t{number}", norms)) for number in range(draw(st.integers(0, 4))))
    return WorkloadOrder(tasks, (draw(wards("A")), draw(wards("B"))), year)
