"""Says in one line each why a figure is what it is, for logs and documents in English."""

from __future__ import annotations

from vardnara.engines.followup.data import Method
from vardnara.engines.followup.result import Deviation, ForecastLine

WORDS = {
    Method.RUN_RATE: "the mean of the booked months for each month left",
    Method.SEASONAL: "last year's same months, grown as this year has grown so far",
    Method.BUDGET_REST: "the budget of each month left",
}
INSTEAD = {
    "no_last_year": "last year is not known",
    "shares_do_not_fit": "last year's months to date are too small or too large a part of it",
}


def line_explain(line: ForecastLine) -> str:
    """One forecast line."""
    said = f"{line.actual:.2f} booked + {line.rest:.2f} ({WORDS[line.method]})"
    if line.instead:
        said += f", because {INSTEAD[line.instead]}"
    for one in line.adjustments:
        said += f" {one.amount:+.2f} ({one.reason})"
    return f"{said} = {line.full_year:.2f}"


def deviation_words(found: Deviation) -> list[str]:
    """An explanation, or what it lacks."""
    if found.missing:
        whole = [] if found.total is None else [f"the whole is {found.total:.2f}"]
        return [*whole, f"nothing more can be derived: {', '.join(found.missing)} not known"]
    return [
        f"volume {found.volume:.2f}: done against agreed, at {found.agreed_price:.2f}",
        f"scope {found.scope:.2f}: done that no agreement speaks of, at {found.agreed_price:.2f}",
        f"price {found.price:.2f}: all that was done, at {found.actual_price:.2f} instead",
        f"together {found.total:.2f}",
    ]
