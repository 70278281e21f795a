"""Files of the kitchen read in, whole or not at all, and taken back. Kitchen, head of ward service, administrator."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import pgettext

from vardnara.apps.meals.bridge.mapping import fields_of, missing_fields
from vardnara.apps.meals.choices import ImportKind
from vardnara.apps.meals.models import ColumnMapping, FoodImport, SentFile
from vardnara.apps.meals.services.import_foods import foods_import, foods_undo, ingredients_import, ingredients_undo
from vardnara.apps.meals.services.import_menus import menus_import, menus_undo
from vardnara.apps.meals.services.import_recipes import recipes_import, recipes_undo
from vardnara.apps.meals.services.importing import Work
from vardnara.apps.meals.services.recording import writer_require
from vardnara.gateways.food_file import food_file_read
from vardnara.gateways.tabular import Table
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

READERS: Mapping[str, Callable[[Work], None]] = {
    ImportKind.FOODS: foods_import,
    ImportKind.INGREDIENTS: ingredients_import,
    ImportKind.RECIPES: recipes_import,
    ImportKind.MENUS: menus_import,
}
FAULTS_MOST = 1000
WAITS = timedelta(days=1)


@transaction.atomic
def file_send(
    *, hospital_id: int, kind: str, path: Path, file_name: str, encoding: str, actor: User, at: datetime
) -> SentFile:
    """Keep a file until it is said how its columns are read, for a day at most; raises ``InputError`` if it is none."""
    writer_require(actor, hospital_id)
    table_of(path, file_name, encoding)
    SentFile.objects.filter(hospital=hospital_id, sent_at__lt=at - WAITS).delete()
    return SentFile.objects.create(
        hospital_id=hospital_id,
        kind=kind,
        file_name=file_name[:200],
        encoding=encoding,
        content=path.read_bytes(),
        sent_at=at,
        sent_by=actor,
    )


def table_of(path: Path, file_name: str, encoding: str) -> Table:
    """The first table of a file; raises ``InputError`` with every fault of reading it."""
    reading = food_file_read(path, encoding=encoding)
    faults = [Fault(file_name, fault.place, fault.wrong, fault.expected) for fault in reading.faults]
    if faults:
        raise InputError(faults[:FAULTS_MOST])
    if not reading.tables or not reading.tables[0].rows:
        raise InputError([Fault(file_name, "", pgettext("posts", "an empty table"))])
    return reading.tables[0]


def sent_table(sent: SentFile) -> Table:
    """The table of a file that waits."""
    ending = "".join(Path(sent.file_name).suffixes[-2:]).lower()
    ending = ending if ending.endswith(".gz") else Path(sent.file_name).suffix.lower()
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"file{ending}"
        path.write_bytes(bytes(sent.content))
        return table_of(path, sent.file_name, sent.encoding)


@transaction.atomic
def food_import(
    *,
    sent_id: int,
    mapping: Mapping[str, str],
    options: Mapping[str, Any],
    name: str = "",
    actor: User,
    at: datetime,
) -> FoodImport:
    """Read a file that waits in by a mapping of fields to columns, which is remembered under ``name``.

    Raises ``InputError`` with every fault, and ``same_file`` where the file is read in already; then nothing changed.
    """
    sent = SentFile.objects.select_for_update().filter(pk=sent_id).first()
    if sent is None:
        raise RuleBroken("unknown_import", str(sent_id))
    writer_require(actor, sent.hospital_id)
    table = sent_table(sent)
    known = set(fields_of(sent.kind))
    mapping = {field: column for field, column in mapping.items() if column and field in known}
    faults = [
        Fault(sent.file_name, table.header_place, pgettext("posts", "no column %(name)s") % {"name": field})
        for field in missing_fields(sent.kind, mapping)
    ]
    faults += [
        Fault(sent.file_name, table.header_place, pgettext("posts", "no column %(name)s") % {"name": column})
        for column in mapping.values()
        if column not in table.columns
    ]
    if faults:
        raise InputError(faults)
    made = _made(sent, mapping, actor, at)
    work = Work(sent.hospital_id, sent.file_name, mapping, table.rows, options, actor, at, made)
    READERS[sent.kind](work)
    if work.faults:
        raise InputError(work.faults[:FAULTS_MOST])
    made.counts, made.findings = work.counts, work.findings
    made.save(update_fields=["counts", "findings"])
    ColumnMapping.objects.update_or_create(
        hospital_id=sent.hospital_id,
        kind=sent.kind,
        name=name.strip()[:120] or sent.file_name[:120],
        defaults={"columns": sorted(table.columns), "mapping": mapping, "made_at": at, "made_by": actor},
    )
    sent.delete()
    return made


def _made(sent: SentFile, mapping: Mapping[str, str], actor: User, at: datetime) -> FoodImport:
    try:
        with transaction.atomic():
            return FoodImport.objects.create(
                hospital_id=sent.hospital_id,
                kind=sent.kind,
                file_name=sent.file_name,
                sha256=hashlib.sha256(bytes(sent.content)).hexdigest(),
                mapping=dict(mapping),
                imported_at=at,
                imported_by=actor,
            )
    except IntegrityError as error:
        raise RuleBroken("same_file", sent.file_name) from error


@transaction.atomic
def food_import_undo(*, import_id: int, actor: User, at: datetime) -> None:
    """Take an import back: what it added is out of use, what it changed is as before. What was said since stays."""
    made = FoodImport.objects.select_for_update().filter(pk=import_id).first()
    if made is None:
        raise RuleBroken("unknown_import", str(import_id))
    writer_require(actor, made.hospital_id)
    if made.undone_at is not None:
        raise RuleBroken("already_withdrawn", str(import_id))
    made.undone_at, made.undone_by = at, actor
    made.save(update_fields=["undone_at", "undone_by"])
    if made.kind == ImportKind.FOODS:
        foods_undo(made.pk, at)
    elif made.kind == ImportKind.INGREDIENTS:
        ingredients_undo(made.pk, at)
    elif made.kind == ImportKind.RECIPES:
        recipes_undo(made, at)
    else:
        menus_undo(made, at)


def mapping_known(*, hospital_id: int, kind: str, columns: list[str]) -> dict[str, str] | None:
    """The mapping that was used last for a file with these very columns."""
    row = ColumnMapping.objects.filter(hospital=hospital_id, kind=kind, columns=sorted(columns)).order_by("-made_at")
    found = row.values_list("mapping", flat=True).first()
    return dict(found) if found is not None else None
