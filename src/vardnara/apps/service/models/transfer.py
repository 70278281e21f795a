"""Transfers of tasks from one party to another: what moves, what takes care of it, and the gate before it is signed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.service.choices import HomeHow, Party, StepKind
from vardnara.apps.service.models.agreement import AgreementVersion

BOUND = """
IF OLD.version_id IS NOT NULL AND NEW.version_id IS DISTINCT FROM OLD.version_id
   AND EXISTS (SELECT 1 FROM service_agreementversion v WHERE v.id = OLD.version_id) THEN
    RAISE EXCEPTION 'a transfer lets go of its version only when that is thrown away';
END IF;
IF EXISTS (
    SELECT 1 FROM service_agreementversion v WHERE v.id = NEW.version_id
      AND (v.state <> 'draft' OR v.provider_signer_id IS NOT NULL OR v.care_signer_id IS NOT NULL)
) AND (to_jsonb(NEW) - ARRAY['service_contact', 'care_contact'])
   <> (to_jsonb(OLD) - ARRAY['service_contact', 'care_contact']) THEN
    RAISE EXCEPTION 'a transfer that is being signed is not changed';
END IF;
IF OLD.consultation_closed_on IS NOT NULL AND NEW.consultation_closed_on IS NOT NULL AND (
    NEW.switch_on <> OLD.switch_on OR NEW.from_party <> OLD.from_party OR NEW.to_party <> OLD.to_party
) THEN
    RAISE EXCEPTION 'what was consulted on is not changed';
END IF;
RETURN NEW;
"""

CONSULTED = """
IF EXISTS (
    SELECT 1 FROM service_transferplan p
    WHERE (p.consultation_closed_on IS NOT NULL OR {more})
      AND p.id IN ({plans})
) THEN
    RAISE EXCEPTION 'what was consulted on is not changed';
END IF;
RETURN COALESCE(NEW, OLD);
"""
OF_ITEM = (
    "CASE WHEN TG_OP = 'INSERT' THEN NEW.plan_id ELSE OLD.plan_id END,"
    " CASE WHEN TG_OP = 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END"
)
OF_HOME = (
    "SELECT i.plan_id FROM service_transferitem i"
    " WHERE i.id IN (CASE WHEN TG_OP = 'INSERT' THEN NEW.item_id ELSE OLD.item_id END,"
    " CASE WHEN TG_OP = 'DELETE' THEN OLD.item_id ELSE NEW.item_id END)"
)


class TransferPlan(models.Model):
    """Tasks of an agreement that go from one party to another on a day.

    ``version`` is the draft that the plan has written, and then the signed version: on its first day the ownership
    switches. The database refuses its signatures until ``consultation_closed_on`` stands with a reference, and what was
    consulted on cannot be changed without taking that report back.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="transfer_plans")
    agreement = models.ForeignKey("service.Agreement", on_delete=models.PROTECT, related_name="transfer_plans")
    version = models.OneToOneField(
        AgreementVersion, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="transfer_plan"
    )
    title = models.CharField(max_length=160)
    why = models.TextField(blank=True)
    switch_on = models.DateField()
    from_party = models.CharField(max_length=12, choices=Party.choices)
    to_party = models.CharField(max_length=12, choices=Party.choices)
    service_contact = models.CharField(max_length=200, blank=True)
    care_contact = models.CharField(max_length=200, blank=True)
    consultation_reference = models.CharField(max_length=120, blank=True)
    consultation_closed_on = models.DateField(null=True, blank=True)
    consultation_reported_at = models.DateTimeField(null=True, blank=True)
    consultation_reported_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_party=F("to_party")), name="service_transfer_two_parties"),
            models.CheckConstraint(
                condition=Q(
                    consultation_closed_on__isnull=True,
                    consultation_reported_at__isnull=True,
                    consultation_reported_by__isnull=True,
                    consultation_reference="",
                )
                | (
                    Q(
                        consultation_closed_on__isnull=False,
                        consultation_reported_at__isnull=False,
                        consultation_reported_by__isnull=False,
                        consultation_closed_on__lte=F("switch_on"),
                    )
                    & ~Q(consultation_reference="")
                ),
                name="service_transfer_consultation_whole",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | (Q(version__isnull=True) & ~Q(cancelled_reason="")),
                name="service_transfer_cancelled_whole",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="bound", when=pgtrigger.Before, operation=pgtrigger.Update, func=BOUND),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]


class TransferItem(models.Model):
    """A kind of task on a ward that moves: on these days (1 Monday to 7 Sunday, 8 holiday, 9 eve), and where hours are
    given those rows of the agreement that begin within ``[start_minutes, end_minutes)``.
    """

    plan = models.ForeignKey(TransferPlan, on_delete=models.CASCADE, related_name="items")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="transfer_items")
    task_type = models.ForeignKey("service.TaskType", on_delete=models.PROTECT, related_name="transfer_items")
    days = models.JSONField()
    start_minutes = models.PositiveSmallIntegerField(default=0)
    end_minutes = models.PositiveSmallIntegerField(default=1440)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "task_type", "ward"], name="service_transfer_item_once"),
            models.CheckConstraint(
                condition=Q(start_minutes__lt=F("end_minutes"), end_minutes__lte=1440), name="service_transfer_hours"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_after_consultation",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=CONSULTED.format(more="p.version_id IS NOT NULL", plans=OF_ITEM),
            ),
        ]


class TransferHome(models.Model):
    """What takes care of an item's hours: somebody who receives them, or something that releases them, and when.

    ``minutes_per_week`` are empty where it is all that is left. ``days`` are 1 Monday to 7 Sunday; hours are whole.
    """

    item = models.ForeignKey(TransferItem, on_delete=models.CASCADE, related_name="homes")
    how = models.CharField(max_length=12, choices=HomeHow.choices)
    who = models.CharField(max_length=200)
    minutes_per_week = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    days = models.JSONField()
    start_hour = models.PositiveSmallIntegerField(default=0)
    end_hour = models.PositiveSmallIntegerField(default=24)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(start_hour__lt=F("end_hour"), end_hour__lte=24), name="service_transfer_home_hours"
            ),
            models.CheckConstraint(condition=Q(minutes_per_week__gt=0), name="service_transfer_home_minutes"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_after_consultation",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=CONSULTED.format(more="false", plans=OF_HOME),
            ),
        ]


class TransferStep(models.Model):
    """Something to do before or at the switch, by one side; ticked by somebody, and that can be taken back."""

    plan = models.ForeignKey(TransferPlan, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    side = models.CharField(max_length=12, choices=Party.choices)
    text = models.CharField(max_length=300)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(side__in=[Party.SERVICE, Party.CARE]), name="service_transfer_step_two_sides"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="service_transfer_step_done_by_somebody",
            ),
        ]
