"""Deliveries, webhooks, and a person's own notifications."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.middleware import TABLET
from vardnara.apps.accounts.views.access import allow, allow_signed_in
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.service import services
from vardnara.apps.service.choices import AlertChannel
from vardnara.apps.service.queries import escalation as reads
from vardnara.apps.service.views.alert_forms import DeliveryFilter, EmailForm, SubscriptionForm, WebhookForm
from vardnara.apps.service.views.escalation import READERS
from vardnara.apps.service.views.requests import act
from vardnara.gateways.webpush import Subscription
from vardnara.kernel.errors import RuleBroken

RUN_BY_A_SHEET = ("=", "+", "-", "@", "\t")  # a spreadsheet would run a cell that begins so


def _filter(request: HttpRequest) -> tuple[DeliveryFilter, dict[str, object]]:
    form = DeliveryFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    return form, {
        "channel": chosen.get("channel", ""),
        "outcomes": [chosen["outcome"]] if chosen.get("outcome") else [],
        "on": chosen.get("on"),
        "task_id": chosen.get("task"),
    }


@allow(*READERS)
@never_cache
def deliveries(request: HttpRequest) -> HttpResponse:
    """Every try, newest first."""
    form, chosen = _filter(request)
    rows = reads.delivery_list(actor=request.user, **chosen)  # type: ignore[arg-type]
    context = {"form": form, "rows": rows, "most": reads.DELIVERIES_SHOWN, "query": request.GET.urlencode()}
    return render(request, "service/deliveries.html", context)


@allow(*READERS)
@never_cache
def deliveries_export(request: HttpRequest) -> HttpResponse:
    """The same as CSV, for a spreadsheet in the reader's language."""
    _, chosen = _filter(request)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(
        (
            "at",
            "channel",
            "address",
            "name",
            "outcome",
            "code",
            "text",
            "attempt",
            "level",
            "turn",
            "trigger",
            "task",
            "id",
        )
    )
    for row in reads.delivery_list(actor=request.user, most=reads.DELIVERIES_EXPORTED, **chosen):  # type: ignore[arg-type]
        cells = (
            row.at.isoformat(timespec="seconds"),
            row.channel,
            row.address,
            row.name,
            row.outcome.value,
            row.code,
            row.text,
            str(row.attempt),
            str(row.level),
            str(row.turn),
            row.trigger,
            str(row.task_id or ""),
            row.key,
        )
        writer.writerow([f"'{cell}" if cell.startswith(RUN_BY_A_SHEET) else cell for cell in cells])
    return HttpResponse(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="utskick.csv"'},
    )


@allow(Role.ADMINISTRATOR)
@require_POST
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Name a receiver; its secret is shown once."""
    hospital_id = reads.hospital_of(request.user)

    def add(data: dict[str, object]) -> None:
        if hospital_id is None:
            raise RuleBroken("no_scope", "no hospital")
        made = services.webhook_add(
            hospital_id=hospital_id, name=data["name"], url=data["url"], actor=request.user, at=timezone.now()
        )
        text = pgettext("alert", "Saved. Its secret, shown only now: %(secret)s") % {"secret": made.secret}
        messages.success(request, text)

    act(request, WebhookForm(request.POST), add)
    return redirect("service:escalation")


WEBHOOK_DEEDS = {"ta-bort": services.webhook_retire, "prova": services.webhook_test}


@allow(Role.ADMINISTRATOR)
@require_POST
def webhook_act(request: HttpRequest, webhook_id: int, deed: str) -> HttpResponse:
    """Take a receiver out of use, or try it."""
    if deed not in WEBHOOK_DEEDS:
        raise Http404(deed)
    try:
        WEBHOOK_DEEDS[deed](webhook_id=webhook_id, actor=request.user, at=timezone.now())
        messages.success(
            request,
            pgettext("alert", "It reaches nobody any more.")
            if deed == "ta-bort"
            else pgettext("alert", "A test is on its way. What became of it is among the deliveries within a minute."),
        )
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("service:escalation")


@allow_signed_in
@never_cache
def alert_settings(request: HttpRequest) -> HttpResponse:
    """A person's own: notifications on this device, e-mail, a test."""
    context = {
        "devices": reads.device_list(request.user),
        "key": services.push_public(at=timezone.now()),
        "email_form": EmailForm(initial={"email": request.user.email}),
        "recent": reads.delivery_list(actor=request.user, most=5) if request.user.role in READERS else [],
    }
    return render(request, "service/alert_settings.html", context)


@allow_signed_in
@require_POST
def device_on(request: HttpRequest) -> HttpResponse:
    """This browser may show notifications from now on."""

    def add(data: dict[str, object]) -> None:
        if TABLET in request.session:
            raise RuleBroken("shared_tablet", "its screen is everybody's")
        where = Subscription(str(data["endpoint"]), str(data["p256dh"]), str(data["auth"]))
        services.push_device_add(subscription=where, name=str(data["name"]), actor=request.user, at=timezone.now())
        messages.success(request, pgettext("alert", "Notifications are on in this browser."))

    act(request, SubscriptionForm(request.POST), add)
    return redirect("service:alert_settings")


@allow_signed_in
@require_POST
def device_off(request: HttpRequest, device_id: int) -> HttpResponse:
    """No more notifications to one of one's own browsers."""
    if services.push_device_remove(actor=request.user, device_id=device_id):
        messages.success(request, pgettext("alert", "Notifications are off there."))
    return redirect("service:alert_settings")


@allow_signed_in
@require_POST
def alert_try(request: HttpRequest, channel: str) -> HttpResponse:
    """Send oneself a test."""
    if channel not in (AlertChannel.PUSH, AlertChannel.MAIL):
        raise Http404(channel)
    try:
        services.alert_test(channel=channel, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("alert", "A test is on its way; it comes within a minute."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("service:alert_settings")


@allow_signed_in
@require_POST
def email_set(request: HttpRequest) -> HttpResponse:
    """Where one gets e-mail."""

    def save(data: dict[str, object]) -> None:
        services.alert_email_set(email=str(data["email"]).strip(), actor=request.user)
        messages.success(request, pgettext("alert", "Saved."))

    act(request, EmailForm(request.POST), save)
    return redirect("service:alert_settings")
