"""Many rows at once are the same rows as one by one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from tests.strategies.messages import bed, small_hospital

from vardnara.apps.hospital.services.bulk import COPY_FROM, rows_insert
from vardnara.apps.service.choices import TaskKind
from vardnara.apps.service.models import Task

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ODD = 'tab\tline\nback\\slash "quote" \\N \x01 åäö €'


def made(number: int, **fields: object) -> list[Task]:
    place = bed("1-1")
    given = {"kind": TaskKind.SPILL, "ward_id": place.room.ward_id, "bed": place, "created_at": AT, "changed_at": AT}
    return [Task(**(given | {"note": f"{n} {ODD}"} | fields)) for n in range(number)]


@pytest.mark.parametrize("number", [0, 1, COPY_FROM - 1, COPY_FROM, COPY_FROM * 3])
def test_rows_come_back_as_they_were(number: int) -> None:
    """Few rows and many go different ways and end the same, empty values and odd signs included."""
    small_hospital()
    rows = rows_insert(made(number))
    assert len({row.pk for row in rows}) == number
    stored = Task.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        for field in Task._meta.concrete_fields:
            assert getattr(stored[row.pk], field.attname) == getattr(row, field.attname), field.name
    again = Task.objects.create(
        **{name: getattr(made(1)[0], name) for name in ("kind", "ward", "created_at", "changed_at")}
    )
    assert again.pk not in stored


def test_a_rule_of_the_table_holds() -> None:
    """What the database refuses is refused, with Django's own error."""
    small_hospital()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_insert(made(COPY_FROM, kind=TaskKind.DAILY_CLEAN))
    assert not Task.objects.exists()
