"""Tags of the patient's own pages, whose words are not Django's translations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template

from vardnara.apps.meals.queries.patient_menu import PatientDish
from vardnara.engines.diet.codes import ALLERGENS, UNKNOWN_DIET, allergen_group
from vardnara.engines.diet.result import Reason
from vardnara.kernel.local_time import STOCKHOLM, local_date

register = template.Library()


@register.simple_tag
def fill(text: str, **words: Any) -> str:
    """A sentence with its places filled in."""
    return text.format(**words)


@register.filter
def of(words: dict[str, str], key: str) -> str:
    """A word by its code; one that nobody has a word for stays as it is."""
    return words.get(key, key)


@register.filter
def clock(at: datetime) -> str:
    """The time of day, as 14:05."""
    return f"{at.astimezone(STOCKHOLM):%H:%M}"


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], at: datetime) -> str:
    """When, as 14:05, with the day before it where that is not today."""
    t, now = context["t"], context["at"]
    days = local_date(at) - local_date(now)
    if days == timedelta(1):
        return f"{t['tomorrow']} {clock(at)}"
    return clock(at)


@register.simple_tag(takes_context=True)
def allergen_list(context: dict[str, Any], codes: tuple[str, ...]) -> str:
    """Allergens by name, one after the other."""
    comma = "، " if context["words"].code in ("ar", "fa") else ", "
    return comma.join(context["words"].allergens[code] for code in codes)


@register.simple_tag(takes_context=True)
def causes(context: dict[str, Any], dish: PatientDish) -> list[str]:
    """Why a dish is not for this patient, each cause once, as one would say it."""
    return list(dict.fromkeys(_cause(context, reason) for reason in dish.reasons))


def _cause(context: dict[str, Any], reason: Reason) -> str:
    t, words = context["t"], context["words"]
    what = words.exclusions.get(reason.detail, "")
    if reason.detail in ALLERGENS:
        what = words.allergens[allergen_group(reason.detail)]
    if reason.code in ("allergen", "excluded") and what:
        return str(t["reason_contains"]).format(what=what)
    if reason.code == "may_contain" and what:
        return str(t["reason_may"]).format(what=what)
    if reason.code == "unknown":
        return str(t["reason_unknown"]).format(what=what) if what else str(t["not_known"])
    if reason.code in ("texture", "iddsi"):
        return str(t["reason_texture"])
    if reason.code == "fasting":
        return str(t["reason_fasting"])
    return str(t["reason_diet_unknown" if reason.detail == UNKNOWN_DIET else "reason_diet"])
