"""What a recipe weighs, holds and gives, from its ingredients and the recipes within it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from vardnara.engines.diet import ALLERGENS
from vardnara.engines.diet.codes import allergen_group
from vardnara.engines.recipe.data import Book, Declaration, Ingredient, Line, Recipe, Unit
from vardnara.engines.recipe.fingerprint import recipe_fingerprint
from vardnara.engines.recipe.result import Allergens, Missing, Nutrient, Rolled

GROUPS = frozenset(allergen_group(code) for code in ALLERGENS)
LISTS = ("contains", "may_contain", "unknown", "flags")
type Because = dict[tuple[str, str], tuple[tuple[str, ...], ...]]


def recipe_roll_up(book: Book, code: str) -> Rolled:
    """Weigh, unite and reckon a recipe with everything in it.

    Parameters
    ----------
    book
        Where it and all that is in it stand.
    code
        Its key.

    Returns
    -------
    Rolled
        Exact fractions. What is missing makes unknown what depends on it and nothing else, and is named.
    """
    codes = sorted({nutrient for one in book.ingredients.values() for nutrient in one.nutrients})
    sums: dict[str, _Sum] = {}
    for one in book.below(code):
        sums[one] = _sum(book, book.recipes[one], sums, codes)
    found, recipe = sums[code], book.recipes[code]
    missing = found.weight_missing
    if found.portion is None:
        missing += (Missing((recipe.name,), "portion"),)
    return Rolled(
        code, recipe_fingerprint(book, code), found.grams, found.cooked, found.portion_grams, found.servings,
        found.allergens, {nutrient: _nutrient(found, nutrient) for nutrient in codes}, missing,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sum:
    """A recipe summed up; ``portion`` is the share of the whole that one is, ``known`` what of nutrients is known."""

    grams: Fraction | None
    cooked: Fraction | None
    portion_grams: Fraction | None
    servings: Fraction | None
    portion: Fraction | None
    weight_missing: tuple[Missing, ...]
    known: Mapping[str, Fraction]
    missing: Mapping[str, tuple[Missing, ...]]
    allergens: Allergens


def _sum(book: Book, recipe: Recipe, sums: Mapping[str, _Sum], codes: list[str]) -> _Sum:
    grams, weight_missing = Fraction(0), []
    known = dict.fromkeys(codes, Fraction(0))
    missing: dict[str, list[Missing]] = {code: [] for code in codes}
    for line in recipe.lines:
        if line.recipe:
            sub = sums[line.recipe]
            weight, share, reason = _share(line, sub)
        else:
            weight, reason = _grams(line, book.ingredients.get(line.ingredient))
        place = (recipe.name, _name(book, line))
        if weight is None:
            weight_missing.append(Missing(place, reason))
        else:
            grams += weight
        for code in codes:
            if line.recipe:
                if share is None:
                    missing[code].append(Missing(place, reason))
                elif share:
                    known[code] += share * sub.known[code]
                    missing[code] += [Missing((recipe.name, *one.path), one.code) for one in sub.missing[code]]
            elif weight is None:
                missing[code].append(Missing(place, reason))
            elif weight:
                per_100_g = book.ingredients[line.ingredient].nutrients.get(code)
                if per_100_g is None:
                    missing[code].append(Missing(place, "value"))
                else:
                    known[code] += weight * Fraction(per_100_g) / 100
    whole = None if weight_missing else grams
    cooked = None if whole is None else whole * Fraction(recipe.yield_factor)
    portion_grams, servings, portion = _portion(recipe, cooked)
    return _Sum(
        whole, cooked, portion_grams, servings, portion, tuple(weight_missing), known,
        {code: tuple(dict.fromkeys(rows)) for code, rows in missing.items()}, _allergens(book, recipe, sums),
    )  # fmt: skip


def _name(book: Book, line: Line) -> str:
    if line.ingredient:
        return book.ingredients[line.ingredient].name
    return book.recipes[line.recipe].name if line.recipe else line.text


def _grams(line: Line, ingredient: Ingredient | None) -> tuple[Fraction | None, str]:
    """Weight of a line as put in, or why it is not known."""
    if ingredient is None:
        return None, "not_matched"
    if line.amount is None:
        return None, "amount"
    amount = Fraction(line.amount)
    if line.unit is Unit.GRAM or not amount:
        return amount, ""
    weight, reason = (
        (ingredient.piece_grams, "piece_weight")
        if line.unit is Unit.PIECE
        else (ingredient.millilitre_grams, "millilitre_weight")
    )
    return (None, reason) if weight is None else (amount * Fraction(weight), "")


def _share(line: Line, sub: _Sum) -> tuple[Fraction | None, Fraction | None, str]:
    """Weight of some of a recipe, and which share of the whole that is; or why one of them is not known."""
    if line.amount is None:
        return None, None, "amount"
    amount = Fraction(line.amount)
    if not amount:
        return Fraction(0), Fraction(0), ""
    if line.unit is Unit.PIECE:
        weight = None if sub.portion_grams is None else amount * sub.portion_grams
        share = None if sub.portion is None else amount * sub.portion
        return weight, share, "recipe_portion"
    if line.unit is Unit.MILLILITRE:
        return None, None, "millilitre_weight"
    return amount, (amount / sub.cooked if sub.cooked else None), "recipe_weight"


def _portion(recipe: Recipe, cooked: Fraction | None) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """Weight of a portion, number of portions, and the share of the whole that one is.

    What is on the plate is the weight; where that is not known, the whole is shared out.
    """
    grams = None if recipe.portion_grams is None else Fraction(recipe.portion_grams)
    servings = None if recipe.servings is None else Fraction(recipe.servings)
    if grams is not None and cooked:
        return grams, servings or cooked / grams, grams / cooked
    if servings is not None:
        return grams or (cooked / servings if cooked is not None else None), servings, 1 / servings
    return grams, None, None


def _nutrient(found: _Sum, code: str) -> Nutrient:
    missing = found.missing[code]
    total = None if missing else found.known[code]
    per_100_g = None if total is None or not found.cooked else total / found.cooked * 100
    per_portion = None if total is None or found.portion is None else total * found.portion
    return Nutrient(total, per_100_g, per_portion, found.known[code], missing)


def _allergens(book: Book, recipe: Recipe, sums: Mapping[str, _Sum]) -> Allergens:
    """United over all lines, whatever the amount: a pinch counts, and so does an amount that nobody knows."""
    because: Because = {}
    undeclared: list[Missing] = []
    for line in recipe.lines:
        if line.recipe:
            sub = sums[line.recipe].allergens
            for key, paths in sub.because.items():
                because[key] = because.get(key, ()) + tuple((recipe.name, *path) for path in paths)
            undeclared += [Missing((recipe.name, *one.path), one.code) for one in sub.undeclared]
            continue
        place = (recipe.name, _name(book, line))
        said = book.ingredients[line.ingredient].declaration if line.ingredient else None
        if said is None:
            undeclared.append(Missing(place, "declaration" if line.ingredient else "not_matched"))
            continue
        for key in _said(said):
            because[key] = (*because.get(key, ()), place)
    contains, may_contain, unknown, flags = (frozenset(code for name, code in because if name == one) for one in LISTS)
    if undeclared:
        unknown |= GROUPS
    once = {key: tuple(dict.fromkeys(paths)) for key, paths in because.items()}
    return Allergens(
        contains, may_contain, unknown, None if undeclared else flags, once, tuple(dict.fromkeys(undeclared))
    )


def _said(said: Declaration) -> list[tuple[str, str]]:
    return [(name, code) for name in LISTS for code in sorted(getattr(said, name))]
