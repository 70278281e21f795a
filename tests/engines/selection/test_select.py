"""The ladder: whatever it gives, the judge accepts, and nothing that sets forbid is ever given."""

from __future__ import annotations

from random import Random

import pytest
from tests.strategies.diets import cases_random

from vardnara.engines.diet.data import Avoid, Dish, Needs, Variant
from vardnara.engines.selection import Fit, Option, Selected, Step, fit, select
from vardnara.engines.selection.check import problems

PLAIN = Needs(diets=frozenset({"normal"}))
MILK = Needs(diets=frozenset({"normal"}), avoid=frozenset({Avoid("7")}))


def dish(name: str, *contains: str, diets: str = "normal", removes: str = "") -> Dish:
    variants = (Variant("without", "utan", frozenset({removes})),) if removes else ()
    return Dish(
        name, name, contains=frozenset(contains), flags=frozenset(), diets=frozenset(diets.split()), variants=variants
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_judge_accepts_every_selection(seed: int) -> None:
    """Random rungs of random dishes in random cells, for random patients."""
    chance = Random(seed)
    dishes, patients = cases_random(seed, 60, 40)
    for needed in patients:
        keys = iter(range(1000))
        steps = [
            Step(
                f"rung {rung}",
                tuple(
                    Option(next(keys), tuple(chance.sample(dishes, chance.randrange(4))))
                    for _ in range(chance.randrange(4))
                ),
            )
            for rung in range(4)
        ]
        assert problems(steps, needed, select(steps, needed)) == []


def test_a_cell_that_is_safe_as_it_is_comes_before_a_change() -> None:
    """The gluten-free cell, not the plain one without its sauce."""
    option = Option(1, (dish("cream", "7", removes="7"), dish("broth")))
    found = fit(option, MILK)
    assert (found.cell, found.verdict.change) == (1, None)
    assert fit(Option(1, option.cells[:1]), MILK).verdict.change == "without"


def test_the_first_rung_that_is_safe_gives_the_plate() -> None:
    """What was tried before stands beside it with its causes; where nothing is safe, nothing is given."""
    steps = [
        Step("choice", (Option(1, (dish("cream", "7"),)),)),
        Step("default", (Option(2, (dish("fish", "4", diets="other"),)), Option(3, (dish("rice"),)))),
    ]
    found = select(steps, MILK)
    assert (found.step, found.fit.key if found.fit else None) == ("default", 3)
    assert [(one.key, one.verdict.reasons[0].code) for one in found.tried] == [(1, "allergen"), (2, "diet")]
    assert select(steps[:1], MILK) == Selected("", None, (fit(steps[0].options[0], MILK),))


def test_the_judge_finds_what_is_wrong() -> None:
    """Something unsafe, something that is not first, nothing where something is safe."""
    steps = [Step("choice", (Option(1, (dish("cream", "7"),)), Option(2, (dish("rice"),))))]
    right = select(steps, MILK)
    assert problems(steps, MILK, right) == []
    unsafe = Selected("choice", fit(steps[0].options[0], PLAIN))
    for wrong in (unsafe, Selected("", None), Selected("choice", right.fit), Selected("other", right.fit, right.tried)):
        assert problems(steps, MILK, wrong)
    assert problems(steps, MILK, Selected("choice", Fit(2, None, right.fit.verdict), right.tried))  # type: ignore[union-attr]
    assert problems(steps[:1], Needs(diets=frozenset({"x"})), right)
