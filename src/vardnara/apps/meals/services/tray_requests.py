"""Trays out of the ordinary that another system asks for (ODT): the ward is told, and nothing is ordered by itself."""

from __future__ import annotations

from datetime import datetime

from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.models import MealNotice
from vardnara.apps.meals.services.notices import notice_raise
from vardnara.gateways.hl7.diet import Tray

CODE = "tray_asked"


def tray_ask(*, stay_id: int, tray: Tray, at: datetime) -> None:
    """Tell the ward of a tray that was asked for. What nobody has seen yet grows by it; the same is told once."""
    stay = stays_by_id([stay_id])[stay_id]
    if stay.ward_id is None:
        return
    place = f"{stay.room}-{stay.bed}" if stay.bed_id is not None else ""
    said = " ".join(part for part in (place, tray.kind, ", ".join(tray.periods), tray.text) if part)
    asked = said.replace(":", ".")[:200]  # a colon would be read as a code with its detail
    row = (
        MealNotice.objects.select_for_update()
        .filter(stay=stay_id, code=CODE, order__isnull=True, seen_at__isnull=True)
        .first()
    )
    if row is None:
        notice_raise(ward_id=stay.ward_id, stay_id=stay_id, code=CODE, at=at, detail={"causes": [asked]})
    elif asked not in row.detail["causes"]:
        row.detail = {"causes": [*row.detail["causes"], asked]}
        row.save(update_fields=["detail"])
        changes_notify(wards=[stay.ward_id])
