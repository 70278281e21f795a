"""Working time: rest, limits, and inconvenient hours, of shifts as instants."""

from vardnara.engines.hours.data import Breach, Duty, HourRules, Span
from vardnara.engines.hours.due import Employment, due_minutes
from vardnara.engines.hours.inconvenient import (
    CATEGORIES,
    InconvenientRules,
    category_at,
    inconvenient_by_month,
    inconvenient_minutes,
)
from vardnara.engines.hours.rest import hours_check, is_night_shift, night_minutes, weekly_rests

__all__ = [
    "CATEGORIES",
    "Breach",
    "Duty",
    "Employment",
    "HourRules",
    "InconvenientRules",
    "Span",
    "category_at",
    "due_minutes",
    "hours_check",
    "inconvenient_by_month",
    "inconvenient_minutes",
    "is_night_shift",
    "night_minutes",
    "weekly_rests",
]
