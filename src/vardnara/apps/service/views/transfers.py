"""Transfers of tasks: what moves and when, the gate, the steps, and where the hours go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.service import services
from vardnara.apps.service.bridge.line_words import days_said, hours_text
from vardnara.apps.service.choices import Party, name_in_language
from vardnara.apps.service.queries.agreements import EDITORS, agreement_list
from vardnara.apps.service.queries.transfers import (
    READERS,
    ItemRow,
    PlanRow,
    draft_in_the_way,
    transfer_list,
    transfer_movable,
    transfer_one,
)
from vardnara.apps.service.services.transfer_balance import PlanBalance, transfer_balance
from vardnara.apps.service.services.transfers import TICKERS
from vardnara.apps.service.views.transfer_forms import (
    CancelForm,
    ConsultationForm,
    ContactsForm,
    HomeForm,
    IdForm,
    MoveForm,
    StepForm,
    TransferForm,
)
from vardnara.apps.service.views.workload import clock_of
from vardnara.engines.transfer import HomeKind, Sums
from vardnara.gateways.tabular import OutTable, table_csv_text
from vardnara.kernel.calendar import WEEKDAY_CODES
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.time_window import DAY_MINUTES

FIELD_OF = {
    "same_party": "to_party",
    "switch_not_ahead": "switch_on",
    "closed_in_future": "closed_on",
    "reference_missing": "reference",
    "transfer_has_items": "from_party",
}
WHOLE_DAY_HOURS = 24
FIGURES = ("leaving", "received", "released", "homeless")
SHOWN = {"lamnar": "leaving", "hemlosa": "homeless"}


@dataclass(frozen=True, slots=True)
class Figure:
    """Minutes as hours."""

    name: str
    low: float
    typical: float
    high: float


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item with its sums, None where nobody knows its minutes; and each home with the hours that it takes."""

    item: ItemRow
    name: str
    when: str
    figures: tuple[Figure, ...] | None
    homes: tuple[tuple[Any, str, float | None], ...]


def _writes(request: HttpRequest) -> bool:
    return request.user.role in EDITORS


@allow(*READERS)
@never_cache
def transfers(request: HttpRequest) -> HttpResponse:
    """Every plan within reach: what moves, when, whether the gate is open, what is left to do."""
    rows = transfer_list(actor=request.user, on=timezone.localdate())
    return render(request, "service/transfers.html", {"rows": rows, "writes": _writes(request)})


def _agreements(request: HttpRequest) -> list[tuple[int, str]]:
    """Agreements with something signed."""
    rows = agreement_list(actor=request.user, on=timezone.localdate())
    return [(row.id, f"{row.number} {row.title}") for row in rows if any(not one.is_draft for one in row.versions)]


@allow(*EDITORS)
@never_cache
def transfer_new(request: HttpRequest) -> HttpResponse:
    """A new plan: which agreement, from whom to whom, and the day."""
    agreements = _agreements(request)
    if not agreements:
        return render(request, "service/transfer_new.html", {"form": None})
    form = TransferForm(request.POST or None, agreements=agreements)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            plan = services.transfer_create(
                agreement_id=data.pop("agreement"),
                words=services.TransferWords(**data),
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("service:transfer", plan_id=plan.pk)
        except RuleBroken as error:
            _fault(form, error)
    return render(request, "service/transfer_new.html", {"form": form}, status=422 if form.is_bound else 200)


def _fault(form: forms.Form, error: RuleBroken) -> None:
    """A rule's sentence at the field that it is about."""
    if error.code in ("out_of_scope", "unknown_agreement", "unknown_transfer", "wrong_role"):
        raise error
    field = FIELD_OF.get(error.code)
    form.add_error(field if field in form.fields else None, rule_text(error.code))


def _plan(request: HttpRequest, plan_id: int) -> PlanRow:
    return transfer_one(actor=request.user, on=timezone.localdate(), plan_id=plan_id)


@allow(*EDITORS)
@never_cache
def transfer_edit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What a plan says of itself; once written or consulted on, only whom to ask."""
    plan = _plan(request, plan_id)
    fields = ("title", "from_party", "to_party", "switch_on", "service_contact", "care_contact", "why")
    initial = {name: getattr(plan, name) for name in fields}
    kind = TransferForm if plan.is_open else ContactsForm
    form = kind(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.transfer_set(
                plan_id=plan_id,
                words=services.TransferWords(**(initial | form.cleaned_data)),
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("service:transfer", plan_id=plan_id)
        except RuleBroken as error:
            _fault(form, error)
    status = 422 if form.is_bound else 200
    return render(request, "service/transfer_new.html", {"form": form, "plan": plan}, status=status)


@allow(*READERS)
@never_cache
def transfer(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan: what moves, the gate in words, steps to tick, and the balance by ward, weekday and hour."""
    return _page(request, _plan(request, plan_id))


def _page(request: HttpRequest, plan: PlanRow, **bound: forms.Form) -> HttpResponse:
    found = transfer_balance(plan=plan, on=timezone.localdate())
    writes = _writes(request)
    lines = [_line(item, found) for item in plan.items]
    context = {
        "plan": plan,
        "writes": writes,
        "steps": [(side, [step for step in plan.steps if step.side == side]) for side in (Party.SERVICE, Party.CARE)],
        "ticks": _ticks(request, plan),
        "lines": lines,
        "found": found,
        "in_the_way": draft_in_the_way(plan=plan) if writes and plan.stage == "planned" else None,
        "weekdays": [(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day])) for day in range(7)],
        "yesterday": plan.switch_on - timedelta(days=1),
        "cancel": bound.get("cancel") or CancelForm(),
        "consultation": bound.get("consultation") or ConsultationForm(),
        "step": bound.get("step") or StepForm(),
    }
    if writes and plan.is_open:
        context["move"] = bound.get("move") or _move_form(request, plan)
    if writes and plan.homes_open and plan.items:
        context["home"] = bound.get("home") or _home_form(plan)
    if found is not None:
        context |= _balance(request, plan, found)
    status = 422 if any(form.errors for form in bound.values()) else 200
    return render(request, "service/transfer.html", context, status=status)


def _ticks(request: HttpRequest, plan: PlanRow) -> list[Party]:
    """The sides whose steps the reader may tick."""
    if not plan.is_live or request.user.role not in TICKERS:
        return []
    return [Party.SERVICE, Party.CARE] if _writes(request) else [Party.CARE] if plan.items else []


def _name(item: ItemRow) -> str:
    return name_in_language(item.task_name, item.task_name_en)


def _line(item: ItemRow, found: PlanBalance | None) -> ItemLine:
    row = next((one for one in found.balance.items if one.item == item.id), None) if found else None
    used = {use.home: use.used.typical / 60 for use in row.homes} if row else {}
    when = days_said(item.days)
    if (item.start_minutes, item.end_minutes) != (0, DAY_MINUTES):
        when += " " + hours_text(item.start_minutes, item.end_minutes)
    homes = tuple(
        (home, _home_when(home.days, home.start_hour, home.end_hour), used.get(home.id)) for home in item.homes
    )
    return ItemLine(item, _name(item), when, _figures(row.sums) if row else None, homes)


def _home_when(days: Iterable[int], start_hour: int, end_hour: int) -> str:
    listed = list(days)
    said = days_said(listed) if len(listed) < len(WEEKDAY_CODES) else ""
    hours = hours_text(start_hour * 60, end_hour * 60) if end_hour - start_hour < WHOLE_DAY_HOURS else ""
    return " ".join(part for part in (said, hours) if part)


def _figures(sums: Sums) -> tuple[Figure, ...]:
    found = []
    for name in FIGURES:
        spread = getattr(sums, name).times(1 / 60)
        found.append(Figure(name, spread.low, spread.typical, spread.high))
    return tuple(found)


def _balance(request: HttpRequest, plan: PlanRow, found: PlanBalance) -> dict[str, object]:
    """What the page shows of a balance, for all wards or one of them."""
    balance, wards = found.balance, found.wards
    ward = request.GET.get("avd", "")
    ward = ward if ward in balance.grid_by_ward else ""
    shown = SHOWN.get(request.GET.get("visa", ""), "homeless" if balance.total.homeless.typical else "leaving")
    grids = [grid for code, grid in balance.grid_by_ward.items() if ward in ("", code)]
    days = [[sum(getattr(grid, shown)[day][hour] for grid in grids) for hour in range(24)] for day in range(7)]
    clock = clock_of(days)
    names = {item.id: f"{_name(item)}, {item.ward_code}" for item in plan.items}
    kinds = {item.task_code: _name(item) for item in plan.items}
    return {
        "figures": _figures(balance.total),
        "by_ward": [(code, wards[code].name, _figures(sums)) for code, sums in balance.by_ward.items()],
        "clock": clock,
        "day_sums": [sum(row.cells[day].minutes for row in clock) for day in range(7)],
        "clock_total": sum(row.total for row in clock),
        "shown": shown,
        "ward": ward,
        "notices": [
            (
                notice.code,
                notice.minutes / 60,
                ", ".join([kinds.get(code, code) for code in notice.tasks] or [names[one] for one in notice.items]),
            )
            for notice in balance.notices
        ],
        "added": balance.by_kind[HomeKind.ADDED].typical / 60,
        "existing": balance.by_kind[HomeKind.EXISTING].typical / 60,
        "unverified": sorted(
            {
                kinds[item.task]
                for item in found.case.items
                for piece in item.pieces
                if piece.work and piece.work.norm.evidence.confidence == "unverified"
            }
        ),
        "year": found.case.year,
        "not_measured": [demand.name for demand in wards.values() if demand.basis != "measured"],
    }


def _move_form(request: HttpRequest, plan: PlanRow, data: Mapping[str, object] | None = None) -> MoveForm | None:
    left = transfer_movable(plan=plan, ward_ids=ward_ids_in_reach(actor=request.user))
    if not left.kinds:
        return None
    return MoveForm(
        data,
        kinds=[(pk, name_in_language(name, name_en)) for pk, name, name_en in left.kinds],
        wards=[(pk, f"{code} {name}") for pk, code, name in left.wards],
    )


def _home_form(plan: PlanRow, data: Mapping[str, object] | None = None) -> HomeForm:
    return HomeForm(data, items=[(item.id, f"{_name(item)}, {item.ward_code}") for item in plan.items])


# ---- deeds ----

Deed = Callable[[dict[str, Any], dict[str, Any]], object]


def _home_words(data: dict[str, Any]) -> services.HomeWords:
    hours: Decimal | None = data["hours_per_week"]
    return services.HomeWords(
        how=data["how"],
        who=data["who"],
        minutes_per_week=None if hours is None else (hours * 60).quantize(Decimal("0.1")),
        days=data["days"],
        start_hour=data["window"].start_minutes // 60,
        end_hour=data["window"].end_minutes // 60,
    )


DEEDS: dict[str, tuple[str, Deed]] = {
    "flytta": (
        "move",
        lambda data, who: services.transfer_items_add(
            task_type_ids=data["kinds"],
            ward_ids=data["wards"],
            days=data["days"],
            start_minutes=data["window"].start_minutes,
            end_minutes=data["window"].end_minutes,
            **who,
        ),
    ),
    "lat-vara": ("id", lambda data, who: services.transfer_item_remove(item_id=data["id"], **who)),
    "hem": (
        "home",
        lambda data, who: services.transfer_homes_add(item_ids=data["items"], words=_home_words(data), **who),
    ),
    "hem-bort": ("id", lambda data, who: services.transfer_home_remove(home_id=data["id"], **who)),
    "steg": ("step", lambda data, who: services.transfer_step_add(**data, **who)),
    "steg-bort": ("id", lambda data, who: services.transfer_step_remove(step_id=data["id"], **who)),
    "bocka": ("id", lambda data, who: services.transfer_step_tick(step_id=data["id"], done=data["done"], **who)),
    "samverkan": ("consultation", lambda data, who: services.consultation_report(**data, **who)),
    "oppna": ("", lambda data, who: services.consultation_reopen(**who)),
    "skriv": ("", lambda data, who: services.transfer_write(**who)),
    "ta-tillbaka": ("", lambda data, who: services.transfer_take_back(**who)),
    "avbryt": ("cancel", lambda data, who: services.transfer_cancel(**data, **who)),
}
FOR_TICKERS = ("bocka",)  # all others are for who writes plans


@allow(*TICKERS)
@require_POST
def transfer_act(request: HttpRequest, plan_id: int, deed: str) -> HttpResponse:
    """One deed; what is wrong with it stands at its field, or as a sentence on top."""
    plan = _plan(request, plan_id)
    if deed not in DEEDS:
        raise Http404(deed)
    if deed not in FOR_TICKERS:
        role_require(request.user, EDITORS)
    name, act = DEEDS[deed]
    form = _form(request, plan, name)
    if name == "move" and form is None:
        rule_say(request, RuleBroken("nothing_to_move"))
        return redirect("service:transfer", plan_id=plan_id)
    if form is None or form.is_valid():
        try:
            act(
                dict(form.cleaned_data) if form else {},
                {"plan_id": plan_id, "actor": request.user, "at": timezone.now()},
            )
        except RuleBroken as error:
            if form is None or name == "id" or FIELD_OF.get(error.code) not in form.fields:
                if error.code in ("out_of_scope", "unknown_transfer", "wrong_role"):
                    raise
                rule_say(request, error)
                return redirect("service:transfer", plan_id=plan_id)
            _fault(form, error)
        else:
            _say(request, deed)
            return redirect("service:transfer", plan_id=plan_id)
    if name == "id" or form is None:
        rule_say(request, RuleBroken("bad_input"))
        return redirect("service:transfer", plan_id=plan_id)
    return _page(request, plan, **{name: form})


def _form(request: HttpRequest, plan: PlanRow, name: str) -> forms.Form | None:
    """The deed's form with what was sent; None where the deed needs nothing, or nothing is left to move."""
    if name == "move":
        return _move_form(request, plan, request.POST)
    if name == "home":
        return _home_form(plan, request.POST)
    kinds = {"id": IdForm, "step": StepForm, "consultation": ConsultationForm, "cancel": CancelForm}
    return kinds[name](request.POST) if name else None


def _say(request: HttpRequest, deed: str) -> None:
    said = {
        "samverkan": pgettext("transfer", "Consultation is reported closed. It may be signed now."),
        "oppna": pgettext("transfer", "The report is taken back. Nobody can sign now."),
        "skriv": pgettext("transfer", "The next version is written. Both sides sign it under Agreements."),
        "ta-tillbaka": pgettext("transfer", "The draft is thrown away. The plan is as it was."),
        "avbryt": pgettext("transfer", "The plan is cancelled. Nothing changes hands."),
    }.get(deed)
    if said:
        messages.success(request, said)


@allow(*READERS)
@never_cache
def transfer_export(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The balance as CSV: by item, or with ``?del=klocka`` by ward, weekday and hour."""
    plan = _plan(request, plan_id)
    found = transfer_balance(plan=plan, on=timezone.localdate())
    if found is None:
        raise Http404
    swedish = (get_language() or "").startswith("sv")

    def number(value: float) -> str:
        return f"{value:.2f}".replace(".", "," if swedish else ".")

    balance = found.balance
    if request.GET.get("del") == "klocka":
        table = OutTable(
            "transfer_clock",
            ("ward", "weekday", "hour", *(f"minutes_{name}" for name in FIGURES)),
            [
                (code, WEEKDAY_CODES[day], str(hour), *(number(getattr(grids, name)[day][hour]) for name in FIGURES))
                for code, grids in balance.grid_by_ward.items()
                for day in range(7)
                for hour in range(24)
            ],
        )
    else:
        levels = ("low", "typical", "high")
        table = OutTable(
            "transfer",
            (
                "task", "name", "ward", "from", "to", "switch_on", "minutes_known",
                *(f"{name}_{level}" for name in FIGURES for level in levels),
            ),
            [_export_row(item, plan, found, number) for item in plan.items],
        )  # fmt: skip
    text = table_csv_text(table, delimiter=";" if swedish else ",")
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    name = f"{table.name}-{slugify(plan.title) or plan.id}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _export_row(item: ItemRow, plan: PlanRow, found: PlanBalance, number: Callable[[float], str]) -> tuple[str, ...]:
    """One item; its minutes are empty where nobody knows them."""
    row = next((one for one in found.balance.items if one.item == item.id), None)
    levels = ("low", "typical", "high")
    told = [number(getattr(getattr(row.sums, name), level)) if row else "" for name in FIGURES for level in levels]
    code = next(one.ward for one in found.case.items if one.id == item.id)
    return (
        item.task_code, _name(item), code, plan.from_party, plan.to_party, plan.switch_on.isoformat(),
        "1" if row else "0", *told,
    )  # fmt: skip
