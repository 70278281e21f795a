"""Voluntary, few, at random, and nobody's name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from tests.strategies.refusals import refused
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service.choices import Activity
from vardnara.apps.service.models import SamplingPrompt, SamplingShift
from vardnara.apps.service.queries.sampling import question_now, ward_samples
from vardnara.apps.service.services import sampling_answer, sampling_prompts_keep, sampling_shift_set

SIX = datetime(2026, 3, 5, 5, 0, tzinfo=UTC)  # 06:00 on the ward
SOON = timedelta(minutes=1)


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def setting(stage: Stage, who: str = "ward_staff", at: datetime = SIX, **more: object) -> SamplingShift:
    words = {"start_minutes": 420, "end_minutes": 960, "n_questions": 4, "n_staff": 8, "active": True} | more
    return sampling_shift_set(ward_id=stage.ward.pk, actor=stage.users[who], at=at, **words)


def answered(stage: Stage, prompt: SamplingPrompt, answer: str = Activity.SERVICE) -> None:
    actor = stage.users["ward_staff"]
    sampling_answer(prompt_id=prompt.pk, answer=answer, actor=actor, at=prompt.due_at + SOON)


def test_questions_are_drawn_ahead_within_the_shift(stage: Stage) -> None:
    """Today's and tomorrow's, four each, between 07 and 16 by the clock on the wall; drawn once."""
    setting(stage)
    rows = list(SamplingPrompt.objects.order_by("due_at"))
    assert [row.on.day for row in rows] == [5, 5, 5, 5, 6, 6, 6, 6]
    assert all(6 <= row.due_at.hour < 15 for row in rows)
    assert sampling_prompts_keep(at=SIX + SOON) == 0
    assert sampling_prompts_keep(at=SIX + timedelta(days=1)) == 4
    assert SamplingPrompt.objects.exclude(on__in=[row.on for row in rows]).count() == 4


def test_a_table_without_names(stage: Stage) -> None:
    """Neither question nor shift has a column that could say who answered, or when."""
    columns = {field.name for model in (SamplingPrompt, SamplingShift) for field in model._meta.get_fields()}
    assert columns <= {
        "id", "shift", "on", "due_at", "state", "answer", "ward", "start_minutes", "end_minutes", "n_questions",
        "n_staff", "active", "seed", "prompts",
    }  # fmt: skip


def test_one_tap_answers_and_not_now_is_an_answer_too(stage: Stage) -> None:
    """It stands for ten minutes, on the ward's page alone, and is over after one tap."""
    setting(stage)
    first, second, third, *_ = SamplingPrompt.objects.order_by("due_at")
    actor, ward_id = stage.users["ward_staff"], stage.ward.pk
    before = question_now(actor=actor, ward_id=ward_id, at=first.due_at - SOON)
    assert (before.prompt_id, before.look_at) == (None, first.due_at)
    now = question_now(actor=actor, ward_id=ward_id, at=first.due_at)
    assert (now.prompt_id, now.look_at) == (first.pk, first.due_at + timedelta(minutes=10))
    answered(stage, first)
    assert question_now(actor=actor, ward_id=ward_id, at=first.due_at + SOON).prompt_id is None
    with refused("question_over"):
        answered(stage, first, Activity.BREAK)
    answered(stage, second, "")
    with refused("question_over"):
        late = third.due_at + timedelta(minutes=10)
        sampling_answer(prompt_id=third.pk, answer="service", actor=actor, at=late)
    with refused("question_over"):
        sampling_answer(prompt_id=third.pk, answer="service", actor=actor, at=third.due_at - SOON)
    sampling_prompts_keep(at=third.due_at + timedelta(minutes=10))
    states = SamplingPrompt.objects.order_by("due_at").values_list("state", "answer")
    assert list(states)[:3] == [("answered", "service"), ("declined", ""), ("missed", "")]


def test_the_ward_switches_it_off_at_once(stage: Stage) -> None:
    """What was not asked yet is gone; what was answered stays; on again the day brings no more than was allowed."""
    setting(stage)
    first = SamplingPrompt.objects.order_by("due_at")[0]
    answered(stage, first)
    setting(stage, active=False, at=first.due_at + 2 * SOON)
    assert SamplingPrompt.objects.count() == 1 and sampling_prompts_keep(at=first.due_at + 3 * SOON) == 0
    setting(stage, at=first.due_at + 4 * SOON)
    assert SamplingPrompt.objects.filter(on=first.on).count() == 4
    for number in range(6):  # nor does it help to change the hours, whatever times are drawn then
        SamplingShift.objects.update(seed=str(number))
        setting(stage, end_minutes=1440, at=first.due_at + 5 * SOON)
        assert SamplingPrompt.objects.filter(on=first.on).count() <= 4


def test_answers_are_never_changed_and_never_deleted(stage: Stage) -> None:
    setting(stage)
    first = SamplingPrompt.objects.order_by("due_at")[0]
    answered(stage, first)
    with pytest.raises(DatabaseError), transaction.atomic():
        SamplingPrompt.objects.filter(pk=first.pk).update(answer="break")
    with pytest.raises(DatabaseError), transaction.atomic():
        SamplingPrompt.objects.filter(pk=first.pk).delete()


@pytest.mark.parametrize("who", ["service_worker", "coordinator", "controller", "administrator"])
def test_nobody_else_sets_or_answers(stage: Stage, who: str) -> None:
    with refused("wrong_role"):
        setting(stage, who)
    setting(stage)
    prompt = SamplingPrompt.objects.order_by("due_at")[0]
    with refused("wrong_role"):
        sampling_answer(prompt_id=prompt.pk, answer="service", actor=stage.users[who], at=prompt.due_at)


def test_another_ward_neither_asks_nor_answers(stage: Stage) -> None:
    """Ward staff reach their own ward."""
    with refused("out_of_scope"):
        sampling_shift_set(
            ward_id=stage.other_ward.pk, start_minutes=420, end_minutes=960, n_questions=4, n_staff=8, active=True,
            actor=stage.users["ward_staff"], at=SIX,
        )  # fmt: skip
    for wrong in ({"n_questions": 7}, {"n_questions": 0}):
        with refused("too_many_questions"):
            setting(stage, **wrong)


def test_what_the_answers_come_to(stage: Stage) -> None:
    """Ten of forty are service: a quarter of 8 people's 540 minutes; before thirty nothing is told."""
    shift = setting(stage)
    SamplingPrompt.objects.filter(shift=shift).delete()
    made = [
        SamplingPrompt(
            shift=shift, on=SIX.date(), due_at=SIX - timedelta(hours=number), state="answered",
            answer="service" if number % 4 == 0 else "direct_care",
        )
        for number in range(40)
    ]  # fmt: skip
    SamplingPrompt.objects.bulk_create(made[:29])
    words = {"actor": stage.users["controller"], "ward_id": stage.ward.pk, "since": SIX - timedelta(days=9), "at": SIX}
    (few,) = ward_samples(**words)
    assert few.samples.few and few.samples.service is None
    SamplingPrompt.objects.bulk_create(made[29:])
    SamplingPrompt.objects.create(shift=shift, on=SIX.date(), due_at=SIX - timedelta(hours=99))  # nobody answered
    (found,) = ward_samples(**words)
    assert found.samples.service.minutes == 1080 and found.samples.n_asked == 41
    with refused("out_of_scope"):
        ward_samples(**words | {"actor": stage.outsider})


def test_the_ward_s_page_asks_and_takes_the_answer(stage: Stage) -> None:
    """By plain form; only ward staff see it, and not on the wall."""
    now = timezone.now()
    shift = SamplingShift.objects.create(ward=stage.ward, start_minutes=0, end_minutes=1440, n_questions=4, n_staff=8)
    prompt = SamplingPrompt.objects.create(shift=shift, on=now.date(), due_at=now - timedelta(minutes=2))
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["ward_staff"])
    page = f"/avdelning/{stage.ward.pk}/"
    told = client.get(page).content.decode()
    assert "Vad gör du just nu?" in told and "Inte nu" in told and "data-due" in told
    assert "Vad gör du just nu?" not in client.get(page + "?vagg").content.decode()
    head = Client(headers={"accept-language": "sv"})
    head.force_login(stage.users["coordinator"])
    assert "Vad gör du just nu?" not in head.get(page).content.decode()
    done = client.post(page + "stickprov/svar/", {"prompt": prompt.pk, "answer": "walking"}, follow=True)
    prompt.refresh_from_db()
    assert prompt.answer == "walking" and "Vad gör du just nu?" not in done.content.decode()
    settings = client.get(page + "stickprov/").content.decode()
    assert "För få ännu" in settings
    saved = {"start": "07.00", "end": "24:00", "n_questions": 2, "n_staff": "6,5", "active": "on"}
    client.post(page + "stickprov/pass/", saved)
    row = SamplingShift.objects.get(start_minutes=420)
    assert (row.end_minutes, row.n_questions, float(row.n_staff), row.active) == (1440, 2, 6.5, True)
    for wrong in ({"start": "7"}, {"end": "25:00"}, {"start": "24:00"}):
        client.post(page + "stickprov/pass/", saved | wrong)
    assert SamplingShift.objects.count() == 2
