"""Holidays and eves by name."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.translation import pgettext_lazy

from vardnara.kernel.calendar import day_kind

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
    "second_day_of_christmas": pgettext_lazy("holiday", "Boxing Day"),
    "new_years_eve": pgettext_lazy("holiday", "New Year's Eve"),
}


@register.filter
def holiday_name(day: date) -> str:
    """The holiday or eve that a day is, else empty."""
    kind = day_kind(day)
    code = kind.holiday or kind.eve
    return str(HOLIDAYS[code]) if code else ""
