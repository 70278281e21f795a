"""From a recipe to the dish that is checked: verified versions, derived variants, and the grid of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vardnara.engines.diet import Dish, Variant
from vardnara.engines.recipe.data import NOTHING, Book, Cell, Line
from vardnara.engines.recipe.result import Allergens, Change
from vardnara.engines.recipe.roll_up import LISTS, recipe_roll_up
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault


@dataclass(frozen=True, slots=True)
class Verified:
    """What somebody who may has verified of one version of a recipe (F-06, F-27).

    Parameters
    ----------
    fingerprint
        Of the recipe as it was then.
    textures, iddsi, diets
        What was verified; never converted into each other.
    """

    fingerprint: str
    textures: frozenset[str] = NOTHING
    iddsi: frozenset[int] = frozenset()
    diets: frozenset[str] = NOTHING


@dataclass(frozen=True, slots=True)
class Alteration:
    """A change that the kitchen offers, such as "utan sås".

    Parameters
    ----------
    id, name
        Its code within the dish, and what people call it.
    part
        The part of the recipe that is left out.
    instead
        Lines that take its place; empty: nothing does.
    adds_diets
        Diets that the diet role has verified the changed dish for.
    """

    id: str
    name: str
    part: str
    instead: tuple[Line, ...] = ()
    adds_diets: frozenset[str] = NOTHING


def recipe_altered(book: Book, code: str, alteration: Alteration) -> Book:
    """The book in which a recipe is made with a change.

    Raises
    ------
    RuleBroken
        The recipe has no such part: the change would do nothing, or nobody knows what.
    """
    recipe = book.recipes[code]
    if alteration.part not in {line.part for line in recipe.lines if line.part}:
        raise RuleBroken("no_such_part", f"{recipe.name} has no part {alteration.part!r}")
    lines = tuple(line for line in recipe.lines if line.part != alteration.part) + alteration.instead
    others = [one for one in book.recipes.values() if one.code != code]
    return Book(book.ingredients.values(), [*others, replace(recipe, lines=lines)])


def recipe_change(book: Book, code: str, alteration: Alteration) -> Change:
    """What a change really takes away: reckoned from what is left, so that nothing can be claimed that is not so.

    A group is not claimed to be removed as long as one of its members is left, and the other way round it need not be.
    """
    before = recipe_roll_up(book, code).allergens
    after = recipe_roll_up(recipe_altered(book, code, alteration), code).allergens
    removes = before.contains - after.contains
    left = {code.partition(".")[0] for code in after.contains}
    flags = (before.flags or NOTHING) - (after.flags or NOTHING) if after.flags is not None else NOTHING
    return Change(frozenset(one for one in removes if one not in left), flags, _brought(before, after))


def _brought(before: Allergens, after: Allergens) -> tuple[tuple[str, str], ...]:
    """What is there after the change and was not before; flags that nobody knew before are not brought by it."""
    lists = LISTS if before.flags is not None else LISTS[:-1]
    found = [
        (name, code)
        for name in lists
        for code in sorted((getattr(after, name) or NOTHING) - (getattr(before, name) or NOTHING))
    ]
    if after.flags is None and before.flags is not None:
        found.append(("flags", ""))
    return tuple(found)


def recipe_dish(
    book: Book, code: str, *, id: str, name: str, verified: Verified | None,
    alterations: Iterable[Alteration] = (), is_food: bool = True, is_drink: bool = False, safe_for_all: bool = False,
) -> Dish:  # fmt: skip
    """The dish of a recipe, to be checked.

    A recipe that nobody has verified as it is now says nothing: whoever restricts anything does not get it (F-06).

    Parameters
    ----------
    book, code
        The recipe.
    id, name, is_food, is_drink, safe_for_all
        Of the dish.
    verified
        The last verification, whichever version it was of.
    alterations
        Changes on offer, the preferred first.

    Raises
    ------
    RuleBroken
        A change names a part that is not there, or brings something that the dish did not have.
    """
    rolled = recipe_roll_up(book, code)
    if verified is None or verified.fingerprint != rolled.fingerprint:
        return Dish(id, name, is_food=is_food, is_drink=is_drink)
    variants = []
    for alteration in alterations:
        change = recipe_change(book, code, alteration)
        if change.brings:
            what = ", ".join(" ".join(pair).strip() for pair in change.brings)
            raise RuleBroken("change_brings", f"{alteration.name}: {what}; make it a dish of its own")
        variants.append(
            Variant(alteration.id, alteration.name, change.removes, change.removes_flags, alteration.adds_diets)
        )
    said = rolled.allergens
    return Dish(
        id, name, said.contains, said.may_contain, said.unknown, verified.textures, verified.iddsi, verified.diets,
        said.flags, tuple(variants), is_food, is_drink, safe_for_all,
    )  # fmt: skip


def cells_now(cells: Iterable[Cell], menu: str) -> Mapping[tuple[str, str], str]:
    """What a dish is on a menu, by diet and texture: the menu's own cell before the general one (mech-14).

    A cell that is not there is not made up from another: no texture or diet stands in for the next.

    Raises
    ------
    InputError
        A cell stands twice.
    """
    found: dict[tuple[str, str, str], Cell] = {}
    faults = []
    for cell in cells:
        key = (cell.menu, cell.diet, cell.texture)
        if key in found:
            faults.append(Fault("cell", " ".join(key).strip(), "stands twice", "each once"))
        found[key] = cell
    if faults:
        raise InputError(faults, "twice")
    general = {(diet, texture): cell for (of, diet, texture), cell in found.items() if not of}
    own = {(diet, texture): cell for (of, diet, texture), cell in found.items() if of and of == menu}
    return {key: cell.recipe for key, cell in (general | own).items() if cell.recipe is not None}
