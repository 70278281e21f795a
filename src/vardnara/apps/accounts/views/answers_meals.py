"""What rules of meals say, in the reader's language; part of ``answers.TEXTS``."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

MEAL_TEXTS = {
    "after_deadline": pgettext_lazy("rule", "The kitchen has closed for this meal. Ask for a late tray instead."),
    "too_late_for_late_tray": pgettext_lazy("rule", "It is too late also for a late tray. Call the kitchen."),
    "dish_blocked": pgettext_lazy("rule", "The dish is not safe for this patient. Choose another; the page says why."),
    "not_offered": pgettext_lazy("rule", "The dish is not on offer at that meal."),
    "nothing_picked": pgettext_lazy("rule", "Choose a dish."),
    "too_many_dishes": pgettext_lazy("rule", "That is more than fits on a tray."),
    "picked_twice": pgettext_lazy("rule", "Choose each dish once, and at most nine of it."),
    "order_is_on_its_way": pgettext_lazy("rule", "The ticket is printed, so the order can no longer be changed."),
    "meal_held": pgettext_lazy("rule", "The meal is held: the patient is fasting or away then."),
    "before_deadline": pgettext_lazy(
        "rule", "Patients can still choose. Wait for the deadline, or say that it is early."
    ),
    "meal_is_over": pgettext_lazy("rule", "The meal has been served."),
    "unknown_run": pgettext_lazy("rule", "There is no such printing."),
    "unknown_tray": pgettext_lazy("rule", "There is no such tray."),
    "tray_is_stopped": pgettext_lazy("rule", "The tray is stopped or has been served. Nothing is printed for it."),
    "no_tickets": pgettext_lazy("rule", "Every tray of this printing has been stopped. There is nothing to print."),
    "lock_needs_reason": pgettext_lazy("rule", "Say why the numbers are locked anew or opened."),
    "lock_seen_older": pgettext_lazy("rule", "Somebody else has locked or opened the meal meanwhile. Look again."),
    "not_locked": pgettext_lazy("rule", "The numbers are not locked."),
    "unknown_portion": pgettext_lazy("rule", "Choose a small, normal or large portion."),
    "no_such_meal": pgettext_lazy("rule", "The kitchen does not serve that meal."),
    "no_kitchen": pgettext_lazy("rule", "No kitchen cooks for this ward on that day."),
    "stay_ended": pgettext_lazy("rule", "The patient is no longer on the ward."),
    "unknown_step": pgettext_lazy("rule", "That is not done with a tray."),
    "unknown_order": pgettext_lazy("rule", "The order does not exist."),
    "not_code_mapper": pgettext_lazy("rule", "Only dietitians, physicians and diet cooks say what a code means."),
    "code_missing": pgettext_lazy("rule", "State the code that is to have a meaning."),
    "unknown_word": pgettext_lazy("rule", "That word is not there."),
    "unknown_meaning": pgettext_lazy("rule", "That meaning is not there any more."),
    "unknown_diet_part": pgettext_lazy("rule", "Choose which part of the diet it is."),
    "unknown_diet_code": pgettext_lazy("rule", "Choose one of the list."),
    "diet_ends_before_it_begins": pgettext_lazy("rule", "It ends before it begins, or has ended. Look at the times."),
    "traces_of_allergens_only": pgettext_lazy("rule", "Only of an allergen can traces be tolerated."),
    "wrong_profession": pgettext_lazy("rule", "Your profession may not order that part of a diet, or end it."),
    "unknown_restriction": pgettext_lazy("rule", "That part of the diet is not there any more."),
    "patient_may_not": pgettext_lazy("rule", "The patient can only add to what is avoided, and take that back."),
    "unknown_notice": pgettext_lazy("rule", "That is not there any more."),
    "ordering_not_open": pgettext_lazy("rule", "Ordering is not open at this place. Ask the staff."),
    "wrong_code": pgettext_lazy("rule", "That is not the code. Ask the staff."),
    "stay_without_bed": pgettext_lazy("rule", "The patient has no bed to order at."),
    "weighed_by_kitchen": pgettext_lazy("rule", "Waste of storage, preparation and cooking is weighed in the kitchen."),
    "weighed_in_future": pgettext_lazy("rule", "That day has not been. Look at the date."),
    "weighed_nothing": pgettext_lazy("rule", "The vessel weighs more than the scale shows. Look at both figures."),
    "weighed_too_much": pgettext_lazy("rule", "That is more than two tonnes. Is it kg or g?"),
    "weighed_together": pgettext_lazy(
        "rule",
        "Serving and plate waste of that meal are weighed together already, or apart: both would count twice. Take the"
        " other back first.",
    ),
    "unknown_weighing": pgettext_lazy("rule", "That weighing is not there any more, or taken back already."),
    "cost_without_source": pgettext_lazy("rule", "A cost needs an amount, and where it comes from."),
}
