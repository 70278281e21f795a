"""Whatever the year: months sum, explanations sum, and the judge agrees."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.followup import AMOUNTS, lines, questions

from vardnara.engines.followup import Adjustment, Line, Method, Question, deviation_explain, forecast
from vardnara.engines.followup.check import deviation_check, forecast_check


@given(lines=lines(), through=st.integers(1, 12), method=st.sampled_from(Method), adjusted=AMOUNTS)
def test_the_judge_agrees_with_every_forecast(
    lines: list[Line], through: int, method: Method, adjusted: Decimal
) -> None:
    """Booked months stay, months sum to the year to the öre, and each method is what its name says."""
    changes = [Adjustment(lines[0].key, adjusted, "hyran sägs upp")] if lines else []
    found = forecast(lines, through_month=through, method=method, adjustments=changes)
    assert forecast_check(lines, found) == []
    assert found.full_year == sum((sum(one.months) + one.adjusted for one in found.lines), Decimal(0))
    if through == 12:
        assert all(one.rest == 0 for one in found.lines)


@given(question=questions())
def test_volume_scope_and_price_are_the_whole(question: Question) -> None:
    """Nothing is left over and nothing invented: the three sum exactly, or none of them is given."""
    found = deviation_explain(question)
    assert deviation_check(question, found) == []
    if question.cost is not None and question.compensation is not None:
        assert found.total == question.cost - question.compensation
    assert (found.volume is None) == bool(found.missing)
