"""Frames and indices by table, amounts moved between years, and what the system counts itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions.queries.registers import register_read
from vardnara.apps.economy import services
from vardnara.apps.economy.models import Frame, PriceIndex, PriceIndexNumber, Unit
from vardnara.apps.economy.queries.indices import amount_moved, index_list
from vardnara.apps.economy.queries.reference import counted
from vardnara.apps.hospital.models import AdtRecord, Departure
from vardnara.kernel.errors import InputError, RuleBroken

INDICES = """index;published_on;year;number;source
Lön;2026-02-15;2024;100;påhittat
Lön;2026-02-15;2026;106;påhittat
Priser;2026-02-15;2024;200;påhittat
Priser;2026-02-15;2026;204;påhittat
"""
FRAMES = "unit;year;amount;decided_on;source\n310;2026;1 250 000,50;2025-11-25;§ 156\n310;2026;-50000;2026-03-01;§ 12\n"


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    stage = stage_set()
    Unit.objects.create(hospital_id=stage.ward.division.hospital_id, code="310", name="Vårdnära service")
    return stage


def read(stage: Stage, folder: Path, kind: str, text: str) -> int:
    path = folder / f"{kind}.csv"
    path.write_text(text)
    return services.tables_import(
        hospital_id=stage.ward.division.hospital_id,
        path=path,
        file_name=path.name,
        kind=kind,
        actor=stage.users["controller"],
        at=AT,
    )


def faults(stage: Stage, folder: Path, kind: str, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(stage, folder, kind, text)
    return [str(fault) for fault in caught.value.faults]


def test_frames_come_whole_or_not_at_all_and_never_twice(stage: Stage, tmp_path: Path) -> None:
    """Every fault by its line; the same step again would count twice."""
    bad = FRAMES + "999;26;0;igår;\n"
    assert [one.split(":")[1] for one in faults(stage, tmp_path, "frames", bad)] == ["4"] * 5
    assert not Frame.objects.exists()
    assert read(stage, tmp_path, "frames", FRAMES) == 2
    assert sum(Frame.objects.values_list("amount_sek", flat=True)) == Decimal("1200000.50")
    assert "2: the step is there already" in faults(stage, tmp_path, "frames", FRAMES)[0]


def test_an_amount_moves_by_the_newest_publication(stage: Stage, tmp_path: Path) -> None:
    """By hand: 106/100, then 108/100 as published again; mixed half and half with prices of 2 per cent."""
    hospital_id = stage.ward.division.hospital_id
    asked = {"hospital_id": hospital_id, "amount_sek": Decimal(1000), "from_year": 2024, "to_year": 2026, "name": "Lön"}
    read(stage, tmp_path, "indices", INDICES)
    assert amount_moved(**asked)[0] == 1060
    assert amount_moved(**asked, prices_name="Priser", wage_share=Decimal("0.5"))[0] == 1040
    later = "index;published_on;year;number;source\nLön;2026-05-01;2024;100;p\nLön;2026-05-01;2026;108;p\n"
    read(stage, tmp_path, "indices", later)
    assert amount_moved(**asked)[0] == 1080
    query = "economy.index?index=Lön&from_year=2024&to_year=2026"
    assert register_read(hospital_id=hospital_id, query=query, at=AT).value == Decimal("1.08")
    newest = next(row for row in index_list(hospital_id=hospital_id) if row.in_use and row.name == "Lön")
    services.index_withdraw(index_id=newest.id, actor=stage.users["controller"], at=AT)
    assert amount_moved(**asked)[0] == 1060
    with pytest.raises(InputError):
        amount_moved(**(asked | {"to_year": 2025}))


def test_an_index_is_published_once_and_never_changed(stage: Stage, tmp_path: Path) -> None:
    """Faults by line, and the database keeps what was published."""
    read(stage, tmp_path, "indices", INDICES)
    assert "Lön of 2026-02-15 is there already" in faults(stage, tmp_path, "indices", INDICES)[0]
    twice = INDICES.replace("2026-02-15", "2026-05-01") + "Lön;2026-05-01;2024;0;p\n"
    assert faults(stage, tmp_path, "indices", twice) == ["indices.csv:6: number: 0, expected a number above 0"]
    for change in (
        lambda: PriceIndexNumber.objects.update(number=1),
        lambda: PriceIndex.objects.update(name="B"),
        lambda: PriceIndex.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(RuleBroken):
        services.index_withdraw(index_id=PriceIndex.objects.earliest("pk").pk, actor=stage.users["auditor"], at=AT)


def test_a_controller_enters_an_index_and_asks_it_by_the_pages(stage: Stage) -> None:
    """Read in, asked, and a year that is missing is said."""
    client = Client()
    client.force_login(stage.users["controller"])
    assert "Inget index" in client.get("/ekonomi/index/").content.decode()
    file = SimpleUploadedFile("tal.csv", INDICES.encode())
    sent = {"file": file, "kind": "indices", "encoding": "utf-8"}
    assert client.post("/ekonomi/inlasning/", sent).url == "/ekonomi/index/"
    asked = {"amount_sek": "1000", "from_year": 2024, "to_year": 2026, "name": "Lön"}
    assert "1 060,00" in client.get("/ekonomi/index/", asked).content.decode().replace("\xa0", " ")
    missing = client.get("/ekonomi/index/", asked | {"to_year": 2025})
    assert missing.status_code == 422 and "inget tal för 2025" in missing.content.decode()
    half = client.get("/ekonomi/index/", asked | {"prices_name": "Priser"})
    assert half.status_code == 422


def test_bed_days_are_counted_from_stays(stage: Stage) -> None:
    """One patient came two days ago and is still there; a year without anything has nothing."""
    hospital_id = stage.ward.division.hospital_id
    record = AdtRecord.objects.order_by("pk").first()
    left = AT - timedelta(days=3)
    Departure.objects.create(stay=stage.stay, bed=stage.free, left_at=left, record=record)
    found = counted(hospital_id=hospital_id, year=AT.year, on=AT.date() + timedelta(days=3))
    assert [(one.measure, 4 <= one.quantity <= 6) for one in found] == [("bed_day", True)]
    assert counted(hospital_id=hospital_id, year=2001, on=AT.date()) == []
    assert counted(hospital_id=hospital_id, year=AT.year + 1, on=date(AT.year, 12, 31)) == []
