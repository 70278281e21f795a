"""A worker's shift: zones, breaks, and signing off without leaving work behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.apps.service.services.test_merging import Cast
from tests.strategies.messages import at

from vardnara.apps.hospital.models import Ward
from vardnara.apps.service import services as work
from vardnara.apps.service.models import Shift, ShiftBreak
from vardnara.apps.service.queries.next_task import worker_page
from vardnara.apps.service.queries.shifts import shift_last, shift_now, worker_rows
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def ward(code: str) -> int:
    return Ward.objects.get(code=code).pk


def no(code: str, step: Any, **words: Any) -> None:
    with pytest.raises(RuleBroken) as broken:
        step(**words)
    assert broken.value.code == code


def statuses(cast: Cast, minute: float) -> dict[str, str]:
    return {row.name: row.status for row in worker_rows(hospital_ids=[cast.hospital.pk], at=at(minute))}


def test_zones_come_first_and_what_is_urgent_crosses_them(cast: Cast) -> None:
    """The chosen ward's work before older work elsewhere; urgent work wherever it is."""
    far, near = cast.request(0), None
    asked = {"actor": cast.nurse, "bed_id": None, "ward_id": ward("K31")}
    near = work.work_request(**asked, note="near", at=at(5))
    page = worker_page(actor=cast.worker, at=at(10))
    assert [(row.task.id, row.zone) for row in page.open] == [(far.pk, ""), (near.pk, "")]
    work.shift_sign_on(actor=cast.worker, at=at(6), zones="some", ward_ids=[ward("K31")])
    page = worker_page(actor=cast.worker, at=at(10))
    assert [(row.task.id, row.zone) for row in page.open] == [(near.pk, "own"), (far.pk, "outside")]
    work.task_reprioritise(task_id=far.pk, actor=cast.coordinator, at=at(8), priority=0)
    assert worker_page(actor=cast.worker, at=at(10)).open[0].task.id == far.pk
    assert worker_page(actor=cast.second, at=at(10)).open[0].zone == ""


def test_signing_on_chooses_wards_within_reach(cast: Cast) -> None:
    """Some wards need a ward, and only within reach; signing on again changes the wards of the same shift."""
    on: dict[str, Any] = {"actor": cast.worker, "at": at(0)}
    no("which_wards", work.shift_sign_on, **on, zones="some")
    no("which_wards", work.shift_sign_on, **on, zones="some", ward_ids=[0])
    no("unknown_zones", work.shift_sign_on, **on, zones="x")
    no("wrong_role", work.shift_sign_on, actor=cast.nurse, at=at(0), zones="all")
    work.shift_sign_on(**on, zones="all", ward_ids=[ward("K31")])
    work.shift_sign_on(actor=cast.worker, at=at(3), zones="some", ward_ids=[ward("K31"), ward("M52")])
    shift = shift_now(actor=cast.worker, at=at(5))
    assert shift is not None and shift.ward_names == ("K31", "M52") and shift.signed_on_at == at(0)
    assert Shift.objects.count() == 1


def test_a_break_pauses_the_work_and_takes_one_from_the_available(cast: Cast) -> None:
    """Feat-A20: nobody is shown as available, or offered work, while on a break."""
    task, _ = cast.request(), cast.request()
    assert statuses(cast, 1)["worker"] == "off"
    no("not_on_duty", work.shift_break_begin, actor=cast.worker, at=at(1), kind="break")
    work.shift_sign_on(actor=cast.worker, at=at(1), zones="all")
    assert statuses(cast, 2)["worker"] == "available"
    work.task_start(task_id=task.pk, actor=cast.worker, at=at(3))
    assert statuses(cast, 4)["worker"] == "working"
    work.shift_break_begin(actor=cast.worker, at=at(13), kind="lunch")
    no("on_break", work.shift_break_begin, actor=cast.worker, at=at(14), kind="break")
    no("unknown_kind", work.shift_break_begin, actor=cast.worker, at=at(14), kind="x")
    task.refresh_from_db()
    assert (task.state, task.worked_seconds, task.reason) == ("paused", 600, "break")
    assert statuses(cast, 14)["worker"] == "lunch"
    page = worker_page(actor=cast.worker, at=at(14))
    assert page.open == [] and page.n_open == 1 and page.shift is not None and page.shift.break_kind == "lunch"
    work.shift_break_end(actor=cast.worker, at=at(43))
    no("not_on_break", work.shift_break_end, actor=cast.worker, at=at(44))
    assert statuses(cast, 44)["worker"] == "available"
    assert ShiftBreak.objects.get().ended_at == at(43)


@pytest.mark.parametrize(("leave", "state"), [("hand_back", "open"), ("next_shift", "paused")])
def test_signing_off_with_work_in_hand_asks(leave: str, state: str, cast: Cast) -> None:
    """Edge-12: handed back, or paused with a word; never left running."""
    task = cast.request()
    work.shift_sign_on(actor=cast.worker, at=at(0), zones="all")
    work.task_start(task_id=task.pk, actor=cast.worker, at=at(1))
    off: dict[str, Any] = {"actor": cast.worker, "at": at(11)}
    no("work_in_hand", work.shift_sign_off, **off)
    if leave == "next_shift":
        no("word_missing", work.shift_sign_off, **off, leave=leave, note=" ")
    work.shift_sign_off(**off, leave=leave, note="the floor is left")
    task.refresh_from_db()
    assert (task.state, task.worked_seconds) == (state, 600)
    assert task.events.order_by("-pk")[0].note == "the floor is left"
    assert shift_now(actor=cast.worker, at=at(12)) is None
    no("not_on_duty", work.shift_sign_off, **off)


def test_signing_off_ends_the_break_and_keeps_the_wards_for_tomorrow(cast: Cast) -> None:
    work.shift_sign_on(actor=cast.worker, at=at(0), zones="some", ward_ids=[ward("BB")])
    work.shift_break_begin(actor=cast.worker, at=at(5), kind="break")
    work.shift_sign_off(actor=cast.worker, at=at(9))
    assert ShiftBreak.objects.get().ended_at == at(9)
    last = shift_last(actor=cast.worker)
    assert last is not None and last.ward_ids == {ward("BB")}


def test_a_shift_that_nobody_ended_is_over_after_sixteen_hours(cast: Cast) -> None:
    work.shift_sign_on(actor=cast.worker, at=at(0), zones="all")
    assert statuses(cast, 16 * 60 + 1)["worker"] == "off"
    work.shift_sign_on(actor=cast.worker, at=at(24 * 60), zones="all")
    ended = list(Shift.objects.order_by("pk").values_list("signed_off_at", flat=True))
    assert ended == [at(0) + timedelta(hours=16), None]


def test_the_database_holds_one_shift_and_one_break(cast: Cast) -> None:
    """Whoever writes: one open shift a person, one open break a shift, none deleted."""
    work.shift_sign_on(actor=cast.worker, at=at(0), zones="all")
    work.shift_break_begin(actor=cast.worker, at=at(1), kind="break")
    shift = Shift.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(user=cast.worker, zones="all", signed_on_at=at(2))
    with pytest.raises(IntegrityError), transaction.atomic():
        ShiftBreak.objects.create(shift=shift, kind="lunch", began_at=at(2))
    with pytest.raises(Exception, match="Cannot delete rows"), transaction.atomic():
        ShiftBreak.objects.all().delete()
