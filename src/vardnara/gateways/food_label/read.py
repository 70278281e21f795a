"""Reads an ingredient label for the allergens that it names, and where that does not fit what is claimed.

Pure text: what it finds is shown to a person, and nothing is ever declared from it. A label that names no allergen says
nothing about its absence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from vardnara.engines.diet.codes import ALLERGENS
from vardnara.gateways.food_label.words import CLAIMS, COMPOSITE, NAMES, NOT, NOT_COMPOSITE

CODES = tuple(ALLERGENS)
FREE = r"(?:fri|fritt|fria)"
TRACES = re.compile(r"\b(?:kan (?:även )?innehålla|spår av)\b[^.;]*", re.IGNORECASE)
SEVERAL = r"([\wåäöé]+(?: (?:och|eller) [\wåäöé]+)*)"
WITHOUT = re.compile(
    rf"\b(?:fri(?:tt|a)? från|utan|ej|inget|ingen|inte)\s+{SEVERAL}|\b([\wåäöé]+?)[ -]?{FREE}\b", re.IGNORECASE
)
WORD = re.compile(r"[\wåäöéèîâ]+(?:-[\wåäöé]+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LabelSaid:
    """What a label says in words: codes with the words that say so.

    ``names`` are allergens that some part names, ``traces`` those it may contain, ``free`` those that some part is said
    to be free from, ``composites`` the parts that are made of other goods and do not say of which.
    """

    names: Mapping[str, tuple[str, ...]]
    traces: Mapping[str, tuple[str, ...]]
    free: Mapping[str, tuple[str, ...]]
    composites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person must look at: its code, the allergen it is about, and the words of the file."""

    code: str
    allergen: str = ""
    words: str = ""


def label_read(label: str) -> LabelSaid:
    """What a label names, part by part."""
    names: dict[str, list[str]] = {}
    traces: dict[str, list[str]] = {}
    free: dict[str, list[str]] = {}
    composites = []
    said_traces = [found.group(0) for found in TRACES.finditer(label)]
    rest = TRACES.sub(" ", label)
    for part in parts_of(rest):
        bare = part
        for found in WITHOUT.finditer(part):
            word = found[1] or found[2] or ""
            codes = [code for one in word.split() for code in codes_in(one) if not one.lower().startswith("laktos")]
            for code in codes:  # milk without lactose is milk
                free.setdefault(code, []).append(found.group(0).strip())
            if codes:
                bare = bare.replace(found.group(0), " ")
        for code, words in _named(bare).items():
            names.setdefault(code, []).extend(words)
        if not re.search(r"\([^)]*,[^)]*\)", part) and _is_composite(part):
            composites.append(part)
    for text in said_traces:
        for code, words in _named(text).items():
            traces.setdefault(code, []).extend(words)
    return LabelSaid(_kept(names), _kept(traces), _kept(free), tuple(dict.fromkeys(composites)))


def _is_composite(part: str) -> bool:
    low = part.lower()
    for other in NOT_COMPOSITE:
        low = low.replace(other, "_")
    return any(word in low for word in COMPOSITE)


def _kept(found: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {code: tuple(dict.fromkeys(found[code])) for code in sorted(found, key=CODES.index)}


def parts_of(label: str) -> list[str]:
    """The goods of a label: what commas part outside parentheses, a comma between digits aside."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(label):
        depth += (sign in "([") - (sign in ")]" and depth > 0)
        between = label[at - 1 : at].isdigit() and label[at + 1 : at + 2].isdigit()
        if depth == 0 and (sign in ";\n" or (sign == "," and not between)):
            parts.append(label[start:at])
            start = at + 1
    parts.append(label[start:])
    return [part.strip(" .") for part in parts if part.strip(" .")]


def _named(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in WORD.findall(text):
        for code in codes_in(word):
            found.setdefault(code, []).append(word)
    for code, names in NAMES.items():  # names of several words
        for name in names:
            if " " in name and name in text.lower():
                found.setdefault(code, []).append(name)
    return found


def codes_in(word: str) -> list[str]:
    """Codes that a written word names."""
    low = word.lower()
    return [
        code for code, names in NAMES.items() if any(name in _without(low, code) for name in names if " " not in name)
    ]


def _without(low: str, code: str) -> str:
    for other in NOT.get(code, ()):
        low = low.replace(other, "_")
    return low


def claims_read(text: str) -> tuple[list[str], list[str]]:
    """Codes of a list of allergens as files write it, and the words that are not known."""
    codes: list[str] = []
    unread: list[str] = []
    for word in re.split(r"[,;|\n/]+", text):
        plain = word.strip().lower().rstrip(".")
        if not plain or plain in ("-", "inga", "ingen", "nej", "none"):
            continue
        code = plain if plain in CODES else CLAIMS.get(plain)
        if code is None:
            unread.append(word.strip())
        elif code not in codes:
            codes.append(code)
    return sorted(codes, key=CODES.index), unread


def findings_of(label: str, claimed: Collection[str] | None) -> list[Finding]:
    """Where a label and a claimed list do not fit, and what neither says.

    ``claimed`` None: the file has no such list.
    """
    if not label.strip():
        return [Finding("no_label")]
    said = label_read(label)
    found = [Finding("composite", words=part) for part in said.composites]
    if claimed is None:
        return found
    for code in claimed:
        if not _meets(code, said.names) and not _meets(code, said.traces):
            words = [word for other, of in said.free.items() if _same(code, other) for word in of]
            found.append(
                Finding("claimed_but_free", code, ", ".join(words)) if words else Finding("claimed_not_named", code)
            )
    for code, named in said.names.items():
        if not any(_same(code, other) for other in claimed):
            found.append(Finding("named_not_claimed", code, ", ".join(named)))
    return found


def _meets(code: str, found: Mapping[str, object]) -> bool:
    return any(_same(code, other) for other in found)


def _same(one: str, other: str) -> bool:
    """Whether two codes are of the same allergen, the group meeting its members."""
    return one == other or one == other.partition(".")[0] or other == one.partition(".")[0]
