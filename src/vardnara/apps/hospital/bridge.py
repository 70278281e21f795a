"""Rows to engine data and back."""

from __future__ import annotations

from vardnara.apps.hospital.models import AdtRecord, InboxMessage, Sender
from vardnara.engines.adt import Event
from vardnara.gateways.fhir.reader import STANDARD, FhirRules, fhir_read
from vardnara.gateways.hl7.reader import AdtReading, SenderRules, adt_read


def event_of_record(record: AdtRecord) -> Event:
    """The engine's event of a stored record; the record's id is its order of arrival."""
    return Event.from_payload(record.pk, record.code, record.recorded_at, record.effect_at, record.payload)


def sender_rules(sender: Sender | None) -> SenderRules:
    """How a sender is read; defaults where it was never heard."""
    if sender is None:
        return SenderRules()
    return SenderRules(sender.time_zone, sender.charset, sender.processing_ids, sender.a03_administrative)


def fhir_rules(sender: Sender) -> FhirRules:
    """How a sender's FHIR resources are read."""
    return FhirRules(sender.application, sender.facility, sender.time_zone, sender.issuers)


def message_read(message: InboxMessage, sender: Sender | None) -> AdtReading:
    """What a stored message says, by the standard that it came in; raises ``Refusal``."""
    if message.message_type == STANDARD:
        rules = fhir_rules(sender) if sender is not None else FhirRules(message.application, message.facility)
        return fhir_read(bytes(message.raw), rules, received_at=message.received_at)
    return adt_read(bytes(message.raw), sender_rules(sender))
