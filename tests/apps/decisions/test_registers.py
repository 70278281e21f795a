"""Figures and posts that a case reads from the system's own registers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import Case
from vardnara.apps.decisions.queries.cases import CasePage, case_one
from vardnara.apps.decisions.queries.registers import REGISTERS, figure_reread, register_read
from vardnara.apps.staffing.models import Post
from vardnara.apps.staffing.services import FundingWords, PostWords, funding_set, post_add, post_end
from vardnara.engines.case import FigureKind
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
