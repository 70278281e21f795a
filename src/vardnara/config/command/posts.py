"""``vardnara posts``: what hours of work ask for in people and posts, and what each further post buys."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, json_option
from vardnara.engines.economy import Pay, PostCost, post_cost
from vardnara.engines.posts import (
    CoverPlan,
    CurvePoint,
    Needs,
    PostsParams,
    allocation_curve,
    cover_plan,
    needs_estimate,
)
from vardnara.engines.posts.document import cover_row, needs_rows, point_row
from vardnara.engines.posts.explain import cover_text, step_text
from vardnara.engines.workload import Workload, workload_estimate
from vardnara.engines.workload.explain import notice_text
from vardnara.gateways.posts_file import PostsCase, posts_file_read
from vardnara.gateways.tabular import OutTable, table_csv_text
from vardnara.kernel.errors import InputError, NoSolution
from vardnara.kernel.faults import Fault
from vardnara.parameters.posts import post_numbers
from vardnara.parameters.working_time import working_time

LEVELS = ("low", "typical", "high")
CURVE = ("posts", "weekday_posts", "all_day_posts", "hours_per_week", "covered_minutes", "uncovered_minutes",
         "care_minutes_released", "care_minutes_left", "marginal_minutes", "worth", "bound", "status")  # fmt: skip


def register(subparsers: Any) -> None:
    """Declare ``posts``."""
    parser = command_add(subparsers, "posts")
    parser.add_argument("file", metavar="FILE.toml", help="a workload file and how posts are laid out (docs/posts.md)")
    parser.add_argument("--posts", type=int, metavar="N", help="up to how many posts; else what the file says")
    parser.add_argument("--csv", metavar="FILE", help="write the curve as a table too")
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Estimate needs, cover them, draw the curve, print."""
    case = posts_file_read(Path(args.file))
    if args.posts is not None:
        if not 0 <= args.posts <= 200:
            raise InputError([Fault("vardnara posts", "--posts", str(args.posts), "a whole number from 0 to 200")])
        case = replace(case, n_most=args.posts)
    try:
        needs, covers = _needs(case)
        points = _curve(case, needs)
    except NoSolution as error:
        raise InputError([Fault(args.file, "", error.detail, "smaller zones, or fewer days of work")]) from error
    found = document(case, needs, covers, points)
    if args.csv:
        _csv_write(Path(args.csv), found)
    print(json.dumps(found, ensure_ascii=False) if args.json else text(case, needs, covers, points, found))
    return 0


def _needs(case: PostsCase) -> tuple[Needs, dict[str, CoverPlan]]:
    """The needs, and the posts that covers need where all norms are low, typical or high."""
    by_level = {level: needs_estimate(replace(case.order, level=level), case.shapes, case.params) for level in LEVELS}
    return by_level["typical"], {level: cover_plan(one.field, case.params) for level, one in by_level.items()}


def _curve(case: PostsCase, needs: Needs) -> list[CurvePoint]:
    show, points = sys.stderr.isatty(), []
    for point in allocation_curve(needs.field, case.n_most, case.params):
        points.append(point)
        if show:
            print(f"\r{point.free.n_posts} of {case.n_most} posts", end="", file=sys.stderr, flush=True)
    if show:
        print(file=sys.stderr)
    return points


def costs(case: PostsCase) -> list[PostCost]:
    """What full time costs in a year, by each rate of social charges (E-05, E-07)."""
    if case.pay is None:
        return []
    pay = Pay(
        monthly_sek=case.pay.monthly_sek,
        vacation_days=Decimal(str(working_time("vacation_days"))),
        inconvenient_sek=case.pay.inconvenient_sek,
        overhead_sek=case.pay.overhead_sek,
        pay_year=case.pay.pay_year,
    )
    return [
        post_cost(
            pay,
            charges_share=rate.share,
            charges_basis=rate.basis,
            vacation_share_a_day=Decimal(str(working_time("vacation_supplement_share"))),
            net_hours=Decimal(str(case.params.net_hours_per_fte)),
        )
        for rate in case.pay.charges
    ]


def document(case: PostsCase, needs: Needs, covers: dict[str, CoverPlan], points: list[CurvePoint]) -> dict[str, Any]:
    """The one JSON document."""
    work = workload_estimate(case.order.workload)
    per_post = costs(case)
    curve = []
    for before, point in zip([None, *points], points, strict=False):
        row = point_row(needs.field, before, point, case.params)
        row["cost"] = [_cost(one, point.free.n_posts) for one in per_post]
        if before is not None:
            row["step"]["text"] = step_text(needs.field, before.step, point.step)
        curve.append(row)
    return {
        "title": case.title,
        "year": case.order.workload.year,
        "service_level": case.params.service_level,
        "minutes_per_week": _spread(work, "minutes"),
        "fte": _spread(work, "fte"),
        "days": [{"day": one.code, "per_year": one.days_per_year} for one in needs.field.columns],
        "zones": [
            {"zone": zone.code, "wards": list(zone.wards), "productive_share": zone.productive_share}
            for zone in needs.zones
        ],
        "needs": needs_rows(needs),
        "needed": {level: cover_row(needs.field, plan) for level, plan in covers.items()},
        "curve": curve,
        "warnings": [{"code": code, "text": said} for code, said in warnings(case, work, needs, covers, points)],
    }


def _spread(work: Workload, name: str) -> dict[str, float]:
    return {level: round(getattr(getattr(work, name), level), 6) for level in LEVELS}


def _cost(one: PostCost, n_posts: int) -> dict[str, Any]:
    """Money with its basis (E-08)."""
    return {
        "total_sek": float(one.total_sek * n_posts),
        "per_post_sek": float(one.total_sek),
        "po_basis": one.charges_basis,
        "pay_year": one.pay_year,
        "hours_basis": float(one.hours_basis),
    }


def warnings(
    case: PostsCase, work: Workload, needs: Needs, covers: dict[str, CoverPlan], points: list[CurvePoint]
) -> list[tuple[str, str]]:
    """What the figures rest on."""
    found = [("ASSUMED", said) for said in case.assumed]
    shipped = PostsParams()
    names = [name for name in ("service_level", "walking_share", "pause_share", "care_minutes_per_minute")
             if getattr(case.params, name) == getattr(shipped, name)
             and post_numbers()[name].evidence.confidence == "unverified"]  # fmt: skip
    if names:
        found.append(("UNVERIFIED_NUMBERS", "no measurement stands behind these numbers: " + ", ".join(names)))
    found += [(notice.code, notice_text(notice)) for notice in work.notices]
    found += case.work.notes
    for zone, column, hour in covers["typical"].out_of_reach[:1]:
        n = len(covers["typical"].out_of_reach)
        place = f"{needs.field.zones[zone]}, {needs.field.columns[column].code} at {hour:02d}:00"
        found.append(("OUT_OF_REACH", f"no day of work reaches {n} hours that need somebody, the first {place}"))
    if any(plan.status != "optimal" for point in points for plan in (point.free, point.step)):
        found.append(("NOT_PROVED", "some plans may not be the best: their bounds say by how much"))
    if case.pay is None:
        found.append(("NO_PAY", "no pay is given, so no post has a cost"))
    return found


def _csv_write(path: Path, found: dict[str, Any]) -> None:
    """The curve: a row for each number of posts."""
    bases = [one["po_basis"] for one in found["curve"][0]["cost"]]
    rows = [
        [
            *(row[name] for name in CURVE),
            *(row["step"][name] for name in ("covered_minutes", "marginal_minutes", "status")),
            row["step"].get("text", ""),
            *(one["total_sek"] for one in row["cost"]),
        ]
        for row in found["curve"]
    ]
    columns = (*CURVE, "step_covered_minutes", "step_marginal_minutes", "step_status", "step_text",
               *(f"cost_sek {basis}" for basis in bases))  # fmt: skip
    try:
        path.write_text(table_csv_text(OutTable("posts", columns, rows)), encoding="utf-8")
    except OSError as error:
        raise InputError([Fault(str(path), "", f"cannot be written ({error.strerror})", "a file")]) from error


def text(
    case: PostsCase, needs: Needs, covers: dict[str, CoverPlan], points: list[CurvePoint], found: dict[str, Any]
) -> str:
    """The same for people."""
    hours = {level: minutes / 60 for level, minutes in found["minutes_per_week"].items()}
    fte, net = found["fte"], case.params.net_hours_per_fte
    lines = [
        *([case.title, ""] if case.title else []),
        f"{'work':<26}{hours['typical']:>8,.1f} h a week   ({hours['low']:,.1f} to {hours['high']:,.1f})",
        f"{'posts by hours alone':<26}{fte['typical']:>8,.1f}            ({fte['low']:,.1f} to {fte['high']:,.1f})"
        f" at {net:,.0f} hours a year",
        f"{'posts by cover':<26}{covers['typical'].posts.total:>8}            "
        f"({covers['low'].posts.total} to {covers['high'].posts.total}) so that the work of an hour is within its cover"
        f" in {case.params.service_level:.0%} of the hours",
        f"  {cover_text(needs.field, covers['typical'])}",
        "",
        "hours of an average week, the best for each number of posts, and step by step",
        "",
        f"{'posts':>5} {'Mon-Fri':>8} {'worked':>8} {'covered':>8} {'on care':>8} {'the last':>9} {'step':>8}  proof"
        + "".join(f"{'kr ' + format(one['per_post_sek'], ',.0f') + ' each':>22}" for one in found["curve"][0]["cost"]),
    ]
    for row in found["curve"]:
        proof = "best" if row["status"] == "optimal" else f"within {row['bound'] - row['worth']:.1f} min"
        money = "".join(f"{one['total_sek']:>22,.0f}" for one in row["cost"])
        lines.append(
            f"{row['posts']:>5} {row['weekday_posts']:>8} {row['hours_per_week']:>8.1f}"
            f" {row['covered_minutes'] / 60:>8.1f} {row['uncovered_minutes'] / 60:>8.1f}"
            f" {row['marginal_minutes'] / 60:>9.1f} {row['step']['covered_minutes'] / 60:>8.1f}  {proof:<5}{money}"
        )
    said = [row["step"]["text"] for row in found["curve"] if "text" in row["step"]]
    lines += _section("what each post buys, where those before keep their days", said)
    lines += _section("warnings", [one["text"] for one in found["warnings"]])
    return "\n".join(lines)


def _section(heading: str, sentences: list[str]) -> list[str]:
    return ["", heading, "", *(f"- {sentence}" for sentence in sentences)] if sentences else []
