"""Shape of what people send from the hospital's pages."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import pgettext_lazy

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


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=400)


class MapForm(forms.Form):
    to_bed = forms.IntegerField(min_value=1)
