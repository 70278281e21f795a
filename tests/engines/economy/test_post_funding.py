"""What posts cost, who pays for them when, and where their hours go."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.economy import (
    Funding,
    HourHome,
    Pay,
    PostChange,
    PostGroup,
    funding_gaps,
    fundings_ending,
    hours_balance,
    post_cost,
)

YEAR = Decimal(1645)


def group(*fundings: Funding, change: PostChange = PostChange.KEPT, **more: object) -> PostGroup:
    values: dict[str, object] = {"change_on": date(2024, 1, 1), "exists_from": date(2022, 8, 10)} | more
    return PostGroup("x", "ten posts", Decimal(10), change, fundings=fundings, hours_per_post=YEAR, **values)  # type: ignore[arg-type]


STIMULUS = Funding("stimulus", date(2022, 8, 10), date(2023, 1, 1), in_frame=False)
FRAME = Funding("board", date(2024, 1, 1))


def test_a_post_costs_pay_charges_and_overhead() -> None:
    """E-07 with W-61's holiday pay: 12 months, 31 days at 0.605 %, OB, 46.15 % on all of it."""
    pay = Pay(Decimal(26_000), Decimal(31), Decimal(12_000), Decimal(15_000), 2024)
    flat = post_cost(
        pay,
        charges_share=Decimal("0.4615"),
        charges_basis="flat",
        vacation_share_a_day=Decimal("0.00605"),
        net_hours=YEAR,
    )
    assert flat.pay_sek == Decimal("328876.30")
    assert flat.charges_sek == Decimal("151776.41")
    assert flat.total_sek == Decimal("495652.71")
    assert flat.hourly_sek == Decimal("301.31")


def test_a_year_without_funding_and_funding_that_ends() -> None:
    """doc S2: stimulus money in 2022, nothing in 2023, a frame from 2024."""
    posts = group(STIMULUS, FRAME)
    assert [(gap.from_on, gap.to_on) for gap in funding_gaps(posts)] == [(date(2023, 1, 1), date(2024, 1, 1))]
    assert fundings_ending(posts) == (STIMULUS,)
    mended = group(STIMULUS, Funding("service", date(2023, 1, 1), date(2024, 1, 1)), FRAME)
    assert funding_gaps(mended) == ()
    assert fundings_ending(mended) == ()


def test_posts_that_are_removed_need_no_money_after() -> None:
    """A funding that ends with its posts is no warning."""
    posts = group(
        Funding("board", date(2022, 8, 10), date(2026, 3, 1)), change=PostChange.REMOVED, change_on=date(2026, 3, 1)
    )
    assert funding_gaps(posts) == ()
    assert fundings_ending(posts) == ()
    assert posts.is_in_frame


@given(
    st.lists(
        st.tuples(st.dates(date(2022, 1, 1), date(2026, 1, 1)), st.integers(1, 900)),
        min_size=1,
        max_size=6,
    )
)
def test_each_day_is_paid_or_a_gap(spans: list[tuple[date, int]]) -> None:
    """No day between is both, none is neither."""
    fundings = [Funding("x", start, date.fromordinal(start.toordinal() + days)) for start, days in spans]
    posts = group(*fundings, exists_from=date(2022, 1, 1))
    gaps = funding_gaps(posts)
    for ordinal in range(date(2022, 1, 1).toordinal(), date(2029, 1, 1).toordinal(), 3):
        day = date.fromordinal(ordinal)
        assert any(one.covers(day) for one in fundings) != any(gap.covers(day) for gap in gaps)


def test_hours_of_thirteen_posts_and_one_recruitment() -> None:
    """CONTRACT 4: 13 posts are 21,385 hours; one recruitment takes 1,645 of them; the rest has no home."""
    removed = PostGroup("all", "", Decimal(13), PostChange.REMOVED, date(2026, 3, 1), hours_per_post=YEAR)
    reaimed = PostGroup("one", "", Decimal(1), PostChange.REAIMED, date(2026, 3, 1), hours_per_post=YEAR)
    balance = hours_balance(
        [removed, reaimed], [HourHome("recruitment", YEAR, True)], receiver_hourly_sek=Decimal("300")
    )
    assert (balance.leaving, balance.received, balance.released) == (21_385, 1_645, 0)
    assert (balance.without_home, balance.without_home_sek) == (19_740, 5_922_000)


HOURS = st.integers(0, 40_000).map(lambda tenths: Decimal(tenths) / 10)


@given(HOURS, st.lists(st.builds(HourHome, st.just("home"), HOURS, st.booleans()), max_size=6))
def test_hours_balance_adds_up(hours: Decimal, homes: list[HourHome]) -> None:
    """leaving = received + released + without home, whatever the homes promise."""
    posts = PostGroup("x", "", Decimal(1), PostChange.REMOVED, date(2026, 3, 1), hours_per_post=hours)
    balance = hours_balance([posts], homes)
    assert balance.leaving == balance.received + balance.released + balance.without_home
    assert min(balance.received, balance.released, balance.without_home, balance.excess) >= 0
    promised = sum((home.hours for home in homes), Decimal(0))
    assert balance.received + balance.released + balance.excess == promised


@pytest.mark.parametrize("n_posts", ["0", "-1", "NaN"])
def test_no_posts_are_no_group(n_posts: str) -> None:
    """A group has posts in it."""
    with pytest.raises(ValueError, match="n_posts"):
        PostGroup("x", "", Decimal(n_posts), PostChange.ADDED, date(2026, 1, 1))
