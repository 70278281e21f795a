"""Ingredients, recipes, dishes and menus: who may write, what a change does to dishes, and the invented kitchen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
from tests.strategies.refusals import refused
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.accounts.models import User
from vardnara.apps.meals.events import declaration_changed
from vardnara.apps.meals.models import Dish, DishCell, Ingredient, IngredientDeclaration, RecipeVersion
from vardnara.apps.meals.queries.books import rolled_now
from vardnara.apps.meals.queries.offered import MEAL_ORDER, cells_of, fallbacks, kitchen_of, meal_windows, offered
from vardnara.apps.meals.services import dishes, ingredients, kitchens, menus, recipes
from vardnara.apps.meals.services.demo import demo_kitchen_load
from vardnara.apps.meals.services.dishes import CellWords, DishWords, VariantWords
from vardnara.apps.meals.services.ingredients import AllergenWords, IngredientWords
from vardnara.apps.meals.services.menus import MenuWords, OfferWords
from vardnara.apps.meals.services.recipes import LineWords, VersionWords

MONDAY = date(2026, 3, 2)
MILK, EGG = frozenset({"7"}), frozenset({"3"})


class Scene:
    """A hospital with a diet cook and a cook, and what was told of dishes."""

    def __init__(self) -> None:
        self.stage: Stage = stage_set()
        self.hospital = self.stage.ward.division.hospital_id
        self.cook: User = self.stage.users["service_head"]
        self.diet: User = self.stage.users["kitchen"]
        self.diet.profession = "diet_cook"
        self.diet.save()
        self.told: list[frozenset[int]] = []

    def who(self, diet: bool = False) -> dict[str, Any]:
        return {"actor": self.diet if diet else self.cook, "at": AT}

    def ingredient(self, code: str) -> Ingredient:
        words = IngredientWords(code, code.title())
        return ingredients.ingredient_add(hospital_id=self.hospital, words=words, **self.who())

    def recipe(self, code: str, *lines: LineWords) -> int:
        words = VersionWords(lines)
        return recipes.recipe_add(hospital_id=self.hospital, code=code, name=code, words=words, **self.who()).pk

    def dish(self, code: str = "torsk") -> Dish:
        return dishes.dish_add(hospital_id=self.hospital, words=DishWords(code, code.title()), **self.who())

    def declare(self, dish: Dish, words: CellWords, diet: str = "normal", **said: Any) -> DishCell:
        place = {"dish_id": dish.pk, "diet": diet, "texture": "hel_delad"}
        return dishes.cell_declare(words=words, **(place | self.who(diet=True) | said))


@pytest.fixture
def scene(db: None, settings: Any) -> Iterator[Scene]:
    settings.DEMO = True
    one = Scene()

    def hear(**said: Any) -> None:
        one.told.append(said["dish_ids"])

    declaration_changed.connect(hear, weak=False)
    yield one
    declaration_changed.disconnect(hear)


COD = CellWords(
    AllergenWords(frozenset({"4", "7"}), EGG, frozenset({"9"}), frozenset({"fish"})),
    textures=frozenset({"hel_delad"}),
    iddsi=frozenset({7}),
    diets=frozenset({"lactose_reduced"}),
    nutrients={"energy_kcal": "412.5"},
    variants=[VariantWords("no_sauce", "utan sås", removes=MILK, adds_diets=frozenset({"milk_free"}))],
)


def test_only_the_diet_role_declares(scene: Scene) -> None:
    """A cook writes dishes and ingredients; what is in them is said by a diet cook or dietitian alone."""
    milk, cod = scene.ingredient("mjolk"), scene.dish()
    with refused("not_diet_role"):
        ingredients.ingredient_declare(ingredient_id=milk.pk, words=AllergenWords(MILK), note="", **scene.who())
    with refused("not_diet_role"):
        scene.declare(cod, COD, **scene.who())
    with refused("not_diet_role"):
        dishes.dish_safe_list(dish_id=cod.pk, listed=True, **scene.who())
    with refused("wrong_role"):
        ingredients.ingredient_add(
            hospital_id=scene.hospital, words=IngredientWords("x", "X"), actor=scene.stage.users["ward_staff"], at=AT
        )
    ingredients.ingredient_declare(ingredient_id=milk.pk, words=AllergenWords(MILK), note="", **scene.who(diet=True))
    said = IngredientDeclaration.objects.get(ingredient=milk)
    assert (said.contains, said.profession, said.by_id) == (["7"], "diet_cook", scene.diet.pk)


def test_a_new_label_must_be_declared_again(scene: Scene) -> None:
    """The label changes, so what was said of the old one holds no longer; the same label changes nothing."""
    one = scene.ingredient("margarin")
    ingredients.label_set(ingredient_id=one.pk, label="Rapsolja, vatten", **scene.who())
    ingredients.ingredient_declare(ingredient_id=one.pk, words=AllergenWords(), note="", **scene.who(diet=True))
    ingredients.label_set(ingredient_id=one.pk, label=" Rapsolja, vatten ", **scene.who())
    rows = list(IngredientDeclaration.objects.filter(ingredient=one).order_by("number"))
    assert [(row.label, row.declared) for row in rows] == [("Rapsolja, vatten", False), ("Rapsolja, vatten", True)]
    ingredients.label_set(ingredient_id=one.pk, label="Rapsolja, SKUMMJÖLK", **scene.who())
    latest = IngredientDeclaration.objects.get(ingredient=one, number=3)
    assert not latest.declared and latest.contains == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (AllergenWords(frozenset({"15"})), "unknown_allergen"),
        (AllergenWords(MILK, MILK), "allergen_twice"),
        (AllergenWords(MILK, EGG, EGG), "allergen_twice"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(scene: Scene, words: AllergenWords, code: str) -> None:
    """With words, before the database does."""
    one = scene.ingredient("x")
    with refused(code):
        ingredients.ingredient_declare(ingredient_id=one.pk, words=words, note="", **scene.who(diet=True))


def test_what_files_claim_is_declared_by_a_person_at_once(scene: Scene) -> None:
    """Only what a file claimed something of and nobody has declared."""
    rows = [scene.ingredient(code) for code in ("a", "b", "c")]
    for row, claimed in zip(rows, ({"contains": ["7"], "may_contain": ["3"]}, {}, {"contains": ["1"]}), strict=True):
        row.refresh_from_db()
        ingredients.declaration_add(row, {"claimed": claimed, "label": "L"}, AT)
    ingredients.ingredient_declare(ingredient_id=rows[2].pk, words=AllergenWords(), note="", **scene.who(diet=True))
    ids = [row.pk for row in rows]
    with refused("not_diet_role"):
        ingredients.claimed_declare(hospital_id=scene.hospital, ingredient_ids=ids, **scene.who())
    assert ingredients.claimed_declare(hospital_id=scene.hospital, ingredient_ids=ids, **scene.who(diet=True)) == 1
    said = IngredientDeclaration.objects.get(ingredient=rows[0], number=2)
    assert (said.contains, said.may_contain, said.label, said.declared) == (["7"], ["3"], "L", True)


def test_a_declared_cell_is_what_was_declared_and_tells_when_it_changes(scene: Scene) -> None:
    """The state is kept by the cell; the same declaration again tells nobody; a change takes it off the safe list."""
    cod = scene.dish()
    cell = scene.declare(cod, COD)
    assert scene.told == [frozenset({cod.pk})]
    (found,) = cells_of(dish_ids=[cod.pk])[cod.pk]
    assert found.verified and found.contains == ("4", "7") and found.may_contain == ("3",) and found.unknown == ("9",)
    assert found.diets == ("lactose_reduced", "normal") and found.flags == ("fish",) and found.iddsi == (7,)
    assert found.variants[0]["removes"] == ["7"] and found.variants[0]["adds_diets"] == ["milk_free"]
    assert dict(found.nutrients) == {"energy_kcal": Decimal("412.5")}
    dishes.dish_safe_list(dish_id=cod.pk, listed=True, **scene.who(diet=True))
    assert scene.declare(cod, COD) == cell and len(scene.told) == 1
    cod.refresh_from_db()
    assert cod.safe_by == scene.diet
    scene.declare(cod, CellWords(AllergenWords(frozenset({"4"})), textures=frozenset({"hel_delad"})))
    cod.refresh_from_db()
    assert len(scene.told) == 2 and cod.safe_at is None
    scene.declare(cod, COD, diet="gluten_free")
    DishCell.objects.create(dish=cod, diet="vegan", texture="timbal")
    with refused("dish_not_verified"):
        dishes.dish_safe_list(dish_id=cod.pk, listed=True, **scene.who(diet=True))


def test_a_cell_by_a_recipe_is_unknown_until_it_is_verified_and_follows_its_versions(scene: Scene) -> None:
    """A new version of a sauce makes new versions of what holds it, and dishes are cooked by those."""
    milk = scene.ingredient("mjolk")
    sauce = scene.recipe("sas", LineWords(ingredient_id=milk.pk, amount=Decimal(100), unit="g"))
    plate = scene.recipe("torsk", LineWords(recipe_id=sauce, part="sås"), LineWords("1 nypa salt"))
    cod = scene.dish()
    variant = VariantWords("no_sauce", "utan sås", part="sås")
    cell = dishes.cell_cook_by(
        dish_id=cod.pk, diet="normal", texture="hel_delad", recipe_id=plate, variants=[variant], **scene.who()
    )
    assert not cells_of(dish_ids=[cod.pk])[cod.pk][0].verified
    words = VersionWords([LineWords(ingredient_id=milk.pk, amount=Decimal(90), unit="g")], servings=Decimal(4))
    recipes.recipe_version_add(recipe_id=sauce, words=words, **scene.who())
    latest = RecipeVersion.objects.get(recipe=plate, number=2)
    line, text = latest.lines.order_by("position")
    assert line.sub.recipe_id == sauce and line.sub.number == 2 and line.part == "sås" and text.text == "1 nypa salt"
    content = cell.contents.get(number=2)
    assert content.recipe_version == latest and content.variants.get().part == "sås"


def test_a_recipe_never_holds_itself(scene: Scene) -> None:
    """Neither at once nor by way of another, whatever versions there were."""
    one = scene.recipe("a", LineWords("vatten"))
    two = scene.recipe("b", LineWords(recipe_id=one))
    for recipe_id, inside in ((one, one), (one, two)):
        with refused("recipe_holds_itself"):
            words = VersionWords([LineWords(recipe_id=inside)])
            recipes.recipe_version_add(recipe_id=recipe_id, words=words, **scene.who())
    recipes.recipe_version_add(recipe_id=two, words=VersionWords([LineWords("salt")]), **scene.who())
    recipes.recipe_version_add(recipe_id=one, words=VersionWords([LineWords(recipe_id=two)]), **scene.who())
    assert RecipeVersion.objects.filter(recipe=one).count() == 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LineWords(" "), "line_says_nothing"),
        (LineWords(ingredient_id=0), "unknown_ingredient"),
        (LineWords(recipe_id=0), "unknown_recipe"),
        (LineWords("mjölk", amount=Decimal(1)), "bad_food_amount"),
        (LineWords("mjölk", amount=Decimal(-1), unit="g"), "bad_food_amount"),
    ],
)
def test_a_line_that_cannot_be_is_refused(scene: Scene, line: LineWords, code: str) -> None:
    """With words, before the database does."""
    with refused(code):
        scene.recipe("a", line)


def test_a_menu_is_put_together_copied_and_withdrawn(scene: Scene) -> None:
    """A dish put twice is one; the week copied is the same; a new season ends the old; orders hear of what goes."""
    kitchen = kitchens.kitchen_add(hospital_id=scene.hospital, code="K", name="K", **scene.who())
    cod, soup = scene.dish(), scene.dish("soppa")
    words = MenuWords("Vår", 2, MONDAY + timedelta(days=3), MONDAY)
    menu = menus.menu_add(kitchen_id=kitchen.pk, words=words, **scene.who())
    assert menu.anchor_on == MONDAY
    put = {"menu_id": menu.pk, "week": 1, "weekday": 1}
    menus.menu_entry_put(**put, words=OfferWords("lunch", cod.pk), **scene.who())
    menus.menu_entry_put(**put, words=OfferWords("lunch", cod.pk, 2, frozenset({"normal"})), **scene.who())
    assert menus.menu_week_copy(menu_id=menu.pk, from_week=1, to_week=2, **scene.who()) == 1
    for on in (MONDAY, MONDAY + timedelta(days=7)):
        (one,) = offered(kitchen_id=kitchen.pk, on=on)
        assert (one.position, one.default_for) == (2, ("normal",))
    with refused("menu_weeks_in_use"):
        menus.menu_change(menu_id=menu.pk, words=MenuWords("Vår", 1, MONDAY, MONDAY), **scene.who())
    with refused("no_such_day"):
        menus.menu_entry_put(**(put | {"week": 3}), words=OfferWords("lunch", cod.pk), **scene.who())
    later = menus.menu_add(kitchen_id=kitchen.pk, words=MenuWords("Sommar", 1, MONDAY, date(2026, 6, 1)), **scene.who())
    menu.refresh_from_db()
    assert menu.to_on == later.from_on
    with refused("menus_overlap"):
        menus.menu_change(menu_id=menu.pk, words=MenuWords("Vår", 2, MONDAY, MONDAY), **scene.who())
    menus.menu_day_set(
        kitchen_id=kitchen.pk, on=MONDAY, name="Fest", instead=["lunch"], offers=[OfferWords("lunch", soup.pk)],
        **scene.who(),
    )  # fmt: skip
    assert [one.code for one in offered(kitchen_id=kitchen.pk, on=MONDAY)] == ["soppa"]
    scene.told.clear()
    menus.menu_withdraw(menu_id=menu.pk, **scene.who())
    assert scene.told == [frozenset({cod.pk})]
    assert not offered(kitchen_id=kitchen.pk, on=MONDAY + timedelta(days=7))


def test_the_invented_kitchen_serves_every_ward_six_meals(scene: Scene) -> None:
    """Quickly, once, with dishes that a menu offers every day of the cycle, safe cells for all, and fallbacks."""
    began = perf_counter()
    assert demo_kitchen_load(hospital_id=scene.hospital, at=AT)
    assert perf_counter() - began < 2
    assert not demo_kitchen_load(hospital_id=scene.hospital, at=AT)
    found = kitchen_of(ward_id=scene.stage.ward.pk, on=AT.date())
    assert found is not None and len(meal_windows(kitchen_id=found.kitchen_id, on=AT.date())) == 6
    for n in range(28):
        on = AT.date() + timedelta(days=n)
        dishes_of = offered(kitchen_id=found.kitchen_id, on=on)
        mains = [one for one in dishes_of if one.meal in ("lunch", "dinner") and one.source == "menu"]
        assert len(mains) == 4 and all(one.names.keys() >= {"sv", "en", "ar"} for one in mains)
        assert [one.meal for one in dishes_of] == sorted((one.meal for one in dishes_of), key=MEAL_ORDER.__getitem__)
        assert {one.meal for one in dishes_of} == {"breakfast", "lunch", "dinner"} | {
            f"{part}_snack" for part in ("morning", "afternoon", "evening")
        }
        for diet in ("normal", "energy_protein", "gluten_free", "vegetarian"):
            assert any(diet in cell.diets for one in mains for cell in one.cells)
    assert len(fallbacks(kitchen_id=found.kitchen_id, on=AT.date(), meals=["lunch"])) == 2
    found_cells = cells_of(dish_ids=Dish.objects.values_list("pk", flat=True)).values()
    free = [cell for cells in found_cells for cell in cells if "gluten_free" in cell.diets]
    assert free and not [cell for cell in free if {code.partition(".")[0] for code in cell.contains} & {"1"}]


def test_a_verified_recipe_is_what_its_ingredients_are_until_one_of_them_changes(scene: Scene) -> None:
    """Verified as it was looked at; a new declaration deep within ends it; a variant takes away what is really gone."""
    milk, cod = scene.ingredient("mjolk"), scene.ingredient("torsk")
    sauce = scene.recipe("sas", LineWords(ingredient_id=milk.pk, amount=Decimal(100), unit="g"))
    lines = [LineWords(ingredient_id=cod.pk, amount=Decimal(100), unit="g"), LineWords(recipe_id=sauce, part="sås")]
    plate = scene.recipe("torsk", *lines)
    dish = scene.dish()
    variant = VariantWords("no_sauce", "utan sås", part="sås")
    dishes.cell_cook_by(
        dish_id=dish.pk, diet="normal", texture="hel_delad", recipe_id=plate, variants=[variant], **scene.who()
    )
    version = RecipeVersion.objects.get(recipe=plate)
    said = {"textures": frozenset({"hel_delad"}), "iddsi": frozenset({7}), "diets": frozenset({"normal"}), "note": ""}

    def verify(fingerprint: str, **who: Any) -> None:
        recipes.recipe_verify(version_id=version.pk, fingerprint=fingerprint, **said, **(who or scene.who(diet=True)))

    def declare(row: Ingredient, contains: frozenset[str]) -> None:
        words = AllergenWords(contains, flags=frozenset({"animal"}))
        ingredients.ingredient_declare(ingredient_id=row.pk, words=words, note="", **scene.who(diet=True))

    with refused("recipe_undeclared"):
        verify(rolled_now(version_id=version.pk).fingerprint)
    looked = rolled_now(version_id=version.pk).fingerprint
    declare(milk, MILK)
    declare(cod, frozenset({"4"}))
    with refused("recipe_changed"):
        verify(looked)
    with refused("not_diet_role"):
        verify(looked, **scene.who())
    scene.told.clear()
    verify(rolled_now(version_id=version.pk).fingerprint)
    (cell,) = cells_of(dish_ids=[dish.pk])[dish.pk]
    assert (cell.verified, cell.contains, cell.flags, cell.iddsi) == (True, ("4", "7"), ("animal",), (7,))
    assert cell.variants[0]["removes"] == ["7"] and cell.variants[0]["removes_flags"] == []
    assert scene.told == [frozenset({dish.pk})]
    declare(milk, MILK | EGG)
    assert not cells_of(dish_ids=[dish.pk])[dish.pk][0].verified and len(scene.told) == 2
    declare(milk, MILK)
    assert cells_of(dish_ids=[dish.pk])[dish.pk][0].verified and len(scene.told) == 3
