"""A finding in plain English, for logs and the command line; pages have their own words."""

from __future__ import annotations

from vardnara.engines.waste.result import Extent, Finding, Sure, Timing

TIMES = {
    Timing.IN_TIME: "known in time, and cooked all the same",
    Timing.TOLD_LATE: "it had happened, and the message came too late",
    Timing.AFTER_LIMIT: "it happened when the kitchen could no longer act",
}


def finding_text(finding: Finding) -> str:
    """One line."""
    if finding.extent is Extent.NONE:
        if not finding.cooked:
            return "never cooked"
        return "nothing wasted" if finding.noted else "nobody noted what became of it"
    why = str(finding.fact or finding.cause)
    parts = [
        f"{finding.quarters}/4 wasted ({finding.side})",
        f"{finding.cause}" + (f" ({why})" if finding.fact else ""),
    ]
    parts.append({Sure.JOINED: "by the records", Sure.SAID: "somebody said so", Sure.UNKNOWN: "nobody knows why"}[
        finding.sure or Sure.UNKNOWN
    ])  # fmt: skip
    if finding.timing is not None:
        parts.append(TIMES[finding.timing])
    if finding.contradicted:
        parts.append(f"contradicted: {finding.said or 'eaten'}")
    return "; ".join(parts)
