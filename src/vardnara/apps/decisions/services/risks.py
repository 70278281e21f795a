"""Risk and consequence analyses: written, discussed with the parties, settled, and followed up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from vardnara.apps.decisions.choices import CaseState, Indicator, RiskArea, RiskSide, RiskVoice
from vardnara.apps.decisions.models import Case, RiskAnalysis, RiskComment, RiskRow
from vardnara.apps.decisions.queries.live_figures import place_choices
from vardnara.apps.decisions.queries.scales import scale_find, template_of
from vardnara.apps.decisions.services.recording import case_lock, event_add
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

COPIED = (
    "key", "area", "risk", "cause", "consequence", "likelihood", "severity", "existing_action", "new_action",
    "responsible", "due_on", "done_on", "follow_up", "residual_likelihood", "residual_severity", "residual_at",
    "indicator", "threshold", "indicator_division_id", "indicator_ward_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RiskWords:
    """A risk as it is written."""

    area: str
    risk: str
    likelihood: int
    severity: int
    cause: str = ""
    consequence: str = ""
    existing_action: str = ""
    new_action: str = ""
    responsible: str = ""
    due_on: date | None = None
    follow_up: str = ""
    indicator: str = ""
    threshold: Decimal | None = None
    indicator_division_id: int | None = None
    indicator_ward_id: int | None = None


def _living(case_id: int, actor: User) -> Case:
    case = case_lock(case_id, actor)
    if case.state in (CaseState.WITHDRAWN, CaseState.CLOSED):
        raise RuleBroken("case_is_decided", f"case {case_id}")
    return case


def _open(case: Case, analysis_id: int) -> RiskAnalysis:
    analysis = case.analyses.select_for_update().filter(pk=analysis_id).first()
    if analysis is None:
        raise RuleBroken("unknown_matter", f"analysis {analysis_id}")
    if analysis.settled_at is not None:
        raise RuleBroken("analysis_is_settled", f"analysis {analysis_id}")
    return analysis


@transaction.atomic
def analysis_begin(
    *, case_id: int, side: str, template: str = "5x5", what_changes: str = "", actor: User, at: datetime
) -> RiskAnalysis:
    """A first version of a side's analysis, or the next one with the rows of the version before. A writer."""
    case = _living(case_id, actor)
    if side not in RiskSide.values:
        raise RuleBroken("bad_input", f"{side} {template}")
    before = case.analyses.filter(side=side).order_by("-number").first()
    if before is not None and before.settled_at is None:
        raise RuleBroken("analysis_is_open", f"analysis {before.pk}")
    scale = before.scale if before else scale_find(template, frozenset({case.hospital_id})).scale
    made = RiskAnalysis.objects.create(
        case=case,
        scale=scale,
        side=side,
        number=before.number + 1 if before else 1,
        template=before.template if before else "" if scale else template,
        what_changes=before.what_changes if before else what_changes.strip(),
        made_at=at,
        made_by=actor,
    )
    if before is not None:
        rows = [{name: getattr(row, name) for name in COPIED} for row in before.rows.order_by("pk")]
        RiskRow.objects.bulk_create(RiskRow(analysis=made, **row) for row in rows)
    event_add(case, "analysis_begun", text=f"{made.get_side_display()} {made.number}", actor=actor, at=at)
    return made


@transaction.atomic
def risk_set(
    *, case_id: int, analysis_id: int, row_id: int | None, words: RiskWords, actor: User, at: datetime
) -> RiskRow:
    """Write a risk, or add one (``row_id`` None), in a version that is open. A writer."""
    case = _living(case_id, actor)
    analysis = _open(case, analysis_id)
    template = template_of(analysis)
    if words.area not in RiskArea.values or not words.risk.strip():
        raise RuleBroken("bad_input", "a risk without words")
    if not 1 <= words.likelihood <= template.n_likelihood or not 1 <= words.severity <= template.n_severity:
        raise RuleBroken("not_on_scale", f"{words.likelihood} x {words.severity}")
    if words.new_action.strip() and (not words.responsible.strip() or words.due_on is None):
        raise RuleBroken("action_without_owner", words.new_action)
    if bool(words.indicator) != (words.threshold is not None) or words.indicator not in ("", *Indicator.values):
        raise RuleBroken("indicator_without_threshold", words.indicator)
    place = (words.indicator_division_id, words.indicator_ward_id)
    if any(place):
        key = f"ward:{place[1]}" if place[1] else f"division:{place[0]}"
        if not words.indicator or all(place) or key not in dict(place_choices(case.hospital_id)):
            raise RuleBroken("indicator_elsewhere", key)
    row = RiskRow(analysis=analysis) if row_id is None else analysis.rows.filter(pk=row_id).first()
    if row is None:
        raise RuleBroken("unknown_line", str(row_id))
    for one in fields(RiskWords):
        setattr(row, one.name, getattr(words, one.name))
    row.save()
    return row


@transaction.atomic
def risk_remove(*, case_id: int, analysis_id: int, row_id: int, actor: User, at: datetime) -> None:
    """Take a risk out of an open version; the versions before keep it. A writer."""
    analysis = _open(_living(case_id, actor), analysis_id)
    for row in analysis.rows.filter(pk=row_id):
        row.delete()


@transaction.atomic
def analysis_settle(*, case_id: int, analysis_id: int, actor: User, at: datetime) -> RiskAnalysis:
    """The version is settled: from now on it stands still, and a change is the next version. A writer."""
    case = _living(case_id, actor)
    analysis = _open(case, analysis_id)
    if not analysis.rows.exists():
        raise RuleBroken("analysis_is_empty", f"analysis {analysis_id}")
    analysis.settled_at, analysis.settled_by = at, actor
    analysis.save(update_fields=["settled_at", "settled_by"])
    event_add(case, "analysis_settled", text=f"{analysis.get_side_display()} {analysis.number}", actor=actor, at=at)
    return analysis


@transaction.atomic
def risk_follow_up(
    *,
    case_id: int,
    row_id: int,
    done_on: date | None,
    residual_likelihood: int | None,
    residual_severity: int | None,
    follow_up: str,
    actor: User,
    at: datetime,
) -> RiskRow:
    """What came of a risk's action, and what risk is left; also of a version that is settled. A writer."""
    case = _living(case_id, actor)
    row = RiskRow.objects.select_for_update(of=("self",)).select_related("analysis").filter(
        pk=row_id, analysis__case=case
    ).first()  # fmt: skip
    if row is None:
        raise RuleBroken("unknown_line", str(row_id))
    if (residual_likelihood is None) != (residual_severity is None):
        raise RuleBroken("residual_incomplete", str(row_id))
    template = template_of(row.analysis)
    if residual_likelihood is not None and residual_severity is not None:
        try:
            template.level(residual_likelihood, residual_severity)
        except ValueError as error:
            raise RuleBroken("not_on_scale", str(error)) from error
    if done_on is not None and done_on > local_date(at):
        raise RuleBroken("outcome_in_future", str(done_on))
    row.done_on, row.follow_up = done_on, follow_up.strip()
    row.residual_likelihood, row.residual_severity = residual_likelihood, residual_severity
    row.residual_at = at if residual_likelihood is not None else None
    row.save(update_fields=["done_on", "follow_up", "residual_likelihood", "residual_severity", "residual_at"])
    event_add(case, "risk_followed_up", text=row.risk, actor=actor, at=at)
    return row


@transaction.atomic
def risk_comment(
    *,
    case_id: int,
    analysis_id: int,
    key: UUID | None,
    voice: str,
    who: str,
    disagrees: bool,
    text: str,
    actor: User,
    at: datetime,
) -> RiskComment:
    """What a safety representative, a union or the employer said, of a risk or of all; a writer enters it."""
    case = _living(case_id, actor)
    analysis = case.analyses.filter(pk=analysis_id).first()
    if analysis is None:
        raise RuleBroken("unknown_matter", f"analysis {analysis_id}")
    if voice not in RiskVoice.values or not who.strip() or not text.strip():
        raise RuleBroken("bad_input", "a comment without words or name")
    if key is not None and not analysis.rows.filter(key=key).exists():
        raise RuleBroken("unknown_line", str(key))
    return RiskComment.objects.create(
        analysis=analysis,
        key=key,
        voice=voice,
        who=who.strip(),
        disagrees=disagrees,
        text=text.strip(),
        at=at,
        by=actor,
    )
