"""What a writer asks the registers for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from vardnara.apps.decisions.forms import day_field
from vardnara.apps.decisions.forms.rows import CHANGES
from vardnara.apps.decisions.queries.registers import Asked, Register

NAME = r"[a-z][a-z0-9_]*"


class RegisterForm(forms.Form):
    """The arguments of a register, and what the figure is called in the case."""

    def __init__(self, *args: Any, register: Register, units: list[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        self.register = register
        for asked in register.asks:
            self.fields[asked.name] = _field(asked, units)
        self.fields["label"] = forms.CharField(
            label=pgettext_lazy("case", "What"), initial=str(register.label), max_length=200
        )
        self.fields["id"] = forms.RegexField(
            f"^{NAME}$",
            label=pgettext_lazy("case", "Short name"),
            initial=register.key.replace(".", "_"),
            help_text=pgettext_lazy("case", "For formulas: small letters, digits and _"),
            error_messages={"invalid": pgettext_lazy("case", "Small letters a to z, digits and _, a letter first.")},
        )

    def arguments(self) -> dict[str, str]:
        """The arguments as a query has them."""
        found = {}
        for asked in self.register.asks:
            value = self.cleaned_data.get(asked.name)
            if value not in (None, ""):
                found[asked.name] = (
                    ",".join(str(value).replace(",", " ").split()) if asked.kind == "posts" else str(value)
                )
        return found


def _field(asked: Asked, units: list[tuple[str, str]]) -> forms.Field:
    if asked.kind == "day":
        field = day_field(asked.label, required=asked.required)
        field.initial = timezone.localdate
        return field
    if asked.kind == "year":
        return forms.IntegerField(
            label=asked.label, min_value=1990, max_value=2199, initial=timezone.localdate().year, localize=False
        )
    if asked.kind == "unit":
        choices = [("", pgettext_lazy("case", "all units")), *units]
        return forms.ChoiceField(label=asked.label, choices=choices, required=asked.required)
    return forms.CharField(label=asked.label, required=asked.required, max_length=2000)


class PostsForm(forms.Form):
    """Which posts of the register, what becomes of them, and when."""

    numbers = forms.MultipleChoiceField()
    change = forms.ChoiceField(label=pgettext_lazy("case", "What becomes of them"), choices=CHANGES)
    change_on = day_field(pgettext_lazy("case", "First day of the change"), required=True)

    def __init__(self, *args: Any, numbers: list[str], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["numbers"].choices = [(one, one) for one in numbers]  # type: ignore[attr-defined]
        self.fields["numbers"].error_messages["required"] = pgettext_lazy("case", "Choose at least one post.")
