"""Agreements: drafted, signed by two people, never edited, one version at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.strategies.agreed import ALL_DAYS, WEEKDAYS, line_make, task_type_make, version_make
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.service.models import Agreement, AgreementVersion
from vardnara.apps.service.services import (
    Terms,
    agreement_create,
    agreement_sign,
    draft_create,
    draft_delete,
    draft_set,
    signature_withdraw,
    version_check,
    version_end,
    version_mark,
)
from vardnara.kernel.errors import RuleBroken

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 5)
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def stage(db: None) -> Stage:
    return stage_set()


@pytest.fixture
def draft(stage: Stage) -> AgreementVersion:
    """An agreement of a task that nothing asks for at other hours: no hole."""
    version = agreement_create(
        hospital_id=stage.ward.division.hospital_id,
        number="VNS-1",
        title="Vårdnära service kirurgi",
        provider="Regionservice",
        care_unit="Division Kirurgi",
        terms=Terms(APRIL),
        actor=stage.users["service_head"],
        at=AT,
    )
    line_make(version, task_type_make("periodic", driver="square_metre"), stage.ward, "07-16")
    return version


def sign(stage: Stage, version: AgreementVersion, *who: str, **more: object) -> AgreementVersion:
    for name in who or ("service_head", "decision_maker"):
        version.refresh_from_db()
        agreement_sign(version_id=version.pk, actor=stage.users[name], at=AT, mark=version_mark(version), **more)
    version.refresh_from_db()
    return version


def refused(code: str, deed, **words: object) -> None:
    with pytest.raises(RuleBroken) as caught:
        deed(at=AT, **words)
    assert caught.value.code == code


def test_the_second_signature_by_another_person_makes_it_signed(stage: Stage, draft: AgreementVersion) -> None:
    """One side is half a signature; who, and when, is kept."""
    sign(stage, draft, "decision_maker")
    assert (draft.state, draft.provider_signer_id) == ("draft", None)
    sign(stage, draft, "service_head")
    assert (draft.state, draft.care_signed_at, draft.provider_signer) == ("signed", AT, stage.users["service_head"])


def test_a_unit_manager_signs_for_care_within_own_wards(stage: Stage, draft: AgreementVersion) -> None:
    """The head on the care side signs what concerns wards that she reaches, and nothing else."""
    head = User.objects.create(username="chef", role=Role.UNIT_MANAGER)
    scope = Scope.objects.create(user=head, hospital=stage.ward.division.hospital, ward=stage.other_ward)
    mark = version_mark(AgreementVersion.objects.get(pk=draft.pk))
    refused("out_of_scope", agreement_sign, version_id=draft.pk, actor=head, mark=mark)
    scope.delete()
    Scope.objects.create(user=head, hospital=stage.ward.division.hospital, ward=stage.ward)
    agreement_sign(version_id=draft.pk, actor=User.objects.get(pk=head.pk), at=AT, mark=mark)
    draft.refresh_from_db()
    assert draft.care_signer == head


@pytest.mark.parametrize("who", ["administrator", "coordinator", "ward_staff", "controller", "auditor"])
def test_nobody_else_signs(who: str, stage: Stage, draft: AgreementVersion) -> None:
    mark = version_mark(AgreementVersion.objects.get(pk=draft.pk))
    refused("wrong_role", agreement_sign, version_id=draft.pk, actor=stage.users[who], mark=mark)


def test_one_signs_what_one_has_read(stage: Stage, draft: AgreementVersion) -> None:
    """A draft that somebody changed meanwhile is not signed; a half-signed one is not changed."""
    head = stage.users["service_head"]
    mark = version_mark(AgreementVersion.objects.get(pk=draft.pk))
    draft_set(version_id=draft.pk, terms=Terms(MAY), actor=head, at=AT)
    refused("draft_changed", agreement_sign, version_id=draft.pk, actor=head, mark=mark)
    sign(stage, draft, "service_head")
    refused("draft_is_half_signed", draft_set, version_id=draft.pk, terms=Terms(APRIL), actor=head)
    signature_withdraw(version_id=draft.pk, actor=head, at=AT)
    draft_set(version_id=draft.pk, terms=Terms(APRIL), actor=head, at=AT)


def test_one_side_signs_once_and_an_empty_agreement_never(stage: Stage, draft: AgreementVersion) -> None:
    second = User.objects.create(username="second head", role=Role.SERVICE_HEAD)
    Scope.objects.create(user=second, hospital=stage.ward.division.hospital)
    sign(stage, draft, "service_head")
    mark = version_mark(AgreementVersion.objects.get(pk=draft.pk))
    refused("side_has_signed", agreement_sign, version_id=draft.pk, actor=second, mark=mark)
    signature_withdraw(version_id=draft.pk, actor=stage.users["service_head"], at=AT)
    draft.lines.all().delete()
    mark = version_mark(AgreementVersion.objects.get(pk=draft.pk))
    refused("no_lines", agreement_sign, version_id=draft.pk, actor=second, mark=mark)


def test_one_person_never_signs_for_both(stage: Stage, draft: AgreementVersion) -> None:
    """Not by changing role in between either; the database agrees."""
    head = stage.users["service_head"]
    sign(stage, draft, "service_head")
    User.objects.filter(pk=head.pk).update(role=Role.DECISION_MAKER)
    again = User.objects.get(pk=head.pk)
    refused("two_signers", agreement_sign, version_id=draft.pk, actor=again, mark=version_mark(draft))
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementVersion.objects.filter(pk=draft.pk).update(care_signer=head)


def test_a_hole_is_signed_only_with_a_reason_that_is_kept(stage: Stage, draft: AgreementVersion) -> None:
    """Halland's lesson: whoever signs has seen what nobody does, and has said why (C-06)."""
    line_make(draft, task_type_make("contagion_clean", driver="contagion_case"), stage.ward, "07-16")
    mark = version_mark(AgreementVersion.objects.get(pk=draft.pk))
    head = stage.users["service_head"]
    refused("holes_unexplained", agreement_sign, version_id=draft.pk, actor=head, mark=mark, holes_reason="  ")
    sign(stage, draft, holes_reason="Prövas till sommaren")
    assert draft.holes_reason == "Prövas till sommaren"
    kept = {(tuple(row["days"]), row["start"], row["end"]) for row in draft.holes_accepted}
    assert kept == {(tuple(WEEKDAYS), 0, 420), (tuple(WEEKDAYS), 960, 1440), ((6, 7, 8, 9), 0, 1440)}


def test_the_database_refuses_to_edit_what_is_signed(stage: Stage, draft: AgreementVersion) -> None:
    """By SQL, past all of our code: lines, terms, signatures, deletion, a second end."""
    line = draft.lines.get()
    sign(stage, draft)
    other = version_make(draft.agreement, number=2, valid_from=MAY)
    for sql in (
        "UPDATE service_agreementline SET party = 'care' WHERE id = %(line)s",
        "UPDATE service_agreementline SET version_id = %(other)s WHERE id = %(line)s",
        "DELETE FROM service_agreementline WHERE id = %(line)s",
        "INSERT INTO service_agreementline (version_id, task_type_id, ward_id, party, days, start_minutes, end_minutes,"
        " rrule, times, quality, note) SELECT version_id, task_type_id, ward_id, party, days, 0, 60, '', 1, '', ''"
        " FROM service_agreementline WHERE id = %(line)s",
        "UPDATE service_agreementversion SET price_sek = 1 WHERE id = %(version)s",
        "UPDATE service_agreementversion SET valid_from = '2026-01-01' WHERE id = %(version)s",
        "UPDATE service_agreementversion SET state = 'draft' WHERE id = %(version)s",
        "UPDATE service_agreementversion SET holes_reason = 'x' WHERE id = %(version)s",
        "UPDATE service_agreementversion SET ended_on = '2026-05-01' WHERE id = %(version)s",
        "DELETE FROM service_agreementversion WHERE id = %(version)s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, {"line": line.pk, "version": draft.pk, "other": other.pk})
    version_end(version_id=draft.pk, on=MAY, reason="Flytt", actor=stage.users["service_head"], at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreementVersion.objects.filter(pk=draft.pk).update(ended_on=APRIL)


def test_the_database_refuses_two_versions_at_one_time(stage: Stage, draft: AgreementVersion) -> None:
    sign(stage, draft)
    signers = {
        "provider_signer": stage.users["service_head"],
        "care_signer": stage.users["decision_maker"],
        "provider_signed_at": AT,
        "care_signed_at": AT,
        "state": "signed",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        version_make(draft.agreement, number=2, valid_from=MAY, **signers)
    version_make(draft.agreement, number=2, valid_from=date(2026, 1, 1), valid_to=APRIL, **signers)


def test_the_older_version_ends_the_day_the_newer_begins(stage: Stage, draft: AgreementVersion) -> None:
    """The next version begins as a copy; signing it ends the one before, which keeps everything else."""
    sign(stage, draft)
    head = stage.users["service_head"]
    second = draft_create(agreement_id=draft.agreement_id, valid_from=MAY, actor=head, at=AT)
    assert [line.start_minutes for line in second.lines.all()] == [7 * 60]
    refused("draft_exists", draft_create, agreement_id=draft.agreement_id, valid_from=MAY, actor=head)
    sign(stage, second)
    draft.refresh_from_db()
    assert (draft.state, draft.ended_on, draft.valid_to, second.state) == ("ended", MAY, None, "signed")


def test_a_version_makes_room_for_none_that_has_begun_later_or_is_over(stage: Stage, draft: AgreementVersion) -> None:
    """What has been is not rewritten: nothing ends in the past, and a later version is not jumped over."""
    head = stage.users["service_head"]
    sign(stage, draft)
    early = draft_create(agreement_id=draft.agreement_id, valid_from=TODAY, actor=head, at=AT)
    mark = version_mark(AgreementVersion.objects.get(pk=early.pk))
    sign(stage, early, "decision_maker")
    refused("later_version_signed", agreement_sign, version_id=early.pk, actor=head, mark=mark)
    signature_withdraw(version_id=early.pk, actor=stage.users["decision_maker"], at=AT)
    later = AT + timedelta(days=60)
    draft_set(version_id=early.pk, terms=Terms(APRIL + timedelta(days=1)), actor=head, at=AT)
    early.refresh_from_db()
    words = {"version_id": early.pk, "mark": version_mark(early), "at": later}
    agreement_sign(actor=stage.users["decision_maker"], **words)
    with pytest.raises(RuleBroken, match="version") as caught:
        agreement_sign(actor=head, **words)
    assert caught.value.code == "begins_in_the_past"


def test_a_version_is_ended_early_with_a_reason(stage: Stage, draft: AgreementVersion) -> None:
    """From today on, before its own end, once, by the head of ward service."""
    head = stage.users["service_head"]
    sign(stage, draft)
    words = {"version_id": draft.pk, "actor": head}
    refused("reason_missing", version_end, on=MAY, reason=" ", **words)
    refused("bad_end", version_end, on=APRIL - timedelta(days=1), reason="Flytt", **words)
    refused("wrong_role", version_end, on=MAY, reason="x", version_id=draft.pk, actor=stage.users["decision_maker"])
    version_end(on=MAY, reason="Flytt", at=AT, **words)
    draft.refresh_from_db()
    assert (draft.ended_on, draft.ended_reason, draft.ended_by) == (MAY, "Flytt", head)
    refused("already_ended", version_end, on=MAY, reason="Flytt", **words)


def test_a_draft_is_thrown_away_and_a_signed_version_is_not(stage: Stage, draft: AgreementVersion) -> None:
    head = stage.users["service_head"]
    sign(stage, draft)
    refused("version_is_signed", draft_delete, version_id=draft.pk, actor=head)
    second = draft_create(agreement_id=draft.agreement_id, valid_from=MAY, actor=head, at=AT)
    draft_delete(version_id=second.pk, actor=head, at=AT)
    assert draft.agreement.versions.get() == draft
    agreement = agreement_one_line(stage)
    draft_delete(version_id=agreement.versions.get().pk, actor=head, at=AT)
    assert not Agreement.objects.filter(pk=agreement.pk).exists()  # it had nothing else


def agreement_one_line(stage: Stage) -> Agreement:
    return Agreement.objects.get(pk=stage.agreement_id)


def test_only_who_reaches_the_hospital_writes(stage: Stage, draft: AgreementVersion) -> None:
    """A head elsewhere finds nothing to write; the number is used once in a hospital."""
    stranger = User.objects.create(username="stranger", role=Role.SERVICE_HEAD)
    Scope.objects.create(user=stranger, hospital=stage.foreign.room.ward.division.hospital)
    refused("out_of_scope", draft_set, version_id=draft.pk, terms=Terms(MAY), actor=stranger)
    refused("wrong_role", draft_set, version_id=draft.pk, terms=Terms(MAY), actor=stage.users["coordinator"])
    words = {"hospital_id": stage.ward.division.hospital_id, "title": "x", "provider": "x", "care_unit": "x"}
    refused(
        "number_taken", agreement_create, number="VNS-1", terms=Terms(MAY), actor=stage.users["service_head"], **words
    )
    refused(
        "bad_dates",
        agreement_create,
        number="VNS-2",
        terms=Terms(MAY, valid_to=APRIL),
        actor=stage.users["administrator"],
        **words,
    )


def test_the_checker_sees_other_agreements_and_missing_wards(stage: Stage, draft: AgreementVersion) -> None:
    """Another signed agreement fills a hole or overlaps; what one ward has is asked for on the ward beside it."""
    clean = task_type_make("contagion_clean", driver="contagion_case")
    coffee = task_type_make("coffee", usual=[[[6, 7], 840, 900, 1]])
    line_make(draft, clean, stage.ward, "07-16", days=ALL_DAYS)
    line_make(draft, clean, stage.other_ward, "00-24", days=ALL_DAYS)
    line_make(draft, coffee, stage.ward, "14-15", days=WEEKDAYS)
    told = [finding.text for finding in version_check(draft).holes]
    assert len(told) == 4 and all("K1" in text for text in told[:3]) and "M1" in told[3]
    other = agreement_create(
        hospital_id=stage.ward.division.hospital_id, number="2", title="x", provider="x", care_unit="x",
        terms=Terms(APRIL), actor=stage.users["service_head"], at=AT,
    )  # fmt: skip
    line_make(other, clean, stage.ward, "15-24", days=ALL_DAYS, party="care")
    assert [finding.text for finding in version_check(draft).holes] == told  # a draft says nothing yet
    sign(stage, other, holes_reason="x")
    check = version_check(draft)
    assert [(one.start_minutes, one.end_minutes) for one in check.holes if one.task_type_id == clean.pk] == [(0, 420)]
    assert [(one.start_minutes, one.parties) for one in check.overlaps] == [(900, ("care", "service"))]


def test_a_new_version_keeps_the_dates_that_still_make_sense(stage: Stage, draft: AgreementVersion) -> None:
    """Its end and its review stand as they did, where they come after it begins."""
    head = stage.users["service_head"]
    draft_set(version_id=draft.pk, terms=Terms(APRIL, date(2027, 4, 1), date(2026, 4, 20)), actor=head, at=AT)
    sign(stage, draft)
    second = draft_create(agreement_id=draft.agreement_id, valid_from=MAY, actor=head, at=AT)
    assert (second.valid_to, second.review_on) == (date(2027, 4, 1), None)
