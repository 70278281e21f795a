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
    "bad_input": pgettext_lazy("rule", "Something is missing or cannot be read. Try again."),
    "note_missing": pgettext_lazy("rule", "Write what you need."),
    "own_work": pgettext_lazy("rule", "Somebody else must inspect what you have done yourself."),
    "command_repeated": pgettext_lazy("rule", "That was already done."),
    "unknown_priority": pgettext_lazy("rule", "Choose one of the priorities."),
    "unknown_kind": pgettext_lazy("rule", "Choose what you found."),
    "unknown_class": pgettext_lazy("rule", "Choose one of the contagion classes."),
    "unknown_user": pgettext_lazy("rule", "That person is not here any more. Choose another."),
    "unknown_message": pgettext_lazy("rule", "The message does not exist."),
    "unknown_sender": pgettext_lazy("rule", "The sending system does not exist."),
    "unknown_stay": pgettext_lazy("rule", "The patient is no longer in this bed. The page shows how it stands."),
    "place_is_confirmed": pgettext_lazy("rule", "The place is already confirmed."),
    "confirm_first": pgettext_lazy("rule", "Nobody has confirmed the place that you chose. Confirm it first."),
    "nobody_named_it": pgettext_lazy("rule", "No message of that system names the place any more. Look at the list."),
    "unknown_alias": pgettext_lazy("rule", "The mapping is already removed."),
    "same_place": pgettext_lazy("rule", "Choose another place than the one you map."),
    "still_refused": pgettext_lazy(
        "rule", "The message still cannot be read. Mend how the system is read, then try again."
    ),
    "later_events": pgettext_lazy(
        "rule", "More has happened to the patient since. Ask the record system to correct it."
    ),
    "nothing_to_cancel": pgettext_lazy("rule", "There is nothing to undo."),
    "already_left": pgettext_lazy("rule", "The patient has already left."),
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
