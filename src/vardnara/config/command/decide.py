"""``vardnara decide``: a decision case reckoned, with what its own data warn of, and its documents."""

from __future__ import annotations

import argparse
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, json_option
from vardnara.engines.case import Examination, FigureValue
from vardnara.gateways.case_file import case_file_read


def register(subparsers: Any) -> None:
    """Declare ``decide``."""
    parser = command_add(subparsers, "decide")
    parser.add_argument("file", metavar="CASE.toml", help="the case (docs/decide.md)")
    parser.add_argument("--out", metavar="DIR", help="folder for the Word, PDF, xlsx and pptx files; made if need be")
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Examine, write, print."""
    found = case_file_read(Path(args.file)).examined()
    if args.json:
        print(json.dumps(document(found), ensure_ascii=False))
    return 0


def document(found: Examination) -> dict[str, Any]:
    """The one JSON document (CONTRACT 3); a key is there when the case has data for it."""
    told: dict[str, Any] = {"title": found.case.title, "kind": found.case.kind}
    if found.posts is not None:
        told |= {
            "posts_removed": _number(found.posts.removed),
            "posts_in_frame": _number(found.posts.in_frame),
            "posts_reaimed": _number(found.posts.reaimed),
        }
    if found.effect is not None:
        full = found.effect.full_year
        told |= {
            "full_year_effect_sek": _number(full.gross_sek),
            "by_payer": {row.payer: _number(row.gross_sek) for row in full.rows},
            "net_full_year_effect_sek": _number(full.net_sek),
            "net_by_payer": {row.payer: _number(row.net_sek) for row in full.rows},
        }
        year, carry_over = found.effect.budget_year, found.effect.carry_over_sek
        if year is not None and carry_over is not None:
            told["budget_year"] = {
                "year": year.year,
                "gross_effect_sek": _number(year.gross_sek),
                "net_effect_sek": _number(year.net_sek),
                "carry_over_sek": _number(carry_over),
            }
    if found.ledger is not None:
        told["forecast"] = {
            "cost_sek": _number(found.ledger.cost_sek),
            "compensation_sek": _number(found.ledger.compensation_sek),
            "deviation_sek": _number(found.ledger.deviation_sek),
        }
    if found.balance is not None:
        told["transfer_balance"] = {
            "hours_leaving": _number(found.balance.leaving),
            "hours_received": _number(found.balance.received),
            "hours_released": _number(found.balance.released),
            "hours_without_home": _number(found.balance.without_home),
        }
    return told | {
        "may_be_executed": found.may_be_executed,
        "figures": [_figure(value) for value in found.figures],
        "decisions": [_step(step) for step in found.case.steps],
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _figure(value: FigureValue) -> dict[str, Any]:
    figure = value.figure
    told: dict[str, Any] = {
        "id": figure.id,
        "label": figure.label,
        "value": _number(value.value),
        "unit": figure.unit,
        "kind": figure.kind.value,
    }
    if figure.formula is not None:
        told["formula"] = figure.formula.text
    if figure.quote is not None:
        told |= {"quote": figure.quote.text, "source": figure.quote.source, "place": figure.quote.place}
    if figure.note:
        told["note"] = figure.note
    return told


def _step(step: Any) -> dict[str, Any]:
    told = {"id": step.id, "kind": step.kind.value, "organ": step.organ, "text": step.text, "decided": step.is_decided}
    for name in ("on", "valid_from", "valid_through", "review_by"):
        day: date | None = getattr(step, name)
        if day is not None:
            told[name] = day.isoformat()
    return told | {name: getattr(step, name) for name in ("paragraph", "follows") if getattr(step, name)}
