"""Units, accounts, imported ledgers and budgets, frames, and closed years."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from vardnara.apps.economy.choices import AccountKind, Ledger, Side

CLOSED_NEEDS_REASON = """
IF NEW.late_reason = '' AND EXISTS (
    SELECT 1 FROM economy_yearclosing c WHERE c.hospital_id = NEW.hospital_id AND c.year = NEW.year
) THEN
    RAISE EXCEPTION 'a closed year is corrected with a reason only';
END IF;
RETURN NEW;
"""

ONLY_REPLACED = """
IF (to_jsonb(NEW) - ARRAY['replaced_by_id', 'replaced_at']) <> (to_jsonb(OLD) - ARRAY['replaced_by_id', 'replaced_at'])
   OR OLD.replaced_at IS NOT NULL THEN
    RAISE EXCEPTION 'an import is never changed, only replaced once';
END IF;
RETURN NEW;
"""

KEEP_LINES = """
IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT ledger_id FROM gone) g
    JOIN economy_ledgerimport i ON i.id = g.ledger_id WHERE i.replaced_at IS NULL
) THEN
    RAISE EXCEPTION 'lines are thrown away only with the import that was replaced';
END IF;
RETURN NULL;
"""


class Unit(models.Model):
    """A unit of account (ansvar). ``ward`` is the ward whose money it is, where it is one ward's."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.SERVICE)
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="units")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "code"], name="economy_unit_code_once")]


class Account(models.Model):
    """An account of the result, as the hospital's chart names it."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="accounts")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=1, choices=AccountKind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "code"], name="economy_account_code_once")]


class LedgerImport(models.Model):
    """A file that was read whole: the ledger or the budget of some months of a year.

    The next file of the same months replaces it whole: its lines are thrown away, its sums stay, and with them what
    the correction changed. ``n_lines`` and ``total_sek`` are counted by the reader, apart from what was stored.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="ledger_imports")
    kind = models.CharField(max_length=6, choices=Ledger.choices)
    year = models.PositiveSmallIntegerField()
    first_month = models.PositiveSmallIntegerField()
    last_month = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=200)
    file_format = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    n_bytes = models.BigIntegerField()
    n_lines = models.PositiveIntegerField()
    n_left_out = models.PositiveIntegerField(default=0)
    total_sek = models.DecimalField(max_digits=18, decimal_places=2)
    late_reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "kind", "sha256"],
                condition=Q(replaced_at__isnull=True),
                name="economy_same_file_once",
            ),
            models.CheckConstraint(
                condition=Q(first_month__gte=1, first_month__lte=F("last_month"), last_month__lte=12),
                name="economy_import_months",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True, replaced_by__isnull=True)
                | Q(replaced_at__isnull=False, replaced_by__isnull=False),
                name="economy_import_replaced_whole",
            ),
            ExclusionConstraint(
                name="economy_one_import_a_month",
                expressions=[
                    ("hospital", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("year", RangeOperators.EQUAL),
                    (
                        Func(
                            F("first_month"),
                            F("last_month"),
                            Value("[]"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(replaced_at__isnull=True),
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="closed_needs_reason",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=CLOSED_NEEDS_REASON,
            ),
            pgtrigger.Trigger(
                name="only_replaced", when=pgtrigger.Before, operation=pgtrigger.Update, func=ONLY_REPLACED
            ),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]


class LedgerLine(models.Model):
    """A line of the ledger that hit a cost or an income. Debit is positive: a cost is plus, an income minus.

    Six million checks of foreign keys would take longer than the import. The keys are held by ``MonthSum``, which is
    summed from the lines in the same transaction and has them.
    """

    ledger = models.ForeignKey(
        LedgerImport, on_delete=models.DO_NOTHING, related_name="lines", db_index=False, db_constraint=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    account = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    month = models.PositiveSmallIntegerField()
    booked_on = models.DateField()
    amount_sek = models.DecimalField(max_digits=16, decimal_places=2)
    file_line = models.PositiveIntegerField()
    voucher = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ledger", "unit", "account", "month"], name="economy_line_of_sum")]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update, level=pgtrigger.Statement),
            pgtrigger.Trigger(
                name="keep_lines",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                referencing=pgtrigger.Referencing(old="gone"),
                func=KEEP_LINES,
            ),
        ]


class MonthSum(models.Model):
    """What an import says of a unit, an account and a month; for a ledger the sum of its lines. Never changed."""

    ledger = models.ForeignKey(LedgerImport, on_delete=models.PROTECT, related_name="sums", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.PositiveSmallIntegerField()
    amount_sek = models.DecimalField(max_digits=18, decimal_places=2)
    n_lines = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger", "unit", "account", "month"], name="economy_sum_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="economy_sum_month"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Frame(models.Model):
    """A step of a unit's frame for a year: what was decided to be added or taken away. Their sum is the frame."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="frames")
    year = models.PositiveSmallIntegerField()
    amount_sek = models.DecimalField(max_digits=16, decimal_places=2)
    decided_on = models.DateField()
    source = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="economy_frame_has_source")]
        indexes = [models.Index(fields=["year", "unit"], name="economy_frame_of_year")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class YearClosing(models.Model):
    """A year that was closed: from then on an import of it must say why it comes late."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="year_closings")
    year = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "year"], name="economy_year_closed_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
