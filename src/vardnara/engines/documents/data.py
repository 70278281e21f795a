"""What documents say. Every text comes in the reader's language: nothing is translated here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault


@dataclass(frozen=True, slots=True)
class CardLine:
    """When a task is done: days in words, hours, and how often where it is not each of the days."""

    days: str
    hours: str
    often: str = ""
    quality: str = ""


@dataclass(frozen=True, slots=True)
class CardTask:
    """A task of the card's reader.

    Parameters
    ----------
    name
        What it is.
    lines
        When, in the order of the day.
    minutes
        How long, in words; empty where nobody knows.
    confidence
        How well that is known, in words; never empty beside minutes.
    checklist
        What belongs to it.
    """

    name: str
    lines: tuple[CardLine, ...]
    minutes: str = ""
    confidence: str = ""
    checklist: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ElsewhereTask:
    """A task that is not the reader's at some hours, and whose it is then."""

    name: str
    when: str
    whose: str


@dataclass(frozen=True, slots=True)
class CardWords:
    """The fixed words of a card."""

    when: str
    how_long: str
    not_yours: str
    contact: str
    live: str
    nothing: str


@dataclass(frozen=True, slots=True)
class FunctionCard:
    """A function card (funktionskort): what one party does on one ward.

    Parameters
    ----------
    title, subtitle
        The party and the ward.
    agreed
        Which agreement and from when, in words.
    tasks
        What is the reader's, in the order in which it is to be read.
    elsewhere
        What is not.
    contact
        Whom to ask.
    address
        Where the card as it is today is shown; becomes a QR code.
    words
        The fixed words.
    language
        Code of the language, such as ``sv``.
    as_of
        When the card was drawn (aware).

    Raises
    ------
    InputError
        A title, the address or the language is empty, or minutes are told without how well they are known.
    """

    title: str
    subtitle: str
    agreed: str
    tasks: tuple[CardTask, ...]
    elsewhere: tuple[ElsewhereTask, ...]
    contact: str
    address: str
    words: CardWords
    language: str
    as_of: datetime

    def __post_init__(self) -> None:
        faults = [
            Fault("function card", name, "empty", "text")
            for name in ("title", "subtitle", "address", "language")
            if not getattr(self, name)
        ]
        faults += [
            Fault("function card", task.name, "minutes without how well they are known", "a confidence")
            for task in self.tasks
            if task.minutes and not task.confidence
        ]
        if self.as_of.tzinfo is None:
            faults.append(Fault("function card", "as_of", "no zone", "an aware time"))
        if faults:
            raise InputError(faults, "bad_card")
