"""A live feed's times: hospital life runs fast, the times in its messages are those of sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from strategies.feed import hospital_make
from vardnara.config.command.feed import event_retime, lively_start
from vardnara.engines.feed import FeedOrder, feed_events
from vardnara.kernel.local_time import STOCKHOLM

OPENED = datetime(2026, 11, 22, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize("hours", range(0, 24 * 9, 5))
def test_a_demo_opens_on_the_latest_tuesday_morning(hours: int) -> None:
    """Whenever it is shown, patients are about to leave."""
    at = OPENED + timedelta(hours=hours)
    start = lively_start(at)
    assert start <= at < start + timedelta(days=7, hours=1)
    assert start.astimezone(STOCKHOLM).strftime("%a %H:%M") == "Tue 09:45"


def test_no_message_is_from_the_future_and_order_and_lengths_are_kept() -> None:
    """People tap on the same boards at their own speed and are not overtaken."""
    start = lively_start(OPENED)
    events = list(feed_events(FeedOrder(hospital_make(), start, 5, 1)))
    moved = [event_retime(event, start, 20, OPENED) for event in events]
    for before, after in zip(events, moved, strict=True):
        assert after.effect_at <= after.recorded_at <= after.sent_at
        if before.sent_at > start:
            assert timedelta(0) <= after.sent_at - OPENED <= (before.sent_at - start) / 20
        else:
            assert before.sent_at - start == after.sent_at - OPENED
    assert [event.sent_at for event in moved] == sorted(event.sent_at for event in moved)
    assert event_retime(events[-1], OPENED, 1, OPENED) is events[-1]
