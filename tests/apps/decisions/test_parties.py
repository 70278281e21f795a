"""Safety representatives and unions: they see what is shared, speak in their own name, and reach nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test import Client
from tests.apps.decisions.test_case_services import broken, case_of, content, words
from tests.strategies.cases import REALLOCATION, REVIEW
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import (
    Case,
    CaseShare,
    Consultation,
    PartySign,
    RiskAnalysis,
    RiskComment,
    RiskSuggestion,
)
from vardnara.apps.decisions.queries.cases import case_one
from vardnara.apps.decisions.queries.parties import case_said, party_case, shared_list
from vardnara.apps.service.models import AlertSend

TODAY = AT.date()


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def shared(stage: Stage, voice: str = "safety") -> tuple[Case, RiskAnalysis]:
    """A case with a consultation and a risk, shared with a party."""
    who = {"actor": stage.users["controller"], "at": AT}
    case = case_of(stage)
    services.consultation_add(case_id=case.pk, words=words(), **who)
    analysis = services.analysis_begin(case_id=case.pk, side="care", **who)
    risk = services.RiskWords(area="patient", risk="Fall på natten", likelihood=3, severity=3)
    services.risk_set(case_id=case.pk, analysis_id=analysis.pk, row_id=None, words=risk, **who)
    services.case_share(case_id=case.pk, voice=voice, **who)
    return case, analysis


def test_a_party_sees_what_is_shared_with_it_as_it_was_shared(stage: Stage) -> None:
    """A draft is nobody's until a writer shares it; the other party sees nothing; nor what is written later."""
    who = {"actor": stage.users["controller"], "at": AT}
    safety, union = stage.users["safety_rep"], stage.users["union_rep"]
    hidden = case_of(stage, REALLOCATION)
    case, _ = shared(stage)
    assert [one.case_id for one in shared_list(actor=safety)] == [case.pk]
    assert not shared_list(actor=union)
    for actor, other in ((safety, hidden), (union, case)):
        broken("unknown_matter", party_case, actor=actor, case_id=other.pk, at=AT, on=TODAY)
    broken("wrong_role", shared_list, actor=who["actor"])
    broken("wrong_role", case_one, actor=safety, case_id=case.pk, on=TODAY)
    seen = case.__class__.objects.get(pk=case.pk).n_versions
    row = {"id": "secret", "label": "Ny siffra", "unit": "sek", "value": 1, "note": "senare"}
    services.row_set(case_id=case.pk, section="figure", number=None, values=row, seen=seen, **who)

    def labels() -> set[str]:
        page = party_case(actor=safety, case_id=case.pk, at=AT, on=TODAY)
        return {one.figure.label for one in page.examination.figures}

    assert "Ny siffra" not in labels()
    services.case_share(case_id=case.pk, voice="safety", **who)
    assert "Ny siffra" in labels()
    assert CaseShare.objects.filter(case=case).count() == 2
    services.case_unshare(case_id=case.pk, voice="safety", **who)
    broken("unknown_matter", party_case, actor=safety, case_id=case.pk, at=AT, on=TODAY)


def test_a_party_speaks_in_its_own_name_and_nothing_is_changed(stage: Stage) -> None:
    """Comments, stands and suggestions stay as they were said; to disagree takes words; writers answer once."""
    case, analysis = shared(stage)
    who = {"actor": stage.users["controller"], "at": AT}
    party = {"case_id": case.pk, "actor": stage.users["safety_rep"], "at": AT}
    talks = case.consultations.get(closed_on__isnull=True)
    key = analysis.rows.get().key
    broken(
        "disagrees_why", services.party_comment, analysis_id=analysis.pk, key=key, stance="disagreed", text="", **party
    )
    said = services.party_comment(analysis_id=analysis.pk, key=key, stance="disagreed", text="Underskattat", **party)
    assert (said.voice, said.who, said.disagrees) == ("safety", "Safety_Rep", True)
    services.party_sign(consultation_id=talks.pk, stance="seen", **party)
    broken("disagrees_why", services.party_sign, consultation_id=talks.pk, stance="disagreed", **party)
    services.party_sign(consultation_id=talks.pk, stance="disagreed", text="Tid saknas", **party)
    services.party_sign(analysis_id=analysis.pk, stance="agreed", **party)
    assert len(case_said(case).of_consultation(talks.pk)) == 2
    risk = {"area": "staff", "risk": "Ensamarbete", "likelihood": 2, "severity": 4}
    broken("not_on_scale", services.risk_suggest, analysis_id=analysis.pk, **risk | {"severity": 6}, **party)
    one = services.risk_suggest(analysis_id=analysis.pk, **risk, **party)
    two = services.risk_suggest(analysis_id=analysis.pk, **risk | {"risk": "Oro"}, **party)
    assert analysis.rows.count() == 1
    broken("wrong_role", services.suggestion_answer, suggestion_id=one.pk, take=True, **party)
    answer = services.suggestion_answer(case_id=case.pk, suggestion_id=one.pk, take=True, **who)
    assert analysis.rows.get(key=answer.key).risk == "Ensamarbete"
    broken("suggestion_answered", services.suggestion_answer, case_id=case.pk, suggestion_id=one.pk, take=True, **who)
    broken("reason_missing", services.suggestion_answer, case_id=case.pk, suggestion_id=two.pk, take=False, **who)
    services.suggestion_answer(case_id=case.pk, suggestion_id=two.pk, take=False, text="Finns redan", **who)
    for rows in (PartySign.objects, RiskSuggestion.objects, RiskComment.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.all().delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(voice="union")
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseShare.objects.update(voice="union")


def test_the_database_lets_no_party_speak_of_what_is_not_shared(stage: Stage) -> None:
    """Whatever code asks: without a share that holds there is no stand and no suggestion."""
    case, analysis = shared(stage)
    rep = stage.users["union_rep"]
    row = {"case": case, "analysis": analysis, "at": AT, "by": rep}
    with pytest.raises(DatabaseError, match="only while it is shared"), transaction.atomic():
        PartySign.objects.create(voice="union", stance="seen", **row)
    with pytest.raises(DatabaseError, match="only while it is shared"), transaction.atomic():
        RiskSuggestion.objects.create(voice="union", area="staff", risk="x", likelihood=1, severity=1, **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartySign.objects.create(voice="safety", stance="disagreed", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartySign.objects.create(voice="safety", stance="seen", consultation=Consultation.objects.first(), **row)


def test_a_party_cannot_write_otherwise(stage: Stage) -> None:
    """Every service of a writer refuses both roles."""
    case, analysis = shared(stage)
    for role in ("safety_rep", "union_rep"):
        who = {"case_id": case.pk, "actor": stage.users[role], "at": AT}
        broken("wrong_role", services.case_share, voice="union", **who)
        broken("wrong_role", services.analysis_settle, analysis_id=analysis.pk, **who)
        broken("wrong_role", services.row_remove, section="figure", number=0, seen=1, **who)
        broken("wrong_role", services.consultation_waive, because="x", **who)
        broken("wrong_role", services.documents_make, **who)
        risk = services.RiskWords(area="patient", risk="x", likelihood=1, severity=1)
        broken("wrong_role", services.risk_set, analysis_id=analysis.pk, row_id=None, words=risk, **who)


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(user)
    return client


def test_the_pages_of_a_party(stage: Stage, settings: Any) -> None:
    """From home to the case, a comment, a stand and a suggestion; what is not shared does not exist; nor elsewhere."""
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    rep = stage.users["safety_rep"]
    User.objects.filter(pk=rep.pk).update(email="ombud@example.org")
    case, analysis = shared(stage)
    assert AlertSend.objects.get().path == f"/samverkan/{case.pk}/"
    client = client_of(rep)
    assert client.get("/")["Location"] == "/samverkan/"
    assert content(REVIEW)["title"] in client.get("/samverkan/").content.decode()
    where = f"/samverkan/{case.pk}/"
    assert "Fall på natten" in client.get(where).content.decode()
    n, talks = analysis.pk, case.consultations.get(closed_on__isnull=True).pk
    of = {"of": n}
    wrong = client.post(f"{where}forslag/", of | {f"suggest{n}-risk": ""})
    assert wrong.status_code == 422 and not RiskSuggestion.objects.exists()
    key = str(analysis.rows.get().key)
    told = {f"comment{n}-key": key, f"comment{n}-stance": "disagreed", f"comment{n}-text": "Underskattat"}
    assert client.post(f"{where}synpunkt/", of | told).status_code == 302
    told = {f"talks{talks}-stance": "agreed", f"talks{talks}-text": "Bra underlag"}
    assert client.post(f"{where}samverkan/", {"of": talks} | told).status_code == 302
    told = {f"sign{n}-stance": "seen", f"sign{n}-text": ""}
    assert client.post(f"{where}standpunkt/", of | told).status_code == 302
    told = {"area": "staff", "risk": "Ensamarbete", "cause": "", "consequence": "", "likelihood": 2, "severity": 4}
    assert client.post(f"{where}forslag/", of | {f"suggest{n}-{k}": v for k, v in told.items()}).status_code == 302
    page = client.get(where).content.decode()
    for said in ("Underskattat", "Bra underlag", "Ensamarbete"):
        assert said in page
    writer = client_of(stage.users["controller"])
    assert "Ensamarbete" in writer.get(f"/arenden/{case.pk}/risker/").content.decode()
    assert "Bra underlag" in writer.get(f"/arenden/{case.pk}/").content.decode()
    one = RiskSuggestion.objects.get()
    assert writer.post(f"/arenden/{case.pk}/forslag/{one.pk}/", {"take": "1"}).status_code == 302
    assert analysis.rows.count() == 2
    other = client_of(stage.users["union_rep"])
    assert other.get(where).status_code == 404
    assert other.post(f"{where}synpunkt/", of | told).status_code == 404
    assert client.get(f"/arenden/{case.pk}/").status_code == 403
    elsewhere = User.objects.create(username="away", role=Role.SAFETY_REP)
    Scope.objects.create(user=elsewhere, hospital=stage.foreign.room.ward.division.hospital)
    assert client_of(elsewhere).get(where).status_code == 404
    writer.post(f"/arenden/{case.pk}/parter/sluta/", {"voice": "safety"})
    assert client.get(where).status_code == 404
    assert "Underskattat" in writer.get(f"/arenden/{case.pk}/risker/").content.decode()
