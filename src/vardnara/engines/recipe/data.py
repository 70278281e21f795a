"""Recipes, what they are made of, and the grid of cells in which a dish has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from vardnara.engines.diet import ALLERGENS, TEXTURES
from vardnara.engines.diet.data import codes_check
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

type Exact = int | Decimal | Fraction
NOTHING: frozenset[str] = frozenset()


class Unit(StrEnum):
    """What an amount is measured in. A piece of a sub-recipe is one of its portions."""

    GRAM = "g"
    MILLILITRE = "ml"
    PIECE = "piece"


def exact(what: str, value: Exact | None, *, above_zero: bool = True) -> Fraction | None:
    """A number without rounding, or None.

    Raises
    ------
    InputError
        It is a float, not finite, negative, or zero where that cannot be.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise InputError([Fault(what, "", repr(value), "an exact number: int, Decimal or Fraction")], "not_exact")
    finite = not isinstance(value, Decimal) or value.is_finite()
    if not finite or value < 0 or (above_zero and value == 0):
        raise InputError([Fault(what, "", str(value), "above 0" if above_zero else "0 or more")], "bad_amount")
    return Fraction(value)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody answers for an ingredient to be and hold. What stands in no list is not in it.

    From the declared ingredient, never from the plant or animal behind it (F-03): fully refined soybean oil does not
    contain soybeans in law.
    """

    contains: frozenset[str] = NOTHING
    may_contain: frozenset[str] = NOTHING
    unknown: frozenset[str] = NOTHING
    flags: frozenset[str] = NOTHING

    def __post_init__(self) -> None:
        codes_check("allergens", self.contains | self.may_contain | self.unknown, ALLERGENS)


@dataclass(frozen=True, slots=True)
class Ingredient:
    """What a kitchen buys.

    Parameters
    ----------
    code, name
        Its key in the book, and what people call it.
    declaration
        None: nobody has declared it, so everything about it is unknown.
    nutrients
        Per 100 g as put in, code to amount; a code that is missing or None is not known, and never taken to be 0.
    piece_grams, millilitre_grams
        What a piece and a millilitre weigh; None: not known.
    """

    code: str
    name: str
    declaration: Declaration | None = None
    nutrients: Mapping[str, Exact | None] = field(default_factory=dict)
    piece_grams: Exact | None = None
    millilitre_grams: Exact | None = None

    def __post_init__(self) -> None:
        known = {
            code: exact(f"{self.code}: {code}", value, above_zero=False)
            for code, value in self.nutrients.items()
            if value is not None
        }
        object.__setattr__(self, "nutrients", known)
        for name in ("piece_grams", "millilitre_grams"):
            object.__setattr__(self, name, exact(f"{self.code}: {name}", getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a recipe: an ingredient, another recipe, or a text that nobody has matched with either.

    Parameters
    ----------
    ingredient, recipe
        Key of one of them; both empty: only ``text`` is there, and everything about the line is unknown.
    amount, unit
        How much; None: not known.
    part
        Name of the part that it belongs to, such as ``sauce``; a part can be left out or replaced.
    text
        As somebody wrote it.
    """

    ingredient: str = ""
    recipe: str = ""
    amount: Exact | None = None
    unit: Unit = Unit.GRAM
    part: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        if self.ingredient and self.recipe:
            raise InputError([Fault("line", "", "an ingredient and a recipe", "one of them")], "two_things")
        if not (self.ingredient or self.recipe or self.text):
            raise InputError([Fault("line", "", "nothing", "an ingredient, a recipe or a text")], "no_thing")
        object.__setattr__(self, "amount", exact(f"amount of {self.name}", self.amount, above_zero=False))

    @property
    def name(self) -> str:
        """What it is called where the book does not say."""
        return self.ingredient or self.recipe or self.text


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe as it is; a change makes another with another fingerprint.

    Parameters
    ----------
    code, name
        Its key in the book, and what people call it.
    lines
        What is put in.
    servings
        Portions that it makes; None: not known.
    portion_grams
        What a portion weighs on the plate; None: not known.
    yield_factor
        Grams cooked by grams put in; 1: nothing is lost or taken up. It changes weight, not nutrients.
    """

    code: str
    name: str
    lines: tuple[Line, ...]
    servings: Exact | None = None
    portion_grams: Exact | None = None
    yield_factor: Exact = 1

    def __post_init__(self) -> None:
        for name in ("servings", "portion_grams", "yield_factor"):
            object.__setattr__(self, name, exact(f"{self.code}: {name}", getattr(self, name)))
        if self.yield_factor is None:
            raise InputError(
                [Fault(f"{self.code}: yield_factor", "", "missing", "1 where nobody has said")], "no_yield"
            )


class Book:
    """Ingredients and recipes by key, every reference led home and no recipe within itself.

    Parameters
    ----------
    ingredients, recipes
        Each key once.

    Raises
    ------
    InputError
        A key stands twice, a line names what is not there, or recipes go in a circle (named in full).
    """

    def __init__(self, ingredients: Iterable[Ingredient], recipes: Iterable[Recipe]) -> None:
        faults: list[Fault] = []
        self.ingredients = _by_code("ingredient", ingredients, faults)
        self.recipes = _by_code("recipe", recipes, faults)
        for recipe in self.recipes.values():
            for number, line in enumerate(recipe.lines, 1):
                there: Mapping[str, object] = self.ingredients if line.ingredient else self.recipes
                if (line.ingredient or line.recipe) and line.name not in there:
                    faults.append(Fault(recipe.code, str(number), f"no such thing: {line.name!r}", "one of the book"))
        if faults:
            raise InputError(faults, "bad_book")
        circle = self._circle()
        if circle:
            names = " -> ".join(self.recipes[code].name for code in circle)
            raise InputError([Fault(circle[0], "", f"a recipe within itself: {names}", "no circle")], "recipe_circle")

    def below(self, code: str) -> tuple[str, ...]:
        """A recipe and all that are in it, each once, those within before those that they are in."""
        found: dict[str, None] = {}
        stack = [(code, False)]
        while stack:
            one, done = stack.pop()
            if done:
                found[one] = None
            elif one not in found:
                stack.append((one, True))
                stack += [(line.recipe, False) for line in reversed(self.recipes[one].lines) if line.recipe]
        return tuple(found)

    def _circle(self) -> list[str]:
        """The recipes of a circle, the first again at the end; empty where there is none."""
        safe: set[str] = set()
        for start in self.recipes:
            way: list[str] = []
            stack = [(start, False)]
            while stack:
                code, done = stack.pop()
                if done:
                    safe.add(way.pop())
                elif code in way:
                    return [*way[way.index(code) :], code]
                elif code not in safe:
                    way.append(code)
                    stack.append((code, True))
                    stack += [(line.recipe, False) for line in reversed(self.recipes[code].lines) if line.recipe]
        return []


def _by_code[T: (Ingredient, Recipe)](what: str, rows: Iterable[T], faults: list[Fault]) -> dict[str, T]:
    found: dict[str, T] = {}
    for row in rows:
        if row.code in found:
            faults.append(Fault(what, row.code, "stands twice", "each once"))
        found[row.code] = row
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """What a dish is in a diet and a texture.

    Parameters
    ----------
    diet, texture
        Which cell of the grid.
    recipe
        Key of a recipe; None: the dish is not made so.
    menu
        The menu on which this holds; empty: on every menu that does not say otherwise.
    """

    diet: str
    texture: str
    recipe: str | None
    menu: str = ""

    def __post_init__(self) -> None:
        codes_check("texture", (self.texture,), TEXTURES)
