"""A norm follows what was measured when somebody says so, and both stay visible."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.strategies.agreed import ALL_DAYS, norm_make, task_type_make
from tests.strategies.refusals import refused
from tests.strategies.stage import Stage, stage_set
from tests.strategies.worked import BEGUN, days_make, done_make, workers_make

from vardnara.apps.accounts.models import User
from vardnara.apps.service.models import Norm, NormProposal, TaskType
from vardnara.apps.service.queries.agreement_lines import norms_newest
from vardnara.apps.service.queries.norms import norm_list, norm_proposal_list
from vardnara.apps.service.services import norm_proposal_approve, norm_proposal_decline, norm_proposals_make

AT = BEGUN + timedelta(days=30)
MINUTES = [float(number) for number in range(10, 50)]


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def workers(stage: Stage) -> list[User]:
    return workers_make(stage.ward.division.hospital, 4)


@pytest.fixture
def kitchen(stage: Stage) -> TaskType:
    row = task_type_make("ward_kitchen", usual=[[ALL_DAYS, 540, 600, 1]])
    norm_make(row, fixed_low=20, fixed_typical=30, fixed_high=50, valid_from=date(2026, 1, 1))
    return row


def make(stage: Stage, who: str = "service_head", at=AT):
    return norm_proposals_make(actor=stage.users[who], at=at)


def test_a_proposal_becomes_a_norm_when_a_head_approves(stage: Stage, workers: list[User], kitchen: TaskType) -> None:
    """10th percentile, median, 90th; period and rules in the source; the old norm stays, and holds elsewhere."""
    days_make(stage.ward, workers, MINUTES, task_type=kitchen)
    done_make(stage.ward, workers[0], begun=BEGUN + timedelta(days=20), minutes=0.1, task_type=kitchen)
    assert (make(stage).ready, Norm.objects.filter(task_type=kitchen).count()) == (1, 1)
    (row,) = norm_proposal_list(actor=stage.users["service_head"], decided=False)
    assert (row.fixed.low, row.fixed.typical, row.fixed.high) == (13.9, 29.5, 45.1)
    assert (row.n_observations, row.n_seen, row.removed) == (40, 41, (("too_short", 1),))
    assert row.now is not None and row.now.fixed.typical == 30
    norm = norm_proposal_approve(proposal_id=row.id, actor=stage.users["service_head"], at=AT)
    assert (norm.confidence, norm.n_observations, norm.fixed_typical) == ("measured", 40, Decimal("29.50"))
    assert "2026-02-02 to 2026-02-06" in norm.source and "40 of 41" in norm.source and "1 too_short" in norm.source
    found = norms_newest(task_type_ids=[kitchen.pk], on=AT.date())
    assert found[kitchen.pk, stage.ward.pk] == norm and found[kitchen.pk, 0].fixed_typical == 30
    told = [one for one in norm_list(actor=stage.users["controller"], on=AT.date()) if one.code == kitchen.code]
    assert [(one.ward, one.confidence, one.holds) for one in told] == [
        (stage.ward.name, "measured", True),
        ("", "unverified", True),
    ]
    (decided,) = norm_proposal_list(actor=stage.users["controller"], decided=True)
    assert decided.state == "approved" and decided.decided_by == "Service_Head"


def test_what_was_declined_is_not_put_forward_again(stage: Stage, workers: list[User], kitchen: TaskType) -> None:
    """The norm stays as it is; only work begun after the decision counts for the next proposal."""
    days_make(stage.ward, workers, MINUTES, task_type=kitchen)
    make(stage)
    proposal = NormProposal.objects.get()
    norm_proposal_decline(proposal_id=proposal.pk, actor=stage.users["administrator"], at=AT)
    assert Norm.objects.filter(task_type=kitchen).count() == 1
    assert make(stage, at=AT + timedelta(hours=1)).ready == 0
    days_make_later = [
        done_make(
            stage.ward,
            workers[number % 4],
            begun=AT + timedelta(days=1 + number // 8, hours=3 * (number // 4 % 2)),
            minutes=20 + number % 5,
            task_type=kitchen,
        )
        for number in range(40)
    ]
    assert len(days_make_later) == 40
    assert make(stage, at=AT + timedelta(days=10)).ready == 1
    assert NormProposal.objects.get(state="open").n_seen == 40


def test_a_newer_count_replaces_the_open_proposal(stage: Stage, workers: list[User], kitchen: TaskType) -> None:
    """One of a kind and ward is open; the older one stays as it was."""
    days_make(stage.ward, workers, MINUTES, task_type=kitchen)
    make(stage)
    make(stage, at=AT + timedelta(hours=1))
    assert sorted(NormProposal.objects.values_list("state", flat=True)) == ["open", "replaced"]


def test_few_people_or_tasks_propose_nothing(stage: Stage, workers: list[User], kitchen: TaskType) -> None:
    """Two people's work is theirs, however much there is of it."""
    days_make(stage.ward, workers[:2], MINUTES, task_type=kitchen)
    days_make(stage.other_ward, workers[2:], MINUTES[:20], task_type=kitchen)
    found = make(stage)
    assert (found.ready, found.few, NormProposal.objects.count()) == (0, 2, 0)


def test_minutes_go_where_the_driver_puts_them(stage: Stage, workers: list[User]) -> None:
    """A request's are each unit's; breakfast's are the norm times the share that it took."""
    request = task_type_make("a_request", driver="event")
    breakfast = task_type_make("a_breakfast", driver="meal")
    norm_make(breakfast, fixed_low=20, fixed_typical=25, fixed_high=35, unit_low=1, unit_typical=2, unit_high=3)
    days_make(stage.ward, workers, [20.0] * 40, task_type=request)
    days_make(stage.other_ward, workers_make_more(stage), [90.0] * 40, task_type=breakfast, norm_minutes=60)
    make(stage)
    by_code = {row.task_type.code: row for row in NormProposal.objects.select_related("task_type")}
    assert (by_code["a_request"].fixed_typical, by_code["a_request"].unit_typical) == (0, 20)
    assert (by_code["a_breakfast"].fixed_typical, by_code["a_breakfast"].unit_high) == (Decimal("37.50"), 3)


def workers_make_more(stage: Stage) -> list[User]:
    """Others, so that nobody is at two places."""
    found = []
    for number in range(3):
        user = User.objects.create(username=f"other{number}", role="service_worker")
        user.scopes.create(hospital=stage.ward.division.hospital)
        found.append(user)
    return found


@pytest.mark.parametrize("who", ["service_worker", "ward_staff", "coordinator", "controller", "decision_maker"])
def test_nobody_else_decides(stage: Stage, workers: list[User], kitchen: TaskType, who: str) -> None:
    days_make(stage.ward, workers, MINUTES, task_type=kitchen)
    make(stage)
    proposal = NormProposal.objects.get()
    for deed in (norm_proposal_approve, norm_proposal_decline):
        with refused("wrong_role"):
            deed(proposal_id=proposal.pk, actor=stage.users[who], at=AT)
    with refused("wrong_role"):
        make(stage, who)


def test_another_hospital_s_head_does_not_either(stage: Stage, workers: list[User], kitchen: TaskType) -> None:
    days_make(stage.ward, workers, MINUTES, task_type=kitchen)
    make(stage)
    stage.outsider.role = "service_head"
    with refused("out_of_scope"):
        norm_proposal_approve(proposal_id=NormProposal.objects.get().pk, actor=stage.outsider, at=AT)
    assert norm_proposal_list(actor=stage.outsider, decided=False) == []
    assert norm_proposals_make(actor=stage.outsider, at=AT).ready == 0


def test_a_decision_is_made_once(stage: Stage, workers: list[User], kitchen: TaskType) -> None:
    """The service refuses a second one in words, the database any change of what was decided."""
    days_make(stage.ward, workers, MINUTES, task_type=kitchen)
    make(stage)
    proposal = NormProposal.objects.get()
    norm_proposal_decline(proposal_id=proposal.pk, actor=stage.users["service_head"], at=AT)
    with refused("already_decided"):
        norm_proposal_approve(proposal_id=proposal.pk, actor=stage.users["service_head"], at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        NormProposal.objects.update(n_observations=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        proposal.delete()


def test_the_page_proposes_approves_and_says_so(stage: Stage, workers: list[User], kitchen: TaskType) -> None:
    """By plain forms: count, approve, and the norm stands in the list with its source; nobody's name from the floor."""
    from django.utils import timezone

    now = timezone.now() - timedelta(days=30)
    for number, length in enumerate(MINUTES):
        begun = now + timedelta(days=number // 8, hours=3 * (number // 4 % 2))
        done_make(stage.ward, workers[number % 4], begun=begun, minutes=length, task_type=kitchen)
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["service_head"])
    told = client.post("/tider/normer/foresla/", follow=True).content.decode()
    assert "Föreslagna: 1" in told and "Godkänn" in told and "Zebra" not in told
    proposal = NormProposal.objects.get()
    done = client.post(f"/tider/normer/{proposal.pk}/godkann/", follow=True).content.decode()
    assert "Godkänt" in done and "40 of 40 tasks" in done
    again = client.post(f"/tider/normer/{proposal.pk}/avbojt/", follow=True).content.decode()
    assert "Någon har redan avgjort det" in again
    reader = Client()
    reader.force_login(stage.users["auditor"])
    assert "foresla" not in reader.get("/tider/normer/").content.decode()
