"""Words of food: allergens, flags, findings of files, nutrients, diets, and pictograms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from vardnara.apps.meals.choices import MealKind, Texture
from vardnara.apps.meals.constants import NUTRIENTS

register = template.Library()
PICTOGRAMS = "img/pictograms.svg"
OWN_NAMES = {
    "en": "English", "ar": "العربية", "so": "Soomaali", "fa": "فارسی", "ti": "ትግርኛ", "pl": "Polski",
    "uk": "Українська", "fi": "Suomi", "es": "Español",
}  # fmt: skip
ALLERGENS = {
    "1": pgettext_lazy("allergen", "cereals with gluten"),
    "1.1": pgettext_lazy("allergen", "wheat"),
    "1.2": pgettext_lazy("allergen", "rye"),
    "1.3": pgettext_lazy("allergen", "barley"),
    "1.4": pgettext_lazy("allergen", "oats"),
    "1.5": pgettext_lazy("allergen", "spelt"),
    "1.6": pgettext_lazy("allergen", "khorasan wheat"),
    "2": pgettext_lazy("allergen", "crustaceans"),
    "3": pgettext_lazy("allergen", "eggs"),
    "4": pgettext_lazy("allergen", "fish"),
    "5": pgettext_lazy("allergen", "peanuts"),
    "6": pgettext_lazy("allergen", "soya"),
    "7": pgettext_lazy("allergen", "milk"),
    "8": pgettext_lazy("allergen", "nuts"),
    "8.1": pgettext_lazy("allergen", "almonds"),
    "8.2": pgettext_lazy("allergen", "hazelnuts"),
    "8.3": pgettext_lazy("allergen", "walnuts"),
    "8.4": pgettext_lazy("allergen", "cashew nuts"),
    "8.5": pgettext_lazy("allergen", "pecan nuts"),
    "8.6": pgettext_lazy("allergen", "Brazil nuts"),
    "8.7": pgettext_lazy("allergen", "pistachio nuts"),
    "8.8": pgettext_lazy("allergen", "macadamia nuts"),
    "9": pgettext_lazy("allergen", "celery"),
    "10": pgettext_lazy("allergen", "mustard"),
    "11": pgettext_lazy("allergen", "sesame"),
    "12": pgettext_lazy("allergen", "sulphites"),
    "13": pgettext_lazy("allergen", "lupin"),
    "14": pgettext_lazy("allergen", "molluscs"),
}
FINDINGS = {
    "claimed_but_free": pgettext_lazy("finding", "The file says %(allergen)s, but the label says %(words)s."),
    "claimed_not_named": pgettext_lazy("finding", "The file says %(allergen)s, but the label does not name it."),
    "named_not_claimed": pgettext_lazy("finding", "The label names %(allergen)s (%(words)s), which no list has."),
    "composite": pgettext_lazy("finding", "%(words)s is made of other goods and does not say of which: unknown."),
    "no_label": pgettext_lazy("finding", "No ingredient label and no list: unknown."),
    "allergen_word": pgettext_lazy("finding", "“%(words)s” is no allergen that is known here. It was not used."),
    "declare_again": pgettext_lazy("finding", "The label is another than the one declared. Declare it again."),
    "no_value": pgettext_lazy("finding", "No value in %(words)s rows. It stays missing."),
    "energy_apart": pgettext_lazy("finding", "Energy in kcal and kJ do not fit: %(words)s."),
    "unknown_food": pgettext_lazy("finding", "Food %(words)s is in no table that is read in."),
    "no_servings": pgettext_lazy("finding", "How many servings it gives is not said: %(words)s"),
    "no_amount": pgettext_lazy("finding", "No amount: %(words)s"),
    "amount_range": pgettext_lazy("finding", "Two amounts, of which none was taken: %(words)s"),
    "unknown_unit": pgettext_lazy("finding", "A measure that is not known: %(words)s"),
    "unknown_recipe": pgettext_lazy("finding", "No recipe of this name: %(words)s"),
    "new_ingredient": pgettext_lazy("finding", "A new ingredient that nobody has declared: %(words)s"),
    "no_such_ingredient": pgettext_lazy("finding", "No ingredient of this name; kept as text, unknown: %(words)s"),
    "no_dish": pgettext_lazy("finding", "A meal without a dish. It was passed over."),
    "dish_twice": pgettext_lazy("finding", "The same dish twice in a meal. It stands there once."),
    "two_labels": pgettext_lazy("finding", "The same dish with another label. The first was kept: %(words)s"),
}
DIETS = {
    "normal": pgettext_lazy("diet", "Ordinary diet"),
    "energy_protein": pgettext_lazy("diet", "Enriched with energy and protein"),
    "gluten_free": pgettext_lazy("diet", "Gluten-free"),
    "lactose_reduced": pgettext_lazy("diet", "Lactose-reduced"),
    "vegetarian": pgettext_lazy("diet", "Vegetarian"),
    "vegan": pgettext_lazy("diet", "Vegan"),
    "protein_reduced": pgettext_lazy("diet", "Protein-reduced"),
    "fat_reduced": pgettext_lazy("diet", "Fat-reduced"),
    "dialysis": pgettext_lazy("diet", "Dialysis"),
}
FLAGS = {
    "pork": pgettext_lazy("food flag", "pork"),
    "beef": pgettext_lazy("food flag", "beef"),
    "poultry": pgettext_lazy("food flag", "poultry"),
    "meat": pgettext_lazy("food flag", "meat"),
    "fish": pgettext_lazy("food flag", "fish"),
    "shellfish": pgettext_lazy("food flag", "shellfish"),
    "egg": pgettext_lazy("food flag", "egg"),
    "animal": pgettext_lazy("food flag", "of animals"),
    "gelatine": pgettext_lazy("food flag", "gelatine"),
    "alcohol": pgettext_lazy("food flag", "alcohol"),
    "clear_fluids": pgettext_lazy("food flag", "clear fluid"),
}
FIELDS = {
    "number": pgettext_lazy("food field", "Number"),
    "name": pgettext_lazy("food field", "Name"),
    "group": pgettext_lazy("food field", "Group"),
    "code": pgettext_lazy("food field", "Code"),
    "supplier": pgettext_lazy("food field", "Supplier"),
    "label": pgettext_lazy("food field", "Ingredient label"),
    "contains": pgettext_lazy("food field", "Allergens by the file"),
    "may_contain": pgettext_lazy("food field", "May contain, by the file"),
    "piece_grams": pgettext_lazy("food field", "Grams a piece"),
    "millilitre_grams": pgettext_lazy("food field", "Grams a millilitre"),
    "food_number": pgettext_lazy("food field", "Number in the food table"),
    "servings": pgettext_lazy("food field", "Servings"),
    "portion_grams": pgettext_lazy("food field", "Grams a portion"),
    "yield_factor": pgettext_lazy("food field", "Yield (cooked by raw)"),
    "lines": pgettext_lazy("food field", "All lines in one cell"),
    "ingredient": pgettext_lazy("food field", "Ingredient"),
    "sub": pgettext_lazy("food field", "Sub-recipe"),
    "amount": pgettext_lazy("food field", "Amount"),
    "unit": pgettext_lazy("food field", "Unit"),
    "part": pgettext_lazy("food field", "Part"),
    "date": pgettext_lazy("food field", "Date"),
    "week": pgettext_lazy("food field", "Week of the cycle"),
    "weekday": pgettext_lazy("food field", "Weekday"),
    "meal": pgettext_lazy("food field", "Meal"),
    "dish": pgettext_lazy("food field", "Dish"),
}


@register.filter
def allergen(code: str) -> Any:
    """An allergen by its code."""
    return ALLERGENS.get(code, code)


@register.filter
def allergens(codes: Iterable[str]) -> str:
    """Allergens in the order of the annex, none where there is none."""
    return ", ".join(str(ALLERGENS.get(code, code)) for code in codes)


@register.filter
def flag_name(code: str) -> Any:
    """A flag; a local code as it is."""
    return FLAGS.get(code, code)


@register.filter
def flags(codes: Iterable[str]) -> str:
    """Flags such as pork."""
    return ", ".join(str(FLAGS.get(code, code)) for code in codes)


@register.filter
def diet_name(code: str) -> Any:
    """A diet; a local code as it is."""
    return DIETS.get(code, code)


@register.filter
def diet_names(codes: Iterable[str]) -> str:
    """Diets by name."""
    return ", ".join(str(DIETS.get(code, code)) for code in codes)


@register.filter
def texture_name(code: str) -> Any:
    """A texture."""
    return Texture(code).label if code in Texture.values else code


@register.filter
def named(names: Any) -> list[tuple[str, str, str]]:
    """Every language but Swedish: code, own name, and what something is called in it, empty where nobody has said."""
    return [(code, language, names.get(code, "") if names else "") for code, language in OWN_NAMES.items()]


@register.filter
def meal_name(code: str) -> Any:
    """A meal."""
    return MealKind(code).label if code in MealKind.values else code


@register.filter
def finding(one: Any) -> str:
    """What was found, in words; ``one`` is a finding, or what an import kept of it."""
    said = one if isinstance(one, dict) else {"code": one.code, "allergen": one.allergen, "words": one.words}
    text = FINDINGS.get(said["code"], said["code"])
    return str(text) % {"allergen": str(ALLERGENS.get(said["allergen"], "")), "words": said["words"]}


@register.simple_tag
def pictogram(key: str) -> SafeString:
    """A dish's pictogram; its name stands beside it."""
    return format_html(
        '<svg class="pictogram" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static(PICTOGRAMS),
        key or "plate",
    )


NUTRIENT_NAMES = {
    "energy_kcal": pgettext_lazy("nutrient", "Energy"),
    "protein_g": pgettext_lazy("nutrient", "Protein"),
    "fat_g": pgettext_lazy("nutrient", "Fat"),
    "carbohydrate_g": pgettext_lazy("nutrient", "Carbohydrate"),
    "salt_g": pgettext_lazy("nutrient", "Salt"),
}


@register.filter
def nutrients_said(held: dict[str, str], codes: Iterable[str]) -> list[tuple[Any, str]]:
    """Some nutrients as name and amount with its unit; a dash where the table does not know."""
    rows = [(code, held.get(code)) for code in codes]
    return [(NUTRIENT_NAMES[code], "–" if said is None else f"{said} {NUTRIENTS[code]}") for code, said in rows]
