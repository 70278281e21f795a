"""The access log, for the auditor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vardnara.apps.accounts import queries, services
from vardnara.apps.accounts.choices import AccessAction, Role
from vardnara.apps.accounts.forms import LogFilterForm
from vardnara.apps.accounts.views.access import allow


@allow(Role.AUDITOR)
def access_log(request: HttpRequest) -> HttpResponse:
    """Newest first, filtered; a search for one patient is itself written down."""
    form = LogFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    before = request.GET.get("fore", "")
    rows = queries.access_log_list(
        actor=request.user,
        patient_key=wanted.get("patient", ""),
        username=wanted.get("user", ""),
        action=wanted.get("action", ""),
        before_id=int(before) if before.isdecimal() else None,
    )
    if wanted.get("patient"):
        services.access_log(
            actor=request.user,
            at=timezone.now(),
            action=AccessAction.SEARCH,
            object_type="access_log",
            patient_key=wanted["patient"],
            purpose="log check",
        )
    older = rows[-1][0] if len(rows) == queries.LOG_PAGE else None
    query = request.GET.copy()
    query.pop("fore", None)
    return render(
        request,
        "accounts/access_log.html",
        {"form": form, "rows": [row for _, row in rows], "older": older, "query": query.urlencode()},
    )
