"""What people write about orders and diets."""

from __future__ import annotations

from django import forms

from vardnara.apps.meals.choices import (
    Aid,
    BaseDiet,
    DietPart,
    Exclusion,
    FastingRule,
    MealKind,
    Portion,
    SpecialDiet,
    Supplement,
    Texture,
)
from vardnara.engines.diet.codes import ALLERGENS

CODES_LIMIT = 40


class OrderForm(forms.Form):
    """A tap on a patient's row. ``dish`` may stand several times; ``command`` makes it happen once."""

    deed = forms.ChoiceField(choices=[(deed, deed) for deed in ("dish", "usual", "portion", "cancel")])
    meal = forms.ChoiceField(choices=MealKind.choices)
    on = forms.DateField()
    portion = forms.ChoiceField(choices=[("", ""), *Portion.choices], required=False)
    late = forms.BooleanField(required=False)
    command = forms.UUIDField(required=False)

    def dishes(self) -> list[int]:
        """The dishes that were sent, each once, in their order."""
        values = self.data.getlist("dish")[:CODES_LIMIT]
        return list(dict.fromkeys(int(value) for value in values if value.isdecimal() and len(value) < 18))


class WardForm(forms.Form):
    """Something for a whole ward's meal."""

    meal = forms.ChoiceField(choices=MealKind.choices)
    on = forms.DateField()


PART_CHOICES: dict[str, list[tuple[str, str]]] = {
    DietPart.BASE: list(BaseDiet.choices),
    DietPart.SPECIAL: list(SpecialDiet.choices),
    DietPart.TEXTURE: list(Texture.choices),
    DietPart.IDDSI: [(str(level), f"IDDSI {level}") for level in range(3, 8)],
    DietPart.FLUID: [(str(level), f"IDDSI {level}") for level in range(5)],
    DietPart.ALLERGEN: [(code, name) for code, name in ALLERGENS.items()],
    DietPart.EXCLUSION: list(Exclusion.choices),
    DietPart.PORTION: list(Portion.choices),
    DietPart.FASTING: list(FastingRule.choices),
    DietPart.SUPPLEMENT: list(Supplement.choices),
    DietPart.AID: list(Aid.choices),
}


class DietPartForm(forms.Form):
    """A part of a patient's diet."""

    part = forms.ChoiceField(choices=DietPart.choices)
    code = forms.CharField(max_length=40)
    traces_tolerated = forms.BooleanField(required=False)
    valid_from = forms.DateTimeField(required=False)
    valid_until = forms.DateTimeField(required=False)
    reason = forms.CharField(max_length=300, required=False)


class DietEndForm(forms.Form):
    """Why a part of a diet ends."""

    restriction = forms.IntegerField()
    reason = forms.CharField(max_length=300)


class StandingForm(forms.Form):
    """A dish that a patient is always to have at a meal."""

    meal = forms.ChoiceField(choices=MealKind.choices)
    dish = forms.IntegerField(min_value=1)


class ExtraForm(forms.Form):
    """One more tray: ``when`` is a day and a meal, as ``2026-03-02 lunch``."""

    when = forms.RegexField(regex=r"^\d{4}-\d\d-\d\d [a-z_]{1,16}$")
    dish = forms.IntegerField(min_value=1)
    portion = forms.ChoiceField(choices=[("", ""), *Portion.choices], required=False)
    command = forms.UUIDField(required=False)


class OtherMealForm(forms.Form):
    """Portions of guests or staff."""

    on = forms.DateField()
    meal = forms.ChoiceField(choices=MealKind.choices)
    who = forms.ChoiceField(choices=[("guest", ""), ("staff", "")])
    dish = forms.IntegerField(min_value=1)
    portions = forms.IntegerField(min_value=0, max_value=99)
