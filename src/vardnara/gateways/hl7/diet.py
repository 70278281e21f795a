"""Diets and allergies in HL7 v2: AL1, IAM, PV1-38, and diet orders (ORC, TQ1, ODS, ODT)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from vardnara.engines.diet.sent import Coding, Word
from vardnara.gateways.hl7.er7 import Segment
from vardnara.gateways.hl7.time import instant_read

ORDER_MESSAGES = frozenset({("ORM", "O01"), ("OMD", "O03")})
OTHER_DETAIL = frozenset({"OBR", "RXO", "RQD", "RQ1"})  # an ORM with one of these orders something else
NO_FOOD = frozenset({"DA", "MA", "MC", "LA", "AA", "PA", "EA"})  # table 0127, all but FA
AL1_EVENTS = frozenset({"A01", "A04", "A05", "A06", "A07", "A08", "A13", "A14", "A28", "A31"})
SETS = frozenset({"NW", "XO", "XX", "RO"})
HOLDS = frozenset({"HD", "OH"})
RELEASES = frozenset({"RL", "OE"})
ENDS = frozenset({"CA", "OC", "DC", "OD", "RP"})
CONTROLS = SETS | HOLDS | RELEASES | ENDS
TRAYS = frozenset({"EARLY", "LATE", "GUEST", "NO", "MSG"})  # table 0160
USES = {"D": "diet", "S": "supplement", "P": "preference"}  # table 0159
DELETE = '""'


@dataclass(frozen=True, slots=True)
class AllergyChange:
    """One IAM: what becomes of one allergy. ``ends`` is true for D, and where IAM-17 says inactive or in error."""

    key: str
    word: Word
    ends: bool


@dataclass(frozen=True, slots=True)
class Allergies:
    """What a message says of allergies. ``rows`` None: no list; ``n_other`` counts those that are not about food."""

    rows: tuple[Word, ...] | None = None
    changes: tuple[AllergyChange, ...] = ()
    n_other: int = 0


@dataclass(frozen=True, slots=True)
class Tray:
    """One ODT: a tray out of the ordinary."""

    kind: str
    periods: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class DietOrder:
    """One order (ORC with what follows). ``types`` are the letters of its ODS rows; ``periods`` empty: every meal."""

    control: str
    number: str
    types: frozenset[str] = frozenset()
    words: tuple[Word, ...] = ()
    periods: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    trays: tuple[Tray, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """What an order cannot do without: condition of table 0357, ERR-2 location, text."""

    condition: str
    location: str
    text: str


def allergies_read(segments: Iterable[Segment], event: str) -> Allergies | None:
    """The AL1 and IAM rows of one patient; None where the message says nothing of allergies.

    An A60 without a row says that there are none; elsewhere the absence of AL1 says nothing (H-10, H-23).
    """
    rows: list[Word] = []
    changes: list[AllergyChange] = []
    n_other, listed = 0, False
    for segment in segments:
        category = segment.component(2).upper()
        if segment.name == "AL1":
            listed = True
            if category in NO_FOOD:
                n_other += 1
            elif segment.component(3) != DELETE and (codings := _codings(segment, 3)):
                rows.append(Word("allergy", codings, _plain(segment.component(5))))
        elif segment.name == "IAM":
            change = _change(segment)
            if category in NO_FOOD:
                n_other += 1
            elif change is not None:
                changes.append(change)
    if not listed and (event != "A60" or changes or n_other):
        return Allergies(None, tuple(changes), n_other) if changes or n_other else None
    return Allergies(tuple(rows), tuple(changes), n_other)


def diet_field_read(pv1: Segment) -> tuple[Word, ...] | None:
    """PV1-38. None where empty, which changes nothing; no words where ``\"\"`` deletes it."""
    if not pv1.field(38):
        return None
    words = [_codings(pv1, 38, repetition=one) for one in pv1.repetitions(38) if one != DELETE]
    return tuple(Word("diet", codings) for codings in words if codings)


def orders_diet(message_type: str, event: str, segments: Iterable[Segment]) -> bool:
    """Whether a message orders diets. OMD always does; ORM where no segment shows that it orders something else."""
    if (message_type, event) not in ORDER_MESSAGES:
        return False
    names = {segment.name for segment in segments}
    return message_type == "OMD" or bool(names & {"ODS", "ODT"}) or ("ORC" in names and not names & OTHER_DETAIL)


def orders_grouped(segments: Sequence[Segment]) -> list[list[Segment]]:
    """The segments of each order: ORC and what follows; rows before the first ORC make a group without one."""
    groups: list[list[Segment]] = []
    for segment in segments:
        if segment.name == "ORC" or (segment.name in ("ODS", "ODT") and not groups):
            groups.append([])
        if groups:
            groups[-1].append(segment)
    return groups


def orders_missing(segments: Sequence[Segment]) -> Missing | None:
    """The first thing that an order message lacks, or None."""
    groups = orders_grouped(segments)
    if not groups:
        return Missing("100", "ORC", "segment ORC is missing")
    for n, group in enumerate(groups, start=1):
        orc = group[0]
        if orc.name != "ORC":
            return Missing("100", f"ORC^{n}", "segment ORC is missing")
        if not orc.component(1):
            return Missing("101", f"ORC^{n}^1", "order control is missing")
        if not _number(orc):
            return Missing("101", f"ORC^{n}^2", "order number is missing")
        for m, row in enumerate((one for one in group if one.name in ("ODS", "ODT")), start=1):
            letters, place = row.component(1).upper(), f"{row.name}^{m}^1"
            if not letters:
                return Missing("101", place, f"type of {row.name} is missing")
            if letters not in (USES if row.name == "ODS" else TRAYS):
                return Missing("103", place, f"{letters} is not in table {'0159' if row.name == 'ODS' else '0160'}")
            if row.name == "ODS" and not _ods_words(row):
                return Missing("101", f"ODS^{m}^3", "neither code nor text says which diet")
    return None


def orders_read(segments: Sequence[Segment], zone: ZoneInfo) -> tuple[DietOrder, ...]:
    """The orders of a message that lacks nothing. Times: TQ1-7 and -8, else those of ORC-7; wall clock in ``zone``."""
    found = []
    for group in orders_grouped(segments):
        orc, ods = group[0], [one for one in group if one.name == "ODS"]
        starts, ends = orc.component(7, 4), orc.component(7, 5)
        for timing in (one for one in group if one.name == "TQ1"):
            starts, ends = timing.component(7) or starts, timing.component(8) or ends
        found.append(
            DietOrder(
                control=orc.component(1).upper(),
                number=_number(orc),
                types=frozenset(one.component(1).upper() for one in ods),
                words=tuple(word for one in ods for word in _ods_words(one)),
                periods=tuple(sorted({period for one in ods for period in _periods(one)})),
                starts_at=instant_read(starts, zone),
                ends_at=instant_read(ends, zone),
                trays=tuple(
                    Tray(one.component(1).upper(), _periods(one), _plain(one.component(3)))
                    for one in group
                    if one.name == "ODT"
                ),
            )
        )
    return tuple(found)


def _change(segment: Segment) -> AllergyChange | None:
    """One IAM. ``X`` changes nothing (table 0323); A, U and an empty action say that it holds."""
    codings, action = _codings(segment, 3), segment.component(6).upper()
    number = segment.component(7, 1)
    if action == "X" or not (codings or number):
        return None
    key = f"{number}^{segment.component(7, 2)}" if number else "^".join(codings[0].key)
    ends = action == "D" or segment.component(17).upper() in ("I", "E")  # table 0438: inactive, erroneous
    return AllergyChange(key, Word("allergy", codings, _plain(segment.component(5))), ends)


def _ods_words(ods: Segment) -> list[Word]:
    """Every code of ODS-3 with the text of ODS-4 beside it; the text alone where there is no code."""
    use, note = USES.get(ods.component(1).upper(), "diet"), _plain(ods.component(4))
    words = [
        Word(use, codings, note)
        for one in ods.repetitions(3)
        if one != DELETE and (codings := _codings(ods, 3, repetition=one))
    ]
    return words or ([Word(use, (Coding("", "", note),))] if note else [])


def _periods(segment: Segment) -> tuple[str, ...]:
    """Field 2 of ODS and ODT: the meals that it is for; empty: all."""
    return tuple(_plain(segment.component(2, 1, repetition=one)).casefold() for one in segment.repetitions(2))


def _codings(segment: Segment, number: int, *, repetition: str | None = None) -> tuple[Coding, ...]:
    """A CE or CWE: the code and its alternate, each with text and system."""

    def part(n: int) -> str:
        return _plain(segment.component(number, n, repetition=repetition))

    pairs = (Coding(part(3), part(1), part(2)), Coding(part(6), part(4), part(5)))
    return tuple(one for one in pairs if one.code or one.text)


def _number(orc: Segment) -> str:
    """Placer number (ORC-2), else filler number (ORC-3), with who numbers."""
    for number in (2, 3):
        if _plain(orc.component(number, 1)):
            return f"{orc.component(number, 1)}^{_plain(orc.component(number, 2))}"
    return ""


def _plain(text: str) -> str:
    return "" if text == DELETE else text
