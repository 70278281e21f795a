"""A period under Swedish rules: 120 people and 10 weeks, lawful by the clock, and how little of the need is missing.

The period is invented (``_rosters.py``). Judged by ``swedish_check``, which knows nothing of the search. The plain
floor beside it: the first lawful roster, each person's cheapest line after the other, which the search begins with.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from _hospital import machine
from _rosters import period_make

NEEDED_SECONDS, NEEDED_SHARE = 300, 0.02


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
    share = judged.short_minutes / needed
    reached = not judged.broken and share <= NEEDED_SHARE and seconds <= NEEDED_SECONDS
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
        "short_share": round(share, 5),
        "machine": machine(),
        "reached": reached,
    }
    print(json.dumps(answer) if args.json else "\n".join(f"{name:<22}{value}" for name, value in answer.items()))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
