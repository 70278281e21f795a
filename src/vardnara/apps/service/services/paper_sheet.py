"""A ward's beds and work as its list on paper, in the hospital's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

from vardnara.apps.hospital.choices import BedStatus, ContagionClass
from vardnara.apps.hospital.queries.boards import BedRow
from vardnara.apps.service.models.paper import list_number, row_code
from vardnara.apps.service.queries.paper import PaperContent
from vardnara.apps.service.queries.tasks import TaskRow
from vardnara.apps.service.templatetags.words import instruction_text, warning_text
from vardnara.engines.documents import PaperBed, PaperRow, PaperSheet, PaperWords
from vardnara.parameters.contagion import instruction


def paper_words() -> PaperWords:
    """The fixed words."""
    return PaperWords(
        valid=pgettext("paper", "As it was"),
        number=pgettext("paper", "List"),
        beds=pgettext("paper", "Bed places"),
        work=pgettext("paper", "Work"),
        found=pgettext("paper", "Found work: a dirty bed or a spill"),
        code=pgettext("paper", "Row"),
        when=pgettext("paper", "When"),
        what=pgettext("paper", "What"),
        place=pgettext("paper", "Place"),
        done=pgettext("paper", "Done"),
        start=pgettext("paper", "Began"),
        finish=pgettext("paper", "Finish"),
        who=pgettext("paper", "Initials"),
        note=pgettext("paper", "What was found"),
        nothing=pgettext("paper", "No work is known."),
        how=pgettext(
            "paper", "Write times as 14:05. Afterwards the list is entered under Paper, by its number and rows."
        ),
    )


def rows_kept(tasks: Sequence[TaskRow]) -> list[list[object]]:
    """What is kept of a list's rows: number, task, title, place, window in words."""
    return [[number, task.id, task.title, _place(task), _when(task)] for number, task in enumerate(tasks, 1)]


def paper_sheet(content: PaperContent, *, paper_id: int, at: datetime, n_blank: int) -> PaperSheet:
    """A list, under its number."""
    first_blank = len(content.tasks) + 1
    return PaperSheet(
        title=pgettext("paper", "Ward %(code)s, %(name)s") % {"code": content.ward.code, "name": content.ward.name},
        number=list_number(paper_id),
        valid=date_format(timezone.localtime(at), "j F Y H:i"),
        beds=tuple(_bed(bed) for bed in content.ward.beds),
        rows=tuple(
            PaperRow(
                code=row_code(paper_id, number),
                when=_when(task),
                what=task.title if not task.note else f"{task.title}: {task.note}",
                place=_place(task),
                careful=_careful(task),
                who=task.owner_name or ("" if task.party else pgettext("paper", "nobody's")),
            )
            for number, task in enumerate(content.tasks, 1)
        ),
        blank_codes=tuple(row_code(paper_id, number) for number in range(first_blank, first_blank + n_blank)),
    )


def _place(task: TaskRow) -> str:
    return f"{task.room_code}:{task.bed_code}" if task.bed_id else ""


def _when(task: TaskRow) -> str:
    """The window, or until when; with the date where that is not the day on which it was made."""
    start, end = (timezone.localtime(at) if at else None for at in (task.starts_at, task.due_at))
    made = timezone.localtime(task.created_at)
    if start is not None and end is not None:
        day = f"{date_format(start, 'j/n')} "
        return f"{day}{date_format(start, 'H:i')}–{date_format(end, 'H:i')}"
    if end is not None:
        return pgettext("paper", "by %(at)s") % {"at": date_format(end, "j/n H:i")}
    return pgettext("paper", "since %(at)s") % {"at": date_format(made, "j/n H:i")}


def _careful(task: TaskRow) -> str:
    """Class, agent and protection of a contagion clean: what to do, never why."""
    parts = []
    if task.contagion:
        told = instruction(task.contagion)
        parts.append(str(ContagionClass(task.contagion).label))
        parts.append(instruction_text(told.agent))
        if told.contact_minutes:
            parts.append(pgettext("paper", "%(n)d min wet") % {"n": told.contact_minutes})
        parts.append(", ".join(instruction_text(one) for one in told.protection))
    if task.warning:
        parts.append(str(warning_text(task.warning)))
    return ". ".join(parts)


def _bed(bed: BedRow) -> PaperBed:
    state = str(BedStatus(bed.status).label)
    more = []
    if bed.contagion:
        more.append(str(ContagionClass(bed.contagion).label))
    if bed.discharge:
        more.append(pgettext("paper", "going home"))
    if bed.on_leave:
        more.append(pgettext("paper", "on leave"))
    if bed.unclean_patient:
        more.append(pgettext("paper", "not cleaned"))
    return PaperBed(f"{bed.room_code}:{bed.code}", f"{state} ({', '.join(more)})" if more else state)
