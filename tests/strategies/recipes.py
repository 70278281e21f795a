"""Books of recipes with recipes in them, with gaps."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from vardnara.engines.recipe import Book, Declaration, Ingredient, Line, Recipe, Unit

CODES = ("1", "1.1", "3", "7", "8", "8.1", "8.2")
NUTRIENTS = ("energy_kcal", "protein_g")

amounts = st.integers(0, 5000).map(lambda number: Decimal(number) / 10)
sizes = st.integers(1, 5000).map(lambda number: Decimal(number) / 10)
factors = st.builds(Fraction, st.integers(1, 99), st.integers(1, 99))
some_codes = st.frozensets(st.sampled_from(CODES), max_size=2)
declarations = st.builds(
    Declaration, some_codes, some_codes, some_codes, st.frozensets(st.sampled_from(("pork", "fish")), max_size=1)
)


def or_none[T](strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """Mostly there, now and then not known."""
    return st.one_of(strategy, strategy, strategy, st.none())


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Up to five recipes ``r0``, ``r1``, ..., each of ingredients and of those before it."""
    ingredients = [
        Ingredient(
            f"i{number}",
            f"Ingredient {number}",
            draw(or_none(declarations)),
            {code: draw(or_none(amounts)) for code in NUTRIENTS},
            draw(or_none(sizes)),
            draw(or_none(sizes)),
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    recipes: list[Recipe] = []
    for number in range(draw(st.integers(1, 5))):
        things: st.SearchStrategy[dict[str, str]] = st.sampled_from([{"ingredient": one.code} for one in ingredients])
        if recipes:
            things |= st.sampled_from([{"recipe": one.code} for one in recipes])
        lines = st.builds(
            lambda thing, amount, unit, part: Line(**thing, amount=amount, unit=unit, part=part),
            st.one_of(things, things, things, st.just({"text": "salt"})),
            or_none(amounts),
            st.sampled_from((Unit.GRAM, Unit.GRAM, *Unit)),
            st.sampled_from(("", "sauce", "bread")),
        )
        recipes.append(
            Recipe(
                f"r{number}", f"Recipe {number}", tuple(draw(st.lists(lines, min_size=1, max_size=5))),
                draw(or_none(sizes)), draw(or_none(sizes)), draw(sizes),
            )
        )  # fmt: skip
    return Book(ingredients, recipes)


def last(book: Book) -> str:
    return list(book.recipes)[-1]
