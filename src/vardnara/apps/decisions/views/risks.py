"""Risk and consequence analysis: both sides beside each other, versions row by row, actions, and what parties said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms.risks import AnalysisForm, CommentForm, FollowUpForm, RiskForm
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.live_figures import place_choices
from vardnara.apps.decisions.queries.parties import case_said
from vardnara.apps.decisions.queries.risks import RiskLine, SidePage, risk_sides
from vardnara.apps.decisions.queries.scales import scale_rows
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.kernel.errors import RuleBroken

FIELD_OF = {
    "not_on_scale": "likelihood",
    "action_without_owner": "responsible",
    "indicator_without_threshold": "threshold",
    "indicator_elsewhere": "indicator_place",
    "residual_incomplete": "residual_severity",
    "outcome_in_future": "done_on",
}


def _sides(request: HttpRequest, case_id: int) -> tuple[Any, tuple[SidePage, ...]]:
    return risk_sides(actor=request.user, case_id=case_id, at=timezone.now(), on=timezone.localdate())


def matrix(side: SidePage) -> list[tuple[int, list[tuple[str, list[RiskLine]]]]]:
    """The scale as a table: a row for each likelihood, highest first, of cells with their colour and risks."""
    if side.template is None:
        return []
    rows = []
    for likelihood in range(side.template.n_likelihood, 0, -1):
        cells = []
        for severity in range(1, side.template.n_severity + 1):
            found = [one for one in side.lines if (one.row.likelihood, one.row.severity) == (likelihood, severity)]
            cells.append((side.template.level(likelihood, severity), found))
        rows.append((likelihood, cells))
    return rows


def scale_choices(hospital_id: int) -> list[tuple[str, str]]:
    """Scales that a first version may have."""
    return [(row.key, row.name) for row in scale_rows(frozenset({hospital_id}))]


@allow(*READERS)
@never_cache
def risks(request: HttpRequest, case_id: int) -> HttpResponse:
    """Both sides' newest versions."""
    case, sides = _sides(request, case_id)
    writes = request.user.role in WRITERS and case.state not in ("withdrawn", "closed")
    scales = scale_choices(case.hospital_id)
    said = case_said(case)
    context = {
        "case": case,
        "sides": [
            (
                side,
                matrix(side),
                range(1, side.template.n_severity + 1) if side.template else (),
                AnalysisForm(initial={"side": side.side}, auto_id=f"id_{side.side}_%s", scales=scales),
                CommentForm(auto_id=f"id_{side.side}_%s"),
                [sign for sign in said.signs if sign.analysis is not None and sign.analysis.side == side.side],
                [one for one in said.suggestions if one.analysis.side == side.side],
            )
            for side in sides
        ],
        "writes": writes,
        "names": {name: str(field.label) for name, field in RiskForm.base_fields.items()},
    }
    return render(request, "decisions/risks.html", context)


def _try(form: forms.Form, act: Callable[[], object]) -> bool:
    try:
        act()
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter", "wrong_role"):
            raise
        field = FIELD_OF.get(error.code)
        form.add_error(field if field in form.fields else None, rule_text(error.code))
        return False
    return True


def _line(sides: tuple[SidePage, ...], row_id: int) -> tuple[SidePage, RiskLine]:
    for side in sides:
        for line in side.lines:
            if line.row.pk == row_id:
                return side, line
    raise Http404


@allow(*WRITERS)
@never_cache
def risk(request: HttpRequest, case_id: int, analysis_id: int, row_id: int | None = None) -> HttpResponse:
    """A risk of an open version, new or changed."""
    case, sides = _sides(request, case_id)
    side = next((one for one in sides if one.analysis is not None and one.analysis.pk == analysis_id), None)
    if side is None or side.template is None:
        raise Http404
    row = None if row_id is None else _line((side,), row_id)[1].row
    initial = {name: getattr(row, name, None) for name in RiskForm.base_fields} if row else {}
    if row is not None and (row.indicator_ward_id or row.indicator_division_id):
        ward, division = row.indicator_ward_id, row.indicator_division_id
        initial["indicator_place"] = f"ward:{ward}" if ward else f"division:{division}"
    places = place_choices(case.hospital_id)
    form = RiskForm(request.POST or None, initial=initial, template=side.template, places=places)
    if request.method == "POST" and form.is_valid():
        saved = _try(
            form,
            lambda: services.risk_set(
                case_id=case_id,
                analysis_id=analysis_id,
                row_id=row_id,
                words=services.RiskWords(**form.words()),
                actor=request.user,
                at=timezone.now(),
            ),
        )
        if saved:
            return redirect("decisions:risks", case_id=case_id)
    context = {"case": case, "form": form, "heading": pgettext("risk", "Risk"), "side": side}
    return render(request, "decisions/risk.html", context, status=422 if form.is_bound else 200)


@allow(*WRITERS)
@never_cache
def follow_up(request: HttpRequest, case_id: int, row_id: int) -> HttpResponse:
    """What came of a risk's action, and the risk that is left."""
    case, sides = _sides(request, case_id)
    side, line = _line(sides, row_id)
    assert side.template is not None
    initial = {name: getattr(line.row, name) for name in FollowUpForm.base_fields}
    if line.again is not None:
        initial |= {"residual_likelihood": line.again[0], "residual_severity": line.again[1]}
    form = FollowUpForm(request.POST or None, initial=initial, template=side.template)
    if request.method == "POST" and form.is_valid():
        saved = _try(
            form,
            lambda: services.risk_follow_up(
                case_id=case_id, row_id=row_id, **form.cleaned_data, actor=request.user, at=timezone.now()
            ),
        )
        if saved:
            return redirect("decisions:risks", case_id=case_id)
    context = {"case": case, "form": form, "heading": line.row.risk, "side": side}
    return render(request, "decisions/risk.html", context, status=422 if form.is_bound else 200)


@allow(*WRITERS)
@require_POST
def analysis_act(request: HttpRequest, case_id: int, act: str) -> HttpResponse:
    """Begin a version, settle it, take a risk out, or say what a party said."""
    who = {"case_id": case_id, "actor": request.user, "at": timezone.now()}
    number = request.POST.get("analysis", "")
    analysis_id = int(number) if number.isdigit() and len(number) < 18 else 0
    try:
        if act == "borja":
            reach = user_reach(request.user).hospital_ids
            form = AnalysisForm(request.POST, scales=[(row.key, row.name) for row in scale_rows(reach)])
            _valid(form)
            services.analysis_begin(**form.cleaned_data, **who)
        elif act == "faststall":
            services.analysis_settle(analysis_id=analysis_id, **who)
        elif act == "bort":
            row = request.POST.get("row", "")
            services.risk_remove(analysis_id=analysis_id, row_id=int(row) if row.isdigit() else 0, **who)
        elif act == "synpunkt":
            comment = CommentForm(request.POST)
            _valid(comment)
            services.risk_comment(analysis_id=analysis_id, key=None, **comment.cleaned_data, **who)
        else:
            raise Http404
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("decisions:risks", case_id=case_id)


def _valid(form: forms.Form) -> None:
    if not form.is_valid():
        raise RuleBroken("bad_input", str(form.errors))
