"""Shifts offered to colleagues: one's own pages, and those that wait for the head of unit."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow, allow_signed_in
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.staffing.choices import APPROVERS, SWAP_OPEN, SwapState
from vardnara.apps.staffing.forms.posts import day_read
from vardnara.apps.staffing.forms.schedule import OfferForm
from vardnara.apps.staffing.queries import swaps as queries
from vardnara.apps.staffing.services import swaps as services
from vardnara.apps.staffing.views.schedule import nobody
from vardnara.apps.staffing.views.told import found, key_read, told
from vardnara.kernel.errors import RuleBroken


@allow_signed_in
@never_cache
def swaps(request: HttpRequest) -> HttpResponse:
    """What one has offered and been asked."""
    try:
        rows = queries.own_offers(actor=request.user, at=timezone.now())
    except RuleBroken as error:
        return nobody(request, error)
    context = {
        "asked": [one for one in rows if not one.mine and one.state == SwapState.ASKED],
        "waiting": [one for one in rows if one.state in SWAP_OPEN and (one.mine or one.state != SwapState.ASKED)],
        "over": [one for one in rows if one.state not in SWAP_OPEN],
        "tab": "swaps",
    }
    return render(request, "staffing/schedule_swaps.html", context)


@allow_signed_in
@never_cache
def swap_new(request: HttpRequest, roster_id: int, on: str) -> HttpResponse:
    """Offer an own shift: first to whom, then given away or for which of theirs."""
    day = day_read(on)
    if day is None:
        raise Http404
    if request.method == "POST":
        return _make(request, roster_id, day)
    chosen = key_read(request.GET.get("kollega")) or None
    try:
        with found():
            offered = queries.offering(
                actor=request.user, roster_id=roster_id, on=day, colleague_id=chosen, at=timezone.now()
            )
    except RuleBroken as error:
        if error.code == "swap_expired":
            rule_say(request, error)
            return redirect("staffing:swaps")
        return nobody(request, error)
    return render(request, "staffing/schedule_swap_new.html", {"found": offered, "tab": "swaps"})


def _make(request: HttpRequest, roster_id: int, day: date) -> HttpResponse:
    form = OfferForm(request.POST)
    if not form.is_valid():
        return redirect("staffing:swap_new", roster_id, day.isoformat())
    said = form.cleaned_data
    with told(request):
        services.offer_make(
            roster_id=roster_id, on=day, taker_id=said["taker"], back_on=said["back_on"], note=said["note"],
            actor=request.user, at=timezone.now(),
        )  # fmt: skip
        messages.success(request, pgettext("swap", "Asked. You see the answer here."))
    return redirect("staffing:swaps")


@allow_signed_in
@require_POST
def swap_act(request: HttpRequest, offer_id: int, deed: str) -> HttpResponse:
    """Say yes or no, or take an offer back."""
    if deed not in ("ja", "nej", "ater"):
        raise Http404
    at = timezone.now()
    with told(request):
        if deed == "ater":
            services.offer_withdraw(offer_id=offer_id, actor=request.user, at=at)
            messages.success(request, pgettext("swap", "Taken back."))
        else:
            row = services.offer_answer(offer_id=offer_id, accepts=deed == "ja", actor=request.user, at=at)
            said = {
                SwapState.DONE: pgettext("swap", "Swapped. Your schedule is changed."),
                SwapState.ACCEPTED: pgettext("swap", "You said yes. Now your manager approves it."),
            }
            messages.success(request, said.get(SwapState(row.state), pgettext("swap", "You said no.")))
    return redirect("staffing:swaps")


@allow(*APPROVERS)
@never_cache
def swaps_waiting(request: HttpRequest) -> HttpResponse:
    """The swaps that wait for the head of unit, and which groups swap without."""
    context = {
        "rows": queries.offers_waiting(actor=request.user, at=timezone.now()),
        "groups": queries.swap_groups(actor=request.user),
    }
    return render(request, "staffing/swaps_waiting.html", context)


@allow(*APPROVERS)
@require_POST
def swap_decide(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Approve a swap, or refuse it and say why."""
    approves = request.POST.get("deed") == "godkann"
    with told(request):
        services.offer_decide(
            offer_id=offer_id, approves=approves, reason=request.POST.get("reason", ""), actor=request.user,
            at=timezone.now(),
        )  # fmt: skip
        said = pgettext("swap", "Approved: the schedule is changed.") if approves else pgettext("swap", "Refused.")
        messages.success(request, said)
    return redirect("staffing:swaps_waiting")


@allow(*APPROVERS)
@require_POST
def swap_rule(request: HttpRequest, group_id: int) -> HttpResponse:
    """Say whether a group's swaps hold at once."""
    with found("unknown_group"):
        services.swap_rule_set(
            group_id=group_id, at_once=request.POST.get("at_once") == "1", actor=request.user, at=timezone.now()
        )
        messages.success(request, pgettext("swap", "The rule is kept."))
    return redirect("staffing:swaps_waiting")
