"""Value lists of the economy."""

from django.db import models
from django.utils.translation import pgettext_lazy

from vardnara.apps.accounts.choices import Role

READERS = (Role.CONTROLLER, Role.SERVICE_HEAD, Role.DECISION_MAKER, Role.AUDITOR)
ISSUERS = (Role.CONTROLLER, Role.SERVICE_HEAD)  # who invoices between the parties
KEEPERS = (Role.CONTROLLER,)  # who imports, closes years, adjusts and stores forecasts


class Side(models.TextChoices):
    """Whose unit it is."""

    SERVICE = "service", pgettext_lazy("economy", "Ward service")
    CARE = "care", pgettext_lazy("economy", "Care")
    OTHER = "other", pgettext_lazy("economy", "Other")


class AccountKind(models.TextChoices):
    """What an account of the result holds; others are not kept."""

    COST = "K", pgettext_lazy("economy", "Cost")
    INCOME = "I", pgettext_lazy("economy", "Income")


class Ledger(models.TextChoices):
    """What a file holds."""

    ACTUAL = "actual", pgettext_lazy("economy", "Ledger")
    BUDGET = "budget", pgettext_lazy("economy", "Budget")


class Method(models.TextChoices):
    """How the rest of the year is forecast; the names of ``engines.followup``."""

    RUN_RATE = "run_rate", pgettext_lazy("forecast", "Run rate")
    SEASONAL = "seasonal", pgettext_lazy("forecast", "Last year's shares")
    BUDGET_REST = "budget_rest", pgettext_lazy("forecast", "Budget for the rest")


class Measure(models.TextChoices):
    """What a cost is divided by when it is compared."""

    SQUARE_METRE = "square_metre", pgettext_lazy("benchmark", "square metre")
    CLEAN = "clean", pgettext_lazy("benchmark", "clean")
    MEAL = "meal", pgettext_lazy("benchmark", "meal")
    BED_DAY = "bed_day", pgettext_lazy("benchmark", "bed-day")
