"""Transfers of tasks at midnight, and where their hours go."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies.agreed import (
    WEEKDAYS,
    task_type_make,
)
from tests.strategies.stage import Stage, stage_set
from tests.strategies.transferred import (
    AFTER,
    AT,
    BEFORE,
    SWITCH,
    TODAY,
    add,
    agreed_make,
    consult,
    plan_make,
    refused,
    sign,
    stopped,
    tasks,
    transferred,
    write,
)

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
from vardnara.apps.service.queries.transfers import transfer_one, ward_switches
from vardnara.apps.service.queries.workload import hospital_work
from vardnara.apps.service.services.transfer_balance import transfer_balance
from vardnara.engines.transfer.check import balance_faults
from vardnara.engines.workload import workload_estimate


@pytest.fixture
def stage(db: None) -> Stage:
    return stage_set()


@pytest.fixture
def agreed(stage: Stage) -> AgreementVersion:
    return agreed_make(stage)


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
    done.refresh_from_db()
    assert claimed.plan_key.startswith(f"{claimed.line_id}/") and not done.plan_key.startswith(f"{done.line_id}/")


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


def test_only_the_days_that_move_are_counted(stage: Stage, agreed: AgreementVersion) -> None:
    """Saturdays and Sundays without holidays and eves: two breakfasts a week, less those."""
    plan = plan_make(stage, agreed)
    add(stage, plan, "breakfast", days=[6, 7])
    found = balance(stage, plan)
    assert found.total.leaving.typical == pytest.approx(60, rel=0.1) and found.total.leaving.typical < 60
    assert not any(map(sum, found.grid_by_ward["K1"].leaving[:5]))


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
