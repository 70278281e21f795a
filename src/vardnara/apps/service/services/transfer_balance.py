"""The transfer balance of a plan, from the agreement's lines, the norms and what was measured of the wards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vardnara.apps.hospital.queries.demand import WardDemand, ward_demand
from vardnara.apps.service.bridge.transfer import Cut, lines_cut
from vardnara.apps.service.choices import VersionState
from vardnara.apps.service.models import AgreementLine, AgreementVersion, Norm, TaskType, TransferItem
from vardnara.apps.service.queries.agreement_lines import line_recurrence, line_window, norms_newest, wards_agreed
from vardnara.apps.service.queries.transfers import PlanRow, kinds_other_way
from vardnara.apps.service.queries.workload import (
    BEGINNING,
    BY_EVENTS,
    WEEKS,
    Part,
    codes_of,
    events_measured,
    facts_of,
    norm_read,
)
from vardnara.apps.service.services.transfer_gate import version_before
from vardnara.engines.transfer import Balance, Home, HomeKind, Item, Piece, TransferCase, balance_estimate
from vardnara.engines.workload import TaskType as WorkType
from vardnara.kernel.recurrence import Recurrence
from vardnara.parameters.task_norms import Driver


@dataclass(frozen=True, slots=True)
class PlanBalance:
    """A balance, what it was counted from, and the wards by the case's codes."""

    balance: Balance
    case: TransferCase
    wards: Mapping[str, WardDemand]


def transfer_balance(*, plan: PlanRow, on: date, weeks: int = WEEKS) -> PlanBalance | None:
    """The balance of those of a plan's items that the reader was given, as known on a local date; None without any."""
    if not plan.items:
        return None
    demands = ward_demand(ward_ids={item.ward_id for item in plan.items}, today=on, weeks=weeks)
    wards = codes_of(demands)
    code_of = {demand.ward_id: code for code, demand in wards.items()}
    cuts = _moving(plan)
    types = {row.pk: row for row in TaskType.objects.order_by("area", "code")}
    norms = norms_newest(task_type_ids=types, on=on)
    agreed = wards_agreed(ward_ids=list(code_of))
    counted = {types[pk].code for pk, ward in agreed if norms.get((pk, ward)) or norms.get((pk, 0))}
    moving = {types[item.task_type_id].code for item in plan.items}
    parts = {code: Part(code, "") for code in counted | moving}
    events = events_measured(types.values(), demands, on)
    items = tuple(
        Item(
            item.id,
            item.task_code,
            code_of[item.ward_id],
            tuple(_piece(cut, types, norms, code_of) for cut in cuts if cut.item_id == item.id),
        )
        for item in plan.items
    )
    homes = tuple(
        Home(
            home.id,
            item.id,
            HomeKind(home.how),
            None if home.minutes_per_week is None else float(home.minutes_per_week),
            frozenset(home.days),
            frozenset(range(home.start_hour, home.end_hour)),
        )
        for item in plan.items
        for home in item.homes
    )
    begins = max((piece.work.recurrence.anchor for item in items for piece in item.pieces if piece.work), default=on)
    first = plan.switch_on
    case = TransferCase(
        items,
        homes,
        tuple(facts_of(code, demand, parts, events) for code, demand in wards.items()),
        first.year if begins <= date(first.year, 1, 1) else first.year + 1,
        frozenset(kinds_other_way(plan=plan, on=on)),
    )
    return PlanBalance(balance_estimate(case), case, wards)


def _moving(plan: PlanRow) -> list[Cut]:
    """Lines of the version before that move, cut to the days that do."""
    before = _before(plan)
    if before is None:
        return []
    items = list(TransferItem.objects.filter(plan=plan.id).order_by("pk"))
    lines = before.lines.filter(ward__in={item.ward_id for item in plan.items}).select_related("version").order_by("pk")
    cuts = lines_cut(lines, items, from_party=plan.from_party, to_party=plan.to_party)
    return [cut for cut in cuts if cut.item_id is not None]


def _before(plan: PlanRow) -> AgreementVersion | None:
    if plan.version_id is not None:
        return version_before(AgreementVersion.objects.select_related("agreement").get(pk=plan.version_id))
    signed = AgreementVersion.objects.filter(agreement=plan.agreement_id).exclude(state=VersionState.DRAFT)
    return signed.order_by("-number").first()


def _piece(
    cut: Cut, types: Mapping[int, TaskType], norms: Mapping[tuple[int, int], Norm], code_of: Mapping[int, str]
) -> Piece:
    line, row = cut.line, types[cut.line.task_type_id]
    own = norms.get((row.pk, line.ward_id))
    norm = own or norms.get((row.pk, 0))
    if norm is None:
        return Piece(None)
    name = f"{row.code}@{code_of[line.ward_id]}" if own else row.code
    by_events = Driver(row.driver) in BY_EVENTS
    return Piece(
        WorkType(
            code=row.code,
            norm=norm_read(norm, name, row),
            recurrence=_recurrence(line, by_events),
            times=1 if by_events else line.times,
            n_people=row.n_people,
            days=cut.days,
        )
    )


def _recurrence(line: AgreementLine, by_events: bool) -> Recurrence:
    daily = Recurrence("FREQ=DAILY", BEGINNING, window=line_window(line))
    return daily if by_events else line_recurrence(line) or daily
