"""The pages of agreements: written by keyboard, checked, signed, compared, printed, each to whom it concerns."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.strategies.agreed import ALL_DAYS, line_make, norm_make, task_type_make, version_make, version_sign
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.accounts.models import Scope
from vardnara.apps.service.bridge.agreement import Finding
from vardnara.apps.service.bridge.matrix import matrix_of
from vardnara.apps.service.models import Agreement, AgreementLine, AgreementVersion, TaskType
from vardnara.apps.service.queries.agreements import LineRow

pytestmark = pytest.mark.django_db
SOON = date(2026, 12, 1)


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def signed_in(stage: Stage, who: str, language: str = "sv") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(stage.users[who])
    return client


def version_of(stage: Stage, number: int = 1) -> AgreementVersion:
    return AgreementVersion.objects.get(agreement=stage.agreement_id, number=number)


def where(name: str, stage: Stage, **words: object) -> str:
    return reverse(f"service:{name}", kwargs={"agreement_id": stage.agreement_id, **words})


def rows(client: Client, stage: Stage, *rows: dict[str, object], mark: str | None = None, **more: str):
    """Send the rows of the first ward as the form does."""
    page = client.get(where("agreement_ward", stage, ward_id=stage.ward.pk))
    data = {"row-TOTAL_FORMS": len(rows), "row-INITIAL_FORMS": 0, "mark": mark or page.context["mark"], **more}
    for number, row in enumerate(rows):
        data |= {f"row-{number}-{name}": value for name, value in ({"party": "service"} | row).items()}
    return client.post(where("agreement_ward", stage, ward_id=stage.ward.pk), data)


def test_an_agreement_is_written_from_nothing_and_signed_by_both(stage: Stage) -> None:
    """New, rows, the hole filled, signed by the head and by care: in force."""
    head = signed_in(stage, "service_head")
    made = head.post(
        reverse("service:agreement_new"),
        {
            "title": "Ny", "number": "VNS-9", "hospital": stage.ward.division.hospital_id, "provider": "RGS",
            "care_unit": "Kirurgi", "valid_from": SOON,
        },
    )  # fmt: skip
    stage.agreement_id = Agreement.objects.get(number="VNS-9").pk
    assert made["Location"] == where("agreement_draft", stage)
    kind = TaskType.objects.get(code="contagion_clean").pk
    rows(head, stage, {"task": kind, "days": "mån-fre", "window": "7-16"}, {"task": "", "days": ""})
    page = head.get(where("agreement_version", stage, number=1)).content.decode()
    assert (
        "Smittstäd, avd. K1, måndag till fredag 16:00–24:00: ingen" in page and "Varför skrivs den under ändå?" in page
    )
    mark = head.get(where("agreement_version", stage, number=1)).context["mark"]
    sign = where("agreement_sign", stage, number=1)
    refused = head.post(sign, {"mark": mark})
    assert refused.status_code == 422 and "Skriv varför den skrivs under ändå" in refused.content.decode()
    head.post(sign, {"mark": mark, "holes_reason": "Prövas i vår"})
    page = signed_in(stage, "decision_maker").post(sign, {"mark": mark}, follow=True).content.decode()
    assert "Underskriven av båda sidor" in page and "Prövas i vår" in page and "Decision_Maker" in page
    assert version_of(stage).state == "signed"


def test_the_link_at_a_hole_fills_in_a_row_for_it(stage: Stage) -> None:
    head = signed_in(stage, "service_head")
    page = head.get(where("agreement_version", stage, number=1))
    (sheet,) = page.context["sheets"]
    hole, fill = sheet.holes[0]
    form = head.get(fill.partition("#")[0]).context["rows"].forms[1]
    assert form["task"].value() == hole.task_type_id
    assert form["window"].value() == hole.hours and form["days"].value()
    filled = {"task": hole.task_type_id, "days": form["days"].value(), "window": form["window"].value()}
    rows(head, stage, filled)
    assert hole not in [
        found for found, _ in head.get(where("agreement_version", stage, number=1)).context["sheets"][0].holes
    ]


def test_rows_are_copied_and_added_without_javascript_and_nothing_is_saved_yet(stage: Stage) -> None:
    head = signed_in(stage, "service_head")
    kind = TaskType.objects.get(code="contagion_clean").pk
    written = {"task": kind, "days": "lör", "window": "8-12", "note": "Städ"}
    page = rows(head, stage, written, copy="0")
    assert [form["note"].value() for form in page.context["rows"].forms] == ["Städ", "Städ"]
    page = rows(head, stage, written, more="1")
    assert len(page.context["rows"].forms) == 4 and page.status_code == 200
    assert AgreementLine.objects.filter(version=version_of(stage)).count() == 1


def test_a_ward_with_very_many_rows_is_saved(stage: Stage) -> None:
    """Twelve dozen rows are more fields than a form has by default."""
    head = signed_in(stage, "service_head")
    kind = TaskType.objects.get(code="contagion_clean").pk
    many = [
        {"task": kind, "days": "lör", "window": f"{n // 10:02d}:{n % 10 * 6:02d}-{n // 10:02d}:{n % 10 * 6 + 5:02d}"}
        | {"frequency": "", "times": "1", "quality": "", "price": "", "note": "", "id": ""}
        for n in range(144)
    ]
    assert rows(head, stage, *many).status_code == 302
    assert AgreementLine.objects.filter(version=version_of(stage)).count() == 145


def test_a_fault_stands_at_its_field_and_nothing_is_saved(stage: Stage) -> None:
    """What was expected, in the reader's words; two rows of one hour are told apart by row."""
    head = signed_in(stage, "service_head")
    kind = TaskType.objects.get(code="contagion_clean").pk
    page = rows(
        head, stage, {"task": kind, "days": "måndax", "window": "25"}, {"task": "", "days": "lör", "window": "8-12"}
    )
    text = page.content.decode()
    assert page.status_code == 422 and "Skriv dagar som mån-fre" in text and "Skriv tider som 07-16" in text
    assert "Välj en uppgift." in text
    page = rows(
        head, stage, {"task": kind, "days": "lör", "window": "8-12"}, {"task": kind, "days": "lör", "window": "11-14"}
    )
    assert "samma uppgift, avdelning och part på samma tid som rad 1" in page.content.decode()
    assert AgreementLine.objects.filter(version=version_of(stage)).count() == 1


def test_a_table_with_faults_is_refused_line_by_line(stage: Stage) -> None:
    head = signed_in(stage, "service_head")
    content = "task;ward;party;days;window\ncontagion_clean;K1;service;fel;07-16\ninget;K1;service;lör;07-16\n"
    file = io.BytesIO(content.encode())
    file.name = "rader.csv"
    page = head.post(where("agreement_import", stage), {"file": file})
    text = page.content.decode()
    assert page.status_code == 422 and "rader.csv:2" in text and "rader.csv:3" in text and "2 fel i tabellen" in text
    assert AgreementLine.objects.filter(version=version_of(stage)).count() == 1
    good = head.get(where("agreement_lines", stage, number=1, kind="csv"))
    file = io.BytesIO(good.content)
    file.name = "rader.csv"
    assert head.post(where("agreement_import", stage), {"file": file}).status_code == 302
    assert AgreementLine.objects.get(version=version_of(stage)).days == [1, 2, 3, 4, 5]
    assert head.get(where("agreement_lines", stage, number=1, kind="xlsx")).content[:2] == b"PK"


def test_readers_read_and_do_not_write(stage: Stage) -> None:
    """No pen, no signature, no fill; ward staff see their own ward only."""
    line_make(version_of(stage), task_type_make("kitchen"), stage.other_ward, "07-16")
    for who in ("coordinator", "controller", "auditor", "ward_staff"):
        page = signed_in(stage, who).get(where("agreement_version", stage, number=1)).content.decode()
        assert "Smittstäd" in page and "Skriv under" not in page and "utkast/avdelning" not in page, who
        assert ("M1" in page) == (who != "ward_staff"), who


def test_what_is_out_of_reach_does_not_exist(stage: Stage) -> None:
    """Another hospital's people, and ward staff whose ward no line names."""
    outside = Client()
    outside.force_login(stage.outsider)
    assert outside.get(where("agreement_version", stage, number=1)).status_code == 404
    assert b"VNS-0" not in outside.get(reverse("service:agreements")).content
    Scope.objects.filter(user=stage.users["ward_staff"]).update(ward=stage.other_ward)
    ward = signed_in(stage, "ward_staff")
    assert ward.get(where("agreement_version", stage, number=1)).status_code == 404
    assert "Ingen överenskommelse säger något" in ward.get(reverse("service:agreements")).content.decode()


def test_what_changed_is_a_sentence(stage: Stage) -> None:
    """Who, where and when, from whom to whom, from which day; hours and frequency where they change."""
    first = version_of(stage)
    kind = task_type_make("breakfast", name="Frukost")
    line_make(first, kind, stage.ward, "07-09", days=[6, 7], party="care")
    version_sign(first, stage.users["service_head"], stage.users["decision_maker"])
    second = version_make(first.agreement, number=2, valid_from=date(2027, 3, 1))
    line_make(second, kind, stage.ward, "07-09", days=[6])
    line_make(second, kind, stage.ward, "08-09", days=[7], party="care", times=2)
    page = signed_in(stage, "controller").get(where("agreement_diff", stage)).context["by_ward"]
    ((ward, sentences),) = page
    told = {(one.task, one.days, one.before, one.after) for one in sentences}
    assert ward.code == "K1"
    assert told == {
        ("Frukost", "lördag 07:00–09:00", "vårdpersonalen", "vårdnära service"),
        ("Frukost", "söndag", "vårdpersonalen 07:00–09:00", "vårdpersonalen 08:00–09:00, 2 gånger"),
        ("Smittstäd", "måndag till fredag", "vårdnära service 07:00–16:00", "ingen"),
    }
    text = signed_in(stage, "controller", "en").get(where("agreement_diff", stage)).content.decode()
    assert "from 1 March 2027" in text or "from March" in text or "1 March 2027" in text


def test_an_overdue_review_is_said_in_red_words(stage: Stage) -> None:
    version = version_of(stage)
    AgreementVersion.objects.filter(pk=version.pk).update(review_on=timezone.localdate() - timedelta(days=1))
    version.refresh_from_db()
    version_sign(version, stage.users["service_head"], stage.users["decision_maker"])
    page = signed_in(stage, "coordinator").get(reverse("service:agreements")).content.decode()
    assert "skulle ha setts över" in page and 'class="is-open"' in page and "1 lucka" not in page and "luckor" in page


def test_a_version_is_ended_from_its_page(stage: Stage) -> None:
    version = version_sign(version_of(stage), stage.users["service_head"], stage.users["decision_maker"])
    head = signed_in(stage, "service_head")
    end = where("agreement_end", stage, number=1)
    assert head.post(end, {"on": "", "reason": ""}).status_code == 422
    on = timezone.localdate() + timedelta(days=3)
    head.post(end, {"on": on, "reason": "Flytten"})
    version.refresh_from_db()
    assert (version.ended_on, version.ended_reason) == (on, "Flytten")
    made = head.post(where("agreement_draft_new", stage), {"valid_from": on})
    assert made["Location"] == where("agreement_draft", stage) and version_of(stage, 2).lines.count() == 1


def test_the_card_says_what_is_yours_and_what_is_not(stage: Stage) -> None:
    """Hours, minutes with their confidence, checklist in Swedish, whose the rest is; the code leads to the page."""
    version = version_of(stage)
    kind = TaskType.objects.get(code="contagion_clean")
    kind.checklist = ["Bed and mattress", "Eget påhitt"]
    kind.save()
    norm_make(kind, fixed_typical=0, unit_typical=50, fixed_high=0, unit_high=75)
    line_make(version, kind, stage.ward, "16-22", days=ALL_DAYS, party="care")
    AgreementVersion.objects.filter(pk=version.pk).update(contact="Samordnaren 010")
    version.refresh_from_db()
    version_sign(version, stage.users["service_head"], stage.users["decision_maker"])
    worker = signed_in(stage, "service_worker")
    assert "K1" in worker.get(reverse("service:function_cards")).content.decode()
    address = reverse("service:function_card", args=[stage.ward.pk, "service"])
    page = worker.get(address).content.decode()
    for words in (
        "07:00–16:00", "50 min per styck (mall, inte mätt)", "Säng och madrass", "Eget påhitt", "vårdpersonalen",
        "ingen", "Samordnaren 010",
    ):  # fmt: skip
        assert words in page, words
    for size, width in (("a5", 148), ("a7", 74)):
        sent = worker.get(reverse("service:function_card_pdf", args=[stage.ward.pk, "service", size]))
        pdf = pypdf.PdfReader(io.BytesIO(sent.content))
        assert sent["Content-Type"] == "application/pdf"
        assert round(float(pdf.pages[0].mediabox.width) * 25.4 / 72) == width
        text = " ".join(" ".join(one.extract_text().split()) for one in pdf.pages)
        assert "mall, inte mätt" in text and "Inte ditt" in text and "Säng och madrass" in text
    assert worker.get(reverse("service:function_card_pdf", args=[stage.ward.pk, "service", "a0"])).status_code == 404
    assert worker.get(reverse("service:function_card", args=[stage.ward.pk, "king"])).status_code == 404
    before = worker.get(reverse("service:function_cards") + "?dag=2020-01-01").content.decode()
    assert "Ingen underskriven överenskommelse gäller den dagen" in before


def test_the_matrix_joins_days_and_marks_holes_and_clashes() -> None:
    """Neighbouring days with the same are one cell; a hole is a part without a party."""

    def line(party: str, days: tuple[int, ...], start: int, end: int) -> LineRow:
        return LineRow(1, 7, 1, party, days, start, end, "", None, 1, "", None, "")

    hole = Finding(7, "Städ", 1, "K1", (6, 7), 960, 1440)
    clash = Finding(7, "Städ", 1, "K1", (5,), 420, 960, ("care", "service"))
    lines = [line("service", (1, 2, 3, 4, 5, 6, 7), 420, 960), line("care", (5,), 400, 960)]
    (row,) = matrix_of(1, lines, [hole], [clash], {7: "Städ"})
    assert [cell.days for cell in row.cells] == [(1, 2, 3, 4), (5,), (6, 7), (8, 9)]
    assert [part.clash for part in row.cells[1].segments] == [True, True]
    assert [part.party for part in row.cells[2].segments] == ["service", ""]
    assert row.cells[3].segments == () and not row.cells[0].segments[0].clash


def test_the_day_of_a_signature_is_shown_with_its_time(stage: Stage) -> None:
    """Both names and both times, by the local clock."""
    version_sign(version_of(stage), stage.users["service_head"], stage.users["unit_manager"])
    page = signed_in(stage, "auditor").get(where("agreement_version", stage, number=1)).content.decode()
    assert "Service_Head" in page and "Unit_Manager" in page
    assert page.count("5 mars 2026 10:00") == 2 and datetime(2026, 3, 5, 9, tzinfo=UTC)
