"""Assumptions of the feed. Each has a unit, a source and a range; none is a measured value of any hospital."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from typing import Any

HOURS = 24
WEEKDAYS = 7


def _assume(default: Any, unit: str, low: float, high: float, source: str = "assumption") -> Any:
    return field(default=default, metadata={"unit": unit, "low": low, "high": high, "source": source})


@dataclass(frozen=True, slots=True)
class FeedParams:
    """How the feed's people come, stay, move and leave, and how well it is all recorded.

    Every field carries ``unit``, ``source``, ``low`` and ``high`` as metadata; a value outside its range is refused.
    ``docs/feed.md`` explains them.
    """

    occupancy_target: float = _assume(
        0.93, "share of staffed beds", 0.3, 1.1,
        "assumption, below the near 100 % reported for Swedish surgical and medical wards in summer 2022",
    )  # fmt: skip
    occupancy_opening_low: float = _assume(0.86, "share of staffed beds", 0.0, 1.0)
    occupancy_opening_high: float = _assume(0.95, "share of staffed beds", 0.0, 1.0)

    stay_median_days: float = _assume(
        3.4, "days, inpatient wards", 0.5, 60.0,
        "assumption; with stay_sigma the mean is 4.9, OECD gives 5.9 for Sweden 2015 with long stays included",
    )  # fmt: skip
    stay_sigma: float = _assume(0.85, "of the logarithm", 0.0, 2.0)
    stay_ward_sigma: float = _assume(0.2, "of the logarithm, between wards", 0.0, 1.0)
    intensive_median_days: float = _assume(1.8, "days", 0.2, 20.0)
    intensive_sigma: float = _assume(0.8, "of the logarithm", 0.0, 2.0)
    emergency_median_minutes: float = _assume(215.0, "minutes", 20.0, 1440.0)
    emergency_sigma: float = _assume(0.5, "of the logarithm", 0.0, 2.0)
    operating_median_minutes: float = _assume(260.0, "minutes from arrival to ward", 30.0, 1440.0)
    dialysis_minutes: float = _assume(255.0, "minutes in the chair", 60.0, 600.0)
    turnaround_median_minutes: float = _assume(75.0, "minutes from bed left to bed offered", 5.0, 600.0)
    turnaround_sigma: float = _assume(0.5, "of the logarithm", 0.0, 2.0)

    elective_share: float = _assume(0.3, "share of admissions", 0.0, 1.0)
    emergency_admitted_share: float = _assume(0.3, "share of emergency visits", 0.01, 1.0)
    intensive_first_share: float = _assume(0.04, "share of emergency admissions", 0.0, 1.0)
    through_operating_share: float = _assume(0.4, "share of elective admissions", 0.0, 1.0)
    same_visit_share: float = _assume(0.75, "share of admissions from emergency by A06", 0.0, 1.0)
    dialysis_turns_per_day: float = _assume(1.6, "patients per chair, Monday to Saturday", 0.0, 4.0)
    birth_share: float = _assume(0.7, "share of stays in a place for mother and child", 0.0, 1.0)
    returning_share: float = _assume(0.25, "share of visits by somebody who has been here", 0.0, 1.0)

    emergency_by_weekday: tuple[float, ...] = _assume((1.08, 1.0, 0.98, 0.98, 1.02, 0.98, 0.96), "weight", 0.0, 10.0)
    elective_by_weekday: tuple[float, ...] = _assume((1.1, 1.1, 1.1, 1.0, 0.6, 0.05, 0.35), "weight", 0.0, 10.0)
    emergency_by_hour: tuple[float, ...] = _assume(
        (2.2, 1.8, 1.5, 1.3, 1.2, 1.3, 1.7, 2.6, 4.0, 5.4, 6.3, 6.6, 6.5, 6.3, 6.1, 6.0, 5.9, 5.8, 5.7, 5.5, 5.0, 4.3,
         3.6, 2.9), "weight", 0.0, 100.0,
    )  # fmt: skip
    elective_by_hour: tuple[float, ...] = _assume(
        (0, 0, 0, 0, 0, 0, 8, 20, 18, 14, 10, 8, 6, 6, 5, 3, 1, 1, 0, 0, 0, 0, 0, 0), "weight", 0.0, 100.0,
    )  # fmt: skip
    discharge_by_hour: tuple[float, ...] = _assume(
        (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.6, 2, 5, 12, 15, 14, 14, 12, 8, 5, 4, 3, 2, 1, 0.6, 0.3, 0.2),
        "weight", 0.0, 100.0,
    )  # fmt: skip
    weekend_discharge_share: float = _assume(0.55, "share of weekend discharges not put off to Monday", 0.0, 1.0)

    move_share: float = _assume(0.12, "share of stays with a move between wards", 0.0, 1.0)
    intensive_share: float = _assume(0.025, "share of stays over two days with intensive care", 0.0, 1.0)
    swap_share: float = _assume(0.012, "share of stays with a swap of beds", 0.0, 1.0)
    leave_share: float = _assume(0.04, "share of stays over four days with leave", 0.0, 1.0)
    updates_per_day: float = _assume(0.45, "updates per stay and day", 0.0, 10.0)
    person_update_share: float = _assume(0.06, "share of stays", 0.0, 1.0)
    unknown_patient_share: float = _assume(0.015, "share of emergency visits, later merged", 0.0, 1.0)
    closed_beds_per_day: float = _assume(0.006, "closures per bed and day", 0.0, 1.0)

    contagion_share: float = _assume(0.07, "share of admissions", 0.0, 1.0)
    contagion_found_share: float = _assume(0.02, "share of updates that find contagion", 0.0, 1.0)
    contagion_weights: tuple[float, ...] = _assume((0.55, 0.3, 0.15), "weight of classes A, B, C", 0.0, 1.0)

    ordered_share: float = _assume(0.85, "share of discharges ordered before the patient leaves", 0.0, 1.0)
    order_withdrawn_share: float = _assume(0.07, "share of ordered discharges", 0.0, 1.0)
    planned_move_share: float = _assume(0.5, "share of moves announced", 0.0, 1.0)
    planned_move_withdrawn_share: float = _assume(0.1, "share of announced moves", 0.0, 1.0)
    became_outpatient_share: float = _assume(0.01, "share of discharges by A07", 0.0, 1.0)

    wrong_admission_share: float = _assume(0.012, "share of admissions cancelled", 0.0, 0.5)
    wrong_move_share: float = _assume(0.03, "share of moves cancelled", 0.0, 0.5)
    wrong_discharge_share: float = _assume(0.015, "share of discharges cancelled", 0.0, 0.5)
    wrong_leave_share: float = _assume(0.1, "share of leaves and returns cancelled", 0.0, 0.5)
    wrong_registration_share: float = _assume(0.006, "share of emergency registrations deleted", 0.0, 0.5)

    late_record_share: float = _assume(0.05, "share of events entered well after the fact", 0.0, 1.0)
    late_record_mean_minutes: float = _assume(25.0, "minutes", 1.0, 1440.0)
    delayed_share: float = _assume(0.02, "share of messages sent out of order", 0.0, 1.0)
    delayed_max_minutes: float = _assume(45.0, "minutes", 1.0, 1440.0)
    resent_share: float = _assume(0.01, "share of messages sent twice", 0.0, 1.0)

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            values = value if isinstance(value, tuple) else (value,)
            low, high = item.metadata["low"], item.metadata["high"]
            if not all(low <= one <= high for one in values):
                raise ValueError(f"{item.name} {value}, expected {low} to {high} {item.metadata['unit']}")
        for name, length in (("emergency_by_weekday", WEEKDAYS), ("elective_by_weekday", WEEKDAYS)):
            if len(getattr(self, name)) != length:
                raise ValueError(f"{name} has {len(getattr(self, name))} weights, expected {length}")
        for name in ("emergency_by_hour", "elective_by_hour", "discharge_by_hour"):
            if len(getattr(self, name)) != HOURS or not any(getattr(self, name)):
                raise ValueError(f"{name}: expected {HOURS} weights, not all 0")

    def digest(self) -> str:
        """A short fingerprint of all values, to tell results of different assumptions apart."""
        text = repr([(item.name, getattr(self, item.name)) for item in fields(self)])
        return hashlib.sha256(text.encode()).hexdigest()[:12]
