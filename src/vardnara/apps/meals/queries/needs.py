"""What patients need at an instant, and the parts of their diets for those who may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from vardnara.apps.hospital.queries.stays import StayFacts
from vardnara.apps.meals.choices import DietPart, Portion
from vardnara.apps.meals.models import DietRevision, Restriction
from vardnara.apps.meals.queries.restrictions import restrictions
from vardnara.engines.diet.data import Needs
from vardnara.engines.diet.needs import needs_at


@dataclass(frozen=True, slots=True)
class NeedsNow:
    """What a stay needs at an instant. ``revision`` counts the changes of the patient's diet; ``missing`` says what
    nobody has told, ``contradictions`` what sources tell differently. ``aids`` and ``supplements`` are codes.
    """

    needs: Needs
    base: str
    portion: str
    revision: int
    missing: tuple[str, ...]
    contradictions: tuple[str, ...]
    aids: tuple[str, ...]
    supplements: tuple[str, ...]
    next_change_at: datetime | None


@dataclass(frozen=True, slots=True)
class DietLine:
    """A part of a diet as the ward reads it; ``holds`` now, or will."""

    id: int
    part: str
    code: str
    text: str
    traces_tolerated: bool
    source: str
    source_name: str
    profession: str
    who: str
    reason: str
    set_at: datetime
    valid_from: datetime
    valid_until: datetime | None
    holds: bool


def _rows(stays: Collection[StayFacts], *, live: bool) -> dict[int, list[Restriction]]:
    """Rows by stay: the stay's own, and those that follow its patient."""
    by_patient: dict[int, list[Restriction]] = defaultdict(list)
    rows = Restriction.objects.filter(patient__in={stay.patient_id for stay in stays}).order_by("set_at", "pk")
    if live:
        rows = rows.filter(ended_at__isnull=True)
    for row in rows.select_related("set_by", "ended_by"):
        by_patient[row.patient_id].append(row)
    return {stay.id: [row for row in by_patient[stay.patient_id] if row.stay_id in (None, stay.id)] for stay in stays}


def needs_of(stays: Iterable[StayFacts], *, at: datetime) -> dict[int, NeedsNow]:
    """What each stay needs at an instant, such as the time of a meal; two queries, however many stays."""
    stays = list(stays)
    rows = _rows(stays, live=True)
    numbers = dict(
        DietRevision.objects.filter(patient__in={stay.patient_id for stay in stays}).values_list("patient", "number")
    )
    found = {}
    for stay in stays:
        diet = needs_at(restrictions(rows[stay.id]), at)
        held = [row for row in rows[stay.id] if _holds(row, at)]
        found[stay.id] = NeedsNow(
            needs=diet.needs,
            base=diet.base or "",
            portion=diet.portion or Portion.NORMAL,
            revision=numbers.get(stay.patient_id, 0),
            missing=diet.missing,
            contradictions=tuple(str(kind) for kind in diet.contradictions),
            aids=tuple(sorted({row.code for row in held if row.part == DietPart.AID})),
            supplements=tuple(sorted({row.code for row in held if row.part == DietPart.SUPPLEMENT})),
            next_change_at=diet.next_change_at,
        )
    return found


def _holds(row: Restriction, at: datetime) -> bool:
    return row.valid_from <= at and (row.valid_until is None or at < row.valid_until)


def diet_lines(stays: Iterable[StayFacts], *, at: datetime) -> dict[int, list[DietLine]]:
    """The parts of each stay's diet that hold or will, in the order of the parts."""
    stays = list(stays)
    order = {part: place for place, part in enumerate(DietPart.values)}
    found = {}
    for stay_id, rows in _rows(stays, live=True).items():
        current = [row for row in rows if row.valid_until is None or at < row.valid_until]
        found[stay_id] = [
            DietLine(
                id=row.pk,
                part=row.part,
                code=row.code,
                text=row.text,
                traces_tolerated=row.traces_tolerated,
                source=row.source,
                source_name=row.source_name,
                profession=row.set_profession,
                who=row.set_by.get_full_name() if row.set_by is not None else "",
                reason=row.reason,
                set_at=row.set_at,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                holds=_holds(row, at),
            )
            for row in sorted(current, key=lambda row: (order[row.part], row.code, row.pk))
        ]
    return found


@dataclass(frozen=True, slots=True)
class EndedLine:
    """A part of a diet that has ended: by whom, when and why."""

    part: str
    code: str
    text: str
    source: str
    traces_tolerated: bool
    set_at: datetime
    who: str
    ended_at: datetime
    ended_by: str
    ended_reason: str


def diet_history(stay: StayFacts, *, limit: int = 50) -> list[EndedLine]:
    """What held of a stay's diet and does no more, the newest first."""
    rows = [row for row in _rows([stay], live=False)[stay.id] if row.ended_at is not None]
    rows.sort(key=lambda row: (row.ended_at, row.pk), reverse=True)
    return [
        EndedLine(
            part=row.part,
            code=row.code,
            text=row.text,
            source=row.source,
            traces_tolerated=row.traces_tolerated,
            set_at=row.set_at,
            who=row.set_by.get_full_name() if row.set_by is not None else "",
            ended_at=row.ended_at,
            ended_by=row.ended_by.get_full_name() if row.ended_by is not None else "",
            ended_reason=row.ended_reason,
        )
        for row in rows[:limit]
    ]
