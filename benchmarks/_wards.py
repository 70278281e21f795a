"""Wards of a bench's own beside the invented hospital's: beds with patients in them, served by its kitchen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def wards_stage(kitchen: Any, *, n_patients: int, beds: int, from_days: int, at: datetime) -> list[tuple[Any, Any]]:
    """Make wards of ``beds`` for so many patients, who came two days ago; return each one's stay and bed.

    The kitchen has served the wards for ``from_days`` days. Written straight into the tables: how patients come is not
    what is measured. Django is set up.
    """
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    from vardnara.apps.hospital import models as place
    from vardnara.apps.meals import models as meals
    from vardnara.kernel.local_time import local_date

    division = place.Division.objects.create(hospital=kitchen.hospital, code="BENCH", name="Bench")
    made: list[Any] = []
    for number in range(-(-n_patients // beds)):
        ward = place.Ward.objects.create(
            division=division, code=f"B{number}", name=f"Avdelning B{number}", staffed_beds=beds
        )
        meals.KitchenWard.objects.create(kitchen=kitchen, ward=ward, from_on=local_date(at) - timedelta(days=from_days))
        room = place.Room.objects.create(ward=ward, code="1")
        made += place.BedPlace.objects.bulk_create(
            place.BedPlace(room=room, code=str(bed + 1), token=f"bench{number}x{bed}") for bed in range(beds)
        )
    made = made[:n_patients]
    place.BedState.objects.bulk_create(place.BedState(bed=bed) for bed in made)
    patients = place.Patient.objects.bulk_create(place.Patient() for _ in made)
    streams = place.Stream.objects.bulk_create(
        place.Stream(key=f"visit:B:{bed.pk}", patient=patient, by_visit=True)
        for bed, patient in zip(made, patients, strict=True)
    )
    since = at - timedelta(days=2)
    stays = place.Stay.objects.bulk_create(
        place.Stay(
            stream=stream, serial=0, patient=stream.patient, visit_number=str(bed.pk), status="open",
            ward_id=bed.room.ward_id, changed_at=since,
        )
        for bed, stream in zip(made, streams, strict=True)
    )  # fmt: skip
    place.Occupancy.objects.bulk_create(
        place.Occupancy(stay=stay, bed=bed, slot=1, during=DateTimeTZRange(since, None))
        for stay, bed in zip(stays, made, strict=True)
    )
    return list(zip(stays, made, strict=True))
