"""What is agreed and in force: for the plan of the day, and for whoever asks whose a task is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.db.models.functions import Least

from vardnara.apps.service.choices import Party, VersionState
from vardnara.apps.service.models import AgreementLine, AgreementVersion, Norm, TaskType
from vardnara.engines.agreement import AgreementIndex, Rule
from vardnara.kernel.local_time import STOCKHOLM
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow

if TYPE_CHECKING:
    from django.db.models import QuerySet

IN_FORCE = (VersionState.SIGNED, VersionState.ENDED)  # an ended version still holds until the day it ends


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """A line of a signed agreement with the kind of its task and the norm that counts.

    ``days`` are 1 Monday to 7 Sunday, 8 holiday, 9 eve. ``recurrence`` is None where every one of the days counts, and
    on a task that an event makes; ``valid_to`` is the day on which the line no longer holds, None without end. The norm
    is None where nobody has given one.
    """

    id: int
    agreement_id: int
    version_id: int
    task_type_id: int
    task_code: str
    kind: str
    driver: str
    each: str
    n_people: int
    priority: int
    response_minutes: int | None
    follows_id: int | None
    ward_id: int
    ward_code: str
    party: str
    days: frozenset[int]
    window: TimeWindow
    recurrence: Recurrence | None
    times: int
    norm_fixed_minutes: Decimal | None
    norm_unit_minutes: Decimal | None
    norm_confidence: str
    quality: str
    valid_from: date
    valid_to: date | None


def lines_in_force(*, on: date) -> QuerySet[AgreementLine]:
    """Lines of versions that are signed and hold on a local date."""
    return AgreementLine.objects.annotate(
        holds_to=Least(F("version__valid_to"), F("version__ended_on"))  # PostgreSQL leaves out what is null
    ).filter(
        Q(holds_to__isnull=True) | Q(holds_to__gt=on),
        version__state__in=IN_FORCE,
        version__valid_from__lte=on,
    )


def line_recurrence(line: AgreementLine) -> Recurrence | None:
    """How often a line is to be done, where it is not every one of its days."""
    if not line.rrule:
        return None
    return Recurrence(line.rrule, line.anchor or line.version.valid_from, window=line_window(line))


def line_window(line: AgreementLine) -> TimeWindow:
    return TimeWindow(line.start_minutes, line.end_minutes)


def agreement_lines_valid(
    *, hospital_id: int, on: date, ward_ids: Collection[int] | None = None
) -> tuple[AgreedLine, ...]:
    """What a hospital's agreements say for a local date, by ward, task and hour; for plans, not limited to a person.

    Whether the date is one of a line's days is for the caller to see: a window over midnight belongs to the day before.
    """
    lines = lines_in_force(on=on).filter(version__agreement__hospital=hospital_id)
    if ward_ids is not None:
        lines = lines.filter(ward__in=list(ward_ids))
    rows = list(
        lines.select_related("version", "task_type", "ward").order_by(
            "ward__code", "ward_id", "task_type__code", "start_minutes", "pk"
        )
    )
    norms = norms_newest(task_type_ids={line.task_type_id for line in rows}, on=on)
    found = []
    for line in rows:
        kind, norm = line.task_type, norms.get((line.task_type_id, line.ward_id)) or norms.get((line.task_type_id, 0))
        found.append(
            AgreedLine(
                id=line.pk,
                agreement_id=line.version.agreement_id,
                version_id=line.version_id,
                task_type_id=kind.pk,
                task_code=kind.code,
                kind=kind.kind,
                driver=kind.driver,
                each=kind.each,
                n_people=kind.n_people,
                priority=kind.priority,
                response_minutes=kind.response_minutes,
                follows_id=kind.follows_id,
                ward_id=line.ward_id,
                ward_code=line.ward.code,
                party=line.party,
                days=frozenset(line.days),
                window=line_window(line),
                recurrence=line_recurrence(line),
                times=line.times,
                norm_fixed_minutes=norm.fixed_typical if norm else None,
                norm_unit_minutes=norm.unit_typical if norm else None,
                norm_confidence=norm.confidence if norm else "",
                quality=line.quality,
                valid_from=line.version.valid_from,
                valid_to=line.holds_to,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class InForce:
    """A version that holds, as a card names it."""

    agreement_id: int
    number: str
    title: str
    version: int
    valid_from: date
    contact: str


def versions_in_force(*, ward_id: int, on: date) -> list[InForce]:
    """Signed versions that name a ward and hold on a local date."""
    lines = lines_in_force(on=on).filter(ward=ward_id).select_related("version__agreement")
    found = {line.version_id: line.version for line in lines.order_by("version")}
    return [
        InForce(
            agreement_id=version.agreement_id,
            number=version.agreement.number,
            title=version.agreement.title,
            version=version.number,
            valid_from=version.valid_from,
            contact=version.contact,
        )
        for version in found.values()
    ]


def parties_in_force(*, ward_ids: Collection[int], on: date) -> dict[int, list[str]]:
    """Parties that have something to do by ward, in the order of their list."""
    rows = set(lines_in_force(on=on).filter(ward__in=list(ward_ids)).values_list("ward_id", "party"))
    order = [str(party) for party in Party]
    found: dict[int, list[str]] = {}
    for ward, party in sorted(rows, key=lambda row: (row[0], order.index(row[1]))):
        found.setdefault(ward, []).append(party)
    return found


def norms_newest(*, task_type_ids: Iterable[int], on: date) -> dict[tuple[int, int], Norm]:
    """The norm that counts on a date by kind of task and ward; ward 0 stands for all wards."""
    rows = Norm.objects.filter(task_type__in=list(task_type_ids), valid_from__lte=on).order_by("valid_from", "pk")
    return {(norm.task_type_id, norm.ward_id or 0): norm for norm in rows}


def types_in_force(*, on: date) -> set[int]:
    """Kinds of task that a signed agreement speaks of on a date or later."""
    later = Q(version__state__in=IN_FORCE) & (Q(version__valid_to__isnull=True) | Q(version__valid_to__gt=on))
    lines = AgreementLine.objects.filter(later, Q(version__ended_on__isnull=True) | Q(version__ended_on__gt=on))
    return set(lines.values_list("task_type_id", flat=True))


def wards_agreed(*, ward_ids: Collection[int]) -> set[tuple[int, int]]:
    """(kind of task, ward) that any signed agreement has ever spoken of: its work does not vanish when that ends."""
    lines = AgreementLine.objects.filter(version__state__in=IN_FORCE, ward__in=list(ward_ids))
    return set(lines.values_list("task_type_id", "ward_id").distinct())


@dataclass(frozen=True, slots=True)
class EventAsked:
    """Something has happened: kinds of task in order of preference, where and when."""

    codes: tuple[str, ...]
    ward_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """Whose the work is, which kind of task, and when it is expected to be begun (None where nobody has said)."""

    task_type_id: int | None
    party: str
    begin_by: datetime | None

    def due_at(self, minutes: int | None) -> datetime | None:
        """When work of so many minutes is expected to be finished."""
        return None if self.begin_by is None else self.begin_by + timedelta(minutes=minutes or 0)


def event_answers(asked: Collection[EventAsked]) -> list[EventAnswer]:
    """Whose the work is that events make, and until when: one answer each, in order.

    Where no agreement has ever spoken of any of the codes on the ward it is the service's; where one has and none
    speaks of the moment it is nobody's. The time is the catalogue's, of the first code that it knows.
    """
    codes = {code for one in asked for code in one.codes}
    lines: dict[tuple[str, int], list[AgreementLine]] = defaultdict(list)
    spoken = AgreementLine.objects.filter(
        version__state__in=IN_FORCE, ward__in={one.ward_id for one in asked}, task_type__code__in=codes
    )
    for line in spoken.select_related("version", "task_type"):
        lines[line.task_type.code, line.ward_id].append(line)
    known = TaskType.objects.filter(code__in=codes, retired_at__isnull=True)
    response = dict(known.values_list("code", "response_minutes"))
    return [_event_answer(one, lines, response) for one in asked]


def _event_answer(
    one: EventAsked, lines: Mapping[tuple[str, int], list[AgreementLine]], response: Mapping[str, int | None]
) -> EventAnswer:
    within = next((response[code] for code in one.codes if code in response), None)
    begin_by = None if within is None else one.at + timedelta(minutes=within)
    code = next((code for code in one.codes if (code, one.ward_id) in lines), None)
    if code is None:
        return EventAnswer(None, Party.SERVICE, begin_by)
    mine = lines[code, one.ward_id]
    today = one.at.astimezone(STOCKHOLM).date()
    rules = [
        Rule(code, str(one.ward_id), frozenset(line.days), line_window(line), line.party)
        for line in mine
        if _holds(line.version, today)
    ]
    party = AgreementIndex(rules).responsible_at(code, str(one.ward_id), one.at) or ""
    return EventAnswer(mine[0].task_type_id, party, begin_by)


def _holds(version: AgreementVersion, on: date) -> bool:
    ends = [day for day in (version.valid_to, version.ended_on) if day is not None]
    return version.valid_from <= on and all(on < day for day in ends)
