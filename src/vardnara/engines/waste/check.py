"""Judges findings without the settler: what must hold of any of them, and the cause reasoned backwards in time."""

from __future__ import annotations

from datetime import datetime

from vardnara.engines.waste.data import BedKind, BedStep, Cause, Fast, Meal
from vardnara.engines.waste.result import Extent, Finding, Sure, Timing

OVER = {"stopped", "cancelled", "held", "substitute"}
SCANNED = dict(
    zip(
        ["gone", "away", "moved", "fasting", "unsafe", "not_as_checked", "too_late", "held_too_long"],
        ["discharged", "away", "moved", "fasting", "wrong_diet", "wrong_diet", "kitchen", "kitchen"],
        strict=True,
    )
)
PATIENT = {Cause.DISCHARGED, Cause.MOVED, Cause.FASTING, Cause.AWAY}


def finding_faults(meal: Meal, finding: Finding) -> tuple[str, ...]:
    """What is wrong with a finding; empty when all is well."""
    faults = [*_shape(finding), *_eaten(meal, finding)]
    if finding.cause is not None and finding.sure is Sure.JOINED:
        faults += _joined(meal, finding)
    if finding.sure is Sure.SAID and (meal.said is None or meal.said.cause is not finding.cause):
        faults.append(f"{finding.cause} by somebody's word, who said nothing of the kind")
    if finding.sure is Sure.UNKNOWN and finding.cause is not Cause.OTHER:
        faults.append(f"unknown, and yet {finding.cause}")
    if finding.sure is Sure.UNKNOWN and meal.said is not None and meal.said.cause is not None:
        faults.append("somebody's word was lost")
    return tuple(faults)


def _shape(finding: Finding) -> list[str]:
    wasted = finding.quarters > 0
    faults = []
    if wasted != (finding.extent is not Extent.NONE) or (finding.quarters == 4) != (finding.extent is Extent.WHOLE):
        faults.append(f"{finding.quarters} quarters and {finding.extent}")
    for name in ("cause", "side", "sure"):
        if (getattr(finding, name) is not None) != wasted:
            faults.append(f"{name} is {getattr(finding, name)} with {finding.quarters} quarters wasted")
    if (finding.timing is Timing.IN_TIME) != (finding.fact is not None):
        faults.append(f"{finding.timing} and {finding.fact}")
    if wasted and not (finding.cooked and finding.noted):
        faults.append("wasted, and never cooked or not noted")
    if finding.fact is not None and finding.cause is not Cause.LATE:
        faults.append(f"{finding.fact} was known in time, and the cause is {finding.cause}")
    return faults


def _eaten(meal: Meal, finding: Finding) -> list[str]:
    if meal.said is not None and finding.quarters + meal.said.quarters != 4:
        return [f"{meal.said.quarters} quarters eaten and {finding.quarters} wasted"]
    if meal.said is not None and meal.said.quarters and finding.sure is Sure.JOINED:
        return ["eaten of by one who was not there"]
    if meal.said is None and finding.quarters not in (0, 4):
        return ["part of a portion wasted, and nobody noted it"]
    unserved = meal.said is None and meal.state != "served" and any(step.kind == "returned" for step in meal.steps)
    if unserved and finding.quarters != 4:
        return ["came back without being served, and yet not wasted whole"]
    if meal.said is None and finding.quarters and meal.state in ("served",):
        return ["served, and nobody noted that it was not eaten"]
    return []


def _joined(meal: Meal, finding: Finding) -> list[str]:
    """Every record that could stand behind the cause, looked for anew; none may be earlier than the one named."""
    about = finding.fact or finding.cause
    moments = _moments(meal)
    if about not in moments:
        return [f"no record says {about}"]
    first = min(min(found)[0] for found in moments.values())
    mine, known = min(moments[about])
    faults = [] if mine == first else [f"{about} at {mine}, but something else at {first}"]
    in_time, told_late = known < meal.act_until, mine < meal.act_until
    wanted = Timing.IN_TIME if in_time else Timing.TOLD_LATE if told_late else Timing.AFTER_LIMIT
    if finding.timing is not (wanted if about in PATIENT else None):
        faults.append(f"{finding.timing}: happened {mine}, known {known}, limit {meal.act_until}")
    return faults


def _moments(meal: Meal) -> dict[Cause, list[tuple[datetime, datetime]]]:
    """When each cause set in, as the records have it, and when it was known."""
    found: dict[Cause, list[tuple[datetime, datetime]]] = {}
    here = [step for step in meal.bed if step.at <= meal.serves_at]
    presence = [step for step in here if step.kind in (BedKind.ADMITTED, BedKind.DISCHARGED)]
    if presence and _last(presence).kind is BedKind.DISCHARGED:
        found[Cause.DISCHARGED] = [_when(_last(presence))]
    wards = [step for step in here if step.ward is not None]
    if wards and _last(wards).kind is BedKind.MOVED and _last(wards).ward != meal.ward:
        found[Cause.MOVED] = [_when(_last(wards))]
    leaves = [step for step in here if step.kind in (BedKind.LEAVE, BedKind.BACK)]
    if leaves and _last(leaves).kind is BedKind.LEAVE:
        until = _last(leaves).until
        if until is None or until > meal.serves_at:
            found[Cause.AWAY] = [_when(_last(leaves))]
    fasts = [_when(f) for f in meal.fasts if f.at <= meal.serves_at and not (f.until and f.until <= meal.serves_at)]
    if fasts:
        found[Cause.FASTING] = fasts
    if meal.said is not None and meal.said.quarters == 0:
        for step in meal.steps:
            if step.kind == "moved" and step.at >= meal.act_until and step.at <= meal.serves_at:
                found.setdefault(Cause.MOVED, []).append((step.at, step.at))
    again = [s for s in meal.steps if s.kind in ("placed", "changed", "released", "replaced")]
    for step in meal.steps:
        final = step.kind in ("held", "substitute", "cancelled", "stopped") and not any(other > step for other in again)
        if final and meal.state in OVER:
            said = "wrong_diet" if step.reason == "nothing_fits" else step.reason
            known = [one for one in (*PATIENT, Cause.WRONG_DIET, Cause.KITCHEN, Cause.LATE) if one == said]
            found.setdefault(known[0] if known else Cause.LATE, []).append((step.at, step.at))
        if step.kind == "refused" and step.reason in SCANNED and meal.state != "served":
            found.setdefault(Cause(SCANNED[step.reason]), []).append((step.at, step.at))
    return found


def _when(step: BedStep | Fast) -> tuple[datetime, datetime]:
    return step.at, step.known_at


def _last(steps: list[BedStep]) -> BedStep:
    return max(steps, key=lambda step: (step.at, step.known_at, step.kind, step.ref))
