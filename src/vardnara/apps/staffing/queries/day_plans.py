"""Day plans that were made: the one that holds, as the engine and as pages know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.staffing.choices import DAY_KEEPERS, UNDER_WAY, RunState
from vardnara.apps.staffing.models import DispatchPlan
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions, DayRows, TaskInfo, WorkerInfo
from vardnara.engines.dispatch import Plan
from vardnara.engines.dispatch.document import plan_read
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True)
class HeldPlan:
    """A plan that was made, with what it was made of."""

    row: DispatchPlan

    @cached_property
    def plan(self) -> Plan:
        """As the engine made it."""
        return plan_read(self.row.result["plan"])

    @cached_property
    def greedy(self) -> Mapping[str, int]:
        """The plain floor's figures of the same day."""
        return dict(self.row.result["greedy"])

    @cached_property
    def workers(self) -> dict[str, WorkerInfo]:
        """Who its workers are."""
        return {code: WorkerInfo(**one["who"]) for code, one in self.row.basis["workers"].items()}

    @cached_property
    def tasks(self) -> dict[str, TaskInfo]:
        """What its tasks are."""
        return {code: TaskInfo(**one["what"]) for code, one in self.row.basis["tasks"].items()}

    @property
    def options(self) -> DayOptions:
        """What was chosen for the day."""
        return options_read(self.row.options)


def options_row(options: DayOptions) -> dict[str, Any]:
    """What was chosen, as plain rows."""
    return {"without": list(options.without), "added": [list(one) for one in options.added]}


def options_read(row: Mapping[str, Any]) -> DayOptions:
    """What ``options_row`` made rows of."""
    added = tuple((int(person), int(kind)) for person, kind in row.get("added", ()))
    return DayOptions(tuple(row.get("without", ())), added)


def basis_row(rows: DayRows) -> dict[str, Any]:
    """What a plan is made of, so that it can be read when people, wards and work have become others."""
    day = rows.day
    return {
        "now": day.now_minutes,
        "workers": {
            one.code: {
                "who": asdict(rows.workers[one.code]),
                "starts": one.starts_minutes,
                "ends": one.ends_minutes,
                "place": one.place,
                "home": one.home,
                "skills": sorted(one.skills),
                "zone": sorted(one.zone),
                "hygiene": int(one.hygiene),
                "breaks": [[b.code, b.opens_minutes, b.closes_minutes, b.minutes] for b in one.breaks],
            }
            for one in day.workers
        },
        "tasks": {
            one.code: {
                "what": asdict(rows.tasks[one.code]),
                "minutes": one.minutes,
                "opens": one.opens_minutes,
                "due": one.due_minutes,
                "closes": one.closes_minutes,
                "priority": one.priority,
                "hygiene": int(one.hygiene),
                "people": one.n_people,
                "place": one.place,
            }
            for one in day.tasks
        }
        | {one.task: {"what": asdict(rows.tasks[one.task])} for one in rows.apart},
        "places": dict(rows.places),
        "walking": {"places": list(day.walking.places), "minutes": [list(line) for line in day.walking.minutes]},
        "apart": [[one.task, one.reason.value] for one in rows.apart],
        "unknown": list(rows.unknown),
        "ways_said": rows.n_said,
    }


def day_hospital(*, actor: User) -> int:
    """The hospital that the actor reaches whole, to keep its ways; raises ``wrong_role`` or ``out_of_scope``."""
    role_require(actor, DAY_KEEPERS)
    reach = user_reach(actor).hospital_ids
    if not reach:
        raise RuleBroken("out_of_scope", f"user {actor.pk} reaches no whole hospital")
    return min(reach)


def plan_held(*, hospital_id: int, on: date) -> HeldPlan | None:
    """The plan that holds on a date: the newest that is done. The caller answers for scope."""
    row = (
        DispatchPlan.objects.filter(hospital=hospital_id, on=on, state=RunState.DONE)
        .select_related("asked_by")
        .order_by("-pk")
        .first()
    )
    return HeldPlan(row) if row else None


def plan_held_id(*, hospital_id: int, on: date) -> int | None:
    """Which plan holds on a date, without reading it. The caller answers for scope."""
    done = DispatchPlan.objects.filter(hospital=hospital_id, on=on, state=RunState.DONE)
    return done.order_by("-pk").values_list("pk", flat=True).first()


def plan_under_way(*, hospital_id: int, on: date) -> DispatchPlan | None:
    """A plan of the date that is being made, or the last one where that failed. The caller answers for scope."""
    row = DispatchPlan.objects.filter(hospital=hospital_id, on=on).defer("basis", "result").order_by("-pk").first()
    return row if row is not None and row.state in (*UNDER_WAY, RunState.FAILED) else None
