"""Rows to engine data."""

from __future__ import annotations

from vardnara.apps.service.choices import Each
from vardnara.apps.service.models import Norm, TaskType
from vardnara.engines.agenda import Need
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import Driver


def need_of(row: TaskType, ward_id: int, norm: Norm | None, *, party: str) -> Need:
    """A kind of task on a ward, with the norm that counts there; ``party`` is whose it is where no line speaks."""
    return Need(
        type_id=row.pk,
        ward_id=ward_id,
        each_bed=row.each == Each.BED,
        driver=Driver(row.driver),
        fixed_minutes=float(norm.fixed_typical) if norm else None,
        unit_minutes=float(norm.unit_typical) if norm else None,
        usual=tuple((frozenset(days), TimeWindow(start, end), times) for days, start, end, times in row.usual),
        party=party,
    )
