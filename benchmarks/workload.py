"""Workload: milliseconds to estimate a hospital of 500 beds, the shipped catalogue, in a plain week and in a year.

No database. The first estimate of a process reads parameters and fills caches and is told apart: a command pays it
once, a page that tries one change after another does not.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

from _hospital import machine

from vardnara.engines.workload import TaskType, WardFacts, WorkloadOrder, workload_estimate
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import task_norms

WARDS, BEDS, PATIENTS, DISCHARGES = 25, 20, 18.0, 4.0
YEAR = 2026
NEEDED = {"week_ms": 50.0, "year_ms": 50.0}  # ours: a slider that is moved shall not be waited for


def order_make(year: int | None) -> WorkloadOrder:
    """25 wards of 20 beds, every shipped task every day from seven to nine at night."""
    window = TimeWindow.parse("07:00-21:00")
    when = Recurrence("FREQ=DAILY", date(2024, 1, 1), holidays="as_sunday", window=window)
    tasks = tuple(TaskType(code, norm, when) for code, norm in task_norms().items())
    wards = tuple(
        WardFacts(
            f"W{number}",
            staffed_beds=BEDS,
            patients=(PATIENTS,) * 7,
            discharges=(DISCHARGES,) * 7,
            discharge_hours=tuple(float(8 <= hour < 20) for hour in range(24)),
            contagion_share=0.07,
        )
        for number in range(WARDS)
    )
    return WorkloadOrder(tasks, wards, year)


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=50, help="estimates; the median counts (default 50)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result: dict[str, Any] = {"beds": WARDS * BEDS, "tasks": len(task_norms())}
    for name, year in (("week", None), ("year", YEAR)):
        order = order_make(year)
        result[f"{name}_first_ms"] = round(milliseconds(lambda order=order: workload_estimate(order)), 1)
        runs = [milliseconds(lambda order=order: workload_estimate(order)) for _ in range(args.rounds)]
        result[f"{name}_ms"], result[f"{name}_slowest_ms"] = round(median(runs), 1), round(max(runs), 1)
    result |= {"rounds": args.rounds, "needed": NEEDED, "machine": machine()}
    result["reached"] = all(result[name] < needed for name, needed in NEEDED.items())
    print(json.dumps(result) if args.json else "\n".join(f"{name:22} {value}" for name, value in result.items()))
    return 0 if result["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())
