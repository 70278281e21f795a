"""Curves of posts: what 0, 1, 2 ... cover, which of them where, what the next one buys, and the same as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.staffing.choices import READERS, WRITERS
from vardnara.apps.staffing.forms.allocation import AllocationForm
from vardnara.apps.staffing.queries.allocations import Curve, curve_one, curves_newest
from vardnara.apps.staffing.queries.posts import posts_hospital
from vardnara.apps.staffing.services.allocations import allocation_ask, allocation_cancel
from vardnara.kernel.errors import RuleBroken

WIDTH, HEIGHT = 720, 260
STEPS = 5
TICKS = 5  # lines of the chart's scale


@allow(*READERS)
@never_cache
def allocations(request: HttpRequest) -> HttpResponse:
    """The curves that there are, and a form to ask for one."""
    writes = request.user.role in WRITERS
    if request.method == "POST" and not writes:
        return HttpResponse(status=403)
    form = AllocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = allocation_ask(
                hospital_id=posts_hospital(actor=request.user), actor=request.user, at=timezone.now(), **form.words()
            )
            return redirect("staffing:allocation", allocation_id=asked.pk)
        except RuleBroken as error:
            rule_say(request, error)
            return redirect("staffing:allocations")
    context = {"curves": curves_newest(actor=request.user), "form": form, "writes": writes}
    return render(request, "staffing/allocations.html", context, status=422 if form.errors else 200)


def curve_of(request: HttpRequest, allocation_id: int) -> Curve:
    try:
        return curve_one(actor=request.user, allocation_id=allocation_id)
    except RuleBroken as error:
        if error.code == "unknown_allocation":
            raise Http404 from error
        raise


@allow(*READERS)
@never_cache
def allocation(request: HttpRequest, allocation_id: int) -> HttpResponse:
    """One curve: chart, table, and the chosen number of posts."""
    return render(request, "staffing/allocation.html", _context(request, allocation_id))


@allow(*READERS)
@never_cache
def allocation_parts(request: HttpRequest, allocation_id: int) -> HttpResponse:
    """The same again, for a page that heard of a change."""
    return render(request, "staffing/_allocation.html", _context(request, allocation_id))


def _context(request: HttpRequest, allocation_id: int) -> dict[str, Any]:
    curve = curve_of(request, allocation_id)
    names = {zone["zone"]: zone["name"] for zone in curve.basis.get("zones", [])}
    chosen = chosen_of(request, curve)
    row = curve.points[chosen] if curve.points else None
    return {
        "curve": curve,
        "names": names,
        "chart": chart_of(curve, chosen) if len(curve.points) > 1 else None,
        "rows": [(point, costs_of(curve, point["posts"])) for point in curve.points],
        "bases": curve.basis.get("costs", []),
        "chosen": chosen,
        "row": row,
        "next": curve.points[chosen + 1] if chosen + 1 < len(curve.points) else None,
        "days": [one["day"] for one in curve.basis.get("days", [])],
        "left": left_rows(row["uncovered"]) if row else [],
        "shifts": shifts_of(row["shifts"], [one["day"] for one in curve.basis["days"]]) if row else [],
        "zones": [
            (names.get(zone, zone), sums["covered_minutes"], sums["uncovered_minutes"])
            for zone, sums in (row["zones"].items() if row else ())
        ],
        "needed": curve.basis.get("needed"),
        "level_percent": curve.service_percent.normalize(),
        "writes": request.user.role in WRITERS,
    }


def chosen_of(request: HttpRequest, curve: Curve) -> int:
    """The number of posts that is looked at; as long as nobody has chosen, the middle of the curve."""
    asked, last = request.GET.get("n", ""), len(curve.points) - 1
    if asked.isascii() and asked.isdigit():
        return max(0, min(int(asked), last))
    return max(0, (last + 1) // 2)


def costs_of(curve: Curve, n_posts: int) -> list[Decimal]:
    """What so many posts cost in a year, by each basis of the register."""
    return [n_posts * Decimal(one["per_post_sek"]) for one in curve.basis.get("costs", [])]


def chart_of(curve: Curve, chosen: int) -> dict[str, Any]:
    """Covered hours by number of posts as lines of a drawing; the whole work is the line above."""
    total = curve.points[0]["covered_minutes"] + curve.points[0]["uncovered_minutes"]
    top = max(total, 1.0)

    def at(n: int, minutes: float) -> str:
        return f"{WIDTH * n / curve.n_most:.1f},{HEIGHT * (1 - minutes / top):.1f}"

    every = max(1, ceil(curve.n_most / TICKS / 5) * 5 if curve.n_most > TICKS else 1)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "free": " ".join(at(row["posts"], row["covered_minutes"]) for row in curve.points),
        "step": " ".join(at(row["posts"], row["step"]["covered_minutes"]) for row in curve.points),
        "chosen": f"{WIDTH * chosen / curve.n_most:.1f}",
        "ticks": [(f"{WIDTH * n / curve.n_most:.1f}", n) for n in range(0, curve.n_most + 1, every)],
        "total": total,
        "below": HEIGHT + 22,
    }


def left_rows(grid: Sequence[Sequence[float]]) -> list[tuple[int, list[tuple[float, int]]]]:
    """Uncovered minutes by hour and kind of day, with their colours, from the first such hour to the last."""
    most = max((minutes for row in grid for minutes in row), default=0.0)
    busy = [hour for hour in range(24) if any(row[hour] >= 0.5 for row in grid)]
    if not busy:
        return []
    return [
        (hour, [(row[hour], ceil(STEPS * row[hour] / most) if row[hour] >= 0.5 else 0) for row in grid])
        for hour in range(busy[0], busy[-1] + 1)
    ]


def shifts_of(
    shifts: Sequence[Mapping[str, Any]], days: Sequence[str]
) -> list[tuple[str, list[tuple[str, str, list[int]]]]]:
    """By zone: each day of work with its people by kind of day."""
    found: dict[str, dict[tuple[str, str], list[int]]] = {}
    for one in shifts:
        its = found.setdefault(one["zone"], {}).setdefault((one["window"], one["shape"]), [0] * len(days))
        its[days.index(one["day"])] += one["people"]
    return [
        (zone, [(shape, window, numbers) for (window, shape), numbers in sorted(rows.items())])
        for zone, rows in found.items()
    ]


@allow(*WRITERS)
@require_POST
def allocation_stop(request: HttpRequest, allocation_id: int) -> HttpResponse:
    """Stop a curve that is being reckoned."""
    curve_of(request, allocation_id)
    try:
        allocation_cancel(allocation_id=allocation_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("allocation", "Stopped. What was reckoned stays."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("staffing:allocation", allocation_id=allocation_id)
