"""What a ward's patients have eaten: each tray of a meal, the day's energy and protein, and who eats too little (F-38).

Energy is that of the declared portion times the size times the quarters eaten. What is not declared or not noted is not
known; it is never counted as nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.queries.stays import StayFacts, stays_by_id
from vardnara.apps.meals.choices import MealKind, OrderState, Portion
from vardnara.apps.meals.models import Intake, MealOrder
from vardnara.apps.meals.queries.night_fast import WardNight, ward_night
from vardnara.apps.meals.queries.offered import MealWindow, kitchen_of, meal_windows
from vardnara.apps.meals.queries.trays import trays, ward_trays
from vardnara.parameters.serving import serving_limits

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

SHOWN = (OrderState.TICKETED, OrderState.SENT, OrderState.SERVED)
WHOLE = 4


@dataclass(slots=True)
class Eaten:
    """Sums of some meals. ``energy_kcal`` and ``protein_g`` are what is known to have been eaten; ``served_kcal`` what
    was handed over; ``n_unnoted`` meals nobody noted, of which at most ``perhaps_kcal`` was eaten; ``n_undeclared``
    dishes of which nobody knows what they give.
    """

    energy_kcal: Decimal = Decimal(0)
    protein_g: Decimal = Decimal(0)
    served_kcal: Decimal = Decimal(0)
    perhaps_kcal: Decimal = Decimal(0)
    n_meals: int = 0
    n_unnoted: int = 0
    n_undeclared: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything about it is known."""
        return not self.n_unnoted and not self.n_undeclared

    @property
    def low(self) -> bool:
        """Whether too little of what was served was eaten, even if all that nobody noted was eaten."""
        limit = Decimal(serving_limits()["low_intake_percent"].value) / 100
        return self.served_kcal > 0 and self.energy_kcal + self.perhaps_kcal < limit * self.served_kcal

    @property
    def share(self) -> str:
        """What is known to have been eaten of what was served, in percent."""
        return f"{round(100 * self.energy_kcal / self.served_kcal)} %" if self.served_kcal else ""


@dataclass(frozen=True, slots=True)
class EatenRow:
    """A tray of the meal, and what the patient has eaten that day."""

    order_id: int
    stay: StayFacts
    room: str
    bed: str
    dishes: tuple[str, ...]
    portion: str
    state: str
    extra: bool
    returned: bool
    intake: Intake | None
    day: Eaten
    days: Eaten
    n_days: int

    @property
    def low(self) -> bool:
        """Whether the patient has eaten too little for as many days as it takes to say so."""
        return self.n_days >= serving_limits()["low_intake_days"].value and self.days.low


@dataclass(frozen=True, slots=True)
class WardEaten:
    """A ward's meal after it was handed out."""

    ward_id: int
    on: date
    meal: str
    windows: tuple[MealWindow, ...]
    rows: tuple[EatenRow, ...]
    night: WardNight

    @property
    def n_waiting(self) -> int:
        """Trays that are not handed over."""
        return sum(row.state != OrderState.SERVED and not row.returned for row in self.rows)

    @property
    def n_unnoted(self) -> int:
        """Trays that were handed over and of which nothing is noted."""
        return sum(row.state == OrderState.SERVED and row.intake is None for row in self.rows)


def portion_share(portion: str) -> Decimal:
    """A size of portion as a share of a normal one."""
    limits = serving_limits()
    shares = {Portion.SMALL: "portion_small_percent", Portion.LARGE: "portion_large_percent"}
    code = shares.get(Portion(portion)) if portion in Portion.values else None
    return Decimal(limits[code].value) / 100 if code is not None else Decimal(1)


def eaten_of(orders: Iterable[MealOrder]) -> Eaten:
    """Sums over meals that were handed over; ``orders`` come with items, cells and intakes."""
    found = Eaten()
    for order in orders:
        if order.state != OrderState.SERVED:
            continue
        found.n_meals += 1
        intake = getattr(order, "intake", None)
        found.n_unnoted += intake is None
        share = portion_share(order.portion)
        for item in order.items.all():
            nutrients = item.cell.state.get("nutrients", {}) if item.cell.state.get("verified") else {}
            if "energy_kcal" not in nutrients or "protein_g" not in nutrients:
                found.n_undeclared += 1
            energy = Decimal(nutrients.get("energy_kcal", 0)) * share * item.quantity
            protein = Decimal(nutrients.get("protein_g", 0)) * share * item.quantity
            found.served_kcal += energy
            if intake is None:
                found.perhaps_kcal += energy
                continue
            found.energy_kcal += energy * intake.quarters / WHOLE
            found.protein_g += protein * intake.quarters / WHOLE
    return found


def ward_eaten(*, actor: User, ward_id: int, on: date, meal: str, at: datetime) -> WardEaten:
    """The trays of a ward's meal with what was eaten; raises ``out_of_scope``.

    ``meal`` empty is the one that was served last.
    """
    ward_require(actor, ward_id)
    kitchen = kitchen_of(ward_id=ward_id, on=on)
    windows = tuple(meal_windows(kitchen_id=kitchen.kitchen_id, on=on)) if kitchen is not None else ()
    begun = [one.meal for one in windows if one.serves_from_at <= at]
    meal = meal or (begun[-1] if begun else windows[0].meal if windows else MealKind.LUNCH)
    orders = ward_trays(ward_id=ward_id, on=on, meal=meal, states=SHOWN, packs=True)
    stays = stays_by_id(order.stay_id for order in orders)
    days = _days(stays, on)
    intakes = {row.order_id: row for row in Intake.objects.filter(order__in=orders)}
    rows = []
    for order in orders:
        before = [days[order.stay_id, on - timedelta(days=n)] for n in range(1, _n_days() + 1)]
        eaten_on = [one for one in before if one]
        rows.append(
            EatenRow(
                order_id=order.pk,
                stay=stays[order.stay_id],
                room=order.bed.room.code if order.bed is not None else "",
                bed=order.bed.code if order.bed is not None else "",
                dishes=tuple(item.cell.dish.name for item in order.items.all()),
                portion=order.portion,
                state=order.state,
                extra=order.extra,
                returned=any(event.kind == "returned" for event in order.events.all()),
                intake=intakes.get(order.pk),
                day=eaten_of(days[order.stay_id, on]),
                days=eaten_of(order for of in eaten_on for order in of),
                n_days=len(eaten_on),
            )
        )
    return WardEaten(ward_id, on, meal, windows, tuple(rows), ward_night(actor=actor, ward_id=ward_id, at=at))


def _n_days() -> int:
    return serving_limits()["low_intake_days"].value


def _days(stay_ids: Collection[int], on: date) -> dict[tuple[int, date], list[MealOrder]]:
    """The trays of some stays, by day, as far back as eating too little is told by."""
    since = on - timedelta(days=_n_days() + 1)
    rows = trays(packs=True).select_related("intake").filter(stay__in=list(stay_ids), on__gt=since)
    found: dict[tuple[int, date], list[MealOrder]] = defaultdict(list)
    for row in rows.filter(on__lte=on, state=OrderState.SERVED):
        found[row.stay_id, row.on].append(row)
    return found
