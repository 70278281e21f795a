"""Handing out work with forms alone, as whoever has no JavaScript does."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.service import services
from vardnara.apps.service.models import Task

pytestmark = pytest.mark.django_db
PAGE = "/samordning/fordela/"


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def lead(stage: Stage) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["coordinator"])
    return client


def requests(stage: Stage, n: int) -> list[int]:
    asked = {"ward_id": stage.ward.pk, "bed_id": None, "actor": stage.users["ward_staff"], "at": AT}
    return [services.work_request(note=f"Handskar {k}", **asked).pk for k in range(n)]


def send(client: Client, **data: object) -> str:
    answer = client.post(PAGE + "flytta/", data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def owner(task_id: int) -> int | None:
    return Task.objects.get(pk=task_id).owner_id


def test_tick_choose_move_and_undo(stage: Stage, lead: Client) -> None:
    """Two tasks to one person; the page says so and offers to undo it; undone, nobody has them."""
    one, two = requests(stage, 2)
    worker = stage.users["service_worker"]
    page = send(lead, task=[f"{one}:0", f"{two}:0"], owner=worker.pk)
    assert "2 uppgifter flyttade till" in page and owner(one) == owner(two) == worker.pk
    back = re.findall(r'name="move" value="([^"]+)"', page)
    assert back == [f"{one}:{worker.pk}:0", f"{two}:{worker.pk}:0"]
    page = send(lead, move=back, sure=1, undo=1)
    assert "Ångrat: 2 uppgifter är tillbaka." in page and owner(one) is None
    assert 'id="hand-undo"' not in page


def test_what_was_moved_meanwhile_is_told(stage: Stage, lead: Client) -> None:
    """The rest is moved; nothing is taken from whom the page did not show."""
    one, two = requests(stage, 2)
    services.task_claim(task_id=one, actor=stage.second_worker, at=AT)
    page = send(lead, task=[f"{one}:0", f"{two}:0"], owner=stage.users["service_worker"].pk)
    assert "Någon annan har flyttat uppgiften under tiden" in page and "1 uppgift flyttad till" in page
    assert owner(one) == stage.second_worker.pk


def test_running_work_is_asked_about(stage: Stage, lead: Client) -> None:
    """The page asks; yes pauses and moves; what was undone meanwhile is not asked about again."""
    (task,) = requests(stage, 1)
    services.task_start(task_id=task, actor=stage.second_worker, at=AT)
    worker = stage.users["service_worker"]
    page = send(lead, task=[f"{task}:{stage.second_worker.pk}"], owner=worker.pk)
    assert "Second håller på med" in page and owner(task) == stage.second_worker.pk
    (asked,) = re.findall(r'name="move" value="([^"]+)"', page)
    send(lead, move=[asked], sure=1)
    assert owner(task) == worker.pk and Task.objects.get(pk=task).state == "paused"
    assert "håller på med" not in lead.get(PAGE, {"fraga": asked}).content.decode()


@pytest.mark.parametrize(
    "data",
    [{}, {"task": "1:0"}, {"task": "x", "owner": 1}, {"owner": 1}, {"move": "1:2"}, {"task": "1:0", "owner": "x"}],
)
def test_nonsense_is_answered_in_words(stage: Stage, lead: Client, data: dict[str, object]) -> None:
    page = send(lead, **data)
    assert "Välj minst en uppgift" in page or "Något saknas" in page
    assert lead.get(PAGE, {"gjort": "1:2:x", "fraga": "9", "ward_id": "y"}).status_code == 200


def test_a_script_gets_the_part(stage: Stage, lead: Client) -> None:
    (task,) = requests(stage, 1)
    data = {"task": f"{task}:0", "owner": stage.second_worker.pk}
    part = lead.post(PAGE + "flytta/", data, headers={"hx-request": "true"}).content.decode()
    assert 'id="hand-told"' in part and "<html" not in part
    assert 'id="hand-told" data-part' not in lead.get(PAGE + "delar/").content.decode()


def test_another_hospital_s_work_is_not_moved(stage: Stage) -> None:
    (task,) = requests(stage, 1)
    client = Client()
    client.force_login(stage.outsider)
    client.post(PAGE + "flytta/", {"task": f"{task}:0", "owner": stage.second_worker.pk})
    assert owner(task) is None
