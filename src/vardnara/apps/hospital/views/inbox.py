"""The inbox page: what stands still, why, and how to get it going again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.hospital.choices import MessageStatus
from vardnara.apps.hospital.forms import ReasonForm, SenderForm
from vardnara.apps.hospital.queries import inbox_page
from vardnara.apps.hospital.services.identity import message_look
from vardnara.apps.hospital.services.inbox_mending import message_retry, messages_retry, sender_update
from vardnara.kernel.errors import RuleBroken

READERS = (Role.INTEGRATOR, Role.AUDITOR, Role.ADMINISTRATOR)
TABS = (
    MessageStatus.PARKED,
    MessageStatus.REFUSED,
    MessageStatus.WAITING,
    MessageStatus.IGNORED,
    MessageStatus.APPLIED,
)


def _context(request: HttpRequest) -> dict[str, object]:
    chosen = request.GET.get("visa", str(MessageStatus.PARKED))
    if chosen not in MessageStatus.values:
        raise Http404(chosen)
    reason = request.GET.get("orsak", "")[:400]
    before = request.GET.get("fore", "")
    lines, older = inbox_page.inbox_list(
        actor=request.user, status=chosen, reason=reason, before_id=int(before) if before.isdecimal() else None
    )
    counts = inbox_page.inbox_counts(actor=request.user)
    return {
        "chosen": MessageStatus(chosen),
        "reason": reason,
        "tabs": [(tab, counts[str(tab)]) for tab in TABS],
        "reasons": inbox_page.inbox_reasons(actor=request.user, status=chosen),
        "lines": lines,
        "older": older,
        "may_mend": request.user.role == Role.INTEGRATOR,
        "can_retry": chosen in (MessageStatus.PARKED, MessageStatus.REFUSED),
    }


@allow(*READERS)
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    context = _context(request)
    context["senders"] = inbox_page.sender_list(actor=request.user)
    return render(request, "hospital/inbox.html", context)


@allow(*READERS)
@never_cache
def inbox_parts(request: HttpRequest) -> HttpResponse:
    """The list again, for a page that heard of a change."""
    return render(request, "hospital/_inbox.html", _context(request))


def _message(request: HttpRequest, message_id: int, *, shown: bool) -> HttpResponse:
    return render(
        request,
        "hospital/message.html",
        {
            "message": inbox_page.message_open(actor=request.user, message_id=message_id, shown=shown),
            "may_mend": request.user.role == Role.INTEGRATOR,
            "may_look": request.user.role in (Role.INTEGRATOR, Role.AUDITOR),
        },
    )


@allow(*READERS)
@never_cache
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message with identity hidden."""
    return _message(request, message_id, shown=False)


@allow(Role.INTEGRATOR, Role.AUDITOR)
@require_POST
@never_cache
def message_identity(request: HttpRequest, message_id: int) -> HttpResponse:
    """The same message with identity, after the look has been written down."""
    message_look(
        actor=request.user, at=timezone.now(), message_id=message_id, client=request.META.get("REMOTE_ADDR", "")
    )
    return _message(request, message_id, shown=True)


@allow(Role.INTEGRATOR)
@require_POST
def retry(request: HttpRequest, message_id: int) -> HttpResponse:
    """Try one message again."""
    try:
        message_retry(message_id=message_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("inbox", "The message is tried again."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("hospital:message", message_id=message_id)


@allow(Role.INTEGRATOR)
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Try again everything that stands still for one reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Http404("reason")
    try:
        messages_retry(reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        messages.success(request, pgettext("inbox", "The messages are tried again."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect(f"{reverse('hospital:inbox')}?visa={MessageStatus.WAITING}")


@allow(Role.INTEGRATOR, Role.ADMINISTRATOR)
@never_cache
def sender(request: HttpRequest, sender_id: int) -> HttpResponse:
    """How one sending system is read."""
    row = inbox_page.sender_one(actor=request.user, sender_id=sender_id)
    initial = {name: getattr(row, name) for name in SenderForm.base_fields}
    form = SenderForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sender_update(sender_id=sender_id, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, pgettext("inbox", "Saved. New messages are read this way."))
            return redirect("hospital:inbox")
        except RuleBroken as error:
            rule_say(request, error)
    return render(request, "hospital/sender.html", {"sender": row, "form": form})
