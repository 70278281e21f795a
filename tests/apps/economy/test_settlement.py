"""A month between provider and buyer: agreement x delivered work, issued once, credited whole, every figure open."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from openpyxl import load_workbook
from tests.strategies.agreed import agreement_make, line_make, task_type_make, version_make
from tests.strategies.stage import Stage, stage_set
from tests.strategies.worked import done_make

from vardnara.apps.economy import services
from vardnara.apps.economy.models import Settlement, SettlementRow
from vardnara.apps.economy.queries.settlement import month_settled
from vardnara.apps.service.choices import VersionState
from vardnara.apps.service.models import AgreementVersion
from vardnara.kernel.errors import RuleBroken

AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
MARCH = date(2026, 3, 1)
TUESDAY = datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def version(stage: Stage) -> AgreementVersion:
    """365,000 a year, a transport at 120.50 each time beside it, lunch within it; two transports and a lunch done."""
    transport, lunch = task_type_make("own_transport", name="Transport"), task_type_make("own_lunch", name="Lunch")
    found = version_make(agreement_make(stage.ward), compensation_sek=Decimal(365_000), price_year=2026)
    priced = line_make(found, transport, stage.ward, "07-16", price_sek=Decimal("120.50"))
    line_make(found, lunch, stage.ward, "11-13")
    AgreementVersion.objects.filter(pk=found.pk).update(
        state=VersionState.SIGNED,
        provider_signer=stage.users["service_head"],
        provider_signed_at=AT,
        care_signer=stage.users["decision_maker"],
        care_signed_at=AT,
    )
    worker = stage.users["service_worker"]
    done_make(stage.ward, worker, begun=TUESDAY, task_type=transport, line=priced, planned_on=TUESDAY.date())
    done_make(stage.ward, worker, begun=TUESDAY, task_type=transport)
    done_make(stage.ward, worker, begun=TUESDAY, task_type=lunch)
    done_make(stage.ward, worker, begun=TUESDAY, task_type=lunch, party="", minutes=30)
    found.refresh_from_db()
    return found


def issue(stage: Stage, version: AgreementVersion, **options) -> Settlement:
    options = {"version_id": version.pk, "month": MARCH, "actor": stage.users["controller"], "at": AT} | options
    return services.settlement_issue(**options)


def test_a_month_is_the_compensation_by_days_and_delivered_work_by_price(
    stage: Stage, version: AgreementVersion
) -> None:
    """31 of 365 days, twice 120.50, lunch for nothing more; work that nobody agreed on is named and not invoiced."""
    shown = month_settled(actor=stage.users["controller"], version_id=version.pk, month=MARCH, today=AT.date())
    assert shown.total_sek == 31_000 + 2 * Decimal("120.50")
    assert [(row.n_planned, row.n_delivered, row.amount_sek) for row in shown.rows] == [
        (0, 0, Decimal(31_000)),
        (0, 1, Decimal(0)),
        (1, 2, Decimal(241)),
    ]
    assert (shown.outside_n, shown.outside_hours) == (1, Decimal("0.5"))


def test_a_month_is_issued_once_and_credited_whole(stage: Stage, version: AgreementVersion) -> None:
    """Twice is refused by the service and the database; after a credit with its reason it can be issued anew."""
    first = issue(stage, version)
    assert (first.number, first.total_sek, first.rows.count()) == ("A1/2026-03-1", Decimal("31241.00"), 3)
    with pytest.raises(RuleBroken) as refused:
        issue(stage, version)
    assert refused.value.code == "already_invoiced"
    with pytest.raises(DatabaseError, match="invoiced already"), transaction.atomic():
        Settlement.objects.create(
            version=version, number="X", month=MARCH, provider="P", buyer="B", total_sek=0, issued_at=AT
        )
    with pytest.raises(RuleBroken) as refused:
        services.settlement_credit(invoice_id=first.pk, reason=" ", actor=stage.users["controller"], at=AT)
    assert refused.value.code == "reason_missing"
    head = stage.users["service_head"]
    credit = services.settlement_credit(invoice_id=first.pk, reason="Fel antal.", actor=head, at=AT)
    assert credit.total_sek == -first.total_sek == sum(row.amount_sek for row in credit.rows.all())
    for other in (first, credit):
        with pytest.raises(RuleBroken) as refused:
            services.settlement_credit(invoice_id=other.pk, reason="Igen.", actor=head, at=AT)
        assert refused.value.code == "already_credited"
    assert issue(stage, version).number == "A1/2026-03-3"


def test_a_month_that_runs_is_not_issued_nor_by_who_only_reads(stage: Stage, version: AgreementVersion) -> None:
    """The month must be over; a decision-maker reads."""
    with pytest.raises(RuleBroken) as refused:
        issue(stage, version, at=datetime(2026, 3, 30, tzinfo=UTC))
    assert refused.value.code == "month_not_over"
    with pytest.raises(RuleBroken) as refused:
        issue(stage, version, actor=stage.users["decision_maker"])
    assert refused.value.code == "wrong_role"


def commit_would() -> None:
    """What is checked at commit, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_the_database_holds_what_was_issued(stage: Stage) -> None:
    """No row is changed, none is added that would make another sum, and no total is other than its rows."""
    version = version_make(agreement_make(stage.ward), compensation_sek=Decimal(1))
    made = {"version": version, "month": MARCH, "provider": "P", "buyer": "B", "issued_at": AT}
    with pytest.raises(DatabaseError, match="do not sum"), transaction.atomic():
        Settlement.objects.create(number="1", total_sek=Decimal(10), **made)
        commit_would()
    with transaction.atomic():
        sound = Settlement.objects.create(number="2", total_sek=Decimal(10), **made)
        SettlementRow.objects.create(settlement=sound, text="x", amount_sek=Decimal(10))
        commit_would()
    with pytest.raises(DatabaseError, match="do not sum"), transaction.atomic():
        SettlementRow.objects.create(settlement=sound, text="y", amount_sek=Decimal(1))
        commit_would()
    for statement in ("UPDATE economy_settlement SET total_sek = 0", "DELETE FROM economy_settlementrow"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_pages_issue_open_and_go_to_excel(stage: Stage, version: AgreementVersion) -> None:
    """From the list to the month, the invoice, its tasks, and a workbook whose products and sum are formulas."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users["controller"])
    assert f"/ekonomi/avrakning/{version.pk}/2026-03/" in client.get("/ekonomi/avrakning/").content.decode()
    page = client.get(f"/ekonomi/avrakning/{version.pk}/2026-03/").content.decode()
    assert "31,241.00" in page and "is given to ward service by no agreement" in page
    link = page[page.rindex("/ekonomi/arbete/?", 0, page.index(">2</a>")) : page.index('">2</a>')]
    assert "2 finished tasks." in client.get(link.replace("&amp;", "&")).content.decode()
    answer = client.post(f"/ekonomi/avrakning/{version.pk}/2026-03/utfarda/")
    invoice = client.get(answer["Location"]).content.decode()
    assert "A1/2026-03-1" in invoice and "31,241.00 kr" in invoice
    book = client.get(answer["Location"].rstrip("/") + ".xlsx")
    cells = [[cell.value for cell in row] for row in load_workbook(BytesIO(book.content)).active.iter_rows(min_row=4)]
    assert cells[-2][4] == "=C6*D6" and cells[-1][4] == "=SUM(E4:E6)"
    values = load_workbook(BytesIO(book.content), data_only=True).active
    assert values["E7"].value == pytest.approx(31_241)
    text = client.get(f"/ekonomi/avrakning/{version.pk}/2026-03.csv").content.decode("utf-8-sig")
    assert "120.50,241.00" in text
    assert client.get(f"/ekonomi/avrakning/{version.pk}/2026-13/").status_code == 404
