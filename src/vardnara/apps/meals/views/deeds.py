"""A page with several forms: each names its deed, and what a rule forbids is said on the same page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import pgettext

from vardnara.apps.accounts.views.access import HIDDEN
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.meals.queries.food_pages import WRITERS
from vardnara.kernel.errors import RuleBroken


class NotValid(Exception):
    """A form that cannot be taken; its faults were said."""


def valid(request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    """What a form says; where it cannot be taken, every fault is said with the name of its field."""
    if form.is_valid():
        return form.cleaned_data
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {' '.join(map(str, errors))}".removeprefix(": "))
    raise NotValid


def act(request: HttpRequest, deeds: Mapping[str, Callable[[], Any]], where: str) -> HttpResponse:
    """Do the deed that the form names and go to ``where``, or to what the deed answers."""
    if request.user.role not in WRITERS:
        raise PermissionDenied("wrong_role")
    try:
        deed = deeds.get(request.POST.get("deed", ""))
        if deed is None:
            messages.error(request, pgettext("rule", "Something is missing or cannot be read. Try again."))
        else:
            found = deed()
            if isinstance(found, HttpResponse):
                return found
            messages.success(request, pgettext("kitchen", "It is kept."))
    except NotValid:
        pass
    except RuleBroken as error:
        if error.code in HIDDEN:
            raise
        rule_say(request, error)
    return redirect(where)


def number(request: HttpRequest, name: str) -> int:
    """A whole number of a form; 0 where there is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
