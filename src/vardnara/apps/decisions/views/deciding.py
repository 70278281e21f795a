"""What happens to a case: consultation, decision, execution, promises and their outcome, documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms import (
    CloseForm,
    ConsultationForm,
    DecideForm,
    ExecuteForm,
    OutcomeForm,
    PromiseForm,
    ReasonForm,
    RegistryForm,
)
from vardnara.apps.decisions.services.recording import DECIDERS, WRITERS
from vardnara.apps.decisions.views.cases import broken_text, case_render, page_of
from vardnara.kernel.errors import RuleBroken

FIELD_OF = {
    "consultation_is_open": "despite",
    "decided_in_future": "decided_on",
    "executed_before_decided": "executed_on",
    "held_before_called": "held_on",
    "closed_before_held": "closed_on",
    "reason_missing": "because",
    "registry_number_taken": "number",
    "registry_number_form": "number",
    "outcome_in_future": "outcome_on",
}


def _act(
    request: HttpRequest, case_id: int, name: str, form: forms.Form, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Carry out a form's wish; what was wrong stands at its field, on the page of the case."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
            return redirect("decisions:case", case_id=case_id)
        except RuleBroken as error:
            if error.code in ("out_of_scope", "unknown_matter", "wrong_role"):
                raise
            field = FIELD_OF.get(error.code)
            form.add_error(field if field in form.fields else None, broken_text(error))
    return case_render(request, page_of(request, case_id), **{name: form})


def _plain(
    request: HttpRequest, case_id: int, name: str, form: forms.Form, service: Callable[..., object]
) -> HttpResponse:
    """The same where the form's fields are what the service takes."""
    return _act(request, case_id, name, form, lambda data: service(case_id=case_id, **data, **_who(request)))


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "at": timezone.now()}


@allow(*WRITERS)
@require_POST
def registry(request: HttpRequest, case_id: int) -> HttpResponse:
    form = RegistryForm(request.POST)
    return _plain(request, case_id, "registry", form, services.case_registry_set)


@allow(*DECIDERS)
@require_POST
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    form = DecideForm(request.POST)
    return _plain(request, case_id, "decide", form, services.case_decide)


@allow(*DECIDERS)
@require_POST
def execute(request: HttpRequest, case_id: int) -> HttpResponse:
    form = ExecuteForm(request.POST)
    return _plain(request, case_id, "execute", form, services.case_execute)


@allow(*WRITERS)
@require_POST
def withdraw(request: HttpRequest, case_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, prefix="withdraw")
    return _plain(request, case_id, "withdraw", form, services.case_withdraw)


@allow(*WRITERS)
@require_POST
def waive(request: HttpRequest, case_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, prefix="waive")
    return _plain(request, case_id, "waive", form, services.consultation_waive)


@allow(*WRITERS)
@require_POST
def follow_up(request: HttpRequest, case_id: int, act: str) -> HttpResponse:
    """Close the follow-up, or take it up again."""
    done = services.case_close if act == "avsluta" else services.case_reopen
    try:
        done(case_id=case_id, **_who(request))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("decisions:case", case_id=case_id)


@allow(*WRITERS)
@require_POST
def consultation_new(request: HttpRequest, case_id: int) -> HttpResponse:
    form = ConsultationForm(request.POST)

    def add(data: dict[str, Any]) -> None:
        services.consultation_add(case_id=case_id, words=services.ConsultationWords(**data), **_who(request))

    return _act(request, case_id, "consultation", form, add)


@allow(*WRITERS)
@require_POST
def consultation_close(request: HttpRequest, case_id: int, consultation_id: int) -> HttpResponse:
    form = CloseForm(request.POST, prefix=f"close{consultation_id}")

    def close(data: dict[str, Any]) -> None:
        services.consultation_close(case_id=case_id, consultation_id=consultation_id, **data, **_who(request))

    return _act(request, case_id, f"close_{consultation_id}", form, close)


@allow(*WRITERS)
@require_POST
def promise_new(request: HttpRequest, case_id: int) -> HttpResponse:
    form = PromiseForm(request.POST)

    def add(data: dict[str, Any]) -> None:
        services.promise_add(case_id=case_id, words=services.PromiseWords(**data), **_who(request))

    return _act(request, case_id, "promise", form, add)


@allow(*WRITERS)
@require_POST
def promise_remove(request: HttpRequest, case_id: int, promise_id: int) -> HttpResponse:
    try:
        services.promise_remove(case_id=case_id, promise_id=promise_id, **_who(request))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("decisions:case", case_id=case_id)


@allow(*WRITERS)
@require_POST
def outcome(request: HttpRequest, case_id: int, promise_id: int) -> HttpResponse:
    form = OutcomeForm(request.POST, prefix=f"outcome{promise_id}")

    def save(data: dict[str, Any]) -> None:
        services.outcome_set(case_id=case_id, promise_id=promise_id, **data, **_who(request))

    return _act(request, case_id, f"outcome_{promise_id}", form, save)


@allow(*WRITERS)
@require_POST
def documents(request: HttpRequest, case_id: int) -> HttpResponse:
    """Make every document of the newest version."""
    try:
        services.documents_make(case_id=case_id, **_who(request))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("decisions:case", case_id=case_id)
