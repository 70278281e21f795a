"""Measures (åtgärder): what they are expected to give, how they stand, what they wait for, and readings over time."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.decisions.choices import BenefitKind, GuideKind, MeasureKind

BEGINS = """
PERFORM 1 FROM decisions_measure m WHERE m.id = NEW.measure_id FOR UPDATE;
IF EXISTS (SELECT 1 FROM decisions_measurestatus s WHERE s.measure_id = NEW.measure_id AND s.begun) THEN
    IF NOT NEW.begun THEN
        RAISE EXCEPTION 'what has begun has begun';
    END IF;
    RETURN NEW;
END IF;
IF NEW.begun THEN
    PERFORM 1 FROM decisions_promise p JOIN decisions_measuregate g ON g.first_id = p.measure_id
    WHERE g.measure_id = NEW.measure_id FOR SHARE OF p;
    IF EXISTS (
        SELECT 1 FROM decisions_measuregate g WHERE g.measure_id = NEW.measure_id AND (
            NOT EXISTS (SELECT 1 FROM decisions_promise p WHERE p.measure_id = g.first_id)
            OR EXISTS (
                SELECT 1 FROM decisions_promise p WHERE p.measure_id = g.first_id AND NOT COALESCE(
                    CASE sign(p.promised - COALESCE(p.baseline, 0))
                        WHEN 1 THEN p.outcome - COALESCE(p.baseline, 0)
                            >= g.share * (p.promised - COALESCE(p.baseline, 0))
                        WHEN -1 THEN p.outcome - COALESCE(p.baseline, 0)
                            <= g.share * (p.promised - COALESCE(p.baseline, 0))
                        ELSE p.outcome = p.promised
                    END, false)))
    ) THEN
        RAISE EXCEPTION 'a measure does not begin before those that it waits for have delivered';
    END IF;
END IF;
RETURN NEW;
"""

GATE_STAYS = """
IF EXISTS (
    SELECT 1 FROM decisions_measurestatus s
    WHERE s.measure_id = COALESCE(NEW.measure_id, OLD.measure_id) AND s.begun
) THEN
    RAISE EXCEPTION 'what a measure waited for is not changed once it has begun';
END IF;
RETURN COALESCE(NEW, OLD);
"""

SAME_FIGURE = """
IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM decisions_measurereading r
    WHERE r.id = NEW.corrects_id AND r.measure_id = NEW.measure_id AND r.indicator = NEW.indicator
) THEN
    RAISE EXCEPTION 'a reading corrects one of its own measure and indicator';
END IF;
RETURN NEW;
"""


class Measure(models.Model):
    """A measure of a hospital. How it stands is its newest ``MeasureStatus``.

    Effects are above 0 where cost falls: ``short_sek`` within ``short_year``, ``long_sek`` of a full year.
    ``beds_change`` is empty where it touches no beds. ``case_row`` is the label of the row of the case it came from.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=MeasureKind.choices)
    owner = models.CharField(max_length=160, blank=True)
    division = models.ForeignKey(
        "hospital.Division", on_delete=models.PROTECT, null=True, blank=True, related_name="measures"
    )
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="measures")
    payer = models.CharField(max_length=120, blank=True)
    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="measures")
    case_row = models.CharField(max_length=400, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_multi_year = models.BooleanField(default=False)
    short_sek = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    short_year = models.PositiveSmallIntegerField(null=True, blank=True)
    long_sek = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    benefit = models.CharField(max_length=8, choices=BenefitKind.choices, default=BenefitKind.CASH)
    goes_to = models.CharField(max_length=200, blank=True)
    requires = models.CharField(max_length=300, blank=True)
    beds_change = models.SmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=600, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "number"], name="decisions_measure_number_once"),
            models.UniqueConstraint(
                fields=["case", "case_row"], condition=~Q(case_row=""), name="decisions_measure_row_once"
            ),
            models.CheckConstraint(condition=~Q(label=""), name="decisions_measure_is_named"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="decisions_measure_dates",
            ),
            models.CheckConstraint(
                condition=Q(short_sek__isnull=True, short_year__isnull=True)
                | Q(short_sek__isnull=False, short_year__isnull=False),
                name="decisions_measure_short_whole",
            ),
            models.CheckConstraint(
                condition=Q(division__isnull=True) | Q(ward__isnull=True), name="decisions_measure_one_place"
            ),
            models.CheckConstraint(
                condition=~Q(benefit=BenefitKind.MOVED) | ~Q(goes_to=""), name="decisions_measure_moved_to"
            ),
            models.CheckConstraint(
                condition=~Q(benefit=BenefitKind.OTHER) | Q(short_sek__isnull=True, long_sek__isnull=True),
                name="decisions_measure_not_in_money",
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class MeasureStatus(models.Model):
    """How a measure stands since a moment, who said so, what was proposed then, and why it differs. Never changed."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="statuses")
    status = models.CharField(max_length=20)
    proposed = models.CharField(max_length=20, blank=True)
    begun = models.BooleanField()
    because = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["measure", "at"], name="decisions_measure_standing")]
        triggers = [
            pgtrigger.Trigger(name="begins", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BEGINS),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class MeasureEvent(models.Model):
    """Something else that happened to a measure: a change, an outcome, a gate. Never changed."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=20)
    text = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["measure", "at"], name="decisions_measure_events")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class MeasureGate(models.Model):
    """``measure`` does not begin before ``first`` has delivered ``share`` of each of its promises (S-09)."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="gates")
    first = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="awaited_by")
    share = models.DecimalField(max_digits=4, decimal_places=3, default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "first"], name="decisions_gate_once"),
            models.CheckConstraint(condition=~Q(measure=F("first")), name="decisions_gate_of_another"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="decisions_gate_share"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=GATE_STAYS,
            ),
        ]


class MeasureReading(models.Model):
    """A value of an indicator on a day, with its source. Never changed: a correction is a new one that names it."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="readings")
    indicator = models.CharField(max_length=20)
    on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    source = models.CharField(max_length=200)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="decisions_reading_has_source")]
        indexes = [models.Index(fields=["measure", "indicator", "on"], name="decisions_reading_order")]
        triggers = [
            pgtrigger.Trigger(name="same_figure", when=pgtrigger.Before, operation=pgtrigger.Insert, func=SAME_FIGURE),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class GuideValue(models.Model):
    """A guide value (riktvärde) for a region and year as somebody entered it, with its source. The newest holds."""

    region = models.ForeignKey("hospital.Region", on_delete=models.PROTECT, related_name="guide_values")
    kind = models.CharField(max_length=10, choices=GuideKind.choices)
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=8, decimal_places=2)
    source = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source="") & Q(value__gt=0), name="decisions_guide_has_source")
        ]
        indexes = [models.Index(fields=["region", "kind", "year"], name="decisions_guide_of_region")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
