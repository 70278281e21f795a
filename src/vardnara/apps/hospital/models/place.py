"""Region, hospital, division, ward, room, bed place, and what is true of a bed now."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from vardnara.apps.hospital.choices import Cleanliness, ContagionClass, HygieneClass, RoomKind, WardKind


def bed_token() -> str:
    """The unguessable part of the address behind a bed's QR code."""
    return secrets.token_urlsafe(9)


class Region(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)


class Hospital(models.Model):
    """``invented`` marks the demo hospital: every page then says so."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="hospitals")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    invented = models.BooleanField(default=False)
    confirmed = models.BooleanField(default=True)


class Division(models.Model):
    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT, related_name="divisions")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "code"], name="hospital_division_once")]


class Ward(models.Model):
    """A ward. Budgeted beds (fastställda) and staffed beds (disponibla) are kept apart from the places that exist."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="wards")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=WardKind.choices, default=WardKind.INPATIENT)
    building = models.CharField(max_length=40, blank=True)
    floor = models.CharField(max_length=10, blank=True)
    budgeted_beds = models.PositiveSmallIntegerField(null=True, blank=True)
    staffed_beds = models.PositiveSmallIntegerField(null=True, blank=True)
    confirmed = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "code"], name="hospital_ward_once")]


class Room(models.Model):
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="rooms")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=RoomKind.choices, default=RoomKind.SHARED)
    hygiene_class = models.PositiveSmallIntegerField(choices=HygieneClass.choices, default=HygieneClass.CARE)
    has_hygiene_room = models.BooleanField(default=False)
    contagion_class = models.CharField(max_length=1, choices=ContagionClass.choices, default="", blank=True)
    confirmed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ward", "code"], name="hospital_room_once"),
            models.CheckConstraint(condition=Q(hygiene_class__lte=3), name="hospital_room_hygiene_class"),
        ]


class BedPlace(models.Model):
    """A bed place (vårdplats). ``capacity`` is 1 unless the ward says otherwise, as for mother and child.

    ``confirmed`` is false for a place that a message named and nobody has looked at yet.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="beds")
    code = models.CharField(max_length=60)
    capacity = models.PositiveSmallIntegerField(default=1)
    confirmed = models.BooleanField(default=True)
    token = models.CharField(max_length=24, unique=True, default=bed_token)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "code"], name="hospital_bed_once"),
            models.CheckConstraint(condition=Q(capacity__gte=1) & Q(capacity__lte=9), name="hospital_bed_capacity"),
        ]


class BedState(models.Model):
    """What is true of a bed besides who lies in it. Availability is derived from this and occupancy, never stored.

    ``dirty_departure`` is the departure that made the bed dirty, so that cancelling it restores what was before.
    """

    bed = models.OneToOneField(BedPlace, on_delete=models.CASCADE, primary_key=True, related_name="state")
    cleanliness = models.CharField(max_length=8, choices=Cleanliness.choices, default=Cleanliness.CLEAN)
    cleanliness_at = models.DateTimeField(null=True)
    cleaned_at = models.DateTimeField(null=True)
    dirty_departure = models.ForeignKey(
        "hospital.Departure", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    contagion_class = models.CharField(max_length=1, choices=ContagionClass.choices, default="", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=200, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_reason = models.CharField(max_length=200, blank=True)
    reserved_at = models.DateTimeField(null=True, blank=True)
    reserved_reason = models.CharField(max_length=200, blank=True)
    reserved_for = models.ForeignKey(
        "hospital.Stay", on_delete=models.SET_NULL, null=True, blank=True, related_name="reservations"
    )
    external_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(dirty_departure__isnull=True) | ~Q(cleanliness=Cleanliness.CLEAN),
                name="hospital_bed_clean_has_no_cause",
            ),
        ]
