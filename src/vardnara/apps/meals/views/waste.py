"""Why food was thrown away: by cause, ward, meal and week, the rows behind it, the survey, the Monday page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.meals.choices import MealKind, WasteCause
from vardnara.apps.meals.forms.waste import CostForm
from vardnara.apps.meals.queries.waste import (
    READERS,
    WasteReport,
    finding_rows,
    kitchens_reached,
    ward_names,
    waste_report,
)
from vardnara.apps.meals.queries.weighing import Weighed, paradox, weighed
from vardnara.apps.meals.services.weighing import COOKS, portion_cost_set
from vardnara.apps.meals.views.deeds import act, valid
from vardnara.gateways.tabular import Cell, OutTable, Sheet, table_csv_text, workbook_bytes

DAY = timedelta(days=1)
WEEKS = 4
LONGEST = 400  # days of one report
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """A kitchen and a period, the last day included in what people say."""

    kitchens: list[Any]
    kitchen: Any
    since: date
    until: date

    @property
    def query(self) -> str:
        """The same as an address."""
        kitchen = self.kitchen.pk if self.kitchen else ""
        return f"kok={kitchen}&fran={self.since}&till={self.until - DAY}"


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _asked(request: HttpRequest, *, days: int = 7 * WEEKS) -> Asked:
    today = timezone.localdate()
    kitchens = kitchens_reached(actor=request.user)
    chosen = [one for one in kitchens if str(one.pk) == request.GET.get("kok")]
    last = min(_day(request.GET.get("till", ""), today), today)
    since = _day(request.GET.get("fran", ""), last - (days - 1) * DAY)
    since = max(min(since, last), last - LONGEST * DAY)
    return Asked(kitchens, (chosen or kitchens or [None])[0], since, last + DAY)


@allow(*READERS)
@never_cache
def causes(request: HttpRequest) -> HttpResponse:
    """Wasted portions by cause, ward, meal and week, beside what was weighed; what a portion costs."""
    asked = _asked(request)
    if request.method == "POST" and asked.kitchen is not None:
        kitchen_id = asked.kitchen.pk

        def cost() -> None:
            said = valid(request, CostForm(request.POST))
            portion_cost_set(kitchen_id=kitchen_id, actor=request.user, at=timezone.now(), **said)

        return act(request, {"cost": cost}, f"{reverse('meals:waste_causes')}?{asked.query}")
    context: dict[str, Any] = {"asked": asked, "last": asked.until - DAY, "writes": request.user.role in COOKS}
    if asked.kitchen is not None:
        context |= {
            "report": _report(request, asked),
            "weighed": weighed(kitchen=asked.kitchen, since=asked.since, until=asked.until),
            "form": CostForm(initial={"from_on": timezone.localdate()}),
        }
    return render(request, "meals/waste_causes.html", context)


def _report(request: HttpRequest, asked: Asked) -> WasteReport:
    assert asked.kitchen is not None
    return waste_report(
        kitchen=asked.kitchen, since=asked.since, until=asked.until, names=ward_names(actor=request.user)
    )


@allow(*READERS)
@never_cache
def rows(request: HttpRequest) -> HttpResponse:
    """The portions behind a figure, each with its evidence. No names: an order's number."""
    asked = _asked(request)
    if asked.kitchen is None:
        raise Http404
    cause, meal, ward = (request.GET.get(name, "") for name in ("orsak", "maltid", "avd"))
    found = finding_rows(
        kitchen=asked.kitchen,
        since=asked.since,
        until=asked.until,
        cause=cause if cause in WasteCause.values else "",
        meal=meal if meal in MealKind.values else "",
        ward_id=int(ward) if ward.isascii() and ward.isdigit() and len(ward) < 10 else None,
    )
    names = ward_names(actor=request.user)
    lines = [(row, names.get(row.ward_id, str(row.ward_id))) for row in found]
    return render(request, "meals/waste_rows.html", {"asked": asked, "last": asked.until - DAY, "lines": lines})


@allow(*READERS)
@never_cache
def survey(request: HttpRequest, kind: str) -> HttpResponse:
    """The national figures of the period: kilograms, people and grams a person, by category (F-50, F-56)."""
    asked = _asked(request)
    if asked.kitchen is None or kind not in ("csv", "xlsx"):
        raise Http404
    heads = [
        pgettext("waste", "Category"),
        pgettext("waste", "Counted by"),
        pgettext("waste", "kg"),
        pgettext("waste", "Portions or eaters"),
        pgettext("waste", "g each"),
        pgettext("waste", "Meals weighed"),
        pgettext("waste", "Meals without a number"),
        pgettext("waste", "Numbers by hand"),
    ]
    found = weighed(kitchen=asked.kitchen, since=asked.since, until=asked.until)
    lines = [list(_line(one)) for one in found]
    word = pgettext("waste", "waste")
    last = asked.until - DAY
    name = f"{word}-{asked.kitchen.code}-{asked.since}-{last}"
    if kind == "xlsx":
        said = pgettext("waste", "National categories: the kitchen's by portion, the others by eater.")
        sheet = Sheet(word, f"{asked.kitchen.name} {asked.since} – {last}", said, heads, lines)
        answer = HttpResponse(workbook_bytes([sheet]), content_type=XLSX)
    else:
        swedish = (get_language() or "").startswith("sv")
        text = table_csv_text(OutTable(word, heads, lines), delimiter=";" if swedish else ",", decimal_comma=swedish)
        answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _line(one: Weighed) -> Iterator[Cell]:
    yield one.name
    yield pgettext("waste", "eaters") if one.by_eater else pgettext("waste", "portions")
    yield Decimal(one.grams) / 1000
    yield one.people or None
    yield None if one.grams_each is None else round(Decimal(one.grams_each), 1)
    yield from (one.n_meals, one.n_missing, one.n_by_hand)


@allow(*READERS)
@never_cache
def monday(request: HttpRequest) -> HttpResponse:
    """The kitchen's Monday: one page of last week, what it was the week before, and three things to do."""
    today = timezone.localdate()
    asked = _asked(request)
    if asked.kitchen is None:
        return render(request, "meals/waste_monday.html", {"asked": asked})
    first = _day(request.GET.get("vecka", ""), today - 7 * DAY)
    first -= first.weekday() * DAY
    week = Asked(asked.kitchens, asked.kitchen, first, first + 7 * DAY)
    before = Asked(asked.kitchens, asked.kitchen, first - 7 * DAY, first)
    now, then = _report(request, week), _report(request, before)
    scales = [weighed(kitchen=asked.kitchen, since=one.since, until=one.until) for one in (week, before)]
    context = {
        "asked": week,
        "last": week.until - DAY,
        "report": now,
        "before": then,
        "weighed": scales[0],
        "paradox": paradox(scales[1], scales[0]),
        "todo": [one for one in now.causes if one.key != WasteCause.OTHER][:3],
        "week_before": first - 7 * DAY,
        "week_after": first + 7 * DAY,
    }
    return render(request, "meals/waste_monday.html", context)
