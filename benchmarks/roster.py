"""Roster: costs of the public instances after 60 and 600 seconds, beside the best known and a plain CP-SAT model.

Runs ``vardnara roster solve`` as a process of its own, one after the other, on the shared data, and judges what it
wrote. Finished runs are kept in a file and not repeated: the whole takes hours.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean, median
from typing import Any

from _hospital import COMMAND, machine

from vardnara.engines.roster import FREE, RosterProblem, roster_check
from vardnara.gateways.roster_formats import instance_read, roster_read

LONG = {"Instance8", "Instance10", "Instance12", "Instance16"}
LONG_INRC2 = {"n030w4_1_6-2-9-1", "n040w4_2_6-1-0-6", "n050w4_0_0-4-8-7", "n060w4_1_6-1-1-5"}
SHORT_SECONDS, LONG_SECONDS = 60, 600
NEEDED = {
    "median_gap_60": 0.01,
    "mean_gap_60": 0.05,
    "mean_gap_600": 0.015,
    "mean_gap_inrc2_600": 0.05,
}
DATA = Path(os.environ.get("VARDNARA_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def instances() -> dict[str, tuple[Path, int]]:
    """Name to place and best known cost."""
    folder = DATA / "shift_scheduling_curtois_qu"
    with (folder / "best_known.csv").open(newline="") as handle:
        found = {
            row["instance"]: (folder / "txt" / f"{row['instance']}.txt", int(row["best_known_ub_nrp_yml"]))
            for row in csv.DictReader(handle)
        }
    with (DATA / "inrc2" / "reference_costs.csv").open(newline="") as handle:
        for row in csv.DictReader(handle):
            found[row["instance"]] = (DATA / "inrc2" / row["instance"], int(row["verified_upper_bound"]))
    return found


def solved(path: Path, seconds: int) -> dict[str, Any]:
    """What the command finds, by the judge's account."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "roster.csv"
        words = ["roster", "solve", str(path), "--seconds", str(seconds), "--out", str(out), "--json"]
        ran = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            return {"cost": None, "told": ran.stdout.strip() or ran.stderr.strip()}
        problem = instance_read(path)
        judged = roster_check(problem, roster_read(out, problem))
    told = json.loads(ran.stdout)
    return {"cost": judged.cost if judged.feasible else None, **{k: told[k] for k in ("bound", "seconds", "work")}}


def floor(path: Path, seconds: int) -> dict[str, Any]:
    """A plain CP-SAT model with a variable for each person, day and shift, on both cores; Curtois & Qu only."""
    from ortools.sat.python import cp_model

    problem = instance_read(path)
    model = cp_model.CpModel()
    costs: list[Any] = []
    works = {
        (one.id, day, shift.id): model.new_bool_var("")
        for one in problem.employees
        for day in range(problem.n_days)
        for shift in problem.shifts
    }
    for one in problem.employees:
        costs += _person(model, problem, one, works)
    for need in problem.cover:
        there = sum(works[one.id, need.day, need.shift] for one in problem.employees)
        under, over = (model.new_int_var(0, len(problem.employees) + need.wanted, "") for _ in range(2))
        model.add(there + under - over == need.wanted)
        costs += [under * need.under, over * need.over]
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {"cost": round(solver.objective_value) if found else None, "bound": solver.best_objective_bound}


def _person(model: Any, problem: RosterProblem, one: Any, works: dict[tuple[str, int, str], Any]) -> list[Any]:
    """The hard rules of a person; returns the costs of wishes."""
    n = problem.n_days
    at = [sum(works[one.id, day, shift.id] for shift in problem.shifts) for day in range(n)]
    for day in range(n):
        model.add(at[day] <= 1)
        for shift in problem.shifts:
            if not one.may_work(day, shift.id):
                model.add(works[one.id, day, shift.id] == 0)
            for after in shift.not_next:
                if day + 1 < n:
                    model.add(works[one.id, day, shift.id] + works[one.id, day + 1, after] <= 1)
    for tally in one.tallies:
        total = sum(
            works[one.id, day, name] * k for day in range(n) for name, k in tally.amounts.items() if name != FREE
        )
        model.add(total >= tally.bounds.least)
        if tally.bounds.most is not None:
            model.add(total <= tally.bounds.most)
    run, off = one.sequence.work_run, one.sequence.off_run
    most = run.most or n
    for day in range(n - most):
        model.add(sum(at[day : day + most + 1]) <= most)
    for length in range(1, run.least):
        for day in range(1, n - length):
            model.add(at[day - 1] + length - sum(at[day : day + length]) + at[day + length] > 0)
    for length in range(1, off.least):
        for day in range(1, n - length):
            model.add(1 - at[day - 1] + sum(at[day : day + length]) + 1 - at[day + length] > 0)
    weekends = []
    for day in range(n):
        if problem.weekday(day) == 5:
            weekend = model.new_bool_var("")
            for weekend_day in at[day : day + 2]:
                model.add(weekend >= weekend_day)
            weekends.append(weekend)
    if one.weekends.most is not None:
        model.add(sum(weekends) <= one.weekends.most)
    return [
        wish.weight * (1 - works[one.id, wish.day, wish.shift] if wish.wanted else works[one.id, wish.day, wish.shift])
        for wish in one.requests
    ]


def summary(kept: dict[str, dict[str, Any]], known: dict[str, tuple[Path, int]]) -> dict[str, Any]:
    """Gaps to the best known, and which numbers are reached."""

    def gaps(seconds: int, names: set[str]) -> list[float]:
        runs = {name: kept.get(f"{name} {seconds}") for name in names}
        return [
            float("inf") if run["cost"] is None else run["cost"] / known[name][1] - 1
            for name, run in runs.items()
            if run is not None
        ]

    plain = {name for name in known if name.startswith("Instance")}
    short = gaps(SHORT_SECONDS, plain)
    long, nurses = gaps(LONG_SECONDS, LONG), gaps(LONG_SECONDS, LONG_INRC2)
    worse = [
        name
        for name in plain
        if (f := kept.get(f"{name} floor")) and (r := kept.get(f"{name} {SHORT_SECONDS}"))
        and f["cost"] is not None and (r["cost"] is None or r["cost"] > f["cost"])
    ]  # fmt: skip
    figures = {
        "median_gap_60": median(short) if short else None,
        "mean_gap_60": mean(short) if short else None,
        "mean_gap_600": mean(long) if long else None,
        "mean_gap_inrc2_600": mean(nurses) if nurses else None,
    }
    reached = not worse and all(value is not None and value <= NEEDED[name] for name, value in figures.items())
    return {**figures, "worse_than_the_floor": sorted(worse), "needed": NEEDED, "reached": reached}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", default="roster-runs.json", metavar="FILE", help="where finished runs are kept")
    parser.add_argument("--only", metavar="WORD", help="only runs whose name has this word")
    parser.add_argument("--no-floor", action="store_true", help="without the plain CP-SAT model")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    known = instances()
    keep = Path(args.keep)
    kept: dict[str, dict[str, Any]] = json.loads(keep.read_text()) if keep.exists() else {}
    plan = [(name, SHORT_SECONDS, "") for name in known]
    plan += [(name, LONG_SECONDS, "") for name in known if name in LONG | LONG_INRC2]
    if not args.no_floor:
        plan += [(name, SHORT_SECONDS, "floor") for name in known if name.startswith("Instance")]
    for name, seconds, kind in plan:
        key = f"{name} {kind or seconds}"
        if key in kept or (args.only and args.only not in key):
            continue
        kept[key] = (floor if kind else solved)(known[name][0], seconds)
        kept[key]["best_known"] = known[name][1]
        kept[key]["load"] = round(os.getloadavg()[0], 1)
        keep.write_text(json.dumps(kept, indent=1) + "\n")
        print(key, kept[key], file=sys.stderr, flush=True)
    result = {"runs": kept, **summary(kept, known), "machine": machine()}
    if args.json:
        print(json.dumps(result))
    else:
        for key, run in kept.items():
            print(f"{key:32}{run['cost'] or '-':>8} best known {run['best_known']:>6}")
        print("\n".join(f"{name:24}{result[name]}" for name in (*NEEDED, "worse_than_the_floor", "reached")))
    return 0 if result["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())
