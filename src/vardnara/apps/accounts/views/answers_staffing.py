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
}
