"""Ways between wards as a matrix and a table, and who decides what is done next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.staffing.choices import DAY_KEEPERS, PolicyChoice
from vardnara.apps.staffing.forms.day_plans import PolicyForm
from vardnara.apps.staffing.queries.day_plans import day_hospital
from vardnara.apps.staffing.queries.dispatch_settings import policies_of, ways_of
from vardnara.apps.staffing.services.dispatch_settings import COLUMNS, policy_set, walks_import
from vardnara.apps.staffing.views.table_import import table_answer, table_import_page
from vardnara.gateways.tabular import OutTable
from vardnara.kernel.errors import RuleBroken

POLICY_WORDS = {
    PolicyChoice.OWN_CHOICE: pgettext_lazy(
        "day plan",
        "The list stands by urgency, own wards, time and way. Nobody has a task before they take it.",
    ),
    PolicyChoice.SUGGESTED: pgettext_lazy(
        "day plan",
        "The day plan's next task stands first with what speaks for it, the list after it. Nobody has it before they"
        " take it, and they may take another.",
    ),
    PolicyChoice.AUTOMATIC: pgettext_lazy(
        "day plan",
        "Within a minute the next task becomes the worker's, and nobody else can take it: one ahead at a time, for"
        " whoever has signed on and has no break. Until it is begun it is taken back and given to somebody else when"
        " the plan changes. Whoever has begun keeps it. The worker can say no with a reason, and is not given it again"
        " that day.",
    ),
}


@allow(*DAY_KEEPERS)
@never_cache
def dispatch_settings(request: HttpRequest) -> HttpResponse:
    """Both."""
    hospital_id = day_hospital(actor=request.user)
    context: dict[str, Any] = {
        "ways": ways_of(hospital_id=hospital_id),
        "policies": policies_of(hospital_id=hospital_id),
        "choices": PolicyChoice.choices,
        "told": [(choice.label, POLICY_WORDS[choice]) for choice in PolicyChoice],
        "decides": request.user.role == Role.SERVICE_HEAD,
    }
    return render(request, "staffing/dispatch_settings.html", context)


@allow(Role.SERVICE_HEAD)
@require_POST
def dispatch_policy(request: HttpRequest) -> HttpResponse:
    """Say who decides, in the hospital, a division or a ward."""
    form = PolicyForm(request.POST)
    if form.is_valid():
        try:
            policy_set(actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, pgettext("day plan", "Said. It holds from now on."))
        except RuleBroken as error:
            rule_say(request, error)
    else:
        messages.error(request, pgettext("day plan", "Choose one of the list."))
    return redirect("staffing:dispatch_settings")


@allow(*DAY_KEEPERS)
@never_cache
def ways_export(request: HttpRequest) -> HttpResponse:
    """Every way as CSV that can be read in again."""
    name = pgettext("day plan", "ways")
    rows = [
        [start, end, minutes] for start, end, minutes, _ in ways_of(hospital_id=day_hospital(actor=request.user)).table
    ]
    return table_answer(name, OutTable(name, COLUMNS, rows))


@allow(*DAY_KEEPERS)
@never_cache
def ways_imports(request: HttpRequest) -> HttpResponse:
    """Read a table of ways in, or show every fault by its line or cell."""
    return table_import_page(
        request,
        read=walks_import,
        columns=COLUMNS,
        template="staffing/ways_imports.html",
        done="staffing:dispatch_settings",
    )
