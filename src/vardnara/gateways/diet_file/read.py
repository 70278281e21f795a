"""Reads a menu and a patient; finds every fault of both, not only the first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vardnara.engines.diet import ALLERGENS, IDDSI_LEVELS, TEXTURES, Avoid, Dish, Fasting, Needs, Variant
from vardnara.gateways.json_files import JsonFile, Node, json_read
from vardnara.gateways.json_files.node import is_whole, shown
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

MENU = ("meal", "dishes")
DISH = ("id", "name", "contains", "may_contain", "unknown", "textures", "iddsi", "diets", "flags", "variants")
VARIANT = ("id", "name", "removes", "removes_flags", "adds_diets")
PATIENT = ("avoid", "texture", "iddsi", "diets", "exclude", "fasting")
AVOID = ("allergen", "traces_tolerated")
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Menu:
    """What a menu file says; ``meal`` may be empty."""

    meal: str
    dishes: tuple[Dish, ...]


@dataclass(frozen=True, slots=True)
class DietCase:
    """A menu, and what one patient needs."""

    menu: Menu
    needs: Needs


def diet_files_read(menu: Path, patient: Path) -> DietCase:
    """Read both files.

    Raises
    ------
    InputError
        Every fault of the menu, then every fault of the patient.
    """
    faults: list[Fault] = []
    found_menu, found_needs = None, None
    try:
        found_menu = menu_read(json_read(menu))
    except InputError as error:
        faults += error.faults
    try:
        found_needs = patient_read(json_read(patient))
    except InputError as error:
        faults += error.faults
    if found_menu is None or found_needs is None:
        raise InputError(faults)
    return DietCase(found_menu, found_needs)


def menu_read(file: JsonFile) -> Menu:
    """What a menu file says.

    Beside ``contains``, ``may_contain`` and ``unknown`` are empty where they are absent; without ``contains`` whatever
    is not named is unknown. Without ``flags`` whatever a patient excludes is unknown. A dish without textures, levels
    or diets is verified for none and belongs to none.

    Raises
    ------
    InputError
        Every fault with its JSON pointer.
    """
    faults: list[Fault] = []
    top = Node(file, file.data, (), faults, MENU)
    meal = top.text("meal")
    nodes = top.nodes("dishes", DISH, required=True)
    dishes = [_dish(node) for node in nodes]
    _once(nodes, [dish.id for dish in dishes])
    file.refuse(faults)
    return Menu(meal, tuple(dishes))


def patient_read(file: JsonFile) -> Needs:
    """What a patient file says. All six keys must be there: of what is left out nobody knows whether it was meant.

    Raises
    ------
    InputError
        Every fault with its JSON pointer.
    """
    faults: list[Fault] = []
    top = Node(file, file.data, (), faults, PATIENT)
    avoid = [_avoid(node) for node in top.nodes("avoid", AVOID, required=True)]
    textures: frozenset[str] = NOTHING
    if top.required("texture", "a texture, or null") and top.values["texture"] is not None:
        value = top.values["texture"]
        if isinstance(value, str) and value in TEXTURES:
            textures = frozenset({value})
        else:
            top.fault("texture", shown(value), "null or one of " + ", ".join(TEXTURES))
    levels: frozenset[int] = frozenset()
    if top.required("iddsi", "a level 0 to 7, or null") and top.values["iddsi"] is not None:
        value = top.values["iddsi"]
        if is_whole(value, IDDSI_LEVELS):
            levels = frozenset({value})
        else:
            top.fault("iddsi", shown(value), "null or a whole number 0 to 7")
    diets = top.texts("diets", required=True)
    exclude = top.texts("exclude", required=True)
    fasting = Fasting.NO
    if top.required("fasting", 'false, true or "clear_fluids"'):
        value = top.values["fasting"]
        if isinstance(value, bool):
            fasting = Fasting.NOTHING if value else Fasting.NO
        elif value == Fasting.CLEAR_FLUIDS.value:
            fasting = Fasting.CLEAR_FLUIDS
        else:
            top.fault("fasting", shown(value), 'false, true or "clear_fluids"')
    file.refuse(faults)
    entries = frozenset(one for one in avoid if one is not None)
    return Needs(entries, textures, levels, diets or NOTHING, exclude or NOTHING, fasting)


def _avoid(node: Node) -> Avoid | None:
    tolerated = node.flag("traces_tolerated", False)
    if not node.required("allergen", "an allergen code"):
        return None
    code = node.values["allergen"]
    if not isinstance(code, str) or code not in ALLERGENS:
        node.fault("allergen", shown(code), "one of " + ", ".join(ALLERGENS))
        return None
    return Avoid(code, tolerated)


def _dish(node: Node) -> Dish:
    n_before = len(node.faults)
    identity, name = node.text("id", required=True), node.text("name", required=True)
    values = {
        "contains": node.texts("contains", ALLERGENS),
        "may_contain": node.texts("may_contain", ALLERGENS) or NOTHING,
        "unknown": node.texts("unknown", ALLERGENS) or NOTHING,
        "textures": node.texts("textures", TEXTURES) or NOTHING,
        "iddsi": node.wholes("iddsi", IDDSI_LEVELS),
        "diets": node.texts("diets") or NOTHING,
        "flags": node.texts("flags"),
    }
    variants = node.nodes("variants", VARIANT)
    found = [_variant(one) for one in variants]
    _once(variants, [variant.id for variant in found])
    if len(node.faults) > n_before:
        return Dish(identity, name)
    return Dish(identity, name, variants=tuple(found), **values)  # type: ignore[arg-type]  # by key


def _variant(node: Node) -> Variant:
    return Variant(
        node.text("id", required=True),
        node.text("name", required=True),
        node.texts("removes", ALLERGENS) or NOTHING,
        node.texts("removes_flags") or NOTHING,
        node.texts("adds_diets") or NOTHING,
    )


def _once(nodes: list[Node], ids: list[str]) -> None:
    """An id that stands twice is a fault at its second place."""
    seen = set()
    for node, one in zip(nodes, ids, strict=True):
        if one and one in seen:
            node.fault("id", f"{one!r} stands twice", "each id once")
        seen.add(one)
