"""Patients: a pseudonymous key, and identity kept apart from it and from the stay."""

from __future__ import annotations

import uuid

from django.db import models


class Patient(models.Model):
    """A person as the rest of the system knows one: a key. ``merged_into`` points at the surviving record."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    deleted_at = models.DateTimeField(null=True, blank=True)


class PatientIdentity(models.Model):
    """Name, birth date and sex. Read only through a query that logs the look (invariant 7)."""

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="identity")
    family_name = models.CharField(max_length=200, blank=True)
    given_name = models.CharField(max_length=200, blank=True)
    born_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    protected = models.BooleanField(default=False)
    as_of = models.DateTimeField()


class PatientIdentifier(models.Model):
    """One identifier of a patient within its issuer's domain; a merge moves it to the survivor."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="identifiers")
    issuer = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "value"], name="hospital_patient_identifier_once")]
