"""Reads of cleans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vardnara.apps.cleaning.models import Clean
from vardnara.apps.hospital.queries.beds import bed_cleanliness
from vardnara.apps.hospital.services.verify import Broken
from vardnara.apps.service.choices import LIVE_STATES, TURNOVER_KINDS, TaskKind


def live_cleans(bed_ids: Iterable[int]) -> tuple[dict[int, Clean], dict[int, Clean]]:
    """The unfinished turnover clean, and the unfinished daily clean, of each bed that has one, with their tasks."""
    rows = Clean.objects.select_related("task").filter(
        bed__in=set(bed_ids), task__kind__in=[*TURNOVER_KINDS, TaskKind.DAILY_CLEAN], task__state__in=LIVE_STATES
    )
    turnovers: dict[int, Clean] = {}
    daily: dict[int, Clean] = {}
    for row in rows:
        (daily if row.task.kind == TaskKind.DAILY_CLEAN else turnovers)[row.bed_id] = row
    return turnovers, daily


def beds_agree_with_cleans() -> Iterator[Broken]:
    """Invariant 2: a dirty bed has somebody's unfinished clean, a bed being cleaned a started one, a clean bed none."""
    unfinished = Clean.objects.filter(task__kind__in=TURNOVER_KINDS, task__state__in=LIVE_STATES)
    live = dict(unfinished.values_list("bed_id", "task__state"))
    for bed_id, cleanliness in bed_cleanliness():
        if cleanliness == "dirty" and bed_id not in live:
            yield Broken(2, f"bed {bed_id}", "is dirty and nobody has a task to clean it")
        if cleanliness == "cleaning" and live.get(bed_id) not in ("started", "paused", "delayed"):
            yield Broken(2, f"bed {bed_id}", f"is being cleaned, its task is {live.get(bed_id, 'missing')}")
        if cleanliness == "clean" and bed_id in live:
            yield Broken(2, f"bed {bed_id}", "is clean but has an unfinished clean")
