"""Selects what a patient gets. Nothing is ever selected that the check blocks, and nothing silently."""

from __future__ import annotations

from collections.abc import Iterable

from vardnara.engines.diet.data import Needs
from vardnara.engines.diet.plain import dish_check
from vardnara.engines.diet.result import Reason, Status, Verdict
from vardnara.engines.selection.data import Option, Step
from vardnara.engines.selection.result import Fit, Selected

NOT_COOKED = Verdict(Status.BLOCKED, None, (Reason("unknown", "recipe"),))


def fit(option: Option, needs: Needs) -> Fit:
    """How a dish fits: the first cell that is safe as it is, else the first after a change, else the nearest miss.

    Parameters
    ----------
    option
        The dish with its cells.
    needs
        Of the patient at the time of the meal.
    """
    verdicts = [(index, dish_check(cell, needs)) for index, cell in enumerate(option.cells)]
    for status in (Status.ALLOWED, Status.AFTER_CHANGE):
        for index, verdict in verdicts:
            if verdict.status is status:
                return Fit(option.key, index, verdict)
    if not verdicts:
        return Fit(option.key, None, NOT_COOKED)
    index, verdict = min(verdicts, key=lambda pair: (len(pair[1].reasons), pair[0]))
    return Fit(option.key, index, verdict)


def select(steps: Iterable[Step], needs: Needs) -> Selected:
    """The first safe dish of the first rung that has one."""
    tried: list[Fit] = []
    for step in steps:
        for option in step.options:
            found = fit(option, needs)
            if found.safe:
                return Selected(step.name, found, tuple(tried))
            tried.append(found)
    return Selected("", None, tuple(tried))
