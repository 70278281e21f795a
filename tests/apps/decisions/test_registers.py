"""Figures and posts that a case reads from the system's own registers."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.strategies.ledgers import sie_make
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import Case
from vardnara.apps.decisions.queries.cases import CasePage, case_one
from vardnara.apps.decisions.queries.registers import REGISTERS, figure_reread, register_read, resting_on
from vardnara.apps.economy.services import ledger_import
from vardnara.apps.staffing.models import Post
from vardnara.apps.staffing.services import FundingWords, PostWords, funding_set, post_add, post_end
from vardnara.engines.case import FigureKind
from vardnara.engines.documents.case_document import case_document
from vardnara.engines.economy import PostChange
from vardnara.kernel.errors import RuleBroken

TODAY = AT.date()
MARCH = date(TODAY.year + 1, 3, 1)
BEGUN = date(2022, 1, 1)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def post(stage: Stage, number: str, *, party: str = "Regionservice", in_frame: bool = True, paid: bool = True) -> Post:
    pay: dict[str, Any] = {"monthly_sek": Decimal(30_000), "pay_year": 2026}
    pay |= {"charges_share": Decimal("0.5"), "charges_basis": "PO 2026"}
    place = {"number": number, "title": "Serviceassistent", "ward_id": stage.ward.pk, "share": Decimal(1)}
    words = PostWords(**place, from_on=BEGUN, **(pay if paid else {}))
    at = {"actor": stage.users["controller"], "at": AT}
    made = post_add(hospital_id=stage.ward.division.hospital_id, words=words, **at)
    if party:
        funding_set(post_id=made.pk, fundings=[FundingWords(party, BEGUN, None, in_frame)], **at)
    return made


def a_case(stage: Stage) -> Case:
    content = {"title": "Prövning", "kind": "memo", "budget_year": MARCH.year}
    hospital = stage.ward.division.hospital_id
    return services.case_create(hospital_id=hospital, content=content, actor=stage.users["controller"], at=AT)


def page(stage: Stage, case: Case) -> CasePage:
    return case_one(actor=stage.users["auditor"], case_id=case.pk, on=TODAY)


def take(stage: Stage, case: Case, *numbers: str, change: PostChange = PostChange.REMOVED) -> CasePage:
    services.posts_take(
        case_id=case.pk,
        numbers=numbers,
        on=TODAY,
        change=change,
        change_on=MARCH,
        seen=page(stage, case).case.n_versions,
        actor=stage.users["controller"],
        at=AT,
    )
    return page(stage, case)


def test_posts_of_the_register_warn_by_their_own_funding(stage: Stage) -> None:
    """Two in a frame, one outside: what the register says of who pays decides, and the sum is of those in the frame."""
    for number, frame in (("1", True), ("2", True), ("3", False)):
        post(stage, number, in_frame=frame)
    found = take(stage, a_case(stage), "1", "2", "3").examination
    assert found.posts is not None and found.effect is not None
    assert (found.posts.removed, found.posts.in_frame) == (3, 2)
    full = found.effect.full_year
    assert full.gross_sek == 2 * full.unfunded_sek > 0
    assert [concern.code for concern in found.concerns] == ["POST_OUTSIDE_FRAME", "HOURS_WITHOUT_HOME"]
    assert {value.figure.kind for value in found.figures} == {FigureKind.REGISTER, FigureKind.ENTERED}


@pytest.mark.parametrize(
    ("said", "change", "flows"),
    [
        ({"party": ""}, PostChange.REMOVED, 0),  # nobody pays: no saving of anybody
        ({"paid": False}, PostChange.REMOVED, 0),  # what it costs is not known, and not guessed
        ({}, PostChange.REAIMED, 0),
        ({}, PostChange.ADDED, 1),
    ],
)
def test_an_amount_only_where_somebody_pays_a_known_sum(
    stage: Stage, said: dict, change: PostChange, flows: int
) -> None:
    """And of posts that come or go."""
    post(stage, "1", **said)
    found = take(stage, a_case(stage), "1", change=change).examination
    assert len(found.case.amounts) == flows
    assert [row.change for row in found.case.posts] == [change]


def test_what_was_read_stands_and_what_the_register_says_now_stands_beside(stage: Stage) -> None:
    """A post ends: the case still says two, the register one, and only a writer lets the case follow."""
    made = [post(stage, number) for number in ("1", "2")]
    case = a_case(stage)
    who = stage.users["controller"]
    query = f"staffing.posts?on={MARCH.isoformat()}"
    services.figure_take(case_id=case.pk, query=query, name="posts", label="Tjänster", seen=1, actor=who, at=AT)
    post_end(post_id=made[0].pk, to_on=TODAY, actor=who, at=AT)
    figure = page(stage, case).examination.figures[0].figure
    again = figure_reread(hospital_id=case.hospital_id, figure=figure, at=LATER)
    assert again is not None and again.now is not None
    assert (figure.value, again.now.value, again.changed) == (2, 1, True)
    services.figure_read_again(case_id=case.pk, name="posts", seen=2, actor=who, at=LATER)
    assert page(stage, case).examination.value("posts") == 1


def test_a_document_says_that_a_register_has_moved_on(stage: Stage, settings: Any) -> None:
    """The document shows two posts; one ends; the case's page says so beside its documents, with both figures."""
    settings.DEMO = True
    made = [post(stage, number) for number in ("1", "2")]
    case, who, client = a_case(stage), stage.users["controller"], Client()
    query = f"staffing.posts?on={MARCH.isoformat()}"
    services.figure_take(case_id=case.pk, query=query, name="posts", label="Tjänster då", seen=1, actor=who, at=AT)
    services.documents_make(case_id=case.pk, actor=who, at=AT)
    client.force_login(who)
    words = "Registren säger numera något annat"
    assert words not in client.get(f"/arenden/{case.pk}/").content.decode()
    post_end(post_id=made[0].pk, to_on=TODAY, actor=who, at=AT)
    assert words in client.get(f"/arenden/{case.pk}/").content.decode()


def test_a_figure_that_is_given_another_value_by_hand_is_no_longer_read(stage: Stage) -> None:
    """Its words may be changed; its value then is somebody's own, and needs a source."""
    post(stage, "1")
    case, who = a_case(stage), stage.users["controller"]
    services.figure_take(
        case_id=case.pk, query=f"staffing.posts?on={TODAY}", name="posts", label="T", seen=1, actor=who, at=AT
    )
    row = {"id": "posts", "label": "Tjänster", "unit": "posts", "value": Decimal(1), "note": "n"}
    change = {"case_id": case.pk, "section": "figure", "number": 0, "actor": who, "at": AT}
    services.row_set(values=row, seen=2, **change)
    assert page(stage, case).examination.figures[0].figure.query
    services.row_set(values=row | {"value": Decimal(3)}, seen=3, **change)
    assert page(stage, case).examination.figures[0].figure.kind is FigureKind.ENTERED


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("staffing.pay", "unknown_register"),
        ("staffing.posts", "register_argument"),
        ("staffing.posts?on=today", "register_argument"),
        ("staffing.posts?on=2026-03-01&numbers=99", "register_empty"),
        ("economy.forecast?year=2026", "register_empty"),
        ("economy.booked?year=x", "register_argument"),
        ("service.work?on=2026-03-01", "register_empty"),
    ],
)
def test_what_cannot_be_read_is_refused(stage: Stage, query: str, code: str) -> None:
    """With a code that a page has words for; nothing is guessed."""
    with pytest.raises(RuleBroken) as caught:
        register_read(hospital_id=stage.ward.division.hospital_id, query=query, at=AT)
    assert caught.value.code == code


def test_a_figure_of_the_ledger_can_be_followed_to_its_file(stage: Stage, tmp_path: Path) -> None:
    """It names the import: file, when, by whom and digest; a corrected file of the same months shows beside it."""
    case, who = a_case(stage), stage.users["controller"]
    paths = [sie_make(tmp_path, through=2, step=step) for step in (0, 7)]
    hospital = {"hospital_id": case.hospital_id, "actor": who}
    first = ledger_import(path=paths[0], at=AT, **hospital)[0]
    query = "economy.booked?year=2025"
    services.figure_take(case_id=case.pk, query=query, name="booked", label="Bokfört", seen=1, actor=who, at=AT)
    figure = page(stage, case).examination.figures[0].figure
    digest = hashlib.sha256(paths[0].read_bytes()).hexdigest()[:12]
    assert "månad 2; 2025-2-0.se (" in figure.note and f"läsning {first.id}" in figure.note
    assert who.get_full_name() in figure.note and digest in figure.note and TODAY.isoformat() in figure.note
    document = case_document(page(stage, case).examination, dated_on=TODAY)
    assert "2025-2-0.se" in document.figures[0].note and digest in document.figures[0].note
    second = ledger_import(path=paths[1], at=LATER, **hospital)[0]
    again = figure_reread(hospital_id=case.hospital_id, figure=figure, at=LATER)
    assert again is not None and again.now is not None and [one.id for one in again.now.files] == [second.id]
    client = Client()
    client.force_login(stage.users["auditor"])
    assert f"/ekonomi/inlasning/{second.id}/" in client.get(f"/arenden/{case.pk}/siffra/booked/").content.decode()
    client.force_login(stage.users["coordinator"])
    shown = client.get(f"/arenden/{case.pk}/siffra/booked/").content.decode()
    assert "2025-2-7.se" in shown and "/ekonomi/inlasning/" not in shown


def test_a_forecast_names_every_file_that_it_rests_on(stage: Stage, tmp_path: Path) -> None:
    """Ledger and budget of the year, and last year's ledger; of many the latest, and the numbers of all."""
    hospital = {"hospital_id": stage.ward.division.hospital_id, "actor": stage.users["controller"], "at": AT}
    ledger_import(path=sie_make(tmp_path), **hospital)
    ledger_import(path=sie_make(tmp_path, year=2026, through=2), **hospital)
    found = register_read(hospital_id=hospital["hospital_id"], query="economy.forecast?year=2026", at=AT)
    assert [(one.kind, one.year) for one in found.files] == [("actual", 2026), ("budget", 2026), ("actual", 2025)]
    assert all(one.file_name in found.basis for one in found.files)
    many = [dataclasses.replace(found.files[0], id=number) for number in (9, 7, 8, 6)]
    said = resting_on("b", many)
    assert "6, 7, 8, 9" in said and said.count(found.files[0].file_name) == 1


def test_care_places_and_work_not_done_are_read(stage: Stage) -> None:
    """Those that need no argument."""
    read = {
        key: register_read(hospital_id=stage.ward.division.hospital_id, query=key, at=AT).value
        for key, register in REGISTERS.items()
        if not register.asks
    }
    assert read == {"service.spillover": 0, "service.not_done": 0, "hospital.beds": 10}


def test_a_writer_reads_posts_into_a_case_by_forms(stage: Stage) -> None:
    """Through the pages: a missing argument is said at its field, two posts become figures, and the figure opens."""
    for number in ("1", "2"):
        post(stage, number)
    case, client = a_case(stage), Client()
    client.force_login(stage.users["controller"])
    there = f"/arenden/{case.pk}/register/"
    sent = {"seen": 1, "on": "", "numbers": "", "label": "Tjänster", "id": "tjanster"}
    assert client.post(f"{there}staffing.posts/", sent).status_code == 422
    answer = client.post(f"{there}staffing.posts/", sent | {"on": TODAY.isoformat(), "numbers": "1 7"})
    assert answer.status_code == 422 and "Registret har inget" in answer.content.decode()
    answer = client.post(f"{there}staffing.posts/", sent | {"on": TODAY.isoformat()}, follow=True)
    assert "2" in answer.content.decode() and "staffing.posts?on=" in answer.content.decode()
    chosen = {"seen": 2, "numbers": ["1", "2"], "change": "removed", "change_on": MARCH.isoformat()}
    answer = client.post(f"{there}tjanster/", chosen, follow=True)
    assert answer.status_code == 200
    removed = page(stage, case).examination.posts
    assert removed is not None and removed.removed == 2
    assert client.get(there).status_code == 200
