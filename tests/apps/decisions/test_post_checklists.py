"""Behind each post that goes or is re-aimed: a list with owners and dates, of posts and never of persons."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from tests.apps.decisions.test_case_services import broken, case_of
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import CaseEvent, PostCheck, PostChecklist
from vardnara.apps.decisions.queries.post_checklists import ListsPage, post_lists
from vardnara.apps.decisions.queries.reminders import reminders_due

TODAY = AT.date()
DAYS = timedelta(days=5)


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def listed(stage: Stage, case_id: int, on: date = TODAY) -> ListsPage:
    return post_lists(actor=stage.users["auditor"], case_id=case_id, on=on)


def test_every_post_of_the_review_has_its_list_once(stage: Stage) -> None:
    """doc S0: 13 posts go and one is re-aimed; pressed twice nothing is doubled, and none has a name."""
    case = case_of(stage)
    who = {"actor": stage.users["controller"], "at": AT}
    before = listed(stage, case.pk)
    assert before.n_missing == 14 and before.lists == ()
    assert services.post_checklists_make(case_id=case.pk, **who) == 14
    assert services.post_checklists_make(case_id=case.pk, **who) == 0
    page = listed(stage, case.pk)
    assert page.n_missing == 0 and len(page.lists) == 14
    removed = [one for one in page.lists if one.listed.change == "removed"]
    assert len(removed) == 13
    assert [line.step.code for line in removed[0].lines] == [
        "consulted", "redeployment", "priority", "notice", "decision", "last_day",
    ]  # fmt: skip
    (aimed,) = (one for one in page.lists if one.listed.change == "reaimed")
    assert "notice" not in {line.step.code for line in aimed.lines}


def test_effect_before_notice_allows_is_warned_of(stage: Stage) -> None:
    """The case counts from 1 March 2026; three months of notice from 2 February end on 2 May."""
    case = case_of(stage)
    who = {"actor": stage.users["controller"], "at": AT}
    services.post_checklists_make(case_id=case.pk, **who)
    place, one = next((n, one) for n, one in enumerate(listed(stage, case.pk).lists) if one.listed.change == "removed")
    notice = next(line.check for line in one.lines if line.step.code == "notice")
    words = services.CheckWords(owner="HR", done_on=date(2026, 2, 2))
    services.post_check_set(case_id=case.pk, check_id=notice.pk, words=words, **who)
    assert listed(stage, case.pk).lists[place].last_on is None
    fields = {"case_id": case.pk, "checklist_id": one.listed.pk, "post_number": "VNS-01"} | who
    services.post_checklist_set(**fields, notice_months=3)
    warned = listed(stage, case.pk)
    assert (warned.lists[place].last_on, warned.lists[place].too_early, warned.n_too_early) == (
        date(2026, 5, 2),
        True,
        1,
    )
    assert warned.lists[place].effect_from == date(2026, 3, 1)
    services.post_checklist_set(**fields, notice_months=0)
    assert not listed(stage, case.pk).lists[place].too_early
    services.post_checklist_set(**fields, notice_months=3)
    for number, row in enumerate(case.versions.get(number=1).content["amount"]):
        case.refresh_from_db()
        later = row | {"notice_months": 3}
        services.row_set(case_id=case.pk, section="amount", number=number, values=later, seen=case.n_versions, **who)
    assert listed(stage, case.pk).lists[place].effect_from == date(2026, 6, 1)
    assert listed(stage, case.pk).n_too_early == 0


def test_what_is_past_its_day_is_late_and_no_text_holds_a_person(stage: Stage) -> None:
    """Every change is an event of the case; a personnummer is refused in every text."""
    case = case_of(stage)
    who = {"actor": stage.users["controller"], "at": AT}
    services.post_checklists_make(case_id=case.pk, **who)
    check = PostCheck.objects.filter(code="priority").order_by("pk").first()
    assert check is not None
    fields = {"case_id": case.pk, "check_id": check.pk} | who
    services.post_check_set(**fields, words=services.CheckWords(due_on=TODAY - timedelta(days=1)))
    page = listed(stage, case.pk)
    line = next(line for one in page.lists for line in one.lines if line.check.pk == check.pk)
    assert line.is_late and line.is_unowned and page.n_late == 1
    services.post_check_set(**fields, words=services.CheckWords(owner="HR", done_on=TODAY))
    assert listed(stage, case.pk).n_late == 0
    assert CaseEvent.objects.filter(case=case, what="post_step").count() == 2
    for words in (services.CheckWords(note="121212-1212"), services.CheckWords(owner="19121212-1212")):
        broken("looks_like_identity", services.post_check_set, **fields, words=words)
    tomorrow = services.CheckWords(done_on=TODAY + timedelta(days=1))
    broken("outcome_in_future", services.post_check_set, **fields, words=tomorrow)
    reader = fields | {"actor": stage.users["auditor"]}
    broken("wrong_role", services.post_check_set, **reader, words=services.CheckWords())
    with pytest.raises(DatabaseError), transaction.atomic():
        PostCheck.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        PostChecklist.objects.create(case=case, label="x", number=1, change="removed", change_on=TODAY,
                                     notice_months=37, made_at=AT)  # fmt: skip


def test_a_post_that_the_case_no_longer_names_is_told(stage: Stage) -> None:
    """Its list stays, out of every count."""
    case = case_of(stage)
    who = {"actor": stage.users["controller"], "at": AT}
    services.post_checklists_make(case_id=case.pk, **who)
    rows = case.versions.get(number=1).content["posts"]
    number, row = next((n, r) for n, r in enumerate(rows) if r["change"] == "reaimed")
    services.row_set(case_id=case.pk, section="posts", number=number, values=row | {"change": "kept"}, seen=1, **who)
    gone = [one for one in listed(stage, case.pk).lists if one.is_gone]
    assert [one.listed.label for one in gone] == [row["label"]]


def test_posts_of_the_register_have_a_list_each_by_their_numbers(stage: Stage) -> None:
    """Two halves are two posts; and two rows of one name are not one."""
    figure = {"label": "Tjänster", "unit": "posts", "note": "registret"}
    read = {"query": "staffing.posts?numbers=VNS-1,VNS-2&on=2026-03-01", "read_on": date(2026, 3, 5)}
    row = {"label": "K31", "change": "removed", "change_on": date(2026, 5, 1), "payer": "Nämnden"}
    content: dict[str, Any] = {"title": "T", "kind": "memo"}
    content["figure"] = [figure | read | {"id": "halves", "value": 1}, figure | {"id": "more", "value": 2}]
    content["posts"] = [row | {"figure": "halves"}, row | {"figure": "more"}]
    who = {"actor": stage.users["controller"], "at": AT}
    case = services.case_create(hospital_id=stage.ward.division.hospital_id, content=content, **who)
    assert services.post_checklists_make(case_id=case.pk, **who) == 4
    assert [one.post_number for one in case.checklists.order_by("number")] == ["VNS-1", "VNS-2", "", ""]
    assert services.post_checklists_make(case_id=case.pk, **who) == 0


def test_days_of_steps_and_of_promises_are_reminded_of(stage: Stage) -> None:
    """A promise of a case's measure, until it has its outcome or the measure is stopped; a step until it is done."""
    case = case_of(stage, measure=[{"label": "Fler dagar"}])
    who = {"actor": stage.users["controller"], "at": AT}
    (measure,) = services.measures_take(case_id=case.pk, **who)
    promise = services.PromiseWords("Dagar", "schemat", "dagar", promised=Decimal(5), check_on=TODAY + DAYS)
    services.measure_promise_add(measure_id=measure.pk, words=promise, **who)
    services.post_checklists_make(case_id=case.pk, **who)
    check = PostCheck.objects.filter(code="priority").order_by("pk").first()
    assert check is not None
    words = services.CheckWords(due_on=TODAY - DAYS)
    services.post_check_set(case_id=case.pk, check_id=check.pk, words=words, **who)

    def told() -> set[tuple[str, int]]:
        due = reminders_due(today=TODAY)
        return {(one.text, one.days) for one in due if one.subject.startswith(("measure:", "post:"))}

    step = f"{check.checklist.label} {check.checklist.number}: Turordning framtagen av HR"
    assert told() == {(f"{measure.number}. Fler dagar: Dagar", 7), (step, -1)}
    services.measure_status_set(measure_id=measure.pk, status="stopped", because="inte längre", **who)
    services.post_check_set(case_id=case.pk, check_id=check.pk, words=services.CheckWords(done_on=TODAY), **who)
    assert told() == set()
