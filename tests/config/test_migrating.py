"""Quick migrations give the database what Django's own give it, and render far fewer models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pgtrigger.compiler
import pgtrigger.migrations
import pytest
from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ModelState, ProjectState

from vardnara.config.migrating import migrated_quickly

CATALOG = (
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid::regclass::text LIKE 'quick_%' ORDER BY 1",
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'quick_%' ORDER BY 1",
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE tgrelid::regclass::text LIKE 'quick_%' AND NOT tgisinternal ORDER BY 1",
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
    " WHERE table_name LIKE 'quick_%' ORDER BY 1, 2",
)


def operations() -> Iterator[migrations.operations.base.Operation]:
    """What migrations do, with options before and after fields that they speak of."""
    key = ("id", models.BigAutoField(primary_key=True))
    yield migrations.CreateModel("Ward", [key, ("name", models.CharField(max_length=9))])
    yield migrations.CreateModel("Bed", [key, ("ward", models.ForeignKey("quick.Ward", models.CASCADE))])
    yield migrations.AddIndex("ward", models.Index(fields=["name"], name="quick_by_name"))
    yield migrations.AddConstraint("ward", models.UniqueConstraint(fields=["name"], name="quick_once"))
    yield migrations.AddConstraint("ward", models.CheckConstraint(condition=~models.Q(name=""), name="quick_named"))
    yield pgtrigger.migrations.AddTrigger(
        "ward",
        pgtrigger.compiler.Trigger(
            name="quick_keep",
            sql=pgtrigger.compiler.UpsertTriggerSql(
                func="RETURN NULL;",
                hash="1",
                operation="DELETE",
                pgid="quick_keep_1",
                table="quick_ward",
                when="BEFORE",
            ),
        ),
    )
    yield migrations.AddField("ward", "floor", models.IntegerField(default=0))
    yield migrations.AddField("ward", "code", models.CharField(max_length=9, default="K31"), preserve_default=False)
    yield migrations.AddField("ward", "first_bed", models.ForeignKey("quick.Bed", models.SET_NULL, null=True))
    yield migrations.AddField("bed", "wards", models.ManyToManyField("quick.Ward", related_name="lent"))
    yield migrations.AddField("bed", "before", models.OneToOneField("quick.Bed", models.CASCADE, null=True))
    yield migrations.RunPython(rows_made)
    yield migrations.AlterField("ward", "name", models.CharField(max_length=40))
    yield migrations.AddConstraint("bed", models.UniqueConstraint(fields=["ward"], name="quick_bed_once"))
    yield migrations.RemoveConstraint("ward", "quick_once")
    yield migrations.AddConstraint("ward", models.UniqueConstraint(fields=["name", "floor"], name="quick_once"))
    yield migrations.RemoveIndex("ward", "quick_by_name")
    yield migrations.RenameField("ward", "floor", "level")


def rows_made(apps: Any, editor: Any) -> None:
    """Rows through the rendered models, over every relation in both directions."""
    ward = apps.get_model("quick", "Ward").objects.create(name="K31", code="K31", floor=3)
    bed = apps.get_model("quick", "Bed").objects.create(ward=ward)
    apps.get_model("quick", "Bed").objects.create(ward=ward, before=bed).wards.add(ward)
    type(ward).objects.filter(bed=bed).update(first_bed=bed)
    assert type(bed).objects.get(before__ward__first_bed=bed).wards.get() == ward
    assert type(ward).objects.filter(bed__bed__wards=ward, lent__before=bed, first_bed__ward=ward).exists()
    type(bed).objects.filter(before=bed).delete()


def migrated(how: AbstractContextManager[None]) -> list[object]:
    """What the catalog says after the operations; the database is left as it was."""
    with transaction.atomic(), how:
        state = ProjectState()
        state.apps  # noqa: B018  (rendered, as it is when migrations run)
        with connection.schema_editor() as editor:
            for one in operations():
                before = state.clone()
                one.state_forwards("quick", state)
                one.database_forwards("quick", editor, before, state)
        with connection.cursor() as cursor:
            found: list[object] = []
            for query in CATALOG:
                cursor.execute(query)
                found.append(cursor.fetchall())
        meta = state.apps.get_model("quick", "ward")._meta
        found.append(sorted(one.name for one in (*meta.constraints, *meta.indexes)))
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_the_database_gets_the_same() -> None:
    plain = migrated(nullcontext())
    assert all(plain)
    assert migrated(migrated_quickly()) == plain


@pytest.mark.django_db
def test_fewer_models_are_rendered_and_afterwards_all_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    render = ModelState.render
    monkeypatch.setattr(ModelState, "render", lambda self, apps: rendered.append(self.name) or render(self, apps))
    numbers = []
    for how in (nullcontext(), migrated_quickly(), nullcontext()):
        rendered.clear()
        migrated(how)
        numbers.append(len(rendered))
    assert numbers[1] < numbers[0] / 2
    assert numbers[2] == numbers[0]
