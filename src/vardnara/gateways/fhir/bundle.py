"""A Bundle taken apart: each order and each allergy by itself, with the identifiers of whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vardnara.gateways.fhir.faults import Fault, FhirError
from vardnara.gateways.fhir.reader import TAKEN, fhir_check

KINDS = ("transaction", "batch", "message", "collection")
READ_ONLY = frozenset({"GET", "HEAD"})
ENTRIES_MOST = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a bundle, in its order. ``resource`` is None where nothing of it is taken here."""

    name: str
    resource: dict[str, Any] | None
    faults: tuple[Fault, ...] = ()


def bundle_entries(bundle: dict[str, Any]) -> list[Entry]:
    """The entries of a bundle, each checked; raises :class:`FhirError` where the bundle itself is not one of ours.

    References to patients and encounters inside the bundle become the identifiers of these, so that each resource
    stands by itself.
    """
    if bundle.get("type") not in KINDS:
        raise FhirError(Fault("Bundle.type", f"one of {', '.join(KINDS)} was expected", "not-supported"))
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or len(entries) > ENTRIES_MOST:
        raise FhirError(Fault("Bundle.entry", f"a list of at most {ENTRIES_MOST} was expected", "too-long"))
    named = dict(_named(entries))
    return [_entry(f"Bundle.entry[{n}]", one, named) for n, one in enumerate(entries)]


def _named(entries: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            if isinstance(entry.get("fullUrl"), str):
                yield entry["fullUrl"], resource
            yield f"{resource.get('resourceType')}/{resource.get('id')}", resource


def _entry(place: str, entry: Any, named: dict[str, dict[str, Any]]) -> Entry:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        return Entry("", None, (Fault(f"{place}.resource", "a resource was expected", "required"),))
    name = resource["resourceType"]
    if name not in TAKEN:
        return Entry(name, None)
    request = entry.get("request")
    method = request.get("method", "PUT") if isinstance(request, dict) else "PUT"
    if method not in ("PUT", "POST"):
        return Entry(name, None, (Fault(f"{place}.request.method", "PUT or POST was expected", "not-supported"),))
    found = dict(resource)
    if not found.get("id") and isinstance(entry.get("fullUrl"), str):
        found["id"] = entry["fullUrl"].rsplit("/", 1)[-1].removeprefix("urn:uuid:")
    for role in ("patient", "encounter"):
        if isinstance(found.get(role), dict):
            found[role] = _resolved(found[role], named)
    try:
        fhir_check(found, place=f"{place}.resource")
    except FhirError as error:
        return Entry(name, None, error.faults)
    return Entry(name, found)


def _resolved(reference: dict[str, Any], named: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The reference with the identifier of what it points to inside the bundle; as it is where it points elsewhere."""
    target = named.get(str(reference.get("reference", "")), {})
    identifiers = target.get("identifier")
    if reference.get("identifier") or not isinstance(identifiers, list):
        return reference
    usable = [one for one in identifiers if isinstance(one, dict) and one.get("value")]
    official = [one for one in usable if one.get("use") in (None, "official", "usual")]
    if not usable:
        return reference
    return {**reference, "identifier": (official or usable)[0]}
