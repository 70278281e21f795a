"""The register of measures and one measure whole: how it stands, what it promised, waits for and gave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms import OutcomeForm
from vardnara.apps.decisions.forms.measures import (
    FilterForm,
    GateForm,
    GuideForm,
    MeasureForm,
    MeasurePromiseForm,
    PeriodForm,
    ReadingForm,
    StatusForm,
    measure_initial,
)
from vardnara.apps.decisions.models import Measure
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.measure_beds import guide_values, measure_beds
from vardnara.apps.decisions.queries.measures import (
    Asked,
    MeasurePage,
    Register,
    cases_open,
    measure_one,
    measure_register,
    measure_row,
)
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.decisions.templatetags.decision_numbers import plain
from vardnara.apps.decisions.views.measure_chart import chart_of
from vardnara.apps.hospital.queries.organisation import OwnDivision, organisation
from vardnara.kernel.errors import RuleBroken

PERIOD = timedelta(days=365)  # of occupancy, where no other is asked for
LONGEST = timedelta(days=3660)
FIELD_OF = {
    "measure_without_label": "label",
    "measure_ends_first": "ends_on",
    "short_without_year": "short_year",
    "moved_to_what": "goes_to",
    "not_in_money": "benefit",
    "reason_missing": "because",
    "promise_without_change": "promised",
    "outcome_in_future": "outcome_on",
    "source_missing": "source",
    "gates_in_a_ring": "first_id",
    "corrected_already": "corrects",
}


def own_hospital(request: HttpRequest) -> int:
    """The hospital that a writer's measures belong to."""
    reach = user_reach(request.user).hospital_ids
    if not reach:
        raise RuleBroken("out_of_scope", f"user {request.user.pk} reaches no whole hospital")
    return min(reach)


def divisions(request: HttpRequest) -> list[OwnDivision]:
    """Where a measure may be."""
    return [
        one for hospital in sorted(user_reach(request.user).hospital_ids) for one in organisation(hospital_id=hospital)
    ]


def register_asked(request: HttpRequest) -> tuple[Register, FilterForm, Asked]:
    """The register as the address asks for it."""
    today = timezone.localdate()
    every = measure_register(actor=request.user, asked=Asked(), on=today)
    form = FilterForm(request.GET, divisions=divisions(request), owners=every.owners)
    asked = form.asked()
    shown = every if asked == Asked() else measure_register(actor=request.user, asked=asked, on=today)
    return shown, form, asked


@allow(*READERS)
@never_cache
def measures(request: HttpRequest) -> HttpResponse:
    """Every measure within reach, or those that were asked for; sums, what is late, and what is to be looked at."""
    shown, form, asked = register_asked(request)
    words = dict(form.fields["status"].choices)
    context = {
        "shown": shown,
        "form": form,
        "asked": asked,
        "group_word": dict(form.fields["by"].choices)[asked.by],
        "sums": [
            (words.get(row.group, row.group) if asked.by == "status" else row.group, row) for row in shown.sums.rows
        ],
        "query": request.GET.urlencode(),
        "writes": request.user.role in WRITERS,
        "n_filtered": sum(bool(value) for value in (asked.status, asked.kind, asked.place, asked.owner, asked.late)),
    }
    return render(request, "decisions/measures.html", context)


def rule_try(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do it; what a rule says stands at its field."""
    try:
        act()
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter", "unknown_measure_row", "wrong_role"):
            raise
        field = FIELD_OF.get(error.code)
        said = rule_text(error.code)
        if error.code == "measure_must_wait":
            said += " " + pgettext("measure", "It waits for number %(numbers)s.") % {"numbers": error.detail}
        form.add_error(field if field in form.fields else None, said)
        return False
    return True


def who_now(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "at": timezone.now()}


@allow(*WRITERS)
@never_cache
def measure_new(request: HttpRequest) -> HttpResponse:
    """A measure from nothing; of a case where its page was left for it."""
    asked = request.GET.get("arende", "")
    initial = {"case_id": int(asked)} if asked.isdigit() and len(asked) < 18 else {}
    form = _measure_form(request, initial)
    if request.method == "POST" and form.is_valid():
        made: list[Measure] = []

        def add() -> None:
            made.append(services.measure_add(hospital_id=own_hospital(request), words=form.words(), **who_now(request)))

        if rule_try(form, add):
            return redirect("decisions:measure", measure_id=made[0].pk)
    context = {"form": form, "heading": pgettext("measure", "New measure"), "row": None}
    return render(request, "decisions/measure_form.html", context, status=422 if form.is_bound else 200)


def _measure_form(request: HttpRequest, initial: dict[str, Any]) -> MeasureForm:
    cases = cases_open(actor=request.user)
    return MeasureForm(request.POST or None, initial=initial, divisions=divisions(request), cases=cases)


@allow(*WRITERS)
@never_cache
def measure_edit(request: HttpRequest, measure_id: int) -> HttpResponse:
    """Change what is said of a measure."""
    row = measure_row(actor=request.user, measure_id=measure_id, on=timezone.localdate())
    form = _measure_form(request, measure_initial(row.measure))

    def save() -> None:
        services.measure_set(measure_id=measure_id, words=form.words(), **who_now(request))

    if request.method == "POST" and form.is_valid() and rule_try(form, save):
        return redirect("decisions:measure", measure_id=measure_id)
    context = {"form": form, "heading": f"{row.measure.number}. {row.measure.label}", "row": row}
    return render(request, "decisions/measure_form.html", context, status=422 if form.is_bound else 200)


@allow(*READERS)
@never_cache
def measure(request: HttpRequest, measure_id: int) -> HttpResponse:
    """A measure whole."""
    page = measure_one(actor=request.user, measure_id=measure_id, on=timezone.localdate())
    return measure_render(request, page, {})


def measure_render(request: HttpRequest, page: MeasurePage, bound: dict[str, forms.Form]) -> HttpResponse:
    """The page of a measure; ``bound`` are forms that were filled in wrongly, by their prefix."""
    today = timezone.localdate()
    row = page.row
    since, until, period = _period(request, today)

    def form(prefix: str, make: Callable[..., forms.Form], **words: Any) -> forms.Form:
        return bound.get(prefix) or make(prefix=prefix, **words)

    standing = row.standing.status
    series = [
        (one, chart_of(one.holding), form(f"varde-{one.indicator.code}", ReadingForm, **reading_words(one, today)))
        for one in page.series
    ]
    context = {
        "page": page,
        "row": row,
        "measure": row.measure,
        "status": standing,
        "beds": measure_beds(measure=row.measure, since=since, until=until),
        "period": period,
        "status_form": form("status", StatusForm, initial={"status": row.proposed.code}),
        "promise_form": form("lofte", MeasurePromiseForm),
        "gate_form": form("villkor", GateForm, others=page.others),
        "outcomes": [
            (promise, form(f"utfall{promise.id}", OutcomeForm, initial={"outcome_on": today}))
            for promise in row.promises
        ],
        "series": [one for one in series if one[0].rows],
        "unread": [one for one in series if not one[0].rows],
        "unread_open": any(one[2].errors for one in series if not one[0].rows),
        "writes": request.user.role in WRITERS,
    }
    status = 422 if any(one.errors for one in bound.values()) else 200
    return render(request, "decisions/measure.html", context, status=status)


def reading_words(series: Any, today: date) -> dict[str, Any]:
    earlier = [(one.pk, f"{one.on.isoformat()}: {plain(one.value)}") for one in reversed(series.holding)]
    return {"initial": {"on": today}, "earlier": earlier}


def _period(request: HttpRequest, today: date) -> tuple[date, date, PeriodForm]:
    """First day, first day after, and the form that asks; the last year where nothing sound is asked."""
    asked = PeriodForm(request.GET) if "since" in request.GET else None
    since, until = today - PERIOD, today
    if asked is not None and asked.is_valid():
        first, last = asked.cleaned_data["since"], asked.cleaned_data["until"]
        if first and last and first <= last < today and last - first < LONGEST:
            since, until = first, last + timedelta(days=1)
    return since, until, PeriodForm(initial={"since": since, "until": until - timedelta(days=1)})


@allow(*WRITERS)
@require_POST
def measures_take(request: HttpRequest, case_id: int) -> HttpResponse:
    """The measures that a case tells of, into the register."""
    try:
        made = services.measures_take(case_id=case_id, **who_now(request))
        said = pgettext("measure", "In the register: %(n)d new.") % {"n": len(made)}
        messages.success(request, said)
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("decisions:case", case_id=case_id)


@allow(*READERS)
@never_cache
def guides(request: HttpRequest) -> HttpResponse:
    """Guide values of the region, as they were entered, and a new one."""
    writes = request.user.role in WRITERS
    form = GuideForm(request.POST or None)
    if request.method == "POST":
        role_require(request.user, WRITERS)
        hospital = own_hospital(request)
        if form.is_valid() and rule_try(
            form, lambda: services.guide_value_add(hospital_id=hospital, **form.cleaned_data, **who_now(request))
        ):
            return redirect("decisions:guides")
    region, rows = guide_values(actor=request.user)
    context = {"form": form, "region": region, "rows": rows, "writes": writes}
    return render(request, "decisions/guides.html", context, status=422 if form.is_bound else 200)
