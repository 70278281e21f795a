"""Value lists of kitchens, menus, diets, orders and waste."""

from django.db import models
from django.utils.translation import pgettext_lazy


class MealKind(models.TextChoices):
    """The six eating occasions of a day (F-34), and a breakfast before breakfast where the night would be too long."""

    EARLY_BREAKFAST = "early_breakfast", pgettext_lazy("meal", "Early breakfast")
    BREAKFAST = "breakfast", pgettext_lazy("meal", "Breakfast")
    MORNING_SNACK = "morning_snack", pgettext_lazy("meal", "Morning snack")
    LUNCH = "lunch", pgettext_lazy("meal", "Lunch")
    AFTERNOON_SNACK = "afternoon_snack", pgettext_lazy("meal", "Afternoon snack")
    DINNER = "dinner", pgettext_lazy("meal", "Dinner")
    EVENING_SNACK = "evening_snack", pgettext_lazy("meal", "Evening snack")


class ServiceForm(models.TextChoices):
    """How a kitchen's food reaches a ward."""

    TRAY = "tray", pgettext_lazy("meal service", "Tray")
    BULK = "bulk", pgettext_lazy("meal service", "Bulk, served on the ward")
    CHILLED = "chilled", pgettext_lazy("meal service", "Chilled single portions")


class Texture(models.TextChoices):
    """The Swedish textures from firm to liquid (F-20)."""

    HEL_DELAD = "hel_delad", pgettext_lazy("texture", "Whole or cut up")
    GROV_PATE = "grov_pate", pgettext_lazy("texture", "Coarse pâté")
    TIMBAL = "timbal", pgettext_lazy("texture", "Timbale")
    GELE = "gele", pgettext_lazy("texture", "Jelly")
    FLYTANDE = "flytande", pgettext_lazy("texture", "Liquid")
    TJOCKFLYTANDE = "tjockflytande", pgettext_lazy("texture", "Thick liquid")


class Unit(models.TextChoices):
    """What an amount in a recipe is measured in."""

    GRAM = "g", pgettext_lazy("unit", "g")
    MILLILITRE = "ml", pgettext_lazy("unit", "ml")
    PIECE = "piece", pgettext_lazy("unit", "pieces")


class Portion(models.TextChoices):
    """Sizes of a portion."""

    SMALL = "small", pgettext_lazy("portion", "Small")
    NORMAL = "normal", pgettext_lazy("portion", "Normal")
    LARGE = "large", pgettext_lazy("portion", "Large")


class HouseDishKind(models.TextChoices):
    """Why a dish can be had beside the menu: where nothing else fits (mech-15), always, or as a supplement."""

    FALLBACK = "fallback", pgettext_lazy("house dish", "Fallback")
    ALWAYS = "always", pgettext_lazy("house dish", "Always on offer")
    SUPPLEMENT = "supplement", pgettext_lazy("house dish", "Supplement")


class ImportKind(models.TextChoices):
    """What a file of the kitchen holds."""

    FOODS = "foods", pgettext_lazy("food import", "Food composition table")
    INGREDIENTS = "ingredients", pgettext_lazy("food import", "Ingredients")
    RECIPES = "recipes", pgettext_lazy("food import", "Recipes")
    MENUS = "menus", pgettext_lazy("food import", "Menus")
