"""The register of measures as pages show it: rows, what is asked of them, sums, and one measure whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from vardnara.apps.decisions.choices import BenefitKind, MeasureKind
from vardnara.apps.decisions.models import (
    Case,
    Measure,
    MeasureEvent,
    MeasureGate,
    MeasureReading,
    MeasureStatus,
    Promise,
)
from vardnara.apps.decisions.queries.cases import AHEAD, PromiseRow, hospitals_in_reach, promise_row
from vardnara.apps.decisions.queries.measure_facts import Standing, gates_of, proposal_of, standing_of, word_of
from vardnara.engines.measures import Effect, EffectSums, effects_sum, gates_missing
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.measures import MeasureIndicator, measure_indicators
from vardnara.parameters.measures import MeasureStatus as Vocabulary

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

GROUPS = ("status", "kind", "payer", "benefit", "place")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which measures are shown, and under what they are summed; empty asks for all."""

    status: str = ""
    kind: str = ""
    place: str = ""
    owner: str = ""
    late: bool = False
    by: str = "status"


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A line of the register. ``late`` are what is past its day, by code; ``waits_for`` what has not delivered yet."""

    measure: Measure
    standing: Standing
    proposed: Vocabulary
    place: str
    promises: tuple[PromiseRow, ...]
    waits_for: tuple[int, ...]
    late: tuple[str, ...]

    @property
    def id(self) -> int:
        return self.measure.pk

    @property
    def differs(self) -> bool:
        return self.standing.status.code != self.proposed.code

    @property
    def next_check(self) -> date | None:
        waiting = [one.check_on for one in self.promises if one.outcome is None]
        return min(waiting) if waiting else None


@dataclass(frozen=True, slots=True)
class Register:
    """The rows that were asked for, how many there are in all, sums of the rows, and what is to be looked at soon."""

    rows: tuple[MeasureRow, ...]
    n_all: int
    sums: EffectSums
    cash_long_sek: Decimal
    moved_long_sek: Decimal
    n_late: int
    n_unowned: int
    checks: tuple[tuple[MeasureRow, PromiseRow], ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading with the one that took its place, where one did."""

    row: MeasureReading
    corrected: bool


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator's readings, the newest first; ``holding`` are those that hold, the oldest first."""

    indicator: MeasureIndicator
    rows: tuple[Reading, ...]
    holding: tuple[MeasureReading, ...]


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """A measure whole."""

    row: MeasureRow
    gates: tuple[tuple[MeasureGate, MeasureRow, bool], ...]
    awaited_by: tuple[Measure, ...]
    series: tuple[Series, ...]
    statuses: tuple[tuple[MeasureStatus, Vocabulary], ...]
    events: tuple[MeasureEvent, ...]
    others: tuple[Measure, ...]


def _measures(hospital_ids: Iterable[int]) -> QuerySet[Measure]:
    promises = Prefetch("promises", queryset=Promise.objects.order_by("check_on", "pk"))
    return (
        Measure.objects.filter(hospital_id__in=hospital_ids)
        .select_related("division", "ward__division", "case")
        .prefetch_related("statuses", promises, "gates__first__promises")
        .order_by("number", "pk")
    )


def row_of(measure: Measure, on: date) -> MeasureRow:
    """A measure as a line of a day."""
    standing = standing_of(measure)
    promises = tuple(promise_row(one, on) for one in measure.promises.all())
    late = []
    if not standing.status.is_end:
        if not measure.owner:
            late.append("unowned")
        if not standing.begun and measure.starts_on is not None and measure.starts_on < on:
            late.append("not_begun")
        if measure.ends_on is not None and measure.ends_on < on:
            late.append("not_ended")
    if standing.status.code != "stopped" and any(one.is_late for one in promises):
        late.append("unchecked")
    place = measure.ward.name if measure.ward else measure.division.name if measure.division else ""
    return MeasureRow(
        measure=measure,
        standing=standing,
        proposed=word_of(proposal_of(measure, begun=standing.begun, on=on)),
        place=place,
        promises=promises,
        waits_for=() if standing.begun else gates_missing(gates_of(measure)),
        late=tuple(late),
    )


def measure_register(*, actor: User, asked: Asked, on: date) -> Register:
    """The register as it was asked for, for who reads cases: by the order of statuses, then by number."""
    every = [row_of(measure, on) for measure in _measures(hospitals_in_reach(actor))]
    rows = sorted(
        (row for row in every if _fits(row, asked)), key=lambda row: (row.standing.status.order, row.measure.number)
    )
    counted = [row for row in rows if row.standing.status.counts]
    soon = [
        (row, promise)
        for row in rows
        for promise in row.promises
        if promise.outcome is None and promise.check_on <= on + AHEAD and row.standing.status.code != "stopped"
    ]
    return Register(
        rows=tuple(rows),
        n_all=len(every),
        sums=effects_sum(_effect(row, asked.by) for row in rows),
        cash_long_sek=_long(counted, BenefitKind.CASH),
        moved_long_sek=_long(counted, BenefitKind.MOVED),
        n_late=sum(bool(set(row.late) - {"unowned"}) for row in rows),
        n_unowned=sum("unowned" in row.late for row in rows),
        checks=tuple(sorted(soon, key=lambda one: (one[1].check_on, one[0].measure.number))),
        owners=tuple(sorted({row.measure.owner for row in every if row.measure.owner})),
    )


def _long(rows: Iterable[MeasureRow], benefit: str) -> Decimal:
    return sum((row.measure.long_sek or Decimal(0) for row in rows if row.measure.benefit == benefit), Decimal(0))


def _fits(row: MeasureRow, asked: Asked) -> bool:
    one = row.measure
    ward_division = one.ward.division_id if one.ward else None
    places = {f"w{one.ward_id}", f"d{one.division_id}", f"d{ward_division}"}
    return (
        (not asked.status or row.standing.status.code == asked.status)
        and (not asked.kind or one.kind == asked.kind)
        and (not asked.place or asked.place in places)
        and (not asked.owner or one.owner == asked.owner)
        and (not asked.late or bool(row.late))
    )


def _effect(row: MeasureRow, by: str) -> Effect:
    one = row.measure
    group = {
        "kind": lambda: str(MeasureKind(one.kind).label),
        "payer": lambda: one.payer,
        "benefit": lambda: str(BenefitKind(one.benefit).label),
        "place": lambda: row.place,
    }.get(by, lambda: row.standing.status.code)()
    return Effect(group, one.short_sek, one.short_year, one.long_sek)


def measure_row(*, actor: User, measure_id: int, on: date) -> MeasureRow:
    """One measure as a line; raises ``unknown_measure_row`` where the actor reaches none."""
    found = _measures(hospitals_in_reach(actor)).filter(pk=measure_id).first()
    if found is None:
        raise RuleBroken("unknown_measure_row", str(measure_id))
    return row_of(found, on)


def measure_one(*, actor: User, measure_id: int, on: date) -> MeasurePage:
    """One measure whole, for who reads cases."""
    row = measure_row(actor=actor, measure_id=measure_id, on=on)
    measure = row.measure
    firsts = {one.pk: one for one in _measures([measure.hospital_id]).filter(awaited_by__measure=measure)}
    closed = set(gates_missing(gates_of(measure)))
    others = Measure.objects.filter(hospital=measure.hospital_id).exclude(pk=measure.pk).order_by("number")
    statuses = measure.statuses.select_related("by").order_by("-at", "-pk")
    return MeasurePage(
        row=row,
        gates=tuple(
            (gate, row_of(firsts[gate.first_id], on), gate.first_id in closed) for gate in measure.gates.order_by("pk")
        ),
        awaited_by=tuple(Measure.objects.filter(gates__first=measure).order_by("number")),
        series=_series(measure),
        statuses=tuple((one, word_of(one.status)) for one in statuses),
        events=tuple(measure.events.select_related("by").order_by("-at", "-pk")),
        others=tuple(others),
    )


def _series(measure: Measure) -> tuple[Series, ...]:
    """Indicators of the kind, and others that have readings, which a change of kind leaves."""
    rows = list(measure.readings.select_related("by").order_by("-on", "-pk"))
    corrected = {row.corrects_id for row in rows if row.corrects_id}
    found = []
    for code, indicator in measure_indicators().items():
        own = [row for row in rows if row.indicator == code]
        if own or measure.kind in indicator.kinds:
            holding = tuple(row for row in reversed(own) if row.pk not in corrected)
            found.append(Series(indicator, tuple(Reading(row, row.pk in corrected) for row in own), holding))
    return tuple(found)


def measures_of_case(*, actor: User, case_id: int, on: date) -> tuple[MeasureRow, ...]:
    """The measures of a case that are in the register."""
    return tuple(row_of(one, on) for one in _measures(hospitals_in_reach(actor)).filter(case=case_id))


def cases_open(*, actor: User) -> list[tuple[int, str]]:
    """Cases that a measure may belong to, by title."""
    rows = Case.objects.filter(hospital_id__in=hospitals_in_reach(actor)).order_by("title", "pk")
    return list(rows.values_list("pk", "title"))
