"""Shape of what people send from the coordinator's pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.service.choices import CancelReason, DayState
from vardnara.apps.service.forms import CommandForm

ALL = pgettext_lazy("measured", "All")


class DayForm(forms.Form):
    """What of the day is asked for; nothing means all of it."""

    division_id = forms.TypedChoiceField(
        label=pgettext_lazy("coordination", "Division"), coerce=int, empty_value=0, required=False
    )
    ward_id = forms.TypedChoiceField(label=pgettext_lazy("measured", "Ward"), coerce=int, empty_value=0, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("measured", "Kind of task"), required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("coordination", "State"), choices=[("", ALL), *DayState.choices], required=False
    )

    def __init__(
        self,
        *args: Any,
        divisions: Sequence[tuple[int, str]],
        wards: Sequence[tuple[int, str]],
        kinds: Mapping[str, str],
        **words: Any,
    ) -> None:
        super().__init__(*args, **words)
        self.fields["division_id"].choices = [("", ALL), *divisions]
        self.fields["ward_id"].choices = [("", ALL), *wards]
        self.fields["kind"].choices = [("", ALL), *sorted(kinds.items(), key=lambda one: one[1])]


class HandOutForm(forms.Form):
    """Which ward's unassigned work is shown; all of it without an answer."""

    ward_id = forms.TypedChoiceField(label=pgettext_lazy("measured", "Ward"), coerce=int, empty_value=0, required=False)

    def __init__(self, *args: Any, wards: Sequence[tuple[int, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["ward_id"].choices = [("", ALL), *wards]


@dataclass(frozen=True, slots=True)
class Move:
    """A task from whom the page showed to whom it shall go; None is nobody."""

    task_id: int
    seen_owner_id: int | None
    owner_id: int | None

    def back(self) -> str:
        """The move that undoes it, as the page sends it."""
        return f"{self.task_id}:{self.owner_id or 0}:{self.seen_owner_id or 0}"


MOVE = re.compile(r"(\d{1,18}):(\d{1,18})(?::(\d{1,18}))?")
MOVES_AT_ONCE = 200


class MoveForm(CommandForm):
    """Tasks to move. ``task`` is ``ID:SEEN`` and goes to ``owner``, ``move`` is ``ID:SEEN:OWNER``; 0 is nobody."""

    owner = forms.IntegerField(min_value=0, required=False)
    sure = forms.BooleanField(required=False)
    undo = forms.BooleanField(required=False)
    ward_id = forms.IntegerField(min_value=0, required=False)
    absence = forms.IntegerField(min_value=1, required=False)

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        owner = cleaned.get("owner")
        moves = []
        for text in [*self.data.getlist("task"), *self.data.getlist("move")][:MOVES_AT_ONCE]:
            found = MOVE.fullmatch(text)
            to = None if found is None else int(found[3]) if found[3] is not None else owner
            if found is None or to is None:
                raise forms.ValidationError(pgettext("coordination", "Choose at least one task, and whom it goes to."))
            moves.append(Move(int(found[1]), int(found[2]) or None, to or None))
        if not moves:
            raise forms.ValidationError(pgettext("coordination", "Choose at least one task, and whom it goes to."))
        cleaned["moves"] = moves
        return cleaned


class AbsentForm(CommandForm):
    user = forms.IntegerField(min_value=1)


class HandoverForm(forms.Form):
    text = forms.CharField(
        label=pgettext_lazy("handover", "What must the next one know?"),
        widget=forms.Textarea(attrs={"rows": 6, "aria-describedby": "handover-hint"}),
        max_length=4000,
    )


class NoteForm(CommandForm):
    """A note on one thing."""

    text = forms.CharField(max_length=300)
    until = forms.DateField(required=False)
    ward_id = forms.IntegerField(min_value=1, required=False)
    bed_id = forms.IntegerField(min_value=1, required=False)
    task_id = forms.IntegerField(min_value=1, required=False)


class CancelForm(CommandForm):
    reason = forms.ChoiceField(choices=CancelReason.choices)
