"""``vardnara diet check``: which dishes of a menu are safe for a patient, after which change, and why not."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, json_option
from vardnara.engines.diet import Dish, Status, Verdict, dish_check
from vardnara.engines.diet.explain import verdict_text
from vardnara.gateways.diet_file import DietCase, diet_files_read, verdicts_document

STATUS_WORDS = {Status.ALLOWED: "allowed", Status.AFTER_CHANGE: "after change", Status.BLOCKED: "blocked"}


def register(subparsers: Any) -> None:
    """Declare ``diet check``."""
    parser = command_add(subparsers, "diet")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    line = "check the dishes of a menu for a patient; exit 0 also when dishes are blocked"
    checking = actions.add_parser("check", help=line, description=line)
    checking.add_argument("menu", metavar="MENU.json", help="dishes of a meal as declared (docs/diet.md)")
    checking.add_argument("patient", metavar="PATIENT.json", help="what the patient needs")
    json_option(checking)


def run(args: argparse.Namespace) -> int:
    """Read, check, print."""
    case = diet_files_read(Path(args.menu), Path(args.patient))
    answers = [(dish, dish_check(dish, case.needs)) for dish in case.menu.dishes]
    print(json.dumps(verdicts_document(answers), ensure_ascii=False) if args.json else text(case, answers))
    return 0


def text(case: DietCase, answers: list[tuple[Dish, Verdict]]) -> str:
    """The same for people."""
    width = max([len(dish.name) for dish, _ in answers], default=0) + 2
    lines = [case.menu.meal, ""] if case.menu.meal else []
    for dish, verdict in answers:
        change = next((variant.name for variant in dish.variants if variant.id == verdict.change), "")
        said = "; ".join(part for part in (change, verdict_text(verdict)) if part)
        lines.append(f"{dish.name:<{width}}{STATUS_WORDS[verdict.status]:<14}{said}".rstrip())
    if not answers:
        lines.append("no dishes")
    return "\n".join(lines)
