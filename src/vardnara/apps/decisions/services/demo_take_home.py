"""Freed hours of the invented hospital: some booked, some not."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.decisions.choices import TakenTo
from vardnara.apps.decisions.models import FreedHours
from vardnara.apps.decisions.services.take_home import (
    BookingWords,
    FreedWords,
    booking_reverse,
    freed_hours_add,
    freed_hours_book,
)
from vardnara.kernel.local_time import local_date


@transaction.atomic
def demo_take_home_load(*, hospital_id: int, at: datetime) -> None:
    """Invented hours that a trial freed, where the hospital has none."""
    if FreedHours.objects.filter(hospital=hospital_id).exists():
        return
    actor = demo_user(role=Role.CONTROLLER, hospital_id=hospital_id)
    assert actor is not None
    words = FreedWords(
        label="Digital måltidsbeställning på tio avdelningar (påhittad)",
        hours=Decimal(1040),
        from_on=local_date(at) - timedelta(days=90),
        basis="Arbetsprov på surfplattan, 2 timmar per vecka och avdelning",
    )
    source = freed_hours_add(hospital_id=hospital_id, words=words, actor=actor, at=at - timedelta(days=30))
    bookings = (
        BookingWords(TakenTo.CASH_RELEASED, Decimal(300), "Extrapass på kvällen, M31 och M32", Decimal(312)),
        BookingWords(TakenTo.REDISTRIBUTED, Decimal(420), "Dagligt patientstäd på helgen"),
        BookingWords(TakenTo.EVAPORATED, Decimal(120), text="Fem minuter här och där; ingen kan säga vart."),
    )
    made = [
        freed_hours_book(source_id=source.pk, words=words, actor=actor, at=at - timedelta(days=20))
        for words in bookings
    ]
    booking_reverse(
        source_id=source.pk, booking_id=made[0].pk, because="Extrapassen var 260 timmar.", actor=actor,
        at=at - timedelta(days=5),
    )  # fmt: skip
    right = BookingWords(TakenTo.CASH_RELEASED, Decimal(260), "Extrapass på kvällen, M31 och M32", Decimal(312))
    freed_hours_book(source_id=source.pk, words=right, actor=actor, at=at - timedelta(days=5))
