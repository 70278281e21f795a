"""Tables of patient meals."""

from vardnara.apps.meals.models.diet import DietRevision, Restriction
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
from vardnara.apps.meals.models.fridge import FridgePack
from vardnara.apps.meals.models.kitchen import Kitchen, KitchenWard, MealTime
from vardnara.apps.meals.models.mapping import CodeMeaning, SentDiet, SentWord
from vardnara.apps.meals.models.menu import HouseDish, Menu, MenuDay, MenuDayEntry, MenuEntry
from vardnara.apps.meals.models.order import (
    HelpCall,
    MealNotice,
    MealOrder,
    OrderEvent,
    OrderingAccess,
    OrderingSession,
    OrderItem,
    OtherMeal,
    StandingOrder,
)
from vardnara.apps.meals.models.production import ProductionLine, ProductionLock
from vardnara.apps.meals.models.recipe import Recipe, RecipeLine, RecipeVerification, RecipeVersion
from vardnara.apps.meals.models.temperature import FoodCourse, TemperaturePoint, TemperatureReading
from vardnara.apps.meals.models.tray import Intake, TicketRun, Tray
from vardnara.apps.meals.models.waste import PortionCost, WasteFinding, Weighing

__all__ = [
    "CellContent",
    "CodeMeaning",
    "ColumnMapping",
    "DietRevision",
    "Dish",
    "DishCell",
    "DishName",
    "DishPhoto",
    "DishVariant",
    "Food",
    "FoodCourse",
    "FoodImport",
    "FoodTable",
    "FridgePack",
    "HelpCall",
    "HouseDish",
    "Ingredient",
    "IngredientDeclaration",
    "Intake",
    "Kitchen",
    "KitchenWard",
    "MealNotice",
    "MealOrder",
    "MealTime",
    "Menu",
    "MenuDay",
    "MenuDayEntry",
    "MenuEntry",
    "OrderEvent",
    "OrderItem",
    "OrderingAccess",
    "OrderingSession",
    "OtherMeal",
    "PortionCost",
    "ProductionLine",
    "ProductionLock",
    "Recipe",
    "RecipeLine",
    "RecipeVerification",
    "RecipeVersion",
    "Restriction",
    "SentDiet",
    "SentFile",
    "SentWord",
    "StandingOrder",
    "TemperaturePoint",
    "TemperatureReading",
    "TicketRun",
    "Tray",
    "WasteFinding",
    "Weighing",
]
