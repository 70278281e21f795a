"""From notice to a last day, and whether a case counts its effect before that."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """The same day of the month ``months`` later; the month's last where it has no such day.

    Parameters
    ----------
    day
        From when.
    months
        0 or more.

    Returns
    -------
    date
        31 January and one month is 28 or 29 February.
    """
    month = day.year * 12 + day.month - 1 + months
    year, number = divmod(month, 12)
    return date(year, number + 1, min(day.day, monthrange(year, number + 1)[1]))


def last_day(notice_on: date, months: int) -> date:
    """The last day of employment after notice.

    Parameters
    ----------
    notice_on
        The day on which notice is given; the time runs from the day after.
    months
        Of notice, by law or agreement; whoever knows says so, none is assumed.

    Returns
    -------
    date
        Notice on 15 January with two months ends on 15 March.
    """
    return months_later(notice_on, months)


def effect_too_early(effect_from: date, last: date) -> bool:
    """Whether an effect is counted from a day on which the post is still paid.

    Parameters
    ----------
    effect_from
        First day of the effect.
    last
        Last day of employment.

    Returns
    -------
    bool
        Also on the last day itself.
    """
    return effect_from <= last
