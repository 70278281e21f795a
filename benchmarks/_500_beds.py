"""An invented hospital of 25 wards with 20 beds each, and a signed agreement: what big benchmarks share."""

from __future__ import annotations

from datetime import UTC, date, datetime

WARDS, BEDS = 25, 20


def hospital_make(
    on: date, *, occupied: int, bed_types: int, ward_types: int, window: tuple[int, int] = (7 * 60, 23 * 60)
) -> int:
    """The hospital with its patients and its agreement, straight in the tables; returns its id.

    ``occupied`` beds of each ward have a patient. Each of the kinds of task is agreed once a day on every ward, in one
    ``window`` of minutes after midnight: ``bed_types`` for each patient's bed, ``ward_types`` for the ward.
    """
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    from vardnara.apps.accounts.models import User
    from vardnara.apps.hospital import models as place
    from vardnara.apps.service import models as service

    at = datetime(on.year, 1, 1, tzinfo=UTC)
    region = place.Region.objects.create(code="B", name="Bench")
    hospital = place.Hospital.objects.create(region=region, code="B", name="Bench")
    division = place.Division.objects.create(hospital=hospital, code="B", name="Bench")
    kinds = [
        service.TaskType.objects.create(
            code=f"bench-{n}",
            name=f"Bench {n}",
            area="cleaning",
            driver="patient",
            each="bed" if n < bed_types else "ward",
        )
        for n in range(bed_types + ward_types)
    ]
    for kind in kinds:
        service.Norm.objects.create(
            task_type=kind, unit_typical=4, unit_high=6, source="bench", source_on=on, valid_from=at.date(), made_at=at
        )
    one, other = (User.objects.create(username=name, role="service_head") for name in ("bench-1", "bench-2"))
    agreement = service.Agreement.objects.create(
        hospital=hospital, number="1", title="Bench", provider="B", care_unit="B", made_at=at
    )
    version = service.AgreementVersion.objects.create(agreement=agreement, number=1, valid_from=at.date(), made_at=at)
    for number in range(WARDS):
        ward = place.Ward.objects.create(division=division, code=f"W{number}", name=f"W{number}", staffed_beds=BEDS)
        room = place.Room.objects.create(ward=ward, code="1")
        beds = place.BedPlace.objects.bulk_create(
            [place.BedPlace(room=room, code=str(bed), token=f"b{number}-{bed}") for bed in range(BEDS)]
        )
        place.BedState.objects.bulk_create([place.BedState(bed=bed) for bed in beds])
        for bed in beds[:occupied]:
            patient = place.Patient.objects.create()
            stream = place.Stream.objects.create(key=f"visit:B:{bed.pk}", patient=patient, by_visit=True)
            stay = place.Stay.objects.create(
                stream=stream,
                serial=0,
                patient=patient,
                visit_number=str(bed.pk),
                status="open",
                ward=ward,
                changed_at=at,
            )
            place.Occupancy.objects.create(stay=stay, bed=bed, slot=1, during=DateTimeTZRange(at, None))
        service.AgreementLine.objects.bulk_create(
            [
                service.AgreementLine(
                    version=version,
                    task_type=kind,
                    ward=ward,
                    party="service",
                    days=list(range(1, 10)),
                    start_minutes=window[0],
                    end_minutes=window[1],
                    times=1,
                )
                for kind in kinds
            ]
        )
    version.state = "signed"
    version.provider_signer, version.provider_signed_at = one, at
    version.care_signer, version.care_signed_at = other, at
    version.save()
    return hospital.pk
