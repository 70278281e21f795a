"""Shape of what people send from the hospital's pages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.hospital.choices import ContagionClass

CHARSETS = ("8859/1", "8859/15", "UNICODE UTF-8", "ASCII")


class SenderForm(forms.Form):
    """How one sending system is read (CONTRACT 1.7)."""

    time_zone = forms.ChoiceField(
        label=pgettext_lazy("sender", "Time zone of its clock"),
        choices=lambda: [(name, name) for name in sorted(available_timezones())],
    )
    charset = forms.ChoiceField(
        label=pgettext_lazy("sender", "Character set when the message does not say"),
        choices=[(name, name) for name in CHARSETS],
    )
    processing_ids = forms.RegexField(
        label=pgettext_lazy("sender", "Processing ids that are accepted (P production, T training, D debugging)"),
        regex=r"^[PTD]{1,3}$",
        strip=True,
    )
    a03_administrative = forms.BooleanField(
        label=pgettext_lazy(
            "sender", "Discharge (A03) is only administrative: a tap at the bed says when the patient left"
        ),
        required=False,
    )
    al1_snapshot = forms.BooleanField(
        label=pgettext_lazy(
            "sender", "Always sends the whole allergy list: an ADT message without AL1 says that there are no allergies"
        ),
        required=False,
    )


class SystemForm(forms.Form):
    """A system that calls us with FHIR."""

    application = forms.CharField(label=pgettext_lazy("system", "Name of the system"), max_length=200)
    facility = forms.CharField(
        label=pgettext_lazy("system", "Hospital or organisation (may be empty)"), max_length=200, required=False
    )


class IssuersForm(forms.Form):
    """Lines such as ``urn:oid:1.2.752.129.2.1.3.1 = PNR``."""

    issuers = forms.CharField(
        label=pgettext_lazy("system", "Identifier systems, one a line: system = whose number it is here"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean_issuers(self) -> dict[str, str]:
        """The lines as a table; each must have both halves, and no system may stand twice."""
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["issuers"].splitlines(), start=1):
            if not line.strip():
                continue
            system, equals, issuer = (part.strip() for part in line.rpartition("="))
            if not equals or not system or not issuer or len(issuer) > 120:
                raise forms.ValidationError(
                    pgettext("system", "Line %(n)s: “system = whose number it is here” was expected.") % {"n": number}
                )
            if system in found:
                raise forms.ValidationError(pgettext("system", "Line %(n)s: the system is here twice.") % {"n": number})
            found[system] = issuer
        return found


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=400)


class MapForm(forms.Form):
    """Which place is meant, and by whom: a sender's number, ``all``, or empty for each that named it."""

    to = forms.IntegerField(min_value=1)
    who = forms.RegexField(regex=r"^(all|\d{1,18})?$", required=False)


NO_CONTAGION = "none"  # what the form sends for the class of no contagion: empty means that nobody has chosen


class CodeForm(forms.Form):
    """One precaution code of a sender (PV2-41) and the class that it means."""

    code = forms.CharField(label=pgettext_lazy("sender", "Code"), max_length=60, required=False)
    contagion_class = forms.ChoiceField(
        label=pgettext_lazy("sender", "Means"),
        choices=lambda: [
            ("", pgettext_lazy("sender", "not chosen")),
            *((value or NO_CONTAGION, label) for value, label in ContagionClass.choices),
        ],
        required=False,
        error_messages={
            "invalid_choice": pgettext_lazy(
                "sender", "“%(value)s” is not a contagion class. Choose A, B, C, not known, or none."
            )
        },
    )

    def __init__(self, *args: Any, waiting: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = waiting  # codes that came and that nobody mapped: their meaning may be left open

    def clean(self) -> dict[str, str]:
        """A code needs a class and a class a code; a code of which nobody knows the meaning yet may be left."""
        row = super().clean()
        code, chosen = row.get("code", ""), row.get("contagion_class")
        if chosen and not code:
            self.add_error("code", pgettext("sender", "Write the code that means this class."))
        if code and chosen == "" and code not in self.waiting:
            self.add_error("contagion_class", pgettext("sender", "Choose what the code means."))
        return row


class CodeFormSet(forms.BaseFormSet):
    """The codes of one sender, each once."""

    def clean(self) -> None:
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or not hasattr(form, "cleaned_data"):
                continue
            code = form.cleaned_data.get("code", "")
            if code and code in seen:
                form.add_error("code", pgettext("sender", "The code “%(code)s” is here twice.") % {"code": code})
            seen.add(code)

    def codes(self) -> dict[str, str]:
        """Class by code, of the rows that stay."""
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        return {
            row["code"]: "" if row["contagion_class"] == NO_CONTAGION else row["contagion_class"]
            for row in rows
            if row.get("code") and row.get("contagion_class")
        }


CodeForms = forms.formset_factory(CodeForm, formset=CodeFormSet, extra=2, can_delete=True, can_delete_extra=False)


class TabletForm(forms.Form):
    """The tablet in hand: whose it is, and what it is called."""

    ward_id = forms.TypedChoiceField(label=pgettext_lazy("tablet", "Which ward shares it?"), coerce=int)
    name = forms.CharField(label=pgettext_lazy("tablet", "What do you call it?"), max_length=60)

    def __init__(self, *args: Any, wards: list[tuple[int, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["ward_id"].choices = wards
