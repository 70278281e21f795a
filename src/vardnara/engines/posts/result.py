"""Covers, days of work, and what N posts do, with their proof."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.engines.posts.data import Field

VERSION = "1"
type Grid = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class ZoneNeed:
    """Minutes of work a zone has in each hour: rows are the columns (kinds of day) of the field, of 24 hours each.

    Parameters
    ----------
    code, wards
        Which zone.
    productive_share
        Part of an hour of presence that is work on a ward.
    typical, low, high
        Mean minutes, and what the norms' intervals make of them (``docs/workload.md``).
    cover
        People who must be there for the service level; in steps of the field's unit.
    """

    code: str
    wards: tuple[str, ...]
    productive_share: float
    typical: Grid
    low: Grid
    high: Grid
    cover: Grid


@dataclass(frozen=True, slots=True)
class Needs:
    """Needs of zones, and of all together; ``field`` is what posts are laid out on."""

    field: Field
    zones: tuple[ZoneNeed, ...]
    whole: ZoneNeed
    service_level: float
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class Manned:
    """So many people work a shape in a zone on every day of a kind: numbers in the order of the field."""

    zone: int
    column: int
    shape: int
    n: int


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts of both kinds: Monday-Friday by 40 h, and of all days by 38 h 15 min."""

    weekdays: int
    all_days: int

    @property
    def total(self) -> int:
        return self.weekdays + self.all_days


@dataclass(frozen=True, slots=True)
class Limits:
    """Posts that days of work ask for, by what asks for them: the most of these decides.

    Parameters
    ----------
    hours
        Hours / productive hours of a post (W-66, W-68).
    days
        Days of work / those of a 7-day post (W-34).
    heads
        People on the fullest day.
    weekends
        7-day posts that take weekends and holidays in turn (W-35).
    """

    hours: float
    days: float
    heads: float
    weekends: float


@dataclass(frozen=True, slots=True)
class CoverPlan:
    """The fewest posts that reach every cover, and of their plans the one with the fewest hours.

    Parameters
    ----------
    manned
        Days of work.
    hours_per_year, weekday_hours_per_year
        Hours of work in a year, and those of them on days on which Monday-Friday posts work.
    posts
        The fewest that may work them (W-30, W-31, W-34, W-67).
    limits
        What asks for so many.
    out_of_reach
        (zone, column, hour) that need somebody and that no shape reaches.
    status
        ``optimal``, or ``stopped`` where the proof was not finished; ``bound_posts``: fewer are proved not to do.
    """

    manned: tuple[Manned, ...]
    hours_per_year: float
    weekday_hours_per_year: float
    posts: Posts
    limits: Limits
    out_of_reach: tuple[tuple[int, int, int], ...]
    status: str
    bound_posts: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """What N posts do at best; minutes are those of an average week.

    Parameters
    ----------
    n_posts
        N.
    posts
        Of which kind they are: as many Monday to Friday as the plan allows.
    manned
        Days of work.
    hours
        Hours of work a week.
    worth, bound
        Weighted covered minutes, and what was proved that no plan can exceed.
    covered, uncovered
        Minutes of work in the mean that posts do, and that fall on care.
    units
        Units of presence for each cell of the field, in its order.
    status
        ``optimal``, or ``stopped`` where the proof was not finished.
    """

    n_posts: int
    posts: Posts
    manned: tuple[Manned, ...]
    hours: float
    worth: float
    bound: float
    covered: float
    uncovered: float
    units: tuple[int, ...]
    status: str
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """N posts twice: laid out anew, and added to those of N - 1, whose days of work stay."""

    free: Allocation
    step: Allocation
