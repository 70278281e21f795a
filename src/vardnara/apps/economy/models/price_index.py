"""Price and wage indices as a hospital has entered them; none is shipped (K-03)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

ONLY_WITHDRAWN = """
BEGIN
    IF (to_jsonb(NEW) - 'withdrawn_at') <> (to_jsonb(OLD) - 'withdrawn_at') OR OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'an index is withdrawn or published again, never changed';
    END IF;
    RETURN NEW;
END;
"""


class PriceIndex(models.Model):
    """An index as it stood at a publication: the same year has other numbers in the next one."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="price_indices")
    name = models.CharField(max_length=80)
    published_on = models.DateField()
    source = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "name", "published_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="economy_index_published_once",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(source=""), name="economy_index_has_source"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_withdrawn", when=pgtrigger.Before, operation=pgtrigger.Update, func=ONLY_WITHDRAWN
            ),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]


class PriceIndexNumber(models.Model):
    """The index number of a year."""

    index = models.ForeignKey(PriceIndex, on_delete=models.PROTECT, related_name="numbers")
    year = models.PositiveSmallIntegerField()
    number = models.DecimalField(max_digits=12, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["index", "year"], name="economy_index_year_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="economy_index_number_above_nought"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
