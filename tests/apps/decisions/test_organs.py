"""Organisations and their forms, paragraphs by organ and year, meetings and extracts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.apps.decisions.test_case_services import broken, case_of, content
from tests.strategies.cases import PROTOCOL, REALLOCATION, REVIEW
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import Case, Organ, Organisation, Paragraph
from vardnara.apps.decisions.queries.organs import decision_register, meeting_one
from vardnara.kernel.errors import RuleBroken

TODAY = AT.date()
FORM = "{organ}/{number}/{year}"


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def region_of(stage: Stage, name: str = "Region Jämtland Härjedalen") -> Organisation:
    who = {"actor": stage.users["administrator"], "at": AT}
    return services.organisation_add(hospital_id=stage.ward.division.hospital_id, name=name, **who)


def organ_of(stage: Stage, region: Organisation, name: str = "Regionstyrelsen", short: str = "RS") -> Organ:
    who = {"actor": stage.users["administrator"], "at": AT}
    return services.organ_add(organisation_id=region.pk, name=name, abbreviation=short, kind="executive", **who)


def form_of(stage: Stage, region: Organisation, text: str = FORM, *examples: str, form: str = "template") -> Any:
    who = {"actor": stage.users["administrator"], "at": AT}
    given = examples or ("RS/113/2026",)
    return services.pattern_add(organisation_id=region.pk, form=form, text=text, examples=given, **who)


def test_a_registry_number_is_in_the_form_of_its_own_organisation(stage: Stage) -> None:
    """What one region writes another does not; without a form any number is taken."""
    who = {"actor": stage.users["controller"], "at": AT}
    case = case_of(stage)
    services.case_registry_set(case_id=case.pk, number="whatever", **who)
    region = region_of(stage)
    services.case_registry_set(case_id=case.pk, number="whatever", **who)
    form_of(stage, region)
    with pytest.raises(RuleBroken) as caught:
        services.case_registry_set(case_id=case.pk, number="RS140031", **who)
    assert caught.value.code == "registry_number_form"
    assert "RS/113/2026" in caught.value.detail
    form_of(stage, region, r"(RS|HSN) \d{1,4}-20\d\d", "RS 35-2021", form="regex")
    for number in ("HSN/1895/2025", "RS 35-2021", ""):
        assert services.case_registry_set(case_id=case.pk, number=number, **who).registry_number == number
    other = region_of(stage, "Region Halland")
    form_of(stage, other, "{organ}{yy}{number:4}", "RS140031")
    broken("registry_number_form", case_of, stage=stage, name=PROTOCOL, organisation=other.name.upper())


def test_a_form_is_kept_only_with_an_example_that_is_in_it(stage: Stage) -> None:
    """What cannot be read, or does not take its own example, is not saved; and only an administrator may."""
    region = region_of(stage)
    for code, more in (
        ("pattern_unreadable", {"text": "{nummer}"}),
        ("pattern_unreadable", {"form": "regex", "text": "(a+)+"}),
        ("pattern_without_example", {"examples": []}),
        ("example_not_in_form", {"examples": ["RS/1/2026", "RS140031"]}),
        ("wrong_role", {"actor": stage.users["controller"]}),
    ):
        who = {"actor": stage.users["administrator"], "at": AT}
        asked = {"form": "template", "text": FORM, "examples": ["RS/1/2026"], **who} | more
        broken(code, services.pattern_add, organisation_id=region.pk, **asked)
    form_of(stage, region)
    broken("name_taken", form_of, stage=stage, region=region)
    broken("name_taken", region_of, stage=stage, name="region jämtland HÄRJEDALEN")
    with pytest.raises(DatabaseError), transaction.atomic():
        region.delete()


def test_a_paragraph_is_given_once_in_an_organ_s_year(stage: Stage) -> None:
    """The next free one is proposed, the same twice refused by code and database, and another year begins anew."""
    region = region_of(stage)
    organ, other = organ_of(stage, region), organ_of(stage, region, "Hälso- och sjukvårdsnämnden", "HSN")
    one, two = case_of(stage), case_of(stage, REALLOCATION)
    who = {"actor": stage.users["controller"], "at": AT}

    def give(case: Case, on: date, number: int | None = None, by: Organ = organ) -> tuple[int, bool]:
        made, in_order = services.paragraph_take(case_id=case.pk, organ_id=by.pk, on=on, number=number, **who)
        return made.number, in_order

    assert give(one, TODAY, 30) == (30, True)
    assert give(two, TODAY) == (31, True)
    assert give(two, TODAY, by=other) == (1, True)
    assert give(two, date(2025, 11, 4)) == (1, True)
    assert give(one, TODAY - timedelta(days=2), 40) == (40, False)
    broken("paragraph_taken", give, case=one, on=TODAY - timedelta(days=3), number=30)
    broken("paragraph_given", give, case=one, on=TODAY)
    broken("paragraph_in_future", give, case=one, on=TODAY + timedelta(days=1))
    for wrong in ({"number": 30, "on": TODAY - timedelta(days=9)}, {"number": 0}, {"number": 99, "year": 2025}):
        row = {"organ": organ, "year": 2026, "number": 98, "on": TODAY - timedelta(days=8), "made_at": AT} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Paragraph.objects.create(case=one, **row)
    made = Paragraph.objects.get(organ=organ, number=30)
    services.paragraph_remove(case_id=one.pk, paragraph_id=made.pk, **who)
    assert one.events.filter(what="paragraph_not").exists()


@pytest.mark.django_db
class TestNumbering(TestCase):
    """Whatever is asked for in whatever order: no two decisions have one key."""

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(st.one_of(st.none(), st.integers(1, 6)), st.integers(0, 400)), max_size=8))
    def test_no_two_decisions_have_one_key(self, wishes: list[tuple[int | None, int]]) -> None:
        stage = stage_set()
        organ = organ_of(stage, region_of(stage))
        case = case_of(stage)
        given_out = set()
        for number, back in wishes:
            on = TODAY - timedelta(days=back)
            try:
                made, _ = services.paragraph_take(
                    case_id=case.pk,
                    organ_id=organ.pk,
                    on=on,
                    number=number,
                    actor=stage.users["controller"],
                    at=AT,
                )
            except RuleBroken as error:
                assert error.code in ("paragraph_taken", "paragraph_given")
                continue
            assert (on.year, made.number) not in given_out
            given_out.add((on.year, made.number))
        assert set(Paragraph.objects.values_list("year", "number")) == given_out


def test_the_register_has_what_was_decided_and_what_is_told_of(stage: Stage) -> None:
    """Own paragraphs and steps of chains, by organ and year; two days for one § are pointed out."""
    region = region_of(stage)
    board = organ_of(stage, region, "Hälso- och sjukvårdsnämnden", "HSN")
    case = case_of(stage, REALLOCATION)
    reader = stage.users["auditor"]
    told = decision_register(actor=reader).rows
    assert told and not any(row.is_own for row in told)
    step = next(row for row in told if row.organ_id == board.pk and row.number == 104)
    assert step.on == date(2023, 9, 21) and not step.differs
    who = {"actor": stage.users["controller"], "at": AT}
    services.paragraph_take(case_id=case.pk, organ_id=board.pk, on=date(2023, 9, 22), number=104, **who)
    rows = decision_register(actor=reader, organ_id=board.pk, year=2023).rows
    assert {row.is_own for row in rows if row.number == 104} == {True, False}
    assert all(row.differs for row in rows if row.number == 104)
    assert not decision_register(actor=stage.users["auditor"], organ_id=board.pk, year=1999).rows
    broken("wrong_role", decision_register, actor=stage.users["kitchen"])


def test_a_meeting_numbers_its_agenda_and_knows_whom_extracts_went_to(stage: Stage) -> None:
    """In the order of the agenda; the recipients are those of the cases, each marked when it went."""
    region = region_of(stage)
    organ = organ_of(stage, region)
    who = {"actor": stage.users["controller"], "at": AT}
    hospital = stage.ward.division.hospital_id
    meeting = services.meeting_add(hospital_id=hospital, organ_id=organ.pk, on=TODAY, **who)
    broken("meeting_exists", services.meeting_add, hospital_id=hospital, organ_id=organ.pk, on=TODAY, **who)
    one, two = case_of(stage), case_of(stage, REALLOCATION)
    for case in (one, two):
        item = services.item_add(meeting_id=meeting.pk, case_id=case.pk, **who)
    broken("on_agenda_already", services.item_add, meeting_id=meeting.pk, case_id=one.pk, **who)
    services.item_move(meeting_id=meeting.pk, item_id=item.pk, up=True, **who)
    assert services.meeting_number(meeting_id=meeting.pk, **who) == 2
    assert services.meeting_number(meeting_id=meeting.pk, **who) == 0
    page = meeting_one(actor=stage.users["auditor"], meeting_id=meeting.pk)
    assert [(line.item.case_id, line.paragraph) for line in page.lines] == [(two.pk, 1), (one.pk, 2)]
    recipient = content(REVIEW)["recipients"][0]
    line = page.lines[1]
    sent = {"meeting_id": meeting.pk, "item_id": line.item.pk, "recipient": recipient, **who}
    services.extract_sent(**sent)
    services.extract_sent(**sent)
    after = meeting_one(actor=stage.users["auditor"], meeting_id=meeting.pk)
    assert after.n_unsent == page.n_unsent - 1
    assert one.events.filter(what="extract").count() == 1
    broken("extract_was_sent", services.item_remove, meeting_id=meeting.pk, item_id=line.item.pk, **who)
    broken("unknown_line", services.extract_sent, **sent | {"recipient": "Någon annan"})
    services.extract_not_sent(**sent)
    services.item_remove(meeting_id=meeting.pk, item_id=line.item.pk, **who)
    broken("unknown_matter", services.item_add, meeting_id=0, case_id=one.pk, **who)


def client_of(stage: Stage, role: str) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users[role])
    return client


def test_the_pages_from_an_organisation_to_an_extract(stage: Stage) -> None:
    """Entered by an administrator, used by a writer, read by an auditor; a wrong form says what is expected."""
    admin, writer, reader = (client_of(stage, role) for role in ("administrator", "controller", "auditor"))
    admin.post("/arenden/organisationer/ny/", {"name": "Region Jämtland Härjedalen"})
    where = f"/arenden/organisationer/{Organisation.objects.get().pk}/"
    wrong = admin.post(f"{where}form/", {"pattern-form": "template", "pattern-text": "{nr}", "pattern-examples": "1"})
    assert wrong.status_code == 422 and "tecken 1" in wrong.content.decode()
    assert admin.post(f"{where}exempel/", {"row": "0"}).status_code == 302
    organ = {"organ-name": "Regiondirektören", "organ-abbreviation": "RD", "organ-kind": "director"}
    assert admin.post(f"{where}organ/", organ).status_code == 302
    case = case_of(stage)
    answer = writer.post(f"/arenden/{case.pk}/diarienummer/", {"number": "RS140031"})
    assert answer.status_code == 422 and "HSN/1895/2025" in answer.content.decode()
    made = Organ.objects.get()
    asked = {"organ_id": made.pk, "on": "2026-03-05", "number": ""}
    assert "§" in writer.get(f"/arenden/{case.pk}/paragraf/").content.decode()
    assert writer.post(f"/arenden/{case.pk}/paragraf/", asked).status_code == 302
    assert "RD § 1" in reader.get(f"/arenden/{case.pk}/").content.decode()
    assert writer.post(f"/arenden/{case.pk}/paragraf/", asked | {"number": "1"}).status_code == 422
    answer = writer.post("/arenden/sammantraden/nytt/", {"organ_id": made.pk, "on": "2026-03-05", "place": ""})
    writer.post(f"{answer['Location']}arende/", {"case_id": case.pk})
    assert case.title in reader.get(answer["Location"]).content.decode()
    for kind in ("csv", "xlsx"):
        assert reader.get(f"/arenden/protokoll/lista.{kind}?organ={made.pk}&year=2026").status_code == 200
    assert "§" in reader.get("/arenden/protokoll/").content.decode()
    for page in ("organisationer/", "sammantraden/"):
        assert reader.get(f"/arenden/{page}").status_code == 200
    outsider = Client()
    outsider.force_login(stage.outsider)
    assert outsider.get(where).status_code == 404
    assert outsider.get(answer["Location"]).status_code == 404
