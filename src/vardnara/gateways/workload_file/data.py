"""What a workload file says."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.engines.agreement import Demand, Rule
from vardnara.engines.workload import WorkloadOrder


@dataclass(frozen=True, slots=True)
class WorkloadCase:
    """Work, and who has agreed to do it.

    Parameters
    ----------
    title
        What people call it; may be empty.
    order
        Tasks and wards.
    rules
        The agreement; empty where the file has none.
    demands
        When each task can arise: as the file says, else when it is planned.
    notes
        Codes and sentences about what the numbers rest on, where somebody else than the engine knows.
    """

    title: str
    order: WorkloadOrder
    rules: tuple[Rule, ...]
    demands: tuple[Demand, ...]
    notes: tuple[tuple[str, str], ...] = ()
