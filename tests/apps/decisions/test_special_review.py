"""Special review: asked under a decision in force, tried level by level, narrowed and never widened."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from tests.apps.decisions.test_case_services import broken
from tests.strategies.reviews import CALL_OFF, HIRE, LAST, LEVELS, asked, draft, order_made
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import ReviewDecision, ReviewLevel, ReviewOrder, ReviewRequest
from vardnara.apps.decisions.queries.review_orders import order_list
from vardnara.apps.decisions.queries.review_statistics import statistics
from vardnara.apps.decisions.queries.reviews import queue, request_one
from vardnara.apps.decisions.services import Limits

AFTER = AT + timedelta(days=40)  # the decision has ended


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def decide(stage: Stage, request: ReviewRequest, who: str, outcome: str, at: Any = AT, **more: Any) -> ReviewRequest:
    words = {"words": "Skäl"} if outcome != "approved" else {}
    services.request_decide(request_id=request.pk, outcome=outcome, actor=stage.users[who], at=at, **(words | more))
    request.refresh_from_db()
    return request


def refused_by_database(act: Any, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        act()


WAYS_UP: list[tuple[dict[str, Any], int, str | None]] = [
    ({"quantity": Decimal(5)}, 1, "40000.00"),  # within both limits of the first level
    ({}, 2, "80000.00"),  # too dear for it
    ({"quantity": Decimal(5), "through_on": date(2026, 3, 23)}, 2, "40000.00"),  # a day more than two weeks
    ({"quantity": Decimal(100)}, 3, "800000.00"),
    ({"price_sek": None}, 3, None),  # what is not known goes all the way
    ({"price_sek": None, "quoted_sek": Decimal(30_000)}, 1, "30000.00"),
    ({"measure": "fte", "quantity": Decimal(2)}, 2, "153000.00"),  # 2 x 38.25 h x 2 weeks x 1,000 kr
]


def test_money_and_weeks_say_how_far_up_a_request_goes(stage: Stage) -> None:
    """DOMAIN 2.6: from the unit to the director's delegate, as far as its thresholds say."""
    order_made(stage)
    for more, top, cost in WAYS_UP:
        request = asked(stage, **more)
        assert (request.top_level, request.level) == (top, 1), more
        assert (None if request.cost_sek is None else str(request.cost_sek)) == cost


def test_a_request_goes_up_and_each_level_leaves_less(stage: Stage) -> None:
    """Limits narrow from level to level; what the last one leaves is what holds."""
    order_made(stage)
    request = asked(stage)
    decide(stage, request, "unit_manager", "limited", limits=Limits(quantity=Decimal(8)))
    assert (request.state, request.level) == ("asked", 2)
    who = {"request_id": request.pk, "actor": stage.users["decision_maker"], "at": AT}
    broken(
        "limit_wider_quantity",
        services.request_decide,
        outcome="limited",
        words="x",
        limits=Limits(quantity=Decimal(9)),
        **who,
    )
    broken("limits_without_limit", services.request_decide, outcome="limited", words="x", **who)
    broken(
        "approved_with_limits",
        services.request_decide,
        outcome="approved",
        limits=Limits(price_sek=Decimal(900)),
        **who,
    )
    limits = Limits(price_sek=Decimal(900), through_on=date(2026, 3, 20))
    decide(stage, request, "decision_maker", "limited", limits=limits)
    assert request.state == "limited"
    granted = request.decisions.get(level=2)
    assert (granted.quantity, granted.valid_through, str(granted.cost_sek)) == (8, date(2026, 3, 20), "57600.00")


def test_approving_what_a_lower_level_narrowed_is_a_limit_too(stage: Stage) -> None:
    order_made(stage)
    request = asked(stage)
    decide(stage, request, "unit_manager", "limited", limits=Limits(quantity=Decimal(8)))
    assert decide(stage, request, "decision_maker", "approved").state == "limited"
    assert (
        decide(stage, decide(stage, asked(stage), "unit_manager", "approved"), "decision_maker", "approved").state
        == "approved"
    )


def test_a_no_ends_it_at_any_level_and_says_why(stage: Stage) -> None:
    order_made(stage)
    request = asked(stage)
    who = {"request_id": request.pk, "actor": stage.users["unit_manager"], "at": AT}
    broken("words_missing", services.request_decide, outcome="refused", **who)
    assert decide(stage, request, "unit_manager", "refused").state == "refused"
    broken("request_is_decided", services.request_decide, outcome="approved", **who)


def test_who_decides(stage: Stage) -> None:
    """The role or the named people of the level; never on one's own, never twice on the same."""
    named = (services.LevelWords("Namngiven", user_ids=(stage.users["controller"].pk,)),)
    order_made(
        stage,
        levels=(
            services.LevelWords("A", role="unit_manager", up_to_sek=Decimal(1)),
            services.LevelWords("B", role="unit_manager", up_to_sek=Decimal(2)),
            *named,
        ),
    )
    own = asked(stage, "unit_manager")
    assert own.level == 3  # their own levels do not try it
    fields = {"outcome": "approved", "at": AT}
    broken("own_request", services.request_decide, request_id=own.pk, actor=stage.users["unit_manager"], **fields)
    request = asked(stage)
    broken("not_your_level", services.request_decide, request_id=request.pk, actor=stage.users["controller"], **fields)
    broken("unknown_matter", services.request_decide, request_id=request.pk, actor=stage.outsider, **fields)
    decide(stage, request, "unit_manager", "approved")
    broken(
        "decided_already", services.request_decide, request_id=request.pk, actor=stage.users["unit_manager"], **fields
    )
    assert not queue(actor=stage.users["unit_manager"], at=AT).to_decide


def test_named_people_decide_where_they_are_named(stage: Stage) -> None:
    order_made(stage, levels=(services.LevelWords("N", user_ids=(stage.users["controller"].pk,)),))
    request = asked(stage)
    assert [row.request.pk for row in queue(actor=stage.users["controller"], at=AT).to_decide] == [request.pk]
    assert not queue(actor=stage.users["decision_maker"], at=AT).to_decide
    assert decide(stage, request, "controller", "approved").state == "approved"


UNTRIED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"covers_agency": False}, {}, "no_order_in_force"),
    ({"categories": ("physician",)}, {}, "no_order_in_force"),
    ({"valid_through": date(2026, 3, 4)}, {}, "no_order_in_force"),
    ({"valid_from": date(2026, 3, 6)}, {}, "no_order_in_force"),
    ({"valid_through": date(2026, 3, 21)}, {}, "beyond_order"),
    ({}, {"from_on": date(2026, 3, 1), "through_on": date(2026, 3, 4)}, "period_is_over"),
]


def test_nothing_is_tried_where_no_decision_says_so(stage: Stage) -> None:
    """An expired decision tries nothing new, and a call-off ends with the decision that it rests on."""
    for order, words, code in UNTRIED:
        with transaction.atomic():
            order_made(stage, **order)
            made = draft(stage, **words)
            broken(code, services.request_ask, request_id=made.pk, actor=stage.users["service_head"], at=AT)
            transaction.set_rollback(True)


def test_a_decision_of_some_wards_is_theirs(stage: Stage) -> None:
    order_made(stage, ward_ids=(stage.other_ward.pk,))
    assert asked(stage, ward_id=stage.other_ward.pk).state == "asked"
    made = draft(stage)
    broken("no_order_in_force", services.request_ask, request_id=made.pk, actor=stage.users["service_head"], at=AT)


def test_a_hire_is_agreed_while_the_decision_is_in_force(stage: Stage) -> None:
    """The permission to hire ends with the decision; the employment does not."""
    order_made(stage)
    request = asked(stage, **HIRE, through_on=None, shift_hours=None)
    assert (str(request.cost_sek), request.top_level) == ("540000.00", 3)
    decide(stage, request, "unit_manager", "approved")
    decide(stage, request, "decision_maker", "limited", limits=Limits(through_on=date(2026, 9, 30)))
    who = {"request_id": request.pk, "actor": stage.users["administrator"], "at": AT}
    beyond = Limits(valid_through=LAST + timedelta(days=1))
    broken("approval_beyond_order", services.request_decide, outcome="limited", words="x", limits=beyond, **who)
    decide(stage, request, "administrator", "approved")
    granted = request.decisions.get(level=3)
    assert (granted.valid_through, granted.through_on) == (LAST, date(2026, 9, 30))
    assert request.state == "limited"


def test_nothing_is_approved_beyond_an_early_end(stage: Stage) -> None:
    """A decision that is ended early takes what waits with it; up to that day it still grants, shorter."""
    order, request = order_made(stage), asked(stage)
    ended = date(2026, 3, 15)
    services.review_order_end(
        order_id=order.pk, ended_on=ended, because="upphävt", actor=stage.users["decision_maker"], at=AT
    )
    who = {"request_id": request.pk, "actor": stage.users["unit_manager"], "at": AT, "words": "Skäl"}
    broken("approval_beyond_order", services.request_decide, outcome="approved", **who)
    services.request_decide(outcome="limited", limits=Limits(through_on=ended), **who)
    assert request.decisions.get().valid_through == ended


def test_questions_are_answered_and_do_not_stop_a_decision(stage: Stage) -> None:
    order_made(stage)
    request, who = asked(stage), stage.users["unit_manager"]
    services.request_question(request_id=request.pk, text="Har ni frågat poolen?", actor=who, at=AT)
    asker = stage.users["service_head"]
    assert [row.request.pk for row in queue(actor=asker, at=AT).to_answer] == [request.pk]
    services.request_answer(request_id=request.pk, text="Ja, i går.", actor=asker, at=AT)
    services.request_question(request_id=request.pk, text="Och M1?", actor=who, at=AT)
    assert decide(stage, request, "unit_manager", "approved").state == "asked"
    page = request_one(actor=asker, request_id=request.pk, at=AT)
    assert [event.what for event in page.events] == [
        "created",
        "asked",
        "question",
        "answer",
        "question",
        "decided_approved",
    ]


def test_what_nobody_decided_in_time_has_expired(stage: Stage) -> None:
    """And what was approved keeps its own limits."""
    order_made(stage)
    waits, done = asked(stage), asked(stage, quantity=Decimal(5))
    decide(stage, done, "unit_manager", "approved")
    who = {"request_id": waits.pk, "actor": stage.users["unit_manager"], "at": AFTER}
    broken("order_has_ended", services.request_decide, outcome="approved", **who)
    assert services.requests_expire(at=AT) == 0
    assert services.requests_expire(at=AFTER) == 1
    waits.refresh_from_db()
    done.refresh_from_db()
    assert (waits.state, done.state) == ("undecided", "approved")
    again = services.request_copy(request_id=waits.pk, actor=stage.users["service_head"], at=AFTER)
    assert (again.state, again.need, again.cost_sek) == ("draft", waits.need, waits.cost_sek)


def test_an_identity_number_is_not_written(stage: Stage) -> None:
    order_made(stage)
    for field in ("need", "tried_words", "consequence"):
        words = services.RequestWords(**(CALL_OFF | {"ward_id": stage.ward.pk, field: "19121212-1212 ska vikariera"}))
        broken(
            "looks_like_identity",
            services.request_save,
            request_id=None,
            words=words,
            actor=stage.users["service_head"],
            at=AT,
        )
    request = asked(stage)
    text = {"request_id": request.pk, "actor": stage.users["unit_manager"], "at": AT}
    broken("looks_like_identity", services.request_question, text="121212-1212?", **text)
    broken("looks_like_identity", services.request_decide, outcome="refused", words="121212-1212", **text)


def test_the_database_refuses_what_the_services_refuse(stage: Stage) -> None:
    """Whoever writes past the services meets the same rules."""
    order = order_made(stage)
    request = asked(stage)
    rows, who = ReviewRequest.objects.filter(pk=request.pk), stage.users["unit_manager"]

    def decision(**more: Any) -> Any:
        fields = {
            "request": request,
            "level": 1,
            "outcome": "approved",
            "quantity": 10,
            "price_sek": 1000,
            "through_on": request.through_on,
            "valid_through": request.through_on,
            "at": AT,
            "by": who,
        }
        return lambda: ReviewDecision.objects.create(**(fields | more))

    refused_by_database(decision(level=2), "in its turn")
    refused_by_database(decision(by=stage.users["service_head"]), "of their own")
    refused_by_database(decision(quantity=11), "only narrow")
    refused_by_database(decision(price_sek=1001), "only narrow")
    refused_by_database(decision(price_sek=None), "only narrow")
    beyond = LAST + timedelta(days=1)
    refused_by_database(decision(valid_through=beyond, through_on=beyond), "beyond the decision")
    refused_by_database(decision(valid_through=LAST), "own last day")
    refused_by_database(decision(at=AFTER), "has ended")
    refused_by_database(lambda: rows.update(state="approved"), "last level")
    refused_by_database(lambda: rows.update(level=2), "passed over")
    refused_by_database(lambda: rows.update(quantity=99), "not changed")
    refused_by_database(lambda: rows.update(state="draft"), "does not go")
    decide(stage, request, "unit_manager", "approved")
    refused_by_database(lambda: ReviewDecision.objects.update(quantity=1), "Cannot update")
    refused_by_database(decision(by=stage.users["controller"]), "in its turn")
    refused_by_database(decision(level=2), "decisions_review_person_decides_once")
    decide(stage, request, "decision_maker", "refused")
    refused_by_database(lambda: rows.update(state="approved"), "not changed")
    refused_by_database(lambda: ReviewOrder.objects.update(valid_through=beyond), "next one follows")
    refused_by_database(
        lambda: ReviewLevel.objects.create(order=order, number=4, label="x", role="administrator"), "not added"
    )


HALF: list[tuple[dict[str, Any], str]] = [
    ({"valid_through": date(2025, 1, 1)}, "order_ends_before_it_begins"),
    ({"covers_agency": False, "covers_hires": False}, "order_covers_nothing"),
    ({"levels": ()}, "order_without_level"),
    ({"levels": (services.LevelWords("x"),)}, "level_without_actor"),
    ({"levels": LEVELS[:2]}, "level_limits"),  # the last has a limit
    ({"levels": (LEVELS[1], LEVELS[0], LEVELS[2])}, "level_limits"),  # the second has less than the first
    ({"levels": (services.LevelWords("x", role="ward_staff"),)}, "bad_input"),
]


def test_half_a_decision_is_refused(stage: Stage) -> None:
    for more, code in HALF:
        broken(code, order_made, stage=stage, **more)


def test_what_ends_is_reminded_of_and_a_gap_is_shown(stage: Stage) -> None:
    """Doc S4: the earlier decision ends 2026-03-31 and the next is of April to June; 60, 30 and 7 days before."""
    first, who = order_made(stage), stage.users["auditor"]

    def stands(on: date) -> list[int | None]:
        return [row.reminder for row in order_list(actor=who, on=on).rows]

    assert [stands(day)[0] for day in (date(2026, 1, 29), date(2026, 1, 30), date(2026, 3, 1), date(2026, 3, 24))] == [
        None,
        60,
        30,
        7,
    ]
    (open_end, _) = order_list(actor=who, on=date(2026, 4, 2)).gaps
    assert (open_end.from_on, open_end.through_on) == (date(2026, 4, 1), None)
    agency = order_made(stage, covers_hires=False, valid_from=date(2026, 4, 1), valid_through=date(2026, 6, 30))
    assert stands(date(2026, 3, 24)) == [None, 7]  # hires are not followed yet
    order_made(stage, covers_agency=False, valid_from=date(2026, 4, 15), valid_through=date(2026, 6, 30))
    page = order_list(actor=who, on=date(2026, 5, 1))
    assert [(gap.kind, gap.from_on, gap.through_on) for gap in page.gaps] == [
        ("hires", date(2026, 4, 1), date(2026, 4, 14))
    ]
    services.review_order_end(
        order_id=agency.pk, ended_on=date(2026, 5, 1), because="upphävt", actor=stage.users["decision_maker"], at=AT
    )
    assert {row.order.pk: row.stands for row in order_list(actor=who, on=date(2026, 5, 2)).rows}[agency.pk] == "ended"
    assert first.last_on == LAST


def test_statistics_say_what_was_avoided_and_what_came_instead(stage: Stage) -> None:
    """Asked less granted where the cost is known, net only where it is known what came instead."""
    order_made(stage)
    head = stage.users["service_head"]
    granted = asked(stage, quantity=Decimal(5))
    decide(stage, granted, "unit_manager", "approved", AT + timedelta(hours=3))
    refused = asked(stage)
    decide(stage, refused, "unit_manager", "refused", AT + timedelta(hours=1))
    limited = asked(stage, quantity=Decimal(6))
    decide(stage, limited, "unit_manager", "limited", AT + timedelta(hours=2), limits=Limits(quantity=Decimal(5)))
    unknown = asked(stage, price_sek=None)
    decide(stage, unknown, "unit_manager", "refused", AT + timedelta(hours=4))
    asked(stage)
    for cost in (Decimal(99), Decimal(20_000)):  # the newest counts
        services.request_follow_up(
            request_id=refused.pk, instead="overtime", words="", cost_sek=cost, actor=head, at=AT + timedelta(days=1)
        )
    broken(
        "nothing_to_follow",
        services.request_follow_up,
        request_id=granted.pk,
        instead="nothing",
        words="",
        cost_sek=None,
        actor=head,
        at=AT,
    )
    found = statistics(actor=stage.users["auditor"], since=AT.date(), through=AT.date(), language="sv")
    total = found.total
    assert (total.n, total.n_refused, total.n_limited, total.n_unknown) == (4, 2, 1, 1)
    assert total.median_hours == Decimal("2.5")
    assert (str(total.asked_sek), str(total.granted_sek)) == ("168000.00", "80000.00")
    assert (str(total.avoided_sek), str(total.followed_sek)) == ("88000.00", "80000.00")
    assert (str(total.instead_sek), str(total.net_sek), str(total.unfollowed_sek)) == (
        "20000.00",
        "60000.00",
        "8000.00",
    )
    assert [(n, known) for _, n, known in found.instead] == [(1, 1)]
    assert {name for name, _ in found.groups["reason"].items()} == {"Vakant tjänst"}
    assert set(found.groups["month"]) == {"2026-03"}
