"""Tables of patient meals."""

from vardnara.apps.meals.models.kitchen import Kitchen, KitchenWard, MealTime

__all__ = ["Kitchen", "KitchenWard", "MealTime"]
