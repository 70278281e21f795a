"""Makes the feed."""

from __future__ import annotations

from collections.abc import Iterator

from vardnara.engines.feed.arrivals import continuation, day_open, first_day, opening
from vardnara.engines.feed.data import FeedEvent, FeedOrder
from vardnara.engines.feed.params import FeedParams
from vardnara.engines.feed.result import FeedResult
from vardnara.engines.feed.world import World

DEFAULTS = FeedParams()


def feed_events(order: FeedOrder, params: FeedParams = DEFAULTS) -> Iterator[FeedEvent]:
    """Yield the feed in the order that it is sent, in memory that does not grow with its length.

    Parameters
    ----------
    order
        Hospital, start, length, seed.
    params
        Assumptions.

    Yields
    ------
    FeedEvent
        By ``sent_at``; a message sent twice has ``resent`` the second time.

    Notes
    -----
    Events are played in order of time, then of entry. Randomness comes from four generators seeded by the order's seed
    and a name, so the same order and parameters give the same feed on every machine.
    """
    world = World(order, params)
    continuation(world)
    if order.warm and not order.present:
        opening(world)
    world.at(world.start, day_open, first_day(world))
    return world.run()


def feed_build(order: FeedOrder, params: FeedParams = DEFAULTS) -> FeedResult:
    """Make the whole feed at once; see :func:`feed_events`, which suits long ones.

    Parameters
    ----------
    order
        Hospital, start, length, seed.
    params
        Assumptions.

    Returns
    -------
    FeedResult
        Events and what repeats them.
    """
    return FeedResult(tuple(feed_events(order, params)), order.seed, params.digest())
