"""Meal orders: who is to have what, when; their history; and who may order at a bed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.meals.choices import MealKind, OrderEventKind, OrderOrigin, OrderState, Portion

OVER = (OrderState.CANCELLED, OrderState.STOPPED)
BY_ITSELF = (OrderOrigin.STANDING, OrderOrigin.DEFAULT, OrderOrigin.FALLBACK)
TRANSITIONS = [
    ("open", "held"),
    ("open", "substitute"),
    ("open", "ticketed"),
    ("open", "cancelled"),
    ("held", "open"),
    ("held", "substitute"),
    ("held", "cancelled"),
    ("substitute", "open"),
    ("substitute", "held"),
    ("substitute", "cancelled"),
    ("ticketed", "sent"),
    ("ticketed", "served"),
    ("ticketed", "stopped"),
    ("sent", "served"),
    ("sent", "stopped"),
]


class MealOrder(models.Model):
    """A stay's order of one meal. One for each stay and meal; ``extra`` trays and those that replace one beside it.

    ``deadline`` is what held when it was placed, ``received_at`` when the server got the words that it holds now: the
    database refuses an order after its deadline that does not say that it is ``late``. What the house orders by
    itself, at the deadline, is no choice of anybody's.
    """

    stay = models.ForeignKey("hospital.Stay", on_delete=models.PROTECT, related_name="meal_orders")
    kitchen = models.ForeignKey("meals.Kitchen", on_delete=models.PROTECT, related_name="orders")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="meal_orders")
    bed = models.ForeignKey(
        "hospital.BedPlace", on_delete=models.PROTECT, null=True, blank=True, related_name="meal_orders"
    )
    on = models.DateField()
    meal = models.CharField(max_length=16, choices=MealKind.choices)
    serves_at = models.DateTimeField()
    deadline = models.DateTimeField()
    received_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    extra = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    portion = models.CharField(max_length=8, choices=Portion.choices, default=Portion.NORMAL)
    origin = models.CharField(max_length=8, choices=OrderOrigin.choices)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.OPEN)
    state_reason = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "on", "meal"],
                condition=Q(extra=False) & ~Q(state__in=OVER),
                name="meals_one_order_a_meal",
            ),
            models.CheckConstraint(
                condition=Q(late=True) | Q(received_at__lt=F("deadline")) | Q(origin__in=BY_ITSELF),
                name="meals_order_before_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*OVER, OrderState.HELD]) | ~Q(state_reason=""),
                name="meals_order_end_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["kitchen", "on", "meal"], name="meals_order_by_kitchen"),
            models.Index(fields=["ward", "on", "meal"], name="meals_order_by_ward"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="same_meal",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("stay", "on", "meal", "extra", "replaces"),
            ),
            pgtrigger.FSM(name="no_way_back", field="state", transitions=TRANSITIONS),
            pgtrigger.Trigger(
                name="checked_before_it_leaves",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state__in=["ticketed", "sent", "served"])
                & pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM meals_orderitem WHERE order_id = NEW.id) THEN
                        RAISE EXCEPTION 'order % is empty', NEW.id USING ERRCODE = 'check_violation';
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM meals_orderitem item
                        JOIN hospital_stay stay ON stay.id = NEW.stay_id
                        LEFT JOIN meals_dietrevision revision ON revision.patient_id = stay.patient_id
                        WHERE item.order_id = NEW.id AND item.diet_revision <> COALESCE(revision.number, 0)
                    ) THEN
                        RAISE EXCEPTION 'order % was checked against an older diet', NEW.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM meals_orderitem item
                        JOIN meals_dishcell cell ON cell.id = item.cell_id
                        WHERE item.order_id = NEW.id
                          AND item.fingerprint IS DISTINCT FROM cell.state->>'fingerprint'
                    ) THEN
                        RAISE EXCEPTION 'order % was checked against an older dish', NEW.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class OrderItem(models.Model):
    """A dish of an order as it was when it was checked, with the answer. A dish that is blocked cannot stand here.

    ``diet_revision`` is the patient's diet that it was checked against, ``fingerprint`` what the dish was then;
    ``change`` is the variant without which it would not be safe.
    """

    order = models.ForeignKey(MealOrder, on_delete=models.CASCADE, related_name="items")
    cell = models.ForeignKey("meals.DishCell", on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    change = models.CharField(max_length=40, blank=True)
    quantity = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(max_length=12)
    checked_at = models.DateTimeField()
    diet_revision = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "cell"], name="meals_order_item_once"),
            models.CheckConstraint(
                condition=Q(verdict="allowed", change="") | (Q(verdict="after_change") & ~Q(change="")),
                name="meals_only_safe_dishes",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=9), name="meals_item_quantity"),
        ]


class OrderEvent(models.Model):
    """What happened to an order. Append-only. ``command`` makes a tap that was sent twice one."""

    order = models.ForeignKey(MealOrder, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=OrderEventKind.choices)
    origin = models.CharField(max_length=8, choices=OrderOrigin.choices, blank=True)
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    command = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["order", "id"], name="meals_event_by_order")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class StandingOrder(models.Model):
    """What a stay is to have at a meal every day until it says otherwise; ended, never deleted."""

    stay = models.ForeignKey("hospital.Stay", on_delete=models.PROTECT, related_name="standing_orders")
    meal = models.CharField(max_length=16, choices=MealKind.choices)
    dish = models.ForeignKey("meals.Dish", on_delete=models.PROTECT, related_name="+")
    portion = models.CharField(max_length=8, choices=Portion.choices, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "meal", "dish"], condition=Q(ended_at__isnull=True), name="meals_standing_once"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class OtherMeal(models.Model):
    """Meals of guests and staff on a ward: counted apart from the patients' (feat-B22)."""

    kitchen = models.ForeignKey("meals.Kitchen", on_delete=models.PROTECT, related_name="other_meals")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="other_meals")
    on = models.DateField()
    meal = models.CharField(max_length=16, choices=MealKind.choices)
    who = models.CharField(max_length=6, choices=[("guest", "guest"), ("staff", "staff")])
    dish = models.ForeignKey("meals.Dish", on_delete=models.PROTECT, related_name="+")
    portions = models.PositiveSmallIntegerField()
    deadline = models.DateTimeField()
    received_at = models.DateTimeField()
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ward", "on", "meal", "who", "dish"], name="meals_other_meal_once"),
            models.CheckConstraint(condition=Q(received_at__lt=F("deadline")), name="meals_other_before_deadline"),
            models.CheckConstraint(condition=Q(portions__lte=99), name="meals_other_portions"),
        ]


class OrderingAccess(models.Model):
    """Ward staff let the patient of a stay order at a bed: by a short code, until transfer, discharge or closing."""

    FAILURES = 5

    stay = models.ForeignKey("hospital.Stay", on_delete=models.PROTECT, related_name="ordering_accesses")
    bed = models.ForeignKey("hospital.BedPlace", on_delete=models.PROTECT, related_name="ordering_accesses")
    code = models.CharField(max_length=6)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bed", "stay"], condition=Q(closed_at__isnull=True), name="meals_one_access_a_stay"
            ),
            models.CheckConstraint(condition=Q(failures__lt=5) | Q(closed_at__isnull=False), name="meals_access_locks"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_reason=""), name="meals_access_end_has_reason"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class OrderingSession(models.Model):
    """A phone or bedside tablet that gave the right code: its cookie's digest, and until when it may order."""

    access = models.ForeignKey(OrderingAccess, on_delete=models.CASCADE, related_name="sessions")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    language = models.CharField(max_length=8, blank=True)


class HelpCall(models.Model):
    """A patient asked for help with the menu; open until somebody on the ward has come."""

    access = models.ForeignKey(OrderingAccess, on_delete=models.PROTECT, related_name="help_calls")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["access"], condition=Q(answered_at__isnull=True), name="meals_one_open_help_call"
            ),
        ]


class MealNotice(models.Model):
    """What the ward must be told about a meal, until somebody has seen it: a stopped tray, nothing that fits, a diet
    that is not known, food on its way to one who has left.
    """

    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="meal_notices")
    stay = models.ForeignKey("hospital.Stay", on_delete=models.PROTECT, related_name="meal_notices")
    order = models.ForeignKey(MealOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    code = models.CharField(max_length=30)
    detail = models.JSONField(default=dict, blank=True)
    loud = models.BooleanField(default=False)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "order", "code"],
                condition=Q(seen_at__isnull=True),
                nulls_distinct=False,
                name="meals_notice_once",
            ),
        ]
        indexes = [models.Index(fields=["ward"], condition=Q(seen_at__isnull=True), name="meals_notice_open")]
