"""From FHIR R4 to what a sender says of a diet: one NutritionOrder or one AllergyIntolerance at a time.

The structure is held to the specification by ``fhir.resources`` (R4B, which for these two resources is R4). Nothing is
guessed: a code is a word of its system, a reference that is not resolved is a word that nobody has mapped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vardnara.engines.diet.sent import Coding, Word
from vardnara.gateways.fhir.faults import Fault, FhirError
from vardnara.gateways.hl7.diet import Allergies, AllergyChange, DietOrder
from vardnara.gateways.hl7.reader import AdtReading, Header, Identifier, Refusal, Subject

STANDARD = "FHIR"
VERSION = "4.0.1"
TAKEN = {"NutritionOrder": "NUTRITION", "AllergyIntolerance": "ALLERGY"}
REFERENCE = "reference"  # the code system of a word that is only a reference
NO_EFFECT = frozenset({"proposal", "plan", "option"})  # of intent: nobody has ordered it yet
HOLDS = frozenset({"on-hold"})
ENDS = frozenset({"revoked", "completed", "entered-in-error"})
INACTIVE = frozenset({"inactive", "resolved"})
NOT_SO = frozenset({"refuted", "entered-in-error"})
MEAL_WHEN = {  # event timing codes: at, before and after each meal
    "CM": "breakfast",
    "ACM": "breakfast",
    "PCM": "breakfast",
    "CD": "lunch",
    "ACD": "lunch",
    "PCD": "lunch",
    "CV": "dinner",
    "ACV": "dinner",
    "PCV": "dinner",
}


@dataclass(frozen=True, slots=True)
class FhirRules:
    """How a sending system's resources are read.

    ``issuers`` says which issuer of identifiers here an identifier system there is: ``{"urn:oid:…": "PNR"}``; with
    ``Patient`` and ``Encounter`` as keys, whose numbers the ids of these resources are.
    """

    application: str = ""
    facility: str = ""
    time_zone: str = "Europe/Stockholm"
    issuers: dict[str, str] = field(default_factory=dict)


def fhir_load(raw: bytes) -> dict[str, Any]:
    """A JSON object with a resource type; raises :class:`FhirError` with line and column."""
    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise FhirError(Fault("$", f"UTF-8 was expected; byte {error.start} is none", "structure")) from error
    except json.JSONDecodeError as error:
        raise FhirError(Fault("$", f"line {error.lineno}, column {error.colno}: {error.msg}", "structure")) from error
    except (ValueError, RecursionError) as error:
        raise FhirError(Fault("$", str(error) or "nested too deeply", "structure")) from error
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        raise FhirError(Fault("$", "an object with resourceType was expected", "structure"))
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if None in found.values():
        raise ValueError(f"{next(name for name, value in pairs if value is None)} is null: leave it out")
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} stands twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def fhir_check(resource: dict[str, Any], *, place: str = "") -> None:
    """Hold a resource to R4; raises :class:`FhirError` with every fault at its element.

    Besides the specification: a patient that can be looked up, and an id.
    """
    from pydantic import ValidationError

    name = resource["resourceType"]
    at = place or name
    if name not in TAKEN:
        raise FhirError(Fault(at, f"{' or '.join(TAKEN)} was expected, not {name}", "not-supported"))
    if holes := list(_holes(resource, at)):
        raise FhirError(*holes)
    try:
        _model(name).model_validate(resource)
    except ValidationError as error:
        raise FhirError(*(Fault(_path(at, one["loc"]), one["msg"]) for one in error.errors())) from error
    if not resource.get("id"):
        raise FhirError(Fault(f"{at}.id", "a resource that holds must be named", "required"))
    patient = resource["patient"]
    if not patient.get("identifier", {}).get("value") and not _local_id(patient, "Patient"):
        raise FhirError(
            Fault(f"{at}.patient", "an identifier with a value, or a reference Patient/ID, was expected", "required")
        )
    if name == "AllergyIntolerance" and not _codings(resource.get("code")) and not _ends_allergy(resource):
        raise FhirError(Fault(f"{at}.code", "what the patient is allergic to was expected", "required"))


def _holes(value: Any, place: str) -> Iterator[Fault]:
    """Empty places in lists, which only lists of bare values may have, beside extensions that nobody reads here."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _holes(below, f"{place}.{name}")
    elif isinstance(value, list):
        for n, below in enumerate(value):
            if below is None:
                yield Fault(f"{place}[{n}]", "a value was expected", "structure")
            yield from _holes(below, f"{place}[{n}]")


def _model(name: str) -> Any:
    if name == "NutritionOrder":
        from fhir.resources.R4B.nutritionorder import NutritionOrder

        return NutritionOrder
    from fhir.resources.R4B.allergyintolerance import AllergyIntolerance

    return AllergyIntolerance


def _path(at: str, location: tuple[str | int, ...]) -> str:
    return at + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def fhir_read(raw: bytes, rules: FhirRules, *, received_at: datetime) -> AdtReading:
    """What a stored resource says.

    Parameters
    ----------
    received_at
        When it came: the time of what does not say when it was changed (meta.lastUpdated), and the latest it can be.

    Raises
    ------
    Refusal
        What cannot be read; with FHIR's faults as its text.
    """
    try:
        resource = fhir_load(raw)
        fhir_check(resource)
    except FhirError as error:
        raise Refusal("AE", "207", error.faults[0].place, str(error)) from error
    zone = ZoneInfo(rules.time_zone)
    name = resource["resourceType"]
    updated = _instant(resource.get("meta", {}).get("lastUpdated"), zone)
    recorded_at = min(updated or received_at, received_at)
    key = f"{name}/{resource['id']}"
    allergies: Allergies | None = None
    orders: tuple[DietOrder, ...] = ()
    if name == "AllergyIntolerance":
        allergies = _allergies(resource, key)
    elif resource["intent"] not in NO_EFFECT and resource["status"] != "draft":
        orders = tuple(_orders(resource, key, zone))
    subject = Subject(
        patient=_identifier(resource["patient"], "Patient", rules) or Identifier("", ""),
        visit=_identifier(resource.get("encounter"), "Encounter", rules),
        allergies=allergies,
    )
    header = Header(
        application=rules.application,
        facility=rules.facility,
        message_type=STANDARD,
        trigger=TAKEN[name],
        control_id=key,
        version=VERSION,
    )
    effective = bool(orders) or (allergies is not None and bool(allergies.changes))
    return AdtReading(header, TAKEN[name], recorded_at, recorded_at, (subject,), orders=orders, effective=effective)


def _allergies(resource: dict[str, Any], key: str) -> Allergies:
    """One allergy as one change. What is not about food ends what the same resource said of food before."""
    categories = resource.get("category") or ["food"]
    words = list(_words("allergy", [resource.get("code")], note=_notes(resource)))
    word = words[0] if words else Word("allergy", ())
    other = "food" not in categories
    change = AllergyChange(key, word, ends=other or _ends_allergy(resource))
    return Allergies(None, (change,), n_other=int(other))


def _ends_allergy(resource: dict[str, Any]) -> bool:
    status = {one.code for one in _codings(resource.get("clinicalStatus"))}
    verified = {one.code for one in _codings(resource.get("verificationStatus"))}
    return bool(status & INACTIVE or verified & NOT_SO)


def _orders(resource: dict[str, Any], key: str, zone: ZoneInfo) -> Iterator[DietOrder]:
    """The order as it is now, then what its status makes of it. Orders replace each other by their own status alone."""
    diet = resource.get("oralDiet") or {}
    timings = [
        timing
        for part in (diet, *(resource.get("supplement") or ()))
        for timing in part.get("schedule") or ()
        if timing.get("repeat")
    ]
    starts, ends = _bounds(timings, zone)
    periods = sorted(
        {MEAL_WHEN[code] for one in timings for code in one["repeat"].get("when", ()) if code in MEAL_WHEN}
    )
    yield DietOrder(
        "NW", key, words=tuple(_order_words(resource)), periods=tuple(periods), starts_at=starts, ends_at=ends
    )
    if resource["status"] in HOLDS:
        yield DietOrder("HD", key)
    elif resource["status"] in ENDS:
        yield DietOrder("DC", key)


def _order_words(resource: dict[str, Any]) -> Iterator[Word]:
    diet = resource.get("oralDiet") or {}
    instruction = diet.get("instruction", "")
    yield from _words("diet", diet.get("type", ()), note=instruction)
    if instruction and not diet.get("type"):
        yield Word("diet", (Coding(text=instruction),))
    for texture in diet.get("texture", ()):
        food = _codings(texture.get("foodType"))
        yield from _words("diet", [texture.get("modifier")], note=food[0].text if food else "")
    yield from _words("diet", diet.get("fluidConsistencyType", ()))
    for nutrient in diet.get("nutrient", ()):
        yield from _words("diet", [nutrient.get("modifier")], note=_amount(nutrient.get("amount")))
    for supplement in resource.get("supplement", ()):
        product = " · ".join(
            text
            for text in (
                supplement.get("productName", ""),
                _amount(supplement.get("quantity")),
                supplement.get("instruction", ""),
            )
            if text
        )
        words = list(_words("supplement", [supplement.get("type")], note=product))
        yield from words or [Word("supplement", (Coding(text=product or "supplement"),))]
    if "enteralFormula" in resource:
        formula = resource["enteralFormula"]
        name = formula.get("baseFormulaProductName", "")
        words = list(_words("diet", [formula.get("baseFormulaType")], note=name))
        yield from words or [Word("diet", (Coding(text=name or "enteralFormula"),))]
    yield from _words("preference", resource.get("foodPreferenceModifier", ()))
    yield from _words("allergy", resource.get("excludeFoodModifier", ()))
    yield from _referred(resource)


def _referred(resource: dict[str, Any]) -> Iterator[Word]:
    """The allergies that an order points to: those inside it, else a word that holds until the allergy itself comes."""
    inside = {f"#{one.get('id')}": one for one in resource.get("contained", ())}
    for reference in resource.get("allergyIntolerance", ()):
        to = reference.get("reference", "")
        if to in inside:
            if not _ends_allergy(inside[to]):
                yield from _words("allergy", [inside[to].get("code")])
        else:
            number = _local_id(reference, "AllergyIntolerance")
            key = f"AllergyIntolerance/{number}" if number else to or "AllergyIntolerance"
            yield Word("allergy", (Coding(REFERENCE, key[:200], reference.get("display", "") or key),))


def _words(use: str, concepts: Any, *, note: str = "") -> Iterator[Word]:
    for concept in concepts or ():
        if codings := _codings(concept):
            yield Word(use, codings, note)


def _codings(concept: dict[str, Any] | None) -> tuple[Coding, ...]:
    """The codes of a CodeableConcept; its text where it has none."""
    if not concept:
        return ()
    text = concept.get("text", "")
    found = [
        Coding(one.get("system", ""), one.get("code", ""), one.get("display", "") or text)
        for one in concept.get("coding", ())
        if one.get("code") or one.get("display")
    ]
    return tuple(found) or ((Coding(text=text),) if text else ())


def _notes(resource: dict[str, Any]) -> str:
    return " · ".join(one["text"] for one in resource.get("note", ()) if one.get("text"))


def _amount(quantity: dict[str, Any] | None) -> str:
    if not quantity or "value" not in quantity:
        return ""
    unit = quantity.get("unit") or quantity.get("code", "")
    return f"{quantity.get('comparator', '')}{quantity['value']} {unit}".strip()


def _local_id(reference: dict[str, Any], resource: str) -> str:
    """The id in a reference such as ``Patient/12`` or an address that ends so."""
    parts = reference.get("reference", "").split("/_history/")[0].split("/")
    return parts[-1] if len(parts) >= 2 and parts[-2] == resource else ""


def _identifier(reference: dict[str, Any] | None, resource: str, rules: FhirRules) -> Identifier | None:
    """Whose a resource is: the identifier in the reference, else the id where the sender's ids are known here."""
    if not reference:
        return None
    given = reference.get("identifier") or {}
    if given.get("value"):
        system = given.get("system", "")
        return Identifier(given["value"], rules.issuers.get(system, system.removeprefix("urn:oid:")))
    number = _local_id(reference, resource)
    if not number or (resource == "Encounter" and resource not in rules.issuers):
        return None
    return Identifier(number, rules.issuers.get(resource, resource))


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _bounds(timings: list[dict[str, Any]], zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """From when until when all the schedules of an order hold; None where one of them does not say."""
    periods = [one["repeat"].get("boundsPeriod") or {} for one in timings]
    if not periods:
        return None, None
    starts = [_edge(one.get("start"), zone) for one in periods]
    ends = [_edge(one.get("end"), zone, after=True) for one in periods]
    return (
        None if None in starts else min(one for one in starts if one is not None),
        None if None in ends else max(one for one in ends if one is not None),
    )


def _edge(text: str | None, zone: ZoneInfo, *, after: bool = False) -> datetime | None:
    """An edge of a period. A day, month or year that ends it belongs to it whole."""
    if not text:
        return None
    if "T" in text:
        return _instant(text, zone)
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    first = date(year, month or 1, day or 1)
    if after:
        step = timedelta(days=1) if day else timedelta(days=31) if month else timedelta(days=366)
        first += step
        first = first.replace(day=1) if not day else first
        first = first.replace(month=1) if not month else first
    return datetime.combine(first, time(), zone)
