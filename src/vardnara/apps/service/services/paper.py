"""Writes the lists on paper: a file a ward, whole or not there, with the time at which they were true (L-45)."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import translation

from vardnara.apps.service.models import PaperList
from vardnara.apps.service.queries.paper import N_BLANK, PaperContent, paper_content
from vardnara.apps.service.services.paper_sheet import paper_sheet, paper_words, rows_kept
from vardnara.engines.documents import PaperSheet, paper_lists_build
from vardnara.gateways.paper_folder import file_name, folder_clean, paper_write
from vardnara.kernel.errors import GatewayError

logger = logging.getLogger("vardnara.paper")

LANGUAGE = "sv"  # of the hospital: whoever finds the paper
KEPT = timedelta(days=3)  # a list that another has taken the place of for so long is forgotten, unless it was entered
ALL = "alla.pdf"


def _digest(sheet: PaperSheet) -> bytes:
    """What a list says, its number and time aside."""
    rows = [[row.when, row.what, row.place, row.careful, row.who] for row in sheet.rows]
    said = [sheet.title, [[bed.place, bed.state] for bed in sheet.beds], rows]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).digest()


def _numbered(content: PaperContent, at: datetime) -> tuple[PaperList, PaperSheet]:
    """A ward's list under its number: the newest one's where it says the same, else a new one."""
    draft = paper_sheet(content, paper_id=0, at=at, n_blank=N_BLANK)
    digest, rows = _digest(draft), rows_kept(content.tasks)
    newest = PaperList.objects.select_for_update().filter(ward=content.ward.id).order_by("-made_at", "-pk").first()
    if newest is None or bytes(newest.digest) != digest or newest.rows != rows:
        newest = PaperList.objects.create(
            ward_id=content.ward.id, digest=digest, made_at=at, rows=rows, n_blank=N_BLANK
        )
    return newest, paper_sheet(content, paper_id=newest.pk, at=at, n_blank=N_BLANK)


@transaction.atomic
def paper_sheets(*, at: datetime, ward_ids: Collection[int] | None = None) -> list[tuple[PaperList, PaperSheet]]:
    """The lists of wards as they are now; the caller has narrowed ``ward_ids`` to what the reader reaches."""
    with translation.override(LANGUAGE):
        return [_numbered(content, at) for content in paper_content(at=at, ward_ids=ward_ids)]


def paper_pdf(*, sheets: Sequence[PaperSheet], at: datetime) -> bytes:
    """Lists as one PDF."""
    with translation.override(LANGUAGE):
        return paper_lists_build(sheets, paper_words(), language=LANGUAGE, as_of=at)


def paper_lists_file(*, at: datetime, folder: Path) -> int:
    """Put every ward's list, and one with all of them, into the folder; for the job. Returns how many were written.

    A folder that cannot be written to leaves what was there, and the age of the lists says so.
    """
    made = paper_sheets(at=at)
    names, filed = {ALL}, []
    try:
        for paper, sheet in made:
            names.add(name := file_name(paper.ward.code, paper.ward_id))
            paper_write(folder, name, paper_pdf(sheets=[sheet], at=at))
            filed.append(paper.pk)
        if made:
            paper_write(folder, ALL, paper_pdf(sheets=[sheet for _, sheet in made], at=at))
        folder_clean(folder, names)
    except (GatewayError, OSError) as error:
        logger.error("the lists on paper could not be written: %s", error)
    PaperList.objects.filter(pk__in=filed).update(filed_at=at)
    _forget(at)
    return len(filed)


def _forget(at: datetime) -> None:
    """Forget lists that another took the place of long ago; the last one before an outage stays."""
    newest = PaperList.objects.filter(made_at__lt=at - KEPT).order_by("ward_id", "-made_at").distinct("ward_id")
    keep = set(newest.values_list("pk", flat=True))
    old = PaperList.objects.filter(made_at__lt=at - KEPT, entries__isnull=True).exclude(pk__in=keep)
    old.delete()
