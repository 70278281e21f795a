"""Working time: rest, limits, time beyond the contract, and inconvenient hours."""

from vardnara.engines.hours.data import Breach, Duty, Evened, Extra, ExtraCap, HourRules, Span
from vardnara.engines.hours.due import Employment, due_minutes, full_minutes
from vardnara.engines.hours.extra import ExtraTime, ExtraUse, extra_room, extra_time, extra_uses
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
    "Evened",
    "Extra",
    "ExtraCap",
    "ExtraTime",
    "ExtraUse",
    "HourRules",
    "InconvenientRules",
    "Span",
    "category_at",
    "due_minutes",
    "extra_room",
    "extra_time",
    "extra_uses",
    "full_minutes",
    "hours_check",
    "inconvenient_by_month",
    "inconvenient_minutes",
    "is_night_shift",
    "night_minutes",
    "weekly_rests",
]
