"""The place goes out as it comes in; the record goes out without identity."""

from __future__ import annotations

import csv
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategies.messages import adt, apply
from strategies.place import CODES, NAMES, read_again, small_place, table
from strategies.stage import stage_set
from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.hospital.choices import RoomKind, WardKind
from vardnara.apps.hospital.models import (
    BedPlace,
    Hospital,
    InboxMessage,
    Occupancy,
    Patient,
    PatientIdentifier,
    PatientIdentity,
    Stay,
    Stream,
    Ward,
)
from vardnara.apps.hospital.queries.export import place_tables, record_tables
from vardnara.apps.hospital.services.place import place_import
from vardnara.apps.service.models import Task
from vardnara.apps.service.queries import export as service_export
from vardnara.gateways.tabular import Table, tables_write_csv, tables_write_parquet

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@st.composite
def places(draw: st.DrawFn) -> list[Table]:
    """Any hospital, with codes and names that a spreadsheet would rather run or mangle."""
    wards = draw(
        st.lists(st.tuples(CODES, NAMES, st.sampled_from(WardKind.values)), max_size=4, unique_by=lambda w: w[0])
    )
    rooms = [(ward[0], code) for ward in wards for code in draw(st.lists(CODES, max_size=3, unique=True))]
    beds = [(*room, code) for room in rooms for code in draw(st.lists(CODES, max_size=3, unique=True))]
    number = st.none() | st.integers(0, 99)
    return [
        table("regions", ["code", "name"], [draw(CODES), draw(NAMES)]),
        table("hospitals", ["code", "name", "invented"], ["H", draw(NAMES), draw(st.sampled_from(["yes", "no"]))]),
        table("divisions", ["code", "name"], ["D", draw(NAMES)]),
        table(
            "wards",
            ["division", "code", "name", "kind", "building", "floor", "budgeted_beds", "staffed_beds", "confirmed"],
            *(["D", *ward, draw(NAMES), draw(CODES), draw(number), draw(number), "no"] for ward in wards),
        ),
        table(
            "rooms",
            ["ward", "code", "name", "kind", "hygiene_class", "has_hygiene_room", "contagion_class"],
            *(
                [*room, draw(NAMES), draw(st.sampled_from(RoomKind.values)), draw(st.integers(0, 3)), "yes",
                 draw(st.sampled_from(["", "A", "U"]))]
                for room in rooms
            ),
        ),
        table("beds", ["ward", "room", "code", "capacity"], *([*bed, draw(st.integers(1, 9))] for bed in beds)),
    ]  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=places(), xlsx=st.booleans())
def test_what_is_exported_can_be_imported_and_changes_nothing(tables: list[Table], xlsx: bool) -> None:
    """An export is a file that somebody may change in one cell and bring back, in either format."""
    from django.db import transaction

    with transaction.atomic():
        made = place_import(tables=tables, actor=None, at=AT)
        with tempfile.TemporaryDirectory() as folder:
            again = read_again(Path(folder), place_tables(actor=None), xlsx=xlsx)
        result = place_import(tables=again, actor=None, at=AT)
        assert sum(result.created.values()) == sum(result.changed.values()) == 0
        assert result.unchanged == made.created
        assert not any(result.not_mentioned.values())
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_an_administrator_exports_the_hospitals_in_reach() -> None:
    """Another hospital's places are not in the file."""
    place_import(tables=small_place(), actor=None, at=AT)
    place_import(tables=[table("hospitals", ["code", "name"], ["H2", "Det andra"])], actor=None, at=AT)
    user = User.objects.create(username="adm", role=Role.ADMINISTRATOR)
    Scope.objects.create(user=user, hospital=Hospital.objects.get(code="H"))
    rows = {table.name: list(table.rows) for table in place_tables(actor=user)}
    assert [row[0] for row in rows["hospitals"]] == ["H"]
    assert len(rows["beds"]) == 3


@pytest.mark.django_db
def test_no_identity_is_in_the_record(tmp_path: Path) -> None:
    """Names, identifiers, visit numbers, message contents and free text stay inside."""
    place_import(tables=small_place(), actor=None, at=AT)
    patient = Patient.objects.create()
    PatientIdentity.objects.create(patient=patient, family_name="HEMLIG", born_on=date(1950, 1, 1), as_of=AT)
    PatientIdentifier.objects.create(patient=patient, issuer="X", value="HEMLIG-ID")
    stream = Stream.objects.create(key="visit|HEMLIG-BESÖK", patient=patient, by_visit=True)
    stay = Stay.objects.create(
        stream=stream, patient=patient, status="open", visit_number="HEMLIG-BESÖK", ward=Ward.objects.get(code="K31"),
        admitted_at=AT,
    )  # fmt: skip
    bed = BedPlace.objects.get(capacity=2)
    Occupancy.objects.create(stay=stay, bed=bed, slot=1, during=(AT, AT + timedelta(hours=1)))
    InboxMessage.objects.create(
        raw=b"PID|HEMLIG", digest=b"1", received_at=AT, status="parked", reason="HEMLIG", control_id="42"
    )
    Task.objects.create(kind="request", ward=stay.ward, note="HEMLIG", created_at=AT, changed_at=AT)
    paths = tables_write_csv(tmp_path, [*record_tables(), *service_export.record_tables()])
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    assert "HEMLIG" not in "".join(texts.values())
    assert str(patient.key) in texts["stays"]
    assert f"{stay.pk},H,K31,1,2,1,2026-03-02T12:00:00Z,2026-03-02T13:00:00Z" in texts["occupancies"]
    assert "42" in texts["inbox"]
    assert "request" in texts["tasks"]
    assert len(texts["bed_states"].splitlines()) == 4


@pytest.mark.django_db
def test_parquet_says_the_same_as_csv_with_types(tmp_path: Path) -> None:
    """Every table, row and value; times, numbers and answers as such and not as text."""
    stage_set()
    apply(
        adt("A01", 0, "2-1", ward="K1", precaution="MR"),
        adt("A03", 60, "2-1", ward="K1"),
        adt("A01", 70, "", ward="K1", visit="V2", patient="P2"),
    )
    sources = (record_tables, service_export.record_tables)
    texts = tables_write_csv(tmp_path, [table for source in sources for table in source()])
    typed = tables_write_parquet(tmp_path, [table for source in sources for table in source()])
    assert [path.stem for path in texts] == [path.stem for path in typed]
    shown = {pl.Boolean: {True: "yes", False: "no"}.__getitem__, pl.Int64: str, pl.String: str}
    types: dict[str, pl.DataType] = {}
    for text, path in zip(texts, typed, strict=True):
        frame = pl.read_parquet(path)
        with text.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        assert header == frame.columns and len(rows) == len(frame) > 0, path
        for name, kind in frame.schema.items():
            types[f"{path.stem}.{name}"] = kind
            say = shown.get(kind) or (lambda at: at.isoformat().replace("+00:00", "Z"))
            cells = ["" if cell is None else say(cell) for cell in frame[name]]
            assert cells == [row[header.index(name)] for row in rows], (path, name)
    instant = pl.Datetime("us", "UTC")
    wanted = {
        "stays.stay": pl.Int64, "stays.without_place": pl.Boolean, "stays.admitted_at": instant,
        "stays.discharged_at": instant, "stays.patient_key": pl.String, "occupancies.since_at": instant,
        "occupancies.slot": pl.Int64, "departures.stay": pl.Int64, "bed_states.ward": pl.String,
        "inbox.control_id_reused": pl.Boolean, "inbox.duplicates": pl.Int64, "tasks.norm_minutes": pl.Int64,
        "tasks.priority": pl.Int64, "tasks.due_at": instant, "task_events.task": pl.Int64, "task_events.at": instant,
    }  # fmt: skip
    assert {name: types[name] for name in wanted} == wanted
