"""Value lists of the work."""

from django.db import models
from django.utils.translation import pgettext_lazy


class TaskKind(models.TextChoices):
    DISCHARGE_CLEAN = "discharge_clean", pgettext_lazy("task", "Discharge clean")
    CONTAGION_CLEAN = "contagion_clean", pgettext_lazy("task", "Contagion clean")
    DAILY_CLEAN = "daily_clean", pgettext_lazy("task", "Daily clean")
    FOUND_BED = "found_bed", pgettext_lazy("task", "Bed found dirty")
    SPILL = "spill", pgettext_lazy("task", "Spill")
    REQUEST = "request", pgettext_lazy("task", "Request from the ward")


TURNOVER_KINDS = (TaskKind.DISCHARGE_CLEAN, TaskKind.CONTAGION_CLEAN, TaskKind.FOUND_BED)


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task state", "Waiting")
    CLAIMED = "claimed", pgettext_lazy("task state", "Claimed")
    STARTED = "started", pgettext_lazy("task state", "Started")
    PAUSED = "paused", pgettext_lazy("task state", "Paused")
    DELAYED = "delayed", pgettext_lazy("task state", "Delayed")
    DONE = "done", pgettext_lazy("task state", "Done")
    INSPECTED = "inspected", pgettext_lazy("task state", "Inspected")
    WITHDRAWN = "withdrawn", pgettext_lazy("task state", "Withdrawn")


LIVE_STATES = (TaskState.OPEN, TaskState.CLAIMED, TaskState.STARTED, TaskState.PAUSED, TaskState.DELAYED)
OWNED_STATES = (TaskState.CLAIMED, TaskState.STARTED, TaskState.PAUSED, TaskState.DELAYED)


class Priority(models.IntegerChoices):
    STAT = 0, pgettext_lazy("priority", "Now")
    NEXT = 1, pgettext_lazy("priority", "Next")
    NORMAL = 2, pgettext_lazy("priority", "Normal")


class EventKind(models.TextChoices):
    CREATED = "created", pgettext_lazy("task event", "Created")
    CLAIMED = "claimed", pgettext_lazy("task event", "Claimed")
    STARTED = "started", pgettext_lazy("task event", "Started")
    PAUSED = "paused", pgettext_lazy("task event", "Paused")
    RESUMED = "resumed", pgettext_lazy("task event", "Resumed")
    DELAYED = "delayed", pgettext_lazy("task event", "Delayed")
    HANDED_BACK = "handed_back", pgettext_lazy("task event", "Handed back")
    REASSIGNED = "reassigned", pgettext_lazy("task event", "Reassigned")
    FINISHED = "finished", pgettext_lazy("task event", "Finished")
    INSPECTED = "inspected", pgettext_lazy("task event", "Approved")
    FAILED = "failed", pgettext_lazy("task event", "Not approved")
    REPRIORITISED = "reprioritised", pgettext_lazy("task event", "Priority changed")
    CHANGED = "changed", pgettext_lazy("task event", "Changed")
    WITHDRAWN = "withdrawn", pgettext_lazy("task event", "Withdrawn")
    CLOSED = "closed", pgettext_lazy("task event", "Closed with reason")


class PauseReason(models.TextChoices):
    BREAK = "break", pgettext_lazy("pause", "Break")
    PATIENT = "patient", pgettext_lazy("pause", "Patient needs the room")
    MATERIAL = "material", pgettext_lazy("pause", "Material is missing")
    MORE_URGENT = "more_urgent", pgettext_lazy("pause", "Something more urgent")
    OTHER = "other", pgettext_lazy("pause", "Other")


class DelayReason(models.TextChoices):
    PATIENT_IN_BED = "patient_in_bed", pgettext_lazy("delay", "Patient still in the bed")
    BELONGINGS = "belongings", pgettext_lazy("delay", "Belongings left")
    EQUIPMENT = "equipment", pgettext_lazy("delay", "Medical equipment in the way")
    VENTILATION = "ventilation", pgettext_lazy("delay", "Waiting for ventilation time")
    REPAIR = "repair", pgettext_lazy("delay", "Repair needed")
    OTHER = "other", pgettext_lazy("delay", "Other")
