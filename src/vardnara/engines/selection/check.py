"""The judge of a selection: safe by plain sets, named rightly, and nothing before it on the ladder was."""

from __future__ import annotations

from collections.abc import Sequence

from vardnara.engines.diet.check import reasons_naive, verdict_faults
from vardnara.engines.diet.data import Dish, Needs
from vardnara.engines.selection.data import Step
from vardnara.engines.selection.result import Selected


def problems(steps: Sequence[Step], needs: Needs, selected: Selected) -> list[str]:
    """What is wrong with a selection; empty where nothing is."""
    order = [(step.name, option) for step in steps for option in step.options]
    safe = [place for place, (_, option) in enumerate(order) if any(_safe(cell, needs) for cell in option.cells)]
    if not safe:
        return [] if selected.fit is None and not selected.step else ["something was selected, and nothing is safe"]
    if selected.fit is None:
        return ["nothing was selected, and something is safe"]
    name, option = order[safe[0]]
    found = selected.fit
    wrong = []
    if (selected.step, found.key) != (name, option.key):
        wrong.append(f"{selected.step}/{found.key} instead of {name}/{option.key}")
    elif found.cell is None:
        wrong.append("no cell is named")
    else:
        wrong += verdict_faults(option.cells[found.cell], needs, found.verdict)
        if found.verdict.change is not None and any(not reasons_naive(cell, needs) for cell in option.cells):
            wrong.append("changed, and it could have been had as it is")
    if [fit.key for fit in selected.tried] != [before.key for _, before in order[: safe[0]]]:
        wrong.append("what was tried is not what stands before it")
    return wrong


def _safe(dish: Dish, needs: Needs) -> bool:
    ways = [None, *dish.variants]
    return any(not reasons_naive(dish, needs, variant) for variant in ways)
