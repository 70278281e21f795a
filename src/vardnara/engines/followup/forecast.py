"""The full year: what is booked, what is left by a stated method, and what people adjust."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from vardnara.engines.followup.data import MONTHS, ORE, ZERO, Adjustment, Key, Line, Method, Year
from vardnara.engines.followup.result import VERSION, Forecast, ForecastLine
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

LEAST_SHARE = Decimal("0.02")  # of last year by now: below it one öre now would become a krona at the year's end


def forecast(
    lines: Iterable[Line], *, through_month: int, method: Method, adjustments: Iterable[Adjustment] = ()
) -> Forecast:
    """Forecast the year of every unit's account.

    Parameters
    ----------
    lines
        Each key once.
    through_month
        Last month that is booked whole, 1 to 12.
    method
        ``RUN_RATE``: each month that is left costs the mean of those booked. ``SEASONAL``: the year grows as last year
        did: what is left is last year's same months times (booked now / booked by then). ``BUDGET_REST``: each month
        that is left costs its budget.
    adjustments
        Added to their key's year; a key without a line is a fault.

    Returns
    -------
    Forecast
        By key. The months of a line sum to its year without adjustments, to the öre.

    Raises
    ------
    InputError
        A month outside 1 to 12, a key twice, an adjustment of a key that is not there.

    Notes
    -----
    ``SEASONAL`` cannot be used where last year is unknown, or where its months to date are less than 2 % of its year or
    more than all of it (a cost that was credited, or that came in December alone). Such a line is forecast by run rate
    and says so.
    """
    given = list(lines)
    if not 1 <= through_month <= MONTHS:
        raise InputError([Fault("forecast", "through_month", str(through_month), "1 to 12")])
    keys = {line.key for line in given}
    if len(keys) != len(given):
        raise InputError([Fault("forecast", "lines", "a unit's account stands twice", "each once")])
    by_key: dict[Key, list[Adjustment]] = defaultdict(list)
    for one in adjustments:
        if one.key not in keys:
            raise InputError([Fault("forecast", f"{one.key}/adjustment", "no such line", "a unit's account")])
        by_key[one.key].append(one)
    found = [_line(line, through_month, method, tuple(by_key.get(line.key, ()))) for line in given]
    return Forecast(VERSION, method, through_month, tuple(sorted(found, key=lambda line: line.key)))


def _line(line: Line, through: int, method: Method, adjustments: tuple[Adjustment, ...]) -> ForecastLine:
    booked = line.actual[:through]
    actual = sum(booked, ZERO)
    used, instead = method, ""
    if method is Method.SEASONAL and (instead := _no_season(line.last_year, through)):
        used = Method.RUN_RATE
    if used is Method.BUDGET_REST:
        left: Sequence[Decimal] = line.budget[through:]
    elif used is Method.SEASONAL:
        assert line.last_year is not None
        left = _season(line.last_year, through, actual)
    else:
        left = spread(actual * (MONTHS - through) / through, [Decimal(1)] * (MONTHS - through))
    return ForecastLine(
        key=line.key,
        budget=sum(line.budget, ZERO),
        actual=actual,
        rest=sum(left, ZERO),
        adjusted=sum((one.amount for one in adjustments), ZERO),
        months=(*booked, *left),
        method=used,
        instead=instead,
        adjustments=adjustments,
    )


def _no_season(last: Year | None, through: int) -> str:
    """Why last year's shares cannot be used, empty where they can."""
    if last is None:
        return "no_last_year"
    whole, then = sum(last, ZERO), sum(last[:through], ZERO)
    if not whole or not LEAST_SHARE <= then / whole <= 1:
        return "shares_do_not_fit"
    return ""


def _season(last: Year, through: int, actual: Decimal) -> Year:
    then = sum(last[:through], ZERO)
    rest = last[through:]
    return spread(actual * sum(rest, ZERO) / then, rest)


def spread(total: Decimal, weights: Sequence[Decimal]) -> Year:
    """Share a total among months by weight, to the öre, so that they sum to the rounded total.

    Each month's cumulated share is rounded half to even, and the month is the difference: no öre is lost or made, and
    the order of the months decides where it goes.
    """
    whole = sum(weights, ZERO)
    if not whole:
        weights, whole = [Decimal(1)] * len(weights), Decimal(len(weights))
    found, so_far, given = [], ZERO, ZERO
    for weight in weights:
        so_far += weight
        upto = (total * so_far / whole).quantize(ORE, rounding=ROUND_HALF_EVEN)
        found.append(upto - given)
        given = upto
    return tuple(found)
