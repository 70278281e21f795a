"""What safety representatives and unions see and say; and writers' sharing and answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.decisions import services
from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.forms.parties import AnswerForm, RiskOfForm, StanceForm, SuggestForm
from vardnara.apps.decisions.forms.rows import CHANGES
from vardnara.apps.decisions.queries.parties import PARTIES, PartyPage, party_case, shared_list
from vardnara.apps.decisions.queries.risks import SidePage
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.decisions.views.cases import figure_line, language
from vardnara.apps.decisions.views.organs import number_asked
from vardnara.apps.decisions.views.risks import matrix
from vardnara.engines.case.explain import concern_text
from vardnara.kernel.errors import RuleBroken


@allow(*PARTIES)
@never_cache
def shared_cases(request: HttpRequest) -> HttpResponse:
    """Cases that are shared with the reader's party."""
    return render(request, "decisions/shared_cases.html", {"rows": shared_list(actor=request.user)})


@allow(*PARTIES)
@never_cache
def shared_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """A case as it was shared, with both sides' analyses and a place for what the party says."""
    return _page(request, case_id, {})


def _risks(side: SidePage) -> list[tuple[str, str]]:
    return [(str(line.row.key), f"{line.number}. {line.row.risk}") for line in side.lines]


def _forms(page: PartyPage, bound: dict[str, forms.Form]) -> list[Any]:
    sides = []
    for side in page.sides:
        if side.analysis is None or side.template is None:
            continue
        n = side.analysis.pk
        made: dict[str, forms.Form] = {
            f"comment{n}": RiskOfForm(risks=_risks(side), prefix=f"comment{n}"),
            f"sign{n}": StanceForm(prefix=f"sign{n}"),
            f"suggest{n}": SuggestForm(template=side.template, prefix=f"suggest{n}"),
        } | bound
        signs = [sign for sign in page.said.signs if sign.analysis_id == n]
        suggested = [one for one in page.said.suggestions if one.analysis.side == side.side]
        told = (side, matrix(side), range(1, side.template.n_severity + 1), signs, suggested)
        sides.append((*told, made[f"comment{n}"], made[f"sign{n}"], made[f"suggest{n}"]))
    return sides


def _page(request: HttpRequest, case_id: int, bound: dict[str, forms.Form]) -> HttpResponse:
    page = party_case(actor=request.user, case_id=case_id, at=timezone.now(), on=timezone.localdate())
    found = page.examination
    context = {
        "page": page,
        "case": page.case,
        "told": found.case,
        "found": found,
        "state": CaseState(page.case.state),
        "warnings": [(concern.code, concern_text(concern, language())) for concern in found.concerns],
        "figures": [figure_line(value, None) for value in found.figures],
        "groups": [(group, dict(CHANGES)[group.change.value]) for group in found.groups],
        "talks": [
            (one, signs, bound.get(f"talks{one.pk}") or StanceForm(prefix=f"talks{one.pk}"))
            for one, signs in page.consultations
        ],
        "sides": _forms(page, bound),
    }
    return render(request, "decisions/shared_case.html", context, status=422 if bound else 200)


@allow(*PARTIES)
@require_POST
def shared_act(request: HttpRequest, case_id: int, act: str) -> HttpResponse:
    """Say something of a risk, say where the party stands, or suggest a risk."""
    page = party_case(actor=request.user, case_id=case_id, at=timezone.now(), on=timezone.localdate())
    who = {"case_id": case_id, "actor": request.user, "at": timezone.now()}
    number = number_asked(request.POST.get("of", ""))
    side = next((one for one in page.sides if one.analysis is not None and one.analysis.pk == number), None)
    form: forms.Form
    if act == "samverkan":
        name, form = f"talks{number}", StanceForm(request.POST, prefix=f"talks{number}")
    elif side is None or side.template is None:
        raise Http404
    elif act == "synpunkt":
        name, form = f"comment{number}", RiskOfForm(request.POST, risks=_risks(side), prefix=f"comment{number}")
    elif act == "standpunkt":
        name, form = f"sign{number}", StanceForm(request.POST, prefix=f"sign{number}")
    elif act == "forslag":
        name, form = f"suggest{number}", SuggestForm(request.POST, template=side.template, prefix=f"suggest{number}")
    else:
        raise Http404
    if not form.is_valid():
        return _page(request, case_id, {name: form})
    told = dict(form.cleaned_data)
    try:
        if act == "samverkan":
            services.party_sign(consultation_id=number, **told, **who)
        elif act == "standpunkt":
            services.party_sign(analysis_id=number, **told, **who)
        elif act == "forslag":
            services.risk_suggest(analysis_id=number, **told, **who)
        else:
            key = told.pop("key")
            services.party_comment(analysis_id=number, key=UUID(key) if key else None, **told, **who)
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter", "wrong_role"):
            raise
        rule_say(request, error)
    return redirect("decisions:shared_case", case_id=case_id)


@allow(*WRITERS)
@require_POST
def share(request: HttpRequest, case_id: int, act: str) -> HttpResponse:
    """Share a case with a party, or end it."""
    acts = {"dela": services.case_share, "sluta": services.case_unshare}
    if act not in acts:
        raise Http404
    try:
        acts[act](case_id=case_id, voice=request.POST.get("voice", ""), actor=request.user, at=timezone.now())
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter"):
            raise
        rule_say(request, error)
    return redirect("decisions:case", case_id=case_id)


@allow(*WRITERS)
@require_POST
def suggestion(request: HttpRequest, case_id: int, suggestion_id: int) -> HttpResponse:
    """Take a suggested risk in, or answer why not."""
    form = AnswerForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    try:
        services.suggestion_answer(
            case_id=case_id,
            suggestion_id=suggestion_id,
            take="take" in request.POST,
            text=text,
            actor=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter"):
            raise
        rule_say(request, error)
    return redirect("decisions:risks", case_id=case_id)
