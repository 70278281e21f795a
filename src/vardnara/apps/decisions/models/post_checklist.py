"""What is to be done behind each post that a case removes or re-aims; of posts, never of persons."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q


class PostChecklist(models.Model):
    """The list of one post: the ``number``-th of a row of a case's posts. ``post_number`` is its own, if known."""

    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="checklists")
    label = models.CharField(max_length=400)
    number = models.PositiveSmallIntegerField()
    change = models.CharField(max_length=8)
    change_on = models.DateField()
    post_number = models.CharField(max_length=40, blank=True)
    notice_months = models.PositiveSmallIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "label", "number"], name="decisions_checklist_once"),
            models.CheckConstraint(
                condition=Q(notice_months__isnull=True) | Q(notice_months__lte=36), name="decisions_checklist_notice"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class PostCheck(models.Model):
    """A step of a list: whose it is, by when, when it was done. A done step has its day; every change is an event."""

    checklist = models.ForeignKey(PostChecklist, on_delete=models.PROTECT, related_name="checks")
    code = models.CharField(max_length=20)
    owner = models.CharField(max_length=160, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="decisions_check_once")]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="decisions_check_due"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]
