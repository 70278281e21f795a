"""A person's own schedule: the next shift, the coming weeks, a month."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow_signed_in
from vardnara.apps.staffing.forms.posts import day_read
from vardnara.apps.staffing.queries import schedule as queries
from vardnara.apps.staffing.queries.swaps import n_asked
from vardnara.kernel.errors import RuleBroken

WEEKS, MOST_WEEKS = 6, 26


@allow_signed_in
@never_cache
def schedule(request: HttpRequest) -> HttpResponse:
    """The next shift large, then week by week."""
    today = timezone.localdate()
    weeks = WEEKS if "alla" not in request.GET else MOST_WEEKS
    first = day_read(request.GET.get("fran")) or today
    try:
        own = queries.own_schedule(actor=request.user, first=first, weeks=weeks, at=timezone.now())
    except RuleBroken as error:
        return nobody(request, error)
    shown = [week for week in own.weeks if week.published or any(day.leave for day in week.days)]
    context = {
        "own": own,
        "weeks": shown,
        "today": today,
        "since": first,
        "asked": n_asked(person_id=own.person_id, at=timezone.now()),
        "now": timezone.now(),
        "all": weeks == MOST_WEEKS,
        "tab": "schedule",
    }
    return render(request, "staffing/schedule.html", context)


@allow_signed_in
@never_cache
def schedule_month(request: HttpRequest) -> HttpResponse:
    """A month of whole weeks, as it hangs on a refrigerator."""
    today = timezone.localdate()
    first = day_read(f"{request.GET.get('manad', '')}-01") or today.replace(day=1)
    later = (first + timedelta(days=32)).replace(day=1)
    weeks = -(-(first.weekday() + (later - first).days) // 7)
    try:
        own = queries.own_schedule(actor=request.user, first=first, weeks=weeks, at=timezone.now())
    except RuleBroken as error:
        return nobody(request, error)
    inside = [day for week in own.weeks for day in week.days if first <= day.on < later]
    context = {
        "own": own,
        "first": first,
        "earlier": first - timedelta(days=1),
        "later": later,
        "today": today,
        "minutes": sum(one.minutes for day in inside for one in day.shifts),
        "tab": "month",
    }
    return render(request, "staffing/schedule_month.html", context)


def nobody(request: HttpRequest, error: RuleBroken) -> HttpResponse:
    """For who is signed in and not among those who are rostered; any other rule goes on."""
    if error.code != "not_rostered":
        raise error
    return render(request, "staffing/schedule_nobody.html", {})
