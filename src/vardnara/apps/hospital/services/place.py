"""The place comes in: regions to bed places from tables, all of it or nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.choices import Cleanliness, ContagionClass, HygieneClass, RoomKind, WardKind
from vardnara.apps.hospital.models import BedPlace, BedState, Division, Hospital, Occupancy, Region, Room, Ward
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.gateways.tabular import Row, Table
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

type Key = tuple[str, ...]

YES = {"yes", "ja", "true", "1"}
NO = {"no", "nej", "false", "0"}
SMALL_MAX = 32_767  # of PostgreSQL's smallint
CAPACITY_MAX = 9  # as the table's own constraint
IMPORT_LOCK = 0x7661_7264  # one import at a time


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table may have beside its key: how it is read and what a new row gets without it."""

    kind: str  # text, number, yes_no, choice
    default: Any = None
    limit: int = 0
    choices: tuple[str, ...] = ()
    least: int = 0
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: the columns that name its parent, its key's length and the rest."""

    model: type
    parents: tuple[str, ...]
    parent_field: str
    code_limit: int
    columns: Mapping[str, Column]


TRUE = Column("yes_no", default=True)
SHAPES: dict[str, Shape] = {
    "regions": Shape(Region, (), "", 40, {"name": Column("text", limit=120)}),
    "hospitals": Shape(
        Hospital,
        ("region",),
        "region",
        40,
        {"name": Column("text", limit=120), "invented": Column("yes_no", default=False), "confirmed": TRUE},
    ),
    "divisions": Shape(Division, ("hospital",), "hospital", 40, {"name": Column("text", limit=120)}),
    "wards": Shape(
        Ward,
        ("hospital", "division"),
        "division",
        60,
        {
            "name": Column("text", limit=120),
            "kind": Column("choice", default=WardKind.INPATIENT.value, choices=tuple(WardKind.values)),
            "building": Column("text", default="", limit=40, empty=True),
            "floor": Column("text", default="", limit=10, empty=True),
            "budgeted_beds": Column("number", limit=SMALL_MAX, empty=True),
            "staffed_beds": Column("number", limit=SMALL_MAX, empty=True),
            "confirmed": TRUE,
        },
    ),
    "rooms": Shape(
        Room,
        ("hospital", "division", "ward"),
        "ward",
        60,
        {
            "name": Column("text", default="", limit=120, empty=True),
            "kind": Column("choice", default=RoomKind.SHARED.value, choices=tuple(RoomKind.values)),
            "hygiene_class": Column("number", default=HygieneClass.CARE.value, limit=max(HygieneClass.values)),
            "has_hygiene_room": Column("yes_no", default=False),
            "contagion_class": Column("choice", default="", choices=tuple(ContagionClass.values), empty=True),
            "confirmed": TRUE,
        },
    ),
    "beds": Shape(
        BedPlace,
        ("hospital", "division", "ward", "room"),
        "room",
        60,
        {"capacity": Column("number", default=1, least=1, limit=CAPACITY_MAX), "confirmed": TRUE},
    ),
}
MAY_BE_LEFT_OUT = {"region", "hospital", "division"}
"""Parents that a row need not name where only one fits."""


@dataclass(frozen=True, slots=True)
class PlaceImportResult:
    """What an import did, by table. ``not_mentioned`` lists places of the database that the file does not name."""

    created: dict[str, int]
    changed: dict[str, int]
    unchanged: dict[str, int]
    not_mentioned: dict[str, tuple[str, ...]]


@dataclass(slots=True)
class Entry:
    """A row that was understood: its key, its values, and the database's row where there is one."""

    row: Row
    key: Key
    values: dict[str, Any]
    stored: Any = None


@dataclass(slots=True)
class Plan:
    """Everything known while reading: the database by key, the file by key, and the faults."""

    stored: dict[str, dict[Key, Any]]
    entries: dict[str, dict[Key, Entry]] = field(default_factory=lambda: {name: {} for name in SHAPES})
    faults: list[Fault] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)

    def keys(self, table: str) -> Iterator[Key]:
        yield from self.stored[table]
        yield from (key for key in self.entries[table] if key not in self.stored[table])


@transaction.atomic
def place_import(
    *, tables: Sequence[Table], actor: User | None, at: datetime, faults: Iterable[Fault] = ()
) -> PlaceImportResult:
    """Create and change places as the tables say; an administrator within reach, or the command line (no actor).

    Any fault changes nothing and raises ``InputError`` with all of them, those in ``faults`` (met while the files were
    read) included. A place that the tables do not name is reported and never deleted: patients may lie in it.
    """
    if actor is not None:
        role_require(actor, [Role.ADMINISTRATOR])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    plan = Plan(_stored(), faults=list(faults))
    for table in _in_order(tables, plan.faults):
        plan.mentioned.add(_name(table))
        _table_read(table, plan)
    _capacity_check(plan)
    if plan.faults:
        raise InputError(plan.faults)
    if actor is not None:
        _reach_check(actor, plan)
    return _write(plan, at)


def _name(table: Table) -> str:
    return table.name.strip().lower()


def _in_order(tables: Sequence[Table], faults: list[Fault]) -> list[Table]:
    """Known tables from region to bed, so that a row may refer to one of another file."""
    found: dict[str, Table] = {}
    for table in tables:
        name = _name(table)
        if name not in SHAPES:
            wrong = f"a table named {name}"
            faults.append(Fault(table.source, table.header_place, wrong, "one of " + ", ".join(SHAPES)))
        elif name in found:
            faults.append(Fault(table.source, table.header_place, f"table {name} comes twice", "once"))
        else:
            found[name] = table
    return [found[name] for name in SHAPES if name in found]


def _stored() -> dict[str, dict[Key, Any]]:
    """Every place of the database by its codes, written as a file's are, parents first."""
    beds = BedPlace.objects.select_related("room__ward__division__hospital").order_by("pk")
    rooms = Room.objects.select_related("ward__division__hospital").order_by("pk")
    wards = Ward.objects.select_related("division__hospital").order_by("pk")
    divisions = Division.objects.select_related("hospital").order_by("pk")
    return {
        "regions": {(_clean(row.code),): row for row in Region.objects.order_by("pk")},
        "hospitals": {(_clean(row.code),): row for row in Hospital.objects.select_related("region").order_by("pk")},
        "divisions": {(_clean(row.hospital.code), _clean(row.code)): row for row in divisions},
        "wards": {_ward_key(row): row for row in wards},
        "rooms": {(*_ward_key(row.ward), _clean(row.code)): row for row in rooms},
        "beds": {(*_ward_key(row.room.ward), _clean(row.room.code), _clean(row.code)): row for row in beds},
    }


def _ward_key(ward: Ward) -> Key:
    return (_clean(ward.division.hospital.code), _clean(ward.division.code), _clean(ward.code))


def _table_read(table: Table, plan: Plan) -> None:
    name = _name(table)
    shape = SHAPES[name]
    if not _header_sound(table, shape, plan.faults):
        plan.unread.add(name)
        return
    if name == "wards":
        _wards_move(table, plan)
    for row in table.rows:
        key = _key(name, shape, row, plan)
        stored = plan.stored[name].get(key) if key else None
        values = _values(shape, row, table.columns, stored, plan.faults)
        if name == "hospitals" and key:
            values["region"] = _parent(name, shape, row, plan)
        if key is None:
            continue
        first = plan.entries[name].get(key)
        if first is not None:
            plan.faults.append(row.fault("code", f"{' / '.join(key)} is already at {first.row.places['']}", "once"))
            continue
        plan.entries[name][key] = Entry(row, key, values, stored)


def _header_sound(table: Table, shape: Shape, faults: list[Fault]) -> bool:
    known = {"code", *shape.parents, *shape.columns}
    needed = {"code", *(set(shape.parents) - MAY_BE_LEFT_OUT)}
    unknown = [column for column in table.columns if column not in known]
    missing = sorted(needed - set(table.columns))
    for column in unknown:
        faults.append(
            Fault(table.source, table.header_place, f"unknown column {column}", "only " + ", ".join(sorted(known)))
        )
    for column in missing:
        faults.append(Fault(table.source, table.header_place, f"column {column} is missing", f"a column {column}"))
    return not unknown and not missing


def _clean(text: str) -> str:
    """Composed letters: a file from macOS writes å as two characters, and would make a second ward of one."""
    return unicodedata.normalize("NFC", text.strip())


def _code(row: Row, column: str) -> str:
    return _clean(row.get(column))


def _parent(name: str, shape: Shape, row: Row, plan: Plan) -> Key | None:
    """The key of the row's parent, or None and a fault at the column that does not lead to one."""
    if not shape.parents:
        return ()
    table = {"region": "regions", "hospital": "hospitals", "division": "divisions", "ward": "wards", "room": "rooms"}[
        shape.parent_field
    ]
    wanted = [_code(row, column) for column in shape.parents]
    depth = len(shape.parents)
    free = [index for index, column in enumerate(shape.parents) if column in MAY_BE_LEFT_OUT and not wanted[index]]
    exact = tuple(wanted)
    known = plan.stored[table].keys() | plan.entries[table].keys()
    if not free and exact in known:
        return exact
    matches = [key for key in known if all(index in free or key[index] == wanted[index] for index in range(depth))]
    if len(matches) == 1:
        return matches[0]
    column = shape.parents[-1]
    if plan.unread:
        return None  # a table above could not be read: that fault is told once, not again by every row below
    if not matches:
        told = " / ".join(text for text in wanted if text) or "nothing"
        plan.faults.append(row.fault(column, f"{told} is not known", f"a code of {table} in the file or the database"))
    else:
        blank = shape.parents[free[-1]] if free else column
        plan.faults.append(row.fault(blank, f"empty, and {len(matches)} {table} fit", f"one {column}"))
    return None


def _key(name: str, shape: Shape, row: Row, plan: Plan) -> Key | None:
    parent: Key | None = () if name in {"regions", "hospitals"} else _parent(name, shape, row, plan)
    code = _code(row, "code")
    if len(code) > shape.code_limit:
        plan.faults.append(row.fault("code", f"{len(code)} characters", f"at most {shape.code_limit}"))
        return None
    if any(unicodedata.category(mark) == "Cc" for mark in code):
        plan.faults.append(row.fault("code", "a control character", "letters, digits and punctuation"))
        return None
    if not code and (parent is None or (*parent, code) not in plan.stored[name]):
        plan.faults.append(row.fault("code", "empty", "a code"))
        return None
    return None if parent is None else (*parent, code)


def _wards_move(table: Table, plan: Plan) -> None:
    """A ward that the file places in another division keeps its rooms, beds and stays."""
    named = {(_code(row, "hospital"), _code(row, "division"), _code(row, "code")) for row in table.rows}
    for hospital, division, code in sorted(named):
        if not division or (hospital, division, code) in plan.stored["wards"]:
            continue
        same = [key for key in plan.stored["wards"] if key[2] == code and (not hospital or key[0] == hospital)]
        if len(same) != 1 or same[0] in named:
            continue
        old, new = same[0], (same[0][0], division, code)
        for level in ("wards", "rooms", "beds"):
            plan.stored[level] = {
                (*new, *key[3:]) if key[:3] == old else key: value for key, value in plan.stored[level].items()
            }


def _values(shape: Shape, row: Row, columns: Sequence[str], stored: Any, faults: list[Fault]) -> dict[str, Any]:
    """The row's values; a column that the table lacks keeps what is stored, or the default of a new row."""
    values: dict[str, Any] = {}
    for name, column in shape.columns.items():
        if name in columns:
            value = _value(name, column, row, stored, faults)
        elif name == "confirmed" or stored is None:
            value = column.default
            if value is None and not column.empty:
                faults.append(row.fault(name, "missing for a new row", f"a column {name}"))
        else:
            value = getattr(stored, name)
        values[name] = value
    return values


def _value(name: str, column: Column, row: Row, stored: Any, faults: list[Fault]) -> Any:
    text = _clean(row.get(name))
    if not text:
        if column.empty:
            return None if column.kind == "number" else ""
        if column.kind == "text" and stored is not None and getattr(stored, name) == "":
            return ""
        faults.append(row.fault(name, "empty", _expected(column)))
        return None
    if column.kind == "text":
        if len(text) > column.limit:
            faults.append(row.fault(name, f"{len(text)} characters", f"at most {column.limit}"))
        elif any(unicodedata.category(mark) == "Cc" for mark in text):
            faults.append(row.fault(name, "a control character", "letters, digits and punctuation"))
        return text
    if column.kind == "number":
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
        if number is None or not column.least <= number <= column.limit:
            faults.append(row.fault(name, text, _expected(column)))
        return number
    if column.kind == "yes_no":
        if text.lower() not in YES | NO:
            faults.append(row.fault(name, text, _expected(column)))
        return text.lower() in YES
    if text not in column.choices:
        faults.append(row.fault(name, text, _expected(column)))
    return text


def _expected(column: Column) -> str:
    if column.kind == "number":
        return f"a whole number from {column.least} to {column.limit}"
    if column.kind == "yes_no":
        return "yes or no"
    if column.kind == "choice":
        return "one of " + ", ".join(choice for choice in column.choices if choice)
    return "a text"


def _capacity_check(plan: Plan) -> None:
    """A place cannot become smaller than the patients who lie in it."""
    shrinking = {
        entry.stored.pk: entry
        for entry in plan.entries["beds"].values()
        if entry.stored is not None and entry.values["capacity"] < entry.stored.capacity
    }
    taken = Occupancy.objects.filter(bed__in=shrinking, during__upper_inf=True).values_list("bed_id", "slot")
    for bed_id, slot in taken:
        entry = shrinking[bed_id]
        if slot > entry.values["capacity"]:
            plan.faults.append(
                entry.row.fault("capacity", str(entry.values["capacity"]), f"at least {slot}: somebody lies there")
            )


def _reach_check(actor: User, plan: Plan) -> None:
    """An administrator changes the hospitals that they reach whole, and makes no new hospital or region."""
    reach = user_reach(actor)
    allowed = {key[0] for key, row in plan.stored["hospitals"].items() if row.pk in reach.hospital_ids}
    touched = {key[0] for table, keys in plan.entries.items() if table != "regions" for key in keys}
    outside = sorted(touched - allowed)
    changed_regions = [entry for entry in plan.entries["regions"].values() if _differs(entry)]
    if outside or changed_regions:
        names = ", ".join(outside) or ", ".join(entry.key[0] for entry in changed_regions)
        raise RuleBroken("out_of_scope", f"user {actor.pk} may not import {names}")


def _differs(entry: Entry) -> list[str]:
    """Names of the fields that the file would change; all of them for a new row."""
    if entry.stored is None:
        return list(entry.values)
    return [name for name, value in entry.values.items() if name != "region" and getattr(entry.stored, name) != value]


def _write(plan: Plan, at: datetime) -> PlaceImportResult:
    counts = {verb: {name: 0 for name in SHAPES if name in plan.mentioned} for verb in ("created", "changed", "same")}
    not_mentioned = {name: _not_mentioned(name, plan) for name in SHAPES if name in plan.mentioned}
    touched_wards: set[int] = set()
    for name, shape in SHAPES.items():
        fresh = []
        for key, entry in plan.entries[name].items():
            parent = _parent_row(name, key, entry, plan)
            fields = _differs(entry)
            values = {field: entry.values[field] for field in fields if field != "region"}
            if entry.stored is None:
                row = shape.model(code=key[-1], **values)
                if parent is not None:
                    setattr(row, shape.parent_field, parent)
                fresh.append((key, row))
                counts["created"][name] += 1
                continue
            moved = parent is not None and getattr(entry.stored, f"{shape.parent_field}_id") != parent.pk
            if not fields and not moved:
                counts["same"][name] += 1
                continue
            for field_name, value in values.items():
                setattr(entry.stored, field_name, value)
            if moved:
                setattr(entry.stored, shape.parent_field, parent)
            entry.stored.save(update_fields=[*values, *([shape.parent_field] if moved else [])])
            counts["changed"][name] += 1
            touched_wards |= _ward_of(name, entry.stored)
        shape.model.objects.bulk_create([row for _, row in fresh])
        for key, row in fresh:
            plan.stored[name][key] = row
            touched_wards |= _ward_of(name, row)
    _bed_states_make(at)
    changes_notify(wards=touched_wards)
    return PlaceImportResult(counts["created"], counts["changed"], counts["same"], not_mentioned)


def _parent_row(name: str, key: Key, entry: Entry, plan: Plan) -> Any:
    if name == "regions":
        return None
    if name == "hospitals":
        return plan.stored["regions"][entry.values["region"]]
    above = {"divisions": "hospitals", "wards": "divisions", "rooms": "wards", "beds": "rooms"}[name]
    return plan.stored[above][key[:-1]]


def _ward_of(name: str, row: Any) -> set[int]:
    return {
        "wards": lambda: {row.pk},
        "rooms": lambda: {row.ward_id},
        "beds": lambda: {row.room.ward_id},
    }.get(name, set)()


def _not_mentioned(name: str, plan: Plan) -> tuple[str, ...]:
    """Stored places of the hospitals that this table speaks of, but which it does not name."""
    entries = plan.entries[name]
    hospitals = {key[0] for key in entries}
    whole = name in {"regions", "hospitals"}
    return tuple(
        " / ".join(key) for key in sorted(plan.stored[name]) if key not in entries and (whole or key[0] in hospitals)
    )


def _bed_states_make(at: datetime) -> None:
    """Each bed place has a state; a new one is clean until somebody says otherwise."""
    bare = BedPlace.objects.filter(state__isnull=True).values_list("pk", flat=True)
    BedState.objects.bulk_create(
        BedState(bed_id=bed_id, cleanliness=Cleanliness.CLEAN, cleanliness_at=at, changed_at=at) for bed_id in bare
    )
