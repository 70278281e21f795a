"""Figures and posts that a case takes from the system's own registers."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import override

from vardnara.apps.decisions.models import Case, CaseVersion
from vardnara.apps.decisions.queries.registers import Reading, query_parts, query_text, register_read
from vardnara.apps.decisions.services.cases import seen_lock
from vardnara.apps.decisions.services.recording import content_of, version_add
from vardnara.apps.staffing.queries.posts import Period, PostRow, posts_there
from vardnara.engines.economy import PostChange
from vardnara.gateways.case_file.content import content_pack
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

FLOW = {PostChange.REMOVED: "saving", PostChange.ADDED: "added_cost"}
LANGUAGE = "sv"  # of what a case says, whoever writes it


@transaction.atomic
def figure_take(
    *, case_id: int, query: str, name: str, label: str, seen: int, actor: User, at: datetime
) -> CaseVersion:
    """Add a figure that a register says: value, interval, and the question with the day it was asked.

    Raises what ``register_read`` raises. A writer, before the decision.
    """
    case = seen_lock(case_id, seen, actor)
    content = copy.deepcopy(content_of(case))
    content.setdefault("figure", []).append(_figure(case, query, name, label, at))
    return version_add(case, content, what="figure", actor=actor, at=at)


@transaction.atomic
def figure_read_again(*, case_id: int, name: str, seen: int, actor: User, at: datetime) -> CaseVersion:
    """Let a figure say what its register says now. A writer, before the decision."""
    case = seen_lock(case_id, seen, actor)
    content = copy.deepcopy(content_of(case))
    rows = content.get("figure", [])
    found = next((n for n, row in enumerate(rows) if row["id"] == name and row.get("query")), None)
    if found is None:
        raise RuleBroken("unknown_line", name)
    rows[found] = _figure(case, rows[found]["query"], name, rows[found]["label"], at)
    return version_add(case, content, what="figure", actor=actor, at=at)


@transaction.atomic
def posts_take(
    *,
    case_id: int,
    numbers: Sequence[str],
    on: date,
    change: PostChange,
    change_on: date,
    seen: int,
    actor: User,
    at: datetime,
) -> CaseVersion:
    """Take posts of the register into the case: how many by place and funding, who pays for them when, what they cost.

    What is removed is a saving of who pays for it on the day of the change, what is added a cost; posts that nobody
    pays for then, or whose pay is not known, come without an amount. A writer, before the decision.
    """
    case = seen_lock(case_id, seen, actor)
    found = posts_there(hospital_id=case.hospital_id, day=on, numbers=numbers)
    if not found or len(found) < len(set(numbers)):
        raise RuleBroken("register_empty", "posts")
    content = copy.deepcopy(content_of(case))
    groups: dict[tuple[str, tuple[Period, ...]], list[PostRow]] = {}
    for row in found:
        groups.setdefault((row.division or row.place, row.fundings), []).append(row)
    places = [place for place, _ in groups]
    for (place, fundings), rows in groups.items():
        payer = next((one for one in fundings if one.holds(change_on)), None)
        name = f"{place} ({payer.party})" if payer is not None and places.count(place) > 1 else place
        stem = _name_free(place, {row["id"] for row in content.get("figure", [])})
        arguments = {"numbers": ",".join(row.number for row in rows), "on": on.isoformat()}
        posts, cost = f"posts_{stem}", f"cost_{stem}"
        figures = content.setdefault("figure", [])
        figures.append(_figure(case, query_text("staffing.posts", arguments), posts, f"Tjänster, {name}", at))
        told: dict[str, Any] = {"figure": posts, "label": name, "change": change.value, "change_on": change_on}
        begins = {row.from_on for row in rows}
        if len(begins) == 1 and min(begins) <= change_on:
            told["exists_from"] = min(begins)
        told["funding"] = [_funding(one) for one in fundings]
        content.setdefault("posts", []).append(content_pack(told))
        if change in FLOW and payer is not None and all(row.cost_sek is not None for row in rows):
            figures.append(_figure(case, query_text("staffing.cost", arguments), cost, f"Kostnad per år, {name}", at))
            amount = {
                "figure": cost,
                "payer": payer.party,
                "kind": FLOW[change],
                "from_on": change_on,
                "in_frame": payer.in_frame,
            }
            content.setdefault("amount", []).append(content_pack(amount))
    return version_add(case, content, what="posts", actor=actor, at=at)


def _funding(one: Period) -> dict[str, Any]:
    row: dict[str, Any] = {"party": one.party, "from_on": one.from_on, "in_frame": one.in_frame}
    return row | ({"to_on": one.to_on} if one.to_on else {})


def _name_free(place: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", place).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30] or "place"
    number = 1
    while any(f"{kind}_{stem}" + (f"_{number}" if number > 1 else "") in taken for kind in ("posts", "cost")):
        number += 1
    return stem + (f"_{number}" if number > 1 else "")


def _figure(case: Case, query: str, name: str, label: str, at: datetime) -> dict[str, Any]:
    register, _ = query_parts(query)
    with override(LANGUAGE):
        reading: Reading = register_read(hospital_id=case.hospital_id, query=query, at=at)
    row: dict[str, Any] = {"id": name, "label": label, "unit": register.unit, "value": reading.value}
    if reading.low is not None and reading.high is not None and reading.low < reading.high:
        row |= {"low": reading.low, "high": reading.high}
    if reading.basis:
        row["note"] = reading.basis
    packed: dict[str, Any] = content_pack(row | {"query": query, "read_on": local_date(at)})
    return packed
