"""The checklists behind a case's posts: what is left, what is late, and effect that is counted before notice allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from vardnara.apps.decisions.models import Case, PostCheck, PostChecklist
from vardnara.apps.decisions.queries.cases import hospitals_in_reach
from vardnara.engines.case import Examination
from vardnara.engines.economy import FlowKind
from vardnara.engines.measures import effect_too_early, last_day, months_later
from vardnara.gateways.case_file.content import case_of
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.measures import CHANGES, PostStep, post_steps

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class WantedPost:
    """A post that a case removes or re-aims; ``post_number`` is its own where the case read it from the register."""

    label: str
    number: int
    change: str
    change_on: date
    post_number: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A step. ``is_late``: its day has passed and it is not done. ``is_unowned``: it has a day and no owner."""

    check: PostCheck
    step: PostStep
    is_late: bool
    is_unowned: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """A post's list. ``last_on`` is the last day that notice allows, None where notice or its months are not known.

    ``effect_from`` is the first day that the case counts the effect from; ``too_early`` where it is not after that.
    ``is_gone`` where the case's newest version no longer has the post.
    """

    listed: PostChecklist
    lines: tuple[CheckLine, ...]
    effect_from: date
    last_on: date | None
    last_said_on: date | None
    too_early: bool
    is_gone: bool

    @property
    def n_done(self) -> int:
        return sum(line.check.done_on is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class ListsPage:
    """All lists of a case, and how many posts have none yet."""

    case: Case
    lists: tuple[ListPage, ...]
    n_missing: int
    n_late: int
    n_too_early: int


def posts_wanted(found: Examination) -> list[WantedPost]:
    """Every post that is to have a list: those that a row names by number, else as many as it has, rounded up."""
    queries = {figure.id: figure.query for figure in found.case.figures}
    wanted: list[WantedPost] = []
    n_listed: Counter[str] = Counter()  # of a label, which several rows may have
    for posts, group in zip(found.case.posts, found.groups, strict=True):
        if group.change.value not in CHANGES:
            continue
        register, _, arguments = queries.get(posts.figure, "").partition("?")
        named = dict(parse_qsl(arguments)).get("numbers", "") if register == "staffing.posts" else ""
        numbers = named.split(",") if named else [""] * ceil(group.n_posts)
        label = group.label[:400]
        for number in numbers:
            n_listed[label] += 1
            wanted.append(WantedPost(label, n_listed[label], group.change.value, group.change_on, number[:40]))
    return wanted


def post_lists(*, actor: User, case_id: int, on: date) -> ListsPage:
    """The checklists of a case, for who reads its cases."""
    case = Case.objects.filter(pk=case_id, hospital_id__in=hospitals_in_reach(actor)).first()
    if case is None:
        raise RuleBroken("unknown_matter", str(case_id))
    found = case_of(case.versions.get(number=case.n_versions).content).examined()
    wanted = {(post.label, post.number) for post in posts_wanted(found)}
    rows = case.checklists.prefetch_related("checks").order_by("change_on", "label", "number")
    lists = tuple(_list(row, found, wanted, on) for row in rows)
    have = {(one.listed.label, one.listed.number) for one in lists}
    return ListsPage(
        case=case,
        lists=lists,
        n_missing=len(wanted - have),
        n_late=sum(line.is_late for one in lists for line in one.lines if not one.is_gone),
        n_too_early=sum(one.too_early for one in lists if not one.is_gone),
    )


def counted_from(found: Examination, change_on: date) -> date:
    """The first day of effect that a case counts for posts of a day: its savings from that day, after their notice."""
    notices = [
        amount.notice_months
        for amount in found.case.amounts
        if amount.kind is FlowKind.SAVING and amount.from_on == change_on
    ]
    return months_later(change_on, min(notices)) if notices else change_on


def _list(listed: PostChecklist, found: Examination, wanted: set[tuple[str, int]], on: date) -> ListPage:
    steps = post_steps()
    checks = {one.code: one for one in listed.checks.all()}
    lines = tuple(
        CheckLine(
            check=checks[code],
            step=step,
            is_late=checks[code].done_on is None and (checks[code].due_on or on) < on,
            is_unowned=checks[code].done_on is None and checks[code].due_on is not None and not checks[code].owner,
        )
        for code, step in steps.items()
        if code in checks
    )
    notice_on = _day_of(lines, "notice")
    months = listed.notice_months
    last_on = last_day(notice_on, months) if notice_on is not None and months is not None else None
    said = _day_of(lines, "last_day")
    effect_from = counted_from(found, listed.change_on)
    ends = max((day for day in (last_on, said) if day is not None), default=None)
    return ListPage(
        listed=listed,
        lines=lines,
        effect_from=effect_from,
        last_on=last_on,
        last_said_on=said,
        too_early=ends is not None and effect_too_early(effect_from, ends),
        is_gone=(listed.label, listed.number) not in wanted,
    )


def _day_of(lines: Iterable[CheckLine], anchor: str) -> date | None:
    """The day of the step that holds a date: done, else planned."""
    for line in lines:
        if line.step.anchor == anchor:
            return line.check.done_on or line.check.due_on
    return None
