"""Why does the ward service cost more than it is paid? Agreement, measured work and ledger side by side."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from vardnara.apps.economy.choices import AccountKind, Ledger, Side
from vardnara.apps.economy.models import MonthSum
from vardnara.apps.economy.queries.ledger import hospital_require, months_booked
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.hospital.queries.demand import wards_confirmed
from vardnara.apps.service.choices import Party
from vardnara.apps.service.queries.agreements import AgreementRow, VersionRow, agreement_list
from vardnara.apps.service.queries.delivered import delivered
from vardnara.apps.service.queries.workload import hospital_work
from vardnara.engines.followup import Deviation, Part, Question, deviation_explain
from vardnara.engines.workload import workload_estimate
from vardnara.kernel.calendar import SATURDAY
from vardnara.parameters.task_norms import Driver

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ZERO, CENT = Decimal(0), Decimal("0.01")
FINAL = (Driver.DISCHARGE, Driver.CONTAGION_CASE)
GROUPS = ("weekdays", "weekends", "final_cleans")  # in this order on the page
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Why:
    """The question with what it was made of, and its answer.

    Parameters
    ----------
    since, until
        Local days ``[since, until)`` that everything is about: the booked months from which on somebody pays.
    booked_income
        SEK that the ledger has as income of the same units, to be seen beside the agreement's compensation.
    agreements
        Agreements that held some of the days, with their compensation for those days.
    n_untimed
        Tasks that were finished without a measured time: they are done, and their hours are not known.
    unverified_share
        Part of the agreed hours that rests on norms that nobody has measured.
    """

    since: date
    until: date
    question: Question
    found: Deviation
    booked_income: Decimal
    agreements: tuple[tuple[AgreementRow, VersionRow, Decimal], ...]
    n_untimed: int
    unverified_share: float


def why(*, actor: User, hospital_id: int, year: int, today: date) -> Why | None:
    """The question over the booked months of a year; None where nothing is booked."""
    hospital_require(actor, hospital_id)
    through = months_booked(hospital_id=hospital_id, year=year)
    if not through:
        return None
    until = date(year + through // 12, through % 12 + 1, 1)
    since = _paid_since(actor, hospital_id, date(year, 1, 1), until, today)
    cost, income = _booked(hospital_id, year, since.month, through)
    paid = compensations(actor=actor, hospital_id=hospital_id, since=since, until=until, today=today)
    compensation = sum((amount for *_, amount in paid), ZERO) if paid else None
    agreed, unverified = _agreed(actor, today, (until - since).days)
    parts, n_untimed = _parts(actor, since, until, agreed)
    question = Question(cost, compensation, parts)
    return Why(since, until, question, deviation_explain(question), income, paid, n_untimed, unverified)


def _paid_since(actor: User, hospital_id: int, first: date, until: date, today: date) -> date:
    """First month from which on every day has a compensation until ``until``; ``first`` where the last has none."""
    paid = compensations(actor=actor, hospital_id=hospital_id, since=first, until=until, today=today)
    spans = [(version.valid_from, version.ends_on or until) for _, version, _ in paid]
    day = until - timedelta(days=1)
    while day >= first and any(begins <= day < ends for begins, ends in spans):
        day -= timedelta(days=1)
    begins = day + timedelta(days=1)
    month = begins if begins.day == 1 else (begins.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first if month >= until else month


def _booked(hospital_id: int, year: int, first_month: int, last_month: int) -> tuple[Decimal, Decimal]:
    """Costs and incomes of the service's units in some months."""
    rows = MonthSum.objects.filter(
        ledger__hospital=hospital_id,
        ledger__year=year,
        ledger__kind=Ledger.ACTUAL,
        ledger__replaced_at__isnull=True,
        unit__side=Side.SERVICE,
        month__gte=first_month,
        month__lte=last_month,
    ).values_list("account__kind", "amount_sek")
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for kind, amount in rows:
        sums[kind] += amount
    return sums[AccountKind.COST], -sums[AccountKind.INCOME]


def compensations(
    *, actor: User, hospital_id: int, since: date, until: date, today: date
) -> tuple[tuple[AgreementRow, VersionRow, Decimal], ...]:
    """Signed versions that held some of the days with a compensation, each with its share of the year by days."""
    found = []
    for agreement in agreement_list(actor=actor, on=today):
        if agreement.hospital_id != hospital_id:
            continue
        for version in agreement.versions:
            first, last = max(version.valid_from, since), min(version.ends_on or until, until)
            if version.is_draft or version.compensation_sek is None or first >= last:
                continue
            found.append((agreement, version, share_of_year(version.compensation_sek, first, last)))
    return tuple(found)


def share_of_year(amount: Decimal, first: date, last: date) -> Decimal:
    """A yearly amount for the days ``[first, last)``, cumulated by days, so that the shares of a year sum to it."""
    total = ZERO
    for year in range(first.year, last.year + 1):
        begins, ends = date(year, 1, 1), date(year + 1, 1, 1)
        days = (ends - begins).days
        upto, before = (min(last, ends) - begins).days, (max(first, begins) - begins).days
        if upto > before:
            total += (amount * upto / days).quantize(CENT) - (amount * before / days).quantize(CENT)
    return total


def _agreed(actor: User, today: date, n_days: int) -> tuple[dict[str, Decimal] | None, float]:
    """Hours that agreements give the service in so many days, by group, by the norms; and the unverified share."""
    wards = wards_confirmed(ward_ids=ward_ids_in_reach(actor=actor))
    work = hospital_work(ward_ids=wards, on=today)
    if work is None or not work.wards:
        return None, 0.0
    minutes: dict[str, float] = dict.fromkeys(GROUPS, 0.0)
    unverified = 0.0
    for row in workload_estimate(work.case.order).rows:
        if work.parts[row.task].party != Party.SERVICE:
            continue
        often = sum(row.occurrences)
        weekend = sum(row.occurrences[5:]) / often if often else 0.0
        typical = row.minutes.typical
        if row.driver in FINAL:
            minutes["final_cleans"] += typical
        else:
            minutes["weekends"] += typical * weekend
            minutes["weekdays"] += typical * (1 - weekend)
        unverified += typical if row.norm.evidence.confidence == "unverified" else 0.0
    whole = sum(minutes.values())
    hours = {name: (Decimal(value) / 60 * n_days / WEEK_DAYS).quantize(CENT) for name, value in minutes.items()}
    return hours, unverified / whole if whole else 0.0


def _parts(
    actor: User, since: date, until: date, agreed: dict[str, Decimal] | None
) -> tuple[tuple[Part, ...] | None, int]:
    inside: dict[str, Decimal] = defaultdict(lambda: ZERO)
    outside: dict[str, Decimal] = defaultdict(lambda: ZERO)
    n_untimed = 0
    for row in delivered(actor=actor, since=since, until=until):
        group = "final_cleans" if row.final_clean else "weekends" if row.on.weekday() >= SATURDAY else "weekdays"
        (inside if row.agreed else outside)[group] += row.hours
        n_untimed += row.n_untimed
    if agreed is None:
        return None, n_untimed
    parts = [Part(name, agreed[name], inside[name].quantize(CENT)) for name in GROUPS]
    parts += [Part(name, ZERO, outside[name].quantize(CENT), in_scope=False) for name in GROUPS if outside[name]]
    return tuple(parts), n_untimed
