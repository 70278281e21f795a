"""Judges forecasts and explanations by what they must satisfy, without the code that made them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from vardnara.engines.followup.data import Line, Method, Question
from vardnara.engines.followup.result import Deviation, Forecast

ORE = Fraction(1, 100)


def forecast_check(lines: Iterable[Line], found: Forecast) -> list[str]:
    """What a forecast gets wrong; empty where nothing: booked months kept, sums to the öre, methods as they say."""
    given = {line.key: line for line in lines}
    wrong = [] if [line.key for line in found.lines] == sorted(given) else ["not the lines that were given, in order"]
    for line in found.lines:
        source = given.get(line.key)
        if source is None:
            continue
        n = found.through_month
        booked = sum(source.actual[:n], Decimal(0))
        if line.months[:n] != source.actual[:n] or line.actual != booked:
            wrong.append(f"{line.key}: booked months were changed")
        if len(line.months) != 12 or sum(line.months, Decimal(0)) != line.actual + line.rest:
            wrong.append(f"{line.key}: the months do not sum to the year")
        if sum((one.amount for one in line.adjustments), Decimal(0)) != line.adjusted:
            wrong.append(f"{line.key}: the adjustments do not sum")
        if abs(Fraction(line.rest) - _rest(source, n, line.method)) > ORE / 2:
            wrong.append(f"{line.key}: the rest is not what {line.method} gives")
        if (line.method is not found.method) != bool(line.instead):
            wrong.append(f"{line.key}: another method without saying why")
    return wrong


def _rest(line: Line, n: int, method: Method) -> Fraction:
    booked = Fraction(sum(line.actual[:n], Decimal(0)))
    if method is Method.BUDGET_REST:
        return Fraction(sum(line.budget[n:], Decimal(0)))
    if method is Method.RUN_RATE:
        return booked * (12 - n) / n
    assert line.last_year is not None
    return booked * Fraction(sum(line.last_year[n:], Decimal(0))) / Fraction(sum(line.last_year[:n], Decimal(0)))


def deviation_check(question: Question, found: Deviation) -> list[str]:
    """What an explanation gets wrong; empty where nothing: the sum exact, price within rounding of its own formula."""
    if found.missing:
        kept = (found.volume, found.scope, found.price, found.agreed_price, found.actual_price)
        return [] if kept == (None,) * 5 and not found.parts else ["something was derived from what is missing"]
    assert question.cost is not None and question.compensation is not None and question.parts is not None
    assert found.volume is not None and found.scope is not None and found.price is not None
    wrong = []
    if found.volume + found.scope + found.price != question.cost - question.compensation:
        wrong.append("volume, scope and price do not sum to the whole")
    agreed = sum((Fraction(part.agreed) for part in question.parts), Fraction(0))
    done = sum((Fraction(part.done) for part in question.parts), Fraction(0))
    before, after = Fraction(question.compensation) / agreed, Fraction(question.cost) / done
    rounding = ORE / 2 * (len(question.parts) + 1)
    if abs(Fraction(found.price) - done * (after - before)) > rounding:
        wrong.append("price is not what was done times the difference in price")
    for one in found.parts:
        if abs(Fraction(one.amount) - (Fraction(one.done) - Fraction(one.agreed)) * before) > ORE:
            wrong.append(f"{one.name}: not its quantity at the agreed price")
    return wrong
