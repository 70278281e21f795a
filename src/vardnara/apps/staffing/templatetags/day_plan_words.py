"""Words of day plans: what is done where, why something is left, what speaks for a task."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.service.choices import TaskKind, name_in_language
from vardnara.apps.staffing.queries.day_plan_rows import TaskInfo
from vardnara.engines.dispatch import LeftReason, StepKind

register = template.Library()

LEFT: dict[str, Promise] = {
    LeftReason.NOBODY_THERE: pgettext_lazy("day plan", "Nobody is there at that time."),
    LeftReason.NO_SKILL: pgettext_lazy("day plan", "Nobody who is there is trained for it."),
    LeftReason.TOO_FEW: pgettext_lazy("day plan", "Too few are there who could do it together."),
    LeftReason.OWNER_CANNOT: pgettext_lazy("day plan", "Whoever has it is not there, or cannot do it in time."),
    LeftReason.WINDOW_SHORT: pgettext_lazy("day plan", "What is left of its time is too short."),
    LeftReason.NO_TIME: pgettext_lazy("day plan", "Nobody has time for it."),
    "declined": pgettext_lazy(
        "day plan", "Somebody has said no to it, and nobody else who is there is trained for it."
    ),
}
STEPS: dict[str, Promise] = {
    StepKind.WALK: pgettext_lazy("day plan", "Walk"),
    StepKind.WAIT: pgettext_lazy("day plan", "Free"),
    StepKind.WASH: pgettext_lazy("day plan", "Wash and change"),
    StepKind.BREAK: pgettext_lazy("day plan", "Break"),
    "elsewhere": pgettext_lazy("day plan", "Taken elsewhere"),
}
FAULTS = {
    "abandoned": pgettext_lazy("day plan", "The worker that made it went away. Ask again."),
    "day_is_over": pgettext_lazy("day plan", "The day was over before it was made."),
    "unexpected": pgettext_lazy("day plan", "Something went wrong. Those who run Vardnara find it in the log."),
}


@register.filter
def left_reason(code: str) -> str:
    """Why nobody does a task."""
    return str(LEFT[code])


@register.filter
def step_word(kind: str) -> str:
    """What somebody does between tasks."""
    return str(STEPS[kind])


@register.filter
def task_title(task: TaskInfo) -> str:
    """What a task is called: by the catalogue where it is service work, else by its kind."""
    if task.kind != TaskKind.SERVICE or not task.name:
        return str(TaskKind(task.kind).label)
    return name_in_language(task.name, task.name_en)


@register.filter
def task_where(task: TaskInfo) -> str:
    """The ward, and the place in it."""
    if not task.bed:
        return task.ward
    room, _, bed = task.bed.partition(":")
    return f"{task.ward}, " + pgettext("place", "Room %(room)s, place %(bed)s") % {"room": room, "bed": bed}


@register.filter
def plan_fault(code: str) -> str:
    """Why no plan was made."""
    return str(FAULTS.get(code, FAULTS["unexpected"]))
