"""Why does it cost more than was paid? By volume, by scope and by price, in that order."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from vardnara.engines.followup.data import ORE, ZERO, Part, Question
from vardnara.engines.followup.result import VERSION, Deviation, Explained


def deviation_explain(question: Question) -> Deviation:
    """Explain cost - compensation as volume, scope and price.

    The agreed price is compensation / agreed quantity, the actual price cost / done quantity, both over all parts.
    In this order:

    1. **volume**: (done - agreed) x agreed price, of the parts that the agreement speaks of;
    2. **scope**: done x agreed price, of the parts that it does not speak of;
    3. **price**: all that was done x (actual price - agreed price), which is what the first two leave.

    Parameters
    ----------
    question
        Cost, compensation and the parts of the work. What is None is unknown.

    Returns
    -------
    Deviation
        The three sum to the whole, to the öre. What cannot be derived is None, and ``missing`` says what it lacks:
        a whole without quantities is stated, and nothing more.

    Notes
    -----
    Another order gives other figures: whoever prices first charges the extra work at the higher price to price. This
    order asks first what the agreed price would have been for what was really done, and so shows what a renewed
    agreement at the same price would have to pay.

    References
    ----------
    Flexible-budget variance analysis: Horngren, Datar and Rajan, *Cost Accounting*, chapter 7.
    """
    cost, compensation, parts = question.cost, question.compensation, question.parts
    agreed = sum((part.agreed for part in parts or ()), ZERO)
    done = sum((part.done for part in parts or ()), ZERO)
    missing = [name for name, value in (("cost", cost), ("compensation", compensation)) if value is None]
    if parts is None:
        missing.append("quantities")
    else:
        missing += [name for name, sum_ in (("agreed_quantity", agreed), ("done_quantity", done)) if not sum_]
    total = cost - compensation if cost is not None and compensation is not None else None
    if missing or cost is None or compensation is None or parts is None or total is None:
        return Deviation(VERSION, total, None, None, None, None, None, (), tuple(missing))
    price = compensation / agreed
    explained = tuple(_part(part, price) for part in parts)
    volume = sum((one.amount for one in explained if one.in_scope), ZERO)
    scope = sum((one.amount for one in explained if not one.in_scope), ZERO)
    return Deviation(VERSION, total, volume, scope, total - volume - scope, price, cost / done, explained, ())


def _part(part: Part, price: Decimal) -> Explained:
    amount = ((part.done - part.agreed) * price).quantize(ORE, rounding=ROUND_HALF_EVEN)
    return Explained(part.name, part.agreed, part.done, part.in_scope, amount)
