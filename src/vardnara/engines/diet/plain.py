"""The check of one dish for one patient, as one would say it: the readable twin of :mod:`.vector`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from vardnara.engines.diet.codes import CLEAR_FLUIDS, RELATED, UNKNOWN_DIET, allergen_group
from vardnara.engines.diet.data import Dish, Fasting, Needs, Variant
from vardnara.engines.diet.result import Reason, Status, Verdict, reasons_in_order


def dish_check(dish: Dish, needs: Needs) -> Verdict:
    """Whether a patient may have a dish, after which change, and why not.

    Parameters
    ----------
    dish
        As it is declared now.
    needs
        Of the patient, at the time of the meal.

    Returns
    -------
    Verdict
        ``after_change`` names the first variant that leaves no reason at all. The reasons are those against the dish as
        it is.
    """
    reasons = dish_reasons(dish, needs)
    if not reasons:
        return Verdict(Status.ALLOWED)
    for variant in dish.variants:
        if not dish_reasons(dish_changed(dish, variant), needs):
            return Verdict(Status.AFTER_CHANGE, variant.id, reasons)
    return Verdict(Status.BLOCKED, None, reasons)


def dish_reasons(dish: Dish, needs: Needs) -> tuple[Reason, ...]:
    """Everything that speaks against a dish without a change to it, in the order of codes, then by detail."""
    return reasons_in_order(reason for one in CHECKS for reason in one(dish, needs))


def dish_changed(dish: Dish, variant: Variant) -> Dish:
    """The dish after a change."""
    contains, flags = dish.contains, dish.flags
    if contains is not None:
        contains = frozenset(code for code in contains if not {code, allergen_group(code)} & variant.removes)
    if flags is not None:
        flags -= variant.removes_flags
    return replace(dish, contains=contains, flags=flags, diets=dish.diets | variant.adds_diets)


def _contained(dish: Dish, needs: Needs) -> Iterator[Reason]:
    for code in dish.contains or ():
        if any(code in RELATED[avoid.allergen] for avoid in needs.avoid):
            yield Reason("allergen", code)


def _traces(dish: Dish, needs: Needs) -> Iterator[Reason]:
    for code in dish.may_contain:
        if any(code in RELATED[avoid.allergen] for avoid in needs.avoid if not avoid.traces_tolerated):
            yield Reason("may_contain", code)


def _not_known(dish: Dish, needs: Needs) -> Iterator[Reason]:
    """Whoever tolerates traces still must not meet what nobody knows."""
    for code in dish.unknown:
        if any(code in RELATED[avoid.allergen] for avoid in needs.avoid):
            yield Reason("unknown", code)


def _not_declared(dish: Dish, needs: Needs) -> Iterator[Reason]:
    """Where nobody has said what is in the dish, all is unknown that no list speaks of, by itself or by its group.

    That there may be traces says nothing to one who tolerates traces: it could be an ingredient.
    """
    if dish.contains is None:
        for avoid in needs.avoid:
            spoken_of = dish.unknown if avoid.traces_tolerated else dish.unknown | dish.may_contain
            if not {avoid.allergen, allergen_group(avoid.allergen)} & spoken_of:
                yield Reason("unknown", avoid.allergen)


def _not_flagged(dish: Dish, needs: Needs) -> Iterator[Reason]:
    if dish.flags is None:
        for flag in needs.exclude:
            yield Reason("unknown", flag)


def _texture(dish: Dish, needs: Needs) -> Iterator[Reason]:
    for texture in needs.textures - dish.textures:
        yield Reason("texture", texture)


def _level_of_food(dish: Dish, needs: Needs) -> Iterator[Reason]:
    """The level of food, asked of drinks too as long as nobody has ordered one for fluids."""
    if dish.is_food or not needs.fluids:
        for level in needs.iddsi - dish.iddsi:
            yield Reason("iddsi", str(level))


def _level_of_fluids(dish: Dish, needs: Needs) -> Iterator[Reason]:
    if dish.is_drink:
        for level in needs.fluids - dish.iddsi:
            yield Reason("iddsi", str(level))


def _diet(dish: Dish, needs: Needs) -> Iterator[Reason]:
    for diet in needs.diets - dish.diets:
        yield Reason("diet", diet)


def _diet_unknown(dish: Dish, needs: Needs) -> Iterator[Reason]:
    if not needs.diet_known and not dish.safe_for_all:
        yield Reason("diet", UNKNOWN_DIET)


def _excluded(dish: Dish, needs: Needs) -> Iterator[Reason]:
    for flag in needs.exclude & (dish.flags or frozenset()):
        yield Reason("excluded", flag)


def _fasting(dish: Dish, needs: Needs) -> Iterator[Reason]:
    if needs.fasting is Fasting.NOTHING:
        yield Reason("fasting", needs.fasting.value)
    if needs.fasting is Fasting.CLEAR_FLUIDS and CLEAR_FLUIDS not in (dish.flags or frozenset()):
        yield Reason("fasting", needs.fasting.value)


CHECKS: tuple[Callable[[Dish, Needs], Iterator[Reason]], ...] = (
    _contained, _traces, _not_known, _not_declared, _not_flagged, _texture, _level_of_food, _level_of_fluids, _diet,
    _diet_unknown, _excluded, _fasting,
)  # fmt: skip
