"""What a message says: place and work, never who lies there, never a diagnosis, and on a lock screen no contagion."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import pgettext

from vardnara.apps.hospital.choices import Part
from vardnara.apps.service.choices import AlertTrigger, TaskKind, name_in_language
from vardnara.apps.service.models import EscalationCase


@dataclass(frozen=True, slots=True)
class AlertWords:
    """A case in words: ``short`` fits a lock screen, ``text`` is one sentence, ``path`` is where more is seen."""

    trigger: str
    work: str
    ward: str
    place: str
    short: str
    text: str
    path: str


def case_words(case: EscalationCase, *, language: str) -> AlertWords:
    """The words of a case in a language; the case with ``task__task_type``, ``bed__room`` and ``ward`` at hand."""
    with translation.override(language):
        trigger = str(AlertTrigger(case.trigger).label)
        bed = case.bed
        place = f"{bed.room.code}:{bed.code}" if bed is not None else ""
        ward = case.ward.code if case.ward is not None else ""
        work = _work(case)
        at = timezone.localtime(case.since)
        today = timezone.localdate(case.opened_at)
        since = date_format(at, "H:i" if at.date() == today else "j/n H:i")
        where = " ".join(part for part in (ward, place) if part)
        text = pgettext("alert", "%(trigger)s: %(work)s %(where)s, since %(since)s") % {
            "trigger": trigger,
            "work": work,
            "where": where,
            "since": since,
        }
        short = pgettext("alert", "%(ward)s since %(since)s. Open to see more.") % {"ward": ward, "since": since}
        path = reverse("service:task", args=[case.task_id]) if case.task_id else reverse("service:escalation")
        return AlertWords(trigger, work, ward, place, short.strip(), " ".join(text.split()), path)


def _work(case: EscalationCase) -> str:
    task = case.task
    if task is None:
        part = case.subject.partition(":")[2]
        return str(Part(part).label) if case.trigger == AlertTrigger.SILENT and part in Part.values else ""
    if task.kind == TaskKind.SERVICE and task.task_type is not None:
        return name_in_language(task.task_type.name, task.task_type.name_en)
    return str(TaskKind(task.kind).label)
