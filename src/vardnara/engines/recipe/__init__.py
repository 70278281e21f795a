"""Recipes with recipes in them: what they weigh, hold and give, scaled exactly, and the dish that comes of them."""

from vardnara.engines.recipe.data import Book, Cell, Declaration, Ingredient, Line, Recipe, Unit
from vardnara.engines.recipe.dish import Alteration, Verified, cells_now, recipe_altered, recipe_change, recipe_dish
from vardnara.engines.recipe.fingerprint import recipe_fingerprint
from vardnara.engines.recipe.result import Allergens, Change, Missing, Nutrient, Rolled
from vardnara.engines.recipe.roll_up import recipe_roll_up
from vardnara.engines.recipe.scaling import recipe_for, recipe_scaled

__all__ = [
    "Allergens",
    "Alteration",
    "Book",
    "Cell",
    "Change",
    "Declaration",
    "Ingredient",
    "Line",
    "Missing",
    "Nutrient",
    "Recipe",
    "Rolled",
    "Unit",
    "Verified",
    "cells_now",
    "recipe_altered",
    "recipe_change",
    "recipe_dish",
    "recipe_fingerprint",
    "recipe_for",
    "recipe_roll_up",
    "recipe_scaled",
]
