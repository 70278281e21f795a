"""Value lists of the place, the stays and the inbox."""

from django.db import models
from django.utils.translation import pgettext_lazy

MAPPED = "mapped"  # why a made-up place is closed: its names mean another place now


class WardKind(models.TextChoices):
    INPATIENT = "inpatient", pgettext_lazy("ward kind", "Inpatient ward")
    EMERGENCY = "emergency", pgettext_lazy("ward kind", "Emergency department")
    INTENSIVE = "intensive", pgettext_lazy("ward kind", "Intensive care")
    OPERATING = "operating", pgettext_lazy("ward kind", "Operating department")
    DIALYSIS = "dialysis", pgettext_lazy("ward kind", "Dialysis")
    OTHER = "other", pgettext_lazy("ward kind", "Other")


class RoomKind(models.TextChoices):
    SHARED = "shared", pgettext_lazy("room kind", "Shared room")
    SINGLE = "single", pgettext_lazy("room kind", "Single room")
    ISOLATION = "isolation", pgettext_lazy("room kind", "Isolation room")
    BAY = "bay", pgettext_lazy("room kind", "Bay")
    OTHER = "other", pgettext_lazy("room kind", "Other room")


class HygieneClass(models.IntegerChoices):
    """Classes of BOV/PTS (C-03)."""

    ADMINISTRATIVE = 0, pgettext_lazy("hygiene class", "0 administrative")
    COMMON = 1, pgettext_lazy("hygiene class", "1 common areas")
    CARE = 2, pgettext_lazy("hygiene class", "2 care rooms")
    SPECIAL = 3, pgettext_lazy("hygiene class", "3 special rooms")


class Cleanliness(models.TextChoices):
    CLEAN = "clean", pgettext_lazy("cleanliness", "Clean")
    DIRTY = "dirty", pgettext_lazy("cleanliness", "To be cleaned")
    CLEANING = "cleaning", pgettext_lazy("cleanliness", "Being cleaned")


class BedStatus(models.TextChoices):
    """What a board shows of a bed: derived, exclusive, in the order of CONTRACT 3."""

    CLOSED = "closed", pgettext_lazy("bed", "Closed")
    BLOCKED = "blocked", pgettext_lazy("bed", "Blocked")
    OCCUPIED = "occupied", pgettext_lazy("bed", "Occupied")
    CLEANING = "cleaning", pgettext_lazy("bed", "Being cleaned")
    DIRTY = "dirty", pgettext_lazy("bed", "To be cleaned")
    RESERVED = "reserved", pgettext_lazy("bed", "Reserved")
    READY = "ready", pgettext_lazy("bed", "Ready")


class ContagionClass(models.TextChoices):
    """What the cleaner must do, never why. Strictness rises downwards; see ``parameters/contagion.toml``."""

    NONE = "", pgettext_lazy("contagion", "No contagion")
    A = "A", pgettext_lazy("contagion", "Contagion class A")
    B = "B", pgettext_lazy("contagion", "Contagion class B")
    C = "C", pgettext_lazy("contagion", "Contagion class C")
    UNKNOWN = "U", pgettext_lazy("contagion", "Contagion, class not known")


class StayStatus(models.TextChoices):
    EXPECTED = "expected", pgettext_lazy("stay", "Expected")
    OPEN = "open", pgettext_lazy("stay", "In hospital")
    ENDED = "ended", pgettext_lazy("stay", "Left")
    CANCELLED = "cancelled", pgettext_lazy("stay", "Cancelled")


class MessageStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("message", "Waiting")
    APPLIED = "applied", pgettext_lazy("message", "Applied")
    PARKED = "parked", pgettext_lazy("message", "Parked")
    IGNORED = "ignored", pgettext_lazy("message", "No effect")
    REFUSED = "refused", pgettext_lazy("message", "Refused")


class Part(models.TextChoices):
    WEB = "web", pgettext_lazy("part", "Web")
    LISTENER = "listener", pgettext_lazy("part", "Listener")
    WORKER = "worker", pgettext_lazy("part", "Worker")
    DATABASE = "database", pgettext_lazy("part", "Database")
    SUPERVISOR = "supervisor", pgettext_lazy("part", "Supervisor")
