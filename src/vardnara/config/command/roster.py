"""``vardnara roster``: solve a rostering instance, or judge a roster."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, json_option
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

RESERVE_SECONDS, RESERVE_SHARE = 0.4, 0.015  # for the step under way, and to judge and write the roster
SEED = 1


def register(subparsers: Any) -> None:
    """Declare ``roster solve`` and ``roster check``."""
    parser = command_add(subparsers, "roster")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    line = "find a cheap lawful roster for an instance (docs/roster.md)"
    solving = actions.add_parser("solve", help=line, description=line)
    solving.add_argument("instance", metavar="INSTANCE", help="a Curtois & Qu text file, or FOLDER/n030w4_1_6-2-9-1")
    budget = solving.add_mutually_exclusive_group(required=True)
    budget.add_argument("--seconds", type=float, metavar="S", help="stop after so many seconds")
    budget.add_argument("--work", type=int, metavar="N", help="stop after so many units of work: repeats exactly")
    solving.add_argument("--out", required=True, metavar="FILE.csv", help="where the roster is written")
    solving.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"of random choices (default {SEED})")
    json_option(solving)
    line = "judge a roster: its cost, and every hard rule that it breaks; exit 1 if any"
    checking = actions.add_parser("check", help=line, description=line)
    checking.add_argument("instance", metavar="INSTANCE", help="as for solve")
    checking.add_argument("roster", metavar="FILE.csv", help="employee,day,shift and for INRC-II skill")
    json_option(checking)


def run(args: argparse.Namespace) -> int:
    """Solve or check."""
    return _check(args) if args.action == "check" else _solve(args)


def _check(args: argparse.Namespace) -> int:
    from vardnara.engines.roster.check import roster_check
    from vardnara.gateways.roster_formats import instance_read, roster_read

    problem = instance_read(Path(args.instance))
    judged = roster_check(problem, roster_read(Path(args.roster), problem))
    if args.json:
        violations = [
            {"rule": one.rule, "employee": one.employee, "day": one.day, "text": one.text} for one in judged.violations
        ]
        found = {"cost": judged.cost, "feasible": judged.feasible, "violations": violations}
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(f"cost {judged.cost:,}, {'lawful' if judged.feasible else f'{len(judged.violations)} hard rules broken'}")
        for rule, cost in sorted(judged.costs.items()):
            print(f"  {rule:<24}{cost:>12,}")
        for one in judged.violations:
            day = "" if one.day is None else f"day {one.day}: "
            print(f"{one.employee or 'cover'}: {day}{one.text} ({one.rule})")
    return 0 if judged.feasible else 1


def _solve(args: argparse.Namespace) -> int:
    began = time.monotonic()  # the seconds asked for count from the start of the command, imports included
    faults = []
    for name in ("seconds", "work"):
        value = getattr(args, name)
        if value is not None and not 0 < value < float("inf"):
            faults.append(Fault("vardnara roster solve", f"--{name}", str(value), "a number above 0"))
    if args.seed < 0:
        faults.append(Fault("vardnara roster solve", "--seed", str(args.seed), "0 or more"))
    out = Path(args.out)
    if out.is_dir() or not out.absolute().parent.is_dir():
        faults.append(Fault(str(out), "", "cannot be written", "a file in a folder that is there"))
    problem = None
    try:
        from vardnara.gateways.roster_formats import instance_read, roster_text

        problem = instance_read(Path(args.instance))
    except InputError as error:
        faults += error.faults
    if faults or problem is None:
        raise InputError(faults)
    from vardnara.engines.roster import Budget, Status
    from vardnara.engines.roster.solve import roster_solve

    def clock() -> float:
        return time.monotonic() - began

    with _stopping() as stopped, _progress(clock) as tell:
        seconds = (
            None
            if args.seconds is None
            else max(args.seconds - RESERVE_SECONDS - min(args.seconds * RESERVE_SHARE, 3.0), 0.0)
        )
        budget = Budget(work=args.work, seconds=seconds, clock=clock, stopped=stopped)
        result = roster_solve(problem, budget, seed=args.seed, tell=tell)
    if result.cost is not None:
        out.write_text(roster_text(problem, result.assignments), encoding="utf-8")
    for reason in result.reasons:
        print(f"vardnara roster: {reason}", file=sys.stderr)
    found = {
        "cost": result.cost,
        "bound": result.bound,
        "status": result.status.value,
        "seconds": round(clock(), 2),
        "work": result.work,
    }
    if args.json:
        why = {"reasons": list(result.reasons)} if result.reasons else {}
        print(json.dumps({**found, **why}, ensure_ascii=False))
    else:
        print("  ".join(f"{name} {value}" for name, value in found.items()))
    return 0 if result.status in (Status.OPTIMAL, Status.FEASIBLE) else 1


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C ends the search and keeps the best; the second ends the command."""
    asked: list[int] = []

    def ask(number: int, _: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(clock: Callable[[], float]) -> Iterator[Callable[[float, float], None]]:
    """One line on a terminal, written over."""
    shown = sys.stderr.isatty()

    def tell(cost: float, bound: float) -> None:
        if shown:
            print(f"\r{clock():6.0f} s   cost {cost:,.0f}   bound {bound:,.0f}   ", end="", file=sys.stderr, flush=True)

    yield tell
    if shown:
        print(file=sys.stderr)
