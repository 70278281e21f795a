"""A patient's diet as it is in reality: rows from several sources, each with who, when, why and until (F-16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vardnara.engines.diet.codes import ALLERGENS, FLUID_LEVELS, IDDSI_LEVELS, TEXTURES
from vardnara.engines.diet.data import Fasting
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

PATIENT_ROLE = "patient"


class RestrictionKind(StrEnum):
    """What a row is about. The kinds are independent of each other: a diet is never one enumeration."""

    BASE_DIET = "base_diet"
    SPECIAL_DIET = "special_diet"
    TEXTURE = "texture"
    FOOD_LEVEL = "food_level"
    FLUID_LEVEL = "fluid_level"
    ALLERGEN = "allergen"
    EXCLUSION = "exclusion"
    PORTION = "portion"
    FASTING = "fasting"
    UNMAPPED = "unmapped"
    """What a source says in its own words and nobody has put into codes yet: a kiwi allergy, a local diet."""


class Source(StrEnum):
    """Where a row comes from. Those above ``PATIENT`` stand in their order of precedence for the base diet (H-34)."""

    HL7_ORDER = "hl7_order"
    FHIR = "fhir"
    PV1_38 = "pv1_38"
    LOCAL = "local"
    HL7_ALLERGY = "hl7_al1"
    PATIENT = "patient"


PRECEDENCE = (Source.HL7_ORDER, Source.FHIR, Source.PV1_38, Source.LOCAL)
BY_PERSONS = (Source.LOCAL, Source.PATIENT)
PATIENT_KINDS = (RestrictionKind.ALLERGEN, RestrictionKind.EXCLUSION, RestrictionKind.SPECIAL_DIET)
_VALUES = {
    RestrictionKind.TEXTURE: TEXTURES,
    RestrictionKind.FOOD_LEVEL: tuple(str(level) for level in IDDSI_LEVELS),
    RestrictionKind.FLUID_LEVEL: tuple(str(level) for level in FLUID_LEVELS),
    RestrictionKind.ALLERGEN: tuple(ALLERGENS),
    RestrictionKind.FASTING: (Fasting.NOTHING.value, Fasting.CLEAR_FLUIDS.value),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a row ended before its date.

    Parameters
    ----------
    at
        When (aware).
    who
        The person, or the sender whose message said so.
    role, why
        Of the person; both empty where the source itself ended it.
    """

    at: datetime
    who: str
    role: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Restriction:
    """One row of a patient's diet.

    Parameters
    ----------
    kind, value
        What it is, and its code: a diet, a texture, a level as digits, an allergen, a flag to exclude, a portion,
        ``true`` or ``clear_fluids`` while fasting.
    source, source_name
        Where it comes from, and which of several such systems.
    who, role, why
        Who prescribed or recorded it, as what, and for what reason. A person always has a role.
    recorded_at
        When it was recorded (aware).
    valid_from, valid_until
        Aware instants ``[valid_from, valid_until)``; None: until it is ended.
    traces_tolerated
        Of an allergen: may-contain does not block.
    ended
        How it ended, if it did.
    """

    kind: RestrictionKind
    value: str
    source: Source
    who: str
    recorded_at: datetime
    valid_from: datetime
    valid_until: datetime | None = None
    role: str = ""
    why: str = ""
    source_name: str = ""
    traces_tolerated: bool = False
    ended: Ending | None = None

    def __post_init__(self) -> None:
        faults = []
        known = _VALUES.get(self.kind)
        if known is not None and self.value not in known:
            faults.append(Fault(self.kind, "", f"{self.value!r} is not known", "one of " + ", ".join(known)))
        if not self.value.strip():
            faults.append(Fault(self.kind, "", "no value", "a code"))
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            faults.append(Fault("valid_until", "", str(self.valid_until), "an end after the beginning"))
        if self.traces_tolerated and self.kind is not RestrictionKind.ALLERGEN:
            faults.append(Fault("traces_tolerated", "", f"of a {self.kind}", "an allergen"))
        if self.source in BY_PERSONS and not (self.who and self.role):
            faults.append(Fault("role", "", "missing", "who recorded it, and as what"))
        if faults:
            raise InputError(faults, "bad_restriction")
        if self.source is Source.PATIENT and self.kind not in PATIENT_KINDS:
            raise RuleBroken("patient_may_only_narrow", f"a patient may not set {self.kind}")

    def holds_at(self, at: datetime) -> bool:
        """Whether it is in force at an instant (aware)."""
        return self.valid_from <= at and all(at < end for end in self.ends())

    def ends(self) -> tuple[datetime, ...]:
        """The instants at which it ends, by date and by hand; whichever comes first counts."""
        return tuple(end for end in (self.valid_until, self.ended.at if self.ended else None) if end is not None)
