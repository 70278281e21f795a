"""People who do the work: what they are employed for, what they are trained for, and when they are not there."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from vardnara.apps.staffing.choices import Competence, LeaveKind, Measure

DATES = Func(F("from_on"), F("to_on"), function="daterange", output_field=DateRangeField())


class Person(models.Model):
    """Somebody who is rostered; ``user`` where they sign in. Home is a ward of their own, or a pool by name.

    ``adult_on`` is kept of who is not 18 yet, and no other date of birth: it is what the limits of W-81 need.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="people")
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="person")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    pool = models.CharField(max_length=120, blank=True)
    adult_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "number"], name="staffing_person_number_once"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(name=""), name="staffing_person_is_named"),
            models.CheckConstraint(
                condition=Q(ward__isnull=False, pool="") | (Q(ward__isnull=True) & ~Q(pool="")),
                name="staffing_person_one_home",
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class Contract(models.Model):
    """A share of full time by a full-time measure (W-30..W-33), from a day; ``to_on`` is the first day without it.

    One person may have several at once: half a ward's post and a quarter in the pool.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contracts")
    post = models.ForeignKey("staffing.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    share = models.DecimalField(max_digits=5, decimal_places=4)
    measure = models.CharField(max_length=12, choices=Measure.choices)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="staffing_contract_share"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="staffing_contract_dates"
            ),
            ExclusionConstraint(
                name="staffing_contract_post_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    (DATES, RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Training(models.Model):
    """What a person is trained for since a day; after ``expires_on`` it holds no more. None holds for ever."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="trainings")
    competence = models.CharField(max_length=20, choices=Competence.choices)
    since_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "competence"], name="staffing_training_once"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("since_on")), name="staffing_training_dates"
            ),
        ]


class Leave(models.Model):
    """Days on which a person is not there, planned ahead; the same-day kind is the coordinator's.

    No kind says why somebody is ill or whose child is: payroll is told what is paid, nobody what it is about.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=10, choices=LeaveKind.choices)
    from_on = models.DateField()
    to_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="staffing_leave_dates"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__gte=F("made_at"), undone_by__isnull=False),
                name="staffing_leave_undone_by_somebody",
            ),
            ExclusionConstraint(
                name="staffing_leave_once",
                expressions=[("person", RangeOperators.EQUAL), (DATES, RangeOperators.OVERLAPS)],
                condition=Q(undone_at__isnull=True),
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class Availability(models.Model):
    """Hours of a weekday in which a person can never work, from a day; both times empty is the whole day.

    ``until`` before ``since`` is past midnight. Weekday 0 is Monday.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="availabilities")
    weekday = models.PositiveSmallIntegerField()
    since = models.TimeField(null=True, blank=True)
    until = models.TimeField(null=True, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lt=7), name="staffing_availability_weekday"),
            models.CheckConstraint(
                condition=Q(since__isnull=True, until__isnull=True)
                | (Q(since__isnull=False, until__isnull=False) & ~Q(since=F("until"))),
                name="staffing_availability_times",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="staffing_availability_dates"
            ),
        ]
