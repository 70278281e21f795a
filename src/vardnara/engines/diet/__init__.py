"""Which dish is safe for which patient, after which change, and why not.

``dish_check`` answers for one dish; ``vardnara.engines.diet.vector.check_all`` for all patients and dishes at once. It
imports NumPy and is therefore not among the names below.
"""

from vardnara.engines.diet.codes import ALLERGENS, FLUID_LEVELS, FOOD_LEVELS, IDDSI_LEVELS, REASONS, TEXTURES
from vardnara.engines.diet.data import Avoid, Dish, Fasting, Needs, Variant
from vardnara.engines.diet.needs import Diet, Wish, needs_at, needs_narrowed, restriction_end, source_replace
from vardnara.engines.diet.orders import Ending, Restriction, RestrictionKind, Source
from vardnara.engines.diet.plain import dish_changed, dish_check
from vardnara.engines.diet.result import Reason, Status, Verdict

__all__ = [
    "ALLERGENS",
    "FLUID_LEVELS",
    "FOOD_LEVELS",
    "IDDSI_LEVELS",
    "REASONS",
    "TEXTURES",
    "Avoid",
    "Diet",
    "Dish",
    "Ending",
    "Fasting",
    "Needs",
    "Reason",
    "Restriction",
    "RestrictionKind",
    "Source",
    "Status",
    "Variant",
    "Verdict",
    "Wish",
    "dish_changed",
    "dish_check",
    "needs_at",
    "needs_narrowed",
    "restriction_end",
    "source_replace",
]
