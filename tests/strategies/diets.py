"""Dishes and patients in arrays: few building blocks, every combination of them."""

from __future__ import annotations

import random
from itertools import product

from hypothesis import strategies as st

from vardnara.engines.diet import ALLERGENS, IDDSI_LEVELS, TEXTURES, Avoid, Dish, Fasting, Needs, Variant

DIETS = ("normal", "energy_protein", "renal", "unknown")
FLAGS = ("pork", "fish", "clear_fluids", "3")

type Cases = tuple[tuple[Dish, ...], tuple[Needs, ...]]


def some(values: tuple[str, ...] | range, most: int = 3) -> st.SearchStrategy[frozenset]:
    return st.frozensets(st.sampled_from(values), max_size=most)


@st.composite
def case_arrays(draw: st.DrawFn) -> Cases:
    """54 dishes and 32 patients, 1,728 pairs; the allergens are drawn from a few, so that they meet."""
    codes = tuple(draw(st.frozensets(st.sampled_from(tuple(ALLERGENS)), min_size=2, max_size=6)))
    variants = st.builds(Variant, st.just(""), st.just("v"), some(codes), some(FLAGS, 2), some(DIETS, 2))
    blocks = (
        st.tuples(st.none() | some(codes), some(codes, 2), some(codes, 2)),
        st.tuples(
            some(TEXTURES, 6), some(IDDSI_LEVELS, 8), st.sampled_from([(True, False), (False, True), (True, True)])
        ),
        st.tuples(some(DIETS, 4), st.none() | some(FLAGS), st.booleans()),
        st.lists(variants, max_size=3),
    )
    pools = [
        draw(st.lists(block, min_size=most, max_size=most)) for block, most in zip(blocks, (3, 3, 3, 2), strict=True)
    ]
    dishes = tuple(
        Dish(
            str(number), "dish", *allergens, textures, levels, diets, flags,
            tuple(Variant(f"v{rank}", *parts(one)) for rank, one in enumerate(changes)), *serving, safe,
        )
        for number, parts_of in enumerate(product(*pools))
        for allergens, (textures, levels, serving), (diets, flags, safe), changes in (parts_of,)
    )  # fmt: skip
    avoid = st.frozensets(st.builds(Avoid, st.sampled_from(codes), st.booleans()), max_size=3)
    wants = (
        avoid,
        st.tuples(some(TEXTURES, 1), some(IDDSI_LEVELS, 1), some(range(5), 1)),
        st.tuples(some(DIETS, 2), some(FLAGS, 2), st.booleans()),
        st.sampled_from((Fasting.NO, Fasting.NO, *Fasting)),
    )
    pools = [draw(st.lists(want, min_size=most, max_size=most)) for want, most in zip(wants, (4, 2, 2, 2), strict=True)]
    patients = tuple(
        Needs(avoid, textures, levels, diets, exclude, fasting, fluids, known)
        for avoid, (textures, levels, fluids), (diets, exclude, known), fasting in product(*pools)
    )
    return dishes, patients


def parts(variant: Variant) -> tuple[str, frozenset[str], frozenset[str], frozenset[str]]:
    return variant.name, variant.removes, variant.removes_flags, variant.adds_diets


def cases_random(seed: int, n_dishes: int, n_patients: int, *, codes: tuple[str, ...] = tuple(ALLERGENS)) -> Cases:
    """Dishes and patients that have nothing to do with each other, the same for the same seed."""
    dice = random.Random(seed)

    def pick(values: tuple[str, ...] | range, most: int) -> frozenset:
        return frozenset(dice.sample(values, dice.randint(0, min(most, len(values)))))

    dishes = tuple(
        Dish(
            str(number),
            "dish",
            None if dice.random() < 0.2 else pick(codes, 3),
            pick(codes, 2) if dice.random() < 0.4 else frozenset(),
            pick(codes, 2) if dice.random() < 0.3 else frozenset(),
            pick(TEXTURES, 6),
            pick(IDDSI_LEVELS, 8),
            pick(DIETS, 4),
            None if dice.random() < 0.2 else pick(FLAGS, 2),
            tuple(
                Variant(f"v{rank}", "v", pick(codes, 4), pick(FLAGS, 2), pick(DIETS, 3))
                for rank in range(dice.choice((0, 1, 2, 3)))
            ),
            *dice.choice(((True, False), (False, True), (True, True))),
            dice.random() < 0.5,
        )
        for number in range(n_dishes)
    )
    patients = tuple(
        Needs(
            frozenset(Avoid(code, dice.random() < 0.4) for code in pick(codes, 2)),
            pick(TEXTURES, 1) if dice.random() < 0.3 else frozenset(),
            pick(IDDSI_LEVELS, 1) if dice.random() < 0.6 else frozenset(),
            pick(DIETS, 2) if dice.random() < 0.5 else frozenset(),
            pick(FLAGS, 2) if dice.random() < 0.5 else frozenset(),
            dice.choice((Fasting.NO, Fasting.NO, Fasting.NO, Fasting.NOTHING, Fasting.CLEAR_FLUIDS)),
            pick(range(5), 1) if dice.random() < 0.6 else frozenset(),
            dice.random() < 0.8,
        )
        for _ in range(n_patients)
    )
    return dishes, patients
