"""What a kitchen offers on a date, which kitchen serves a ward, and until when a meal can be chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from vardnara.apps.meals.choices import HouseDishKind, MealKind
from vardnara.apps.meals.constants import DIET_NORMAL, TEXTURE_NORMAL
from vardnara.apps.meals.models import (
    Dish,
    DishCell,
    HouseDish,
    Kitchen,
    KitchenWard,
    MealTime,
    Menu,
    MenuDay,
    MenuDayEntry,
    MenuEntry,
)
from vardnara.engines.diet import Dish as EngineDish
from vardnara.engines.diet import Variant
from vardnara.kernel.local_time import local_to_utc

MEAL_ORDER = {str(kind): number for number, kind in enumerate(MealKind)}
MENU, DAY = "menu", "day"  # what an offer comes from, beside the kinds of house dish


@dataclass(frozen=True, slots=True)
class KitchenOfWard:
    """The kitchen that cooks for a ward, and how its food comes."""

    kitchen_id: int
    code: str
    name: str
    service: str


@dataclass(frozen=True, slots=True)
class MealWindow:
    """A meal of a date as instants in UTC; ``late_until_at`` and ``cancel_until_at`` are None where there is no such.

    Choices are taken before ``deadline_at``, late trays and cancels before their limits: the limits are half-open.
    """

    meal: str
    serves_from_at: datetime
    serves_to_at: datetime
    deadline_at: datetime
    late_until_at: datetime | None
    cancel_until_at: datetime | None
    energy_low: int | None
    energy_high: int | None


@dataclass(frozen=True, slots=True)
class OfferedCell:
    """A dish in a diet and a texture, with what is known of it.

    Only what is ``verified`` may be served: somebody with the diet role declared it, or verified the recipe as it is
    now. Else all lists are empty and everything is unknown. ``variants`` are mappings with ``id``, ``name``,
    ``names``, ``removes``, ``removes_flags`` and ``adds_diets``.
    """

    cell_id: int
    diet: str
    texture: str
    verified: bool
    contains: tuple[str, ...] = ()
    may_contain: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    textures: tuple[str, ...] = ()
    iddsi: tuple[int, ...] = ()
    diets: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    variants: tuple[dict[str, Any], ...] = ()
    nutrients: tuple[tuple[str, Decimal], ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class OfferedDish:
    """A dish that a meal of a date offers.

    ``source`` is ``menu``, ``day`` (a date's exception), ``always``, ``supplement`` or ``fallback``. ``names`` has at
    least Swedish; ``photo`` is the digest of its photo, empty where there is none. Energy (kcal) and protein (g) are
    those of a normal portion, None where they are not known.
    """

    dish_id: int
    code: str
    meal: str
    position: int
    source: str
    default_for: tuple[str, ...]
    portions: tuple[str, ...]
    names: dict[str, str]
    pictogram: str
    photo: str
    is_food: bool
    is_drink: bool
    safe_for_all: bool
    energy_kcal: Decimal | None
    protein_g: Decimal | None
    cells: tuple[OfferedCell, ...]

    def engine_dishes(self) -> list[tuple[int, EngineDish]]:
        """Each cell, by its id, as the diet engine checks it; what nobody answers for suits no diet at all."""
        return [(cell.cell_id, self._engine_dish(cell)) for cell in self.cells]

    def _engine_dish(self, cell: OfferedCell) -> EngineDish:
        return EngineDish(
            id=str(cell.cell_id),
            name=self.names["sv"],
            contains=frozenset(cell.contains) if cell.verified else None,
            may_contain=frozenset(cell.may_contain),
            unknown=frozenset(cell.unknown),
            textures=frozenset(cell.textures),
            iddsi=frozenset(cell.iddsi),
            diets=frozenset(cell.diets),
            flags=frozenset(cell.flags) if cell.verified else None,
            variants=tuple(
                Variant(
                    id=one["id"],
                    name=one["name"],
                    removes=frozenset(one["removes"]),
                    removes_flags=frozenset(one["removes_flags"]),
                    adds_diets=frozenset(one["adds_diets"]),
                )
                for one in cell.variants
            ),
            is_food=self.is_food,
            is_drink=self.is_drink,
            safe_for_all=self.safe_for_all and cell.verified,
        )

    @property
    def cell_ids(self) -> tuple[int, ...]:
        """Ids of the cells."""
        return tuple(cell.cell_id for cell in self.cells)


def cycle_week(*, anchor_on: date, n_weeks: int, on: date) -> int:
    """Which week of the cycle a date lies in, from 1: whole weeks from Monday to Sunday, whatever the year's end."""
    monday = on - timedelta(days=on.weekday())
    first = anchor_on - timedelta(days=anchor_on.weekday())
    return (monday - first).days // 7 % n_weeks + 1


def menu_on(*, kitchen_id: int, on: date) -> Menu | None:
    """The menu that holds on a date."""
    return (
        Menu.objects.filter(kitchen=kitchen_id, withdrawn_at=None, from_on__lte=on)
        .filter(Q(to_on=None) | Q(to_on__gt=on))
        .first()
    )


def offered(*, kitchen_id: int, on: date, meals: Collection[str] | None = None) -> list[OfferedDish]:
    """Every dish that a kitchen offers on a date, by meal and position; holidays and seasons applied.

    A kitchen that is closed offers nothing. Fallback dishes are not among them: see ``fallbacks``.
    """
    return _offered(kitchen_id, on, meals, fallback=False)


def fallbacks(*, kitchen_id: int, on: date, meals: Collection[str] | None = None) -> list[OfferedDish]:
    """The house dishes of a kitchen for whom nothing of the menu fits (mech-15), by meal and position."""
    return _offered(kitchen_id, on, meals, fallback=True)


type Offer = tuple[str, int, str, int, tuple[str, ...], tuple[str, ...]]  # meal, position, source, dish, diets, sizes


def _offered(kitchen_id: int, on: date, meals: Collection[str] | None, *, fallback: bool) -> list[OfferedDish]:
    if not Kitchen.objects.filter(Q(closed_on=None) | Q(closed_on__gt=on), pk=kitchen_id).exists():
        return []
    menu = menu_on(kitchen_id=kitchen_id, on=on)
    offers = list(_house(kitchen_id, on, fallback=fallback))
    if not fallback:
        day = MenuDay.objects.filter(kitchen=kitchen_id, on=on).first()
        if day is not None:
            offers += [_offer(entry, DAY) for entry in MenuDayEntry.objects.filter(day=day)]
        if menu is not None:
            week = cycle_week(anchor_on=menu.anchor_on, n_weeks=menu.n_weeks, on=on)
            entries = MenuEntry.objects.filter(menu=menu, week=week, weekday=on.isoweekday())
            instead = set(day.instead) if day is not None else set()
            offers += [_offer(entry, MENU) for entry in entries if entry.meal not in instead]
    wanted = [offer for offer in offers if meals is None or offer[0] in meals]
    return _dishes(_once(wanted), menu.pk if menu is not None else None)


def _offer(entry: MenuEntry | MenuDayEntry, source: str) -> Offer:
    return (entry.meal, entry.position, source, entry.dish_id, tuple(entry.default_for), tuple(entry.portions))


def _house(kitchen_id: int, on: date, *, fallback: bool) -> Iterable[Offer]:
    rows = HouseDish.objects.filter(Q(to_on=None) | Q(to_on__gt=on), kitchen=kitchen_id, from_on__lte=on)
    kind = Q(kind=HouseDishKind.FALLBACK)
    served = list(MealTime.objects.filter(kitchen=kitchen_id).values_list("meal", flat=True))
    for row in rows.filter(kind if fallback else ~kind):
        for meal in [row.meal] if row.meal else served:
            yield (meal, row.position, row.kind, row.dish_id, (), ())


def _once(offers: list[Offer]) -> list[Offer]:
    """Each dish once a meal: what the date or the menu says of it comes before the house's."""
    rank = {DAY: 0, MENU: 1}
    ordered = sorted(offers, key=lambda one: (MEAL_ORDER.get(one[0], 99), rank.get(one[2], 2), one[1], one[3]))
    found: dict[tuple[str, int], Offer] = {}
    for one in ordered:
        found.setdefault((one[0], one[3]), one)
    return list(found.values())


def _dishes(offers: list[Offer], menu_id: int | None) -> list[OfferedDish]:
    ids = {offer[3] for offer in offers}
    dishes = {
        dish.pk: dish
        for dish in Dish.objects.filter(pk__in=ids, retired_at=None).select_related("photo").defer("photo__jpeg")
        .prefetch_related("names")
    }  # fmt: skip
    cells = cells_of(dish_ids=ids, menu_id=menu_id)
    return [_offered_dish(dishes[offer[3]], offer, cells.get(offer[3], ())) for offer in offers if offer[3] in dishes]


def cells_of(*, dish_ids: Collection[int], menu_id: int | None = None) -> dict[int, tuple[OfferedCell, ...]]:
    """Cells of dishes by dish; one of the menu stands before the general one of its diet and texture (mech-14)."""
    rows = DishCell.objects.filter(Q(menu=None) | Q(menu=menu_id), dish__in=dish_ids, retired_at=None)
    chosen: dict[tuple[int, str, str], DishCell] = {}
    for row in rows.order_by("pk"):
        key = (row.dish_id, row.diet, row.texture)
        if key not in chosen or row.menu_id is not None:
            chosen[key] = row
    found: dict[int, list[OfferedCell]] = {}
    for (dish_id, diet, texture), row in sorted(chosen.items(), key=lambda one: cell_order(one[0])):
        found.setdefault(dish_id, []).append(cell_read(row.pk, diet, texture, row.state))
    return {dish_id: tuple(of) for dish_id, of in found.items()}


def cell_order(key: tuple[int, str, str]) -> tuple[int, bool, str, bool, str]:
    """A dish's ordinary cell first, then by diet and texture."""
    dish_id, diet, texture = key
    return dish_id, diet != DIET_NORMAL, diet, texture != TEXTURE_NORMAL, texture


def cell_read(cell_id: int, diet: str, texture: str, state: dict[str, Any]) -> OfferedCell:
    """A cell from what is kept of its state; without a state, or one that nobody answers for, all is unknown."""
    if not state.get("verified"):
        return OfferedCell(cell_id, diet, texture, verified=False, fingerprint=state.get("fingerprint", ""))
    return OfferedCell(
        cell_id=cell_id,
        diet=diet,
        texture=texture,
        verified=True,
        contains=tuple(state["contains"]),
        may_contain=tuple(state["may_contain"]),
        unknown=tuple(state["unknown"]),
        textures=tuple(state["textures"]),
        iddsi=tuple(state["iddsi"]),
        diets=tuple(state["diets"]),
        flags=tuple(state["flags"]),
        variants=tuple(state["variants"]),
        nutrients=tuple((code, Decimal(text)) for code, text in state["nutrients"].items()),
        fingerprint=state["fingerprint"],
    )


def _offered_dish(dish: Dish, offer: Offer, cells: tuple[OfferedCell, ...]) -> OfferedDish:
    meal, position, source, _, default_for, sizes = offer
    shown = dict(cells[0].nutrients) if cells else {}
    photo = getattr(dish, "photo", None)
    return OfferedDish(
        dish_id=dish.pk,
        code=dish.code,
        meal=meal,
        position=position,
        source=source,
        default_for=default_for,
        portions=sizes,
        names={name.language: name.name for name in dish.names.all()} | {"sv": dish.name},
        pictogram=dish.pictogram,
        photo=photo.sha256 if photo is not None else "",
        is_food=dish.is_food,
        is_drink=dish.is_drink,
        safe_for_all=dish.safe_at is not None,
        energy_kcal=shown.get("energy_kcal"),
        protein_g=shown.get("protein_g"),
        cells=cells,
    )


def kitchen_of(*, ward_id: int, on: date) -> KitchenOfWard | None:
    """The kitchen that serves a ward on a date; None where none does or it is closed."""
    row = (
        KitchenWard.objects.filter(Q(to_on=None) | Q(to_on__gt=on), ward=ward_id, from_on__lte=on)
        .filter(Q(kitchen__closed_on=None) | Q(kitchen__closed_on__gt=on))
        .select_related("kitchen")
        .first()
    )
    if row is None:
        return None
    return KitchenOfWard(row.kitchen_id, row.kitchen.code, row.kitchen.name, row.service)


def meal_windows(*, kitchen_id: int, on: date) -> list[MealWindow]:
    """The meals of a date in their order, as instants in UTC.

    Times are wall-clock times of Stockholm: one that occurs twice is its first, one that never occurs moves forward.
    """
    rows = MealTime.objects.filter(kitchen=kitchen_id)
    return [_window(row, on) for row in sorted(rows, key=lambda row: MEAL_ORDER.get(row.meal, 99))]


def _window(row: MealTime, on: date) -> MealWindow:
    serves = _instant(on, row.serves_from)
    late, cancel = (
        None if minutes is None else serves - timedelta(minutes=minutes)
        for minutes in (row.late_minutes, row.cancel_minutes)
    )
    return MealWindow(
        meal=row.meal,
        serves_from_at=serves,
        serves_to_at=_instant(on, row.serves_to),
        deadline_at=min(serves, _instant(on - timedelta(days=row.deadline_days), row.deadline_at)),
        late_until_at=late,
        cancel_until_at=cancel,
        energy_low=row.energy_low,
        energy_high=row.energy_high,
    )


def _instant(on: date, at: time) -> datetime:
    return local_to_utc(datetime.combine(on, at))
