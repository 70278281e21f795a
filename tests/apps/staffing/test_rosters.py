"""Rosters: drafted from standard needs, searched, changed by hand, published with notice; what the database refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.strategies.refusals import refused
from tests.strategies.rostered import DAY, FIRST, draft, give, group_make, person, search
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.staffing.models import RosterChange, RosterNeed, RosterShift, ShiftKind
from vardnara.apps.staffing.queries.roster_period import roster_rows
from vardnara.apps.staffing.services import roster_changes, roster_groups, rosters
from vardnara.apps.staffing.services.roster_groups import KindWords


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def test_from_standard_needs_to_a_lawful_published_roster(stage: Stage) -> None:
    """A draft has the group's people and needs; the search fills it lawfully; publishing puts it in force."""
    cast = [person(stage, n) for n in range(4)] + [person(stage, 9, measure="weekdays"), person(stage, 8, pool="Pool")]
    group, _ = group_make(stage)
    roster = draft(stage, group)
    assert RosterNeed.objects.filter(roster=roster).count() == 2 * 28
    run = search(stage, roster)
    assert (run.state, run.fault) == ("done", "")
    rows = roster_rows(roster)
    assert not rows.judgement.broken
    assert len({line.employee for line in rows.assignments}) == len(cast)
    assert not rows.judgement.short, "six people carry two shifts a day"
    free = RosterShift.objects.filter(roster=roster, person=cast[4], on__week_day__in=(1, 7))
    assert not free.exists(), "employed for weekdays"
    published = rosters.roster_publish(roster_id=roster.pk, actor=stage.users["service_head"], at=AT)
    assert published.state == "published"
    assert set(RosterShift.objects.filter(roster=roster).values_list("in_force", flat=True)) == {True}


def test_publishing_takes_notice_and_rules(stage: Stage) -> None:
    """Nine days ahead takes a reason (W-10); a roster that breaks a rule is not published at all."""
    [one] = [person(stage, 1)]
    group, kinds = group_make(stage)
    near = AT.replace(day=14)
    roster = draft(stage, group)
    head = stage.users["service_head"]
    give(stage, roster, one, FIRST, kinds["K"])
    give(stage, roster, one, FIRST + DAY, kinds["D"])
    with refused("roster_breaks_rules"):
        rosters.roster_publish(roster_id=roster.pk, actor=head, at=AT)
    give(stage, roster, one, FIRST + DAY, None)
    with refused("notice_too_short"):
        rosters.roster_publish(roster_id=roster.pk, actor=head, at=near)
    rosters.roster_publish(roster_id=roster.pk, actor=head, at=near, reason="Ny avdelning öppnar")
    with refused("roster_breaks_rules"):
        give(stage, roster, one, FIRST + DAY, kinds["D"])
    give(stage, roster, one, FIRST + DAY, kinds["K"], reason="bytt med sjuk")
    last = RosterChange.objects.filter(roster=roster).latest("pk")
    assert (last.was_published, last.reason, last.before_id, last.after_id) == (
        True,
        "bytt med sjuk",
        None,
        kinds["K"].pk,
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        RosterChange.objects.filter(pk=last.pk).update(reason="annat")


def test_undo_goes_back_step_by_step(stage: Stage) -> None:
    """Undo takes back the last change, then the one before; an undone change is not undone again."""
    one = person(stage, 1)
    group, kinds = group_make(stage)
    roster, head = draft(stage, group), stage.users["service_head"]
    give(stage, roster, one, FIRST, kinds["D"])
    give(stage, roster, one, FIRST, kinds["K"])

    def held() -> list[str]:
        return list(RosterShift.objects.filter(roster=roster).values_list("kind__code", flat=True))

    assert held() == ["K"]
    roster_changes.batch_undo(roster_id=roster.pk, actor=head, at=AT)
    assert held() == ["D"]
    roster_changes.batch_undo(roster_id=roster.pk, actor=head, at=AT)
    assert held() == []
    assert roster_changes.batch_undo(roster_id=roster.pk, actor=head, at=AT) is None


def test_one_person_in_one_place(stage: Stage) -> None:
    """Two published rosters of a group never overlap, nor do a person's shifts in force."""
    one = person(stage, 1)
    group, kinds = group_make(stage)
    head = stage.users["service_head"]
    first, second = draft(stage, group), draft(stage, group)
    for roster in (first, second):
        give(stage, roster, one, FIRST, kinds["D"])
    rosters.roster_publish(roster_id=first.pk, actor=head, at=AT)
    with refused("roster_overlaps"):
        rosters.roster_publish(roster_id=second.pk, actor=head, at=AT)
    with pytest.raises(DatabaseError, match="staffing_shift_one_place"), transaction.atomic():
        RosterShift.objects.filter(roster=second).update(in_force=True)


def test_fixed_days_stay_and_replaced_kinds_too(stage: Stage) -> None:
    """A locked day is not touched by a search; a kind that is replaced keeps its times in rosters that have it."""
    one = person(stage, 1)
    group, kinds = group_make(stage, {"D": 1})
    roster, head = draft(stage, group), stage.users["service_head"]
    give(stage, roster, one, FIRST + 5 * DAY, kinds["K"])
    RosterShift.objects.filter(roster=roster).update(is_fixed=True)
    later = KindWords("K", "Kväll", 800, 1310, ((1020, 1050),))
    roster_groups.kind_add(group_id=group.pk, words=later, actor=head, at=AT)
    assert search(stage, roster, 2).state == "done"
    kept = RosterShift.objects.get(roster=roster, on=FIRST + 5 * DAY)
    assert (kept.kind_id, kept.kind.start) == (kinds["K"].pk, 780)
    assert not roster_rows(roster).judgement.broken
    with pytest.raises(DatabaseError), transaction.atomic():
        ShiftKind.objects.filter(pk=kept.kind_id).update(start=700)


def test_an_unlawful_kind_is_refused_with_its_rule(stage: Stage) -> None:
    """Six hours without a break, and times that are none."""
    group, _ = group_make(stage)
    head = stage.users["service_head"]
    for words, code in (
        (KindWords("L", "Lång", 420, 800), "shift_unlawful"),
        (KindWords("B", "Bak", 900, 800), "bad_shift_times"),
        (KindWords("", "Utan", 420, 600), "kind_unnamed"),
    ):
        with refused(code):
            roster_groups.kind_add(group_id=group.pk, words=words, actor=head, at=AT)


def test_who_may_plan(stage: Stage) -> None:
    """A worker never; a manager of another hospital sees nothing of it."""
    person(stage, 1)
    group, _ = group_make(stage)
    roster = draft(stage, group)
    with refused("wrong_role"):
        rosters.roster_discard(roster_id=roster.pk, actor=stage.users["service_worker"], at=AT)
    with refused("unknown_roster"):
        rosters.roster_discard(roster_id=roster.pk, actor=stage.outsider, at=AT)
