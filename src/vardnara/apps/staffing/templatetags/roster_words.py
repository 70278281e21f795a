"""Words of rosters: rules that are broken, times of shifts, marks of a day, and what a search came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import npgettext, npgettext_lazy, pgettext, pgettext_lazy

from vardnara.apps.staffing.choices import Competence, LeaveKind
from vardnara.apps.staffing.queries.rosters import Cell, RosterGrid
from vardnara.apps.staffing.templatetags.schedule_words import holiday
from vardnara.engines.roster.swedish import Broken, ShiftKind
from vardnara.engines.roster.swedish.judge import SUMS
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
    "overtime_four_weeks": pgettext_lazy("roster rule", "more than 48 hours' overtime in four weeks"),
    "overtime_month": pgettext_lazy("roster rule", "more than 50 hours' overtime in a month"),
    "overtime_year": pgettext_lazy("roster rule", "more than 200 hours' overtime in a year"),
    "additional_four_weeks": pgettext_lazy("roster rule", "more than 48 hours' additional time in four weeks"),
    "additional_month": pgettext_lazy("roster rule", "more than 50 hours' additional time in a month"),
    "additional_year": pgettext_lazy("roster rule", "more than 200 hours' additional time in a year"),
    "weekdays": pgettext_lazy("roster rule", "employed for weekdays"),
    "away": pgettext_lazy("roster rule", "away or not employed that day"),
    "unknown_shift": pgettext_lazy("roster rule", "a shift of another ward"),
    "never": pgettext_lazy("roster rule", "hours that the person does not work"),
    "untrained": pgettext_lazy("roster rule", "a training is missing or has ended"),
    "fixed": pgettext_lazy("roster rule", "the day is locked"),
}
TIMED = SUMS | {"daily_rest_gap", "daily_rest_day", "weekly_rest", "week_average", "daily_work"}
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
    if one.rule in TIMED:
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


REASONS = {
    "kind": npgettext_lazy("roster reason", "%(n)s works elsewhere", "%(n)s work elsewhere", "n"),
    "untrained": npgettext_lazy("roster reason", "%(n)s lacks training", "%(n)s lack training", "n"),
    "away": npgettext_lazy("roster reason", "%(n)s is away", "%(n)s are away", "n"),
    "weekdays": npgettext_lazy(
        "roster reason", "%(n)s is employed for weekdays", "%(n)s are employed for weekdays", "n"
    ),
    "never": npgettext_lazy("roster reason", "%(n)s cannot work those hours", "%(n)s cannot work those hours", "n"),
    "minor": npgettext_lazy("roster reason", "%(n)s is not 18", "%(n)s are not 18", "n"),
    "fixed": npgettext_lazy("roster reason", "%(n)s has a locked day", "%(n)s have a locked day", "n"),
    "works": npgettext_lazy("roster reason", "%(n)s works another shift", "%(n)s work another shift", "n"),
    "rest": npgettext_lazy("roster reason", "%(n)s needs the daily rest", "%(n)s need the daily rest", "n"),
    "weekly_rest": npgettext_lazy("roster reason", "%(n)s needs the weekly rest", "%(n)s need the weekly rest", "n"),
    "free_days": npgettext_lazy("roster reason", "%(n)s needs the free days", "%(n)s need the free days", "n"),
    "hours": npgettext_lazy("roster reason", "%(n)s has reached 48 hours", "%(n)s have reached 48 hours", "n"),
    "contract": npgettext_lazy("roster reason", "%(n)s has a full contract", "%(n)s have full contracts", "n"),
    "": npgettext_lazy("roster reason", "%(n)s could", "%(n)s could", "n"),
}


@register.filter
def explained_sentence(found: Mapping[str, Any]) -> str:
    """Why a roster has too few people, and what would help, in one sentence."""
    head, ways = found["headline"], found["ways"]
    words = {
        "needed": hours_whole(head["needed_minutes"]),
        "reached": hours_whole(head["reached_minutes"]),
        "short": hours_whole(found["short_minutes"]),
        "week": date.fromisoformat(head["monday"]).isocalendar().week if head["monday"] else "",
        "competence": _training(head["competence"]),
    }
    said = {
        "covered": pgettext("roster explained", "Every shift has its people"),
        "search": pgettext(
            "roster explained", "%(short)s hours have nobody, and nothing says that they must: search longer"
        ),
        "contracts": pgettext(
            "roster explained", "In week %(week)s %(needed)s hours are needed, but the contracts reach %(reached)s"
        ),
        "competence": pgettext(
            "roster explained",
            "%(needed)s hours ask for %(competence)s, but those who are trained reach %(reached)s",
        ),
        "same_time": pgettext(
            "roster explained",
            "In week %(week)s %(needed)s hours are needed, so many at the same time that %(reached)s can be manned",
        ),
    }[head["kind"]] % words
    if not ways or head["kind"] in ("covered", "search"):
        return f"{said}."
    nearest = pgettext("roster explained", " or ").join(way_said(one) for one in ways[:2])
    return pgettext("roster explained", "%(said)s; the nearest way out is %(ways)s.") % {"said": said, "ways": nearest}


@register.filter
def way_said(one: Mapping[str, Any]) -> str:
    """A way out."""
    amount = one["amount"]
    words = {
        "n": number_format(Decimal(str(amount)), decimal_pos=1, use_l10n=True)
        if one["kind"] == "posts"
        else round(amount),
        "hours": hours_whole(amount),
        "what": ", ".join(_training(part) for part in one["what"]) if one["kind"] == "training" else "",
    }
    said = {
        "posts": pgettext("roster way", "%(n)s posts more"),
        "overtime": pgettext("roster way", "%(hours)s hours of overtime"),
        "leave": npgettext("roster way", "%(n)s day of leave moved", "%(n)s days of leave moved", round(amount)),
        "training": npgettext(
            "roster way", "%(n)s person trained in %(what)s", "%(n)s people trained in %(what)s", round(amount)
        ),
        "need": npgettext("roster way", "%(n)s shift fewer", "%(n)s shifts fewer", round(amount)),
    }[one["kind"]] % words
    if not one["left_minutes"]:
        return str(said)
    left = pgettext("roster way", "%(said)s (%(hours)s hours stay without people)")
    return left % {"said": said, "hours": hours_whole(one["left_minutes"])}


def _training(code: str) -> str:
    return str(Competence(code).label).lower() if code in Competence.values else code


@register.filter
def hours_whole(minutes: float) -> str:
    """Minutes as whole hours."""
    return str(number_format(round(minutes / 60), use_l10n=True, force_grouping=True))


@register.filter
def why_said(one: Mapping[str, Any], grid: RosterGrid) -> str:
    """Why a kind of shift has too few in a week."""
    kind = grid.rows_of.kinds.get(one["shift"])
    reasons = sorted(one["reasons"].items(), key=lambda pair: -pair[1])
    words = {
        "week": date.fromisoformat(one["monday"]).isocalendar().week,
        "code": kind.code if kind else "?",
        "missing": one["missing"],
        "reasons": ", ".join(str(REASONS[name] % {"n": n}) for name, n in reasons if name in REASONS),
    }
    return pgettext("roster explained", "Week %(week)s, %(code)s: %(missing)s missing. %(reasons)s.") % words
