"""Everything the hospital app holds, as tables: the place as it is imported, and the record without identity.

A higher app writes a module like this one with its own ``record_tables``; ``vardnara export`` puts them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, QuerySet

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.hospital.models import (
    BedPlace,
    BedState,
    Departure,
    Division,
    Hospital,
    InboxMessage,
    Occupancy,
    Region,
    Room,
    Stay,
    Ward,
)
from vardnara.gateways.tabular import Kind, OutTable

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

CHUNK = 5000  # rows held at once


def rows_of(query: QuerySet[Any], columns: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """Rows of a query as they come, few held at once."""
    yield from query.values_list(*columns).iterator(chunk_size=CHUNK)


def table_of(name: str, names: Sequence[str], query: QuerySet[Any], columns: Sequence[str]) -> OutTable:
    """A table of a query's columns under these names, with what the database knows of their kinds."""
    kinds = {name: _kind(query, column) for name, column in zip(names, columns, strict=True)}
    return OutTable(name, names, rows_of(query, columns), kinds)


def _kind(query: QuerySet[Any], column: str) -> Kind:
    """What a column of a query holds; a path of foreign keys is followed."""
    annotation = query.query.annotations.get(column)
    field: Any = annotation.output_field if annotation is not None else None
    if field is None:
        *path, last = column.split("__")
        model = query.model
        for step in path:
            model = model._meta.get_field(step).related_model
        field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    if isinstance(field, models.BooleanField):
        return "boolean"
    if isinstance(field, models.DateTimeField):  # is a DateField, too
        return "instant"
    if isinstance(field, models.DateField):
        return "date"
    return "integer" if isinstance(field, models.IntegerField | models.ForeignKey) else "text"


def place_tables(*, actor: User | None) -> list[OutTable]:
    """Regions to bed places in the format of the import, for the hospitals the actor reaches whole.

    Without an actor (the command line): for all. Importing what this returns changes nothing.
    """
    hospitals = Hospital.objects.all()
    regions = Region.objects.all()
    if actor is not None:
        hospitals = hospitals.filter(pk__in=user_reach(actor).hospital_ids)
        regions = regions.filter(hospitals__in=hospitals).distinct()
    codes = ("division__hospital__code", "division__code")
    ward_codes = tuple(f"ward__{name}" for name in codes)
    room_codes = tuple(f"room__{name}" for name in ward_codes)
    return [
        OutTable("regions", ("code", "name"), rows_of(regions.order_by("code"), ("code", "name"))),
        OutTable(
            "hospitals",
            ("code", "region", "name", "invented", "confirmed"),
            rows_of(hospitals.order_by("code"), ("code", "region__code", "name", "invented", "confirmed")),
        ),
        OutTable(
            "divisions",
            ("hospital", "code", "name"),
            rows_of(
                Division.objects.filter(hospital__in=hospitals).order_by("hospital__code", "code"),
                ("hospital__code", "code", "name"),
            ),
        ),
        _ward_table(hospitals, codes),
        OutTable(
            "rooms",
            ("hospital", "division", "ward", "code", "name", "kind", "hygiene_class", "has_hygiene_room",
             "contagion_class", "confirmed"),
            rows_of(
                Room.objects.filter(ward__division__hospital__in=hospitals).order_by(*ward_codes, "ward__code", "code"),
                (*ward_codes, "ward__code", "code", "name", "kind", "hygiene_class", "has_hygiene_room",
                 "contagion_class", "confirmed"),
            ),
        ),
        OutTable(
            "beds",
            ("hospital", "division", "ward", "room", "code", "capacity", "confirmed"),
            rows_of(
                BedPlace.objects.filter(room__ward__division__hospital__in=hospitals).order_by(
                    *room_codes, "room__ward__code", "room__code", "code"
                ),
                (*room_codes, "room__ward__code", "room__code", "code", "capacity", "confirmed"),
            ),
        ),
    ]  # fmt: skip


def _ward_table(hospitals: QuerySet[Hospital], codes: tuple[str, str]) -> OutTable:
    own = ("code", "name", "kind", "building", "floor", "budgeted_beds", "staffed_beds", "confirmed")
    wards = Ward.objects.filter(division__hospital__in=hospitals).order_by(*codes, "code")
    return OutTable("wards", ("hospital", "division", *own), rows_of(wards, (*codes, *own)))


def record_tables() -> list[OutTable]:
    """Stays, who lay where, departures, bed states and the inbox's headers; only the command line may ask.

    A patient is a pseudonymous key. Identity, identifiers, visit numbers, message contents, reasons of refusal (they
    may quote a message), free text and the access log are left out.
    """
    bed = ("bed__room__ward__division__hospital__code", "bed__room__ward__code", "bed__room__code", "bed__code")
    bed_names = ("hospital", "ward", "room", "bed")
    own_stay = (
        "status", "patient_class", "without_place", "admitted_at", "discharge_ordered_at", "discharge_confirmed_at",
        "discharged_at", "left_at", "expected_discharge_at", "on_leave_since", "leave_until", "contagion_class",
    )  # fmt: skip
    own_state = (
        "cleanliness", "cleanliness_at", "cleaned_at", "contagion_class", "closed_at", "blocked_at", "reserved_at",
        "changed_at",
    )  # fmt: skip
    own_message = (
        "id", "received_at", "application", "facility", "control_id", "message_type", "trigger_event", "version",
        "status", "control_id_reused", "duplicates", "applied_at",
    )  # fmt: skip
    stays = table_of(
        "stays",
        ("stay", "patient_key", "hospital", "ward", *own_stay),
        Stay.objects.order_by("pk"),
        ("pk", "patient__key", "ward__division__hospital__code", "ward__code", *own_stay),
    )
    return [
        replace(stays, rows=((stay, str(key), *rest) for stay, key, *rest in stays.rows)),
        table_of(
            "occupancies",
            ("stay", *bed_names, "slot", "since_at", "until_at"),
            Occupancy.objects.order_by("pk").annotate(since_at=F("during__startswith"), until_at=F("during__endswith")),
            ("stay_id", *bed, "slot", "since_at", "until_at"),
        ),
        table_of(
            "departures",
            ("departure", "stay", *bed_names, "left_at", "contagion_class", "voided_at"),
            Departure.objects.order_by("pk"),
            ("pk", "stay_id", *bed, "left_at", "contagion_class", "voided_at"),
        ),
        table_of("bed_states", (*bed_names, *own_state), BedState.objects.order_by("pk"), (*bed, *own_state)),
        table_of("inbox", own_message, InboxMessage.objects.order_by("pk"), own_message),
    ]
