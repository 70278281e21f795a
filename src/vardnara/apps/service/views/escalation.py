"""The ladder: what stands still now, what it says in words, changing it, and what would happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.service import services
from vardnara.apps.service.bridge.escalation import level_of
from vardnara.apps.service.choices import AlertChannel, AlertTrigger
from vardnara.apps.service.models import LadderStep
from vardnara.apps.service.queries import escalation as reads
from vardnara.apps.service.views.alert_forms import RulesForm, WebhookForm, WhatIfForm, step_forms
from vardnara.engines.escalation import Order, timeline_explain
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import STOCKHOLM
from vardnara.kernel.time_window import TimeWindow, instant_of

READERS = (Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR, Role.AUDITOR)
EDITORS = (Role.SERVICE_HEAD, Role.ADMINISTRATOR)
ANSWERERS = (Role.COORDINATOR, Role.SERVICE_HEAD)


@dataclass(frozen=True, slots=True)
class StepWords:
    """A level in words; ``n_reached`` people or receivers can be reached by it now."""

    number: int
    whom: str
    by: str
    hours: str
    again: str
    after: str
    n_reached: int


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A message that would be made."""

    at: datetime
    number: int
    whom: str
    by: str
    turn: int


def whom_words(step: LadderStep) -> str:
    """Whom a level tells."""
    if step.webhook is not None:
        return step.webhook.name
    return step.address or str(Role(step.role).label)


def step_words(step: LadderStep, *, last: bool, n_reached: int) -> StepWords:
    """A level as a person would say it."""
    hours = TimeWindow(step.start_minutes, step.end_minutes)
    again = ""
    if step.retries:
        again = npgettext(
            "alert",
            "told again once, after %(every)d min",
            "told again %(n)d times, %(every)d min apart",
            step.retries,
        ) % {"n": step.retries, "every": step.retry_minutes}
    if last:
        after = ""
    elif step.wait_minutes:
        after = pgettext("alert", "if nobody answers within %(n)d min, the next level") % {"n": step.wait_minutes}
    else:
        after = pgettext("alert", "the next level at the same time")
    return StepWords(
        number=step.level + 1,
        whom=whom_words(step),
        by=str(AlertChannel(step.channel).label),
        hours="" if hours == TimeWindow() else str(hours).replace("-", "–"),
        again=again,
        after=after,
        n_reached=n_reached,
    )


def _n_reached(step: LadderStep, hospital_id: int) -> int:
    return len(services.step_targets(step, hospital_id=hospital_id, ward_id=None))


def _cases(request: HttpRequest) -> dict[str, object]:
    cases, n_all = reads.case_list_open(actor=request.user)
    return {"cases": cases, "n_all": n_all, "may_answer": request.user.role in ANSWERERS}


@allow(*READERS)
@never_cache
def escalation(request: HttpRequest) -> HttpResponse:
    """What stands still, the ladder in words, and what would happen."""
    hospital_id = reads.hospital_of(request.user)
    context = _cases(request) | {"may_edit": request.user.role in EDITORS, "hospital": hospital_id}
    if hospital_id is not None:
        ladder = reads.ladder_newest(hospital_id)
        steps = reads.ladder_steps(ladder)
        reached = [_n_reached(step, hospital_id) for step in steps]
        rules = reads.ladder_rules(ladder)
        words = [step_words(step, last=step is steps[-1], n_reached=n) for step, n in zip(steps, reached, strict=True)]
        context |= {
            "ladder": ladder,
            "rules": [(AlertTrigger(trigger).label, minutes) for trigger, minutes in rules.items()],
            "steps": words,
            "versions": reads.ladder_versions(hospital_id),
            "webhooks": reads.webhook_list(hospital_id),
            "webhook_form": WebhookForm(),
            "is_admin": request.user.role == Role.ADMINISTRATOR,
        }
        context |= _what_if(request, rules, steps, reached)
    return render(request, "service/escalation.html", context)


def _what_if(
    request: HttpRequest, rules: dict[str, int], steps: list[LadderStep], reached: list[int]
) -> dict[str, object]:
    """The preview: everybody who would be told, if nobody answered."""
    asked = "trigger" in request.GET
    now = timezone.localtime()
    form = WhatIfForm(request.GET if asked else None, initial={"trigger": AlertTrigger.UNOWNED, "at": f"{now:%H:%M}"})
    if not asked or not form.is_valid():
        return {"what_if": form, "asked": asked}
    trigger, time = form.cleaned_data["trigger"], form.cleaned_data["at"]
    since = instant_of(datetime.combine(now.date(), time.replace(second=0, microsecond=0)), STOCKHOLM)
    if trigger not in rules:
        return {"what_if": form, "asked": asked, "since": since, "no_rule": AlertTrigger(trigger).label}
    levels = tuple(level_of(step, [whom_words(step)] if n else []) for step, n in zip(steps, reached, strict=True))
    begins_at = since + timedelta(minutes=rules[trigger])
    told = [
        ToldRow(
            one.at,
            one.send.level + 1,
            one.send.target,
            str(AlertChannel(steps[one.send.level].channel).label),
            one.send.turn + 1,
        )
        for one in timeline_explain(Order(levels, begins_at, begins_at))
    ]
    return {"what_if": form, "asked": asked, "since": since, "told": told, "trigger": AlertTrigger(trigger).label}


@allow(*READERS)
@never_cache
def escalation_parts(request: HttpRequest) -> HttpResponse:
    return render(request, "service/_cases.html", _cases(request))


@allow(*ANSWERERS)
@require_POST
def case_take(request: HttpRequest, case_id: int) -> HttpResponse:
    """*Jag tar den.*"""
    try:
        services.case_acknowledge(case_id=case_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("alert", "It is yours. Nobody else is told."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("service:escalation")


@allow(*EDITORS)
@never_cache
def ladder_edit(request: HttpRequest) -> HttpResponse:
    """Write a new version of the ladder."""
    hospital_id = reads.hospital_of(request.user)
    if hospital_id is None:
        raise RuleBroken("no_scope", "no hospital")
    ladder = reads.ladder_newest(hospital_id)
    webhooks = reads.webhook_list(hospital_id)
    data = request.POST if request.method == "POST" else None
    rules = RulesForm(data, prefix="rule", initial=reads.ladder_rules(ladder))
    rows = step_forms(webhooks, reads.ladder_steps(ladder), data)
    status = 200
    if data is not None:
        valid = [form.is_valid() for form in (rules, *rows)]  # all of them, so that every fault is named
        if all(valid):
            try:
                number = data.get("number", "")
                saved = services.ladder_save(
                    hospital_id=hospital_id,
                    rules=rules.rules(),
                    steps=[row.step() for row in rows if row.cleaned_data["channel"]],
                    read_number=int(number) if number.isdecimal() else 0,
                    actor=request.user,
                    at=timezone.now(),
                )
                messages.success(request, pgettext("alert", "Version %(n)d holds from now on.") % {"n": saved.number})
                return redirect("service:escalation")
            except RuleBroken as error:
                rule_say(request, error)
        status = 422
    used = max(
        (n for n, row in enumerate(rows, 1) if row["channel"].value() or (row.is_bound and row.errors)), default=0
    )
    context = {
        "rules": rules,
        "rows": rows[: used + 1],  # one that is free beside those in use
        "spare": rows[used + 1 :],
        "number": ladder.number if ladder else 0,
    }
    return render(request, "service/ladder_edit.html", context, status=status)
