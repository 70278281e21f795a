"""The take-home ledger: hours entered as freed, booked once, taken back by a reversal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.decisions.choices import FreedPart, TakenTo
from vardnara.apps.decisions.models import FreedBooking, FreedHours
from vardnara.apps.decisions.queries.take_home import case_hours, home_of, live_bookings
from vardnara.apps.decisions.services.recording import writer_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.services.notes import identity_refuse
from vardnara.apps.staffing.queries.costing import posts_ending
from vardnara.engines.economy import Booking, Destination
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ORE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class FreedWords:
    """Freed hours as they are entered; of a case's own balance the hours are the case's."""

    label: str
    from_on: date
    hours: Decimal | None = None
    basis: str = ""
    case_id: int | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class BookingWords:
    """What became of some hours. ``post_id`` is a post of the register that went; its price is taken where known."""

    destination: str
    hours: Decimal
    to: str = ""
    hourly_sek: Decimal | None = None
    post_id: int | None = None
    text: str = ""


@transaction.atomic
def freed_hours_add(*, hospital_id: int, words: FreedWords, actor: User, at: datetime) -> FreedHours:
    """Enter hours a year that something freed, once. Whoever writes cases."""
    writer_require(actor, hospital_id)
    hours, basis, label = words.hours, words.basis.strip(), words.label.strip()
    if words.case_id is not None:
        case, known = case_hours(actor=actor, case_id=words.case_id, on=local_date(at))
        if case.hospital_id != hospital_id:
            raise RuleBroken("unknown_matter", f"case {words.case_id}")
        if words.part:
            hours = next((one.hours for one in known if one.part == words.part), None)
            if hours is None:
                raise RuleBroken("hours_are_entered", f"case {words.case_id} {words.part}")
            basis = basis or f"{FreedPart(words.part).label}, version {case.n_versions}"
    elif words.part:
        raise RuleBroken("bad_input", words.part)
    if hours is None or hours <= 0:
        raise RuleBroken("bad_quantity", str(hours))
    if not label or not basis:
        raise RuleBroken("basis_missing")
    identity_refuse(f"{label} {basis}")
    made = FreedHours.objects.create(
        hospital_id=hospital_id, case_id=words.case_id, part=words.part, label=label, hours=hours,
        from_on=words.from_on, basis=basis, made_at=at, made_by=actor,
    )  # fmt: skip
    changes_notify(matters=True)
    return made


def _source(source_id: int, actor: User) -> FreedHours:
    source = FreedHours.objects.select_for_update().filter(pk=source_id).first()
    if source is None:
        raise RuleBroken("unknown_matter", f"source {source_id}")
    writer_require(actor, source.hospital_id)
    if source.dropped_at is not None:
        raise RuleBroken("hours_taken_out", f"source {source_id}")
    return source


@transaction.atomic
def freed_hours_book(*, source_id: int, words: BookingWords, actor: User, at: datetime) -> FreedBooking:
    """Say what became of some of the hours: never more than are left, a removed post once. Whoever writes cases.

    Raises ``hours_booked_twice``, ``post_counted_twice``, ``post_not_ending``, ``cash_without_price``,
    ``kronor_of_no_cash`` or ``to_what_missing``.
    """
    source = _source(source_id, actor)
    if words.destination not in TakenTo.values:
        raise RuleBroken("bad_input", words.destination)
    is_cash = words.destination == TakenTo.CASH_RELEASED
    to, hourly = words.to.strip(), words.hourly_sek
    if not is_cash and (hourly is not None or words.post_id is not None):
        raise RuleBroken("kronor_of_no_cash")
    if words.post_id is not None:
        post = next((one for one in posts_ending(hospital_id=source.hospital_id) if one.id == words.post_id), None)
        if post is None:
            raise RuleBroken("post_not_ending", f"post {words.post_id}")
        if words.hours > post.hours:
            raise RuleBroken("post_has_fewer_hours", f"{words.hours} of {post.hours}")
        to, hourly = to or f"{post.number} {post.title}", post.hourly_sek if hourly is None else hourly
        live = FreedBooking.objects.filter(post=words.post_id, reverses__isnull=True, reversed_by__isnull=True)
        if live.exists():
            raise RuleBroken("post_counted_twice", f"post {words.post_id}")
    if is_cash and not hourly:
        raise RuleBroken("cash_without_price")
    if words.destination != TakenTo.EVAPORATED and not to:
        raise RuleBroken("to_what_missing")
    if words.hours <= 0:
        raise RuleBroken("bad_quantity", str(words.hours))
    identity_refuse(f"{to} {words.text}")
    hourly = None if hourly is None else hourly.quantize(ORE)
    more = Booking(str(source.pk), Destination(words.destination), words.hours, to, hourly or Decimal(0))
    home_of(source, [more])  # the engine refuses what was not freed
    made = FreedBooking.objects.create(
        source=source, destination=words.destination, hours=words.hours, to=to, hourly_sek=hourly,
        post_id=words.post_id, text=words.text.strip(), at=at, by=actor,
    )  # fmt: skip
    changes_notify(matters=True)
    return made


@transaction.atomic
def booking_reverse(*, source_id: int, booking_id: int, because: str, actor: User, at: datetime) -> FreedBooking:
    """Take a booking back: both stand in the ledger, and its hours are to be booked again. Whoever writes cases."""
    source = _source(source_id, actor)
    booking = source.bookings.filter(pk=booking_id).first()
    if booking is None:
        raise RuleBroken("unknown_line", f"booking {booking_id}")
    if booking.pk not in {row.pk for row in live_bookings(source)}:
        raise RuleBroken("booking_is_reversed", f"booking {booking_id}")
    if not because.strip():
        raise RuleBroken("reason_missing")
    identity_refuse(because)
    made = FreedBooking.objects.create(
        source=source, destination=booking.destination, hours=booking.hours, to=booking.to,
        hourly_sek=booking.hourly_sek, post_id=booking.post_id, text=because.strip(), reverses=booking, at=at, by=actor,
    )  # fmt: skip
    changes_notify(matters=True)
    return made


@transaction.atomic
def freed_hours_drop(*, source_id: int, because: str, actor: User, at: datetime) -> FreedHours:
    """Take hours out that were entered wrongly, as long as none of them is booked. Whoever writes cases."""
    source = _source(source_id, actor)
    if live_bookings(source):
        raise RuleBroken("hours_are_booked", f"source {source_id}")
    if not because.strip():
        raise RuleBroken("reason_missing")
    identity_refuse(because)
    source.dropped_at, source.dropped_by, source.dropped_because = at, actor, because.strip()
    source.save(update_fields=["dropped_at", "dropped_by", "dropped_because"])
    changes_notify(matters=True)
    return source
