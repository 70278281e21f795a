"""The pages of measures: written, followed up, filtered, taken from a case, out as files and in again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from tests.apps.decisions.test_case_services import case_of
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.decisions.models import GuideValue, Measure, MeasureReading, MeasureStatus, PostCheck
from vardnara.apps.decisions.services.measure_import import COLUMNS

SAID = {"label": "Färre avrop", "kind": "cost", "owner": "Divisionschef", "benefit": "cash", "long_sek": "1 200 000,50"}


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def client_of(stage: Stage, role: str = "controller", language: str = "sv") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(stage.users[role])
    return client


def text(answer: Any) -> str:
    """What stands between the tags of the page and in them, its head aside."""
    return " ".join(answer.content.decode().split("<main")[-1].replace("\xa0", " ").split())


def made(client: Client, **more: Any) -> Measure:
    answer = client.post("/atgarder/ny/", SAID | more)
    assert answer.status_code == 302, text(answer)
    found = Measure.objects.order_by("-pk").first()
    assert found is not None
    return found


def act(client: Client, measure: Measure, deed: str, prefix: str, row: object = "", **said: Any) -> Any:
    fields = {f"{prefix}-{name}": value for name, value in said.items()} | {"row": row}
    return client.post(f"/atgarder/{measure.pk}/{deed}/", fields)


def test_an_empty_register_says_what_to_do(stage: Stage) -> None:
    """Whoever may write is told how to begin; who reads is not asked to."""
    assert "läs in en tabell" in text(client_of(stage).get("/atgarder/"))
    assert "Ingen åtgärd än." in text(client_of(stage, "auditor").get("/atgarder/"))


def test_a_measure_from_nothing_to_its_outcome(stage: Stage) -> None:
    """Entered, promised, begun, looked at; each fault stands at its field and nothing typed is lost."""
    client = client_of(stage)
    answer = client.post("/atgarder/ny/", SAID | {"short_sek": "5"})
    assert answer.status_code == 422 and 'id="id_short_year_error"' in text(answer) and "Färre avrop" in text(answer)
    one = made(client, beds_change="-2", place=f"w{stage.ward.pk}")
    assert one.long_sek == Decimal("1200000.50") and one.ward == stage.ward
    today = timezone.localdate()
    promise = {"label": "Timmar", "metric": "lön", "unit": "h", "baseline": "100", "promised": "100",
               "check_on": today.isoformat()}  # fmt: skip
    answer = act(client, one, "lofte", "lofte", **promise)
    assert answer.status_code == 422 and "Utlova en förändring" in text(answer)
    assert act(client, one, "lofte", "lofte", **promise | {"promised": "40"}).status_code == 302
    answer = act(client, one, "status", "status", status="deviates")
    assert answer.status_code == 422 and 'id="id_status-because_error"' in text(answer)
    assert act(client, one, "status", "status", status="on_plan").status_code == 302
    told = one.promises.get()
    assert act(
        client, one, "utfall", f"utfall{told.pk}", told.pk, outcome="52", outcome_on=today.isoformat()
    ).status_code == 302  # fmt: skip
    page = text(client.get(f"/atgarder/{one.pk}/"))
    for said in ("1 200 000,50 kr", "80 % av löftet", "Enligt plan", "Genomförd, lägre effekt", "inte inlagt",
                 "Vårdplatser och beläggning"):  # fmt: skip
        assert said in page, said
    english = text(client_of(stage, "auditor", "en").get(f"/atgarder/{one.pk}/"))
    assert "On plan" in english and '<form method="post"' not in english


def test_what_must_come_first_is_named_when_it_is_missing(stage: Stage) -> None:
    """S-09 on the page: the refusal says which measure, and the gate goes away where it was a slip."""
    client = client_of(stage)
    first, then = made(client), made(client, label="Fler tjänster", kind="reinvestment")
    assert act(client, then, "villkor", "villkor", first_id=first.pk, per_cent="80").status_code == 302
    answer = act(client, then, "status", "status", status="on_plan", because="nu")
    assert answer.status_code == 422 and f"Den väntar på nummer {first.number}." in text(answer)
    assert "Inte gett sitt än" in text(client.get(f"/atgarder/{then.pk}/"))
    answer = act(client, first, "villkor", "villkor", first_id=then.pk, per_cent="80")
    assert answer.status_code == 422 and "väntar redan på den här" in text(answer)
    assert act(client, then, "villkor-bort", "", first.pk).status_code == 302
    assert act(client, then, "status", "status", status="on_plan", because="nu").status_code == 302
    assert client.post(f"/atgarder/{then.pk}/dansa/").status_code == 404


def test_figures_over_time_are_a_line_and_a_table(stage: Stage) -> None:
    """Two values make a line; a corrected one is crossed out and out of it."""
    client = client_of(stage)
    one = made(client, kind="capacity")
    today = timezone.localdate()

    def read(value: str, days: int, **more: Any) -> Any:
        fields = {"on": (today - timedelta(days=days)).isoformat(), "value": value, "source": "listan"} | more
        named = {f"varde-waiting-{name}": said for name, said in fields.items()} | {"indicator": "waiting"}
        return client.post(f"/atgarder/{one.pk}/varde/", named)

    assert read("420", 60).status_code == 302 and '<svg class="money-chart' not in text(
        client.get(f"/atgarder/{one.pk}/")
    )
    assert read("395,5", 30).status_code == 302
    wrong = MeasureReading.objects.order_by("pk").first()
    assert wrong is not None
    assert read("402", 60, corrects=wrong.pk).status_code == 302
    page = text(client.get(f"/atgarder/{one.pk}/"))
    assert "mellan 395,5 och 402" in page and "<s>420</s>" in page
    assert read("1", -1).status_code == 422
    assert client.post(f"/atgarder/{one.pk}/varde/", {"indicator": "x"}).status_code == 404


def test_guide_values_are_entered_with_their_source(stage: Stage) -> None:
    client = client_of(stage)
    one = made(client, beds_change="3")
    assert client.post("/atgarder/riktvarden/", {"kind": "beds", "year": "2025", "value": "210"}).status_code == 422
    said = {"kind": "beds", "year": "2025", "value": "210", "source": "rapporten, s. 3"}
    assert client.post("/atgarder/riktvarden/", said).status_code == 302
    assert GuideValue.objects.get().value == 210
    page = text(client.get(f"/atgarder/{one.pk}/?since=2025-01-01&until=2025-12-31"))
    assert "rapporten, s. 3 (2025)" in page and "Riktvärden" in page
    assert client_of(stage, "auditor").post("/atgarder/riktvarden/", said).status_code == 403
    assert client.get(f"/atgarder/{one.pk}/?since=2025-13-01&until=x").status_code == 200


def test_a_case_s_measures_and_posts_lead_on_from_its_page(stage: Stage) -> None:
    """One tap into the register, one for the lists of posts; and back."""
    client = client_of(stage)
    case = case_of(stage, measure=[{"label": "Fler dagar"}])
    page = text(client.get(f"/arenden/{case.pk}/"))
    assert "Ta in 1 åtgärd i registret" in page and f"/arenden/{case.pk}/tjanster/" in page
    assert client.post(f"/arenden/{case.pk}/atgarder/").status_code == 302
    one = Measure.objects.get()
    page = text(client.get(f"/arenden/{case.pk}/"))
    assert f"/atgarder/{one.pk}/" in page and "Ta in" not in page
    assert f"/arenden/{case.pk}/" in text(client.get(f"/atgarder/{one.pk}/"))
    lists = f"/arenden/{case.pk}/tjanster/"
    assert "Upprätta 14 checklistor" in text(client.get(lists))
    assert client.post(f"{lists}uppratta/").status_code == 302
    check = PostCheck.objects.filter(code="notice").order_by("pk").first()
    assert check is not None
    refused = client.post(f"{lists}steg/{check.pk}/", {"note": "19121212-1212"})
    assert refused.status_code == 422 and "personnummer" in text(refused)
    assert client.post(f"{lists}steg/{check.pk}/", {"owner": "HR", "done_on": "2026-02-02"}).status_code == 302
    assert client.post(f"{lists}{check.checklist_id}/", {"notice_months": "3"}).status_code == 302
    page = text(client.get(lists))
    assert "Med 3 månaders uppsägningstid är sista dagen 2 maj 2026; ärendet räknar effekten från 1 mars 2026." in page


def test_filters_hold_for_the_page_and_for_what_is_taken_out(stage: Stage) -> None:
    """The workbook and the CSV have the rows that are shown."""
    client = client_of(stage)
    made(client)
    gap = made(client, label="Gapanalys ADHD", kind="gap", owner="", long_sek="")
    shown = text(client.get("/atgarder/?kind=gap&by=kind"))
    assert "Gapanalys ADHD" in shown and "1 av 2 visas" in shown and "ingen ansvarig" in shown
    assert "Färre avrop</a>" not in shown
    assert "Ingen åtgärd är sådan" in text(client.get("/atgarder/?kind=low_value"))
    assert text(client.get("/atgarder/?by=x&status=y")).count("/atgarder/") > 2
    book = load_workbook(BytesIO(client.get("/atgarder/lista.xlsx?kind=gap").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows[3:4]] == ["Gapanalys ADHD"] and rows[3][1] == gap.number
    table = client.get("/atgarder/lista.csv?kind=gap").content.decode("utf-8-sig")
    assert len(table.splitlines()) == 2
    assert client.get("/atgarder/lista.pdf").status_code == 404


def test_a_table_goes_out_and_comes_in_as_the_same(stage: Stage) -> None:
    """Read in again it changes nothing; with other words it changes what it names, status by the rules of the page."""
    client = client_of(stage)
    one = made(client, place=f"w{stage.ward.pk}", short_sek="-7,25", short_year="2026", beds_change="-2", note="a;b")
    before = Measure.objects.values().get()
    table = client.get("/atgarder/lista.csv").content.decode("utf-8-sig")

    def read(content: str) -> Any:
        return client.post("/atgarder/inlasning/", {
            "file": SimpleUploadedFile("a.csv", content.encode()), "encoding": "utf-8",
        })  # fmt: skip

    assert read(table).status_code == 302
    assert Measure.objects.values().get() == before and MeasureStatus.objects.count() == 1
    template = client.get("/atgarder/mall.csv").content.decode("utf-8-sig")
    assert read(template).status_code == 302
    new = Measure.objects.exclude(pk=one.pk).get()
    assert (new.kind, new.long_sek, new.statuses.get().status) == ("cost", Decimal(1800000), "assigned")
    changed = table.replace(";proposed;;", ";on_plan;;", 1)
    answer = read(changed)
    assert answer.status_code == 302, text(answer)
    assert one.statuses.order_by("-pk").first().status == "on_plan"


def test_every_fault_of_a_table_is_told_by_its_line(stage: Stage) -> None:
    """Nothing is half read in."""
    client = client_of(stage)
    made(client)
    rows = [
        {"label": "Utan sort"},
        {"label": "Fel dagar", "kind": "cost", "starts_on": "2026-05-01", "ends_on": "2026-04-01"},
        {"label": "Fel tal", "kind": "Lågvärdevård", "long_sek": "12,345", "ward": "K99"},
        {"label": "Färre avrop", "kind": "cost"},
        {"number": "77", "label": "Okänd", "kind": "cost"},
        {"label": "Utan mål", "kind": "cost", "benefit": "moved"},
        {"label": "Fint", "kind": "Gap analysis", "status": "lila"},
    ]
    lines = [";".join(COLUMNS)] + [";".join(row.get(name, "") for name in COLUMNS) for row in rows]
    sent = SimpleUploadedFile("fel.csv", "\n".join(lines).encode())
    answer = client.post("/atgarder/inlasning/", {"file": sent, "encoding": "utf-8"})
    page = text(answer)
    assert answer.status_code == 422 and Measure.objects.count() == 1
    for told in ("fel.csv:2: kind", "fel.csv:3: ends_on", "fel.csv:4: long_sek", "fel.csv:4: ward",
                 "fel.csv:5: label", "numret 1", "fel.csv:6: number",
                 "fel.csv:7: goes_to", "fel.csv:8: status"):  # fmt: skip
        assert told in page, told
    sent = SimpleUploadedFile("x.csv", b"label;colour\na;b\n")
    assert "colour" in text(client.post("/atgarder/inlasning/", {"file": sent, "encoding": "utf-8"}))
    sent = SimpleUploadedFile("p.csv", (";".join(("label", "kind", "note")) + "\nA;cost;19121212-1212\n").encode())
    assert "personnummer" in text(client.post("/atgarder/inlasning/", {"file": sent, "encoding": "utf-8"}))
    assert Measure.objects.count() == 1


def test_a_workbook_comes_in_with_its_dates_and_is_told_by_its_cells(stage: Stage) -> None:
    """Dates and numbers as a spreadsheet has them; a fault names sheet and cell."""
    client = client_of(stage)

    def read(*rows: tuple[Any, ...]) -> Any:
        book = Workbook()
        book.active.title = "Plan"
        for row in (("label", "kind", "starts_on", "long_sek", "status"), *rows):
            book.active.append(row)
        stream = BytesIO()
        book.save(stream)
        sent = SimpleUploadedFile("plan.xlsx", stream.getvalue())
        return client.post("/atgarder/inlasning/", {"file": sent, "encoding": "utf-8"})

    good = ("Köfria flöden", "Produktion och kapacitet", date(2026, 9, 1), 1250000.5, "Flerårigt uppdrag, enligt plan")
    answer = read(good, ("Okänd", "sparande", None, None, None))
    assert answer.status_code == 422 and "plan.xlsx:Plan!B3" in text(answer) and not Measure.objects.exists()
    assert read(good).status_code == 302
    one = Measure.objects.get()
    assert (one.kind, one.starts_on, one.long_sek) == ("capacity", date(2026, 9, 1), Decimal("1250000.50"))
    assert one.statuses.get().begun
