"""Rows to engine data and back."""

from __future__ import annotations

from vardnara.apps.hospital.models import AdtRecord, Sender
from vardnara.engines.adt import Event
from vardnara.gateways.hl7.reader import SenderRules


def event_of_record(record: AdtRecord) -> Event:
    """The engine's event of a stored record; the record's id is its order of arrival."""
    return Event.from_payload(record.pk, record.code, record.recorded_at, record.effect_at, record.payload)


def sender_rules(sender: Sender | None) -> SenderRules:
    """How a sender is read; defaults where it was never heard."""
    if sender is None:
        return SenderRules()
    return SenderRules(sender.time_zone, sender.charset, sender.processing_ids, sender.a03_administrative)
