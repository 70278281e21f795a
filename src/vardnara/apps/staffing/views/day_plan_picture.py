"""A day plan as a page shows it: a picture of hours and people, and each one's day as a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from vardnara.apps.staffing.queries.day_plan_rows import TaskInfo, WorkerInfo
from vardnara.apps.staffing.queries.day_plans import HeldPlan
from vardnara.engines.dispatch import Plan, StepKind
from vardnara.kernel.local_time import STOCKHOLM, day_bounds

SCALE = 1.6  # points of the picture for a minute
ROW, BAR = 34, 22  # height of a person's line, and of the bars in it
NAMES, TOP = 150, 24  # room for names at the left, for hours above
LETTER = 7.2  # points that a letter takes
NAME_LETTERS = 20


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of somebody's day. ``task`` is None between tasks."""

    kind: str
    begins_at: datetime
    ends_at: datetime
    minutes: int
    code: str = ""
    task: TaskInfo | None = None
    late: int = 0
    people: int = 1


@dataclass(frozen=True, slots=True)
class DayLine:
    """Somebody's day."""

    code: str
    who: WorkerInfo
    starts_at: datetime
    ends_at: datetime
    steps: tuple[StepRow, ...]

    @property
    def n_tasks(self) -> int:
        return sum(1 for step in self.steps if step.task is not None)

    @property
    def shown(self) -> list[StepRow]:
        """Without the ways and the waiting, which the times tell."""
        return [step for step in self.steps if step.kind not in (StepKind.WALK.value, StepKind.WAIT.value)]


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A task that nobody does, and why."""

    code: str
    task: TaskInfo
    reason: str
    opens_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its people's lines, by when they begin."""

    lines: tuple[DayLine, ...]
    left: tuple[LeftRow, ...]
    n_guessed: int
    n_unknown: int

    @property
    def n_tasks(self) -> int:
        return len({step.code for line in self.lines for step in line.steps if step.task is not None})


def plan_view(
    on: date, basis: Mapping[str, Any], plan: Plan, workers: Mapping[str, WorkerInfo], tasks: Mapping[str, TaskInfo]
) -> PlanView:
    """A plan and what it was made of, as pages show it."""
    midnight = day_bounds(on)[0]

    def clock(minutes: int) -> datetime:
        return midnight + timedelta(minutes=minutes)

    lines = []
    for line in plan.timelines:
        own = basis["workers"][line.worker]
        steps = []
        for step in line.steps:
            what = basis["tasks"].get(step.code, {}) if step.kind is StepKind.TASK else {}
            late = max(0, step.ends_minutes - what["due"]) if what.get("due") is not None else 0
            steps.append(
                StepRow(
                    step.kind.value, clock(step.begins_minutes), clock(step.ends_minutes),
                    step.ends_minutes - step.begins_minutes, step.code,
                    tasks[step.code] if step.kind is StepKind.TASK else None, late, what.get("people", 1),
                )
            )  # fmt: skip
        lines.append(DayLine(line.worker, workers[line.worker], clock(own["starts"]), clock(own["ends"]), tuple(steps)))
    lines.sort(key=lambda one: (one.starts_at, one.who.name, one.code))
    left = []
    for code, reason in [*((one.task, one.reason.value) for one in plan.left), *map(tuple, basis["apart"])]:
        what = basis["tasks"][code]
        opens, due = what.get("opens"), what.get("due")
        left.append(
            LeftRow(code, tasks[code], reason, clock(opens) if opens else None, None if due is None else clock(due))
        )
    left.sort(key=lambda one: (one.reason, one.due_at or clock(2880), int(one.code)))
    n_guessed = sum(task.without_norm for task in tasks.values())
    return PlanView(tuple(lines), tuple(left), n_guessed, len(basis["unknown"]))


def held_view(held: HeldPlan) -> PlanView:
    """The plan that was kept."""
    return plan_view(held.row.on, held.row.basis, held.plan, held.workers, held.tasks)


def picture_of(view: PlanView, at: datetime | None) -> dict[str, Any] | None:
    """Where everything of the picture is; None where there is nobody. ``at``: where the line of now stands."""
    if not view.lines:
        return None
    first = min(line.starts_at for line in view.lines).replace(minute=0)
    last = max([line.ends_at for line in view.lines] + [step.ends_at for line in view.lines for step in line.steps])

    def x(moment: datetime) -> float:
        return round(NAMES + SCALE * (moment - first).total_seconds() / 60, 1)

    hours, moment = [], first
    while moment <= last:
        hours.append((x(moment), moment.astimezone(STOCKHOLM)))
        moment += timedelta(hours=1)
    rows = [
        {
            "y": TOP + ROW * number,
            "text_y": TOP + ROW * number + 21,
            "name": line.who.name if len(line.who.name) <= NAME_LETTERS else line.who.name[: NAME_LETTERS - 1] + "…",
            "there": (x(line.starts_at), round(x(line.ends_at) - x(line.starts_at), 1)),
            "bars": [_bar(step, x, TOP + ROW * number) for step in line.steps if step.kind != StepKind.WAIT.value],
        }
        for number, line in enumerate(view.lines)
    ]
    bottom = TOP + ROW * len(rows)
    now = x(at) if at is not None and first <= at <= last else None
    return {
        "width": x(last) + 8, "height": bottom + 4, "bottom": bottom, "hours": hours, "rows": rows, "now": now,
        "bar": BAR, "names": NAMES,
    }  # fmt: skip


def _bar(step: StepRow, x: Any, y: int) -> dict[str, Any]:
    left = x(step.begins_at)
    width = round(max(1.0, x(step.ends_at) - left), 1)
    text = ""
    if step.task is not None and width >= LETTER * len(step.task.ward_code) + 4:
        text = step.task.ward_code
    return {
        "step": step,
        "x": left,
        "y": y + (ROW - BAR) // 2,
        "middle": y + ROW // 2,
        "end": round(left + width, 1),
        "width": width,
        "text": text,
        "text_x": round(left + width / 2, 1),
        "text_y": y + 21,
        "flag": f"{left + width - 9:.1f},{y + 6} {left + width:.1f},{y + 6} {left + width:.1f},{y + 15}",
    }
