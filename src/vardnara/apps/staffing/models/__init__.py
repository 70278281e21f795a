"""Posts and who pays for them, people and what they are employed and trained for, posts by need, rosters, day plans."""

from vardnara.apps.staffing.models.allocation import Allocation, AllocationPoint
from vardnara.apps.staffing.models.day_plans import DayLook, DispatchPlan, DispatchPolicy, WalkTime
from vardnara.apps.staffing.models.people import Availability, Contract, Leave, Person, Training
from vardnara.apps.staffing.models.posts import Post, PostFunding
from vardnara.apps.staffing.models.rosters import (
    Roster,
    RosterChange,
    RosterGroup,
    RosterHome,
    RosterMember,
    RosterNeed,
    RosterRun,
    RosterShift,
    ShiftKind,
    StandardNeed,
    Wish,
)
from vardnara.apps.staffing.models.schedule import (
    CalendarLink,
    ExtraSeen,
    PayrollExport,
    ScheduleRule,
    ShiftOffer,
    WorkedPart,
    WorkedTime,
)

__all__ = [
    "Allocation",
    "AllocationPoint",
    "Availability",
    "CalendarLink",
    "Contract",
    "DayLook",
    "DispatchPlan",
    "DispatchPolicy",
    "ExtraSeen",
    "Leave",
    "PayrollExport",
    "Person",
    "Post",
    "PostFunding",
    "Roster",
    "RosterChange",
    "RosterGroup",
    "RosterHome",
    "RosterMember",
    "RosterNeed",
    "RosterRun",
    "RosterShift",
    "ScheduleRule",
    "ShiftKind",
    "ShiftOffer",
    "StandardNeed",
    "Training",
    "WalkTime",
    "Wish",
    "WorkedPart",
    "WorkedTime",
]
