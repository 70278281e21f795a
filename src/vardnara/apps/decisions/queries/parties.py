"""Cases as safety representatives and unions see them: those that are shared with them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.decisions.choices import CaseState, RiskVoice
from vardnara.apps.decisions.models import Case, CaseShare, Consultation, PartySign, RiskSuggestion
from vardnara.apps.decisions.queries.cases import consultations_told
from vardnara.apps.decisions.queries.risks import SidePage, sides_of
from vardnara.engines.case import Examination
from vardnara.gateways.case_file.content import Content, case_of
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

PARTIES = (Role.SAFETY_REP, Role.UNION_REP)
VOICE_OF: dict[str, str] = {
    Role.SAFETY_REP: RiskVoice.SAFETY_REPRESENTATIVE,
    Role.UNION_REP: RiskVoice.UNION,
}
ROLE_OF: dict[str, Role] = {voice: Role(role) for role, voice in VOICE_OF.items()}


def _shares(actor: User) -> Iterable[CaseShare]:
    role_require(actor, PARTIES)
    return (
        CaseShare.objects.filter(
            voice=VOICE_OF[actor.role], ended_at__isnull=True, case__hospital_id__in=user_reach(actor).hospital_ids
        )
        .exclude(case__state=CaseState.WITHDRAWN)
        .select_related("case", "version")
    )


def share_of(actor: User, case_id: int) -> CaseShare:
    """How a case is shared with the actor's party; raises ``unknown_matter`` where it is not."""
    for share in _shares(actor):
        if share.case_id == case_id:
            return share
    raise RuleBroken("unknown_matter", str(case_id))


def shared_list(*, actor: User) -> list[CaseShare]:
    """Cases that are shared with the actor's party, the latest first."""
    return sorted(_shares(actor), key=lambda share: (share.at, share.pk), reverse=True)


@dataclass(frozen=True, slots=True)
class PartyPage:
    """A case as it is shared: what it said then, its consultations and analyses now, and what was said of them."""

    share: CaseShare
    examination: Examination
    content: Content
    consultations: tuple[tuple[Consultation, tuple[PartySign, ...]], ...]
    sides: tuple[SidePage, ...]
    said: CaseSaid

    @property
    def case(self) -> Case:
        return self.share.case

    @property
    def may_speak(self) -> bool:
        return self.share.case.state != CaseState.CLOSED


@dataclass(frozen=True, slots=True)
class CaseSaid:
    """What the parties signed and suggested."""

    signs: tuple[PartySign, ...]
    suggestions: tuple[RiskSuggestion, ...]

    def of_consultation(self, consultation_id: int) -> tuple[PartySign, ...]:
        return tuple(sign for sign in self.signs if sign.consultation_id == consultation_id)


def case_said(case: Case) -> CaseSaid:
    """What the parties signed and suggested of a case, in the order of time; for who may read the case."""
    signs = case.signs.select_related("by", "analysis", "consultation").order_by("at", "pk")
    suggestions = case.suggestions.select_related("by", "analysis", "answer__by").order_by("at", "pk")
    return CaseSaid(tuple(signs), tuple(suggestions))


def party_case(*, actor: User, case_id: int, at: datetime, on: date) -> PartyPage:
    """A case that is shared with the actor's party."""
    share = share_of(actor, case_id)
    content: Content = share.version.content
    said = case_said(share.case)
    talks = tuple(share.case.consultations.order_by("pk"))
    return PartyPage(
        share=share,
        examination=case_of(content, consultations_told(talks)).examined(),
        content=content,
        consultations=tuple((one, said.of_consultation(one.pk)) for one in talks),
        sides=sides_of(share.case, at=at, on=on),
        said=said,
    )


def shares_now(case: Case) -> list[tuple[str, str, CaseShare | None]]:
    """Each party, its name, and how the case is shared with it now; for who may write the case."""
    now = {share.voice: share for share in case.shares.filter(ended_at__isnull=True).select_related("version")}
    return [(voice, str(RiskVoice(voice).label), now.get(voice)) for voice in ROLE_OF]
