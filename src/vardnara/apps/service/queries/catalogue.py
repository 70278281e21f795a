"""The catalogue as pages show it: each kind of task with its norms and where they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.service.choices import BY_EVENTS, Area, Confidence, name_in_language
from vardnara.apps.service.models import Norm, TaskType
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.task_norms import Driver

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

READERS = (
    Role.SERVICE_HEAD,
    Role.ADMINISTRATOR,
    Role.COORDINATOR,
    Role.CONTROLLER,
    Role.DECISION_MAKER,
    Role.UNIT_MANAGER,
    Role.AUDITOR,
)


@dataclass(frozen=True, slots=True)
class NormRow:
    """How long a kind of task takes by one source. ``counts`` on the newest that is valid, for its ward or for all."""

    id: int
    ward_name: str
    fixed: tuple[float, float, float]
    unit: tuple[float, float, float]
    confidence: Confidence
    source: str
    source_on: date
    scope: str
    n_observations: int
    valid_from: date
    counts: bool


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A kind of task; ``norm`` is the one that counts everywhere, None where nobody has given one."""

    type: TaskType
    title: str
    area: Area
    driver: Driver
    follows: str
    norm: NormRow | None
    norms: tuple[NormRow, ...]

    @property
    def by_events(self) -> bool:
        """Made when something happens, not ahead."""
        return self.driver in BY_EVENTS

    @property
    def n_wards(self) -> int:
        """Wards with a norm of their own that counts."""
        return sum(norm.counts and bool(norm.ward_name) for norm in self.norms)


def _rows(types: Iterable[TaskType], wards: dict[int, str], on: date) -> list[TypeRow]:
    types = list(types)
    by_type: dict[int, list[Norm]] = defaultdict(list)
    for norm in Norm.objects.filter(task_type__in=types).order_by("-valid_from", "-pk"):
        if norm.ward_id is None or norm.ward_id in wards:
            by_type[norm.task_type_id].append(norm)
    found = []
    for row in types:
        seen: set[int | None] = set()
        norms = []
        for norm in by_type[row.pk]:
            counts = norm.valid_from <= on and norm.ward_id not in seen
            if counts:
                seen.add(norm.ward_id)
            norms.append(
                NormRow(
                    id=norm.pk,
                    ward_name=wards[norm.ward_id] if norm.ward_id else "",
                    fixed=(float(norm.fixed_low), float(norm.fixed_typical), float(norm.fixed_high)),
                    unit=(float(norm.unit_low), float(norm.unit_typical), float(norm.unit_high)),
                    confidence=Confidence(norm.confidence),
                    source=norm.source,
                    source_on=norm.source_on,
                    scope=norm.scope,
                    n_observations=norm.n_observations,
                    valid_from=norm.valid_from,
                    counts=counts,
                )
            )
        general = next((norm for norm in norms if norm.counts and not norm.ward_name), None)
        follows = name_in_language(row.follows.name, row.follows.name_en) if row.follows else ""
        found.append(
            TypeRow(
                row,
                name_in_language(row.name, row.name_en),
                Area(row.area),
                Driver(row.driver),
                follows,
                general,
                tuple(norms),
            )
        )
    return found


def catalogue(*, actor: User, on: date) -> list[tuple[Area, list[TypeRow]]]:
    """Every kind of task by area, retired ones last in theirs; norms of wards within reach."""
    role_require(actor, READERS)
    wards = {ward.id: ward.name for ward in board_wards(actor=actor, with_beds=False)}
    types = TaskType.objects.select_related("follows").order_by("retired_at", "pk")
    rows = _rows(types, wards, on)
    return [(area, mine) for area in Area if (mine := [row for row in rows if row.area == area])]


def catalogue_one(*, actor: User, code: str, on: date) -> TypeRow:
    """One kind of task with every norm that it has had; raises ``unknown_type``."""
    role_require(actor, READERS)
    wards = {ward.id: ward.name for ward in board_wards(actor=actor, with_beds=False)}
    rows = _rows(TaskType.objects.select_related("follows").filter(code=code), wards, on)
    if not rows:
        raise RuleBroken("unknown_type", code)
    return rows[0]


def type_choices(*, except_id: int | None = None) -> list[tuple[int, str]]:
    """Kinds of task to choose from."""
    rows = TaskType.objects.filter(retired_at__isnull=True).exclude(pk=except_id).order_by("name")
    return [(row.pk, name_in_language(row.name, row.name_en)) for row in rows]
