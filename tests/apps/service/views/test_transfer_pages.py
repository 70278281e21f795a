"""The pages of transfers: a plan made by forms alone, the gate in words, the balance as table, clock and file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.strategies.agreed import (
    ALL_DAYS,
    agreement_make,
    line_make,
    norm_make,
    task_type_make,
    version_make,
    version_sign,
)
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.accounts.models import Scope
from vardnara.apps.service.models import AgreementVersion, TransferPlan

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def agreed(stage: Stage) -> AgreementVersion:
    version = version_make(agreement_make(stage.ward))
    breakfast = task_type_make("breakfast", driver="ward", name="Frukost", name_en="Breakfast")
    norm_make(breakfast, fixed_low=20, fixed_typical=30, fixed_high=60)
    for ward in (stage.ward, stage.other_ward):
        line_make(version, breakfast, ward, "7-9", days=ALL_DAYS)
    line_make(version, task_type_make("stores", driver="ward", name="Förråd"), stage.ward, "13-15")
    line_make(version, task_type_make("textiles", driver="ward"), stage.ward, "10-11")
    return version_sign(version, stage.users["service_head"], stage.users["decision_maker"])


def signed_in(stage: Stage, who: str, language: str = "sv") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(stage.users[who])
    return client


def page(client: Client, plan: TransferPlan, query: str = "") -> str:
    answer = client.get(reverse("service:transfer", args=[plan.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def do(client: Client, plan: TransferPlan, deed: str, **data: Any) -> Any:
    return client.post(reverse("service:transfer_act", args=[plan.pk, deed]), data)


@pytest.fixture
def plan(stage: Stage, agreed: AgreementVersion) -> TransferPlan:
    """Breakfast on both wards and stores on one, made by the forms."""
    head = signed_in(stage, "service_head")
    soon = timezone.localdate() + timedelta(days=20)
    made = head.post(
        reverse("service:transfer_new"),
        {
            "agreement": agreed.agreement_id, "title": "Frukost till vården", "from_party": "service",
            "to_party": "care", "switch_on": soon.isoformat(), "care_contact": "Enhetschefen",
        },
    )  # fmt: skip
    plan = TransferPlan.objects.get(title="Frukost till vården")
    assert made["Location"] == reverse("service:transfer", args=[plan.pk])
    kinds = [task_type_make(code).pk for code in ("breakfast", "stores")]
    wards = [stage.ward.pk, stage.other_ward.pk]
    assert do(head, plan, "flytta", kinds=kinds, wards=wards, days="alla dagar").status_code == 302
    assert plan.items.count() == 3
    return plan


def test_from_nothing_to_signed_by_forms_alone(stage: Stage, plan: TransferPlan) -> None:
    """Homes, steps, the report, the next version: each deed changes what the page says."""
    head = signed_in(stage, "service_head")
    told = page(head, plan)
    assert "Samverkan (MBL) är inte rapporterad avslutad" in told and "Ingen har sagt vem som tar hand om det" in told
    assert "ingen vet hur lång tid det tar" in told  # stores have no norm
    items = list(plan.items.filter(task_type__code="breakfast").values_list("pk", flat=True))
    home = {"items": items, "how": "added", "who": "Vårdbiträde", "hours_per_week": "1,5", "days": "mån-fre"}
    do(head, plan, "hem", window="07-16", **home)
    told = page(head, plan)
    assert "Tas emot, bemanning tillkommer: Vårdbiträde · måndag till fredag 07:00–16:00" in told
    assert "högst 90 minuter i veckan" in told
    do(head, plan, "steg", kind="training", side="care", text="Livsmedelshygien")
    step = plan.steps.get()
    assert do(signed_in(stage, "unit_manager"), plan, "bocka", id=step.pk, done="1").status_code == 302
    assert "1/1" in page(head, plan)
    do(head, plan, "samverkan", reference="MBL 12", closed_on=timezone.localdate().isoformat())
    assert "(MBL 12)" in page(head, plan)
    do(head, plan, "skriv")
    plan.refresh_from_db()
    version = plan.version
    where = reverse("service:agreement_version", args=[version.agreement_id, version.number])
    shown = head.get(where)
    assert "Frukost till vården" in shown.content.decode()
    mark = shown.context["mark"]
    for who in ("service_head", "decision_maker"):
        signed_in(stage, who).post(where + "skriv-under/", {"mark": mark, "holes_reason": "som förut"})
    version.refresh_from_db()
    assert version.state == "signed"
    told = page(head, plan)
    assert "Underskriven, byter av sig själv" in told and "Avbryt överföringen" not in told
    day = signed_in(stage, "ward_staff").get(reverse("service:ward_today", args=[stage.ward.pk])).content.decode()
    assert "görs detta av vårdpersonalen: Frukost" in day and "Kontakt: Enhetschefen." in day


def test_the_agreement_s_page_offers_no_signature_while_the_gate_is_shut(stage: Stage, plan: TransferPlan) -> None:
    """Who comes from the agreement reads why, and is refused if the form is sent all the same."""
    head = signed_in(stage, "service_head")
    do(head, plan, "skriv")
    plan.refresh_from_db()
    version = plan.version
    where = reverse("service:agreement_version", args=[version.agreement_id, version.number])
    care = signed_in(stage, "decision_maker")
    shown = care.get(where)
    told = shown.content.decode()
    assert "Samverkan är inte rapporterad avslutad, så ingen kan skriva under" in told
    assert 'name="mark"' not in told
    words = {"mark": shown.context["mark"], "holes_reason": "x"}
    answer = care.post(where + "skriv-under/", words, follow=True).content.decode()
    assert "inte är rapporterad avslutad. Ingen kan skriva under ännu" in answer


@pytest.mark.parametrize(
    ("deed", "data", "said"),
    [
        ("flytta", {"kinds": [], "days": "blåsdag"}, "Skriv dagar som"),
        ("hem", {"how": "added", "who": "", "days": "helgdag", "window": "07:30-16"}, "hela timmar, som 07:00–16:00"),
        ("hem", {"how": "added", "who": "x", "days": "helgdag"}, "Skriv veckodagar"),
        ("samverkan", {"reference": "MBL", "closed_on": "2199-01-01"}, "senast i dag"),
        ("samverkan", {"reference": "", "closed_on": ""}, "måste fyllas i"),
        ("steg", {"kind": "training", "side": "care", "text": ""}, "måste fyllas i"),
        ("avbryt", {"reason": ""}, "måste fyllas i"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    deed: str, data: dict[str, Any], said: str, stage: Stage, plan: TransferPlan
) -> None:
    """Nothing is changed, and the page says which field and what was expected."""
    answer = do(signed_in(stage, "service_head"), plan, deed, **data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    plan.refresh_from_db()
    assert plan.consultation_closed_on is None and plan.cancelled_at is None and plan.items.count() == 3


def test_a_cancelled_plan_says_why_and_offers_nothing(stage: Stage, plan: TransferPlan) -> None:
    head = signed_in(stage, "service_head")
    do(head, plan, "skriv")
    do(head, plan, "avbryt", reason="Inget folk i vården")
    told = page(head, plan)
    assert "Inget folk i vården" in told and "<form method" not in told.split("<main")[1]
    assert "Avbruten" in head.get(reverse("service:transfers")).content.decode()


def test_a_draft_that_is_there_already_is_named(stage: Stage, plan: TransferPlan) -> None:
    """One draft of an agreement at a time: the page leads to the one that is in the way."""
    head = signed_in(stage, "service_head")
    soon = timezone.localdate() + timedelta(days=3)
    head.post(reverse("service:agreement_draft_new", args=[plan.agreement_id]), {"valid_from": soon.isoformat()})
    told = page(head, plan)
    assert "Överenskommelsen har redan ett utkast" in told and "/version/2/" in told
    answer = do(head, plan, "skriv")
    assert answer.status_code == 302
    plan.refresh_from_db()
    assert plan.version is None


def test_contacts_change_when_the_rest_stands_still(stage: Stage, plan: TransferPlan) -> None:
    head = signed_in(stage, "service_head")
    do(head, plan, "skriv")
    where = reverse("service:transfer_edit", args=[plan.pk])
    assert 'name="switch_on"' not in head.get(where).content.decode()
    head.post(where, {"care_contact": "Ny chef", "title": "annat"})
    plan.refresh_from_db()
    assert (plan.care_contact, plan.title) == ("Ny chef", "Frukost till vården")


def test_the_file_says_what_the_page_says(stage: Stage, plan: TransferPlan) -> None:
    """By item with low, typical and high; by ward, weekday and hour; what nobody knows is empty, not 0."""
    controller = signed_in(stage, "controller")
    where = reverse("service:transfer_export", args=[plan.pk])
    text = controller.get(where).content.decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {(row["task"], row["ward"], row["minutes_known"], row["leaving_typical"]) for row in rows} == {
        ("breakfast", "K1", "1", "210,00"),
        ("breakfast", "M1", "1", "210,00"),
        ("stores", "K1", "0", ""),
    }
    text = controller.get(where + "?del=klocka").content.decode().removeprefix("\ufeff")
    hours = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(hours) == 2 * 7 * 24
    total = sum(float(row["minutes_homeless"].replace(",", ".")) for row in hours)
    assert total == pytest.approx(420, abs=1)
    english = page(signed_in(stage, "controller", "en"), plan, "?avd=K1&visa=hemlosa")
    assert "7.0</b> hours a week leave" in english and "When the hours without a home fall: K1" in english


def test_a_manager_of_one_ward_sees_that_ward_s_part(stage: Stage, plan: TransferPlan) -> None:
    """What is outside a person's wards does not exist for them, in rows, sums and list."""
    manager = stage.users["unit_manager"]
    Scope.objects.filter(user=manager).delete()
    Scope.objects.create(user=manager, hospital=stage.ward.division.hospital, ward=stage.other_ward)
    client = signed_in(stage, "unit_manager")
    told = page(client, plan)
    assert "Förråd" not in told and "3,5</b> timmar i veckan lämnar" in told
    Scope.objects.filter(user=manager).update(
        hospital=stage.foreign.room.ward.division.hospital, ward=stage.foreign.room.ward
    )
    assert client.get(reverse("service:transfer", args=[plan.pk])).status_code == 404
    assert do(client, plan, "bocka", id=1, done="1").status_code == 404


@pytest.mark.parametrize("deed", ["flytta", "samverkan", "skriv", "avbryt", "oppna", "ta-tillbaka"])
def test_a_manager_only_ticks(deed: str, stage: Stage, plan: TransferPlan) -> None:
    data = {"reason": "x", "reference": "x", "closed_on": timezone.localdate().isoformat(), "days": "alla dagar",
        "kinds": task_type_make("breakfast").pk, "wards": stage.ward.pk}  # fmt: skip
    answer = do(signed_in(stage, "unit_manager"), plan, deed, **data)
    assert answer.status_code == 403
    plan.refresh_from_db()
    assert (plan.consultation_closed_on, plan.version, plan.cancelled_at, plan.items.count()) == (None, None, None, 3)
