"""Words of rosters: rules that are broken, times of shifts, marks of a day, and what a search came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.staffing.choices import Competence, LeaveKind
from vardnara.apps.staffing.queries.rosters import Cell, RosterGrid
from vardnara.apps.staffing.templatetags.schedule_words import holiday
from vardnara.engines.roster.swedish import Broken, ShiftKind
from vardnara.kernel.calendar import day_kind

register = template.Library()
DAY_MINUTES = 1440
RULES = {
    "daily_rest_gap": pgettext_lazy("roster rule", "less than 11 hours' rest between two shifts"),
    "daily_rest_day": pgettext_lazy("roster rule", "no 11 hours' rest in a row within the day and night"),
    "daily_work": pgettext_lazy("roster rule", "more than 13 hours' work within a day and night"),
    "weekly_rest": pgettext_lazy("roster rule", "no 36 hours' rest in a row in the week"),
    "break": pgettext_lazy("roster rule", "more than 5 hours without a break"),
    "week_average": pgettext_lazy("roster rule", "more than 48 hours a week on average"),
    "free_days": pgettext_lazy("roster rule", "fewer than 9 free days in four weeks"),
    "night_average": pgettext_lazy("roster rule", "more than 8 hours a day on average, with nights"),
    "minor_night": pgettext_lazy("roster rule", "not yet 18, and at night"),
    "overlap": pgettext_lazy("roster rule", "two shifts at the same time"),
    "twice": pgettext_lazy("roster rule", "two shifts on one day"),
    "contract_most": pgettext_lazy("roster rule", "more hours than the contract"),
    "away": pgettext_lazy("roster rule", "away or not employed that day"),
    "unknown_shift": pgettext_lazy("roster rule", "a shift of another ward"),
    "never": pgettext_lazy("roster rule", "hours that the person does not work"),
    "untrained": pgettext_lazy("roster rule", "a training is missing or has ended"),
    "fixed": pgettext_lazy("roster rule", "the day is locked"),
}
FAULTS = {
    "abandoned": pgettext_lazy("roster", "The worker that searched went away. Search again."),
    "unexpected": pgettext_lazy("roster", "Something went wrong. Those who run Vardnara find it in the log."),
}


@register.filter
def rule_said(code: str) -> str:
    """A hard rule in words."""
    return str(RULES.get(code, code))


@register.filter
def broken_said(one: Broken) -> str:
    """Which rule is broken, when, and by how much where that is time."""
    words = {"day": date_format(one.on, "j F"), "rule": rule_said(one.rule)}
    if one.rule in ("contract_most", "daily_rest_gap", "daily_rest_day", "weekly_rest", "week_average", "daily_work"):
        words |= {"found": clock_length(one.found), "limit": clock_length(one.limit)}
        return pgettext("roster", "%(day)s: %(rule)s (%(found)s; the limit is %(limit)s)") % words
    return pgettext("roster", "%(day)s: %(rule)s") % words


@register.filter
def clock_length(minutes: float) -> str:
    """Minutes as hours and minutes: 10:30."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours}:{rest:02}"


@register.filter
def clock(minute: int) -> str:
    """A minute of the day as the clock shows it."""
    return f"{minute % DAY_MINUTES // 60:02}:{minute % 60:02}"


@register.filter
def shift_times(kind: object) -> str:
    """From when to when a kind of shift is."""
    return f"{clock(kind.start)}–{clock(kind.end)}"  # type: ignore[attr-defined]


@register.filter
def breaks_said(kind: object) -> str:
    """The breaks of a kind of shift."""
    return ", ".join(f"{clock(a)}–{clock(b)}" for a, b in kind.breaks)  # type: ignore[attr-defined]


@register.filter
def competences_said(codes: tuple[str, ...]) -> str:
    """Trainings by name."""
    return ", ".join(str(Competence(code).label) for code in codes)


@register.filter
def part_of_day(kind: object) -> str:
    """Morning, late, evening or night: what colours a shift beside its code."""
    start, end = kind.start, kind.end  # type: ignore[attr-defined]
    if end > DAY_MINUTES or start < 5 * 60:
        return "night"
    if end > 19 * 60:
        return "evening"
    return "late" if start >= 9 * 60 else "day"


@register.filter
def cell_said(cell: Cell) -> str:
    """What is to be seen of a day besides its code, as a sentence for its title."""
    said = []
    if cell.away:
        said.append(str(LeaveKind(cell.away).label))
    said += [rule_said(rule) for rule in cell.broken]
    if cell.wish == "wanted":
        said.append(pgettext("roster", "wants to work"))
    if cell.wish == "unwanted":
        said.append(pgettext("roster", "wants to be free of it"))
    if cell.is_fixed:
        said.append(pgettext("roster", "locked"))
    if cell.changed:
        said.append(pgettext("roster", "changed after it was published"))
    return "; ".join(said)


@register.filter
def hours_of(minutes: int | float) -> str:
    """Minutes as hours with one decimal."""
    return str(number_format(Decimal(round(minutes)) / 60, decimal_pos=1, use_l10n=True, force_grouping=True))


@register.filter
def hours_signed(minutes: int) -> str:
    """A difference in hours with its sign."""
    sign = "+" if minutes > 0 else "−" if minutes < 0 else "±"
    return f"{sign}{hours_of(abs(minutes))}"


@register.filter
def fault_said(code: str) -> str:
    """Why a search failed."""
    return str(FAULTS.get(code, FAULTS["unexpected"]))


@register.simple_tag
def of(table: Mapping[object, object], key: object) -> object:
    """A row of a mapping."""
    return table.get(key, "")


@register.filter
def minutes_of(kind: ShiftKind) -> int:
    """Working time of a kind of shift."""
    return kind.end - kind.start - sum(until - since for since, until in kind.breaks)


@register.simple_tag
def kind_class(grid: RosterGrid, kind_id: int) -> str:
    """The class that colours a kind of shift."""
    return part_of_day(grid.rows_of.kinds[str(kind_id)])


@register.filter
def leave_letter(kind: str) -> str:
    """One letter for days away: one for vacation, another for all else."""
    return pgettext("leave letter", "V") if kind == LeaveKind.VACATION else pgettext("leave letter", "A")


@register.filter
def holiday_name(day: date) -> str:
    """The holiday or eve that a day is, else empty."""
    kind = day_kind(day)
    return holiday(kind.holiday or kind.eve)
