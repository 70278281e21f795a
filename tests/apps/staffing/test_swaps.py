"""Swaps: offered, answered, approved, each step held against the rules; what can happen in any order."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies.refusals import refused
from tests.strategies.rostered import DAY, FIRST, Rostered, rostered_set
from tests.strategies.stage import AT, stage_set

from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.staffing.choices import SWAP_OPEN
from vardnara.apps.staffing.models import Roster, RosterChange, RosterShift, ShiftOffer, Wish, WorkedTime
from vardnara.apps.staffing.queries.roster_period import roster_rows
from vardnara.apps.staffing.queries.swaps import offering, offers_waiting, own_offers
from vardnara.apps.staffing.services import swaps
from vardnara.apps.staffing.services.demo_schedule import demo_schedule_load
from vardnara.apps.staffing.services.people import leave_add
from vardnara.kernel.errors import RuleBroken

LINES = {("ann", 0): "D", ("ann", 2): "K", ("bo", 1): "K", ("bo", 4): "D", ("cia", 0): "K", ("head", 3): "D"}


@pytest.fixture
def cast(db: None, settings: Any) -> Rostered:
    settings.DEMO = True
    return rostered_set(stage_set())


def make(cast: Rostered, roster: Roster, day: int, back: int | None = None, giver: str = "ann", taker: str = "bo"):  # type: ignore[no-untyped-def]
    return swaps.offer_make(
        roster_id=roster.pk,
        on=roster.first_on + day * DAY,
        taker_id=cast.people[taker].pk,
        back_on=roster.first_on + back * DAY if back is not None else None,
        actor=cast.user(giver),
        at=AT,
    )


def held(roster: Roster) -> set[tuple[str, int, str]]:
    rows = RosterShift.objects.filter(roster=roster, in_force=True)
    return {
        (name.lower(), (on - roster.first_on).days, code)
        for name, on, code in rows.values_list("person__name", "on", "kind__code")
    }


def test_given_away_with_both_and_the_manager(cast: Rostered) -> None:
    """Asked, yes, approved: the shift is the colleague's, and the change says that it was a swap."""
    roster = cast.published(LINES)
    offer = make(cast, roster, 0)
    assert swaps.offer_answer(offer_id=offer.pk, accepts=True, actor=cast.user("bo"), at=AT).state == "accepted"
    assert ("ann", 0, "D") in held(roster), "nothing moves before the manager"
    assert [one.id for one in offers_waiting(actor=cast.manager, at=AT)] == [offer.pk]
    done = swaps.offer_decide(offer_id=offer.pk, approves=True, actor=cast.manager, at=AT)
    assert done.state == "done"
    assert held(roster) == {(*key, code) for key, code in LINES.items()} - {("ann", 0, "D")} | {("bo", 0, "D")}
    assert set(RosterChange.objects.filter(batch=done.batch).values_list("cause", "was_published")) == {("swap", True)}


def test_exchanged_at_once_where_the_group_says_so(cast: Rostered) -> None:
    """With the group's rule the second yes is the last; an exchange moves both, on one day or two."""
    roster = cast.published(LINES | {("bo", 0): "K"})
    swaps.swap_rule_set(group_id=cast.group.pk, at_once=True, actor=cast.manager, at=AT)
    for day, back in ((2, 4), (0, 0)):
        offer = make(cast, roster, day, back)
        assert swaps.offer_answer(offer_id=offer.pk, accepts=True, actor=cast.user("bo"), at=AT).state == "done"
    assert {("ann", 4, "D"), ("bo", 2, "K"), ("ann", 0, "K"), ("bo", 0, "D")} <= held(roster)


def test_refused_with_the_named_rule_at_each_step(cast: Rostered) -> None:
    """An evening before a day is refused when offered; what becomes unlawful later is refused later."""
    roster = cast.published(LINES)
    cast.give(roster, {("bo", 2): "", ("bo", 3): "D"})
    with pytest.raises(RuleBroken) as broken:
        make(cast, roster, 2)
    assert (broken.value.code, broken.value.detail) == ("swap_breaks_rules", "daily_rest_day,daily_rest_gap")
    cast.give(roster, {("bo", 3): ""})
    offer = make(cast, roster, 2)
    cast.give(roster, {("bo", 3): "D"})
    before = held(roster)
    with refused("swap_breaks_rules"):
        swaps.offer_answer(offer_id=offer.pk, accepts=True, actor=cast.user("bo"), at=AT)
    cast.give(roster, {("bo", 3): ""})
    swaps.offer_answer(offer_id=offer.pk, accepts=True, actor=cast.user("bo"), at=AT)
    cast.give(roster, {("bo", 3): "D"})
    with refused("swap_breaks_rules"):
        swaps.offer_decide(offer_id=offer.pk, approves=True, actor=cast.manager, at=AT)
    assert held(roster) == before
    offered = offering(
        actor=cast.user("ann"), roster_id=roster.pk, on=FIRST + 2 * DAY, colleague_id=cast.people["bo"].pk, at=AT
    )
    assert offered.choices[0].rules == ("daily_rest_day", "daily_rest_gap")


def test_who_may_and_when(cast: Rostered) -> None:
    """Only the asked one answers, only the giver takes back, nobody approves their own, and not after it began."""
    roster = cast.published(LINES)
    offer = make(cast, roster, 0)
    with refused("unknown_offer"):
        swaps.offer_answer(offer_id=offer.pk, accepts=True, actor=cast.user("ann"), at=AT)
    with refused("unknown_offer"):
        swaps.offer_withdraw(offer_id=offer.pk, actor=cast.user("bo"), at=AT)
    with refused("swap_open_already"):
        make(cast, roster, 0, 1)
    with refused("swap_taker_signs_in"):
        make(cast, roster, 2, taker="cia")
    with refused("unknown_person"):
        make(cast, roster, 2, taker="ann")
    with refused("unknown_shift"):
        make(cast, roster, 1)
    cast.give(roster, {("bo", 2): "K"})
    with refused("swap_same"):
        make(cast, roster, 2, 2)
    cast.give(roster, {("bo", 2): ""})
    cast.give(roster, {("bo", 2): "K"})
    with refused("swap_works_already"):
        make(cast, roster, 2)
    cast.give(roster, {("bo", 2): ""})
    late = AT.replace(month=3, day=23)
    with refused("swap_expired"):
        swaps.offer_answer(offer_id=offer.pk, accepts=True, actor=cast.user("bo"), at=late)
    assert [one.state for one in own_offers(actor=cast.user("ann"), at=late)] == ["expired"]
    assert swaps.offers_expire(at=late) == 1
    with refused("offer_closed"):
        swaps.offer_withdraw(offer_id=offer.pk, actor=cast.user("ann"), at=AT)
    own = make(cast, roster, 3, giver="head")
    swaps.offer_answer(offer_id=own.pk, accepts=True, actor=cast.user("bo"), at=AT)
    with refused("own_swap"):
        swaps.offer_decide(offer_id=own.pk, approves=True, actor=cast.planner, at=AT)
    with refused("words_missing"):
        swaps.offer_decide(offer_id=own.pk, approves=False, actor=cast.manager, at=AT)
    for who in (cast.stage.outsider, cast.user("bo"), cast.stage.users["auditor"]):
        with refused("wrong_role"):
            swaps.offer_decide(offer_id=own.pk, approves=True, actor=who, at=AT)
    Scope.objects.filter(user=cast.manager).update(hospital=cast.stage.foreign.room.ward.division.hospital)
    foreign = User.objects.get(pk=cast.manager.pk)
    with refused("unknown_offer"):
        swaps.offer_decide(offer_id=own.pk, approves=True, actor=foreign, at=AT)


def test_whose_turn_it_is(cast: Rostered) -> None:
    """The head of unit waits for the colleague's yes and approves none in which they are that colleague; the group's
    rule is a head's to set; at the very instant at which a shift begins it is too late.
    """
    roster = cast.published(LINES)
    offer = make(cast, roster, 0, taker="head")
    for approves in (True, False):
        with refused("offer_closed"):
            swaps.offer_decide(offer_id=offer.pk, approves=approves, actor=cast.manager, at=AT, reason="nej")
    swaps.offer_answer(offer_id=offer.pk, accepts=True, actor=cast.planner, at=AT)
    with refused("own_swap"):
        swaps.offer_decide(offer_id=offer.pk, approves=True, actor=cast.planner, at=AT)
    with refused("wrong_role"):
        swaps.swap_rule_set(group_id=cast.group.pk, at_once=True, actor=cast.stage.users["coordinator"], at=AT)
    begins = offer.expires_at
    with refused("swap_expired"):
        swaps.offer_decide(offer_id=offer.pk, approves=True, actor=cast.manager, at=begins)
    assert swaps.offers_expire(at=begins - timedelta(seconds=1)) == 0
    assert swaps.offers_expire(at=begins) == 1


def test_the_same_kind_on_another_day_is_a_choice(cast: Rostered) -> None:
    """A day for a day: only the same shift of the same day is nothing to swap."""
    roster = cast.published(LINES | {("bo", 7): "D"})
    found = offering(actor=cast.user("ann"), roster_id=roster.pk, on=FIRST, colleague_id=cast.people["bo"].pk, at=AT)
    assert [(one.on, one.shift[:1]) for one in found.choices if one.on] == [
        (FIRST + DAY, "K"),
        (FIRST + 4 * DAY, "D"),
        (FIRST + 7 * DAY, "D"),
    ]


def test_a_shift_that_was_changed_is_not_swapped(cast: Rostered) -> None:
    """Either side's shift is another, or gone, by the time of the answer: it is told, and nothing moves."""
    roster = cast.published(LINES)
    given, back = make(cast, roster, 0), make(cast, roster, 2, 4)
    cast.give(roster, {("ann", 0): "K", ("bo", 4): ""})
    before = held(roster)
    for offer in (given, back):
        with refused("swap_changed"):
            swaps.offer_answer(offer_id=offer.pk, accepts=True, actor=cast.user("bo"), at=AT)
    assert held(roster) == before
    begun = AT.replace(month=3, day=25, hour=18)
    cast.give(roster, {("ann", 2): "", ("bo", 2): "K", ("ann", 4): "K"})
    past = make(cast, roster, 4, 2)
    assert past.expires_at < begun
    again = swaps.offer_make(
        roster_id=roster.pk, on=roster.first_on + 4 * DAY, taker_id=cast.people["head"].pk, actor=cast.user("ann"),
        at=begun,
    )  # fmt: skip
    past.refresh_from_db()
    assert (past.state, again.state) == ("expired", "asked")


def test_what_is_broken_already_forbids_no_swap(cast: Rostered) -> None:
    """A shift on a day of leave that was entered later stands there with or without the swap; one more is refused."""
    roster = cast.published(LINES)
    leave_add(
        person_id=cast.people["bo"].pk, kind="leave", from_on=FIRST + 4 * DAY, to_on=FIRST + 6 * DAY,
        actor=cast.planner, at=AT,
    )  # fmt: skip
    assert make(cast, roster, 0).state == "asked"
    cast.give(roster, {("ann", 5): "K"})
    with pytest.raises(RuleBroken) as broken:
        make(cast, roster, 5)
    assert (broken.value.code, "away" in broken.value.detail) == ("swap_breaks_rules", True)


def test_the_database_refuses(cast: Rostered) -> None:
    """A second open offer of a shift, a closed one that changes, one to oneself."""
    roster = cast.published(LINES)
    offer = make(cast, roster, 0)
    with pytest.raises(IntegrityError, match="staffing_offer_one_open"), transaction.atomic():
        ShiftOffer.objects.create(
            roster=roster, giver=offer.giver, on=offer.on, kind=offer.kind, taker=cast.people["cia"],
            expires_at=offer.expires_at, made_at=AT,
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="staffing_offer_to_another"), transaction.atomic():
        ShiftOffer.objects.filter(pk=offer.pk).update(taker=offer.giver)
    swaps.offer_withdraw(offer_id=offer.pk, actor=cast.user("ann"), at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        ShiftOffer.objects.filter(pk=offer.pk).update(note="annat")
    make(cast, roster, 0)


def test_the_pages_of_both_and_of_the_manager(cast: Rostered, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offered from the list, answered, approved; a rule that forbids it is named on the page."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    roster = cast.published(LINES)
    client = Client(headers={"accept-language": "en"})

    def as_(user: Any) -> Client:
        client.force_login(user)
        return client

    page = as_(cast.user("ann")).get("/mitt-schema/?fran=2026-03-23").text
    where = f"/mitt-schema/pass/{roster.pk}/2026-03-23/"
    assert where in page
    assert "Bo" in client.get(where).text
    assert "In exchange for" in client.get(f"{where}?kollega={cast.people['bo'].pk}").text
    sent = {"taker": cast.people["bo"].pk, "back_on": "2026-03-24", "note": "tandläkare"}
    assert "waits for the answer" in client.post(where, sent, follow=True).text
    offer = ShiftOffer.objects.get()
    cast.give(roster, {("bo", 0): "K"})
    asked = as_(cast.user("bo")).post(f"/mitt-schema/byten/{offer.pk}/ja/", follow=True).text
    assert "works that day already" in asked
    cast.give(roster, {("bo", 0): ""})
    assert "your manager approves" in client.post(f"/mitt-schema/byten/{offer.pk}/ja/", follow=True).text
    assert "tandläkare" in as_(cast.manager).get("/byten/").text
    assert "Approved" in client.post(f"/byten/{offer.pk}/", {"deed": "godkann"}, follow=True).text
    assert {("ann", 1, "K"), ("bo", 0, "D")} <= held(roster)
    assert as_(cast.user("bo")).post(f"/byten/{offer.pk}/", {"deed": "godkann"}).status_code == 403


def test_the_demo_s_worker_is_asked(cast: Rostered) -> None:
    """Wishes for the draft, a shift that can be taken by the rules, half an hour more; once."""
    roster = cast.published({("ann", 0): "D", ("ann", 10): "D", ("bo", 10): "D", ("bo", 11): "K"})
    cast.draft(first=FIRST + timedelta(weeks=4))
    at = AT + timedelta(days=20)
    hospital = cast.stage.ward.division.hospital_id
    assert demo_schedule_load(hospital_id=hospital, at=at)
    assert not demo_schedule_load(hospital_id=hospital, at=at)
    [asked] = own_offers(actor=cast.user("ann"), at=at)
    assert (asked.giver, asked.on, asked.state) == ("Bo", roster.first_on + 11 * DAY, "asked")
    assert Wish.objects.filter(person=cast.people["ann"]).count() == 2
    assert WorkedTime.objects.get().person_id == cast.people["ann"].pk


STEP = st.one_of(
    st.tuples(
        st.just("offer"),
        st.sampled_from(["ann", "bo", "head"]),
        st.sampled_from(["ann", "bo", "head"]),
        st.integers(0, 6),
        st.none() | st.integers(0, 6),
    ),
    st.tuples(st.sampled_from(["yes", "no", "back", "approve", "refuse"]), st.integers(0, 5)),
    st.tuples(
        st.just("plan"), st.sampled_from(["ann", "bo", "head"]), st.integers(0, 6), st.sampled_from(["D", "K", ""])
    ),
    st.tuples(st.just("later"), st.integers(1, 3)),
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, min_size=4, max_size=12))
def test_whatever_is_done_in_any_order(cast: Rostered, steps: list[Any]) -> None:
    """Swaps alone never break a rule nor lose or make a shift; what is closed stays; a done swap is a change."""
    with transaction.atomic():
        roster = cast.published(LINES | {("bo", 0): "K", ("head", 0): "D", ("head", 5): "K"})
        at, offers = AT + timedelta(days=17), []
        for step in steps:
            closed = {row.pk: row.state for row in ShiftOffer.objects.exclude(state__in=SWAP_OPEN)}
            before = Counter((day, code) for _, day, code in held(roster))
            try:
                with transaction.atomic():
                    at = _step(cast, roster, step, at, offers)
            except RuleBroken:
                pass
            if step[0] != "plan":
                assert Counter((day, code) for _, day, code in held(roster)) == before
            assert not roster_rows(roster).judgement.broken
            states = dict(ShiftOffer.objects.values_list("pk", "state"))
            assert all(states[pk] == state for pk, state in closed.items())
        for done in ShiftOffer.objects.filter(state="done"):
            assert RosterChange.objects.filter(batch=done.batch, cause="swap").exists()
        transaction.set_rollback(True)


def _step(cast: Rostered, roster: Roster, step: Any, at: Any, offers: list[int]) -> Any:
    deed, *rest = step
    if deed == "later":
        return at + timedelta(days=rest[0])
    if deed == "plan":
        name, day, code = rest
        cast.give(roster, {(name, day): code})
    elif deed == "offer":
        giver, taker, day, back = rest
        offer = swaps.offer_make(
            roster_id=roster.pk, on=roster.first_on + day * DAY, taker_id=cast.people[taker].pk,
            back_on=roster.first_on + back * DAY if back is not None else None, actor=cast.user(giver), at=at,
        )  # fmt: skip
        offers.append(offer.pk)
    elif offers:
        row = ShiftOffer.objects.select_related("giver__user", "taker__user").get(pk=offers[rest[0] % len(offers)])
        if deed in ("yes", "no"):
            swaps.offer_answer(offer_id=row.pk, accepts=deed == "yes", actor=row.taker.user, at=at)
        elif deed == "back":
            swaps.offer_withdraw(offer_id=row.pk, actor=row.giver.user, at=at)
        else:
            swaps.offer_decide(offer_id=row.pk, approves=deed == "approve", actor=cast.manager, at=at, reason="nej")
    return at
