"""The verb of this engine: all events of a visit in, where the patient lay and when out.

Folding the whole record anew for each message is what makes the ordinary troubles of ADT feeds harmless: events that
arrive late or twice, cancels, corrections of history. The result depends on the set of events, not on the order in
which they came (ties of time apart), so a late event corrects the timeline without overwriting what is newer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vardnara.engines.adt.data import TAP_CONFIRMED, TAP_CONTAGION, TAP_LEFT, Event
from vardnara.engines.adt.params import (
    CANCELS,
    HANDLED,
    MOVEMENTS,
    NEEDS_NOTHING_LATER,
    PARKED_WITHOUT_TARGET,
    STATES_PRESENCE,
)
from vardnara.engines.adt.result import Fold, Outcome, Status, Verdict
from vardnara.engines.adt.timeline import Strictest, Timeline

APPLIED = Outcome(Verdict.APPLIED)
NO_EFFECT = Outcome(Verdict.IGNORED, "no_effect")
DISCHARGE = frozenset({"A03", TAP_LEFT, TAP_CONFIRMED})


def fold(events: Iterable[Event], *, by_visit: bool, strictest: Strictest = max) -> Fold:
    """Make stays of the events of one stream.

    Parameters
    ----------
    events
        Every event of the stream, in any order.
    by_visit
        True where the stream is one visit: an admission after a discharge then reopens the visit. False where it is a
        patient without visit numbers: the admission then begins a new stay.
    strictest
        Chooses the stricter of two contagion class codes.

    Returns
    -------
    Fold
        Stays in order and the outcome of each event by its serial.

    Notes
    -----
    First the cancels are matched in the order of recording, then what is left is laid out in the order of effect.
    Taking a cancelled event out of the set restores stay and occupancy exactly as if it had never been sent.
    """
    in_order = sorted(events, key=lambda event: (event.recorded_at, event.serial))
    outcomes: dict[int, Outcome] = {}
    standing = _without_cancelled(in_order, outcomes)
    timelines: list[Timeline] = []
    for event in sorted(standing, key=lambda event: (event.effect_at, event.recorded_at, event.serial)):
        outcomes[event.serial] = _apply(event, timelines, by_visit=by_visit, strictest=strictest)
    return Fold(stays=tuple(timeline.freeze() for timeline in timelines), outcomes=outcomes)


def _without_cancelled(in_order: list[Event], outcomes: dict[int, Outcome]) -> list[Event]:
    """Match each cancel to its event, note both outcomes, and return the events that still stand."""
    standing: list[Event] = []
    for event in in_order:
        if event.code not in CANCELS:
            standing.append(event)
            continue
        target = _target(event, standing)
        if target is None:
            if not standing and event.code in STATES_PRESENCE:
                standing.append(event)
            elif event.code == "A52" and any(other.code == "A53" for other in standing):
                # the leave was only implied (no A21 came): without it the patient is simply there
                standing = [replace(other, code="A22") if other.code == "A53" else other for other in standing]
                outcomes[event.serial] = APPLIED
            elif event.code in PARKED_WITHOUT_TARGET:
                outcomes[event.serial] = Outcome(Verdict.PARKED, "nothing_to_cancel")
            else:
                outcomes[event.serial] = Outcome(Verdict.IGNORED, "nothing_to_cancel")
            continue
        twins = {o.serial for o in standing if (o.code, o.effect_at) == (target.code, target.effect_at)}
        after = [o for o in standing[standing.index(target) + 1 :] if o.serial not in twins]
        free = DISCHARGE if event.code == "A13" else frozenset()
        if event.code in NEEDS_NOTHING_LATER and any(o.code in MOVEMENTS and o.code not in free for o in after):
            outcomes[event.serial] = Outcome(Verdict.PARKED, "later_events")
            continue
        gone = twins  # an event that was sent again under another control id is the same event
        if event.code == "A13":
            gone |= {other.serial for other in standing if other.code in (TAP_LEFT, TAP_CONFIRMED)}
        if event.code == "A11":
            gone |= {other.serial for other in after}
        for serial in gone:
            outcomes[serial] = Outcome(Verdict.APPLIED, "cancelled")
        outcomes[event.serial] = APPLIED
        standing = [other for other in standing if other.serial not in gone]
        if event.code == "A11":
            standing.append(replace(event, effect_at=event.recorded_at))
    return standing


def _target(cancel: Event, standing: list[Event]) -> Event | None:
    """The event that a cancel takes back: the one of the stated time, else the latest of its kind.

    An admission that was only implied (no A01 came) is taken back through the first event that stated presence.
    """
    kinds = CANCELS[cancel.code]
    candidates = [event for event in standing if event.code in kinds]
    stated = [event for event in candidates if event.effect_at == cancel.effect_at]
    if stated or candidates:
        return (stated or candidates)[-1]
    if cancel.code == "A11" and standing and standing[0].code in STATES_PRESENCE - MOVEMENTS:
        return standing[0]
    return None


def _apply(event: Event, timelines: list[Timeline], *, by_visit: bool, strictest: Strictest) -> Outcome:
    """Lay one standing event onto the timelines; events come in order of effect."""
    current = timelines[-1] if timelines else None
    code = event.code

    if code not in HANDLED:
        return NO_EFFECT
    if code == "A11":
        return _admission_cancelled(timelines, by_visit=by_visit, strictest=strictest)
    if code == "A23":
        if current is None:
            return Outcome(Verdict.IGNORED, "nothing_to_delete")
        current.void()
        return APPLIED
    if code in ("A05", "A14"):
        return _expect(event, timelines, by_visit=by_visit, strictest=strictest)
    if code in ("A01", "A04") or current is None:
        return _arrive(event, timelines, by_visit=by_visit, strictest=strictest)
    return _during(event, current)


def _admission_cancelled(timelines: list[Timeline], *, by_visit: bool, strictest: Strictest) -> Outcome:
    """What remains after A11: an expected stay stays expected, a visit that never began is shown as cancelled."""
    if not timelines or (timelines[-1].status is Status.ENDED and not by_visit):
        timelines.append(Timeline(strictest=strictest, status=Status.CANCELLED))
    return APPLIED


def _expect(event: Event, timelines: list[Timeline], *, by_visit: bool, strictest: Strictest) -> Outcome:
    """Pre-admission and pending admission: a forecast, no more."""
    current = timelines[-1] if timelines else None
    if current is not None and current.status is Status.OPEN:
        current.describe(event)
        return Outcome(Verdict.IGNORED, "already_admitted")
    if current is None or current.status is Status.ENDED or (current.status is Status.CANCELLED and not by_visit):
        current = Timeline(strictest=strictest)
        timelines.append(current)
    current.status = Status.EXPECTED
    current.describe(event)
    current.location = event.location or current.location
    current.pending = event.pending or event.location
    return APPLIED


def _arrive(event: Event, timelines: list[Timeline], *, by_visit: bool, strictest: Strictest) -> Outcome:
    """An admission or registration, or the first that is heard of a visit that began before we listened."""
    implied = event.code not in ("A01", "A04")
    if implied and event.code not in STATES_PRESENCE and event.code not in ("A03", "A07", TAP_CONTAGION):
        return Outcome(Verdict.IGNORED, "unknown_visit")
    current = timelines[-1] if timelines else None
    reusable = current is not None and (by_visit or current.status in (Status.EXPECTED, Status.OPEN))
    if current is None or not reusable:
        current = Timeline(strictest=strictest)
        timelines.append(current)
    was_open = current.status is Status.OPEN and current.admitted_at is not None
    current.describe(event)
    if not was_open:
        current.admit(event, implied=implied)
        current.pending = None
    if implied:
        current.warn("began_before_first_message")
        return _during(event, current, first=True)
    if event.code == "A04":
        current.location = event.location or current.location
        current.bedless = not current.segments or current.segments[-1].end is not None
    else:
        current.move(event.location, event)
    return APPLIED


def _during(event: Event, stay: Timeline, *, first: bool = False) -> Outcome:
    """An event of a stay that is known."""
    stay.describe(event)
    code = event.code
    if stay.status is Status.CANCELLED:
        return Outcome(Verdict.IGNORED, "visit_cancelled")
    if code in ("A02", "A06", "A17"):
        if stay.status is not Status.OPEN:
            if stay.status is Status.ENDED:
                stay.warn("moved_after_discharge")
            stay.admit(event)
        stay.pending = None
        if first:
            stay.left_unseen(event.prior, event)
        elif event.prior and stay.segments and stay.segments[-1].place[:3] != event.prior[:3]:
            stay.warn("prior_location_differs")
        stay.move(event.location, event)
        return APPLIED
    if code == "A03":
        return _discharged(event, stay, first=first)
    if stay.status is Status.ENDED and code not in ("A08", TAP_CONTAGION):
        return Outcome(Verdict.IGNORED, "already_left")
    if stay.status is Status.EXPECTED and code in ("A07", "A21", "A22", "A53", TAP_LEFT, TAP_CONFIRMED):
        return Outcome(Verdict.IGNORED, "not_admitted")
    if code == TAP_LEFT:
        stay.end(event)
    elif code == TAP_CONFIRMED:
        stay.discharge_confirmed_at = event.effect_at
    elif code == "A16":
        stay.discharge_ordered_at = event.effect_at
    elif code == "A15":
        stay.pending = event.pending or stay.pending
    elif code in ("A21", "A53"):  # A53 stands only as the first word of a visit: on leave, nobody knows since when
        stay.on_leave_since = event.effect_at
        stay.leave_until = event.leave_until
    elif code == "A22":
        stay.on_leave_since = stay.leave_until = None
        stay.move(event.location, event)
    elif code == "A07":
        if first:
            stay.left_unseen(event.prior or event.location, event)
        stay.leave(event)
        stay.bedless = True
        stay.location = event.location or stay.location
        return APPLIED
    if first and code != TAP_CONTAGION:
        if stay.patient_class == "O":
            stay.location = event.location or stay.location
            stay.bedless = True
        else:
            stay.move(event.location, event)
    elif code == "A08" and stay.status is Status.OPEN:
        _check_location(event, stay)
    return APPLIED


def _discharged(event: Event, stay: Timeline, *, first: bool) -> Outcome:
    """A03: physically left, unless the sender's discharge is administrative and a tap has yet to say so."""
    stay.discharged_at = event.discharged_at or event.effect_at
    stay.location = event.location or stay.location
    if stay.status is Status.ENDED:
        return APPLIED
    if event.administrative:
        stay.discharge_confirmed_at = event.effect_at
        if first:
            stay.move(event.location, event)
        return APPLIED
    if first:
        stay.left_unseen(event.location, event)
    stay.end(event)
    return APPLIED


def _check_location(event: Event, stay: Timeline) -> None:
    """An update moves nobody, but one that names another bed is worth a person's look."""
    if event.location is None or not event.location.is_bed or stay.bedless:
        return
    if not stay.segments:
        stay.move(event.location, event)
    elif stay.segments[-1].place[:3] != event.location[:3]:
        stay.warn("location_differs")
