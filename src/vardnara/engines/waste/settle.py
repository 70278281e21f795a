"""The verb of this engine: the histories of a meal in, what was wasted and why out.

The cause is **the first thing that happened after which nobody could eat the portion**. What comes later changes
nothing about that: a tray stopped for an allergy at 11:00 is not wasted by the discharge at 11:15.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vardnara.engines.waste.data import BedKind, BedStep, Cause, Meal, OrderKind, OrderStep
from vardnara.engines.waste.result import Evidence, Extent, Finding, Side, Sure, Timing

WANTED = (OrderKind.PLACED, OrderKind.CHANGED, OrderKind.RELEASED, OrderKind.REPLACED)
UNWANTED = (OrderKind.HELD, OrderKind.SUBSTITUTE, OrderKind.CANCELLED, OrderKind.STOPPED)
LEFT_KITCHEN = (OrderKind.SENT, OrderKind.ARRIVED, OrderKind.SERVED, OrderKind.EATEN, OrderKind.RETURNED)
ON_THE_TRAY = (OrderKind.PACKED, OrderKind.CHECKED, *LEFT_KITCHEN)  # there is food, whatever the kitchen's limit says
ENDS = (OrderKind.HELD, OrderKind.SUBSTITUTE, OrderKind.CANCELLED, OrderKind.STOPPED)
RANK = (Cause.DISCHARGED, Cause.MOVED, Cause.FASTING, Cause.AWAY, Cause.WRONG_DIET, Cause.KITCHEN, Cause.LATE)
FACTS = RANK[:4]  # about the patient; what is known of them in time could have been acted on
WORDS = {"nothing_fits": Cause.WRONG_DIET}  # the record's other words for a cause
REFUSED_FOR = {  # what a scan refuses for good; a wrong bed, a tray not packed or too early wastes nothing
    "gone": Cause.DISCHARGED,
    "away": Cause.AWAY,
    "moved": Cause.MOVED,
    "fasting": Cause.FASTING,
    "unsafe": Cause.WRONG_DIET,
    "not_as_checked": Cause.WRONG_DIET,
    "too_late": Cause.KITCHEN,
    "held_too_long": Cause.KITCHEN,
}


@dataclass(frozen=True, slots=True)
class Ground:
    """Something after which the portion could not be eaten."""

    cause: Cause
    at: datetime
    known_at: datetime
    ref: str

    @property
    def rank(self) -> tuple[datetime, int, datetime, str]:
        return (self.at, RANK.index(self.cause), self.known_at, self.ref)

    def evidence(self) -> Evidence:
        """As a line of evidence."""
        return Evidence(self.ref, self.cause, self.at, self.known_at)


def waste_settle(meal: Meal) -> Finding:
    """What became of an ordered portion, and why.

    Parameters
    ----------
    meal
        The order, its history, the stay's and the diet's, and what was noted of the eating.

    Returns
    -------
    Finding
        With exactly one cause where something was wasted, and none where nothing was.

    Notes
    -----
    1. Food is there if the kitchen had to cook: the order was wanted when the kitchen could last act, or it was ordered
       after that and stood or got its ticket, or it stood on a tray. What was taken back before is no waste.
    2. What somebody noted of the eating decides how much was wasted; without a note, a stopped, held or cancelled
       portion is waste whole, and one that came back without being served or whose eater was not there to eat it too.
       Else nobody knows, and nothing counts.
    3. The cause is the earliest ground in the records, unless the patient ate of the portion: who ate was there and
       might eat, whatever the records say. A fact about the patient that was known before the kitchen's limit is no
       excuse: the cause is then that it was not taken back in time. A move that the order followed explains an
       untouched tray only.
    4. Without a ground a person's word is the cause, and without that it is ``other``.
    """
    steps = sorted(set(meal.steps))
    if not _cooked(meal, steps):
        return Finding(Extent.NONE, 0, noted=True, cooked=False)
    grounds = sorted({*_patient_grounds(meal), *_order_grounds(meal, steps)}, key=lambda ground: ground.rank)
    quarters = _wasted_quarters(meal, grounds, came_back=any(step.kind == OrderKind.RETURNED for step in steps))
    if not quarters:
        said = meal.said
        return Finding(Extent.NONE, 0, noted=said is not None, evidence=_noted(meal))
    ate = meal.said is not None and meal.said.quarters > 0
    side = Side.KITCHEN if _stayed(meal, steps) else Side.WARD
    extent = Extent.WHOLE if quarters == 4 else Extent.PART
    return _with_cause(meal, grounds, ate=ate, side=side, extent=extent, quarters=quarters)


def _cooked(meal: Meal, steps: list[OrderStep]) -> bool:
    """Whether the kitchen had to cook it."""
    late = [step for step in steps if step.at >= meal.act_until and step.kind == OrderKind.TICKETED]
    if meal.said is not None or late or any(step.kind in ON_THE_TRAY for step in steps):
        return True
    turns = [step for step in steps if step.kind in (*WANTED, *UNWANTED)]
    before = [step for step in turns if step.at < meal.act_until]
    if before and before[-1].kind in WANTED:
        return True
    return bool(turns) and turns[-1].kind in WANTED and turns[-1].at >= meal.act_until


def _wasted_quarters(meal: Meal, grounds: list[Ground], *, came_back: bool) -> int:
    if meal.said is not None:
        return 4 - meal.said.quarters
    if meal.state in ("stopped", "cancelled", "held", "substitute"):
        return 4
    return 4 if (grounds or came_back) and meal.state != "served" else 0


def _stayed(meal: Meal, steps: list[OrderStep]) -> bool:
    """Whether the food never left the kitchen; of what simply went on without scanning nobody knows, and it did."""
    if meal.said is not None or any(step.kind in LEFT_KITCHEN for step in steps):
        return False
    return meal.state in ("stopped", "cancelled", "held", "substitute")


def _patient_grounds(meal: Meal) -> list[Ground]:
    """Why the eater was not there, or might not eat, when the meal was served."""
    bed = sorted((step for step in set(meal.bed) if step.at <= meal.serves_at), key=lambda step: step.key)
    grounds = []
    gone = next((step for step in reversed(bed) if step.kind in (BedKind.DISCHARGED, BedKind.ADMITTED)), None)
    if gone is not None and gone.kind is BedKind.DISCHARGED:
        grounds.append(_ground(Cause.DISCHARGED, gone))
    placed = [step for step in bed if step.ward is not None]
    if placed and placed[-1].kind is BedKind.MOVED and placed[-1].ward != meal.ward:
        grounds.append(_ground(Cause.MOVED, placed[-1]))
    leave = next((step for step in reversed(bed) if step.kind in (BedKind.LEAVE, BedKind.BACK)), None)
    if leave is not None and leave.kind is BedKind.LEAVE and (leave.until is None or meal.serves_at < leave.until):
        grounds.append(_ground(Cause.AWAY, leave))
    for fast in set(meal.fasts):
        if fast.holds(meal.serves_at):
            grounds.append(Ground(Cause.FASTING, fast.at, fast.known_at, fast.ref))
    return grounds


def _ground(cause: Cause, step: BedStep) -> Ground:
    return Ground(cause, step.at, step.known_at, step.ref)


def _order_grounds(meal: Meal, steps: list[OrderStep]) -> list[Ground]:
    """Why the house or a person stopped it, as the order's own history says."""
    ended = meal.state in ("stopped", "cancelled", "held", "substitute")
    grounds = []
    turns = [step for step in steps if step.kind in (*WANTED, *ENDS)]
    for step in turns:
        later = [other for other in turns if other > step]
        if step.kind in ENDS and ended and not any(other.kind in WANTED for other in later):
            grounds.append(Ground(_reason(step), step.at, step.at, f"order:{step.id}"))
    untouched = meal.said is not None and not meal.said.quarters
    for step in steps:
        if step.kind == OrderKind.MOVED and untouched and meal.act_until <= step.at <= meal.serves_at:
            grounds.append(Ground(Cause.MOVED, step.at, step.at, f"order:{step.id}"))
        if step.kind == OrderKind.REFUSED and step.reason in REFUSED_FOR and meal.state != "served":
            grounds.append(Ground(REFUSED_FOR[step.reason], step.at, step.at, f"order:{step.id}"))
    return grounds


def _reason(step: OrderStep) -> Cause:
    """The cause that a step names; a meal taken back for another reason, after the limit, is a late cancel."""
    if step.reason in RANK:
        return Cause(step.reason)
    return WORDS.get(step.reason, Cause.LATE)


def _timing(meal: Meal, ground: Ground) -> Timing | None:
    if ground.cause not in FACTS:
        return None
    if ground.known_at < meal.act_until:
        return Timing.IN_TIME
    return Timing.TOLD_LATE if ground.at < meal.act_until else Timing.AFTER_LIMIT


def _noted(meal: Meal) -> tuple[Evidence, ...]:
    said = meal.said
    return () if said is None else (Evidence(said.ref, "noted", said.at, said.at),)


def _with_cause(meal: Meal, grounds: list[Ground], *, ate: bool, side: Side, extent: Extent, quarters: int) -> Finding:
    word = meal.said.cause if meal.said is not None else None
    evidence = (*(ground.evidence() for ground in grounds), *_noted(meal))
    cause, sure, timing, fact = word or Cause.OTHER, Sure.SAID if word else Sure.UNKNOWN, None, None
    usable = () if ate else grounds
    if usable:
        first = usable[0]
        timing = _timing(meal, first)
        cause, sure = first.cause, Sure.JOINED
        if timing is Timing.IN_TIME:
            cause, fact = Cause.LATE, first.cause
    against = {ground.cause for ground in grounds} | {cause, fact}
    return Finding(
        extent=extent,
        quarters=quarters,
        noted=True,
        cause=cause,
        side=side,
        sure=sure,
        timing=timing,
        fact=fact,
        said=word,
        contradicted=bool((ate and grounds) or (sure is Sure.JOINED and word is not None and word not in against)),
        untouched=meal.said is not None and meal.said.untouched,
        evidence=evidence,
    )
