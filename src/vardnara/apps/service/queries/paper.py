"""What the lists on paper hold, how old they are, and what was entered from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from vardnara.apps.hospital.queries.paper import PaperWard, paper_wards
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import LIVE_STATES, Party
from vardnara.apps.service.models import PaperEntry, PaperList, Task
from vardnara.apps.service.queries.tasks import TaskRow, _rows
from vardnara.kernel.check_digit import check_holds
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

HORIZON = timedelta(hours=16)  # how far ahead a list goes: a shift, and the morning after a night
OLD_MINUTES = 15  # older lists are warned about (STANDARDS L-45)
N_BLANK = 8


@dataclass(frozen=True, slots=True)
class PaperContent:
    """What a ward's list says."""

    ward: PaperWard
    tasks: tuple[TaskRow, ...]


def paper_content(*, at: datetime, ward_ids: Collection[int] | None = None) -> list[PaperContent]:
    """Beds and work of each ward until the horizon, by time; as ``paper_wards`` limited by the caller."""
    wards = paper_wards(ward_ids=ward_ids)
    tasks = Task.objects.filter(
        Q(starts_at__isnull=True) | Q(starts_at__lte=at + HORIZON),
        state__in=LIVE_STATES,
        party__in=["", Party.SERVICE],
        ward__in=[ward.id for ward in wards],
    )
    by_ward: dict[int, list[TaskRow]] = defaultdict(list)
    for task in _rows(tasks, at):
        by_ward[task.ward_id].append(task)
    return [PaperContent(ward, tuple(sorted(by_ward[ward.id], key=_by_time))) for ward in wards]


def _by_time(task: TaskRow) -> tuple[datetime, int, str, str, int]:
    return (task.starts_at or task.created_at, int(task.priority), task.room_code, task.bed_code, task.id)


def list_read(text: str) -> int:
    """The key of a list by what somebody typed; raises ``bad_list_number``."""
    digits = "".join(letter for letter in text if letter.isdecimal() and letter.isascii())
    if not check_holds(digits) or len(digits) > 12:
        raise RuleBroken("bad_list_number", text[:20])
    return int(digits[:-1])


def paper_ages(*, at: datetime) -> list[tuple[str, datetime | None, bool]]:
    """(ward, when its list was last filed, whether that is too long ago) of every ward, oldest first."""
    filed = dict(PaperList.objects.values_list("ward").annotate(last=Max("filed_at")))
    limit = at - timedelta(minutes=OLD_MINUTES)
    rows = []
    for ward in paper_wards():
        last = filed.get(ward.id)
        rows.append((ward.code, last, last is None or last < limit))
    return sorted(rows, key=lambda row: (row[1] is not None, row[1] or at, row[0]))


def paper_status(*, at: datetime) -> tuple[datetime | None, list[str]]:
    """When the oldest list was filed (None: some never), and the wards whose list is too old."""
    ages = paper_ages(at=at)
    return (ages[0][1] if ages else None), [code for code, _, old in ages if old]


def paper_of(*, actor: User, number: str) -> PaperList:
    """A list by its printed number, if its ward is within the actor's reach; raises ``unknown_list`` else."""
    found = (
        PaperList.objects.filter(pk=list_read(number), ward__in=wards_in_reach(actor)).select_related("ward").first()
    )
    if found is None:
        raise RuleBroken("unknown_list", number[:20])
    return found


def paper_entries(paper: PaperList) -> dict[int, PaperEntry]:
    """What was entered from a list, by row."""
    rows = PaperEntry.objects.filter(paper=paper).select_related("worker", "entered_by")
    return {row.row: row for row in rows}
