"""Trays as those see them who pack, send and hand them over: by their codes, and a ward's trolley."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

from vardnara.apps.hospital.queries.boards import natural, ward_ids_in_reach
from vardnara.apps.meals.choices import OrderEventKind, OrderState, ScanStep
from vardnara.apps.meals.models import MealOrder, OrderEvent, OrderItem, Tray
from vardnara.apps.meals.queries.tray_check import Progress, progress_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

TRAY_ADDRESS = re.compile(r"/maltider/bricka/([A-Za-z0-9]{1,12})(?:/|$)")
BED_ADDRESS = re.compile(r"/(?:m|plats)/([A-Za-z0-9_-]{1,24})(?:/|$)")
CODE = re.compile(r"[A-Za-z0-9]{4,12}")
TEXT_MOST = 300
PRINTED = (OrderEventKind.TICKETED, OrderEventKind.REPRINTED)


@dataclass(frozen=True, slots=True)
class TrayDish:
    """A dish of a tray. ``change`` is the change by its name, without which it would not be safe."""

    cell_id: int
    name: str
    texture: str
    change: str
    quantity: int
    packed: bool


@dataclass(frozen=True, slots=True)
class TrayFacts:
    """A tray. It names nobody: a place, and what lies on it."""

    order_id: int
    stay_id: int
    code: str
    number: int
    meal: str
    on: date
    kitchen_id: int
    ward_id: int
    ward_code: str
    ward_name: str
    room: str
    bed: str
    portion: str
    late: bool
    state: str
    state_reason: str
    dishes: tuple[TrayDish, ...]
    progress: Progress
    moved: bool
    replaced_by: str
    replaced_dishes: tuple[str, ...]

    @property
    def step(self) -> str:
        """What is done with it next."""
        if self.state == OrderState.SENT:
            return ScanStep.HAND_OVER if self.progress.arrived_at else ScanStep.ARRIVED
        if self.state == OrderState.SERVED:
            return ScanStep.RETURNED
        if self.progress.checked_at:
            return ScanStep.SEND
        return ScanStep.CHECK if self.progress.packed_at else ScanStep.PACK


def trays(*, packs: bool = False) -> QuerySet[MealOrder]:
    """Orders that have a tray, with what a page shows of them; ``packs`` also those of a pack of the ward's fridge."""
    items = OrderItem.objects.select_related("cell__dish").order_by("pk")
    wanted = Q(tray__isnull=False) | Q(fridge_pack__isnull=False) if packs else Q(tray__isnull=False)
    return MealOrder.objects.filter(wanted).select_related("tray", "ward", "bed__room").prefetch_related(
        Prefetch("items", queryset=items), Prefetch("events", queryset=OrderEvent.objects.order_by("pk"))
    )  # fmt: skip


def code_read(text: str) -> list[str]:
    """What of scanned text may be a tray's code, the likeliest first: an address, or the bare code.

    A hand scanner that thinks of another keyboard garbles the signs of an address, never letters a to z and digits.
    """
    text = text.strip()[:TEXT_MOST]
    found = TRAY_ADDRESS.search(text)
    if found:
        return [found[1]]
    return list(dict.fromkeys([text, *reversed(CODE.findall(text))])) if text else []


def bed_token_read(text: str) -> str:
    """The token of a bed's address in scanned text; the text itself where it is none."""
    found = BED_ADDRESS.search(text.strip()[:TEXT_MOST])
    return found[1] if found else text.strip()[:TEXT_MOST]


def tray_find(text: str) -> Tray | None:
    """The tray of what was scanned."""
    codes = code_read(text)
    wanted = [*codes, *(code.upper() for code in codes)]
    found = {tray.code: tray for tray in Tray.objects.filter(code__in=wanted)}
    return next((found[code] for code in wanted if code in found), None)


def tray_facts(order: MealOrder) -> TrayFacts:
    """A tray as a page shows it; ``order`` comes from :func:`trays`."""
    progress = progress_of(order)
    instead = MealOrder.objects.filter(replaces=order).select_related("tray").first()
    return TrayFacts(
        order_id=order.pk,
        stay_id=order.stay_id,
        code=order.tray.code,
        number=order.tray.number,
        meal=order.meal,
        on=order.on,
        kitchen_id=order.kitchen_id,
        ward_id=order.ward_id,
        ward_code=order.ward.code,
        ward_name=order.ward.name,
        room=order.bed.room.code if order.bed is not None else "",
        bed=order.bed.code if order.bed is not None else "",
        portion=order.portion,
        late=order.late,
        state=order.state,
        state_reason=order.state_reason,
        dishes=tuple(_dish(item, progress) for item in order.items.all()),
        progress=progress,
        moved=_moved(order),
        replaced_by=getattr(getattr(instead, "tray", None), "code", "") if instead is not None else "",
        replaced_dishes=tuple(instead.items.values_list("cell__dish__name", flat=True)) if instead is not None else (),
    )


def _moved(order: MealOrder) -> bool:
    """Whether the patient has another place than the ticket says."""
    kinds = [event.kind for event in order.events.all()]
    printed = max((n for n, kind in enumerate(kinds) if kind in PRINTED), default=0)
    return OrderEventKind.MOVED in kinds[printed:]


def _dish(item: OrderItem, progress: Progress) -> TrayDish:
    variants = item.cell.state.get("variants", [])
    change = next((one["name"] for one in variants if one["id"] == item.change), item.change)
    return TrayDish(
        cell_id=item.cell_id,
        name=item.cell.dish.name,
        texture=item.cell.texture,
        change=change,
        quantity=item.quantity,
        packed=item.cell_id in progress.packed_cells,
    )


@dataclass(frozen=True, slots=True)
class Trolley:
    """A ward's trays of a meal, counted by how far they have come. ``n_stopped`` must not go; those on their way are
    ``n_sent``, of which ``n_arrived`` were received.
    """

    ward_id: int
    ward_name: str
    on: date
    meal: str
    n_trays: int
    n_waiting: int
    n_packed: int
    n_checked: int
    n_sent: int
    n_served: int
    n_stopped: int
    n_arrived: int


def trolleys(*, actor: User, at: datetime, around: Iterable[date]) -> list[Trolley]:
    """The trolleys of some days that are under way, by meal and ward, for whoever reaches the wards."""
    rows = trays().filter(on__in=list(around), ward__in=ward_ids_in_reach(actor=actor)).order_by("serves_at", "ward")
    found: dict[tuple[int, date, str], list[MealOrder]] = {}
    for row in rows:
        found.setdefault((row.ward_id, row.on, row.meal), []).append(row)
    made = [_trolley(of) for of in found.values()]
    return [one for one in made if one.n_trays > one.n_served + one.n_stopped]


def _trolley(rows: list[MealOrder]) -> Trolley:
    live = [row for row in rows if row.state == OrderState.TICKETED]
    checked = [row for row in live if progress_of(row).checked_at is not None]
    packed = [row for row in live if progress_of(row).packed_at is not None]
    first = rows[0]
    return Trolley(
        ward_id=first.ward_id,
        ward_name=first.ward.name,
        on=first.on,
        meal=first.meal,
        n_trays=len(rows),
        n_waiting=len(live) - len(packed),
        n_packed=len(packed) - len(checked),
        n_checked=len(checked),
        n_sent=sum(row.state == OrderState.SENT for row in rows),
        n_served=sum(row.state == OrderState.SERVED for row in rows),
        n_stopped=sum(row.state in (OrderState.STOPPED, OrderState.CANCELLED) for row in rows),
        n_arrived=sum(row.state == OrderState.SENT and progress_of(row).arrived_at is not None for row in rows),
    )


def ward_trays(*, ward_id: int, on: date, meal: str, states: Iterable[str], packs: bool = False) -> list[MealOrder]:
    """A ward's trays of a meal in some states, in the order of rooms and beds."""
    rows = trays(packs=packs).filter(ward=ward_id, on=on, meal=meal, state__in=list(states))
    return sorted(rows, key=_by_place)


def _by_place(order: MealOrder) -> tuple[object, ...]:
    room, bed = (order.bed.room.code, order.bed.code) if order.bed is not None else ("", "")
    return natural(room), natural(bed), order.pk
