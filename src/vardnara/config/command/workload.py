"""``vardnara workload``: minutes and posts by ward, weekday and hour, and what an agreement leaves open."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, data_option, json_option
from vardnara.engines.agreement import Coverage, Hole, coverage_check
from vardnara.engines.agreement.explain import holes_text, overlap_text, remark_text
from vardnara.engines.workload import Spread, Workload, spread_of, workload_estimate, workload_of_day
from vardnara.engines.workload.explain import notice_text
from vardnara.gateways.workload_file import WorkloadCase, workload_file_read
from vardnara.kernel.calendar import DAY_CODES, FIRST_YEAR, WEEKDAY_CODES
from vardnara.kernel.errors import GatewayError, InputError, RuleBroken
from vardnara.kernel.faults import Fault
from vardnara.kernel.time_window import clock_text

BAR = 40  # columns of the longest bar of the clock
DIGITS = 6  # of JSON numbers: no figure is that exact, but sums shall agree


def register(subparsers: Any) -> None:
    """Declare ``workload``."""
    parser = command_add(subparsers, "workload")
    parser.add_argument(
        "file",
        metavar="FILE.toml",
        nargs="?",
        help="wards, tasks, norms and agreements (docs/workload.md); without it those of the database",
    )
    parser.add_argument("--date", metavar="D", help="the minutes of this date instead of an average week")
    parser.add_argument("--hospital", default="", metavar="CODE", help="of the database, where it has more than one")
    data_option(parser)
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Estimate, look for holes, print."""
    day = _day(args.date)
    case = workload_file_read(Path(args.file)) if args.file else _database_case(args, day)
    workload, coverage = answers(case, day)
    if args.json:
        print(json.dumps(document(workload, coverage, case), ensure_ascii=False))
    else:
        print(text(workload, coverage, case, day))
    return 0


def _database_case(args: argparse.Namespace, day: date | None) -> WorkloadCase:
    """What the database says; without one, without a hospital or a catalogue there is nothing to read."""
    from vardnara.config.command.session import hospital_open

    try:
        with hospital_open(args, "workload"):
            from vardnara.apps.hospital.queries.demand import hospital_one, ward_ids_confirmed
            from vardnara.apps.service.queries.workload import hospital_work
            from vardnara.kernel.local_time import local_date

            hospital = hospital_one(args.hospital)
            if hospital is None:
                wrong = f"hospital {args.hospital!r}" if args.hospital else "no or more than one hospital"
                raise InputError([Fault("the database", "", wrong, "one; name it with --hospital CODE")])
            on = day or local_date(datetime.now(UTC))
            work = hospital_work(ward_ids=ward_ids_confirmed(hospital_id=hospital[0]), on=on, title=hospital[1])
    except (RuleBroken, GatewayError) as error:
        if error.code not in ("nothing_here", "database_unreachable"):
            raise
        expected = "a FILE.toml, or a hospital that vardnara up has started"
        raise InputError([Fault("workload", "", error.detail, expected)]) from error
    if work is None:
        raise InputError([Fault("the database", "", "the catalogue is empty", "kinds of task and their norms")])
    return work.case


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_YEAR < day.year < date.max.year:
        raise InputError([Fault("workload", "", f"--date {text}", f"a date such as 2026-03-02, after {FIRST_YEAR}")])
    return day


def answers(case: WorkloadCase, day: date | None) -> tuple[Workload, Coverage]:
    """The workload of an average week or of one date, and the holes that are there then."""
    workload = workload_estimate(case.order) if day is None else workload_of_day(case.order, day)
    if not case.rules:
        return workload, Coverage((), (), ())
    since, until = None, None
    if day is not None:
        since, until = day, day + timedelta(days=1)
    elif case.order.year is not None:
        since, until = date(case.order.year, 1, 1), date(case.order.year + 1, 1, 1)
    return workload, coverage_check(case.rules, case.demands, since=since, until=until)


def document(workload: Workload, coverage: Coverage, case: WorkloadCase) -> dict[str, Any]:
    """The one JSON document (CONTRACT 3). With a date, ``minutes_per_week`` and all else are those of the date."""

    def rounded(value: float) -> float:
        return round(value, DIGITS)

    return {
        "minutes_per_week": _spread(workload.minutes),
        "by_ward": {code: rounded(minutes) for code, minutes in workload.by_ward.items()},
        "by_weekday": dict(zip(WEEKDAY_CODES, map(rounded, workload.by_weekday), strict=True)),
        "by_hour": [rounded(minutes) for minutes in workload.by_hour],
        "fte": _spread(workload.fte),
        "holes": [_hole(hole) for hole in coverage.holes],
        "warnings": [{"code": code, "text": said} for code, said in warnings(workload, coverage, case)],
    }


def _spread(spread: Spread) -> dict[str, float]:
    return {name: round(getattr(spread, name), DIGITS) for name in ("low", "typical", "high")}


def _hole(hole: Hole) -> dict[str, Any]:
    """A hole; ``valid_from``, ``valid_to`` and ``after`` stand only where it is not always there."""
    bounds = {"valid_from": hole.valid_from, "valid_to": hole.valid_to}
    return {
        "task": hole.task,
        "ward": hole.ward,
        "weekday": DAY_CODES[hole.day - 1],
        "from": clock_text(hole.start_minutes),
        "to": clock_text(hole.end_minutes),
        **{name: bound.isoformat() for name, bound in bounds.items() if bound},
        **({"after": [DAY_CODES[day - 1] for day in hole.after]} if hole.after else {}),
    }


def warnings(workload: Workload, coverage: Coverage, case: WorkloadCase) -> list[tuple[str, str]]:
    """Codes and sentences: what the figures rest on, and what is odd about the agreement."""
    found = [(notice.code, notice_text(notice)) for notice in workload.notices]
    found += case.notes
    if not case.rules:
        found.append(("NO_AGREEMENT", "no agreement is given, so nobody is named and no hole was looked for"))
    found += [("TWO_PARTIES", overlap_text(overlap)) for overlap in coverage.overlaps]
    return found + [(remark.code.upper(), remark_text(remark)) for remark in coverage.remarks]


def text(workload: Workload, coverage: Coverage, case: WorkloadCase, day: date | None) -> str:
    """The same for people."""
    period = (
        f"on {day:%A} {day}" if day else f"average week of {case.order.year}" if case.order.year else "average week"
    )
    lines = [*([case.title] if case.title else []), period, ""]
    hours = workload.minutes.times(1 / 60)
    net = case.order.params.net_hours_per_fte
    lines += [
        f"{'work':<14}{hours.typical:>10,.1f} hours   ({hours.low:,.1f} to {hours.high:,.1f})",
        f"{'posts':<14}{workload.fte.typical:>10,.2f}         ({workload.fte.low:,.2f} to {workload.fte.high:,.2f})"
        f" at {net:,.0f} hours a year{', if every day were so' if day else ''}",
        "",
        f"{'ward':<14}{'hours':>10}",
    ]
    for code, minutes in workload.by_ward.items():
        own = spread_of(row for row in workload.rows if row.ward == code).times(1 / 60)
        lines.append(f"{code:<14}{minutes / 60:>10,.1f}         ({own.low:,.1f} to {own.high:,.1f})")
    lines += ["", f"{'task':<24}{'hours':>10}"]
    by_task: dict[str, float] = {}
    for row in workload.rows:
        by_task[row.task] = by_task.get(row.task, 0) + row.minutes.typical
    lines += [f"{task:<24}{minutes / 60:>10,.1f}" for task, minutes in by_task.items()]
    if day is None:
        lines += ["", "".join(f"{code:>9}" for code in WEEKDAY_CODES)]
        lines.append("".join(f"{minutes / 60:>9,.1f}" for minutes in workload.by_weekday))
    lines += ["", f"the clock of the day: hours of work {'' if day else 'a week '}by the hour in which they fall", ""]
    lines += _clock(workload.by_hour)
    lines += _section("holes: nobody is responsible", holes_text(coverage.holes))
    lines += _section("warnings", [said for _, said in warnings(workload, coverage, case)])
    return "\n".join(lines)


def _clock(by_hour: tuple[float, ...]) -> list[str]:
    longest = max(by_hour)
    return [
        f"{hour:02d}  {minutes / 60:>8,.1f}  {'#' * round(BAR * minutes / longest) if longest else ''}".rstrip()
        for hour, minutes in enumerate(by_hour)
    ]


def _section(heading: str, sentences: list[str] | tuple[str, ...]) -> list[str]:
    return ["", heading, "", *(f"- {sentence}" for sentence in sentences)] if sentences else []
