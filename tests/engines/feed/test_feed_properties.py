"""What holds for every feed of every hospital."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategies.feed import orders
from vardnara.engines.feed import FeedOrder, FeedParams, feed_check, feed_events

TROUBLE = FeedParams(
    wrong_admission_share=0.3,
    wrong_move_share=0.4,
    wrong_discharge_share=0.4,
    wrong_leave_share=0.5,
    wrong_registration_share=0.2,
    move_share=0.6,
    swap_share=0.6,
    leave_share=0.6,
    intensive_share=0.5,
    unknown_patient_share=0.3,
    closed_beds_per_day=0.5,
    order_withdrawn_share=0.5,
    planned_move_withdrawn_share=0.4,
    stay_median_days=1.5,
    late_record_share=0.3,
    delayed_share=0.3,
    resent_share=0.2,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(order=orders(days=6), params=st.sampled_from([FeedParams(), TROUBLE]))
def test_nobody_is_in_two_places_and_no_place_holds_too_many(order: FeedOrder, params: FeedParams) -> None:
    """The independent judge finds nothing, however odd the hospital and however much goes wrong."""
    assert feed_check(feed_events(order, params), order.hospital) == ()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(order=orders(days=3))
def test_same_order_same_feed(order: FeedOrder) -> None:
    """Nothing but the order decides what comes out."""
    assert list(feed_events(order, TROUBLE)) == list(feed_events(order, TROUBLE))
