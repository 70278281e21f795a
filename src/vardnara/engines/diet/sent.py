"""What another system says of a diet, as registers: the latest word on each thing holds, however late it came.

Messages arrive late, twice and out of order. Each thing that a system speaks of (an allergy list, one allergy, one diet
order) is a register of two halves, content and state, and each half keeps what was recorded last. The registers, and so
the diet, are the same in whatever order the messages come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

Kind = Literal["list", "item", "field", "order"]
State = Literal["active", "held", "ended"]
FASTING_WORDS = frozenset({"npo"})
"""Words that mean nothing by mouth wherever they come from: they only narrow, so nobody need confirm them (H-33)."""


@dataclass(frozen=True, slots=True)
class Coding:
    """One code as a system writes it: which system of codes, the code, its text."""

    system: str = ""
    code: str = ""
    text: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What it is looked up by: the code, else the text, without regard to case."""
        return self.system.strip().casefold(), " ".join((self.code or self.text).casefold().split())


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that was said. ``codings`` are different ways to say the same; ``note`` is free text beside it.

    ``use`` is what the word is about: ``allergy``, ``diet``, ``supplement`` or ``preference``.
    """

    use: str
    codings: tuple[Coding, ...]
    note: str = ""

    @property
    def label(self) -> str:
        """The word as people read it."""
        return next((one.text or one.code for one in self.codings if one.text or one.code), self.note)

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """The keys of all its codings."""
        return frozenset(one.key for one in self.codings)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "use": self.use,
            "codings": [[one.system, one.code, one.text] for one in self.codings],
            "note": self.note,
        }

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Word:
        """From what :meth:`to_json` gave."""
        return cls(kept["use"], tuple(Coding(*one) for one in kept["codings"]), kept["note"])


@dataclass(frozen=True, slots=True)
class Register:
    """What a system last said of one thing.

    Parameters
    ----------
    key
        The thing: the list, an allergy's or an order's number with its system.
    kind
        ``list`` takes the place of everything said of allergies before; ``item`` is one allergy; ``field`` the diet
        field of an admission; ``order`` a diet order.
    words, said_at
        Content, and when it was recorded; None: no content has come yet.
    state, state_at
        Whether it holds, and when that was recorded.
    replaces_at
        When an order was last given that takes the place of the earlier ones of its kind; None: never.
    group
        What such orders must share to take each other's place, such as the meals they are for.
    starts_at, ends_at
        When it holds, where that was said.
    """

    key: str
    kind: Kind
    words: tuple[Word, ...] = ()
    said_at: datetime | None = None
    state: State = "active"
    state_at: datetime | None = None
    replaces_at: datetime | None = None
    group: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What one message says of one thing. Without ``words`` it speaks of the state alone, without ``state`` of the
    content alone; ``replaces`` for a new order that takes the place of earlier ones (H-33).
    """

    key: str
    kind: Kind
    at: datetime
    words: tuple[Word, ...] | None = None
    state: State | None = None
    replaces: bool = False
    group: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def register_hear(register: Register, news: News) -> Register:
    """The register after the news; the same where something newer has been heard already. Ties go to what comes last.

    Parameters
    ----------
    register, news
        Of the same key.
    """
    heard = register
    if news.words is not None and (heard.said_at is None or news.at >= heard.said_at):
        heard = replace(
            heard,
            kind=news.kind,
            words=news.words,
            said_at=news.at,
            group=news.group,
            starts_at=news.starts_at,
            ends_at=news.ends_at,
        )
    if news.state is not None and (heard.state_at is None or news.at >= heard.state_at):
        heard = replace(heard, state=news.state, state_at=news.at)
    if news.replaces and (heard.replaces_at is None or news.at > heard.replaces_at):
        heard = replace(heard, replaces_at=news.at)
    return heard


def registers_hold(
    registers: Iterable[Register], *, stands_alone: Callable[[Register], bool] = lambda _: False
) -> list[tuple[Register, Word]]:
    """The words that hold of all that one source says of one patient.

    Parameters
    ----------
    registers
        Of one source and one patient (orders: of one stay).
    stands_alone
        Which orders neither take another's place nor give theirs up, as fasting does (H-33).

    Notes
    -----
    A list replaces what was said of allergies before it; an allergy that ends after the list is taken out of it by its
    code. An order gives way to the newest order of its group that was given after it was last said; a change to it says
    it anew. What has given way stays so when the newer order is cancelled: a diet that nobody confirms is not known.
    """
    known = [one for one in registers if one.said_at is not None]
    lists = [one for one in known if one.kind == "list"]
    since = max((one.said_at for one in lists if one.said_at is not None), default=None)
    held: list[tuple[Register, Word]] = []
    items = [one for one in known if one.kind == "item" and not _before(one, since)]
    changed = {key for one in items for word in one.words for key in word.keys}
    for one in lists:
        if one.said_at == since and one.state == "active":
            held += [(one, word) for word in one.words if not word.keys & changed]
    held += [(one, word) for one in items if one.state == "active" for word in one.words]
    held += [(one, word) for one in known if one.kind == "field" and one.state == "active" for word in one.words]
    orders = [one for one in known if one.kind == "order"]
    newest: dict[str, datetime] = {}
    for one in orders:
        if one.replaces_at is not None and not stands_alone(one):
            newest[one.group] = max(one.replaces_at, newest.get(one.group, one.replaces_at))
    for one in orders:
        replaced = one.replaces_at is not None and not stands_alone(one) and _before(one, newest.get(one.group))
        if one.state == "active" and not replaced:
            held += [(one, word) for word in one.words]
    return held


def _before(register: Register, at: datetime | None) -> bool:
    """Whether a thing was last said before an instant."""
    last = max(moment for moment in (register.said_at, register.state_at) if moment is not None)
    if register.kind == "order":
        assert register.said_at is not None
        last = register.said_at
    return at is not None and last < at
