"""What a patient needs at an instant, from the rows of all sources; and how rows end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vardnara.engines.diet.codes import WHEATS
from vardnara.engines.diet.data import NOTHING, Avoid, Fasting, Needs
from vardnara.engines.diet.orders import PATIENT_ROLE, PRECEDENCE, Ending, Restriction, RestrictionKind, Source
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

ALONE = (
    RestrictionKind.BASE_DIET, RestrictionKind.TEXTURE, RestrictionKind.FOOD_LEVEL, RestrictionKind.FLUID_LEVEL,
    RestrictionKind.PORTION,
)  # fmt: skip
"""Kinds of which a patient has one: two different ones in force are a contradiction that staff are told of."""


@dataclass(frozen=True, slots=True)
class Diet:
    """A patient's diet at an instant.

    Parameters
    ----------
    needs
        What every dish is checked against.
    base, portion
        The base diet that holds and the portion ordered; None where there is none.
    in_force
        The rows that it comes from, in the order given.
    missing
        What staff must be told is missing: ``base_diet``, ``unmapped``. With either the diet is not known.
    contradictions
        Kinds of which the sources say two things. For textures and levels both are heeded.
    next_change_at
        When the answer can change by itself, such as when fasting begins; None: never.
    """

    needs: Needs
    base: str | None
    portion: str | None
    in_force: tuple[Restriction, ...]
    missing: tuple[str, ...]
    contradictions: tuple[RestrictionKind, ...]
    next_change_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a patient may ask for beyond what is ordered: to avoid, to exclude, to have a diet besides."""

    avoid: frozenset[Avoid] = frozenset()
    diets: frozenset[str] = NOTHING
    exclude: frozenset[str] = NOTHING


def needs_at(restrictions: Iterable[Restriction], at: datetime) -> Diet:
    """Unite the rows of all sources that are in force.

    Parameters
    ----------
    restrictions
        Every row of one patient, also those that have ended or not begun.
    at
        When, such as the time of a meal (aware).

    Returns
    -------
    Diet
        Rows of every source count; only the base diet goes by precedence, then by the latest (H-34). Without a base
        diet, or with something that nobody has put into codes, the diet is not known.

    Notes
    -----
    Wheat, spelt and khorasan are one cereal in law. A row for one of them avoids what may be sold under its name: wheat
    all three, spelt and khorasan themselves and wheat.
    """
    rows = tuple(restrictions)
    held = tuple(row for row in rows if row.holds_at(at))

    def values(kind: RestrictionKind) -> frozenset[str]:
        return frozenset(row.value for row in held if row.kind is kind)

    base, portion = _first(held, RestrictionKind.BASE_DIET), _first(held, RestrictionKind.PORTION)
    missing = [] if base is not None else [RestrictionKind.BASE_DIET.value]
    missing += [RestrictionKind.UNMAPPED.value] if values(RestrictionKind.UNMAPPED) else []
    fasting = values(RestrictionKind.FASTING)
    needs = Needs(
        avoid=frozenset(
            Avoid(code, row.traces_tolerated)
            for row in held
            if row.kind is RestrictionKind.ALLERGEN
            for code in _kin(row.value)
        ),
        textures=values(RestrictionKind.TEXTURE),
        iddsi=frozenset(int(level) for level in values(RestrictionKind.FOOD_LEVEL)),
        diets=values(RestrictionKind.SPECIAL_DIET) | (frozenset() if base is None else {base}),
        exclude=values(RestrictionKind.EXCLUSION),
        fasting=next((one for one in (Fasting.NOTHING, Fasting.CLEAR_FLUIDS) if one.value in fasting), Fasting.NO),
        fluids=frozenset(int(level) for level in values(RestrictionKind.FLUID_LEVEL)),
        diet_known=not missing,
    )
    contradictions = tuple(kind for kind in ALONE if len(values(kind)) > 1)
    changes = [instant for row in rows for instant in (row.valid_from, *row.ends()) if instant > at]
    return Diet(needs, base, portion, held, tuple(missing), contradictions, min(changes, default=None))


def needs_narrowed(needs: Needs, wish: Wish) -> Needs:
    """What is left to choose from when a patient adds a wish. Nothing that was ordered is ever taken away by it."""
    return replace(
        needs,
        avoid=needs.avoid | wish.avoid,
        diets=needs.diets | wish.diets,
        exclude=needs.exclude | wish.exclude,
    )


def restriction_end(restriction: Restriction, ending: Ending) -> Restriction:
    """End a row by a person: somebody with a role who gives a reason, or by the patient what the patient has added.

    Raises
    ------
    RuleBroken
        No role or reason is given, it has ended already, or a patient would widen what was ordered.
    """
    if not (ending.who and ending.role and ending.why.strip()):
        raise RuleBroken("role_and_reason_needed", "who ends a restriction says as what and why")
    if ending.role == PATIENT_ROLE and restriction.source is not Source.PATIENT:
        raise RuleBroken("patient_may_only_narrow", "a patient may not end what was ordered")
    if any(end <= ending.at for end in restriction.ends()):
        raise RuleBroken("already_ended", f"it ended at {min(restriction.ends())}")
    return replace(restriction, ended=ending)


def source_replace(
    restrictions: Iterable[Restriction], rows: Sequence[Restriction], *, source: Source, source_name: str,
    kinds: Iterable[RestrictionKind], at: datetime, who: str,
) -> tuple[Restriction, ...]:  # fmt: skip
    """Put what a source says now in place of what the same source said before; nobody else's rows are touched.

    For an AL1 snapshot ``kinds`` are allergens and unmapped ones; for a new diet order those that it sets (H-33). A row
    that says the same as one in force stays as it is, with its first date.

    Parameters
    ----------
    restrictions
        All rows of the patient.
    rows
        What the source says now; may be empty.
    source, source_name, kinds
        Whose rows, and which of them, are replaced.
    at, who
        When (aware), and the sender by name.

    Raises
    ------
    InputError
        A row is of another source or kind.
    """
    replaced = frozenset(kinds)
    if any((row.source, row.source_name) != (source, source_name) or row.kind not in replaced for row in rows):
        wrong = "a row of another source or kind"
        raise InputError([Fault("rows", "", wrong, f"{source} {source_name}".rstrip())], "other_source")
    said = {_says(row): row for row in rows}
    kept = set()
    found = []
    for row in restrictions:
        own = (row.source, row.source_name) == (source, source_name) and row.kind in replaced
        if own and all(at < end for end in row.ends()):
            now = said.get(_says(row))
            if now is None or now.valid_from < row.valid_from:
                row = replace(row, ended=Ending(at, who))
            else:
                kept.add(_says(row))
        found.append(row)
    return (*found, *(row for key, row in said.items() if key not in kept))


def _says(row: Restriction) -> tuple[object, ...]:
    return row.kind, row.value, row.traces_tolerated, row.valid_until


def _kin(code: str) -> tuple[str, ...]:
    if code == WHEATS[0]:
        return WHEATS
    return (code, WHEATS[0]) if code in WHEATS else (code,)


def _first(held: Iterable[Restriction], kind: RestrictionKind) -> str | None:
    """The value of a kind by precedence of source, the latest first; rows of no rank do not decide."""
    rows = [row for row in held if row.kind is kind and row.source in PRECEDENCE]
    if not rows:
        return None
    best = min(PRECEDENCE.index(row.source) for row in rows)
    return max(
        (row for row in rows if PRECEDENCE.index(row.source) == best),
        key=lambda row: (row.valid_from, row.recorded_at, row.value),
    ).value
