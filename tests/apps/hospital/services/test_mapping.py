"""One sender's names for places: confirmed, mapped for it or for all, and taken back."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from tests.strategies.messages import adt, apply, at, bed, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import BedPlace, BedState, HeardName, LocationAlias, Occupancy, Sender, Stay, Ward
from vardnara.apps.hospital.queries.place_page import alias_list, place_list, ward_list
from vardnara.apps.hospital.services.mapping import alias_remove, place_confirm, place_map, ward_confirm, ward_map
from vardnara.apps.hospital.services.verify import broken_invariants
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> object:
    """A small hospital; whatever a test does, the data prove the invariants at its end."""
    yield small_hospital()
    assert [str(row) for row in broken_invariants()] == []


@pytest.fixture
def boss(hospital: object) -> object:
    return person(Role.INTEGRATOR, "i", hospital)  # type: ignore[arg-type]


def of(system: str, message: bytes) -> bytes:
    """The same message from another system."""
    return message.replace(b"|EHR|", f"|{system}|".encode())


def sender(application: str) -> Sender:
    return Sender.objects.get(application=application)


def lies() -> dict[str, str]:
    """Where everybody lies now, by visit."""
    rows = Occupancy.objects.filter(during__upper_inf=True).select_related("bed__room__ward", "stay")
    return {
        row.stay.visit_number: f"{row.bed.room.ward.code} {row.bed.room.code}-{row.bed.code}"
        for row in rows.order_by("stay__visit_number")
    }


def test_two_senders_may_mean_different_places_by_one_name(boss: object) -> None:
    """CONTRACT 1.7: what one system calls a place says nothing about another's words."""
    apply(adt("A01", 0, "9-7", ward="X99"), of("LAB", adt("A01", 1, "9-7", ward="X99", visit="V2", patient="P2")))
    strange = BedPlace.objects.get(confirmed=False)
    (row,) = place_list(actor=boss, confirmed=False)
    assert [(by.name, by.words) for by in row.heard] == [("EHR / FJ", ("X99^9^7",)), ("LAB / FJ", ("X99^9^7",))]
    place_map(bed_id=strange.pk, to_bed_id=bed("1-2").pk, sender_id=sender("EHR").pk, actor=boss, at=at(5))
    assert lies() == {"V1": "K31 1-2", "V2": "X99 9-7"}
    assert BedState.objects.get(bed=strange).closed_at is None
    (row,) = place_list(actor=boss, confirmed=False)
    assert [by.name for by in row.heard] == ["LAB / FJ"]
    place_map(bed_id=strange.pk, to_bed_id=bed("1-1", "M52").pk, sender_id=sender("LAB").pk, actor=boss, at=at(6))
    assert lies() == {"V1": "K31 1-2", "V2": "M52 1-1"}
    assert BedState.objects.get(bed=strange).closed_reason == "mapped"
    assert place_list(actor=boss, confirmed=False) == []


def test_messages_of_two_senders_about_one_visit_are_each_read_by_their_own_names(boss: object) -> None:
    """The visit began with one system; what another says of it later is that system's name."""
    apply(adt("A01", 0, "1-1"), of("BED", adt("A02", 10, "9-7", ward="X99")))
    strange = BedPlace.objects.get(confirmed=False)
    place_map(bed_id=strange.pk, to_bed_id=bed("1-2").pk, sender_id=sender("BED").pk, actor=boss, at=at(15))
    assert lies() == {"V1": "K31 1-2"}


def test_a_name_can_be_mapped_for_all_later_systems_too(boss: object) -> None:
    """The choice of the person; a sender's own alias still wins."""
    apply(adt("A01", 0, "9-7", ward="X99"))
    strange = BedPlace.objects.get(confirmed=False)
    place_map(bed_id=strange.pk, to_bed_id=bed("1-2").pk, for_all=True, actor=boss, at=at(5))
    assert LocationAlias.objects.get().sender is None
    apply(adt("A03", 8, "9-7", ward="X99"), of("LAB", adt("A01", 9, "9-7", ward="X99", visit="V2", patient="P2")))
    assert lies() == {"V2": "K31 1-2"}
    LocationAlias.objects.create(
        sender=sender("LAB"), point_of_care="X99", room="9", bed="7", ward=bed("2-1").room.ward, bed_place=bed("2-1")
    )
    apply(of("LAB", adt("A01", 20, "9-7", ward="X99", visit="V3", patient="P3")))
    assert lies()["V3"] == "K31 2-1"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("X99^^7", ("X99", "", "7")),
        ("^9^7", ("", "9", "7")),
        (f"{'L' * 70}^9^7", ("L" * 70, "9", "7")),
        (f"X99^9^{'b' * 150}", ("X99", "9", "b" * 150)),
        ("X99^9^7^ANNAT", ("X99", "9", "7")),
        ("K31^1^77", ("K31", "1", "77")),
    ],
    ids=["no room", "no ward", "long ward", "long bed", "facility", "bed of a known ward"],
)
def test_the_alias_is_what_the_sender_wrote(written: str, words: tuple[str, str, str], boss: object) -> None:
    """Not our sign for unknown, not a text cut to fit, not the facility: later messages must find it."""
    admit = adt("A01", 0, "1-1").replace(b"K31^1^1", written.encode())
    apply(admit)
    strange = BedPlace.objects.get(confirmed=False)
    place_map(bed_id=strange.pk, to_bed_id=bed("1-2").pk, actor=boss, at=at(5))
    alias = LocationAlias.objects.get()
    assert (alias.sender, alias.point_of_care, alias.room, alias.bed) == (sender("EHR"), *words)
    assert lies() == {"V1": "K31 1-2"}
    apply(
        adt("A03", 8, "1-1").replace(b"K31^1^1", written.encode()),
        adt("A01", 9, "1-1", visit="V2", patient="P2").replace(b"K31^1^1", written.encode()),
    )
    assert lies() == {"V2": "K31 1-2"}


def test_two_long_names_that_begin_alike_are_two_places(boss: object) -> None:
    """A code that was cut to its column would put two patients into one bed."""
    one, two = ("b" * 70 + "1").encode(), ("b" * 70 + "2").encode()
    apply(
        adt("A01", 0, "1-1").replace(b"K31^1^1", b"K31^1^" + one),
        adt("A01", 1, "1-1", visit="V2", patient="P2").replace(b"K31^1^1", b"K31^1^" + two),
    )
    assert BedPlace.objects.filter(confirmed=False).count() == 2
    assert Stay.objects.filter(without_place=True).count() == 0


def test_an_alias_is_listed_and_taken_back(boss: object) -> None:
    """Undo: the name leads where it led before, and the place is there to be mapped again."""
    apply(adt("A01", 0, "9-7", ward="X99"))
    strange = BedPlace.objects.get(confirmed=False)
    place_map(bed_id=strange.pk, to_bed_id=bed("1-2").pk, actor=boss, at=at(5))
    (alias,) = alias_list(actor=boss)
    assert (alias.sender, alias.words, alias.ward_name, alias.room_code, alias.code, alias.actor) == (
        "EHR / FJ", "X99^9^7", "K31", "1", "2", "i",
    )  # fmt: skip
    alias_remove(alias_id=alias.id, actor=boss, at=at(6))
    assert alias_list(actor=boss) == []
    assert lies() == {"V1": "X99 9-7"}
    assert BedState.objects.get(bed=strange).closed_at is None
    assert [row.id for row in place_list(actor=boss, confirmed=False)] == [strange.pk]
    place_map(bed_id=strange.pk, to_bed_id=bed("2-1").pk, actor=boss, at=at(7))
    assert lies() == {"V1": "K31 2-1"}


def test_taking_back_leaves_those_alone_who_were_never_named_so(boss: object) -> None:
    """Somebody who came to the bed by its own code stays in it."""
    apply(adt("A01", 0, "9-7", ward="X99"))
    place_map(
        bed_id=BedPlace.objects.get(confirmed=False).pk, to_bed_id=bed("1-2").pk, actor=boss, at=at(5)
    )  # fmt: skip
    apply(adt("A03", 10, "9-7", ward="X99"), adt("A01", 20, "1-2", visit="V2", patient="P2"))
    alias_remove(alias_id=LocationAlias.objects.get().pk, actor=boss, at=at(30))
    assert lies() == {"V2": "K31 1-2"}
    assert {(row.code, row.state.cleanliness) for row in BedPlace.objects.filter(code="7")} == {("7", "dirty")}


def test_a_ward_that_a_message_named_is_listed_and_confirmed(boss: object) -> None:
    """A stay on a ward without a bed: the ward is somebody's to look at, too."""
    apply(adt("A01", 0, "", ward="X99"))
    (row,) = ward_list(actor=boss)
    assert (row.code, [(by.name, by.words) for by in row.heard], row.n_stays) == (
        "X99", [("EHR / FJ", ("X99",))], 1,
    )  # fmt: skip
    ward_confirm(ward_id=row.id, actor=boss, at=at(5))
    assert ward_list(actor=boss) == []
    assert Ward.objects.get(code="X99").confirmed


def test_a_ward_is_mapped_for_its_sender_with_the_beds_it_names_there(boss: object) -> None:
    """X99 is what this system calls K31: its bed 1-2 there is ours, and one that we lack is made there and listed."""
    apply(
        adt("A01", 0, "", ward="X99"),
        adt("A01", 1, "1-2", ward="X99", visit="V2", patient="P2"),
        adt("A01", 2, "8-8", ward="X99", visit="V3", patient="P3"),
        of("LAB", adt("A01", 3, "", ward="X99", visit="V4", patient="P4")),
    )
    strange, k31 = Ward.objects.get(code="X99"), Ward.objects.get(code="K31")
    ward_map(ward_id=strange.pk, to_ward_id=k31.pk, sender_id=sender("EHR").pk, actor=boss, at=at(5))
    alias = LocationAlias.objects.get()
    assert (alias.sender, alias.point_of_care, alias.room, alias.bed, alias.ward, alias.bed_place) == (
        sender("EHR"), "X99", "", "", k31, None,
    )  # fmt: skip
    assert {stay.visit_number: stay.ward.code for stay in Stay.objects.select_related("ward")} == {
        "V1": "K31", "V2": "K31", "V3": "K31", "V4": "X99",
    }  # fmt: skip
    assert lies() == {"V2": "K31 1-2", "V3": "K31 8-8"}
    assert [(row.ward_code, row.code) for row in place_list(actor=boss, confirmed=False)] == [("K31", "8")]
    assert [[by.name for by in row.heard] for row in ward_list(actor=boss)] == [["LAB / FJ"]]
    alias_remove(alias_id=alias.pk, actor=boss, at=at(6))
    assert lies() == {"V2": "X99 1-2", "V3": "X99 8-8"}
    assert set(Stay.objects.values_list("ward__code", flat=True)) == {"X99"}


def test_a_ward_can_be_mapped_for_all(boss: object) -> None:
    apply(adt("A01", 0, "", ward="X99"), of("LAB", adt("A01", 3, "", ward="X99", visit="V4", patient="P4")))
    ward_map(
        ward_id=Ward.objects.get(code="X99").pk,
        to_ward_id=Ward.objects.get(code="M52").pk,
        for_all=True,
        actor=boss,
        at=at(5),
    )
    assert set(Stay.objects.values_list("ward__code", flat=True)) == {"M52"}
    assert ward_list(actor=boss) == []


def test_what_cannot_be_mapped_is_refused(boss: object) -> None:
    """To itself, from a place that stands, to one that nobody has confirmed, by a sender that never named it."""
    apply(adt("A01", 0, "9-7", ward="X99"), adt("A01", 1, "9-8", ward="X99", visit="V2", patient="P2"))
    one, two = BedPlace.objects.filter(confirmed=False).order_by("code")
    lab = Sender.objects.create(application="LAB", facility="FJ")
    for code, options in (
        ("same_place", {"bed_id": one.pk, "to_bed_id": one.pk}),
        ("place_is_confirmed", {"bed_id": bed("1-1").pk, "to_bed_id": bed("1-2").pk}),
        ("confirm_first", {"bed_id": one.pk, "to_bed_id": two.pk}),
        ("nobody_named_it", {"bed_id": one.pk, "to_bed_id": bed("1-2").pk, "sender_id": lab.pk}),
    ):
        with pytest.raises(RuleBroken) as no:
            place_map(actor=boss, at=at(5), **options)
        assert no.value.code == code
    x99, k31 = Ward.objects.get(code="X99"), Ward.objects.get(code="K31")
    for code, here, there in (
        ("same_place", x99, x99), ("place_is_confirmed", k31, x99), ("unknown_ward", x99, None),
    ):  # fmt: skip
        with pytest.raises(RuleBroken) as no:
            ward_map(ward_id=here.pk, to_ward_id=there.pk if there else 0, actor=boss, at=at(5))
        assert no.value.code == code
    with pytest.raises(RuleBroken) as no:
        alias_remove(alias_id=0, actor=boss, at=at(5))
    assert no.value.code == "unknown_alias"


@pytest.mark.parametrize("role", [Role.SERVICE_WORKER, Role.AUDITOR])
def test_names_are_for_those_who_keep_the_place(role: Role, hospital: object) -> None:
    """Another role, or another hospital's integrator, changes no name."""
    apply(adt("A01", 0, "9-7", ward="X99"))
    strange = BedPlace.objects.get(confirmed=False)
    for who in (person(role, "x", hospital), person(Role.INTEGRATOR, "y", None)):  # type: ignore[arg-type]
        with pytest.raises(RuleBroken):
            place_map(bed_id=strange.pk, to_bed_id=bed("1-2").pk, actor=who, at=at(5))
        with pytest.raises(RuleBroken):
            ward_map(ward_id=strange.room.ward_id, to_ward_id=bed("1-2").room.ward_id, actor=who, at=at(5))
        with pytest.raises(RuleBroken):
            ward_confirm(ward_id=strange.room.ward_id, actor=who, at=at(5))
    assert not LocationAlias.objects.exists()


def test_a_confirmed_place_keeps_its_senders_name(boss: object) -> None:
    """Confirming is saying that the name is right: nothing moves, and it is no longer listed."""
    apply(adt("A01", 0, "9-7", ward="X99"))
    strange = BedPlace.objects.get(confirmed=False)
    place_confirm(bed_id=strange.pk, actor=boss, at=at(5))
    assert (place_list(actor=boss, confirmed=False), ward_list(actor=boss)) == ([], [])
    assert lies() == {"V1": "X99 9-7"}
    apply(adt("A08", 9, "9-7", ward="X99"))
    assert HeardName.objects.count() == 1


def test_a_place_that_only_a_bed_status_named_can_be_mapped(boss: object) -> None:
    """A20 speaks of a bed without a patient."""
    apply(adt("A20", 0, "9-7", ward="X99", status="C"))
    strange = BedPlace.objects.get(confirmed=False)
    place_map(bed_id=strange.pk, to_bed_id=bed("1-2").pk, actor=boss, at=at(5))
    apply(adt("A20", 9, "9-7", ward="X99", status="C"))
    assert BedState.objects.get(bed=bed("1-2")).closed_reason == "A20"


def test_names_that_were_heard_before_they_were_noted_are_found_in_the_record(boss: object) -> None:
    """A hospital that is brought up to date can map its places as a new one can."""
    apply(
        adt("A01", 0, "9-7", ward="X99"),
        adt("A02", 1, "1-2", prior="1-1"),
        of("LAB", adt("A01", 2, "", ward="X99", visit="V2", patient="P2")),
    )
    columns = ("sender", "point_of_care", "room", "bed", "ward", "bed_place")
    before = set(HeardName.objects.values_list(*columns))
    HeardName.objects.all().delete()
    fill = import_module("vardnara.apps.hospital.migrations.0004_heard_names_fill").FILL
    with connection.cursor() as cursor:
        cursor.execute(fill)
    assert set(HeardName.objects.values_list(*columns)) == before != set()
