"""The register of posts on a day, and one post."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.staffing.choices import READERS
from vardnara.apps.staffing.models import Post
from vardnara.apps.staffing.queries.costing import cost_of, group_of
from vardnara.engines.economy import Funding, PostCost, funding_gaps, fundings_ending
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.money import sek

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Funding, or a time without it (no ``party``); ``last_on`` is its last day, None where it goes on."""

    party: str
    from_on: date
    to_on: date | None
    in_frame: bool
    is_stimulus: bool = False

    @property
    def last_on(self) -> date | None:
        return None if self.to_on is None else self.to_on - DAY

    def holds(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post on a day: ``payer`` is who pays then; ``gaps`` and ``ending`` are those that are not over by that day."""

    id: int
    number: str
    title: str
    division_id: int | None
    ward_id: int | None
    division: str
    division_code: str
    ward: str
    ward_code: str
    pool: str
    share: Decimal
    from_on: date
    to_on: date | None
    note: str
    pay: dict[str, Decimal | int | str | None]
    fundings: tuple[Period, ...]
    payer: Period | None
    gaps: tuple[Period, ...]
    ending: tuple[Period, ...]
    full_time: PostCost | None

    @property
    def last_on(self) -> date | None:
        return None if self.to_on is None else self.to_on - DAY

    @property
    def place(self) -> str:
        return self.ward or self.division or self.pool

    @property
    def cost_sek(self) -> Decimal | None:
        """Cost a year of the share that the post is."""
        return None if self.full_time is None else sek(self.full_time.total_sek * self.share)


@dataclass(frozen=True, slots=True)
class Sums:
    """Posts of full time: all, in a frame, outside one, and paid by nobody; cost of those whose pay is known."""

    posts: Decimal
    in_frame: Decimal
    outside: Decimal
    unpaid: Decimal
    cost_sek: Decimal
    n: int
    n_costed: int


@dataclass(frozen=True, slots=True)
class Place:
    """A ward, a division's own posts, or a pool."""

    name: str
    rows: tuple[PostRow, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Part:
    """A division with its wards, or all pools (``name`` empty)."""

    name: str
    places: tuple[Place, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Register:
    """The posts that are there on ``day``."""

    day: date
    parts: tuple[Part, ...]
    sums: Sums

    @property
    def rows(self) -> list[PostRow]:
        return [row for part in self.parts for place in part.places for row in place.rows]


def posts_hospital(*, actor: User) -> int:
    """The hospital whose posts the actor may read; raises ``wrong_role`` or ``out_of_scope``."""
    role_require(actor, READERS)
    reach = user_reach(actor).hospital_ids
    if not reach:
        raise RuleBroken("out_of_scope", f"user {actor.pk} reaches no whole hospital")
    return min(reach)


def posts_on(*, actor: User, day: date) -> Register:
    """Every post that is there on a day, by division and ward, pools last. For who may read the posts."""
    rows = posts_there(hospital_id=posts_hospital(actor=actor), day=day)
    return Register(day, _parts(rows), sums_of(rows))


def posts_there(*, hospital_id: int, day: date, numbers: Collection[str] | None = None) -> list[PostRow]:
    """The posts of a hospital that are there on a day, all or some by number. The caller has checked who may ask."""
    there = Post.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=day), hospital=hospital_id, from_on__lte=day)
    if numbers is not None:
        there = there.filter(number__in=list(numbers))
    posts = there.select_related("division", "ward__division").prefetch_related("fundings")
    return sorted((_row(post, day) for post in posts), key=lambda row: (row.number, row.id))


def post_numbers(*, hospital_id: int) -> list[tuple[int, str]]:
    """Every post of a hospital with its number and title, to choose from; the caller answers for scope."""
    rows = Post.objects.filter(hospital=hospital_id).order_by("number").values_list("pk", "number", "title")
    return [(pk, f"{number} {title}") for pk, number, title in rows]


def posts_left_out(*, actor: User, day: date) -> tuple[int, int]:
    """How many posts had ended by a day, and how many begin later."""
    own = Post.objects.filter(hospital=posts_hospital(actor=actor))
    return own.filter(to_on__lte=day).count(), own.filter(from_on__gt=day).count()


def post_one(*, actor: User, post_id: int, day: date) -> PostRow:
    """One post as it is on a day; raises ``unknown_post`` where the actor reaches none. For who may read the posts."""
    hospital_id = posts_hospital(actor=actor)
    found = Post.objects.select_related("division", "ward__division").filter(pk=post_id, hospital=hospital_id).first()
    if found is None:
        raise RuleBroken("unknown_post", str(post_id))
    return _row(found, day)


def sums_of(rows: Sequence[PostRow]) -> Sums:
    """The rows together."""
    none = Decimal(0)
    costs = [row.cost_sek for row in rows if row.cost_sek is not None]
    return Sums(
        posts=sum((row.share for row in rows), none),
        in_frame=sum((row.share for row in rows if row.payer and row.payer.in_frame), none),
        outside=sum((row.share for row in rows if row.payer and not row.payer.in_frame), none),
        unpaid=sum((row.share for row in rows if row.payer is None), none),
        cost_sek=sum(costs, none),
        n=len(rows),
        n_costed=len(costs),
    )


def _parts(rows: list[PostRow]) -> tuple[Part, ...]:
    parts: dict[str, dict[str, list[PostRow]]] = {}
    for row in rows:
        parts.setdefault(row.division, {}).setdefault("" if row.place == row.division else row.place, []).append(row)
    return tuple(
        Part(
            name,
            tuple(Place(place, tuple(own), sums_of(own)) for place, own in sorted(places.items())),
            sums_of([row for own in places.values() for row in own]),
        )
        for name, places in sorted(parts.items(), key=lambda item: (not item[0], item[0]))
    )


def _row(post: Post, day: date) -> PostRow:
    fundings = sorted(post.fundings.all(), key=lambda one: one.from_on)
    group = group_of(post, fundings)
    periods = tuple(Period(one.party, one.from_on, one.to_on, one.in_frame, one.is_stimulus) for one in fundings)
    division = post.division or (post.ward.division if post.ward else None)
    return PostRow(
        id=post.pk,
        number=post.number,
        title=post.title,
        division_id=post.division_id,
        ward_id=post.ward_id,
        division=division.name if division else "",
        division_code=division.code if division else "",
        ward=post.ward.name if post.ward else "",
        ward_code=post.ward.code if post.ward else "",
        pool=post.pool,
        share=post.share,
        from_on=post.from_on,
        to_on=post.to_on,
        note=post.note,
        pay={
            "monthly_sek": post.monthly_sek,
            "inconvenient_sek": post.inconvenient_sek,
            "overhead_sek": post.overhead_sek,
            "pay_year": post.pay_year,
            "charges_share": post.charges_share,
            "charges_basis": post.charges_basis,
        },
        fundings=periods,
        payer=next((one for one in periods if one.holds(day)), None),
        gaps=_not_over(funding_gaps(group), day),
        ending=tuple(one for one in _not_over(fundings_ending(group), day) if one.to_on and one.to_on > day),
        full_time=cost_of(post),
    )


def _not_over(found: tuple[Funding, ...], day: date) -> tuple[Period, ...]:
    return tuple(
        Period(one.party, one.from_on, one.to_on, one.in_frame) for one in found if one.to_on is None or one.to_on > day
    )
