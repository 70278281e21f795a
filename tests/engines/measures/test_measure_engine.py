"""How a measure stands, what it waits for, beds after a change, and the day that notice allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from vardnara.engines.measures import (
    Beds,
    Facts,
    Gate,
    Promised,
    Standing,
    beds_after,
    effect_too_early,
    gates_missing,
    last_day,
    months_later,
    standing_propose,
)
from vardnara.kernel.errors import InputError
from vardnara.parameters import measures
from vardnara.parameters.measures import measure_indicators, measure_statuses, post_steps, status_of_standing

ON = date(2026, 6, 1)
LATER, EARLIER = date(2026, 9, 1), date(2026, 5, 1)
PLAIN = Facts(has_owner=True, is_decided=True, has_begun=True, is_multi_year=False, ends_on=date(2026, 12, 31))


def promise(outcome: int | None = None, check_on: date = LATER) -> Promised:
    return Promised(Decimal(40), check_on, Decimal(100), None if outcome is None else Decimal(outcome))


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        (replace(PLAIN, has_begun=False), Standing.ASSIGNED),
        (replace(PLAIN, has_begun=False, has_owner=False), Standing.PROPOSED),
        (replace(PLAIN, has_begun=False, is_decided=False), Standing.PROPOSED),
        (replace(PLAIN, has_begun=False, starts_on=EARLIER), Standing.LATE),
        (replace(PLAIN, has_begun=False, starts_on=ON), Standing.ASSIGNED),
        (PLAIN, Standing.ON_PLAN),
        (replace(PLAIN, is_multi_year=True), Standing.MULTI_YEAR),
        (replace(PLAIN, ends_on=EARLIER), Standing.LATE),
        (replace(PLAIN, promises=(promise(check_on=EARLIER),)), Standing.LATE),
        (replace(PLAIN, promises=(promise(60), promise())), Standing.DEVIATES),
        (replace(PLAIN, promises=(promise(40), promise())), Standing.ON_PLAN),
        (replace(PLAIN, promises=(promise(40), promise(30))), Standing.DONE),
        (replace(PLAIN, promises=(promise(40), promise(41))), Standing.DONE_LESS),
    ],
)
def test_dates_and_outcomes_speak_for_a_standing(facts: Facts, standing: Standing) -> None:
    """DOMAIN 2.5: on plan over several years is a standing of its own."""
    assert standing_propose(facts, on=ON) is standing


def test_a_multi_year_assignment_on_plan_is_yellow() -> None:
    """The region's own vocabulary says so; every standing has a status, and red is late alone."""
    assert status_of_standing("multi_year").colour == "yellow"
    assert {one.standing for one in measure_statuses().values()} == {str(one) for one in Standing}
    assert [one.code for one in measure_statuses().values() if one.colour == "red"] == ["late"]
    with pytest.raises(ValueError, match="no status"):
        status_of_standing("unheard_of")


def test_vocabularies_load_with_their_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is used twice, and one that is not known, is told by its place in the file."""
    for file in (measures.STATUSES, measures.INDICATORS, measures.STEPS):
        assert measures.evidence_of(file).confidence == "design"
    assert {kind for one in measure_indicators().values() for kind in one.kinds} >= {"capacity", "low_value", "gap"}
    assert {one.anchor for one in post_steps().values()} == {"", "notice", "last_day"}
    rows = ({"code": "a", "sv": "A", "en": "A", "colour": "blue"}, {"code": "a", "sv": "", "en": "A", "colour": "red"})
    monkeypatch.setattr(measures, "table_read", lambda file, name: rows)
    with pytest.raises(InputError) as caught:
        measures._rows("x.toml", "status", {"colour": measures.COLOURS})
    assert {fault.place for fault in caught.value.faults} == {"/status/0/colour", "/status/1/code", "/status/1/sv"}


@pytest.mark.parametrize(
    ("share", "outcome", "closed"),
    [("1", 40, False), ("1", 41, True), ("0.8", 52, False), ("0.8", 53, True), ("0.8", None, True)],
)
def test_a_gate_opens_at_its_share_of_the_promised_change(share: str, outcome: int | None, closed: bool) -> None:
    """S-09: from 100 to 40 is promised; eight tenths of that is 52."""
    assert gates_missing([Gate(7, Decimal(share), (promise(outcome),))]) == ((7,) if closed else ())
    more = None if outcome is None else Decimal(100 - outcome)  # the same upwards, from 0 to 60
    upwards = Promised(Decimal(60), LATER, None, more)
    assert gates_missing([Gate(7, Decimal(share), (upwards,))]) == ((7,) if closed else ())


def test_who_promised_nothing_has_delivered_nothing() -> None:
    assert gates_missing([Gate(7, Decimal(1)), Gate(8, Decimal(1), (promise(0),))]) == (7,)
    with pytest.raises(ValueError, match="share"):
        Gate(7, Decimal(0))


def test_a_promise_of_no_change_is_kept_by_that_value_alone() -> None:
    same = Promised(Decimal(95), LATER, Decimal(95), Decimal(94))
    assert same.kept_share is None and not same.is_kept() and replace(same, outcome=Decimal(95)).is_kept()


def test_occupancy_at_unchanged_bed_days() -> None:
    """S-10: 20 places at 90 % are 18 at 100 %, and fewer are more than full."""
    now = Beds(20, Decimal(540), 30)
    assert now.occupancy_share == Decimal("0.9")
    assert beds_after(now, -2).occupancy_share == 1
    assert beds_after(now, -20).occupancy_share is None
    with pytest.raises(ValueError, match="places"):
        beds_after(now, -21)


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 1, 15), 2, date(2026, 3, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 5, 4), 0, date(2026, 5, 4)),
    ],
)
def test_notice_runs_by_whole_months(day: date, months: int, last: date) -> None:
    assert last_day(day, months) == months_later(day, months) == last


def test_effect_is_counted_from_the_day_after_the_last() -> None:
    last = date(2026, 3, 31)
    assert effect_too_early(date(2026, 3, 31), last) and not effect_too_early(date(2026, 4, 1), last)
