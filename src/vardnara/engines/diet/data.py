"""What a dish is declared to be, and what a patient needs now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from vardnara.engines.diet.codes import ALLERGENS, FLUID_LEVELS, IDDSI_LEVELS, TEXTURES
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

NOTHING: frozenset[str] = frozenset()


class Fasting(StrEnum):
    """What a fasting patient may have; the value is the detail of the reason."""

    NO = "false"
    NOTHING = "true"
    CLEAR_FLUIDS = "clear_fluids"


def codes_check(what: str, found: Collection[str], known: Collection[str]) -> None:
    """Refuse codes that nobody knows: an allergen that is misspelt would be one that nobody avoids.

    Raises
    ------
    InputError
        With one fault for each.
    """
    unknown = [code for code in found if code not in known]
    if unknown:
        faults = [Fault(what, "", f"{code!r} is not known", "one of " + ", ".join(known)) for code in unknown]
        raise InputError(faults, "unknown_code")


def levels_check(what: str, found: Collection[int], known: range) -> None:
    """Refuse levels outside the IDDSI scale.

    Raises
    ------
    InputError
        With one fault for each.
    """
    wrong = [level for level in found if isinstance(level, bool) or level not in known]
    if wrong:
        raise InputError([Fault(what, "", repr(level), f"{known[0]} to {known[-1]}") for level in wrong], "bad_level")


@dataclass(frozen=True, slots=True)
class Variant:
    """A named change to a dish, such as leaving out the sauce.

    Parameters
    ----------
    id, name
        Its code within the dish, and what people call it.
    removes
        Allergen codes that are no longer *contained*; a group removes its members, a member never its group. What may
        be contained, is unknown, verified texture and fasting are never changed.
    removes_flags, adds_diets
        Flags that no longer hold, diets that the changed dish belongs to.
    """

    id: str
    name: str
    removes: frozenset[str] = NOTHING
    removes_flags: frozenset[str] = NOTHING
    adds_diets: frozenset[str] = NOTHING

    def __post_init__(self) -> None:
        codes_check("removes", self.removes, ALLERGENS)


@dataclass(frozen=True, slots=True)
class Dish:
    """A dish of one menu as its recipe version is declared. What is not said restrains whoever restricts it.

    Parameters
    ----------
    id, name
        Its code within the menu, and what people call it.
    contains
        Allergen codes of its declared ingredients; None: nobody has said, and all that no list names is unknown.
    may_contain, unknown
        Codes of traces, and of what the kitchen does not know.
    textures, iddsi
        Textures and IDDSI levels that it is verified for. Neither follows from the other (F-26).
    diets
        Diets that it belongs to.
    flags
        What else it is or holds, such as ``pork`` or ``clear_fluids``; None: nobody has said.
    variants
        Changes that the kitchen can make, in its order of preference.
    is_food, is_drink
        Which IDDSI order concerns it: that of food, that of fluids, or both, as for a soup with pieces in it.
    safe_for_all
        The kitchen's diet role has listed it for patients whose diet nobody knows.
    """

    id: str
    name: str
    contains: frozenset[str] | None = None
    may_contain: frozenset[str] = NOTHING
    unknown: frozenset[str] = NOTHING
    textures: frozenset[str] = NOTHING
    iddsi: frozenset[int] = frozenset()
    diets: frozenset[str] = NOTHING
    flags: frozenset[str] | None = None
    variants: tuple[Variant, ...] = ()
    is_food: bool = True
    is_drink: bool = False
    safe_for_all: bool = False

    def __post_init__(self) -> None:
        codes_check("allergens", (self.contains or NOTHING) | self.may_contain | self.unknown, ALLERGENS)
        codes_check("textures", self.textures, TEXTURES)
        levels_check("iddsi", self.iddsi, IDDSI_LEVELS)
        ids = [variant.id for variant in self.variants]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise InputError([Fault("variants", "", f"{one!r} stands twice", "each once") for one in twice], "twice")
        if not (self.is_food or self.is_drink):
            raise InputError([Fault("dish", "", "neither food nor drink", "one of them, or both")], "no_dish")


@dataclass(frozen=True, slots=True, order=True)
class Avoid:
    """An allergen that a patient must not have; traces only where whoever prescribed it has said so."""

    allergen: str
    traces_tolerated: bool = False

    def __post_init__(self) -> None:
        codes_check("allergen", (self.allergen,), ALLERGENS)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a patient needs at one moment. Every part holds by itself; none is converted into another.

    Parameters
    ----------
    avoid
        Allergens. Of several entries for one the strictest counts.
    textures, iddsi
        Each must be among those that the dish is verified for: sources that disagree are both heeded.
    diets
        Each must be among the dish's.
    exclude
        Flags that the dish must not carry.
    fasting
        Whether the patient may eat at all.
    fluids
        IDDSI levels of drinks, where those are ordered apart; then ``iddsi`` is asked of food alone.
    diet_known
        False: there is no valid diet, so only what is listed as safe for all is left.
    """

    avoid: frozenset[Avoid] = frozenset()
    textures: frozenset[str] = NOTHING
    iddsi: frozenset[int] = frozenset()
    diets: frozenset[str] = NOTHING
    exclude: frozenset[str] = NOTHING
    fasting: Fasting = Fasting.NO
    fluids: frozenset[int] = frozenset()
    diet_known: bool = True

    def __post_init__(self) -> None:
        codes_check("texture", self.textures, TEXTURES)
        levels_check("iddsi", self.iddsi, IDDSI_LEVELS)
        levels_check("fluids", self.fluids, FLUID_LEVELS)
