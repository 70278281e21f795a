"""A plausible, seeded feed of a hospital's admissions, moves, leaves and discharges.

Everybody in it is invented. The feed exists to try, show and measure a system that receives ADT messages; it is no
model of a hospital's need (that is ``engines.twin``), and no figure that it yields says anything about real care.
"""

from vardnara.engines.feed.build import feed_build, feed_events
from vardnara.engines.feed.check import feed_check
from vardnara.engines.feed.data import (
    FeedBed,
    FeedEvent,
    FeedHospital,
    FeedOrder,
    FeedPatient,
    FeedPlace,
    FeedPresent,
    FeedVisit,
    FeedWard,
)
from vardnara.engines.feed.params import FeedParams
from vardnara.engines.feed.result import FeedResult

__all__ = [
    "FeedBed",
    "FeedEvent",
    "FeedHospital",
    "FeedOrder",
    "FeedParams",
    "FeedPatient",
    "FeedPlace",
    "FeedPresent",
    "FeedResult",
    "FeedVisit",
    "FeedWard",
    "feed_build",
    "feed_check",
    "feed_events",
]
