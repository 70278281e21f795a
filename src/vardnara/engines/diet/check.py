"""An independent judge of verdicts: plain sets of leaves intersected, sharing nothing with the engine but the data."""

from __future__ import annotations

from vardnara.engines.diet.codes import ALLERGENS, REASONS
from vardnara.engines.diet.data import Dish, Needs, Variant
from vardnara.engines.diet.result import Verdict


def leaves(codes: frozenset[str]) -> set[str]:
    """What codes can mean: a group without members itself, a group with members each of them."""
    found = set()
    for code in codes:
        members = {other for other in ALLERGENS if other.startswith(code + ".")}
        found |= members or {code}
    return found


def reasons_naive(dish: Dish, needs: Needs, variant: Variant | None = None) -> list[tuple[str, str]]:
    """Every reason as (code, detail), by set intersections alone."""
    contains = set(dish.contains or ())
    flags = set(dish.flags or ())
    diets = set(dish.diets)
    if variant is not None:
        contains -= set(variant.removes)
        contains = {code for code in contains if not any(code.startswith(gone + ".") for gone in variant.removes)}
        flags -= variant.removes_flags
        diets |= variant.adds_diets
    avoided = leaves(frozenset(entry.allergen for entry in needs.avoid))
    strict = leaves(frozenset(entry.allergen for entry in needs.avoid if not entry.traces_tolerated))
    found = {("allergen", code) for code in contains if leaves(frozenset({code})) & avoided}
    found |= {("may_contain", code) for code in dish.may_contain if leaves(frozenset({code})) & strict}
    found |= {("unknown", code) for code in dish.unknown if leaves(frozenset({code})) & avoided}
    if dish.contains is None:
        for entry in needs.avoid:
            named = set(dish.unknown) if entry.traces_tolerated else set(dish.unknown | dish.may_contain)
            named |= {code for code in ALLERGENS if code.split(".")[0] in named}
            if entry.allergen not in named:
                found.add(("unknown", entry.allergen))
    if dish.flags is None:
        found |= {("unknown", flag) for flag in needs.exclude}
    found |= {("texture", one) for one in needs.textures if one not in dish.textures}
    asked: set[int] = set()
    if needs.fluids and dish.is_drink:
        asked |= needs.fluids
    if dish.is_food or not needs.fluids:
        asked |= needs.iddsi
    found |= {("iddsi", str(level)) for level in asked if level not in dish.iddsi}
    found |= {("diet", one) for one in needs.diets if one not in diets}
    if not (needs.diet_known or dish.safe_for_all):
        found.add(("diet", "unknown"))
    found |= {("excluded", flag) for flag in needs.exclude if flag in flags}
    if needs.fasting == "true" or (needs.fasting == "clear_fluids" and "clear_fluids" not in flags):
        found.add(("fasting", str(needs.fasting)))
    return [pair for code in REASONS for pair in sorted(found) if pair[0] == code]


def verdict_faults(dish: Dish, needs: Needs, verdict: Verdict) -> tuple[str, ...]:
    """What is wrong with a verdict; empty where nothing is."""
    expected = reasons_naive(dish, needs)
    ways = [variant.id for variant in dish.variants if not reasons_naive(dish, needs, variant)]
    change = ways[0] if expected and ways else None
    status = ("after_change" if ways else "blocked") if expected else "allowed"
    wrong = []
    if [(reason.code, reason.detail) for reason in verdict.reasons] != expected:
        wrong.append(f"{dish.id}: reasons {verdict.reasons}, expected {expected}")
    if (verdict.status, verdict.change) != (status, change):
        wrong.append(f"{dish.id}: {verdict.status} {verdict.change}, expected {status} {change}")
    return tuple(wrong)
