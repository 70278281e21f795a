"""Special review: what waits for whom, a request written, tried and followed up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.choices import REVIEW_WAITS, ReviewKind, ReviewMeasure, ReviewState
from vardnara.apps.decisions.forms.reviews import (
    OTHER_UNIT,
    DecideForm,
    FilterForm,
    FollowUpForm,
    RequestForm,
    WithdrawForm,
    WordsForm,
)
from vardnara.apps.decisions.queries.review_orders import READERS, order_list
from vardnara.apps.decisions.queries.reviews import Asked, RequestPage, last_unit, queue, request_one
from vardnara.apps.decisions.services.review_deciding import FOLLOWED, FOLLOWERS, granted_before
from vardnara.apps.decisions.services.review_requests import ASKERS
from vardnara.apps.hospital.queries.organisation import OwnDivision, divisions_in_reach
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.special_review import words_of

FIELD_OF = {
    "ends_before_it_begins": "through_on",
    "call_off_without_end": "through_on",
    "hire_in_shifts": "measure",
    "shift_without_hours": "shift_hours",
    "bad_quantity": "quantity",
    "unit_missing": "unit_name",
    "beyond_order": "through_on",
    "period_is_over": "through_on",
    "limit_wider_quantity": "quantity",
    "limit_wider_price": "price_sek",
    "limit_wider_period": "through_on",
    "approval_beyond_order": "valid_through",
    "words_missing": "words",
    "nothing_costs_nothing": "cost_sek",
}
PASSED_ON = ("out_of_scope", "unknown_matter", "wrong_role")


def divisions_of(request: HttpRequest) -> list[OwnDivision]:
    return divisions_in_reach(request.user)


def _queue(request: HttpRequest) -> dict[str, Any]:
    form = FilterForm(request.GET or None, divisions=divisions_of(request))
    asked = Asked(**form.cleaned_data) if form.is_bound and form.is_valid() else Asked()
    page = queue(actor=request.user, at=timezone.now(), asked=asked)
    orders = order_list(actor=request.user, on=timezone.localdate())
    return {
        "page": page,
        "form": form,
        "asks": request.user.role in ASKERS,
        "orders": orders,
        "in_force": [row for row in orders.rows if row.stands == "in_force"],
        "narrowed": asked != Asked(),
        "tab": "queue",
        "categories": dict(words_of("category", get_language() or "sv")),
    }


@allow(*READERS)
@never_cache
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, and every request that they reach."""
    return render(request, "decisions/reviews.html", _queue(request))


@allow(*READERS)
@never_cache
def reviews_parts(request: HttpRequest) -> HttpResponse:
    """The parts of the page that live."""
    return render(request, "decisions/_reviews.html", _queue(request))


def _form(request: HttpRequest, data: Any, initial: dict[str, Any]) -> RequestForm:
    may_other = bool(user_reach(request.user).hospital_ids)
    return RequestForm(data, initial=initial, divisions=divisions_of(request), may_other=may_other)


def _try(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do it; what a rule says stands at its field."""
    try:
        act()
    except RuleBroken as error:
        if error.code in PASSED_ON:
            raise
        field = FIELD_OF.get(error.code)
        if field == "words" and "words" not in form.fields:
            field = "text"
        form.add_error(field if field in form.fields else None, rule_text(error.code))
        return False
    return True


def _write(request: HttpRequest, request_id: int | None, initial: dict[str, Any]) -> HttpResponse:
    form = _form(request, request.POST if request.method == "POST" else None, initial)
    if form.is_bound and form.is_valid():
        at, saved = timezone.now(), []

        def save() -> None:
            words = form.request_words()
            made = services.request_save(request_id=request_id, words=words, actor=request.user, at=at)
            saved.append(made.pk)

        if _try(form, save):
            if "draft" not in request.POST and not _try(
                form, lambda: services.request_ask(request_id=saved[0], actor=request.user, at=at)
            ):
                request_id = saved[0]  # it is kept as a draft, and the page goes on with that
            else:
                return redirect("decisions:review", request_id=saved[0])
    context = {"form": form, "request_id": request_id, "kept": bool(form.errors) and request_id is not None}
    return render(request, "decisions/review_write.html", context, status=422 if form.errors else 200)


@allow(*ASKERS)
@never_cache
def review_new(request: HttpRequest) -> HttpResponse:
    """Write a request, and send it or keep it as a draft."""
    ward_id, unit_name = last_unit(actor=request.user)
    initial = {
        "unit": str(ward_id) if ward_id else OTHER_UNIT if unit_name else "",
        "unit_name": unit_name,
        "from_on": timezone.localdate(),
        "measure": ReviewMeasure.SHIFTS,
        "shift_hours": 8,
    }
    return _write(request, None, initial)


@allow(*ASKERS)
@never_cache
def review_change(request: HttpRequest, request_id: int) -> HttpResponse:
    """Change one's own draft."""
    page = request_one(actor=request.user, request_id=request_id, at=timezone.now())
    asked = page.row.request
    if asked.state != ReviewState.DRAFT:
        raise Http404
    names = {one.name for one in fields(services.RequestWords)} - {"ward_id", "unit_name"}
    initial = {name: getattr(asked, name) for name in names}
    initial |= {"unit": str(asked.ward_id) if asked.ward_id else OTHER_UNIT, "unit_name": asked.unit_name}
    return _write(request, request_id, initial)


def review_render(request: HttpRequest, request_id: int, **bound: forms.Form) -> HttpResponse:
    """A request with the forms that its reader may use now; ``bound`` are those that were sent and refused."""
    page: RequestPage = request_one(actor=request.user, request_id=request_id, at=timezone.now())
    asked, language = page.row.request, get_language() or "sv"
    is_call_off = asked.kind == ReviewKind.AGENCY
    context: dict[str, Any] = {
        "page": page,
        "row": page.row,
        "asked": asked,
        "is_call_off": is_call_off,
        "category": dict(words_of("category", language)).get(asked.category, asked.category),
        "reason": dict(words_of("reason", language)).get(asked.reason, asked.reason),
        "tried": [text for code, text in words_of("alternative", language) if code in asked.tried],
        "categories": dict(words_of("category", language)),
        "may_ask": page.is_own and request.user.role in ASKERS,
        "waits": asked.state in REVIEW_WAITS,
        "may_copy": request.user.role in ASKERS and asked.state not in (ReviewState.DRAFT, *REVIEW_WAITS),
        "may_follow": request.user.role in FOLLOWERS and asked.state in FOLLOWED,
        "withdraw": WithdrawForm(),
    }
    if page.row.is_mine:
        left = granted_before(asked)
        initial = {name: getattr(left, name) for name in ("quantity", "through_on", "price_sek", "valid_through")}
        context |= {
            "left": left,
            "decide": DecideForm(initial=initial, is_call_off=is_call_off),
            "question": WordsForm(),
        }
    if page.is_own and asked.state == ReviewState.QUESTION:
        context["answer"] = WordsForm(auto_id="id_answer_%s")
    if context["may_follow"]:
        context["follow"] = FollowUpForm()
    status = 422 if bound else 200
    return render(request, "decisions/review.html", context | bound, status=status)


@allow(*READERS)
@never_cache
def review(request: HttpRequest, request_id: int) -> HttpResponse:
    """A request whole: what is asked, what it costs, the unit's history, what was said, and what can be done now."""
    return review_render(request, request_id)


@allow(*READERS)
@require_POST
def review_act(request: HttpRequest, request_id: int, act: str) -> HttpResponse:
    """What is done with a request."""
    who: dict[str, Any] = {"request_id": request_id, "actor": request.user, "at": timezone.now()}
    asked = request_one(actor=request.user, request_id=request_id, at=who["at"]).row.request
    if act == "igen":
        made = services.request_copy(**who)
        return redirect("decisions:review_change", request_id=made.pk)
    name, form, do = _deed(request, act, asked.kind == ReviewKind.AGENCY)
    if form.is_valid() and _try(form, lambda: do(form, who)):
        messages.success(request, _said(act))
        return redirect("decisions:review", request_id=request_id)
    return review_render(request, request_id, **{name: form})


def _said(act: str) -> str:
    return {
        "skicka": pgettext("review", "Sent. It waits for a decision."),
        "aterkalla": pgettext("review", "Withdrawn."),
        "fraga": pgettext("review", "Asked. It comes back to you with the answer."),
        "svara": pgettext("review", "Answered."),
        "besluta": pgettext("review", "Decided."),
        "uppfoljning": pgettext("review", "Noted."),
    }[act]


def _deed(
    request: HttpRequest, act: str, is_call_off: bool
) -> tuple[str, Any, Callable[[Any, dict[str, Any]], object]]:
    """The name and form of a deed, and what it does."""
    data = request.POST
    match act:
        case "skicka":
            return "send", forms.Form(data), lambda _, who: services.request_ask(**who)
        case "aterkalla":
            return (
                "withdraw",
                WithdrawForm(data),
                lambda form, who: services.request_withdraw(**form.cleaned_data, **who),
            )
        case "fraga":
            return "question", WordsForm(data), lambda form, who: services.request_question(**form.cleaned_data, **who)
        case "svara":
            return (
                "answer",
                WordsForm(data, auto_id="id_answer_%s"),
                lambda form, who: services.request_answer(**form.cleaned_data, **who),
            )
        case "besluta":
            return (
                "decide",
                DecideForm(data, is_call_off=is_call_off),
                lambda form, who: services.request_decide(
                    outcome=data.get("outcome", ""),
                    words=form.cleaned_data["words"],
                    limits=services.Limits() if data.get("outcome") == "refused" else form.limits(),
                    **who,
                ),
            )
        case "uppfoljning":
            return (
                "follow",
                FollowUpForm(data),
                lambda form, who: services.request_follow_up(**form.cleaned_data, **who),
            )
    raise Http404
