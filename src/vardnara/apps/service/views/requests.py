"""Small helpers of the work's views: which ids a live page asks for, and how an act is answered."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest

from vardnara.apps.accounts.views.answers import rule_say
from vardnara.kernel.errors import RuleBroken

IDS_LIMIT = 400  # ids in one request of a live page; it asks for everything when there are more


def ids(request: HttpRequest, name: str) -> list[int]:
    """Numbers of a comma-separated query field; anything else in it is ignored."""
    parts = request.GET.get(name, "").split(",")[:IDS_LIMIT]
    return [int(part) for part in parts if part.isdecimal() and len(part) <= 18]


def is_part(request: HttpRequest) -> bool:
    """Whether a script asks for a part of the page rather than a person for a page."""
    return request.headers.get("HX-Request") == "true"


def act(request: HttpRequest, form: forms.Form, deed: Callable[[dict[str, object]], object]) -> bool:
    """Do one thing with checked input; a rule that says no becomes a message. True when it was done."""
    try:
        if not form.is_valid():
            raise RuleBroken("bad_input", str(form.errors.as_data())[:200])
        deed(form.cleaned_data)
    except RuleBroken as error:
        rule_say(request, error)
        return False
    return True
