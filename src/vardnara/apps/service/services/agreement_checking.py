"""What an agreement leaves open: asked before anybody signs, and by every page that shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import F, Q
from django.db.models.functions import Least

from vardnara.apps.service.bridge.agreement import Finding, demands_of, demands_of_lines, findings_of, rule_of
from vardnara.apps.service.bridge.line_words import kind_name
from vardnara.apps.service.models import AgreementLine, AgreementVersion, TaskType
from vardnara.apps.service.queries.agreement_lines import IN_FORCE, lines_in_force
from vardnara.engines.agreement import Coverage, Demand, Rule, coverage_check

KEPT = 64  # coverages: a signed version is asked for again and again


@dataclass(frozen=True, slots=True)
class Check:
    """Holes and overlaps of a version on the wards that were asked for."""

    holes: tuple[Finding, ...]
    overlaps: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        return not self.holes and not self.overlaps

    def rows(self) -> list[dict[str, object]]:
        return [found.row() for found in (*self.holes, *self.overlaps)]


def version_end(version: AgreementVersion) -> date | None:
    """The first day on which it does not hold, None without end."""
    return min((day for day in (version.valid_to, version.ended_on) if day), default=None)


def version_check(version: AgreementVersion, *, ward_ids: Collection[int] | None = None) -> Check:
    """Check a version together with what other signed agreements of the same days say of its wards.

    ``ward_ids`` narrows what is told, never what is looked at.
    """
    lines = list(version.lines.select_related("ward").order_by("pk"))
    wards = {line.ward_id: line.ward for line in lines}
    kinds = list(TaskType.objects.order_by("pk"))
    names = {kind.pk: kind_name(kind) for kind in kinds}
    end = version_end(version)
    rules = [rule_of(line, version.valid_from, end) for line in lines]
    rules += _others(version, wards, end)
    demands = demands_of(
        [kind for kind in kinds if kind.retired_at is None],
        {ward.pk: ward.kind == "inpatient" for ward in wards.values()},
        {(int(rule.task), int(rule.ward)) for rule in rules},
        {line.task_type_id for line in lines},
    )
    demands += demands_of_lines(rules, demands)
    codes = {pk: ward.code for pk, ward in wards.items() if ward_ids is None or pk in ward_ids}
    if end is not None and end <= version.valid_from:
        return Check((), ())
    return Check(*findings_of(_coverage(tuple(rules), demands, version.valid_from, end), names, codes))


def version_check_of(*, version_id: int, ward_ids: Collection[int]) -> Check:
    """Check a version by its id, told for some wards; whoever reads it has been asked already."""
    return version_check(AgreementVersion.objects.get(pk=version_id), ward_ids=ward_ids)


def _others(version: AgreementVersion, ward_ids: Collection[int], end: date | None) -> list[Rule]:
    """Rules of other signed agreements for the same wards that hold on any day of the version."""
    lines = (
        AgreementLine.objects.filter(ward__in=list(ward_ids), version__state__in=IN_FORCE)
        .exclude(version__agreement=version.agreement_id)
        .annotate(holds_to=Least(F("version__valid_to"), F("version__ended_on")))
        .filter(
            Q(holds_to__isnull=True) | (Q(holds_to__gt=version.valid_from) & Q(holds_to__gt=F("version__valid_from")))
        )
        .select_related("version")
        .order_by("pk")
    )
    if end is not None:
        lines = lines.filter(version__valid_from__lt=end)
    return [rule_of(line, line.version.valid_from, line.holds_to) for line in lines]


def ward_check(*, ward_id: int, on: date) -> Check:
    """What everything that is signed and holds on a local date leaves open on one ward, whatever comes later."""
    lines = list(lines_in_force(on=on).filter(ward=ward_id).select_related("ward", "version").order_by("pk"))
    if not lines:
        return Check((), ())
    kinds = list(TaskType.objects.order_by("pk"))
    ward = lines[0].ward
    rules = [replace(rule_of(line, line.version.valid_from, None), valid_from=None) for line in lines]
    spoken_of = {line.task_type_id for line in lines}
    demands = demands_of(
        [kind for kind in kinds if kind.retired_at is None],
        {ward_id: ward.kind == "inpatient"},
        {(task, ward_id) for task in spoken_of},
        spoken_of,
    )
    demands += demands_of_lines(rules, demands)
    names = {kind.pk: kind_name(kind) for kind in kinds}
    # two years hold every kind of day after every other that matters to a card
    coverage = _coverage(tuple(rules), demands, on, on + timedelta(days=2 * 366))
    return Check(*findings_of(coverage, names, {ward_id: ward.code}))


@lru_cache(maxsize=KEPT)
def _coverage(rules: tuple[Rule, ...], demands: tuple[Demand, ...], since: date, until: date | None) -> Coverage:
    return coverage_check(rules, demands, since=since, until=until)
