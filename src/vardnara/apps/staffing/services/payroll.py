"""The file that payroll gets of a month: approved time only, each file kept, later changes as corrections."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from vardnara.apps.staffing.models import PayrollExport
from vardnara.apps.staffing.queries.payroll import (
    COLUMNS,
    line_kept,
    lines_of,
    missing_of,
    net_sent,
    payroll_hospital,
)
from vardnara.gateways.tabular import text_guarded
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

LOCK = 0x70617972  # one file at a time is made: its number, and what is new, depend on the one before


@transaction.atomic
def payroll_export(*, month: date, actor: User, at: datetime) -> PayrollExport:
    """Hand out what payroll does not have of a month; where that is nothing, the last file again.

    The first file holds everything as new. Later ones hold what was approved since, and of what has changed the old
    line reversed and the new one as a correction. Raises ``wrong_role``, ``out_of_scope``, ``payroll_empty``.
    """
    hospital = payroll_hospital(actor=actor)
    _lock(hospital)
    exports = list(PayrollExport.objects.filter(hospital=hospital, month=month).order_by("number"))
    sent, now = net_sent(hospital, month), Counter(lines_of(hospital, month, at))
    gone, added = sent - now, now - sent
    if not gone and not added:
        if not exports:
            raise RuleBroken("payroll_empty", str(month))
        return exports[-1]
    touched = {(line.record, line.person, line.day) for line in gone}
    lines = [line_kept(line, "reversal") for line in sorted(gone.elements())]
    lines += [
        line_kept(line, "correction" if (line.record, line.person, line.day) in touched else "new")
        for line in sorted(added.elements())
    ]
    missing = [(one.number, one.on.isoformat(), one.state) for one in missing_of(hospital, month, at)]
    number = len(exports) + 1
    text = file_text(month, number, lines, missing)
    return PayrollExport.objects.create(
        hospital_id=hospital,
        month=month,
        number=number,
        lines=lines,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        made_at=at,
        made_by=actor,
    )


def _lock(hospital_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, hospital_id])


def file_text(
    month: date, number: int, lines: Sequence[Mapping[str, Any]], missing: Sequence[tuple[str, str, str]]
) -> str:
    """The file: a header, the lines, what is not approved, and an end with the count and the checksum of all before."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("line", *COLUMNS, "month", "file"))
    tail = (f"{month:%Y-%m}", number)
    for line in lines:
        sign = -1 if line["line"] == "reversal" else 1
        writer.writerow((line["line"], *(_cell(line[name], sign) for name in COLUMNS), *tail))
    for person, day, state in missing:
        blank = {"record": "missing", "person": person, "day": day, "kind": state}
        writer.writerow(("missing", *(_cell(blank.get(name, ""), 1) for name in COLUMNS), *tail))
    body = out.getvalue()
    digest = hashlib.sha256(body.encode()).hexdigest()
    return f"{body}end;{len(lines) + len(missing)};{digest}\r\n"


def _cell(value: Any, sign: int) -> str:
    if isinstance(value, str):
        return text_guarded(value)
    amount = sign * value
    return str(int(amount)) if amount == int(amount) else f"{amount:.2f}".replace(".", ",")
