"""What measures promised and what came of it, what they wait for, readings over time, and guide values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.decisions.choices import GuideKind
from vardnara.apps.decisions.models import GuideValue, Measure, MeasureGate, MeasureReading, Promise
from vardnara.apps.decisions.queries.measure_facts import standing_of
from vardnara.apps.decisions.services.measures import event_add, measure_lock
from vardnara.apps.decisions.services.promises import PromiseWords
from vardnara.apps.decisions.services.recording import writer_require
from vardnara.apps.hospital.queries.occupancy import hospital_region
from vardnara.apps.service.services.notes import identity_refuse
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.parameters.measures import measure_indicators

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class ReadingWords:
    """A value of an indicator, on which day, and where it is from."""

    indicator: str
    on: date
    value: Decimal
    source: str


def _open(measure_id: int, actor: User) -> Measure:
    measure = measure_lock(measure_id, actor)
    if standing_of(measure).status.is_end:
        raise RuleBroken("measure_has_ended", str(measure_id))
    return measure


@transaction.atomic
def measure_promise_add(
    *, measure_id: int, words: PromiseWords, baseline_on: date | None = None, actor: User, at: datetime
) -> Promise:
    """Promise an effect of a measure: a change of a metric. A writer, before it has ended."""
    measure = _open(measure_id, actor)
    if not words.label.strip() or not words.metric.strip() or not words.unit.strip():
        raise RuleBroken("bad_input", "a promise without words")
    if words.promised == (words.baseline or 0):
        raise RuleBroken("promise_without_change", words.label)
    for text in (words.label, words.metric, words.unit):
        identity_refuse(text)
    fields = {name: getattr(words, name) for name in PromiseWords.__dataclass_fields__}
    made = Promise.objects.create(measure=measure, baseline_on=baseline_on, made_at=at, made_by=actor, **fields)
    event_add(measure, "promised", text=words.label, actor=actor, at=at)
    return made


def _promise(measure: Measure, promise_id: int) -> Promise:
    promise = measure.promises.select_for_update().filter(pk=promise_id).first()
    if promise is None:
        raise RuleBroken("unknown_line", f"promise {promise_id}")
    return promise


@transaction.atomic
def measure_promise_remove(*, measure_id: int, promise_id: int, actor: User, at: datetime) -> None:
    """Promise it no longer. A writer, before the measure has begun."""
    measure = _open(measure_id, actor)
    if standing_of(measure).begun:
        raise RuleBroken("measure_has_begun", str(measure_id))
    promise = _promise(measure, promise_id)
    event_add(measure, "not_promised", text=promise.label, actor=actor, at=at)
    promise.delete()


@transaction.atomic
def measure_outcome_set(
    *,
    measure_id: int,
    promise_id: int,
    outcome: Decimal,
    outcome_on: date,
    note: str = "",
    actor: User,
    at: datetime,
) -> Promise:
    """What came of a promise; may be set again, and each time is kept among the events. A writer, once it has begun."""
    measure = measure_lock(measure_id, actor)
    if not standing_of(measure).begun:
        raise RuleBroken("measure_not_begun", str(measure_id))
    promise = _promise(measure, promise_id)
    if outcome_on > local_date(at):
        raise RuleBroken("outcome_in_future", str(outcome_on))
    identity_refuse(note)
    promise.outcome, promise.outcome_on, promise.outcome_note = outcome, outcome_on, note.strip()
    promise.outcome_at, promise.outcome_by = at, actor
    promise.save()
    event_add(measure, "outcome", text=f"{promise.label}: {outcome:f} {promise.unit}", actor=actor, at=at)
    return promise


@transaction.atomic
def measure_gate_add(
    *, measure_id: int, first_id: int, share: Decimal = Decimal(1), actor: User, at: datetime
) -> MeasureGate:
    """Let a measure wait until another has delivered a share of what it promised (S-09). A writer, before it begins."""
    locked = {
        one.pk: one for one in Measure.objects.select_for_update().filter(pk__in=(measure_id, first_id)).order_by("pk")
    }
    measure, first = locked.get(measure_id), locked.get(first_id)
    if measure is None or first is None:
        raise RuleBroken("unknown_measure_row", f"{measure_id} after {first_id}")
    writer_require(actor, measure.hospital_id)
    if first.hospital_id != measure.hospital_id:
        raise RuleBroken("out_of_scope", f"measure {first_id}")
    if standing_of(measure).begun:
        raise RuleBroken("measure_has_begun", str(measure_id))
    if not 0 < share <= 1:
        raise RuleBroken("bad_gate_share", str(share))
    if measure_id == first_id or _waits_for(first_id, measure_id):
        raise RuleBroken("gates_in_a_ring", f"{measure_id} after {first_id}")
    gate, made = MeasureGate.objects.get_or_create(measure=measure, first=first, defaults={"share": share})
    if not made:
        gate.share = share
        gate.save(update_fields=["share"])
    event_add(measure, "waits", text=f"{first.number} {first.label}, {share * 100:.0f} %", actor=actor, at=at)
    return gate


def _waits_for(measure_id: int, wanted: int) -> bool:
    """Whether a measure waits for another, over any number of steps."""
    seen: set[int] = set()
    ahead = {measure_id}
    while ahead:
        if wanted in ahead:
            return True
        seen |= ahead
        ahead = set(MeasureGate.objects.filter(measure__in=ahead).values_list("first_id", flat=True)) - seen
    return False


@transaction.atomic
def measure_gate_remove(*, measure_id: int, first_id: int, actor: User, at: datetime) -> None:
    """Let a measure wait for another no longer. A writer, before it begins."""
    measure = measure_lock(measure_id, actor)
    if standing_of(measure).begun:
        raise RuleBroken("measure_has_begun", str(measure_id))
    for gate in measure.gates.filter(first=first_id).select_related("first"):
        event_add(measure, "waits_not", text=f"{gate.first.number} {gate.first.label}", actor=actor, at=at)
        gate.delete()


@transaction.atomic
def measure_reading_add(
    *, measure_id: int, words: ReadingWords, corrects: int | None = None, actor: User, at: datetime
) -> MeasureReading:
    """A value of an indicator of the measure's kind; ``corrects`` names the one that it replaces. A writer."""
    measure = measure_lock(measure_id, actor)
    known = measure_indicators().get(words.indicator)
    if known is None or not words.source.strip():
        raise RuleBroken("source_missing" if known else "unknown_indicator", words.indicator)
    if words.on > local_date(at):
        raise RuleBroken("outcome_in_future", str(words.on))
    identity_refuse(words.source)
    if corrects is not None:
        wrong = measure.readings.filter(pk=corrects, indicator=words.indicator).first()
        if wrong is None:
            raise RuleBroken("unknown_line", f"reading {corrects}")
        if MeasureReading.objects.filter(corrects=wrong).exists():
            raise RuleBroken("corrected_already", f"reading {corrects}")
    elif measure.kind not in known.kinds:
        raise RuleBroken("unknown_indicator", words.indicator)
    return MeasureReading.objects.create(
        measure=measure,
        indicator=words.indicator,
        on=words.on,
        value=words.value,
        source=words.source.strip(),
        corrects_id=corrects,
        at=at,
        by=actor,
    )


@transaction.atomic
def guide_value_add(
    *, hospital_id: int, kind: str, year: int, value: Decimal, source: str, actor: User, at: datetime
) -> GuideValue:
    """Enter a guide value for a hospital's region, from its publisher's page. A writer.

    None is shipped: none could be verified. A new one of the same year takes the place of the old, which is kept.
    """
    writer_require(actor, hospital_id)
    if kind not in GuideKind.values or value <= 0 or not 1990 <= year <= 2199:
        raise RuleBroken("bad_input", f"{kind} {year} {value}")
    if not source.strip():
        raise RuleBroken("source_missing", kind)
    region_id, _, _ = hospital_region(hospital_id=hospital_id)
    return GuideValue.objects.create(
        region_id=region_id, kind=kind, year=year, value=value, source=source.strip(), at=at, by=actor
    )
