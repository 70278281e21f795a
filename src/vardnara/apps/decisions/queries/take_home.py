"""The take-home ledger as pages show it: what each source freed, what became of it, and what nobody has booked yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from vardnara.apps.decisions.choices import FreedPart
from vardnara.apps.decisions.models import Case, FreedBooking, FreedHours
from vardnara.apps.decisions.queries.cases import case_one, hospitals_in_reach
from vardnara.engines.economy import Booking, Destination, TakeHome, take_home
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A source with where its hours went."""

    source: FreedHours
    home: TakeHome


@dataclass(frozen=True, slots=True)
class Sums:
    """Hours a year over sources; kronor a year of what was cash-released, and of nothing else."""

    freed: Decimal
    cash_released: Decimal
    redistributed: Decimal
    evaporated: Decimal
    unbooked: Decimal
    cash_sek: Decimal


def live_bookings(source: FreedHours) -> list[FreedBooking]:
    """Bookings that hold: neither reversals nor reversed."""
    rows = list(source.bookings.all())
    reversed_ids = {row.reverses_id for row in rows}
    return [row for row in rows if row.reverses_id is None and row.pk not in reversed_ids]


def home_of(source: FreedHours, more: Iterable[Booking] = ()) -> TakeHome:
    """Where a source's hours went, by the engine; raises ``hours_booked_twice`` where there are more than it freed."""
    key = str(source.pk)
    bookings = [
        Booking(key, Destination(row.destination), row.hours, row.to, row.hourly_sek or NONE)
        for row in live_bookings(source)
    ]
    (found,) = take_home({key: source.hours}, [*bookings, *more])
    return found


def ledger(*, actor: User, case_id: int | None = None) -> tuple[LedgerRow, ...]:
    """Every source that counts, for who reads cases; the newest first."""
    rows = FreedHours.objects.filter(hospital__in=hospitals_in_reach(actor), dropped_at__isnull=True)
    if case_id is not None:
        rows = rows.filter(case=case_id)
    found = rows.select_related("case").prefetch_related("bookings").order_by("-from_on", "-pk")
    return tuple(LedgerRow(source, home_of(source)) for source in found)


def sums_of(rows: Iterable[LedgerRow]) -> Sums:
    """The sums of some sources."""
    homes = [row.home for row in rows]
    return Sums(
        freed=sum((home.freed_hours for home in homes), NONE),
        cash_released=sum((home.cash_released_hours for home in homes), NONE),
        redistributed=sum((home.redistributed_hours for home in homes), NONE),
        evaporated=sum((home.evaporated_hours for home in homes), NONE),
        unbooked=sum((home.unbooked_hours for home in homes), NONE),
        cash_sek=sum((home.cash_sek for home in homes), NONE),
    )


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A source with every booking of it, reversals and reversed ones too."""

    row: LedgerRow
    bookings: tuple[tuple[FreedBooking, bool], ...]  # with whether it holds


def source_one(*, actor: User, source_id: int) -> SourcePage:
    """A source whole, also one that was taken out."""
    source = (
        FreedHours.objects.filter(pk=source_id, hospital__in=hospitals_in_reach(actor))
        .select_related("case", "made_by", "dropped_by")
        .prefetch_related("bookings__by", "bookings__post")
        .first()
    )
    if source is None:
        raise RuleBroken("unknown_matter", f"source {source_id}")
    live = {row.pk for row in live_bookings(source)}
    bookings = sorted(source.bookings.all(), key=lambda row: (row.at, row.pk))
    return SourcePage(LedgerRow(source, home_of(source)), tuple((row, row.pk in live) for row in bookings))


@dataclass(frozen=True, slots=True)
class CaseHours:
    """Hours of a case's balance that are not in the ledger yet."""

    case: Case
    part: FreedPart
    hours: Decimal


def case_hours(*, actor: User, case_id: int, on: date) -> tuple[Case, tuple[CaseHours, ...]]:
    """What a case's own balance says was freed, and is not entered."""
    page = case_one(actor=actor, case_id=case_id, on=on)
    case, balance = page.case, page.examination.balance
    taken = set(case.freed_hours.filter(dropped_at__isnull=True).values_list("part", flat=True))
    if balance is None:
        return case, ()
    known = {FreedPart.LEAVING: balance.leaving, FreedPart.RELEASED: balance.released}
    return case, tuple(
        CaseHours(case, part, hours.quantize(Decimal("0.01")))
        for part, hours in known.items()
        if part not in taken and hours > 0
    )
