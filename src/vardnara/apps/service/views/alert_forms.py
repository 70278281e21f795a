"""Shape of what people send from the pages of escalation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.accounts.choices import Role
from vardnara.apps.service.choices import AlertChannel, AlertOutcome, AlertTrigger
from vardnara.apps.service.models import LadderStep, Webhook
from vardnara.apps.service.services import StepInput
from vardnara.kernel.errors import InputError
from vardnara.kernel.time_window import TimeWindow

WHO = (
    Role.COORDINATOR,
    Role.SERVICE_HEAD,
    Role.UNIT_MANAGER,
    Role.WARD_STAFF,
    Role.SERVICE_WORKER,
    Role.INTEGRATOR,
    Role.ADMINISTRATOR,
)
ROWS = 8


class RulesForm(forms.Form):
    """Minutes by trigger; empty: the ladder is not climbed for it."""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        for trigger in AlertTrigger:
            self.fields[trigger.value] = forms.IntegerField(
                label=trigger.label, required=False, min_value=0, max_value=1440, widget=forms.NumberInput
            )

    def rules(self) -> dict[str, int]:
        return {name: minutes for name, minutes in self.cleaned_data.items() if minutes is not None}


class StepForm(forms.Form):
    """A level. ``who`` is a role, ``address`` or a webhook; a row without a channel is left out."""

    channel = forms.ChoiceField(label=pgettext_lazy("alert", "By"), required=False)
    who = forms.ChoiceField(label=pgettext_lazy("alert", "Whom"), required=False)
    address = forms.CharField(label=pgettext_lazy("alert", "Address"), required=False, max_length=254)
    wait = forms.IntegerField(
        label=pgettext_lazy("alert", "Minutes before the next level"), min_value=0, max_value=1440, initial=10
    )
    retries = forms.IntegerField(label=pgettext_lazy("alert", "Repeated times"), min_value=0, max_value=10, initial=0)
    every = forms.IntegerField(label=pgettext_lazy("alert", "Minutes between"), min_value=1, max_value=1440, initial=5)
    hours = forms.CharField(label=pgettext_lazy("alert", "Hours"), required=False, max_length=20)

    def __init__(self, *args: Any, webhooks: Iterable[Webhook] = (), **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["channel"].choices = [("", "–"), *AlertChannel.choices]  # type: ignore[attr-defined]
        who = [("", "–"), *((role.value, role.label) for role in WHO)]
        who.append(("address", pgettext("alert", "The address beside")))
        self.fields["who"].choices = [*who, *((f"hook:{hook.pk}", hook.name) for hook in webhooks)]  # type: ignore[attr-defined]
        self.fields["hours"].widget.attrs["placeholder"] = pgettext("alert", "all day, or 07:00-22:00")

    def clean_hours(self) -> TimeWindow:
        text = self.cleaned_data["hours"].strip()
        try:
            return TimeWindow.parse(text) if text else TimeWindow()
        except InputError:
            raise forms.ValidationError(pgettext("alert", "Write hours such as 07:00-22:00, or nothing.")) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("channel"):
            return data
        channel, who = data["channel"], data.get("who", "")
        fits = {
            AlertChannel.PAGE: who in WHO,
            AlertChannel.PUSH: who in WHO,
            AlertChannel.MAIL: who in WHO or (who == "address" and data.get("address")),
            AlertChannel.WEBHOOK: who.startswith("hook:"),
        }[AlertChannel(channel)]
        if not fits:
            self.add_error(
                "who", pgettext("alert", "Choose whom this can reach: a role, an address for e-mail, or a webhook.")
            )
        return data

    def step(self) -> StepInput:
        data = self.cleaned_data
        who, hours = data["who"], data["hours"]
        return StepInput(
            channel=data["channel"],
            role=who if who in WHO else "",
            address=data["address"].strip() if who == "address" else "",
            webhook_id=int(who.partition(":")[2]) if who.startswith("hook:") else None,
            wait_minutes=data["wait"],
            retries=data["retries"],
            retry_minutes=data["every"],
            start_minutes=hours.start_minutes,
            end_minutes=hours.end_minutes,
        )


def step_initial(step: LadderStep) -> dict[str, Any]:
    """A level as its row of the form."""
    hours = TimeWindow(step.start_minutes, step.end_minutes)
    return {
        "channel": step.channel,
        "who": f"hook:{step.webhook_id}" if step.webhook_id else "address" if step.address else step.role,
        "address": step.address,
        "wait": step.wait_minutes,
        "retries": step.retries,
        "every": step.retry_minutes,
        "hours": "" if hours == TimeWindow() else str(hours),
    }


def step_forms(
    webhooks: Sequence[Webhook], steps: Sequence[LadderStep] = (), data: Mapping[str, Any] | None = None
) -> list[StepForm]:
    """The rows of the ladder: those that are there, and blank ones up to the most."""
    rows = []
    for number in range(ROWS):
        initial = step_initial(steps[number]) if number < len(steps) else None
        rows.append(
            StepForm(data, prefix=f"step-{number}", initial=initial, webhooks=webhooks, use_required_attribute=False)
        )
    return rows


class WebhookForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("alert", "Name"), max_length=60)
    url = forms.CharField(label=pgettext_lazy("alert", "Web address"), max_length=300)


class DeliveryFilter(forms.Form):
    """Which tries are shown."""

    channel = forms.ChoiceField(
        label=pgettext_lazy("alert", "By"),
        required=False,
        choices=[("", pgettext_lazy("alert", "all")), *AlertChannel.choices],
    )
    outcome = forms.ChoiceField(
        label=pgettext_lazy("alert", "Outcome"),
        required=False,
        choices=[("", pgettext_lazy("alert", "all")), *AlertOutcome.choices],
    )
    task = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    on = forms.DateField(
        label=pgettext_lazy("alert", "Day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class WhatIfForm(forms.Form):
    """What would happen if something stood still from a time of today."""

    trigger = forms.ChoiceField(label=pgettext_lazy("alert", "If this happens"), choices=AlertTrigger.choices)
    at = forms.TimeField(label=pgettext_lazy("alert", "at"), widget=forms.TimeInput(attrs={"type": "time"}))


class SubscriptionForm(forms.Form):
    endpoint = forms.CharField(max_length=600)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)
    name = forms.CharField(max_length=60, required=False)


class EmailForm(forms.Form):
    email = forms.CharField(label=pgettext_lazy("alert", "My e-mail address"), max_length=254, required=False)
