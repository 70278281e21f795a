"""What stands in a ward's fridge, what of it must go, and what a patient may have of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from vardnara.apps.hospital.queries.stays import StayFacts
from vardnara.apps.meals.choices import ThrowReason
from vardnara.apps.meals.models import DishCell, FridgePack
from vardnara.apps.meals.models.fridge import STANDING
from vardnara.apps.meals.queries.needs import NeedsNow
from vardnara.apps.meals.queries.offered import MealWindow, kitchen_of, meal_windows
from vardnara.apps.meals.queries.tray_check import cell_dish
from vardnara.apps.meals.queries.trays import code_read
from vardnara.engines.diet import Verdict, dish_check
from vardnara.engines.diet.result import Reason
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

EXPIRED, CHANGED, TODAY, FRESH = "expired", "changed", "today", "fresh"
USABLE = (TODAY, FRESH)
RANK = (EXPIRED, CHANGED, TODAY, FRESH)
THROWN_DAYS = 7
PACK_ADDRESS = re.compile(r"[?&]kod=([A-Za-z0-9]{12})(?:&|$)")


def pack_state(pack: FridgePack, on: date) -> str:
    """``expired``, ``changed`` (the dish is no longer what was packed), ``today`` (its last day) or ``fresh``."""
    if pack.best_before < on:
        return EXPIRED
    if pack.cell.state.get("fingerprint") != pack.fingerprint:
        return CHANGED
    return TODAY if pack.best_before == on else FRESH


@dataclass(frozen=True, slots=True)
class FridgeRow:
    """Packs of one dish that are in one state, those that go first first."""

    cell: DishCell
    state: str
    packs: tuple[FridgePack, ...]

    @property
    def oldest(self) -> date:
        """The first last day of them."""
        return self.packs[0].best_before

    @property
    def usable(self) -> bool:
        """Whether one of them can be taken."""
        return self.state in USABLE


def fridge(*, ward_id: int, on: date) -> list[FridgeRow]:
    """What stands in a ward's fridge by dish: past its date first, then changed dishes, then what must go today."""
    rows: dict[tuple[str, int], list[FridgePack]] = defaultdict(list)
    for pack in FridgePack.objects.filter(STANDING, ward=ward_id).select_related("cell__dish").order_by(
        "best_before", "pk"
    ):  # fmt: skip
        rows[pack_state(pack, on), pack.cell_id].append(pack)
    made = [FridgeRow(packs[0].cell, state, tuple(packs)) for (state, _), packs in rows.items()]
    return sorted(made, key=lambda row: (RANK.index(row.state), row.cell.dish.name, row.oldest, row.cell.pk))


@dataclass(frozen=True, slots=True)
class PackFor:
    """A dish of the fridge for a patient, with the reasons against it: nothing can be left out of a closed pack."""

    row: FridgeRow
    stay: StayFacts
    reasons: tuple[Reason, ...]

    @property
    def safe(self) -> bool:
        """Whether the patient may have it as it is."""
        return not self.reasons


def pack_verdict(cell: DishCell, needs: NeedsNow) -> Verdict:
    """What the check says of a closed pack: as it is or not at all."""
    [(_, dish)] = cell_dish(cell).engine_dishes()
    return dish_check(replace(dish, variants=()), needs.needs)


def packs_for(rows: Iterable[FridgeRow], stay: StayFacts, needs: NeedsNow) -> list[PackFor]:
    """What a patient may have of the fridge now, the safe first; each dish once, by its oldest pack."""
    found: dict[int, PackFor] = {}
    for row in rows:
        if row.usable and row.cell.pk not in found:
            found[row.cell.pk] = PackFor(row, stay, pack_verdict(row.cell, needs).reasons)
    return sorted(found.values(), key=lambda one: (not one.safe, one.row.oldest, one.row.cell.dish.name))


def pack_find(*, ward_id: int, text: str) -> FridgePack | None:
    """The pack of this ward whose label was scanned or typed, whatever has become of it."""
    found = PACK_ADDRESS.search(text.strip()[:300])
    bare = re.sub(r"[\s-]", "", text)[:300]
    codes = [found[1]] if found else [bare, *code_read(text)]
    rows = FridgePack.objects.filter(ward=ward_id, code__in=[code.upper() for code in codes])
    return rows.select_related("cell__dish").first()


def batch_packs(*, ward_id: int, batch: UUID) -> list[FridgePack]:
    """What was put in together and still stands there."""
    rows = FridgePack.objects.filter(STANDING, ward=ward_id, batch=batch)
    return list(rows.select_related("cell__dish", "ward").order_by("pk"))


def thrown_lately(*, ward_id: int, at: datetime) -> Counter[str]:
    """Packs that a ward has thrown away in the last days, by reason; those put in by mistake are no waste."""
    rows = FridgePack.objects.filter(ward=ward_id, thrown_at__gt=at - timedelta(days=THROWN_DAYS))
    return Counter(rows.exclude(thrown_reason=ThrowReason.MISTAKE).values_list("thrown_reason", flat=True))


def cells_to_put(*, ward_id: int, on: date) -> list[DishCell]:
    """The dishes that somebody answers for, of the hospital of the ward's kitchen; none where there is no kitchen."""
    kitchen = kitchen_of(ward_id=ward_id, on=on)
    if kitchen is None:
        return []
    rows = DishCell.objects.filter(
        dish__hospital__kitchens=kitchen.kitchen_id,
        dish__retired_at=None,
        retired_at=None,
        menu=None,
        state__verified=True,
    )
    return list(rows.select_related("dish").order_by("dish__name", "diet", "texture"))


def meal_of_pack(*, ward_id: int, at: datetime) -> tuple[int, date, MealWindow, bool]:
    """The kitchen, day and meal that a pack counts to, and whether it is served now.

    The meal that is served now, else the day's next, at night the day's last. Raises ``no_kitchen``, ``no_such_meal``.
    """
    on = local_date(at)
    kitchen = kitchen_of(ward_id=ward_id, on=on)
    if kitchen is None:
        raise RuleBroken("no_kitchen", f"ward {ward_id}")
    windows = meal_windows(kitchen_id=kitchen.kitchen_id, on=on)
    if not windows:
        raise RuleBroken("no_such_meal", f"kitchen {kitchen.kitchen_id}")
    window = next((one for one in windows if at < one.serves_to_at), windows[-1])
    return kitchen.kitchen_id, on, window, window.serves_from_at <= at < window.serves_to_at
