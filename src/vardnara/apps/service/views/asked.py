"""What the ward has asked for: following it, and taking it back (feat-A30)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.service import services
from vardnara.apps.service.choices import CancelReason
from vardnara.apps.service.forms import RequestForm
from vardnara.apps.service.forms.coordination import CancelForm
from vardnara.apps.service.queries.requests import request_page
from vardnara.apps.service.views.requests import act

READERS = (Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD)


def _context(request: HttpRequest, ward_id: int) -> dict[str, object]:
    page = request_page(actor=request.user, at=timezone.now(), ward_id=ward_id)
    (ward,) = board_wards(actor=request.user, ward_ids=[ward_id], with_beds=False)
    return {"page": page, "ward": ward, "reasons": CancelReason.choices, "request_form": RequestForm()}


@allow(*READERS)
@never_cache
def asked(request: HttpRequest, ward_id: int) -> HttpResponse:
    return render(request, "service/asked.html", _context(request, ward_id))


@allow(*READERS)
@never_cache
def asked_parts(request: HttpRequest, ward_id: int) -> HttpResponse:
    return render(request, "service/_asked.html", _context(request, ward_id))


@allow(*READERS)
@require_POST
def asked_cancel(request: HttpRequest, ward_id: int, task_id: int) -> HttpResponse:
    """It is not needed any more, and why."""
    form = CancelForm(request.POST)

    def cancel(data: dict[str, object]) -> None:
        services.request_cancel(
            task_id=task_id, reason=data["reason"], actor=request.user, at=timezone.now(), **form.once()
        )

    if act(request, form, cancel):
        messages.success(request, pgettext("request", "Cancelled. Whoever had it sees that it is not needed."))
    return redirect("service:asked", ward_id=ward_id)
