"""The night fast: from the last that a patient is known to have eaten in the evening to the first next morning (F-36).

It is computed from when meals were handed over and what was noted of them. What nobody noted is not known, and is said
to be so: it never counts as eaten, nor as left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.queries.stays import StayFacts, stays_in_wards
from vardnara.apps.meals.choices import DietPart, FastingRule, MealKind, OrderEventKind, OrderState
from vardnara.apps.meals.models import MealOrder, OrderEvent, Restriction
from vardnara.apps.meals.models.order import OVER
from vardnara.apps.meals.queries.offered import MealWindow, kitchen_of, meal_windows
from vardnara.kernel.local_time import STOCKHOLM, local_date, local_to_utc
from vardnara.parameters.serving import serving_minutes

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

NOON, NIGHT_ENDS = time(12), time(5)
LONG, FINE, UNKNOWN, FASTING = "long", "fine", "unknown", "fasting"


@dataclass(frozen=True, slots=True)
class Served:
    """Something that was handed over; ``quarters`` is how much was eaten, None where nobody noted it."""

    at: datetime
    quarters: int | None


@dataclass(frozen=True, slots=True)
class NightFast:
    """A night without food. ``state`` is ``long``, ``fine``, ``unknown`` or ``fasting`` (ordered).

    ``last_at`` and ``first_at`` are known intakes; ``first_at`` is when the first is expected where ``expected``.
    """

    state: str
    last_at: datetime | None = None
    first_at: datetime | None = None
    expected: bool = False

    @property
    def length(self) -> timedelta | None:
        """From the last intake to the first, None where the last is not known."""
        return self.first_at - self.last_at if self.last_at is not None and self.first_at is not None else None


def night_fast(served: Iterable[Served], *, split_at: datetime, expected_at: datetime, limit: timedelta) -> NightFast:
    """How long a patient went without food around ``split_at``, which parts the evening from the morning.

    Parameters
    ----------
    served
        Of the evening before and the morning.
    expected_at
        When the patient eats next if nothing has been eaten since ``split_at``.
    limit
        Longer than this is ``long``; exactly as long is not.

    Notes
    -----
    A tray of which nothing is noted may have been eaten or not. The state is ``unknown`` where it depends on that.
    """
    rows = sorted(served, key=lambda one: one.at)
    ate = [one.at for one in rows if one.quarters]
    perhaps = [one.at for one in rows if one.quarters is None]
    last = max((at for at in ate if at < split_at), default=None)
    first = min((at for at in ate if at >= split_at), default=None)
    expected = first is None
    until = first if first is not None else expected_at
    if last is None:
        return NightFast(UNKNOWN, None, until, expected)
    latest = max((at for at in perhaps if last < at < split_at), default=last)
    earliest = min((at for at in perhaps if split_at <= at < until), default=until)
    state = LONG if earliest - latest > limit else FINE if until - last <= limit else UNKNOWN
    return NightFast(state, last, until, expected)


def morning_of(at: datetime) -> date:
    """The morning that a night leads to: today's until noon, after that tomorrow's."""
    today = local_date(at)
    return today if at.astimezone(STOCKHOLM).time() < NOON else today + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NightRow:
    """A patient's night. ``early`` says that an early breakfast can be ordered now."""

    stay: StayFacts
    night: NightFast
    early: bool


@dataclass(frozen=True, slots=True)
class WardNight:
    """A ward's nights that lead to a morning; ``kitchen_early`` says whether the kitchen serves an early breakfast."""

    morning: date
    rows: tuple[NightRow, ...]
    kitchen_early: bool

    def of(self, state: str) -> list[NightRow]:
        """The rows of one state."""
        return [row for row in self.rows if row.night.state == state]

    @property
    def long(self) -> list[NightRow]:
        """Who goes without food for too long."""
        return self.of(LONG)

    @property
    def unknown(self) -> list[NightRow]:
        """Of whom nobody knows."""
        return self.of(UNKNOWN)


def ward_night(*, actor: User, ward_id: int, at: datetime) -> WardNight:
    """The night fast of everybody on a ward; raises ``out_of_scope``."""
    ward_require(actor, ward_id)
    morning = morning_of(at)
    stays = stays_in_wards([ward_id])
    kitchen = kitchen_of(ward_id=ward_id, on=morning)
    windows = meal_windows(kitchen_id=kitchen.kitchen_id, on=morning) if kitchen is not None else []
    split = local_to_utc(datetime.combine(morning, NIGHT_ENDS))
    served = _served(stays, since=local_to_utc(datetime.combine(morning - timedelta(days=1), NOON)))
    ordered = _ordered(stays, morning)
    fasts = _fasts(stays)
    early = next((one for one in windows if one.meal == MealKind.EARLY_BREAKFAST), None)
    rows = []
    for stay in stays:
        planned = ordered.get(stay.id) or _breakfast(windows) or split
        night = night_fast(
            served.get(stay.id, ()),
            split_at=split,
            expected_at=max(planned, at),
            limit=serving_minutes("night_fast_minutes"),
        )
        if night.state in (LONG, UNKNOWN) and _fasted(fasts.get(stay.id, ()), night, split):
            night = NightFast(FASTING, night.last_at, night.first_at, night.expected)
        rows.append(NightRow(stay, night, early is not None and _open(early, at) and night.expected))
    return WardNight(morning, tuple(rows), early is not None)


def _open(window: MealWindow, at: datetime) -> bool:
    return at < max(window.deadline_at, window.late_until_at or window.deadline_at)


def _breakfast(windows: Sequence[MealWindow]) -> datetime | None:
    """When everybody eats: breakfast, else the first meal that is not for some only."""
    usual = [one for one in windows if one.meal != MealKind.EARLY_BREAKFAST]
    breakfast = next((one for one in usual if one.meal == MealKind.BREAKFAST), None)
    return (breakfast or usual[0]).serves_from_at if usual else None


def _served(stays: Sequence[StayFacts], *, since: datetime) -> dict[int, list[Served]]:
    events = OrderEvent.objects.filter(
        order__stay__in=[stay.id for stay in stays], kind=OrderEventKind.SERVED, at__gte=since, order__state="served"
    )
    found: dict[int, list[Served]] = {}
    for stay_id, at, quarters in events.values_list("order__stay", "at", "order__intake__quarters"):
        found.setdefault(stay_id, []).append(Served(at, quarters))
    return found


def _ordered(stays: Sequence[StayFacts], on: date) -> dict[int, datetime]:
    """When the first meal that is ordered for the morning is served."""
    rows = MealOrder.objects.filter(stay__in=[stay.id for stay in stays], on=on).exclude(
        state__in=[*OVER, OrderState.HELD, OrderState.SERVED]
    )
    found: dict[int, datetime] = {}
    for stay_id, at in rows.order_by("-serves_at").values_list("stay", "serves_at"):
        found[stay_id] = at
    return found


def _fasts(stays: Sequence[StayFacts]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    rows = Restriction.objects.filter(
        Q(stay__in=[stay.id for stay in stays]), part=DietPart.FASTING, code=FastingRule.NOTHING
    )
    found: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for stay_id, from_at, until_at, ended_at in rows.values_list("stay", "valid_from", "valid_until", "ended_at"):
        ends = [one for one in (until_at, ended_at) if one is not None]
        found.setdefault(stay_id, []).append((from_at, min(ends) if ends else None))
    return found


def _fasted(fasts: Iterable[tuple[datetime, datetime | None]], night: NightFast, split: datetime) -> bool:
    """Whether an ordered fast lies within the night."""
    begins, ends = night.last_at or split - timedelta(hours=12), night.first_at or split
    return any(from_at < ends and (until_at is None or until_at > begins) for from_at, until_at in fasts)
