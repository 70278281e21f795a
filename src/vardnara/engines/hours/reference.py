"""A slow, obvious twin of the inconvenient hours: minute by minute, by the sentences of the agreement. For tests."""

from __future__ import annotations

from datetime import date, timedelta

from vardnara.engines.hours.data import MINUTE, Duty
from vardnara.engines.hours.inconvenient import InconvenientRules
from vardnara.kernel.calendar import easter_sunday, eves, public_holidays
from vardnara.kernel.local_time import STOCKHOLM

DAY = timedelta(days=1)


def inconvenient_minutes_slowly(duty: Duty, rules: InconvenientRules) -> dict[str, float]:
    """As ``inconvenient_minutes``, for shifts that begin and end on whole minutes."""
    found: dict[str, float] = {}
    at = duty.start
    while at < duty.end:
        if not any(one.start <= at < one.end for one in duty.breaks):
            local = at.astimezone(STOCKHOLM)
            category = _category(local.date(), local.hour, rules)
            if category:
                found[category] = found.get(category, 0.0) + 1.0
        at += MINUTE
    return found


def _category(day: date, hour: int, rules: InconvenientRules) -> str:
    red = set(public_holidays(day.year)) | set(public_holidays(day.year + 1)) | set(public_holidays(day.year - 1))
    free_eves = {**eves(day.year - 1), **eves(day.year), **eves(day.year + 1)}
    towards = day + DAY if hour >= 22 else day if hour < 6 else None
    night = towards is not None and (towards.weekday() >= 5 or towards in red)
    for since, until in _great(day.year, red, free_eves, rules):
        if since <= (day, hour) < until:
            return "A_night" if night else "A"
    weekend = (
        day.weekday() >= 5
        or day in red
        or all(one.weekday() == 6 or one in red for one in (day - DAY, day + DAY))
        or (day.weekday() == 4 and hour >= rules.friday_from)
        or (hour < 7 and (day.weekday() == 0 or (day - DAY) in red or (day - DAY).weekday() == 6))
    )
    names = {**public_holidays(day.year), **public_holidays(day.year + 1)}
    before = names.get(day + DAY, "")
    weekend = weekend or (
        hour >= 16 and before in ("epiphany", "first_of_may", "ascension_day", "national_day", "all_saints_day")
    )
    if weekend:
        return "B_night" if night else "B"
    if hour >= 22 or hour < 6:
        return "C"
    return "D" if hour >= 19 else ""


def _great(
    year: int, red: set[date], free_eves: dict[date, str], rules: InconvenientRules
) -> list[tuple[tuple[date, int], tuple[date, int]]]:
    """The great holidays around a year, from a day and hour until a day and hour."""
    easter = easter_sunday(year)
    found = [((easter - 3 * DAY, 18), (easter + 2 * DAY, 7))]
    for eve, name in free_eves.items():
        if name == "easter_eve" or (name == "whitsun_eve" and not rules.whitsun_is_great):
            continue
        after = eve + DAY
        while after.weekday() >= 5 or after in red or after in free_eves:
            after += DAY
        found.append(((eve - DAY, 18), (after, 7)))
    return found
