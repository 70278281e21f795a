"""What a recipe comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

VERSION = "1"


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """Something that nobody knows.

    Parameters
    ----------
    path
        Names from the recipe down to the line that it is about.
    code
        ``not_matched``, ``amount``, ``piece_weight``, ``millilitre_weight``, ``recipe_weight``, ``recipe_portion``,
        ``value`` (of the nutrient), ``portion``, ``declaration``.
    """

    path: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class Allergens:
    """What the ingredients are declared to hold, united.

    Parameters
    ----------
    contains, may_contain, unknown
        Codes; one that is contained in an ingredient and may be in another stands in both. With an undeclared
        ingredient each of the fourteen is unknown.
    flags
        United; None where an ingredient is undeclared.
    because
        Each code's ingredients, by list and code: (``contains``, ``3``) to their paths.
    undeclared
        Ingredients and unmatched lines that nobody has declared.
    """

    contains: frozenset[str]
    may_contain: frozenset[str]
    unknown: frozenset[str]
    flags: frozenset[str] | None
    because: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]
    undeclared: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Nutrient:
    """One nutrient, exactly; None where anything that it depends on is missing.

    Parameters
    ----------
    total, per_100_g, per_portion
        In the unit of the composition table: of the whole recipe, of 100 g as cooked, of a portion.
    known
        The part of the total that is known: the total is that or more.
    missing
        What the total depends on and nobody knows.
    """

    total: Fraction | None
    per_100_g: Fraction | None
    per_portion: Fraction | None
    known: Fraction
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Rolled:
    """A recipe with all that is in it.

    Parameters
    ----------
    code, fingerprint
        Which recipe, and the digest of everything that it rests on.
    grams_in, grams_cooked, portion_grams
        Weights put in, cooked, and of a portion; None where something is missing.
    servings
        Portions; None where neither their number nor their weight is known.
    allergens, nutrients
        As declared, and as reckoned, by code.
    missing
        What weights and portions depend on and nobody knows.
    """

    code: str
    fingerprint: str
    grams_in: Fraction | None
    grams_cooked: Fraction | None
    portion_grams: Fraction | None
    servings: Fraction | None
    allergens: Allergens
    nutrients: Mapping[str, Nutrient]
    missing: tuple[Missing, ...]
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class Change:
    """What a change to a recipe really takes away, reckoned from what is left.

    Parameters
    ----------
    removes, removes_flags
        What a variant of the dish may claim.
    brings
        What it adds or makes unknown, as (list, code): such a change is no variant but a dish of its own.
    """

    removes: frozenset[str]
    removes_flags: frozenset[str]
    brings: tuple[tuple[str, str], ...] = ()
