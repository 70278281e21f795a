"""From messages to beds, stays and cleans: the cases that other systems got wrong."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from tests.strategies.messages import adt, apply, at, bed, person, receive, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import BedPlace, BedState, InboxMessage, Occupancy, Patient, Sender, Stay, Stream
from vardnara.apps.hospital.queries.status import status_numbers
from vardnara.apps.hospital.services import stays as taps
from vardnara.apps.hospital.services.applying import inbox_apply
from vardnara.apps.hospital.services.inbox_mending import message_retry
from vardnara.apps.hospital.services.mapping import place_confirm, place_map
from vardnara.apps.hospital.services.verify import broken_invariants
from vardnara.apps.service.models import Task
from vardnara.apps.service.services import task_claim, task_finish, task_start
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hospital() -> object:
    """A small hospital; whatever a test does, the data prove the invariants at its end."""
    yield small_hospital()
    assert [str(row) for row in broken_invariants()] == []


def beds() -> dict[str, int]:
    numbers = status_numbers(at(20_000))["beds"]
    return {name: n for name, n in numbers.items() if n and name != "total"}  # type: ignore[attr-defined]


def cleans() -> list[tuple[str, str, str, str]]:
    rows = Task.objects.order_by("pk").select_related("bed__room")
    return [(row.bed.room.code + "-" + row.bed.code, row.kind, row.state, row.reason) for row in rows]


def test_discharge_makes_one_clean_and_a_finished_clean_a_ready_bed(hospital: object) -> None:
    """The loop of the house in small."""
    apply(adt("A01", 0, "1-1"))
    assert beds() == {"occupied": 1, "ready": 4}
    apply(adt("A03", 60, "1-1"))
    assert beds() == {"dirty": 1, "ready": 4}
    assert cleans() == [("1-1", "discharge_clean", "open", "")]
    worker = person(Role.SERVICE_WORKER, "w", hospital)  # type: ignore[arg-type]
    task = Task.objects.get()
    task_claim(task_id=task.pk, actor=worker, at=at(61))
    assert beds() == {"dirty": 1, "ready": 4}
    task_start(task_id=task.pk, actor=worker, at=at(62))
    assert beds() == {"cleaning": 1, "ready": 4}
    task_finish(task_id=task.pk, actor=worker, at=at(90))
    assert beds() == {"ready": 5}
    task.refresh_from_db()
    assert (task.worked_seconds, task.norm_minutes) == (28 * 60, 25)


def test_ordered_discharge_leaves_bed_and_work_alone() -> None:
    """Edge-2: A16 frees nothing and dirties nothing."""
    apply(adt("A01", 0, "1-1"), adt("A16", 30, "1-1"))
    assert (beds(), cleans()) == ({"occupied": 1, "ready": 4}, [])


def test_cancelled_discharge_withdraws_the_clean() -> None:
    """Edge-3: stay, bed and work are as before."""
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    since = Occupancy.objects.get().during.lower
    apply(adt("A13", 70, "1-1", effect=60))
    assert beds() == {"occupied": 1, "ready": 4}
    assert cleans() == [("1-1", "discharge_clean", "withdrawn", "departure_cancelled")]
    assert (Occupancy.objects.get().during.lower, Occupancy.objects.get().during.upper) == (since, None)


def test_cancelled_discharge_closes_a_started_clean_with_the_reason(hospital: object) -> None:
    """CONTRACT 1.5: the time that was worked is kept."""
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    worker = person(Role.SERVICE_WORKER, "w", hospital)  # type: ignore[arg-type]
    task_start(task_id=Task.objects.get().pk, actor=worker, at=at(62))
    apply(adt("A13", 70, "1-1", effect=60))
    task = Task.objects.get()
    assert (task.state, task.reason) == ("withdrawn", "departure_cancelled")
    assert task.events.order_by("-pk").first().kind == "closed"
    assert beds() == {"occupied": 1, "ready": 4}


def test_departure_again_after_a_cancel_makes_a_new_clean() -> None:
    """A03, A13, A03: two departures were told, one clean is left to do."""
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"), adt("A13", 70, "1-1", effect=60), adt("A03", 90, "1-1"))
    assert [row[2] for row in cleans()].count("open") == 1
    assert beds() == {"dirty": 1, "ready": 4}


def test_two_messages_of_one_departure_make_one_clean() -> None:
    """Edge-17: the tap at the bed and the A03 after it."""
    apply(adt("A01", 0, "1-1"))
    ward_staff = person(Role.WARD_STAFF, "n", Stay.objects.get().ward.division.hospital)
    taps.patient_left(stay_id=Stay.objects.get().pk, actor=ward_staff, at=at(50))
    apply(adt("A03", 60, "1-1"))
    assert cleans() == [("1-1", "discharge_clean", "open", "")]


def test_tap_can_be_undone() -> None:
    """A tap on the wrong bed: everything as it was."""
    apply(adt("A01", 0, "1-1"))
    stay = Stay.objects.get()
    nurse = person(Role.WARD_STAFF, "n", stay.ward.division.hospital)
    taps.patient_left(stay_id=stay.pk, actor=nurse, at=at(50))
    assert beds() == {"dirty": 1, "ready": 4}
    taps.patient_left_undo(stay_id=stay.pk, actor=nurse, at=at(51))
    assert beds() == {"occupied": 1, "ready": 4}
    assert cleans()[0][2] == "withdrawn"
    with pytest.raises(RuleBroken):
        taps.patient_left_undo(stay_id=stay.pk, actor=nurse, at=at(52))


def test_administrative_discharge() -> None:
    """CONTRACT 1.4: with the sender set so, A03 leaves the patient in bed until a tap."""
    Sender.objects.create(application="EHR", facility="FJ", a03_administrative=True)
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    assert beds() == {"occupied": 1, "ready": 4}
    stay = Stay.objects.get()
    assert stay.discharge_confirmed_at == at(60)
    nurse = person(Role.WARD_STAFF, "n", stay.ward.division.hospital)
    taps.patient_left(stay_id=stay.pk, actor=nurse, at=at(75))
    assert beds() == {"dirty": 1, "ready": 4}


def test_transfer_moves_and_dirties_and_swap_swaps() -> None:
    """A02; A17 changes both at once though each bed is taken by the other."""
    apply(adt("A01", 0, "1-1"), adt("A02", 20, "1-2", prior="1-1"))
    assert beds() == {"occupied": 1, "dirty": 1, "ready": 3}
    apply(adt("A01", 30, "2-1", patient="P2", visit="V2"))
    apply(adt("A17", 40, "2-1", second=("P2", "V2", "1-2")))
    where = {o.stay.visit_number: o.bed_id for o in Occupancy.objects.filter(during__upper_inf=True)}
    assert where == {"V1": bed("2-1").pk, "V2": bed("1-2").pk}
    assert Stay.objects.filter(without_place=True).count() == 0


def test_arrival_in_a_dirty_bed_is_accepted_with_a_warning() -> None:
    """CONTRACT 1.6."""
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"), adt("A01", 70, "1-1", patient="P2", visit="V2"))
    assert beds() == {"occupied": 1, "ready": 4}
    assert Task.objects.get().warning == "patient_in_bed"


def test_arrival_in_an_occupied_bed_is_open_without_a_place_until_it_is_free() -> None:
    """CONTRACT 1.6, and the clocks of two messages may differ."""
    apply(adt("A01", 0, "1-1"), adt("A01", 50, "1-1", patient="P2", visit="V2"))
    stay = Stay.objects.get(visit_number="V2")
    assert (stay.status, stay.without_place, stay.warnings) == ("open", True, ["bed_occupied"])
    assert status_numbers(at(60))["stays"] == {"open": 2, "without_place": 1}
    apply(adt("A03", 60, "1-1", effect=55))
    stay.refresh_from_db()
    assert (stay.without_place, stay.warnings) == (False, [])
    assert Occupancy.objects.get(stay=stay).during.lower == at(55)


def test_unknown_place_is_made_unconfirmed_and_listed() -> None:
    """CONTRACT 1.6: nothing acknowledged is dropped because nobody knows the place."""
    apply(adt("A01", 0, "9-7", ward="X99"))
    place = BedPlace.objects.get(confirmed=False)
    assert (place.code, place.room.code, place.room.ward.code, place.room.ward.confirmed) == ("7", "9", "X99", False)
    assert Stay.objects.get().without_place is False


def test_unconfirmed_place_is_confirmed_or_mapped(hospital: object) -> None:
    """A person says what the sender meant; history and what comes later follow."""
    apply(adt("A01", 0, "9-7", ward="X99"))
    strange = BedPlace.objects.get(confirmed=False)
    boss = person(Role.INTEGRATOR, "i", hospital)  # type: ignore[arg-type]
    place_map(bed_id=strange.pk, to_bed_id=bed("1-2").pk, actor=boss, at=at(5))
    assert Occupancy.objects.get().bed_id == bed("1-2").pk
    apply(adt("A03", 60, "9-7", ward="X99"))
    assert cleans() == [("1-2", "discharge_clean", "open", "")]
    apply(adt("A01", 70, "9-8", ward="X99", visit="V3", patient="P3"))
    place_confirm(bed_id=BedPlace.objects.get(code="8").pk, actor=boss, at=at(80))
    assert BedPlace.objects.get(code="8").confirmed


def test_a_cancelled_departure_from_a_shared_bed_restores_it() -> None:
    """Who left company behind dirtied nothing: with the last back in it, the bed is as it was."""
    apply(adt("A01", 0, "1-1", ward="BB"), adt("A01", 5, "1-1", ward="BB", patient="P2", visit="V2"))
    apply(adt("A03", 60, "1-1", ward="BB"))
    apply(adt("A03", 90, "1-1", ward="BB", patient="P2", visit="V2"))
    assert BedState.objects.get(bed=bed("1-1", "BB")).cleanliness == "dirty"
    apply(adt("A13", 100, "1-1", ward="BB", patient="P2", visit="V2", effect=90))
    state = BedState.objects.get(bed=bed("1-1", "BB"))
    assert state.cleanliness == "clean" and state.dirty_departure is None
    assert [row[2] for row in cleans()] == ["withdrawn"]


def test_mother_and_child_dirty_only_when_the_last_leaves() -> None:
    """Edge-7: a place declared for two."""
    apply(adt("A01", 0, "1-1", ward="BB"), adt("A01", 5, "1-1", ward="BB", patient="P2", visit="V2"))
    assert Occupancy.objects.filter(bed=bed("1-1", "BB"), during__upper_inf=True).count() == 2
    apply(adt("A03", 60, "1-1", ward="BB"))
    assert cleans() == []
    apply(adt("A03", 90, "1-1", ward="BB", patient="P2", visit="V2"))
    assert [row[2] for row in cleans()] == ["open"]


def test_third_in_a_place_for_two_is_without_a_place() -> None:
    """The declared capacity holds, and the database holds it too."""
    for n in range(3):
        apply(adt("A01", n, "1-1", ward="BB", patient=f"P{n}", visit=f"V{n}"))
    assert Stay.objects.filter(without_place=True).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.create(
            stay=Stay.objects.get(without_place=True),
            bed=bed("1-1", "BB"),
            slot=3,
            during=DateTimeTZRange(at(0), None),
        )


def test_database_refuses_two_in_one_slot() -> None:
    """Invariant 2 holds without any of our code."""
    apply(adt("A01", 0, "1-1"), adt("A01", 0, "1-2", patient="P2", visit="V2"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.filter(stay__visit_number="V2").update(bed=bed("1-1"))


def test_contagion_makes_the_clean_a_contagion_clean_and_joins_the_strictest() -> None:
    """C-17; an unmapped code is treated as class not known."""
    Sender.objects.create(application="EHR", facility="FJ", contagion_codes={"MRSA": "A", "CDIFF": "C"})
    apply(adt("A01", 0, "1-1", precaution="CDIFF"), adt("A08", 5, "1-1", precaution="MRSA"), adt("A03", 9, "1-1"))
    task = Task.objects.get()
    assert (task.kind, task.contagion_class, task.norm_minutes) == ("contagion_clean", "C", 50)
    apply(
        adt("A01", 20, "1-2", patient="P2", visit="V2", precaution="NEW"),
        adt("A03", 30, "1-2", visit="V2", patient="P2"),
    )
    assert Task.objects.get(bed=bed("1-2")).contagion_class == "U"


def test_late_older_event_never_overwrites_a_newer_state() -> None:
    """An A02 that arrives after the A03 corrects history only."""
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-2"), adt("A02", 30, "1-2", prior="1-1"))
    stay = Stay.objects.get()
    assert (stay.status, stay.left_at) == ("ended", at(60))
    assert [o.bed_id for o in stay.occupancies.order_by("during")] == [bed("1-1").pk, bed("1-2").pk]


def test_late_departure_does_not_dirty_a_bed_that_was_cleaned_since(hospital: object) -> None:
    """The bed was cleaned at 100; that somebody left it at 50 is history."""
    apply(adt("A01", 60, "1-1", patient="P2", visit="V2"), adt("A03", 80, "1-1", patient="P2", visit="V2"))
    worker = person(Role.SERVICE_WORKER, "w", hospital)  # type: ignore[arg-type]
    task_start(task_id=Task.objects.get().pk, actor=worker, at=at(90))
    task_finish(task_id=Task.objects.get().pk, actor=worker, at=at(100))
    apply(adt("A01", 0, "1-1"), adt("A03", 50, "1-1"))
    assert beds() == {"ready": 5}


@pytest.mark.parametrize("one_by_one", [True, False])
def test_batch_and_single_are_one_path(one_by_one: bool) -> None:
    """Edge-1: several patients in one go change every bed, exactly as one after the other."""
    apply(
        *[adt("A01", n, f"1-{n}", patient=f"P{n}", visit=f"V{n}") for n in (1, 2)],
        *[adt("A03", 10 + n, f"1-{n}", patient=f"P{n}", visit=f"V{n}") for n in (1, 2)],
        adt("A01", 30, "1-1", patient="P3", visit="V3"),
        adt("A11", 40, "1-1", patient="P3", visit="V3", effect=30),
        one_by_one=one_by_one,
    )
    assert beds() == {"dirty": 2, "ready": 3}
    assert sorted(Stay.objects.values_list("status", flat=True)) == ["cancelled", "ended", "ended"]


def test_merge_keeps_stays_and_later_messages_find_the_survivor() -> None:
    """A40: what is said of either identifier afterwards is about one patient."""
    apply(adt("A01", 0, "1-1"), adt("A40", 10, patient="P9", merge="P1"), adt("A03", 20, "1-1", patient="P1"))
    stay = Stay.objects.get()
    assert stay.status == "ended"
    assert stay.patient.identifiers.count() == 2
    assert Patient.objects.filter(merged_into=stay.patient).count() == 1


def test_merge_of_patients_without_visit_numbers() -> None:
    """The open stay of the merged patient goes on under the survivor's identifier."""
    apply(adt("A01", 0, "1-1", visit=""), adt("A40", 10, patient="P9", merge="P1", visit=""))
    apply(adt("A03", 20, "1-1", patient="P9", visit=""))
    assert (Stay.objects.get().status, Stream.objects.count()) == ("ended", 1)


def test_visit_moved_to_another_patient() -> None:
    """A45: the visit of MRG-5 belongs to the patient in PID."""
    apply(adt("A01", 0, "1-1"), adt("A28", 1, patient="P2", visit=""))
    apply(adt("A45", 5, patient="P2", merge="P1", merge_visit="V1", visit="V1"))
    assert Stay.objects.get().patient.identifiers.get().value == "P2"


def test_identifier_in_use_is_parked() -> None:
    """A47 to an identifier that is somebody else's is for a person."""
    apply(adt("A01", 0, "1-1"), adt("A01", 1, "1-2", patient="P2", visit="V2"))
    assert apply(adt("A47", 5, patient="P2", merge="P1", visit="")) == [("parked", "identifier_in_use")]


def test_deleting_a_patient_in_a_bed_is_parked() -> None:
    """A29."""
    apply(adt("A01", 0, "1-1"))
    assert apply(adt("A29", 5, visit="")) == [("parked", "has_open_stay")]


def test_bed_status_messages() -> None:
    """A20: closed and open again, housekeeping makes work, unoccupied does not override an unfinished clean."""
    apply(adt("A20", 0, "1-1", status="C"))
    assert beds() == {"closed": 1, "ready": 4}
    apply(adt("A20", 5, "1-1", status="U"))
    assert beds() == {"ready": 5}
    assert apply(adt("A20", 3, "1-1", status="C")) == [("ignored", "older_than_known")]
    apply(adt("A20", 10, "1-1", status="K"))
    assert (beds(), cleans()) == ({"dirty": 1, "ready": 4}, [("1-1", "contagion_clean", "open", "")])


def test_unoccupied_does_not_release_a_bed_that_we_know_is_dirty() -> None:
    """Only a finished clean makes the bed ready."""
    apply(adt("A01", 0, "1-1"), adt("A03", 10, "1-1"))
    assert apply(adt("A20", 15, "1-1", status="U")) == [("ignored", "clean_not_finished")]
    assert beds() == {"dirty": 1, "ready": 4}


def test_parked_message_is_applied_again_when_its_cause_is_there() -> None:
    """A cancel that came first applies by itself when its event arrives."""
    assert apply(adt("A11", 20, "1-1", effect=0)) == [("parked", "nothing_to_cancel")]
    apply(adt("A01", 0, "1-1"))
    assert InboxMessage.objects.get(trigger_event="A11").status == "applied"
    assert beds() == {"ready": 5}


def test_retry_does_not_record_twice(hospital: object) -> None:
    """A person tries a parked message again: nothing is doubled."""
    apply(adt("A01", 0, "1-1"), adt("A02", 10, "1-2"), adt("A11", 20, "1-1", effect=0))
    message = InboxMessage.objects.get(status="parked")
    with pytest.raises(RuleBroken):
        message_retry(message_id=message.pk, actor=person(Role.SERVICE_WORKER, "w", hospital), at=at(30))
    message_retry(message_id=message.pk, actor=person(Role.INTEGRATOR, "i", hospital), at=at(30))
    while inbox_apply(at=at(31)):
        pass
    message.refresh_from_db()
    assert (message.status, message.reason, message.records.count()) == ("parked", "later_events", 1)


def test_message_that_cannot_be_applied_parks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in one message does not stop the others, and the message is kept for a person."""
    from vardnara.apps.hospital.services import applying

    real = applying._record

    def faulty(item: object, subject: object, stream: object) -> object:
        if subject.patient.value == "BAD":  # type: ignore[attr-defined]
            raise ValueError("planted")
        return real(item, subject, stream)  # type: ignore[arg-type]

    monkeypatch.setattr(applying, "_record", faulty)
    results = apply(adt("A01", 0, "1-1"), adt("A01", 1, "1-2", patient="BAD", visit="V2"), adt("A03", 9, "1-1"))
    assert results == [("applied", ""), ("parked", "error: ValueError"), ("applied", "")]
    assert beds() == {"dirty": 1, "ready": 4}


def test_leave_keeps_the_bed_occupied() -> None:
    """A21: the bed is kept and nobody cleans it away."""
    apply(adt("A01", 0, "1-1"), adt("A21", 10, "1-1"))
    assert (beds(), cleans()) == ({"occupied": 1, "ready": 4}, [])
    assert Stay.objects.get().on_leave_since == at(10)


def test_pending_transfer_reserves_and_hurries_the_clean() -> None:
    """A15: reserved is not occupied (edge-5); the dirty bed that somebody waits for goes first."""
    apply(adt("A01", 0, "1-1"), adt("A15", 5, "1-1", pending="1-2"))
    assert beds() == {"occupied": 1, "reserved": 1, "ready": 3}
    apply(adt("A01", 6, "1-2", patient="P2", visit="V2"), adt("A03", 9, "1-2", patient="P2", visit="V2"))
    assert Task.objects.get().priority == 0


def test_received_adds_up() -> None:
    """CONTRACT 3: received = applied + waiting + parked + ignored."""
    apply(adt("A01", 0, "1-1"), adt("A11", 30, "1-1", visit="V9", patient="P9"))
    receive(adt("A01", 3, "1-2", visit="V4", patient="P4"), adt("A99", 5))
    inbox = status_numbers(at(40))["inbox"]
    assert inbox == {  # type: ignore[comparison-overlap]
        "received": 4,
        "applied": 1,
        "waiting": 1,
        "parked": 1,
        "ignored": 1,
        "refused": 0,
        "duplicates": 0,
    }


def test_bed_states_exist_for_every_bed() -> None:
    """A place that a message made is complete."""
    apply(adt("A01", 0, "3-3", ward="NEW"))
    assert BedPlace.objects.count() == BedState.objects.count()


@pytest.mark.parametrize("administrative", [False, True])
def test_the_stated_time_of_discharge_is_kept_with_the_stay(administrative: bool) -> None:
    """PV1-45 beside the time that the bed was left: an analyst sees both."""
    Sender.objects.create(application="EHR", facility="FJ", a03_administrative=administrative)
    discharge = adt("A03", 60, "1-1").replace(b"|V1\r", b"|V1" + b"|" * 26 + b"20260302084500+0000\r")
    apply(adt("A01", 0, "1-1"), discharge)
    stay = Stay.objects.get()
    assert (stay.discharged_at, stay.left_at) == (at(45), None if administrative else at(60))
    apply(adt("A13", 70, "1-1", effect=60))
    assert Stay.objects.get().discharged_at is None
