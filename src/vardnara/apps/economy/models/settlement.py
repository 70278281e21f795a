"""What one party invoices the other for a month, by agreement and delivered work."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

ONE_LIVE = """
PERFORM pg_advisory_xact_lock(hashtext('economy_settlement'), NEW.version_id::integer);
IF NEW.credits_id IS NULL AND EXISTS (
    SELECT 1 FROM economy_settlement s
    WHERE s.version_id = NEW.version_id AND s.month = NEW.month AND s.credits_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM economy_settlement c WHERE c.credits_id = s.id)
) THEN
    RAISE EXCEPTION 'the month is invoiced already';
END IF;
IF NEW.credits_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM economy_settlement s
    WHERE s.id = NEW.credits_id AND s.credits_id IS NULL AND s.version_id = NEW.version_id
      AND s.month = NEW.month AND s.total_sek = -NEW.total_sek
) THEN
    RAISE EXCEPTION 'a credit is the whole of what it credits, with the other sign';
END IF;
RETURN NEW;
"""

ROWS_SUM = """
IF NEW.total_sek <> (
    SELECT COALESCE(sum(r.amount_sek), 0) FROM economy_settlementrow r WHERE r.settlement_id = NEW.id
) THEN
    RAISE EXCEPTION 'the rows do not sum to the invoice';
END IF;
RETURN NULL;
"""

ROWS_SUM_AGAIN = """
IF EXISTS (
    SELECT 1 FROM economy_settlement s WHERE s.id = NEW.settlement_id AND s.total_sek <> (
        SELECT sum(r.amount_sek) FROM economy_settlementrow r WHERE r.settlement_id = s.id
    )
) THEN
    RAISE EXCEPTION 'the rows do not sum to the invoice';
END IF;
RETURN NULL;
"""


class Settlement(models.Model):
    """An internal invoice that was issued. Never changed; a mistake is set right by a new one that credits it.

    The database holds that a month of a version has one that is not credited, that a credit is the whole with the other
    sign, and that the rows sum to the total.
    """

    version = models.ForeignKey("service.AgreementVersion", on_delete=models.PROTECT, related_name="settlements")
    number = models.CharField(max_length=60)
    month = models.DateField()
    provider = models.CharField(max_length=120)
    buyer = models.CharField(max_length=120)
    total_sek = models.DecimalField(max_digits=16, decimal_places=2)
    credits = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="credited_by")
    reason = models.CharField(max_length=300, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="economy_settlement_number_once"),
            models.CheckConstraint(condition=Q(credits__isnull=True) | ~Q(reason=""), name="economy_credit_has_reason"),
            models.CheckConstraint(condition=Q(month__day=1), name="economy_settlement_of_a_month"),
        ]
        indexes = [models.Index(fields=["version", "month"], name="economy_settlement_month")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="one_live", when=pgtrigger.Before, operation=pgtrigger.Insert, func=ONE_LIVE),
            pgtrigger.Trigger(
                name="rows_sum",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=ROWS_SUM,
            ),
        ]


class SettlementRow(models.Model):
    """A row of the specification: a part of the year's compensation, or delivered times at a price each."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="rows")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    task_type = models.ForeignKey("service.TaskType", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=200)
    n_planned = models.PositiveIntegerField(default=0)
    n_delivered = models.PositiveIntegerField(default=0)
    price_sek = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    amount_sek = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="rows_sum",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=ROWS_SUM_AGAIN,
            ),
        ]
