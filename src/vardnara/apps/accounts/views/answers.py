"""The one place where a rule that said no becomes a sentence in the reader's language."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.kernel.errors import RuleBroken

TEXTS = {
    "not_open": pgettext_lazy("rule", "Somebody else has already taken this task. Choose another."),
    "not_owner": pgettext_lazy("rule", "The task belongs to somebody else. Take it first, or ask the coordinator."),
    "wrong_state": pgettext_lazy("rule", "That cannot be done now. The page shows how it stands."),
    "unknown_task": pgettext_lazy("rule", "The task no longer exists."),
    "unknown_bed": pgettext_lazy("rule", "The bed place does not exist."),
    "out_of_scope": pgettext_lazy("rule", "That ward is outside what you may reach."),
    "no_scope": pgettext_lazy("rule", "You have no ward yet. Ask your administrator for access."),
    "wrong_role": pgettext_lazy("rule", "Your role may not do that."),
    "occupied": pgettext_lazy("rule", "Somebody lies in the bed. Move the patient first."),
    "bed_occupied": pgettext_lazy("rule", "Somebody lies in the bed. Move the patient first."),
    "already_known": pgettext_lazy("rule", "That is already so."),
    "already": pgettext_lazy("rule", "That is already so."),
    "has_task": pgettext_lazy("rule", "There is already a clean on this bed."),
    "bad_input": pgettext_lazy("rule", "Something is missing or cannot be read. Try again."),
    "reason_missing": pgettext_lazy("rule", "Give a reason."),
    "not_confirmed": pgettext_lazy("rule", "The place must be confirmed first."),
    "not_parked": pgettext_lazy("rule", "The message is not waiting for anybody."),
}


def rule_text(code: str) -> str:
    """The sentence of a code; a code without one is named, so that whoever helps can find it."""
    known = TEXTS.get(code)
    if known is not None:
        return str(known)
    return pgettext("rule", "That is not allowed (%(code)s).") % {"code": code}


def rule_say(request: HttpRequest, error: RuleBroken) -> None:
    """Put the sentence of a broken rule on the next page."""
    messages.error(request, rule_text(error.code))
