"""Rosters: who plans together, which shifts there are, who is needed when, and who works what."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from vardnara.apps.staffing.choices import (
    ENDED,
    UNDER_WAY,
    ChangeCause,
    Competence,
    NeedDay,
    Origin,
    RosterState,
    RunKind,
    RunState,
)

INSTANTS = Func(F("start_at"), F("end_at"), function="tstzrange", output_field=DateTimeRangeField())
DATES = Func(F("first_on"), F("to_on"), function="daterange", output_field=DateRangeField())


class RosterGroup(models.Model):
    """Homes whose people are rostered together. ``day_break`` is the minute of the day of W-21; empty: the shipped."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="roster_groups")
    name = models.CharField(max_length=80)
    day_break = models.PositiveSmallIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "name"], name="staffing_group_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="staffing_group_is_named"),
            models.CheckConstraint(
                condition=Q(day_break__isnull=True) | Q(day_break__lt=1440), name="staffing_group_day_break"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class RosterHome(models.Model):
    """A ward, or a pool by name, whose people are rostered in a group; each is in one group."""

    group = models.ForeignKey(RosterGroup, on_delete=models.CASCADE, related_name="homes")
    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="+")
    ward = models.OneToOneField("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pool = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ward__isnull=False, pool="") | (Q(ward__isnull=True) & ~Q(pool="")),
                name="staffing_home_is_one",
            ),
            models.UniqueConstraint(fields=["hospital", "pool"], condition=~Q(pool=""), name="staffing_home_pool_once"),
        ]


class ShiftKind(models.Model):
    """A kind of shift (arbetspass): minutes of the local day, ``end`` above 1440 is the next day; breaks ``[[a, b]]``.

    Worked on a ward, in a division, or wherever the group works. Never changed: it ends, and another takes its place.
    """

    group = models.ForeignKey(RosterGroup, on_delete=models.PROTECT, related_name="kinds")
    code = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    start = models.PositiveSmallIntegerField()
    end = models.PositiveSmallIntegerField()
    breaks = models.JSONField(default=list)
    competences = ArrayField(models.CharField(max_length=20, choices=Competence.choices), default=list, blank=True)
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    division = models.ForeignKey("hospital.Division", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "code"], condition=Q(ended_at__isnull=True), name="staffing_kind_code_once"
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="staffing_kind_is_named"),
            models.CheckConstraint(
                condition=Q(start__lt=1440, end__gt=F("start"), end__lte=F("start") + 1440), name="staffing_kind_times"
            ),
            models.CheckConstraint(
                condition=Q(ward__isnull=True) | Q(division__isnull=True), name="staffing_kind_one_place"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_it_was",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("group", "code", "start", "end", "breaks", "ward", "division"),
            ),
        ]


class StandardNeed(models.Model):
    """So many of a kind on a kind of day, as a roster begins with (grundbemanning)."""

    kind = models.ForeignKey(ShiftKind, on_delete=models.CASCADE, related_name="standard_needs")
    day = models.CharField(max_length=10, choices=NeedDay.choices)
    wanted = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "day"], name="staffing_standard_need_once"),
            models.CheckConstraint(condition=Q(wanted__gt=0), name="staffing_standard_need_some"),
        ]


class Roster(models.Model):
    """A roster of a group: whole weeks from a Monday; a draft until it is published. Published ones never overlap."""

    group = models.ForeignKey(RosterGroup, on_delete=models.PROTECT, related_name="rosters")
    first_on = models.DateField()
    to_on = models.DateField()
    state = models.CharField(max_length=10, choices=RosterState.choices, default=RosterState.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["group", "-first_on"], name="staffing_roster_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_on__iso_week_day=1, to_on__iso_week_day=1, to_on__gt=F("first_on")),
                name="staffing_roster_whole_weeks",
            ),
            models.CheckConstraint(
                condition=Q(state=RosterState.PUBLISHED, published_at__isnull=False, published_by__isnull=False)
                | (~Q(state=RosterState.PUBLISHED) & Q(published_at__isnull=True, published_by__isnull=True)),
                name="staffing_roster_published_by",
            ),
            ExclusionConstraint(
                name="staffing_roster_one_published",
                expressions=[("group", RangeOperators.EQUAL), (DATES, RangeOperators.OVERLAPS)],
                condition=Q(state=RosterState.PUBLISHED),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="stays_published",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=RosterState.PUBLISHED.value),
            ),
        ]

    @property
    def n_weeks(self) -> int:
        return (self.to_on - self.first_on).days // 7


class RosterNeed(models.Model):
    """So many of a kind on a day of a roster."""

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="needs")
    kind = models.ForeignKey(ShiftKind, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    wanted = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "on", "kind"], name="staffing_roster_need_once")]


class RosterMember(models.Model):
    """A person who is in a roster. What they are employed for, and when they are away, is their own rows'."""

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey("staffing.Person", on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "person"], name="staffing_roster_member_once")]


class RosterShift(models.Model):
    """A person works a kind of shift on a day. ``in_force`` is of published rosters: nobody is in two places then."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="shifts")
    person = models.ForeignKey("staffing.Person", on_delete=models.PROTECT, related_name="shifts")
    kind = models.ForeignKey(ShiftKind, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    origin = models.CharField(max_length=8, choices=Origin.choices)
    is_fixed = models.BooleanField(default=False)
    in_force = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["on", "kind"], condition=Q(in_force=True), name="staffing_shift_on"),
            models.Index(fields=["person", "on"], name="staffing_shift_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="staffing_shift_times"),
            models.UniqueConstraint(fields=["roster", "person", "on"], name="staffing_shift_once_a_day"),
            ExclusionConstraint(
                name="staffing_shift_one_place",
                expressions=[("person", RangeOperators.EQUAL), (INSTANTS, RangeOperators.OVERLAPS)],
                condition=Q(in_force=True),
            ),
        ]


class RosterChange(models.Model):
    """What was changed by whom and why, a row for each person and day; never rewritten. None: free."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="changes")
    person = models.ForeignKey("staffing.Person", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    before = models.ForeignKey(ShiftKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    after = models.ForeignKey(ShiftKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cause = models.CharField(max_length=8, choices=ChangeCause.choices)
    reason = models.CharField(max_length=300, blank=True)
    batch = models.UUIDField()
    was_published = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["roster", "-id"], name="staffing_change_newest")]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Update | pgtrigger.Delete)]


class RosterRun(models.Model):
    """A search for a roster: asked for by a person, done by a worker, kept with what it came to."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=8, choices=RunKind.choices)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    seconds = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.WAITING)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=60, blank=True)
    cost = models.BigIntegerField(null=True, blank=True)
    bound = models.BigIntegerField(null=True, blank=True)
    work = models.BigIntegerField(null=True, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["roster", "-asked_at"], name="staffing_run_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at__isnull=True) | Q(state__in=ENDED, ended_at__isnull=False),
                name="staffing_run_ends",
            ),
            models.UniqueConstraint(
                fields=["roster"], condition=Q(state__in=UNDER_WAY), name="staffing_run_one_under_way"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ended", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state__in=list(ENDED))
            ),
        ]


class Wish(models.Model):
    """Somebody wants a kind of shift on a day (none: any), or wants it not; ``granted`` is said at publication."""

    person = models.ForeignKey("staffing.Person", on_delete=models.PROTECT, related_name="wishes")
    on = models.DateField()
    kind = models.ForeignKey(ShiftKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    wanted = models.BooleanField()
    weight = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    granted = models.BooleanField(null=True, blank=True)
    why = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=3), name="staffing_wish_weight"),
            models.UniqueConstraint(
                fields=["person", "on", "kind", "wanted"], nulls_distinct=False, name="staffing_wish_once"
            ),
        ]
