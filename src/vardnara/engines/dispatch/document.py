"""A plan as plain rows that JSON can hold, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from vardnara.engines.dispatch.result import Figures, Left, LeftReason, Plan, Status, Step, StepKind, Timeline


def figures_row(figures: Figures) -> dict[str, int]:
    """What a plan costs."""
    return asdict(figures)


def plan_row(plan: Plan) -> dict[str, Any]:
    """A plan as plain rows; ``plan_read`` makes the same plan of them."""
    return {
        "version": plan.version,
        "digest": plan.digest,
        "status": plan.status.value,
        "seed": plan.seed,
        "iterations": plan.iterations,
        "seconds": round(plan.seconds, 3),
        "figures": figures_row(plan.figures),
        "left": [[one.task, one.reason.value] for one in plan.left],
        "timelines": [
            {
                "worker": line.worker,
                "steps": [
                    [step.kind.value, step.begins_minutes, step.ends_minutes, step.place, step.code]
                    for step in line.steps
                ],
            }
            for line in plan.timelines
        ],
    }


def plan_read(row: Mapping[str, Any]) -> Plan:
    """The plan that rows were made of.

    Raises
    ------
    KeyError, ValueError
        Rows that ``plan_row`` did not make.
    """
    return Plan(
        timelines=tuple(
            Timeline(line["worker"], tuple(_step(*step) for step in line["steps"])) for line in row["timelines"]
        ),
        left=tuple(Left(task, LeftReason(reason)) for task, reason in row["left"]),
        figures=Figures(**row["figures"]),
        status=Status(row["status"]),
        seed=row["seed"],
        iterations=row["iterations"],
        seconds=row["seconds"],
        digest=row["digest"],
        version=row["version"],
    )


def _step(kind: str, begins: int, ends: int, place: str, code: str) -> Step:
    return Step(StepKind(kind), begins, ends, place, code)
