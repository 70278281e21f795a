"""An independent judge of a rolled-up recipe: every ingredient spread out by itself, without the roll-up."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from vardnara.engines.recipe.data import Book, Exact, Ingredient, Line
from vardnara.engines.recipe.result import Rolled


def rolled_faults(book: Book, code: str, rolled: Rolled) -> tuple[str, ...]:
    """What is wrong with a roll-up; empty where nothing is."""
    wrong = []
    things = list(_things(book, code))
    declared = [one.declaration for one in things if isinstance(one, Ingredient) and one.declaration is not None]
    complete = len(declared) == len(things)
    expected = {
        "contains": {one for said in declared for one in said.contains},
        "may_contain": {one for said in declared for one in said.may_contain},
        "unknown": {one for said in declared for one in said.unknown}
        | (set() if complete else {str(number) for number in range(1, 15)}),
        "flags": {one for said in declared for one in said.flags} if complete else None,
    }
    for name, codes in expected.items():
        if getattr(rolled.allergens, name) != codes:
            wrong.append(f"{name}: {getattr(rolled.allergens, name)}, expected {codes}")
    if bool(rolled.allergens.undeclared) == complete:
        wrong.append(f"undeclared: {rolled.allergens.undeclared}")
    weight = _weight(book, code)
    if rolled.grams_cooked != weight:
        wrong.append(f"cooked: {rolled.grams_cooked}, expected {weight}")
    amounts = list(_amounts(book, code, Fraction(1)))
    for nutrient, found in rolled.nutrients.items():
        total: Fraction | None = Fraction(0)
        for ingredient, grams in amounts:
            value = None if ingredient is None else ingredient.nutrients.get(nutrient)
            if grams == 0:
                continue
            total = None if total is None or grams is None or value is None else total + grams * Fraction(value) / 100
        if found.total != total or bool(found.missing) != (total is None):
            wrong.append(f"{nutrient}: {found.total}, expected {total}")
        per_100_g = total * 100 / weight if total is not None and weight else None
        if found.per_100_g != per_100_g:
            wrong.append(f"{nutrient} per 100 g: {found.per_100_g}, expected {per_100_g}")
        share = _portion_share(book, code)
        if found.per_portion != (None if total is None or share is None else total * share):
            wrong.append(f"{nutrient} per portion: {found.per_portion}")
    return tuple(wrong)


def _things(book: Book, code: str) -> Iterator[Ingredient | Line]:
    """Every ingredient and every unmatched line, at any depth."""
    for line in book.recipes[code].lines:
        if line.recipe:
            yield from _things(book, line.recipe)
        else:
            yield book.ingredients.get(line.ingredient, line)


def _weight(book: Book, code: str) -> Fraction | None:
    """Grams as cooked."""
    recipe = book.recipes[code]
    weights = [_line_weight(book, line) for line in recipe.lines]
    if None in weights:
        return None
    return sum((weight for weight in weights if weight is not None), Fraction(0)) * Fraction(recipe.yield_factor)


def _line_weight(book: Book, line: Line) -> Fraction | None:
    if line.amount is None or not (line.ingredient or line.recipe):
        return None
    each: Exact | None = 1
    if line.unit == "piece":
        each = book.ingredients[line.ingredient].piece_grams if line.ingredient else _portion_weight(book, line.recipe)
    if line.unit == "ml":
        each = book.ingredients[line.ingredient].millilitre_grams if line.ingredient else None
    if line.amount == 0:
        return Fraction(0)
    return None if each is None else Fraction(line.amount) * Fraction(each)


def _portion_weight(book: Book, code: str) -> Fraction | None:
    recipe, weight = book.recipes[code], _weight(book, code)
    if recipe.portion_grams is not None:
        return Fraction(recipe.portion_grams)
    return None if recipe.servings is None or weight is None else weight / Fraction(recipe.servings)


def _portion_share(book: Book, code: str) -> Fraction | None:
    recipe, weight = book.recipes[code], _weight(book, code)
    if recipe.portion_grams is not None and weight:
        return Fraction(recipe.portion_grams) / weight
    return None if recipe.servings is None else 1 / Fraction(recipe.servings)


def _amounts(book: Book, code: str, share: Fraction) -> Iterator[tuple[Ingredient | None, Fraction | None]]:
    """Each ingredient with its grams in a share of the recipe; None where they are not known."""
    for line in book.recipes[code].lines:
        if not line.recipe:
            weight = _line_weight(book, line)
            yield book.ingredients.get(line.ingredient), None if weight is None else weight * share
        elif line.amount is None or (line.amount and line.unit == "ml"):
            yield None, None
        elif line.amount:
            whole = _weight(book, line.recipe)
            part = _portion_share(book, line.recipe) if line.unit == "piece" else 1 / whole if whole else None
            if part is None:
                yield None, None
            else:
                yield from _amounts(book, line.recipe, share * part * Fraction(line.amount))
