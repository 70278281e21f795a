"""Agreements: written as drafts, signed by both sides, ended or followed by the next version, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.service.choices import VersionState
from vardnara.apps.service.models import Agreement, AgreementLine, AgreementVersion
from vardnara.apps.service.queries.agreements import CARE_SIGNERS, EDITORS, PROVIDER_SIGNERS
from vardnara.apps.service.services.agreement_checking import version_check
from vardnara.apps.service.services.agreement_checking import version_end as end_of
from vardnara.apps.service.services.transfer_gate import gate_require, plan_follow_draft, plan_let_go
from vardnara.kernel.calendar import FIRST_YEAR
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

LAST_YEAR = 2199  # as of every recurrence: later ones are slips of the pen


@dataclass(frozen=True, slots=True)
class Terms:
    """What a version says beside its lines."""

    valid_from: date
    valid_to: date | None = None
    review_on: date | None = None
    price_sek: Decimal | None = None
    compensation_sek: Decimal | None = None
    price_year: int | None = None
    contact: str = ""
    note: str = ""


def editor_require(actor: User, hospital_id: int) -> None:
    """Raise unless the actor writes agreements and reaches the whole hospital."""
    role_require(actor, EDITORS)
    if hospital_id not in user_reach(actor).hospital_ids:
        raise RuleBroken("out_of_scope", f"user {actor.pk} does not reach hospital {hospital_id}")


def version_lock(version_id: int) -> AgreementVersion:
    """The version, its agreement locked, so that nobody signs what somebody else is writing."""
    version = AgreementVersion.objects.select_related("agreement").filter(pk=version_id).first()
    if version is None:
        raise RuleBroken("unknown_agreement", f"version {version_id}")
    Agreement.objects.select_for_update().get(pk=version.agreement_id)
    version.refresh_from_db()
    return version


def draft_lock(version_id: int, actor: User) -> AgreementVersion:
    """A draft that the actor may write, which nobody has signed yet."""
    version = version_lock(version_id)
    editor_require(actor, version.agreement.hospital_id)
    if version.state != VersionState.DRAFT:
        raise RuleBroken("version_is_signed", f"version {version_id}")
    if version.provider_signer_id or version.care_signer_id:
        raise RuleBroken("draft_is_half_signed", f"version {version_id}")
    return version


def _terms_check(terms: Terms) -> None:
    days = [day for day in (terms.valid_from, terms.valid_to, terms.review_on) if day]
    if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day in days):
        raise RuleBroken("bad_dates", str(terms))
    if terms.valid_to is not None and terms.valid_to <= terms.valid_from:
        raise RuleBroken("bad_dates", str(terms))


@transaction.atomic
def agreement_create(
    *, hospital_id: int, number: str, title: str, provider: str, care_unit: str, terms: Terms, actor: User, at: datetime
) -> AgreementVersion:
    """A new agreement with an empty first draft; a head of ward service or an administrator of the hospital."""
    editor_require(actor, hospital_id)
    _terms_check(terms)
    texts = [text.strip() for text in (number, title, provider, care_unit)]
    if not all(texts):
        raise RuleBroken("bad_input", "an agreement without number, title or parties")
    try:
        with transaction.atomic():
            agreement = Agreement.objects.create(
                hospital_id=hospital_id,
                number=texts[0],
                title=texts[1],
                provider=texts[2],
                care_unit=texts[3],
                made_at=at,
                made_by=actor,
            )
    except IntegrityError as error:
        raise RuleBroken("number_taken", number) from error
    return _draft(agreement, 1, terms, actor, at)


def _draft(agreement: Agreement, number: int, terms: Terms, actor: User, at: datetime) -> AgreementVersion:
    return AgreementVersion.objects.create(
        agreement=agreement,
        number=number,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        review_on=terms.review_on,
        price_sek=terms.price_sek,
        compensation_sek=terms.compensation_sek,
        price_year=terms.price_year,
        contact=terms.contact,
        note=terms.note,
        made_at=at,
        made_by=actor,
    )


@transaction.atomic
def draft_create(*, agreement_id: int, valid_from: date, actor: User, at: datetime) -> AgreementVersion:
    """A draft that begins as a copy of the newest version; one at a time. Who writes agreements."""
    agreement = Agreement.objects.select_for_update().filter(pk=agreement_id).first()
    if agreement is None:
        raise RuleBroken("unknown_agreement", str(agreement_id))
    editor_require(actor, agreement.hospital_id)
    newest = agreement.versions.order_by("-number").first()
    if newest is not None and newest.state == VersionState.DRAFT:
        raise RuleBroken("draft_exists", str(agreement_id))
    terms = Terms(valid_from)
    if newest is not None:
        terms = Terms(
            valid_from,
            valid_to=newest.valid_to if newest.valid_to and newest.valid_to > valid_from else None,
            review_on=newest.review_on if newest.review_on and newest.review_on > valid_from else None,
            price_sek=newest.price_sek,
            compensation_sek=newest.compensation_sek,
            price_year=newest.price_year,
            contact=newest.contact,
            note=newest.note,
        )
    _terms_check(terms)
    number = (agreement.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = _draft(agreement, number, terms, actor, at)
    if newest is not None:
        lines = list(newest.lines.order_by("pk"))
        for line in lines:
            line.pk, line.version = None, version
            line._state.adding = True
        AgreementLine.objects.bulk_create(lines)
    return version


@transaction.atomic
def draft_set(*, version_id: int, terms: Terms, actor: User, at: datetime) -> AgreementVersion:
    """Dates, review, price and compensation of a draft. Who writes agreements."""
    version = draft_lock(version_id, actor)
    _terms_check(terms)
    version.valid_from, version.valid_to, version.review_on = terms.valid_from, terms.valid_to, terms.review_on
    version.price_sek, version.compensation_sek = terms.price_sek, terms.compensation_sek
    version.price_year, version.contact, version.note = terms.price_year, terms.contact, terms.note
    version.save()
    version.lines.filter(anchor__gt=terms.valid_from).update(anchor=terms.valid_from)
    plan_follow_draft(version)
    return version


@transaction.atomic
def draft_delete(*, version_id: int, actor: User, at: datetime) -> None:
    """Throw a draft away; an agreement that has nothing else goes with it. Who writes agreements."""
    version = version_lock(version_id)
    editor_require(actor, version.agreement.hospital_id)
    if version.state != VersionState.DRAFT:
        raise RuleBroken("version_is_signed", f"version {version_id}")
    agreement = version.agreement
    version.delete()
    plan_let_go(version_id)
    if not agreement.versions.exists():
        agreement.delete()


def _side(actor: User) -> str:
    if actor.role in PROVIDER_SIGNERS:
        return "provider"
    role_require(actor, CARE_SIGNERS)
    return "care"


def _reach_require(version: AgreementVersion, actor: User) -> None:
    wards = set(version.lines.values_list("ward_id", flat=True))
    if not wards <= ward_ids_in_reach(actor=actor):
        raise RuleBroken("out_of_scope", f"user {actor.pk} does not reach every ward of version {version.pk}")


@transaction.atomic
def agreement_sign(
    *, version_id: int, actor: User, at: datetime, mark: str, holes_reason: str = ""
) -> AgreementVersion:
    """Sign for one's side: the head of ward service for the provider, a decision-maker or unit manager for care.

    The second signature, by another person, makes the version signed and ends the one before on the day it begins.
    With holes or overlaps open nobody signs before somebody has written why; they are kept with the version. ``mark``
    is what the signer read (``version_mark``): whoever changed the draft since is not signed for. What a transfer wrote
    is not signed before its consultation is closed.
    """
    version = version_lock(version_id)
    side = _side(actor)
    _reach_require(version, actor)
    if version.state != VersionState.DRAFT:
        raise RuleBroken("version_is_signed", f"version {version_id}")
    if mark != version_mark(version):
        raise RuleBroken("draft_changed", f"version {version_id}")
    if not version.lines.exists():
        raise RuleBroken("no_lines", f"version {version_id}")
    if getattr(version, f"{side}_signer_id"):
        raise RuleBroken("side_has_signed", f"version {version_id}, {side}")
    if actor.pk in (version.provider_signer_id, version.care_signer_id):
        raise RuleBroken("two_signers", f"version {version_id}")
    gate_require(version, at)
    check = version_check(version)
    if not check.is_whole:
        version.holes_reason = holes_reason.strip() or version.holes_reason
        if not version.holes_reason:
            raise RuleBroken("holes_unexplained", f"version {version_id}")
    version.holes_accepted = check.rows()
    if check.is_whole:
        version.holes_reason = ""
    setattr(version, f"{side}_signer_id", actor.pk)
    setattr(version, f"{side}_signed_at", at)
    if version.provider_signer_id and version.care_signer_id:
        _make_room(version, actor, at)
        version.state = VersionState.SIGNED
    version.save()
    return version


def version_mark(version: AgreementVersion) -> str:
    """What tells a draft from what it was: its terms and lines, not its signatures."""
    from hashlib import sha256

    terms = (
        version.valid_from, version.valid_to, version.review_on, version.price_sek, version.compensation_sek,
        version.price_year, version.contact, version.note,
    )  # fmt: skip
    lines = [tuple(row) for row in version.lines.order_by("pk").values_list()]
    return sha256(repr((terms, lines)).encode()).hexdigest()[:16]


def version_mark_of(*, version_id: int) -> str:
    """The mark of a version as it stands."""
    return version_mark(AgreementVersion.objects.get(pk=version_id))


def _make_room(version: AgreementVersion, actor: User, at: datetime) -> None:
    """End the signed version that holds when this one begins; nothing that already was is changed."""
    today, end = local_date(at), end_of(version)
    signed = version.agreement.versions.exclude(state=VersionState.DRAFT).order_by("valid_from")
    for other in signed:
        other_end = end_of(other)
        if other_end is not None and other_end <= max(version.valid_from, other.valid_from):
            continue
        if end is not None and other.valid_from >= end:
            continue
        if other.valid_from >= version.valid_from:
            raise RuleBroken("later_version_signed", f"version {other.pk}")
        if other.ended_on is not None:
            raise RuleBroken("already_ended", f"version {other.pk}")
        if version.valid_from < today:
            raise RuleBroken("begins_in_the_past", f"version {version.pk}")
        _end(other, version.valid_from, "", actor, at)


def _end(version: AgreementVersion, on: date, reason: str, actor: User, at: datetime) -> None:
    changed = AgreementVersion.objects.filter(pk=version.pk, state=VersionState.SIGNED, ended_on__isnull=True).update(
        state=VersionState.ENDED, ended_on=on, ended_reason=reason, ended_at=at, ended_by=actor
    )
    if changed != 1:
        raise RuleBroken("already_ended", f"version {version.pk}")


@transaction.atomic
def signature_withdraw(*, version_id: int, actor: User, at: datetime) -> AgreementVersion:
    """Take one's own signature back while the other side has not signed."""
    version = version_lock(version_id)
    if version.state != VersionState.DRAFT:
        raise RuleBroken("version_is_signed", f"version {version_id}")
    side = next((side for side in ("provider", "care") if getattr(version, f"{side}_signer_id") == actor.pk), None)
    if side is None:
        raise RuleBroken("not_signer", f"version {version_id}")
    setattr(version, f"{side}_signer_id", None)
    setattr(version, f"{side}_signed_at", None)
    version.holes_reason, version.holes_accepted = "", []
    version.save()
    return version


@transaction.atomic
def version_end(*, version_id: int, on: date, reason: str, actor: User, at: datetime) -> AgreementVersion:
    """End a signed version early: ``on`` is the first day on which it no longer holds. The head of ward service."""
    version = version_lock(version_id)
    role_require(actor, PROVIDER_SIGNERS)
    editor_require(actor, version.agreement.hospital_id)
    if not reason.strip():
        raise RuleBroken("reason_missing", f"version {version_id}")
    if version.state != VersionState.SIGNED:
        raise RuleBroken("already_ended", f"version {version_id}")
    if on < max(version.valid_from, local_date(at)) or (version.valid_to is not None and on >= version.valid_to):
        raise RuleBroken("bad_end", f"version {version_id} on {on}")
    _end(version, on, reason.strip(), actor, at)
    version.refresh_from_db()
    return version
