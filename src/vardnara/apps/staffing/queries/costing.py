"""Posts as the economy engine knows them: their fate, their funding, and their cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from vardnara.apps.staffing.models import Post, PostFunding
from vardnara.engines.economy import Funding, Pay, PostChange, PostCost, PostGroup, post_cost
from vardnara.parameters.working_time import working_time

NONE = Decimal(0)


def _number(code: str) -> Decimal:
    return Decimal(str(working_time(code)))


def net_hours() -> Decimal:
    """Productive hours of full time in a year (W-66)."""
    return _number("net_hours_per_fte")


def vacation() -> tuple[Decimal, Decimal]:
    """Days of holiday, and the supplement for each as a share of monthly pay (W-61)."""
    return _number("vacation_days"), _number("vacation_supplement_share")


def group_of(post: Post, fundings: Iterable[PostFunding]) -> PostGroup:
    """A post with its funding, removed on the day it ends."""
    return PostGroup(
        id=post.number,
        label=post.title,
        n_posts=post.share,
        change=PostChange.KEPT if post.to_on is None else PostChange.REMOVED,
        change_on=post.to_on or post.from_on,
        exists_from=post.from_on,
        fundings=tuple(Funding(row.party, row.from_on, row.to_on, in_frame=row.in_frame) for row in fundings),
        hours_per_post=net_hours(),
    )


def cost_of(post: Post) -> PostCost | None:
    """What full time on the post costs in a year; None where pay or social charges are not known."""
    if post.monthly_sek is None or post.charges_share is None or post.pay_year is None:
        return None
    days, share = vacation()
    return post_cost(
        Pay(
            monthly_sek=post.monthly_sek,
            vacation_days=days,
            inconvenient_sek=post.inconvenient_sek or NONE,
            overhead_sek=post.overhead_sek or NONE,
            pay_year=post.pay_year,
        ),
        charges_share=post.charges_share,
        charges_basis=post.charges_basis,
        vacation_share_a_day=share,
        net_hours=net_hours(),
    )


def ward_post_costs(*, ward_id: int, day: date) -> tuple[tuple[str, Decimal], ...]:
    """Titles of a ward's posts on a day with what full time costs in a year, dearest; only where that is known.

    The caller answers for who may see it.
    """
    found: dict[str, Decimal] = {}
    rows = Post.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=day), ward=ward_id, from_on__lte=day)
    for post in rows.order_by("title", "pk"):
        cost = cost_of(post)
        if cost is not None:
            found[post.title] = max(found.get(post.title, NONE), cost.total_sek)
    return tuple(found.items())


@dataclass(frozen=True, slots=True)
class EndingPost:
    """A post that has an end, with the productive hours of its share and what one of them costs, where known."""

    id: int
    number: str
    title: str
    to_on: date
    hours: Decimal
    hourly_sek: Decimal | None


def posts_ending(*, hospital_id: int) -> list[EndingPost]:
    """Posts of a hospital that end or have ended, the newest first; the caller answers for scope."""
    rows = Post.objects.filter(hospital=hospital_id, to_on__isnull=False).order_by("-to_on", "number")
    found = []
    for post in rows:
        cost = cost_of(post)
        assert post.to_on is not None
        hours = post.share * net_hours()
        found.append(EndingPost(post.pk, post.number, post.title, post.to_on, hours, cost.hourly_sek if cost else None))
    return found
