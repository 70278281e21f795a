"""How people come: emergency, planned, dialysis; and what happens to beds besides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from vardnara.engines.feed.data import FeedPresent
from vardnara.engines.feed.people import newborn_of, patient_of
from vardnara.engines.feed.stays import (
    admit,
    discharge_plan,
    incidents,
    intensive_end,
    leave_end,
    lie_down,
    plan,
    settle,
    visit_end,
)
from vardnara.engines.feed.world import DAY, HOUR, MINUTE, Bed, Stay, Ward, World, instant
from vardnara.kernel.local_time import local_date

CONTROL_GAIN = 3.0  # how strongly a full hospital turns planned patients away, and an empty one calls them
CONTROL_BOUNDS = (0.5, 1.6)
BOARDING_TRIES = 48  # half-hours that somebody waits in the emergency department before going home after all
DIALYSIS_STARTS = (7 * HOUR + 30 * MINUTE, 12 * HOUR + 45 * MINUTE, 17 * HOUR)
SUNDAY = 6


def day_open(world: World, at: int, day: date) -> None:
    """Lay out a local day: who comes when, and which beds close."""
    hours = world.hours(day)
    daily = admissions_per_day(world)
    params = world.params
    planned = daily * params.elective_share if world.by_kind.get("inpatient") else 0.0
    urgent = daily - planned
    if world.by_kind.get("emergency"):
        urgent /= params.emergency_admitted_share
    factor = params.emergency_by_weekday[day.weekday()]
    for moment in moments(world, hours, urgent * factor, params.emergency_by_hour):
        world.at(moment, emergency_arrive if world.by_kind.get("emergency") else urgent_arrive)
    following = day + timedelta(days=1)
    electives_plan(world, at, following, planned)
    if at <= world.start:
        electives_plan(world, world.start, day, planned)
    if day.weekday() != SUNDAY:
        dialysis_open(world, hours)
    for ward in world.wards:
        expected = params.closed_beds_per_day * len(ward.beds)
        for moment in moments(world, hours, expected, (1,) * 24):
            world.at(moment, bed_close, ward)
    world.at(hours[-1][0] + HOUR, day_open, following)


def electives_plan(world: World, at: int, day: date, planned: float) -> None:
    """Book those who are to come on a day, most during office hours of the day before."""
    params = world.params
    weekdays = params.elective_by_weekday
    if not planned or not sum(weekdays):
        return
    factor = weekdays[day.weekday()] * len(weekdays) / sum(weekdays)
    for comes in moments(world, world.hours(day), planned * factor, params.elective_by_hour):
        booked = comes - world.within(18 * HOUR, 23 * HOUR)
        world.at(booked if booked >= at else at + world.within(0, (comes - at) / 2), elective_book, comes)


def admissions_per_day(world: World) -> float:
    """Admissions that keep the wards at the target, a little more or less as they stand."""
    params = world.params
    wards = world.by_kind.get("inpatient", [])
    staffed = sum(ward.staffed for ward in wards)
    if not staffed:
        return float(sum(len(ward.beds) for ward in world.by_kind.get("emergency", ())))
    mean = params.stay_median_days * math.exp(params.stay_sigma**2 / 2)
    days = sum(ward.staffed * mean * ward.stay_factor for ward in wards) / staffed
    used = sum(ward.used for ward in wards) / staffed
    low, high = CONTROL_BOUNDS
    control = min(max(1.0 + CONTROL_GAIN * (params.occupancy_target - used), low), high)
    return params.occupancy_target * staffed / days * control


def moments(world: World, hours: Sequence[tuple[int, int]], expected: float, weights: Sequence[float]) -> list[int]:
    """Instants of a day, ``expected`` of them on average over 24 hours, spread by local hour (a Poisson process)."""
    total = sum(weights)
    found = []
    for start, hour in hours:
        rate = expected * weights[hour] / total
        if rate <= 0:
            continue
        offset = world.coming.expovariate(rate)
        while offset < 1:
            moment = start + int(offset * HOUR)
            if moment >= world.start:
                found.append(moment)
            offset += world.coming.expovariate(rate)
    return found


def emergency_arrive(world: World, at: int) -> None:
    """A04 in a bay, or without one when all are taken."""
    params = world.params
    unknown = world.happens(params.unknown_patient_share)
    if unknown:
        patient, person, fresh = world.unknown(), 0, False
    else:
        patient, person, fresh = world.person(at)
    stay = world.stay_new(patient, person, "E", at)
    bed = world.bed_of_kind(at, "emergency")
    if bed is not None:
        lie_down(world, stay, bed)
    else:
        stay.place = world.by_kind["emergency"][0].corridor
    if fresh and world.happens(params.person_update_share):
        world.emit("A28", at, stay)
    world.emit("A04", at, stay)
    if not unknown and world.happens(params.wrong_registration_share):
        world.at(at + world.within(4 * MINUTE, 25 * MINUTE), registration_delete, stay)
        return
    decided = at + int(world.lognormal(params.emergency_median_minutes * MINUTE, params.emergency_sigma))
    if unknown:
        world.at(at + world.within(20 * MINUTE, 3 * HOUR), identify, stay)
    if world.happens(params.emergency_admitted_share):
        world.at(decided, emergency_admit, stay, 0)
    else:
        world.at(decided, visit_end, stay)


def registration_delete(world: World, at: int, stay: Stay) -> None:
    """A23: registered by mistake."""
    world.emit("A23", at, stay, effect=stay.admitted)
    if stay.bed is not None:
        world.bed_leave(stay.bed, at, lain_in=False)
    world.stay_end(stay)


def identify(world: World, at: int, stay: Stay) -> None:
    """A40: the unknown patient has a name, and their reserve number is merged into it.

    Somebody new: anybody else may have been here under their own name at the same time.
    """
    if stay.gone:
        return
    reserve = stay.patient.identifier
    stay.patient, stay.person = world.person_new()
    world.here.add(stay.person)
    world.emit("A40", at, stay, merged=reserve)


def emergency_admit(world: World, at: int, stay: Stay, tries: int) -> None:
    """To intensive care or a ward once there is a bed: A06 in the same visit, or A03 and A01 with a new one."""
    if stay.gone:
        return
    params = world.params
    bed = None
    if world.happens(params.intensive_first_share):
        bed = world.bed_of_kind(at, "intensive")
    bed = bed or world.bed_find(at, stay.patient)
    if bed is None:
        if tries < BOARDING_TRIES:
            world.at(at + 30 * MINUTE, emergency_admit, stay, tries + 1)
        else:
            visit_end(world, at, stay)
        return
    if stay.person and not world.happens(params.same_visit_share):
        visit_end(world, at, stay)
        admit(world, at + MINUTE, stay.patient, stay.person, bed)
        return
    old_bed, old_place = stay.bed, stay.place
    stay.klass, stay.admitted = "I", at
    lie_down(world, stay, bed)
    settle(world, at, stay, "A06", prior=old_place)
    if old_bed is not None:
        world.bed_leave(old_bed, at)


def urgent_arrive(world: World, at: int) -> None:
    """Straight to a ward, in a hospital without an emergency department."""
    patient, person, _ = world.person(at)
    bed = world.bed_find(at, patient)
    if bed is not None:
        admit(world, at, patient, person, bed)


def elective_book(world: World, at: int, comes: int) -> None:
    """A14 or A05 the day before: a ward expects somebody."""
    wards = [ward for ward in world.by_kind["inpatient"] if ward.staffed]
    if not wards:
        return
    ward = world.coming.choices(wards, [ward.staffed for ward in wards])[0]
    patient, person, _ = world.person(at, ward)
    stay = world.stay_new(patient, person, "P", comes)
    code = "A14" if world.coming.random() < 0.6 else "A05"  # either form of the same announcement
    world.emit(code, at, stay, pending=ward.corridor)
    world.at(comes, elective_arrive, stay, ward, code, at)


def elective_arrive(world: World, at: int, booked: Stay, ward: Ward, code: str, booked_at: int) -> None:
    """A01 under the booked number, or A27/A38 where no bed is left (later, where nobody knows how it was booked)."""
    free = ward.free(at) if ward.used < ward.staffed else []
    bed = world.staying.choice(free) if free else world.bed_find(at, booked.patient)
    over = bed is not None and bed.ward.used >= bed.ward.staffed
    if not code and (bed is None or over):
        world.at(at + HOUR, elective_arrive, booked, ward, code, booked_at)
        return
    world.stay_end(booked)
    if bed is None or over:
        world.emit("A27" if code == "A14" else "A38", at, booked, effect=booked_at)
        return
    theatre = world.bed_of_kind(at, "operating") if bed.capacity == 1 else None
    if theatre is None or not world.happens(world.params.through_operating_share):
        admit(world, at, booked.patient, booked.person, bed, booked)
        return
    operation_begin(world, at, booked, theatre)


def operation_begin(world: World, at: int, booked: Stay, theatre: Bed) -> None:
    """Admitted to the operating department; a ward takes over some hours later."""
    stay = world.stay_new(booked.patient, booked.person, "I", at, booked)
    lie_down(world, stay, theatre)
    stay.expected = at + 3 * DAY - at % HOUR
    world.emit("A01", at, stay)
    stay.plan += 1
    after = world.lognormal(world.params.operating_median_minutes * MINUTE, 0.3)
    world.at(at + after, intensive_end, stay, stay.plan)


def dialysis_open(world: World, hours: Sequence[tuple[int, int]]) -> None:
    """Each chair has its turns."""
    noon = next((at for at, hour in hours if hour == 12), None)  # noon exists on every day
    if noon is None:
        return
    midnight = noon - 12 * HOUR
    for ward in world.by_kind.get("dialysis", ()):
        for turn, begins in enumerate(DIALYSIS_STARTS):
            share = min(max(world.params.dialysis_turns_per_day - turn, 0.0), 1.0)
            for _ in ward.beds:
                comes = midnight + begins + int(world.coming.random() * 40 * MINUTE)
                if world.coming.random() < share and comes >= world.start:
                    world.at(comes, dialysis_arrive, ward, 0)


def dialysis_arrive(world: World, at: int, ward: Ward, tries: int) -> None:
    """A04 in a chair, as a recurring patient."""
    free = ward.free(at)
    if not free:
        if tries < BOARDING_TRIES // 4:
            world.at(at + 15 * MINUTE, dialysis_arrive, ward, tries + 1)
        return
    patient, person, _ = world.person(at, ward)
    stay = world.stay_new(patient, person, "R", at)
    lie_down(world, stay, world.staying.choice(free))
    world.emit("A04", at, stay)
    length = world.params.dialysis_minutes * MINUTE
    world.at(at + world.within(0.85 * length, 1.15 * length), visit_end, stay)


def bed_close(world: World, at: int, ward: Ward) -> None:
    """A20 with status C: a free bed cannot be used for a while."""
    free = ward.free(at)
    if not free:
        return
    bed = world.staying.choice(free)
    bed.closed = True
    world.emit("A20", at, None, bed=bed.place, bed_status="C")
    world.at(at + world.within(3 * HOUR, 48 * HOUR), bed_open, bed)


def bed_open(world: World, at: int, bed: Bed) -> None:
    """A20 with status U: the bed can be used again."""
    bed.closed = False
    world.emit("A20", at, None, bed=bed.place, bed_status="U")


def opening(world: World) -> None:
    """Patients who lie in the hospital when the feed begins, with the stays that such patients have.

    Somebody met in a bed is more often a long stay than a short one: the length is drawn with its weight by length
    (for a log-normal length: the median times exp(sigma squared)), and the feed meets it at a random moment.
    """
    params = world.params
    drawn: list[tuple[int, int, Bed]] = []
    for ward in world.by_kind.get("inpatient", []) + world.by_kind.get("intensive", []):
        share = world.staying.uniform(params.occupancy_opening_low, params.occupancy_opening_high)
        wanted = min(round(ward.staffed * share), len(ward.beds))
        sigma = params.stay_sigma if ward.kind == "inpatient" else params.intensive_sigma
        median = params.stay_median_days * ward.stay_factor
        if ward.kind == "intensive":
            median = params.intensive_median_days
        for bed in world.staying.sample([one for one in ward.beds if one.stay is None and not one.closed], wanted):
            total = world.lognormal(median * math.exp(sigma**2), sigma)
            came = world.start - max(int(total * DAY * world.staying.random()), HOUR)
            drawn.append((came, int(total * DAY), bed))
    for came, length, bed in sorted(drawn, key=lambda item: (item[0], item[2].place)):
        patient, person, _ = world.person(came, bed.ward)
        stay = world.stay_new(patient, person, "I", came)
        lie_down(world, stay, bed)
        leave = world.discharge_at(came, length / DAY) if bed.ward.kind == "inpatient" else came + length
        if leave <= world.start + 20 * MINUTE:
            leave = world.start + world.within(HOUR, 20 * HOUR)
        resume(world, stay, bed, leave)
        world.emit("A01", came, stay, precaution=stay.precaution or None)


def resume(world: World, stay: Stay, bed: Bed, leave: int) -> None:
    """Plan the rest of a stay that began before the feed."""
    from_now = world.start + MINUTE
    if bed.ward.kind == "intensive":
        plan(world, world.start, stay, bed)
        stay.plan += 1
        world.at(leave, intensive_end, stay, stay.plan)
        return
    plan(world, world.start, stay, bed)
    stay.expected = leave - leave % HOUR
    if not stay.precaution and world.happens(world.params.contagion_share):
        stay.precaution = world.contagion()
    world.at(from_now, resume_plan, stay, leave)


def resume_plan(world: World, at: int, stay: Stay, leave: int) -> None:
    """What the rest of the stay may bring."""
    discharge_plan(world, at, stay, leave)
    incidents(world, at, stay, leave)


def continuation(world: World) -> None:
    """Go on from those who lie in the hospital already, and from those who are expected."""
    beds = {bed.place: bed for ward in world.wards for bed in ward.beds}
    for place in world.order.taken:
        if place in beds:
            beds[place].closed = True
    for present in sorted(world.order.present, key=lambda one: (one.newborn, one.place or (), one.visit or 0)):
        bed = beds.get(present.place) if present.place is not None else None
        if present.patient is None or present.visit is None:
            if bed is not None:
                bed.closed = True
            continue
        stay = known_stay(world, present, present.patient, bed)
        if present.place is None:
            expected_again(world, stay)
        elif bed is not None and bed.stay is None:
            lie_down(world, stay, bed)
            goes_on(world, stay, bed)
            if present.on_leave:
                stay.busy = True
                world.at(world.start + world.within(HOUR, 12 * HOUR), leave_end, stay)
        elif bed is not None and bed.stay is not None and present.newborn and bed.capacity > 1 and not bed.stay.child:
            bed.stay.child = stay
        else:
            world.at(world.start + world.within(10 * MINUTE, 4 * HOUR), visit_end, stay)


def known_stay(world: World, present: FeedPresent, number: int, bed: Bed | None) -> Stay:
    """The stay as an earlier feed left it."""
    if present.newborn:
        mother = bed.stay if bed is not None else None
        patient = newborn_of(number, local_date(present.since_at), mother.patient if mother else None)
    else:
        patient = patient_of(number)
        world.here.add(number)
    since = int(present.since_at.timestamp())
    stay = Stay(f"V{present.visit:09d}", patient, 0 if present.newborn else number, present.patient_class, since)
    stay.precaution, stay.recorded, stay.place = present.precaution, world.start, present.place
    return stay


def expected_again(world: World, stay: Stay) -> None:
    """Somebody who was booked comes within a day."""
    wards = world.by_kind.get("inpatient")
    if wards:
        comes = world.start + world.within(10 * MINUTE, 20 * HOUR)
        stay.admitted = comes
        world.at(comes, elective_arrive, stay, world.coming.choice(wards), "", world.start)


def goes_on(world: World, stay: Stay, bed: Bed) -> None:
    """How a stay met in this kind of ward goes on."""
    kind = bed.ward.kind
    if kind == "emergency":
        if world.happens(world.params.emergency_admitted_share):
            world.at(world.start + world.within(10 * MINUTE, 3 * HOUR), emergency_admit, stay, 0)
        else:
            world.at(world.start + world.within(10 * MINUTE, 3 * HOUR), visit_end, stay)
    elif kind in ("dialysis", "other"):
        world.at(world.start + world.within(10 * MINUTE, 4 * HOUR), visit_end, stay)
    elif kind == "operating":
        stay.plan += 1
        world.at(world.start + world.within(10 * MINUTE, 4 * HOUR), intensive_end, stay, stay.plan)
    else:
        rest = world.lognormal(world.params.stay_median_days * 0.7, world.params.stay_sigma)
        resume(world, stay, bed, max(world.discharge_at(world.start, rest), world.start + HOUR))


def first_day(world: World) -> date:
    """The local day on which the feed begins."""
    return local_date(instant(world.start))
