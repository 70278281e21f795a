"""Tables of the hospital: place, patients, stays, inbox and the parts that run."""

from vardnara.apps.hospital.models.inbox import HeardName, InboxMessage, LocationAlias, Sender, SystemKey
from vardnara.apps.hospital.models.parts import PartHeartbeat
from vardnara.apps.hospital.models.patient import Patient, PatientIdentifier, PatientIdentity
from vardnara.apps.hospital.models.place import BedPlace, BedState, Division, Hospital, Region, Room, Ward
from vardnara.apps.hospital.models.stay import AdtRecord, Departure, Occupancy, Stay, Stream

__all__ = [
    "AdtRecord",
    "BedPlace",
    "BedState",
    "Departure",
    "Division",
    "HeardName",
    "Hospital",
    "InboxMessage",
    "LocationAlias",
    "Occupancy",
    "PartHeartbeat",
    "Patient",
    "PatientIdentifier",
    "PatientIdentity",
    "Region",
    "Room",
    "Sender",
    "Stay",
    "Stream",
    "SystemKey",
    "Ward",
]
