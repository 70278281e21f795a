"""The day plan's pages: made, read, what if somebody is ill, one's own day; ways and who decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.strategies.day_stage import DayStage
from tests.strategies.refusals import refused
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.staffing.models import DispatchPlan, DispatchPolicy, WalkTime
from vardnara.apps.staffing.queries.day_plans import plan_held
from vardnara.apps.staffing.queries.dispatch_settings import policy_for
from vardnara.apps.staffing.services import day_plans
from vardnara.apps.staffing.services.dispatch_settings import policy_set


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set(timezone.now() - timedelta(hours=1))


@pytest.fixture
def made(stage: Stage) -> DayStage:
    """Tomorrow, with two people and three pieces of work."""
    made = DayStage(stage, timezone.localdate() + timedelta(days=1), timezone.now())
    kind = made.kind("D", 420, 930, [(660, 690)])
    for one in (made.person(1, user=stage.second_worker), made.person(2)):
        made.shift(one, kind)
    made.task("07:00", "08:00", 50)
    made.task("07:00", "08:00", 50)
    made.task("08:00", "09:00", 20, task_type=made.kind_of_task("smitta", competence="contagion", hygiene_order=90))
    return made


def client_of(stage: Stage, role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users.get(role) or getattr(stage, role))
    return client


def planned(made: DayStage) -> DispatchPlan:
    row = day_plans.plan_ask(on=made.on, actor=made.head, at=timezone.now(), work=50)
    day_plans.plan_do(plan_id=row.pk, clock=timezone.now)
    return row


def test_from_no_plan_to_a_plan(made: DayStage) -> None:
    """Empty, asked for, waiting with a way to stop it, made: picture, lists, what is left and why."""
    client, day = client_of(made.stage, "coordinator"), made.on.isoformat()
    assert "The day has no plan yet." in client.get(f"/dagsplan/?dag={day}").text
    waiting = client.post("/dagsplan/", {"dag": day}, follow=True).text
    assert "The plan waits for the worker." in waiting
    row = DispatchPlan.objects.get(hospital=made.hospital_id)
    again = client.post("/dagsplan/", {"dag": day}, follow=True).text
    assert "A plan of that day is being made already." in again
    day_plans.plan_do(plan_id=row.pk, clock=timezone.now)
    page = client.get(f"/dagsplan/?dag={day}").text
    assert "Nobody who is there is trained for it." in page and "Smitta" in page
    assert page.count("Person 01") >= 2 and "07:00</time>–07:50" in page
    assert '<svg class="plan-picture"' in page and ">break</text>" in page
    assert "Person 01" in client.get(f"/dagsplan/delar/?dag={day}").text
    over = (timezone.localdate() - timedelta(days=3)).isoformat()
    assert "No plan was made for that day." in client.get(f"/dagsplan/?dag={over}").text


def test_stopping_from_the_page(made: DayStage) -> None:
    """One that waits is dropped; another hospital's is not there."""
    row = day_plans.plan_ask(on=made.on, actor=made.head, at=timezone.now())
    outsider = client_of(made.stage, "outsider")
    assert outsider.post(f"/dagsplan/{row.pk}/stoppa/", {"dag": made.on.isoformat()}).status_code == 404
    assert "Person 01" not in outsider.get(f"/dagsplan/?dag={made.on.isoformat()}").text
    client = client_of(made.stage, "coordinator")
    assert client.post(f"/dagsplan/{row.pk}/stoppa/", {"dag": made.on.isoformat()}).status_code == 302
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_what_if_somebody_is_ill(made: DayStage) -> None:
    """The difference by name, nothing kept by looking; chosen, the day goes on like that and can be taken back."""
    planned(made)
    client, day = client_of(made.stage, "coordinator"), made.on.isoformat()
    held = plan_held(hospital_id=made.hospital_id, on=made.on)
    assert held is not None
    code = next(code for code, who in held.workers.items() if who.name == "Person 01")
    blank = client.get(f"/dagsplan/om/?dag={day}").text
    assert "Person 02" in blank and "The difference" not in blank
    page = client.get(f"/dagsplan/om/?dag={day}&visa=1&utan={code}").text
    assert "without Person 01" in page and "Becomes late" in page and "Moves to others" in page
    assert DispatchPlan.objects.filter(hospital=made.hospital_id).count() == 1
    extra = made.person(3, trained=("contagion",))
    kind = made.group.kinds.get()
    more = client.get(f"/dagsplan/om/?dag={day}&visa=1&utan={code}&person={extra.pk}&pass_={kind.pk}").text
    assert "with Person 03" in more and "Is done then" in more
    assert client.get(f"/dagsplan/om/?dag={day}&visa=1&person={extra.pk}").status_code == 422
    chosen = {"dag": day, "visa": "1", "utan": [code], "person": "", "pass_": ""}
    told = client.post("/dagsplan/om/", chosen, follow=True).text
    assert "The day is planned with other people than the roster says." in told
    now = plan_held(hospital_id=made.hospital_id, on=made.on)
    assert now is not None and code not in now.workers and now.row.cause == "chosen"
    client.post("/dagsplan/", {"dag": day, "alla": "1"})
    day_plans.plan_do(plan_id=DispatchPlan.objects.latest("pk").pk, clock=timezone.now)
    back = plan_held(hospital_id=made.hospital_id, on=made.on)
    assert back is not None and code in back.workers


def test_one_sees_ones_own_day_only(made: DayStage) -> None:
    """A worker sees the steps of the own day, and nobody else's."""
    made.on = timezone.localdate()
    made.shift(made.stage.second_worker.person, made.kind("X", 0, 1439))
    other = made.person(9)
    made.shift(other, made.kind("Y", 0, 1439))
    made.task("00:00", "23:00", 1)
    row = day_plans.plan_ask(on=made.on, actor=made.head, at=timezone.now(), work=20)
    day_plans.plan_do(plan_id=row.pk, clock=timezone.now)
    page = client_of(made.stage, "second_worker").get("/dagsplan/min/").text
    assert "00:00–23:59" in page and "Person 09" not in page
    assert "Nothing is planned for you today." in client_of(made.stage, "service_worker").get("/dagsplan/min/").text


def test_ways_come_in_from_a_table_whole_or_not_at_all(made: DayStage) -> None:
    """Out, in, changed, dropped; every fault by its line, and then nothing."""
    client, where = client_of(made.stage, "service_head"), "/dagsplan/gang/inlasning/"

    def read(text: str) -> Any:
        file = SimpleUploadedFile("ways.csv", text.encode())
        return client.post(where, {"file": file, "encoding": "utf-8"}, follow=True)

    assert "Read in: 2 new, 0 changed." in read("from;to;minutes\nK1;M1;7\nM1;K1;9\n").text
    assert "<b>7</b>" in client.get("/dagsplan/gang/").text
    assert "K1;M1;7" in client.get("/dagsplan/gang/vagar.csv").text
    assert "Read in: 0 new, 2 changed." in read("from;to;minutes\nK1;M1;8\nM1;K1;\n").text
    assert list(WalkTime.objects.values_list("minutes", flat=True)) == [8]
    faulty = read("from;to;minutes\nK1;K1;5\nK1;XX;5\nM1;K1;-3\nM1;K1;2\nM1;K1;2\n;K1;2\n")
    assert faulty.status_code == 422
    for said in ("another ward", "XX", "whole minutes from 0 to 240", "each way once", "missing"):
        assert said in faulty.text
    assert list(WalkTime.objects.values_list("minutes", flat=True)) == [8]
    assert "no ways" in read("from;to;minutes\n").text


def test_who_decides_is_said_by_the_head(made: DayStage) -> None:
    """The ward's goes before the division's, that before the hospital's; several wards take what holds in all."""
    one, other = made.stage.ward, made.stage.other_ward
    hospital = made.hospital_id

    def holds(*wards: Any) -> str:
        return policy_for(hospital_id=hospital, ward_ids=[ward.pk for ward in wards])

    assert holds(one) == "own_choice"
    client = client_of(made.stage, "service_head")
    client.post("/dagsplan/gang/vem/", {"policy": "suggested"})
    client.post("/dagsplan/gang/vem/", {"policy": "automatic", "ward_id": one.pk})
    assert (holds(one), holds(other), holds(), holds(one, other)) == (
        "automatic",
        "suggested",
        "suggested",
        "suggested",
    )
    client.post("/dagsplan/gang/vem/", {"policy": "own_choice", "division_id": one.division_id})
    assert (holds(one), holds(other)) == ("automatic", "own_choice")
    client.post("/dagsplan/gang/vem/", {"policy": "", "ward_id": one.pk})
    assert holds(one) == "own_choice" and DispatchPolicy.objects.count() == 2
    assert "The task is given" in client.get("/dagsplan/gang/").text
    assert "Choose one of the list." in client.post("/dagsplan/gang/vem/", {"policy": "x"}, follow=True).text
    assert client_of(made.stage, "coordinator").post("/dagsplan/gang/vem/", {"policy": ""}).status_code == 403
    foreign = made.stage.foreign.room.ward
    with refused("out_of_scope"):
        policy_set(policy="automatic", ward_id=foreign.pk, actor=made.head, at=timezone.now())
