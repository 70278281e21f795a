"""The year by unit, account and month: figures that can be worked out by hand, each opening its source."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.strategies.ledgers import sie_make
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.economy import services
from vardnara.apps.economy.models import Forecast, LedgerImport, Unit


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def booked(stage: Stage, tmp_path: Path) -> Stage:
    """2024 whole and January to March of 2025: 6,000 in pay, 2,700 in income, 300.75 in goods."""
    for year, through in ((2024, 12), (2025, 3)):
        services.ledger_import(
            hospital_id=stage.ward.division.hospital_id,
            path=sie_make(tmp_path, year=year, through=through),
            actor=None,
            at=AT,
        )
    return stage


def client_of(stage: Stage, role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users[role])
    return client


def text(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("method", "pay"),
    [("run_rate", "24,000"), ("seasonal", "78,000"), ("budget_rest", "60,000")],
)
def test_a_unit_s_account_by_each_method(booked: Stage, method: str, pay: str) -> None:
    """6,000 in three months: 24,000 by run rate, 78,000 as last year grew, 6,000 and nine months of budget."""
    unit = Unit.objects.get(code="310")
    page = text(client_of(booked, "service_head").get(f"/ekonomi/enhet/{unit.pk}/?ar=2025&metod={method}"))
    row = page[page.index("5010 Löner") :]
    assert row[: row.index("</tr>")].count(f"<b>{pay}</b>") == 1
    assert f"/ekonomi/enhet/{unit.pk}/rader/?ar=2025" in row


def test_the_year_sums_its_units_and_opens_each(booked: Stage) -> None:
    """Both units, the whole, and the sum of what was kept as a forecast stand on one page."""
    client = client_of(booked, "controller")
    page = text(client.get("/ekonomi/?ar=2025"))
    assert "310 Vårdnära service" in page and "320 Städ och hygien" in page
    assert "<b>14,403 kr</b>" in page  # (6,000 - 2,700 + 300.75) x 4
    assert client.post("/ekonomi/prognos/?ar=2025&metod=run_rate", {"note": "Mars"}).status_code == 302
    kept = Forecast.objects.get()
    assert (kept.year, kept.through_month, kept.rows.count()) == (2025, 3, 3)
    assert "14,403" in text(client.get("/ekonomi/?ar=2025")).split("Forecasts that were kept</h2>")[1]


def test_an_adjustment_and_a_frame_show_with_their_reasons(booked: Stage) -> None:
    """What a person knows better is added under its own heading, and can be taken back."""
    client, unit = client_of(booked, "controller"), Unit.objects.get(code="310")
    account = unit.hospital.accounts.get(code="5010").pk
    where = f"/ekonomi/enhet/{unit.pk}/"
    client.post(f"{where}justera/?ar=2025", {"account": account, "amount": "-500", "reason": "Vakans till juni"})
    client.post(f"{where}ram/?ar=2025", {"amount": "70000", "decided_on": "2024-11-20", "source": "Nämnden § 12"})
    page = text(client.get(f"{where}?ar=2025"))
    assert "<b>23,500</b>" in page and "Vakans till juni" in page and "Nämnden § 12" in page
    row = unit.adjustments.get()
    client.post(f"{where}justering/{row.pk}/ta-tillbaka/?ar=2025")
    assert "<b>24,000</b>" in text(client.get(f"{where}?ar=2025"))
    assert client.post(f"{where}justera/?ar=2025", {"account": account, "amount": "1", "reason": ""}).status_code == 422


def test_a_sum_opens_its_lines_with_file_and_line(booked: Stage) -> None:
    """March of an account: the voucher, the day, the krona, and where in the file it stands."""
    unit = Unit.objects.get(code="320")
    account = unit.hospital.accounts.get(code="4010").pk
    page = text(client_of(booked, "auditor").get(f"/ekonomi/enhet/{unit.pk}/rader/?ar=2025&konto={account}&m=3"))
    assert "1 line, together 100.25 kr." in page and "A 3" in page and "2025-3-0.se:" in page


def test_a_file_comes_in_by_page_or_is_named_fault_by_fault(stage: Stage, tmp_path: Path) -> None:
    """A sound file is read in; a broken one says by its own name and line what was expected, and nothing is there."""
    client = client_of(stage, "controller")
    raw = sie_make(tmp_path).read_bytes()

    def send(content: bytes, name: str = "år.se"):  # type: ignore[no-untyped-def]
        file = SimpleUploadedFile(name, content)
        return client.post("/ekonomi/inlasning/", {"file": file, "kind": "actual", "encoding": "utf-8"})

    answer = send(raw.replace(b"100.25", b"100.2x", 1))
    assert answer.status_code == 422 and "år.se:" in text(answer) and "100.2x" in text(answer)
    assert LedgerImport.objects.count() == 0
    assert send(raw, "år.pdf").status_code == 422
    answer = send(raw)
    assert answer.status_code == 302
    assert "36 lines of costs and incomes" in text(client.get(answer["Location"]))
    assert "in force" in text(client.get("/ekonomi/inlasning/"))
    send(raw)
    assert LedgerImport.objects.count() == 2  # ledger and budget, once
    assert "unit;account" in client.get("/ekonomi/mallar/ledger.csv").content.decode("utf-8-sig")


def test_who_only_reads_changes_nothing(booked: Stage) -> None:
    """A decision-maker sees the year and finds no form; a unit of another hospital does not exist."""
    client = client_of(booked, "decision_maker")
    page = text(client.get("/ekonomi/?ar=2025"))
    assert "Keep this forecast" not in page and "Close the year" not in page
    assert client.get("/ekonomi/enhet/999999/").status_code == 404
    assert client.post("/ekonomi/inlasning/").status_code == 200 and "Read in</span>" not in page


def test_the_year_goes_to_excel_and_goes_on_calculating(booked: Stage) -> None:
    """Forecast and deviation are formulas with the values of the page; in Swedish CSV a minus stays a number."""
    client = client_of(booked, "auditor")
    content = client.get("/ekonomi/aret.xlsx?ar=2025&metod=run_rate").content
    sheet, values = (load_workbook(BytesIO(content), data_only=only).active for only in (False, True))
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert rows[0][:3] == ("310", "Vårdnära service", "3010 Ersättning") and rows[0][8:] == ("=F4+G4+H4", "=E4-I4")
    assert rows[-1][8] == "=SUM(I4:I6)" and values["I7"].value == pytest.approx(14_403)
    client.cookies["django_language"] = "sv"
    text = client.get("/ekonomi/aret.csv?ar=2025", headers={"accept-language": "sv"}).content.decode("utf-8-sig")
    assert ";-2700,00;" in text and "'-" not in text
    assert client.get("/ekonomi/aret.pdf").status_code == 404
