"""Forecasts and explanations that can be worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from vardnara.engines.followup import Adjustment, Line, Method, Part, Question, deviation_explain, forecast
from vardnara.engines.followup.explain import deviation_words, line_explain
from vardnara.kernel.errors import InputError

KEY = (1, 1)


def year(*months: int | str) -> tuple[Decimal, ...]:
    return tuple(Decimal(month) for month in months) + (Decimal(0),) * (12 - len(months))


BUDGET = (Decimal(100),) * 12
LINE = Line(KEY, BUDGET, year(90, 110, 130), year(50, 50, 100, 100, 100, 100, 100, 100, 100, 100, 50, 50))


@pytest.mark.parametrize(
    ("method", "rest"), [(Method.RUN_RATE, "990"), (Method.BUDGET_REST, "900"), (Method.SEASONAL, "1320")]
)
def test_each_method_by_hand(method: Method, rest: str) -> None:
    """330 booked in three months: 110 a month, the budget's 100, or 330 / 200 of last year's 800."""
    (found,) = forecast([LINE], through_month=3, method=method).lines
    assert (found.actual, found.rest, found.instead) == (Decimal(330), Decimal(rest), "")
    assert found.deviation == 1200 - 330 - Decimal(rest)


def test_odd_ore_are_neither_lost_nor_made() -> None:
    """100.01 in seven months leaves 71.44 for five: each month within an öre of the others."""
    (found,) = forecast([Line(KEY, BUDGET, year("100.01"))], through_month=7, method=Method.RUN_RATE).lines
    assert found.rest == Decimal("71.44") and max(found.months[7:]) - min(found.months[7:]) == Decimal("0.01")


def test_last_years_shares_that_do_not_fit_are_not_used_and_that_is_said() -> None:
    """A cost that came in December alone cannot be spread by its shares."""
    december = Line(KEY, BUDGET, year(1), year(*[0] * 11, 1200))
    (found,) = forecast([december], through_month=3, method=Method.SEASONAL).lines
    assert (found.method, found.instead) == (Method.RUN_RATE, "shares_do_not_fit")
    (other,) = forecast([Line(KEY, BUDGET, year(1))], through_month=3, method=Method.SEASONAL).lines
    assert other.instead == "no_last_year" and "last year is not known" in line_explain(other)


def test_an_adjustment_is_added_with_its_reason() -> None:
    """What a person knows better is a sum of its own, and says why."""
    change = Adjustment(KEY, Decimal("-50.50"), "tjänst vakant april till juni")
    (found,) = forecast([LINE], through_month=3, method=Method.BUDGET_REST, adjustments=[change]).lines
    assert found.full_year == Decimal("1179.50")
    assert line_explain(found).endswith("-50.50 (tjänst vakant april till juni) = 1179.50")
    with pytest.raises(InputError):
        Adjustment(KEY, Decimal(1), " ")
    with pytest.raises(InputError):
        forecast([LINE], through_month=3, method=Method.RUN_RATE, adjustments=[Adjustment((2, 2), Decimal(1), "x")])
    with pytest.raises(InputError):
        forecast([LINE], through_month=0, method=Method.RUN_RATE)


def test_a_deviation_by_hand() -> None:
    """1,000 agreed hours for 400,000; 1,100 done, 300 of weekends that nobody agreed on; all of it cost 630,000."""
    parts = (
        Part("vardagar", Decimal(1000), Decimal(1100)),
        Part("helger", Decimal(0), Decimal(300), in_scope=False),
    )
    found = deviation_explain(Question(Decimal(630_000), Decimal(400_000), parts))
    assert (found.volume, found.scope, found.price) == (Decimal(40_000), Decimal(120_000), Decimal(70_000))
    assert (found.agreed_price, found.actual_price) == (Decimal(400), Decimal(450))
    assert deviation_words(found)[-1] == "together 230000.00"


@pytest.mark.shared_data
def test_the_document_gives_the_whole_and_nothing_more(shared_data: Path) -> None:
    """Doc S1 quotes 23.4 and 11.0 and names no hours: 12.4 is derived, volume, scope and price are not."""
    text = (shared_data / "decisions" / "halland-2018-continued-development.txt").read_text()
    said = " ".join(text.split())
    assert "23,4 mnkr. Den ersättning RGS får för utfört uppdrag är 11,0 mnkr" in said
    found = deviation_explain(Question(Decimal(23_400_000), Decimal(11_000_000), None))
    assert found.total == Decimal(12_400_000) and "avvikelse på helår om 12,4 mnkr" in said
    assert (found.volume, found.scope, found.price, found.missing) == (None, None, None, ("quantities",))
    assert deviation_words(found)[-1] == "nothing more can be derived: quantities not known"
