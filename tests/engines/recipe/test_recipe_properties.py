"""Recipes of all shapes: the judge agrees, scaling is exact, and no change claims what is not so."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.strategies.recipes import CODES, books, declarations, factors, last

from vardnara.engines.diet import Avoid, Needs, Status, dish_changed, dish_check
from vardnara.engines.recipe import (
    Alteration,
    Book,
    Verified,
    recipe_altered,
    recipe_change,
    recipe_dish,
    recipe_fingerprint,
    recipe_roll_up,
    recipe_scaled,
)
from vardnara.engines.recipe.check import rolled_faults


@settings(max_examples=150, deadline=None)
@given(books())
def test_the_judge_agrees(book: Book) -> None:
    """Spread out ingredient by ingredient, every recipe comes to the same."""
    for code in book.recipes:
        assert rolled_faults(book, code, recipe_roll_up(book, code)) == ()


@settings(max_examples=100, deadline=None)
@given(books(), factors)
def test_a_portion_does_not_change_with_the_batch(book: Book, factor) -> None:
    """edge-22: per portion and per 100 g the same to the last digit, the total times the factor."""
    code = last(book)
    scaled = Book(
        book.ingredients.values(),
        [recipe_scaled(one, factor) if one.code == code else one for one in book.recipes.values()],
    )
    before, after = recipe_roll_up(book, code), recipe_roll_up(scaled, code)
    for nutrient, was in before.nutrients.items():
        now = after.nutrients[nutrient]
        assert now.total == (None if was.total is None else was.total * factor)
        assert now.per_100_g == was.per_100_g and now.missing == was.missing
        assert now.per_portion == was.per_portion
    assert after.allergens == before.allergens
    assert recipe_scaled(recipe_scaled(book.recipes[code], factor), 1 / factor) == book.recipes[code]


@settings(max_examples=150, deadline=None)
@given(
    books(),
    st.sampled_from(("sauce", "bread")),
    st.lists(st.builds(Avoid, st.sampled_from(CODES), st.booleans()), max_size=3),
)
def test_a_change_never_promises_too_much(book: Book, part: str, avoid: list[Avoid]) -> None:
    """Whoever may have the dish after the change may have what the changed recipe really is."""
    code = last(book)
    alteration = Alteration("v", "without", part)
    assume(any(line.part == part for line in book.recipes[code].lines))
    assert recipe_change(book, code, alteration).brings == ()
    dish = recipe_dish(
        book, code, id="d", name="d", verified=Verified(recipe_fingerprint(book, code)), alterations=[alteration]
    )
    really = recipe_roll_up(recipe_altered(book, code, alteration), code).allergens
    changed = dish_changed(dish, dish.variants[0])
    assert changed.contains is not None and changed.contains >= really.contains
    needs = Needs(frozenset(avoid))
    verdict = dish_check(dish, needs)
    if verdict.status is Status.AFTER_CHANGE:
        honest = replace(
            dish, contains=really.contains, may_contain=really.may_contain, unknown=really.unknown, variants=()
        )
        assert dish_check(honest, needs).status is Status.ALLOWED


@settings(max_examples=100, deadline=None)
@given(books(), st.data())
def test_a_verification_ends_with_what_it_was_of(book: Book, data: st.DataObject) -> None:
    """A new declaration of any ingredient anywhere below gives another fingerprint, of others the same."""
    code = last(book)
    one = data.draw(st.sampled_from(sorted(book.ingredients)))
    said = data.draw(declarations)
    assume(said != book.ingredients[one].declaration)
    other = Book(
        [replace(it, declaration=said) if it.code == one else it for it in book.ingredients.values()],
        book.recipes.values(),
    )
    within = any(line.ingredient == one for recipe in book.below(code) for line in book.recipes[recipe].lines)
    assert (recipe_fingerprint(book, code) != recipe_fingerprint(other, code)) == within
