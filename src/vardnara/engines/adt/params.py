"""Which events move a patient, and which one a cancel takes back (HL7 v2 chapter 3; STANDARDS H-20, CONTRACT 1)."""

from __future__ import annotations

from vardnara.engines.adt.data import TAP_CONFIRMED, TAP_CONTAGION, TAP_LEFT, UNDO_CONFIRMED, UNDO_LEFT

MOVEMENTS = frozenset({"A01", "A02", "A03", "A04", "A06", "A07", "A17", "A21", "A22", TAP_LEFT})

# cancel -> the events that it can take back
CANCELS: dict[str, frozenset[str]] = {
    "A11": frozenset({"A01", "A04"}),
    "A12": frozenset({"A02"}),
    "A13": frozenset({"A03", TAP_LEFT}),
    "A25": frozenset({"A16"}),
    "A26": frozenset({"A15"}),
    "A27": frozenset({"A14"}),
    "A38": frozenset({"A05"}),
    "A52": frozenset({"A21"}),
    "A53": frozenset({"A22"}),
    UNDO_LEFT: frozenset({TAP_LEFT}),
    UNDO_CONFIRMED: frozenset({TAP_CONFIRMED}),
}
# A cancel of these is parked when movements came after its target; a plan can be withdrawn whatever came after.
NEEDS_NOTHING_LATER = frozenset({"A11", "A12", "A13", "A52", "A53", UNDO_LEFT})
# Without a target these contradict what we know and a person must see them; the rest are harmless.
PARKED_WITHOUT_TARGET = frozenset({"A11", "A12"})
# Says where the patient is even when nothing was known before (first message after go-live).
STATES_PRESENCE = frozenset({"A02", "A06", "A08", "A12", "A13", "A15", "A16", "A17", "A21", "A22", "A25", "A26", "A53"})
HANDLED = MOVEMENTS | frozenset(CANCELS) | {"A05", "A08", "A14", "A15", "A16", "A23", TAP_CONFIRMED, TAP_CONTAGION}
