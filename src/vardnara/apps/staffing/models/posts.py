"""Posts and who pays for them."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class Post(models.Model):
    """A post (tjänst): a share of full time in a division, ward or pool, from a day; ended by a date, never deleted.

    ``to_on`` is the first day without it. Pay, overhead and inconvenient hours are those of full time.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="posts")
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    division = models.ForeignKey(
        "hospital.Division", on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    pool = models.CharField(max_length=120, blank=True)
    share = models.DecimalField(max_digits=5, decimal_places=4)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    monthly_sek = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    inconvenient_sek = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    overhead_sek = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    pay_year = models.PositiveSmallIntegerField(null=True, blank=True)
    charges_share = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)
    charges_basis = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "number"], name="staffing_post_number_once"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(title=""), name="staffing_post_is_named"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="staffing_post_share"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="staffing_post_dates"
            ),
            models.CheckConstraint(
                condition=Q(division__isnull=False, ward__isnull=True, pool="")
                | Q(division__isnull=True, ward__isnull=False, pool="")
                | (Q(division__isnull=True, ward__isnull=True) & ~Q(pool="")),
                name="staffing_post_one_place",
            ),
            models.CheckConstraint(
                condition=(Q(monthly_sek__isnull=True) | Q(monthly_sek__gte=0))
                & (Q(inconvenient_sek__isnull=True) | Q(inconvenient_sek__gte=0))
                & (Q(overhead_sek__isnull=True) | Q(overhead_sek__gte=0)),
                name="staffing_post_amounts",
            ),
            models.CheckConstraint(
                condition=Q(monthly_sek__isnull=True, inconvenient_sek__isnull=True, overhead_sek__isnull=True)
                | Q(pay_year__isnull=False),
                name="staffing_post_pay_has_year",
            ),
            models.CheckConstraint(
                condition=Q(charges_share__isnull=True, charges_basis="")
                | (Q(charges_share__gte=0, charges_share__lte=1) & ~Q(charges_basis="")),
                name="staffing_post_charges_have_basis",
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class PostFunding(models.Model):
    """Who pays for a post and when; ``to_on`` is the first day on which they do not. One payer at a time."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="fundings")
    party = models.CharField(max_length=120)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    in_frame = models.BooleanField()
    is_stimulus = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(party=""), name="staffing_funding_has_party"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="staffing_funding_dates"
            ),
            ExclusionConstraint(
                name="staffing_one_payer_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (
                        Func(F("from_on"), F("to_on"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
