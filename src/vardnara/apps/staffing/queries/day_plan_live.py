"""The live answers: what a worker should do next by the policy of their wards, and who should take a task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.hospital.queries.boards import hospitals_in_reach
from vardnara.apps.service.events import Advised, NextAdvice, Taker
from vardnara.apps.staffing.choices import PolicyChoice
from vardnara.apps.staffing.models import DispatchPolicy
from vardnara.apps.staffing.queries.day_plan_rows import DayRows, day_rows
from vardnara.apps.staffing.queries.day_plans import options_read, plan_held
from vardnara.apps.staffing.queries.dispatch_settings import policy_for
from vardnara.engines.dispatch import (
    Answer,
    Figures,
    Live,
    Plan,
    Policy,
    Status,
    Why,
    live_prepare,
    suggest_next,
    suggest_worker,
)
from vardnara.kernel.local_time import STOCKHOLM, day_bounds, local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

NO_PLAN = Plan((), (), Figures(), Status.NOTHING_TO_DO, 0, 0, 0.0)
REASONS = 3  # that are told of a task
AHEAD_MINUTES = 60  # what begins later is not offered yet
WAITS_MINUTES = 5  # from so many on it is said when something begins

# What is told to the worker, in this order; the page itself says what must be washed off and whose wards they are.
TO_WORKER: Mapping[Why, Promise] = {
    Why.NOW: pgettext_lazy("why this task", "It is urgent."),
    Why.LATE: pgettext_lazy("why this task", "It is past its time."),
    Why.NEXT: pgettext_lazy("why this task", "It should go before other work."),
    Why.DUE_SOON: pgettext_lazy("why this task", "It should be done soon."),
    Why.PLANNED: pgettext_lazy("why this task", "Next in your day plan."),
    Why.NOT_PLANNED: pgettext_lazy("why this task", "Nobody else has it."),
    Why.HERE: pgettext_lazy("why this task", "You are there already."),
    Why.NEAR: pgettext_lazy("why this task", "It is nearest."),
    Why.OUTSIDE: pgettext_lazy("why this task", "Outside your wards, but you are needed."),
    Why.DELAYS: pgettext_lazy("why this task", "Something else becomes later."),
}
TO_COORDINATOR: Mapping[Why, Promise] = {
    Why.PLANNED: pgettext_lazy("dispatch why", "has it in the day plan"),
    Why.CLAIMED: pgettext_lazy("dispatch why", "has taken it"),
    Why.HERE: pgettext_lazy("dispatch why", "is there already"),
    Why.NEAR: pgettext_lazy("dispatch why", "is near"),
    Why.OWN_ZONE: pgettext_lazy("dispatch why", "own ward"),
    Why.OUTSIDE: pgettext_lazy("dispatch why", "outside the own wards"),
    Why.WASH: pgettext_lazy("dispatch why", "must wash and change first"),
    Why.LATE: pgettext_lazy("dispatch why", "it becomes late"),
    Why.DELAYS: pgettext_lazy("dispatch why", "other work becomes later"),
    Why.FREE: pgettext_lazy("dispatch why", "has time"),
}


def day_live(*, hospital_id: int, at: datetime) -> tuple[DayRows, Live]:
    """Today as it is now, with the plan that holds; the caller answers for scope."""
    on = local_date(at)
    held = plan_held(hospital_id=hospital_id, on=on)
    options = options_read(held.row.options) if held else None
    rows = day_rows(hospital_id=hospital_id, on=on, at=at, options=options)
    return rows, live_prepare(rows.day, held.plan if held else NO_PLAN)


def next_advice(*, user: User, at: datetime) -> NextAdvice | None:
    """What a worker should do next; None where the worker chooses from the list, or is in no day."""
    hospitals = [row.pk for row in hospitals_in_reach(actor=user)]
    said = DispatchPolicy.objects.filter(hospital__in=hospitals).exclude(policy=PolicyChoice.OWN_CHOICE)
    for hospital_id in said.order_by("hospital").values_list("hospital", flat=True).distinct():
        rows, live = day_live(hospital_id=hospital_id, at=at)
        code = rows.code_of(user.pk)
        if code is None:
            continue
        zone = live.day.workers[live.number_of_worker[code]].zone
        policy = policy_for(hospital_id=hospital_id, ward_ids=[int(ward) for ward in zone])
        if policy == PolicyChoice.OWN_CHOICE:
            return None
        found = suggest_next(live, code, policy=Policy(policy))
        soon = [one for one in found.answers if one.begins_minutes <= rows.day.now_minutes + AHEAD_MINUTES]
        return NextAdvice(tuple(Advised(int(one.task), _to_worker(rows, one)) for one in soon))
    return None


def _to_worker(rows: DayRows, answer: Answer) -> tuple[str, ...]:
    """What speaks for a task, in words for who does it."""
    told = set(answer.why) - ({Why.OUTSIDE} if Why.HERE in answer.why else set())
    texts = [str(text) for why, text in TO_WORKER.items() if why in told][:REASONS]
    if answer.begins_minutes - answer.walk_minutes - rows.day.now_minutes >= WAITS_MINUTES:
        texts.append(pgettext("why this task", "It begins at %(at)s.") % {"at": _clock(rows, answer)})
    return tuple(texts)


def _clock(rows: DayRows, answer: Answer) -> str:
    begins = day_bounds(rows.on)[0] + timedelta(minutes=answer.begins_minutes)
    return date_format(begins.astimezone(STOCKHOLM), "H:i")


def takers(*, hospital_id: int, task_id: int, at: datetime) -> tuple[Taker, ...]:
    """Who should take a task, best first; empty where the task is none of today's that could be taken."""
    rows, live = day_live(hospital_id=hospital_id, at=at)
    number = live.number_of_task.get(str(task_id))
    if number is None or live.day.tasks[number].begun_minutes is not None:
        return ()
    midnight = day_bounds(rows.on)[0]
    return tuple(
        Taker(
            user_id=rows.workers[one.worker].user_id,
            name=rows.workers[one.worker].name,
            begins_at=midnight + timedelta(minutes=one.begins_minutes),
            way_minutes=one.walk_minutes,
            said=tuple(str(text) for why, text in TO_COORDINATOR.items() if why in one.why),
        )
        for one in suggest_worker(live, str(task_id)).answers
    )
