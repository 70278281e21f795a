"""Food composition tables and ingredients out of files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import pgettext

from vardnara.apps.meals.constants import NUTRIENTS
from vardnara.apps.meals.models import Food, FoodTable, Ingredient, IngredientDeclaration
from vardnara.apps.meals.services.importing import Work, code_of, code_short
from vardnara.apps.meals.services.ingredients import declaration_add, declaration_now
from vardnara.apps.meals.services.states import cells_of_ingredients, cells_refresh
from vardnara.gateways.food_label import Finding
from vardnara.gateways.tabular import Row
from vardnara.kernel.errors import RuleBroken

KJ_OF_KCAL = Decimal("4.184")
ENERGY_APART = Decimal("0.1")  # share by which kJ and kcal may differ before it is pointed out


def foods_import(work: Work) -> None:
    """A food composition table as it is; what is missing in it stays missing."""
    numbers: dict[str, Row] = {}
    foods: list[Food] = []
    missing: dict[str, int] = {}
    for row in work.rows:
        number, name = work.get(row, "number"), work.get(row, "name")
        if not number or not name:
            work.fault(row, "name" if number else "number", pgettext("posts", "missing"))
            continue
        if number in numbers:
            work.fault(row, "number", number, pgettext("food import", "each number once"))
            continue
        numbers[number] = row
        nutrients = work.nutrients(row)
        for code in NUTRIENTS:
            if code in work.mapping and code not in nutrients:
                missing[code] = missing.get(code, 0) + 1
        kcal, kj = nutrients.get("energy_kcal"), nutrients.get("energy_kj")
        if kcal and kj and abs(Decimal(kj) - Decimal(kcal) * KJ_OF_KCAL) > max(20, Decimal(kj) * ENERGY_APART):
            work.find(row, name, Finding("energy_apart", words=f"{kcal} kcal, {kj} kJ"))
        foods.append(Food(number=number[:20], name=name[:200], group=work.get(row, "group")[:120], nutrients=nutrients))
    for code, n in missing.items():
        work.find(None, work.mapping[code], Finding("no_value", words=f"{n}/{len(foods)}"))
    if work.faults:
        return
    table = FoodTable.objects.create(
        hospital_id=work.hospital_id,
        name=work.options.get("name") or work.file_name,
        version=work.options.get("version") or "",
        source=work.options.get("source") or work.file_name,
        licence=work.options.get("licence") or "",
        sha256=work.made.sha256,
        imported=work.made,
        imported_at=work.at,
        imported_by=work.actor,
    )
    for food in foods:
        food.table = table
    Food.objects.bulk_create(foods, batch_size=1000)
    work.count("added", len(foods))


def ingredients_import(work: Work) -> None:
    """Ingredients with their labels. A label that is new leaves the ingredient undeclared, whatever the file claims."""
    there = {row.code: row for row in Ingredient.objects.select_for_update().filter(hospital=work.hospital_id)}
    by_name = {row.name.lower(): row for row in there.values()}
    foods = {
        food.number: food.pk
        for food in Food.objects.filter(table__hospital=work.hospital_id, table__withdrawn_at=None).order_by("table_id")
    }
    seen: set[str] = set()
    touched: list[int] = []
    for row in work.rows:
        name, code = work.get(row, "name")[:200], code_short(work.get(row, "code"))
        if not name:
            work.fault(row, "name", pgettext("posts", "missing"))
            continue
        code = code or (by_name[name.lower()].code if name.lower() in by_name else code_of(name))
        if code in seen:
            work.fault(row, "code" if "code" in work.mapping else "name", code, pgettext("food import", "each once"))
            continue
        seen.add(code)
        said: dict[str, Any] = {
            "name": name,
            "supplier": work.get(row, "supplier")[:120],
            "piece_grams": work.number(row, "piece_grams", above=True),
            "millilitre_grams": work.number(row, "millilitre_grams", above=True),
        }
        food_number = work.get(row, "food_number")
        if food_number and food_number not in foods:
            work.find(row, name, Finding("unknown_food", words=food_number))
        if food_number in foods:
            said["food_id"] = foods[food_number]
        if work.faults:
            continue
        if _ingredient(work, row, there.get(code), code, said):
            touched.append(there[code].pk)
    if not work.faults:
        cells_refresh(cell_ids=cells_of_ingredients(touched), at=work.at)


def _ingredient(work: Work, row: Row, known: Ingredient | None, code: str, said: dict[str, Any]) -> bool:
    """Write an ingredient and what the file says of it; whether a known one may be another now."""
    claimed, label = work.claimed(row, said["name"]), work.get(row, "label")
    if known is None:
        made = Ingredient.objects.create(hospital_id=work.hospital_id, code=code, imported=work.made, **said)
        declaration_add(made, {"label": label, "claimed": claimed, "by": work.actor, "imported": work.made}, work.at)
        work.count("added")
        return False
    mapped = {"food_number": "food_id"}
    for field in ("name", "supplier", "piece_grams", "millilitre_grams", "food_number"):
        name = mapped.get(field, field)
        if field in work.mapping and said.get(name) not in (None, ""):
            setattr(known, name, said[name])
    known.save()
    now = declaration_now(known)
    if now is None or (label and now.label != label) or (not now.declared and claimed and now.claimed != claimed):
        if now is not None and now.declared:
            work.find(row, said["name"], Finding("declare_again"))
        kept = {"label": label or (now.label if now else ""), "claimed": claimed}
        declaration_add(known, kept | {"by": work.actor, "imported": work.made}, work.at)
    work.count("changed")
    return True


def foods_undo(made_id: int, work_at: Any) -> None:
    """Withdraw a table; raises ``import_in_use`` while an ingredient is one of its foods."""
    table = FoodTable.objects.select_for_update().get(imported=made_id)
    if Ingredient.objects.filter(food__table=table, retired_at=None).exists():
        raise RuleBroken("import_in_use", table.name)
    table.withdrawn_at = work_at
    table.save(update_fields=["withdrawn_at"])


def ingredients_undo(made_id: int, at: Any) -> int:
    """Retire what an import added and say again what was said before it; what was said since stays."""
    n = Ingredient.objects.filter(imported=made_id, retired_at=None).update(retired_at=at)
    touched = []
    ids = IngredientDeclaration.objects.filter(imported=made_id).values("ingredient")
    rows = Ingredient.objects.select_for_update().exclude(imported=made_id).filter(pk__in=ids)
    for one in rows.order_by("pk"):
        now = declaration_now(one)
        if now is None or now.imported_id != made_id:
            continue
        before = IngredientDeclaration.objects.filter(ingredient=one, number=now.number - 1).first()
        names = ("label", "claimed", "declared", "contains", "may_contain", "unknown", "flags", "note", "by_id")
        again = {name: getattr(before, name) for name in (*names, "profession")} if before is not None else {}
        declaration_add(one, again, at)
        touched.append(one.pk)
    cells_refresh(cell_ids=cells_of_ingredients(touched), at=at)
    return n + len(touched)
