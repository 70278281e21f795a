"""Both sides' analyses as pages show them: rows with their colour, beside the version before, with live figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from vardnara.apps.decisions.choices import CaseState, RiskSide
from vardnara.apps.decisions.models import Case, RiskAnalysis, RiskComment, RiskRow
from vardnara.apps.decisions.queries.cases import hospitals_in_reach
from vardnara.apps.decisions.queries.live_figures import Live, LiveFigures
from vardnara.apps.decisions.queries.scales import template_of
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.risk_templates import RiskTemplate

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk with its colour. ``changes`` are fields that differ from the version before, ``None`` where it is new.

    ``again`` is the likelihood, severity and colour that are proposed because its live figure moved after the decision.
    """

    row: RiskRow
    number: int
    score: int
    level: str
    residual_score: int | None
    residual_level: str
    changes: tuple[str, ...] | None
    live: Live | None
    comments: tuple[RiskComment, ...]
    is_late: bool
    lacks_action: bool = False
    again: tuple[int, int, str] | None = None

    @property
    def is_new(self) -> bool:
        return self.changes is None


@dataclass(frozen=True, slots=True)
class SidePage:
    """One side's newest version, the rows that the version before had and this has not, and all versions."""

    side: RiskSide
    analysis: RiskAnalysis | None
    template: RiskTemplate | None
    lines: tuple[RiskLine, ...]
    gone: tuple[RiskRow, ...]
    comments: tuple[RiskComment, ...]
    versions: tuple[RiskAnalysis, ...]


COMPARED = (
    "area", "risk", "cause", "consequence", "likelihood", "severity", "existing_action", "new_action", "responsible",
    "due_on", "indicator", "threshold", "indicator_division_id", "indicator_ward_id",
)  # fmt: skip


def risk_sides(*, actor: User, case_id: int, at: datetime, on: date) -> tuple[Case, tuple[SidePage, ...]]:
    """Both sides of a case, for who reads its cases."""
    case = Case.objects.filter(pk=case_id, hospital_id__in=hospitals_in_reach(actor)).first()
    if case is None:
        raise RuleBroken("unknown_matter", str(case_id))
    return case, sides_of(case, at=at, on=on)


def sides_of(case: Case, *, at: datetime, on: date) -> tuple[SidePage, ...]:
    """Both sides of a case that the reader may see."""
    figures = LiveFigures(case, at)
    return tuple(_side(case, side, figures, on) for side in RiskSide)


def _side(case: Case, side: RiskSide, figures: LiveFigures, on: date) -> SidePage:
    versions = tuple(case.analyses.filter(side=side).select_related("settled_by", "scale").order_by("-number"))
    if not versions:
        return SidePage(side, None, None, (), (), (), ())
    newest, before = versions[0], versions[1] if len(versions) > 1 else None
    template = template_of(newest)
    then = {row.key: row for row in before.rows.all()} if before else {}
    comments = tuple(newest.comments.order_by("at", "pk"))
    rows = list(newest.rows.order_by("pk"))
    lines = tuple(
        _line(row, number, template, then if before else None, figures, comments, on)
        for number, row in enumerate(rows, start=1)
    )
    keys = {row.key for row in rows}
    return SidePage(
        side=side,
        analysis=newest,
        template=template,
        lines=lines,
        gone=tuple(row for key, row in then.items() if key not in keys),
        comments=tuple(comment for comment in comments if comment.key is None),
        versions=versions,
    )


def _line(
    row: RiskRow,
    number: int,
    template: RiskTemplate,
    then: dict[UUID, RiskRow] | None,
    figures: LiveFigures,
    comments: tuple[RiskComment, ...],
    on: date,
) -> RiskLine:
    changes: tuple[str, ...] | None = ()
    if then is not None:
        old = then.get(row.key)
        changes = None if old is None else tuple(n for n in COMPARED if getattr(old, n) != getattr(row, n))
    left = row.residual_likelihood, row.residual_severity
    residual = left[0] * left[1] if left[0] and left[1] else None
    live = figures.of(row)
    again = None
    if live is not None and live.has_moved:
        now = left if left[0] and left[1] else (row.likelihood, row.severity)
        again = min(now[0] + 1, template.n_likelihood), now[1]
    return RiskLine(
        row=row,
        number=number,
        score=row.likelihood * row.severity,
        level=template.level(row.likelihood, row.severity),
        residual_score=residual,
        residual_level=template.level(left[0], left[1]) if left[0] and left[1] else "",
        changes=changes,
        live=live,
        comments=tuple(comment for comment in comments if comment.key == row.key),
        is_late=row.due_on is not None and row.done_on is None and row.due_on < on,
        again=None if again is None else (*again, template.level(*again)),
        lacks_action=not row.new_action and template.needs_action(row.likelihood, row.severity),
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """A risk of a case that was decided, whose live figure has moved above its threshold since."""

    case: Case
    line: RiskLine


def risks_moved(*, actor: User, at: datetime, on: date) -> list[Moved]:
    """Risks that are to be scored again, of decided cases within reach."""
    cases = Case.objects.filter(
        hospital_id__in=hospitals_in_reach(actor),
        state__in=(CaseState.DECIDED, CaseState.EXECUTED),
        analyses__rows__threshold__isnull=False,
    )
    return [
        Moved(case, line)
        for case in cases.distinct().order_by("title", "pk")
        for side in sides_of(case, at=at, on=on)
        for line in side.lines
        if line.again is not None
    ]
