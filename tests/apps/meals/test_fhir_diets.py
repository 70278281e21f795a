"""Diets and allergies by FHIR: over HTTP with a key, kept, applied by the worker, part of the patient's diet."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.strategies.fhir import P1, allergy_resource, nutrition_order
from tests.strategies.meals import meals_set, stay_of, tell
from tests.strategies.messages import person

from vardnara.apps.accounts.choices import Profession, Role
from vardnara.apps.accounts.models import User
from vardnara.apps.hospital.models import InboxMessage, Sender, SystemKey
from vardnara.apps.hospital.queries.inbox_page import message_open
from vardnara.apps.hospital.services.applying import inbox_apply
from vardnara.apps.hospital.services.fhir_in import key_end, key_make, system_add
from vardnara.apps.hospital.services.inbox_mending import message_retry
from vardnara.apps.meals.models import Restriction, SentDiet
from vardnara.apps.meals.services.diet_codes import meaning_set

pytestmark = pytest.mark.django_db

MEANINGS = {
    ("allergy", "NUT"): [("allergen", "8")],
    ("allergy", "MILK"): [("allergen", "7")],
    ("diet", "NORM"): [("base_diet", "normal")],
    ("diet", "GLUT"): [("special_diet", "gluten_free")],
}


class Caller:
    """A system with a key: sends, has it applied, and tells what the inbox then holds."""

    def __init__(self, admin: User) -> None:
        self.admin = admin
        self.sender = system_add(application="CARE", facility="FJ", actor=admin, at=timezone.now())
        self.key = key_make(sender_id=self.sender.pk, actor=admin, at=timezone.now())
        self.client = Client()

    def call(
        self, method: str, path: str, body: Any, *, key: str | None = None, kind: str = "application/fhir+json"
    ) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
        return self.client.generic(method, f"/fhir/r4/{path}", raw, content_type=kind, headers=headers)

    def put(self, resource: dict[str, Any]) -> Any:
        answer = self.call("PUT", f"{resource['resourceType']}/{resource['id']}", resource)
        inbox_apply(at=timezone.now())
        return answer

    def told(self) -> list[tuple[str, str]]:
        """Status and reason of each message, in the order of arrival."""
        return list(InboxMessage.objects.filter(application="CARE").order_by("pk").values_list("status", "reason"))


@pytest.fixture
def caller() -> Caller:
    """P1 lies in K31 1-1; the words of ``MEANINGS`` are mapped."""
    made = meals_set()
    dietitian = User.objects.create(username="d", role="ward_staff", profession=Profession.DIETITIAN)
    for (use, code), targets in MEANINGS.items():
        meaning_set(source_name="", use=use, system="", code=code, targets=targets, actor=dietitian, at=timezone.now())
    tell("A01", 0, "1-1")
    return Caller(person(Role.INTEGRATOR, "it", made.hospital))


def parts(visit: str = "V1") -> list[str]:
    rows = Restriction.objects.filter(patient=stay_of(visit).patient_id, ended_at__isnull=True)
    return sorted(f"{row.source} {row.part} {row.code or '?' + row.text}" for row in rows)


def test_an_order_holds_waits_holds_again_and_ends(caller: Caller) -> None:
    """The same bytes as an earlier state are news after another state; the same twice are one."""
    order = nutrition_order()
    assert caller.put(order).status_code == 202
    assert parts() == ["fhir base_diet normal"]
    assert caller.put(order).status_code == 200
    assert caller.told() == [("applied", "")]
    caller.put(order | {"status": "on-hold"})
    assert parts() == []
    assert caller.put(order).status_code == 202
    assert parts() == ["fhir base_diet normal"]
    caller.put(nutrition_order("n2", "GLUT"))
    assert parts() == ["fhir base_diet normal", "fhir special_diet gluten_free"], "orders are united"
    caller.put(order | {"status": "revoked"})
    assert parts() == ["fhir special_diet gluten_free"]
    assert set(caller.told()) == {("applied", "")}
    late = order | {"meta": {"lastUpdated": "2026-03-02T00:00:00Z"}}
    assert caller.put(late).status_code == 202
    assert caller.told()[-1] == ("ignored", "older_than_known")
    assert parts() == ["fhir special_diet gluten_free"]


def test_an_allergy_waits_for_its_patient(caller: Caller) -> None:
    """Kept, parked and said so; when the patient comes it is the patient's, and the message is applied."""
    other = {"identifier": {"system": "FJ", "value": "P2"}}
    caller.put(allergy_resource(patient=other))
    caller.put(nutrition_order(patient=other))
    assert caller.told() == [("parked", "unknown_patient")] * 2
    tell("A01", 1, "1-2", patient="P2", visit="V2")
    assert caller.told() == [("applied", "")] * 2
    assert parts("V2") == ["fhir allergen 8", "fhir base_diet normal"]
    assert parts() == []
    caller.put(allergy_resource(patient=other, verificationStatus={"coding": [{"code": "refuted"}]}))
    assert parts("V2") == ["fhir base_diet normal"]


def test_an_order_that_points_to_an_allergy_is_not_understood_until_the_allergy_comes(caller: Caller) -> None:
    caller.put(nutrition_order(allergyIntolerance=[{"reference": "AllergyIntolerance/a1", "display": "Mjölk"}]))
    assert parts() == ["fhir allergen ?Mjölk", "fhir base_diet normal"]
    caller.put(allergy_resource(code="MILK"))
    assert parts() == ["fhir allergen 7", "fhir base_diet normal"]


def test_an_identifier_system_that_nobody_has_mapped_parks_and_is_mended(caller: Caller) -> None:
    stranger = {"identifier": {"system": "urn:oid:1.2.3", "value": "P1"}}
    caller.put(allergy_resource(patient=stranger))
    assert caller.told() == [("parked", "unknown_patient")]
    page = Client()
    page.force_login(caller.admin)
    address = reverse("hospital:system_issuers", args=[caller.sender.pk])
    assert "Rad 1" in page.post(address, {"issuers": "urn:oid:1.2.3"}, headers={"Accept-Language": "sv"}).text
    assert page.post(address, {"issuers": "urn:oid:1.2.3 = FJ"}).status_code == 302
    message_retry(message_id=InboxMessage.objects.latest("pk").pk, actor=caller.admin, at=timezone.now())
    inbox_apply(at=timezone.now())
    assert caller.told() == [("applied", "")]
    assert parts() == ["fhir allergen 8"]


def test_nobody_without_a_key_that_holds(caller: Caller) -> None:
    order = nutrition_order()
    for key in ("", "wrong"):
        answer = caller.call("PUT", "NutritionOrder/n1", order, key=key)
        assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["resourceType"] == "OperationOutcome"
    key_end(key_id=SystemKey.objects.get().pk, actor=caller.admin, at=timezone.now())
    assert caller.call("PUT", "NutritionOrder/n1", order).status_code == 401
    with pytest.raises(DatabaseError), transaction.atomic():
        SystemKey.objects.update(ended_at=None, ended_by=None)
    assert not InboxMessage.objects.filter(application="CARE").exists()
    assert caller.key not in SystemKey.objects.get().digest


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status", "place"),
    [
        ("PUT", "NutritionOrder/other", nutrition_order(), "application/json", 400, "NutritionOrder.id"),
        ("PUT", "NutritionOrder/n1", nutrition_order(status=5), "application/json", 400, "NutritionOrder.status"),
        ("PUT", "NutritionOrder/n1", b"{", "application/json", 400, "$"),
        ("PUT", "NutritionOrder/n1", allergy_resource("n1"), "application/json", 400, "$.resourceType"),
        ("PUT", "Patient/p", {"resourceType": "Patient", "id": "p"}, "application/json", 400, "Patient"),
        ("PUT", "NutritionOrder/n1", b"<x/>", "application/fhir+xml", 415, "Content-Type"),
        ("DELETE", "NutritionOrder/n1", b"", "application/json", 405, "$"),
        ("POST", "", nutrition_order(), "application/json", 400, "$"),
        ("PUT", "NutritionOrder/n1", b" " * 1_000_001, "application/json", 413, "$"),
    ],
)
def test_what_is_refused_says_where(
    caller: Caller, method: str, path: str, body: Any, kind: str, status: int, place: str
) -> None:
    answer = caller.call(method, path, body, kind=kind)
    assert answer.status_code == status
    assert place in [one["expression"][0] for one in answer.json()["issue"]]
    assert not InboxMessage.objects.filter(application="CARE").exists()


def test_a_transaction_is_whole_or_nothing_and_a_batch_each_by_itself(caller: Caller) -> None:
    good, bad = nutrition_order(), allergy_resource(code=None)
    entries = [{"resource": good}, {"resource": bad}, {"resource": {"resourceType": "Patient", "id": "x"}}]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    assert caller.call("POST", "", bundle).status_code == 400
    assert not InboxMessage.objects.filter(application="CARE").exists()
    answer = caller.call("POST", "", bundle | {"type": "batch"})
    assert [one["response"]["status"] for one in answer.json()["entry"]] == [
        "202 Accepted",
        "400 Bad Request",
        "200 OK",
    ]
    inbox_apply(at=timezone.now())
    assert parts() == ["fhir base_diet normal"]


def test_a_post_without_an_id_gets_one_that_a_resend_gets_too(caller: Caller) -> None:
    order = {name: value for name, value in nutrition_order().items() if name != "id"}
    first, second = (caller.call("POST", "NutritionOrder", order) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 200)
    assert first["Location"] == second["Location"]
    assert SentDiet.objects.count() == 0
    inbox_apply(at=timezone.now() + timedelta(seconds=1))
    assert parts() == ["fhir base_diet normal"]


def test_the_message_page_hides_whom_and_what_it_is_about(caller: Caller) -> None:
    caller.put(nutrition_order(patient=P1 | {"display": "Berg P1"}))
    row = InboxMessage.objects.latest("pk")
    hidden = {
        field.text
        for view in message_open(actor=caller.admin, message_id=row.pk, shown=False).segments
        for field in view.fields
    }
    assert {"active", "order", "n1"} <= hidden and not {"P1", "NORM", "Berg P1"} & hidden
    shown = {
        field.text
        for view in message_open(actor=caller.admin, message_id=row.pk, shown=True).segments
        for field in view.fields
    }
    assert {"P1", "NORM", "Berg P1"} <= shown


def test_what_can_be_sent_is_said_to_anybody() -> None:
    said = Client().get("/fhir/r4/metadata").json()
    assert said["resourceType"] == "CapabilityStatement" and said["fhirVersion"] == "4.0.1"
    assert [one["type"] for one in said["rest"][0]["resource"]] == ["NutritionOrder", "AllergyIntolerance"]


def test_a_system_is_made_and_gets_a_key_on_the_page(caller: Caller) -> None:
    page = Client()
    page.force_login(caller.admin)
    made = page.post(reverse("hospital:system_new"), {"application": "KOST"}, follow=True)
    sender = Sender.objects.get(application="KOST")
    assert "KOST" in made.text
    shown = page.post(reverse("hospital:system_keys", args=[sender.pk])).text
    key = next(word.split("<")[0] for word in shown.split('class="code">') if len(word.split("<")[0]) == 43)
    answer = caller.call("PUT", "NutritionOrder/n1", nutrition_order(), key=key)
    assert answer.status_code == 202
    assert key not in page.get(reverse("hospital:system_keys", args=[sender.pk])).text
    again = page.post(reverse("hospital:system_new"), {"application": "KOST"})
    assert Sender.objects.filter(application="KOST").count() == 1 and again.status_code == 200
    ended = reverse("hospital:system_key_end", args=[sender.pk, SystemKey.objects.get(sender=sender).pk])
    assert page.post(ended).status_code == 302
    assert caller.call("PUT", "NutritionOrder/n1", nutrition_order(), key=key).status_code == 401
