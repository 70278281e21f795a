"""What payroll gets of a month: what is new, what is not approved, the files that were handed out."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vardnara.apps.accounts.choices import AccessAction
from vardnara.apps.accounts.services import access_log
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.staffing.choices import PAYERS
from vardnara.apps.staffing.forms.posts import day_read
from vardnara.apps.staffing.queries import payroll as queries
from vardnara.apps.staffing.services.payroll import payroll_export
from vardnara.kernel.errors import RuleBroken


@allow(*PAYERS)
@never_cache
def payroll(request: HttpRequest) -> HttpResponse:
    """A month, and handing out what payroll does not have of it."""
    today = timezone.localdate()
    asked = day_read(f"{request.GET.get('manad', '')}-01")
    month = asked or (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    if request.method == "POST":
        try:
            row = payroll_export(month=month, actor=request.user, at=timezone.now())
            messages.success(request, pgettext("payroll", "File %(n)s is ready.") % {"n": row.number})
        except RuleBroken as error:
            if error.code != "payroll_empty":
                raise
            rule_say(request, error)
        return redirect(f"{reverse('staffing:payroll')}?manad={month:%Y-%m}")
    found = queries.payroll_month(actor=request.user, month=month, at=timezone.now())
    earlier = (month - timedelta(days=1)).replace(day=1)
    context = {"found": found, "month": month, "earlier": earlier, "later": queries.month_after(month)}
    return render(request, "staffing/payroll.html", context)


@allow(*PAYERS)
@require_safe
@never_cache
def payroll_file(request: HttpRequest, export_id: int) -> HttpResponse:
    """A file as it was handed out; that it was is written down."""
    try:
        row = queries.payroll_file(actor=request.user, export_id=export_id)
    except RuleBroken as error:
        if error.code == "unknown_payroll":
            raise Http404 from error
        raise
    access_log(
        actor=request.user, at=timezone.now(), action=AccessAction.EXPORT, object_type="payroll", object_id=str(row.pk)
    )
    answer = HttpResponse(row.text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="lon-{row.month:%Y-%m}-{row.number}.csv"'
    answer["X-Checksum-SHA256"] = row.digest
    return answer
