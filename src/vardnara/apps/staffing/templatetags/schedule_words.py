"""Words of the own schedule: holidays, rules, hours."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import pgettext, pgettext_lazy

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
