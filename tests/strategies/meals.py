"""A small hospital with a kitchen: what is offered, who lies there, and the hours of the day as tests speak of them.

Monday 2 March 2026. Lunch is served at 12 o'clock (minute 180 of ``messages.at``) and closes at 10 (minute 60); late
trays and cancels until 30 minutes before. Dinner at 17 (minute 480) closes at 13 (minute 240).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from tests.strategies.messages import adt, at, person, receive, small_hospital

from vardnara.apps.accounts.choices import Profession, Role
from vardnara.apps.accounts.models import User
from vardnara.apps.hospital.models import Hospital, Stay, Ward
from vardnara.apps.hospital.services.applying import inbox_apply
from vardnara.apps.meals.choices import OrderOrigin
from vardnara.apps.meals.models import (
    Dish,
    DishCell,
    HouseDish,
    Kitchen,
    KitchenWard,
    MealOrder,
    MealTime,
    Menu,
    MenuEntry,
    Restriction,
)
from vardnara.apps.meals.services.diet import Words, restriction_add
from vardnara.apps.meals.services.ordering import Pick, order_place

ON = date(2026, 3, 2)
LUNCH_CLOSES, LUNCH_LATE, LUNCH = 60, 150, 180  # minutes of ``messages.at``
NORMAL = ("normal", "energy_protein")
NO_SAUCE = {
    "id": "no_sauce",
    "name": "utan sås",
    "names": {},
    "removes": ["3", "7"],
    "removes_flags": [],
    "adds_diets": [],
}
DISHES: dict[str, dict[str, Any]] = {
    "meatballs": {"contains": ["1.1", "3", "7"], "flags": ["meat", "beef"], "default": NORMAL},
    "cod": {"contains": ["3", "4", "7"], "may_contain": ["10"], "flags": ["fish"], "variants": [NO_SAUCE]},
    "stew": {"contains": ["9"], "unknown": ["12"], "diets": (*NORMAL, "gluten_free", "lactose_reduced"), "safe": True},
    "potatoes": {"diets": (*NORMAL, "gluten_free", "lactose_reduced"), "fallback": True},
}


@dataclass
class Mealtime:
    """Who and what is there."""

    hospital: Hospital
    kitchen: Kitchen
    nurse: User
    assistant: User
    cook: User
    dishes: dict[str, Dish] = field(default_factory=dict)


def state_of(said: dict[str, Any], n: int = 1) -> dict[str, Any]:
    """What is kept of a cell that somebody answers for."""
    return {
        "verified": True,
        "contains": said.get("contains", []),
        "may_contain": said.get("may_contain", []),
        "unknown": said.get("unknown", []),
        "textures": said.get("textures", ["hel_delad"]),
        "iddsi": said.get("iddsi", [7]),
        "diets": list(said.get("diets", NORMAL)),
        "flags": said.get("flags", []),
        "variants": said.get("variants", []),
        "nutrients": {"energy_kcal": "400", "protein_g": "20"},
        "fingerprint": f"version {n}",
    }


def meals_set() -> Mealtime:
    """The small hospital with one kitchen for its wards K31 and M52; BB has none."""
    hospital = small_hospital()
    kitchen = Kitchen.objects.create(hospital=hospital, code="KOK", name="Provköket")
    for code in ("K31", "M52"):
        ward = Ward.objects.get(code=code)
        KitchenWard.objects.create(kitchen=kitchen, ward=ward, from_on=date(2026, 1, 1))
    for meal, serves, closes in (("lunch", 12, 10), ("dinner", 17, 13)):
        MealTime.objects.create(
            kitchen=kitchen, meal=meal, serves_from=time(serves), serves_to=time(serves + 1), deadline_at=time(closes),
            late_minutes=30, cancel_minutes=30,
        )  # fmt: skip
    menu = Menu.objects.create(
        kitchen=kitchen, name="Vår", n_weeks=1, anchor_on=ON, from_on=date(2026, 1, 1), made_at=at(0)
    )
    found = Mealtime(
        hospital=hospital,
        kitchen=kitchen,
        nurse=person(Role.WARD_STAFF, "nurse", hospital),
        assistant=person(Role.WARD_STAFF, "assistant", hospital),
        cook=person(Role.KITCHEN, "cook", hospital),
    )
    User.objects.filter(pk=found.nurse.pk).update(profession=Profession.NURSE)
    User.objects.filter(pk=found.assistant.pk).update(profession=Profession.ASSISTANT_NURSE)
    found.nurse.refresh_from_db()
    found.assistant.refresh_from_db()
    for position, (code, said) in enumerate(DISHES.items()):
        dish = Dish.objects.create(hospital=hospital, code=code, name=code.title())
        if said.get("safe"):
            Dish.objects.filter(pk=dish.pk).update(safe_at=at(0), safe_by=found.cook)
        DishCell.objects.create(dish=dish, diet="normal", texture="hel_delad", state=state_of(said))
        found.dishes[code] = dish
        if said.get("fallback"):
            HouseDish.objects.create(kitchen=kitchen, kind="fallback", dish=dish, from_on=date(2026, 1, 1))
            continue
        for weekday in range(1, 8):
            for meal in ("lunch", "dinner"):
                MenuEntry.objects.create(
                    menu=menu, week=1, weekday=weekday, meal=meal, dish=dish, position=position,
                    default_for=list(said.get("default", ())),
                )  # fmt: skip
    return found


def tell(event: str, minute: float, bed: str = "", **words: Any) -> None:
    """A message comes and is applied in the minute in which it was sent."""
    receive(adt(event, minute, bed, **words))
    while inbox_apply(at=at(minute)):
        pass


def stay_of(visit: str = "V1") -> Stay:
    """The newest stay of a visit."""
    return Stay.objects.filter(visit_number=visit).latest("serial")


def restrict(here: Mealtime, part: str, code: str, minute: float = 5, visit: str = "V1", **words: Any) -> Restriction:
    """Somebody who may writes a part of a diet."""
    actor = here.nurse
    if part in ("texture", "iddsi", "fluid", "special_diet"):
        actor = User.objects.get(pk=here.nurse.pk)
        actor.profession = Profession.DIETITIAN
    return restriction_add(
        stay_id=stay_of(visit).pk, words=Words(part, code, reason="prov", **words), actor=actor, at=at(minute)
    )


def order(
    here: Mealtime, *codes: str, minute: float = 10, meal: str = "lunch", visit: str = "V1", on: date = ON, **words: Any
) -> MealOrder:
    """Ward staff order dishes for a patient."""
    moment: datetime = at(minute)
    return order_place(
        stay_id=stay_of(visit).pk,
        on=on,
        meal=meal,
        picks=[Pick(here.dishes[code].pk) for code in codes],
        at=moment,
        **({"received_at": moment, "origin": OrderOrigin.STAFF, "actor": here.nurse} | words),
    )


def plate(order: MealOrder) -> list[str]:
    """The dishes of an order."""
    return sorted(order.items.values_list("cell__dish__code", flat=True))
