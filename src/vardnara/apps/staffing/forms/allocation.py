"""What is asked for about needs and posts by need."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.staffing.choices import MOST_POSTS, Whose, ZonedBy
from vardnara.parameters.posts import post_number

LEVELS = ("50", "60", "70", "80", "90", "95")
POSTS = 20


def _level() -> str:
    return f"{100 * post_number('service_level'):g}"


def _level_field() -> forms.ChoiceField:
    levels = sorted({*LEVELS, _level()}, key=float)
    return forms.ChoiceField(
        label=pgettext_lazy("allocation", "Service level, per cent of the hours"),
        choices=[(one, f"{one} %") for one in levels],
        initial=_level,
        required=False,
    )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=choices[0][0], required=False)


class NeedsForm(forms.Form):
    """Of which zone, whose work, and how sure."""

    zon = forms.ChoiceField(label=pgettext_lazy("allocation", "Ward or division"), required=False)
    whose = _choice(pgettext_lazy("allocation", "Whose work"), Whose.choices)
    zoned_by = _choice(pgettext_lazy("allocation", "The same people within"), ZonedBy.choices)
    niva = _level_field()

    def said(self) -> dict[str, Any]:
        """What was chosen; what was not, or cannot be, is the first of its choices."""
        chosen = {name: self.data.get(name, "") if self.is_bound else "" for name in ("whose", "zoned_by", "niva")}
        level = chosen["niva"] if chosen["niva"] in dict(self.fields["niva"].choices) else _level()
        return {
            "whose": chosen["whose"] if chosen["whose"] in Whose.values else Whose.SERVICE.value,
            "zoned_by": chosen["zoned_by"] if chosen["zoned_by"] in ZonedBy.values else ZonedBy.WARD.value,
            "service_level": float(level) / 100,
        }

    def zone(self, names: Mapping[str, str]) -> str:
        """The zone that is looked at, of those that there are; empty for all."""
        self.fields["zon"].choices = [("", pgettext_lazy("measured", "All")), *names.items()]
        asked = self.data.get("zon", "") if self.is_bound else ""
        return asked if asked in names else ""

    def query(self, zone: str) -> str:
        """The same question as part of an address."""
        said = self.said()
        level = f"{100 * said['service_level']:g}"
        return urlencode({"zon": zone, "whose": said["whose"], "zoned_by": said["zoned_by"], "niva": level})


class AllocationForm(forms.Form):
    """A curve to be reckoned."""

    whose = forms.ChoiceField(label=pgettext_lazy("allocation", "Whose work"), choices=Whose.choices)
    zoned_by = forms.ChoiceField(label=pgettext_lazy("allocation", "The same people within"), choices=ZonedBy.choices)
    niva = _level_field()
    n_most = forms.IntegerField(
        label=pgettext_lazy("allocation", "Up to how many posts"), min_value=1, max_value=MOST_POSTS, initial=POSTS
    )

    def words(self) -> dict[str, Any]:
        """What ``allocation_ask`` takes."""
        said = self.cleaned_data
        return {
            "whose": said["whose"],
            "zoned_by": said["zoned_by"],
            "service_level": Decimal(said["niva"] or _level()) / 100,
            "n_most": said["n_most"],
        }
