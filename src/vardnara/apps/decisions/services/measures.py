"""Measures: entered, changed, taken from a case, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max

from vardnara.apps.decisions.choices import BenefitKind, CaseState, MeasureKind
from vardnara.apps.decisions.models import Case, Measure, MeasureEvent, MeasureStatus
from vardnara.apps.decisions.queries.measure_facts import gates_of, proposal_of, standing_of
from vardnara.apps.decisions.services.recording import case_lock, content_of, writer_require
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.service.services.notes import identity_refuse
from vardnara.engines.measures import gates_missing
from vardnara.gateways.case_file.content import case_of
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.parameters.measures import measure_statuses

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

NUMBERING = 4_411_003  # of the lock under which numbers of a hospital are given out
TEXTS = ("label", "owner", "payer", "goes_to", "requires", "note")


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """A measure as it is written. Effects are above 0 where cost falls; ``beds_change`` None touches no beds."""

    label: str
    kind: str
    owner: str = ""
    division_id: int | None = None
    ward_id: int | None = None
    payer: str = ""
    case_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_multi_year: bool = False
    short_sek: Decimal | None = None
    short_year: int | None = None
    long_sek: Decimal | None = None
    benefit: str = BenefitKind.CASH
    goes_to: str = ""
    requires: str = ""
    beds_change: int | None = None
    note: str = ""


def words_fault(words: MeasureWords) -> tuple[str, str] | None:
    """What is wrong with a measure: field and code; None where nothing is."""
    if not words.label.strip():
        return "label", "measure_without_label"
    if words.kind not in MeasureKind.values or words.benefit not in BenefitKind.values:
        return "kind", "bad_input"
    if words.starts_on and words.ends_on and words.ends_on < words.starts_on:
        return "ends_on", "measure_ends_first"
    if (words.short_sek is None) != (words.short_year is None):
        return "short_year", "short_without_year"
    if words.benefit == BenefitKind.MOVED and not words.goes_to.strip():
        return "goes_to", "moved_to_what"
    if words.benefit == BenefitKind.OTHER and (words.short_sek is not None or words.long_sek is not None):
        return "benefit", "not_in_money"
    if words.division_id and words.ward_id:
        return "division_id", "bad_input"
    return None


def measure_lock(measure_id: int, actor: User) -> Measure:
    """The measure, locked, for who may write it."""
    measure = Measure.objects.select_for_update().filter(pk=measure_id).first()
    if measure is None:
        raise RuleBroken("unknown_measure_row", str(measure_id))
    writer_require(actor, measure.hospital_id)
    return measure


def event_add(measure: Measure, what: str, *, text: str = "", actor: User, at: datetime) -> None:
    MeasureEvent.objects.create(measure=measure, what=what, text=text[:600], at=at, by=actor)


def _number_next(hospital_id: int) -> int:
    """The next number of a hospital; whoever asks beside waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBERING, hospital_id])
    last: int | None = Measure.objects.filter(hospital=hospital_id).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _fill(measure: Measure, words: MeasureWords) -> list[str]:
    """Write the words; tells which fields changed, with what they were."""
    wrong = words_fault(words)
    if wrong is not None:
        raise RuleBroken(wrong[1], wrong[0])
    for name in TEXTS:
        identity_refuse(getattr(words, name))
    own = organisation(hospital_id=measure.hospital_id)
    if words.division_id is not None and words.division_id not in {one.id for one in own}:
        raise RuleBroken("out_of_scope", f"division {words.division_id}")
    if words.ward_id is not None and words.ward_id not in {ward.id for one in own for ward in one.wards}:
        raise RuleBroken("out_of_scope", f"ward {words.ward_id}")
    if words.case_id is not None and not Case.objects.filter(pk=words.case_id, hospital=measure.hospital_id).exists():
        raise RuleBroken("out_of_scope", f"case {words.case_id}")
    changed = []
    for one in fields(MeasureWords):
        new = getattr(words, one.name)
        new = new.strip() if isinstance(new, str) else new
        old = getattr(measure, one.name)
        if old != new:
            changed.append(f"{one.name}: {'' if old is None else old} → {'' if new is None else new}")
            setattr(measure, one.name, new)
    if measure.case_row and "case_id" in {text.split(":")[0] for text in changed}:
        measure.case_row = ""
    return changed


@transaction.atomic
def measure_add(
    *,
    hospital_id: int,
    words: MeasureWords,
    case_row: str = "",
    status: str = "proposed",
    because: str = "",
    actor: User,
    at: datetime,
) -> Measure:
    """A measure with its first status, which must be one that it may have before it begins. A writer."""
    writer_require(actor, hospital_id)
    measure = Measure(hospital_id=hospital_id, number=_number_next(hospital_id), made_at=at, made_by=actor)
    _fill(measure, words)
    measure.case_row = case_row
    measure.save()
    identity_refuse(because)
    known = measure_statuses().get(status)
    if known is None:
        raise RuleBroken("unknown_status", status)
    MeasureStatus.objects.create(
        measure=measure, status=status, begun=known.needs_start, because=because.strip(), at=at, by=actor
    )
    return measure


@transaction.atomic
def measure_set(*, measure_id: int, words: MeasureWords, actor: User, at: datetime) -> Measure:
    """Change what is said of a measure; what was said before is kept among its events. A writer."""
    measure = measure_lock(measure_id, actor)
    changed = _fill(measure, words)
    if changed:
        measure.save()
        event_add(measure, "changed", text="; ".join(changed), actor=actor, at=at)
    return measure


@transaction.atomic
def measure_status_set(*, measure_id: int, status: str, because: str = "", actor: User, at: datetime) -> MeasureStatus:
    """Say how a measure stands; why, where it differs from what its dates and outcomes say. A writer.

    A status of something that is carried out begins it: refused while what it waits for has not delivered, which the
    database refuses too (S-09).
    """
    measure = measure_lock(measure_id, actor)
    known = measure_statuses().get(status)
    if known is None:
        raise RuleBroken("unknown_status", status)
    identity_refuse(because)
    standing = standing_of(measure)
    begun = standing.begun or known.needs_start
    if begun and not standing.begun:
        missing = gates_missing(gates_of(measure))
        if missing:
            names = Measure.objects.filter(pk__in=missing).order_by("number").values_list("number", flat=True)
            raise RuleBroken("measure_must_wait", ", ".join(map(str, names)))
    proposed = proposal_of(measure, begun=begun, on=local_date(at))
    if status != proposed and not because.strip():
        raise RuleBroken("reason_missing", f"proposed {proposed}")
    return MeasureStatus.objects.create(
        measure=measure, status=status, proposed=proposed, begun=begun, because=because.strip(), at=at, by=actor
    )


@transaction.atomic
def measures_take(*, case_id: int, actor: User, at: datetime) -> list[Measure]:
    """Take the measures that a case's newest version tells of into the register, each once. A writer.

    A row's effect is of a full year where its figure says kronor a year, else of the case's budget year. A status in
    the register's own words is kept; another stands as the reason of the first.
    """
    case = case_lock(case_id, actor)
    if case.state == CaseState.WITHDRAWN:
        raise RuleBroken("case_is_decided", f"case {case_id}")
    found = case_of(content_of(case)).examined()
    values = {one.figure.id: one for one in found.figures}
    there = set(case.measures.values_list("case_row", flat=True))
    words_of = {
        word.casefold(): known.code
        for known in measure_statuses().values()
        for word in (known.code, known.sv, known.en)
    }
    made = []
    for row in found.case.measures:
        key = row.label[:400]
        if key in there:
            continue
        there.add(key)
        effect = values.get(row.effect)
        unit = effect.figure.unit if effect else ""
        short = effect.value if effect and unit == "sek" and found.case.budget_year else None
        status = words_of.get(row.status.strip().casefold(), "")
        if not status or measure_statuses()[status].needs_start:
            status = "proposed"
        words = MeasureWords(
            label=row.label[:200],
            kind=MeasureKind.OTHER,
            case_id=case.pk,
            short_sek=None if short is None else round(short, 2),
            short_year=found.case.budget_year if short is not None else None,
            long_sek=round(effect.value, 2) if effect and unit == "sek_per_year" else None,
            requires=row.requires[:300],
        )
        said = "" if measure_statuses()[status].sv == row.status else row.status[:300]
        made.append(
            measure_add(
                hospital_id=case.hospital_id, words=words, case_row=key, status=status, because=said, actor=actor, at=at
            )
        )
    return made
