"""What happens to somebody who lies in a bed, until they have left it."""

from __future__ import annotations

from vardnara.engines.feed.data import FeedPatient
from vardnara.engines.feed.world import DAY, HOUR, MINUTE, Bed, Stay, World, local_time

ROUND_HOURS = range(8, 19)  # when doctors decide who goes home


def stay_length(world: World, bed: Bed) -> float:
    """Days that somebody will stay in this bed's ward."""
    params = world.params
    if bed.ward.kind == "intensive":
        return world.lognormal(params.intensive_median_days, params.intensive_sigma)
    return world.lognormal(params.stay_median_days * bed.ward.stay_factor, params.stay_sigma)


def lie_down(world: World, stay: Stay, bed: Bed) -> None:
    """The stay is in this bed now."""
    world.bed_take(bed, stay)
    stay.bed = bed
    stay.place = bed.place


def admit(world: World, at: int, patient: FeedPatient, person: int, bed: Bed, booked: Stay | None = None) -> Stay:
    """Admit by A01, now and then to the wrong place first, which A11 takes back."""
    stay = world.stay_new(patient, person, "I", at, booked)
    lie_down(world, stay, bed)
    if world.happens(world.params.wrong_admission_share) and bed.ward.kind == "inpatient":
        stay.busy = True
        world.emit("A01", at, stay)
        world.at(at + world.within(4 * MINUTE, 25 * MINUTE), admission_undo, stay, at)
        return stay
    settle(world, at, stay, "A01")
    return stay


def admission_undo(world: World, at: int, wrong: Stay, admitted: int) -> None:
    """A11 of an admission to the wrong place, then the right one as a visit of its own."""
    bed = wrong.bed
    if bed is None:
        return
    world.emit("A11", at, wrong, effect=admitted)
    world.bed_leave(bed, at, lain_in=False)
    world.stay_end(wrong)
    right = world.bed_find(at, wrong.patient, avoid=bed.ward) or bed
    stay = world.stay_new(wrong.patient, wrong.person, "I", at)
    lie_down(world, stay, right)
    settle(world, at, stay, "A01")


def settle(world: World, at: int, stay: Stay, code: str, **shown: object) -> None:
    """Announce the arrival in the bed and plan the stay from there."""
    bed = stay.bed
    if bed is None:
        raise AssertionError("nobody settles without a bed")
    leave = plan(world, at, stay, bed)
    if world.happens(world.params.contagion_share):
        stay.precaution = world.contagion()
    world.emit(code, at, stay, precaution=stay.precaution or None, **shown)  # type: ignore[arg-type]
    if bed.ward.kind == "intensive":
        world.at(leave, intensive_end, stay, stay.plan)
    else:
        discharge_plan(world, at, stay, leave)
        incidents(world, at, stay, leave)


def plan(world: World, at: int, stay: Stay, bed: Bed) -> int:
    """When the stay in this bed ends; staff expect it on that day or one beside it, at eleven or so."""
    days = stay_length(world, bed)
    leave = at + int(days * DAY) if bed.ward.kind == "intensive" else world.discharge_at(at, days)
    guess = leave + world.staying.choice((-1, 0, 0, 0, 1)) * DAY
    stay.expected = max(guess - guess % HOUR, at + HOUR)
    stay.paired = bed.capacity > 1 and stay.patient.sex == "F"
    return leave


def discharge_plan(world: World, at: int, stay: Stay, leave: int) -> None:
    """Order the discharge some time before it happens, as most are."""
    stay.plan += 1
    stay.ordered = False
    if world.happens(world.params.ordered_share):
        ordered = leave - world.within(30 * MINUTE, 20 * HOUR)
        if local_time(ordered).hour not in ROUND_HOURS:
            ordered = leave - world.within(30 * MINUTE, 150 * MINUTE)
        ordered = max(at + 10 * MINUTE, ordered)
        if ordered < leave:
            world.at(ordered, discharge_order, stay, stay.plan)
    world.at(max(leave, at + MINUTE), discharge, stay, stay.plan)


def discharge_order(world: World, at: int, stay: Stay, plan_number: int) -> None:
    """A16, now and then withdrawn by A25."""
    if stay.gone or stay.plan != plan_number:
        return
    if stay.busy:
        world.at(at + 20 * MINUTE, discharge_order, stay, plan_number)
        return
    stay.ordered = True
    world.emit("A16", at, stay)
    if world.happens(world.params.order_withdrawn_share):
        stay.plan += 1
        world.at(at + world.within(20 * MINUTE, 4 * HOUR), discharge_order_undo, stay, at, stay.plan)


def discharge_order_undo(world: World, at: int, stay: Stay, ordered: int, plan_number: int) -> None:
    """A25: the patient stays on."""
    if stay.gone or stay.plan != plan_number or stay.bed is None:
        return
    stay.ordered = False
    world.emit("A25", at, stay, effect=ordered)
    discharge_plan(world, at, stay, world.discharge_at(at, world.staying.uniform(0.6, 3.0)))


def discharge(world: World, at: int, stay: Stay, plan_number: int) -> None:
    """The patient leaves, with the newborn if there is one."""
    bed = stay.bed
    if stay.gone or stay.plan != plan_number or bed is None:
        return
    if stay.busy:
        world.at(at + 30 * MINUTE, discharge, stay, plan_number)
        return
    params = world.params
    child = stay.child
    if child is not None and not child.gone:
        world.emit("A03", at, child, left=at)
        world.stay_end(child)
    if not stay.paired and world.happens(params.wrong_discharge_share):
        stay.busy = True
        world.emit("A03", at, stay, left=at)
        world.at(at + world.within(8 * MINUTE, 50 * MINUTE), discharge_undo, stay, at)
        return
    if not stay.paired and bed.ward.kind == "inpatient" and world.happens(params.became_outpatient_share):
        became_outpatient(world, at, stay, bed)
        return
    world.emit("A03", at, stay, left=at)
    world.bed_leave(bed, at)
    world.stay_end(stay)


def discharge_undo(world: World, at: int, stay: Stay, left: int) -> None:
    """A13: the patient is still there, the bed was kept."""
    stay.busy = False
    world.emit("A13", at, stay, effect=left)
    discharge_plan(world, at, stay, at + world.within(2 * HOUR, 30 * HOUR))


def became_outpatient(world: World, at: int, stay: Stay, bed: Bed) -> None:
    """A07: out of the bed, the visit goes on for a few hours without one."""
    stay.klass = "O"
    stay.place = bed.ward.corridor
    stay.bed = None
    stay.plan += 1
    world.emit("A07", at, stay, prior=bed.place)
    world.bed_leave(bed, at)
    world.at(at + world.within(HOUR, 3 * HOUR), visit_end, stay)


def visit_end(world: World, at: int, stay: Stay) -> None:
    """A03 of a visit that may or may not have a place."""
    if stay.gone:
        return
    world.emit("A03", at, stay, left=at)
    if stay.bed is not None:
        world.bed_leave(stay.bed, at)
    world.stay_end(stay)


def incidents(world: World, at: int, stay: Stay, leave: int) -> None:
    """Everything that may happen on the way."""
    params, length = world.params, leave - at
    middle = at + length // 10, leave - length // 10
    if params.updates_per_day > 0:
        world.at(at + int(world.staying.expovariate(params.updates_per_day / DAY)), update, stay)
    if world.happens(params.person_update_share):
        world.at(world.within(*middle), person_update, stay)
    if stay.paired:
        if world.happens(params.birth_share):
            world.at(at + world.within(2 * HOUR, 18 * HOUR), birth, stay)
        return
    if world.happens(params.move_share):
        world.at(world.within(*middle), move, stay)
    if length > 2 * DAY and world.happens(params.intensive_share):
        world.at(world.within(*middle), intensive_begin, stay)
    if world.happens(params.swap_share):
        world.at(world.within(*middle), swap, stay)
    if length > 4 * DAY and world.happens(params.leave_share):
        world.at(world.within(at + DAY, leave - 2 * DAY), leave_begin, stay)


def settled(stay: Stay) -> bool:
    """Whether the patient lies in a bed and nothing is under way."""
    return not (stay.gone or stay.busy or stay.ordered) and stay.bed is not None


def update(world: World, at: int, stay: Stay) -> None:
    """A08: another day expected, contagion found or over, or nothing that matters here."""
    if stay.gone:
        return
    params = world.params
    if not stay.busy and stay.bed is not None:
        chance = world.staying.random()
        found = not stay.precaution and chance < params.contagion_found_share
        over = bool(stay.precaution) and chance < params.contagion_found_share * 3
        if found:
            stay.precaution = world.contagion()
        elif over:
            stay.precaution = ""
        elif stay.expected is not None:
            stay.expected = max(stay.expected + world.staying.choice((-1, 0, 0, 1)) * DAY, at - at % HOUR + HOUR)
        world.emit("A08", at, stay, precaution=stay.precaution if found or over else None)
    world.at(at + int(world.staying.expovariate(params.updates_per_day / DAY)), update, stay)


def person_update(world: World, at: int, stay: Stay) -> None:
    """A31: something about the person, nothing about the bed."""
    if not stay.gone:
        world.emit("A31", at, stay)


def birth(world: World, at: int, mother: Stay) -> None:
    """A child is admitted to its mother's place."""
    if mother.gone or mother.busy or mother.bed is None or mother.child is not None:
        return
    child = world.stay_new(world.newborn(at, mother.patient), 0, "I", at)
    child.place = mother.place
    child.expected = mother.expected
    mother.child = child
    world.emit("A01", at, child)


def move(world: World, at: int, stay: Stay) -> None:
    """A02 to another ward, about half of them announced by A15 first."""
    if not settled(stay) or stay.bed is None or stay.bed.ward.kind != "inpatient":
        return
    bed = world.bed_find(at, stay.patient, avoid=stay.bed.ward)
    if bed is None or bed.capacity > 1:
        return
    if not world.happens(world.params.planned_move_share):
        move_to(world, at, stay, bed)
        return
    stay.busy = True
    world.bed_take(bed, stay)
    world.emit("A15", at, stay, pending=bed.place)
    world.at(at + world.within(20 * MINUTE, 4 * HOUR), move_announced, stay, bed, at)


def move_announced(world: World, at: int, stay: Stay, bed: Bed, announced: int) -> None:
    """The announced move happens, or A26 calls it off."""
    stay.busy = False
    world.bed_leave(bed, at, lain_in=False)
    if world.happens(world.params.planned_move_withdrawn_share):
        world.emit("A26", at, stay, effect=announced, pending=bed.place)
    else:
        move_to(world, at, stay, bed)


def move_to(world: World, at: int, stay: Stay, bed: Bed) -> None:
    """A02, now and then entered by mistake and taken back by A12 while both beds are kept."""
    old = stay.bed
    if old is None:
        return
    lie_down(world, stay, bed)
    world.emit("A02", at, stay, prior=old.place)
    if world.happens(world.params.wrong_move_share):
        stay.busy = True
        world.at(at + world.within(5 * MINUTE, 40 * MINUTE), move_undo, stay, old, at)
    else:
        world.bed_leave(old, at)


def move_undo(world: World, at: int, stay: Stay, old: Bed, moved: int) -> None:
    """A12: the patient never left the old bed."""
    wrong = stay.bed
    if wrong is None:
        return
    stay.bed, stay.place, stay.busy = old, old.place, False
    world.emit("A12", at, stay, effect=moved, prior=wrong.place)
    world.bed_leave(wrong, at, lain_in=False)


def intensive_begin(world: World, at: int, stay: Stay) -> None:
    """From the ward to intensive care; the ward's bed is given up."""
    bed = world.bed_of_kind(at, "intensive")
    if not settled(stay) or bed is None or stay.bed is None or stay.bed.ward.kind != "inpatient":
        return
    old = stay.bed
    stay.plan += 1
    lie_down(world, stay, bed)
    leave = plan(world, at, stay, bed)
    world.emit("A02", at, stay, prior=old.place)
    world.bed_leave(old, at)
    world.at(leave, intensive_end, stay, stay.plan)


def intensive_end(world: World, at: int, stay: Stay, plan_number: int) -> None:
    """From intensive care, or after an operation, to a ward as soon as there is a bed."""
    if stay.gone or stay.plan != plan_number or stay.bed is None:
        return
    bed = None if stay.busy else world.bed_find(at, stay.patient)
    if bed is None and world.by_kind.get("inpatient"):
        world.at(at + 30 * MINUTE, intensive_end, stay, plan_number)
        return
    if bed is None:
        discharge(world, at, stay, plan_number)
        return
    old = stay.bed
    lie_down(world, stay, bed)
    leave = plan(world, at, stay, bed)
    world.emit("A02", at, stay, prior=old.place)
    world.bed_leave(old, at)
    discharge_plan(world, at, stay, leave)
    incidents(world, at, stay, leave)


def swap(world: World, at: int, stay: Stay) -> None:
    """A17: two patients of a ward change beds."""
    if not settled(stay) or stay.bed is None or stay.paired:
        return
    mine = stay.bed
    others = [
        bed
        for bed in mine.ward.beds
        if bed is not mine and bed.capacity == mine.capacity == 1 and bed.stay is not None
        and bed.stay.bed is bed and settled(bed.stay) and not bed.stay.paired
    ]  # fmt: skip
    if not others:
        return
    theirs = world.staying.choice(others)
    other = theirs.stay
    if other is None:
        return
    mine.stay, theirs.stay = other, stay
    stay.bed, stay.place = theirs, theirs.place
    other.bed, other.place = mine, mine.place
    world.emit("A17", at, stay, prior=mine.place, second=(other, theirs.place))


def leave_begin(world: World, at: int, stay: Stay) -> None:
    """A21: on leave with the bed kept, or A52 because it was not so."""
    if not settled(stay) or stay.paired:
        return
    stay.busy = True
    until = at + world.within(8 * HOUR, 34 * HOUR)
    until -= until % HOUR
    world.emit("A21", at, stay, leave_until=until)
    if world.happens(world.params.wrong_leave_share):
        world.at(at + world.within(5 * MINUTE, 30 * MINUTE), leave_undo, stay, at)
    else:
        world.at(until + world.within(-HOUR, HOUR), leave_end, stay)


def leave_undo(world: World, at: int, stay: Stay, left: int) -> None:
    """A52: the patient did not go on leave."""
    stay.busy = False
    world.emit("A52", at, stay, effect=left)


def leave_end(world: World, at: int, stay: Stay) -> None:
    """A22: back, or A53 because it was somebody else."""
    world.emit("A22", at, stay)
    if world.happens(world.params.wrong_leave_share):
        world.at(at + world.within(5 * MINUTE, 20 * MINUTE), return_undo, stay, at)
    else:
        stay.busy = False


def return_undo(world: World, at: int, stay: Stay, returned: int) -> None:
    """A53: not back yet."""
    world.emit("A53", at, stay, effect=returned)
    world.at(at + world.within(HOUR, 3 * HOUR), leave_end, stay)
