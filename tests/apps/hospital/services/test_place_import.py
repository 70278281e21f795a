"""The place comes in: all of it or nothing, by codes, never deleting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strategies.place import small_place, table
from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.hospital.models import (
    BedPlace,
    BedState,
    Hospital,
    Occupancy,
    Patient,
    Room,
    Stay,
    Stream,
    Ward,
)
from vardnara.apps.hospital.services.demo import demo_load
from vardnara.apps.hospital.services.place import PlaceImportResult, place_import
from vardnara.gateways.tabular import Table
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def bring(*tables: Table, actor: Any = None) -> PlaceImportResult:
    return place_import(tables=tables, actor=actor, at=AT)


def faults_of(*tables: Table) -> list[str]:
    with pytest.raises(InputError) as caught:
        bring(*tables)
    return [str(fault) for fault in caught.value.faults]


def test_a_hospital_comes_in_with_all_that_was_said_of_it() -> None:
    """Every column reaches its field, and every place has a state."""
    result = bring(*small_place())
    assert result.created == {"regions": 1, "hospitals": 1, "divisions": 2, "wards": 2, "rooms": 2, "beds": 3}
    ward = Ward.objects.get(code="K31")
    assert (ward.floor, ward.budgeted_beds, ward.staffed_beds, ward.kind) == ("3", 2, 1, "inpatient")
    dialysis = Ward.objects.get(code="DIA")
    assert (dialysis.budgeted_beds, dialysis.staffed_beds) == (None, None)
    assert sorted(BedPlace.objects.values_list("capacity", flat=True)) == [1, 1, 2]
    assert BedState.objects.filter(cleanliness="clean", cleanliness_at=AT).count() == BedPlace.objects.count() == 3
    assert Hospital.objects.get().invented is False


def test_the_same_again_changes_nothing() -> None:
    """An import may be repeated."""
    bring(*small_place())
    result = bring(*small_place())
    assert sum(result.created.values()) == sum(result.changed.values()) == 0
    assert result.unchanged == {"regions": 1, "hospitals": 1, "divisions": 2, "wards": 2, "rooms": 2, "beds": 3}


def test_one_table_alone_changes_what_it_names_and_keeps_the_columns_it_lacks() -> None:
    """A ward's beds can be corrected without touching anything else."""
    bring(*small_place())
    result = bring(table("wards", ["division", "code", "name", "staffed_beds"], ["KIR", "K31", "Kirurgen", 2]))
    assert (result.created, result.changed, result.unchanged) == ({"wards": 0}, {"wards": 1}, {"wards": 0})
    ward = Ward.objects.get(code="K31")
    assert (ward.name, ward.staffed_beds, ward.budgeted_beds, ward.floor) == ("Kirurgen", 2, 2, "3")


def test_an_empty_cell_empties_what_may_be_empty() -> None:
    """Empty means empty, a missing column means leave it."""
    bring(*small_place())
    bring(table("wards", ["division", "code", "name", "staffed_beds", "floor"], ["KIR", "K31", "Kirurgi", "", ""]))
    ward = Ward.objects.get(code="K31")
    assert (ward.staffed_beds, ward.floor, ward.budgeted_beds) == (None, "", 2)


def test_what_is_not_mentioned_stays_and_is_told() -> None:
    """A place is never deleted because a file leaves it out: somebody may lie in it."""
    bring(*small_place())
    result = bring(table("beds", ["ward", "room", "code"], ["K31", "1", "1"]))
    assert result.not_mentioned == {"beds": ("H / KIR / K31 / 1 / 2", "H / MED / DIA / 1 / 1")}
    assert BedPlace.objects.count() == 3


def test_a_ward_that_moves_to_another_division_keeps_its_beds() -> None:
    """A reorganisation is not a new ward."""
    bring(*small_place())
    before = Ward.objects.get(code="DIA").pk
    result = bring(table("wards", ["hospital", "division", "code", "name"], ["H", "KIR", "DIA", "Dialys"]))
    assert result.changed == {"wards": 1}
    ward = Ward.objects.get(pk=before)
    assert (ward.division.code, ward.rooms.count()) == ("KIR", 1)


def test_every_fault_is_told_with_its_place_and_nothing_is_changed() -> None:
    """A file is mended once."""
    bring(*small_place())
    wards = table(
        "wards",
        ["division", "code", "name", "kind", "budgeted_beds"],
        ["KIR", "K31", "", "hospice", -1],
        ["ORT", "K41", "Ortopedi", "inpatient", "många"],
        ["KIR", "", "Namnlös", "inpatient", 40_000],
        ["KIR", "K99", "x" * 121, "inpatient", 1],
        ["KIR", "K99", "igen", "inpatient", 1],
        ["KIR", "K\x07", "pip", "inpatient", 1],
    )
    rooms = table("rooms", ["ward", "code", "hygiene_class", "has_hygiene_room"], ["K31", "9", 4, "kanske"])
    beds = table("beds", ["ward", "room", "code", "capacity"], ["K31", "77", "1", 1], ["K31", "1", "3", 10])
    told = faults_of(wards, rooms, beds, table("personnel", ["code"]))
    assert told == [
        "personnel.csv:1: a table named personnel, expected one of regions, hospitals, divisions, wards, rooms, beds",
        "wards.csv:2: name: empty, expected a text",
        "wards.csv:2: kind: hospice, expected one of inpatient, emergency, intensive, operating, dialysis, other",
        "wards.csv:2: budgeted_beds: -1, expected a whole number from 0 to 32767",
        "wards.csv:3: division: ORT is not known, expected a code of divisions in the file or the database",
        "wards.csv:3: budgeted_beds: många, expected a whole number from 0 to 32767",
        "wards.csv:4: code: empty, expected a code",
        "wards.csv:4: budgeted_beds: 40000, expected a whole number from 0 to 32767",
        "wards.csv:5: name: 121 characters, expected at most 120",
        "wards.csv:6: code: H / KIR / K99 is already at 5, expected once",
        "wards.csv:7: code: a control character, expected letters, digits and punctuation",
        "rooms.csv:2: hygiene_class: 4, expected a whole number from 0 to 3",
        "rooms.csv:2: has_hygiene_room: kanske, expected yes or no",
        "beds.csv:2: room: K31 / 77 is not known, expected a code of rooms in the file or the database",
        "beds.csv:3: capacity: 10, expected a whole number from 1 to 9",
    ]
    assert (Ward.objects.count(), Room.objects.count(), BedPlace.objects.count()) == (2, 2, 3)
    assert Ward.objects.get(code="K31").name == "Kirurgavdelning"


def test_faults_met_while_reading_are_told_with_the_others() -> None:
    """The reader's faults and the import's come in one list."""
    with pytest.raises(InputError) as caught:
        place_import(tables=[], actor=None, at=AT, faults=[Fault("a.csv", "3", "byte 0xf6 is not utf-8", "UTF-8")])
    assert len(caught.value.faults) == 1


def test_unknown_and_missing_columns_are_faults_and_not_repeated_below() -> None:
    """A misspelt column is not ignored; its rows' children are not blamed."""
    bring(*small_place())
    wards = table("wards", ["division", "kod", "name"], ["KIR", "K88", "Ny"])
    told = faults_of(wards, table("rooms", ["ward", "code"], ["K88", "1"]))
    assert [text.partition(",")[0] for text in told] == [
        "wards.csv:1: unknown column kod",
        "wards.csv:1: column code is missing",
    ]


def test_a_hospital_or_division_may_be_left_out_only_where_one_fits() -> None:
    """Short files are allowed, guessing is not."""
    bring(*small_place())
    bring(table("wards", ["division", "code", "name"], ["MED", "K31", "Samma kod"], ["KIR", "K31", "Kirurgi"]))
    told = faults_of(table("rooms", ["ward", "code"], ["K31", "2"]))
    assert told == ["rooms.csv:2: division: empty, and 2 wards fit, expected one ward"]
    bring(table("rooms", ["division", "ward", "code"], ["MED", "K31", "2"]))
    assert Room.objects.filter(ward__division__code="MED", code="2").exists()


def test_letters_composed_in_two_ways_are_one_code() -> None:
    """A file from another operating system does not double the wards."""
    bring(*small_place())
    bring(table("wards", ["division", "code", "name"], ["KIR", "\u00c5KM", "Akut"]))
    result = bring(table("wards", ["division", "code", "name"], ["KIR", "A\u030aKM", "Akut"]))
    assert result.unchanged == {"wards": 1}
    Ward.objects.filter(code="\u00c5KM").update(code="A\u030aKM")
    result = bring(table("wards", ["division", "code", "name"], ["KIR", "\u00c5KM", "Akut"]))
    assert result.unchanged == {"wards": 1}


def test_a_place_that_a_message_made_is_confirmed_by_being_named() -> None:
    """Whoever writes a place into the master data has looked at it."""
    bring(*small_place())
    Ward.objects.filter(code="K31").update(confirmed=False)
    result = bring(table("wards", ["division", "code", "name"], ["KIR", "K31", "Kirurgavdelning"]))
    assert result.changed == {"wards": 1}
    assert Ward.objects.get(code="K31").confirmed


def test_a_place_does_not_shrink_below_those_who_lie_in_it() -> None:
    """Mother and child are not left with one place."""
    bring(*small_place())
    patient = Patient.objects.create()
    stream = Stream.objects.create(key="v", patient=patient, by_visit=True)
    stay = Stay.objects.create(stream=stream, patient=patient, status="open")
    bed = BedPlace.objects.get(capacity=2)
    Occupancy.objects.create(stay=stay, bed=bed, slot=2, during=(AT - timedelta(hours=1), None))
    told = faults_of(table("beds", ["ward", "room", "code", "capacity"], ["K31", "1", "2", 1]))
    assert told == ["beds.csv:2: capacity: 1, expected at least 2: somebody lies there"]


@pytest.fixture
def administrator() -> User:
    bring(*small_place())
    user = User.objects.create(username="adm", role=Role.ADMINISTRATOR)
    Scope.objects.create(user=user, hospital=Hospital.objects.get())
    return user


def test_an_administrator_imports_within_reach_and_nobody_else_does(administrator: User) -> None:
    """Roles and reach hold for files too."""
    wards = table("wards", ["hospital", "division", "code", "name"], ["H", "KIR", "K31", "Nytt namn"])
    bring(wards, actor=administrator)
    assert Ward.objects.get(code="K31").name == "Nytt namn"
    other = [
        table("hospitals", ["code", "region", "name"], ["H2", "R", "Det andra"]),
        table("regions", ["code", "name"], ["R", "Ny region"]),
    ]
    for one in other:
        with pytest.raises(RuleBroken, match="may not import"):
            bring(one, actor=administrator)
    administrator.role = Role.COORDINATOR
    with pytest.raises(RuleBroken, match="coordinator"):
        bring(wards, actor=administrator)
    assert Hospital.objects.count() == 1


def test_the_demo_hospital_is_whole_invented_and_loaded_once() -> None:
    """The demo has the size of a county hospital and can be taken for nothing real."""
    result = demo_load(at=AT)
    assert result is not None
    hospital = Hospital.objects.get()
    assert hospital.invented
    assert "påhittat" in hospital.name
    inpatient = Ward.objects.filter(kind="inpatient")
    assert inpatient.count() == 14
    care_places = BedPlace.objects.filter(room__ward__kind__in=["inpatient", "intensive"])
    assert care_places.count() == 220
    assert set(Ward.objects.exclude(kind="inpatient").values_list("code", flat=True)) == {"AKM", "IVA", "COP", "DIA"}
    assert care_places.filter(capacity=2, room__ward__code="B12").count() == 6
    assert any(ward.staffed_beds < ward.budgeted_beds for ward in inpatient)
    for ward in Ward.objects.exclude(budgeted_beds=None):
        assert ward.budgeted_beds == BedPlace.objects.filter(room__ward=ward).count(), ward.code
    assert demo_load(at=AT) is None
