"""Which column of a kitchen's file is what: what is asked for, and what the names of columns suggest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vardnara.apps.meals.choices import ImportKind
from vardnara.apps.meals.constants import NUTRIENTS


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a file may say: its name, whether it must, and what files call it."""

    name: str
    needed: bool = False
    aliases: tuple[str, ...] = ()


FIELDS: Mapping[str, tuple[Field, ...]] = {
    ImportKind.FOODS: (
        Field("number", True, ("livsmedelsnummer", "nummer", "livsmedelskod", "code", "kod", "id", "ndb_no", "fdc_id")),
        Field("name", True, ("livsmedelsnamn", "namn", "livsmedel", "benämning", "description", "food")),
        Field("group", False, ("gruppering", "grupp", "livsmedelsgrupp", "category", "kategori")),
    ),
    ImportKind.INGREDIENTS: (
        Field("code", False, ("artikelnummer", "artnr", "kod", "nummer", "id", "sku")),
        Field("name", True, ("namn", "råvara", "artikel", "benämning", "ingrediens", "ingredient", "produkt")),
        Field("supplier", False, ("leverantör", "tillverkare", "varumärke", "brand")),
        Field("label", False, ("ingredienser", "ingrediensförteckning", "innehållsförteckning",
              "ingredientslabel", "label")),
        Field("contains", False, ("allergener", "innehåller", "allergens", "possibleallergens")),
        Field("may_contain", False, ("kan innehålla", "spår av", "spår", "traces", "may contain")),
        Field("piece_grams", False, ("styckvikt", "vikt per styck", "g per styck", "piece weight")),
        Field("millilitre_grams", False, ("densitet", "g per ml", "density")),
        Field("food_number", False, ("livsmedelsnummer", "livsmedelskod", "food number")),
    ),
    ImportKind.RECIPES: (
        Field("code", False, ("receptnummer", "receptkod", "kod", "recipe code", "canonical_url")),
        Field("name", True, ("recept", "receptnamn", "namn", "rätt", "titel", "title", "recipe")),
        Field("servings", False, ("portioner", "antal portioner", "yields", "yield", "servings")),
        Field("portion_grams", False, ("portionsvikt", "portion g", "gram per portion", "portion size")),
        Field("yield_factor", False, ("utbyte", "utbytesfaktor", "yield factor")),
        Field("lines", False, ("ingredienser", "ingredients", "råvaror", "ingredient lines")),
        Field("ingredient", False, ("råvara", "ingrediens", "ingredient", "artikel")),
        Field("sub", False, ("delrecept", "underrecept", "sub recipe", "subrecipe")),
        Field("amount", False, ("mängd", "kvantitet", "amount", "quantity")),
        Field("unit", False, ("enhet", "unit", "mått")),
        Field("part", False, ("del", "komponent", "part", "component")),
    ),
    ImportKind.MENUS: (
        Field("date", False, ("datum", "date", "dag datum")),
        Field("week", False, ("vecka", "menyvecka", "week")),
        Field("weekday", False, ("veckodag", "dag", "weekday", "day")),
        Field("meal", True, ("måltid", "måltidstyp", "meal", "meals.name", "serving")),
        Field("dish", True, ("rätt", "maträtt", "dish", "course", "courses.name", "benämning")),
        Field("label", False, ("ingredienser", "ingrediensförteckning", "ingredientslabel", "innehåll")),
        Field("contains", False, ("allergener", "innehåller", "possibleallergens", "allergens")),
        Field("may_contain", False, ("kan innehålla", "spår av", "traces")),
    ),
}  # fmt: skip
NUTRIENT_WORDS = {  # a column is a nutrient where its name has one of these, and the unit of its code
    "energy_kcal": ("energi", "energy", "calories"),
    "energy_kj": ("energi", "energy"),
    "fat_g": ("fett", "fat", "fett, totalt", "fatcontent", "total fat"),
    "saturated_fat_g": ("summa mättade fettsyror", "varav mättade fettsyror", "mättat fett", "saturatedfatcontent"),
    "monounsaturated_fat_g": ("summa enkelomättade fettsyror", "enkelomättade fettsyror", "enkelomättat fett"),
    "polyunsaturated_fat_g": ("summa fleromättade fettsyror", "fleromättade fettsyror", "fleromättat fett"),
    "carbohydrate_g": ("kolhydrater, tillgängliga", "kolhydrater", "carbohydrate", "carbohydratecontent"),
    "sugars_g": ("sockerarter, totalt", "sockerarter", "varav sockerarter", "sugars", "sugarcontent"),
    "added_sugar_g": ("tillsatt socker", "added sugar"),
    "fibre_g": ("fibrer", "fiber", "fibre", "fibercontent"),
    "wholegrain_g": ("fullkorn totalt", "fullkorn", "wholegrain"),
    "protein_g": ("protein", "proteincontent"),
    "salt_g": ("salt, nacl", "salt", "saltekvivalent"),
    "water_g": ("vatten", "water"),
    "alcohol_g": ("alkohol", "alcohol"),
    "cholesterol_mg": ("kolesterol", "cholesterol", "cholesterolcontent"),
    "vitamin_a_ug": ("vitamin a", "vitamin a (re/µg)"),
    "vitamin_d_ug": ("vitamin d",),
    "vitamin_e_mg": ("vitamin e",),
    "vitamin_k_ug": ("vitamin k",),
    "thiamin_mg": ("tiamin", "vitamin b1", "thiamin"),
    "riboflavin_mg": ("riboflavin", "vitamin b2"),
    "niacin_mg": ("niacin",),
    "vitamin_b6_mg": ("vitamin b6",),
    "folate_ug": ("folat", "folsyra", "folate"),
    "vitamin_b12_ug": ("vitamin b12",),
    "vitamin_c_mg": ("vitamin c",),
    "phosphorus_mg": ("fosfor, p", "fosfor", "phosphorus"),
    "iodine_ug": ("jod, i", "jod", "iodine"),
    "iron_mg": ("järn, fe", "järn", "iron"),
    "calcium_mg": ("kalcium, ca", "kalcium", "calcium"),
    "potassium_mg": ("kalium, k", "kalium", "potassium"),
    "magnesium_mg": ("magnesium, mg", "magnesium"),
    "sodium_mg": ("natrium, na", "natrium", "sodium"),
    "selenium_ug": ("selen, se", "selen", "selenium"),
    "zinc_mg": ("zink, zn", "zink", "zinc"),
    "waste_percent": ("avfall", "avfall (skal etc.)"),
}
NUTRIENT_KINDS = (ImportKind.FOODS, ImportKind.MENUS)
UNIT = re.compile(r"\(([^()]*)\)\s*$")


def mapping_propose(kind: str, columns: Sequence[str]) -> dict[str, str]:
    """Field or nutrient code to column, where the column's name says so. Nothing else is suggested."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for field in FIELDS[kind]:
        column = _named((field.name, field.name.replace("_", " "), *field.aliases), columns, taken)
        if column is not None:
            found[field.name] = column
            taken.add(column)
    if kind in NUTRIENT_KINDS:
        for column in columns:
            code = _nutrient(column)
            if code is not None and code not in found and column not in taken:
                found[code] = column
                taken.add(column)
    return found


def _named(names: Sequence[str], columns: Sequence[str], taken: set[str]) -> str | None:
    """The column that one of the names is: whole before its last parts after a point, and the names in their order."""
    forms = (
        lambda column: column,
        lambda column: ".".join(column.split(".")[-2:]),
        lambda column: column.rpartition(".")[2],
    )
    for form in forms:
        for name in names:
            for column in columns:
                if column not in taken and form(column) == name:
                    return column
    return None


def _nutrient(column: str) -> str | None:
    last = re.split(r"(?<=\D)\.(?=\D)", column)[-1].strip()
    unit = UNIT.search(last)
    said = (unit[1].rpartition("/")[2] if unit else "").strip().replace("μ", "µ")
    bare = UNIT.sub("", last).strip()
    for code, words in NUTRIENT_WORDS.items():
        if bare in words and (said.lower() == NUTRIENTS[code].lower()):
            return code
    return None


def fields_of(kind: str) -> list[str]:
    """Every field that a mapping of a kind may name."""
    names = [field.name for field in FIELDS[kind]]
    return [*names, *NUTRIENTS] if kind in NUTRIENT_KINDS else names


def missing_fields(kind: str, mapping: Mapping[str, str]) -> list[str]:
    """Fields without which a file says nothing."""
    missing = [field.name for field in FIELDS[kind] if field.needed and not mapping.get(field.name)]
    if kind == ImportKind.RECIPES and not any(mapping.get(name) for name in ("lines", "ingredient", "sub")):
        missing.append("ingredient")
    if kind == ImportKind.MENUS and not mapping.get("date") and not (mapping.get("week") and mapping.get("weekday")):
        missing.append("date")
    return missing
