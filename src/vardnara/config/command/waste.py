"""``vardnara waste``: which portions were thrown away and why, and what was weighed, kitchen by kitchen."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from vardnara.config.command.registry import command_add, data_option, json_option
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

DAYS = 28


def register(subparsers: Any) -> None:
    """Declare ``waste``."""
    parser = command_add(subparsers, "waste")
    parser.add_argument("--since", metavar="D", help=f"first day (default: {DAYS} days up to the last)")
    parser.add_argument("--until", metavar="D", help="last day (default: yesterday)")
    data_option(parser)
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Settle what is over, count, print."""
    from vardnara.config.command.session import hospital_open

    asked = {name: _day(name, getattr(args, name)) for name in ("since", "until")}
    with hospital_open(args, "waste"):
        from vardnara.apps.hospital.queries.organisation import organisation
        from vardnara.apps.meals.queries.waste import kitchens_all, waste_report
        from vardnara.apps.meals.queries.weighing import weighed
        from vardnara.apps.meals.services.waste import wastes_settle
        from vardnara.kernel.local_time import local_date

        at = datetime.now(UTC)
        last = asked["until"] or local_date(at) - timedelta(days=1)
        since = asked["since"] or last - timedelta(days=DAYS - 1)
        if since > last:
            raise InputError([Fault("vardnara waste", "--since", str(since), f"a day before {last}")])
        wastes_settle(at=at)
        found = []
        for kitchen in kitchens_all():
            wards = [ward for division in organisation(hospital_id=kitchen.hospital_id) for ward in division.wards]
            period: dict[str, Any] = {"kitchen": kitchen, "since": since, "until": last + timedelta(days=1)}
            report = waste_report(**period, names={ward.id: ward.code for ward in wards})
            found.append(document(report, weighed(**period)))
    print(json.dumps({"kitchens": found}, ensure_ascii=False) if args.json else "\n\n".join(map(text, found)))
    return 0


def _day(name: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise InputError([Fault("vardnara waste", f"--{name}", text or "", "a date as 2026-03-02")]) from None


def document(report: Any, weighed: list[Any]) -> dict[str, Any]:
    """The figures of a kitchen."""

    def tallies(rows: list[Any], name: str) -> list[dict[str, Any]]:
        return [
            {
                name: row.name if name == "ward" else row.key,
                "cooked": row.cooked,
                "known": row.noted,
                "portions_wasted": float(row.portions),
                "untouched": row.untouched,
                "by_records": row.joined,
                "said": row.said,
                "unknown": row.unknown,
                "told_late": row.told_late,
                "known_in_time": row.in_time,
                "sek": None if row.sek is None or not report.costs else float(row.sek),
            }
            for row in rows
        ]

    return {
        "kitchen": report.kitchen.code,
        "since": str(report.since),
        "until": str(report.last),
        "all": tallies([report.whole], "all")[0],
        "causes": tallies(report.causes, "cause"),
        "wards": tallies(report.wards, "ward"),
        "meals": tallies(report.meals, "meal"),
        "weeks": tallies(report.weeks, "week"),
        "weighed": [
            {
                "category": one.category,
                "by": "eater" if one.by_eater else "portion",
                "kg": one.kilograms,
                "people": one.people,
                "grams_each": one.grams_each,
                "meals": one.n_meals,
                "meals_without_people": one.n_missing,
                "people_by_hand": one.n_by_hand,
            }
            for one in weighed
        ],
    }


def text(found: dict[str, Any]) -> str:
    """The same for people."""
    whole = found["all"]
    lines = [
        f"{found['kitchen']}, {found['since']} to {found['until']}",
        f"{whole['cooked']} portions cooked, known of {whole['known']}: {whole['portions_wasted']:.1f} thrown away, "
        f"{whole['untouched']} trays untouched",
    ]
    for row in found["causes"]:
        late = f", {row['told_late']} told too late" if row["told_late"] else ""
        lines.append(
            f"  {row['cause']:<15}{row['portions_wasted']:>8.1f}   "
            f"records {row['by_records']}, said {row['said']}, unknown {row['unknown']}{late}"
        )
    for row in found["weighed"]:
        each = (
            "people not known"
            if row["grams_each"] is None
            else f"{row['people']} {row['by']}s, {row['grams_each']:.0f} g each"
        )
        lines.append(f"  {row['category']:<15}{row['kg']:>8.1f} kg, {each}")
    return "\n".join(lines)
