"""Dispatch: routes of public instances, a made-up hospital's day, the live answer and the re-plan. No database.

Each finished piece is a line of the results file; what stands there is not run again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from csv import DictReader
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from _hospital import machine
from _hospital_day import day_at, day_make, spill_make

from vardnara.engines.dispatch import (
    Day,
    DispatchParams,
    Plan,
    Status,
    live_prepare,
    plan_check,
    plan_day,
    plan_greedy,
    replan,
    suggest_next,
    suggest_worker,
)
from vardnara.engines.dispatch.model import model_build, orders_read
from vardnara.engines.dispatch.plan import draft_of, draft_plan
from vardnara.engines.dispatch.repair import Draft, draft_fill
from vardnara.engines.dispatch.routing import Instance, Stop, routes_faults, routes_solve
from vardnara.engines.dispatch.schedule import starts_of

NEEDED = {"vrptw_gap": 0.005, "day_gap": 0.02, "live_p95_ms": 20.0, "replan_seconds": 2.0}
FOREVER = 10_000_000  # rounds of work: the clock ends these runs
EVENTS, REPLANS = 200, 12


class Results:
    """Lines of a file, by name; what is there is taken from there."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path and path.exists() else []
        self.rows = {row["name"]: row for row in map(json.loads, lines)}

    def of(self, name: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The row of a name, run if it is not there."""
        if name not in self.rows:
            load = os.getloadavg()[0]
            row = {"name": name, **work(), "load": [round(load, 1), round(os.getloadavg()[0], 1)]}
            self.rows[name] = row
            print(json.dumps(row), file=sys.stderr, flush=True)
            if self.path:
                with self.path.open("a") as handle:
                    handle.write(json.dumps(row) + "\n")
        return self.rows[name]


def instance_read(path: Path) -> Instance:
    """A file in Solomon's format."""
    rows = [line.split() for line in path.read_text().splitlines()]
    numbers = [[float(word) for word in row] for row in rows if row and row[0].isdigit()]
    (vehicles, capacity), *stops = numbers
    return Instance(
        path.stem,
        int(vehicles),
        int(capacity),
        tuple(Stop(x, y, *(int(one) for one in rest)) for _, x, y, *rest in stops),
    )


def route(path: Path, seconds: float, seed: int) -> dict[str, Any]:
    instance = instance_read(path)
    found = routes_solve(instance, seed=seed, seconds=seconds)
    faults = routes_faults(instance, found.routes)
    return {
        "distance": round(found.distance, 3),
        "routes": len(found.routes),
        "iterations": found.iterations,
        "faults": faults,
    }


def vrptw(args: argparse.Namespace, results: Results) -> dict[str, Any]:
    """Total distance beside the best known, in the mean over the instances of a folder."""
    with (args.folder / "best_known.csv").open(newline="") as handle:
        best = {
            row["instance"]: float(row["bks_distance"]) for row in DictReader(handle) if row["objective"] == "distance"
        }
    gaps: dict[str, float] = {}
    for path in sorted((args.folder / "solomon").glob("*.txt")):
        if path.stem not in best:
            continue
        name = f"vrptw {path.stem} {args.seconds:g} s seed {args.seed}"
        row = results.of(name, lambda path=path: route(path, args.seconds, args.seed))
        assert not row["faults"], row
        gaps[path.stem] = row["distance"] / best[path.stem] - 1
    worst = max(gaps, key=lambda name: gaps[name])
    mean = sum(gaps.values()) / len(gaps)
    return {"vrptw_gap": round(mean, 5), "vrptw_instances": len(gaps), "vrptw_worst": [worst, round(gaps[worst], 4)]}


def planned(day: Day, plan: Plan) -> dict[str, Any]:
    faults = plan_check(plan, day)
    assert not faults, faults[:3]
    figures = {name: getattr(plan.figures, name) for name in plan.figures.__slots__}
    return {**figures, "iterations": plan.iterations, "seconds": round(plan.seconds, 2), "status": str(plan.status)}


def pyvrp_plain(day: Day, seconds: float, seed: int) -> dict[str, Any]:
    """PyVRP as it comes, from its own start, on the same problem; work for two at the greedy day's begins."""
    import warnings

    import pyvrp
    from pyvrp.stop import MaxRuntime

    warnings.simplefilter("ignore")
    floor = draft_of(day, plan_greedy(day))
    model = model_build(day, floor.starts, floor.fixed, frozenset(range(len(day.tasks))))
    began = time.perf_counter()
    result = pyvrp.solve(model.data, MaxRuntime(seconds), seed=seed, collect_stats=False)
    orders = orders_read(model, result.best, len(day.workers))
    draft = Draft(day, starts_of(day), orders, dict(floor.fixed))
    draft_fill(draft)
    plan = draft_plan(draft, result.num_iterations, Status.TIME_UP, time.perf_counter() - began)
    return {**planned(day, plan), "feasible": result.is_feasible()}


def whole_day(args: argparse.Namespace, results: Results) -> dict[str, Any]:
    """A day after 20 seconds beside the best of ten minutes."""
    out: dict[str, Any] = {}
    day = day_make(args.workers, args.tasks, seed=args.seed)
    place = f"{args.workers}x{args.tasks} seed {args.seed}" + (" processor" if args.processor_time else "")

    def run(seconds: float) -> dict[str, Any]:
        params = DispatchParams(iterations=FOREVER, seconds=seconds, seed=args.seed)
        return planned(day, plan_day(replace(day, params=params)))

    out["greedy"] = results.of(f"day {place} greedy", lambda: planned(day, plan_greedy(day)))
    short = out["short"] = results.of(f"day {place} {args.day_seconds:g} s", lambda: run(args.day_seconds))
    long = out["long"] = results.of(f"day {place} {args.long_seconds:g} s", lambda: run(args.long_seconds))
    plain = out["pyvrp"] = results.of(
        f"day {place} plain {args.long_seconds:g} s", lambda: pyvrp_plain(day, args.long_seconds, args.seed)
    )
    least = min(short["cost"], long["cost"], plain["cost"])
    return {"day": out, "day_gap": round(short["cost"] / least - 1, 4)}


def moments(args: argparse.Namespace) -> dict[str, Any]:
    """The live answer with making its state ready, and the re-plan, at moments of a planned day."""
    day = day_make(args.workers, args.tasks, seed=args.seed, params=DispatchParams(iterations=3000, seed=args.seed))
    plan = plan_day(day)
    rng = np.random.default_rng(args.seed)
    who: list[float] = []
    next_: list[float] = []

    def ask(state: Day, task: str, worker: str) -> None:
        for kept, question in (
            (who, partial(suggest_worker, task=task)),
            (next_, partial(suggest_next, worker=worker)),
        ):
            began = time.perf_counter()
            question(live_prepare(state, plan))
            kept.append((time.perf_counter() - began) * 1000)

    for number in range(EVENTS):
        state = day_at(day, plan, int(rng.integers(400, 1200)))
        spill = spill_make(rng, number, state.now_minutes)
        state = replace(state, tasks=(*state.tasks, spill))
        worker = state.workers[int(rng.integers(len(state.workers)))].code
        ask(state, spill.code, worker)
        # every task of the day still to do: the most that can be asked about
        ask(day, day.tasks[int(rng.integers(len(day.tasks)))].code, worker)
    seconds = []
    for number in range(REPLANS):
        now = int(rng.integers(420, 1000))
        state = day_at(day, plan, now)
        state = replace(state, tasks=(*state.tasks, spill_make(rng, number, now)))
        state = replace(state, params=DispatchParams(iterations=FOREVER, seconds=args.replan_seconds))
        began = time.perf_counter()
        anew = replan(state, plan)
        seconds.append(time.perf_counter() - began)
        assert not plan_check(anew, state)
    return {
        "who_ms": [round(float(np.percentile(who, one)), 2) for one in (50, 95, 100)],
        "next_ms": [round(float(np.percentile(next_, one)), 2) for one in (50, 95, 100)],
        "replan_seconds": [round(float(np.percentile(seconds, one)), 2) for one in (50, 100)],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("VARDNARA_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    parser.add_argument("--part", choices=["vrptw", "day", "live"], action="append", help="one part (default: all)")
    parser.add_argument("--folder", type=Path, default=shared / "vrptw", help="solomon/*.txt and best_known.csv")
    parser.add_argument("--seconds", type=float, default=30.0, help="for each public instance (default 30)")
    parser.add_argument("--workers", type=int, default=60)
    parser.add_argument("--tasks", type=int, default=900)
    parser.add_argument("--day-seconds", type=float, default=20.0)
    parser.add_argument("--long-seconds", type=float, default=600.0)
    parser.add_argument("--replan-seconds", type=float, default=1.0, help="for the search of a re-plan (default 1)")
    parser.add_argument("--processor-time", action="store_true", help="seconds of the processor: beside other work")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path, help="finished pieces, a line each: what stands there is not run again")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.processor_time:
        time.perf_counter = time.process_time  # type: ignore[assignment]
    results, parts = Results(args.results), args.part or ["vrptw", "day", "live"]
    out: dict[str, Any] = {}
    if "vrptw" in parts and not (args.folder / "best_known.csv").exists():
        print(f"{args.folder}: no best_known.csv; the public instances are left out", file=sys.stderr)
        parts = [part for part in parts if part != "vrptw"]
    if "vrptw" in parts:
        out |= vrptw(args, results)
    if "day" in parts:
        out |= whole_day(args, results)
    if "live" in parts:
        row = results.of(f"live {args.workers}x{args.tasks} seed {args.seed}", lambda: moments(args))
        out |= {"live": row, "live_p95_ms": max(row["who_ms"][1], row["next_ms"][1])}
        out["replan_seconds"] = row["replan_seconds"][1]
    reached = {name: out[name] <= most for name, most in NEEDED.items() if name in out}
    out |= {"needed": NEEDED, "machine": machine(), "reached": all(reached.values()) and bool(reached)}
    print(json.dumps(out) if args.json else "\n".join(f"{name:16} {value}" for name, value in out.items()))
    return 0 if out["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())
