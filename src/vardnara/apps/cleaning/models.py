"""A clean and the departures behind it."""

from __future__ import annotations

from django.db import models


class Clean(models.Model):
    """What a cleaning task is about: the task has state and people, the clean has cause and contagion.

    ``contagion_class`` is the strictest of patient, room and outbreak, and is never lowered by itself (C-17).
    """

    task = models.OneToOneField("service.Task", on_delete=models.PROTECT, related_name="clean")
    bed = models.ForeignKey("hospital.BedPlace", on_delete=models.PROTECT, related_name="cleans")
    cause = models.CharField(max_length=20)
    contagion_class = models.CharField(max_length=1, blank=True)


class CleanDeparture(models.Model):
    """A departure is answered by one clean at a time; a clean may answer several."""

    clean = models.ForeignKey(Clean, on_delete=models.PROTECT, related_name="departures")
    departure = models.OneToOneField("hospital.Departure", on_delete=models.PROTECT, related_name="clean_link")
