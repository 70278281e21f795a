"""A day plan as a page shows it: a picture of hours and people, and each one's day as a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from vardnara.apps.staffing.queries.day_plan_part import DayPart, works_here
from vardnara.apps.staffing.queries.day_plan_rows import TaskInfo, WorkerInfo
from vardnara.apps.staffing.queries.day_plans import HeldPlan
from vardnara.engines.dispatch import LeftReason, Plan, StepKind
from vardnara.kernel.local_time import STOCKHOLM, day_bounds

SCALE = 1.6  # points of the picture for a minute
ROW, BAR = 34, 22  # height of a person's line, and of the bars in it
NAMES, TOP, RIGHT = 150, 24, 8  # room for names at the left, for hours above, at the right
SHEET_WIDTH = 1040  # of a picture on A4 across: 275 mm
SHEET_FIRST, SHEET_ROWS = 15, 19  # lines on the first sheet, below its heading, and on the others
LETTER = 7.2  # points that a letter takes
NAME_LETTERS = 20
ELSEWHERE, DECLINED = "elsewhere", "declined"  # beside the engine's kinds of steps, and its reasons


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of somebody's day. ``task`` is None between tasks, and elsewhere than where the reader plans."""

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

    @property
    def n_late(self) -> int:
        return len({step.code for line in self.lines for step in line.steps if step.late})


def plan_view(
    on: date,
    basis: Mapping[str, Any],
    plan: Plan,
    workers: Mapping[str, WorkerInfo],
    tasks: Mapping[str, TaskInfo],
    part: DayPart,
) -> PlanView:
    """A plan and what it was made of, as pages show it: of what is done elsewhere only that somebody is taken."""
    midnight = day_bounds(on)[0]

    def clock(minutes: int) -> datetime:
        return midnight + timedelta(minutes=minutes)

    lines = []
    for line in plan.timelines:
        own = basis["workers"][line.worker]
        if not works_here(part, own, [tasks[code] for code in line.tasks]):
            continue
        steps: list[StepRow] = []
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
        there = clock(own["starts"]), clock(own["ends"])
        lines.append(DayLine(line.worker, workers[line.worker], *there, tuple(_shown(steps, part))))
    lines.sort(key=lambda one: (one.starts_at, one.who.name, one.code))
    left = []
    for code, reason in [*((one.task, one.reason.value) for one in plan.left), *map(tuple, basis["apart"])]:
        if not part.has(tasks[code]):
            continue
        if reason == LeftReason.NO_SKILL and tasks[code].declined:
            reason = DECLINED
        what = basis["tasks"][code]
        opens, due = what.get("opens"), what.get("due")
        left.append(
            LeftRow(code, tasks[code], reason, clock(opens) if opens else None, None if due is None else clock(due))
        )
    left.sort(key=lambda one: (one.reason, one.due_at or clock(2880), int(one.code)))
    n_guessed = sum(task.without_norm for task in tasks.values() if part.has(task))
    here = {line.code for line in lines}
    return PlanView(tuple(lines), tuple(left), n_guessed, len(here.intersection(basis["unknown"])))


def _shown(steps: Sequence[StepRow], part: DayPart) -> Iterator[StepRow]:
    """The steps; work elsewhere with the way to it is one stretch in which somebody is taken."""
    if part.is_whole:
        yield from steps
        return
    taken: StepRow | None = None
    for number, step in enumerate(steps):
        # what leads to work elsewhere, wash and walk, is of it; a wait is not
        leads = step if step.kind in (StepKind.TASK, StepKind.BREAK, StepKind.WAIT) else None
        leads = leads or next((one for one in steps[number:] if one.kind in (StepKind.TASK, StepKind.BREAK)), step)
        if leads.task is not None and not part.has(leads.task):
            begins_at = taken.begins_at if taken else step.begins_at
            minutes = (taken.minutes if taken else 0) + step.minutes
            taken = StepRow(ELSEWHERE, begins_at, step.ends_at, minutes)
            continue
        if taken is not None:
            yield taken
            taken = None
        yield step
    if taken is not None:
        yield taken


def held_view(held: HeldPlan, part: DayPart) -> PlanView:
    """The plan that was kept, as whoever plans a part of the day or all of it sees it."""
    return plan_view(held.row.on, held.row.basis, held.plan, held.workers, held.tasks, part)


def picture_of(
    view: PlanView, at: datetime | None, *, width: int | None = None, hours_of: PlanView | None = None
) -> dict[str, Any] | None:
    """Where everything of the picture is; None where there is nobody. ``at``: where the line of now stands.

    ``width``: so wide, whatever the hours; else so many points for a minute that codes of wards can be read.
    ``hours_of``: whose hours it spans, where that is more than the view's.
    """
    if not view.lines:
        return None
    span = (hours_of or view).lines
    first = min(line.starts_at for line in span).replace(minute=0)
    last = max([line.ends_at for line in span] + [step.ends_at for line in span for step in line.steps])
    minutes = (last - first).total_seconds() / 60
    scale = SCALE if width is None else (width - NAMES - RIGHT) / minutes

    def x(moment: datetime) -> float:
        return round(NAMES + scale * (moment - first).total_seconds() / 60, 1)

    hours, moment = [], first
    while moment <= last:
        hours.append((x(moment), moment.astimezone(STOCKHOLM)))
        moment += timedelta(hours=1)
    now = x(at) if at is not None and first <= at <= last else None
    return {"width": x(last) + RIGHT, "hours": hours, "now": now, "bar": BAR, "names": NAMES} | _rows_of(view.lines, x)


def _rows_of(lines: Sequence[DayLine], x: Any) -> dict[str, Any]:
    rows = [
        {
            "y": TOP + ROW * number,
            "text_y": TOP + ROW * number + 21,
            "name": line.who.name if len(line.who.name) <= NAME_LETTERS else line.who.name[: NAME_LETTERS - 1] + "…",
            "there": (x(line.starts_at), round(x(line.ends_at) - x(line.starts_at), 1)),
            "bars": [_bar(step, x, TOP + ROW * number) for step in line.steps if step.kind != StepKind.WAIT.value],
        }
        for number, line in enumerate(lines)
    ]
    bottom = TOP + ROW * len(rows)
    return {"rows": rows, "bottom": bottom, "height": bottom + 4}


def pictures_of(view: PlanView) -> list[dict[str, Any]]:
    """The picture on sheets of paper: all of one width, the hours on each, and nobody's line cut in two."""
    begins = [0, *range(SHEET_FIRST, len(view.lines), SHEET_ROWS)]
    sheets = [
        picture_of(replace(view, lines=view.lines[begin:end]), None, width=SHEET_WIDTH, hours_of=view)
        for begin, end in zip(begins, [*begins[1:], len(view.lines)], strict=True)
    ]
    return [sheet for sheet in sheets if sheet is not None]


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
