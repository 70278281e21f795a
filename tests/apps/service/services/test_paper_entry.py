"""What was written on paper becomes what was done, once, as of when it was done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.strategies.refusals import refused
from tests.strategies.stage import AT, Stage, stage_set, task_make

from vardnara.apps.hospital.models import BedState
from vardnara.apps.service import services
from vardnara.apps.service.choices import TaskKind
from vardnara.apps.service.models import CommandConflict, PaperEntry, PaperList, Task, TaskEvent
from vardnara.apps.service.services import Command, PaperLine
from vardnara.kernel.local_time import STOCKHOLM

MINUTE = timedelta(minutes=1)
NOW = AT + 300 * MINUTE


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def printed(stage: Stage, at: datetime = AT) -> PaperList:
    ((paper, _),) = services.paper_sheets(at=at, ward_ids=[stage.ward.pk])
    return paper


def line(stage: Stage, row: int = 1, start: float = 10, finish: float | None = 40, **more: object) -> PaperLine:
    worker = more.pop("worker", stage.users["service_worker"])
    ends = None if finish is None else AT + finish * MINUTE
    return PaperLine(row, worker.pk, AT + start * MINUTE, ends, **more)


def enter(stage: Stage, paper: PaperList, what: PaperLine, who: str = "coordinator", at: datetime = NOW):
    return services.paper_row_enter(paper_id=paper.pk, line=what, actor=stage.users[who], at=at)


def everything(stage: Stage) -> list[object]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Task, TaskEvent, CommandConflict, PaperEntry, BedState)
    ]


def test_a_row_is_done_as_of_when_it_was_written(stage: Stage) -> None:
    """The worker's work, the paper's times, and the history says who entered it."""
    entry, new = enter(stage, printed(stage), line(stage, note="Skåpet trasigt"))
    task = Task.objects.get(pk=stage.task_id)
    assert new and entry.outcome == "done"
    assert (task.state, task.owner, task.started_at, task.finished_at) == (
        "done",
        stage.users["service_worker"],
        AT + 10 * MINUTE,
        AT + 40 * MINUTE,
    )
    assert task.worked_seconds == 30 * 60
    told = TaskEvent.objects.get(task=task, reason="from_paper")
    assert told.actor == stage.users["coordinator"] and told.at == NOW and told.note.endswith("Coordinator")
    assert TaskEvent.objects.get(task=task, kind="finished").note == "Skåpet trasigt"


def test_entered_twice_nothing_changes_the_second_time(stage: Stage) -> None:
    """By another person, with other times: the first one stands."""
    paper = printed(stage)
    enter(stage, paper, line(stage))
    before = everything(stage)
    entry, new = enter(stage, paper, line(stage, start=20, finish=50), "service_head", NOW + 10 * MINUTE)
    assert not new and entry.entered_by == stage.users["coordinator"]
    assert everything(stage) == before


def test_the_database_keeps_a_row_once_and_for_ever(stage: Stage) -> None:
    paper = printed(stage)
    entry, _ = enter(stage, paper, line(stage))
    entry.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save(force_insert=True)
    for sql in ("UPDATE service_paperentry SET note = 'x'", "DELETE FROM service_paperentry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_two_lists_that_name_the_same_work_count_it_once(stage: Stage) -> None:
    """The list of ten o'clock and that of eleven hang on the same wall."""
    first = printed(stage)
    task_make(kind=TaskKind.REQUEST, ward_id=stage.ward.pk, bed_id=None, at=AT + MINUTE, reason="request")
    second = printed(stage, AT + 60 * MINUTE)
    assert first.pk != second.pk
    row = next(number for number, task, *_ in second.rows if task == stage.task_id)
    enter(stage, first, line(stage))
    entry, _ = enter(stage, second, line(stage, row=row))
    assert entry.outcome == "conflict"
    assert Task.objects.get(pk=stage.task_id).worked_seconds == 30 * 60


def test_what_a_phone_did_already_is_met_and_shown(stage: Stage) -> None:
    """Another's phone comes back first: the paper's minutes wait for a coordinator, nothing is doubled."""
    paper = printed(stage)
    other = stage.second_worker
    commands = [
        Command(seq=1, deed="start", at=AT + 15 * MINUTE, task_id=stage.task_id),
        Command(seq=2, deed="finish", at=AT + 35 * MINUTE, task_id=stage.task_id),
    ]
    list(services.commands_merge(actor=other, device="phone", commands=commands, received_at=NOW))
    entry, _ = enter(stage, paper, line(stage), at=NOW + MINUTE)
    assert (entry.outcome, entry.code) == ("conflict", "done_already")
    task = Task.objects.get(pk=stage.task_id)
    assert task.owner == other and task.worked_seconds == 20 * 60
    client = Client()
    client.force_login(stage.users["coordinator"])
    assert "Service_Worker" in client.get(reverse("service:conflicts")).content.decode()
    page = client.get(reverse("service:paper_enter", args=[paper.pk])).content.decode()
    assert reverse("service:conflicts") in page


def test_the_same_worker_s_phone_and_paper_are_one(stage: Stage) -> None:
    """Begun on the phone before the system went down, finished on paper."""
    paper = printed(stage)
    services.task_start(task_id=stage.task_id, actor=stage.users["service_worker"], at=AT + 5 * MINUTE)
    entry, _ = enter(stage, paper, line(stage, start=5, finish=25))
    task = Task.objects.get(pk=stage.task_id)
    assert entry.outcome == "done" and task.worked_seconds == 20 * 60 and task.state == "done"


def test_begun_and_not_finished_is_the_worker_s(stage: Stage) -> None:
    enter(stage, printed(stage), line(stage, finish=None))
    assert Task.objects.get(pk=stage.task_id).state == "started"


def test_found_work_becomes_a_task(stage: Stage) -> None:
    paper = printed(stage)
    row = len(paper.rows) + 1
    with refused("found_where"):
        enter(stage, paper, line(stage, row=row))
    with refused("unknown_row"):
        enter(stage, paper, line(stage, row=row + paper.n_blank))
    entry, _ = enter(stage, paper, line(stage, row=row, bed_id=stage.occupied.pk, kind="spill", note="vid dörren"))
    task = Task.objects.get(pk=entry.task_id)
    assert (task.kind, task.state, task.note, task.worked_seconds) == ("spill", "done", "vid dörren", 30 * 60)
    before = everything(stage)
    enter(stage, paper, line(stage, row=row, bed_id=stage.occupied.pk, kind="spill"))
    assert everything(stage) == before


def test_who_may_enter_and_for_whom(stage: Stage) -> None:
    paper = printed(stage)
    for who in ("service_worker", "ward_staff", "administrator"):
        with refused("wrong_role"):
            enter(stage, paper, line(stage), who)
    with refused("wrong_role"):
        enter(stage, paper, line(stage, worker=stage.users["ward_staff"]))
    with refused("out_of_scope"):
        services.paper_row_enter(paper_id=paper.pk, line=line(stage), actor=stage.outsider, at=NOW)
    with refused("finish_before_start"):
        enter(stage, paper, line(stage, start=40, finish=10))


# ---- the page ----


def client_of(stage: Stage, who: str = "coordinator") -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users[who])
    return client


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """The page's clock at a local time."""

    def set_to(text: str) -> None:
        at = datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)
        monkeypatch.setattr("vardnara.apps.service.views.paper.timezone.now", lambda: at)

    return set_to


def form(stage: Stage, **rows: str) -> dict[str, str]:
    return {"worker": str(stage.users["service_worker"].pk)} | {
        name.replace("_second_", "_second-").replace("__", "-"): text for name, text in rows.items()
    }


def test_a_list_is_found_by_its_number_and_a_slip_is_told(stage: Stage) -> None:
    paper = printed(stage)
    client = client_of(stage)
    found = client.get(reverse("service:paper_find"), {"lista": paper.number})
    assert found.status_code == 302 and found["Location"] == reverse("service:paper_enter", args=[paper.pk])
    slip = client.get(reverse("service:paper_find"), {"lista": f"{paper.pk}-{(int(paper.number[-1]) + 1) % 10}"})
    assert "Ingen lista har det numret" in slip.content.decode()
    outside = Client()
    outside.force_login(stage.outsider)
    assert outside.get(reverse("service:paper_enter", args=[paper.pk])).status_code == 404


def test_rows_are_typed_in_and_shown_as_entered(stage: Stage, clock) -> None:
    paper = printed(stage)
    clock("2026-03-05T15:00")
    where = reverse("service:paper_enter", args=[paper.pk])
    client = client_of(stage)
    told = client.post(where, form(stage, start__1="1010", finish__1="10.40"), follow=True).content.decode()
    assert (
        ("1 rad är inskriven." in told and "inskrivet av Coordinator" in told)
        or "inskriven av" in told
        or "inskrivet" in told
    )
    assert Task.objects.get(pk=stage.task_id).finished_at == AT + 40 * MINUTE
    again = client.post(where, form(stage, start__1="10:10"))
    assert again.status_code == 422 and "Skriv minst en starttid" in again.content.decode()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({"start__1": "tio"}, "Skriv en tid som 14:05."),
        ({"start__1": "16:00"}, "Klockan har inte visat den tiden"),
        ({"finish__1": "10:40"}, "Skriv när det började"),
        ({"start__1": "10:30", "finish__1": "10:10"}, "Klockan har inte visat den tiden"),
        ({"start__1": "10:30", "worker": ""}, "Välj vem som gjorde det."),
        ({"start__2": "10:30"}, "Välj vad som hittades, och var."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(stage: Stage, clock, rows: dict, says: str) -> None:
    paper = printed(stage)
    clock("2026-03-05T15:00")
    answer = client_of(stage).post(reverse("service:paper_enter", args=[paper.pk]), form(stage) | form(stage, **rows))
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not PaperEntry.objects.exists()


def test_the_hour_that_comes_twice_is_asked_about(stage: Stage, clock) -> None:
    """In the night in October 02:30 is two times; the answer decides."""
    at = datetime(2026, 10, 24, 22, 0, tzinfo=STOCKHOLM)
    paper = printed(stage, at)
    clock("2026-10-25T09:00")
    where, client = reverse("service:paper_enter", args=[paper.pk]), client_of(stage)
    asked = client.post(where, form(stage, start__1="02:30", finish__1="04:00"))
    assert asked.status_code == 422 and "den andra, vintertid" in asked.content.decode()
    data = form(stage, start__1="02:30", finish__1="04:00") | {"start_second-1": "2"}
    assert client.post(where, data).status_code == 302
    assert Task.objects.get(pk=stage.task_id).worked_seconds == 90 * 60


def test_the_hour_that_never_was_is_refused(stage: Stage, clock) -> None:
    at = datetime(2026, 3, 28, 22, 0, tzinfo=STOCKHOLM)
    paper = printed(stage, at)
    clock("2026-03-29T09:00")
    where, client = reverse("service:paper_enter", args=[paper.pk]), client_of(stage)
    answer = client.post(where, form(stage, start__1="02:30"))
    assert answer.status_code == 422 and "klockan ställdes fram" in answer.content.decode()
    assert client.post(where, form(stage, start__1="01:30", finish__1="03:10")).status_code == 302
    assert Task.objects.get(pk=stage.task_id).worked_seconds == 40 * 60


def test_lists_are_fetched_and_their_age_is_told(stage: Stage, tmp_path) -> None:
    client = client_of(stage, "ward_staff")
    assert "inte i mappen än" in client.get(reverse("service:paper")).content.decode()
    pdf = client.get(reverse("service:paper_ward", args=[stage.ward.pk]))
    assert pdf.content.startswith(b"%PDF") and pdf["Content-Type"] == "application/pdf"
    assert client.get(reverse("service:paper_ward", args=[stage.other_ward.pk])).status_code == 404
    assert client.get(reverse("service:paper_all")).content.startswith(b"%PDF")
    assert "vardnara_paper_list_age_seconds" not in client.get(reverse("service:metrics")).content.decode()
    services.paper_lists_file(at=timezone.now() - 2 * MINUTE, folder=tmp_path)
    assert "vardnara_paper_list_age_seconds 12" in client.get(reverse("service:metrics")).content.decode()
    assert "Alla är från" in client_of(stage, "integrator").get(reverse("service:status")).content.decode()
    PaperList.objects.update(filed_at=AT)
    status = client_of(stage, "integrator").get(reverse("service:status")).content.decode()
    assert "Äldre än 15 minuter" in status and "K1" in status
