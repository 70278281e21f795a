"""The live answers on the worker's page and the coordinator's card: by policy, with reasons, and never in the way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from tests.strategies.day_stage import DayStage
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services as work
from vardnara.apps.service.choices import TaskState
from vardnara.apps.service.events import next_asked
from vardnara.apps.service.models import Task
from vardnara.apps.service.queries.hand_out import task_takers
from vardnara.apps.service.queries.next_task import worker_page
from vardnara.apps.service.queries.tasks import task_one
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions
from vardnara.apps.staffing.services import day_plans
from vardnara.apps.staffing.services.dispatch_settings import policy_set

ON = date(2026, 3, 12)
AT = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def made(stage: Stage) -> DayStage:
    """Two people by the roster; far work is due first, near work is the plan's."""
    made = DayStage(stage, ON, AT)
    Task.objects.filter(pk=stage.task_id).update(state=TaskState.WITHDRAWN)
    for ward, floor in ((stage.ward, "1"), (stage.other_ward, "9")):
        ward.building, ward.floor = "A", floor
        ward.save()
    near = made.kind("D", 420, 930)
    far = made.kind("F", 420, 930, ward=stage.other_ward)
    made.shift(made.person(1, user=stage.second_worker), near)
    made.shift(made.person(2, user=stage.users["service_worker"]), far)
    made.far = made.task("07:00", "08:30", 30, ward=stage.other_ward)  # type: ignore[attr-defined]
    made.near = made.task("07:00", "09:00", 30)  # type: ignore[attr-defined]
    return made


def plan_make(made: DayStage, **more: Any) -> None:
    row = day_plans.plan_ask(on=ON, actor=made.head, at=AT, work=50, **more)
    day_plans.plan_do(plan_id=row.pk, clock=lambda: AT)


def first_of(made: DayStage, clock: str = "07:05") -> Any:
    with translation.override("en"):
        return worker_page(actor=made.stage.second_worker, at=made.clock(clock)).suggestion


def test_own_choice_is_the_list_as_it_was(made: DayStage) -> None:
    """By default nothing of the plan stands on the worker's page."""
    plan_make(made)
    found = first_of(made)
    assert (found.task.id, found.said) == (made.far.pk, ())


def test_by_policy_one_task_comes_first_with_reasons(made: DayStage) -> None:
    """Suggested: the plan's own next before the list's first, the rest after it."""
    plan_make(made)
    policy_set(policy="suggested", ward_id=made.stage.ward.pk, actor=made.head, at=AT)
    found = first_of(made)
    assert (found.task.id, found.said) == (made.near.pk, ("Next in your day plan.", "You are there already."))
    page = worker_page(actor=made.stage.second_worker, at=made.clock("07:05"))
    assert [one.task.id for one in page.open] == [made.near.pk, made.far.pk]
    other = worker_page(actor=made.stage.users["service_worker"], at=made.clock("07:05"))
    assert other.suggestion is not None and other.suggestion.said == (), "another ward has said nothing"
    client = Client(headers={"accept-language": "en"})
    client.force_login(made.stage.second_worker)
    assert "Open work" in client.get("/arbete/").text


def test_without_a_plan_the_answer_is_still_there(made: DayStage) -> None:
    """Nobody has made a plan: what is near and nobody's comes first."""
    policy_set(policy="suggested", actor=made.head, at=AT)
    found = first_of(made)
    assert found.task.id == made.near.pk and "Nobody else has it." in found.said


def test_what_begins_later_says_when(made: DayStage) -> None:
    """Within the hour it is offered with its time; what is further away is not."""
    policy_set(policy="suggested", actor=made.head, at=AT)
    Task.objects.exclude(pk=made.near.pk).update(state=TaskState.DONE, finished_at=AT)
    plan_make(made)
    found = first_of(made, "06:40")
    assert found.task.id == made.near.pk and "It begins at 07:00." in found.said
    assert first_of(made, "05:30") is None


def test_somebody_at_work_or_in_no_day_is_not_asked_for(made: DayStage) -> None:
    """With a task in hand the page stays as it is; who stands in no day chooses from the list."""
    policy_set(policy="automatic", actor=made.head, at=AT)
    work.task_claim(task_id=made.far.pk, actor=made.stage.second_worker, at=made.clock("07:01"))
    page = worker_page(actor=made.stage.second_worker, at=made.clock("07:05"))
    assert page.current is not None and not any(one.said for one in page.open)


def test_an_answer_that_fails_is_no_answer(made: DayStage) -> None:
    """The worker's list is there whatever happens to whoever plans the day."""

    def broken(sender: object, **_: object) -> None:
        raise ValueError("no answer")

    next_asked.connect(broken)
    try:
        assert first_of(made).task.id == made.far.pk
    finally:
        next_asked.disconnect(broken)


def test_who_should_take_it(made: DayStage) -> None:
    """Ranked with reasons, whoever has it in the plan first; on the card with a way to hand it over; not once begun."""
    plan_make(made)
    at = made.clock("07:05")

    def told(task_id: int) -> Any:
        task = task_one(actor=made.head, at=at, task_id=task_id)
        with translation.override("en"):
            return task_takers(task=task, hospital_ids=[made.hospital_id], at=at)

    first, second = told(made.near.pk)
    assert (first.name, first.user_id) == ("Person 01", made.stage.second_worker.pk)
    assert first.said[:2] == ("has it in the day plan", "is there already")
    assert second.name == "Person 02" and second.way_minutes > 0 and "outside the own wards" in second.said
    plan_make(made, options=DayOptions(without=(f"p{made.stage.second_worker.person.pk}",)))
    assert [one.name for one in told(made.near.pk)] == ["Person 02"]
    work.task_start(task_id=made.near.pk, actor=made.stage.second_worker, at=at)
    assert told(made.near.pk) == ()


def test_the_card_shows_who_and_hands_it_over(stage: Stage) -> None:
    """The coordinator reads names with reasons; one press hands the task over, and then they have it."""
    made = DayStage(stage, timezone.localdate(), timezone.now())
    made.shift(made.person(1, user=stage.second_worker), made.kind("X", 0, 1439))
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users["coordinator"])
    where = f"/samordning/uppgift/{stage.task_id}/"
    card = client.get(where).text
    assert "Best placed" in card and "is there already" in card and f'value="{stage.second_worker.pk}"' in card
    client.post(f"{where}fordela/", {"owner_id": stage.second_worker.pk})
    assert "has taken it" in client.get(where).text
