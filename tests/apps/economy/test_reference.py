"""Others' figures come in by the ordinary import: real errors named row by row, the sound rows beside our own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.economy import services
from vardnara.apps.economy.models import ReferenceRow, ReferenceTable
from vardnara.apps.economy.queries.reference import reference_one
from vardnara.kernel.errors import InputError, RuleBroken

WORDS = {
    "name": "NHS ERIC, cleaning",
    "source": "HSCIC: Hospital Estates and Facilities Statistics, site data",
    "year": 2015,
    "currency": "GBP",
    "measure": "square_metre",
    "key_column": "Site Code",
    "name_column": "Site Name",
    "cost_column": "Cleaning service cost (£)",
    "quantity_column": "Occupied floor area (m²)",
}


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def read(stage: Stage, path: Path, **words) -> ReferenceTable:
    return services.reference_import(
        hospital_id=stage.ward.division.hospital_id,
        path=path,
        file_name=path.name,
        words=services.ReferenceWords(**(WORDS | words)),
        actor=stage.users["controller"],
        at=AT,
    )


@pytest.mark.shared_data
def test_a_real_year_is_refused_row_by_row_and_comes_in_without_its_faulty_rows(
    stage: Stage, shared_data: Path
) -> None:
    """1,251 sites: aggregates that share a code, costs of 0, an area of 0; what is left has the middle it has."""
    path = shared_data / "nhs_eric" / "eric_2014-15_site.csv.gz"
    with pytest.raises(InputError) as refused:
        read(stage, path)
    told = [str(fault) for fault in refused.value.faults]
    assert ReferenceTable.objects.count() == 0 and all(one.startswith("eric_2014-15_site.csv.gz:") for one in told)
    assert sum("site code: AGGRE stands" in one for one in told) > 50
    assert sum("0 means that it was not reported" in one for one in told) > 50
    table = read(stage, path, leave_out=True)
    shown, rows, left_out = reference_one(actor=stage.users["auditor"], table_id=table.pk)
    assert shown.n + shown.n_left_out == 1251 and len(left_out) == len(told)
    assert 20 < shown.low < shown.median < shown.high < 60
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users["controller"])
    page = client.get(f"/ekonomi/jamforelse/{table.pk}/").content.decode()
    christie = page[page.index("RBV01") :]  # 2,074,757 for 100 square metres
    assert "ten times from the middle" in christie[: christie.index("</tr>")]
    evesham = ReferenceRow.objects.get(table=table, key="R1A1P")
    assert (evesham.cost, evesham.value) == (Decimal(383414), (Decimal(383414) / 7464).quantize(Decimal("0.0001")))
    assert rows[0].value == max(row.value for row in rows)


@pytest.mark.shared_data
def test_a_broken_file_is_refused_row_by_row(stage: Stage, shared_data: Path) -> None:
    """Numbers split at the comma shift their rows: per cent above 100 and the like tell, and it never comes in."""
    path = shared_data / "nhs_eric" / "third_party_csv_ERIC-2014-15.csv.gz"
    words = {
        "delimiter": "$",
        "header_row": 2,
        "key_column": "Organisation Code",
        "name_column": "",
        "quantity_column": "Cleaning staff (WTE)",
    }
    for leave_out in (False, True):
        with pytest.raises(InputError) as refused:
            read(stage, path, leave_out=leave_out, **words)
        first, *rest = map(str, refused.value.faults)
        assert first.startswith("third_party_csv_ERIC-2014-15.csv.gz:2: 229 of 240 rows look shifted")
        assert sum("shifted?" in one for one in rest) == 229
    assert ReferenceTable.objects.count() == 0
    with pytest.raises(InputError) as refused:
        read(stage, path, **(words | {"key_column": "Trust"}))
    assert "no column Trust, expected one like" in str(refused.value.faults[0])


@pytest.mark.shared_data
def test_cost_of_one_already_needs_no_quantity(stage: Stage, shared_data: Path) -> None:
    """2013-14 says what a day's food costs itself; what is not a number is told."""
    path = shared_data / "nhs_eric" / "eric_2013-14_site.csv.gz"
    day = "Cost of feeding one in-patient per day (in-patient meal day) (£)"
    table = read(stage, path, year=2014, measure="bed_day", cost_column=day, quantity_column="", leave_out=True)
    assert 5 < reference_one(actor=stage.users["controller"], table_id=table.pk)[0].median < 15


def test_swedish_numbers_sums_and_doubles(stage: Stage, tmp_path: Path) -> None:
    """1 234,50 is a number where decimals are commas; 1,234.50 is not; a sum row is told."""
    path = tmp_path / "t.csv"
    path.write_text("kod;kostnad;antal\nA;1 234,50;10\nB;1,234.50;10\nD;1;1\nSumma total;5;5\nC;9;0\nD;2;1\n")
    words = {
        "key_column": "kod", "name_column": "", "cost_column": "Kostnad", "quantity_column": "antal", "decimal": "comma"
    }  # fmt: skip
    with pytest.raises(InputError) as refused:
        read(stage, path, **words)
    assert [str(fault).removeprefix("t.csv:").split(",")[0] for fault in refused.value.faults] == [
        "3: kostnad: 1",
        "4: kod: D stands 2 times",
        "5: kod: Summa total is a sum of other rows",
        "6: antal: 0",
        "7: kod: D stands 2 times",
    ]
    assert [row.value for row in read(stage, path, leave_out=True, **words).rows.all()] == [Decimal("123.45")]
    read(stage, path, leave_out=True, **words)
    assert ReferenceTable.objects.count() == 1  # the same name, year and measure gives way


def test_the_page_puts_our_own_beside_them(stage: Stage) -> None:
    """Own figures with their source, reference tables in their own currency, and each fault on the page."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users["controller"])
    own = {"measure": "meal", "year": 2025, "cost_sek": "500000", "quantity": "8000", "source": "Bokslut 2025"}
    client.post("/ekonomi/jamforelse/var/", own)
    form = WORDS | {
        "measure": "meal", "key_column": "kod", "name_column": "", "cost_column": "kr", "quantity_column": "",
        "decimal": "point", "encoding": "utf-8", "header_row": 1,
    }  # fmt: skip

    def send(text: str):  # type: ignore[no-untyped-def]
        return client.post("/ekonomi/jamforelse/ny/", form | {"file": SimpleUploadedFile("m.csv", text.encode())})

    answer = send("kod,kr\nA,Not Applicable\nB,3.5\n")
    assert answer.status_code == 422 and "m.csv:2: kr: Not Applicable; expected: a number" in answer.content.decode()
    assert send("kod,kr\nA,2.5\nB,3.5\nC,4.5\n").status_code == 302
    page = client.get("/ekonomi/jamforelse/").content.decode()
    assert "62.50 SEK" in page and "Bokslut 2025" in page and "3.50 GBP" in page and "3.00–4.00" in page
    client.post(f"/ekonomi/jamforelse/{ReferenceTable.objects.get().pk}/kasta/")
    assert ReferenceTable.objects.count() == 0
    with pytest.raises(RuleBroken):
        services.reference_remove(table_id=1, actor=stage.users["auditor"])
