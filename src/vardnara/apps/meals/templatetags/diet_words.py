"""Words for diets, causes and notices in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.meals.choices import (
    Aid,
    BaseDiet,
    DietPart,
    DietSource,
    Exclusion,
    FastingRule,
    MealKind,
    OrderOrigin,
    OrderState,
    Portion,
    SpecialDiet,
    Supplement,
    Texture,
    WasteCause,
)
from vardnara.apps.meals.queries.needs import DietLine
from vardnara.engines.diet.result import Reason

register = template.Library()

ALLERGENS = {
    "1": pgettext_lazy("allergen", "Gluten (cereals)"),
    "1.1": pgettext_lazy("allergen", "Wheat"),
    "1.2": pgettext_lazy("allergen", "Rye"),
    "1.3": pgettext_lazy("allergen", "Barley"),
    "1.4": pgettext_lazy("allergen", "Oats"),
    "1.5": pgettext_lazy("allergen", "Spelt"),
    "1.6": pgettext_lazy("allergen", "Khorasan wheat"),
    "2": pgettext_lazy("allergen", "Crustaceans"),
    "3": pgettext_lazy("allergen", "Egg"),
    "4": pgettext_lazy("allergen", "Fish"),
    "5": pgettext_lazy("allergen", "Peanuts"),
    "6": pgettext_lazy("allergen", "Soya"),
    "7": pgettext_lazy("allergen", "Milk"),
    "8": pgettext_lazy("allergen", "Nuts"),
    "8.1": pgettext_lazy("allergen", "Almond"),
    "8.2": pgettext_lazy("allergen", "Hazelnut"),
    "8.3": pgettext_lazy("allergen", "Walnut"),
    "8.4": pgettext_lazy("allergen", "Cashew"),
    "8.5": pgettext_lazy("allergen", "Pecan"),
    "8.6": pgettext_lazy("allergen", "Brazil nut"),
    "8.7": pgettext_lazy("allergen", "Pistachio"),
    "8.8": pgettext_lazy("allergen", "Macadamia"),
    "9": pgettext_lazy("allergen", "Celery"),
    "10": pgettext_lazy("allergen", "Mustard"),
    "11": pgettext_lazy("allergen", "Sesame"),
    "12": pgettext_lazy("allergen", "Sulphites"),
    "13": pgettext_lazy("allergen", "Lupin"),
    "14": pgettext_lazy("allergen", "Molluscs"),
}
PARTS = {
    DietPart.BASE: BaseDiet,
    DietPart.SPECIAL: SpecialDiet,
    DietPart.TEXTURE: Texture,
    DietPart.EXCLUSION: Exclusion,
    DietPart.PORTION: Portion,
    DietPart.FASTING: FastingRule,
    DietPart.SUPPLEMENT: Supplement,
    DietPart.AID: Aid,
}
NOTICES = {
    "stop_tray": pgettext_lazy("meal notice", "Stop the tray"),
    "stop_tray_sent": pgettext_lazy("meal notice", "Stop the tray. It is on its way to the patient"),
    "served_unsafe": pgettext_lazy(
        "meal notice", "The tray was just handed over, and the diet no longer allows it. Go there now"
    ),
    "substitute_needed": pgettext_lazy("meal notice", "Nothing fits. A substitute is needed"),
    "tray_for_gone": pgettext_lazy("meal notice", "Food is on its way to a patient who is not here"),
    "tray_for_fasting": pgettext_lazy("meal notice", "Food is on its way to a patient who is fasting"),
    "tray_moved": pgettext_lazy("meal notice", "The tray was made for another place"),
    "held_too_late": pgettext_lazy("meal notice", "The meal was held, and the kitchen has closed. Ask for a late tray"),
    "back_after_deadline": pgettext_lazy("meal notice", "The patient stays. Ask the kitchen whether there is time"),
    "tray_asked": pgettext_lazy("meal notice", "The record system asks for a tray. Order it if it is needed"),
    "diet_unknown": pgettext_lazy("meal notice", "The patient orders, and the diet is not known. Order a diet"),
    "dish_replaced": pgettext_lazy("meal notice", "Another dish was ordered instead"),
}
CAUSES = {
    "discharged": WasteCause.DISCHARGED.label,
    "moved": WasteCause.MOVED.label,
    "fasting": WasteCause.FASTING.label,
    "away": WasteCause.AWAY.label,
    "wrong_diet": pgettext_lazy("meal reason", "the diet was changed"),
    "kitchen": pgettext_lazy("meal reason", "the dish was changed"),
    "nothing_fits": pgettext_lazy("meal reason", "no dish fits"),
    "not_wanted": pgettext_lazy("meal reason", "not wanted"),
}


@register.filter
def allergen_name(code: str) -> str:
    """An allergen by its code."""
    return str(ALLERGENS.get(code, code))


def code_name(code: str) -> str:
    """A diet, texture or flag by its code; one that nobody has a word for stays as it is."""
    for choices in (BaseDiet, SpecialDiet, Texture, Exclusion):
        if code in choices.values:
            return str(choices(code).label)
    return code


@register.filter
def reason_text(reason: Reason | str) -> str:
    """Why a dish is not for a patient, as one would say it."""
    code, _, detail = reason.partition(":") if isinstance(reason, str) else (reason.code, ":", reason.detail)
    if code == "allergen":
        return pgettext("diet reason", "contains %(what)s") % {"what": allergen_name(detail).lower()}
    if code == "may_contain":
        return pgettext("diet reason", "may contain %(what)s") % {"what": allergen_name(detail).lower()}
    if code == "unknown":
        what = allergen_name(detail) if detail in ALLERGENS else code_name(detail)
        return pgettext("diet reason", "not known whether it contains %(what)s") % {"what": what.lower()}
    if code == "texture":
        return pgettext("diet reason", "not verified as %(what)s") % {"what": code_name(detail).lower()}
    if code == "iddsi":
        return pgettext("diet reason", "not verified for IDDSI %(what)s") % {"what": detail}
    if code == "diet":
        if detail == "unknown":
            return pgettext("diet reason", "the patient's diet is not known")
        return pgettext("diet reason", "not for the diet %(what)s") % {"what": code_name(detail).lower()}
    if code == "excluded":
        return pgettext("diet reason", "contains %(what)s") % {"what": code_name(detail).lower()}
    if code == "fasting":
        return pgettext("diet reason", "the patient is fasting")
    return str(CAUSES.get(code, code))


@register.filter
def line_text(line: DietLine) -> str:
    """A part of a diet in few words."""
    if not line.code:
        return line.text
    if line.part == DietPart.ALLERGEN:
        name = allergen_name(line.code)
        return pgettext("diet", "%(what)s (traces tolerated)") % {"what": name} if line.traces_tolerated else name
    if line.part == DietPart.IDDSI:
        return f"IDDSI {line.code}"
    if line.part == DietPart.FLUID:
        return pgettext("diet", "Drinks IDDSI %(level)s") % {"level": line.code}
    return str(PARTS[DietPart(line.part)](line.code).label)


@register.filter
def part_name(part: str) -> str:
    """A part of a diet by its name."""
    return str(DietPart(part).label)


@register.filter
def notice_text(code: str) -> str:
    """What a notice says."""
    return str(NOTICES.get(code, code))


@register.filter
def cause_text(code: str) -> str:
    """Why an order is held, stopped or cancelled."""
    return str(CAUSES.get(code, code))


@register.filter
def meal_name(meal: str) -> str:
    """A meal by its name."""
    return str(MealKind(meal).label) if meal in MealKind.values else meal


@register.filter
def state_name(state: str) -> str:
    """What has become of an order."""
    return str(OrderState(state).label)


@register.filter
def origin_name(origin: str) -> str:
    """Who ordered."""
    return str(OrderOrigin(origin).label)


@register.filter
def portion_name(portion: str) -> str:
    """The size of a portion."""
    return str(Portion(portion).label)


@register.filter
def place_parts(place: str) -> tuple[str, str]:
    """Room and bed of a place that is written with a colon between."""
    room, _, bed = place.partition(":")
    return room, bed


@register.filter
def source_name(source: str) -> str:
    """Where a part of a diet came from."""
    return str(DietSource(source).label)
