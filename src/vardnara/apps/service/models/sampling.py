"""Questions to care staff at random moments, and their answers. Nobody's name is in here, and nobody's may be."""

from __future__ import annotations

import secrets

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.service.choices import Activity, PromptState


def seed_new() -> str:
    """What the times of a shift are drawn from: nobody who knows the program can tell them ahead."""
    return secrets.token_urlsafe(12)


class SamplingShift(models.Model):
    """A shift of a ward in which questions may be asked, at local minutes after midnight; an end before the start is on
    the day after. ``n_staff`` is how many care staff it has, as the ward says."""

    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="sampling_shifts")
    start_minutes = models.PositiveSmallIntegerField()
    end_minutes = models.PositiveSmallIntegerField()
    n_questions = models.PositiveSmallIntegerField()
    n_staff = models.DecimalField(max_digits=5, decimal_places=1)
    active = models.BooleanField(default=True)
    seed = models.CharField(max_length=24, default=seed_new, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ward", "start_minutes"], name="service_sampling_shift_once"),
            models.CheckConstraint(
                condition=Q(start_minutes__lt=1440, end_minutes__gte=1, end_minutes__lte=1440)
                & ~Q(start_minutes=F("end_minutes")),
                name="service_sampling_window",
            ),
            models.CheckConstraint(
                condition=Q(n_questions__gte=1, n_questions__lte=6, n_staff__gte=0), name="service_sampling_few"
            ),
        ]


class SamplingPrompt(models.Model):
    """A question, drawn ahead for a local date's shift. ``answer`` is what was tapped; who and when is not kept."""

    shift = models.ForeignKey(SamplingShift, on_delete=models.PROTECT, related_name="prompts")
    on = models.DateField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=PromptState.choices, default=PromptState.WAITING)
    answer = models.CharField(max_length=16, choices=Activity.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "due_at"], name="service_prompt_once"),
            models.CheckConstraint(
                condition=Q(state="answered", answer__in=[one.value for one in Activity])
                | (~Q(state="answered") & Q(answer="")),
                name="service_prompt_answered_has_answer",
            ),
        ]
        indexes = [models.Index(fields=["shift", "on"], name="service_prompt_of_day")]
        triggers = [
            pgtrigger.Protect(
                name="answered_once", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__state="waiting")
            ),
            pgtrigger.Protect(
                name="keep_answers", operation=pgtrigger.Delete, condition=~pgtrigger.Q(old__state="waiting")
            ),
        ]
