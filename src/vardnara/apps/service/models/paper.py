"""Lists on paper: what was printed under which number, and what was entered from it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.kernel.check_digit import check_digit


def list_number(paper_id: int) -> str:
    """What a list is found by: its key and a check digit."""
    return f"{paper_id}-{check_digit(str(paper_id))}"


def row_code(paper_id: int, row: int) -> str:
    """What a row is found by: its number and a check digit that holds on this list only."""
    return f"{row}-{check_digit(f'{paper_id}{row:03d}')}"


class PaperList(models.Model):
    """What a ward's list said. A list with the same content keeps its number; ``filed_at`` is when it was last true
    and put into the folder, empty where somebody only took it from the page.

    ``rows`` is what was printed: [row number, task id, title, place, window]; ``n_blank`` blank lines follow them.
    """

    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="paper_lists")
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)
    rows = models.JSONField(default=list)
    n_blank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["ward", "-made_at"], name="service_paper_of_ward")]

    @property
    def number(self) -> str:
        """What a list is found by: its key and a check digit."""
        return list_number(self.pk)

    def row_code(self, row: int) -> str:
        """What a row is found by: its number and a check digit that holds on this list only."""
        return row_code(self.pk, row)


class PaperEntry(models.Model):
    """A row of a list as somebody entered it: whose work, when by the clock, what became of it. Append-only.

    ``row`` is the printed number; ``device`` of the commands is the list, so that a row counts once.
    """

    paper = models.ForeignKey(PaperList, on_delete=models.PROTECT, related_name="entries")
    row = models.PositiveSmallIntegerField()
    task = models.ForeignKey("service.Task", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    worker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10)
    code = models.CharField(max_length=40, blank=True)
    entered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "row"], name="service_paper_row_once"),
            models.CheckConstraint(
                condition=Q(started_at__isnull=False) | Q(finished_at__isnull=False), name="service_paper_row_has_time"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
