"""What the reader of a balance should know, in plain English; pages build their own sentences from the codes."""

from __future__ import annotations

from vardnara.engines.transfer.result import Notice

NOTICES = {
    "HOURS_WITHOUT_HOME": "{hours:.1f} hours a week have no home",
    "NOTHING_ADDED": "{hours:.1f} hours a week are received without any time being added: other work gives way",
    "UNKNOWN_MINUTES": "nobody knows the minutes of {n} of what moves, so they are in no sum",
    "TASK_MOVES_BOTH_WAYS": "another plan moves {tasks} the other way",
    "HOME_TOO_LARGE": "more is said to take care of the work than there is, on {n} of what moves",
}


def notice_text(notice: Notice) -> str:
    """One sentence."""
    return NOTICES[notice.code].format(hours=notice.minutes / 60, n=len(notice.items), tasks=", ".join(notice.tasks))
