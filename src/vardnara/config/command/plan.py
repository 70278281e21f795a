"""``vardnara plan``: who does what on a day, when and in which order, and what is left."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from vardnara.config.command.registry import command_add, data_option, json_option
from vardnara.engines.dispatch import DispatchParams, Plan, StepKind
from vardnara.engines.dispatch.document import figures_row
from vardnara.kernel.errors import GatewayError, InputError, RuleBroken
from vardnara.kernel.faults import Fault
from vardnara.kernel.local_time import STOCKHOLM, day_bounds, local_date

WORK = 4_000  # rounds of the search, as the pages ask for


def register(subparsers: Any) -> None:
    """Declare ``plan``."""
    parser = command_add(subparsers, "plan")
    parser.add_argument("--date", metavar="D", help="the day, such as 2026-03-02 (default: today)")
    parser.add_argument("--anew", action="store_true", help="make one now and keep nothing, also where one holds")
    parser.add_argument("--work", type=int, default=WORK, metavar="N", help="rounds of the search for a new one")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the search for a new one")
    parser.add_argument("--hospital", default="", metavar="CODE", help="of the database, where it has more than one")
    data_option(parser)
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Print the plan that holds, or one made now; exit 1 where there is nobody and nothing to plan."""
    told = _told(args)
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(text(told))
    return 0 if told["workers"] or told["left"] else 1


def _told(args: argparse.Namespace) -> dict[str, Any]:
    from vardnara.config.command.session import hospital_open

    day = _day(args.date)
    params = DispatchParams(iterations=args.work, seed=args.seed)
    try:
        with hospital_open(args, "plan"):
            from vardnara.apps.hospital.queries.demand import hospital_one

            hospital = hospital_one(args.hospital)
            if hospital is None:
                wrong = f"hospital {args.hospital!r}" if args.hospital else "no or more than one hospital"
                raise InputError([Fault("the database", "", wrong, "one; name it with --hospital CODE")])
            at = datetime.now(UTC)
            return _plan(hospital, day or local_date(at), at, params, anew=args.anew)
    except (RuleBroken, GatewayError) as error:
        expected = {
            "nothing_here": "a hospital that vardnara up has started",
            "database_unreachable": "a hospital that vardnara up has started",
            "day_is_over": "today, a day to come, or one of which a plan was made",
        }.get(error.code)
        if expected is None:
            raise
        raise InputError([Fault("plan", "", error.detail, expected)]) from error


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise InputError([Fault("plan", "", f"--date {said}", "a date such as 2026-03-02")]) from error


def _plan(hospital: tuple[int, str], on: date, at: datetime, params: DispatchParams, *, anew: bool) -> dict[str, Any]:
    from vardnara.apps.staffing.queries.day_plan_rows import day_rows
    from vardnara.apps.staffing.queries.day_plans import basis_row, plan_held
    from vardnara.engines.dispatch import plan_day, plan_greedy

    held = None if anew else plan_held(hospital_id=hospital[0], on=on)
    if held is not None:
        made_at, basis, plan, greedy = held.row.asked_at, held.row.basis, held.plan, held.greedy
    else:
        rows = day_rows(hospital_id=hospital[0], on=on, at=at, params=params)
        made_at, basis, plan = at, basis_row(rows), plan_day(rows.day)
        greedy = figures_row(plan_greedy(rows.day).figures)
    return document(hospital[1], on, made_at, basis, plan, greedy, kept=held is not None)


def document(
    hospital: str, on: date, made_at: datetime, basis: Mapping[str, Any], plan: Plan, greedy: Mapping[str, int], *,
    kept: bool,
) -> dict[str, Any]:  # fmt: skip
    """The one JSON document; times are the local clock's, with the date where it is another day."""
    midnight = day_bounds(on)[0]

    def clock(minutes: int) -> str:
        local = (midnight + timedelta(minutes=minutes)).astimezone(STOCKHOLM)
        return f"{local:%H:%M}" if local.date() == on else f"{local:%Y-%m-%d %H:%M}"

    def task(code: str) -> dict[str, Any]:
        what = basis["tasks"][code]["what"]
        said = {"task": int(code), "what": what["name"] or what["kind"], "ward": what["ward"]}
        return said | ({"place": what["bed"]} if what["bed"] else {})

    def step(one: Any) -> dict[str, Any]:
        said = {"kind": one.kind.value, "from": clock(one.begins_minutes), "to": clock(one.ends_minutes)}
        if one.kind is not StepKind.TASK:
            return said
        due = basis["tasks"][one.code].get("due")
        late = max(0, one.ends_minutes - due) if due is not None else 0
        return said | task(one.code) | ({"late_minutes": late} if late else {})

    left = [*((one.task, one.reason.value) for one in plan.left), *(tuple(one) for one in basis["apart"])]
    return {
        "hospital": hospital,
        "date": on.isoformat(),
        "kept": kept,
        "made_at": made_at.isoformat(timespec="seconds"),
        "status": plan.status.value,
        "seed": plan.seed,
        "work": plan.iterations,
        "workers": [
            {
                "name": basis["workers"][line.worker]["who"]["name"],
                "shift": basis["workers"][line.worker]["who"]["shift"],
                "from": clock(basis["workers"][line.worker]["starts"]),
                "to": clock(basis["workers"][line.worker]["ends"]),
                "steps": [step(one) for one in line.steps],
            }
            for line in plan.timelines
        ],
        "left": [task(code) | {"reason": reason} for code, reason in left],
        "figures": figures_row(plan.figures),
        "greedy": dict(greedy),
    }


def text(told: Mapping[str, Any]) -> str:
    """The same for people."""
    lines = [f"{told['hospital']}, {told['date']}", ""]
    if not told["workers"]:
        lines += ["nobody is there by a published roster", ""]
    for worker in told["workers"]:
        shift = f"  {worker['shift']}" if worker["shift"] else ""
        lines.append(f"{worker['name']}  {worker['from']}-{worker['to']}{shift}")
        for step in worker["steps"]:
            place = f" {step['place']}" if step.get("place") else ""
            what = f"{step['ward']}{place}  {step['what']}" if "task" in step else step["kind"]
            late = f"  {step['late_minutes']} min late" if step.get("late_minutes") else ""
            lines.append(f"  {step['from']}-{step['to']}  {what}{late}")
        lines.append("")
    if told["left"]:
        lines += ["left: nobody does it", ""]
        lines += [f"- {one['ward']}  {one['what']}: {one['reason']}" for one in told["left"]]
        lines.append("")
    lines.append(f"{'minutes':<12}{'plan':>8}{'greedy':>8}")
    for name, shown in (("walked_minutes", "walked"), ("washed_minutes", "washed"), ("late_minutes", "late")):
        lines.append(f"{shown:<12}{told['figures'][name]:>8,}{told['greedy'][name]:>8,}")
    for name, shown in (("n_late", "tasks late"), ("n_left", "tasks left"), ("cost", "cost")):
        lines.append(f"{shown:<12}{told['figures'][name]:>8,}{told['greedy'][name]:>8,}")
    return "\n".join(lines)
