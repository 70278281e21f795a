"""What a phone sends and keeps: batches of commands, the work for a shift without contact, and the empty page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services
from vardnara.apps.service.models import CommandConflict, Task, TaskEvent

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    settings.LANGUAGE_CODE = "sv"
    return stage_set()


def signed_in(user: Any, **options: Any) -> Client:
    client = Client(headers={"accept-language": "sv"}, **options)
    client.force_login(user)
    return client


def send(client: Client, owner: Any, *commands: object, **more: object) -> Any:
    batch = {"user": owner.pk, "device": "phone", "sent_at": NOW.isoformat(), "commands": list(commands)} | more
    return client.post("/arbete/skicka/", json.dumps(batch), content_type="application/json")


def command(seq: int, deed: str, stage: Stage, minutes_ago: float = 5, **words: object) -> dict[str, object]:
    at = (NOW - timedelta(minutes=minutes_ago)).isoformat()
    return {"seq": seq, "deed": deed, "task": stage.task_id, "at": at} | words


def test_a_batch_is_answered_one_by_one(stage: Stage) -> None:
    """Good ones are done, unreadable ones refused with what was expected, conflicts told in words."""
    worker = stage.users["service_worker"]
    other = services.work_request(
        ward_id=stage.ward.pk, bed_id=None, note="x", actor=stage.users["coordinator"], at=NOW - timedelta(hours=1)
    )
    services.task_claim(task_id=other.pk, actor=stage.second_worker, at=NOW - timedelta(minutes=30))
    answers = send(
        signed_in(worker),
        worker,
        command(1, "start", stage),
        command(2, "pause", stage, reason="nonsense"),
        command(3, "dance", stage),
        command(4, "start", stage, task=other.pk),
        "no command",
        command(5, "finish", stage, 1),
    ).json()["answers"]
    told = {row["seq"]: row["outcome"] for row in answers}
    assert told == {1: "done", 2: "refused", 3: "refused", 4: "conflict", None: "refused", 5: "done"}
    (conflict,) = [row for row in answers if row["outcome"] == "conflict"]
    assert conflict["text"] == "Second har uppgiften nu. Det du gjort är sparat; samordnaren avgör."
    assert Task.objects.get(pk=stage.task_id).state == "done"


def test_the_page_comes_with_the_answer(stage: Stage) -> None:
    worker = stage.users["service_worker"]
    commands = [command(1, "start", stage, 9), command(2, "finish", stage, 1)]
    page = send(signed_in(worker), worker, *commands, page=True).json()["page"]
    assert 'id="work"' in page and "Klart. Sal 1, plats 2." in page


def test_a_phone_whose_clock_is_wrong_is_corrected(stage: Stage) -> None:
    """Half a day ahead, and it says so itself by the time at which it sends."""
    worker, now = stage.users["service_worker"], datetime.now(UTC)
    ahead = timedelta(hours=12)
    done = command(1, "start", stage) | {"at": (now + ahead - timedelta(minutes=5)).isoformat()}
    answer = send(signed_in(worker), worker, done, sent_at=(now + ahead).isoformat()).json()
    assert abs(answer["clock_off_seconds"] + ahead.total_seconds()) < 60
    late = TaskEvent.objects.get(kind="started").at - (now - timedelta(minutes=5))
    assert abs(late.total_seconds()) < 60


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"user": 0}, 409),
        ({"user": "1"}, 409),
        ({"device": ""}, 400),
        ({"device": 7}, 400),
        ({"sent_at": "yesterday"}, 400),
        ({"sent_at": "2026-03-05T10:00:00"}, 400),
        ({"commands": {}}, 400),
        ({"commands": [{}] * 201}, 400),
    ],
)
def test_a_batch_that_cannot_be_is_refused_whole(more: dict[str, object], status: int, stage: Stage) -> None:
    worker = stage.users["service_worker"]
    assert send(signed_in(worker), worker, command(1, "claim", stage), **more).status_code == status
    assert Task.objects.get(pk=stage.task_id).state == "open"


@pytest.mark.parametrize(
    "words",
    [
        {"seq": 0}, {"seq": True}, {"seq": 2**40}, {"task": -1}, {"task": "1"}, {"task": 2**70}, {"at": 5}, {"at": ""},
        {"at": "0001-01-01T00:00:00+14:00"}, {"note": ["x"]}, {"note": "a\0b"}, {"deed": None}, {"found": 1.5},
    ],
)  # fmt: skip
def test_no_content_of_a_command_breaks_the_rest(words: dict[str, object], stage: Stage) -> None:
    """Whatever stands in it: refused or kept, and the next one is done."""
    worker = stage.users["service_worker"]
    answer = send(signed_in(worker), worker, command(1, "claim", stage) | words, command(2, "start", stage))
    assert answer.status_code == 200
    assert {row["seq"]: row["outcome"] for row in answer.json()["answers"]}[2] == "done"


def test_nobody_else_s_site_can_send(stage: Stage) -> None:
    """A cookie is not enough: the token must come too."""
    worker = stage.users["service_worker"]
    client = signed_in(worker, enforce_csrf_checks=True)
    assert send(client, worker, command(1, "claim", stage)).status_code == 403
    client.get("/arbete/")
    token = client.cookies["csrftoken"].value
    batch = {"user": worker.pk, "device": "p", "sent_at": NOW.isoformat(), "commands": []}
    sent = client.post(
        "/arbete/skicka/", json.dumps(batch), content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert sent.status_code == 200


def test_the_phone_keeps_what_each_card_needs(stage: Stage) -> None:
    """What, where, how, contagion and why; never a name of a patient."""
    Task.objects.filter(pk=stage.task_id).update(contagion_class="C")
    answer = signed_in(stage.users["service_worker"]).get("/arbete/kvar/")
    (row,) = answer.json()["open"]
    assert (row["id"], row["place"], row["is_contagion"], row["state"]) == (
        stage.task_id,
        "Sal 1, plats 2",
        True,
        "open",
    )
    for words in ("Smitta klass C", "10 min", "Golvet sist", "Hemgångsstäd"):
        assert words in row["card"]
    assert b"Tolvansson" not in answer.content
    assert [ward["name"] for ward in answer.json()["wards"]] == ["Avdelning K1", "Avdelning M1"]


def test_the_empty_page_holds_no_work_and_no_name(stage: Stage) -> None:
    """It is kept in the phone's cache: everything in it may be read by whoever holds the phone."""
    worker = stage.users["service_worker"]
    page = signed_in(worker).get("/arbete/skal/").content.decode()
    assert "Avdelning K1" not in page and worker.first_name not in page and 'id="work"' in page


def test_the_coordinator_decides(stage: Stage) -> None:
    """Listed on the board, recorded as done or dismissed with a reason; a second answer is told that it is settled."""
    worker = stage.users["service_worker"]
    services.task_claim(task_id=stage.task_id, actor=stage.second_worker, at=NOW - timedelta(minutes=30))
    send(signed_in(worker), worker, command(1, "start", stage, 20), command(2, "finish", stage, 5))
    lead = signed_in(stage.users["coordinator"])
    assert "Gjort utan kontakt, att avgöra" in lead.get("/samordning/").content.decode()
    page = lead.get("/samordning/konflikter/").content.decode()
    assert "Second har uppgiften nu." in page and "15 min" in page
    row = CommandConflict.objects.order_by("-pk").first()
    assert row is not None
    said = lead.post(f"/samordning/konflikter/{row.pk}/avfarda/", {"reason": ""}, follow=True).content.decode()
    assert "Försök igen" in said and CommandConflict.objects.filter(settlement="").count() == 2
    said = lead.post(f"/samordning/konflikter/{row.pk}/godkann/", follow=True).content.decode()
    assert "Registrerat." in said and "Inget väntar på dig" in said
    assert Task.objects.get(pk=stage.task_id).state == "done"
    said = lead.post(f"/samordning/konflikter/{row.pk}/godkann/", follow=True).content.decode()
    assert "Någon har redan bestämt" in said
    assert lead.post(f"/samordning/konflikter/{row.pk}/dansa/").status_code == 404
