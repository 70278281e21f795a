"""What a posts file says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from vardnara.engines.posts import NeedsOrder, PostsParams, Shape
from vardnara.gateways.workload_file import WorkloadCase


@dataclass(frozen=True, slots=True)
class Charges:
    """A rate of social charges, and which it is."""

    share: Decimal
    basis: str


@dataclass(frozen=True, slots=True)
class PostPay:
    """What full time on a post is paid in a year's kronor, and the rates of social charges to be shown."""

    monthly_sek: Decimal
    inconvenient_sek: Decimal
    overhead_sek: Decimal
    pay_year: int
    charges: tuple[Charges, ...]


@dataclass(frozen=True, slots=True)
class PostsCase:
    """Work, and how posts are laid out on it.

    Parameters
    ----------
    title
        What people call it; may be empty.
    work
        The workload file.
    order
        Work by zones, and what it is worth.
    shapes, params
        Days of work, and what a post gives.
    n_most
        Up to how many posts the curve goes.
    pay
        None where nothing is said of pay: then no post has a cost.
    assumed
        What the writer of the file has assumed, in sentences that stand with every figure.
    """

    title: str
    work: WorkloadCase
    order: NeedsOrder
    shapes: tuple[Shape, ...]
    params: PostsParams
    n_most: int
    pay: PostPay | None
    assumed: tuple[str, ...]
