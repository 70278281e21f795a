"""What a patient sees of the meals on the own phone: dishes that are safe, those that are not with their causes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from vardnara.apps.hospital.queries.stays import StayFacts
from vardnara.apps.meals.choices import PATIENT_PARTS, DietSource, MealKind, OrderState
from vardnara.apps.meals.models import DishPhoto, HelpCall, MealOrder
from vardnara.apps.meals.models.order import OVER
from vardnara.apps.meals.queries.needs import DietLine, diet_lines
from vardnara.apps.meals.queries.offered import MealWindow, OfferedDish, kitchen_of, meal_windows
from vardnara.apps.meals.queries.plates import option_of
from vardnara.apps.meals.queries.sittings import Sitting, meal_menu_lately, sitting_of
from vardnara.engines.diet.codes import allergen_group
from vardnara.engines.diet.data import Needs
from vardnara.engines.diet.result import Reason
from vardnara.engines.selection import fit
from vardnara.kernel.local_time import local_date

ONE_MAIN = (MealKind.LUNCH, MealKind.DINNER)  # where another dish of the menu takes the place of the first
MAIN = ("menu", "day")
CHANGEABLE = (OrderState.OPEN, OrderState.SUBSTITUTE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name and the language it is in, which is Swedish where the reader's is missing."""

    text: str
    language: str


def named(names: dict[str, str], language: str, otherwise: str = "") -> Named:
    """A name in a language, else in Swedish."""
    if names.get(language):
        return Named(names[language], language)
    return Named(names.get("sv") or otherwise, "sv")


@dataclass(frozen=True, slots=True)
class PatientDish:
    """A dish as a patient sees it.

    ``change`` is what is left out so that it is safe. ``contains`` and ``may_contain`` are allergens of the law, after
    that change; ``known`` says whether the kitchen answers for all of them.
    """

    dish_id: int
    name: Named
    pictogram: str
    photo: str
    main: bool
    safe: bool
    chosen: bool
    change: Named | None
    reasons: tuple[Reason, ...]
    contains: tuple[str, ...]
    may_contain: tuple[str, ...]
    known: bool
    energy_kcal: int | None
    protein_g: int | None


@dataclass(frozen=True, slots=True)
class PatientOrder:
    """What stands ordered. ``by_patient`` says whether somebody chose it rather than the house."""

    id: int
    state: str
    state_reason: str
    portion: str
    by_house: bool
    dishes: tuple[Named, ...]
    dish_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PatientMealCard:
    """A meal on the first page. ``open`` while it can be chosen."""

    on: date
    meal: str
    window: MealWindow
    open: bool
    order: PatientOrder | None
    declined: bool


@dataclass(frozen=True, slots=True)
class PatientMenu:
    """One meal of a patient."""

    on: date
    meal: str
    window: MealWindow
    open: bool
    dishes: tuple[PatientDish, ...]
    order: PatientOrder | None
    declined: bool
    diet_known: bool

    @property
    def one_main(self) -> bool:
        """Whether one dish of the menu is chosen, rather than several things."""
        return self.meal in ONE_MAIN

    @property
    def mains(self) -> list[PatientDish]:
        """Safe dishes of the menu."""
        return [dish for dish in self.dishes if dish.main and dish.safe]

    @property
    def extras(self) -> list[PatientDish]:
        """Safe things that are always there."""
        return [dish for dish in self.dishes if not dish.main and dish.safe]

    @property
    def safe(self) -> list[PatientDish]:
        """Everything that the patient can have."""
        return [dish for dish in self.dishes if dish.safe]

    @property
    def blocked(self) -> list[PatientDish]:
        """What the patient cannot have."""
        return [dish for dish in self.dishes if not dish.safe]

    def dish(self, dish_id: int) -> PatientDish | None:
        """A safe dish by its id."""
        return next((one for one in self.safe if one.dish_id == dish_id), None)


def meals_ahead(*, stay: StayFacts, at: datetime, language: str) -> list[PatientMealCard]:
    """The meals of today and tomorrow that are not over, in their order; none where no kitchen serves the ward."""
    found: list[tuple[date, MealWindow]] = []
    for on in (local_date(at), local_date(at) + timedelta(days=1)):
        kitchen = kitchen_of(ward_id=stay.ward_id, on=on) if stay.ward_id is not None else None
        if kitchen is not None:
            windows = meal_windows(kitchen_id=kitchen.kitchen_id, on=on)
            found += [(on, window) for window in windows if at < window.serves_to_at]
    orders, declined = _orders(stay.id, {on for on, _ in found}, language)
    return [
        PatientMealCard(
            on=on,
            meal=window.meal,
            window=window,
            open=_open(window, orders.get((on, window.meal)), at),
            order=orders.get((on, window.meal)),
            declined=(on, window.meal) in declined and (on, window.meal) not in orders,
        )
        for on, window in found
    ]


def patient_menu(*, stay: StayFacts, on: date, meal: str, at: datetime, language: str) -> PatientMenu:
    """One meal; raises ``stay_ended``, ``no_kitchen``, ``no_such_meal``."""
    sitting = sitting_of(stay=stay, on=on, meal=meal, menu_read=meal_menu_lately)
    orders, declined = _orders(stay.id, {on}, language)
    order = orders.get((on, meal))
    chosen = set(order.dish_ids) if order is not None else set()
    return PatientMenu(
        on=on,
        meal=meal,
        window=sitting.window,
        open=_open(sitting.window, order, at),
        dishes=tuple(_dishes(sitting, chosen, language)),
        order=order,
        declined=order is None and (on, meal) in declined,
        diet_known=not sitting.needs.missing,
    )


def _open(window: MealWindow, order: PatientOrder | None, at: datetime) -> bool:
    return at < window.deadline_at and (order is None or order.state in CHANGEABLE)


def _dishes(sitting: Sitting, chosen: set[int], language: str) -> Iterable[PatientDish]:
    for dish in sitting.offered:
        yield _dish(dish, sitting.needs.needs, dish.dish_id in chosen, language)


def _dish(dish: OfferedDish, needs: Needs, chosen: bool, language: str) -> PatientDish:
    found = fit(option_of(dish), needs)
    cell = dish.cells[found.cell] if found.cell is not None else None
    variant: dict[str, Any] | None = None
    if cell is not None and found.verdict.change is not None:
        variant = next(one for one in cell.variants if one["id"] == found.verdict.change)
    nutrients = dict(cell.nutrients) if cell is not None else {}
    energy, protein = nutrients.get("energy_kcal"), nutrients.get("protein_g")
    removed = set(variant["removes"]) if variant is not None else set()
    contains = {allergen_group(code) for code in cell.contains if code not in removed} if cell is not None else set()
    may = {allergen_group(code) for code in cell.may_contain} - contains if cell is not None else set()
    return PatientDish(
        dish_id=dish.dish_id,
        name=named(dish.names, language),
        pictogram=dish.pictogram,
        photo=dish.photo,
        main=dish.source in MAIN,
        safe=found.safe,
        chosen=chosen,
        change=named(variant.get("names") or {}, language, variant["name"]) if variant is not None else None,
        reasons=found.verdict.reasons,
        contains=tuple(sorted(contains, key=int)),
        may_contain=tuple(sorted(may, key=int)),
        known=cell is not None and cell.verified and not cell.unknown,
        energy_kcal=round(energy) if energy is not None else None,
        protein_g=round(protein) if protein is not None else None,
    )


type Meal = tuple[date, str]


def _orders(stay_id: int, days: set[date], language: str) -> tuple[dict[Meal, PatientOrder], set[Meal]]:
    """A stay's orders of some days by meal, and the meals of which it has said no thank you."""
    rows = MealOrder.objects.filter(stay=stay_id, on__in=days, extra=False)
    live = {
        (row.on, row.meal): _order(row, language)
        for row in rows.exclude(state__in=OVER).prefetch_related("items__cell__dish__names")
    }
    over = rows.filter(state=OrderState.CANCELLED, state_reason="not_wanted")
    return live, set(over.values_list("on", "meal"))


def _order(row: MealOrder, language: str) -> PatientOrder:
    dishes = [item.cell.dish for item in sorted(row.items.all(), key=lambda item: item.pk)]
    return PatientOrder(
        id=row.pk,
        state=row.state,
        state_reason=row.state_reason,
        portion=row.portion,
        by_house=row.origin not in ("patient", "staff"),
        dishes=tuple(
            named({one.language: one.name for one in dish.names.all()}, language, dish.name) for dish in dishes
        ),
        dish_ids=tuple(dish.pk for dish in dishes),
    )


def said_by_patient(*, stay: StayFacts, at: datetime) -> list[DietLine]:
    """What the patient has said not to eat, and may take back."""
    lines = diet_lines([stay], at=at)[stay.id]
    return [line for line in lines if line.source == DietSource.PATIENT and line.part in PATIENT_PARTS]


def help_open(*, access_id: int) -> bool:
    """Whether somebody is on the way already."""
    return HelpCall.objects.filter(access=access_id, answered_at__isnull=True).exists()


def dish_photo(*, dish_id: int, digest: str) -> bytes | None:
    """A dish's photo while it is that one."""
    row = DishPhoto.objects.filter(dish=dish_id, sha256=digest).first()
    return bytes(row.jpeg) if row is not None else None
