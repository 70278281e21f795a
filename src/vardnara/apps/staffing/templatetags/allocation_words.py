"""Words of needs and of posts by need: kinds of day, parts of the week, days of work, and what a post buys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext, pgettext_lazy

from vardnara.kernel.calendar import WEEKDAY_CODES
from vardnara.parameters.posts import shape_rows

register = template.Library()
MOSTLY = 0.5  # part of the whole above which one part of the week is named alone
ZONES_NAMED = 3
LONG = 100  # hours and more are told without decimals
PARTS = {
    "weekday_morning": pgettext_lazy("allocation", "weekday mornings"),
    "weekday_day": pgettext_lazy("allocation", "the middle of weekdays"),
    "weekday_evening": pgettext_lazy("allocation", "weekday evenings"),
    "weekday_night": pgettext_lazy("allocation", "weekday nights"),
    "weekend_morning": pgettext_lazy("allocation", "weekend mornings"),
    "weekend_day": pgettext_lazy("allocation", "the middle of the day at weekends"),
    "weekend_evening": pgettext_lazy("allocation", "weekend evenings"),
    "weekend_night": pgettext_lazy("allocation", "weekend nights"),
}
FAULTS = {
    "abandoned": pgettext_lazy("allocation", "The worker that reckoned it went away. Ask again."),
    "nothing_to_allocate": pgettext_lazy("allocation", "There is no work to lay posts out on."),
    "too_many_ways": pgettext_lazy("allocation", "A zone is too large to try every way to man it. Choose the ward."),
    "no_plan": pgettext_lazy("allocation", "No plan fits the rules."),
    "unexpected": pgettext_lazy("allocation", "Something went wrong. Those who run Vardnara find it in the log."),
}


@register.filter
def day_kind(code: str) -> str:
    """Monday to Sunday, or a holiday on one of Monday to Friday."""
    if code in WEEKDAY_CODES:
        return str(WEEKDAYS[WEEKDAY_CODES.index(code)])
    return pgettext("allocation", "holiday or eve")


@register.filter
def day_kind_short(code: str) -> str:
    """The same for the head of a column."""
    if code in WEEKDAY_CODES:
        return str(WEEKDAYS_ABBR[WEEKDAY_CODES.index(code)])
    return pgettext("allocation", "holiday")


@register.filter
def hours(minutes: float | None) -> str:
    """Minutes as hours with one decimal where it matters."""
    if minutes is None:
        return "–"
    value = round(minutes / 60, 1) + 0.0
    return str(number_format(value, decimal_pos=0 if abs(value) >= LONG else 1, force_grouping=True))


@register.filter
def people(number: float) -> str:
    """People in half steps: 2, 1,5, and – for none."""
    return str(number_format(number, decimal_pos=0 if number == int(number) else 1)) if number else "–"


@register.filter
def shape_name(code: str) -> str:
    """What a day of work is called."""
    swedish = (get_language() or "").startswith("sv")
    return next(((row.sv if swedish else row.en) for row in shape_rows() if row.code == code), code)


@register.filter
def part_name(part: str) -> str:
    """A part of the week."""
    return str(PARTS[part])


@register.filter
def fault_name(code: str) -> str:
    """Why a curve could not be reckoned."""
    return str(FAULTS.get(code, FAULTS["unexpected"]))


@register.filter
def ordinal(number: int) -> str:
    """9:e, 21:a; 9th, 21st."""
    tens, ones = divmod(number % 100, 10)
    if (get_language() or "").startswith("sv"):
        return f"{number}:a" if ones in (1, 2) and tens != 1 else f"{number}:e"
    return f"{number}{'th' if tens == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(ones, 'th')}"


@register.simple_tag
def buys(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What a post buys beside those before it, in a sentence."""
    step = row["step"]
    parts = [one for one in step["buys"]["parts"] if one["minutes"] > 0]
    said = {
        "nth": ordinal(row["posts"]),
        "hours": hours(step["marginal_minutes"]),
        "when": _when(parts, step["marginal_minutes"]),
        "where": _where(step["buys"]["zones"], names),
    }
    if not parts:
        return pgettext("allocation", "The %(nth)s post covers nothing more.") % said
    return pgettext("allocation", "The %(nth)s post covers %(hours)s hours a week, mostly %(when)s: %(where)s.") % said


def _when(parts: Sequence[Mapping[str, Any]], total: float) -> str:
    named = [part_name(one["part"]) for one in parts[:2]]
    if len(named) < 2 or parts[0]["minutes"] >= MOSTLY * total:
        return "".join(named[:1])
    return pgettext("allocation", "%(one)s and %(other)s") % {"one": named[0], "other": named[1]}


def _where(zones: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    shown = [one for one in zones if one["minutes"] >= 1][:ZONES_NAMED]
    return ", ".join(
        pgettext("allocation", "%(zone)s %(hours)s h")
        % {"zone": names.get(one["zone"], one["zone"]), "hours": hours(one["minutes"])}
        for one in shown
    )
