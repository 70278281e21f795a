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
