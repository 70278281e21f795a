"""The register of measures: how one stands, what it promised, what it waits for; and what the database refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apps.decisions.test_case_services import broken, case_of
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.accounts.models import User
from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import (
    GuideValue,
    Measure,
    MeasureEvent,
    MeasureGate,
    MeasureReading,
    MeasureStatus,
    Promise,
)
from vardnara.apps.decisions.queries.measure_beds import measure_beds
from vardnara.apps.decisions.queries.measures import Asked, MeasureRow, measure_one, measure_register, measure_row
from vardnara.apps.hospital.models import AdtRecord, Departure, Ward
from vardnara.engines.measures import Promised

TODAY = AT.date()
WORDS = services.MeasureWords(
    label="Färre avrop", kind="cost", owner="Divisionschef", payer="Nämnden", long_sek=Decimal("1200000.50")
)
PROMISE = services.PromiseWords(
    label="Färre timmar", metric="lönesystemet", unit="timmar", baseline=Decimal(100), promised=Decimal(40),
    check_on=date(2026, 6, 1),
)  # fmt: skip


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def who(stage: Stage) -> dict[str, Any]:
    return {"actor": stage.users["controller"], "at": AT}


def made(stage: Stage, who: dict[str, Any], words: services.MeasureWords = WORDS, **more: Any) -> Measure:
    hospital = stage.ward.division.hospital_id
    return services.measure_add(hospital_id=hospital, words=words, **more, **who)


def row(stage: Stage, measure: Measure, on: date = TODAY) -> MeasureRow:
    return measure_row(actor=stage.users["auditor"], measure_id=measure.pk, on=on)


def promise_of(measure: Measure, who: dict[str, Any], words: services.PromiseWords = PROMISE) -> Promise:
    return services.measure_promise_add(measure_id=measure.pk, words=words, **who)


def begin(measure: Measure, who: dict[str, Any], status: str = "on_plan") -> MeasureStatus:
    return services.measure_status_set(measure_id=measure.pk, status=status, because="sagt på mötet", **who)


def outcome(measure: Measure, promise: Promise, value: object, who: dict[str, Any]) -> None:
    services.measure_outcome_set(
        measure_id=measure.pk, promise_id=promise.pk, outcome=Decimal(str(value)), outcome_on=TODAY, **who
    )


def test_measures_are_numbered_in_their_hospital_and_what_is_wrong_is_refused(stage: Stage, who: Any) -> None:
    """Numbers follow each other; a measure that contradicts itself is not entered, by service and database."""
    assert [made(stage, who).number, made(stage, who).number] == [1, 2]
    for words, code in (
        (replace(WORDS, label=" "), "measure_without_label"),
        (replace(WORDS, starts_on=TODAY, ends_on=TODAY - timedelta(days=1)), "measure_ends_first"),
        (replace(WORDS, short_sek=Decimal(1)), "short_without_year"),
        (replace(WORDS, benefit="moved"), "moved_to_what"),
        (replace(WORDS, benefit="other"), "not_in_money"),
        (replace(WORDS, note="gäller 19121212-1212"), "looks_like_identity"),
        (replace(WORDS, ward_id=stage.foreign.room.ward_id), "out_of_scope"),
    ):
        broken(code, made, stage=stage, who=who, words=words)
    one = Measure.objects.get(number=1)
    for wrong in ({"short_sek": 1}, {"benefit": "moved"}, {"benefit": "other"}, {"label": ""}, {"number": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Measure.objects.filter(pk=one.pk).update(**wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        one.delete()


def test_a_change_keeps_what_was_said_before(stage: Stage, who: Any) -> None:
    """The effect that was promised cannot be made smaller without a trace."""
    one = made(stage, who)
    services.measure_set(measure_id=one.pk, words=replace(WORDS, long_sek=Decimal(900000)), **who)
    (event,) = MeasureEvent.objects.filter(measure=one)
    assert event.what == "changed" and "long_sek: 1200000.50 → 900000" in event.text
    services.measure_set(measure_id=one.pk, words=replace(WORDS, long_sek=Decimal(900000)), **who)
    assert MeasureEvent.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        MeasureEvent.objects.update(text="")


def test_a_status_that_differs_from_dates_and_outcomes_says_why(stage: Stage, who: Any) -> None:
    """It is proposed, a person sets it, and every one is kept with who, when and why."""
    one = made(stage, who, replace(WORDS, is_multi_year=True, starts_on=TODAY))
    assert row(stage, one).proposed.code == "assigned"
    services.measure_status_set(measure_id=one.pk, status="multi_year", **who)
    assert row(stage, one).standing.status.colour == "yellow" and not row(stage, one).differs
    fields = {"measure_id": one.pk, "status": "deviates"} | who
    broken("reason_missing", services.measure_status_set, **fields)
    broken("looks_like_identity", services.measure_status_set, **fields, because="20121212-1212 sa nej")
    services.measure_status_set(**fields, because="tre månader sent")
    page = measure_one(actor=stage.users["auditor"], measure_id=one.pk, on=TODAY)
    assert [(told.status, told.proposed, told.because) for told, _ in page.statuses] == [
        ("deviates", "multi_year", "tre månader sent"),
        ("multi_year", "multi_year", ""),
        ("proposed", "", ""),
    ]
    broken("unknown_status", services.measure_status_set, measure_id=one.pk, status="lila", **who)
    for wrong in (lambda: MeasureStatus.objects.update(status="done"), lambda: MeasureStatus.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()
    with pytest.raises(DatabaseError, match="has begun"), transaction.atomic():
        MeasureStatus.objects.create(measure=one, status="proposed", begun=False, at=AT)


def test_readers_do_not_write_and_others_see_nothing(stage: Stage, who: Any) -> None:
    one = made(stage, who)
    for role, code in (("auditor", "wrong_role"), ("unit_manager", "wrong_role")):
        fields = {"measure_id": one.pk, "status": "done", "actor": stage.users[role], "at": AT}
        broken(code, services.measure_status_set, **fields)
    stage.outsider.role = "controller"
    stage.outsider.save()
    broken("unknown_measure_row", measure_row, actor=stage.outsider, measure_id=one.pk, on=TODAY)
    broken("out_of_scope", services.measure_set, measure_id=one.pk, words=WORDS, actor=stage.outsider, at=AT)


def test_what_was_promised_stands_once_it_has_begun(stage: Stage, who: Any) -> None:
    """Promise, baseline and day stand still, in the database too; the outcome is entered and may be entered again."""
    one = made(stage, who)
    broken("promise_without_change", promise_of, measure=one, who=who, words=replace(PROMISE, promised=Decimal(100)))
    gone, kept = promise_of(one, who), promise_of(one, who)
    services.measure_promise_remove(measure_id=one.pk, promise_id=gone.pk, **who)
    broken("measure_not_begun", outcome, measure=one, promise=kept, value=40, who=who)
    begin(one, who)
    broken("measure_has_begun", services.measure_promise_remove, measure_id=one.pk, promise_id=kept.pk, **who)
    for act in (lambda: Promise.objects.update(promised=90), lambda: Promise.objects.all().delete()):
        with pytest.raises(DatabaseError, match="not changed after"), transaction.atomic():
            act()
    outcome(one, kept, 52, who)
    assert row(stage, one).promises[0].kept_share == Decimal("0.8") and row(stage, one).proposed.code == "done_less"
    outcome(one, kept, 40, who)
    assert row(stage, one).proposed.code == "done"
    assert [told.text for told in one.events.filter(what="outcome").order_by("pk")] == [
        "Färre timmar: 52 timmar", "Färre timmar: 40 timmar",
    ]  # fmt: skip
    late = {"measure_id": one.pk, "promise_id": kept.pk, "outcome": Decimal(1), "outcome_on": date(2026, 3, 6)} | who
    broken("outcome_in_future", services.measure_outcome_set, **late)
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.create(label="x", metric="x", unit="x", promised=1, check_on=TODAY, made_at=AT)


def test_reinvestment_waits_for_what_the_efficiency_promised(stage: Stage, who: Any) -> None:
    """S-09: refused with which is missing, by service and by database; open from the stated share on."""
    first, then = made(stage, who), made(stage, who, replace(WORDS, label="Fler servicetjänster", kind="reinvestment"))
    share = Decimal("0.8")
    services.measure_gate_add(measure_id=then.pk, first_id=first.pk, share=share, **who)
    broken("measure_must_wait", begin, measure=then, who=who)
    one = promise_of(first, who)
    begin(first, who)
    for value in (None, 53):
        if value is not None:
            outcome(first, one, value, who)
        assert row(stage, then).waits_for == (first.pk,)
        broken("measure_must_wait", begin, measure=then, who=who)
        with pytest.raises(DatabaseError, match="have delivered"), transaction.atomic():
            MeasureStatus.objects.create(measure=then, status="on_plan", begun=True, at=AT)
    services.measure_status_set(measure_id=then.pk, status="late", because="väntar", **who)
    outcome(first, one, 52, who)
    begin(then, who)
    assert row(stage, then).standing.begun and row(stage, then).waits_for == ()
    broken("measure_has_begun", services.measure_gate_remove, measure_id=then.pk, first_id=first.pk, **who)
    with pytest.raises(DatabaseError, match="waited for"), transaction.atomic():
        MeasureGate.objects.all().delete()


def test_measures_never_wait_for_each_other_in_a_ring(stage: Stage, who: Any) -> None:
    a, b, c = (made(stage, who) for _ in range(3))
    services.measure_gate_add(measure_id=b.pk, first_id=a.pk, **who)
    services.measure_gate_add(measure_id=c.pk, first_id=b.pk, **who)
    broken("gates_in_a_ring", services.measure_gate_add, measure_id=a.pk, first_id=c.pk, **who)
    broken("gates_in_a_ring", services.measure_gate_add, measure_id=a.pk, first_id=a.pk, **who)
    broken("bad_gate_share", services.measure_gate_add, measure_id=c.pk, first_id=a.pk, share=Decimal(0), **who)
    services.measure_gate_remove(measure_id=c.pk, first_id=b.pk, **who)
    services.measure_gate_add(measure_id=a.pk, first_id=c.pk, **who)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureGate.objects.create(measure=a, first=a)


VALUE = st.decimals(min_value=-50, max_value=50, places=2)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.none(), VALUE), VALUE, st.one_of(st.none(), VALUE), st.sampled_from(["0.001", "0.5", "0.8", "1"]))
def test_the_database_opens_a_gate_exactly_where_the_engine_does(
    stage: Stage, baseline: Decimal | None, promised: Decimal, result: Decimal | None, share: str
) -> None:
    """Two judges of one rule, on any promise."""
    with transaction.atomic():
        hospital = stage.ward.division.hospital_id
        first, then = (
            Measure.objects.create(hospital_id=hospital, number=number, label="x", kind="cost", made_at=AT)
            for number in (901, 902)
        )
        MeasureGate.objects.create(measure=then, first=first, share=Decimal(share))
        told = {"outcome": result, "outcome_on": TODAY, "outcome_at": AT} if result is not None else {}
        Promise.objects.create(
            measure=first, label="x", metric="x", unit="x", baseline=baseline, promised=promised, check_on=TODAY,
            made_at=AT, **told,
        )  # fmt: skip
        try:
            with transaction.atomic():
                MeasureStatus.objects.create(measure=then, status="on_plan", begun=True, at=AT)
            opened = True
        except DatabaseError:
            opened = False
        assert opened == Promised(promised, TODAY, baseline, result).is_kept(Decimal(share))
        transaction.set_rollback(True)


def test_readings_are_corrected_by_new_ones(stage: Stage, who: Any) -> None:
    """Dated and sourced; the one that was wrong stays, and no longer counts."""
    one = made(stage, who, replace(WORDS, kind="capacity"))

    def read(value: int, **more: Any) -> MeasureReading:
        words = services.ReadingWords("waiting", TODAY - timedelta(days=1), Decimal(value), "väntetidsrapporten")
        return services.measure_reading_add(measure_id=one.pk, words=words, **more, **who)

    wrong = read(420)
    right = read(402, corrects=wrong.pk)
    page = measure_one(actor=stage.users["auditor"], measure_id=one.pk, on=TODAY)
    waiting = next(series for series in page.series if series.indicator.code == "waiting")
    assert [told.pk for told in waiting.holding] == [right.pk] and len(waiting.rows) == 2
    broken("corrected_already", read, value=1, corrects=wrong.pk)
    words = services.ReadingWords("low_value_done", TODAY, Decimal(1), "x")
    broken("unknown_indicator", services.measure_reading_add, measure_id=one.pk, words=words, **who)
    broken("source_missing", services.measure_reading_add, measure_id=one.pk,
           words=services.ReadingWords("waiting", TODAY, Decimal(1), " "), **who)  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        MeasureReading.objects.update(value=1)
    with pytest.raises(DatabaseError, match="corrects one of its own"), transaction.atomic():
        MeasureReading.objects.create(
            measure=made(stage, who), indicator="waiting", on=TODAY, value=1, source="x", corrects=right, at=AT
        )


def test_beds_and_occupancy_stand_beside_what_touches_them(stage: Stage, who: Any) -> None:
    """S-10: the ward and the hospital, measured over the period, before and after; a guide value only where entered."""
    Ward.objects.filter(pk=stage.ward.pk).update(staffed_beds=4, budgeted_beds=5)
    one = made(stage, who, replace(WORDS, beds_change=-2, ward_id=stage.ward.pk))
    early = measure_beds(measure=one, since=TODAY, until=TODAY + timedelta(days=11))
    assert early is not None and early.rows[0].use.since is None and early.rows[0].occupancy is None
    record = AdtRecord.objects.order_by("pk").first()
    Departure.objects.create(stay=stage.stay, bed=stage.free, left_at=AT, record=record)
    since, until = TODAY - timedelta(days=30), TODAY + timedelta(days=11)
    page = measure_beds(measure=one, since=since, until=until)
    assert page is not None and page.guides == {}
    ward, whole = page.rows
    lying = 1
    assert (ward.use.staffed, ward.use.budgeted, ward.places_after) == (4, 5, 2)
    assert ward.use.bed_days == 10 * lying and ward.occupancy == Decimal(10 * lying) / 40
    assert ward.occupancy_after == Decimal(10 * lying) / 20
    assert whole.use.staffed == 4 + 4 and whole.use.n_unstated == 1
    hospital = stage.ward.division.hospital_id
    for value in (200, 210):
        services.guide_value_add(
            hospital_id=hospital, kind="beds", year=2025, value=Decimal(value), source="sidan 3", **who
        )
    again = measure_beds(measure=one, since=since, until=until)
    assert again is not None and again.guides["beds"].value == 210 and "occupancy" not in again.guides
    fields = {"hospital_id": hospital, "kind": "beds", "year": 2025, "value": Decimal(1)} | who
    broken("source_missing", services.guide_value_add, **fields, source=" ")
    with pytest.raises(DatabaseError), transaction.atomic():
        GuideValue.objects.update(value=1)
    assert measure_beds(measure=made(stage, who), since=since, until=until) is None


def test_a_case_s_measures_come_into_the_register_once(stage: Stage, who: Any) -> None:
    """Each row once, however often it is pressed; its effect and its words come along."""
    rows = [
        {"label": "Särskild prövning", "status": "Uppdrag givet", "effect": "gain"},
        {"label": "Gapanalys", "status": "påbörjad", "requires": "arbetsgrupp"},
    ]
    figure = {"id": "gain", "label": "Effekt", "unit": "sek_per_year", "value": Decimal("500000"), "note": "x"}
    case = case_of(stage, figure=[figure], measure=rows, posts=[], amount=[], home=[], reallocation=[])
    taken = services.measures_take(case_id=case.pk, **who)
    assert [one.long_sek for one in taken] == [Decimal(500000), None]
    assert services.measures_take(case_id=case.pk, **who) == []
    first, second = (row(stage, one) for one in taken)
    assert first.standing.status.code == "assigned" and first.standing.because == ""
    assert (second.standing.status.code, second.standing.because) == ("proposed", "påbörjad")
    assert second.measure.requires == "arbetsgrupp" and "unowned" in second.late
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=taken[1].pk).update(case_row=taken[0].case_row)


def test_the_register_filters_sums_and_tells_what_is_late(stage: Stage, who: Any) -> None:
    """Sums of what is shown; a stopped measure is no expected effect; what is to be looked at within 60 days."""
    cash = made(stage, who)
    moved = made(stage, who, replace(
        WORDS, benefit="moved", goes_to="kvällar", long_sek=Decimal(300), owner="", kind="gap", ward_id=stage.ward.pk,
        short_sek=Decimal("0.10"), short_year=2026,
    ))  # fmt: skip
    stopped = made(stage, who, replace(WORDS, long_sek=Decimal(7)))
    begin(stopped, who, "stopped")
    promise_of(cash, who, replace(PROMISE, check_on=TODAY - timedelta(days=1)))
    promise_of(moved, who, replace(PROMISE, check_on=TODAY + timedelta(days=61)))
    auditor = stage.users["auditor"]

    def shown(**asked: Any) -> Any:
        return measure_register(actor=auditor, asked=Asked(**asked), on=TODAY)

    every = shown()
    assert every.sums.total.long_sek == Decimal("1200307.50") and every.sums.total.short_sek == (Decimal("0.10"),)
    assert (every.cash_long_sek, every.moved_long_sek) == (Decimal("1200000.50"), Decimal(300))
    assert [told.measure for told, _ in every.checks] == [cash] and (every.n_late, every.n_unowned) == (1, 1)
    division = f"d{stage.ward.division_id}"
    for asked, wanted in (
        ({"status": "stopped"}, [stopped]), ({"kind": "gap"}, [moved]), ({"place": division}, [moved]),
        ({"place": f"w{stage.other_ward.pk}"}, []), ({"late": True}, [cash, moved]),
    ):  # fmt: skip
        assert [told.measure for told in shown(**asked).rows] == wanted, asked
    for by in ("status", "kind", "payer", "benefit", "place"):
        sums = shown(by=by).sums
        assert sum(told.long_sek for told in sums.rows) == every.sums.total.long_sek


def test_a_longer_register_asks_the_database_no_more(stage: Stage, who: Any) -> None:
    """As many questions for six measures with promises and gates as for two."""

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            measure_register(actor=User.objects.get(pk=stage.users["auditor"].pk), asked=Asked(), on=TODAY)
        return len(queries)

    def more(n: int) -> None:
        for _ in range(n):
            first, then = made(stage, who), made(stage, who)
            promise_of(first, who)
            services.measure_gate_add(measure_id=then.pk, first_id=first.pk, **who)

    more(1)
    few = asked()
    more(2)
    assert asked() == few
