"""Users, their scope, and the access log."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models

from vardnara.apps.accounts.choices import AccessAction, Profession, Role


class User(AbstractUser):
    """A person who logs in. Demo users exist only in the invented hospital."""

    role = models.CharField(max_length=20, choices=Role.choices, default=Role.SERVICE_WORKER)
    profession = models.CharField(max_length=20, choices=Profession.choices, default="", db_default="", blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="sv")
    demo = models.BooleanField(default=False)


class Scope(models.Model):
    """What a user may reach: a whole hospital, or one ward of it. No scope, no reach."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="scopes")
    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.CASCADE, related_name="+")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.CASCADE, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "hospital", "ward"], nulls_distinct=False, name="accounts_scope_once"
            ),
        ]


class AccessLog(models.Model):
    """One look at a patient's identity, diet or contagion. Append-only: the database refuses change and deletion.

    ``patient_key`` is the pseudonymous key of the patient, resolvable by those who may audit.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    role = models.CharField(max_length=20, blank=True)
    ward_code = models.CharField(max_length=40, blank=True)
    patient_key = models.CharField(max_length=64, blank=True, db_index=True)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=10, choices=AccessAction.choices)
    purpose = models.CharField(max_length=80, blank=True)
    client = models.CharField(max_length=64, blank=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class Pin(models.Model):
    """A short number with which a person takes over a shared tablet that they have used before; nowhere else.

    After ``FAILURES`` wrong ones it is locked for a while.
    """

    FAILURES = 5

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="pin", primary_key=True)
    digest = models.CharField(max_length=128)
    set_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(failures__lte=5), name="accounts_pin_failures"),
            models.CheckConstraint(
                condition=models.Q(failures__lt=5) | models.Q(locked_until__isnull=False), name="accounts_pin_locks"
            ),
        ]


class Tablet(models.Model):
    """A tablet that a ward shares. The browser holds the token, this table its digest."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    ward = models.ForeignKey("hospital.Ward", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class TabletUse(models.Model):
    """Somebody has signed in with their password on a tablet: there their name is offered, and their number taken."""

    tablet = models.ForeignKey(Tablet, on_delete=models.CASCADE, related_name="uses")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tablet", "user"], name="accounts_tablet_use_once")]
