"""Times as people say them: today by the clock, other days with the date."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

register = template.Library()


@register.filter
def clock(at: datetime | None, today: date | None = None) -> str:
    """``14:05`` on ``today``, ``22/11 14:05`` on another day."""
    if at is None:
        return ""
    local = localtime(at)
    return date_format(local, "H:i" if today is None or local.date() == today else "j/n H:i")
