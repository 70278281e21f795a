"""A day of a hospital from rows: who is there, what is to be done, how far it is, also when the clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.strategies.day_stage import DayStage
from tests.strategies.refusals import refused
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services as work
from vardnara.apps.service.choices import Zones
from vardnara.apps.staffing.models import Leave, WalkTime
from vardnara.apps.staffing.queries.day_plan_rows import BASE, DayOptions, DayRows, day_rows
from vardnara.engines.dispatch import Hygiene, LeftReason

ON = date(2026, 3, 12)
AT = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)  # 12:00 on the local clock


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def made(stage: Stage) -> DayStage:
    return DayStage(stage, ON, AT)


def rows_of(made: DayStage, at: datetime = AT, **more: Any) -> DayRows:
    return day_rows(hospital_id=made.hospital_id, on=made.on, at=at, **more)


def test_a_day_with_nobody_and_nothing(made: DayStage) -> None:
    """No roster and no work is a day, not an error; a day that is over is none."""
    rows = rows_of(made)
    assert (rows.day.workers, rows.day.tasks) == ((), ())
    with refused("day_is_over"):
        rows_of(made, at=AT + timedelta(days=2))


def test_a_rostered_person_is_a_worker(made: DayStage) -> None:
    """Shift, break with room around it, own ward, trainings that hold on the day; a pool's people begin anywhere."""
    kind = made.kind("D", 420, 930, [(660, 690)])
    made.shift(made.person(1, trained=("food_hygiene",)), kind)
    ended = made.person(2, pool=True, trained=("contagion",))
    ended.trainings.update(expires_on=ON - timedelta(days=1))
    made.shift(ended, kind)
    first, second = rows_of(made).day.workers
    ward = str(made.stage.ward.pk)
    assert (first.starts_minutes, first.ends_minutes, first.place, first.zone) == (420, 930, ward, {ward})
    assert first.skills == {"food_hygiene"}
    pause = first.breaks[0]
    assert (pause.opens_minutes, pause.closes_minutes, pause.minutes) == (630, 720, 30)
    assert (second.place, second.zone, second.skills) == (BASE, frozenset(), frozenset())


def test_room_around_a_break_never_makes_five_hours_without_one(made: DayStage) -> None:
    """A long shift with its breaks where they must be keeps them there (W-06)."""
    made.shift(made.person(1), made.kind("L", 420, 1050, [(700, 720), (750, 780)]))
    first, second = rows_of(made).day.workers[0].breaks
    assert (first.opens_minutes, first.closes_minutes) == (670, 740), "twelve o'clock at the latest"
    assert second.opens_minutes == 720 + 0 and second.closes_minutes - 30 <= 690 + 300


def test_nights_of_the_clocks_changes(made: DayStage) -> None:
    """Minutes are those that pass: the night of 29 March 2026 has an hour less, that of 25 October one more."""
    night = made.kind("N", 1260, 1860)
    for on, hours in ((date(2026, 3, 28), 9), (date(2026, 10, 24), 11)):
        at = datetime(on.year, on.month, on.day, 6, tzinfo=UTC)
        made.on = on
        made.shift(made.person(on.month), night)
        own = rows_of(made, at=at).day.workers[0]
        assert own.ends_minutes - own.starts_minutes == 60 * hours
        made.on = on + timedelta(days=1)
        after = rows_of(made, at=at).day.workers[0]
        assert (after.starts_minutes, after.ends_minutes) == (0, 60 * (hours - 3))


def test_the_longest_day_has_all_its_minutes(made: DayStage) -> None:
    """On 25 October 2026 work may be done for 1,500 minutes, and eight o'clock comes after nine hours."""
    made.on = date(2026, 10, 25)
    made.task("08:00", "09:00")
    task = rows_of(made).day.tasks[0]
    assert (task.opens_minutes, task.due_minutes, task.closes_minutes) == (540, 600, 1500)


def test_work_has_its_norm_its_window_and_its_class(made: DayStage) -> None:
    """Minutes by the norm, where nobody knows them a shipped guess that is told; competence, class, two people."""
    food = made.kind_of_task("lunch", competence="food_hygiene", hygiene_order=10, n_people=2)
    made.task("11:00", "12:00", 40, task_type=food)
    made.task("08:00", "16:00", None)
    made.task("08:00", "16:00", party="care")
    first, second = rows_of(made).day.tasks
    assert (first.minutes, first.opens_minutes, first.due_minutes) == (40, 660, 720)
    assert (first.skills, first.hygiene, first.n_people) == ({"food_hygiene"}, Hygiene.FOOD, 2)
    assert (second.minutes, rows_of(made).tasks[second.code].without_norm) == (15, True)


def test_who_is_away_is_not_there(made: DayStage) -> None:
    """Leave of the day, and absence marked on it; other days do not matter. Taken out by choice is away too."""
    kind = made.kind("D", 420, 930)
    away, sick, there = made.person(1), made.person(2, user=made.stage.second_worker), made.person(3)
    for one in (away, sick, there):
        made.shift(one, kind)
    row = {"kind": "vacation", "made_at": AT, "made_by": made.head}
    Leave.objects.create(person=away, from_on=ON, to_on=ON + timedelta(days=1), **row)
    Leave.objects.create(person=there, from_on=ON - timedelta(days=3), to_on=ON, **row)
    assert [rows_of(made).workers[one.code].name for one in rows_of(made).day.workers] == ["Person 02", "Person 03"]
    lead = made.stage.users["coordinator"]
    work.absence_mark(user_id=made.stage.second_worker.pk, actor=lead, at=NOON)
    assert [one.code for one in rows_of(made, at=NOON).day.workers] == [f"p{there.pk}"]
    plain = rows_of(made, at=NOON, options=DayOptions(without=(f"p{there.pk}",), added=((sick.pk, kind.pk),)))
    assert plain.day.workers == (), "who is marked as absent is not added either"
    extra = made.person(4)
    added = rows_of(made, at=NOON, options=DayOptions(added=((extra.pk, kind.pk),)))
    assert {one.code for one in added.day.workers} == {f"p{there.pk}", f"p{extra.pk}"}


def test_who_has_signed_on_is_there_with_what_is_in_hand(made: DayStage) -> None:
    """Somebody in no roster is there for a usual shift, with the wards of their choice; what they began goes on."""
    user = made.stage.second_worker
    task = made.task("08:00", "12:00", 60)
    other = made.task("08:00", "15:00", 30)
    held = made.task("08:00", "15:00", 30, owner=made.stage.users["service_worker"], state="claimed", claimed_at=AT)
    morning = made.clock("10:00")
    work.shift_sign_on(actor=user, at=morning, zones=Zones.SOME, ward_ids=[made.stage.ward.pk])
    for one in (other, task):
        work.task_claim(task_id=one.pk, actor=user, at=made.clock("11:00"))
        work.task_start(task_id=one.pk, actor=user, at=made.clock("11:10"))
        if one is other:
            work.task_finish(task_id=one.pk, actor=user, at=made.clock("11:30"))
    rows = rows_of(made, at=NOON)
    [worker] = rows.day.workers
    assert (worker.starts_minutes, worker.ends_minutes, worker.zone) == (600, 1080, {str(made.stage.ward.pk)})
    assert rows.unknown == (worker.code,), "in no register of people: no trainings are known"
    assert rows.code_of(user.pk) == worker.code
    begun = next(one for one in rows.day.tasks if one.code == str(task.pk))
    assert (begun.owners, begun.begun_minutes) == ((worker.code,), 720 - 50)
    assert [(one.task, one.reason) for one in rows.apart] == [(str(held.pk), LeftReason.OWNER_CANNOT)]
    assert worker.hygiene is Hygiene.CLEAN, "what was finished last carries on"


def test_whoever_signs_on_early_is_there_from_then(made: DayStage) -> None:
    """A shift of the roster begins at fifteen; signed on at a quarter to twelve they are there, until its end."""
    made.shift(made.person(1, user=made.stage.second_worker), made.kind("K", 900, 1260))
    assert rows_of(made, at=NOON).day.workers[0].starts_minutes == 900
    work.shift_sign_on(actor=made.stage.second_worker, at=made.clock("11:45"), zones=Zones.ALL)
    [worker] = rows_of(made, at=NOON).day.workers
    assert (worker.starts_minutes, worker.ends_minutes) == (705, 1260)


def test_the_hospitals_own_ways_come_first(made: DayStage) -> None:
    """A way that the hospital has said holds in its direction; the others are derived from building and floor."""
    one, other = made.stage.ward, made.stage.other_ward
    for ward, floor in ((one, "1"), (other, "5")):
        ward.building, ward.floor = "A", floor
        ward.save()
    derived = rows_of(made).day.walking
    assert derived.between(str(one.pk), str(other.pk)) == 5
    WalkTime.objects.create(start=one, end=other, minutes=9, changed_at=AT, changed_by=made.head)
    own = rows_of(made)
    assert own.day.walking.between(str(one.pk), str(other.pk)) == 9
    assert (own.day.walking.between(str(other.pk), str(one.pk)), own.n_said) == (5, 1)
