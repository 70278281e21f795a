"""The parts that run: a heartbeat each, so that one that is alive but does not work is seen (edge-11)."""

from __future__ import annotations

from django.db import models

from vardnara.apps.hospital.choices import Part


class PartHeartbeat(models.Model):
    """``beat_at`` moves only when the part's own loop did a round, never from a thread beside it."""

    part = models.CharField(max_length=12, choices=Part.choices)
    instance = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    restarts = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "instance"], name="hospital_part_once")]
