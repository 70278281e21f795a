"""The one place where a rule that said no becomes a sentence in the reader's language."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.accounts.views.answers_meals import MEAL_TEXTS
from vardnara.apps.accounts.views.answers_staffing import STAFFING_TEXTS
from vardnara.kernel.errors import RuleBroken

TEXTS = (
    {
        "import_in_use": pgettext_lazy(
            "rule", "Something of it is in use, so it cannot be taken back. Change that first."
        ),
        "recipe_changed": pgettext_lazy(
            "rule", "Something in the recipe has changed since you looked at it. Look at it again."
        ),
        "recipe_undeclared": pgettext_lazy("rule", "Something in the recipe is not declared. Declare that first."),
        "not_diet_role": pgettext_lazy("rule", "Only a diet cook or dietitian may say what a dish contains."),
        "unknown_kitchen": pgettext_lazy("rule", "The kitchen does not exist."),
        "kitchen_unnamed": pgettext_lazy("rule", "Give the kitchen a code and a name."),
        "kitchen_code_taken": pgettext_lazy("rule", "Another kitchen has that code. Choose another."),
        "bad_service_form": pgettext_lazy("rule", "Choose how the food reaches the ward."),
        "ward_served_later": pgettext_lazy(
            "rule", "The ward has a later change of kitchen already. Choose a day after it."
        ),
        "unknown_meal": pgettext_lazy("rule", "Choose a meal of the list."),
        "meal_ends_before": pgettext_lazy("rule", "The meal ends before it begins. Change one of the times."),
        "deadline_after_meal": pgettext_lazy("rule", "The choice would close after the meal. Set an earlier time."),
        "bad_energy_share": pgettext_lazy(
            "rule", "Give the lowest and the highest share of the day's energy, at most 100 %."
        ),
        "unknown_ingredient": pgettext_lazy("rule", "The ingredient does not exist."),
        "unknown_allergen": pgettext_lazy("rule", "One of the allergens is not in the list of the EU."),
        "allergen_twice": pgettext_lazy(
            "rule", "An allergen stands in two lists. It is contained, may be, or is not known."
        ),
        "food_unnamed": pgettext_lazy("rule", "Give a code and a name."),
        "food_code_taken": pgettext_lazy("rule", "That code is taken. Choose another."),
        "bad_weight": pgettext_lazy("rule", "A weight is more than 0 grams."),
        "unknown_food": pgettext_lazy("rule", "That food is in no table that is in use."),
        "unknown_recipe": pgettext_lazy("rule", "The recipe does not exist."),
        "recipe_holds_itself": pgettext_lazy(
            "rule", "The recipe would hold itself, by way of another. Take that line out."
        ),
        "line_says_nothing": pgettext_lazy(
            "rule", "A line says nothing. Choose an ingredient or a recipe, or write what it is."
        ),
        "line_of_two": pgettext_lazy("rule", "A line is an ingredient or a recipe, not both."),
        "bad_food_amount": pgettext_lazy("rule", "An amount is 0 or more, with a unit."),
        "bad_size": pgettext_lazy("rule", "Servings, portion and yield are more than 0, or left empty."),
        "unknown_dish": pgettext_lazy("rule", "The dish does not exist."),
        "dish_is_nothing": pgettext_lazy("rule", "Say whether it is food or drink."),
        "dish_not_verified": pgettext_lazy("rule", "Every cell of the dish must be declared or verified first."),
        "unknown_texture": pgettext_lazy("rule", "Choose a diet, and a texture of the list."),
        "unknown_nutrient": pgettext_lazy("rule", "That is not a nutrient that is kept here."),
        "unknown_menu": pgettext_lazy("rule", "The menu does not exist."),
        "no_photo": pgettext_lazy("rule", "The dish has no photo. Load the page again."),
        "variant_unnamed": pgettext_lazy("rule", "A variant needs a name in letters, such as “utan sås”."),
        "variant_removes_absent": pgettext_lazy("rule", "A variant takes away only what is declared to be in it."),
        "unknown_variant": pgettext_lazy("rule", "The variant is not there any longer. Look at those that are."),
        "unknown_part": pgettext_lazy("rule", "The recipe has no such part. Choose one of its parts."),
        "declared_meanwhile": pgettext_lazy(
            "rule", "Somebody has said anew what is in it meanwhile. Look at what it says now, and try again."
        ),
        "variant_twice": pgettext_lazy("rule", "Two changes have the same code."),
        "menu_weeks_in_use": pgettext_lazy("rule", "There are dishes in the weeks that would go. Take them out first."),
        "no_such_day": pgettext_lazy("rule", "The menu has no such week or day."),
        "dish_twice": pgettext_lazy("rule", "The same dish stands twice in a meal."),
        "unknown_portion": pgettext_lazy("rule", "Choose at least one size of portion."),
        "bad_cycle": pgettext_lazy("rule", "A cycle has 1 to 26 weeks."),
        "menus_overlap": pgettext_lazy(
            "rule", "Another menu of the kitchen holds on some of those days. Change the dates."
        ),
        "not_open": pgettext_lazy("rule", "Somebody else has already taken this task. Choose another."),
        "not_owner": pgettext_lazy("rule", "The task belongs to somebody else. Take it first, or ask the coordinator."),
        "moved_meanwhile": pgettext_lazy(
            "rule", "Somebody else has moved the task meanwhile. The page shows who has it now."
        ),
        "marked_absent": pgettext_lazy(
            "rule", "You are marked as absent today. Ask the coordinator to take that back."
        ),
        "person_absent": pgettext_lazy("rule", "That person is absent today. Choose another."),
        "already_absent": pgettext_lazy("rule", "That person is marked as absent already."),
        "unknown_absence": pgettext_lazy("rule", "That absence is not there any more."),
        "looks_like_identity": pgettext_lazy(
            "rule", "That looks like a personal identity number. Write the place, never who lies there."
        ),
        "note_too_long": pgettext_lazy("rule", "That is too long. Shorten it."),
        "note_until_past": pgettext_lazy("rule", "Choose a date from today on, or none."),
        "note_on_what": pgettext_lazy("rule", "Say which ward, place or task the note is about."),
        "unknown_note": pgettext_lazy("rule", "The note is not there any more."),
        "not_your_note": pgettext_lazy("rule", "Somebody else wrote the note. Ask them, or the coordinator."),
        "handover_empty": pgettext_lazy("rule", "Write what the next one must know."),
        "own_handover": pgettext_lazy("rule", "You wrote it yourself. The next one says that it is read."),
        "unknown_handover": pgettext_lazy("rule", "The handover does not exist."),
        "not_a_request": pgettext_lazy("rule", "Only what the ward asked for can be cancelled here."),
        "is_running": pgettext_lazy("rule", "Somebody is at work on it. Say that it is to be paused and moved."),
        "wrong_state": pgettext_lazy("rule", "That cannot be done now. The page shows how it stands."),
        "unknown_task": pgettext_lazy("rule", "The task no longer exists."),
        "unknown_bed": pgettext_lazy("rule", "The bed place does not exist."),
        "out_of_scope": pgettext_lazy("rule", "That ward is outside what you may reach."),
        "no_scope": pgettext_lazy("rule", "You have no ward yet. Ask your administrator for access."),
        "wrong_role": pgettext_lazy("rule", "Your role may not do that."),
        "bad_input": pgettext_lazy("rule", "Something is missing or cannot be read. Try again."),
        "note_missing": pgettext_lazy("rule", "Write what you need."),
        "own_work": pgettext_lazy("rule", "Somebody else must inspect what you have done yourself."),
        "command_repeated": pgettext_lazy("rule", "That was already done."),
        "type_exists": pgettext_lazy("rule", "There is a kind of task with that code already."),
        "type_is_agreed": pgettext_lazy("rule", "An agreement speaks of it. End it there first."),
        "norm_without_source": pgettext_lazy("rule", "Say where the minutes come from. Nothing is saved."),
        "norm_out_of_order": pgettext_lazy("rule", "Low, typical and high must come in that order."),
        "norm_without_minutes": pgettext_lazy("rule", "Give the minutes each time, or for each unit."),
        "follows_itself": pgettext_lazy("rule", "A kind of task cannot wait for itself."),
        "unknown_type": pgettext_lazy("rule", "That kind of task is not in the catalogue."),
        "unknown_reason": pgettext_lazy("rule", "Choose one of the reasons."),
        "bad_minutes": pgettext_lazy("rule", "Give between 1 and 600 minutes."),
        "unknown_spillover": pgettext_lazy("rule", "That note is no longer there."),
        "unknown_priority": pgettext_lazy("rule", "Choose one of the priorities."),
        "unknown_kind": pgettext_lazy("rule", "Choose what you found."),
        "unknown_class": pgettext_lazy("rule", "Choose one of the contagion classes."),
        "unknown_user": pgettext_lazy("rule", "That person is not here any more. Choose another."),
        "unknown_message": pgettext_lazy("rule", "The message does not exist."),
        "sender_without_name": pgettext_lazy("rule", "Give the system a name."),
        "sender_exists": pgettext_lazy("rule", "There is a system with that name already."),
        "unknown_key": pgettext_lazy("rule", "The key is not there any more."),
        "unknown_sender": pgettext_lazy("rule", "The sending system does not exist."),
        "unknown_stay": pgettext_lazy("rule", "The patient is no longer in this bed. The page shows how it stands."),
        "place_is_confirmed": pgettext_lazy("rule", "The place is already confirmed."),
        "confirm_first": pgettext_lazy("rule", "Nobody has confirmed the place that you chose. Confirm it first."),
        "nobody_named_it": pgettext_lazy(
            "rule", "No message of that system names the place any more. Look at the list."
        ),
        "unknown_alias": pgettext_lazy("rule", "The mapping is already removed."),
        "same_place": pgettext_lazy("rule", "Choose another place than the one you map."),
        "still_refused": pgettext_lazy(
            "rule", "The message still cannot be read. Mend how the system is read, then try again."
        ),
        "later_events": pgettext_lazy(
            "rule", "More has happened to the patient since. Ask the record system to correct it."
        ),
        "nothing_to_cancel": pgettext_lazy("rule", "There is nothing to undo."),
        "already_settled": pgettext_lazy("rule", "Somebody has already decided about that."),
        "another_user": pgettext_lazy("rule", "Somebody else did that. It is sent when they sign in."),
        "points_left": pgettext_lazy(
            "rule", "Not everything is ticked. Tick what is done under My work, or say that it is done anyway."
        ),
        "signature_missing": pgettext_lazy("rule", "This task is signed when it is done. Do that under My work."),
        "not_on_duty": pgettext_lazy("rule", "You are not on duty. Begin the shift first."),
        "on_break": pgettext_lazy("rule", "You are on a break already."),
        "not_on_break": pgettext_lazy("rule", "You are not on a break."),
        "which_wards": pgettext_lazy("rule", "Choose at least one ward, or all."),
        "work_in_hand": pgettext_lazy("rule", "You still have work in hand. Say what becomes of it."),
        "word_missing": pgettext_lazy("rule", "Write a word to who goes on."),
        "bad_window": pgettext_lazy("rule", "Choose hours such as 07:00 to 16:00."),
        "question_over": pgettext_lazy("rule", "The question is over. Thank you all the same."),
        "too_many_questions": pgettext_lazy("rule", "Choose between one and six questions a shift."),
        "unknown_proposal": pgettext_lazy("rule", "The proposal does not exist."),
        "already_decided": pgettext_lazy("rule", "Somebody has already decided that. The page shows what."),
        "already_left": pgettext_lazy("rule", "The patient has already left."),
        "number_taken": pgettext_lazy("rule", "Another agreement of the hospital has that number. Choose another."),
        "bad_dates": pgettext_lazy("rule", "The dates do not fit: the end must come after the beginning."),
        "draft_exists": pgettext_lazy("rule", "There is a draft already. Finish it or throw it away first."),
        "draft_changed": pgettext_lazy("rule", "Somebody has changed the draft since you opened it. Look at it again."),
        "draft_is_half_signed": pgettext_lazy(
            "rule", "One side has signed the draft. It must take its signature back before anything is changed."
        ),
        "version_is_signed": pgettext_lazy("rule", "The version is signed and is never changed. Make a new version."),
        "no_lines": pgettext_lazy("rule", "The draft has no lines yet: there is nothing to sign."),
        "side_has_signed": pgettext_lazy("rule", "Your side has signed already."),
        "two_signers": pgettext_lazy("rule", "Two different people must sign."),
        "holes_unexplained": pgettext_lazy(
            "rule", "The agreement leaves things open. Write why it is signed all the same, or fill the holes."
        ),
        "later_version_signed": pgettext_lazy(
            "rule", "A version that begins later is signed already. Let this one begin after it."
        ),
        "already_ended": pgettext_lazy("rule", "The version that it would follow has already been ended."),
        "begins_in_the_past": pgettext_lazy(
            "rule", "The version before it has held until today. Let the new one begin today or later."
        ),
        "not_signer": pgettext_lazy("rule", "Only who signed can take the signature back."),
        "reason_missing": pgettext_lazy("rule", "Write why."),
        "bad_end": pgettext_lazy("rule", "Choose a day from today on, while the version holds."),
        "consultation_open": pgettext_lazy(
            "rule", "A transfer wrote this version, and its consultation is not reported closed. Nobody can sign yet."
        ),
        "transfer_drifted": pgettext_lazy(
            "rule", "The draft no longer says what the transfer says. Put it right, or throw it away and write it anew."
        ),
        "switch_not_ahead": pgettext_lazy("rule", "Choose a day from tomorrow on: a switch is at midnight."),
        "unknown_transfer": pgettext_lazy("rule", "The transfer does not exist."),
        "transfer_cancelled": pgettext_lazy("rule", "The transfer is cancelled. Make a new one."),
        "transfer_is_written": pgettext_lazy("rule", "The next version is written. Take that back first."),
        "transfer_has_items": pgettext_lazy("rule", "Take away what moves before you turn the direction."),
        "consultation_is_closed": pgettext_lazy(
            "rule", "What was consulted on stands still. Take the report of the consultation back first."
        ),
        "reference_missing": pgettext_lazy("rule", "Write where it is recorded that the consultation is closed."),
        "closed_in_future": pgettext_lazy("rule", "Choose the day on which it was closed, today at the latest."),
        "same_party": pgettext_lazy("rule", "Choose another party than the one it leaves."),
        "nothing_signed": pgettext_lazy("rule", "The agreement has nothing signed yet, so nothing can move."),
        "nothing_to_move": pgettext_lazy(
            "rule", "The agreement gives none of that to who hands over. Choose other tasks, wards, days or hours."
        ),
        "agreement_over": pgettext_lazy("rule", "The agreement has ended by then. Choose an earlier day."),
        "home_incomplete": pgettext_lazy("rule", "Say of what, who or what takes care of it, on which days and hours."),
        "not_your_step": pgettext_lazy("rule", "Only care's steps on your own wards are yours to tick."),
        "bad_picture": pgettext_lazy("rule", "The picture cannot be read. Send it as JPEG, PNG or WebP."),
        "picture_too_large": pgettext_lazy("rule", "The picture is too large. Send one of at most 8 megabytes."),
        "which_place": pgettext_lazy("rule", "Choose the ward that it is about."),
        "wrong_password": pgettext_lazy("rule", "That is not your password."),
        "bad_pin": pgettext_lazy("rule", "Choose six digits."),
        "weak_pin": pgettext_lazy("rule", "Others would guess that number first. Choose another."),
        "pins_differ": pgettext_lazy("rule", "The two numbers are not the same."),
        "bad_pin_or_person": pgettext_lazy("rule", "The number is wrong. Try again, or sign in with your password."),
        "pin_locked": pgettext_lazy(
            "rule", "Too many wrong numbers. Wait a quarter of an hour, or sign in with your password."
        ),
        "shared_tablet": pgettext_lazy(
            "rule", "Not on a shared tablet: others would read it. Use a device of your own."
        ),
        "tablet_name_missing": pgettext_lazy("rule", "Give the tablet a name, so that you know it again."),
        "choose_wards": pgettext_lazy("rule", "Choose at least one other ward."),
        "bad_list_number": pgettext_lazy("rule", "No list has that number. Look at the last digit, it tells a slip."),
        "unknown_list": pgettext_lazy("rule", "That list is not known, or its ward is outside what you may reach."),
        "unknown_row": pgettext_lazy("rule", "The list has no such row."),
        "found_where": pgettext_lazy("rule", "Say what was found, and at which place."),
        "finish_before_start": pgettext_lazy("rule", "The work cannot be finished before it began."),
        "time_unreadable": pgettext_lazy("rule", "Write a time such as 14:05."),
        "time_never_was": pgettext_lazy("rule", "That time does not exist: the clock was moved forward that night."),
        "time_twice": pgettext_lazy("rule", "The clock showed that twice that night. Say which."),
        "time_too_late": pgettext_lazy("rule", "The clock has not shown that since the list was printed."),
        "unknown_case": pgettext_lazy("rule", "That is no longer there."),
        "case_closed": pgettext_lazy("rule", "It has been settled meanwhile."),
        "case_taken": pgettext_lazy("rule", "Somebody else has taken it already."),
        "ladder_changed": pgettext_lazy(
            "rule", "Somebody else has changed the ladder since you opened it. Look at it again; nothing is saved."
        ),
        "ladder_without_steps": pgettext_lazy("rule", "The ladder has no level: nobody would be told. Add one."),
        "ladder_too_long": pgettext_lazy("rule", "The ladder may have eight levels."),
        "step_without_receiver": pgettext_lazy(
            "rule", "Say for each level whom it tells; the channel must reach them."
        ),
        "bad_email": pgettext_lazy("rule", "That is not an e-mail address."),
        "bad_address": pgettext_lazy(
            "rule", "The address must begin with https:// or http:// and have no password in it."
        ),
        "webhook_exists": pgettext_lazy("rule", "There is a receiver with that name already. Choose another."),
        "unknown_webhook": pgettext_lazy("rule", "The receiver is no longer in use."),
        "bad_subscription": pgettext_lazy("rule", "This browser's notifications cannot be used. Try another browser."),
        "no_device": pgettext_lazy("rule", "Turn notifications on in this browser first."),
        "same_file": pgettext_lazy("rule", "That very file is read in already. Nothing was changed."),
        "months_overlap": pgettext_lazy(
            "rule", "Months that are read in already are replaced whole: choose a file that holds all of them."
        ),
        "year_is_closed": pgettext_lazy("rule", "The year is closed. Write why the file comes late."),
        "nothing_in_file": pgettext_lazy("rule", "The file holds no cost, income or budget. Nothing was changed."),
        "import_does_not_add_up": pgettext_lazy(
            "rule", "What was stored does not sum to what was read. Nothing was changed; tell whoever runs the system."
        ),
        "month_not_over": pgettext_lazy("rule", "The month is not over yet. Issue it when it is."),
        "already_invoiced": pgettext_lazy("rule", "The month is issued already. Credit that invoice first."),
        "already_credited": pgettext_lazy("rule", "The invoice is credited already, or is a credit itself."),
        "nothing_to_invoice": pgettext_lazy(
            "rule", "Nothing is agreed and nothing was delivered, so there is no invoice."
        ),
        "unknown_measure": pgettext_lazy("rule", "Choose what the cost is of."),
        "unknown_unit": pgettext_lazy("rule", "The unit does not exist."),
        "unknown_account": pgettext_lazy("rule", "The account does not exist."),
        "unknown_adjustment": pgettext_lazy("rule", "The adjustment does not exist."),
        "already_withdrawn": pgettext_lazy("rule", "It is taken back already."),
        "bad_amount": pgettext_lazy("rule", "Write kronor with at most two decimals, and not 0."),
        "source_missing": pgettext_lazy("rule", "Write who decided it and where it stands."),
        "nothing_to_forecast": pgettext_lazy(
            "rule", "Nothing is booked from January on, so there is no forecast to keep."
        ),
        "nothing_to_close": pgettext_lazy("rule", "Nothing of that year is read in, so there is nothing to close."),
        "already_closed": pgettext_lazy("rule", "The year is closed already."),
        "no_address": pgettext_lazy("rule", "Save an e-mail address first."),
        "unknown_matter": pgettext_lazy("rule", "The case does not exist, or is outside what you may reach."),
        "unknown_line": pgettext_lazy("rule", "The row is not there any more. The page shows how it stands."),
        "analysis_is_settled": pgettext_lazy("rule", "That version is settled. Begin the next one to change it."),
        "analysis_is_open": pgettext_lazy("rule", "A version is being written already. Settle it first."),
        "analysis_is_empty": pgettext_lazy("rule", "The version has no risk yet. Write one first."),
        "not_on_scale": pgettext_lazy("rule", "Choose a step of the scale."),
        "action_without_owner": pgettext_lazy("rule", "Say who does it, and by when."),
        "indicator_without_threshold": pgettext_lazy(
            "rule", "A live figure needs the limit above which you assess again."
        ),
        "residual_incomplete": pgettext_lazy("rule", "Give both likelihood and severity of what is left."),
        "somebody_changed_it": pgettext_lazy(
            "rule", "Somebody else changed the case meanwhile. Look at what it says now, and save again."
        ),
        "unknown_index": pgettext_lazy("rule", "There is no such index."),
        "no_common_year": pgettext_lazy("rule", "The two indices have no year in common."),
        "unknown_register": pgettext_lazy("rule", "There is no such register."),
        "register_argument": pgettext_lazy("rule", "The register needs this, and cannot read what stands here."),
        "register_empty": pgettext_lazy("rule", "The register has nothing of this to read."),
        "case_is_decided": pgettext_lazy("rule", "It is decided, and what was decided stands still."),
        "case_is_executed": pgettext_lazy("rule", "It is carried out already."),
        "case_not_decided": pgettext_lazy("rule", "It is not decided yet."),
        "case_not_executed": pgettext_lazy("rule", "It is not carried out yet."),
        "registry_number_taken": pgettext_lazy("rule", "Another case has that registry number."),
        "registry_number_form": pgettext_lazy("rule", "The registry number is not in the form of the organisation."),
        "pattern_unreadable": pgettext_lazy("rule", "The form cannot be read."),
        "pattern_without_example": pgettext_lazy("rule", "Give at least one number that is in this form."),
        "example_not_in_form": pgettext_lazy("rule", "An example is not in this form."),
        "name_taken": pgettext_lazy("rule", "There is one with that name already."),
        "paragraph_taken": pgettext_lazy("rule", "That paragraph of that organ and year belongs to another decision."),
        "paragraph_in_future": pgettext_lazy("rule", "The day of the meeting has not come yet."),
        "paragraph_given": pgettext_lazy("rule", "The case has a paragraph of that organ and day already."),
        "case_is_withdrawn": pgettext_lazy("rule", "The case is withdrawn."),
        "organ_is_retired": pgettext_lazy("rule", "That organ is not in use any more."),
        "meeting_exists": pgettext_lazy("rule", "That organ has a meeting on that day already."),
        "on_agenda_already": pgettext_lazy("rule", "The case is on the agenda already."),
        "extract_was_sent": pgettext_lazy("rule", "An extract of it was sent. Take that back first."),
        "unknown_scale": pgettext_lazy("rule", "There is no such scale."),
        "scale_words": pgettext_lazy("rule", "Write three to five steps, one on each line, each another word."),
        "scale_words_english": pgettext_lazy("rule", "Write as many steps in English, or none."),
        "scale_limits": pgettext_lazy("rule", "Yellow must reach further than green, and not to the highest score."),
        "scale_red_severity": pgettext_lazy("rule", "Choose a step from the second on, or one more than the last."),
        "scale_action": pgettext_lazy("rule", "Choose a score of the scale."),
        "scale_colours_fall": pgettext_lazy("rule", "A cell is milder than one that is less likely or less severe."),
        "disagrees_why": pgettext_lazy("rule", "Say in your words why you do not agree."),
        "suggestion_answered": pgettext_lazy("rule", "The suggestion is answered already."),
        "indicator_elsewhere": pgettext_lazy("rule", "Choose a place of the hospital, together with a live figure."),
        "assignment_is_closed": pgettext_lazy("rule", "The assignment is closed. Take it up again first."),
        "report_missing": pgettext_lazy("rule", "Say first what came of it."),
        "redecision_exists": pgettext_lazy("rule", "A case that takes it again is there already."),
        "consultation_is_open": pgettext_lazy(
            "rule",
            "A consultation is open. Close it first; a decision before that must say why it cannot "
            "wait, and is not carried out before.",
        ),
        "not_consulted": pgettext_lazy(
            "rule", "It was not consulted on. Enter the consultation, or say why none is due."
        ),
        "nothing_to_decide": pgettext_lazy("rule", "Say what is to be decided first: the case has no proposal."),
        "decided_in_future": pgettext_lazy("rule", "The day of the decision has not come yet."),
        "executed_before_decided": pgettext_lazy(
            "rule", "It is carried out on the day of the decision or later, and not in the future."
        ),
        "promises_without_outcome": pgettext_lazy("rule", "Some promises have no outcome yet. Enter them first."),
        "held_before_called": pgettext_lazy("rule", "It was held before it was called. Look at the dates."),
        "not_held": pgettext_lazy("rule", "Say first when it was held."),
        "closed_before_held": pgettext_lazy(
            "rule", "It was closed on the day when it was held or later, and not in the future."
        ),
        "unknown_measure_row": pgettext_lazy("rule", "The measure does not exist, or is outside what you may reach."),
        "measure_without_label": pgettext_lazy("rule", "Say what the measure is."),
        "measure_ends_first": pgettext_lazy("rule", "The last day is before the first."),
        "short_without_year": pgettext_lazy("rule", "Kronor within a year need the year, and the year its kronor."),
        "moved_to_what": pgettext_lazy("rule", "Say what it is used for instead."),
        "not_in_money": pgettext_lazy(
            "rule", "What is not in money has no kronor. Choose another kind of benefit, or none."
        ),
        "unknown_status": pgettext_lazy("rule", "Choose one of the statuses."),
        "unknown_indicator": pgettext_lazy("rule", "Choose an indicator of this kind of measure."),
        "measure_must_wait": pgettext_lazy(
            "rule", "It cannot begin yet: what it waits for has not delivered what it promised."
        ),
        "measure_has_begun": pgettext_lazy("rule", "It has begun, and what was promised before that stands still."),
        "measure_not_begun": pgettext_lazy("rule", "It has not begun yet. Set its status first."),
        "measure_has_ended": pgettext_lazy("rule", "It has ended. Set another status first."),
        "promise_without_change": pgettext_lazy("rule", "Promise a change: the value is the one that it is before."),
        "bad_gate_share": pgettext_lazy("rule", "Give a share above 0, at most 100 %."),
        "gates_in_a_ring": pgettext_lazy("rule", "That measure waits for this one already."),
        "corrected_already": pgettext_lazy("rule", "That reading is corrected already. Correct the newer one."),
        "outcome_in_future": pgettext_lazy("rule", "The day of the outcome has not come yet."),
        "order_ends_before_it_begins": pgettext_lazy("rule", "The last day is before the first. Look at the dates."),
        "hours_booked_twice": pgettext_lazy("rule", "That is more hours than are left to book."),
        "hours_are_entered": pgettext_lazy("rule", "Those hours are in the ledger already, or the case has none."),
        "hours_taken_out": pgettext_lazy("rule", "Those hours are taken out of the ledger."),
        "hours_are_booked": pgettext_lazy("rule", "Some of the hours are booked. Take the bookings back first."),
        "basis_missing": pgettext_lazy("rule", "Say what freed the hours, and how it is known."),
        "booking_is_reversed": pgettext_lazy("rule", "The booking is taken back already, or takes one back itself."),
        "post_counted_twice": pgettext_lazy("rule", "That post is counted already, here or for other hours."),
        "post_not_ending": pgettext_lazy("rule", "Only a post that has an end in the register can have gone."),
        "post_has_fewer_hours": pgettext_lazy("rule", "The post has fewer hours a year than that."),
        "cash_without_price": pgettext_lazy("rule", "Say what an hour cost; the register does not know it."),
        "kronor_of_no_cash": pgettext_lazy("rule", "Only cash-released hours have a price or a post that went."),
        "to_what_missing": pgettext_lazy(
            "rule", "Say which post or agency hours went, or what the hours are used for."
        ),
        "order_covers_nothing": pgettext_lazy("rule", "Say what is tried: call-offs, hires, or both."),
        "order_without_level": pgettext_lazy("rule", "Give at least one level with somebody who decides."),
        "level_without_actor": pgettext_lazy("rule", "Each level needs a name, and a role or people who decide."),
        "level_limits": pgettext_lazy(
            "rule", "Each level but the last needs a limit, none lower than the one before; the last has none."
        ),
        "order_ends_already": pgettext_lazy("rule", "It ends on that day or before already."),
        "order_ended_backwards": pgettext_lazy("rule", "Something was asked under it. End it today or later."),
        "order_has_ended": pgettext_lazy(
            "rule", "The decision that it rests on has ended. It is asked anew under the next."
        ),
        "no_order_in_force": pgettext_lazy(
            "rule", "No decision says that this is tried today, so it needs no special review. It is kept as a draft."
        ),
        "beyond_order": pgettext_lazy(
            "rule",
            "The decision on special review ends before that day. Ask up to its last day, and for the rest later.",
        ),
        "period_is_over": pgettext_lazy("rule", "The period is over already."),
        "ends_before_it_begins": pgettext_lazy("rule", "It ends before it begins. Look at the dates."),
        "call_off_without_end": pgettext_lazy("rule", "A call-off needs a last day."),
        "hire_in_shifts": pgettext_lazy("rule", "A hire is counted in full-time posts."),
        "shift_without_hours": pgettext_lazy("rule", "Say how many hours a shift has."),
        "bad_quantity": pgettext_lazy("rule", "Give more than 0."),
        "unit_missing": pgettext_lazy("rule", "Choose a unit, or write which."),
        "request_is_asked": pgettext_lazy("rule", "It is sent already. Withdraw it and ask anew to change it."),
        "request_is_decided": pgettext_lazy("rule", "It does not wait any more. The page shows how it stands."),
        "not_your_request": pgettext_lazy("rule", "Somebody else wrote the request."),
        "own_request": pgettext_lazy("rule", "Nobody decides on a request of their own."),
        "not_your_level": pgettext_lazy("rule", "It waits for somebody else."),
        "decided_already": pgettext_lazy(
            "rule", "You have decided on it at a level below. Somebody else decides here."
        ),
        "no_question": pgettext_lazy("rule", "Nothing is asked any more. The page shows how it stands."),
        "words_missing": pgettext_lazy("rule", "Write why, so that whoever asked can understand it."),
        "limit_wider_quantity": pgettext_lazy("rule", "That is more than is asked or left."),
        "limit_wider_price": pgettext_lazy("rule", "That is a higher price than is asked or left."),
        "limit_wider_period": pgettext_lazy("rule", "That day is outside what is asked or left."),
        "approval_beyond_order": pgettext_lazy(
            "rule", "An approval is valid from today on, and no longer than the decision that it rests on."
        ),
        "approved_with_limits": pgettext_lazy("rule", "You have changed a limit: choose to approve with limits."),
        "limits_without_limit": pgettext_lazy(
            "rule", "No limit is narrower than what is asked: approve it, or set one."
        ),
        "nothing_to_follow": pgettext_lazy("rule", "It was granted as asked, so nothing came instead."),
        "nothing_costs_nothing": pgettext_lazy("rule", "Where nothing came instead there is no cost."),
    }
    | MEAL_TEXTS
    | STAFFING_TEXTS
)


def rule_text(code: str) -> str:
    """The sentence of a code; a code without one is named, so that whoever helps can find it."""
    known = TEXTS.get(code)
    if known is not None:
        return str(known)
    return pgettext("rule", "That is not allowed (%(code)s).") % {"code": code}


def rule_say(request: HttpRequest, error: RuleBroken) -> None:
    """Put the sentence of a broken rule on the next page."""
    messages.error(request, rule_text(error.code))
