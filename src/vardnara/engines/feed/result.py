"""A finished feed with what it was made from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from vardnara.engines.feed.data import FeedEvent

VERSION = "1"


@dataclass(frozen=True, slots=True)
class FeedResult:
    """Events in the order they are sent, and what repeats them.

    Parameters
    ----------
    events
        The feed.
    seed, params_digest, version
        Same three and the same order: the same events.
    """

    events: tuple[FeedEvent, ...]
    seed: int
    params_digest: str
    version: str = VERSION

    @property
    def by_code(self) -> dict[str, int]:
        """Messages by trigger event, resent ones included."""
        return dict(sorted(Counter(event.code for event in self.events).items()))
