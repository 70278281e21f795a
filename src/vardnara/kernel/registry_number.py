"""Patterns of registry numbers (*diarienummer*): each organisation has its own, never one for all (DOMAIN 2.1).

A pattern is a readable template (``{organ}/{number}/{year}``) or a small part of regular expressions. Both are matched
by following every possible place in the text at once, never by trying one way after the other, so that no pattern can
take long, however it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

LONGEST = 60  # characters of a registry number
LONGEST_PATTERN = 120
MOST_REPEATS = LONGEST
FIELD = re.compile(r"\{(organ|number|year|yy)(?::([0-9]{1,2}))?\}|\{[^}]*\}?|\}")
CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ")
DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class One:
    """A character that is among these, or is not among these."""

    among: frozenset[str]
    negated: bool = False

    def ends(self, text: str, starts: frozenset[int]) -> frozenset[int]:
        return frozenset(at + 1 for at in starts if at < len(text) and (text[at] in self.among) != self.negated)


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after the other."""

    parts: tuple[Part, ...]

    def ends(self, text: str, starts: frozenset[int]) -> frozenset[int]:
        for part in self.parts:
            starts = part.ends(text, starts)
        return starts


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    parts: tuple[Part, ...]

    def ends(self, text: str, starts: frozenset[int]) -> frozenset[int]:
        return frozenset().union(*(part.ends(text, starts) for part in self.parts))


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part at least and at most so many times."""

    part: Part
    least: int
    most: int

    def ends(self, text: str, starts: frozenset[int]) -> frozenset[int]:
        found: frozenset[int] = starts if self.least == 0 else frozenset()
        for n in range(1, self.most + 1):
            starts = self.part.ends(text, starts)
            if n >= self.least:
                if starts <= found:
                    break
                found |= starts
            if not starts:
                break
        return found


type Part = One | Row | Choice | Repeat


@dataclass(frozen=True, slots=True)
class RegistryPattern:
    """A pattern that was read.

    Parameters
    ----------
    text
        As it was written.
    part
        What it says.
    """

    text: str
    part: Part

    def matches(self, number: str) -> bool:
        """Whether the whole of ``number`` (at most ``LONGEST`` characters) is in the form of the pattern."""
        return len(number) <= LONGEST and len(number) in self.part.ends(number, frozenset({0}))


def template_read(text: str) -> RegistryPattern:
    """Read a template.

    Parameters
    ----------
    text
        Characters as they stand, and fields: ``{organ}`` is 1 to 8 capitals, ``{number}`` 1 to 7 digits, ``{number:4}``
        exactly so many, ``{year}`` four digits from 1900 to 2099, ``{yy}`` two.

    Returns
    -------
    RegistryPattern

    Raises
    ------
    InputError
        The text is empty or too long, has no ``{number}``, or a field that is none; ``place`` is the character from 1.

    References
    ----------
    DOMAIN.md 2.1: forms in use at Region Jämtland Härjedalen, Halland, Uppsala, Dalarna.
    """
    _length(text)
    parts: list[Part] = []
    at = 0
    names = []
    for found in FIELD.finditer(text):
        parts += [One(frozenset(sign)) for sign in text[at : found.start()]]
        name, width = found[1], found[2]
        if not name or (width and name != "number") or (width and not 1 <= int(width) <= 12):
            raise _fault(found.start(), found[0], "{organ}, {number}, {number:4}, {year} or {yy}")
        names.append(name)
        parts.append(_field(name, int(width) if width else None))
        at = found.end()
    parts += [One(frozenset(sign)) for sign in text[at:]]
    if "number" not in names:
        raise _fault(len(text), "no {number}", "a template with {number}")
    return RegistryPattern(text, Row(tuple(parts)))


def _field(name: str, width: int | None) -> Part:
    if name == "organ":
        return Repeat(One(CAPITALS), 1, 8)
    if name == "number":
        return Repeat(One(DIGITS), width or 1, width or 7)
    two = Repeat(One(DIGITS), 2, 2)
    century = Choice(tuple(Row((One(frozenset(a)), One(frozenset(b)))) for a, b in ("19", "20")))
    return Row((century, two)) if name == "year" else two


def _length(text: str) -> None:
    if not text.strip() or len(text) > LONGEST_PATTERN:
        raise _fault(0, f"{len(text)} characters", f"1 to {LONGEST_PATTERN} characters")


def _fault(at: int, wrong: str, expected: str) -> InputError:
    return InputError([Fault("", str(at + 1), wrong, expected)], code="pattern_unreadable")


CLASSES = {"d": DIGITS}
QUANTIFIER = re.compile(r"\{([0-9]{1,3})(?:(,)([0-9]{0,3}))?\}")
PLAIN_ESCAPES = frozenset(r"\.^$*+?{}[]()|/- ")


def regex_read(text: str) -> RegistryPattern:
    r"""Read a regular expression of the kind that registry numbers need.

    Parameters
    ----------
    text
        Characters, ``.`` escaped or as any character, ``\d``, ``[A-ZÅÄÖ]`` and ``[^/]``, ``( )``, ``|``, and
        ``? * + {4} {1,5}`` after a character, a set or a group. A group that is repeated may not repeat anything
        itself. The whole number must be in the form, so that ``^`` before and ``$`` after it say nothing more.

    Returns
    -------
    RegistryPattern

    Raises
    ------
    InputError
        It cannot be read; ``place`` is the character, counted from 1.
    """
    _length(text)
    whole = text[:-1] if text.endswith("$") and not text.endswith("\\$") else text
    reader = _Regex(whole)
    reader.at = int(whole.startswith("^"))
    part = reader.choice()
    if reader.at < len(whole):
        raise _fault(reader.at, whole[reader.at], "the end of the pattern")
    return RegistryPattern(text, part)


class _Regex:
    """A reader of one regular expression, by descent."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def choice(self) -> Part:
        rows = [self.row()]
        while self.peek() == "|":
            self.at += 1
            rows.append(self.row())
        return rows[0] if len(rows) == 1 else Choice(tuple(rows))

    def row(self) -> Part:
        parts: list[Part] = []
        while self.peek() not in ("", "|", ")"):
            begins = self.at
            parts.append(self.repeated(self.atom(), begins))
        return Row(tuple(parts))

    def atom(self) -> Part:
        sign, begins = self.peek(), self.at
        self.at += 1
        if sign == "(":
            return self.group(begins)
        if sign == "[":
            return self.among(begins)
        if sign == "\\":
            return One(self.escaped(begins))
        if sign == ".":
            return One(frozenset("\n"), negated=True)
        if sign in "*+?{}])^$":
            raise _fault(begins, sign, "a character before it, or \\ if it stands for itself")
        return One(frozenset(sign))

    def group(self, begins: int) -> Part:
        if self.peek() == "?":
            raise _fault(self.at, "(?", "a plain group")
        self.depth += 1
        if self.depth > 5:
            raise _fault(begins, "(", "at most five groups inside each other")
        part = self.choice()
        self.depth -= 1
        if self.peek() != ")":
            raise _fault(begins, "(", "a group that is closed")
        self.at += 1
        return part

    def escaped(self, begins: int) -> frozenset[str]:
        sign = self.peek()
        self.at += 1
        if sign in CLASSES:
            return CLASSES[sign]
        if not sign or sign not in PLAIN_ESCAPES:
            raise _fault(begins, f"\\{sign}", "\\d, or \\ before a sign")
        return frozenset(sign)

    def among(self, begins: int) -> Part:
        negated = self.peek() == "^"
        self.at += negated
        signs: set[str] = set()
        while self.peek() != "]":
            low = self.peek()
            if not low:
                raise _fault(begins, "[", "a set that is closed")
            self.at += 1
            if low == "[":
                raise _fault(self.at - 1, "[", "\\[ inside a set")
            if low == "\\":
                signs |= self.escaped(self.at - 1)
                continue
            after = self.text[self.at + 1 : self.at + 2]
            if self.peek() == "-" and after not in ("", "]"):
                if after in "\\[" or after < low or ord(after) - ord(low) > 1000:
                    raise _fault(self.at, f"{low}-{after}", "a range such as A-Z")
                signs |= {chr(code) for code in range(ord(low), ord(after) + 1)}
                self.at += 2
            else:
                signs.add(low)
        self.at += 1
        if not signs:
            raise _fault(begins, "[]", "a set with something in it")
        return One(frozenset(signs), negated)

    def repeated(self, part: Part, begins: int) -> Part:
        sign = self.peek()
        plain = {"?": (0, 1), "*": (0, MOST_REPEATS), "+": (1, MOST_REPEATS)}
        if sign in plain:
            least, most = plain[sign]
            self.at += 1
        elif sign == "{":
            found = QUANTIFIER.match(self.text, self.at)
            if found is None:
                raise _fault(self.at, "{", "{4} or {1,5}")
            least = int(found[1])
            most = least if not found[2] else int(found[3]) if found[3] else MOST_REPEATS
            if most < least or most > MOST_REPEATS:
                raise _fault(self.at, found[0], f"at most {MOST_REPEATS} times")
            self.at = found.end()
        else:
            return part
        if self.peek() and self.peek() in "?*+{":
            raise _fault(self.at, self.peek(), "one repetition")
        if _repeats(part):
            raise _fault(begins, "a repetition in what is repeated", "a group that repeats nothing itself")
        return Repeat(part, least, most)


def _repeats(part: Part) -> bool:
    if isinstance(part, Repeat):
        return True
    return isinstance(part, Row | Choice) and any(_repeats(one) for one in part.parts)


READERS: dict[str, Callable[[str], RegistryPattern]] = {"template": template_read, "regex": regex_read}


def pattern_read(form: str, text: str) -> RegistryPattern:
    """Read a pattern of either form: ``template`` or ``regex``.

    Raises
    ------
    InputError
        It cannot be read, or there is no such form.
    """
    if form not in READERS:
        raise InputError([Fault("", "", form, "template or regex")], code="pattern_unreadable")
    return READERS[form](text)


def registry_number_fits(number: str, patterns: Sequence[RegistryPattern]) -> bool:
    """Whether a number is in one of the forms; without any form every number is."""
    return not patterns or any(pattern.matches(number) for pattern in patterns)
