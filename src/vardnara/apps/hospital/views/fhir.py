"""The FHIR R4 address that other systems call: resources in, and what can be sent. Nothing is read out here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from vardnara.apps.accounts.views.access import allow_public
from vardnara.apps.hospital.services.fhir_in import Arrived, fhir_keep, sender_of_key
from vardnara.gateways.fhir.bundle import bundle_entries
from vardnara.gateways.fhir.faults import Fault, FhirError, outcome
from vardnara.gateways.fhir.reader import TAKEN, VERSION, fhir_check, fhir_load

CONTENT = "application/fhir+json"
CONTENTS = (CONTENT, "application/json")
BYTES_MOST = 1_000_000
LOCK = 'Bearer realm="Vardnara FHIR"'
View = Callable[..., HttpResponse]


def _json(body: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(
        body, status=status, content_type=CONTENT, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )


def _refused(status: int, place: str, text: str, code: str) -> JsonResponse:
    return _json(outcome([Fault(place, text, code)]), status)


def _system(*methods: str) -> Callable[[View], View]:
    """Let a system that shows its key call a view by these methods; faults come back as an OperationOutcome."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            scheme, _, key = request.headers.get("Authorization", "").partition(" ")
            sender = sender_of_key(key=key.strip(), at=timezone.now()) if scheme.lower() == "bearer" and key else None
            if sender is None:
                answer = _refused(401, "Authorization", "a key of a known system was expected (Bearer)", "login")
                answer["WWW-Authenticate"] = LOCK
                return answer
            if request.method not in methods:
                answer = _refused(405, "$", f"{' or '.join(methods)} was expected", "not-supported")
                answer["Allow"] = ", ".join(methods)
                return answer
            if request.content_type not in CONTENTS:
                return _refused(415, "Content-Type", f"{' or '.join(CONTENTS)} was expected", "not-supported")
            if int(request.headers.get("Content-Length") or 0) > BYTES_MOST or len(request.body) > BYTES_MOST:
                return _refused(413, "$", f"at most {BYTES_MOST} bytes are taken at once", "too-long")
            try:
                return view(request, sender, *args, **kwargs)
            except FhirError as error:
                return _json(outcome(error.faults), 400)

        return allow_public(csrf_exempt(never_cache(wrapped)))

    return decorate


@_system("POST")
def base(request: HttpRequest, sender: Any) -> HttpResponse:
    """A Bundle. A transaction is taken whole or not at all; of the others each entry by itself."""
    bundle = fhir_load(request.body)
    if bundle["resourceType"] != "Bundle":
        raise FhirError(Fault("$", f"a Bundle was expected, not {bundle['resourceType']}", "not-supported"))
    entries = bundle_entries(bundle)
    faults = [fault for entry in entries for fault in entry.faults]
    if faults and bundle["type"] in ("transaction", "message"):
        raise FhirError(*faults)
    taken = [entry.resource for entry in entries if entry.resource is not None]
    kept = iter(fhir_keep(sender=sender, resources=taken, at=timezone.now()))
    answers = []
    for entry in entries:
        if entry.faults:
            answers.append({"response": {"status": "400 Bad Request", "outcome": outcome(entry.faults)}})
        elif entry.resource is None:
            told = f"{entry.name} is not kept here"
            answers.append({"response": {"status": "200 OK", "outcome": outcome(told=told)}})
        else:
            one = next(kept)
            answers.append({"response": {"status": _status(one), "location": one.control_id, "outcome": _told(one)}})
    kind = "transaction-response" if bundle["type"] == "transaction" else "batch-response"
    return _json({"resourceType": "Bundle", "type": kind, "entry": answers})


def _status(arrived: Arrived) -> str:
    return "200 OK" if arrived.known else "202 Accepted"


def _told(arrived: Arrived) -> dict[str, Any]:
    text = "came before and is kept" if arrived.known else "kept; applied in turn"
    return outcome(told=f"{arrived.control_id}: {text}. Receipt {arrived.message_id}.")


def _one(request: HttpRequest, sender: Any, raw: bytes | dict[str, Any]) -> HttpResponse:
    arrived = fhir_keep(sender=sender, resources=[raw], at=timezone.now())[0]
    answer = _json(_told(arrived), 200 if arrived.known else 202)
    answer["Location"] = request.build_absolute_uri(f"{reverse('hospital:fhir')}{arrived.control_id}")
    return answer


@_system("POST")
def create(request: HttpRequest, sender: Any, name: str) -> HttpResponse:
    """A resource without an address: its own id, else one made of what it says, so that a resend is the same."""
    resource = fhir_load(request.body)
    _named(resource, name)
    if resource.get("id"):
        fhir_check(resource)
        return _one(request, sender, request.body)
    resource["id"] = hashlib.sha256(request.body).hexdigest()[:32]
    fhir_check(resource)
    return _one(request, sender, resource)


@_system("PUT")
def update(request: HttpRequest, sender: Any, name: str, number: str) -> HttpResponse:
    """A resource as it is now."""
    resource = fhir_load(request.body)
    _named(resource, name)
    if resource.get("id") != number:
        raise FhirError(Fault(f"{name}.id", f"{number} was expected, as in the address", "value"))
    fhir_check(resource)
    return _one(request, sender, request.body)


def _named(resource: dict[str, Any], name: str) -> None:
    if resource["resourceType"] != name:
        raise FhirError(Fault("$.resourceType", f"{name} was expected, not {resource['resourceType']}", "value"))


@allow_public
@never_cache
def metadata(request: HttpRequest) -> HttpResponse:
    """What can be sent here (CapabilityStatement)."""
    kinds = [
        {"type": name, "interaction": [{"code": "create"}, {"code": "update"}], "updateCreate": True} for name in TAKEN
    ]
    return _json(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": "2026-11-22",
            "kind": "instance",
            "software": {"name": "Vardnara"},
            "implementation": {"description": "Ward service: diets and allergies in"},
            "fhirVersion": VERSION,
            "format": ["json"],
            "rest": [
                {
                    "mode": "server",
                    "security": {"description": "Authorization: Bearer, a key made for the sending system"},
                    "resource": kinds,
                    "interaction": [{"code": "transaction"}, {"code": "batch"}],
                }
            ],
        }
    )
