"""The decision clock: what is to be decided again is one tap away, with what it said and what came of it (feat-E10)."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import Case
from vardnara.apps.decisions.services.recording import case_lock, content_of, event_add, version_add
from vardnara.gateways.case_file.content import Content
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

OWN = ("dated_on", "meeting_on", "paragraph", "registry_number")  # of the old document, not of the new


@transaction.atomic
def case_redecide(*, case_id: int, step_id: str, actor: User, at: datetime) -> Case:
    """A new case that takes a decision again: its content taken over, a step that follows it, and what came of it.

    A writer, once for a decision as long as the new case is not withdrawn.
    """
    old = case_lock(case_id, actor)
    if old.follow_ups.filter(follows_step=step_id).exclude(state=CaseState.WITHDRAWN).exists():
        raise RuleBroken("redecision_exists", f"case {case_id}")
    content = copy.deepcopy(content_of(old))
    step = next((one for one in content.get("step", []) if one["id"] == step_id), None)
    if step is None or not (step.get("valid_through") or step.get("review_by")):
        raise RuleBroken("unknown_line", step_id)
    for key in OWN:
        content.pop(key, None)
    content["title"] = f"Nytt beslut: {content['title']}"[:200]
    content["step"].append(_next(content["step"], step))
    told = _came_of_it(old, local_date(at))
    if told:
        content.setdefault("section", []).append({"heading": "Vad det tidigare beslutet lovade", "paragraphs": told})
    case = Case(
        hospital_id=old.hospital_id,
        title=content["title"],
        follows=old,
        follows_step=step_id,
        made_at=at,
        made_by=actor,
    )
    case.save()
    version_add(case, content, what=f"follows {case_id}", actor=actor, at=at)
    event_add(case, "redecides", text=old.title, actor=actor, at=at)
    event_add(old, "redecided", text=case.title, actor=actor, at=at)
    return case


def _next(steps: list[dict[str, Any]], step: dict[str, Any]) -> dict[str, Any]:
    taken = {one["id"] for one in steps}
    n = 2
    while f"{step['id']}_{n}" in taken:
        n += 1
    made: Content = {
        "id": f"{step['id']}_{n}",
        "kind": step["kind"],
        "organ": step["organ"],
        "text": f"Nytt beslut: {step['text']}",
        "is_decided": False,
        "follows": step["id"],
    }
    if step.get("valid_through"):
        made["valid_from"] = (date.fromisoformat(step["valid_through"]) + timedelta(days=1)).isoformat()
    return made


def _came_of_it(old: Case, today: date) -> list[str]:
    """Promises beside their outcome, in the words of a Swedish document."""
    told = []
    for promise in old.promises.order_by("check_on", "pk"):
        said = f"{promise.label}: {_swedish(promise.promised)} {promise.unit} ({promise.metric})."
        if promise.outcome is not None:
            said += f" Utfall {promise.outcome_on}: {_swedish(promise.outcome)} {promise.unit}."
        elif promise.check_on < today:
            said += f" Skulle ha följts upp {promise.check_on}; utfall saknas."
        else:
            said += f" Följs upp {promise.check_on}."
        told.append(said)
    return told


def _swedish(value: Any) -> str:
    return format(value.normalize(), "f").replace(".", ",").replace("-", "\u2212")
