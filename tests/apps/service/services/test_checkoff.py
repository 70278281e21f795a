"""What a task's type asks for when it is finished: every point ticked or left on purpose, and a signature (edge-15)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services as work
from vardnara.apps.service.models import Checkoff, Task, TaskType
from vardnara.apps.service.queries.tasks import task_checkoff
from vardnara.apps.service.services import Command
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db
POINTS = ["Wash hands", "Sopa under sängen"]


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    settings.LANGUAGE_CODE = "sv"
    return stage_set()


@pytest.fixture
def task(stage: Stage) -> Task:
    """A started task whose type wants two points and a signature."""
    kind = TaskType.objects.create(
        code="points", name="Punkter", area="cleaning", driver="bed", checklist=POINTS, needs_signature=True
    )
    Task.objects.filter(pk=stage.task_id).update(task_type=kind)
    task = Task.objects.get(pk=stage.task_id)
    work.task_start(task_id=task.pk, actor=stage.users["service_worker"], at=task.created_at)
    return task


def refused(stage: Stage, task: Task, **words: Any) -> str:
    with pytest.raises(RuleBroken) as no:
        work.task_finish(task_id=task.pk, actor=stage.users["service_worker"], at=task.created_at, **words)
    task.refresh_from_db()
    assert task.state == "started"
    return no.value.code


def test_what_is_left_is_left_on_purpose_and_kept_as_not_done(stage: Stage, task: Task) -> None:
    assert refused(stage, task, sure=False) == "points_left"
    assert refused(stage, task, ticked=[0], signed=True, sure=False) == "points_left"
    assert refused(stage, task, ticked=[0], sure=True) == "signature_missing"
    done: dict[str, Any] = {"actor": stage.users["service_worker"], "at": task.created_at}
    work.task_finish(task_id=task.pk, ticked=[0, 9], sure=True, signed=True, **done)
    row = task_checkoff(task_id=task.pk)
    assert row is not None and row.points == (("Wash hands", True), ("Sopa under sängen", False)) and row.signed
    TaskType.objects.update(checklist=["other"])
    assert task_checkoff(task_id=task.pk) == row
    with pytest.raises(Exception, match="Cannot update or delete rows"):
        Checkoff.objects.update(signed=False)


def test_a_type_without_points_asks_for_nothing(stage: Stage, task: Task) -> None:
    TaskType.objects.update(checklist=[], needs_signature=False)
    work.task_finish(task_id=task.pk, actor=stage.users["service_worker"], at=task.created_at)
    assert Checkoff.objects.count() == 0


def test_ticks_of_a_phone_without_contact(stage: Stage, task: Task) -> None:
    """The phone has asked already; a missing signature is a conflict and not a finished task."""
    worker = stage.users["service_worker"]
    unsigned = Command(seq=1, deed="finish", task_id=task.pk, at=task.created_at, ticked=(0, 1))
    signed = Command(seq=2, deed="finish", task_id=task.pk, at=task.created_at, ticked=(1,), signed=True)
    answers = list(
        work.commands_merge(actor=worker, device="p", commands=[unsigned, signed], received_at=task.created_at)
    )
    assert [answer.code or answer.outcome for answer in answers] == ["signature_missing", "done"]
    row = task_checkoff(task_id=task.pk)
    assert row is not None and row.points == (("Wash hands", False), ("Sopa under sängen", True))


def test_the_page_shows_the_points_and_asks(stage: Stage, task: Task) -> None:
    """Shipped points in Swedish, a ward's own as written; without JavaScript the page says what is missing."""
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["service_worker"])
    page = client.get("/arbete/").content.decode()
    assert "Tvätta händerna" in page and "Sopa under sängen" in page
    where = f"/arbete/{task.pk}/klar/"
    assert "Allt är inte avbockat" in client.post(where, {"point": ["0"]}, follow=True).content.decode()
    assert "ska signeras" in client.post(where, {"point": ["0", "1"]}, follow=True).content.decode()
    client.post(where, {"point": ["1", "x"], "sure": "1", "signed": "1"})
    lead = Client(headers={"accept-language": "sv"})
    lead.force_login(stage.users["coordinator"])
    page = lead.get(f"/samordning/uppgift/{task.pk}/").content.decode()
    assert "inte gjort" in page and "Signerat av Service_Worker" in page
