"""The checklist behind each post that a case removes or re-aims. Of posts: no name and no judgement of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import Case, PostCheck, PostChecklist
from vardnara.apps.decisions.queries.post_checklists import posts_wanted
from vardnara.apps.decisions.services.recording import case_lock, content_of, event_add
from vardnara.apps.service.services.notes import identity_refuse
from vardnara.gateways.case_file.content import case_of
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.parameters.measures import post_steps

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

NOTICE_MOST = 36  # months


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What is said of a step."""

    owner: str = ""
    due_on: date | None = None
    done_on: date | None = None
    note: str = ""


def _living(case_id: int, actor: User) -> Case:
    case = case_lock(case_id, actor)
    if case.state in (CaseState.WITHDRAWN, CaseState.CLOSED):
        raise RuleBroken("case_is_decided", f"case {case_id}")
    return case


@transaction.atomic
def post_checklists_make(*, case_id: int, actor: User, at: datetime) -> int:
    """A list for each post that the case's newest version removes or re-aims and that has none; how many. A writer.

    A row of 2.5 posts has three lists; one that was read from the register of posts has one for each of those. A list
    that is there keeps what was done and takes the row's date.
    """
    case = _living(case_id, actor)
    found = case_of(content_of(case)).examined()
    n_made = 0
    for post in posts_wanted(found):
        listed, made = PostChecklist.objects.get_or_create(
            case=case,
            label=post.label,
            number=post.number,
            defaults={
                "change": post.change,
                "change_on": post.change_on,
                "post_number": post.post_number,
                "made_at": at,
                "made_by": actor,
            },
        )
        if not made and (listed.change, listed.change_on) != (post.change, post.change_on):
            listed.change, listed.change_on = post.change, post.change_on
            listed.save(update_fields=["change", "change_on"])
        n_made += made
        have = set(listed.checks.values_list("code", flat=True))
        PostCheck.objects.bulk_create(
            PostCheck(checklist=listed, code=step.code)
            for step in post_steps().values()
            if post.change in step.changes and step.code not in have
        )
    if n_made:
        event_add(case, "checklists", text=str(n_made), actor=actor, at=at)
    return n_made


@transaction.atomic
def post_checklist_set(
    *, case_id: int, checklist_id: int, post_number: str, notice_months: int | None, actor: User, at: datetime
) -> PostChecklist:
    """Which post it is in the register of posts, and the months of notice, as HR says. A writer."""
    case = _living(case_id, actor)
    listed = case.checklists.select_for_update().filter(pk=checklist_id).first()
    if listed is None:
        raise RuleBroken("unknown_line", f"checklist {checklist_id}")
    if notice_months is not None and not 0 <= notice_months <= NOTICE_MOST:
        raise RuleBroken("bad_input", str(notice_months))
    identity_refuse(post_number)
    listed.post_number, listed.notice_months = post_number.strip(), notice_months
    listed.save(update_fields=["post_number", "notice_months"])
    text = f"{listed.label} {listed.number}: {post_number.strip()} {'' if notice_months is None else notice_months}"
    event_add(case, "post_step", text=text.strip(), actor=actor, at=at)
    return listed


@transaction.atomic
def post_check_set(*, case_id: int, check_id: int, words: CheckWords, actor: User, at: datetime) -> PostCheck:
    """Whose a step is, by when, and when it was done; refused where a text holds a personnummer. A writer."""
    case = _living(case_id, actor)
    check = PostCheck.objects.select_for_update(of=("self",)).select_related("checklist").filter(
        pk=check_id, checklist__case=case
    ).first()  # fmt: skip
    if check is None:
        raise RuleBroken("unknown_line", f"check {check_id}")
    if words.done_on is not None and words.done_on > local_date(at):
        raise RuleBroken("outcome_in_future", str(words.done_on))
    for text in (words.owner, words.note):
        identity_refuse(text)
    check.owner, check.note = words.owner.strip(), words.note.strip()
    check.due_on, check.done_on = words.due_on, words.done_on
    check.save(update_fields=["owner", "note", "due_on", "done_on"])
    step = post_steps().get(check.code)
    told = [step.sv if step else check.code, words.owner.strip(), str(words.due_on or ""), str(words.done_on or "")]
    text = f"{check.checklist.label} {check.checklist.number}: " + ", ".join(one for one in told if one)
    event_add(case, "post_step", text=text, actor=actor, at=at)
    return check
