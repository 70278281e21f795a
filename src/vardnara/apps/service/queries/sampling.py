"""What stands to be asked on a ward, and what the answers come to. Answers have no name to be asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count

from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.service.choices import PromptState
from vardnara.apps.service.models import SamplingPrompt, SamplingShift
from vardnara.engines.sampling import Category, SampleOrder, Samples, SamplingParams, samples_estimate
from vardnara.kernel.time_window import TimeWindow

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class Question:
    """The question that stands now, if any, and when the page must look again."""

    prompt_id: int | None
    look_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShiftSamples:
    """A shift of a ward as it is set, and what was answered in it."""

    id: int
    window: TimeWindow
    n_questions: int
    n_staff: Decimal
    active: bool
    samples: Samples


def question_now(*, actor: User, ward_id: int, at: datetime) -> Question:
    """The question that stands on a ward within reach, or when the next one comes."""
    ward_require(actor, ward_id)
    stands = timedelta(minutes=SamplingParams().open_minutes)
    rows = SamplingPrompt.objects.filter(
        shift__ward=ward_id, shift__active=True, state=PromptState.WAITING, due_at__gt=at - stands
    ).order_by("due_at")
    first = rows.values_list("pk", "due_at").first()
    if first is None:
        return Question(None, None)
    pk, due_at = first
    return Question(pk, due_at + stands) if due_at <= at else Question(None, due_at)


def ward_samples(*, actor: User, ward_id: int, since: datetime, at: datetime) -> list[ShiftSamples]:
    """The shifts of a ward within reach with what was answered since then."""
    ward_require(actor, ward_id)
    over = at - timedelta(minutes=SamplingParams().open_minutes)
    found = []
    for shift in SamplingShift.objects.filter(ward=ward_id).order_by("start_minutes"):
        prompts = SamplingPrompt.objects.filter(shift=shift, due_at__gte=since, due_at__lte=at)
        states: Counter[str] = Counter()
        answers: Counter[Category] = Counter()
        for state, answer, number in prompts.values_list("state", "answer").annotate(number=Count("pk")):
            states[state] += number
            if state == PromptState.ANSWERED:
                answers[Category(answer)] += number
        n_over = prompts.filter(state=PromptState.WAITING, due_at__lte=over).count()  # the job has not been there yet
        window = TimeWindow(shift.start_minutes, shift.end_minutes)
        order = SampleOrder(
            answers=answers,
            n_declined=states[PromptState.DECLINED],
            n_missed=states[PromptState.MISSED] + n_over,
            shift_minutes=window.minutes,
            n_staff=float(shift.n_staff),
        )
        found.append(
            ShiftSamples(shift.pk, window, shift.n_questions, shift.n_staff, shift.active, samples_estimate(order))
        )
    return found
