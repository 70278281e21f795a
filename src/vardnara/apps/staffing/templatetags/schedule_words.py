"""Words of the own schedule: holidays, rules, hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.staffing.choices import AbsentReason, TimeSort
from vardnara.apps.staffing.queries.worked_time import WorkedWeek
from vardnara.engines.hours import Breach

register = template.Library()

HOLIDAYS = {
    "new_years_day": pgettext_lazy("holiday", "New Year's Day"),
    "epiphany": pgettext_lazy("holiday", "Epiphany"),
    "good_friday": pgettext_lazy("holiday", "Good Friday"),
    "easter_eve": pgettext_lazy("holiday", "Easter Eve"),
    "easter_day": pgettext_lazy("holiday", "Easter Day"),
    "easter_monday": pgettext_lazy("holiday", "Easter Monday"),
    "first_of_may": pgettext_lazy("holiday", "First of May"),
    "ascension_day": pgettext_lazy("holiday", "Ascension Day"),
    "whitsun_eve": pgettext_lazy("holiday", "Whitsun Eve"),
    "whit_sunday": pgettext_lazy("holiday", "Whit Sunday"),
    "national_day": pgettext_lazy("holiday", "National Day"),
    "midsummer_eve": pgettext_lazy("holiday", "Midsummer Eve"),
    "midsummer_day": pgettext_lazy("holiday", "Midsummer Day"),
    "all_saints_day": pgettext_lazy("holiday", "All Saints' Day"),
    "christmas_eve": pgettext_lazy("holiday", "Christmas Eve"),
    "christmas_day": pgettext_lazy("holiday", "Christmas Day"),
    "second_day_of_christmas": pgettext_lazy("holiday", "Second Day of Christmas"),
    "new_years_eve": pgettext_lazy("holiday", "New Year's Eve"),
}

RULES = {
    "overlap": pgettext_lazy("broken", "two shifts at once"),
    "twice": pgettext_lazy("broken", "two shifts on a day"),
    "works_already": pgettext_lazy("broken", "works that day already"),
    "daily_rest_gap": pgettext_lazy("broken", "too short a rest between two shifts"),
    "daily_rest_day": pgettext_lazy("broken", "too short a daily rest"),
    "daily_work": pgettext_lazy("broken", "too much work in a day and night"),
    "weekly_rest": pgettext_lazy("broken", "too short a weekly rest"),
    "break": pgettext_lazy("broken", "too long without a break"),
    "week_average": pgettext_lazy("broken", "too many hours a week in the mean"),
    "free_days": pgettext_lazy("broken", "too few free days in four weeks"),
    "night_average": pgettext_lazy("broken", "too many hours a day in the mean, with nights"),
    "minor_night": pgettext_lazy("broken", "no night work under eighteen"),
    "contract_most": pgettext_lazy("broken", "more hours than the contract has in the period"),
    "overtime_four_weeks": pgettext_lazy("broken", "more than 48 hours' overtime in four weeks"),
    "overtime_month": pgettext_lazy("broken", "more than 50 hours' overtime in a month"),
    "overtime_year": pgettext_lazy("broken", "more than 200 hours' overtime in a year"),
    "additional_four_weeks": pgettext_lazy("broken", "more than 48 hours' additional time in four weeks"),
    "additional_month": pgettext_lazy("broken", "more than 50 hours' additional time in a month"),
    "additional_year": pgettext_lazy("broken", "more than 200 hours' additional time in a year"),
    "away": pgettext_lazy("broken", "is away that day"),
    "weekdays": pgettext_lazy("broken", "is employed for weekdays"),
    "never": pgettext_lazy("broken", "cannot work at that time"),
    "unknown_shift": pgettext_lazy("broken", "does not work that kind of shift"),
    "untrained": pgettext_lazy("broken", "lacks a training for the shift, or it has ended"),
    "fixed": pgettext_lazy("broken", "the day is locked by whoever plans"),
}

WHY = {
    "short": pgettext_lazy("wish", "the shift would have lacked people"),
    "not_needed": pgettext_lazy("wish", "no more were needed on the shift"),
    "other": pgettext_lazy("wish", "a colleague would have had to come instead, who would have lost more by it"),
    "own": pgettext_lazy("wish", "your hours, days in a row or share of evenings and weekends would have been worse"),
    "unfinished": pgettext_lazy("wish", "it could have been granted: tell whoever plans"),
}


@register.filter
def rule_names(rules: Iterable[str]) -> str:
    """What rules say, by their codes, in one line; each once."""
    return ", ".join(dict.fromkeys(str(RULES.get(rule, rule)) for rule in rules))


@register.filter
def cap_said(one: Breach) -> str:
    """A cap on overtime or additional time that is passed, and how much there is."""
    words = {"rule": rule_names([one.rule]), "found": clock_hours(one.found)}
    return pgettext("broken", "%(rule)s: %(found)s") % words


@register.filter
def holiday(code: str) -> str:
    """The name of a public holiday or eve."""
    return str(HOLIDAYS[code]) if code else ""


@register.filter
def day_words(day: date) -> str:
    """A day with its weekday, as it is said: torsdag 5 mars."""
    return str(date_format(day, pgettext("schedule", "l j F")))


@register.filter
def clock_hours(minutes: float) -> str:
    """Working time as hours and minutes: 8 h, 7 h 30 min."""
    hours, rest = divmod(round(minutes), 60)
    if not rest:
        return pgettext("people", "%(hours)d h") % {"hours": hours}
    return pgettext("people", "%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@register.filter
def wish_why(why: Mapping[str, Any]) -> str:
    """Why a wish was not granted, in words; empty where that is not known."""
    if why.get("rules"):
        return rule_names(why["rules"])
    return str(WHY.get(why.get("reason", ""), ""))


@register.filter
def absent_word(reason: str) -> str:
    """Why rostered time was not worked."""
    return str(AbsentReason(reason).label)


@register.filter
def pay_kind(code: str) -> str:
    """A kind of time as payroll is told it: ``ordinary``, ``absent-sick``."""
    sort, _, reason = code.partition("-")
    words = str(TimeSort(sort).label)
    return f"{words} ({absent_word(reason)})" if reason else words


@register.filter
def worked_sum(week: WorkedWeek, sort: str) -> str:
    """The hours of a sort in a week; a dash for none."""
    minutes = sum(row.minutes.get(sort, 0) for row in week.rows)
    return clock_hours(minutes) if minutes else "–"
