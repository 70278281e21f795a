"""Needs and curves of posts: asked for, reckoned point by point, stopped, kept, shown and handed out as files."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.strategies.agreed import (
    ALL_DAYS,
    agreement_make,
    line_make,
    norm_make,
    task_type_make,
    version_make,
    version_sign,
)
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.service.models import TaskType
from vardnara.apps.staffing.choices import RunState
from vardnara.apps.staffing.models import Allocation, AllocationPoint
from vardnara.apps.staffing.queries.needs import hospital_needs
from vardnara.apps.staffing.services import allocations
from vardnara.apps.staffing.services.demo import demo_posts_load
from vardnara.apps.staffing.templatetags.allocation_words import ordinal
from vardnara.apps.staffing.views.needs import percents
from vardnara.kernel.errors import RuleBroken


@pytest.fixture
def stage(db: None, settings) -> Stage:
    """Two wards whose kitchens take 30 minutes an hour from nine to twelve, one of them measured."""
    settings.DEMO = True
    found = stage_set()
    TaskType.objects.update(retired_at="2020-01-01T00:00Z")
    kitchen = task_type_make("kitchen", always=True, usual=[[ALL_DAYS, 540, 720, 1]], name="Kök")
    norm_make(kitchen, fixed_low=60, fixed_typical=90, fixed_high=120, source="a guess of ours")
    norm_make(kitchen, ward=found.ward, fixed_low=90, fixed_typical=90, fixed_high=90, confidence="measured")
    return found


def ask(stage: Stage, who: str = "controller", at: datetime = AT, n_most: int = 2, **said) -> Allocation:
    base = {"whose": "all", "zoned_by": "ward", "service_level": Decimal("0.8"), "n_most": n_most}
    hospital = stage.ward.division.hospital_id
    return allocations.allocation_ask(hospital_id=hospital, actor=stage.users[who], at=at, **(base | said))


def run(row: Allocation) -> Allocation:
    allocations.allocation_run(allocation_id=row.pk, clock=lambda: AT)
    row.refresh_from_db()
    return row


def client_of(stage: Stage, role: str = "controller", language: str = "sv") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(stage.users[role])
    return client


def text(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(answer.content.decode().split())


def test_a_curve_is_asked_for_reckoned_and_kept(stage: Stage) -> None:
    """Each point as it comes, with what it was made of; what has ended nobody changes, what is kept nobody removes."""
    demo_posts_load(hospital_id=stage.ward.division.hospital_id, at=AT)
    row = ask(stage)
    job = ProcrastinateJob.objects.get(task_name=allocations.JOB)
    assert job.args == {"allocation_id": row.pk}
    row = run(row)
    assert (row.state, row.fault) == (RunState.DONE, "")
    points = [point.row for point in row.points.order_by("n_posts")]
    assert [point["posts"] for point in points] == [0, 1, 2]
    covered = [point["covered_minutes"] for point in points]
    assert covered == sorted(covered) and covered[0] == 0 and {point["status"] for point in points} == {"optimal"}
    # 90 minutes a day on two wards; 1 post, 3 days of work a week in the mean of a year of 365 days
    assert points[0]["uncovered_minutes"] == pytest.approx(2 * 90 * 7, abs=0.01)
    assert row.basis["needed"]["typical"]["posts"] > 0 and row.basis["zones"][0]["name"] == "Avdelning K1"
    assert row.basis["unverified"] == ["kitchen"] and Decimal(row.basis["costs"][0]["per_post_sek"]) > 400_000
    for change in (
        lambda: Allocation.objects.filter(pk=row.pk).update(fault="x"),
        lambda: Allocation.objects.filter(pk=row.pk).delete(),
        lambda: AllocationPoint.objects.filter(allocation=row).update(n_posts=9),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    allocations.allocation_run(allocation_id=row.pk, clock=lambda: AT)  # the same job again does nothing
    assert row.points.count() == 3


def test_one_curve_at_a_time_and_only_by_those_who_may(stage: Stage) -> None:
    """A second is refused while the first is under way, also past the service; a worker that died holds nobody back."""
    with pytest.raises(RuleBroken) as error:
        ask(stage, "decision_maker")
    assert error.value.code == "wrong_role"
    for wrong in ({"n_most": 61}, {"n_most": 0}, {"service_level": Decimal(1)}, {"whose": "mine"}):
        with pytest.raises(RuleBroken) as error:
            ask(stage, **wrong)
        assert error.value.code == "bad_allocation"
    row = ask(stage)
    with pytest.raises(RuleBroken) as error:
        ask(stage)
    assert error.value.code == "allocation_under_way"
    Allocation.objects.filter(pk=row.pk).update(state=RunState.RUNNING, started_at=AT, beat_at=AT)
    later = AT + timedelta(minutes=11)
    second = ask(stage, at=later)
    row.refresh_from_db()
    assert (row.state, row.fault, row.ended_at) == (RunState.FAILED, "abandoned", later)
    with pytest.raises(DatabaseError), transaction.atomic():
        Allocation.objects.filter(pk=second.pk).update(ended_at=AT)


def test_who_stops_it_keeps_what_was_reckoned(stage: Stage) -> None:
    """Between two points it sees that somebody has stopped it; what has ended cannot be stopped."""
    row = ask(stage)
    ticks = []

    def clock() -> datetime:
        ticks.append(AT)
        if AllocationPoint.objects.filter(allocation=row).count() == 1 and len(ticks) > 3:
            with contextlib.suppress(RuleBroken):
                allocations.allocation_cancel(allocation_id=row.pk, actor=stage.users["controller"], at=AT)
        return AT

    allocations.allocation_run(allocation_id=row.pk, clock=clock)
    row.refresh_from_db()
    assert row.state == RunState.CANCELLED and row.points.count() == 1
    with pytest.raises(RuleBroken) as error:
        allocations.allocation_cancel(allocation_id=row.pk, actor=stage.users["controller"], at=AT)
    assert error.value.code == "allocation_ended"
    page = text(client_of(stage).get(f"/fordelning/{row.pk}/"))
    assert "Stoppad efter 1 av 3" in page


def test_no_work_is_told_and_not_reckoned(stage: Stage) -> None:
    """Asking is refused; where the work went away meanwhile, the curve says so."""
    row = ask(stage)
    TaskType.objects.update(retired_at="2020-01-01T00:00Z")
    assert (run(row).state, row.fault) == (RunState.FAILED, "nothing_to_allocate")
    with pytest.raises(RuleBroken) as error:
        ask(stage)
    assert error.value.code == "nothing_to_allocate"
    assert "inget arbete att fördela" in text(client_of(stage).get(f"/fordelning/{row.pk}/"))
    assert "inget behov att visa" in text(client_of(stage).get("/behov/"))


def test_needs_by_hour_open_their_sources(stage: Stage) -> None:
    """The clock with interval and people; an hour names its tasks, whose they are, norms and sources."""
    page = text(client_of(stage).get("/behov/?whose=all"))
    assert "21" in page and "helgd." in page and "vilar på normtider som ingen har mätt" in page
    assert "95 procent arbete på avdelning" in page
    one = text(client_of(stage).get("/behov/?whose=all&zon=K1"))
    assert "<h1>Behov: Avdelning K1</h1>" in one and "vilar på normtider" not in one
    hour = text(client_of(stage).get("/behov/timme/?whose=all&zoned_by=division&dag=mon&tim=9"))
    assert "Måndag 09–10" in hour and "a guess of ours" in hour and "uppmätt" in hour and "planerat 09:00-12:00" in hour
    assert client_of(stage).get("/behov/timme/?dag=mon&tim=25").status_code == 404
    assert client_of(stage).get("/behov/timme/?dag=x&tim=9").status_code == 404
    assert percents([0.95, 0.9025]) == "90–95" and percents([]) == ""


def test_what_is_cares_by_agreement_is_not_the_services_need(stage: Stage) -> None:
    """From nine to twelve care does it on one ward: half of the work is left, unless all is asked for."""
    version = version_make(agreement_make(stage.ward))
    kitchen = TaskType.objects.get(code="kitchen")
    line_make(version, kitchen, stage.ward, "9-12", party="care", days=ALL_DAYS)
    version_sign(version, stage.users["service_head"], stage.users["unit_manager"])
    asked = {"hospital_id": stage.ward.division.hospital_id, "on": date(2026, 3, 5), "zoned_by": "ward"}
    minutes = {
        whose: sum(map(sum, hospital_needs(**asked, whose=whose).estimate().whole.typical)) / 8
        for whose in ("service", "all")
    }
    assert minutes == {"service": pytest.approx(90), "all": pytest.approx(180)}


def test_the_page_and_the_files_of_a_curve(stage: Stage) -> None:
    """Ask on the page, read chart and table, choose a number, hand out the same figures as CSV and xlsx."""
    client = client_of(stage)
    said = {"whose": "all", "zoned_by": "ward", "niva": "80", "n_most": "2"}
    assert client_of(stage, "auditor").post("/fordelning/", said).status_code == 403
    assert client.post("/fordelning/", said | {"n_most": "99"}).status_code == 422
    answer = client.post("/fordelning/", said)
    row = Allocation.objects.get()
    assert answer.url == f"/fordelning/{row.pk}/"
    assert "0 av 3 punkter" in text(client.get(answer.url)) and "Stoppa" in text(client.get(answer.url))
    run(row)
    page = text(client.get(f"/fordelning/{row.pk}/?n=2"))
    assert "Med 2 tjänster" in page and "<svg" in page and "Den 2:a tjänsten täcker" in page and "bäst, bevisat" in page
    assert "Vad som blir kvar" in page and "förmiddag" in page and "<progress" not in page
    assert "Med 1 tjänst" in text(client.get(f"/fordelning/{row.pk}/delar/?n=1"))
    assert "0–2" in text(client.get("/fordelning/"))
    answer = client.get(f"/fordelning/{row.pk}/kurva.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    points = row.points.order_by("n_posts")
    assert [float(one["covered_hours"].replace(",", ".")) for one in rows] == [
        pytest.approx(point.row["covered_minutes"] / 60, abs=0.006) for point in points
    ]
    book = load_workbook(io.BytesIO(client.get(f"/fordelning/{row.pk}/kurva.xlsx?n=2").content))
    assert book.sheetnames == ["Kurva", "Pass", "Behov"] and "Den 2:a tjänsten" in str(book["Kurva"]["L6"].value)
    book.close()
    assert client.get(f"/fordelning/{row.pk}/kurva.pdf").status_code == 404
    assert client.get("/fordelning/999/").status_code == 404
    assert client.post(f"/fordelning/{row.pk}/stoppa/").status_code == 302


def test_ordinals_of_both_languages() -> None:
    """1:a, 9:e, 11:e, 21:a; 1st, 9th, 11th, 21st."""
    with translation.override("sv"):
        assert [ordinal(n) for n in (1, 9, 11, 12, 21, 22)] == ["1:a", "9:e", "11:e", "12:e", "21:a", "22:a"]
    with translation.override("en"):
        assert [ordinal(n) for n in (1, 9, 11, 21, 103)] == ["1st", "9th", "11th", "21st", "103rd"]
