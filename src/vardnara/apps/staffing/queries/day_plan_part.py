"""Whose part of a day somebody plans: all of a hospital, or the people and the work of some of its wards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.boards import hospitals_in_reach
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.staffing.choices import DAY_PLANNERS
from vardnara.apps.staffing.models import DispatchPlan
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions, TaskInfo
from vardnara.apps.staffing.queries.people_reach import people_in_reach
from vardnara.engines.dispatch import Day
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class DayPart:
    """A hospital's day, or what belongs to some wards of it. ``ward_ids`` and ``person_ids`` None: all of it."""

    hospital_id: int
    ward_ids: frozenset[int] | None = None
    person_ids: frozenset[int] | None = None

    @property
    def is_whole(self) -> bool:
        return self.ward_ids is None

    @property
    def places(self) -> frozenset[str]:
        """The wards as the engine names them."""
        return frozenset(str(ward) for ward in self.ward_ids or ())

    def has(self, task: TaskInfo) -> bool:
        """Whether a task is done here."""
        return self.ward_ids is None or task.ward_id in self.ward_ids

    def plans_with(self, zone: Collection[str]) -> bool:
        """Whether somebody with these own places works here: here alone, here too, or wherever they are needed."""
        return self.is_whole or not zone or not self.places.isdisjoint(zone)

    def crew(self, day: Day) -> frozenset[str]:
        """Codes of those with whom this part of the day is planned."""
        return frozenset(worker.code for worker in day.workers if self.plans_with(worker.zone))

    def may_choose(self, code: str) -> bool:
        """Whether somebody of the day is theirs to take out of it or to add: a person of these wards."""
        return self.person_ids is None or person_of(code) in self.person_ids


def person_of(code: str) -> int | None:
    """The person that a worker's code stands for; None for who stands in no register of people."""
    number = code.removeprefix("p").partition("-")[0]
    return int(number) if code.startswith("p") and number.isdecimal() else None


def day_part(*, actor: User) -> DayPart:
    """What the actor plans of a day; raises ``wrong_role``, ``no_scope`` or ``out_of_scope``."""
    role_require(actor, DAY_PLANNERS)
    whole = user_reach(actor).hospital_ids
    if whole:
        return DayPart(min(whole))
    hospitals = hospitals_in_reach(actor=actor)
    if not hospitals:
        raise RuleBroken("out_of_scope", f"user {actor.pk} reaches no ward")
    hospital_id = hospitals[0].pk
    wards = wards_in_reach(actor).filter(division__hospital=hospital_id).values_list("pk", flat=True)
    people = people_in_reach(actor=actor).filter(hospital=hospital_id).values_list("pk", flat=True)
    return DayPart(hospital_id, frozenset(wards), frozenset(people))


def options_in_part(part: DayPart, held: DayOptions, wanted: DayOptions) -> DayOptions:
    """What is chosen for a day when somebody chooses for their part: of everybody else what was chosen stays.

    Raises ``out_of_scope`` where somebody is taken out or added who is not theirs.
    """
    if part.is_whole:
        return wanted
    beyond = [code for code in wanted.without if not part.may_choose(code) and code not in held.without]
    beyond += [f"p{person}" for person, kind in wanted.added if (person, kind) not in held.added]
    if not all(part.may_choose(code) for code in beyond):
        raise RuleBroken("out_of_scope", ", ".join(beyond))
    without = [code for code in held.without if not part.may_choose(code)]
    without += [code for code in wanted.without if part.may_choose(code)]
    added = [one for one in held.added if not part.may_choose(f"p{one[0]}")]
    added += [one for one in wanted.added if part.may_choose(f"p{one[0]}")]
    return DayOptions(tuple(without), tuple(added))


def may_stop(part: DayPart, plan: DispatchPlan) -> bool:
    """Whether a search is theirs to stop: any of a hospital that they plan whole, else one for their own part."""
    return part.ward_ids is None or (bool(plan.part) and part.ward_ids.issuperset(plan.part))


def works_here(part: DayPart, line: Mapping[str, Any], tasks: Collection[TaskInfo]) -> bool:
    """Whether somebody of a kept plan is shown: they are planned with here, or do something here.

    A plan that was kept before people's own places were says nothing of them: everybody is shown.
    """
    return part.plans_with(line.get("zone", ())) or any(part.has(task) for task in tasks)
