"""The production sheet: how many of what a kitchen cooks for a meal, against what it locked, and what is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Max, Q, Sum

from vardnara.apps.hospital.queries.boards import natural
from vardnara.apps.meals.choices import OrderEventKind, Portion, ServiceForm
from vardnara.apps.meals.constants import DIET_NORMAL, TEXTURE_CODES, TEXTURE_NORMAL
from vardnara.apps.meals.models import (
    DishCell,
    Kitchen,
    KitchenWard,
    OrderEvent,
    OrderItem,
    OtherMeal,
    ProductionLine,
    ProductionLock,
    Tray,
)
from vardnara.apps.meals.models.order import BY_ITSELF
from vardnara.apps.meals.queries.kitchen_meals import COOKED, Missing, kitchen_read, left_out, missing_of, window_of
from vardnara.apps.meals.queries.late_changes import EMPTIED, PLATED, Buffer, Late, buffer_of, late_history
from vardnara.apps.meals.queries.offered import MealWindow, meal_windows, menu_on, offered
from vardnara.apps.meals.queries.scaled_recipes import Amount, Scaled, ToCook, ingredients_together, recipes_scaled
from vardnara.apps.meals.queries.tickets import change_word

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

CHANGING = (*PLATED, *EMPTIED)
PATIENT, EXTRA = "patient", "extra"


class Key(NamedTuple):
    """What a number is about. ``who`` is ``patient``, ``extra``, ``guest`` or ``staff``."""

    dish_id: int
    diet: str
    texture: str
    change: str
    portion: str
    ward_id: int
    who: str


class What(NamedTuple):
    """A line of the sheet: a dish in a diet and a texture, with a change."""

    dish_id: int
    diet: str
    texture: str
    change: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its numbers. ``sizes`` are small, normal, large. ``locked`` is None where nothing is locked.

    ``by_itself`` are those of ``n`` that nobody chose: standing orders and the house's defaults.
    """

    what: What
    name: str
    change: str
    sizes: tuple[int, int, int]
    n_patients: int
    n_extra: int
    n_guests: int
    n_staff: int
    by_itself: int
    wards: tuple[tuple[str, int], ...]
    locked: int | None
    scaled: Scaled | None
    buffer: Buffer | None

    @property
    def n(self) -> int:
        """How many to cook."""
        return self.n_patients + self.n_extra + self.n_guests + self.n_staff

    @property
    def delta(self) -> int:
        """What has come (above 0) or gone since the lock."""
        return 0 if self.locked is None else self.n - self.locked


@dataclass(frozen=True, slots=True)
class WardSum:
    """What one ward gets: how many portions, in which form (``ServiceForm``), and of which lines."""

    name: str
    form: str
    n: int
    lines: tuple[tuple[Line, int], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kitchen's meal. ``lock`` is what holds now, None while the numbers are open; ``history`` all versions."""

    kitchen: Kitchen
    on: date
    window: MealWindow
    windows: tuple[MealWindow, ...]
    lines: tuple[Line, ...]
    wards: tuple[WardSum, ...]
    missing: Missing
    lock: ProductionLock | None
    history: tuple[ProductionLock, ...]
    late: Late
    ingredients: tuple[Amount, ...]
    n_trays: int

    @property
    def n(self) -> int:
        """Portions altogether."""
        return sum(line.n for line in self.lines)

    @property
    def n_extra(self) -> int:
        """Portions of extra trays."""
        return sum(line.n_extra for line in self.lines)

    @property
    def n_others(self) -> int:
        """Portions of guests and staff."""
        return sum(line.n_guests + line.n_staff for line in self.lines)

    @property
    def by_itself(self) -> int:
        """Portions that nobody chose."""
        return sum(line.by_itself for line in self.lines)

    @property
    def n_columns(self) -> int:
        """Columns of the table after the sums."""
        return 3 + (self.n_extra > 0) + 2 * (self.n_others > 0) + (self.by_itself > 0) + self.late.enough

    @property
    def n_added(self) -> int:
        """Portions that came since the lock."""
        return sum(max(0, line.delta) for line in self.lines)

    @property
    def n_removed(self) -> int:
        """Portions that went since the lock."""
        return sum(max(0, -line.delta) for line in self.lines)


def numbers_now(*, kitchen_id: int, on: date, meal: str) -> dict[Key, int]:
    """What is to be cooked as it stands: two queries."""
    rows = OrderItem.objects.filter(
        order__kitchen=kitchen_id,
        order__on=on,
        order__meal=meal,
        order__state__in=COOKED,
        order__fridge_pack=None,  # cooked when it was packed
    ).values_list(
        "cell__dish", "cell__diet", "cell__texture", "change", "order__portion", "order__ward", "order__extra"
    )
    found: Counter[Key] = Counter()
    for *what, is_extra, n in rows.annotate(n=Sum("quantity")).order_by():
        found[Key(*what, EXTRA if is_extra else PATIENT)] += n
    others = OtherMeal.objects.filter(kitchen=kitchen_id, on=on, meal=meal, portions__gt=0)
    for dish_id, ward_id, who, portions in others.values_list("dish", "ward", "who", "portions"):
        found[Key(dish_id, DIET_NORMAL, TEXTURE_NORMAL, "", Portion.NORMAL, ward_id, who)] += portions
    return dict(found)


def numbers_locked(lock: ProductionLock) -> dict[Key, int]:
    """What was held fast."""
    rows = ProductionLine.objects.filter(lock=lock).values_list(
        "dish", "diet", "texture", "change", "portion", "ward", "who", "n"
    )
    return {Key(*row[:7]): row[7] for row in rows}


def lock_last(*, kitchen_id: int, on: date, meal: str) -> ProductionLock | None:
    """The last version, whether it locks or opens."""
    return ProductionLock.objects.filter(kitchen=kitchen_id, on=on, meal=meal).order_by("-version").first()


def production_sheet(*, actor: User, kitchen_id: int, on: date, meal: str) -> Sheet:
    """The sheet of a meal; raises ``unknown_kitchen`` and ``no_such_meal``. A fixed number of queries."""
    kitchen = kitchen_read(actor=actor, kitchen_id=kitchen_id)
    window = window_of(kitchen_id=kitchen.pk, on=on, meal=meal)
    now = numbers_now(kitchen_id=kitchen.pk, on=on, meal=meal)
    history = tuple(
        ProductionLock.objects.filter(kitchen=kitchen, on=on, meal=meal).select_related("by").order_by("version")
    )
    lock = history[-1] if history and history[-1].locked else None
    locked = numbers_locked(lock) if lock is not None else {}
    late, late_by_dish = late_history(kitchen_id=kitchen.pk, meal=meal, on=on)
    lines, ingredients = _lines(kitchen.pk, on, meal, now, locked if lock is not None else None, late, late_by_dish)
    names = _ward_names({key.ward_id for key in now})
    wards = tuple(_wards(now, lines, names, _ward_forms(kitchen_id=kitchen.pk, on=on)))
    return Sheet(
        kitchen=kitchen,
        on=on,
        window=window,
        windows=tuple(meal_windows(kitchen_id=kitchen.pk, on=on)),
        lines=tuple(lines),
        wards=wards,
        missing=missing_of(left_out(kitchen_id=kitchen.pk, on=on, meal=meal)),
        lock=lock,
        history=history,
        late=late,
        ingredients=tuple(ingredients),
        n_trays=Tray.objects.filter(run__kitchen=kitchen, run__on=on, run__meal=meal).count(),
    )


def _ward_names(ward_ids: set[int]) -> dict[int, str]:
    rows = KitchenWard.objects.filter(ward__in=ward_ids)
    return dict(rows.values_list("ward", "ward__name"))


def _ward_forms(*, kitchen_id: int, on: date) -> dict[int, str]:
    """In which form each ward gets its food on a date."""
    rows = KitchenWard.objects.filter(Q(to_on=None) | Q(to_on__gt=on), kitchen=kitchen_id, from_on__lte=on)
    return {ward_id: ServiceForm(service).label for ward_id, service in rows.values_list("ward", "service")}


def what_of(key: Key) -> What:
    """The line that a number stands on."""
    return What(key.dish_id, key.diet, key.texture, key.change)


def _lines(
    kitchen_id: int,
    on: date,
    meal: str,
    now: Mapping[Key, int],
    locked: Mapping[Key, int] | None,
    late: Late,
    late_by_dish: Mapping[int, Late],
) -> tuple[list[Line], list[Amount]]:
    keys: dict[What, list[Key]] = defaultdict(list)
    for key in now:
        keys[what_of(key)].append(key)
    was: Counter[What] = Counter()
    for key, n in (locked or {}).items():
        was[what_of(key)] += n
        keys.setdefault(what_of(key), [])
    cells = _cells(kitchen_id, on, list(keys))
    names = _ward_names({key.ward_id for key in now})
    scaled = recipes_scaled(
        {
            what: ToCook(cells[what].pk, what.change, sum(now[key] for key in of))
            for what, of in keys.items()
            if of and what in cells
        }
    )
    by_itself = _by_itself(kitchen_id, on, meal)
    lines = []
    for what, of in keys.items():
        n_of = Counter(
            {who: sum(now[key] for key in of if key.who == who) for who in (PATIENT, EXTRA, "guest", "staff")}
        )
        n = n_of.total()
        at_wards: Counter[str] = Counter()
        for key in of:
            at_wards[names.get(key.ward_id, str(key.ward_id))] += now[key]
        cell = cells.get(what)
        lines.append(
            Line(
                what=what,
                name=cell.dish.name if cell is not None else "",
                change=change_word(cell.state, what.change) if cell is not None and what.change else what.change,
                sizes=_sizes(of, now),
                n_patients=n_of[PATIENT],
                n_extra=n_of[EXTRA],
                n_guests=n_of["guest"],
                n_staff=n_of["staff"],
                by_itself=by_itself.get(what, 0),
                wards=tuple(sorted(at_wards.items(), key=lambda pair: natural(pair[0]))),
                locked=None if locked is None else was[what],
                scaled=scaled.get(what),
                buffer=buffer_of(n, late_by_dish.get(what.dish_id, Late()), late),
            )
        )
    place = {dish.dish_id: number for number, dish in enumerate(offered(kitchen_id=kitchen_id, on=on, meals=[meal]))}
    textures = {texture: number for number, texture in enumerate(TEXTURE_CODES)}
    lines.sort(
        key=lambda line: (
            place.get(line.what.dish_id, len(place)),
            line.name,
            textures.get(line.what.texture, len(textures)),
            line.what.diet != DIET_NORMAL,
            line.what.diet,
            line.what.change,
        )
    )
    return lines, ingredients_together(scaled)


def _sizes(of: list[Key], now: Mapping[Key, int]) -> tuple[int, int, int]:
    small, normal, large = (
        sum(now[key] for key in of if key.portion == size) for size in (Portion.SMALL, Portion.NORMAL, Portion.LARGE)
    )
    return small, normal, large


def _cells(kitchen_id: int, on: date, whats: list[What]) -> dict[What, DishCell]:
    """The cell that each line is cooked as: the menu's own before the general one (mech-14), in use before others."""
    menu = menu_on(kitchen_id=kitchen_id, on=on)
    rows = (
        DishCell.objects.filter(Q(menu=None) | Q(menu=menu), dish__in={what.dish_id for what in whats})
        .select_related("dish")
        .order_by("-retired_at", "pk")
    )
    found: dict[tuple[int, str, str], DishCell] = {}
    for row in sorted(rows, key=lambda row: (row.retired_at is None, row.menu_id is not None)):
        found[row.dish_id, row.diet, row.texture] = row
    return {what: found[key] for what in whats if (key := (what.dish_id, what.diet, what.texture)) in found}


def _by_itself(kitchen_id: int, on: date, meal: str) -> dict[What, int]:
    rows = OrderItem.objects.filter(
        order__kitchen=kitchen_id, order__on=on, order__meal=meal, order__state__in=COOKED, order__origin__in=BY_ITSELF
    ).values_list("cell__dish", "cell__diet", "cell__texture", "change")
    return {What(*row[:4]): row[4] for row in rows.annotate(n=Sum("quantity")).order_by()}


def _wards(
    now: Mapping[Key, int], lines: list[Line], names: Mapping[int, str], forms: Mapping[int, str]
) -> list[WardSum]:
    by_ward: dict[int, Counter[What]] = defaultdict(Counter)
    for key, n in now.items():
        by_ward[key.ward_id][what_of(key)] += n
    sums = [
        WardSum(
            names.get(ward_id, str(ward_id)),
            forms.get(ward_id, ""),
            of.total(),
            tuple((line, of[line.what]) for line in lines if of[line.what]),
        )
        for ward_id, of in by_ward.items()
    ]
    return sorted(sums, key=lambda one: natural(one.name))


@dataclass(frozen=True, slots=True)
class MealState:
    """A meal of the kitchen's day as its wall shows it. ``n_changed`` are orders touched since the lock or deadline;
    ``is_late``: it is being served, and no ticket is printed.
    """

    on: date
    window: MealWindow
    n_ordered: int
    n_expected: int
    n_problems: int
    n_trays: int
    lock: ProductionLock | None
    n_now: int
    n_changed: int
    phase: str
    is_late: bool

    @property
    def delta(self) -> int:
        """Portions more or fewer than were locked."""
        return 0 if self.lock is None else self.n_now - self.lock.n


def kitchen_days(*, actor: User, kitchen_id: int, days: list[date], at: datetime) -> tuple[Kitchen, list[MealState]]:
    """The meals of some days in the order in which they are served."""
    kitchen = kitchen_read(actor=actor, kitchen_id=kitchen_id)
    found = []
    for on in days:
        for window in meal_windows(kitchen_id=kitchen.pk, on=on):
            found.append(_meal_state(kitchen.pk, on, window, at))
    return kitchen, found


def _meal_state(kitchen_id: int, on: date, window: MealWindow, at: datetime) -> MealState:
    last = lock_last(kitchen_id=kitchen_id, on=on, meal=window.meal)
    lock = last if last is not None and last.locked else None
    orders = OrderEvent.objects.filter(
        order__kitchen=kitchen_id, order__on=on, order__meal=window.meal, order__fridge_pack=None
    )
    since = lock.at if lock is not None else window.deadline_at
    changed = orders.filter(at__gte=since, kind__in=CHANGING)
    changed = changed.exclude(kind=OrderEventKind.PLACED, origin__in=BY_ITSELF)
    items = OrderItem.objects.filter(
        order__kitchen=kitchen_id,
        order__on=on,
        order__meal=window.meal,
        order__state__in=COOKED,
        order__fridge_pack=None,
    ).aggregate(n=Sum("quantity"), n_orders=Count("order", distinct=True))
    others = OtherMeal.objects.filter(kitchen=kitchen_id, on=on, meal=window.meal).aggregate(n=Sum("portions"))
    missing = left_out(kitchen_id=kitchen_id, on=on, meal=window.meal)
    n_trays = Tray.objects.filter(run__kitchen=kitchen_id, run__on=on, run__meal=window.meal).count()
    waiting = sum(one.why == "no_choice" for one in missing)
    n_ordered = items["n_orders"] or 0
    closed = "closed" if at < window.serves_to_at else "over"
    return MealState(
        on=on,
        window=window,
        n_ordered=n_ordered,
        n_expected=n_ordered + len(missing),
        n_problems=len(missing) - waiting,
        n_trays=n_trays,
        lock=lock,
        n_now=(items["n"] or 0) + (others["n"] or 0),
        n_changed=changed.aggregate(n=Count("order", distinct=True), last=Max("at"))["n"],
        phase="open" if at < window.deadline_at else closed,
        is_late=closed == "closed" and at >= window.serves_from_at and n_ordered > 0 and not n_trays,
    )
