"""``vardnara decide``: a decision case reckoned, with what its own data warn of, and its documents."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, json_option
from vardnara.engines.case import CaseUncertainty, Examination, FigureValue, case_uncertainty
from vardnara.engines.case.explain import concern_text
from vardnara.gateways.case_file import case_file_read
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.local_time import local_date
from vardnara.kernel.swedish import number_swedish, sek_swedish


def register(subparsers: Any) -> None:
    """Declare ``decide``."""
    parser = command_add(subparsers, "decide")
    parser.add_argument("file", metavar="CASE.toml", help="the case (docs/decide.md)")
    parser.add_argument("--out", metavar="DIR", help="folder for Word, PDF, xlsx, pptx and figures; made if need be")
    parser.add_argument("--date", metavar="D", help="of the documents, where the case has none (default: today)")
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Examine, write, print."""
    dated_on = _day(args.date)
    found = case_file_read(Path(args.file)).examined()
    told = document(found)
    if args.out:
        told["documents"] = _written(found, Path(args.out), Path(args.file).stem, dated_on, told)
    print(json.dumps(told, ensure_ascii=False) if args.json else text(found, told))
    return 0


def _day(text: str | None) -> date:
    if text is None:
        return local_date(datetime.now(UTC))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError([Fault("decide", "", f"--date {text}", "a date such as 2026-03-05")]) from None


def _written(found: Examination, folder: Path, name: str, dated_on: date, told: dict[str, Any]) -> list[str]:
    """Write every document; nothing is written where one of them cannot be made."""
    from vardnara.engines.documents.case_document import FORMATS, case_document
    from vardnara.engines.documents.case_extract import case_minuted, extract_document

    made = case_document(found, dated_on=dated_on)
    files = {f"{name}.{suffix}": build(made) for suffix, build in FORMATS.items()}
    minuted = case_minuted(found.case)
    if minuted is not None:
        extract = extract_document(found, minuted, recipients=found.case.recipients)
        files |= {f"{name}-extract.{suffix}": FORMATS[suffix](extract) for suffix in ("docx", "pdf")}
    files[f"{name}.json"] = (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / file).write_bytes(content)
    except OSError as error:
        wrong = f"--out {folder} cannot be written ({error.strerror})"
        raise InputError([Fault("decide", "", wrong, "a folder")]) from error
    print(f"written to {folder}: {', '.join(files)}", file=sys.stderr)
    return [str(folder / file) for file in files]


def text(found: Examination, told: dict[str, Any]) -> str:
    """The same for people, in the language of the documents."""
    case = found.case
    lines = [case.title, " · ".join(one for one in (case.organisation, case.organ, case.registry_number) if one)]
    if found.posts is not None:
        removed = found.posts.removed
        what = "tjänster avvecklas" if removed >= 0 else "tjänster tillkommer"
        lines += [
            "",
            f"{number_swedish(abs(removed))} {what}, {number_swedish(found.posts.in_frame)} av dem i ram; "
            f"{number_swedish(found.posts.reaimed)} ställs om",
        ]
    if found.effect is not None:
        full, year = found.effect.full_year, found.effect.budget_year
        lines += ["", f"{'effekt':<34}{'brutto':>20}{'netto':>20}"]
        lines += [f"{row.payer:<34}{sek_swedish(row.gross_sek):>20}{sek_swedish(row.net_sek):>20}" for row in full.rows]
        lines.append(f"{'helår':<34}{sek_swedish(full.gross_sek):>20}{sek_swedish(full.net_sek):>20}")
        if full.unfunded_sek:
            lines.append(f"{'utanför alla ramar, helår':<34}{sek_swedish(full.unfunded_sek):>20}")
        if year is not None and found.effect.carry_over_sek is not None:
            lines.append(f"{year.year:<34}{sek_swedish(year.gross_sek):>20}{sek_swedish(year.net_sek):>20}")
            lines.append(f"{'kommer senare':<34}{sek_swedish(found.effect.carry_over_sek):>20}")
    sure = told.get("uncertainty")
    if sure is not None:
        head = ("nettoeffekt, helår, nio av tio", "lägst", "högst", "går jämnt ut")
        lines += ["", f"{head[0]:<34}{head[1]:>20}{head[2]:>20}{head[3]:>16}"]
        for payer, one in sure["net_by_payer"].items():
            low, high = (sek_swedish(Decimal(one[name])) for name in ("low_sek", "high_sek"))
            lines.append(
                f"{payer:<34}{low:>20}{high:>20}{number_swedish(Decimal(str(one['payback_share'] * 100)), 0):>14} %"
            )
    if found.ledger is not None:
        of = found.ledger
        rows = (("kostnad", of.cost_sek), ("ersättning", of.compensation_sek), ("avvikelse", of.deviation_sek))
        lines += ["", *(f"{label:<34}{sek_swedish(amount):>20}" for label, amount in rows)]
    if found.balance is not None:
        balance = found.balance
        rows = (
            ("timmar om året som försvinner", balance.leaving),
            ("tas emot", balance.received),
            ("frigörs av annat", balance.released),
            ("utan mottagare", balance.without_home),
        )
        lines += ["", *(f"{label:<34}{number_swedish(hours):>20}" for label, hours in rows)]
    lines += ["", *(f"{row['code']}: {row['text']}" for row in told["warnings"])]
    return "\n".join(lines).rstrip()


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
        if full.unfunded_sek:
            told["unfunded_full_year_effect_sek"] = _number(full.unfunded_sek)
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
    sure = case_uncertainty(found)
    if sure is not None and sure.money is not None:
        told["uncertainty"] = _uncertainty(sure)
    spreads = sure.spreads if sure else {}
    return told | {
        "warnings": [{"code": concern.code, "text": concern_text(concern)} for concern in found.concerns],
        "may_be_executed": found.may_be_executed,
        "figures": [_figure(value, spreads.get(value.figure.id)) for value in found.figures],
        "decisions": [_step(step) for step in found.case.steps],
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _uncertainty(sure: CaseUncertainty) -> dict[str, Any]:
    """Net effect of a full year by payer, what nine tenths of the draws lie between, and what matters most."""
    money = sure.money
    assert money is not None
    return {
        "draws": money.draws,
        "seed": money.seed,
        "net_by_payer": {
            one.payer: {
                "mean_sek": round(one.mean),
                "low_sek": round(one.low),
                "high_sek": round(one.high),
                "payback_share": round(one.payback_share, 4),
            }
            for one in money.by_payer
        },
        "matters_most": [
            {"figure": one.factor, "at_low_sek": round(one.at_low), "at_high_sek": round(one.at_high)}
            for one in money.importance
        ],
    }


def _figure(value: FigureValue, spread: tuple[Decimal, Decimal] | None) -> dict[str, Any]:
    figure = value.figure
    told: dict[str, Any] = {
        "id": figure.id,
        "label": figure.label,
        "value": _number(value.value),
        "unit": figure.unit,
        "kind": figure.kind.value,
    }
    if figure.formula:
        told["formula"] = figure.formula
    if figure.quote is not None:
        told |= {"quote": figure.quote.text, "source": figure.quote.source, "place": figure.quote.place}
    if figure.query and figure.read_on is not None:
        told |= {"query": figure.query, "read_on": figure.read_on.isoformat()}
    if spread is not None:
        told |= {"low": _number(spread[0]), "high": _number(spread[1])}
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
