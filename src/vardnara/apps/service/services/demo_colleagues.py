"""The invented hospital's colleagues: on shift with their wards, one of them absent, so that there is somebody to hand
work to. Nobody can sign in as one of them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_colleague_list, demo_user
from vardnara.apps.accounts.services import demo_colleagues_create
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.hospital.queries.wards_now import hospital_ids
from vardnara.apps.service.choices import Zones
from vardnara.apps.service.models import Absence, Shift
from vardnara.apps.service.services.absence import absence_mark
from vardnara.apps.service.services.notes import note_add
from vardnara.apps.service.services.shifts import LONGEST, shift_sign_on
from vardnara.kernel.local_time import local_date

ZONES = {
    "demo-omar": ("K31", "K32"),
    "demo-ewa": ("K41", "K42", "K51"),
    "demo-tomas": ("M61", "M62"),
    "demo-fatima": ("M63", "M64", "M71"),
    "demo-olena": ("B11", "B12", "R21", "P81"),
    "demo-mattias": (),  # everywhere
}
NOTE_WARD, NOTE = "K31", "Förrådet på plan 3 är låst för inventering. Hämta textilier på K32."


@transaction.atomic
def demo_colleagues_load(*, hospital_id: int, at: datetime) -> None:
    """Give the invented hospital colleagues on shift, one absent, and a note; once, else nothing."""
    if demo_colleague_list(hospital_id=hospital_id):
        return
    demo_colleagues_create(hospital_id=hospital_id, at=at)
    coordinator = demo_user(hospital_id=hospital_id, role=Role.COORDINATOR)
    away = [who for who in demo_colleague_list(hospital_id=hospital_id) if who.username not in ZONES]
    for who in away:
        absence_mark(user_id=who.pk, actor=coordinator, at=at)
    ward = wards_in_reach(coordinator).filter(code=NOTE_WARD).first()
    if ward is not None:
        note_add(text=NOTE, actor=coordinator, at=at, ward_id=ward.pk, until=local_date(at))
    _on_shift(hospital_id, at)


def demo_colleagues_keep(*, at: datetime) -> int:
    """Begin the next shift of invented colleagues whose last one is over; nothing where there is no demo."""
    return sum(_on_shift(hospital_id, at) for hospital_id in hospital_ids()) if settings.DEMO else 0


def _on_shift(hospital_id: int, at: datetime) -> int:
    people = demo_colleague_list(hospital_id=hospital_id)
    there = Shift.objects.filter(user__in=people, signed_off_at__isnull=True, signed_on_at__gt=at - LONGEST)
    absent = Absence.objects.filter(user__in=people, on=local_date(at), undone_at__isnull=True)
    busy = {*there.values_list("user_id", flat=True), *absent.values_list("user_id", flat=True)}
    begun = [who for who in people if who.pk not in busy]
    for who in begun:
        codes = ZONES.get(who.username, ())
        wards = wards_in_reach(who).filter(code__in=codes).values_list("pk", flat=True) if codes else ()
        shift_sign_on(actor=who, at=at, zones=Zones.SOME if wards else Zones.ALL, ward_ids=wards)
    return len(begun)
