"""Special review on the pages: asked from a phone, decided, asked back, counted and taken along."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.strategies.reviews import LEVELS
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.decisions.models import ReviewOrder, ReviewRequest


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def client_of(stage: Stage, role: str, language: str = "sv") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(stage.users[role])
    return client


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def day(n: int) -> str:
    return (timezone.localdate() + timedelta(days=n)).isoformat()


def order_entered(stage: Stage, **more: Any) -> Any:
    sent = {
        "title": "Särskild prövning", "organ": "Nämnden", "decided_on": day(-20), "valid_from": day(-10),
        "valid_through": day(40), "covers_agency": "on", "covers_hires": "on",
    }  # fmt: skip
    for number, level in enumerate(LEVELS, start=1):
        sent |= {f"level{number}-label": level.label, f"level{number}-role": level.role}
        sent |= {
            f"level{number}-up_to_sek": level.up_to_sek or "",
            f"level{number}-up_to_weeks": level.up_to_weeks or "",
        }
    return client_of(stage, "decision_maker").post("/provning/beslut/nytt/", sent | more)


def sent(stage: Stage, **more: Any) -> dict[str, Any]:
    return {
        "kind": "agency", "unit": stage.ward.pk, "category": "nurse", "reason": "vacancy", "need": "Två vakanta rader",
        "from_on": day(3), "through_on": day(12), "quantity": "10", "measure": "shifts", "shift_hours": "8",
        "price_sek": "1000", "tried": ["own_pool"], "consequence": "Två platser stängs",
    } | more  # fmt: skip


def test_a_request_goes_its_way_on_the_pages(stage: Stage) -> None:
    """Entered, asked, asked back, answered, limited at the first level, approved at the next; counted, exported."""
    assert order_entered(stage).status_code == 302
    page = text(client_of(stage, "auditor").get("/provning/beslut/"))
    assert "40 dagar kvar" in page and "inget beslut följer" in page
    asker, first, second = (client_of(stage, role) for role in ("service_head", "unit_manager", "decision_maker"))
    answer = asker.post("/provning/ny/", sent(stage))
    request = ReviewRequest.objects.get()
    where = f"/provning/{request.pk}/"
    assert (answer["Location"], request.state, request.top_level) == (where, "asked", 2)
    assert "Väntar på ditt beslut" in text(first.get("/provning/"))
    assert "Väntar på ditt beslut" not in text(second.get("/provning/"))
    assert first.post(f"{where}fraga/", {"text": "Har poolen sagt nej?"}).status_code == 302
    assert "Väntar på ditt svar" in text(asker.get("/provning/"))
    assert asker.post(f"{where}svara/", {"text": "Ja."}).status_code == 302
    limits = {"outcome": "limited", "quantity": "8", "through_on": day(12), "price_sek": "1000", "words": ""}
    refused = first.post(f"{where}besluta/", limits)
    assert refused.status_code == 422 and "Skriv varför" in text(refused)
    assert first.post(f"{where}besluta/", limits | {"words": "Åtta räcker."}).status_code == 302
    shown = text(second.get(where))
    for told in ("Åtta räcker.", "Nivån före har snävat in", "Har poolen sagt nej?", "80 000 kr", "Två platser stängs"):
        assert told in shown, told
    left = {"outcome": "approved", "quantity": "8", "through_on": day(12), "price_sek": "1000", "words": ""}
    assert second.post(f"{where}besluta/", left).status_code == 302
    request.refresh_from_db()
    assert request.state == "limited"
    assert "Gäller till och med" in text(asker.get(where))
    assert (
        asker.post(f"{where}uppfoljning/", {"instead": "overtime", "cost_sek": "5000", "words": ""}).status_code == 302
    )
    statistics = text(client_of(stage, "controller").get("/provning/statistik/"))
    for told in ("16 000 kr", "11 000 kr", "begärt minus beviljat", "ingen besparing", "Övertid eller extrapass"):
        assert told in statistics, told
    csv = client_of(stage, "auditor").get("/provning/statistik.csv").content.decode("utf-8-sig")
    assert csv.splitlines()[1].split(";")[7:12] == ["Bifall med gränser", "80000,00", "64000,00", "16000,00", "5000,00"]
    book = client_of(stage, "auditor").get("/provning/statistik.xlsx").content
    import openpyxl

    assert openpyxl.load_workbook(BytesIO(book)).active["K4"].value == "=I4-J4"


def test_what_cannot_be_sent_is_kept_and_said(stage: Stage) -> None:
    """Without a decision in force nothing is lost: a draft, with what is wrong; sent when one is there."""
    client = client_of(stage, "unit_manager")
    assert "inget behöver begäras" in text(client.get("/provning/"))
    answer = client.post("/provning/ny/", sent(stage))
    assert answer.status_code == 422
    assert "ingen särskild prövning behövs" in text(answer) and "finns kvar som utkast" in text(answer)
    request = ReviewRequest.objects.get()
    assert order_entered(stage).status_code == 302
    late = client.post(f"/provning/{request.pk}/andra/", sent(stage, through_on=day(60)))
    assert late.status_code == 422 and "upphör före den dagen" in text(late)
    assert client.post(f"/provning/{request.pk}/skicka/").status_code == 422
    assert client.post(f"/provning/{request.pk}/andra/", sent(stage, quantity="4")).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.quantity, ReviewRequest.objects.count()) == ("asked", 4, 1)
    assert client.post(f"/provning/{request.pk}/aterkalla/", {"because": "löst"}).status_code == 302
    again = client.post(f"/provning/{request.pk}/igen/")
    assert client.get(again["Location"]).status_code == 200
    assert text(client.get("/provning/")).count("Dina utkast") == 1


def test_faults_stand_at_their_fields(stage: Stage) -> None:
    """In the reader's language, and nothing is saved."""
    client = client_of(stage, "coordinator", "en")
    page = text(client.post("/provning/ny/", sent(stage, shift_hours="", need="19121212-1212", draft="1")))
    assert "Say how many hours a shift has." in page
    page = text(client.post("/provning/ny/", sent(stage, need="Anna 19121212-1212", draft="1")))
    assert "looks like a personal identity number" in page
    assert not ReviewRequest.objects.exists()
    page = text(order_entered(stage, **{"level3-up_to_sek": "5"}))
    assert "den sista har ingen" in page and not ReviewOrder.objects.exists()


def test_others_find_nothing(stage: Stage) -> None:
    """A request of another hospital does not exist; a draft is its writer's."""
    order_entered(stage)
    client_of(stage, "service_head").post("/provning/ny/", sent(stage, draft="1"))
    where = f"/provning/{ReviewRequest.objects.get().pk}/"
    assert client_of(stage, "service_head").get(where).status_code == 200
    assert client_of(stage, "auditor").get(where).status_code == 404
    client_of(stage, "service_head").post(f"{where}skicka/")
    assert client_of(stage, "auditor").get(where).status_code == 200
    outsider = Client()
    outsider.force_login(stage.outsider)
    assert outsider.get(where).status_code == 404
    assert outsider.get(f"/provning/beslut/{ReviewOrder.objects.get().pk}/").status_code == 404
    assert "Två vakanta" not in text(outsider.get("/provning/"))
