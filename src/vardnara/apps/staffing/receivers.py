"""Answers to what the work asks of whoever plans the day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.dispatch import receiver

from vardnara.apps.service.events import NextAdvice, Taker, next_asked, takers_asked
from vardnara.apps.staffing.queries.day_plan_live import next_advice, takers

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@receiver(next_asked)
def on_next_asked(sender: object, user: User, at: datetime, **_: object) -> NextAdvice | None:
    return next_advice(user=user, at=at)


@receiver(takers_asked)
def on_takers_asked(sender: object, hospital_id: int, task_id: int, at: datetime, **_: object) -> tuple[Taker, ...]:
    return takers(hospital_id=hospital_id, task_id=task_id, at=at)
