"""What other systems sent: raw bytes first, meaning after."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q, Value

from vardnara.apps.hospital.choices import MessageStatus


class Sender(models.Model):
    """How one sending system is read (CONTRACT 1.7). Made with defaults when a new one is heard, or by a person.

    ``issuers`` says whose numbers the identifier systems of its FHIR resources are (``gateways.fhir.reader``).
    """

    application = models.CharField(max_length=200, blank=True)
    facility = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=60, default="Europe/Stockholm")
    charset = models.CharField(max_length=20, default="8859/1")
    processing_ids = models.CharField(max_length=10, default="PT")
    a03_administrative = models.BooleanField(default=False)
    al1_snapshot = models.BooleanField(default=False, db_default=False)
    contagion_codes = models.JSONField(default=dict, blank=True)
    issuers = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    unmapped_codes = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "facility"], name="hospital_sender_once")]


class SystemKey(models.Model):
    """What a system signs in with where it calls us, over HTTP. Shown once when it is made; its digest is kept."""

    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="hospital_key_end_has_who",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ends_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False)
                | pgtrigger.Q(old__digest__df=pgtrigger.F("new__digest"))
                | pgtrigger.Q(old__sender__df=pgtrigger.F("new__sender")),
            ),
        ]


class LocationAlias(models.Model):
    """What a sender calls a place, as it writes it in PL. Without ``sender`` it holds for all; without ``bed_place`` it
    names a ward, and with an empty room and bed every bed that the sender names there is looked for in that ward.
    """

    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, null=True, blank=True, related_name="aliases")
    point_of_care = models.CharField(max_length=200, blank=True)
    room = models.CharField(max_length=200, blank=True)
    bed = models.CharField(max_length=200, blank=True)
    ward = models.ForeignKey("hospital.Ward", on_delete=models.CASCADE, related_name="aliases")
    bed_place = models.ForeignKey(
        "hospital.BedPlace", on_delete=models.CASCADE, null=True, blank=True, related_name="aliases"
    )
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "point_of_care", "room", "bed"], nulls_distinct=False, name="hospital_alias_once"
            ),
        ]


class HeardName(models.Model):
    """What a sender wrote for a place that nobody has confirmed: who names it, and by which words it can be mapped."""

    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="heard_names")
    point_of_care = models.CharField(max_length=200, blank=True)
    room = models.CharField(max_length=200, blank=True)
    bed = models.CharField(max_length=200, blank=True)
    ward = models.ForeignKey("hospital.Ward", on_delete=models.CASCADE, related_name="heard_names")
    bed_place = models.ForeignKey(
        "hospital.BedPlace", on_delete=models.CASCADE, null=True, blank=True, related_name="heard_names"
    )
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "point_of_care", "room", "bed", "ward", "bed_place"],
                nulls_distinct=False,
                name="hospital_heard_name_once",
            ),
        ]


class InboxMessage(models.Model):
    """A message as it came. ``raw`` never changes; ``digest`` leaves MSH-7 out (CONTRACT 1.1)."""

    raw = models.BinaryField()
    digest = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()
    application = models.CharField(max_length=200, blank=True)
    facility = models.CharField(max_length=200, blank=True)
    control_id = models.CharField(max_length=200, blank=True)
    message_type = models.CharField(max_length=10, blank=True)
    trigger_event = models.CharField(max_length=10, blank=True)
    version = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=8, choices=MessageStatus.choices)
    reason = models.CharField(max_length=400, blank=True)
    control_id_reused = models.BooleanField(default=False)
    acknowledgement = models.BinaryField(null=True)
    duplicates = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "facility", "control_id", "digest"], name="hospital_message_once"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(status="waiting"), name="hospital_message_waiting"),
            models.Index(fields=["status", "-id"], name="hospital_message_by_status"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="same_bytes", operation=pgtrigger.Update, condition=pgtrigger.AnyChange("raw", "received_at")
            ),
        ]
