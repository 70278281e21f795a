"""What minutes become posts by."""

from __future__ import annotations

from dataclasses import dataclass, field

from vardnara.parameters.working_time import working_time


@dataclass(frozen=True, slots=True)
class WorkloadParams:
    """Numbers of the field, from ``parameters/working_time.toml`` unless the employer has its own.

    Parameters
    ----------
    net_hours_per_fte
        Productive hours of a full-time post in a year (W-66), above 0.
    days_per_year
        Days that a year's hours are counted in where no calendar year is named (W-65).
    """

    net_hours_per_fte: float = field(default_factory=lambda: working_time("net_hours_per_fte"))
    days_per_year: float = field(default_factory=lambda: working_time("days_per_year"))

    def __post_init__(self) -> None:
        if not self.net_hours_per_fte > 0 or not self.days_per_year > 0:
            raise ValueError(f"{self.net_hours_per_fte} hours, {self.days_per_year} days: expected more than 0")
