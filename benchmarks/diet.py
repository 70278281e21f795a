"""Diet: patient x dish decisions a second on one core, with all causes, beside the plain twin and a bare NumPy floor.

No database. The clock runs from declared dishes and needs to status, change and reasons of every pair.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from _hospital import machine

from vardnara.engines.diet import ALLERGENS, TEXTURES, Avoid, Dish, Fasting, Needs, Variant, dish_check
from vardnara.engines.diet.vector import check_all

NEEDED = 20_000_000.0
SIZES = {"region": (2000, 400), "hospital": (700, 60)}  # patients, dishes
DIETS = ("normal", "energy_protein", "gluten_free", "lactose_reduced", "renal", "fat_reduced", "vegetarian", "vegan")
FLAGS = ("pork", "beef", "fish", "alcohol", "gelatine", "clear_fluids")


def cases(n_patients: int, n_dishes: int) -> tuple[list[Dish], list[Needs]]:
    dice = random.Random(2026)

    def pick(values: Any, most: int, least: int = 0) -> frozenset[Any]:
        return frozenset(dice.sample(list(values), dice.randint(least, most)))

    dishes = [
        Dish(
            f"d{number}",
            f"Dish {number}",
            None if dice.random() < 0.05 else pick(ALLERGENS, 5),
            pick(ALLERGENS, 2),
            pick(ALLERGENS, 1),
            pick(TEXTURES, 3),
            pick(range(8), 3),
            pick(DIETS, 6, 2),
            pick(FLAGS, 2),
            tuple(
                Variant(f"v{rank}", "variant", pick(ALLERGENS, 4), pick(FLAGS, 1), pick(DIETS, 2))
                for rank in range(dice.choice((0, 0, 1, 2, 3)))
            ),
            is_drink=dice.random() < 0.1,
            safe_for_all=dice.random() < 0.1,
        )
        for number in range(n_dishes)
    ]
    patients = [
        Needs(
            frozenset(Avoid(code, dice.random() < 0.3) for code in pick(ALLERGENS, dice.choice((0, 3)))),
            pick(TEXTURES, 1) if dice.random() < 0.2 else frozenset(),
            pick(range(3, 8), 1) if dice.random() < 0.2 else frozenset(),
            pick(DIETS, 2, 1),
            pick(FLAGS, 2) if dice.random() < 0.3 else frozenset(),
            dice.choice((Fasting.NO,) * 18 + (Fasting.NOTHING, Fasting.CLEAR_FLUIDS)),
            pick(range(5), 1) if dice.random() < 0.1 else frozenset(),
            dice.random() < 0.97,
        )
        for _ in range(n_patients)
    ]
    return dishes, patients


def floor(n_patients: int, n_dishes: int, n_words: int) -> None:
    """One AND and one comparison for each word of each pair, in blocks."""
    need, offence = np.ones((n_words, n_patients), np.uint64), np.ones((n_words, n_dishes), np.uint64)
    rows = max(1, 32_768 // n_dishes)
    for start in range(0, n_patients, rows):
        for word in range(n_words):
            np.not_equal(need[word, start : start + rows, None] & offence[word], 0)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(n_patients: int, n_dishes: int, rounds: int) -> dict[str, Any]:
    dishes, patients = cases(n_patients, n_dishes)
    some = patients[:20]
    decisions = check_all(dishes, patients)
    for row, needs in enumerate(some):
        for column, dish in enumerate(dishes):
            if decisions.verdict(row, column) != dish_check(dish, needs):
                raise SystemExit(f"the twins differ: patient {row}, dish {column}")
    n_words = decisions.vocabulary.n_words
    fast, plain, least = [], [], []
    for _ in range(rounds):
        fast.append(seconds(lambda: check_all(dishes, patients)))
        plain.append(seconds(lambda: [dish_check(dish, needs) for needs in some for dish in dishes]))
        least.append(seconds(lambda: floor(n_patients, n_dishes, n_words)))
    pairs = n_patients * n_dishes
    rate, twin, bare = pairs / min(fast), len(some) * n_dishes / min(plain), pairs / min(least)
    return {
        "patients": n_patients,
        "dishes": n_dishes,
        "words": n_words,
        "blocked_share": round(float((decisions.status == 2).mean()), 3),
        "decisions_per_second": round(rate),
        "plain_twin_per_second": round(twin),
        "floor_per_second": round(bare),
        "times_the_plain_twin": round(rate / twin, 1),
        "share_of_the_floor": round(rate / bare, 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="of each; the best counts (default 7)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result: dict[str, Any] = {name: measure(*size, args.rounds) for name, size in SIZES.items()}
    result |= {"needed": NEEDED, "machine": machine()}
    result["reached"] = result["region"]["decisions_per_second"] >= NEEDED
    if args.json:
        print(json.dumps(result))
    else:
        for name in SIZES:
            print("\n".join(f"{name} {key:24} {value:>14,}" for key, value in result[name].items()))
        print(f"reached {result['reached']}, {result['machine']}")
    return 0 if result["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())
