"""Sharing a case with safety representatives and unions, and what they say of it in their own name (own-13)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import pgettext

from vardnara.apps.accounts.queries import reader_list
from vardnara.apps.decisions.choices import CaseState, RiskArea, Stance
from vardnara.apps.decisions.models import (
    Case,
    CaseShare,
    PartySign,
    RiskAnalysis,
    RiskComment,
    RiskRow,
    RiskSuggestion,
    SuggestionAnswer,
)
from vardnara.apps.decisions.queries.parties import ROLE_OF, VOICE_OF, share_of
from vardnara.apps.decisions.queries.scales import template_of
from vardnara.apps.decisions.services.recording import case_lock, event_add
from vardnara.apps.service.services.messages import message_post
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@transaction.atomic
def case_share(*, case_id: int, voice: str, actor: User, at: datetime) -> CaseShare:
    """Show the case, as its newest version says it, and its analyses to a party from now on. A writer.

    Shared again it shows what it says by then. Those whom it is shared with are told.
    """
    case = case_lock(case_id, actor)
    if case.state == CaseState.WITHDRAWN:
        raise RuleBroken("case_is_withdrawn", f"case {case_id}")
    if voice not in ROLE_OF:
        raise RuleBroken("bad_input", voice)
    for share in case.shares.select_for_update().filter(voice=voice, ended_at__isnull=True):
        _end(share, actor, at)
    version = case.versions.get(number=case.n_versions)
    made = CaseShare.objects.create(case=case, voice=voice, version=version, at=at, by=actor)
    event_add(case, "shared", text=made.get_voice_display(), actor=actor, at=at)
    for one in reader_list(roles=[ROLE_OF[voice]], hospital_id=case.hospital_id):
        with translation.override(one.language):
            title = pgettext("party", "A case was shared with you")
        message_post(user_id=one.id, title=title, text=case.title, path=f"/samverkan/{case.pk}/", at=at)
    return made


def _end(share: CaseShare, actor: User, at: datetime) -> None:
    share.ended_at, share.ended_by = at, actor
    share.save(update_fields=["ended_at", "ended_by"])


@transaction.atomic
def case_unshare(*, case_id: int, voice: str, actor: User, at: datetime) -> None:
    """Show it to the party no longer; what it said stays. A writer."""
    case = case_lock(case_id, actor)
    for share in case.shares.select_for_update().filter(voice=voice, ended_at__isnull=True):
        _end(share, actor, at)
        event_add(case, "unshared", text=share.get_voice_display(), actor=actor, at=at)


def _shared(case_id: int, actor: User) -> tuple[Case, str]:
    """The case that is shared with the actor's party, and the party's voice; anything else does not exist for them."""
    share = share_of(actor, case_id)
    if share.case.state in (CaseState.WITHDRAWN, CaseState.CLOSED):
        raise RuleBroken("case_is_decided", f"case {case_id}")
    return share.case, VOICE_OF[actor.role]


def _analysis(case: Case, analysis_id: int) -> RiskAnalysis:
    analysis = case.analyses.filter(pk=analysis_id).first()
    if analysis is None:
        raise RuleBroken("unknown_matter", f"analysis {analysis_id}")
    return analysis


def _stance(stance: str, text: str) -> None:
    if stance not in Stance.values:
        raise RuleBroken("bad_input", stance)
    if stance == Stance.DISAGREED and not text.strip():
        raise RuleBroken("disagrees_why", stance)


@transaction.atomic
def party_comment(
    *, case_id: int, analysis_id: int, key: UUID | None, stance: str, text: str, actor: User, at: datetime
) -> RiskComment:
    """Say something of a risk or an analysis in one's own name. A safety representative or union that is shown it."""
    case, voice = _shared(case_id, actor)
    analysis = _analysis(case, analysis_id)
    _stance(stance, text)
    if not text.strip() and stance == Stance.SEEN:
        raise RuleBroken("bad_input", "a comment without words")
    if key is not None and not analysis.rows.filter(key=key).exists():
        raise RuleBroken("unknown_line", str(key))
    return RiskComment.objects.create(
        analysis=analysis,
        key=key,
        voice=voice,
        who=(actor.get_full_name() or actor.username)[:160],
        disagrees=stance == Stance.DISAGREED,
        agrees=stance == Stance.AGREED,
        text=text.strip(),
        at=at,
        by=actor,
    )


@transaction.atomic
def party_sign(
    *,
    case_id: int,
    consultation_id: int | None = None,
    analysis_id: int | None = None,
    stance: str,
    text: str = "",
    actor: User,
    at: datetime,
) -> PartySign:
    """Say where one's party stands in a consultation or to an analysis; said anew, both stand. Whom it is shown."""
    case, voice = _shared(case_id, actor)
    _stance(stance, text)
    if (consultation_id is None) == (analysis_id is None):
        raise RuleBroken("bad_input", "one of consultation and analysis")
    talks = None
    if consultation_id is not None:
        talks = case.consultations.filter(pk=consultation_id).first()
        if talks is None:
            raise RuleBroken("unknown_matter", f"consultation {consultation_id}")
    made = PartySign.objects.create(
        case=case,
        consultation=talks,
        analysis=None if analysis_id is None else _analysis(case, analysis_id),
        voice=voice,
        stance=stance,
        text=text.strip(),
        at=at,
        by=actor,
    )
    event_add(case, "party_signed", text=made.get_stance_display(), actor=actor, at=at)
    return made


@transaction.atomic
def risk_suggest(
    *,
    case_id: int,
    analysis_id: int,
    area: str,
    risk: str,
    likelihood: int,
    severity: int,
    cause: str = "",
    consequence: str = "",
    actor: User,
    at: datetime,
) -> RiskSuggestion:
    """Suggest a risk, on the scale of the analysis. A safety representative or union that it is shown."""
    case, voice = _shared(case_id, actor)
    analysis = _analysis(case, analysis_id)
    if area not in RiskArea.values or not risk.strip():
        raise RuleBroken("bad_input", "a risk without words")
    try:
        template_of(analysis).level(likelihood, severity)
    except ValueError as error:
        raise RuleBroken("not_on_scale", str(error)) from error
    made = RiskSuggestion.objects.create(
        case=case,
        analysis=analysis,
        voice=voice,
        area=area,
        risk=risk.strip(),
        cause=cause.strip(),
        consequence=consequence.strip(),
        likelihood=likelihood,
        severity=severity,
        at=at,
        by=actor,
    )
    event_add(case, "risk_suggested", text=made.risk, actor=actor, at=at)
    return made


@transaction.atomic
def suggestion_answer(
    *, case_id: int, suggestion_id: int, take: bool, text: str = "", actor: User, at: datetime
) -> SuggestionAnswer:
    """Take a suggestion into its side's open version, or say why not. A writer, once."""
    case = case_lock(case_id, actor)
    found = case.suggestions.select_for_update(of=("self",)).select_related("analysis").filter(pk=suggestion_id).first()
    if found is None:
        raise RuleBroken("unknown_matter", f"suggestion {suggestion_id}")
    if SuggestionAnswer.objects.filter(suggestion=found).exists():
        raise RuleBroken("suggestion_answered", str(suggestion_id))
    if not take and not text.strip():
        raise RuleBroken("reason_missing", str(suggestion_id))
    key = None
    if take:
        side = found.analysis.side
        analysis = case.analyses.select_for_update().filter(side=side, settled_at__isnull=True).first()
        if analysis is None:
            raise RuleBroken("analysis_is_settled", f"side {side}")
        try:
            template_of(analysis).level(found.likelihood, found.severity)
        except ValueError as error:
            raise RuleBroken("not_on_scale", str(error)) from error
        words = ("area", "risk", "cause", "consequence", "likelihood", "severity")
        key = RiskRow.objects.create(analysis=analysis, **{name: getattr(found, name) for name in words}).key
    event_add(case, "suggestion_taken" if take else "suggestion_not", text=found.risk, actor=actor, at=at)
    return SuggestionAnswer.objects.create(suggestion=found, key=key, text=text.strip(), at=at, by=actor)
