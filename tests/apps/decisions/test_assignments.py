"""Assignments of decisions, reminders that go once, and decisions that are taken again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.decisions.test_case_services import broken, case_of
from tests.strategies.cases import MEASURES, REALLOCATION, REVIEW
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import Assignment, Case, Reminder
from vardnara.apps.decisions.queries.assignments import assignment_list
from vardnara.apps.decisions.queries.cases import case_list, case_one, dues_of
from vardnara.apps.decisions.queries.reminders import reminder_days
from vardnara.apps.decisions.services.assignments import points_of
from vardnara.apps.service.models import AlertSend, PushDevice
from vardnara.apps.service.services import alerts_send

TODAY = AT.date()


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def decided(stage: Stage, name: str = REVIEW) -> Case:
    case = case_of(stage, name)
    return services.case_decide(
        case_id=case.pk, decided_on=TODAY, despite="brådskar", actor=stage.users["decision_maker"], at=AT
    )


def words(**more: Any) -> services.AssignmentWords:
    return services.AssignmentWords(**({"text": "Redovisa utfallet", "whom": "Regionservice"} | more))


def test_points_of_a_decision_become_assignments_once(stage: Stage) -> None:
    """Each point with whom it names; a second time nothing is made, and a draft gives none."""
    who = {"actor": stage.users["controller"], "at": AT}
    broken("case_not_decided", services.assignments_take, case_id=case_of(stage).pk, **who)
    case = decided(stage, MEASURES)
    content = case_one(actor=stage.users["auditor"], case_id=case.pk, on=TODAY).content
    n = len(points_of(content))
    assert n and services.assignments_take(case_id=case.pk, **who) == n
    assert services.assignments_take(case_id=case.pk, **who) == 0
    opening = {
        "decision_opening": "Regionservice får i uppdrag att:",
        "proposal": [{"text": "a", "points": ["b", "c"]}],
    }
    assert [(origin, one.whom) for origin, one in points_of(opening)] == [
        ("0:0", "Regionservice"),
        ("0:1", "Regionservice"),
    ]
    named = points_of({"proposal": [{"text": "Divisionschefen får i uppdrag att räkna."}]})
    assert named[0][1].whom == "Divisionschefen"


def test_an_assignment_from_its_owner_s_report_to_its_end(stage: Stage) -> None:
    """The owner reports, a writer closes; what it was before stays; the database holds reason and report."""
    case, who = decided(stage), {"actor": stage.users["controller"], "at": AT}
    owner, other = stage.users["unit_manager"], stage.users["coordinator"]
    made = services.assignment_add(
        case_id=case.pk, words=words(owner_id=owner.pk, due_on=TODAY - timedelta(days=1)), **who
    )
    one = {"assignment_id": made.pk}
    [line] = assignment_list(actor=owner, on=TODAY)
    assert line.is_late and line.is_mine
    broken("report_missing", services.assignment_close, **one, **who)
    broken("wrong_role", services.assignment_report, **one, report="Klart", actor=other, at=AT)
    broken("unknown_matter", services.assignment_report, **one, report="Klart", actor=stage.users["kitchen"], at=AT)
    broken("report_missing", services.assignment_report, **one, report=" ", actor=owner, at=AT)
    services.assignment_report(**one, report="Redovisat till nämnden", actor=owner, at=AT)
    broken("wrong_role", services.assignment_close, **one, actor=owner, at=AT)
    services.assignment_close(**one, **who)
    broken("assignment_is_closed", services.assignment_set, **one, words=words(), **who)
    services.assignment_reopen(**one, **who)
    services.assignment_set(**one, words=words(text="Redovisa igen"), **who)
    broken("reason_missing", services.assignment_lapse, **one, because="", **who)
    services.assignment_lapse(**one, because="Projektet läggs ner", **who)
    assert [event.what for event in made.events.order_by("pk")] == [
        "made", "reported", "done", "reopened", "changed", "lapsed",
    ]  # fmt: skip
    broken("unknown_user", services.assignment_add, case_id=case.pk, words=words(owner_id=stage.outsider.pk), **who)
    for wrong in ({"lapsed_because": ""}, {"state": "done", "report": "", "lapsed_because": ""}, {"text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.filter(pk=made.pk).update(**wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.events.all().delete()


@given(st.integers(-400, 400))
def test_the_nearest_reminder_and_no_other(left: int) -> None:
    """60, 30, 7 days before or past: one at a time, nearer as the day comes."""
    days = reminder_days(TODAY + timedelta(days=left), TODAY)
    assert days == (-1 if left < 0 else 7 if left <= 7 else 30 if left <= 30 else 60 if left <= 60 else None)


def test_reminders_go_once_and_by_the_ways_that_the_person_has(stage: Stage, settings: Any) -> None:
    """To an assignment's owner, to whom decides; again only when the next time comes; the outbox has the words."""
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    owner = stage.users["unit_manager"]
    owner.email = "chef@example.org"
    owner.save()
    case = decided(stage, REVIEW)
    who = {"actor": stage.users["controller"], "at": AT}
    services.assignment_add(case_id=case.pk, words=words(owner_id=owner.pk, due_on=TODAY + timedelta(days=20)), **who)
    assert services.reminders_keep(at=AT) == Reminder.objects.count() == 1
    assert services.reminders_keep(at=AT) == 0
    sent = Reminder.objects.get()
    assert (sent.user, sent.days, sent.channels) == (owner, 30, "mail")
    send = AlertSend.objects.get()
    assert "Redovisa utfallet" in send.text and send.path == f"/arenden/{case.pk}/"
    assert alerts_send(clock=lambda: AT, timeout_seconds=1) == 1
    assert services.reminders_keep(at=AT + timedelta(days=14)) == 1
    assert services.reminders_keep(at=AT + timedelta(days=21)) == 1
    assert list(Reminder.objects.order_by("pk").values_list("days", flat=True)) == [30, 7, -1]
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(
            case=case, kind=sent.kind, subject=sent.subject, text="x", on=sent.on, days=30, user=owner, at=AT
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        sent.delete()
    assert not PushDevice.objects.exists()


def test_a_decision_that_runs_out_is_told_of_and_taken_again(stage: Stage) -> None:
    """A new case with the content, a step that follows, and what was promised; once it is decided, nothing is due."""
    case = decided(stage, MEASURES)
    who = {"actor": stage.users["controller"], "at": AT}
    page = case_one(actor=who["actor"], case_id=case.pk, on=TODAY)
    due = next(one for one in page.dues if one.what == "expires")
    step = due.subject.removeprefix("step:")
    services.reminders_keep(at=AT)
    assert Reminder.objects.filter(kind="expires", user=stage.users["decision_maker"]).count() == 1
    made = services.case_redecide(case_id=case.pk, step_id=step, **who)
    told = case_one(actor=who["actor"], case_id=made.pk, on=TODAY)
    new = told.examination.case.steps[-1]
    assert (new.follows, new.is_decided, new.valid_from) == (step, False, due.on + timedelta(days=1))
    assert told.content["figure"] == page.content["figure"] and told.is_draft
    broken("redecision_exists", services.case_redecide, case_id=case.pk, step_id=step, **who)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            hospital_id=case.hospital_id, title="x", follows=case, follows_step=step, made_at=AT, state=CaseState.DRAFT
        )
    broken("unknown_line", services.case_redecide, case_id=case.pk, step_id="nothing", **who)
    services.case_withdraw(case_id=made.pk, because="fel", **who)
    again = services.case_redecide(case_id=case.pk, step_id=step, **who)
    services.case_decide(
        case_id=again.pk, decided_on=TODAY, despite="brådskar", actor=stage.users["decision_maker"], at=AT
    )
    dues = dues_of(case_list(actor=who["actor"], on=TODAY))
    assert not [one for one in dues if one.case_id == case.pk and one.subject == f"step:{step}"]


def client_of(stage: Stage, role: str) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users[role])
    return client


def test_the_pages_of_assignments(stage: Stage) -> None:
    """Made of the points by a writer, reported by its owner on the phone, lapsed only with a reason."""
    case = decided(stage, REALLOCATION)
    writer, owner = client_of(stage, "controller"), client_of(stage, "unit_manager")
    assert writer.post(f"/arenden/{case.pk}/uppdrag/punkter/").status_code == 302
    asked = {"text": "Räkna om", "whom": "Ekonomi", "owner_id": stage.users["unit_manager"].pk, "due_on": "2026-03-01"}
    assert writer.post(f"/arenden/{case.pk}/uppdrag/ny/", asked).status_code == 302
    assert writer.post(f"/arenden/{case.pk}/uppdrag/ny/", asked | {"whom": ""}).status_code == 422
    page = owner.get("/arenden/uppdrag/").content.decode()
    assert "Räkna om" in page and page.count('<th scope="row">') == 1
    made = Assignment.objects.get(text="Räkna om")
    where = f"/arenden/uppdrag/{made.pk}/"
    assert owner.post(f"{where}redovisa/", {"report": ""}).status_code == 422
    assert owner.post(f"{where}redovisa/", {"report": "4,5 mkr"}).status_code == 302
    assert owner.post(f"{where}klar/").status_code == 403
    assert writer.post(f"{where}forfall/", {"lapse-because": ""}).status_code == 422
    assert writer.post(f"{where}klar/").status_code == 302
    assert "4,5 mkr" in client_of(stage, "auditor").get(where).content.decode()
    services.reminders_keep(at=AT)
    assert owner.get("/arenden/paminnelser/").status_code == 200
    assert "Räkna om" in writer.get(f"/arenden/{case.pk}/").content.decode()
    outsider = Client()
    outsider.force_login(stage.outsider)
    assert outsider.get(where).status_code == 404


def test_the_clock_is_on_the_page_of_a_case(stage: Stage) -> None:
    """One tap prepares the decision again, and both cases lead to each other."""
    case = decided(stage, MEASURES)
    writer = client_of(stage, "controller")
    page = writer.get(f"/arenden/{case.pk}/").content.decode()
    step = page.partition("nytt-beslut/")[2].partition('name="step" value="')[2].partition('"')[0]
    assert step
    answer = writer.post(f"/arenden/{case.pk}/nytt-beslut/", {"step": step})
    assert case.title in writer.get(answer["Location"]).content.decode()
    assert "Nytt beslut" in writer.get(f"/arenden/{case.pk}/").content.decode()
