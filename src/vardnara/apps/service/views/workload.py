"""How much work there is: the clock of demand by ward, posts, and what each figure is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.hospital.queries.demand import wards_confirmed
from vardnara.apps.service.choices import Party
from vardnara.apps.service.forms import WorkloadForm
from vardnara.apps.service.queries.measured import kind_names
from vardnara.apps.service.queries.workload import HospitalWork, hospital_work
from vardnara.engines.workload import Spread, Workload, WorkRow, spread_of, workload_estimate
from vardnara.gateways.tabular import OutTable, table_csv_text
from vardnara.kernel.calendar import WEEKDAY_CODES

ROLES = (Role.COORDINATOR, Role.SERVICE_HEAD, Role.CONTROLLER, Role.DECISION_MAKER, Role.AUDITOR)
NAMED = 4  # wards that are named one by one; more are counted
STEPS = 5  # colours of the clock, from the least to the most
UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class ClockCell:
    """Minutes of one hour of one weekday, and how dark it is, 0 for nothing to ``STEPS`` for the most."""

    minutes: float
    step: int


@dataclass(frozen=True, slots=True)
class ClockRow:
    """An hour of the day, Monday to Sunday, and the sum."""

    hour: int
    cells: tuple[ClockCell, ...]
    total: float


@dataclass(frozen=True, slots=True)
class Line:
    """What a figure is made of: one kind of task on one ward, or on all of those that were asked for."""

    name: str
    ward: str
    party: str
    row: WorkRow
    minutes: Spread
    unverified: bool

    @property
    def often(self) -> float:
        """Times a week."""
        return sum(self.row.occurrences)

    @property
    def units(self) -> float:
        """Mean number of units each time."""
        pairs = zip(self.row.occurrences, self.row.units, strict=True)
        return sum(times * units for times, units in pairs) / self.often if self.often else 0.0


def clock_of(grid: Iterable[Iterable[float]]) -> tuple[ClockRow, ...]:
    """7 weekdays of 24 hours as the rows of a table."""
    days = [list(day) for day in grid]
    most = max((minutes for day in days for minutes in day), default=0.0)

    def step(minutes: float) -> int:
        return ceil(STEPS * minutes / most) if minutes > 0 else 0

    return tuple(
        ClockRow(hour, tuple(ClockCell(day[hour], step(day[hour])) for day in days), sum(day[hour] for day in days))
        for hour in range(24)
    )


def lines_of(rows: Iterable[WorkRow], work: HospitalWork, names: Mapping[str, str]) -> list[Line]:
    """Rows that take time, longest first."""
    found = []
    for row in rows:
        part = work.parts[row.task]
        if row.minutes.high > 0:
            found.append(
                Line(
                    names.get(part.type_code, part.type_code),
                    work.wards[row.ward].name,
                    str(Party(part.party).label) if part.party else "",
                    row,
                    row.minutes,
                    row.norm.evidence.confidence == UNVERIFIED,
                )
            )
    return sorted(found, key=lambda line: -line.minutes.typical)


def sums_of(lines: Iterable[Line], key: str) -> list[tuple[str, Spread]]:
    """Lines added up by name, ward or party, most first; a norm's error is one error."""
    groups: dict[str, list[WorkRow]] = defaultdict(list)
    for line in lines:
        groups[getattr(line, key)].append(line.row)
    return sorted(((name, spread_of(rows)) for name, rows in groups.items()), key=lambda one: -one[1].typical)


def _read(request: HttpRequest) -> HospitalWork | None:
    """The work of the confirmed wards within reach, today."""
    wards = wards_confirmed(ward_ids=ward_ids_in_reach(actor=request.user))
    return hospital_work(ward_ids=wards, on=timezone.localdate())


def _form(request: HttpRequest, work: HospitalWork) -> WorkloadForm:
    wards = {code: demand.name for code, demand in work.wards.items()}
    form = WorkloadForm(request.GET or None, wards=wards)
    if not form.is_valid():
        form = WorkloadForm({}, wards=wards)
        form.is_valid()
    return form


def _grid(workload: Workload, ward: str) -> list[list[float]]:
    grids = [workload.by_ward_hour[ward]] if ward else list(workload.by_ward_hour.values())
    return [[sum(grid[weekday][hour] for grid in grids) for hour in range(24)] for weekday in range(7)]


@allow(*ROLES)
@never_cache
def workload(request: HttpRequest) -> HttpResponse:
    """The clock, the posts and what they are made of, for all wards within reach or one of them."""
    work = _read(request)
    if work is None or not work.wards:
        return render(request, "service/workload.html", {"work": None})
    form = _form(request, work)
    ward = form.cleaned_data["ward"]
    found = workload_estimate(work.case.order)
    rows = [row for row in found.rows if not ward or row.ward == ward]
    lines = lines_of(rows, work, kind_names())
    minutes = spread_of(rows)
    posts = found.fte.typical / found.minutes.typical if found.minutes.typical else 0.0
    names = kind_names()
    clock = clock_of(_grid(found, ward))
    context = {
        "work": work,
        "form": form,
        "ward": ward,
        "ward_name": work.wards[ward].name if ward else "",
        "year": work.case.order.year,
        "hours": minutes.times(1 / 60),
        "fte": minutes.times(posts),
        "net_hours": work.case.order.params.net_hours_per_fte,
        "clock": clock,
        "weekdays": [(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day])) for day in range(7)],
        "day_sums": [sum(row.cells[day].minutes for row in clock) for day in range(7)],
        "lines": lines,
        "by_name": sums_of(lines, "name"),
        "by_party": sums_of(lines, "party"),
        "by_ward": [
            (code, work.wards[code].name, spread_of(row for row in found.rows if row.ward == code))
            for code in work.wards
        ],
        "unverified": sum(line.minutes.typical for line in lines if line.unverified),
        "total": minutes.typical,
        "without_norm": [names.get(code, code) for code in work.without_norm],
        "bases": _bases(work, ward),
    }
    return render(request, "service/workload.html", context)


def _bases(work: HospitalWork, ward: str) -> list[tuple[str, int, str]]:
    """(basis, days, which wards) of where patients and discharges come from."""
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    for code, demand in work.wards.items():
        if not ward or code == ward:
            groups[demand.basis, demand.n_days].append(demand.name)
    return [
        (
            basis,
            days,
            ", ".join(names) if len(names) <= NAMED else pgettext("workload", "%(n)s wards") % {"n": len(names)},
        )
        for (basis, days), names in sorted(groups.items())
    ]


@allow(*ROLES)
@never_cache
def workload_export(request: HttpRequest) -> HttpResponse:
    """Rows or clock as CSV: what Excel opens in the reader's language."""
    work = _read(request)
    if work is None or not work.wards:
        return HttpResponse(status=404)
    ward = _form(request, work).cleaned_data["ward"]
    found = workload_estimate(work.case.order)
    swedish = (get_language() or "").startswith("sv")

    def number(value: float) -> str:
        text = f"{value:.2f}"
        return text.replace(".", ",") if swedish else text

    if request.GET.get("del") == "klocka":
        table = OutTable(
            "clock",
            ("ward", "weekday", "hour", "minutes"),
            [
                (code, WEEKDAY_CODES[weekday], str(hour), number(minutes))
                for code, grid in found.by_ward_hour.items()
                if not ward or code == ward
                for weekday, day in enumerate(grid)
                for hour, minutes in enumerate(day)
            ],
        )
    else:
        rows = [row for row in found.rows if not ward or row.ward == ward]
        table = OutTable(
            "workload",
            (
                "task", "name", "ward", "party", "times_per_week", "units", "driver", "fixed_low", "fixed_typical",
                "fixed_high", "unit_low", "unit_typical", "unit_high", "people", "minutes_low", "minutes_typical",
                "minutes_high", "confidence", "source", "source_date",
            ),
            [_export_row(line, work, number) for line in lines_of(rows, work, kind_names())],
        )  # fmt: skip
    text = table_csv_text(table, delimiter=";" if swedish else ",")
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    return answer


def _export_row(line: Line, work: HospitalWork, number) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    row, norm = line.row, line.row.norm
    spreads = (norm.fixed, norm.per_unit)
    parts = [number(getattr(spread, name)) for spread in spreads for name in ("low", "typical", "high")]
    return (
        work.parts[row.task].type_code, line.name, row.ward, work.parts[row.task].party, number(line.often),
        number(line.units), str(row.driver), *parts, str(row.n_people), number(line.minutes.low),
        number(line.minutes.typical), number(line.minutes.high), norm.evidence.confidence, norm.evidence.source,
        norm.evidence.date.isoformat(),
    )  # fmt: skip
