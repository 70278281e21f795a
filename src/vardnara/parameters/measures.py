"""Vocabulary of the register of measures: statuses, indicators, and the checklist behind a post (DOMAIN 2.4, 2.5)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from vardnara.kernel.errors import InputError
from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.kernel.faults import Fault
from vardnara.parameters.loading import table_read

STATUSES, INDICATORS, STEPS = "measure_statuses.toml", "measure_indicators.toml", "post_steps.toml"
COLOURS = ("green", "yellow", "red", "neutral")
BETTER = ("lower", "higher")
CHANGES = ("removed", "reaimed")
ANCHORS = ("", "notice", "last_day")


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a Swedish and an English name."""

    code: str
    sv: str
    en: str

    def name(self, language: str) -> str:
        """In Swedish for ``sv``, else in English."""
        return self.sv if language.startswith("sv") else self.en


@dataclass(frozen=True, slots=True)
class MeasureStatus(Named):
    """A status: the standing that it is (``engines.measures.Standing``), its colour, and what it means.

    ``needs_start`` says that the measure is being carried out or was, ``is_end`` that nothing more is expected,
    ``counts`` that its kronor are part of what is expected.
    """

    standing: str
    colour: str
    order: int
    needs_start: bool
    is_end: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class MeasureIndicator(Named):
    """A figure that is read over time: for which kinds of measure, its unit, and which way is better."""

    kinds: tuple[str, ...]
    unit_sv: str
    unit_en: str
    better: str

    def unit(self, language: str) -> str:
        return self.unit_sv if language.startswith("sv") else self.unit_en


@dataclass(frozen=True, slots=True)
class PostStep(Named):
    """A step behind a post: for which changes, and which date it holds (``notice``, ``last_day`` or none)."""

    changes: tuple[str, ...]
    anchor: str
    order: int


def _rows(file: str, name: str, checks: Mapping[str, tuple[str, ...]]) -> list[Mapping[str, Any]]:
    """Rows of a table whose codes are unique and whose words are known; every fault is told."""
    rows = list(table_read(file, name))
    faults = []
    seen: set[str] = set()
    for index, row in enumerate(rows):
        place = f"/{name}/{index}"
        if row.get("code") in seen:
            faults.append(Fault(file, f"{place}/code", f"{row['code']} stands twice", "each code once"))
        seen.add(str(row.get("code")))
        for key in ("code", "sv", "en"):
            if not row.get(key):
                faults.append(Fault(file, f"{place}/{key}", "missing or empty", "text"))
        for key, known in checks.items():
            told = row.get(key)
            for one in told if isinstance(told, list) else [told]:
                if one not in known:
                    faults.append(Fault(file, f"{place}/{key}", repr(one), "one of " + ", ".join(map(repr, known))))
    if faults:
        raise InputError(faults)
    return rows


def evidence_of(file: str) -> Evidence:
    """Where a vocabulary is from: one source for the whole file."""
    text = resources.files(__package__).joinpath(file).read_text(encoding="utf-8")
    return evidence_read(tomllib.loads(text).get("evidence"), file=file, place="/evidence")


@cache
def measure_statuses() -> dict[str, MeasureStatus]:
    """Every status by code, in the order of the file."""
    evidence_of(STATUSES)
    return {
        row["code"]: MeasureStatus(
            row["code"], row["sv"], row["en"], row["standing"], row["colour"], order,
            bool(row["needs_start"]), bool(row["is_end"]), bool(row["counts"]),
        )
        for order, row in enumerate(_rows(STATUSES, "status", {"colour": COLOURS}))
    }  # fmt: skip


def status_of_standing(standing: str) -> MeasureStatus:
    """The first status of a standing: what is proposed.

    Raises
    ------
    ValueError
        The vocabulary has none.
    """
    for status in measure_statuses().values():
        if status.standing == standing:
            return status
    raise ValueError(f"no status of standing {standing}")


@cache
def measure_indicators() -> dict[str, MeasureIndicator]:
    """Every indicator by code."""
    evidence_of(INDICATORS)
    return {
        row["code"]: MeasureIndicator(
            row["code"], row["sv"], row["en"], tuple(row["kinds"]), row["unit_sv"], row["unit_en"], row["better"]
        )
        for row in _rows(INDICATORS, "indicator", {"better": BETTER})
    }


@cache
def post_steps() -> dict[str, PostStep]:
    """Every step of the checklist by code, in order."""
    evidence_of(STEPS)
    return {
        row["code"]: PostStep(row["code"], row["sv"], row["en"], tuple(row["changes"]), row["anchor"], order)
        for order, row in enumerate(_rows(STEPS, "step", {"changes": CHANGES, "anchor": ANCHORS}))
    }
