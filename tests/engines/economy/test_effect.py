"""Effects of a change per payer: the figures of real decisions, and what must hold of any."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.economy import EconomyCase, Flow, FlowKind, Reallocation, YearEffect, effect_estimate
from vardnara.engines.economy.check import effect_check

SERVICE, CARE = "Regionservice", "Hälso- och sjukvården"
MARCH = date(2026, 3, 1)


def flow(name: str, payer: str, amount: str, kind: FlowKind = FlowKind.SAVING, **more: object) -> Flow:
    values: dict[str, object] = {"from_on": MARCH} | more
    return Flow(name, payer, kind, Decimal(amount), **values)  # type: ignore[arg-type]


REVIEW = EconomyCase(
    flows=(
        flow("service", SERVICE, "4300000"),
        flow("care", CARE, "460000"),
        flow("recruitment", CARE, "460000", FlowKind.REINVESTMENT),
    ),
    budget_year=2026,
)


def test_the_review_of_2026_to_the_ore() -> None:
    """CONTRACT 5: gross 3,966,666.67 and net 3,583,333.33 in 2026, 4.76 and 4.30 million in a full year."""
    effect = effect_estimate(REVIEW)
    assert effect.budget_year is not None
    assert (effect.full_year.gross_sek, effect.full_year.net_sek) == (4_760_000, 4_300_000)
    assert str(effect.budget_year.gross_sek) == "3966666.67"
    assert str(effect.budget_year.net_sek) == "3583333.33"
    assert str(effect.carry_over_sek) == "793333.33"
    assert effect.budget_year.row(CARE).net_sek == 0
    assert [year.year for year in effect.years] == [2026, 2027]
    assert effect.years[1].rows == effect.full_year.rows


def test_exact_days_stand_beside_whole_months() -> None:
    """K-01 knows both ways: 306 of 365 days, ten of twelve months."""
    effect = effect_estimate(REVIEW)
    assert str(effect.by_days_gross_sek) == "3990575.34"


@pytest.mark.parametrize(
    ("from_on", "notice", "share"),
    [
        (date(2026, 3, 1), 0, "10"),
        (date(2026, 3, 2), 0, "9"),
        (date(2025, 12, 31), 0, "12"),
        (date(2026, 12, 2), 0, "0"),
        (date(2026, 3, 1), 6, "4"),
        (date(2026, 8, 31), 6, "0"),
        (date(2026, 1, 31), 1, "10"),
    ],
)
def test_whole_months_and_notice(from_on: date, notice: int, share: str) -> None:
    """A month counts when the change holds on its first day; notice moves the day."""
    case = EconomyCase((flow("one", SERVICE, "12", from_on=from_on, notice_months=notice),), budget_year=2026)
    effect = effect_estimate(case)
    assert effect.budget_year is not None
    assert effect.budget_year.gross_sek == Decimal(share)
    assert effect_check(case, effect) == []


def test_money_outside_every_frame_frees_no_budget() -> None:
    """own-11: what no frame holds lowers cost and is no saving."""
    case = EconomyCase((*REVIEW.flows, flow("pool", SERVICE, "860000", in_frame=False)), budget_year=2026)
    full = effect_estimate(case).full_year
    assert (full.gross_sek, full.net_sek, full.unfunded_sek) == (4_760_000, 4_300_000, 860_000)
    assert full.row(SERVICE).cost_sek == 5_160_000


def test_a_reallocation_changes_who_pays_and_nothing_else() -> None:
    """doc S2: 4.5 million move between boards; the region as a whole has the added cost once."""
    added = flow("posts", "Regionstyrelsen", "4500000", FlowKind.ADDED_COST, from_on=date(2024, 1, 1))
    move = Reallocation("Hälso- och sjukvårdsnämnden", "Regionstyrelsen", Decimal(4_500_000), date(2024, 1, 1))
    full = effect_estimate(EconomyCase((added,), (move,), 2024)).full_year
    assert {row.payer: row.gross_sek for row in full.rows} == {
        "Regionstyrelsen": 0,
        "Hälso- och sjukvårdsnämnden": -4_500_000,
    }


def test_one_off_cost_is_in_its_year_alone() -> None:
    """K-02: what is paid once is in no full-year effect."""
    case = EconomyCase((*REVIEW.flows, flow("move", CARE, "50000", FlowKind.ONE_OFF)), budget_year=2026)
    effect = effect_estimate(case)
    assert effect.budget_year is not None
    assert effect.full_year.net_sek == 4_300_000
    assert str(effect.budget_year.net_sek) == "3533333.33"
    assert effect.years[1].net_sek == 4_300_000


@pytest.mark.parametrize(
    "bad",
    [{"amount": "-1"}, {"amount": "0.001"}, {"amount": "NaN"}, {"to_on": MARCH}, {"notice_months": -1}],
)
def test_nonsense_is_refused(bad: dict[str, object]) -> None:
    """A negative or endless amount, an end before the beginning, notice backwards."""
    amount = str(bad.pop("amount", "1"))
    with pytest.raises(ValueError, match="expected"):
        flow("bad", SERVICE, amount, **bad)


# ------------------------------------------------------------------ any case

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
AMOUNTS = st.integers(0, 10**10).map(lambda ore: Decimal(ore) / 100)


@st.composite
def flows(draw: st.DrawFn) -> tuple[Flow, ...]:
    found = []
    for number in range(draw(st.integers(1, 8))):
        start = draw(DAYS)
        end = draw(st.none() | st.dates(date(2029, 1, 1), date(2030, 12, 31)))
        found.append(
            Flow(
                id=str(number),
                payer=draw(st.sampled_from(["A", "B", "C"])),
                kind=draw(st.sampled_from(FlowKind)),
                amount_sek=draw(AMOUNTS),
                from_on=start,
                to_on=end,
                notice_months=draw(st.integers(0, 12)) if end is None else 0,
                in_frame=draw(st.booleans()),
            )
        )
    return tuple(found)


@st.composite
def cases(draw: st.DrawFn) -> EconomyCase:
    moves = draw(
        st.lists(
            st.builds(Reallocation, st.just("A"), st.sampled_from(["B", "C", "D"]), AMOUNTS, DAYS),
            max_size=2,
        )
    )
    return EconomyCase(draw(flows()), tuple(moves), draw(st.integers(2024, 2031)))


@given(cases())
def test_the_judge_accepts_every_effect(case: EconomyCase) -> None:
    """Counted month by month the same comes out, and every total is right to half an öre."""
    assert effect_check(case, effect_estimate(case)) == []


@given(cases(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case: EconomyCase, random: object) -> None:
    """effect(a then b) is effect(b then a)."""
    mixed, moves = list(case.flows), list(case.reallocations)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    random.shuffle(moves)  # type: ignore[attr-defined]
    other = dataclasses.replace(case, flows=tuple(mixed), reallocations=tuple(moves))

    def as_table(year: YearEffect) -> dict[str, object]:
        return {row.payer: row for row in year.rows}

    one, two = effect_estimate(case), effect_estimate(other)
    assert as_table(one.full_year) == as_table(two.full_year)
    assert one.budget_year is not None and two.budget_year is not None
    assert as_table(one.budget_year) == as_table(two.budget_year)


@given(cases())
def test_a_period_in_two_is_the_period(case: EconomyCase) -> None:
    """Splitting a change at any later day changes no calendar year, to the öre."""
    day = date(2028, 12, 31)
    split: list[Flow] = []
    for one in case.flows:
        if one.notice_months or one.kind is FlowKind.ONE_OFF or not (one.from_on < day):
            split.append(one)
            continue
        split.append(dataclasses.replace(one, to_on=day))
        split.append(dataclasses.replace(one, id=one.id + "+", from_on=day))
    years = {year.year: year for year in effect_estimate(case).years}
    for year in effect_estimate(dataclasses.replace(case, flows=tuple(split))).years:
        if year.year in years:
            assert year.rows == years[year.year].rows


@given(cases())
def test_moving_frames_makes_no_money(case: EconomyCase) -> None:
    """Reallocations sum to nothing over the payers, in every year."""
    alone = EconomyCase((), case.reallocations, case.budget_year)
    effect = effect_estimate(alone)
    assert effect.full_year.gross_sek == 0
    assert all(year.gross_sek == 0 for year in effect.years)
