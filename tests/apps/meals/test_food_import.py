"""Files of kitchens: taken as they are, their gaps and contradictions shown by row, nothing declared, taken back."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from tests.strategies.stage import AT, stage_set

from vardnara.apps.meals.bridge.mapping import mapping_propose
from vardnara.apps.meals.models import (
    CellContent,
    Dish,
    DishCell,
    Food,
    FoodImport,
    FoodTable,
    Ingredient,
    IngredientDeclaration,
    Kitchen,
    Menu,
    MenuDay,
    Recipe,
    RecipeLine,
    RecipeVersion,
    SentFile,
)
from vardnara.apps.meals.queries.offered import cells_of, offered
from vardnara.apps.meals.services.food_import import (
    file_send,
    food_import,
    food_import_undo,
    mapping_known,
    sent_table,
)
from vardnara.apps.meals.services.ingredients import AllergenWords, ingredient_declare
from vardnara.gateways.food_file import food_file_read, line_read
from vardnara.gateways.food_label import findings_of, label_read
from vardnara.kernel.errors import InputError, RuleBroken


class Scene:
    """A hospital with a kitchen whose cook sends files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        stage = stage_set()
        self.hospital_id = stage.ward.division.hospital_id
        self.actor = stage.users["kitchen"]
        self.actor.profession = "dietitian"
        self.actor.save()
        self.kitchen = Kitchen.objects.create(hospital_id=self.hospital_id, code="K", name="Kök")

    def read(self, kind: str, file: Path, mapping: dict[str, str] | None = None, **options: Any) -> FoodImport:
        path = self.folder / f"sent-{file.name}"
        shutil.copy(file, path)
        who = {"actor": self.actor, "at": AT}
        sent = file_send(
            hospital_id=self.hospital_id, kind=kind, path=path, file_name=file.name, encoding="utf-8", **who
        )
        columns = sent_table(sent).columns
        chosen = mapping_propose(kind, columns) | (mapping or {})
        return food_import(sent_id=sent.pk, mapping=chosen, options={"kitchen_id": self.kitchen.pk, **options}, **who)

    def text(self, kind: str, text: str, file: str = "f.csv", **options: Any) -> FoodImport:
        path = self.folder / file
        path.write_text(text)
        return self.read(kind, path, **options)

    def undo(self, made: FoodImport) -> None:
        food_import_undo(import_id=made.pk, actor=self.actor, at=AT)


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Scene:
    settings.DEMO = True
    return Scene(tmp_path)


def codes(made: FoodImport, about: str = "") -> list[tuple[str, str]]:
    return [(one["code"], one["allergen"]) for one in made.findings if not about or one["about"] == about]


def test_the_national_food_table_comes_in_as_it_is(scene: Scene, shared_data: Path) -> None:
    """2,333 foods; two title rows are passed over; a cell that is empty is missing and never 0; taken back whole."""
    file = shared_data / "food" / "livsmedelsverket" / "LivsmedelsDB_2022-05-24.csv.gz"
    made = scene.read("foods", file, name="Livsmedelsdatabasen", version="2022-05-24", source="Livsmedelsverket")
    assert Food.objects.count() == made.counts["added"] == 2333
    fat = Food.objects.get(number="1")
    assert (fat.name, fat.group) == ("Nöt talg", "Fett, olja")
    assert fat.nutrients["water_g"] == "21.7" and fat.nutrients["energy_kcal"] == "656"
    assert fat.nutrients["fibre_g"] == "0" and "vitamin_k_ug" not in fat.nutrients and "iodine_ug" not in fat.nutrients
    assert len(made.mapping) == 3 + 36
    assert made.mapping["saturated_fat_g"] == "summa mättade fettsyror (g)"
    missing = {one["about"]: one["words"] for one in made.findings if one["code"] == "no_value"}
    n_with = Food.objects.filter(nutrients__has_key="vitamin_k_ug").count()
    assert missing["vitamin k (µg)"] == f"{2333 - n_with}/2333"
    with pytest.raises(RuleBroken) as error:
        scene.read("foods", file)
    assert error.value.code == "same_file"
    scene.undo(made)
    assert FoodTable.objects.get().withdrawn_at and not SentFile.objects.filter(kind="x").exists()
    assert scene.read("foods", file).counts == made.counts


def test_the_kitchens_menu_comes_in_with_its_contradictions_and_declares_nothing(
    scene: Scene, shared_data: Path
) -> None:
    """What the file claims is kept beside the label; everything stays unknown until a person has declared it."""
    file = shared_data / "food" / "mashie_menu" / "meals_2021-10-01_15.json"
    made = scene.read("menus", file)
    assert made.counts["added"] == 25 and made.counts["dishes"] == Dish.objects.count()
    assert [one.code for one in offered(kitchen_id=scene.kitchen.pk, on=date(2021, 10, 13))] == [
        "pytt-i-panna",
        "vegetarisk-pytt-med-rotfrukter",
    ]
    assert not any(cell.verified for of in cells_of(dish_ids=Dish.objects.values("pk")).values() for cell in of)
    assert not CellContent.objects.filter(declared=True).exists()
    assert codes(made, "Pytt i panna") == [("composite", "")]
    assert ("named_not_claimed", "7") in codes(made, "Linsgryta, kokt potatis")
    assert ("claimed_not_named", "1") in codes(made, "Spagetti, köttfärssås")
    assert ("dish_twice", "") in codes(made)  # on 8 October both lunches are the same dish
    burger = Dish.objects.get(name="Hamburgare m bröd, klyftpotatis, dressing")
    kept = CellContent.objects.get(cell__dish=burger)
    assert "ÄGGfri" in kept.label and kept.claimed["contains"] == ["1", "7", "10"]
    assert kept.claimed["nutrients"]["energy_kcal"] and kept.nutrients == {}
    places = {one["place"] for one in made.findings}
    assert all(place.startswith("/meals/") for place in places)
    scene.undo(made)
    assert not offered(kitchen_id=scene.kitchen.pk, on=date(2021, 10, 13))
    assert not Dish.objects.filter(retired_at=None).exists() and Menu.objects.get().withdrawn_at


def test_recipes_of_sites_come_in_and_lose_nothing(scene: Scene, shared_data: Path) -> None:
    """Every recipe of the file, also those without yields; no line is matched by guess."""
    file = shared_data / "food" / "recipes" / "recipes.jsonl.gz"
    made = scene.read("recipes", file)
    kept = {json.loads(line)["canonical_url"] for line in gzip.decompress(file.read_bytes()).splitlines()}
    assert Recipe.objects.count() == made.counts["added"] == len(kept)
    trifle = Recipe.objects.get(code__contains="trifle-pa-apple")
    lines = RecipeLine.objects.filter(version__recipe=trifle).order_by("position")
    assert lines[0].text == "3 Äpplen" and lines[0].unit == "piece" and lines[0].amount == 3
    assert not RecipeLine.objects.exclude(ingredient=None).exists()
    n_without = sum(1 for one in made.findings if one["code"] == "no_servings" and not one["words"])
    assert n_without and RecipeVersion.objects.filter(servings=None).count() >= n_without


INGREDIENTS = """Artikelnummer;Namn;Ingredienser;Allergener;Kan innehålla;Styckvikt
1;Majonnäs;Rapsolja, vatten, SENAP, ÄGGfri;ägg, senap;;
2;Mellanmjölk;MJÖLK;mjölk;;
3;Tomatsoppa;Tomat, vatten, GRÄDDE;;;
4;Lunchpytt;Lunchpytt Ox;;;
5;Ägg;;ägg;;55,5
6;Nötmix;Cashewnötter. Kan innehålla spår av jordnötter;xyz, nötter;jordnötter;
"""


def test_labels_are_held_against_claims_row_by_row(scene: Scene) -> None:
    """Declared egg but the label is free of it, milk named but not declared, no label, goods without ingredients."""
    made = scene.text("ingredients", INGREDIENTS)
    assert made.counts == {"added": 6}
    assert codes(made, "Majonnäs") == [("claimed_but_free", "3")]
    assert codes(made, "Mellanmjölk") == []
    assert codes(made, "Tomatsoppa") == [("named_not_claimed", "7")]
    assert codes(made, "Lunchpytt") == [("composite", "")]
    assert codes(made, "Ägg") == [("no_label", "")]
    assert codes(made, "Nötmix") == [("allergen_word", "")]
    assert [one["place"] for one in made.findings if one["about"] == "Tomatsoppa"] == ["4"]
    assert not IngredientDeclaration.objects.filter(declared=True).exists()
    assert str(Ingredient.objects.get(code="5").piece_grams) == "55.500"


def test_a_new_label_undoes_a_declaration_and_undo_brings_it_back(scene: Scene) -> None:
    """What a dietitian said of the old label holds no longer for the new one; taking the file back says it again."""
    scene.text("ingredients", INGREDIENTS)
    milk = Ingredient.objects.get(code="2")
    words = AllergenWords(frozenset({"7"}))
    ingredient_declare(ingredient_id=milk.pk, words=words, note="", actor=scene.actor, at=AT)
    made = scene.text("ingredients", INGREDIENTS.replace(";MJÖLK;", ";MJÖLK, vitamin D;"), "g.csv")
    assert ("declare_again", "") in codes(made, "Mellanmjölk") and made.counts == {"changed": 6}
    latest = IngredientDeclaration.objects.filter(ingredient=milk).order_by("-number")
    assert not latest[0].declared and latest[0].label == "MJÖLK, vitamin D"
    scene.undo(made)
    assert latest.all()[0].declared and latest.all()[0].contains == ["7"] and latest.all()[0].label == "MJÖLK"
    with pytest.raises(RuleBroken) as error:
        scene.undo(made)
    assert error.value.code == "already_withdrawn"


RECIPES = """Recept;Portioner;Råvara;Delrecept;Mängd;Enhet;Del
Torsk med sås;10;Torsk;;1,2;kg;
Torsk med sås;10;;Vit sås;8;dl;Sås
Vit sås;;Mjölk;;1;l;
Vit sås;;Vetemjöl;;3;msk;
Vit sås;;Peppar;;;;
Vit sås;;Salt;;2;nypor;
"""


def test_recipes_of_rows_know_their_sub_recipes_in_any_order(scene: Scene) -> None:
    """The sauce is made before what holds it; amounts in grams and millilitres; goods are new and undeclared."""
    made = scene.text("recipes", RECIPES)
    assert made.counts == {"added": 2, "ingredients": 5}
    cod = RecipeVersion.objects.get(recipe__name="Torsk med sås")
    first, second = cod.lines.order_by("position")
    assert (first.ingredient.name, first.amount, first.unit) == ("Torsk", 1200, "g")
    assert (second.sub.recipe.name, second.amount, second.unit, second.part) == ("Vit sås", 800, "ml", "Sås")
    assert cod.servings == 10 and RecipeVersion.objects.get(recipe__name="Vit sås").servings is None
    assert {("no_servings", ""), ("no_amount", ""), ("unknown_unit", "")} <= set(codes(made, "Vit sås"))
    changed = scene.text("recipes", RECIPES.replace("1;l", "2;l"), "b.csv")
    assert changed.counts == {"changed": 1, "unchanged": 1}
    assert RecipeVersion.objects.get(recipe__name="Torsk med sås", number=2).lines.get(position=2).sub.number == 2
    scene.undo(changed)
    again = RecipeVersion.objects.filter(recipe__name="Vit sås").order_by("-number")[0]
    assert again.number >= 3 and again.lines.get(position=1).amount == 1000


def test_a_recipe_that_holds_itself_is_refused_with_its_line(scene: Scene) -> None:
    """And with it the whole file."""
    with pytest.raises(InputError) as error:
        scene.text("recipes", "Recept;Råvara;Delrecept;Mängd;Enhet\nA;;B;1;g\nB;;A;1;g\n")
    (fault,) = error.value.faults
    assert fault.place == "2" and not Recipe.objects.exists()


MENU = "Vecka;Veckodag;Måltid;Rätt;Ingredienser\n1;Måndag;Lunch 1;Torsk;TORSK\n2;tis;Middag;Soppa;Tomat\n"


def test_a_cycle_comes_in_by_week_and_weekday_also_from_a_workbook(scene: Scene) -> None:
    """The same file as CSV and as xlsx; a menu that is there already is in the way, and said so."""
    words = {"from_on": date(2026, 3, 2), "name": "Vår"}
    made = scene.text("menus", MENU, **words)
    assert [one.names["sv"] for one in offered(kitchen_id=scene.kitchen.pk, on=date(2026, 3, 16))] == ["Torsk"]
    assert [one.meal for one in offered(kitchen_id=scene.kitchen.pk, on=date(2026, 3, 10))] == ["dinner"]
    book = Workbook()
    for line in ["Matsedel våren", *MENU.splitlines()]:
        book.active.append(line.split(";"))
    book.save(scene.folder / "m.xlsx")
    with pytest.raises(InputError) as error:
        scene.read("menus", scene.folder / "m.xlsx", **words)
    assert len(error.value.faults) == 1 and FoodImport.objects.count() == 1
    scene.undo(made)
    scene.read("menus", scene.folder / "m.xlsx", **words)
    assert [one.names["sv"] for one in offered(kitchen_id=scene.kitchen.pk, on=date(2026, 3, 16))] == []
    assert Dish.objects.get(name="Torsk").retired_at


def test_dates_can_come_in_instead_of_the_menu_that_holds(scene: Scene) -> None:
    """As days, for the meals of the file only."""
    scene.text("menus", MENU, from_on=date(2026, 3, 2))
    made = scene.text("menus", "Datum;Måltid;Rätt\n2026-03-16;Lunch;Fest\n", "d.csv", as_days=True)
    assert [one.names["sv"] for one in offered(kitchen_id=scene.kitchen.pk, on=date(2026, 3, 16))] == ["Fest"]
    scene.undo(made)
    assert not MenuDay.objects.exists()
    assert [one.names["sv"] for one in offered(kitchen_id=scene.kitchen.pk, on=date(2026, 3, 16))] == ["Torsk"]


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("foods", "nummer;namn;protein (g)\n1;Mjölk;3,5\n1;Ost;25\n", "3"),
        ("foods", "nummer;namn;protein (g)\n1;Mjölk;tre\n", "2"),
        ("foods", "nummer;namn;protein (g)\n1;;3\n", "2"),
        ("ingredients", "namn;styckvikt\nÄgg;0\n", "2"),
        ("menus", "Datum;Måltid;Rätt\n2026-13-01;Lunch;Torsk\n", "2"),
        ("menus", "Datum;Måltid;Rätt\n2026-03-01;Brunchen;Torsk\n", "2"),
        ("menus", "Måltid;Rätt\nLunch;Torsk\n", "1"),
        ("recipes", "Recept;Portioner\nTorsk;2\n", "1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(scene: Scene, kind: str, text: str, place: str) -> None:
    """Nothing is half read in."""
    with pytest.raises(InputError) as error:
        scene.text(kind, text)
    assert [fault.place for fault in error.value.faults] == [place]
    assert not FoodImport.objects.exists() and not Food.objects.exists() and not DishCell.objects.exists()


def test_a_mapping_is_remembered_for_the_same_columns(scene: Scene) -> None:
    """Columns that no name gives away are mapped once."""
    text = "a;b;c\n1;Mjölk;3,5\n"
    path = scene.folder / "x.csv"
    path.write_text(text)
    mapping = {"number": "a", "name": "b", "protein_g": "c"}
    scene.read("foods", path, mapping)
    assert Food.objects.get().nutrients == {"protein_g": "3.5"}
    known = mapping_known(hospital_id=scene.hospital_id, kind="foods", columns=["c", "b", "a"])
    assert known == mapping
    assert mapping_known(hospital_id=scene.hospital_id, kind="menus", columns=["a", "b", "c"]) is None


@pytest.mark.parametrize(
    ("label", "names", "free"),
    [
        ("MF Majonnäs lätt fett 35 % ÄGGfri", set(), {"3"}),
        ("Mjölkfritt flytande margarin", set(), {"7"}),
        ("MellanMJÖLK 1,5% 10L  EKO, GratängOST 28%", {"7"}, set()),
        ("Nötfärs 10 %, oxlägg, bovete, muskotnöt, kokosmjölk", set(), set()),
        ("Laktosfri mjölk", {"7"}, set()),
        ("fri från ägg och mjölk", set(), {"3", "7"}),
        ("SEJfilé MSC, bläckfisk, jordnötssmör", {"4", "14", "5"}, set()),
        ("Glutenfritt havremjöl, rostad lök, kompott", {"1.4"}, {"1"}),
        ("hasselnötter, mandelpotatis, cashewnötter", {"8", "8.2", "8.4"}, set()),
    ],
)
def test_labels_are_read_with_their_negations(label: str, names: set[str], free: set[str]) -> None:
    """A word within a word names it, but not where it means something else."""
    said = label_read(label)
    assert (set(said.names), set(said.free)) == (names, free)


def test_traces_are_not_contents_and_groups_meet_their_members() -> None:
    """Wheat is named where gluten is claimed; nuts are claimed where almonds are named."""
    assert set(label_read("Kakao. Kan innehålla spår av nötter och sesam.").traces) == {"8", "11"}
    assert [one.code for one in findings_of("VETEmjöl", ["1"])] == []
    assert [one.code for one in findings_of("mandel", ["8"])] == []
    assert [one.code for one in findings_of("mandel", ["8.3"])] == ["claimed_not_named", "named_not_claimed"]


@pytest.mark.parametrize(
    ("text", "amount", "unit", "name"),
    [
        ("1½ dl vispgrädde", "150", "ml", "vispgrädde"),
        ("1 ½ dl vin", "150", "ml", "vin"),
        ("400 g Pastrami, kokt", "400", "g", "Pastrami, kokt"),
        ("½ Grön paprika", "0.5", "piece", "Grön paprika"),
        ("2-3 tomater", None, "", "tomater"),
        ("salt och peppar", None, "", "salt och peppar"),
        ("1/0 dl olja", None, "", "1/0 dl olja"),
    ],
)
def test_lines_of_recipes_are_read_as_written(text: str, amount: str | None, unit: str, name: str) -> None:
    """Of a range nothing is taken."""
    read = line_read(text)
    assert (read.amount, read.unit, read.name) == (None if amount is None else pytest.approx(float(amount)), unit, name)


def test_json_that_is_nested_cut_or_no_object_is_said_so(tmp_path: Path) -> None:
    """A fault, not a traceback."""
    for n, text in enumerate(("{", "[1, 2]", '"x"', "[" * 5000, json.dumps({"a": {"b": [{"c": 1}]}}))):
        file = tmp_path / f"{n}.json"
        file.write_text(text)
        reading = food_file_read(file)
        assert bool(reading.tables) != bool(reading.faults)
        if n == 4:
            assert reading.tables[0].rows[0].cells == {"a.b.c": "1"}
    packed = tmp_path / "x.csv.gz"
    packed.write_bytes(b"no gzip")
    assert food_file_read(packed).faults
