"""Stays and who lies where, projected from an append-only record of events per visit.

The record is the truth: a stay's occupancies are what ``engines.adt`` makes of all its events in order, so a late,
cancelled or repeated event cannot leave them in a state that no order of arrival explains.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from vardnara.apps.hospital.choices import ContagionClass, StayStatus


class Stream(models.Model):
    """The events that are read in one order: a visit's, or a patient's where no visit number is given."""

    key = models.CharField(max_length=300, unique=True)
    patient = models.ForeignKey("hospital.Patient", on_delete=models.PROTECT, related_name="streams")
    by_visit = models.BooleanField()


class AdtRecord(models.Model):
    """One event of a stream, from a message or from a tap on the ward. ``outcome`` is what the last fold made of it."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="records")
    message = models.ForeignKey(
        "hospital.InboxMessage", on_delete=models.PROTECT, null=True, blank=True, related_name="records"
    )
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=12)
    recorded_at = models.DateTimeField()
    effect_at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, default="applied")
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["stream", "recorded_at", "id"], name="hospital_record_order")]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="same_event",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("message", "actor", "code", "recorded_at", "effect_at", "payload"),
            ),
        ]


class Stay(models.Model):
    """An inpatient episode (vårdtillfälle) or a visit. ``serial`` tells stays of one stream apart."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="stays")
    serial = models.PositiveSmallIntegerField(default=0)
    patient = models.ForeignKey("hospital.Patient", on_delete=models.PROTECT, related_name="stays")
    visit_number = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=StayStatus.choices)
    patient_class = models.CharField(max_length=4, blank=True)
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="stays")
    location_text = models.CharField(max_length=400, blank=True)
    wanted_bed = models.ForeignKey(
        "hospital.BedPlace", on_delete=models.PROTECT, null=True, blank=True, related_name="wanted_by"
    )
    without_place = models.BooleanField(default=False)
    admitted_at = models.DateTimeField(null=True, blank=True)
    discharge_ordered_at = models.DateTimeField(null=True, blank=True)
    discharge_confirmed_at = models.DateTimeField(null=True, blank=True)
    discharged_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    expected_discharge_at = models.DateTimeField(null=True, blank=True)
    on_leave_since = models.DateTimeField(null=True, blank=True)
    leave_until = models.DateTimeField(null=True, blank=True)
    pending_bed = models.ForeignKey(
        "hospital.BedPlace", on_delete=models.PROTECT, null=True, blank=True, related_name="pending_for"
    )
    contagion_class = models.CharField(max_length=1, choices=ContagionClass.choices, default="", blank=True)
    warnings = models.JSONField(default=list, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "serial"], name="hospital_stay_serial_once"),
            models.CheckConstraint(
                condition=Q(status=StayStatus.ENDED, left_at__isnull=False)
                | (~Q(status=StayStatus.ENDED) & Q(left_at__isnull=True)),
                name="hospital_stay_left_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(without_place=False) | Q(status=StayStatus.OPEN), name="hospital_stay_without_place_is_open"
            ),
        ]
        indexes = [
            models.Index(fields=["ward"], condition=Q(status="open"), name="hospital_stay_open_by_ward"),
            models.Index(fields=["wanted_bed"], condition=Q(without_place=True), name="hospital_stay_waiting"),
        ]


class Occupancy(models.Model):
    """Who lies where and when, half-open. A bed place has at most ``capacity`` occupants: one a slot.

    The database refuses two stays in one slot at the same time, a stay in two beds at the same time, and a slot
    beyond the bed's capacity.
    """

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="occupancies")
    bed = models.ForeignKey("hospital.BedPlace", on_delete=models.PROTECT, related_name="occupancies")
    slot = models.PositiveSmallIntegerField(default=1)
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="hospital_one_occupant_a_slot",
                expressions=[
                    ("bed", RangeOperators.EQUAL),
                    ("slot", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="hospital_one_bed_a_stay",
                expressions=[("stay", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(during__isempty=False), name="hospital_occupancy_not_empty"),
        ]
        indexes = [
            GistIndex(fields=["during"], name="hospital_occupancy_during"),
            models.Index(fields=["bed"], condition=Q(during__upper_inf=True), name="hospital_occupancy_now"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="slot_within_capacity",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.slot < 1 OR NEW.slot > (SELECT capacity FROM hospital_bedplace WHERE id = NEW.bed_id) THEN
                        RAISE EXCEPTION 'bed % has no slot %', NEW.bed_id, NEW.slot
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Departure(models.Model):
    """A stay left a bed for good: what makes the bed dirty. Voided when the event behind it is cancelled."""

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="departures")
    bed = models.ForeignKey("hospital.BedPlace", on_delete=models.PROTECT, related_name="departures")
    left_at = models.DateTimeField()
    record = models.ForeignKey(AdtRecord, on_delete=models.PROTECT, related_name="+")
    contagion_class = models.CharField(max_length=1, choices=ContagionClass.choices, default="", blank=True)
    cleanliness_before = models.CharField(max_length=8, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "bed", "record"],
                condition=Q(voided_at__isnull=True),
                name="hospital_departure_once",
            ),
        ]
