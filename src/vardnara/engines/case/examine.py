"""Figures to their values, money and hours to their balances, and what the data warn of."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from vardnara.engines.case.concerns import concerns_of
from vardnara.engines.case.data import Case, Figure, FigureKind
from vardnara.engines.case.result import Examination, FigureValue, Posts
from vardnara.engines.economy import (
    EconomyCase,
    Effect,
    Flow,
    HourBalance,
    HourHome,
    Ledger,
    PostChange,
    PostGroup,
    Reallocation,
    effect_estimate,
    hours_balance,
)
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.formula import FormulaError, formula_evaluate
from vardnara.kernel.money import sek

PLACES = {"sek": 2, "sek_per_year": 2, "sek_per_post": 2, "sek_per_hour": 2}
OTHER_PLACES = 4  # of hours, posts and shares: more is not known


def case_examine(case: Case) -> Examination:
    """Reckon a case and look for what a reader must be told.

    Parameters
    ----------
    case
        What a document says. Names are looked up in its own figures.

    Raises
    ------
    InputError
        A figure's formula needs one that is not there, needs itself, or divides by 0; an amount is negative. The place
        of each fault is a pointer such as ``/figure/3/formula``.
    """
    figures = figures_reckoned(case)
    values = {found.figure.id: found.value for found in figures}
    groups = _groups(case, values)
    effect, balance = _effect(case, values), _balance(case, groups, values)
    ledger = _ledger(case, values)
    return Examination(
        case=case,
        figures=figures,
        groups=groups,
        posts=_posts(groups),
        effect=effect,
        ledger=ledger,
        balance=balance,
        concerns=concerns_of(case, groups, figures, effect, ledger, balance),
        may_be_executed=all(talks.closed_on is not None for talks in case.consultations),
    )


def figures_reckoned(case: Case) -> tuple[FigureValue, ...]:
    """Every figure with its value, whatever the order in which they stand."""
    known = {figure.id: figure for figure in case.figures}
    places = {figure.id: f"/figure/{number}" for number, figure in enumerate(case.figures)}
    exact: dict[str, Decimal] = {}
    faults: list[Fault] = []

    def reckon(figure: Figure, above: tuple[str, ...]) -> Decimal | None:
        if figure.id in exact:
            return exact[figure.id]
        derived = figure.kind is FigureKind.DERIVED or figure.value is None
        found = of_formula(figure, above) if derived else figure.value
        if found is not None:
            exact[figure.id] = found
        return found

    def of_formula(figure: Figure, above: tuple[str, ...]) -> Decimal | None:
        place = f"{places[figure.id]}/formula"
        if not figure.formula:
            faults.append(Fault("", place, "missing", "a formula, or a value"))
            return None
        needed: dict[str, Decimal] = {}
        for name in figure.needs:
            if name not in known:
                faults.append(Fault("", place, f"no figure {name!r}", "the id of a figure"))
            elif name in (*above, figure.id):
                faults.append(Fault("", place, f"{name} is needed for itself", "a formula without a circle"))
            elif (value := reckon(known[name], (*above, figure.id))) is not None:
                needed[name] = value
        if len(needed) < len(figure.needs):
            return None
        try:
            return formula_evaluate(figure.formula, needed)
        except FormulaError as error:
            faults.append(Fault("", place, f"{figure.formula} {error}", "figures that it can be reckoned with"))
            return None

    found = []
    for figure in case.figures:
        value = reckon(figure, ())
        checked = of_formula(figure, ()) if figure.formula and figure.kind is not FigureKind.DERIVED else None
        if value is not None:
            reckoned = None if checked is None else figure_rounded(figure, checked)
            found.append(FigureValue(figure, figure_rounded(figure, value), reckoned))
    if faults:
        raise InputError(dict.fromkeys(faults))
    return tuple(found)


def figure_rounded(figure: Figure, exact: Decimal) -> Decimal:
    """A figure's value as it is shown: öre, else as many decimals as are known."""
    if PLACES.get(figure.unit) == 2:
        return sek(exact)
    return exact.quantize(Decimal(1).scaleb(-OTHER_PLACES), ROUND_HALF_UP).normalize() + 0


def _effect(case: Case, values: dict[str, Decimal]) -> Effect | None:
    if not case.amounts and not case.moves:
        return None
    faults: list[Fault] = []
    flows, moves = [], []
    for number, amount in enumerate(case.amounts):
        try:
            flows.append(
                Flow(
                    id=f"{number}",
                    payer=amount.payer,
                    kind=amount.kind,
                    amount_sek=values[amount.figure],
                    from_on=amount.from_on,
                    to_on=amount.to_on,
                    notice_months=amount.notice_months,
                    in_frame=amount.in_frame,
                )
            )
        except ValueError as error:
            faults.append(Fault("", f"/amount/{number}", str(error)))
    for number, move in enumerate(case.moves):
        try:
            moves.append(Reallocation(move.giver, move.receiver, values[move.figure], move.from_on))
        except ValueError as error:
            faults.append(Fault("", f"/reallocation/{number}", str(error)))
    if faults:
        raise InputError(faults)
    return effect_estimate(EconomyCase(tuple(flows), tuple(moves), case.budget_year))


def _groups(case: Case, values: dict[str, Decimal]) -> tuple[PostGroup, ...]:
    groups, faults = [], []
    for number, posts in enumerate(case.posts):
        try:
            groups.append(
                PostGroup(
                    id=posts.figure,
                    label=posts.label,
                    n_posts=values[posts.figure],
                    change=posts.change,
                    change_on=posts.change_on,
                    exists_from=posts.exists_from,
                    fundings=posts.fundings,
                    hours_per_post=values[posts.hours],
                )
            )
        except ValueError as error:
            faults.append(Fault("", f"/posts/{number}/figure", str(error)))
    if faults:
        raise InputError(faults)
    return tuple(groups)


def _posts(groups: tuple[PostGroup, ...]) -> Posts | None:
    if not groups:
        return None
    of = {
        change: sum((group.n_posts for group in groups if group.change is change), Decimal(0)) for change in PostChange
    }
    changed = [group for group in groups if group.change in (PostChange.REMOVED, PostChange.ADDED)]
    return Posts(
        removed=of[PostChange.REMOVED] - of[PostChange.ADDED],
        in_frame=sum((group.n_posts for group in changed if group.is_in_frame), Decimal(0)),
        reaimed=of[PostChange.REAIMED],
    )


def _ledger(case: Case, values: dict[str, Decimal]) -> Ledger | None:
    if case.ledger is None:
        return None
    of = case.ledger
    return Ledger(of.provider, of.buyer, values[of.cost], values[of.compensation])


def _balance(case: Case, groups: tuple[PostGroup, ...], values: dict[str, Decimal]) -> HourBalance | None:
    if not any(group.change is PostChange.REMOVED for group in groups):
        return None
    homes = []
    for number, home in enumerate(case.homes):
        try:
            homes.append(HourHome(home.label, values[home.figure], home.receives))
        except ValueError as error:
            raise InputError([Fault("", f"/home/{number}/figure", str(error))]) from error
    hourly = values[case.receiver_hourly] if case.receiver_hourly else None
    return hours_balance(groups, homes, receiver_hourly_sek=hourly)
