"""What was weighed: kilograms, people and grams a person always together (F-56), and what is missing of a campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from vardnara.apps.meals.choices import BY_EATER, WasteCategory
from vardnara.apps.meals.models import Kitchen, KitchenWard, WasteFinding, Weighing

CAMPAIGN_DAYS = 5  # weekdays in a row (F-51)
NOTED_LEAST = 0.9  # of a meal's portions: with fewer notes the eaters would be too few, and grams each too many
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A category over a period. ``people`` are portions for the kitchen's, eaters for the others.

    ``grams_known`` is what was weighed at meals of which the number of people is known: only that is divided by them.
    ``n_missing`` meals have a weight and no number.
    """

    category: str
    name: str
    by_eater: bool
    grams: int
    grams_known: int
    people: int
    n_meals: int
    n_missing: int
    n_by_hand: int

    @property
    def kilograms(self) -> float:
        """All that was weighed."""
        return self.grams / 1000

    @property
    def grams_each(self) -> float | None:
        """Grams a person, None where no meal has both."""
        return self.grams_known / self.people if self.people else None


def weighings_now(*, kitchen: Kitchen, since: date, until: date) -> QuerySet[Weighing]:
    """The rows that hold: not corrected, not void."""
    return Weighing.objects.filter(
        kitchen=kitchen, on__gte=since, on__lt=until, corrected_by__isnull=True, void=False
    ).order_by("-on", "-pk")


def weighed(*, kitchen: Kitchen, since: date, until: date) -> list[Weighed]:
    """Each category that was weighed, in the order of the national list."""
    cells: dict[str, dict[tuple[int | None, date, str], list[Weighing]]] = defaultdict(lambda: defaultdict(list))
    for row in weighings_now(kitchen=kitchen, since=since, until=until):
        cells[row.category][row.ward_id, row.on, row.meal].append(row)
    portions, eaters = _people(kitchen, since, until)
    found = []
    for category in WasteCategory:
        if category not in cells:
            continue
        by_eater = category in BY_EATER
        grams = grams_known = people = missing = by_hand = 0
        for (ward_id, on, meal), rows in cells[category].items():
            here = sum(row.grams for row in rows)
            grams += here
            known = (eaters if by_eater else portions).get((ward_id, on, meal))
            if not known:
                known = max((row.people for row in rows if row.people), default=None)
                by_hand += known is not None
            if known:
                grams_known, people = grams_known + here, people + known
            else:
                missing += 1
        found.append(
            Weighed(
                str(category), str(category.label), by_eater, grams, grams_known, people,
                len(cells[category]), missing, by_hand,
            )
        )  # fmt: skip
    return found


type Cell = tuple[int | None, date, str]


def _people(kitchen: Kitchen, since: date, until: date) -> tuple[dict[Cell, int], dict[Cell, int]]:
    """Portions that were cooked and eaters by meal, of a ward and of all: as the record knows them.

    Eaters are known of meals at which somebody noted what was eaten of nearly every portion; else nobody knows.
    """
    portions: dict[Cell, int] = defaultdict(int)
    noted_of: dict[Cell, int] = defaultdict(int)
    ate: dict[Cell, int] = defaultdict(int)
    rows = WasteFinding.objects.filter(kitchen=kitchen, on__gte=since, on__lt=until, superseded_at__isnull=True)
    for ward_id, on, meal, quarters, noted in rows.filter(cooked=True).values_list(
        "ward", "on", "meal", "quarters", "noted"
    ):
        for cell in ((ward_id, on, meal), (None, on, meal)):
            portions[cell] += 1
            noted_of[cell] += noted
            ate[cell] += noted and quarters < 4
    eaters = {cell: n for cell, n in ate.items() if noted_of[cell] >= NOTED_LEAST * portions[cell]}
    return portions, eaters


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """Who weighs, and on which weekdays something is there."""

    name: str
    days: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A week of measuring, Monday to Friday: complete when everybody has weighed on each day (F-51)."""

    days: tuple[date, ...]
    rows: tuple[CampaignRow, ...]

    @property
    def n_missing(self) -> int:
        """Days without a weighing, of everybody."""
        return sum(not there for row in self.rows for there in row.days)


def campaign(*, kitchen: Kitchen, monday: date, names: dict[int, str], in_kitchen: str) -> Campaign:
    """What is there and what is missing of a week; ``in_kitchen`` is what the kitchen's own row is called."""
    days = tuple(monday + DAY * n for n in range(CAMPAIGN_DAYS))
    there = set(weighings_now(kitchen=kitchen, since=monday, until=days[-1] + DAY).values_list("ward", "on").order_by())
    served = KitchenWard.objects.filter(Q(to_on=None) | Q(to_on__gt=monday), kitchen=kitchen, from_on__lte=days[-1])
    wards: Collection[int] = served.values_list("ward", flat=True)
    rows = [
        (None, in_kitchen),
        *sorted(((ward, names[ward]) for ward in wards if ward in names), key=lambda one: one[1]),
    ]
    return Campaign(
        days, tuple(CampaignRow(name, tuple((ward, day) in there for day in days)) for ward, name in rows)
    )  # fmt: skip


def paradox(before: list[Weighed], now: list[Weighed]) -> list[str]:
    """Categories whose kilograms fell while grams a person rose: less food was cooked, and more of it wasted (F-56)."""
    was = {one.category: one for one in before}
    return [
        one.name
        for one in now
        if (old := was.get(one.category)) is not None
        and one.grams < old.grams
        and one.grams_each is not None
        and old.grams_each is not None
        and one.grams_each > old.grams_each
    ]
