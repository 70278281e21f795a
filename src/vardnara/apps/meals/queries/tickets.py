"""What stands on tray tickets: by runs and trays, in the kitchen's language. No names (DESIGN, invariant 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

from vardnara.apps.hospital.queries.boards import natural
from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.meals.choices import (
    Aid,
    BaseDiet,
    Exclusion,
    MealKind,
    OrderEventKind,
    OrderState,
    Portion,
    SpecialDiet,
    Supplement,
    Texture,
)
from vardnara.apps.meals.constants import DIET_NORMAL, TEXTURE_NORMAL
from vardnara.apps.meals.models import MealOrder, OrderEvent, OrderItem, TicketRun, Tray
from vardnara.apps.meals.queries.kitchen_meals import place_of
from vardnara.apps.meals.queries.needs import NeedsNow, needs_of
from vardnara.apps.meals.templatetags.diet_words import allergen_name
from vardnara.engines.diet.data import Fasting
from vardnara.engines.documents import TicketCover, TicketDish, TrayTicket

ON_ITS_WAY = (OrderState.TICKETED, OrderState.SENT, OrderState.SERVED)
TRAY_ADDRESS = "maltider/bricka/{code}/"  # under the site's own address: what scanning opens


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with how many trays it made, and how many of them are stopped."""

    id: int
    at: datetime
    by: str
    n: int
    n_stopped: int


def ticket_runs(*, kitchen_id: int, on: date, meal: str) -> list[RunRow]:
    """The runs of a meal, the first first."""
    rows = TicketRun.objects.filter(kitchen=kitchen_id, on=on, meal=meal).select_related("by")
    counted = rows.annotate(
        n=Count("trays"), n_stopped=Count("trays", filter=~Q(trays__order__state__in=ON_ITS_WAY))
    ).order_by("pk")
    return [
        RunRow(row.pk, row.at, row.by.get_full_name() if row.by is not None else "", row.n, row.n_stopped)
        for row in counted
    ]


@dataclass(frozen=True, slots=True)
class TrayRow:
    """A tray on the list from which one ticket is printed again."""

    id: int
    number: int
    ward: str
    place: str
    code: str
    state: str
    n_prints: int


def code_shown(code: str) -> str:
    """A tray's code as people read it: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def trays_find(*, kitchen_id: int, on: date, meal: str, q: str = "") -> list[TrayRow]:
    """Trays of a meal by ward, room and bed; ``q`` is a part of a ward's name or code, a place or a tray's code."""
    rows = (
        Tray.objects.filter(run__kitchen=kitchen_id, run__on=on, run__meal=meal)
        .select_related("order__ward", "order__bed__room")
        .annotate(n_again=Count("order__events", filter=Q(order__events__kind=OrderEventKind.REPRINTED)))
    )
    wanted = "".join(q.upper().split()).replace("-", "")
    found = []
    for row in sorted(rows, key=lambda row: _order_key(row.order, row.number)):
        place = place_of(row.order)
        words = f"{row.order.ward.name} {row.order.ward.code} {place} {row.code}".upper().replace(" ", "")
        if wanted in words.replace("-", ""):
            found.append(
                TrayRow(
                    row.pk, row.number, row.order.ward.name, place, code_shown(row.code), row.order.state,
                    1 + row.n_again,
                )
            )  # fmt: skip
    return found


def _order_key(order: MealOrder, number: int) -> tuple[Any, ...]:
    place = order.bed
    where = (natural(place.room.code), natural(place.code)) if place is not None else ((), ())
    return natural(order.ward.code), order.ward_id, place is None, *where, number


@dataclass(frozen=True, slots=True)
class Tickets:
    """Tickets in the order in which they are printed, a cover for each ward, and whose diets stand on them."""

    tickets: tuple[TrayTicket, ...]
    covers: tuple[TicketCover, ...]
    stay_ids: frozenset[int]


def tickets_of(*, base: str, run_ids: Collection[int] = (), tray_ids: Collection[int] = ()) -> Tickets:
    """The tickets of runs or of single trays as they are to be now; what was stopped is not among them.

    ``base`` is the site's own address. A fixed number of queries, however many tickets.
    """
    items = OrderItem.objects.select_related("cell__dish").order_by("pk")
    rows = list(
        Tray.objects.filter(Q(run__in=run_ids) | Q(pk__in=tray_ids), order__state__in=ON_ITS_WAY)
        .select_related("order__ward", "order__bed__room", "run")
        .prefetch_related(Prefetch("order__items", queryset=items))
    )
    rows.sort(key=lambda row: _order_key(row.order, row.number))
    again = set(
        OrderEvent.objects.filter(order__in=[row.order_id for row in rows], kind=OrderEventKind.REPRINTED).values_list(
            "order_id", flat=True
        )
    )
    stays = stays_by_id(row.order.stay_id for row in rows)
    needs: dict[tuple[int, datetime], NeedsNow] = {}
    for serves_at in {row.order.serves_at for row in rows}:
        here = [stays[row.order.stay_id] for row in rows if row.order.serves_at == serves_at]
        needs |= {(stay_id, serves_at): one for stay_id, one in needs_of(here, at=serves_at).items()}
    when = {row.run_id: _when(row.run.meal, row.order.serves_at) for row in rows}
    names = {row.order_id: _ward_names(row.order) for row in rows}
    made = [
        _ticket(row, needs[row.order.stay_id, row.order.serves_at], when[row.run_id], base, row.order_id in again)
        for row in rows
    ]
    covers = _covers(rows, made, names)
    return Tickets(tuple(made), tuple(covers), frozenset(row.order.stay_id for row in rows))


def _ward_names(order: MealOrder) -> str:
    code, name = order.ward.code, order.ward.name
    return name if code in name else f"{code} {name}"


def _when(meal: str, serves_at: datetime) -> str:
    local = timezone.localtime(serves_at)
    return f"{MealKind(meal).label} {date_format(local, 'l j F')} {date_format(local, 'H:i')}"


def _ticket(row: Tray, needs: NeedsNow, when: str, base: str, again: bool) -> TrayTicket:
    order = row.order
    return TrayTicket(
        number=row.number,
        code=code_shown(row.code),
        address=base.rstrip("/") + "/" + TRAY_ADDRESS.format(code=row.code),
        ward=_ward_names(order),
        place=_place(order),
        when=when,
        dishes=tuple(_dish(item) for item in order.items.all()),
        portion=_portion(order.portion),
        avoid=avoid_words(needs),
        facts=fact_words(needs),
        help=tuple(str(Aid(one).label) for one in needs.aids),
        marks=_marks(order, again=again),
    )


def _place(order: MealOrder) -> str:
    if order.bed is None:
        return pgettext("tray ticket", "No bed place")
    words = {"room": order.bed.room.code, "bed": order.bed.code}
    return pgettext("place", "Room %(room)s, place %(bed)s") % words


def _portion(size: str) -> str:
    return {
        Portion.SMALL: pgettext("tray ticket", "Small portion"),
        Portion.NORMAL: pgettext("tray ticket", "Normal portion"),
        Portion.LARGE: pgettext("tray ticket", "Large portion"),
    }[Portion(size)]


def _dish(item: OrderItem) -> TicketDish:
    cell = item.cell
    detail = []  # what is not as usual, so that it stands out
    if cell.texture != TEXTURE_NORMAL:
        detail.append(str(Texture(cell.texture).label))
    if cell.diet != DIET_NORMAL:
        detail.append(diet_word(cell.diet))
    return TicketDish(cell.dish.name, item.quantity, ", ".join(detail), change_word(cell.state, item.change))


def change_word(state: dict[str, Any], change: str) -> str:
    """What a change is called in a cell ("utan sås"); its code where the cell no longer has it."""
    return next((str(one["name"]) for one in state.get("variants", ()) if one["id"] == change), change)


def diet_word(code: str) -> str:
    """A diet by its name."""
    for choices in (BaseDiet, SpecialDiet):
        if code in choices.values:
            return str(choices(code).label)
    return code


def avoid_words(needs: NeedsNow) -> tuple[str, ...]:
    """Allergens that must not be on the tray, by their numbers; with a word where traces do no harm."""
    strict = {one.allergen for one in needs.needs.avoid if not one.traces_tolerated}
    codes = sorted({one.allergen for one in needs.needs.avoid}, key=lambda code: [int(n) for n in code.split(".")])
    traces = pgettext("tray ticket", "traces tolerated")
    return tuple(allergen_name(code) if code in strict else f"{allergen_name(code)} ({traces})" for code in codes)


def fact_words(needs: NeedsNow) -> tuple[str, ...]:
    """The rest of what the kitchen must heed: each by itself, none converted into another (F-26)."""
    known = needs.needs
    facts = [diet_word(code) for code in sorted(known.diets | ({needs.base} if needs.base else set()))]
    if not known.diet_known:
        facts = [pgettext("tray ticket", "The diet is not known: only what is safe for all")]
    facts += [
        pgettext("tray ticket", "Texture: %(what)s") % {"what": Texture(one).label} for one in sorted(known.textures)
    ]
    facts += [f"IDDSI {level}" for level in sorted(known.iddsi)]
    facts += [pgettext("diet", "Drinks IDDSI %(level)s") % {"level": level} for level in sorted(known.fluids)]
    if known.fasting is Fasting.CLEAR_FLUIDS:
        facts.append(pgettext("tray ticket", "Clear fluids only"))
    if known.exclude:
        names = ", ".join(
            str(Exclusion(one).label) if one in Exclusion.values else one for one in sorted(known.exclude)
        )
        facts.append(pgettext("tray ticket", "Does not eat: %(what)s") % {"what": names})
    facts += [str(Supplement(one).label) for one in needs.supplements]
    return tuple(facts)


def _marks(order: MealOrder, *, again: bool) -> tuple[str, ...]:
    said: Sequence[tuple[bool, Callable[[], str]]] = (
        (order.replaces_id is not None, lambda: pgettext("tray ticket", "Instead of a stopped tray")),
        (order.late and order.replaces_id is None, lambda: pgettext("tray ticket", "Late tray")),
        (order.extra, lambda: pgettext("tray ticket", "Extra tray")),
        (again, lambda: pgettext("tray ticket", "Printed again: throw the old ticket away")),
    )
    return tuple(word() for holds, word in said if holds)


def _covers(rows: list[Tray], made: list[TrayTicket], names: dict[int, str]) -> list[TicketCover]:
    wards: dict[str, list[tuple[Tray, TrayTicket]]] = {}
    for row, ticket in zip(rows, made, strict=True):
        wards.setdefault(names[row.order_id], []).append((row, ticket))
    covers = []
    for ward, of in wards.items():
        counts: Counter[str] = Counter()
        for _, ticket in of:
            for dish in ticket.dishes:
                counts[", ".join(part for part in (dish.name, dish.detail, dish.change) if part)] += dish.quantity
        special = [f"{ticket.place}: {', '.join(ticket.marks)}" for _, ticket in of if ticket.marks]
        covers.append(TicketCover(ward, of[0][1].when, len(of), tuple(sorted(counts.items())), tuple(special)))
    return covers
