"""The take-home ledger: each freed hour is booked once, and only cash-released hours are kronor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from tests.apps.decisions.test_case_pages import client_of, text
from tests.apps.decisions.test_case_services import broken, case_of
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import FreedBooking, FreedHours
from vardnara.apps.decisions.queries.take_home import ledger, source_one, sums_of
from vardnara.apps.staffing.models import Post

WORDS = services.FreedWords("Digital beställning", date(2026, 3, 1), Decimal(1000), "arbetsprov")
CASH = services.BookingWords("cash_released", Decimal(300), "Extrapass", Decimal("300.50"))


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def freed(stage: Stage, words: Any = WORDS) -> FreedHours:
    hospital = stage.ward.division.hospital_id
    return services.freed_hours_add(hospital_id=hospital, words=words, actor=stage.users["controller"], at=AT)


def book(stage: Stage, source: FreedHours, words: Any = CASH) -> FreedBooking:
    return services.freed_hours_book(source_id=source.pk, words=words, actor=stage.users["controller"], at=AT)


def post_made(stage: Stage, number: str = "VNS-1", **more: Any) -> Post:
    fields = {"to_on": date(2026, 3, 1), "monthly_sek": 27_500, "pay_year": 2026, "charges_share": Decimal("0.39"),
              "charges_basis": "x"} | more  # fmt: skip
    return Post.objects.create(
        hospital_id=stage.ward.division.hospital_id, number=number, title="Servicemedarbetare", ward=stage.ward,
        share=Decimal(1), from_on=date(2024, 1, 1), changed_at=AT, **fields,
    )  # fmt: skip


def refused(act: Any, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        act()


def test_every_hour_is_somewhere_and_kronor_are_of_cash_alone(stage: Stage) -> None:
    """own-3: cash-released, redistributed, evaporated, and what nobody has booked."""
    source = freed(stage)
    book(stage, source)
    book(stage, source, services.BookingWords("redistributed", Decimal(250), "patientstäd"))
    book(stage, source, services.BookingWords("evaporated", Decimal(150)))
    (row,) = ledger(actor=stage.users["auditor"])
    home = row.home
    assert (home.cash_released_hours, home.redistributed_hours, home.evaporated_hours) == (300, 250, 150)
    assert (home.unbooked_hours, str(home.cash_sek)) == (300, "90150.00")
    assert sums_of([row, row]).cash_sek == 2 * home.cash_sek


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (replace(CASH, hours=Decimal("1000.01")), "hours_booked_twice"),
        (replace(CASH, hours=Decimal(0)), "bad_quantity"),
        (replace(CASH, hourly_sek=None), "cash_without_price"),
        (replace(CASH, to=" "), "to_what_missing"),
        (replace(CASH, destination="redistributed"), "kronor_of_no_cash"),
        (services.BookingWords("redistributed", Decimal(1)), "to_what_missing"),
        (replace(CASH, post_id=999_999), "post_not_ending"),
        (replace(CASH, to="19121212-1212"), "looks_like_identity"),
    ],
)
def test_what_is_no_booking_is_refused(stage: Stage, words: Any, code: str) -> None:
    broken(code, book, stage=stage, source=freed(stage), words=words)


def test_a_booking_is_taken_back_by_a_reversal(stage: Stage) -> None:
    """Both stand, its hours are free again, and nothing is taken back twice."""
    source, who = freed(stage), {"actor": stage.users["controller"], "at": AT}
    booking = book(stage, source, replace(CASH, hours=Decimal(1000)))
    broken("hours_are_booked", services.freed_hours_drop, source_id=source.pk, because="fel", **who)
    fields = {"source_id": source.pk, "booking_id": booking.pk, **who}
    broken("reason_missing", services.booking_reverse, because=" ", **fields)
    back = services.booking_reverse(because="fel", **fields)
    broken("booking_is_reversed", services.booking_reverse, because="fel", **fields)
    broken("booking_is_reversed", services.booking_reverse, because="x", **(fields | {"booking_id": back.pk}))
    page = source_one(actor=stage.users["auditor"], source_id=source.pk)
    assert [holds for _, holds in page.bookings] == [False, False]
    assert page.row.home.unbooked_hours == 1000
    services.freed_hours_drop(source_id=source.pk, because="fel", **who)
    assert ledger(actor=stage.users["auditor"]) == ()
    broken("hours_taken_out", book, stage=stage, source=source)


def test_a_post_that_went_is_counted_once_in_all_of_the_ledger(stage: Stage) -> None:
    """At the register's price, with at most its own hours."""
    first, second = freed(stage), freed(stage)
    post, staying = post_made(stage), post_made(stage, "VNS-2", to_on=None)
    words = services.BookingWords("cash_released", Decimal(900), post_id=post.pk)
    broken("post_not_ending", book, stage=stage, source=first, words=replace(words, post_id=staying.pk))
    big = freed(stage, replace(WORDS, hours=Decimal(5000)))
    broken("post_has_fewer_hours", book, stage=stage, source=big, words=replace(words, hours=Decimal(1646)))
    booking = book(stage, first, words)
    assert (booking.to, booking.hourly_sek is not None) == ("VNS-1 Servicemedarbetare", True)
    broken("post_counted_twice", book, stage=stage, source=second, words=words)
    same = {"destination": "cash_released", "hours": 1, "to": "x", "hourly_sek": 1, "post": post, "at": AT}
    refused(lambda: FreedBooking.objects.create(source=second, **same), "counted once")
    services.booking_reverse(
        source_id=first.pk, booking_id=booking.pk, because="fel", actor=stage.users["controller"], at=AT
    )
    book(stage, second, words)


def test_hours_of_a_case_are_its_own_and_entered_once(stage: Stage) -> None:
    """K-17: what the case's balance says, not what somebody types."""
    case = case_of(stage)
    words = services.FreedWords("Avveckling", AT.date(), Decimal(5), case_id=case.pk, part="leaving")
    source = freed(stage, words)
    assert (str(source.hours), source.basis[-9:]) == ("21385.00", "version 1")
    broken("hours_are_entered", freed, stage=stage, words=words)
    refused(lambda: FreedHours.objects.create(
        hospital=source.hospital, case=case, part="leaving", label="x", hours=1, from_on=AT.date(), basis="x",
        made_at=AT), "decisions_freed_part_once")  # fmt: skip


def test_the_database_counts_nothing_twice(stage: Stage) -> None:
    source = freed(stage)
    booking = book(stage, source)
    fields = {"source": source, "destination": "evaporated", "hours": 701, "at": AT}
    refused(lambda: FreedBooking.objects.create(**fields), "more hours")
    refused(lambda: FreedBooking.objects.create(**(fields | {"hours": 1, "hourly_sek": 5})), "kronor_only_of_cash")
    refused(lambda: FreedBooking.objects.create(**(fields | {"hours": 300, "reverses": booking})), "as it was")
    refused(lambda: FreedBooking.objects.update(hours=1), "Cannot update")
    refused(lambda: FreedHours.objects.update(hours=9999), "not changed")
    refused(lambda: FreedHours.objects.update(dropped_at=AT, dropped_because="x"), "not taken out")


def test_the_ledger_on_its_pages(stage: Stage) -> None:
    """Entered, booked, refused with words, taken back, taken along."""
    client = client_of(stage, "controller")
    assert "Inga frigjorda timmar är införda än" in text(client.get("/hemtagning/"))
    case = case_of(stage)
    assert "21 385 h" in text(client.get(f"/hemtagning/?arende={case.pk}"))
    sent = {"label": "Avveckling", "part": "leaving", "from_on": "2026-03-01"}
    where = client.post(f"/hemtagning/ny/?arende={case.pk}", sent)["Location"]
    booking = {"destination": "cash_released", "hours": "20000", "to": "Tolv tjänster", "hourly_sek": "300"}
    refused_page = client.post(f"{where}boka/", booking | {"hours": "30000"})
    assert refused_page.status_code == 422 and "fler timmar än vad som återstår" in text(refused_page)
    assert client.post(f"{where}boka/", booking).status_code == 302
    page = text(client.get(where))
    assert "1 385 h återstår" in page and "6 000 000 kr" in page
    number = FreedBooking.objects.get().pk
    assert client.post(f"{where}ater/", {"booking": number, "because": "fel"}).status_code == 302
    assert client.post(f"{where}bort/", {"because": "fel"}).status_code == 302
    freed(stage)
    reader = client_of(stage, "auditor")
    csv = reader.get("/hemtagning/lista.csv").content.decode("utf-8-sig").splitlines()
    assert csv[1].split(";")[4:] == ["1000,00", "0", "0", "0", "1000,00", "0,00"]
    book_file = openpyxl.load_workbook(BytesIO(reader.get("/hemtagning/lista.xlsx").content))
    assert book_file.active["I4"].value == "=E4-F4-G4-H4"
    assert reader.post(f"{where}boka/", booking).status_code == 403
    outsider = client_of(stage)
    outsider.force_login(stage.outsider)
    assert outsider.get(where).status_code == 404
