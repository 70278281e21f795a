"""Somebody falls away: days freed, who can step in with few changes, what is told where nobody can."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from tests.strategies.refusals import refused
from tests.strategies.rostered import DAY, FIRST, draft, give, group_make, person, search
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.staffing.models import Leave, Roster, RosterChange, RosterShift
from vardnara.apps.staffing.queries.roster_period import roster_rows
from vardnara.apps.staffing.queries.roster_proposal import proposal_of
from vardnara.apps.staffing.queries.roster_shift import roster_shift
from vardnara.apps.staffing.queries.rosters import roster_grid
from vardnara.apps.staffing.services import rosters
from vardnara.apps.staffing.services.roster_absence import absence_call, repair_apply
from vardnara.apps.staffing.services.roster_runs import repair_ask, run_do
from vardnara.apps.staffing.templatetags.roster_words import explained_sentence


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def published(stage: Stage, group: Any, lines: list[tuple[Any, int, Any]]) -> Roster:
    roster = draft(stage, group, weeks=1)
    for one, day, kind in lines:
        give(stage, roster, one, FIRST + day * DAY, kind)
    return rosters.roster_publish(roster_id=roster.pk, actor=stage.users["service_head"], at=AT)


def away(stage: Stage, roster: Roster, one: Any, first: int, last: int) -> Any:
    head = stage.users["service_head"]
    batch, n = absence_call(
        roster_id=roster.pk, person_id=one.pk, kind="sick", from_on=FIRST + first * DAY, last_on=FIRST + last * DAY,
        actor=head, at=AT,
    )  # fmt: skip
    run = repair_ask(roster_id=roster.pk, batch=batch, actor=head, at=AT)
    run_do(run_id=run.pk, clock=lambda: datetime(2026, 3, 20, 9, tzinfo=UTC))
    run.refresh_from_db()
    assert (run.state, run.fault) == ("done", "")
    return n, run


def test_a_sick_call_is_filled_by_whoever_can(stage: Stage) -> None:
    """The days are freed and kept as leave; one change fills the gap and is made when a person says so."""
    ill, free, tired = (person(stage, n) for n in (1, 2, 3))
    group, kinds = group_make(stage, {"D": 1})
    lines = [(ill, 2, kinds["D"]), (tired, 1, kinds["K"]), (tired, 0, kinds["D"]), (free, 4, kinds["D"])]
    roster, head = published(stage, group, lines), stage.users["service_head"]
    n, run = away(stage, roster, ill, 2, 3)
    assert (n, Leave.objects.get(person=ill).kind) == (1, "sick")
    grid = roster_grid(actor=head, roster_id=roster.pk)
    proposal = proposal_of(grid)
    assert proposal is not None and proposal.is_proved
    [step] = proposal.steps
    assert (step.person, step.on, step.before, step.after) == (free.name, FIRST + 2 * DAY, "", "D")
    repair_apply(run_id=run.pk, actor=head, at=AT)
    assert RosterShift.objects.get(roster=roster, on=FIRST + 2 * DAY, kind=kinds["D"]).person_id == free.pk
    assert [one.cause for one in RosterChange.objects.filter(roster=roster, was_published=True).order_by("pk")] == [
        "sick",
        "repair",
    ]
    assert not roster_rows(roster).judgement.broken
    with refused("changed_since"):
        repair_apply(run_id=run.pk, actor=head, at=AT)


def test_where_nobody_can_it_says_who_was_nearest_and_why(stage: Stage) -> None:
    """Rest forbids the only colleague: no change is proposed, and the page of the shift says why."""
    ill, tired = person(stage, 1), person(stage, 2)
    group, kinds = group_make(stage)
    roster = published(stage, group, [(ill, 2, kinds["D"]), (tired, 1, kinds["K"])])
    away(stage, roster, ill, 1, 2)
    head = stage.users["service_head"]
    proposal = proposal_of(roster_grid(actor=head, roster_id=roster.pk))
    assert proposal is not None and not proposal.holds
    [gap] = proposal.short
    assert (gap.code, gap.on) == ("D", FIRST + 2 * DAY)
    nearest = {name: rules for name, rules, _ in gap.people}
    assert "daily_rest_gap" in nearest[tired.name] and nearest[ill.name] == ("away",)
    page = roster_shift(actor=head, roster_id=roster.pk, kind_id=kinds["D"].pk, on=FIRST + 2 * DAY)
    assert not page.able and {row.person.pk for row in page.others} == {ill.pk, tired.pk}
    client = Client(headers={"HX-Request": "true"})
    client.force_login(head)
    said = client.get(f"/schema/{roster.pk}/pass/{kinds['D'].pk}/{FIRST + 2 * DAY}/").content.decode()
    assert "mindre än 11 timmars vila mellan två pass" in said
    assert "Ingen kan hoppa in" in client.get(f"/schema/{roster.pk}/delar/").content.decode()


def test_an_absence_that_leaves_enough_asks_nobody(stage: Stage) -> None:
    """Two work where one is needed: nothing is short, nothing is changed."""
    ill, other = person(stage, 1), person(stage, 2)
    group, kinds = group_make(stage, {"D": 1})
    roster = published(stage, group, [(ill, 2, kinds["D"]), (other, 2, kinds["D"])])
    away(stage, roster, ill, 2, 2)
    proposal = proposal_of(roster_grid(actor=stage.users["service_head"], roster_id=roster.pk))
    assert proposal is not None and proposal.needless and not proposal.steps
    with refused("roster_not_published"):
        waiting = draft(stage, group, weeks=1, first=FIRST + 7 * DAY)
        absence_call(
            roster_id=waiting.pk, person_id=ill.pk, kind="sick", from_on=FIRST + 8 * DAY, last_on=FIRST + 8 * DAY,
            actor=stage.users["service_head"], at=AT,
        )  # fmt: skip


def test_an_impossible_month_in_one_sentence(stage: Stage) -> None:
    """One person for two shifts a day: the sentence names the week, the hours, and the nearest way out."""
    person(stage, 1)
    group, _ = group_make(stage)
    roster = draft(stage, group)
    run = search(stage, roster, 2)
    with translation.override("sv"):
        said = explained_sentence(run.result["explained"])
    assert said.startswith("Vecka 13 behövs 112 timmar men anställningarna räcker till 38; närmast till hands ligger ")
    assert "tjänster till" in said
    assert not roster_rows(roster).judgement.broken
    client = Client()
    client.force_login(stage.users["service_head"])
    assert said in client.get(f"/schema/{roster.pk}/").content.decode()


def test_overtime_takes_a_reason(stage: Stage) -> None:
    """Beyond the contract's hours in a published roster: refused bare, taken with a reason; rest never is."""
    one = person(stage, 1, share="0.2")
    group, kinds = group_make(stage, {"D": 1})
    roster = published(stage, group, [])
    with refused("roster_breaks_rules"):
        give(stage, roster, one, FIRST, kinds["D"])
    give(stage, roster, one, FIRST, kinds["K"], reason="Vinterkräksjuka")
    with refused("roster_breaks_rules"):
        give(stage, roster, one, FIRST + DAY, kinds["D"], reason="Vinterkräksjuka")
