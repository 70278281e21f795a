"""Norms beside what was measured: propose, approve, decline."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.service import services
from vardnara.apps.service.queries.measured import kind_names
from vardnara.apps.service.queries.norms import NormRow, ProposalRow, norm_list, norm_proposal_list
from vardnara.apps.service.views.measured import APPROVERS, ROLES
from vardnara.engines.durations import DurationParams
from vardnara.kernel.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Named:
    """A row with the name of its kind of task."""

    kind: str
    row: NormRow | ProposalRow


def _named(rows: list[NormRow] | list[ProposalRow]) -> list[Named]:
    names = kind_names()
    return [Named(names.get(row.code, row.code), row) for row in rows]


@allow(*ROLES)
@never_cache
def norms(request: HttpRequest) -> HttpResponse:
    """What is proposed, what was decided, and every norm that holds or has held."""
    context = {
        "open": _named(norm_proposal_list(actor=request.user, decided=False)),
        "decided": _named(norm_proposal_list(actor=request.user, decided=True)),
        "norms": _named(norm_list(actor=request.user, on=timezone.localdate())),
        "may_approve": request.user.role in APPROVERS,
        "params": DurationParams(),
    }
    return render(request, "service/norms.html", context)


@allow(*APPROVERS)
@require_POST
def norms_propose(request: HttpRequest) -> HttpResponse:
    """Count anew from what was measured."""
    found = services.norm_proposals_make(actor=request.user, at=timezone.now())
    messages.success(
        request,
        pgettext(
            "norms",
            "Proposed: %(ready)s. Too few observations: %(few)s. Too much left out: %(doubtful)s.",
        )
        % {"ready": found.ready, "few": found.few, "doubtful": found.doubtful},
    )
    return redirect("service:norms")


DEEDS = {"godkann": services.norm_proposal_approve, "avbojt": services.norm_proposal_decline}


@allow(*APPROVERS)
@require_POST
def norm_decide(request: HttpRequest, proposal_id: int, deed: str) -> HttpResponse:
    """Approve or decline one proposal."""
    if deed not in DEEDS:
        raise Http404(deed)
    try:
        DEEDS[deed](proposal_id=proposal_id, actor=request.user, at=timezone.now())
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("service:norms")
