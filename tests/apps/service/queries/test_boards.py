"""Boards: what a tile says, what is red, what comes first, and how many questions the database is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.strategies.stage import AT, Stage, stage_set, stay_make, task_make, ward_make

from vardnara.apps.hospital.choices import BedStatus
from vardnara.apps.hospital.models import BedState, Hospital
from vardnara.apps.hospital.queries.boards import BedRow, bed_status, board_wards, natural
from vardnara.apps.service import services
from vardnara.apps.service.choices import Priority, TaskKind
from vardnara.apps.service.queries.next_task import worker_page
from vardnara.apps.service.queries.tasks import task_list_live, task_round_left

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"closed": True, "blocked": True, "occupied": True, "cleanliness": "dirty"}, BedStatus.CLOSED),
        ({"blocked": True, "occupied": True, "cleanliness": "dirty"}, BedStatus.BLOCKED),
        ({"occupied": True, "cleanliness": "dirty", "reserved": True}, BedStatus.OCCUPIED),
        ({"cleanliness": "cleaning", "reserved": True}, BedStatus.CLEANING),
        ({"cleanliness": "dirty", "reserved": True}, BedStatus.DIRTY),
        ({"reserved": True}, BedStatus.RESERVED),
        ({}, BedStatus.READY),
    ],
)
def test_a_bed_has_one_status_in_the_order_of_the_contract(facts: dict[str, object], status: BedStatus) -> None:
    known = {"closed": False, "blocked": False, "occupied": False, "cleanliness": "clean", "reserved": False}
    assert bed_status(**(known | facts)) == status


def test_place_two_comes_before_place_ten() -> None:
    assert sorted(["10", "2", "1B", "1A"], key=natural) == ["1A", "1B", "2", "10"]


def test_a_patient_in_a_dirty_bed_is_a_warning(stage: Stage) -> None:
    """Reality beats the plan: the bed is occupied, and the tile says that it was not cleaned (CONTRACT 1.6)."""
    BedState.objects.filter(bed=stage.occupied).update(cleanliness="dirty")
    row = bed_row(stage, stage.occupied.pk)
    assert row.status == BedStatus.OCCUPIED and row.unclean_patient


def test_two_in_one_place_are_one_tile(stage: Stage) -> None:
    """Mother and child: both stays on the tile, the furthest discharge counts (edge-7)."""
    bed = stage.occupied
    bed.capacity = 2
    bed.save()
    other = stay_make(stage.free, number="V78", at=AT)
    other.occupancies.update(bed=bed, slot=2)
    stage.stay.discharge_confirmed_at = AT
    stage.stay.save()
    row = bed_row(stage, bed.pk)
    assert len(row.stays) == 2 and row.discharge == "confirmed"


def test_work_without_an_owner_or_past_its_time_is_red(stage: Stage) -> None:
    """And the day's round is not, until a clean of it is late."""
    worker = stage.users["service_worker"]
    (task,) = task_list_live(actor=worker, at=AT)
    assert task.is_red
    services.task_claim(task_id=task.id, actor=worker, at=AT)
    (task,) = task_list_live(actor=worker, at=AT)
    assert not task.is_red
    daily = task_make(
        kind=TaskKind.DAILY_CLEAN,
        ward_id=stage.ward.pk,
        bed_id=stage.occupied.pk,
        at=AT,
        due_at=AT + timedelta(hours=4),
        planned_on=AT.date(),
    )
    assert [n for _, _, n in task_round_left(actor=worker, at=AT)] == [1]
    assert daily not in [row.id for row in task_list_live(actor=worker, at=AT)]
    late = {row.id: row for row in task_list_live(actor=worker, at=AT + timedelta(hours=5))}
    assert late[daily].is_red and late[daily].late


def bed_row(stage: Stage, bed_id: int) -> BedRow:
    """The bed as the ward's board has it."""
    wards = board_wards(actor=stage.users["ward_staff"], ward_ids=[], bed_ids=[bed_id])
    return next(bed for ward in wards for bed in ward.beds if bed.id == bed_id)


def make(stage: Stage, bed: int, **fields: object) -> int:
    beds = list(stage.ward.rooms.order_by("pk").values_list("beds", flat=True))
    given = {"kind": TaskKind.DISCHARGE_CLEAN, "ward_id": stage.ward.pk, "bed_id": beds[bed], "at": AT}
    return task_make(**(given | fields))


def test_the_next_task_says_why(stage: Stage) -> None:
    """Urgent before a bed that somebody waits for, before late, before next, before the oldest."""
    worker = stage.users["service_worker"]
    oldest = stage.task_id
    following = make(stage, 2, priority=Priority.NEXT)
    late = make(stage, 3, due_at=AT)
    waited = make(stage, 4)
    urgent = make(stage, 5, priority=Priority.STAT)
    stage.stay.pending_bed_id = list(stage.ward.rooms.order_by("pk").values_list("beds", flat=True))[4]
    stage.stay.save()
    page = worker_page(actor=worker, at=AT)
    assert [(item.task.id, item.why) for item in page.open] == [
        (urgent, "stat"),
        (waited, "patient_waits"),
        (late, "late"),
        (following, "next"),
        (oldest, "oldest"),
    ]


def test_a_ward_without_a_ready_bed_comes_before_an_older_clean(stage: Stage) -> None:
    BedState.objects.update(cleanliness="dirty")
    page = worker_page(actor=stage.users["service_worker"], at=AT)
    assert page.suggestion.why == "no_ready_bed"


def test_nobody_outside_the_reach_sees_the_work(stage: Stage) -> None:
    assert task_list_live(actor=stage.outsider, at=AT) == []
    assert worker_page(actor=stage.outsider, at=AT).open == []


@pytest.mark.parametrize(
    ("who", "path", "limit"),
    [
        ("ward_staff", "/avdelning/{ward}/", 14),
        ("ward_staff", "/avdelning/{ward}/delar/?beds={bed}", 14),
        ("coordinator", "/samordning/", 22),
        ("coordinator", "/samordning/delar/?beds={bed}&wards={ward}", 26),
        ("service_worker", "/arbete/", 18),
        ("service_worker", "/arbete/delar/", 18),
    ],
)
def test_a_larger_hospital_asks_no_more_questions(who: str, path: str, limit: int, stage: Stage) -> None:
    """The number of queries does not grow with wards, beds, patients or tasks."""
    client = Client()
    client.force_login(stage.users[who])
    where = path.format(ward=stage.ward.pk, bed=stage.free.pk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(where).status_code == 200
        return len(asked)

    queries()
    before = queries()
    for number in range(3):
        ward, beds = ward_make(Hospital.objects.get(invented=True), f"Z{number}", 6)
        for place, bed in enumerate(beds):
            task_make(kind=TaskKind.SPILL, ward_id=ward.pk, bed_id=bed.pk, at=AT)
            stay_make(bed, number=f"Z{number}-{place}", at=AT)
    for number in range(4):
        make(stage, 2 + number, kind=TaskKind.SPILL)
    assert queries() <= before <= limit
