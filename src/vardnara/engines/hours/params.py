"""The shipped limits and bands as the engine takes them."""

from __future__ import annotations

from datetime import date

from vardnara.engines.hours.data import ExtraCap, HourRules
from vardnara.engines.hours.inconvenient import InconvenientRules
from vardnara.parameters.extra_time import extra_limits
from vardnara.parameters.working_hours import hour_limit, inconvenient_bands


def hour_rules(*, day_break: int | None = None, all_days: bool = True) -> HourRules:
    """The limits of law and agreement; ``day_break`` is the employer's, minutes after midnight (W-21), else ours.

    Free days in four weeks are asked for where Sundays and holidays are worked too (``all_days``, W-34).
    """
    return HourRules(
        daily_rest=hour_limit("daily_rest_minutes"),
        daily_work_most=hour_limit("daily_work_most_minutes"),
        weekly_rest=hour_limit("weekly_rest_minutes"),
        break_after=hour_limit("break_after_minutes"),
        week_average_most=hour_limit("week_average_most_minutes"),
        weeks=hour_limit("week_average_weeks"),
        free_days=hour_limit("free_days") if all_days else 0,
        free_days_weeks=hour_limit("free_days_weeks"),
        night_from=hour_limit("night_from_minute"),
        night_to=hour_limit("night_to_minute"),
        night_shift_least=hour_limit("night_shift_least_minutes"),
        night_average_most=hour_limit("night_average_most_minutes"),
        day_break=hour_limit("rest_day_break_minute") if day_break is None else day_break,
        week_break=hour_limit("rest_week_break_minute"),
        extra_caps=extra_caps(),
    )


def extra_caps() -> tuple[ExtraCap, ...]:
    """The shipped caps on time beyond the contract."""
    return tuple(ExtraCap(row.kind, row.over, row.minutes, row.evidence.valid_from) for row in extra_limits())


def inconvenient_rules() -> dict[date, InconvenientRules]:
    """The bands of inconvenient hours by the day from which they hold."""
    return {
        row.evidence.valid_from: InconvenientRules(row.friday_from, row.whitsun_is_great)
        for row in inconvenient_bands()
    }
