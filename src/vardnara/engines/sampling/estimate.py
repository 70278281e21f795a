"""Shares of the categories, and minutes."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from vardnara.engines.sampling.data import Category, SampleOrder
from vardnara.engines.sampling.result import Samples, Share


def wilson_interval(n_yes: int, n: int, confidence: float) -> tuple[float, float]:
    """The interval of a share by Wilson (1927): those shares that the answers do not speak against.

    It never leaves 0 to 1, and is not empty where nobody or everybody said yes.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = n_yes / n, z * z / n
    middle = (share + weight / 2) / (1 + weight)
    width = z * sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    return (0.0 if n_yes == 0 else middle - width, 1.0 if n_yes == n else middle + width)


def samples_estimate(order: SampleOrder) -> Samples:
    """What care staff do in a shift.

    Parameters
    ----------
    order
        Answers of one kind of shift, its length, and how many care staff there are in it.

    Returns
    -------
    Samples
        Shares of the answers, breaks included, and shares x staff x length of the shift as minutes. No share where the
        answers are too few.

    Notes
    -----
    A random moment finds somebody at a thing with the share of time that the thing takes. That holds for what is
    answered: if people say "not now" oftenest when they are with a patient, direct care is shown too low, so the share
    of questions that were answered stands beside.
    """
    total = sum(order.answers.values())
    shares = []
    if total >= order.params.answers_least:
        whole = order.shift_minutes * order.n_staff
        for category in Category:
            n = order.answers.get(category, 0)
            low, high = wilson_interval(n, total, order.params.confidence_share)
            shares.append(Share(category, n, n / total, low, high, n / total * whole, low * whole, high * whole))
    n_asked = total + order.n_declined + order.n_missed
    return Samples(n_asked, total, order.params.answers_least, tuple(shares))
