"""The plan of the day: made ahead, corrected as things change, never silent about what nobody has agreed on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.strategies.agreed import (
    ALL_DAYS,
    agreement_make,
    line_make,
    norm_make,
    task_type_make,
    version_make,
    version_sign,
)
from tests.strategies.messages import adt, apply, person, receive, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.cleaning.models import Clean
from vardnara.apps.hospital.models import Hospital, Ward
from vardnara.apps.hospital.services.applying import inbox_apply
from vardnara.apps.service import services
from vardnara.apps.service.models import DayPlan, Task, TaskEvent, TaskType
from vardnara.apps.service.queries.numbers import tasks_follow_histories
from vardnara.apps.service.queries.ward_day import ward_day
from vardnara.kernel.local_time import STOCKHOLM

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
NIGHT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # half past midnight on Monday in Stockholm


def at(hour: float, *, days: int = 0) -> datetime:
    """A time of that Monday in Stockholm, winter time."""
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour - 1, days=days)


@pytest.fixture
def hospital() -> Hospital:
    small = small_hospital()
    services.catalogue_ship(at=NIGHT)
    return small


@pytest.fixture
def signers(hospital: Hospital) -> tuple[Any, Any]:
    return person(Role.SERVICE_HEAD, "head", hospital), person(Role.DECISION_MAKER, "care", hospital)


def agree(signers: tuple[Any, Any], ward_code: str = "K31", **versions: Any) -> Any:
    """Breakfast on weekdays and daily cleans every day by the service, signed."""
    ward = Ward.objects.get(code=ward_code)
    version = version_make(agreement_make(ward), valid_from=MONDAY, **versions)
    line_make(version, TaskType.objects.get(code="breakfast"), ward, "7-9")
    line_make(version, TaskType.objects.get(code="daily_clean"), ward, "8-15", days=ALL_DAYS)
    return version_sign(version, *signers)


def hear(message: bytes, *, at: datetime) -> None:
    """A message that comes and is applied at this time."""
    receive(message)
    while inbox_apply(at=at):
        pass


def planned(**where: Any) -> list[tuple[str, str, str, str]]:
    """(kind of task, bed, state, party) of the plan's tasks."""
    rows = Task.objects.filter(plan_key__isnull=False, **where).order_by(
        "task_type__code", "bed__room__code", "bed__code"
    )
    return [
        (task.task_type.code, f"{task.bed.room.code}-{task.bed.code}" if task.bed else "", task.state, task.party)
        for task in rows.select_related("task_type", "bed__room")
    ]


def test_today_and_tomorrow_are_laid_out_once(hospital: Hospital, signers: Any) -> None:
    """Making the plan again makes nothing twice; single beds are laid out on their own day."""
    apply(adt("A01", -480, "1-1"), adt("A01", -470, "1-2", patient="P2", visit="V2"))
    agree(signers)
    made = services.day_plans_keep(at=NIGHT)
    assert planned(planned_on=MONDAY) == [
        ("breakfast", "", "open", "service"),
        ("daily_clean", "1-1", "open", "service"),
        ("daily_clean", "1-2", "open", "service"),
    ]
    assert planned(planned_on=MONDAY + timedelta(days=1)) == [("breakfast", "", "open", "service")]
    assert made == 4
    assert services.day_plans_keep(at=NIGHT + timedelta(minutes=5)) == 0
    assert [plan.n_tasks for plan in DayPlan.objects.order_by("on")] == [3, 1]
    breakfast = Task.objects.get(planned_on=MONDAY, task_type__code="breakfast")
    assert breakfast.norm_minutes == 30  # 25 + 2.5 x 2 patients
    assert (breakfast.starts_at, breakfast.due_at) == (at(7), at(9))
    assert Clean.objects.filter(cause="daily").count() == 2
    assert not list(tasks_follow_histories())


def test_a_day_that_nobody_agreed_on_is_nobodys(hospital: Hospital, signers: Any) -> None:
    """Breakfast was agreed for weekdays: on Saturday it is there, without an owner."""
    agree(signers)
    services.day_plan_sync(hospital_id=hospital.pk, on=date(2026, 3, 7), at=at(0.5, days=5))
    assert ("breakfast", "", "open", "") in planned(planned_on=date(2026, 3, 7))


def test_an_agreement_that_ends_at_midnight(hospital: Hospital, signers: Any) -> None:
    """What it covered does not vanish with it: from the stroke on it is there and nobody's (invariant 5)."""
    agree(signers, valid_to=date(2026, 3, 3))
    services.day_plans_keep(at=NIGHT)
    assert planned(planned_on=MONDAY) == [("breakfast", "", "open", "service")]
    assert planned(planned_on=date(2026, 3, 3)) == [("breakfast", "", "open", "")]


def test_a_discharge_displaces_and_its_cancel_restores(hospital: Hospital, signers: Any) -> None:
    """The daily clean gives way to the discharge clean and is taken up again when the discharge was none (feat-A26)."""
    apply(adt("A01", -480, "1-1"))
    agree(signers)
    services.day_plans_keep(at=NIGHT)
    hear(adt("A03", 60, "1-1"), at=at(9))
    (daily,) = planned(task_type__code="daily_clean")
    assert daily[2] == "withdrawn"
    assert Task.objects.filter(kind="discharge_clean", state="open").count() == 1
    hear(adt("A13", 70, "1-1", effect=60), at=at(9.5))
    (daily,) = planned(task_type__code="daily_clean")
    assert daily[2] == "open"
    kinds = TaskEvent.objects.filter(task__kind="daily_clean").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["created", "withdrawn", "restored"]
    assert not list(tasks_follow_histories())


def test_what_was_not_begun_is_closed_as_not_done(hospital: Hospital, signers: Any) -> None:
    """A day that is over takes nothing silently into the next; work in hand goes on."""
    worker = person(Role.SERVICE_WORKER, "w", hospital)
    apply(adt("A01", -480, "1-1"), adt("A01", -470, "1-2", patient="P2", visit="V2"))
    agree(signers)
    services.day_plans_keep(at=NIGHT)
    begun = Task.objects.filter(kind="daily_clean").first()
    services.task_start(task_id=begun.pk, actor=worker, at=at(14))
    services.day_plans_keep(at=at(0.5, days=1))
    states = dict(Task.objects.filter(planned_on=MONDAY, kind="daily_clean").values_list("pk", "state"))
    assert states.pop(begun.pk) == "started"
    assert list(states.values()) == ["withdrawn"]
    assert Task.objects.get(pk=next(iter(states))).reason == "not_done"
    today = Task.objects.filter(planned_on=MONDAY + timedelta(days=1), kind="daily_clean")
    assert today.count() == 1  # the bed that is still being cleaned gets the next one when that is done


def test_a_patient_more_is_minutes_more(hospital: Hospital, signers: Any) -> None:
    """What a ward's task takes follows who lies there."""
    agree(signers)
    services.day_plans_keep(at=NIGHT)
    breakfast = Task.objects.get(planned_on=MONDAY, task_type__code="breakfast")
    assert breakfast.norm_minutes == 25
    apply(adt("A01", -480, "1-1"), adt("A01", -470, "1-2", patient="P2", visit="V2"))
    services.day_plans_keep(at=NIGHT + timedelta(minutes=5))
    breakfast.refresh_from_db()
    assert breakfast.norm_minutes == 30


def test_without_any_agreement_only_the_daily_clean(hospital: Hospital) -> None:
    """A hospital that has agreed on nothing still cleans around its patients every day, as it did."""
    apply(adt("A01", -480, "1-1"))
    services.day_plans_keep(at=NIGHT)
    assert planned() == [("daily_clean", "1-1", "open", "service")]


def test_a_norm_of_the_ward_goes_first(hospital: Hospital, signers: Any) -> None:
    """Measured minutes of the ward replace the template."""
    ward = Ward.objects.get(code="K31")
    norm_make(TaskType.objects.get(code="breakfast"), ward=ward, fixed_low=10, fixed_typical=12, fixed_high=14)
    agree(signers)
    services.day_plans_keep(at=NIGHT)
    assert Task.objects.get(planned_on=MONDAY, task_type__code="breakfast").norm_minutes == 12


def test_own_kinds_that_come_by_events_are_not_planned(hospital: Hospital, signers: Any) -> None:
    """A discharge clean is made by a discharge, whatever the agreement says about whose it is."""
    ward = Ward.objects.get(code="K31")
    version = version_make(agreement_make(ward), valid_from=MONDAY)
    line_make(version, TaskType.objects.get(code="discharge_clean"), ward, "7-16")
    line_make(version, task_type_make("flowers", driver="ward"), ward, "10-11")
    version_sign(version, *signers)
    services.day_plans_keep(at=NIGHT)
    assert [kind for kind, *_ in planned(planned_on=MONDAY)] == ["flowers"]


@pytest.mark.parametrize(
    ("day", "whose"),
    [
        (date(2026, 12, 21), "service"),  # Monday
        (date(2026, 12, 24), ""),  # Christmas Eve, a Thursday
        (date(2026, 12, 25), ""),  # Christmas Day, a Friday
        (date(2026, 12, 28), "service"),  # Monday
        (date(2026, 12, 31), ""),  # New Year's Eve, a Thursday
        (date(2027, 1, 1), ""),  # New Year's Day, a Friday
        (date(2027, 1, 6), ""),  # Epiphany, a Wednesday
    ],
)
def test_the_weeks_of_christmas(hospital: Hospital, signers: Any, day: date, whose: str) -> None:
    """Agreed for weekdays is not agreed for eves and holidays: breakfast is there and nobody's (feat-A28, edge-13)."""
    agree(signers)
    night = datetime(day.year, day.month, day.day, tzinfo=UTC)
    services.day_plan_sync(hospital_id=hospital.pk, on=day, at=night)
    assert ("breakfast", "", "open", whose) in planned(planned_on=day)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 11, 7), 8)])
def test_the_nights_of_the_clock_changes(hospital: Hospital, signers: Any, day: date, hours: int) -> None:
    """A night's task begins and ends when the clock says so, and is one task, however long the night."""
    ward = Ward.objects.get(code="K31")
    version = version_make(agreement_make(ward), valid_from=MONDAY)
    line_make(version, task_type_make("rounds", driver="ward"), ward, "22-6", days=ALL_DAYS)
    version_sign(version, *signers)
    for on in (day - timedelta(days=1), day, day + timedelta(days=1)):
        services.day_plan_sync(hospital_id=hospital.pk, on=on, at=datetime(2026, 3, 2, tzinfo=UTC))
    task = Task.objects.get(planned_on=day, task_type__code="rounds")
    assert (task.due_at - task.starts_at) == timedelta(hours=hours)
    local = [moment.astimezone(STOCKHOLM) for moment in (task.starts_at, task.due_at)]
    assert [(moment.hour, moment.minute) for moment in local] == [(22, 0), (6, 0)]


def test_a_day_that_was_not_laid_out_has_no_plan(hospital: Hospital, signers: Any) -> None:
    """Never yesterday's (edge-13)."""
    agree(signers)
    services.day_plans_keep(at=NIGHT)
    nurse = person(Role.WARD_STAFF, "nurse", hospital, Ward.objects.get(code="K31"))
    ward_id = Ward.objects.get(code="K31").pk
    assert ward_day(actor=nurse, ward_id=ward_id, at=at(12)).has_plan
    later = ward_day(actor=nurse, ward_id=ward_id, at=at(12, days=5))
    assert (later.has_plan, later.promises) == (False, ())
