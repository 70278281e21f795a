"""An explanation as a document: what a page or a file keeps of it."""

from __future__ import annotations

from typing import Any

from vardnara.engines.roster.swedish.result import Explanation

WAYS = 5
WHYS = 12


def explained_document(found: Explanation) -> dict[str, Any]:
    """The headline, balances of weeks in which something is missing, the most telling reasons, and ways out."""
    head = found.headline
    return {
        "headline": {
            "kind": head.kind,
            "monday": head.monday.isoformat() if head.monday else None,
            "competence": head.competence,
            "needed_minutes": head.needed_minutes,
            "reached_minutes": head.reached_minutes,
        },
        "needed_minutes": found.needed_minutes,
        "short_minutes": found.short_minutes,
        "bound_minutes": found.bound_minutes,
        "weeks": [
            {
                "monday": one.monday.isoformat(),
                "needed_minutes": one.needed_minutes,
                "contract_minutes": one.contract_minutes,
                "short_minutes": one.short_minutes,
                "least_short_minutes": one.least_short_minutes,
            }
            for one in found.weeks
            if one.short_minutes
        ],
        "why": [
            {
                "monday": one.monday.isoformat(),
                "shift": one.shift,
                "missing": one.missing,
                "reasons": dict(one.reasons),
                "alone": dict(one.alone),
            }
            for one in sorted(found.why, key=lambda one: -one.minutes)[:WHYS]
        ],
        "ways": [
            {
                "kind": one.kind,
                "amount": one.amount,
                "what": [str(part) for part in one.what],
                "left_minutes": one.left_minutes,
            }
            for one in found.relaxations[:WAYS]
        ],
        "clashes": [
            {"person": one.person, "rules": list(one.rules), "give_up": list(one.give_up)} for one in found.clashes
        ],
    }
