"""Small fields on which posts are laid out, and the workloads that covers are made of."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from vardnara.engines.posts import Cell, Column, Field, PostsParams, Shape
from vardnara.engines.workload import TaskType, WardFacts, WorkloadOrder
from vardnara.kernel.evidence import Evidence
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import Driver, MinuteRange, TaskNorm

EVIDENCE = Evidence("minutes", date(2026, 1, 1), "a test", date(2026, 1, 1), "measured", "tests")
BEGINNING = date(2024, 1, 1)


def shape(code: str, window: str, *breaks: str) -> Shape:
    return Shape(code, TimeWindow.parse(window), tuple(map(TimeWindow.parse, breaks)))


MORNING, AFTERNOON, WHOLE = (
    shape("m", "08:00-12:00"),
    shape("a", "12:00-16:30"),
    shape("w", "08:00-16:30", "12:00-12:30"),
)
COLUMNS = (Column("mon", 250, True), Column("sun", 115, False))
EASY = PostsParams(weekend_share=1, free_days_per_four_weeks=8)


def cell_of(zone: int, column: int, hour: int, gains: list[float], *, cover: int = 0, rest: float = 0.0) -> Cell:
    """A cell by what each further unit does."""
    covered = [0.0]
    for gain in gains:
        covered.append(covered[-1] + gain)
    return Cell(zone, column, hour, covered[-1] + rest, cover, tuple(covered), tuple(covered))


@st.composite
def fields(draw: st.DrawFn, *, n_zones: int = 2, shapes: tuple[Shape, ...] = (MORNING, AFTERNOON, WHOLE)) -> Field:
    """A few hours in up to ``n_zones`` zones on working days and Sundays, each worth less with every unit."""
    places = draw(
        st.sets(st.tuples(st.integers(0, n_zones - 1), st.integers(0, 1), st.sampled_from([9, 12, 15, 20])), max_size=5)
    )
    cells = []
    for place in sorted(places):
        gains = draw(st.lists(st.integers(1, 30).map(float), min_size=1, max_size=5))
        cover = draw(st.integers(0, 3))
        cells.append(cell_of(*place, sorted(gains, reverse=True), cover=cover, rest=draw(st.sampled_from([0.0, 7.0]))))
    return Field(COLUMNS, tuple(f"z{n}" for n in range(n_zones)), shapes, 30, tuple(cells))


def task(code: str, driver: Driver = Driver.WARD, *, fixed: float = 0.0, each: float = 0.0, window: str = "08:00-09:00",
         rrule: str = "FREQ=DAILY", holidays: str = "same") -> TaskType:  # fmt: skip
    """A task whose norm is off by half either way."""
    norm = TaskNorm(
        code, driver, MinuteRange(fixed / 2, fixed, fixed * 1.5), MinuteRange(each / 2, each, each * 1.5), EVIDENCE
    )
    recurrence = Recurrence(rrule, BEGINNING, holidays, "same", TimeWindow.parse(window))  # type: ignore[arg-type]
    return TaskType(code, norm, recurrence)


def workload(
    *tasks: TaskType, year: int | None = None, wards: tuple[WardFacts, ...] = (WardFacts("A"),)
) -> WorkloadOrder:
    return WorkloadOrder(tasks, wards, year)
