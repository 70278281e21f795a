"""Tables of patient meals."""

from vardnara.apps.meals.models.dish import CellContent, Dish, DishCell, DishName, DishPhoto, DishVariant
from vardnara.apps.meals.models.food import (
    ColumnMapping,
    Food,
    FoodImport,
    FoodTable,
    Ingredient,
    IngredientDeclaration,
    SentFile,
)
from vardnara.apps.meals.models.kitchen import Kitchen, KitchenWard, MealTime
from vardnara.apps.meals.models.menu import HouseDish, Menu, MenuDay, MenuDayEntry, MenuEntry
from vardnara.apps.meals.models.recipe import Recipe, RecipeLine, RecipeVerification, RecipeVersion

__all__ = [
    "CellContent",
    "ColumnMapping",
    "Dish",
    "DishCell",
    "DishName",
    "DishPhoto",
    "DishVariant",
    "Food",
    "FoodImport",
    "FoodTable",
    "HouseDish",
    "Ingredient",
    "IngredientDeclaration",
    "Kitchen",
    "KitchenWard",
    "MealTime",
    "Menu",
    "MenuDay",
    "MenuDayEntry",
    "MenuEntry",
    "Recipe",
    "RecipeLine",
    "RecipeVerification",
    "RecipeVersion",
    "SentFile",
]
