"""A period under Swedish rules: 120 people and 10 weeks, lawful by the clock, and how little of the need is missing.

The period is invented (``_rosters.py``). Judged by ``swedish_check``, which knows nothing of the search. The plain
floor beside it: the first lawful roster, each person's cheapest line after the other, which the search begins with.

Then somebody calls in sick, for a day, a week, three people at once for a week, and six weeks: seconds of the repair,
and milliseconds of asking who could take one shift.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from typing import Any

from _hospital import machine
from _rosters import FULL_WEEK, period_make

NEEDED_SECONDS, NEEDED_SHARE, NEEDED_REPAIR_SECONDS = 300, 0.02, 5.0
SICK = {
    "a day": ((8,), 23, 1),
    "a week": ((8,), 23, 7),
    "three for a week": ((4, 51, 91), 30, 7),
    "six weeks": ((12,), 21, 42),
}


def repaired(period: Any, assignments: Any) -> dict[str, dict[str, Any]]:
    """What each absence costs: seconds, changes, shifts lost and still short, and whether it is proved."""
    from vardnara.engines.roster.swedish import REPAIR_WEIGHTS, Standing, swedish_check
    from vardnara.engines.roster.swedish.repair import roster_repair

    found = {}
    for name, (who, start, days) in SICK.items():
        away = frozenset(period.day(n) for n in range(start, start + days))
        ill = {f"p{n}" for n in who}
        people = tuple(replace(one, away=one.away | away) if one.id in ill else one for one in period.people)
        now = replace(period, people=people)
        began = time.monotonic()
        repair = roster_repair(now, assignments, held=period.day(start))
        seconds = time.monotonic() - began
        standing = Standing(now, repair.assignments, REPAIR_WEIGHTS.overtime_band)
        began = time.monotonic()
        standing.candidates(period.day(start), period.kinds[0].code)
        asked = time.monotonic() - began
        judged = swedish_check(now, repair.assignments, overtime_band=REPAIR_WEIGHTS.overtime_band)
        found[name] = {
            "seconds": round(seconds, 2),
            "lost": len(repair.lost),
            "changes": len(repair.changes),
            "short": len(repair.short),
            "proved": repair.is_proved,
            "broken": len(judged.broken),
            "candidates_ms": round(1000 * asked, 1),
        }
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=120)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--zones", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    from vardnara.engines.roster import Budget
    from vardnara.engines.roster.solve import roster_solve
    from vardnara.engines.roster.swedish import RosterWeights, roster_problem, swedish_check
    from vardnara.engines.roster.swedish.explain import roster_explain

    began = time.monotonic()
    period = period_make(people=args.people, weeks=args.weeks, zones=args.zones, seed=1)
    needed = sum(need.wanted * period.kind(need.shift).minutes for need in period.needs)
    told: list[tuple[float, float]] = []

    def tell(cost: float, bound: float) -> None:
        told.append((time.monotonic() - began, cost))

    weights = RosterWeights()
    budget = Budget(seconds=args.seconds, clock=lambda: time.monotonic() - began)
    result = roster_solve(roster_problem(period, weights), budget, tell=tell)
    judged = swedish_check(period, result.assignments, overtime_band=weights.overtime_band)
    seconds = time.monotonic() - began
    began_explaining = time.monotonic()
    explained = roster_explain(
        period, result.assignments, overtime_band=weights.overtime_band, measure_minutes=FULL_WEEK
    )
    explain_seconds = time.monotonic() - began_explaining
    share = explained.is_within
    repairs = repaired(period, result.assignments)
    reached = not judged.broken and share <= NEEDED_SHARE and seconds <= NEEDED_SECONDS
    reached &= all(one["seconds"] < NEEDED_REPAIR_SECONDS and not one["broken"] for one in repairs.values())
    answer = {
        "people": args.people,
        "weeks": args.weeks,
        "seconds": round(seconds, 1),
        "first_lawful_seconds": round(told[0][0], 1) if told else None,
        "first_cost": told[0][1] if told else None,
        "cost": result.cost,
        "broken": len(judged.broken),
        "short_minutes": judged.short_minutes,
        "needed_minutes": needed,
        "short_bound_minutes": explained.bound_minutes,
        "short_above_bound_share": round(share, 5),
        "explain_seconds": round(explain_seconds, 1),
        "repairs": repairs,
        "machine": machine(),
        "reached": reached,
    }
    print(json.dumps(answer) if args.json else "\n".join(f"{name:<22}{value}" for name, value in answer.items()))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
