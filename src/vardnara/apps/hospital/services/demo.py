"""The invented hospital, loaded like any other."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from vardnara.apps.hospital.models import Hospital
from vardnara.apps.hospital.services.place import PlaceImportResult, place_import
from vardnara.gateways.tabular import tables_read

DEMO_FOLDER = Path(__file__).resolve().parent.parent / "demo"


@transaction.atomic
def demo_load(*, at: datetime) -> PlaceImportResult | None:
    """Load the invented hospital into a database that has none; does nothing (None) where a hospital exists."""
    if Hospital.objects.exists():
        return None
    reading = tables_read(DEMO_FOLDER)
    return place_import(tables=reading.tables, faults=reading.faults, actor=None, at=at)
