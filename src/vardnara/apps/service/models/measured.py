"""What measurement proposes, and who said yes or no to it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.service.choices import ProposalState


class NormProposal(models.Model):
    """Minutes that a kind of task was measured to take on a ward, for a head to approve or decline.

    It is kept as it was when somebody decided: ``first_on`` to ``last_on`` and ``removed`` (rule: number) say from
    what it came. An approved one has the norm that it became.
    """

    task_type = models.ForeignKey("service.TaskType", on_delete=models.PROTECT, related_name="proposals")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="norm_proposals")
    fixed_low = models.DecimalField(max_digits=7, decimal_places=2)
    fixed_typical = models.DecimalField(max_digits=7, decimal_places=2)
    fixed_high = models.DecimalField(max_digits=7, decimal_places=2)
    unit_low = models.DecimalField(max_digits=7, decimal_places=2)
    unit_typical = models.DecimalField(max_digits=7, decimal_places=2)
    unit_high = models.DecimalField(max_digits=7, decimal_places=2)
    n_observations = models.PositiveIntegerField()
    n_seen = models.PositiveIntegerField()
    removed = models.JSONField(default=dict)
    first_on = models.DateField()
    last_on = models.DateField()
    instead_of = models.ForeignKey("service.Norm", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    norm = models.OneToOneField(
        "service.Norm", on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task_type", "ward"], condition=Q(state="open"), name="service_one_open_proposal"
            ),
            models.CheckConstraint(
                condition=Q(
                    fixed_low__gte=0,
                    fixed_low__lte=F("fixed_typical"),
                    fixed_typical__lte=F("fixed_high"),
                    unit_low__gte=0,
                    unit_low__lte=F("unit_typical"),
                    unit_typical__lte=F("unit_high"),
                ),
                name="service_proposal_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", norm__isnull=False) | (~Q(state="approved") & Q(norm__isnull=True)),
                name="service_proposal_approved_has_norm",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | Q(state="replaced", decided_by__isnull=True, decided_at__isnull=False)
                | Q(state__in=["approved", "declined"], decided_at__isnull=False, decided_by__isnull=False),
                name="service_proposal_decided_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decided_once", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__state="open")
            ),
        ]
