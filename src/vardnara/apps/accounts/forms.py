"""Shape of what people type into accounts' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.accounts.choices import AccessAction


class SignInForm(forms.Form):
    username = forms.CharField(
        label=pgettext_lazy("sign-in", "User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=pgettext_lazy("sign-in", "Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def _pin_field(label: str, *, autofocus: bool = False) -> forms.CharField:
    attrs = {"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]{6}", "maxlength": "6"}
    attrs |= {"autofocus": True} if autofocus else {}
    return forms.CharField(label=label, max_length=20, widget=forms.PasswordInput(attrs=attrs))


class PinForm(forms.Form):
    pin = _pin_field(pgettext_lazy("tablet", "Your number"), autofocus=True)


class PinSetForm(forms.Form):
    """Password, and the number twice; demo users have no password to give."""

    password = forms.CharField(
        label=pgettext_lazy("sign-in", "Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    pin = _pin_field(pgettext_lazy("tablet", "Six digits"))
    again = _pin_field(pgettext_lazy("tablet", "The same once more"))

    def __init__(self, *args: Any, with_password: bool, **words: Any) -> None:
        super().__init__(*args, **words)
        if not with_password:
            del self.fields["password"]


class LogFilterForm(forms.Form):
    patient = forms.CharField(label=pgettext_lazy("access log", "Patient key"), max_length=64, required=False)
    user = forms.CharField(label=pgettext_lazy("access log", "User name"), max_length=150, required=False)
    action = forms.ChoiceField(
        label=pgettext_lazy("access log", "What was done"),
        choices=[("", pgettext_lazy("access log", "All"))] + [(a.value, a.label) for a in AccessAction],
        required=False,
    )
