"""Both sides' analyses as pages show them: rows with their colour, beside the version before, with live figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from vardnara.apps.decisions.choices import Indicator, RiskSide
from vardnara.apps.decisions.models import Case, RiskAnalysis, RiskComment, RiskRow
from vardnara.apps.decisions.queries.cases import hospitals_in_reach
from vardnara.apps.decisions.queries.scales import template_of
from vardnara.apps.service.queries.indicators import weekly_indicators
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.risk_templates import RiskTemplate

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class Live:
    """A live figure beside the threshold of a risk."""

    label: str
    value: Decimal
    threshold: Decimal

    @property
    def is_over(self) -> bool:
        return self.value > self.threshold


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk with its colour. ``changes`` are fields that differ from the version before, ``None`` where it is new."""

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
    "due_on", "indicator", "threshold",
)  # fmt: skip


def risk_sides(*, actor: User, case_id: int, at: datetime, on: date) -> tuple[Case, tuple[SidePage, ...]]:
    """Both sides of a case, for who reads its cases."""
    case = Case.objects.filter(pk=case_id, hospital_id__in=hospitals_in_reach(actor)).first()
    if case is None:
        raise RuleBroken("unknown_matter", str(case_id))
    return case, sides_of(case, at=at, on=on)


def sides_of(case: Case, *, at: datetime, on: date) -> tuple[SidePage, ...]:
    """Both sides of a case that the reader may see."""
    now = weekly_indicators(hospital_id=case.hospital_id, at=at)
    return tuple(_side(case, side, now, on) for side in RiskSide)


def _side(case: Case, side: RiskSide, now: dict[str, Decimal], on: date) -> SidePage:
    versions = tuple(case.analyses.filter(side=side).select_related("settled_by", "scale").order_by("-number"))
    if not versions:
        return SidePage(side, None, None, (), (), (), ())
    newest, before = versions[0], versions[1] if len(versions) > 1 else None
    template = template_of(newest)
    then = {row.key: row for row in before.rows.all()} if before else {}
    comments = tuple(newest.comments.order_by("at", "pk"))
    rows = list(newest.rows.order_by("pk"))
    lines = tuple(
        _line(row, number, template, then if before else None, now, comments, on)
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
    now: dict[str, Decimal],
    comments: tuple[RiskComment, ...],
    on: date,
) -> RiskLine:
    changes: tuple[str, ...] | None = ()
    if then is not None:
        old = then.get(row.key)
        changes = None if old is None else tuple(n for n in COMPARED if getattr(old, n) != getattr(row, n))
    left = row.residual_likelihood, row.residual_severity
    residual = left[0] * left[1] if left[0] and left[1] else None
    live = None
    if row.indicator and row.threshold is not None:
        live = Live(str(Indicator(row.indicator).label), now[row.indicator], row.threshold)
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
        lacks_action=not row.new_action and template.needs_action(row.likelihood, row.severity),
    )
