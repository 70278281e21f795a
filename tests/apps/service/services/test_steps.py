"""The steps of a task: who may, in which order, and what is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.strategies.messages import adt, apply, at, bed, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.cleaning.models import Clean
from vardnara.apps.hospital.models import BedState, Hospital, Region
from vardnara.apps.hospital.services.verify import broken_invariants
from vardnara.apps.service import services as work
from vardnara.apps.service.models import Task
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db


class Cast:
    """The people of the house, and a stranger from another hospital."""

    def __init__(self) -> None:
        self.hospital = small_hospital()
        other = Hospital.objects.create(region=Region.objects.get(), code="X", name="Annat")
        self.worker = person(Role.SERVICE_WORKER, "worker", self.hospital)
        self.second = person(Role.SERVICE_WORKER, "second", self.hospital)
        self.nurse = person(Role.WARD_STAFF, "nurse", self.hospital)
        self.coordinator = person(Role.COORDINATOR, "coordinator", self.hospital)
        self.stranger = person(Role.COORDINATOR, "stranger", other)
        self.stranger_worker = person(Role.SERVICE_WORKER, "stranger_worker", other)
        self.homeless = person(Role.SERVICE_WORKER, "homeless", None)


@pytest.fixture
def cast() -> Any:
    yield Cast()
    assert [str(row) for row in broken_invariants()] == []


@pytest.fixture
def task(cast: Cast) -> Task:
    """A discharge clean of bed 1-1."""
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    return Task.objects.get()


def no(code: str, step: Callable[..., object], **fields: object) -> None:
    with pytest.raises(RuleBroken) as caught:
        step(**fields)
    assert caught.value.code == code


def history(task: Task) -> list[str]:
    return list(task.events.order_by("pk").values_list("kind", flat=True))


def cleanliness() -> str:
    return BedState.objects.get(bed=bed("1-1")).cleanliness


def test_whole_walk(cast: Cast, task: Task) -> None:
    """Claim, start, pause, resume, delay, resume, finish, approve: only time at work counts."""
    one: dict[str, Any] = {"task_id": task.pk, "actor": cast.worker}
    work.task_claim(**one, at=at(61))
    work.task_start(**one, at=at(70))
    work.task_pause(**one, at=at(75), reason="break")
    assert cleanliness() == "cleaning"
    work.task_resume(**one, at=at(90))
    work.task_delay(**one, at=at(95), reason="equipment")
    work.task_resume(**one, at=at(100))
    work.task_finish(**one, at=at(110))
    assert cleanliness() == "clean"
    work.task_inspect(task_id=task.pk, actor=cast.nurse, at=at(115), approved=True)
    task.refresh_from_db()
    assert (task.state, task.worked_seconds) == ("inspected", (5 + 5 + 10) * 60)
    assert history(task) == [
        "created", "claimed", "started", "paused", "resumed", "delayed", "resumed", "finished", "inspected",
    ]  # fmt: skip


def test_start_claims_an_open_task(cast: Cast, task: Task) -> None:
    """Two taps from unlocking to started."""
    work.task_start(task_id=task.pk, actor=cast.worker, at=at(61))
    assert history(task) == ["created", "claimed", "started"]


def test_others_may_not_touch_what_is_mine(cast: Cast, task: Task) -> None:
    """Claimed by one worker; other hospitals and people without scope are refused whatever they try."""
    work.task_start(task_id=task.pk, actor=cast.worker, at=at(61))
    mine: dict[str, Any] = {"task_id": task.pk, "at": at(62)}
    no("not_open", work.task_claim, **mine, actor=cast.second)
    no("not_owner", work.task_start, **mine, actor=cast.second)
    no("not_owner", work.task_pause, **mine, actor=cast.second, reason="break")
    no("not_owner", work.task_finish, **mine, actor=cast.second)
    no("not_owner", work.task_hand_back, **mine, actor=cast.second)
    no("wrong_role", work.task_claim, **mine, actor=cast.nurse)
    no("wrong_role", work.task_reassign, **mine, actor=cast.second, owner_id=cast.second.pk)
    no("out_of_scope", work.task_claim, **mine, actor=cast.stranger_worker)
    no("out_of_scope", work.task_reassign, **mine, actor=cast.stranger, owner_id=None)
    no("no_scope", work.task_claim, **mine, actor=cast.homeless)
    no("out_of_scope", work.task_reassign, **mine, actor=cast.coordinator, owner_id=cast.stranger_worker.pk)
    no("unknown_task", work.task_claim, task_id=0, at=at(1), actor=cast.worker)


def test_steps_out_of_order_are_refused(cast: Cast, task: Task) -> None:
    """What was not begun cannot be paused or finished; what is done stays done."""
    mine: dict[str, Any] = {"task_id": task.pk, "actor": cast.worker, "at": at(62)}
    no("not_owner", work.task_finish, **mine)
    work.task_claim(**mine)
    no("wrong_state", work.task_finish, **mine)
    no("wrong_state", work.task_pause, **mine, reason="break")
    no("wrong_state", work.task_resume, **mine)
    work.task_delay(**mine, reason="patient_in_bed")
    no("wrong_state", work.task_finish, **mine)
    work.task_start(**mine)
    work.task_finish(**mine)
    no("wrong_state", work.task_finish, **mine)
    no("wrong_state", work.task_hand_back, **mine)


def test_hand_back_and_reassign_keep_the_time(cast: Cast, task: Task) -> None:
    """Handed back is open again and the bed dirty; the next owner's time adds to it."""
    work.task_start(task_id=task.pk, actor=cast.worker, at=at(60))
    work.task_hand_back(task_id=task.pk, actor=cast.worker, at=at(70), reason="break")
    assert cleanliness() == "dirty"
    work.task_reassign(task_id=task.pk, actor=cast.coordinator, at=at(71), owner_id=cast.second.pk)
    work.task_start(task_id=task.pk, actor=cast.second, at=at(80))
    work.task_finish(task_id=task.pk, actor=cast.second, at=at(85))
    task.refresh_from_db()
    assert (task.worked_seconds, task.owner_id) == (15 * 60, cast.second.pk)


def test_command_sent_twice_happens_once(cast: Cast, task: Task) -> None:
    """A phone that lost the answer sends again: same device, same number, one step."""
    command: dict[str, Any] = {"task_id": task.pk, "actor": cast.worker, "device": "phone", "device_seq": 7}
    work.task_claim(**command, at=at(61))
    work.task_claim(**command, at=at(61))
    assert history(task) == ["created", "claimed"]


def test_failed_inspection_makes_the_clean_again(cast: Cast, task: Task) -> None:
    """Edge-16: the re-clean exists and the bed is not released; nobody approves their own work."""
    work.task_start(task_id=task.pk, actor=cast.worker, at=at(61))
    work.task_finish(task_id=task.pk, actor=cast.worker, at=at(80))
    work.task_inspect(task_id=task.pk, actor=cast.nurse, at=at(85), approved=False, note="floor")
    again = Task.objects.exclude(pk=task.pk).get()
    assert (again.state, again.kind, cleanliness()) == ("open", "discharge_clean", "dirty")
    assert Clean.objects.get(task=again).cause == "not_approved"
    work.task_start(task_id=again.pk, actor=cast.coordinator, at=at(86))
    work.task_finish(task_id=again.pk, actor=cast.coordinator, at=at(99))
    no("own_work", work.task_inspect, task_id=again.pk, actor=cast.coordinator, at=at(100), approved=True)


def test_found_bed_and_spill(cast: Cast) -> None:
    """Feat-A24: the finder may begin at once; a bed that has its clean gets no second one."""
    mine: dict[str, Any] = {"actor": cast.worker, "bed_id": bed("1-1").pk}
    found = work.found_job_report(**mine, kind="found_bed", at=at(0), start=True)
    assert (found.state, cleanliness()) == ("started", "cleaning")
    assert work.found_job_report(**mine, kind="found_bed", at=at(1)).pk == found.pk
    spill = work.found_job_report(**mine, kind="spill", at=at(2), note="by the door")
    assert (spill.priority, spill.state) == (0, "open")
    work.task_finish(task_id=found.pk, actor=cast.worker, at=at(20))
    assert cleanliness() == "clean"


def test_discharge_from_a_bed_already_found_dirty_joins_its_clean(cast: Cast) -> None:
    """Edge-17 again: one bed, one unfinished turnover clean."""
    apply(adt("A01", 0, "1-1"))
    work.found_job_report(bed_id=bed("1-1").pk, kind="found_bed", actor=cast.worker, at=at(5))
    apply(adt("A03", 60, "1-1"))
    assert Task.objects.filter(state="open").count() == 1


def test_request_from_the_ward(cast: Cast) -> None:
    """Feat-A30: says what is asked for, or is refused; a worker cannot ask in the ward's name."""
    ward_id = bed("1-1").room.ward_id
    asked: dict[str, Any] = {"ward_id": ward_id, "bed_id": None, "at": at(0)}
    assert work.work_request(**asked, note="Fyll på handdukar", actor=cast.nurse).state == "open"
    no("note_missing", work.work_request, **asked, note=" ", actor=cast.nurse)
    no("wrong_role", work.work_request, **asked, note="x", actor=cast.worker)
    no("out_of_scope", work.work_request, **asked, note="x", actor=cast.stranger)
