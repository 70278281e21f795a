"""Organisations with their forms of registry numbers, their organs, paragraphs of minutes, and meetings."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from vardnara.apps.decisions.choices import OrganKind, PatternForm


class Organisation(models.Model):
    """Who cases are decided in, such as a region. Its name is what cases call it."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("hospital", Lower("name"), name="decisions_organisation_once"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class RegistryPattern(models.Model):
    """A form of the organisation's registry numbers, with numbers that are in it; no form, and any number will do."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="patterns")
    form = models.CharField(max_length=8, choices=PatternForm.choices)
    text = models.CharField(max_length=120)
    examples = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "text"], name="decisions_pattern_once"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(examples=[]), name="decisions_pattern_has_example"),
        ]


class Organ(models.Model):
    """Who decides or prepares: a board, the assembly, a committee, a director. Taken out of use, never deleted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="organs")
    name = models.CharField(max_length=120)
    abbreviation = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=OrganKind.choices)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", Lower("name"), name="decisions_organ_name_once"),
            models.UniqueConstraint("organisation", Lower("abbreviation"), name="decisions_organ_short_once"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} ({self.abbreviation})"


class Paragraph(models.Model):
    """A paragraph (§) of an organ's minutes that a case got. Numbers run by organ and year, each once."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="paragraphs")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    on = models.DateField()
    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="paragraphs")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organ", "year", "number"], name="decisions_paragraph_once"),
            models.UniqueConstraint(fields=["case", "organ", "on"], name="decisions_paragraph_of_case_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="decisions_paragraph_from_one"),
            models.CheckConstraint(condition=Q(on__year=F("year")), name="decisions_paragraph_of_its_year"),
        ]


class Meeting(models.Model):
    """A meeting of an organ on a day."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="meetings")
    on = models.DateField()
    place = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ", "on"], name="decisions_meeting_once")]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class MeetingItem(models.Model):
    """A case on the agenda of a meeting, in its place."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="decisions_item_once"),
            models.UniqueConstraint(
                fields=["meeting", "position"], name="decisions_item_place", deferrable=models.Deferrable.DEFERRED
            ),
        ]


class Extract(models.Model):
    """An extract of the minutes that was sent to one of the case's recipients."""

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="extracts")
    recipient = models.CharField(max_length=200)
    sent_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "recipient"], name="decisions_extract_once")]
