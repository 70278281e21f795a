"""What the data of a case warn of. No rule knows a case by its name: change the data and the warning goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from vardnara.engines.case.data import Case, Step, StepKind
from vardnara.engines.case.result import Concern, FigureValue
from vardnara.engines.economy import (
    Effect,
    FlowKind,
    HourBalance,
    Ledger,
    PostChange,
    PostGroup,
    funding_gaps,
    fundings_ending,
)

CODES = (
    "POST_OUTSIDE_FRAME",
    "SAVING_REINVESTED",
    "SCOPE_HOLE",
    "COMPENSATION_BELOW_COST",
    "DECISION_EXPIRES",
    "FUNDING_ENDS",
    "UNFUNDED_PERIOD",
    "CONTRADICTING_SOURCES",
    "HOURS_WITHOUT_HOME",
    "TASK_MOVES_BOTH_WAYS",
    "FIGURE_DISAGREES",
)


def concerns_of(
    case: Case,
    groups: tuple[PostGroup, ...],
    figures: tuple[FigureValue, ...],
    effect: Effect | None,
    ledger: Ledger | None,
    balance: HourBalance | None,
) -> tuple[Concern, ...]:
    """Every concern, in the order of :data:`CODES`."""
    found = [
        *_posts_outside(groups),
        *_reinvested(case, figures, effect),
        *_scope(case),
        *_ledger(ledger),
        *_expiring(case),
        *_funding(groups),
        *_contradicting(case),
        *_homeless(balance),
        *_both_ways(case),
        *_disagreeing(figures),
    ]
    return tuple(sorted(found, key=lambda concern: CODES.index(concern.code)))


def _posts_outside(groups: tuple[PostGroup, ...]) -> Iterator[Concern]:
    removed = [group for group in groups if group.change is PostChange.REMOVED]
    outside = [group for group in removed if not group.is_in_frame]
    if outside:
        yield Concern(
            "POST_OUTSIDE_FRAME",
            {
                "n": sum((group.n_posts for group in outside), Decimal(0)),
                "of": sum((group.n_posts for group in removed), Decimal(0)),
                "groups": tuple(group.label for group in outside),
            },
        )


def _reinvested(case: Case, figures: tuple[FigureValue, ...], effect: Effect | None) -> Iterator[Concern]:
    if effect is None or not any(amount.kind is FlowKind.SAVING for amount in case.amounts):
        return
    values = {found.figure.id: found.value for found in figures}
    used = [amount for amount in case.amounts if amount.kind is FlowKind.REINVESTMENT and values[amount.figure]]
    for payer in dict.fromkeys(amount.payer for amount in used):
        amounts = [values[amount.figure] for amount in used if amount.payer == payer]
        yield Concern(
            "SAVING_REINVESTED",
            {
                "payer": payer,
                "amount": sum(amounts, Decimal(0)),
                "gross": effect.full_year.gross_sek,
                "net": effect.full_year.net_sek,
            },
        )


def _scope(case: Case) -> Iterator[Concern]:
    for element in case.scope:
        missing = [name for name in ("responsible", "agreed_in") if not getattr(element, name).strip()]
        if missing:
            yield Concern("SCOPE_HOLE", {"element": element.label, "missing": tuple(missing)})


def _ledger(ledger: Ledger | None) -> Iterator[Concern]:
    if ledger is not None and ledger.compensation_sek < ledger.cost_sek:
        yield Concern(
            "COMPENSATION_BELOW_COST",
            {
                "provider": ledger.provider,
                "buyer": ledger.buyer,
                "cost": ledger.cost_sek,
                "compensation": ledger.compensation_sek,
                "deviation": ledger.deviation_sek,
            },
        )


def _expiring(case: Case) -> Iterator[Concern]:
    for step in case.steps:
        if step.kind is not StepKind.DECISION or step.valid_through is None:
            continue
        after = list(_following(step, case.steps))
        if any(one.is_decided and _outlives(one, step.valid_through) for one in after):
            continue
        proposed = next((one for one in after if _outlives(one, step.valid_through)), None)
        yield Concern(
            "DECISION_EXPIRES",
            {
                "text": step.text,
                "organ": step.organ,
                "on": step.on,
                "through": step.valid_through,
                "is_decided": step.is_decided,
                "review_by": step.review_by,
                "proposed": proposed.text if proposed else "",
            },
        )


def _following(step: Step, steps: tuple[Step, ...]) -> Iterator[Step]:
    """Every decision that prolongs or replaces a step, or one that does."""
    reached, pending = {step.id}, [step.id]
    while pending:
        of = pending.pop()
        for one in steps:
            if one.follows == of and one.id not in reached:
                reached.add(one.id)
                pending.append(one.id)
                if one.kind is StepKind.DECISION:
                    yield one


def _outlives(step: Step, day: date) -> bool:
    return step.valid_through is None or step.valid_through > day


def _funding(groups: tuple[PostGroup, ...]) -> Iterator[Concern]:
    for group in groups:
        facts = {"group": group.label, "n": group.n_posts}
        for funding in fundings_ending(group):
            yield Concern("FUNDING_ENDS", facts | {"party": funding.party, "to": funding.to_on})
        for gap in funding_gaps(group):
            yield Concern("UNFUNDED_PERIOD", facts | {"from": gap.from_on, "to": gap.to_on})


def _contradicting(case: Case) -> Iterator[Concern]:
    for fact in dict.fromkeys(account.fact for account in case.accounts):
        accounts = [account for account in case.accounts if account.fact == fact]
        if len({account.says for account in accounts}) > 1:
            told = tuple((account.says, account.quote.source) for account in accounts)
            yield Concern("CONTRADICTING_SOURCES", {"fact": fact, "accounts": told})


def _homeless(balance: HourBalance | None) -> Iterator[Concern]:
    if balance is not None and balance.without_home > 0:
        yield Concern(
            "HOURS_WITHOUT_HOME",
            {
                "leaving": balance.leaving,
                "received": balance.received,
                "released": balance.released,
                "without_home": balance.without_home,
            },
        )


def _both_ways(case: Case) -> Iterator[Concern]:
    for task in dict.fromkeys(move.task for move in case.tasks):
        moves = [move for move in case.tasks if move.task == task]
        for index, one in enumerate(moves):
            for other in moves[index + 1 :]:
                if (one.giver, one.receiver) == (other.receiver, other.giver):
                    yield Concern(
                        "TASK_MOVES_BOTH_WAYS",
                        {"task": task, "to": one.receiver, "by": one.by, "back": other.receiver, "other": other.by},
                    )


def _disagreeing(figures: tuple[FigureValue, ...]) -> Iterator[Concern]:
    for found in figures:
        if not found.agrees:
            yield Concern(
                "FIGURE_DISAGREES",
                {
                    "label": found.figure.label,
                    "value": found.value,
                    "reckoned": found.reckoned,
                    "formula": found.figure.formula,
                    "unit": found.figure.unit,
                },
            )
