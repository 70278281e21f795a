"""What rules of posts and people say, in the reader's language; part of ``answers.TEXTS``."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

STAFFING_TEXTS = {
    "unknown_post": pgettext_lazy("rule", "The post does not exist, or is outside what you may reach."),
    "post_number_taken": pgettext_lazy("rule", "Another post has that number. Choose another."),
    "post_unnamed": pgettext_lazy("rule", "Give the post a number and a title."),
    "post_place_one": pgettext_lazy("rule", "A post is in a division, a ward or a pool: choose one of them."),
    "bad_share": pgettext_lazy("rule", "The share of full time is above 0 and at most 1."),
    "pay_negative": pgettext_lazy("rule", "Pay and overhead are 0 kronor or more."),
    "pay_without_year": pgettext_lazy("rule", "Say which year's pay it is."),
    "bad_charges": pgettext_lazy("rule", "Social charges are a share of pay, 0 to 1: 0.39 is 39 per cent."),
    "charges_without_basis": pgettext_lazy("rule", "Social charges and their basis go together."),
    "funding_without_party": pgettext_lazy("rule", "Say who pays."),
    "funding_overlaps": pgettext_lazy(
        "rule", "Two pay for the post at the same time. Let one end on the day before the other begins."
    ),
    "unknown_person": pgettext_lazy("rule", "The person does not exist, or is somebody whom others plan with."),
    "person_unnamed": pgettext_lazy("rule", "Give the person a staff number and a name."),
    "person_home_one": pgettext_lazy("rule", "A person belongs to a ward or to a pool: choose one of them."),
    "person_number_taken": pgettext_lazy("rule", "Somebody else has that staff number. Choose another."),
    "person_user_taken": pgettext_lazy("rule", "Somebody else signs in with that name. Choose another."),
    "unknown_measure": pgettext_lazy("rule", "Choose what full time is from the list."),
    "contract_post_twice": pgettext_lazy(
        "rule", "Two contracts at once are on the same post. Let one end before the other begins."
    ),
    "unknown_competence": pgettext_lazy("rule", "Choose a training of the list."),
    "training_twice": pgettext_lazy("rule", "Each training stands once."),
    "bad_availability": pgettext_lazy(
        "rule", "Say a weekday, and from when to when, or neither time for the whole day."
    ),
    "unknown_leave": pgettext_lazy("rule", "Those days away do not exist."),
    "leave_overlaps": pgettext_lazy(
        "rule", "The person is away on some of those days already. Take that back first, or choose others."
    ),
    "nothing_to_allocate": pgettext_lazy(
        "rule", "There is no work to lay posts out on: the catalogue or the wards are missing."
    ),
    "bad_allocation": pgettext_lazy("rule", "Choose whose work, and between 1 and 60 posts."),
    "allocation_under_way": pgettext_lazy(
        "rule", "A curve is being reckoned already. Wait until it is done, or stop it."
    ),
    "unknown_allocation": pgettext_lazy("rule", "The curve does not exist, or is outside what you may reach."),
    "allocation_ended": pgettext_lazy("rule", "The curve has ended already."),
    "unknown_group": pgettext_lazy("rule", "The roster group does not exist, or others plan with some of its people."),
    "group_unnamed": pgettext_lazy("rule", "Give the roster group a name."),
    "group_name_taken": pgettext_lazy("rule", "Another roster group has that name. Choose another."),
    "group_without_homes": pgettext_lazy("rule", "Choose at least one ward or pool for the roster group."),
    "home_in_other_group": pgettext_lazy(
        "rule", "One of the wards or pools is rostered in another group. Take it out there first."
    ),
    "bad_day_break": pgettext_lazy("rule", "The day-break is a time of the day, such as 20:00."),
    "kind_unnamed": pgettext_lazy("rule", "Give the shift a short code and a name."),
    "bad_shift_times": pgettext_lazy(
        "rule",
        "The times of the shift do not fit together: it ends after it begins, and breaks lie inside it, in order.",
    ),
    "shift_unlawful": pgettext_lazy(
        "rule", "Nobody may work that shift: at most five hours without a break, and thirteen hours of work in a day."
    ),
    "too_many_kinds": pgettext_lazy("rule", "The group has sixty shifts already. End one that is not used."),
    "unknown_kind": pgettext_lazy("rule", "The shift does not exist in this roster group."),
    "bad_need": pgettext_lazy("rule", "How many are needed is a whole number from 0 to 200."),
    "unknown_roster": pgettext_lazy("rule", "The roster does not exist, or others plan with some of its people."),
    "bad_roster_weeks": pgettext_lazy("rule", "A roster begins on a Monday and has 1 to 26 weeks."),
    "group_without_kinds": pgettext_lazy("rule", "The group has no shifts yet. Add them first."),
    "group_without_people": pgettext_lazy(
        "rule", "Nobody in the group's wards and pools is employed in those weeks. Add people and contracts first."
    ),
    "roster_discarded": pgettext_lazy("rule", "The draft has been discarded. Take it up again first."),
    "roster_not_discarded": pgettext_lazy("rule", "The roster has not been discarded."),
    "roster_not_draft": pgettext_lazy("rule", "The roster is no longer a draft."),
    "roster_breaks_rules": pgettext_lazy("rule", "That would break a rule that always holds. See what is marked."),
    "roster_overlaps": pgettext_lazy("rule", "Another roster of the group is published for some of those weeks."),
    "person_works_elsewhere": pgettext_lazy("rule", "The person works another shift at that time."),
    "notice_too_short": pgettext_lazy(
        "rule", "Fewer than ten days are left. Write why the roster is published so late."
    ),
    "member_has_shifts": pgettext_lazy("rule", "The person has shifts in the roster. Give them to others first."),
    "changed_since": pgettext_lazy("rule", "One of those days has been changed since. Change it by hand."),
    "day_is_over": pgettext_lazy("rule", "That day is over. Choose today or a day to come."),
    "day_far_ahead": pgettext_lazy("rule", "That day is more than sixty days ahead. Choose one that is nearer."),
    "bad_work": pgettext_lazy("rule", "The search goes on for 1 to 200,000 rounds."),
    "day_plan_under_way": pgettext_lazy("rule", "A plan of that day is being made already. Wait for it, or stop it."),
    "unknown_day_plan": pgettext_lazy("rule", "That plan of a day does not exist."),
    "has_next": pgettext_lazy("rule", "They have been given their next task already."),
    "not_given": pgettext_lazy("rule", "The day plan has not given that task, or somebody has begun it."),
    "not_ours": pgettext_lazy("rule", "By agreement that task is not ward service's."),
    "no_day_plan": pgettext_lazy("rule", "That day has no plan yet. Make one first."),
    "unknown_policy": pgettext_lazy("rule", "Choose one of the list."),
    "bad_seconds": pgettext_lazy("rule", "The search goes on for 1 to 600 seconds."),
    "run_under_way": pgettext_lazy("rule", "A search for this roster is under way already."),
    "unknown_run": pgettext_lazy("rule", "The search does not exist."),
    "run_ended": pgettext_lazy("rule", "The search has ended already."),
    "not_rostered": pgettext_lazy("rule", "You are not among those who are rostered here."),
    "wish_day_past": pgettext_lazy("rule", "Choose a day that is still to come."),
    "wish_day_published": pgettext_lazy(
        "rule", "That day is published already. Offer the shift to a colleague instead."
    ),
    "bad_wish": pgettext_lazy("rule", "Choose a day within a year, and how important it is."),
    "too_many_wishes": pgettext_lazy("rule", "You have sixty wishes already. Take one back first."),
    "unknown_wish": pgettext_lazy("rule", "The wish is not there any more."),
    "unknown_shift": pgettext_lazy("rule", "The shift is not there any more. Your schedule shows what holds."),
    "unknown_offer": pgettext_lazy("rule", "The offer is not there any more."),
    "offer_closed": pgettext_lazy("rule", "It is over already. The page shows how it ended."),
    "swap_taker_signs_in": pgettext_lazy(
        "rule", "The colleague does not sign in here and cannot answer. Ask whoever plans."
    ),
    "swap_expired": pgettext_lazy("rule", "It is too late: the shift has begun."),
    "swap_open_already": pgettext_lazy("rule", "You have offered that shift already. Take that back first."),
    "swap_works_already": pgettext_lazy("rule", "One of you works that day already."),
    "swap_same": pgettext_lazy("rule", "You have the same shift that day. There is nothing to swap."),
    "swap_changed": pgettext_lazy(
        "rule", "One of the shifts has been changed meanwhile. Look at the schedule, and ask anew."
    ),
    "swap_breaks_rules": pgettext_lazy("rule", "That swap is not allowed."),
    "worked_ahead": pgettext_lazy("rule", "Say it when the time has been worked, within a year."),
    "worked_times": pgettext_lazy("rule", "The times do not fit together: breaks lie between start and end, in order."),
    "worked_nothing": pgettext_lazy("rule", "Nothing was worked and nothing rostered. Say from when to when."),
    "absent_why": pgettext_lazy("rule", "Less was worked than rostered. Say why."),
    "extra_ordered": pgettext_lazy("rule", "More was worked than rostered. Say who ordered it."),
    "unknown_contract": pgettext_lazy("rule", "That contract is not there any more."),
    "unknown_worked": pgettext_lazy("rule", "That time is not there any more."),
    "worked_is_approved": pgettext_lazy("rule", "It is approved. Say what was otherwise, as a correction."),
    "own_time": pgettext_lazy("rule", "Nobody approves their own time. Another head of unit does."),
    "payroll_empty": pgettext_lazy("rule", "Nothing is approved in the month, so there is no file."),
    "calendar_too_often": pgettext_lazy("rule", "The calendar's address is read too often. Wait an hour."),
    "extra_beyond_cap": pgettext_lazy(
        "rule", "With these hours a cap on overtime or additional time is passed. See which, and say that you have."
    ),
    "unknown_payroll": pgettext_lazy("rule", "The file does not exist."),
    "own_swap": pgettext_lazy("rule", "Nobody approves a swap of their own. Another head of unit does."),
    "curve_without_point": pgettext_lazy("rule", "There is no such number of posts on the curve."),
    "curve_elsewhere": pgettext_lazy("rule", "The curve is of other wards than the group's."),
    "roster_not_published": pgettext_lazy("rule", "The roster is not published: change the draft."),
}
