"""Writing a note, and taking it away, from whatever page shows notes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.service import services
from vardnara.apps.service.forms import CommandForm
from vardnara.apps.service.forms.coordination import NoteForm
from vardnara.apps.service.views.requests import act

ROLES = (Role.SERVICE_WORKER, Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD)


def _back(request: HttpRequest) -> HttpResponse:
    where = request.POST.get("back", "")
    if where.startswith("/") and url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        return redirect(where)
    return redirect("service:home")


@allow(*ROLES)
@require_POST
def note_add(request: HttpRequest) -> HttpResponse:
    """A note on a ward, a bed place or a task."""
    at = timezone.now()
    fields = ("text", "until", "ward_id", "bed_id", "task_id")

    def add(data: dict[str, object]) -> None:
        services.note_add(actor=request.user, at=at, **{name: data[name] for name in fields})

    if act(request, NoteForm(request.POST), add):
        messages.success(request, pgettext("note", "Noted."))
    return _back(request)


@allow(*ROLES)
@require_POST
def note_withdraw(request: HttpRequest, note_id: int) -> HttpResponse:
    """The note is shown no more."""
    who = {"note_id": note_id, "actor": request.user, "at": timezone.now()}
    if act(request, CommandForm(request.POST), lambda _: services.note_withdraw(**who)):
        messages.success(request, pgettext("note", "The note is taken away."))
    return _back(request)
