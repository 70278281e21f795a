"""Transfers of tasks: planned, consulted on, signed, switched at midnight; the gate holds in code and in SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies.agreed import (
    ALL_DAYS,
    WEEKDAYS,
    agreement_make,
    line_make,
    norm_make,
    task_type_make,
    version_make,
    version_sign,
)
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.service import services
from vardnara.apps.service.bridge.transfer import cut_words, lines_cut
from vardnara.apps.service.models import (
    AgreementLine,
    AgreementVersion,
    Task,
    TransferHome,
    TransferItem,
    TransferPlan,
)
from vardnara.apps.service.queries.transfers import transfer_list, transfer_one, ward_switches
from vardnara.apps.service.queries.workload import hospital_work
from vardnara.apps.service.services.transfer_balance import transfer_balance
from vardnara.engines.transfer.check import balance_faults
from vardnara.engines.workload import workload_estimate
from vardnara.kernel.errors import RuleBroken

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)  # a Thursday
TODAY = date(2026, 3, 5)
SWITCH = date(2026, 3, 11)  # a Wednesday
BEFORE = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)  # 23:00 on the Tuesday
AFTER = datetime(2026, 3, 10, 23, 5, tzinfo=UTC)  # 00:05 on the Wednesday


@pytest.fixture
def stage(db: None) -> Stage:
    return stage_set()


@pytest.fixture
def agreed(stage: Stage) -> AgreementVersion:
    """Breakfast every day, snacks on weekdays twice, stores: the service's; dinner is care's."""
    version = version_make(agreement_make(stage.ward), review_on=date(2026, 9, 1))
    breakfast = task_type_make("breakfast", driver="ward", always=True)
    snack = task_type_make("snack", driver="ward")
    norm_make(breakfast, fixed_low=20, fixed_typical=30, fixed_high=60)
    norm_make(snack, fixed_low=5, fixed_typical=10, fixed_high=15)
    for ward in (stage.ward, stage.other_ward):
        line_make(version, breakfast, ward, "7-9", days=ALL_DAYS)
        line_make(version, snack, ward, "14-16", times=2)
        line_make(version, task_type_make("stores", driver="ward"), ward, "13-15")
        line_make(version, task_type_make("dinner", driver="ward"), ward, "16-18", party="care", days=ALL_DAYS)
    return version_sign(version, stage.users["service_head"], stage.users["decision_maker"])


def plan_make(stage: Stage, agreed: AgreementVersion, **words: object) -> TransferPlan:
    named = {"title": "Frukost till vården", "switch_on": SWITCH, "from_party": "service", "to_party": "care"}
    return services.transfer_create(
        agreement_id=agreed.agreement_id,
        words=services.TransferWords(**(named | words)),  # type: ignore[arg-type]
        actor=stage.users["service_head"],
        at=AT,
    )


def add(stage: Stage, plan: TransferPlan, *codes: str, days: list[int] = ALL_DAYS, wards: object = None) -> int:
    return services.transfer_items_add(
        plan_id=plan.pk,
        task_type_ids=[task_type_make(code).pk for code in codes],
        ward_ids=[ward.pk for ward in wards or (stage.ward,)],
        days=frozenset(days),
        actor=stage.users["service_head"],
        at=AT,
    )


def consult(stage: Stage, plan: TransferPlan, at: datetime = AT) -> TransferPlan:
    return services.consultation_report(
        plan_id=plan.pk, reference="MBL 2026-17", closed_on=TODAY, actor=stage.users["service_head"], at=at
    )


def write(stage: Stage, plan: TransferPlan) -> AgreementVersion:
    return services.transfer_write(plan_id=plan.pk, actor=stage.users["service_head"], at=AT)


def sign(stage: Stage, version: AgreementVersion, at: datetime = AT) -> AgreementVersion:
    for name in ("service_head", "decision_maker"):
        version.refresh_from_db()
        services.agreement_sign(
            version_id=version.pk,
            actor=stage.users[name],
            at=at,
            mark=services.version_mark(version),
            holes_reason="kvar från förr",
        )
    version.refresh_from_db()
    return version


def transferred(stage: Stage, agreed: AgreementVersion, *codes: str, **words: object) -> TransferPlan:
    """A plan that both sides have signed."""
    plan = plan_make(stage, agreed, **words)
    add(stage, plan, *(codes or ("breakfast",)))
    consult(stage, plan)
    sign(stage, write(stage, plan))
    plan.refresh_from_db()
    return plan


@contextmanager
def stopped(code: str) -> Iterator[None]:
    with pytest.raises(RuleBroken) as caught, transaction.atomic():
        yield
    assert caught.value.code == code


def refused(code: str, deed, **words: object) -> None:
    with stopped(code):
        deed(**({"at": AT} | words))


def sql_refused(sql: str, *values: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def lines_of(version: AgreementVersion, code: str) -> list[tuple[str, str, list[int]]]:
    return list(
        version.lines.filter(task_type__code=code)
        .order_by("ward__code", "pk")
        .values_list("ward__code", "party", "days")
    )


def tasks(on: date, code: str = "breakfast") -> list[tuple[str, str, str]]:
    rows = Task.objects.filter(planned_on=on, task_type__code=code).order_by("ward__code", "pk")
    return list(rows.values_list("ward__code", "state", "reason"))


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


# ---- the switch ----


def test_the_ownership_switches_at_midnight_by_itself(stage: Stage, agreed: AgreementVersion) -> None:
    """The agreement before ends at midnight: Tuesday is the service's, Wednesday care's, and nothing is nobody's."""
    plan = transferred(stage, agreed)
    hospital, tuesday = plan.hospital_id, SWITCH - timedelta(days=1)
    services.day_plan_sync(hospital_id=hospital, on=tuesday, at=BEFORE - timedelta(days=1))
    services.day_plan_sync(hospital_id=hospital, on=SWITCH, at=BEFORE)
    assert tasks(tuesday) == [("K1", "open", ""), ("M1", "open", "")]
    assert tasks(SWITCH) == [("M1", "open", "")]
    assert not Task.objects.filter(planned_on__isnull=False, party="").exists()
    (told,) = ward_switches(ward_id=stage.ward.pk, on=TODAY)
    assert (told.switch_on, told.to_party) == (SWITCH, "care")


def test_what_is_laid_out_already_is_taken_back_with_the_reason_and_what_is_begun_stays(
    stage: Stage, agreed: AgreementVersion
) -> None:
    """Signed on the evening before, with tomorrow laid out: unbegun work goes, begun work is its holder's to finish."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast", "snack", wards=(stage.ward, stage.other_ward))
    consult(stage, plan)
    services.day_plan_sync(hospital_id=plan.hospital_id, on=SWITCH, at=AT)
    begun = Task.objects.filter(planned_on=SWITCH, task_type__code="breakfast", ward=stage.ward).get()
    worker = stage.users["service_worker"]
    services.task_claim(task_id=begun.pk, actor=worker, at=BEFORE)
    services.task_start(task_id=begun.pk, actor=worker, at=BEFORE)
    sign(stage, write(stage, plan), at=BEFORE)
    services.day_plan_sync(hospital_id=plan.hospital_id, on=SWITCH, at=AFTER)
    assert tasks(SWITCH) == [("K1", "started", ""), ("M1", "withdrawn", "handed_over")]
    assert {state for _, state, _ in tasks(SWITCH, "snack")} == {"withdrawn"}
    assert tasks(SWITCH, "stores") == [("K1", "open", ""), ("M1", "open", "")]  # the same tasks, not new ones
    services.task_finish(task_id=begun.pk, actor=worker, at=AFTER)
    assert tasks(SWITCH)[0] == ("K1", "done", "")


def test_back_again_is_a_plan_the_other_way(stage: Stage, agreed: AgreementVersion) -> None:
    """What care gives back appears among the service's tasks on its day."""
    transferred(stage, agreed)
    back = SWITCH + timedelta(days=7)
    version = agreed.agreement.versions.get(number=2)
    plan = plan_make(stage, version, switch_on=back, from_party="care", to_party="service", title="Tillbaka")
    with stopped("nothing_to_move"):
        add(stage, plan, "snack")
    add(stage, plan, "breakfast", "dinner")
    consult(stage, plan)
    sign(stage, write(stage, plan))
    evening = datetime(2026, 3, 17, 22, tzinfo=UTC)
    services.day_plan_sync(hospital_id=plan.hospital_id, on=back - timedelta(days=1), at=evening - timedelta(days=1))
    services.day_plan_sync(hospital_id=plan.hospital_id, on=back, at=evening)
    assert tasks(back - timedelta(days=1)) == [("M1", "open", "")]
    assert tasks(back) == [("K1", "open", ""), ("M1", "open", "")]
    assert tasks(back, "dinner") == [("K1", "open", "")]


@pytest.mark.parametrize("switch", [date(2026, 3, 29), date(2026, 10, 25)])
def test_in_the_night_when_the_clocks_change(switch: date, stage: Stage, agreed: AgreementVersion) -> None:
    """A day of 23 or 25 hours begins at its own midnight; that week no task is nobody's and none is both sides'."""
    plan = transferred(stage, agreed, switch_on=switch)
    for ahead in range(-3, 4):
        on = switch + timedelta(days=ahead)
        noon = datetime(on.year, on.month, on.day, 2, tzinfo=UTC) - timedelta(days=1)
        services.day_plan_sync(hospital_id=plan.hospital_id, on=on, at=noon)
        expected = [("K1", "open", ""), ("M1", "open", "")] if ahead < 0 else [("M1", "open", "")]
        assert tasks(on) == expected, on
    assert not Task.objects.filter(planned_on__isnull=False, party="").exists()


def test_the_next_version_keeps_what_somebody_has_claimed_or_done(stage: Stage, agreed: AgreementVersion) -> None:
    """A version that begins today says the same of the rest: its tasks are neither taken back nor asked for again."""
    hospital, worker = agreed.agreement.hospital_id, stage.users["service_worker"]
    morning = datetime(2026, 3, 5, 5, tzinfo=UTC)
    services.day_plan_sync(hospital_id=hospital, on=TODAY, at=morning)
    done, claimed = Task.objects.filter(planned_on=TODAY, task_type__code="stores").order_by("ward__code")
    for task in (done, claimed):
        services.task_claim(task_id=task.pk, actor=worker, at=morning)
        if task == done:
            services.task_start(task_id=task.pk, actor=worker, at=morning)
            services.task_finish(task_id=task.pk, actor=worker, at=morning + timedelta(minutes=9))
    head = stage.users["service_head"]
    draft = services.draft_create(agreement_id=agreed.agreement_id, valid_from=TODAY, actor=head, at=morning)
    sign(stage, draft, at=morning)
    services.day_plan_sync(hospital_id=hospital, on=TODAY, at=morning + timedelta(minutes=10))
    assert tasks(TODAY, "stores") == [("K1", "done", ""), ("M1", "claimed", "")]
    claimed.refresh_from_db()
    assert claimed.line.version == draft


# ---- the balance ----


def balance(stage: Stage, plan: TransferPlan):
    found = transfer_balance(plan=transfer_one(actor=stage.users["controller"], on=TODAY, plan_id=plan.pk), on=TODAY)
    assert balance_faults(found.balance, found.case) == ()
    return found.balance


def party_minutes(stage: Stage, on: date) -> Counter[str]:
    """Typical minutes of the week by party, as the workload page counts them."""
    work = hospital_work(ward_ids=[stage.ward.pk, stage.other_ward.pk], on=on)
    found: Counter[str] = Counter()
    for row in workload_estimate(work.case.order).rows:
        found[work.parts[row.task].party] += row.minutes.typical
    return found


def test_the_balance_is_what_the_workload_loses(stage: Stage, agreed: AgreementVersion) -> None:
    """The hours that leave are those by which the service's workload falls when it is signed, and care's rises."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast", "snack", wards=(stage.ward, stage.other_ward))
    before = party_minutes(stage, TODAY)
    total = balance(stage, plan).total
    assert total.leaving.typical == pytest.approx(2 * 30 * 7 + 2 * 2 * 10 * 5 * 0.95, rel=0.02)
    consult(stage, plan)
    sign(stage, write(stage, plan))
    after = party_minutes(stage, SWITCH)
    assert before["service"] - after["service"] == pytest.approx(total.leaving.typical)
    assert after["care"] - before["care"] == pytest.approx(total.leaving.typical)
    assert balance(stage, plan).total == total  # the same after as before


def test_homes_take_their_part_and_what_has_no_norm_is_unknown(stage: Stage, agreed: AgreementVersion) -> None:
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast", "stores")
    head = {"plan_id": plan.pk, "actor": stage.users["service_head"], "at": AT}
    breakfast = plan.items.get(task_type__code="breakfast").pk
    for words in (
        services.HomeWords("automated", "Digital beställning", Decimal(60)),
        services.HomeWords("added", "Vårdbiträde, vardagar", None, frozenset(WEEKDAYS), 6, 16),
    ):
        services.transfer_homes_add(item_ids=[breakfast], words=words, **head)
    found = balance(stage, plan)
    assert found.unknown == (plan.items.get(task_type__code="stores").pk,)
    assert found.total.released.typical == pytest.approx(60)
    assert found.total.homeless.typical == pytest.approx((30 * 7 - 60) * 2 / 7, rel=0.01)
    assert {notice.code for notice in found.notices} == {"HOURS_WITHOUT_HOME", "UNKNOWN_MINUTES"}
    home = TransferHome.objects.get(how="automated")
    services.transfer_home_remove(home_id=home.pk, **head)
    assert balance(stage, plan).total.released.typical == 0
    refused(
        "home_incomplete",
        services.transfer_homes_add,
        item_ids=[breakfast],
        words=services.HomeWords("added", " "),
        **head,
    )


def test_a_task_that_moves_both_ways_is_told(stage: Stage, agreed: AgreementVersion) -> None:
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast")
    other = plan_make(stage, agreed, from_party="care", to_party="service")
    TransferItem.objects.create(plan=other, ward=stage.other_ward, task_type=task_type_make("breakfast"), days=[1])
    assert "TASK_MOVES_BOTH_WAYS" in {notice.code for notice in balance(stage, plan).notices}


days = st.frozensets(st.integers(1, 9), min_size=1)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2), days, st.sampled_from(["service", "care", "other"]))),
    st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2), days, st.integers(0, 23)), max_size=4),
)
def test_no_day_of_any_line_is_lost_or_doubled(rows: list, moves: list) -> None:
    """Whatever moves, each day of each line has one party: the other one only where an item says so."""
    lines = [
        AgreementLine(
            pk=number, task_type_id=task, ward_id=ward, days=sorted(on), party=party,
            start_minutes=60 * number % 1440, end_minutes=1440,
        )
        for number, (task, ward, on, party) in enumerate(rows)
    ]  # fmt: skip
    items = [
        TransferItem(
            pk=number, task_type_id=task, ward_id=ward, days=sorted(on), start_minutes=60 * hour, end_minutes=1440
        )
        for number, (task, ward, on, hour) in enumerate(moves)
    ]  # fmt: skip
    cuts = lines_cut(lines, items, from_party="service", to_party="care")
    spread = Counter((cut.line.pk, day) for cut in cuts for day in cut.days)
    assert spread == Counter((line.pk, day) for line in lines for day in line.days)
    for cut in cuts:
        wanted = [
            item
            for item in items
            if (item.task_type_id, item.ward_id) == (cut.line.task_type_id, cut.line.ward_id)
            and item.start_minutes <= cut.line.start_minutes
        ]
        named = {day for item in wanted for day in item.days}
        moves_here = cut.line.party == "service" and bool(cut.days & named)
        assert cut.party == ("care" if moves_here else cut.line.party) == cut_words(cut)[2]
        assert (cut.item_id is not None) == moves_here
        assert not moves_here or cut.days <= named
