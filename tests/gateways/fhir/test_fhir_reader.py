"""FHIR R4 resources are read as they are written, and what is wrong is named at its element."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies.fhir import allergy_resource, nutrition_order

from vardnara.engines.diet.sent import Coding
from vardnara.gateways.fhir.bundle import bundle_entries
from vardnara.gateways.fhir.faults import FhirError
from vardnara.gateways.fhir.reader import FhirRules, fhir_check, fhir_load, fhir_read
from vardnara.gateways.hl7.reader import AdtReading, Refusal

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def read(resource: dict[str, Any], **rules: Any) -> AdtReading:
    return fhir_read(json.dumps(resource).encode(), FhirRules("EHR", "FJ", **rules), received_at=NOW)


def labels(reading: AdtReading) -> list[tuple[str, str]]:
    return [(word.use, word.label) for word in reading.orders[0].words]


def test_every_part_of_an_order_becomes_a_word() -> None:
    """H-40: types, textures, fluids, nutrients, supplements, formula, preferences, exclusions; codes as they are."""
    reading = read(
        nutrition_order(
            oralDiet={
                "type": [{"coding": [{"system": "http://snomed.info/sct", "code": "1", "display": "Glutenfri"}]}],
                "texture": [{"modifier": {"text": "Timbal"}, "foodType": {"text": "Kött"}}],
                "fluidConsistencyType": [{"text": "Nektar"}],
                "nutrient": [{"modifier": {"text": "Natrium"}, "amount": {"value": 2, "unit": "g"}}],
                "instruction": "litet",
            },
            supplement=[{"type": {"text": "Näringsdryck"}, "productName": "X", "quantity": {"value": 2, "unit": "dl"}}],
            enteralFormula={"baseFormulaProductName": "Sond"},
            foodPreferenceModifier=[{"text": "Halal"}],
            excludeFoodModifier=[{"text": "Fisk"}],
            allergyIntolerance=[{"reference": "AllergyIntolerance/7", "display": "Nötter"}],
        )
    )
    assert labels(reading) == [
        ("diet", "Glutenfri"),
        ("diet", "Timbal"),
        ("diet", "Nektar"),
        ("diet", "Natrium"),
        ("supplement", "Näringsdryck"),
        ("diet", "Sond"),
        ("preference", "Halal"),
        ("allergy", "Fisk"),
        ("allergy", "Nötter"),
    ]
    words = reading.orders[0].words
    assert words[0].codings == (Coding("http://snomed.info/sct", "1", "Glutenfri"),)
    assert [words[n].note for n in (0, 1, 3, 4)] == ["litet", "Kött", "2 g", "X · 2 dl"]


def test_schedules_say_when() -> None:
    """A day that ends a period belongs to it; of several schedules the widest; meals by their event timing."""
    timing = {"repeat": {"boundsPeriod": {"start": "2026-03-01", "end": "2026-03-02"}, "when": ["CM"]}}
    later = {"repeat": {"boundsPeriod": {"start": "2026-03-03", "end": "2026-03"}, "when": ["CV"]}}
    order = read(nutrition_order(oralDiet={"type": [{"text": "x"}], "schedule": [timing, later]})).orders[0]
    assert (order.starts_at, order.ends_at) == (
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )
    assert order.periods == ("breakfast", "dinner")
    endless = {"repeat": {"boundsPeriod": {"start": "2026-03-03"}}}
    order = read(nutrition_order(oralDiet={"type": [{"text": "x"}], "schedule": [timing, endless]})).orders[0]
    assert order.ends_at is None


@pytest.mark.parametrize(
    ("status", "intent", "controls"),
    [
        ("active", "order", ["NW"]),
        ("on-hold", "order", ["NW", "HD"]),
        ("revoked", "order", ["NW", "DC"]),
        ("completed", "order", ["NW", "DC"]),
        ("entered-in-error", "order", ["NW", "DC"]),
        ("unknown", "order", ["NW"]),
        ("draft", "order", []),
        ("active", "proposal", []),
        ("active", "plan", []),
    ],
)
def test_status_and_intent(status: str, intent: str, controls: list[str]) -> None:
    reading = read(nutrition_order(status=status, intent=intent))
    assert [one.control for one in reading.orders] == controls
    assert reading.effective == bool(controls)


def test_an_allergy_holds_unless_it_says_that_it_does_not() -> None:
    """Without a category it is about food. Inactive, resolved, refuted or mistaken ends it; so does another kind."""

    def ends(**words: Any) -> bool:
        allergies = read(allergy_resource(**words)).subjects[0].allergies
        assert allergies is not None
        return allergies.changes[0].ends

    def concept(code: str) -> dict[str, Any]:
        return {"coding": [{"code": code}]}

    assert not ends() and not ends(category=["food", "medication"]) and not ends(category=[])
    assert not ends(verificationStatus=concept("unconfirmed"))
    assert ends(category=["medication"])
    assert ends(clinicalStatus=concept("inactive")) and ends(clinicalStatus=concept("resolved"))
    assert ends(verificationStatus=concept("refuted")) and ends(verificationStatus=concept("entered-in-error"))


def test_whose_it_is() -> None:
    """An identifier by its system, an OID as itself, a reference by the number only where its issuer is known."""
    oid = {"identifier": {"system": "urn:oid:1.2.752.129.2.1.3.1", "value": "19500102"}}
    assert read(nutrition_order(patient=oid)).subjects[0].patient.issuer == "1.2.752.129.2.1.3.1"
    mapped = read(nutrition_order(patient=oid), issuers={"urn:oid:1.2.752.129.2.1.3.1": "PNR"})
    assert (mapped.subjects[0].patient.issuer, mapped.subjects[0].patient.value) == ("PNR", "19500102")
    by_id = nutrition_order(patient={"reference": "https://x/Patient/12"}, encounter={"reference": "Encounter/5"})
    assert (read(by_id).subjects[0].patient.value, read(by_id).subjects[0].visit) == ("12", None)
    visit = read(by_id, issuers={"Encounter": "FJ"}).subjects[0].visit
    assert visit is not None and (visit.value, visit.issuer) == ("5", "FJ")


def test_time_is_when_it_was_changed_never_later_than_it_came() -> None:
    assert read(nutrition_order()).recorded_at == NOW
    assert read(nutrition_order(meta={"lastUpdated": "2026-03-02T08:00:00+01:00"})).recorded_at.hour == 8
    assert read(nutrition_order(meta={"lastUpdated": "2027-01-01T08:00:00Z"})).recorded_at == NOW


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ({"status": None}, "NutritionOrder.status"),
        ({"intent": 5}, "NutritionOrder.intent"),
        ({"dateTime": "yesterday"}, "NutritionOrder.dateTime"),
        ({"patient": {"display": "Berg"}}, "NutritionOrder.patient"),
        ({"id": None}, "NutritionOrder.id"),
        ({"oralDiet": {"type": [{"text": "a"}, {"kod": "b"}]}}, "NutritionOrder.oralDiet.type[1].kod"),
    ],
)
def test_a_fault_is_named_at_its_element(words: dict[str, Any], place: str) -> None:
    resource = {name: value for name, value in (nutrition_order() | words).items() if value is not None}
    with pytest.raises(FhirError) as no:
        fhir_check(resource)
    assert place in [fault.place for fault in no.value.faults]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"resourceType": "NutritionOrder",\n "status": }', "line 2, column 12"),
        (b'{"resourceType": "NutritionOrder", "status": "a", "status": "b"}', "status stands twice"),
        (b"[1]", "an object with resourceType was expected"),
        (b"\xff", "UTF-8 was expected"),
        (b'{"resourceType": "X", "n": NaN}', "NaN is no JSON number"),
        (b"[" * 100_000, "nested|line 1|recursion"),
    ],
)
def test_what_is_no_resource_says_where(raw: bytes, words: str) -> None:
    with pytest.raises(FhirError, match=words):
        fhir_load(raw)


def test_a_bundle_gives_its_references_their_identifiers() -> None:
    patient = {"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:oid:1.2", "value": "P1"}]}
    order = nutrition_order(patient={"reference": "urn:uuid:1"})
    del order["id"]
    entries = bundle_entries(
        {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [
                {"fullUrl": "urn:uuid:1", "resource": patient},
                {"fullUrl": "urn:uuid:2", "resource": order, "request": {"method": "POST", "url": "NutritionOrder"}},
                {"resource": allergy_resource(code=None)},
                {"resource": order | {"id": "3"}, "request": {"method": "DELETE"}},
            ],
        }
    )
    assert [entry.name for entry in entries] == ["Patient", "NutritionOrder", "AllergyIntolerance", "NutritionOrder"]
    assert entries[0].resource is None and not entries[0].faults
    assert entries[1].resource is not None
    assert entries[1].resource["id"] == "2"
    assert entries[1].resource["patient"]["identifier"]["value"] == "P1"
    assert entries[2].faults[0].place == "Bundle.entry[2].resource.code"
    assert entries[3].faults[0].place == "Bundle.entry[3].request.method"


def test_the_published_examples_are_read(shared_data: Path) -> None:
    """HL7's own examples: nothing is refused, every order has words, the texture and the cashew are there."""
    folder = shared_data / "fhir_r4" / "examples"
    readings = {}
    for path in sorted((*folder.glob("NutritionOrder-*.json"), *folder.glob("AllergyIntolerance-*.json"))):
        readings[path.stem] = fhir_read(path.read_bytes(), FhirRules(), received_at=NOW)
    assert len(readings) >= 13
    orders = [one for name, one in readings.items() if name.startswith("Nutrition")]
    assert all(one.orders and one.orders[0].words for one in orders)
    assert ("diet", "Chopped food") in labels(readings["NutritionOrder-texturemodified"])
    cashew = readings["AllergyIntolerance-example"].subjects[0].allergies
    assert cashew is not None and cashew.changes[0].word.label == "Cashew nuts" and not cashew.changes[0].ends


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150)
@given(
    base=st.sampled_from([nutrition_order(), allergy_resource()]),
    name=st.sampled_from(["oralDiet", "patient", "supplement", "code", "category", "meta", "contained", "encounter"]),
    value=plain,
)
def test_whatever_comes_is_read_or_refused(base: dict[str, Any], name: str, value: Any) -> None:
    """Nothing else than a refusal comes of a resource that is not one."""
    try:
        read(base | {name: value})
    except Refusal as no:
        assert no.location
