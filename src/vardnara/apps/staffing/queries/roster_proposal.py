"""What a repair proposes after an absence, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vardnara.apps.staffing.queries.rosters import RosterGrid


@dataclass(frozen=True, slots=True)
class Step:
    """What a proposal asks of a person on a day; codes are empty for free."""

    person: str
    on: date
    before: str
    after: str
    above: int


@dataclass(frozen=True, slots=True)
class Open:
    """A shift that nobody has, with who is nearest to it and what keeps them from it."""

    on: date
    code: str
    kind_id: int
    people: tuple[tuple[str, tuple[str, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do after an absence.

    ``holds`` is whether its days are still as they were, ``needless`` whether nothing came to be short.
    """

    run_id: int
    steps: tuple[Step, ...]
    short: tuple[Open, ...]
    is_proved: bool
    holds: bool
    needless: bool


def proposal_of(grid: RosterGrid) -> Proposal | None:
    """The newest repair as a page shows it; None where it is not ready, has been made, or there is nothing to it."""
    run = grid.run
    if run is None or "changes" not in run.result:
        return None
    rows = grid.rows_of
    code = {key: kind.code for key, kind in rows.kinds.items()} | {"": ""}
    names = {int(key): person.name for key, person in rows.people.items()}
    held = {(line.employee, rows.period.day(line.day).isoformat()): line.shift for line in rows.assignments}
    changes = run.result["changes"]
    holds = all(held.get((str(one["person"]), one["on"]), "") == one["before"] for one in changes)
    there: dict[tuple[str, str], int] = {}
    for line in rows.assignments:
        key = (rows.period.day(line.day).isoformat(), line.shift)
        there[key] = there.get(key, 0) + 1
    short = [one for one in run.result["short"] if there.get((one["on"], one["shift"]), 0) < one["wanted"]]
    needless = not changes and not run.result["short"]
    if not (changes and holds) and not short and not needless:
        return None
    near = {(one["on"], one["shift"]): one["people"] for one in run.result["open"]}
    above = {
        (person["person"], one["on"]): person["minutes_above"] for one in run.result["open"] for person in one["people"]
    }
    return Proposal(
        run.id,
        tuple(
            Step(
                names.get(one["person"], ""), date.fromisoformat(one["on"]), code.get(one["before"], ""),
                code.get(one["after"], ""), max(0, above.get((one["person"], one["on"]), 0)),
            )
            for one in changes
        ),
        tuple(
            Open(
                date.fromisoformat(one["on"]), code.get(one["shift"], ""), int(one["shift"]),
                tuple(
                    (names.get(who["person"], ""), tuple(who["rules"]), who["minutes_above"])
                    for who in near.get((one["on"], one["shift"]), ())
                ),
            )
            for one in short
        ),
        run.result["is_proved"],
        holds and bool(changes),
        needless,
    )  # fmt: skip
