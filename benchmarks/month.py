"""Month: from the demo hospital's measured work to posts, a roster and day plans, against everyone Monday-Friday 7-16.

A month of the demo's ADT feed is sent to a running hospital; its wards' needs are what ``/behov/`` shows. So many posts
are laid out on them (exact), rostered under the Swedish rules, and each of 28 days is played: work that is known in the
morning is planned, what comes up is put in as it comes, or everybody takes from the list. The other hospital has the
same people, absent on the same weeks, who all work Monday to Friday from 7 to 16. Both meet the same work.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from _hospital import Hospital, folder_temporary, machine, vardnara, wait_until_applied
from _hospital_day import day_at

from vardnara.engines.dispatch import (
    Break,
    Day,
    DispatchParams,
    Hygiene,
    Plan,
    Spot,
    StepKind,
    Task,
    Walking,
    Worker,
    plan_day,
    plan_greedy,
    plan_keep,
    walking_derive,
)
from vardnara.engines.hours.params import hour_rules
from vardnara.engines.posts import PostsParams, cover_plan, posts_allocate
from vardnara.engines.roster import Budget
from vardnara.engines.roster.solve import roster_solve
from vardnara.engines.roster.swedish import (
    Need,
    RosteredPerson,
    RosterPeriod,
    RosterWeights,
    ShiftKind,
    roster_problem,
    swedish_check,
)
from vardnara.engines.workload.estimate import CAUSED
from vardnara.kernel.calendar import day_kind
from vardnara.parameters.task_norms import Driver

WEEKS, DAYS = 4, 28
PIECE = 45  # minutes: planned work of a ward is done in pieces of at most so long
ENOUGH = 0.97  # of the work that the posts are to cover in the mean, at the fewest posts
ANSWERED = 90  # minutes within which work that comes up should be done; assumed
WEEKDAYS, ALL_DAYS = 2400, 2295  # minutes of a week of full time (W-30, W-31)
OFFICE = ShiftKind("office", 420, 960, ((690, 750),))  # 7 to 16 with an hour's lunch
FOOD = ("meal", "breakfast", "lunch", "dinner", "coffee")


@dataclass
class Score:
    """What a month came to; minutes."""

    tasks: int = 0
    late_tasks: int = 0
    late: int = 0
    left: int = 0
    left_minutes: int = 0
    walked: int = 0
    washed: int = 0
    worked: int = 0
    present: int = 0
    by_reason: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Coming:
    """A task and when it becomes known; 0: in the morning."""

    task: Task
    known: int = 0


def measured(days: int, seed: int) -> tuple[Any, dict[str, Spot]]:
    """The needs of the demo hospital after a month of its feed, and where its wards are."""
    with folder_temporary() as folder, Hospital(folder, "--no-feed") as hospital:
        feed = folder / "month.hl7"
        start = date.today() - timedelta(days=days + 1)
        data = str(hospital.data)
        vardnara("feed", "--days", str(days), "--seed", str(seed), "--start", start.isoformat(), "--empty",
                 "--out", str(feed), "--data", data)  # fmt: skip
        port = str(hospital.state["mllp_port"])
        vardnara("send", str(feed), "--port", port, "--connections", "4")
        parked = wait_until_applied(hospital.state["database_url"])
        print({"parked": parked}, file=sys.stderr, flush=True)
        os.environ["DATABASE_URL"] = hospital.state["database_url"]
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardnara.config.settings")
        import django

        django.setup()
        from vardnara.apps.hospital.models import Hospital as HospitalRow
        from vardnara.apps.hospital.queries.organisation import ward_places
        from vardnara.apps.staffing.queries.needs import needs_or_refuse

        hospital_id = HospitalRow.objects.values_list("pk", flat=True).first()
        assert hospital_id is not None
        found = needs_or_refuse(
            hospital_id=hospital_id, on=date.today(), whose="service", zoned_by="division", service_level=0.8
        )
        spots = {ward.code: Spot(ward.building, ward.floor) for ward in ward_places(hospital_id=hospital_id)}
        return found, spots


def hygiene(driver: Driver, code: str) -> Hygiene:
    """The class of a kind of work."""
    if driver is Driver.CONTAGION_CASE:
        return Hygiene.CONTAGION
    return Hygiene.FOOD if driver is Driver.MEAL or any(word in code for word in FOOD) else Hygiene.CLEAN


def work_of(found: Any, on: date, rng: np.random.Generator) -> Iterator[Coming]:
    """The work of a date: planned work in pieces within its window, and what comes up, drawn."""
    order = found.order.workload
    for task in order.tasks:
        if not task.begins_on(on):
            continue
        for ward in order.wards:
            if not task.is_done_on(ward.code):
                continue
            yield from _of_ward(task, ward, on, rng)


def _of_ward(task: Any, ward: Any, on: date, rng: np.random.Generator) -> Iterator[Coming]:
    norm, weekday, share = task.norm, on.weekday(), ward.shares.get(task.code, 1)
    discharges = ward.discharges[weekday] * share
    patients = ward.patients[weekday] * share
    units = {
        Driver.BED: ward.staffed_beds * share, Driver.SQUARE_METRE: ward.square_metres * share,
        Driver.OCCUPIED_BED: patients, Driver.PATIENT: patients, Driver.MEAL: patients, Driver.WARD: share,
        Driver.SHIFT: share, Driver.DISCHARGE: discharges * (1 - ward.contagion_share),
        Driver.CONTAGION_CASE: discharges * ward.contagion_share,
        Driver.EVENT: (ward.events.get(task.code) or (0.0,) * 7)[weekday] * share,
    }[norm.driver]  # fmt: skip
    each, fixed = norm.per_unit.typical, norm.fixed.typical
    window = task.recurrence.window
    opens, closes = window.start_minutes, min(window.start_minutes + window.minutes, 1440)
    kind = hygiene(norm.driver, task.code)
    caused = norm.driver in CAUSED and each
    for turn in range(round(task.times)):
        minutes = fixed if caused else fixed + each * units
        if units and minutes >= 1:
            pieces = max(1, -(-round(minutes) // PIECE))
            for n in range(pieces):
                code = f"{task.code}/{ward.code}/{turn}/{n}"
                length = max(1, round(minutes / pieces))
                yield Coming(Task(code, ward.code, length, opens, 1440, max(closes, opens + length), hygiene=kind,
                                  n_people=task.n_people))  # fmt: skip
        if caused and units:
            own = task.hours or (ward.discharge_hours if norm.driver is not Driver.EVENT else None)
            hours = np.array(own if own else [1.0] * 24)
            hours[[h for h in range(24) if not opens <= 60 * h < closes]] = 0
            hours = hours / hours.sum() if hours.sum() else np.eye(24)[opens // 60]
            for n in range(int(rng.poisson(units))):
                at = int(60 * rng.choice(24, p=hours) + rng.integers(60))
                length = max(1, round(each))
                due = min(1440, max(at + ANSWERED, at + length))
                if at + length <= 1440:
                    yield Coming(Task(f"{task.code}/{ward.code}/{turn}/e{n}", ward.code, length, at, 1440, due,
                                      priority=1, hygiene=kind, n_people=task.n_people), at)  # fmt: skip


@dataclass(frozen=True)
class Staff:
    """Who works for ward service: zone, weeks away, and whether weekdays only."""

    id: str
    zone: int
    weekdays: bool
    away: frozenset[int]


def staff_make(found: Any, plan: Any, n_posts: int, rng: np.random.Generator) -> list[Staff]:
    """So many people, in the zones in which the plan has hours, each away in as many weeks as W-66 says in the mean."""
    field_, params = found.estimate().field, found.params
    hours = np.zeros(len(field_.zones))
    for one in plan.manned:
        hours[one.zone] += one.n * field_.shapes[one.shape].hours * field_.columns[one.column].days_per_year
    exact = hours / hours.sum() * n_posts
    count = np.floor(exact).astype(int)
    for zone in np.argsort(-(exact - count))[: n_posts - count.sum()]:
        count[zone] += 1
    absent = 1 - params.net_hours_per_fte / (ALL_DAYS / 60 * 365 / 7)
    zones = [zone for zone, n in enumerate(count) for _ in range(n)]
    weekdays = plan.posts.weekdays
    order = rng.permutation(n_posts)
    return [
        Staff(f"p{n}", zones[n], bool(order[n] < weekdays),
              frozenset(week for week in range(WEEKS) if rng.random() < absent))
        for n in range(n_posts)
    ]  # fmt: skip


def roster_made(
    found: Any, plan: Any, staff: list[Staff], first: date, seconds: float
) -> tuple[dict[date, list[tuple[Staff, ShiftKind]]], dict[str, Any]]:
    """Who works what on which day, under the Swedish rules."""
    field_ = found.estimate().field
    kinds, zone_kinds = {}, {}
    for one in plan.manned:
        shape = field_.shapes[one.shape]
        code = f"{shape.code}{one.zone}"
        breaks = tuple((rest.start_minutes, rest.end_minutes) for rest in shape.breaks)
        kinds[code] = ShiftKind(code, shape.window.start_minutes, shape.window.end_minutes, breaks)
        zone_kinds.setdefault(one.zone, set()).add(code)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    columns = {column.code: number for number, column in enumerate(field_.columns)}
    needs: dict[tuple[date, str], int] = {}
    for day in days:
        kind = day_kind(day)
        code = "holiday" if kind.weekday < 5 and not kind.is_working_day and "holiday" in columns else None
        column = columns[code or ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]]
        for one in plan.manned:
            if one.column == column:
                key = (day, f"{field_.shapes[one.shape].code}{one.zone}")
                needs[key] = needs.get(key, 0) + one.n
    people = []
    for one in staff:
        away = frozenset(day for day in days if (day - first).days // 7 in one.away)
        weekend = frozenset(day for day in days if one.weekdays and not day_kind(day).is_working_day)
        weeks = WEEKS - len(one.away)
        due = WEEKDAYS * weeks if one.weekdays else ALL_DAYS * weeks
        people.append(
            RosteredPerson(one.id, due, all_days=not one.weekdays, kinds=frozenset(zone_kinds.get(one.zone, ())),
                           away=away | weekend)
        )  # fmt: skip
    period = RosterPeriod(first, WEEKS, tuple(kinds.values()), tuple(people),
                          tuple(Need(day, code, n) for (day, code), n in needs.items()), hour_rules())  # fmt: skip
    began = time.monotonic()
    result = roster_solve(
        roster_problem(period, RosterWeights(overtime_band=0)),
        Budget(seconds=seconds, clock=lambda: time.monotonic() - began),
    )
    judged = swedish_check(period, result.assignments)
    by_id = {one.id: one for one in staff}
    lines: dict[date, list[tuple[Staff, ShiftKind]]] = {day: [] for day in days}
    for line in result.assignments:
        lines[period.day(line.day)].append((by_id[line.employee], kinds[line.shift]))
    total = sum(n * kinds[code].minutes for (_, code), n in needs.items())
    return lines, {"broken": len(judged.broken), "short_hours": round(judged.short_minutes / 60, 1),
                   "needed_hours": round(total / 60, 1), "status": result.status.value}  # fmt: skip


def office_made(staff: list[Staff], first: date) -> dict[date, list[tuple[Staff, ShiftKind]]]:
    """The same people, all on working days from 7 to 16."""
    days = [first + timedelta(days=n) for n in range(DAYS)]
    return {
        day: [
            (one, OFFICE) for one in staff if day_kind(day).is_working_day and (day - first).days // 7 not in one.away
        ]
        for day in days
    }


def workers_of(lines: list[tuple[Staff, ShiftKind]], zones: dict[int, tuple[str, ...]]) -> tuple[Worker, ...]:
    """The day's people; a break may move by half an hour."""
    return tuple(
        Worker(one.id, kind.start, kind.end, zones[one.zone][0], zone=frozenset(zones[one.zone]),
               breaks=tuple(Break(f"b{n}", max(kind.start, a - 30), min(kind.end, b + 30), b - a)
                            for n, (a, b) in enumerate(kind.breaks)))
        for one, kind in lines
    )  # fmt: skip


def play(
    workers: tuple[Worker, ...], work: list[Coming], walking: Walking, iterations: int, *, planned: bool, score: Score
) -> None:
    """A day: planned and put in as it comes, or taken from the list; what was done is added up."""
    params = DispatchParams(iterations=iterations)
    if not planned:
        whole = Day(workers, tuple(one.task for one in work), walking, params=params)
        _count(whole, plan_greedy(whole), 0, 1 << 20, score)
        _left(whole, plan_greedy(whole), score)
        return
    day = Day(workers, tuple(one.task for one in work if not one.known), walking, params=params)
    plan = plan_day(day)
    at = 0
    for coming in sorted((one for one in work if one.known), key=lambda one: one.known):
        _count(day, plan, at, coming.known, score)
        at = coming.known
        day = day_at(day, plan, at)
        day = replace(day, tasks=(*day.tasks, coming.task))
        plan = plan_keep(day, plan)
    _count(day, plan, at, 1 << 20, score)
    _left(day, plan, score)


def _count(day: Day, plan: Plan, since: int, until: int, score: Score) -> None:
    tasks = {task.code: task for task in day.tasks}
    done: dict[str, int] = {}
    for line in plan.timelines:
        for step in line.steps:
            within = max(0, min(step.ends_minutes, until) - max(step.begins_minutes, since))
            if step.kind is StepKind.WALK:
                score.walked += within
            elif step.kind is StepKind.WASH:
                score.washed += within
            elif step.kind is StepKind.TASK and since <= step.begins_minutes < until:
                score.worked += step.ends_minutes - step.begins_minutes
                done[step.code] = max(done.get(step.code, 0), step.ends_minutes)
    for code, ends in done.items():
        late = max(0, ends - tasks[code].soft_end)
        score.tasks += 1
        score.late_tasks += late > 0
        score.late += late


def _left(day: Day, plan: Plan, score: Score) -> None:
    tasks = {task.code: task for task in day.tasks}
    for one in plan.left:
        score.left += 1
        score.left_minutes += tasks[one.task].minutes * tasks[one.task].n_people
        score.by_reason[one.reason.value] = score.by_reason.get(one.reason.value, 0) + 1


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The whole chain; prints each step as it is there."""
    found, spots = measured(args.feed_days, args.seed)
    needs = found.estimate()
    params: PostsParams = found.params
    cover = cover_plan(needs.field, params)
    plan = posts_allocate(needs.field, args.posts or 1, params)
    reached = posts_allocate(needs.field, ceil(cover.posts.total), params).covered  # the night is out of reach
    while not args.posts and plan.covered < ENOUGH * reached:
        plan = posts_allocate(needs.field, plan.n_posts + 1, params)
    n_posts = plan.n_posts
    steps: dict[str, Any] = {
        "work_hours_a_week": round((plan.covered + plan.uncovered) / 60, 1),
        "posts_for_every_cover": round(cover.posts.total), "posts": n_posts,
        "reached_hours_a_week": round(reached / 60, 1),
        "covered_hours_a_week": round(plan.covered / 60, 1), "uncovered_hours_a_week": round(plan.uncovered / 60, 1),
    }  # fmt: skip
    print(steps, file=sys.stderr, flush=True)
    rng = np.random.default_rng(args.seed)
    staff = staff_make(found, plan, n_posts, rng)
    first = date(2026, 2, 2)
    lines, told = roster_made(found, plan, staff, first, args.roster_seconds)
    steps["roster"] = told
    print(told, file=sys.stderr, flush=True)
    walking = walking_derive(spots)
    zones = {n: zone.wards for n, zone in enumerate(needs.zones)}
    office = office_made(staff, first)
    plans = {"need_and_day_plan": (lines, True), "need_and_list": (lines, False), "office_and_day_plan": (office, True),
             "office_and_list": (office, False)}  # fmt: skip
    scores = {name: Score() for name in plans}
    for n in range(args.days):
        day = first + timedelta(days=n)
        work = list(work_of(found, day, np.random.default_rng((args.seed, n))))
        for name, (rows, planned) in plans.items():
            score = scores[name]
            workers = workers_of(rows[day], zones)
            score.present += sum(kind.minutes for _, kind in rows[day])
            play(workers, work, walking, args.iterations, planned=planned, score=score)
        print(
            day, {name: (one.late, one.left, one.walked) for name, one in scores.items()}, file=sys.stderr, flush=True
        )
    steps["month"] = {
        name: {
            "hours_present": round(one.present / 60), "hours_worked": round(one.worked / 60), "tasks_done": one.tasks,
            "late_tasks": one.late_tasks, "late_hours": round(one.late / 60), "unowned_tasks": one.left,
            "unowned_hours": round(one.left_minutes / 60), "walked_hours": round(one.walked / 60),
            "walked_minutes_a_task": round(one.walked / max(one.tasks, 1), 2), "washed_hours": round(one.washed / 60),
            "reasons": one.by_reason,
        }
        for name, one in scores.items()
    }  # fmt: skip
    return steps


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feed-days", type=int, default=28, help="days of feed that the work is measured from")
    parser.add_argument("--days", type=int, default=DAYS, help="days that are played")
    parser.add_argument("--posts", type=int, default=0, help="how many; 0: the fewest that cover 97 %% of the work")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--iterations", type=int, default=2000, help="rounds of each day plan's search")
    parser.add_argument("--roster-seconds", type=float, default=60)
    parser.add_argument("--keep", metavar="FILE", help="where the figures are written too")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result = {**run(args), "machine": machine()}
    if args.keep:
        Path(args.keep).write_text(json.dumps(result, indent=1) + "\n")
    if args.json:
        print(json.dumps(result))
    else:
        for name, one in result["month"].items():
            print(f"{name:22}", {key: value for key, value in one.items() if key != "reasons"})
        print({key: value for key, value in result.items() if key != "month"})
    return 0


if __name__ == "__main__":
    sys.exit(main())
