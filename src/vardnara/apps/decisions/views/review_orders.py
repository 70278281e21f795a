"""Decisions on special review: the register, one of them, a new one, and its early end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.queries import people_list, user_reach
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms.reviews import LEVELS, LevelForm, OrderEndForm, OrderForm
from vardnara.apps.decisions.queries.cases import case_list
from vardnara.apps.decisions.queries.review_orders import READERS, order_list, order_one
from vardnara.apps.decisions.services.review_orders import ACTORS, ORDER_WRITERS
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.special_review import words_of

FIELD_OF = {
    "order_ends_before_it_begins": "valid_through",
    "order_covers_nothing": "covers_agency",
    "order_ends_already": "ended_on",
    "order_ended_backwards": "ended_on",
    "reason_missing": "because",
}


@allow(*READERS)
@never_cache
def orders(request: HttpRequest) -> HttpResponse:
    """Every decision on special review, what ends soon, and days without any."""
    page = order_list(actor=request.user, on=timezone.localdate())
    context = {"page": page, "writes": request.user.role in ORDER_WRITERS, "tab": "orders"}
    return render(request, "decisions/review_orders.html", context)


def _order_page(request: HttpRequest, order_id: int, form: OrderEndForm | None = None) -> HttpResponse:
    row = order_one(actor=request.user, order_id=order_id, on=timezone.localdate())
    may_end = request.user.role in ORDER_WRITERS and row.stands != "ended" and row.order.ended_on is None
    chosen = dict(words_of("category", get_language() or "sv"))
    context = {
        "row": row,
        "order": row.order,
        "may_end": may_end,
        "end": form or OrderEndForm(initial={"ended_on": timezone.localdate()}),
        "categories": [chosen.get(code, code) for code in row.order.categories],
    }
    return render(request, "decisions/review_order.html", context, status=422 if form else 200)


@allow(*READERS)
@never_cache
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """A decision with its levels."""
    return _order_page(request, order_id)


@allow(*ORDER_WRITERS)
@require_POST
def order_end(request: HttpRequest, order_id: int) -> HttpResponse:
    """End a decision before its last day."""
    form = OrderEndForm(request.POST)
    if form.is_valid() and _try(
        form, lambda: services.review_order_end(
            order_id=order_id, **form.cleaned_data, actor=request.user, at=timezone.now()
        )
    ):  # fmt: skip
        messages.success(request, pgettext("review", "It ends on that day."))
        return redirect("decisions:review_order", order_id=order_id)
    return _order_page(request, order_id, form)


def _try(form: forms.Form, act: Any) -> bool:
    try:
        act()
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter", "wrong_role"):
            raise
        field = FIELD_OF.get(error.code)
        form.add_error(field if field in form.fields else None, rule_text(error.code))
        return False
    return True


@allow(*ORDER_WRITERS)
@never_cache
def order_new(request: HttpRequest) -> HttpResponse:
    """Enter a decision with its levels."""
    hospital_id = min(user_reach(request.user).hospital_ids, default=0)
    data = request.POST if request.method == "POST" else None
    cases = case_list(actor=request.user, on=timezone.localdate())
    known = [(row.id, f"{row.registry_number} {row.title}".strip()) for row in cases]
    form = OrderForm(data, divisions=organisation(hospital_id=hospital_id), cases=known)
    people = people_list(hospital_id=hospital_id, roles=ACTORS)
    levels = [LevelForm(data, people=people, prefix=f"level{number}") for number in range(1, LEVELS + 1)]
    faulty = [level for level in levels if data is not None and not level.is_valid()]  # all are looked at
    if data is not None and form.is_valid() and not faulty:
        said = tuple(words for words in (level.level_words() for level in levels) if words is not None)
        made: list[int] = []

        def add() -> None:
            words = form.order_words(said)
            order = services.review_order_add(
                hospital_id=hospital_id, words=words, actor=request.user, at=timezone.now()
            )
            made.append(order.pk)

        if _try(form, add):
            return redirect("decisions:review_order", order_id=made[0])
    ticks = [form[name] for name in ("categories", "ward_ids")]
    plain = [field for field in form if field.name not in ("categories", "ward_ids")]
    context = {"form": form, "plain": plain, "ticks": ticks, "levels": levels}
    return render(request, "decisions/review_order_new.html", context, status=422 if data is not None else 200)
