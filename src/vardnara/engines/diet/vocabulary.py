"""Every reason that could be given for a group of patients, as a bit: the patient's mask and the dish's, side by side.

A patient needs something, a dish offends against something. Both are written as sets of the same points; where the sets
meet there is a reason. A point is one bit of a whole number, and the bits are in the order in which reasons are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum, auto

from vardnara.engines.diet.codes import ALLERGENS, CLEAR_FLUIDS, REASONS, RELATED, UNKNOWN_DIET, allergen_group
from vardnara.engines.diet.data import Dish, Fasting, Needs, Variant
from vardnara.engines.diet.result import Reason


class Kind(IntEnum):
    """What a point is about; several kinds can tell the same reason."""

    CONTAINED = auto()
    TRACES = auto()
    NOT_KNOWN = auto()
    NOT_DECLARED = auto()
    NOT_DECLARED_NOR_UNKNOWN = auto()
    NOT_FLAGGED = auto()
    TEXTURE = auto()
    LEVEL = auto()
    LEVEL_OF_FOOD = auto()
    LEVEL_OF_FLUIDS = auto()
    DIET = auto()
    DIET_UNKNOWN = auto()
    EXCLUDED = auto()
    FASTING = auto()


CODES = {
    Kind.CONTAINED: "allergen",
    Kind.TRACES: "may_contain",
    Kind.NOT_KNOWN: "unknown",
    Kind.NOT_DECLARED: "unknown",
    Kind.NOT_DECLARED_NOR_UNKNOWN: "unknown",
    Kind.NOT_FLAGGED: "unknown",
    Kind.TEXTURE: "texture",
    Kind.LEVEL: "iddsi",
    Kind.LEVEL_OF_FOOD: "iddsi",
    Kind.LEVEL_OF_FLUIDS: "iddsi",
    Kind.DIET: "diet",
    Kind.DIET_UNKNOWN: "diet",
    Kind.EXCLUDED: "excluded",
    Kind.FASTING: "fasting",
}
type Point = tuple[Kind, str]
NO_CHANGE = Variant("", "")


def needs_points(needs: Needs) -> Iterator[Point]:
    """What a patient must not meet."""
    for avoid in needs.avoid:
        yield (Kind.NOT_DECLARED_NOR_UNKNOWN if avoid.traces_tolerated else Kind.NOT_DECLARED), avoid.allergen
        for code in RELATED[avoid.allergen]:
            yield Kind.CONTAINED, code
            yield Kind.NOT_KNOWN, code
            if not avoid.traces_tolerated:
                yield Kind.TRACES, code
    for texture in needs.textures:
        yield Kind.TEXTURE, texture
    for level in needs.iddsi:
        yield (Kind.LEVEL_OF_FOOD if needs.fluids else Kind.LEVEL), str(level)
    for level in needs.fluids:
        yield Kind.LEVEL_OF_FLUIDS, str(level)
    for diet in needs.diets:
        yield Kind.DIET, diet
    if not needs.diet_known:
        yield Kind.DIET_UNKNOWN, UNKNOWN_DIET
    for flag in needs.exclude:
        yield Kind.EXCLUDED, flag
        yield Kind.NOT_FLAGGED, flag
    if needs.fasting is not Fasting.NO:
        yield Kind.FASTING, needs.fasting.value


class Vocabulary:
    """The points of a group of patients; what none of them restricts has no bit.

    Parameters
    ----------
    patients
        Whose reasons can be told.
    """

    def __init__(self, patients: Iterable[Needs]) -> None:
        needed = [set(needs_points(needs)) for needs in patients]
        ordered = sorted(
            set[Point]().union(*needed), key=lambda point: (REASONS.index(CODES[point[0]]), point[1], point[0])
        )
        self.reasons = tuple(Reason(CODES[kind], detail) for kind, detail in ordered)
        """The reason of each bit, in the order in which reasons are told."""
        self.n_words = max(1, -(-len(ordered) // 64))
        """64-bit words of a mask."""
        self._bits = {point: 1 << number for number, point in enumerate(ordered)}
        self._every = {kind: sum(self._bits[point] for point in ordered if point[0] is kind) for kind in Kind}
        self.needs_masks = [sum(map(self._bits.__getitem__, points)) for points in needed]
        """The bits that each patient must not meet, in the order of patients."""

    def dish_masks(self, dish: Dish) -> list[int]:
        """The bits that a dish offends against: as it is, then after each of its changes."""
        always = self._unchanged(dish)
        return [always | self._changed(dish, variant) for variant in (NO_CHANGE, *dish.variants)]

    def told(self, mask: int) -> tuple[Reason, ...]:
        """The reasons of a mask's bits, each once, in order."""
        return tuple(dict.fromkeys(reason for number, reason in enumerate(self.reasons) if mask >> number & 1))

    def _changed(self, dish: Dish, variant: Variant) -> int:
        """What a change can take away or bring."""
        contains = [code for code in dish.contains or () if not {code, allergen_group(code)} & variant.removes]
        offends = self._of(Kind.CONTAINED, contains)
        offends |= self._but(Kind.DIET, dish.diets | variant.adds_diets)
        flags = (dish.flags or frozenset()) - variant.removes_flags
        offends |= self._of(Kind.EXCLUDED, flags)
        return offends | self._but(Kind.FASTING, {Fasting.CLEAR_FLUIDS} if CLEAR_FLUIDS in flags else ())

    def _unchanged(self, dish: Dish) -> int:
        """What no change touches."""
        offends = self._of(Kind.TRACES, dish.may_contain)
        offends |= self._of(Kind.NOT_KNOWN, dish.unknown)
        if dish.contains is None:
            for kind, spoken_of in (
                (Kind.NOT_DECLARED, dish.unknown | dish.may_contain),
                (Kind.NOT_DECLARED_NOR_UNKNOWN, dish.unknown),
            ):
                offends |= self._but(kind, [code for code in ALLERGENS if {code, allergen_group(code)} & spoken_of])
        if dish.flags is None:
            offends |= self._every[Kind.NOT_FLAGGED]
        offends |= self._but(Kind.TEXTURE, dish.textures)
        levels = [str(level) for level in dish.iddsi]
        offends |= self._but(Kind.LEVEL, levels)
        if dish.is_food:
            offends |= self._but(Kind.LEVEL_OF_FOOD, levels)
        if dish.is_drink:
            offends |= self._but(Kind.LEVEL_OF_FLUIDS, levels)
        if not dish.safe_for_all:
            offends |= self._every[Kind.DIET_UNKNOWN]
        return offends

    def _of(self, kind: Kind, details: Iterable[str]) -> int:
        mask = 0
        for detail in details:
            mask |= self._bits.get((kind, detail), 0)
        return mask

    def _but(self, kind: Kind, details: Iterable[str]) -> int:
        """All bits of a kind that somebody needs, but those that the dish meets."""
        return self._every[kind] & ~self._of(kind, details)
