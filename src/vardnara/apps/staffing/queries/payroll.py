"""What payroll is told of a month: approved time, inconvenient minutes, days away, sums; what is not approved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.staffing.choices import PAYERS, TimeSort, WorkedState
from vardnara.apps.staffing.models import (
    Leave,
    PayrollExport,
    Person,
    RosterChange,
    RosterShift,
    WorkedPart,
    WorkedTime,
)
from vardnara.apps.staffing.queries.roster_period import engine_kind
from vardnara.apps.staffing.queries.worked_time import worked_rows
from vardnara.engines.hours import CATEGORIES, Duty, Span, inconvenient_minutes
from vardnara.engines.hours.params import inconvenient_rules
from vardnara.kernel.calendar import days_between
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import STOCKHOLM, day_bounds, local_date
from vardnara.parameters.working_hours import month_rounding

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class PayLine:
    """A line for payroll. ``record`` is ``time``, ``absence`` or ``sum``; minutes are those of the local day.

    ``A`` to ``D`` are inconvenient minutes by category: of a ``time`` line those within it, of a ``sum`` line those of
    the month, rounded up as paid; ``minutes`` of a sum are the worked ones as rostered.
    """

    record: str
    person: str
    day: str
    start: str
    end: str
    kind: str
    post: str
    measure: str
    minutes: float
    A: float = 0
    A_night: float = 0
    B: float = 0
    B_night: float = 0
    C: float = 0
    D: float = 0


COLUMNS = tuple(one.name for one in fields(PayLine))


@dataclass(frozen=True, slots=True)
class Missing:
    """A shift of the month that nobody has approved."""

    person_id: int
    number: str
    name: str
    on: date
    state: str


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A file that was handed out."""

    id: int
    number: int
    made_at: datetime
    made_by: str
    n_lines: int
    digest: str


@dataclass(frozen=True, slots=True)
class PayrollMonth:
    """A month: what the next file would hold, what is not approved, and the files that were handed out."""

    month: date
    new: int
    corrections: int
    minutes: Mapping[str, float]
    missing: tuple[Missing, ...]
    exports: tuple[ExportRow, ...]


def month_after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=32)).replace(day=1)


def payroll_hospital(*, actor: User) -> int:
    """The hospital whose time the actor hands to payroll, reached whole; raises ``wrong_role``, ``out_of_scope``."""
    role_require(actor, PAYERS)
    whole = user_reach(actor).hospital_ids
    if not whole:
        raise RuleBroken("out_of_scope", f"user {actor.pk} reaches no hospital whole")
    return min(whole)


def payroll_month(*, actor: User, month: date, at: datetime) -> PayrollMonth:
    """A month as the page shows it."""
    hospital = payroll_hospital(actor=actor)
    lines = lines_of(hospital, month, at)
    sent = net_sent(hospital, month)
    new, gone = Counter(lines) - sent, sent - Counter(lines)
    minutes: dict[str, float] = {}
    for line in lines:
        if line.record == "time":
            minutes[line.kind] = minutes.get(line.kind, 0) + line.minutes
    exports = PayrollExport.objects.filter(hospital=hospital, month=month).select_related("made_by").order_by("number")
    return PayrollMonth(
        month,
        sum(new.values()),
        sum(gone.values()),
        minutes,
        tuple(missing_of(hospital, month, at)),
        tuple(
            ExportRow(
                one.pk,
                one.number,
                one.made_at,
                one.made_by.get_full_name() or one.made_by.username,
                len(one.lines),
                one.digest,
            )
            for one in exports
        ),
    )


def payroll_file(*, actor: User, export_id: int) -> PayrollExport:
    """A file as it was handed out; raises ``unknown_payroll``."""
    row = PayrollExport.objects.filter(hospital=payroll_hospital(actor=actor), pk=export_id).first()
    if row is None:
        raise RuleBroken("unknown_payroll", str(export_id))
    return row


def net_sent(hospital_id: int, month: date) -> Counter[PayLine]:
    """The lines that payroll has of a month: sent and not reversed."""
    found: Counter[PayLine] = Counter()
    for row in PayrollExport.objects.filter(hospital=hospital_id, month=month).order_by("number"):
        for line in row.lines:
            one = line_read(line)
            found[one] += -1 if line["line"] == "reversal" else 1
    return +found


def line_read(line: Mapping[str, Any]) -> PayLine:
    """A line of a file as it was kept."""
    return PayLine(**{name: line[name] for name in COLUMNS})


def line_kept(line: PayLine, sort: str) -> dict[str, Any]:
    """A line as a file keeps it; ``sort`` is ``new``, ``correction`` or ``reversal``."""
    return {"line": sort} | asdict(line)


def lines_of(hospital_id: int, month: date, at: datetime) -> list[PayLine]:
    """Every line of a month as it is now, in order."""
    to = month_after(month)
    worked = (
        WorkedTime.objects.filter(
            person__hospital=hospital_id, on__gte=month - DAY, on__lt=to, state=WorkedState.APPROVED
        )
        .exclude(replaced_by__state=WorkedState.APPROVED)
        .select_related("person")
        .prefetch_related(Prefetch("parts", WorkedPart.objects.order_by("start_at")))
    )
    rules = inconvenient_rules()

    @cache  # many work the same hours
    def inconvenient(span: Span) -> dict[str, float]:
        return inconvenient_minutes(Duty(span), rules[max(one for one in rules if one <= local_date(span.start))])

    found: list[PayLine] = []
    sums: dict[str, defaultdict[str, float]] = {}
    for row in worked:
        for part in row.parts.all():
            for span in _by_day(Span(part.start_at, part.end_at)):
                if not month <= local_date(span.start) < to:
                    continue
                found.append(_time_line(row, part, span, inconvenient))
                if part.sort == TimeSort.ORDINARY:
                    own = sums.setdefault(row.person.number, defaultdict(float))
                    own["minutes"] += span.minutes
                    for category, minutes in inconvenient(span).items():
                        own[category] += minutes
    found += _absences(hospital_id, month, to, at)
    step = month_rounding()
    for number, own in sums.items():
        paid = {category: -(-own[category] // step) * step for category in CATEGORIES}
        day = f"{month:%Y-%m}"
        kind = str(TimeSort.ORDINARY)
        found.append(PayLine("sum", number, day, "", "", kind, "", "", own["minutes"], **paid))
    return sorted(found)


def _time_line(
    row: WorkedTime, part: WorkedPart, span: Span, inconvenient: Callable[[Span], dict[str, float]]
) -> PayLine:
    """A stretch of a local day; time beyond the roster has no inconvenient minutes (W-48)."""
    day = local_date(span.start)
    beyond = part.sort == TimeSort.EXTRA
    return PayLine(
        record="time",
        person=row.person.number,
        day=day.isoformat(),
        start=_clock(span.start, day),
        end=_clock(span.end, day),
        kind=f"{part.sort}-{part.reason}" if part.reason else str(part.sort),
        post=row.post,
        measure=row.measure,
        minutes=span.minutes,
        **({} if beyond else inconvenient(span)),
    )


def _clock(at: datetime, day: date) -> str:
    local = at.astimezone(STOCKHOLM)
    return f"{local:%H:%M}" if local.date() == day else "24:00"


def _by_day(span: Span) -> Iterable[Span]:
    """A stretch cut at midnight: days, months and categories are the local day's."""
    for day in days_between(local_date(span.start), local_date(span.end) + DAY):
        since, until = day_bounds(day)
        start, end = max(since, span.start), min(until, span.end)
        if start < end:
            yield Span(start, end)


def _absences(hospital_id: int, month: date, to: date, at: datetime) -> Iterable[PayLine]:
    """A line for each day away; its minutes are those of the shift that the person had when the leave was entered.

    A shift that was swapped away or moved before that was somebody else's: nothing is taken off for it.
    """
    leaves = Leave.objects.filter(
        person__hospital=hospital_id, undone_at__isnull=True, from_on__lt=min(to, local_date(at) + DAY), to_on__gt=month
    ).select_related("person")
    people = {one.person_id for one in leaves}
    held = set(
        RosterShift.objects.filter(person__in=people, in_force=True, on__gte=month, on__lt=to).values_list(
            "person_id", "on"
        )
    )
    taken: dict[tuple[int, date], list[RosterChange]] = {}
    for change in RosterChange.objects.filter(
        person__in=people, on__gte=month, on__lt=to, was_published=True
    ).select_related("before").order_by("pk"):  # fmt: skip
        taken.setdefault((change.person_id, change.on), []).append(change)
    for leave in leaves:
        for day in days_between(max(leave.from_on, month), min(leave.to_on, to, local_date(at) + DAY)):
            since = [one for one in taken.get((leave.person_id, day), ()) if one.at >= leave.made_at]
            minutes = 0.0
            if (leave.person_id, day) not in held and since and since[0].before is not None:
                minutes = engine_kind(since[0].before).on(day).minutes
            yield PayLine("absence", leave.person.number, day.isoformat(), "", "", str(leave.kind), "", "", minutes)


def missing_of(hospital_id: int, month: date, at: datetime) -> Iterable[Missing]:
    """The shifts of a month that have ended, and times that were said, that nobody has approved."""
    people = {one.pk: one for one in Person.objects.filter(hospital=hospital_id).order_by("name", "pk")}
    rows = worked_rows(people.values(), month, month_after(month), at)
    for pk, one in people.items():
        for row in rows.get(pk, ()):
            if row.ended and row.state != WorkedState.APPROVED:
                yield Missing(pk, one.number, one.name, row.on, row.state)
