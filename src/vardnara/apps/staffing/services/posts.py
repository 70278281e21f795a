"""Posts: added, changed, ended by a date, and who pays for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing.choices import WRITERS
from vardnara.apps.staffing.models import Post, PostFunding
from vardnara.apps.staffing.services.words import FundingWords, PostWords, fundings_fault, post_fault
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


def writer_require(actor: User, hospital_id: int) -> None:
    """Raise unless the actor may write the hospital's posts."""
    role_require(actor, WRITERS)
    if hospital_id not in user_reach(actor).hospital_ids:
        raise RuleBroken("out_of_scope", f"hospital {hospital_id}")


@transaction.atomic
def post_add(*, hospital_id: int, words: PostWords, actor: User, at: datetime) -> Post:
    """A new post; its number is once in the hospital. Controller, head of ward service, administrator."""
    writer_require(actor, hospital_id)
    return save(Post(hospital_id=hospital_id), words, actor, at)


@transaction.atomic
def post_change(*, post_id: int, words: PostWords, actor: User, at: datetime) -> Post:
    """Say anew what a post is, its last day included. Controller, head of ward service, administrator."""
    return save(_lock(post_id, actor), words, actor, at)


@transaction.atomic
def post_end(*, post_id: int, to_on: date | None, actor: User, at: datetime) -> Post:
    """Let a post be gone from a day; None takes that back. Controller, head of ward service, administrator."""
    post = _lock(post_id, actor)
    if to_on is not None and to_on <= post.from_on:
        raise RuleBroken("bad_dates", f"{post.from_on} {to_on}")
    post.to_on, post.changed_at, post.changed_by_id = to_on, at, actor.pk
    post.save(update_fields=["to_on", "changed_at", "changed_by"])
    return post


@transaction.atomic
def funding_set(*, post_id: int, fundings: Sequence[FundingWords], actor: User, at: datetime) -> Post:
    """Say anew who pays for a post, the whole row of payers. Controller, head of ward service, administrator."""
    post = _lock(post_id, actor)
    fundings_write(post, fundings)
    post.changed_at, post.changed_by_id = at, actor.pk
    post.save(update_fields=["changed_at", "changed_by"])
    return post


def fundings_write(post: Post, fundings: Sequence[FundingWords]) -> None:
    """Replace the funding of a post that the caller has locked."""
    wrong = fundings_fault(fundings)
    if wrong is not None:
        raise RuleBroken(wrong[1], f"post {post.pk}: {wrong[0]}")
    PostFunding.objects.filter(post=post).delete()
    PostFunding.objects.bulk_create(PostFunding(post=post, **asdict(one)) for one in fundings)


def save(post: Post, words: PostWords, actor: User, at: datetime) -> Post:
    """Write what is said on a post of a hospital that the caller may write."""
    wrong = post_fault(words)
    if wrong is not None:
        raise RuleBroken(wrong[1], f"{words.number}: {wrong[0]}")
    _own_place(post.hospital_id, words)
    for name, value in asdict(words).items():
        setattr(post, name, value)
    post.changed_at, post.changed_by_id = at, actor.pk
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError as error:
        if "staffing_post_number_once" not in str(error):
            raise
        raise RuleBroken("post_number_taken", words.number) from error
    return post


def _own_place(hospital_id: int, words: PostWords) -> None:
    """Raise unless the division or ward is the hospital's own."""
    own = organisation(hospital_id=hospital_id)
    wards = {ward.id for division in own for ward in division.wards}
    if words.division_id is not None and words.division_id not in {division.id for division in own}:
        raise RuleBroken("out_of_scope", f"division {words.division_id}")
    if words.ward_id is not None and words.ward_id not in wards:
        raise RuleBroken("out_of_scope", f"ward {words.ward_id}")


def _lock(post_id: int, actor: User) -> Post:
    role_require(actor, WRITERS)
    post = Post.objects.select_for_update().filter(pk=post_id, hospital__in=user_reach(actor).hospital_ids).first()
    if post is None:
        raise RuleBroken("unknown_post", str(post_id))
    return post
