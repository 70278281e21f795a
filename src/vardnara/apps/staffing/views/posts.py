"""The register of posts, and one post with its funding and its cost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing import services
from vardnara.apps.staffing.choices import READERS, WRITERS
from vardnara.apps.staffing.forms.posts import (
    DayForm,
    EndForm,
    FundingForms,
    PostForm,
    fundings_said,
    post_initial,
)
from vardnara.apps.staffing.queries.costing import net_hours, vacation
from vardnara.apps.staffing.queries.posts import PostRow, post_one, posts_hospital, posts_left_out, posts_on
from vardnara.kernel.errors import RuleBroken


def day_asked(request: HttpRequest) -> tuple[date, DayForm]:
    """The day that is asked for, else today."""
    form = DayForm(request.GET if request.GET.get("dag") else None, initial={"dag": timezone.localdate()})
    asked = form.cleaned_data.get("dag") if form.is_valid() else None
    return asked or timezone.localdate(), form


@allow(*READERS)
@never_cache
def posts(request: HttpRequest) -> HttpResponse:
    """Every post of a day by division, ward and pool, with sums."""
    day, form = day_asked(request)
    ended, later = posts_left_out(actor=request.user, day=day)
    context = {
        "register": posts_on(actor=request.user, day=day),
        "form": form,
        "ended": ended,
        "later": later,
        "hours": net_hours(),
        "writes": request.user.role in WRITERS,
    }
    return render(request, "staffing/posts.html", context, status=422 if form.errors else 200)


@allow(*WRITERS)
@never_cache
def post_new(request: HttpRequest) -> HttpResponse:
    """Add a post."""
    hospital_id = posts_hospital(actor=request.user)
    form = PostForm(request.POST or None, divisions=organisation(hospital_id=hospital_id))
    if request.method == "POST" and form.is_valid():
        try:
            added = services.post_add(
                hospital_id=hospital_id, words=form.words(), actor=request.user, at=timezone.now()
            )
        except RuleBroken as error:
            form.add_error("number" if error.code == "post_number_taken" else None, rule_text(error.code))
        else:
            messages.success(request, pgettext("posts", "The post is added. Say who pays for it."))
            return redirect("staffing:post", post_id=added.pk)
    return render(request, "staffing/post_new.html", {"form": form}, status=422 if form.errors else 200)


@allow(*READERS)
@never_cache
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post: its funding day by day, its cost and how that is reckoned."""
    return _page(request, post_id)


def _row(request: HttpRequest, post_id: int) -> PostRow:
    try:
        return post_one(actor=request.user, post_id=post_id, day=timezone.localdate())
    except RuleBroken as error:
        if error.code == "unknown_post":
            raise Http404 from error
        raise


def _page(request: HttpRequest, post_id: int, **bound: Any) -> HttpResponse:
    row = _row(request, post_id)
    days, share = vacation()
    context = {
        "row": row,
        "today": timezone.localdate(),
        "hours": net_hours(),
        "vacation_days": days,
        "vacation_per_cent": share * 100,
        "charges_per_cent": None if row.pay["charges_share"] is None else row.pay["charges_share"] * 100,  # type: ignore[operator]
        "writes": request.user.role in WRITERS,
    }
    if context["writes"]:
        divisions = organisation(hospital_id=posts_hospital(actor=request.user))
        paid = [
            {
                "party": one.party,
                "from_on": one.from_on,
                "last_on": one.last_on,
                "in_frame": one.in_frame,
                "is_stimulus": one.is_stimulus,
            }
            for one in row.fundings
        ]
        context |= {
            "form": PostForm(initial=post_initial(row), divisions=divisions),
            "end": EndForm(),
            "payers": FundingForms(initial=paid, prefix="f"),
        }
    return render(request, "staffing/post.html", context | bound, status=422 if bound else 200)


@allow(*WRITERS)
@require_POST
def post_change(request: HttpRequest, post_id: int) -> HttpResponse:
    """Say anew what the post is."""
    _row(request, post_id)
    form = PostForm(request.POST, divisions=organisation(hospital_id=posts_hospital(actor=request.user)))
    if not form.is_valid():
        return _page(request, post_id, form=form)
    try:
        services.post_change(post_id=post_id, words=form.words(), actor=request.user, at=timezone.now())
    except RuleBroken as error:
        form.add_error("number" if error.code == "post_number_taken" else None, rule_text(error.code))
        return _page(request, post_id, form=form)
    messages.success(request, pgettext("posts", "The post is changed."))
    return redirect("staffing:post", post_id=post_id)


@allow(*WRITERS)
@require_POST
def post_end(request: HttpRequest, post_id: int) -> HttpResponse:
    """Let the post end on a day, or go on after all."""
    _row(request, post_id)
    to_on = None
    if "go_on" not in request.POST:
        form = EndForm(request.POST)
        if not form.is_valid():
            return _page(request, post_id, end=form)
        to_on = form.cleaned_data["last_on"] + timedelta(days=1)
    try:
        services.post_end(post_id=post_id, to_on=to_on, actor=request.user, at=timezone.now())
        messages.success(
            request, pgettext("posts", "The post ends.") if to_on else pgettext("posts", "The post goes on.")
        )
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("staffing:post", post_id=post_id)


@allow(*WRITERS)
@require_POST
def funding(request: HttpRequest, post_id: int) -> HttpResponse:
    """Say anew who pays, and when."""
    _row(request, post_id)
    payers = FundingForms(request.POST, prefix="f")
    if not payers.is_valid():
        return _page(request, post_id, payers=payers)
    try:
        services.funding_set(post_id=post_id, fundings=fundings_said(payers), actor=request.user, at=timezone.now())
    except RuleBroken as error:
        return _page(request, post_id, payers=payers, funding_wrong=rule_text(error.code))
    messages.success(request, pgettext("posts", "The funding is kept."))
    return redirect("staffing:post", post_id=post_id)
