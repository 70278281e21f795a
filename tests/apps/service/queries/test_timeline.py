"""The day by ward and hour: each task once, in one state, in the hour of the wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.strategies.messages import at, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import User
from vardnara.apps.hospital.models import Hospital, Region, Ward
from vardnara.apps.service import services as work
from vardnara.apps.service.choices import DayState, TaskKind
from vardnara.apps.service.models import Task
from vardnara.apps.service.queries.tasks import task_one
from vardnara.apps.service.queries.timeline import BEFORE, TALLEST, DayPage, Filter, column, day_page, day_tasks
from vardnara.apps.service.services import NewTask

ON = date(2026, 3, 2)  # the local date of at(0), which is 09:00 in Stockholm


@pytest.fixture
def lead(db: None) -> User:
    return person(Role.COORDINATOR, "lead", small_hospital())


def make(
    ward: str = "K31", minute: float = 60, *, planned: bool = True, due: float | None = 600, **words: object
) -> Task:
    new = {"kind": TaskKind.SERVICE, "ward_id": Ward.objects.get(code=ward).pk, "bed_id": None, "at": at(0)} | words
    if planned:
        new |= {"planned_on": ON, "starts_at": at(minute)}
    (task,) = work.tasks_create([NewTask(due_at=at(due) if due is not None else None, **new)])
    return task


def sums(page: DayPage) -> dict[str, int]:
    return {state.value: number for state, number in zip(DayState, page.sums, strict=True) if number}


def see(lead: User, minute: float = 120, **wanted: object) -> DayPage:
    return day_page(actor=lead, at=at(minute), wanted=Filter(**wanted))


def test_each_task_has_one_state(lead: User) -> None:
    """Late before nobody's before taken; what was taken back is not work."""
    worker = person(Role.SERVICE_WORKER, "worker", Ward.objects.first().division.hospital)
    make()
    taken, done = make(), make()
    work.task_claim(task_id=taken.pk, actor=worker, at=at(1))
    work.task_start(task_id=done.pk, actor=worker, at=at(2))
    work.task_finish(task_id=done.pk, actor=worker, at=at(9))
    make(due=100)
    make(party="")
    make(planned=False, due=None)
    gone = make()
    work.task_withdraw(task_id=gone.pk, reason="replanned", at=at(3))
    page = see(lead)
    assert sums(page) == {"planned": 1, "taken": 1, "done": 1, "late": 1, "unowned": 2}
    assert sums(see(lead, 700)) == {"late": 4, "done": 1, "unowned": 1}
    (row,) = page.wards
    assert row.number == 6 and sum(cell.number for cell in row.cells) == 6


def test_hours_are_those_of_the_wall_clock(lead: User) -> None:
    """08:00 UTC in March is 09:00; what an earlier day left stands first, and now is marked."""
    make(minute=0)
    make(planned=False, due=None, at=at(-60 * 24))
    page = see(lead, 65)
    (row,) = page.wards
    assert page.now_hour == 10
    assert [(cell.hour, cell.number) for cell in row.cells if cell.number] == [(BEFORE, 1), (9, 1)]
    assert [cell.hour for cell in row.cells if cell.is_now] == [10]
    assert page.hours == (BEFORE, 8, 9, 10, 11, 12)


@pytest.mark.parametrize(("on", "number"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_no_task_is_lost_when_the_clock_changes(lead: User, on: date, number: int) -> None:
    """A task at each hour that passes, on a day of 23 and one of 25: all of them stand in the day."""
    first = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=1 if on.month == 3 else 2)
    ward = Ward.objects.get(code="K31").pk
    news = [
        NewTask(
            kind=TaskKind.SERVICE,
            ward_id=ward,
            bed_id=None,
            at=first,
            planned_on=on,
            starts_at=first + timedelta(hours=n),
        )
        for n in range(number)
    ]
    work.tasks_create(news)
    page = day_page(actor=lead, at=first + timedelta(hours=5), wanted=Filter())
    counted = {hour: sum(counts) for hour, counts in page.by_hour}
    assert sum(counted.values()) == number and BEFORE not in counted
    assert counted.get(2, 0) == (0 if number == 23 else 2)


def test_the_filter_narrows_and_lists(lead: User) -> None:
    """By division, ward, kind and state; a figure can be opened to its tasks."""
    one, other = make(), make("M52", due=60)
    assert [row.name for row in see(lead, ward_id=one.ward_id).wards] == ["K31"]
    assert sums(see(lead, state="late")) == {"late": 1}
    assert sums(see(lead, kind="spill")) == {}
    assert sums(see(lead, kind="service")) == {"planned": 1, "late": 1}
    assert see(lead, division_id=0).n_wards == 3 and see(lead, division_id=999).n_wards == 0
    rows, number = day_tasks(actor=lead, at=at(120), wanted=Filter(ward_id=other.ward_id), hour=10)
    assert [row.id for row in rows] == [other.pk] and number == 1
    assert day_tasks(actor=lead, at=at(120), wanted=Filter(), hour=14)[1] == 0


def test_it_says_when_it_changes_by_itself(lead: User) -> None:
    """At the next due time, or the next full hour."""
    assert see(lead, 5).changes_at == at(60)
    make(due=30)
    assert see(lead, 5).changes_at == at(30)


def test_another_hospital_is_not_in_it(lead: User) -> None:
    other = Hospital.objects.create(region=Region.objects.get(), code="X", name="Annat")
    make()
    stranger = person(Role.COORDINATOR, "stranger", other)
    assert see(stranger).number == 0
    assert day_tasks(actor=stranger, at=at(120), wanted=Filter(), hour=None) == ([], 0)


def test_many_small_parts_stay_in_the_picture() -> None:
    """Each piece can be seen, and together they are no taller than the frame."""
    cell = column(9, {"done": 200, "taken": 1, "planned": 1, "unowned": 1, "late": 1}, 200, is_now=False)
    assert min(part.height for part in cell.parts) > 1
    assert cell.parts[-1].top == pytest.approx(0, abs=0.2)
    assert cell.parts[0].top + cell.parts[0].height == pytest.approx(TALLEST, abs=0.2)


TASKS = st.lists(
    st.tuples(
        st.sampled_from(["K31", "M52", "BB"]), st.integers(-700, 880), st.none() | st.integers(-700, 1400),
        st.booleans(), st.sampled_from(["", "service"]), st.booleans(),
    ),
    max_size=12,
)  # fmt: skip


class Everything(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(TASKS, st.integers(0, 800))
    def test_the_sums_agree_with_each_task(self, made: list[tuple], now: int) -> None:  # type: ignore[type-arg]
        """Cells, hours, wards and states add up to the same; red is what the task itself says; all is in the frame."""
        lead = person(Role.COORDINATOR, "lead", small_hospital())
        worker = person(Role.SERVICE_WORKER, "worker", Ward.objects.first().division.hospital)
        tasks = []
        for ward, minute, due, planned, party, claim in made:
            task = make(ward, minute, planned=planned, due=due, party=party)
            tasks.append(task)
            if claim:
                work.task_claim(task_id=task.pk, actor=worker, at=at(0))
        page = day_page(actor=lead, at=at(now), wanted=Filter())
        cells = [cell for row in page.wards for cell in row.cells]
        assert sum(cell.number for cell in cells) == page.number == len(tasks)
        assert sum(sum(counts) for _, counts in page.by_hour) == len(tasks)
        red = sum(task_one(actor=lead, at=at(now), task_id=task.pk).is_red for task in tasks)
        assert red == sums(page).get("late", 0) + sums(page).get("unowned", 0) == sum(cell.needs for cell in cells)
        for cell in cells:
            assert all(part.top >= -0.2 and part.top + part.height <= TALLEST + 0.2 for part in cell.parts)
            assert sum(part.number for part in cell.parts) == cell.number
