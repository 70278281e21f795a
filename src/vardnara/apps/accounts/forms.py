"""Shape of what people type into accounts' pages."""

from __future__ import annotations

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


class LogFilterForm(forms.Form):
    patient = forms.CharField(label=pgettext_lazy("access log", "Patient key"), max_length=64, required=False)
    user = forms.CharField(label=pgettext_lazy("access log", "User name"), max_length=150, required=False)
    action = forms.ChoiceField(
        label=pgettext_lazy("access log", "What was done"),
        choices=[("", pgettext_lazy("access log", "All"))] + [(a.value, a.label) for a in AccessAction],
        required=False,
    )
