"""The inbox page: what stands still, why, and how to get it going again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
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
from vardnara.apps.hospital.forms import NO_CONTAGION, CodeForms, CodeFormSet, ReasonForm, SenderForm
from vardnara.apps.hospital.queries import inbox_page
from vardnara.apps.hospital.services.contagion_codes import contagion_codes_set
from vardnara.apps.hospital.services.identity import message_look
from vardnara.apps.hospital.services.inbox_mending import message_retry, messages_retry, sender_update
from vardnara.kernel.errors import RuleBroken

MORE_CODES = 3  # empty rows at a time
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
    context["may_add"] = request.user.role in (Role.INTEGRATOR, Role.ADMINISTRATOR)
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


def _sender(
    request: HttpRequest,
    row: inbox_page.SenderLine,
    *,
    form: SenderForm | None = None,
    codes: CodeFormSet | None = None,
    more: bool = False,
) -> HttpResponse:
    """The page of one sending system, with what was typed where a form was not accepted."""
    initial = {name: getattr(row, name) for name in SenderForm.base_fields}
    return render(
        request,
        "hospital/sender.html",
        {"sender": row, "form": form or SenderForm(initial=initial), "codes": codes or _codes(row), "more": more},
    )


def _codes(row: inbox_page.SenderLine, data: QueryDict | None = None) -> CodeFormSet:
    """A row for each code that is mapped, for each that came and is not, and two to write in."""
    kwargs = {"waiting": row.unmapped_codes}
    if data is not None:
        return CodeForms(data, prefix="codes", form_kwargs=kwargs)
    mapped = [{"code": code, "contagion_class": value or NO_CONTAGION} for code, value in row.codes]
    waiting = [{"code": code, "contagion_class": ""} for code in row.unmapped_codes]
    return CodeForms(initial=[*mapped, *waiting], prefix="codes", form_kwargs=kwargs)


@allow(Role.INTEGRATOR, Role.ADMINISTRATOR)
@never_cache
def sender(request: HttpRequest, sender_id: int) -> HttpResponse:
    """How one sending system is read."""
    row = inbox_page.sender_one(actor=request.user, sender_id=sender_id)
    if request.method != "POST":
        return _sender(request, row)
    form = SenderForm(request.POST)
    if form.is_valid():
        try:
            sender_update(sender_id=sender_id, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, pgettext("inbox", "Saved. New messages are read this way."))
            return redirect("hospital:inbox")
        except RuleBroken as error:
            rule_say(request, error)
    return _sender(request, row, form=form)


@allow(Role.INTEGRATOR, Role.ADMINISTRATOR)
@require_POST
@never_cache
def sender_codes(request: HttpRequest, sender_id: int) -> HttpResponse:
    """What the sender's precaution codes mean."""
    row = inbox_page.sender_one(actor=request.user, sender_id=sender_id)
    data = request.POST
    if "more" in data:
        data = data.copy()
        total = data.get("codes-TOTAL_FORMS", "")
        data["codes-TOTAL_FORMS"] = str((int(total) if total.isdecimal() else 0) + MORE_CODES)
        return _sender(request, row, codes=_codes(row, data), more=True)
    codes = _codes(row, data)
    if not codes.is_valid():
        return _sender(request, row, codes=codes)
    try:
        contagion_codes_set(sender_id=sender_id, codes=codes.codes(), actor=request.user, at=timezone.now())
        messages.success(request, pgettext("inbox", "Saved. New messages are read this way."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("hospital:sender", sender_id=sender_id)
