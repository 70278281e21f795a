"""Lines of agreements as rules of ``engines/agreement``, the catalogue as what can arise, and findings in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import pgettext

from vardnara.apps.service.bridge.line_words import days_said, hours_text
from vardnara.apps.service.choices import Party
from vardnara.apps.service.models import AgreementLine, TaskType
from vardnara.engines.agreement import EVERY_DAY, Coverage, Demand, Hole, Overlap, Rule
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import Driver

BY_EVENT = frozenset({Driver.DISCHARGE, Driver.CONTAGION_CASE, Driver.EVENT})
"""What comes when it comes: somebody must be there for it at any hour of any day."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A hole (no parties) or an overlap, the days and nights that have the same made one."""

    task_type_id: int
    task: str
    ward_id: int
    ward_code: str
    days: tuple[int, ...]
    start_minutes: int
    end_minutes: int
    parties: tuple[str, ...] = ()
    after: tuple[int, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def hours(self) -> str:
        return hours_text(self.start_minutes, self.end_minutes)

    @property
    def who(self) -> str:
        """Who stands there: nobody, or two."""
        if not self.parties:
            return pgettext("hole", "nobody")
        names = [str(Party(party).label).lower() for party in self.parties]
        both = pgettext("list", "and")
        return f" {both} ".join(names)

    @property
    def text(self) -> str:
        """``Smittstäd, avd. K31, lördag 16:00–24:00: ingen``."""
        ward = pgettext("agreement", "ward %(code)s") % {"code": self.ward_code}
        return f"{self.task}, {ward}, {self.when}: {self.who}"

    @property
    def when(self) -> str:
        said = f"{days_said(self.days)} {self.hours}"
        if self.after:
            said += " " + pgettext("hole", "after %(days)s") % {"days": days_said(self.after)}
        if self.valid_from:
            said += " " + pgettext("hole", "from %(date)s") % {"date": date_format(self.valid_from, "j F Y")}
        if self.valid_to:
            last = date_format(self.valid_to - timedelta(days=1), "j F Y")
            said += " " + pgettext("hole", "until %(date)s inclusive") % {"date": last}
        return said

    def row(self) -> dict[str, object]:
        """The finding as plain data, to be kept with a version that was signed in spite of it."""
        return {
            "task": self.task_type_id,
            "name": self.task,
            "ward": self.ward_id,
            "code": self.ward_code,
            "days": list(self.days),
            "start": self.start_minutes,
            "end": self.end_minutes,
            "parties": list(self.parties),
            "after": list(self.after),
            "from": self.valid_from.isoformat() if self.valid_from else None,
            "to": self.valid_to.isoformat() if self.valid_to else None,
        }


def finding_of_row(row: Mapping[str, object]) -> Finding:
    """A finding that was kept, as it was."""
    return Finding(
        task_type_id=row["task"],
        task=row["name"],
        ward_id=row["ward"],
        ward_code=row["code"],
        days=tuple(row["days"]),
        start_minutes=row["start"],
        end_minutes=row["end"],
        parties=tuple(row["parties"]),
        after=tuple(row["after"]),
        valid_from=date.fromisoformat(row["from"]) if row["from"] else None,
        valid_to=date.fromisoformat(row["to"]) if row["to"] else None,
    )


def rule_of(line: AgreementLine, valid_from: date, valid_to: date | None) -> Rule:
    """A line as a rule; task and ward by their ids."""
    return Rule(
        task=str(line.task_type_id),
        ward=str(line.ward_id),
        days=frozenset(line.days),
        window=TimeWindow(line.start_minutes, line.end_minutes),
        party=line.party,
        frequency=Recurrence(line.rrule, line.anchor or valid_from) if line.rrule else None,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def demands_of(
    kinds: Iterable[TaskType],
    wards: Mapping[int, bool],
    agreed: Collection[tuple[int, int]],
    spoken_of: Collection[int],
) -> tuple[Demand, ...]:
    """What can arise on the wards of an agreement.

    What comes by events can come at any hour of every day. What is planned is due at its usual times; where a kind has
    none it is due when its lines say, and so has no hole.

    Parameters
    ----------
    kinds
        The catalogue, without what is retired.
    wards
        The agreement's wards; whether the whole day's work arises there, as on a ward where patients lie.
    agreed
        (kind, ward) that any line names.
    spoken_of
        Kinds that the agreement names on any ward: what is done on one is asked for on all its wards.
    """
    found = []
    for kind in kinds:
        event = kind.driver in BY_EVENT
        for ward, is_inpatient in wards.items():
            expected = (kind.pk, ward) in agreed or kind.always or (kind.pk in spoken_of and is_inpatient)
            if not expected:
                continue
            key = str(kind.pk), str(ward)
            if event:
                found.append(Demand(*key, EVERY_DAY, TimeWindow()))
            else:
                found += [Demand(*key, frozenset(days), TimeWindow(start, end)) for days, start, end, _ in kind.usual]
    return tuple(found)


def demands_of_lines(rules: Iterable[Rule], demands: Sequence[Demand]) -> tuple[Demand, ...]:
    """For what has no time of its own: due when a line says."""
    known = {(demand.task, demand.ward) for demand in demands}
    return tuple(
        Demand(rule.task, rule.ward, rule.days, rule.window) for rule in rules if (rule.task, rule.ward) not in known
    )


def findings_of(
    coverage: Coverage, names: Mapping[int, str], codes: Mapping[int, str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Holes and overlaps of the wards that ``codes`` names, days that have the same made one, by ward and task."""
    return _together(coverage.holes, names, codes), _together(coverage.overlaps, names, codes)


def _together(
    found: Iterable[Hole] | Iterable[Overlap], names: Mapping[int, str], codes: Mapping[int, str]
) -> tuple[Finding, ...]:
    days: dict[tuple[object, ...], list[int]] = {}
    for one in found:
        if int(one.ward) in codes:
            parties = one.parties if isinstance(one, Overlap) else ()
            key = (
                int(one.task), int(one.ward), one.start_minutes, one.end_minutes,
                parties, one.after, one.valid_from, one.valid_to,
            )  # fmt: skip
            days.setdefault(key, []).append(one.day)
    rows = [
        Finding(
            task_type_id=task,
            task=names[task],
            ward_id=ward,
            ward_code=codes[ward],
            days=tuple(sorted(its_days)),
            start_minutes=start,
            end_minutes=end,
            parties=parties,
            after=after,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        for (task, ward, start, end, parties, after, valid_from, valid_to), its_days in days.items()
    ]
    order = {task: number for number, task in enumerate(names)}
    return tuple(
        sorted(rows, key=lambda row: (row.ward_code, order[row.task_type_id], row.days, row.start_minutes, row.after))
    )
