"""The work of a hospital out of its own tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.strategies.agreed import (
    ALL_DAYS,
    agreement_make,
    line_make,
    norm_make,
    task_type_make,
    version_make,
    version_sign,
)
from tests.strategies.stage import Stage, stage_set, stay_make

from vardnara.apps.hospital.models import AdtRecord, BedPlace, Departure, Occupancy, Room
from vardnara.apps.hospital.queries.demand import ward_demand
from vardnara.apps.service.models import TaskType
from vardnara.apps.service.queries.workload import hospital_work
from vardnara.engines.agreement import coverage_check
from vardnara.engines.workload import workload_estimate
from vardnara.engines.workload.check import workload_faults

TODAY = date(2026, 3, 30)  # a Monday; the clocks changed the day before


@pytest.fixture
def stage(db: None) -> Stage:
    found = stage_set()
    TaskType.objects.update(retired_at=datetime(2020, 1, 1, tzinfo=UTC))  # whatever is shipped
    return found


def work(stage: Stage, on: date = TODAY):
    return hospital_work(ward_ids=[stage.ward.pk, stage.other_ward.pk], on=on)


def sign(version, stage: Stage) -> None:
    version_sign(version, stage.users["service_head"], stage.users["decision_maker"])


def left(stage: Stage, bed: BedPlace, at: datetime, *, number: str, contagion: str = "") -> None:
    """Somebody lay in the bed for a day and left it."""
    stay = stay_make(bed, number=number, at=at - timedelta(days=1))
    Occupancy.objects.filter(stay=stay).update(during=(at - timedelta(days=1), at))
    record = AdtRecord.objects.create(
        stream=stay.stream, message=stage.message, code="A03", recorded_at=at, effect_at=at, payload={}
    )
    Departure.objects.create(stay=stay, bed=bed, left_at=at, record=record, contagion_class=contagion)


def test_without_a_catalogue_there_is_nothing_to_add_up(stage: Stage) -> None:
    assert work(stage) is None


def test_beds_stand_for_patients_until_enough_days_are_measured(stage: Stage) -> None:
    """Staffed before budgeted before places; the reader is told which."""
    stage.ward.staffed_beds, stage.ward.budgeted_beds, stage.other_ward.budgeted_beds = 5, 6, 4
    stage.ward.save()
    stage.other_ward.save()
    first, second = ward_demand(ward_ids=[stage.ward.pk, stage.other_ward.pk], today=TODAY, weeks=8)
    assert (first.basis, first.patients, first.discharges) == ("staffed", (5,) * 7, (0,) * 7)
    assert (second.basis, second.patients) == ("budgeted", (4,) * 7)
    task_type_make("kitchen", always=True)
    told = [said for code, said in work(stage).case.notes if code == "NOT_MEASURED"]
    assert ["staffed" in told[0] and "K1" in told[0], "budgeted" in told[1] and "M1" in told[1]] == [True, True]


def test_patients_and_discharges_are_measured_from_whole_days_of_the_record(stage: Stage) -> None:
    """From the day after the first departure; a day of 23 hours is a day; what was voided never was."""
    noon = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)  # Monday 12:00
    left(stage, stage.free, noon, number="first")  # from here the record is whole: Tuesday is its first whole day
    for week in range(3):
        left(
            stage,
            stage.free,
            noon + timedelta(days=7 * week + 7),
            number=f"m{week}",
            contagion="C" if week == 0 else "",
        )
    left(stage, stage.free, datetime(2026, 3, 29, 20, 0, tzinfo=UTC), number="sunday")  # 22:00 in summer time
    left(stage, stage.unconfirmed, noon + timedelta(days=9), number="void")
    Departure.objects.filter(stay__visit_number="void").update(voided_at=noon)
    Occupancy.objects.filter(stay__visit_number="void").delete()
    (found,) = ward_demand(ward_ids=[stage.ward.pk], today=TODAY, weeks=8)
    assert (found.basis, found.n_days) == ("measured", 27)
    assert found.discharges == (1.0, 0, 0, 0, 0, 0, 0.25)  # three of three Mondays, one of four Sundays
    assert found.discharge_hours[12] == 3 and found.discharge_hours[22] == 1
    assert found.contagion_share == 0.25 and found.single_share == 0
    occupied = 1.0  # the stage's own patient, since before
    assert found.patients[0] == pytest.approx(occupied + 0.5)  # noon to noon before each Monday's noon
    assert found.patients[6] == pytest.approx(occupied + (3 * 0.5 + (22 - 1) / 23 + 0) / 4, abs=0.02)
    assert found.patients[2] == pytest.approx(occupied)
    assert ward_demand(ward_ids=[stage.ward.pk], today=date(2026, 3, 16), weeks=8)[0].basis == "places"


def test_lines_say_when_and_whose_and_the_usual_times_the_rest(stage: Stage) -> None:
    """Weekdays by agreement; the days that no line speaks of by the usual times, and nobody's."""
    kitchen = task_type_make("kitchen", usual=[[ALL_DAYS, 540, 600, 1]])
    norm_make(kitchen, fixed_low=20, fixed_typical=40, fixed_high=50)
    version = version_make(agreement_make(stage.ward))
    line_make(version, kitchen, stage.ward, "07-08", days=[1, 2, 3, 4, 5], times=2)
    sign(version, stage)
    found = work(stage)
    plain = workload_estimate(replace(found.case.order, year=None))
    assert plain.by_weekday == (80, 80, 80, 80, 80, 40, 40)
    assert plain.by_hour[7] == 400 and plain.by_hour[9] == 80
    assert {part.party for part in found.parts.values()} == {"service", ""}
    assert {part.type_code for part in found.parts.values()} == {"kitchen"}
    year = workload_estimate(found.case.order)
    assert workload_faults(year, found.case.order) == ()
    # 2026: 248 ordinary Mondays to Fridays, 117 other days (weekends, holidays, eves)
    ordinary = sum(
        task.count_by_weekday(2026)[d] for task in found.case.order.tasks for d in range(5) if task.times == 2
    )
    assert year.minutes.typical == pytest.approx((ordinary * 80 + (365 - ordinary) * 40) * 7 / 365)
    holes = coverage_check(found.case.rules, found.case.demands).holes
    assert {hole.day for hole in holes} == {6, 7, 8, 9} and {hole.start_minutes for hole in holes} == {540}


def test_a_frequency_of_its_own_counts_by_a_whole_year(stage: Stage) -> None:
    """Mondays and Thursdays from March on are 104 a year, not 86; the days between are spoken of, and free."""
    store = task_type_make("store", usual=[[ALL_DAYS, 780, 870, 1]])
    norm_make(store, fixed_typical=60, fixed_high=60)
    version = version_make(agreement_make(stage.ward), valid_from=date(2026, 3, 1))
    line_make(version, store, stage.ward, "13-14", days=ALL_DAYS, rrule="FREQ=WEEKLY;BYDAY=MO,TH")
    sign(version, stage)
    found = workload_estimate(work(stage).case.order)
    assert found.minutes.typical == pytest.approx(104 * 60 * 7 / 365, abs=0.01)
    assert found.by_weekday[1] == 0


def test_work_without_agreement_is_counted_where_it_is_always_done(stage: Stage) -> None:
    """Cleans after discharges go on every ward, by kind of room; what was never agreed on a ward is not there."""
    for code in ("discharge_clean", "discharge_clean_single"):
        row = task_type_make(code, driver="discharge", each="bed", always=True)
        norm_make(row, unit_low=10, unit_typical=20 if code == "discharge_clean" else 40, unit_high=50)
    norm_make(
        task_type_make("breakfast", driver="meal", usual=[[ALL_DAYS, 450, 540, 1]]), fixed_typical=25, fixed_high=25
    )
    noon = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    for number in range(29):  # one a day, so that each weekday has one
        left(stage, stage.free, noon + timedelta(days=number), number=f"n{number}")
    found = work(stage)
    assert {part.type_code for part in found.parts.values()} == {"discharge_clean", "discharge_clean_single"}
    shared = workload_estimate(found.case.order)
    assert shared.by_ward["K1"] == pytest.approx(7 * 20) and shared.by_ward["M1"] == 0
    assert shared.by_hour[12] == pytest.approx(140 * 27 / 28, abs=5)
    Room.objects.filter(pk=stage.free.room_id).update(kind="single")
    assert workload_estimate(work(stage).case.order).by_ward["K1"] == pytest.approx(7 * 40)


def test_the_norm_of_a_ward_goes_before_that_of_all_and_carries_its_word(stage: Stage) -> None:
    """A measured norm is measured here only; what nobody knows is named and not counted."""
    kitchen = task_type_make("kitchen", always=True, usual=[[ALL_DAYS, 540, 600, 1]])
    norm_make(kitchen, fixed_typical=40, fixed_high=40)
    norm_make(kitchen, ward=stage.ward, fixed_typical=30, fixed_high=40, confidence="measured", source="measured here")
    task_type_make("periodic", always=True, usual=[[ALL_DAYS, 540, 600, 1]])
    found = work(stage)
    told = workload_estimate(found.case.order)
    assert told.by_ward == {"K1": 210, "M1": 280}
    assert {row.ward: row.norm.evidence.confidence for row in told.rows} == {"K1": "measured", "M1": "unverified"}
    assert found.without_norm == ("periodic",) and "periodic" in dict(found.case.notes)["NO_NORM"]


def test_a_task_for_each_bed_has_all_its_minutes_once_a_bed(stage: Stage) -> None:
    """Fixed minutes of a daily clean are spent at each bed, as the plan of the day has it."""
    daily = task_type_make("daily", driver="patient", each="bed", always=True, usual=[[ALL_DAYS, 480, 900, 1]])
    norm_make(daily, fixed_typical=2, fixed_high=2, unit_typical=8, unit_high=8)
    assert workload_estimate(work(stage).case.order).by_ward["K1"] == pytest.approx(7 * 10 * 5)  # confirmed places
