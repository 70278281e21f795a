"""What was measured is what was done, told by ward and kind and never by person."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from django.test import Client
from tests.strategies.stage import Stage, stage_set
from tests.strategies.worked import BEGUN, days_make, done_make, workers_make

from vardnara.apps.accounts.models import User
from vardnara.apps.service import services
from vardnara.apps.service.choices import TaskState
from vardnara.apps.service.models import Shift, Task
from vardnara.apps.service.queries import measured
from vardnara.apps.service.queries.measured import durations_measured, waits_measured, works_read
from vardnara.engines.durations import Dimension, Rule

SINCE, UNTIL = BEGUN - timedelta(days=10), BEGUN + timedelta(days=60)
ALL = (Dimension.KIND, Dimension.UNIT, Dimension.WEEKDAY, Dimension.HOUR)


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def workers(stage: Stage) -> list[User]:
    return workers_make(stage.ward.division.hospital, 4)


def durations(stage: Stage, by=(Dimension.KIND,), who: str = "service_head", **narrow):
    return durations_measured(actor=stage.users[who], since=SINCE, until=UNTIL, by=by, **narrow)


def test_spells_are_what_the_steps_say(stage: Stage) -> None:
    """Start, pause, resume, delay, resume, finish: their sum is the task's own worked time; breaks are not worked."""
    worker, now = stage.users["service_worker"], BEGUN
    words = {"task_id": stage.task_id, "actor": worker}
    for step, minutes, more in (
        (services.task_claim, 5, {}),
        (services.task_start, 10, {}),
        (services.task_pause, 30, {"reason": "break"}),
        (services.task_resume, 7, {}),
        (services.task_delay, 30, {"reason": "repair"}),
        (services.task_resume, 3, {}),
        (services.task_finish, 0, {}),
    ):
        step(**words, at=now, **more)
        now += timedelta(minutes=minutes)
    (work,) = works_read(actor=stage.users["service_head"], since=SINCE, until=UNTIL)
    assert [spell.seconds / 60 for spell in work.spells] == [10, 7, 3]
    assert work.minutes * 60 == Task.objects.get(pk=stage.task_id).worked_seconds
    assert (work.kind, work.unit) == ("discharge_clean", str(stage.ward.pk))


def test_a_spell_belongs_to_whoever_began_it(stage: Stage) -> None:
    """A leader who gives the task to another ends the first one's spell, and has not worked."""
    first, second = stage.users["service_worker"], stage.second_worker
    services.task_start(task_id=stage.task_id, actor=first, at=BEGUN)
    services.task_reassign(
        task_id=stage.task_id, actor=stage.users["coordinator"], at=BEGUN + timedelta(minutes=4), owner_id=second.pk
    )
    services.task_resume(task_id=stage.task_id, actor=second, at=BEGUN + timedelta(minutes=9))
    services.task_finish(task_id=stage.task_id, actor=second, at=BEGUN + timedelta(minutes=20))
    (work,) = works_read(actor=stage.users["service_head"], since=SINCE, until=UNTIL)
    assert [(spell.worker, spell.seconds / 60) for spell in work.spells] == [(first.pk, 4), (second.pk, 11)]


def test_figures_by_kind_and_ward(stage: Stage, workers: list[User]) -> None:
    """The distribution of what was done; another hospital's people measure nothing of it."""
    days_make(stage.ward, workers[:3], [float(n) for n in range(10, 50)])
    days_make(stage.other_ward, workers[3:], [20.0] * 10)
    found = durations(stage, (Dimension.KIND, Dimension.UNIT))
    shown = [cell for cell in found.cells if cell.spread]
    assert [cell.key for cell in shown] == [("service", str(stage.ward.pk))]
    assert shown[0].spread.median.value == 29.5 and found.n_hidden == 1
    alone = durations(stage, (Dimension.KIND,), ward_ids=[stage.other_ward.pk])
    assert (alone.n_seen, alone.removed, alone.enough) == (0, {}, False)
    assert durations_measured(actor=stage.outsider, since=SINCE, until=UNTIL, by=(Dimension.KIND,)).n_seen == 0


def test_a_ward_alone_does_not_hide_an_overlap_with_another(stage: Stage, workers: list[User]) -> None:
    """The rules look at a person's whole day, also where one ward is asked for."""
    days_make(stage.ward, workers[:3], [20.0] * 6)
    done_make(stage.other_ward, workers[0], minutes=20)
    assert durations(stage, ward_ids=[stage.ward.pk]).removed == {Rule.OVERLAPPING: 1}


def test_work_that_outlasts_the_shift_was_left_running(stage: Stage, workers: list[User]) -> None:
    """Signed off at 09:00, finished at 10:00 by the next tap; the end of an earlier shift is no end."""
    worker = workers[0]
    for on, off in ((-600, -120), (-60, 60)):
        Shift.objects.create(
            user=worker,
            zones="all",
            signed_on_at=BEGUN + timedelta(minutes=on),
            signed_off_at=BEGUN + timedelta(minutes=off),
        )
    days_make(stage.ward, workers[1:], [20.0] * 9)
    done_make(stage.ward, worker, minutes=120)
    assert durations(stage).removed == {Rule.OVER_SHIFT_END: 1}
    done_make(stage.ward, worker, begun=BEGUN + timedelta(hours=5), minutes=120)  # no shift is known
    assert durations(stage).removed == {Rule.OVER_SHIFT_END: 1}


def test_waits_count_what_still_waits_and_nothing_planned(stage: Stage, workers: list[User]) -> None:
    """Asked for to begun and to finished; an open task waits; the plan's tasks and the daily round are not there."""
    for number, worker in enumerate(workers * 2):
        done_make(stage.ward, worker, begun=BEGUN + timedelta(hours=number), waited_minutes=15, minutes=20)
    done_make(stage.ward, workers[0], plan_key="a")
    done_make(stage.ward, workers[0], kind="daily_clean", bed=stage.free)
    Task.objects.create(ward=stage.ward, kind="service", created_at=BEGUN, changed_at=BEGUN, state=TaskState.OPEN)
    found = waits_measured(
        actor=stage.users["controller"], since=SINCE, until=UNTIL, at=UNTIL, by=(Dimension.KIND,), kinds=["service"]
    )
    (cell,) = found.cells
    assert (cell.response.n, cell.response.n_open, cell.response.median.value) == (9, 1, 15)
    assert cell.turnaround.median.value == 35


PAGES = ["/tider/", "/tider/?by=ward", "/tider/?by=weekday", "/tider/?by=hour", "/tider/?by=worker", "/tider/?by=owner"]


def test_no_query_has_a_word_for_a_person() -> None:
    """What is public here takes wards, kinds and times, and whoever asks; and gives results of the engine."""
    for name in ("durations_measured", "waits_measured"):
        words = set(inspect.signature(getattr(measured, name)).parameters)
        assert words <= {"actor", "since", "until", "at", "by", "ward_ids", "kinds"}


@pytest.mark.parametrize("who", ["service_head", "coordinator", "controller", "decision_maker", "auditor"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_reveals_a_worker(stage: Stage, workers: list[User], page: str, who: str) -> None:
    """No name, no number, nothing of one or two people: not by any way of asking (invariant 7)."""
    from django.utils import timezone

    now = timezone.now() - timedelta(days=20)
    for number in range(60):
        done_make(stage.ward, workers[number % 4], begun=now + timedelta(hours=6 * (number // 4)), minutes=20)
    for number in range(20):  # two people alone on the ward beside, with a figure of their own
        done_make(stage.other_ward, workers[number % 2], begun=now + timedelta(hours=6 * number + 3), minutes=77)
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users[who])
    told = client.get(page + ("&" if "?" in page else "?") + "weeks=12").content.decode()
    assert "Zebra" not in told and "zebra" not in told
    assert "from at least 3 people" in told
    if page == "/tider/?by=ward":
        assert stage.ward.name in told.split("<table")[1] and "77" not in told.split("<main")[1].split("<table")[1]
    narrow = client.get(f"/tider/?by=hour&ward={stage.other_ward.pk}&weeks=12").content.decode()
    assert "77.0" not in narrow and "Nothing that could be shown was measured" in narrow


def test_what_the_address_says_wrong_is_not_heard(stage: Stage) -> None:
    """A ward out of reach, an unknown period: the page as if nothing had been asked."""
    client = Client()
    client.force_login(stage.users["controller"])
    for query in (f"ward={stage.foreign.room.ward_id}", "weeks=9999", "by=worker", "kind=%00"):
        assert client.get(f"/tider/?{query}").status_code == 200
