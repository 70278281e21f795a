"""What is in force on a date, for plans and for those who make tasks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.strategies.agreed import (
    ALL_DAYS,
    agreement_make,
    line_make,
    norm_make,
    task_type_make,
    version_make,
    version_sign,
)
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service.queries.agreement_lines import EventAsked, agreement_lines_valid, event_answers
from vardnara.kernel.time_window import TimeWindow

MONDAY = date(2026, 3, 9)


@pytest.fixture
def stage(db: None) -> Stage:
    return stage_set()


def signed(stage: Stage, **fields: object):
    version = version_make(agreement_make(stage.ward), **fields)
    return version, lambda: version_sign(version, stage.users["service_head"], stage.users["decision_maker"])


def lines(stage: Stage, on: date):
    return agreement_lines_valid(hospital_id=stage.ward.division.hospital_id, on=on)


def test_a_draft_says_nothing_and_a_signed_version_holds_within_its_dates(stage: Stage) -> None:
    """From its first day, until the day that it ends on or was ended on."""
    version, sign = signed(stage, valid_from=MONDAY, valid_to=MONDAY + timedelta(days=30))
    line_make(version, task_type_make("kitchen"), stage.ward, "07-16")
    assert lines(stage, MONDAY) == ()
    sign()
    assert [len(lines(stage, MONDAY + timedelta(days=day))) for day in (-1, 0, 29, 30)] == [0, 1, 1, 0]
    version.state, version.ended_on = "ended", MONDAY + timedelta(days=10)
    version.save()
    assert [len(lines(stage, MONDAY + timedelta(days=day))) for day in (9, 10)] == [1, 0]


def test_a_row_says_all_that_a_plan_needs(stage: Stage) -> None:
    """Days, hours, frequency, the kind's own fields, and the newest norm of the ward before that of all."""
    kind = task_type_make("kitchen", each="ward", n_people=2, response_minutes=30)
    norm_make(kind, fixed_typical=40, fixed_high=50)
    norm_make(kind, ward=stage.ward, fixed_typical=45, fixed_high=50)
    norm_make(kind, ward=stage.ward, fixed_typical=1, fixed_high=50, valid_from=MONDAY + timedelta(days=1))
    version, sign = signed(stage)
    line_make(version, kind, stage.ward, "22-06", rrule="FREQ=WEEKLY;BYDAY=MO", times=2)
    line_make(version, kind, stage.other_ward, "07-16")
    sign()
    here, there = lines(stage, MONDAY)
    assert (here.ward_code, here.days, here.window, here.times) == (
        "K1", frozenset({1, 2, 3, 4, 5}), TimeWindow(22 * 60, 6 * 60), 2,
    )  # fmt: skip
    assert here.recurrence is not None and here.recurrence.occurs_on(MONDAY)
    assert (here.n_people, here.response_minutes, here.norm_fixed_minutes) == (2, 30, Decimal(45))
    assert there.recurrence is None and there.norm_fixed_minutes == Decimal(40)


def test_another_hospital_s_agreements_are_not_ours(stage: Stage) -> None:
    version, sign = signed(stage)
    line_make(version, task_type_make("kitchen"), stage.ward, "07-16")
    sign()
    assert agreement_lines_valid(hospital_id=stage.foreign.room.ward.division.hospital_id, on=MONDAY) == ()


def test_whose_it_is_at_an_instant(stage: Stage) -> None:
    """A party, nobody in a hole, and the service's where nothing was ever agreed; by the local clock."""
    clean, other = task_type_make("contagion_clean", driver="contagion_case"), task_type_make("kitchen")
    at = datetime(2026, 3, 9, 14, 59, tzinfo=UTC)  # 15:59 in Stockholm

    def whose(minutes: int, task_type=clean, ward=stage.ward) -> str:
        asked = EventAsked((task_type.code,), ward.pk, at + timedelta(minutes=minutes))
        return event_answers([asked])[0].party

    assert whose(0) == "service"
    version, sign = signed(stage)
    line_make(version, clean, stage.ward, "07-16")
    line_make(version, clean, stage.ward, "22-06", party="care", days=ALL_DAYS)
    sign()
    assert [whose(0), whose(1), whose(9 * 60)] == ["service", "", "care"]
    assert whose(1, other) == whose(1, ward=stage.other_ward) == "service"
