"""Tray tickets: printing a meal's, what was left out and why, the files for each kind of paper, one ticket again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.meals.choices import OrderState
from vardnara.apps.meals.queries.food_pages import READERS, WRITERS
from vardnara.apps.meals.queries.kitchen_meals import kitchen_read, left_out, meal_orders, missing_of, window_of
from vardnara.apps.meals.queries.offered import meal_windows
from vardnara.apps.meals.queries.tickets import ticket_runs, trays_find
from vardnara.apps.meals.services import tickets as services
from vardnara.apps.meals.views.deeds import act, number
from vardnara.apps.meals.views.production import _days, asked, looked
from vardnara.apps.service.views.requests import is_part
from vardnara.kernel.errors import RuleBroken

SHOWN = 30  # trays of a search; more are found by saying more
KINDS = {"a4": "pdf", "label": "pdf", "roll": "pdf", "zpl": "zpl", "zpl62": "zpl"}


@allow(*READERS)
@never_cache
def tickets(request: HttpRequest, kitchen_id: int) -> HttpResponse:
    """A meal's runs, what gets no ticket and why, and single trays."""
    at = timezone.now()
    on, meal = asked(request, kitchen_id, at)
    where = f"{reverse('meals:tickets', args=[kitchen_id])}?on={on.isoformat()}&meal={meal}"

    def print_all() -> HttpResponse:
        done = services.tickets_print(
            kitchen_id=kitchen_id, on=on, meal=meal, actor=request.user, at=at, early=request.POST.get("early") == "1"
        )
        said = npgettext("tray ticket", "%(n)s ticket is ready to be printed.", "%(n)s tickets are ready.", done.n)
        if done.n:
            messages.success(request, said % {"n": done.n})
        else:
            messages.info(request, pgettext("tray ticket", "Every meal that can leave has its ticket already."))
        return redirect(where)

    def again() -> HttpResponse:
        tray = services.ticket_reprint(tray_id=number(request, "tray"), actor=request.user, at=at)
        return _file(request, request.POST.get("kind", "a4"), f"bricka-{tray.code}", tray_ids=[tray.pk])

    if request.method == "POST":
        return act(request, {"print": print_all, "again": again}, where)
    kitchen = kitchen_read(actor=request.user, kitchen_id=kitchen_id)
    context = {"kitchen": kitchen, "on": on, "meal": meal, "at": at, "writes": request.user.role in WRITERS}
    context |= _days(at, on)
    context["windows"] = meal_windows(kitchen_id=kitchen_id, on=on)
    if meal:
        q = request.GET.get("q", "")
        orders = meal_orders(kitchen_id=kitchen_id, on=on, meal=meal)
        trays = trays_find(kitchen_id=kitchen_id, on=on, meal=meal, q=q) if q else []
        left = missing_of(left_out(kitchen_id=kitchen_id, on=on, meal=meal))
        looked(request, left, at)
        context |= {
            "window": window_of(kitchen_id=kitchen_id, on=on, meal=meal),
            "runs": ticket_runs(kitchen_id=kitchen_id, on=on, meal=meal),
            "left": left,
            "n_waiting": orders.filter(state=OrderState.OPEN, tray__isnull=True).count(),
            "trays": trays[:SHOWN],
            "n_more": max(0, len(trays) - SHOWN),
            "q": q,
        }
    return render(request, "meals/_tickets.html" if is_part(request) else "meals/tickets.html", context)


@allow(*WRITERS)
@never_cache
def run_file(request: HttpRequest, run_id: int, kind: str) -> HttpResponse:
    """A run's tickets for a kind of paper."""
    run = services.run_written(run_id=run_id, actor=request.user)
    try:
        return _file(request, kind, f"brickor-{run.on.isoformat()}-{run.meal}-{run.pk}", run_ids=[run.pk])
    except RuleBroken as error:
        rule_say(request, error)
    return redirect(f"{reverse('meals:tickets', args=[run.kitchen_id])}?on={run.on.isoformat()}&meal={run.meal}")


def _file(request: HttpRequest, kind: str, name: str, **which: list[int]) -> HttpResponse:
    if kind not in KINDS:
        raise Http404(kind)
    base = request.build_absolute_uri("/")
    made = services.tickets_file(kind=kind, base=base, actor=request.user, at=timezone.now(), **which)
    pdf = KINDS[kind] == "pdf"
    return HttpResponse(
        made,
        content_type="application/pdf" if pdf else "text/plain; charset=utf-8",
        headers={"Content-Disposition": f'{"inline" if pdf else "attachment"}; filename="{name}-{kind}.{KINDS[kind]}"'},
    )
