"""Work sampling on the care side: voluntary, drawn ahead, without names (own-2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.choices import Activity, PromptState
from vardnara.apps.service.models import SamplingPrompt, SamplingShift
from vardnara.engines.sampling import DrawOrder, SamplingParams, prompts_draw
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.kernel.time_window import TimeWindow

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

SETTERS = (Role.WARD_STAFF, Role.SERVICE_HEAD)
AHEAD_DAYS = 1


@transaction.atomic
def sampling_shift_set(
    *,
    ward_id: int,
    start_minutes: int,
    end_minutes: int,
    n_questions: int,
    n_staff: Decimal,
    active: bool,
    actor: User,
    at: datetime,
) -> SamplingShift:
    """The ward, or the head of ward service, says in which shift may be asked, how often, and by how many care staff.

    Switched off, what is not answered yet is taken away at once; changed, it is drawn anew for what is left.
    """
    role_require(actor, SETTERS)
    ward_require(actor, ward_id)
    try:
        TimeWindow(start_minutes, end_minutes)
    except InputError as error:
        raise RuleBroken("bad_window", str(error)) from error
    if not 1 <= n_questions <= SamplingParams().most_a_shift:
        raise RuleBroken("too_many_questions", str(n_questions))
    shift, _ = SamplingShift.objects.select_for_update().update_or_create(
        ward_id=ward_id,
        start_minutes=start_minutes,
        defaults={
            "end_minutes": end_minutes,
            "n_questions": n_questions,
            "n_staff": n_staff,
            "active": active,
        },
    )
    SamplingPrompt.objects.filter(shift=shift, state=PromptState.WAITING).delete()
    if active:
        _draw_ahead(shift, at)
    changes_notify(wards=[ward_id])
    return shift


@transaction.atomic
def sampling_prompts_keep(*, at: datetime) -> int:
    """Draw the questions of today and tomorrow where they are not drawn yet, and count those that nobody answered.

    For the job; returns how many were drawn.
    """
    over = at - timedelta(minutes=SamplingParams().open_minutes)
    SamplingPrompt.objects.filter(state=PromptState.WAITING, due_at__lte=over).update(state=PromptState.MISSED)
    shifts = SamplingShift.objects.select_for_update().filter(active=True).order_by("pk")
    return sum(_draw_ahead(shift, at) for shift in shifts)


def _draw_ahead(shift: SamplingShift, at: datetime) -> int:
    """Questions from now on; how many a date has had already counts, so that changing the shift brings no more."""
    window = TimeWindow(shift.start_minutes, shift.end_minutes)
    today = local_date(at)
    made = []
    for ahead in range(-1, AHEAD_DAYS + 1):  # a shift over midnight began yesterday
        on = today + timedelta(days=ahead)
        had = SamplingPrompt.objects.filter(shift=shift, on=on)
        if had.filter(state=PromptState.WAITING).exists():
            continue
        n_had = had.count()
        start_at, end_at = window.interval(on)
        if start_at >= end_at or n_had >= shift.n_questions:
            continue
        times = prompts_draw(DrawOrder(start_at, end_at, shift.n_questions), _chance(shift, on))
        left = [time for time in times if time > at][: shift.n_questions - n_had]
        made += [SamplingPrompt(shift=shift, on=on, due_at=time) for time in left]
    SamplingPrompt.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _chance(shift: SamplingShift, on: date) -> Random:
    """The same shift and date have the same chance: drawn again, the times are those that were drawn before."""
    return Random(f"{shift.seed}/{on.isoformat()}")  # noqa: S311


@transaction.atomic
def sampling_answer(*, prompt_id: int, answer: str, actor: User, at: datetime) -> None:
    """Somebody on the ward says what they are doing; an empty answer is "not now". Who it was is not kept."""
    role_require(actor, [Role.WARD_STAFF])
    prompt = SamplingPrompt.objects.select_for_update(of=("self",)).select_related("shift").filter(pk=prompt_id).first()
    if prompt is None:
        raise RuleBroken("question_over", str(prompt_id))
    ward_require(actor, prompt.shift.ward_id)
    open_for = timedelta(minutes=SamplingParams().open_minutes)
    if prompt.state != PromptState.WAITING or not prompt.due_at <= at < prompt.due_at + open_for:
        raise RuleBroken("question_over", f"prompt {prompt_id} is {prompt.state}")
    if answer and answer not in Activity.values:
        raise RuleBroken("bad_input", answer[:40])
    prompt.state = PromptState.ANSWERED if answer else PromptState.DECLINED
    prompt.answer = answer
    prompt.save()
    changes_notify(wards=[prompt.shift.ward_id])
