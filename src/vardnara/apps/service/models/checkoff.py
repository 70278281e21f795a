"""What was ticked off, and signed, when a task was finished."""

from __future__ import annotations

import pgtrigger
from django.db import models


class Checkoff(models.Model):
    """The checklist of a finished task as its worker left it: ``points`` are pairs of text and whether it was done.

    The texts are kept, so that a catalogue that changes changes no history.
    """

    task = models.OneToOneField("service.Task", on_delete=models.PROTECT, related_name="checkoff")
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    points = models.JSONField(default=list)
    signed = models.BooleanField(default=False)

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
