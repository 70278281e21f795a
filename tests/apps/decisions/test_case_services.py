"""A case from its first word to its follow-up, and what the database itself refuses."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from tests.strategies.cases import FOLDER, HALLAND, REALLOCATION, REVIEW
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import Case, CaseDocument, CaseEvent, CaseVersion, Consultation
from vardnara.apps.decisions.queries.cases import case_list, case_one, dues_of
from vardnara.kernel.errors import InputError, RuleBroken

TODAY = AT.date()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def stage(db: None) -> Stage:
    return stage_set()


def content(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(), parse_float=Decimal)


def case_of(stage: Stage, name: str = REVIEW, **more: Any) -> Case:
    hospital = stage.ward.division.hospital_id
    return services.case_create(
        hospital_id=hospital, content=content(name) | more, actor=stage.users["controller"], at=AT
    )


def words(**more: Any) -> services.ConsultationWords:
    return services.ConsultationWords(kind="mbl_11", organ="Regionkommittén", held_on=YESTERDAY, **more)


def broken(code: str, act: Any, **fields: Any) -> None:
    with pytest.raises(RuleBroken) as caught:
        act(**fields)
    assert caught.value.code == code


def test_a_case_says_in_the_database_what_its_file_says(stage: Stage) -> None:
    """To the öre, with its consultation as a row of its own."""
    case = case_of(stage)
    page = case_one(actor=stage.users["auditor"], case_id=case.pk, on=TODAY)
    assert page.examination.effect is not None and page.examination.effect.budget_year is not None
    assert str(page.examination.effect.budget_year.gross_sek) == "3966666.67"
    assert [talks.closed_on for talks in page.consultations] == [date(2026, 2, 5)]
    assert page.examination.may_be_executed
    assert "consultation" not in page.content


def test_every_change_is_a_version_and_any_comes_back(stage: Stage) -> None:
    """Nothing is edited in place, and the undo is a version too."""
    case, who = case_of(stage), stage.users["controller"]
    row = {"id": "fee", "label": "Avgift", "unit": "sek", "value": Decimal("12.50"), "note": "taxan"}
    services.row_set(case_id=case.pk, section="figure", number=None, values=row, seen=1, actor=who, at=AT)
    n = len(content(REVIEW)["figure"])
    changed = row | {"value": Decimal(13)}
    services.row_set(case_id=case.pk, section="figure", number=n, values=changed, seen=2, actor=who, at=AT)
    assert case_one(actor=who, case_id=case.pk, on=TODAY).examination.value("fee") == 13
    services.case_restore(case_id=case.pk, number=2, seen=3, actor=who, at=AT)
    assert str(case_one(actor=who, case_id=case.pk, on=TODAY).examination.value("fee")) == "12.50"
    assert CaseVersion.objects.filter(case=case).count() == 4
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseVersion.objects.filter(case=case, number=1).update(what="another")


def test_two_who_write_at_once_do_not_lose_each_other(stage: Stage) -> None:
    """Whoever saves second is told, and nothing of the first is gone."""
    case, who = case_of(stage), stage.users["controller"]
    first = {"name": "A", "title": "B"}
    services.row_set(case_id=case.pk, section="signatory", number=None, values=first, seen=1, actor=who, at=AT)
    broken(
        "somebody_changed_it", services.row_remove,
        case_id=case.pk, section="signatory", number=0, seen=1, actor=who, at=AT,
    )  # fmt: skip
    assert len(case_one(actor=who, case_id=case.pk, on=TODAY).content["signatory"]) == 2


def test_what_others_need_is_not_taken_away(stage: Stage) -> None:
    """A figure that a formula names stays, and nothing is half saved."""
    case, who = case_of(stage), stage.users["controller"]
    with pytest.raises(InputError) as caught:
        services.row_remove(case_id=case.pk, section="figure", number=1, seen=1, actor=who, at=AT)
    assert {fault.wrong for fault in caught.value.faults} == {"no figure 'posts_surgery'"}
    case.refresh_from_db()
    assert case.n_versions == 1


def test_a_decision_is_never_carried_out_while_its_consultation_is_open(stage: Stage) -> None:
    """Invariant 8, by the service and by the database."""
    who = stage.users["decision_maker"]
    case = case_of(stage)
    services.consultation_add(case_id=case.pk, words=words(), actor=who, at=AT)
    fields = {"case_id": case.pk, "decided_on": TODAY, "actor": who, "at": AT}
    broken("consultation_is_open", services.case_decide, **fields)
    services.case_decide(**fields, despite="vårdens behov är akut")
    broken("consultation_is_open", services.case_execute, case_id=case.pk, executed_on=TODAY, actor=who, at=AT)
    with pytest.raises(DatabaseError, match="consultation is open"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=CaseState.EXECUTED, executed_on=TODAY)
    talks = Consultation.objects.get(case=case, closed_on=None)
    services.consultation_close(
        case_id=case.pk, consultation_id=talks.pk, closed_on=TODAY, outcome="disagreed", actor=who, at=AT
    )
    done = services.case_execute(case_id=case.pk, executed_on=TODAY, actor=who, at=AT)
    assert done.state == CaseState.EXECUTED
    told = set(CaseEvent.objects.filter(case=case).values_list("what", flat=True))
    assert {"created", "consultation_opened", "decided", "consultation_closed", "executed"} <= told


def test_a_decision_is_never_carried_out_unconsulted(stage: Stage) -> None:
    """Without a consultation somebody says why none was due."""
    who = stage.users["decision_maker"]
    case = case_of(stage, HALLAND, proposal=[{"text": "Dokumentera överenskommelserna."}])
    services.case_decide(case_id=case.pk, decided_on=TODAY, actor=who, at=AT)
    broken("not_consulted", services.case_execute, case_id=case.pk, executed_on=TODAY, actor=who, at=AT)
    with pytest.raises(DatabaseError, match="consulted on"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=CaseState.EXECUTED, executed_on=TODAY)
    services.consultation_waive(case_id=case.pk, because="ingen ändring för medarbetarna", actor=who, at=AT)
    services.case_execute(case_id=case.pk, executed_on=TODAY, actor=who, at=AT)


def test_what_was_decided_stands_still(stage: Stage) -> None:
    """Content, promises and the consultation of what was carried out are not changed, by nobody."""
    who = stage.users["decision_maker"]
    case = case_of(stage)
    promise = services.promise_add(
        case_id=case.pk,
        words=services.PromiseWords("Besparing", "utfall 2026", "kr", Decimal(3_583_333), TODAY),
        actor=who,
        at=AT,
    )
    services.case_decide(case_id=case.pk, decided_on=TODAY, actor=who, at=AT)
    broken(
        "case_is_decided", services.row_remove,
        case_id=case.pk, section="signatory", number=0, seen=1, actor=who, at=AT,
    )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseVersion.objects.create(case=case, number=2, content={}, made_at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(decided_on=YESTERDAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        promise.promised = Decimal(1)
        promise.save()
    services.case_execute(case_id=case.pk, executed_on=TODAY, actor=who, at=AT)
    broken("case_is_executed", services.consultation_add, case_id=case.pk, words=words(), actor=who, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consultation.objects.filter(case=case).update(closed_on=None, outcome="")


@pytest.mark.parametrize(
    ("before", "after"),
    [("draft", "executed"), ("draft", "closed"), ("decided", "draft"), ("decided", "closed"), ("withdrawn", "draft")],
)
def test_a_case_takes_no_other_way(stage: Stage, before: str, after: str) -> None:
    """Whatever code asks, the database lets a case go forward only."""
    case = case_of(stage)
    if before != "draft":
        Case.objects.filter(pk=case.pk).update(state=before, decided_on=TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=after, decided_on=TODAY, executed_on=TODAY)


def test_promises_are_followed_up_before_the_case_is_closed(stage: Stage) -> None:
    """Promise against outcome: the share that came about, and every outcome that was entered is kept."""
    who = stage.users["decision_maker"]
    case = case_of(stage)
    made = services.PromiseWords("Timmar", "städ", "h", Decimal(100), YESTERDAY, baseline=Decimal(20))
    promise = services.promise_add(case_id=case.pk, words=made, actor=who, at=AT)
    services.case_decide(case_id=case.pk, decided_on=TODAY, actor=who, at=AT)
    services.case_execute(case_id=case.pk, executed_on=TODAY, actor=who, at=AT)
    assert [due.what for due in dues_of(case_list(actor=who, on=TODAY))] == ["promise"]
    broken("promises_without_outcome", services.case_close, case_id=case.pk, actor=who, at=AT)
    for outcome in (Decimal(40), Decimal(60)):
        services.outcome_set(
            case_id=case.pk, promise_id=promise.pk, outcome=outcome, outcome_on=TODAY, actor=who, at=AT
        )
    (row,) = case_one(actor=who, case_id=case.pk, on=TODAY).promises
    assert row.kept_share == Decimal("0.5")
    assert CaseEvent.objects.filter(case=case, what="outcome").count() == 2
    assert services.case_close(case_id=case.pk, actor=who, at=AT).state == CaseState.CLOSED


def test_a_decision_that_expires_is_told_before_its_day(stage: Stage) -> None:
    """own-12: the decision of 2022-12-08 in the autumn of 2023, and no longer when the next one is taken."""
    case, who = case_of(stage, REALLOCATION), stage.users["controller"]
    dues = dues_of(case_list(actor=who, on=date(2023, 11, 15)))
    assert [(due.what, due.on) for due in dues] == [("review", date(2023, 6, 15)), ("expires", date(2023, 12, 31))]
    assert [due.is_late for due in dues] == [True, False]
    assert dues_of(case_list(actor=who, on=date(2023, 4, 1))) == []
    services.case_withdraw(case_id=case.pk, because="prov", actor=who, at=AT)
    assert dues_of(case_list(actor=who, on=date(2023, 11, 15))) == []


def test_documents_are_kept_as_they_were_and_say_when_they_have_drifted(stage: Stage) -> None:
    """own-1, feat-E12: the figures that a document showed, beside those of today."""
    case, who = case_of(stage), stage.users["controller"]
    made = services.documents_make(case_id=case.pk, actor=who, at=AT)
    assert {one.format for one in made} == {"docx", "pdf", "xlsx", "pptx"}
    assert bytes(CaseDocument.objects.get(case=case, format="pdf").content).startswith(b"%PDF")
    page = case_one(actor=who, case_id=case.pk, on=TODAY)
    assert all(not row.drifted for row in page.documents)
    rows = page.content["figure"]
    at = next(number for number, row in enumerate(rows) if row["id"] == "hours_per_post")
    values = rows[at] | {"value": Decimal(1700)}
    services.row_set(case_id=case.pk, section="figure", number=at, values=values, seen=1, actor=who, at=AT)
    drifted = case_one(actor=who, case_id=case.pk, on=TODAY).documents[0].drifted
    assert [(then, now) for _, then, now in drifted] == [("1645", "1700"), ("1645", "1700")]
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseDocument.objects.filter(case=case).update(content=b"")


def test_registry_numbers_are_once_in_a_hospital(stage: Stage) -> None:
    """And may be given after the decision."""
    one, two, who = case_of(stage), case_of(stage, HALLAND), stage.users["controller"]
    services.case_registry_set(case_id=one.pk, number="RS/113/2026", actor=who, at=AT)
    broken("registry_number_taken", services.case_registry_set, case_id=two.pk, number="RS/113/2026", actor=who, at=AT)


def test_another_hospital_and_other_roles_have_no_case(stage: Stage) -> None:
    """Out of reach is as if it were not there; a decision is a decision-maker's."""
    case = case_of(stage)
    outsider = stage.outsider
    outsider.role = "controller"
    outsider.save()
    broken("unknown_matter", case_one, actor=outsider, case_id=case.pk, on=TODAY)
    broken("out_of_scope", services.case_withdraw, case_id=case.pk, because="x", actor=outsider, at=AT)
    broken(
        "wrong_role", services.case_decide, case_id=case.pk, decided_on=TODAY, actor=stage.users["controller"], at=AT
    )
    broken("wrong_role", case_list, actor=stage.users["service_worker"], on=TODAY)
