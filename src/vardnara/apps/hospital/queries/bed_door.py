"""The bed behind a QR code as anybody who holds the code may know it: that there is such a bed, and no more."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.apps.hospital.models import BedPlace


@dataclass(frozen=True, slots=True)
class BedDoor:
    """A bed and its ward, by ids."""

    bed_id: int
    ward_id: int


def bed_door(*, token: str) -> BedDoor | None:
    """The bed of a code; None where there is none. Nothing of who lies there."""
    row = BedPlace.objects.filter(token=token).values_list("pk", "room__ward").first()
    return BedDoor(*row) if row is not None else None
