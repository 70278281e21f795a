"""The kitchen's day and the production sheet of a meal: live, printed, and as CSV and Excel."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.meals.queries import food_pages
from vardnara.apps.meals.queries.food_pages import READERS, WRITERS
from vardnara.apps.meals.queries.kitchen_meals import Missing, kitchen_read
from vardnara.apps.meals.queries.offered import meal_windows
from vardnara.apps.meals.queries.production import Line, Sheet, kitchen_days, production_sheet
from vardnara.apps.meals.services import production as services
from vardnara.apps.meals.services.diet import diets_look
from vardnara.apps.meals.templatetags.diet_words import meal_name
from vardnara.apps.meals.templatetags.kitchen_words import amount_text, code_word
from vardnara.apps.meals.views.deeds import act, number
from vardnara.apps.service.views.requests import is_part
from vardnara.gateways.tabular import OutTable, SheetCell, table_csv_text, workbook_bytes
from vardnara.gateways.tabular import Sheet as Page
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAYS = 2  # today and tomorrow stand on the wall


@allow(*READERS)
@never_cache
def today(request: HttpRequest) -> HttpResponse:
    """The reader's kitchen; the list of kitchens where there are several or none."""
    rows = [one for one in food_pages.kitchens(actor=request.user) if one.closed_on is None]
    if len(rows) == 1:
        return redirect("meals:kitchen_day", kitchen_id=rows[0].pk)
    return redirect("meals:kitchens")


@allow(*READERS)
@never_cache
def day(request: HttpRequest, kitchen_id: int) -> HttpResponse:
    """Today's and tomorrow's meals: what hangs on the kitchen's wall."""
    at = timezone.now()
    first = local_date(at)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    kitchen, meals = kitchen_days(actor=request.user, kitchen_id=kitchen_id, days=days, at=at)
    context = {
        "kitchen": kitchen,
        "days": [(on, [meal for meal in meals if meal.on == on]) for on in days],
        "today": first,
        "at": at,
        "wall": "vagg" in request.GET,
        "writes": request.user.role in WRITERS,
    }
    return render(request, "meals/_kitchen_day.html" if is_part(request) else "meals/kitchen_day.html", context)


def asked(request: HttpRequest, kitchen_id: int, at: datetime) -> tuple[date, str]:
    """The day and meal of the address, else today and the meal that is served next."""
    kitchen_read(actor=request.user, kitchen_id=kitchen_id)
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = local_date(at)
    windows = meal_windows(kitchen_id=kitchen_id, on=on)
    meal = request.GET.get("meal", "")
    if meal not in {one.meal for one in windows}:
        later = [one.meal for one in windows if at < one.serves_to_at]
        meal = (later or [one.meal for one in windows] or [""])[0]
    return on, meal


@allow(*READERS)
@never_cache
def sheet(request: HttpRequest, kitchen_id: int) -> HttpResponse:
    """The sheet of a meal; locking it, opening it, locking it anew."""
    at = timezone.now()
    on, meal = asked(request, kitchen_id, at)
    if request.method == "POST":
        where = f"{reverse('meals:production', args=[kitchen_id])}?on={on.isoformat()}&meal={meal}"
        said = {"kitchen_id": kitchen_id, "on": on, "meal": meal, "actor": request.user, "at": at}
        said |= {"reason": request.POST.get("reason", ""), "seen": number(request, "seen")}
        deeds = {
            "lock": lambda: _done(services.production_lock(**said)),
            "open": lambda: _done(services.production_open(**said)),
        }
        return act(request, deeds, where)
    context = {"on": on, "meal": meal, "at": at, "writes": request.user.role in WRITERS, **_days(at, on)}
    if meal:
        found = production_sheet(actor=request.user, kitchen_id=kitchen_id, on=on, meal=meal)
        context["sheet"] = found
        looked(request, found.missing, at)
    context["kitchen"] = kitchen_read(actor=request.user, kitchen_id=kitchen_id)
    return render(request, "meals/_production.html" if is_part(request) else "meals/production.html", context)


def looked(request: HttpRequest, missing: Missing, at: datetime) -> None:
    """Why a meal is held or cannot be served says something of a patient's diet: opening the page is a look at it."""
    if missing.problems and not is_part(request):
        stays = stays_by_id(row.stay_id for row in missing.problems)
        for stay in stays.values():
            diets_look(stays=[stay], actor=request.user, at=at, ward_code=stay.ward_code)


def _done(_: object) -> None:
    return None


def _days(at: datetime, on: date) -> dict[str, object]:
    first = local_date(at)
    days = [first + timedelta(days=n) for n in range(-1, 4)]
    return {"today": first, "days": sorted({*days, on})}


@allow(*READERS)
@never_cache
def file(request: HttpRequest, kitchen_id: int, kind: str) -> HttpResponse:
    """The sheet as CSV, or as a workbook with the wards and the ingredients."""
    on, meal = asked(request, kitchen_id, timezone.now())
    if kind not in ("csv", "xlsx") or not meal:
        raise Http404
    try:
        found = production_sheet(actor=request.user, kitchen_id=kitchen_id, on=on, meal=meal)
    except RuleBroken as error:
        raise Http404 from error
    word = pgettext("production", "production")
    name = f"{word}-{on.isoformat()}-{meal}"
    if kind == "xlsx":
        answer = HttpResponse(workbook_bytes(_pages(found)), content_type=XLSX)
    else:
        heads = (*_heads(), pgettext("production", "Ward"), pgettext("production", "Portions for the ward"))
        rows = [[*_row(line), ward, n] for line in found.lines for ward, n in line.wards]
        text = table_csv_text(OutTable(name, heads, rows), delimiter=";", decimal_comma=True)
        answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _heads() -> tuple[str, ...]:
    return (
        pgettext("food field", "Dish"),
        pgettext("diet", "Texture"),
        pgettext("food field", "Diet"),
        pgettext("production", "Change"),
        pgettext("production", "Small"),
        pgettext("production", "Normal"),
        pgettext("production", "Large"),
        pgettext("production", "Extra trays"),
        pgettext("production", "Guests"),
        pgettext("production", "Staff"),
        pgettext("production", "To cook"),
        pgettext("production", "Locked"),
        pgettext("production", "Since the lock"),
    )


def _row(line: Line) -> list[str | int | None]:
    return [
        line.name,
        code_word(line.what.texture),
        code_word(line.what.diet),
        line.change,
        *line.sizes,
        line.n_extra,
        line.n_guests,
        line.n_staff,
        line.n,
        line.locked,
        line.delta if line.locked is not None else None,
    ]


def _pages(found: Sheet) -> list[Page]:
    title = f"{found.kitchen.name}, {meal_name(found.window.meal)} {found.on.isoformat()}"
    state = pgettext("production", "Not locked: the numbers follow the orders.")
    if found.lock is not None:
        said = {
            "at": timezone.localtime(found.lock.at).strftime("%Y-%m-%d %H:%M"),
            "who": found.lock.by.get_full_name(),
        }
        state = pgettext("production", "Locked %(at)s by %(who)s.") % said
    lines: list[list[SheetCell]] = [list(_row(line)) for line in found.lines]
    wards: list[list[SheetCell]] = [
        [ward.name, line.name, code_word(line.what.texture), code_word(line.what.diet), line.change, n]
        for ward in found.wards
        for line, n in ward.lines
    ]
    things: list[list[SheetCell]] = [[one.name, amount_text(one.amount, one.unit)] for one in found.ingredients]
    together = pgettext("economy", "Together")
    heads = _heads()
    dish = [pgettext("production", "Ward"), *heads[:4], pgettext("production", "Portions")]
    return [
        Page(pgettext("production", "Production"), title, state, list(heads), lines, tuple(range(4, 11)), together),
        Page(pgettext("production", "By ward"), title, state, dish, wards, (5,), together),
        Page(
            pgettext("nav", "Ingredients"), title, state,
            [pgettext("food field", "Ingredient"), pgettext("production", "Amount")], things, (), "",
        ),
    ]  # fmt: skip
