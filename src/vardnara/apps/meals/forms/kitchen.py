"""What the kitchen's pages ask for. Last days here, first days without it inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.meals.choices import HouseDishKind, ImportKind, MealKind, ServiceForm, Texture
from vardnara.apps.meals.constants import ALLERGEN_CODES, CYCLE_WEEKS_MOST, IDDSI_LEVELS

DAY = timedelta(days=1)
PICTOGRAMS = (
    ("", "–"),
    ("fish", pgettext_lazy("pictogram", "Fish")),
    ("meat", pgettext_lazy("pictogram", "Meat")),
    ("chicken", pgettext_lazy("pictogram", "Chicken")),
    ("vegetarian", pgettext_lazy("pictogram", "Vegetarian")),
    ("soup", pgettext_lazy("pictogram", "Soup")),
    ("egg", pgettext_lazy("pictogram", "Egg")),
    ("porridge", pgettext_lazy("pictogram", "Porridge")),
    ("bread", pgettext_lazy("pictogram", "Bread")),
    ("yoghurt", pgettext_lazy("pictogram", "Yoghurt")),
    ("fruit", pgettext_lazy("pictogram", "Fruit")),
    ("dessert", pgettext_lazy("pictogram", "Dessert")),
    ("drink", pgettext_lazy("pictogram", "Drink")),
)


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))


def _text(label: Any, length: int, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required)


def _whole(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False)


class KitchenForm(forms.Form):
    """A kitchen."""

    code = _text(pgettext_lazy("food field", "Code"), 40)
    name = _text(pgettext_lazy("food field", "Name"), 120)


class KitchenChangeForm(KitchenForm):
    """A kitchen, and its last day."""

    last_on = _day(pgettext_lazy("kitchen", "Last day it cooks (empty: goes on)"))


class ServeForm(forms.Form):
    """A ward to be served."""

    ward_id = forms.TypedChoiceField(label=pgettext_lazy("kitchen", "Ward"), coerce=int)
    service = forms.ChoiceField(label=pgettext_lazy("kitchen", "How the food comes"), choices=ServiceForm.choices)
    from_on = _day(pgettext_lazy("posts", "First day"), required=True)

    def __init__(self, *args: Any, wards: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ward_id"].choices = list(wards)  # type: ignore[attr-defined]


class MealTimeForm(forms.Form):
    """When a meal is served and closes."""

    meal = forms.ChoiceField(label=pgettext_lazy("food field", "Meal"), choices=MealKind.choices)
    serves_from = _time(pgettext_lazy("kitchen", "Served from"))
    serves_to = _time(pgettext_lazy("kitchen", "Served until"))
    deadline_days = forms.IntegerField(
        label=pgettext_lazy("kitchen", "Choice closes, days before"), min_value=0, max_value=14, initial=0
    )
    deadline_at = _time(pgettext_lazy("kitchen", "Choice closes at"))
    late_minutes = _whole(pgettext_lazy("kitchen", "Late tray until, minutes before (empty: never)"), 1440)
    cancel_minutes = _whole(pgettext_lazy("kitchen", "Cancel until, minutes before (empty: never)"), 1440)
    energy_low = _whole(pgettext_lazy("kitchen", "Share of the day's energy from, %"), 100)
    energy_high = _whole(pgettext_lazy("kitchen", "to, %"), 100)


class IngredientForm(forms.Form):
    """An ingredient."""

    code = _text(pgettext_lazy("food field", "Code"), 60)
    name = _text(pgettext_lazy("food field", "Name"), 200)
    supplier = _text(pgettext_lazy("food field", "Supplier"), 120, required=False)
    piece_grams = forms.DecimalField(
        label=pgettext_lazy("food field", "Grams a piece"), max_digits=9, decimal_places=3, required=False
    )
    millilitre_grams = forms.DecimalField(
        label=pgettext_lazy("food field", "Grams a millilitre"), max_digits=7, decimal_places=4, required=False
    )
    food_id = forms.IntegerField(required=False, widget=forms.HiddenInput)


class LabelForm(forms.Form):
    """What a label says."""

    label = forms.CharField(
        label=pgettext_lazy("food field", "Ingredient label"), max_length=4000, required=False, widget=forms.Textarea
    )


class DeclareForm(forms.Form):
    """What something contains: the annex code by code, and what is true of all others."""

    REST = (
        ("", "–"),
        ("free", pgettext_lazy("declare", "not in it")),
        ("unknown", pgettext_lazy("declare", "not known")),
    )
    ANSWERS = (
        ("", pgettext_lazy("declare", "as all others")),
        ("contains", pgettext_lazy("declare", "in it")),
        ("may_contain", pgettext_lazy("declare", "traces possible")),
        ("unknown", pgettext_lazy("declare", "not known")),
        ("free", pgettext_lazy("declare", "not in it")),
    )
    rest = forms.ChoiceField(label=pgettext_lazy("declare", "All others"), choices=REST)
    flags = forms.CharField(
        label=pgettext_lazy("declare", "What else it is (codes such as pork, fish, alcohol)"), required=False
    )
    note = _text(pgettext_lazy("declare", "Source or note"), 300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in ALLERGEN_CODES:
            self.fields[f"a{code}"] = forms.ChoiceField(choices=self.ANSWERS, required=False)

    def said(self) -> dict[str, frozenset[str]]:
        """The lists of a form that is valid; a group that is answered answers for its members left as all others."""
        found: dict[str, set[str]] = {"contains": set(), "may_contain": set(), "unknown": set()}
        for code in ALLERGEN_CODES:
            group = self.cleaned_data.get(f"a{code.partition('.')[0]}")
            answer = self.cleaned_data.get(f"a{code}") or ("" if group else self.cleaned_data["rest"])
            if answer in found:
                found[answer].add(code)
        flags = frozenset(self.cleaned_data["flags"].replace(",", " ").lower().split())
        return {name: frozenset(codes) for name, codes in found.items()} | {"flags": flags}


class PhotoForm(forms.Form):
    """A dish's photo."""

    photo = forms.FileField(
        label=pgettext_lazy("food", "Photo: JPEG, PNG or WebP, at most 8 MB"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class OfMenu(forms.Form):
    """A cell of all menus, or of one, where it stands before the general one."""

    menu_id = forms.TypedChoiceField(label=pgettext_lazy("food", "Menu"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, menus: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", pgettext_lazy("food", "All menus"))
        self.fields["menu_id"].choices = [every, *menus]  # type: ignore[attr-defined]


class CellForm(OfMenu, DeclareForm):
    """What a dish is in a diet and a texture."""

    diet = _text(pgettext_lazy("food", "Diet (code)"), 40)
    texture = forms.ChoiceField(label=pgettext_lazy("food", "Texture"), choices=Texture.choices)
    textures = forms.MultipleChoiceField(
        label=pgettext_lazy("food", "Textures it is verified for"), choices=Texture.choices, required=False
    )
    iddsi = forms.MultipleChoiceField(
        label=pgettext_lazy("food", "IDDSI levels it is verified for"),
        choices=[(str(level), str(level)) for level in IDDSI_LEVELS],
        required=False,
    )
    diets = forms.CharField(label=pgettext_lazy("food", "Other diets it suits (codes)"), required=False)
    energy_kcal = forms.DecimalField(label=pgettext_lazy("food", "kcal a portion"), min_value=0, required=False)
    protein_g = forms.DecimalField(label=pgettext_lazy("food", "g protein a portion"), min_value=0, required=False)


class RecipeForm(forms.Form):
    """A recipe's version; a line each for what goes in."""

    code = _text(pgettext_lazy("food field", "Code"), 60)
    name = _text(pgettext_lazy("food field", "Name"), 200)
    servings = forms.DecimalField(label=pgettext_lazy("food field", "Servings"), min_value=0, required=False)
    portion_grams = forms.DecimalField(
        label=pgettext_lazy("food field", "Grams a portion"), min_value=0, required=False
    )
    lines = forms.CharField(
        label=pgettext_lazy("recipe", "One line for each: 400 g Mjölk | part"), max_length=20_000, widget=forms.Textarea
    )


class VerifyForm(forms.Form):
    """What was verified of a recipe as it is."""

    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
    textures = forms.MultipleChoiceField(
        label=pgettext_lazy("food", "Textures it is verified for"), choices=Texture.choices, required=False
    )
    iddsi = forms.MultipleChoiceField(
        label=pgettext_lazy("food", "IDDSI levels it is verified for"),
        choices=[(str(level), str(level)) for level in IDDSI_LEVELS],
        required=False,
    )
    diets = forms.CharField(label=pgettext_lazy("verify", "Diets it suits (codes)"), required=False)
    note = _text(pgettext_lazy("declare", "Source or note"), 300, required=False)


class VariantForm(forms.Form):
    """A change of a cell; what it takes away is chosen among what is in it."""

    variant = _text(pgettext_lazy("food", "Name in Swedish"), 120)
    part = _text(pgettext_lazy("food", "Part that is left out"), 60, required=False)
    adds_diets = _text(pgettext_lazy("food", "Diets that it then suits (codes)"), 200, required=False)


class CookForm(OfMenu):
    """By which recipe a dish is cooked."""

    diet = _text(pgettext_lazy("food", "Diet (code)"), 40)
    texture = forms.ChoiceField(label=pgettext_lazy("food", "Texture"), choices=Texture.choices)
    recipe_id = forms.TypedChoiceField(label=pgettext_lazy("nav", "Recipes"), coerce=int)

    def __init__(self, *args: Any, recipes: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipe_id"].choices = list(recipes)  # type: ignore[attr-defined]


class DishForm(forms.Form):
    """A dish."""

    code = _text(pgettext_lazy("food field", "Code"), 60)
    name = _text(pgettext_lazy("food", "Name in Swedish"), 200)
    pictogram = forms.ChoiceField(label=pgettext_lazy("food", "Pictogram"), choices=PICTOGRAMS, required=False)
    is_food = forms.BooleanField(label=pgettext_lazy("food", "Food"), required=False, initial=True)
    is_drink = forms.BooleanField(label=pgettext_lazy("food", "Drink"), required=False)


class MenuForm(forms.Form):
    """A menu: a cycle of weeks from a day."""

    name = _text(pgettext_lazy("food field", "Name"), 120)
    n_weeks = forms.IntegerField(label=pgettext_lazy("menu", "Weeks"), min_value=1, max_value=CYCLE_WEEKS_MOST)
    from_on = _day(pgettext_lazy("posts", "First day"), required=True)
    last_on = _day(pgettext_lazy("posts", "Last day (empty: goes on)"))
    anchor_on = _day(pgettext_lazy("menu", "A day of a week that is its first (empty: the first day)"))


class OfferForm(forms.Form):
    """A dish for a meal."""

    meal = forms.ChoiceField(label=pgettext_lazy("food field", "Meal"), choices=MealKind.choices, initial="lunch")
    dish_id = forms.TypedChoiceField(label=pgettext_lazy("food field", "Dish"), coerce=int)
    position = forms.IntegerField(label=pgettext_lazy("menu", "Place"), min_value=1, max_value=99, initial=1)
    default_for = forms.CharField(label=pgettext_lazy("menu", "For whom nobody chooses (diet codes)"), required=False)

    def __init__(self, *args: Any, dishes: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dish_id"].choices = list(dishes)  # type: ignore[attr-defined]


class EntryForm(OfferForm):
    """A dish on a weekday of a week."""

    weekday = forms.TypedChoiceField(
        label=pgettext_lazy("food field", "Weekday"),
        coerce=int,
        choices=[
            (1, pgettext_lazy("weekday", "Monday")),
            (2, pgettext_lazy("weekday", "Tuesday")),
            (3, pgettext_lazy("weekday", "Wednesday")),
            (4, pgettext_lazy("weekday", "Thursday")),
            (5, pgettext_lazy("weekday", "Friday")),
            (6, pgettext_lazy("weekday", "Saturday")),
            (7, pgettext_lazy("weekday", "Sunday")),
        ],
    )


class DayForm(OfferForm):
    """A dish on a date, instead of the cycle or beside it."""

    name = _text(pgettext_lazy("menu", "What day it is (such as Julafton)"), 120)
    on = _day(pgettext_lazy("food field", "Date"), required=True)
    instead = forms.BooleanField(
        label=pgettext_lazy("menu", "Instead of the menu for this meal"), required=False, initial=True
    )


class HouseForm(OfferForm):
    """A dish beside the menu."""

    kind = forms.ChoiceField(label=pgettext_lazy("menu", "Why"), choices=HouseDishKind.choices)
    from_on = _day(pgettext_lazy("posts", "First day"), required=True)


class SendForm(forms.Form):
    """A file of the kitchen."""

    kind = forms.ChoiceField(label=pgettext_lazy("food import", "What it holds"), choices=ImportKind.choices)
    file = forms.FileField(label=pgettext_lazy("food import", "File: CSV, xlsx or JSON, packed (gz) or not"))
    encoding = forms.ChoiceField(
        label=pgettext_lazy("economy", "How a CSV file was saved"),
        choices=[("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("latin-1", "Latin-1")],
    )


class FoodsOptions(forms.Form):
    """What a food composition table is."""

    name = _text(pgettext_lazy("food import", "Name of the table"), 120)
    version = _text(pgettext_lazy("food import", "Version"), 60, required=False)
    source = _text(pgettext_lazy("food import", "Publisher or source"), 300)
    licence = _text(pgettext_lazy("food import", "Licence"), 200, required=False)


class MenusOptions(forms.Form):
    """Which kitchen a menu is for, and when it holds."""

    kitchen_id = forms.TypedChoiceField(label=pgettext_lazy("menu", "Kitchen"), coerce=int)
    name = _text(pgettext_lazy("menu", "Name of the menu"), 120, required=False)
    from_on = _day(pgettext_lazy("food import", "First day (a cycle by week and weekday)"))
    last_on = _day(pgettext_lazy("food import", "Last day (empty: goes on)"))
    as_days = forms.BooleanField(
        label=pgettext_lazy("food import", "As single days instead of the menu that holds"), required=False
    )

    def __init__(self, *args: Any, kitchens: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kitchen_id"].choices = list(kitchens)  # type: ignore[attr-defined]
