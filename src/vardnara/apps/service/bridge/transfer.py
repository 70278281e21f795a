"""A plan's items on an agreement's lines: which of them move, and whole or in part."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from vardnara.apps.service.models import AgreementLine, TransferItem

DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Cut:
    """Days of a line that go to one party; ``item_id`` is None for days that stay where they were."""

    line: AgreementLine
    days: frozenset[int]
    party: str
    item_id: int | None


def lines_cut(
    lines: Iterable[AgreementLine], items: Collection[TransferItem], *, from_party: str, to_party: str
) -> list[Cut]:
    """Every line with its days shared out, in the order of the lines; each day of a line moves by one item at most."""
    cuts = []
    for line in lines:
        left = frozenset(line.days)
        if line.party == from_party:
            for item in items:
                days = left & frozenset(item.days) if _meets(item, line) else frozenset()
                if days:
                    cuts.append(Cut(line, days, to_party, item.pk))
                    left -= days
        if left:
            cuts.append(Cut(line, left, line.party, None))
    return cuts


def _meets(item: TransferItem, line: AgreementLine) -> bool:
    return (item.task_type_id, item.ward_id) == (line.task_type_id, line.ward_id) and (
        item.start_minutes <= line.start_minutes < item.end_minutes
    )


def cut_words(cut: Cut) -> tuple[object, ...]:
    """What a line says once it is cut; two versions that say the same have the same words."""
    line = cut.line
    return (
        line.task_type_id, line.ward_id, cut.party, tuple(sorted(cut.days)), line.start_minutes, line.end_minutes,
        line.rrule, line.times,
    )  # fmt: skip
