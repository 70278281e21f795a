"""Shape of a scale of risk as it is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.decisions.forms import LinesField, lines_of

LEVELS = [
    ("", pgettext_lazy("risk", "by the rule")),
    ("green", pgettext_lazy("risk", "green")),
    ("yellow", pgettext_lazy("risk", "yellow")),
    ("red", pgettext_lazy("risk", "red")),
]
MOST = 5


class ScaleForm(forms.Form):
    """Words of each step, the rule of colours, cells that differ from it, and from where a risk needs an action."""

    name = forms.CharField(label=pgettext_lazy("risk", "Name of the scale"), max_length=80)
    likelihood_words = LinesField(label=pgettext_lazy("risk", "Likelihood, a step on each line, the lowest first"))
    severity_words = LinesField(label=pgettext_lazy("risk", "Severity, a step on each line, the lowest first"))
    likelihood_words_en = LinesField(label=pgettext_lazy("risk", "Likelihood in English"), required=False)
    severity_words_en = LinesField(label=pgettext_lazy("risk", "Severity in English"), required=False)
    green_to = forms.IntegerField(label=pgettext_lazy("risk", "Green up to the score"), min_value=1, max_value=24)
    yellow_to = forms.IntegerField(label=pgettext_lazy("risk", "Yellow up to the score"), min_value=1, max_value=24)
    red_severity = forms.IntegerField(
        label=pgettext_lazy("risk", "Always red from severity"),
        min_value=2,
        max_value=6,
        help_text=pgettext_lazy("risk", "One more than the highest step: never"),
    )
    action_from = forms.IntegerField(
        label=pgettext_lazy("risk", "An action is needed from the score"), min_value=1, max_value=25
    )

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.n = tuple(self._steps(name) for name in ("likelihood_words", "severity_words"))
        given = self.initial.get("overrides", {})
        for likelihood in range(1, self.n[0] + 1):
            for severity in range(1, self.n[1] + 1):
                label = pgettext("risk", "Colour of %(a)s × %(b)s") % {"a": likelihood, "b": severity}
                self.fields[f"cell_{likelihood}_{severity}"] = forms.ChoiceField(
                    label=label, choices=LEVELS, required=False, initial=given.get(f"{likelihood}x{severity}", "")
                )

    def _steps(self, name: str) -> int:
        told = lines_of(self.data.get(name, "")) if self.is_bound else self.initial.get(name, ())
        return min(len(told), MOST)

    def plain(self) -> list[forms.BoundField]:
        """The fields that are no cells."""
        return [self[name] for name in self.base_fields]

    def grid(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Cells, the highest likelihood first."""
        return [
            (likelihood, [self[f"cell_{likelihood}_{severity}"] for severity in range(1, self.n[1] + 1)])
            for likelihood in range(self.n[0], 0, -1)
        ]

    def words(self) -> dict[str, Any]:
        """What was written, as a service takes it."""
        cells = {name: value for name, value in self.cleaned_data.items() if name.startswith("cell_") and value}
        plain = {name: self.cleaned_data[name] for name in self.base_fields}
        return plain | {"overrides": {name[5:].replace("_", "x"): value for name, value in cells.items()}}
