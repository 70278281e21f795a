"""Numbers of the field, from ``parameters/posts.toml`` and ``parameters/working_time.toml`` unless the employer has its
own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from vardnara.engines.posts.data import Shape
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.posts import post_number, shape_rows
from vardnara.parameters.working_time import gross_hours, working_time


@dataclass(frozen=True, slots=True)
class PostsParams:
    """What a post gives and what an hour is worth.

    Parameters
    ----------
    service_level
        Share of a year's hours in which the work of an hour is within its cover, above 0 and below 1.
    walking_share, pause_share
        Of a working hour; walking between wards only in zones of several.
    weekend_share
        Part of the weekends and holidays on which a 7-day post works at most, 0 to 1 (W-35).
    free_days_per_four_weeks
        Of 7-day posts (W-34), 0 to 27.
    net_hours_per_fte
        Productive hours of either kind of post in a year (W-66), above 0.
    care_minutes_per_minute
        Minutes of care staff for a minute that no post covers, 0 or more.
    """

    service_level: float = field(default_factory=partial(post_number, "service_level"))
    walking_share: float = field(default_factory=partial(post_number, "walking_share"))
    pause_share: float = field(default_factory=partial(post_number, "pause_share"))
    weekend_share: float = field(default_factory=partial(post_number, "weekend_share"))
    free_days_per_four_weeks: float = field(default_factory=partial(post_number, "free_days_per_four_weeks"))
    net_hours_per_fte: float = field(default_factory=partial(working_time, "net_hours_per_fte"))
    care_minutes_per_minute: float = field(default_factory=partial(post_number, "care_minutes_per_minute"))

    def __post_init__(self) -> None:
        for name in ("walking_share", "pause_share", "weekend_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} {getattr(self, name)}, expected 0 to 1")
        if not 0 < self.service_level < 1:
            raise ValueError(f"service_level {self.service_level}, expected above 0 and below 1")
        if self.walking_share >= 1 or self.pause_share >= 1:
            raise ValueError("walking or pauses take the whole hour, expected less than 1")
        if not self.net_hours_per_fte > 0 or self.care_minutes_per_minute < 0:
            raise ValueError(f"{self.net_hours_per_fte} hours, {self.care_minutes_per_minute}: expected more")
        if not 0 <= self.free_days_per_four_weeks < 28:
            raise ValueError(f"free_days_per_four_weeks {self.free_days_per_four_weeks}, expected 0 to 27")

    def productive_share(self, n_wards: int) -> float:
        """Part of a working hour that is work on a ward, in a zone of so many wards."""
        walking = self.walking_share if n_wards > 1 else 0.0
        return (1 - walking) * (1 - self.pause_share)

    @property
    def days_per_year(self) -> float:
        return working_time("days_per_year")

    @property
    def gross_hours_all_days(self) -> float:
        """Hours of a 7-day post before holiday and absence (W-65)."""
        return gross_hours(working_time("weekly_minutes_all_days"))

    @property
    def presence_all_days(self) -> float:
        """Part of its days on which a 7-day post is there and not on holiday or sick."""
        return min(1.0, self.net_hours_per_fte / self.gross_hours_all_days)

    @property
    def days_all_days(self) -> float:
        """Days of work a 7-day post does in a year (W-34), absences taken off."""
        return (28 - self.free_days_per_four_weeks) / 28 * self.days_per_year * self.presence_all_days

    def days_weekdays(self, working_days: float) -> float:
        """Days of work a Monday-Friday post does in a year of so many working days (W-67), absences taken off."""
        gross = working_days * post_number("day_hours_weekdays")
        return working_days * min(1.0, self.net_hours_per_fte / gross) if gross else 0.0


def shapes_shipped() -> tuple[Shape, ...]:
    """The days of work of ``parameters/posts.toml``."""
    return tuple(
        Shape(row.code, TimeWindow.parse(row.window), tuple(map(TimeWindow.parse, row.breaks))) for row in shape_rows()
    )
