"""Transfers of tasks: planned, consulted on, written and undone; the gate holds in code and in SQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.strategies.agreed import (
    ALL_DAYS,
    WEEKDAYS,
)
from tests.strategies.stage import Stage, stage_set
from tests.strategies.transferred import (
    AFTER,
    AT,
    SWITCH,
    TODAY,
    add,
    agreed_make,
    consult,
    lines_of,
    plan_make,
    refused,
    sign,
    sql_refused,
    stopped,
    tasks,
    write,
)

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.service import services
from vardnara.apps.service.models import (
    AgreementVersion,
    TransferHome,
    TransferItem,
)
from vardnara.apps.service.queries.transfers import transfer_list, transfer_one


@pytest.fixture
def stage(db: None) -> Stage:
    return stage_set()


@pytest.fixture
def agreed(stage: Stage) -> AgreementVersion:
    return agreed_make(stage)


# ---- the next version ----


def test_the_next_version_says_the_same_but_for_what_moves(stage: Stage, agreed: AgreementVersion) -> None:
    """Only the party of what moves is another; review, end and all other rows stay."""
    plan = plan_make(stage, agreed)
    assert add(stage, plan, "breakfast") == 1
    version = write(stage, plan)
    assert (version.valid_from, version.review_on, version.number) == (SWITCH, agreed.review_on, 2)
    assert lines_of(version, "breakfast") == [("K1", "care", ALL_DAYS), ("M1", "service", ALL_DAYS)]
    for code in ("snack", "stores", "dinner"):
        assert lines_of(version, code) == lines_of(agreed, code)


def test_days_that_do_not_move_stay(stage: Stage, agreed: AgreementVersion) -> None:
    """Weekends to care, weekdays stay with the service: one row becomes two, and nothing is said twice."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast", days=[6, 7, 8])
    version = write(stage, plan)
    assert lines_of(version, "breakfast") == [
        ("K1", "care", [6, 7, 8]),
        ("K1", "service", [1, 2, 3, 4, 5, 9]),
        ("M1", "service", ALL_DAYS),
    ]
    assert services.version_check(version).overlaps == services.version_check(agreed).overlaps == ()


def test_what_the_service_does_not_have_cannot_leave_it(stage: Stage, agreed: AgreementVersion) -> None:
    plan = plan_make(stage, agreed)
    with stopped("nothing_to_move"):
        add(stage, plan, "dinner")
    with stopped("nothing_to_move"):
        add(stage, plan, "snack", days=[6, 7])
    add(stage, plan, "snack")
    with stopped("nothing_to_move"):
        add(stage, plan, "snack")  # once


def test_an_agreement_that_is_over_by_then_moves_nothing(stage: Stage, agreed: AgreementVersion) -> None:
    """The switch would be on a day on which nothing is agreed."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    services.version_end(version_id=agreed.pk, on=SWITCH, reason="slut", actor=stage.users["service_head"], at=AT)
    refused("agreement_over", services.transfer_write, plan_id=plan.pk, actor=stage.users["service_head"])


# ---- the gate ----


def test_the_gate_is_shut_until_consultation_is_closed(stage: Stage, agreed: AgreementVersion) -> None:
    """Neither side signs before reference and date stand there; then both do."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    version = write(stage, plan)
    for name in ("service_head", "decision_maker"):
        refused(
            "consultation_open",
            services.agreement_sign,
            version_id=version.pk,
            actor=stage.users[name],
            mark=services.version_mark(AgreementVersion.objects.get(pk=version.pk)),
            holes_reason="x",
        )
    head = {"plan_id": plan.pk, "actor": stage.users["service_head"]}
    refused("reference_missing", services.consultation_report, reference=" ", closed_on=TODAY, **head)
    tomorrow = TODAY + timedelta(days=1)
    refused("closed_in_future", services.consultation_report, reference="MBL", closed_on=tomorrow, **head)
    consult(stage, plan)
    sign(stage, version)
    assert version.state == "signed"
    agreed.refresh_from_db()
    assert agreed.ended_on == SWITCH
    refused("version_is_signed", services.consultation_reopen, **head)
    for change in ("consultation_reference = 'annat'", "title = 'annat'", "cancelled_at = now()"):
        sql_refused(f"UPDATE service_transferplan SET {change} WHERE id = %s", plan.pk)


def test_sql_cannot_open_the_gate(stage: Stage, agreed: AgreementVersion) -> None:
    """Not one signature, not both, not by letting go of the version, not by a report without reference."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    version = write(stage, plan)
    head, care = stage.users["service_head"].pk, stage.users["decision_maker"].pk
    table = "UPDATE service_agreementversion SET "
    sql_refused(table + "provider_signer_id=%s, provider_signed_at=now() WHERE id=%s", head, version.pk)
    sql_refused(
        table + "state='signed', provider_signer_id=%s, provider_signed_at=now(), care_signer_id=%s,"
        " care_signed_at=now() WHERE id=%s",
        head, care, version.pk,
    )  # fmt: skip
    sql_refused("UPDATE service_transferplan SET version_id = NULL WHERE id = %s", plan.pk)
    sql_refused("UPDATE service_transferplan SET consultation_closed_on = '2026-03-05' WHERE id = %s", plan.pk)
    sql_refused("DELETE FROM service_transferplan WHERE id = %s", plan.pk)
    consult(stage, plan)
    sql_refused(table + "valid_from='2026-04-01', provider_signer_id=%s WHERE id=%s", head, version.pk)


def test_what_was_consulted_on_stands_still(stage: Stage, agreed: AgreementVersion) -> None:
    """Items and homes cannot change after the report, in code or in SQL; taking the report back opens them again."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    item = plan.items.get()
    head = {"plan_id": plan.pk, "actor": stage.users["service_head"]}
    home = services.HomeWords("existing", "vården")
    services.transfer_homes_add(item_ids=[item.pk], words=home, at=AT, **head)
    consult(stage, plan)
    refused("consultation_is_closed", services.transfer_item_remove, item_id=item.pk, **head)
    refused("consultation_is_closed", services.transfer_homes_add, item_ids=[item.pk], words=home, **head)
    sql_refused("DELETE FROM service_transferhome WHERE item_id = %s", item.pk)
    sql_refused("UPDATE service_transferhome SET minutes_per_week = 1 WHERE item_id = %s", item.pk)
    sql_refused("UPDATE service_transferitem SET days = '[1]' WHERE id = %s", item.pk)
    sql_refused("UPDATE service_transferplan SET switch_on = '2026-04-01' WHERE id = %s", plan.pk)
    services.consultation_reopen(at=AT, **head)
    services.transfer_item_remove(item_id=item.pk, at=AT, **head)
    assert not TransferItem.objects.exists() and not TransferHome.objects.exists()


def test_a_draft_that_says_something_else_is_not_signed(stage: Stage, agreed: AgreementVersion) -> None:
    """The draft's own page cannot move more, or less, than what was consulted on; other rows are free."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    consult(stage, plan)
    version = write(stage, plan)
    version.lines.filter(task_type__code="stores").update(note="fritt")
    version.lines.filter(task_type__code="breakfast", ward=stage.ward).update(days=WEEKDAYS)
    with stopped("transfer_drifted"):
        sign(stage, version)
    version.lines.filter(task_type__code="breakfast", ward=stage.ward).update(days=ALL_DAYS)
    sign(stage, version)


def test_the_day_follows_the_draft_until_it_was_consulted_on(stage: Stage, agreed: AgreementVersion) -> None:
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    version = write(stage, plan)
    head, later = stage.users["service_head"], SWITCH + timedelta(days=7)
    services.draft_set(version_id=version.pk, terms=services.Terms(later), actor=head, at=AT)
    plan.refresh_from_db()
    assert plan.switch_on == later
    consult(stage, plan)
    refused(
        "consultation_is_closed", services.draft_set, version_id=version.pk, terms=services.Terms(SWITCH), actor=head
    )


def test_nothing_changes_hands_in_the_middle_of_a_day(stage: Stage, agreed: AgreementVersion) -> None:
    """A switch is at midnight: signed too late, the day has to be moved."""
    with stopped("switch_not_ahead"):
        plan_make(stage, agreed, switch_on=TODAY)
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    consult(stage, plan)
    version = write(stage, plan)
    with stopped("switch_not_ahead"):
        sign(stage, version, at=AFTER)


# ---- undo ----


def test_a_cancelled_plan_leaves_nothing_behind(stage: Stage, agreed: AgreementVersion) -> None:
    """Its draft is thrown away, the agreement holds as before, the plan is kept with the reason."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    consult(stage, plan)
    write(stage, plan)
    head = {"plan_id": plan.pk, "actor": stage.users["service_head"]}
    refused("reason_missing", services.transfer_cancel, reason=" ", **head)
    services.transfer_cancel(reason="Vården har inte folk", at=AT, **head)
    assert agreed.agreement.versions.get() == agreed
    row = transfer_one(actor=stage.users["controller"], on=TODAY, plan_id=plan.pk)
    assert (row.stage, row.cancelled_reason) == ("cancelled", "Vården har inte folk")
    refused("transfer_cancelled", services.transfer_write, **head)
    services.day_plan_sync(hospital_id=plan.hospital_id, on=SWITCH, at=AFTER)
    assert tasks(SWITCH) == [("K1", "open", ""), ("M1", "open", "")]


def test_a_draft_thrown_away_on_its_own_page_makes_the_plan_a_plan_again(
    stage: Stage, agreed: AgreementVersion
) -> None:
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    version = write(stage, plan)
    services.draft_delete(version_id=version.pk, actor=stage.users["service_head"], at=AT)
    assert transfer_one(actor=stage.users["auditor"], on=TODAY, plan_id=plan.pk).stage == "planned"
    write(stage, plan)


def test_half_signed_is_not_cancelled(stage: Stage, agreed: AgreementVersion) -> None:
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    consult(stage, plan)
    version = write(stage, plan)
    head = stage.users["service_head"]
    mark = services.version_mark(AgreementVersion.objects.get(pk=version.pk))
    services.agreement_sign(version_id=version.pk, actor=head, at=AT, mark=mark, holes_reason="x")
    refused("draft_is_half_signed", services.transfer_cancel, plan_id=plan.pk, reason="nej", actor=head)
    services.signature_withdraw(version_id=version.pk, actor=head, at=AT)
    services.transfer_cancel(plan_id=plan.pk, reason="nej", actor=head, at=AT)


# ---- who ----


@pytest.mark.parametrize(
    "who", ["unit_manager", "decision_maker", "coordinator", "controller", "auditor", "ward_staff"]
)
def test_only_who_writes_agreements_writes_plans(who: str, stage: Stage, agreed: AgreementVersion) -> None:
    words = services.TransferWords("t", SWITCH, "service", "care")
    refused(
        "wrong_role",
        services.transfer_create,
        agreement_id=agreed.agreement_id,
        words=words,
        actor=stage.users[who],
    )


def test_a_manager_ticks_care_s_steps_of_own_wards(stage: Stage, agreed: AgreementVersion) -> None:
    """The unit that takes over says itself that its staff are trained; the service's steps are not hers."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    head = stage.users["service_head"]
    both = [
        services.transfer_step_add(
            plan_id=plan.pk, kind="training", side=side, text="Livsmedelshygien", due_on=TODAY, actor=head, at=AT
        )
        for side in ("care", "service")
    ]
    manager = User.objects.create(username="chef", role=Role.UNIT_MANAGER)
    scope = Scope.objects.create(user=manager, hospital=stage.ward.division.hospital, ward=stage.other_ward)
    words = {"plan_id": plan.pk, "done": True}
    refused("not_your_step", services.transfer_step_tick, step_id=both[0].pk, actor=manager, **words)
    scope.delete()
    Scope.objects.create(user=manager, hospital=stage.ward.division.hospital, ward=stage.ward)
    manager = User.objects.get(pk=manager.pk)
    services.transfer_step_tick(step_id=both[0].pk, actor=manager, at=AT, **words)
    refused("not_your_step", services.transfer_step_tick, step_id=both[1].pk, actor=manager, **words)
    row = transfer_one(actor=manager, on=TODAY, plan_id=plan.pk)
    assert (row.n_done, row.steps[0].done_by, row.steps[1].done_at) == (1, "chef", None)
    services.transfer_step_tick(plan_id=plan.pk, step_id=both[0].pk, done=False, actor=manager, at=AT)
    assert transfer_one(actor=head, on=TODAY, plan_id=plan.pk).n_done == 0


def test_another_hospital_s_people_find_no_plan(stage: Stage, agreed: AgreementVersion) -> None:
    plan = plan_make(stage, agreed)
    stranger = User.objects.create(username="stranger", role=Role.SERVICE_HEAD)
    Scope.objects.create(user=stranger, hospital=stage.foreign.room.ward.division.hospital)
    assert transfer_list(actor=stranger, on=TODAY) == []
    refused("out_of_scope", services.transfer_write, plan_id=plan.pk, actor=stranger)
