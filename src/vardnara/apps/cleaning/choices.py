"""Why a clean exists."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Cause(models.TextChoices):
    DEPARTURE = "departure", pgettext_lazy("clean cause", "The patient left")
    EXTERNAL = "external", pgettext_lazy("clean cause", "Another system says so")
    FOUND = "found", pgettext_lazy("clean cause", "Found")
    NOT_APPROVED = "not_approved", pgettext_lazy("clean cause", "Not approved")
    DAILY = "daily", pgettext_lazy("clean cause", "Daily")
