"""The work of an average week, or of a date, out of the catalogue, the agreements and what was measured of wards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count
from django.db.models.functions import ExtractIsoWeekDay

from vardnara.apps.hospital.queries.demand import WardDemand, ward_demand
from vardnara.apps.service.choices import BY_EVENTS, Confidence, Each, Party
from vardnara.apps.service.models import AgreementLine, Norm, Task, TaskType
from vardnara.apps.service.queries.agreement_lines import (
    line_recurrence,
    line_window,
    lines_in_force,
    norms_newest,
    wards_agreed,
)
from vardnara.engines.agreement import EVERY_DAY, Demand, Rule
from vardnara.engines.workload import TaskType as WorkType
from vardnara.engines.workload import WardFacts, WorkloadOrder
from vardnara.gateways.workload_file import WorkloadCase
from vardnara.kernel.evidence import Evidence
from vardnara.kernel.local_time import STOCKHOLM, day_bounds
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import Driver, MinuteRange, TaskNorm

WEEKS = 8  # of stays that a mean week is made of: long enough for a mean, short enough to be of this season
BEGINNING = date(2005, 1, 1)  # where the first date of something daily does not matter
SINGLE, SHARED = "discharge_clean_single", "discharge_clean"  # the two that share a ward's discharges by kind of room
EVIDENCE = {
    Confidence.UNVERIFIED: "unverified",
    Confidence.ESTIMATED: "design",
    Confidence.MEASURED: "measured",
}


@dataclass(frozen=True, slots=True)
class Part:
    """What the engine adds up as one task: of which kind it is, and whose."""

    type_code: str
    party: str


@dataclass(frozen=True, slots=True)
class HospitalWork:
    """What the engines ask for, and what their codes stand for.

    Parameters
    ----------
    case
        Tasks, wards, agreement: as from a file. Wards have codes of their own where two are called the same.
    demands
        Wards by the case's codes, with where their numbers come from.
    parts
        The case's tasks by code.
    without_norm
        Kinds of task that nobody knows the minutes of: they are done, and not counted.
    """

    case: WorkloadCase
    wards: Mapping[str, WardDemand]
    parts: Mapping[str, Part]
    without_norm: tuple[str, ...]


def hospital_work(*, ward_ids: Collection[int], on: date, title: str = "", weeks: int = WEEKS) -> HospitalWork | None:
    """The work of some wards by the catalogue and the agreements that hold on a date; None without a catalogue.

    The caller has checked who may ask. Counted are the real days of the date's year, or of the year after where a line
    with a frequency of its own begins later: half a year of it would look like half the work.
    """
    types = {row.pk: row for row in TaskType.objects.filter(retired_at__isnull=True).order_by("area", "code")}
    if not types:
        return None
    demands = ward_demand(ward_ids=ward_ids, today=on, weeks=weeks)
    wards = codes_of(demands)
    lines = list(
        lines_in_force(on=on).filter(ward__in=list(ward_ids)).select_related("version", "task_type").order_by("pk")
    )
    norms = norms_newest(task_type_ids=types, on=on)
    plan = _Plan(types, norms, {demand.ward_id: code for code, demand in wards.items()})
    plan.add(lines, wards_agreed(ward_ids=ward_ids))
    named = plan.named()
    parts = {code: Part(variant.row.code, variant.party) for code, (variant, _) in named.items()}
    tasks = tuple(_task(code, variant, where) for code, (variant, where) in named.items())
    events = events_measured(types.values(), demands, on)
    facts = tuple(facts_of(code, demand, parts, events) for code, demand in wards.items())
    begins = max((task.recurrence.anchor for task in tasks), default=BEGINNING)
    year = on.year if begins <= date(on.year, 1, 1) else on.year + 1
    rules = tuple(
        Rule(line.task_type.code, plan.wards[line.ward_id], frozenset(line.days), line_window(line), line.party,
             line_recurrence(line))
        for line in lines
    )  # fmt: skip
    without = tuple(sorted(plan.without_norm))
    case = WorkloadCase(title, WorkloadOrder(tasks, facts, year), rules, tuple(plan.demands), _notes(wards, without))
    return HospitalWork(case, wards, parts, without)


def codes_of(demands: Iterable[WardDemand]) -> dict[str, WardDemand]:
    """Each ward by its code; those that share one get their number as well."""
    demands = list(demands)
    times = Counter(demand.code for demand in demands)
    return {demand.code if times[demand.code] == 1 else f"{demand.code}-{demand.ward_id}": demand for demand in demands}


class Variant(NamedTuple):
    """A kind of task as it is done in one way on some wards; ``norm_name`` is one for all wards that share a norm."""

    row: TaskType
    norm: Norm
    norm_name: str
    party: str
    days: frozenset[int]
    recurrence: Recurrence
    times: int


class _Plan:
    """Gathers tasks that are alike on several wards into one."""

    def __init__(
        self, types: Mapping[int, TaskType], norms: Mapping[tuple[int, int], Norm], wards: Mapping[int, str]
    ) -> None:
        self.types, self.norms, self.wards = types, norms, wards
        self.demands: list[Demand] = []
        self.without_norm: set[str] = set()
        self._where: dict[Variant, list[str]] = defaultdict(list)

    def add(self, lines: Iterable[AgreementLine], agreed: Collection[tuple[int, int]]) -> None:
        """Lines first; then when a kind is usually done, on the days that no line of it speaks of."""
        by_place: dict[tuple[int, int], list[AgreementLine]] = defaultdict(list)
        for line in lines:
            by_place[line.task_type_id, line.ward_id].append(line)
        for pk, row in self.types.items():
            for ward_id, ward in self.wards.items():
                own = by_place.get((pk, ward_id), [])
                if (pk, ward_id) not in agreed and not row.always:
                    continue
                if Driver(row.driver) in BY_EVENTS:
                    self._put(row, ward_id, _party_of(own), EVERY_DAY, Recurrence("FREQ=DAILY", BEGINNING), 1)
                    self.demands.append(Demand(row.code, ward))
                    continue
                self._planned(row, ward_id, own, agreed=(pk, ward_id) in agreed)

    def _planned(self, row: TaskType, ward_id: int, own: Iterable[AgreementLine], *, agreed: bool) -> None:
        spoken: set[int] = set()
        for line in own:
            days, window = frozenset(line.days), line_window(line)
            recurrence = line_recurrence(line) or Recurrence("FREQ=DAILY", BEGINNING, window=window)
            self._put(row, ward_id, line.party, days, recurrence, line.times)
            self.demands.append(Demand(row.code, self.wards[ward_id], days, window))
            spoken |= days
        for days, start, end, times in row.usual:
            left = frozenset(days) - spoken
            if left:
                window = TimeWindow(start, end)
                party = "" if agreed else Party.SERVICE
                self._put(row, ward_id, party, left, Recurrence("FREQ=DAILY", BEGINNING, window=window), times)
                self.demands.append(Demand(row.code, self.wards[ward_id], left, window))

    def _put(
        self, row: TaskType, ward_id: int, party: str, days: frozenset[int], recurrence: Recurrence, times: int
    ) -> None:
        own, shared = self.norms.get((row.pk, ward_id)), self.norms.get((row.pk, 0))
        norm = own or shared
        if norm is None:
            self.without_norm.add(row.code)
            return
        name = f"{row.code}@{self.wards[ward_id]}" if own else row.code
        self._where[Variant(row, norm, name, party, days, recurrence, times)].append(self.wards[ward_id])

    def named(self) -> dict[str, tuple[Variant, frozenset[str]]]:
        """Variants and their wards: by the kind's own code where it has one variant, else with its number."""
        total = Counter(variant.row.code for variant in self._where)
        seen: Counter[str] = Counter()
        found = {}
        for variant, wards in self._where.items():
            code = variant.row.code
            seen[code] += 1
            found[code if total[code] == 1 else f"{code}/{seen[code]}"] = (variant, frozenset(wards))
        return found


def _task(code: str, variant: Variant, wards: frozenset[str]) -> WorkType:
    return WorkType(
        code=code,
        norm=norm_read(variant.norm, variant.norm_name, variant.row),
        recurrence=variant.recurrence,
        times=variant.times,
        n_people=variant.row.n_people,
        wards=wards,
        days=variant.days,
    )


def _party_of(lines: Iterable[AgreementLine]) -> str:
    """Whose work on an event is, where the lines agree; by hours it can be different ones."""
    parties = {line.party for line in lines}
    return parties.pop() if len(parties) == 1 else "" if parties else Party.SERVICE


def norm_read(norm: Norm, name: str, row: TaskType) -> TaskNorm:
    """A row as the engine's norm. A task for each bed has all its minutes once a bed."""
    fixed = [float(value) for value in (norm.fixed_low, norm.fixed_typical, norm.fixed_high)]
    each = [float(value) for value in (norm.unit_low, norm.unit_typical, norm.unit_high)]
    if row.each == Each.BED:
        fixed, each = [0.0, 0.0, 0.0], [one + other for one, other in zip(fixed, each, strict=True)]
    return TaskNorm(
        code=name,
        driver=Driver(row.driver),
        fixed=MinuteRange(*fixed),
        per_unit=MinuteRange(*each),
        evidence=Evidence(
            unit="minutes",
            valid_from=norm.valid_from,
            source=norm.source,
            date=norm.source_on,
            confidence=EVIDENCE[Confidence(norm.confidence)],
            scope=norm.scope or "not said",
        ),
    )


def events_measured(
    types: Iterable[TaskType], demands: Iterable[WardDemand], on: date
) -> dict[tuple[int, str], tuple[float, ...]]:
    """Mean number a day by ward and kind of task that comes by events, Monday first, over what was measured."""
    kinds = [row.pk for row in types if row.driver == Driver.EVENT]
    found: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0] * 7)
    for n_days in {demand.n_days for demand in demands if demand.n_days}:
        since = on - timedelta(days=n_days)
        weekdays = Counter((since + timedelta(days=day)).isoweekday() for day in range(n_days))
        rows = Task.objects.filter(
            task_type__in=kinds,
            ward__in=[demand.ward_id for demand in demands if demand.n_days == n_days],
            created_at__gte=day_bounds(since)[0],
            created_at__lt=day_bounds(on)[0],
        ).values_list("ward_id", "task_type__code", ExtractIsoWeekDay("created_at", tzinfo=STOCKHOLM))
        for ward_id, code, weekday, number in rows.annotate(number=Count("pk")):
            found[ward_id, code][weekday - 1] += number / weekdays[weekday]
    return {key: tuple(numbers) for key, numbers in found.items()}


def facts_of(
    code: str, demand: WardDemand, parts: Mapping[str, Part], events: Mapping[tuple[int, str], tuple[float, ...]]
) -> WardFacts:
    """What drives the work of a ward, for tasks by their codes."""
    rooms = {SINGLE: demand.single_share, SHARED: 1 - demand.single_share}
    both = set(rooms) <= {part.type_code for part in parts.values()}
    return WardFacts(
        code=code,
        staffed_beds=demand.beds,
        patients=demand.patients,
        discharges=demand.discharges,
        discharge_hours=demand.discharge_hours,
        contagion_share=demand.contagion_share,
        events={
            name: events[demand.ward_id, part.type_code]
            for name, part in parts.items()
            if (demand.ward_id, part.type_code) in events
        },
        shares={name: rooms[part.type_code] for name, part in parts.items() if both and part.type_code in rooms},
    )


def _notes(wards: Mapping[str, WardDemand], without_norm: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What the numbers of the wards rest on, and what is not counted."""
    notes = []
    for basis, said in (
        ("staffed", "staffed beds stand for patients"),
        ("budgeted", "budgeted beds stand for patients"),
        ("places", "bed places stand for patients"),
    ):
        codes = [code for code, demand in wards.items() if demand.basis == basis]
        if codes:
            few = "too few days of stays: " + said + ", and no discharge is counted, on " + ", ".join(codes)
            notes.append(("NOT_MEASURED", few))
    measured = sorted({demand.n_days for demand in wards.values() if demand.basis == "measured"})
    if measured:
        days = " to ".join(map(str, dict.fromkeys((measured[0], measured[-1]))))
        notes.append(("MEASURED_DAYS", f"patients and discharges are those of the last {days} days"))
    without = ", ".join(without_norm)
    if without:
        notes.append(("NO_NORM", f"nobody knows the minutes of {without}, so they are not counted"))
    return tuple(notes)
