"""A dish's page: its photo, its changes ("utan sås"), its cells of one menu; and the food of an ingredient."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.strategies.refusals import refused
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.meals.events import declaration_changed
from vardnara.apps.meals.models import CellContent, Dish, DishCell, DishPhoto, Kitchen, Menu
from vardnara.apps.meals.queries.books import rolled_now
from vardnara.apps.meals.queries.offered import cells_of
from vardnara.apps.meals.services import dish_photos, dish_variants, dishes, ingredients, kitchens, menus, recipes
from vardnara.apps.meals.services.dishes import CellWords, DishWords, VariantWords
from vardnara.apps.meals.services.ingredients import AllergenWords, IngredientWords
from vardnara.apps.meals.services.menus import MenuWords
from vardnara.apps.meals.services.recipes import LineWords, VersionWords
from vardnara.gateways.pictures import BYTES_LIMIT


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def torsk(stage: Stage) -> Dish:
    words = DishWords("torsk", "Kokt torsk", "fish")
    return dishes.dish_add(hospital_id=stage.ward.division.hospital_id, words=words, **who(stage))


def who(stage: Stage, role: str = "kitchen", profession: str = "diet_cook") -> dict[str, Any]:
    user = stage.users[role]
    user.profession = profession
    user.save()
    return {"actor": user, "at": AT}


def client_of(stage: Stage, role: str = "kitchen", profession: str = "diet_cook") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who(stage, role, profession)["actor"])
    return client


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def do(client: Client, where: str, deed: str, **said: Any) -> str:
    return text(client.post(where, {"deed": deed, **said}, follow=True))


def snapshot(colour: str = "red", kind: str = "JPEG") -> bytes:
    """A picture as a phone takes it, with the camera and the place in it."""
    seen = Image.new("RGB", (900, 600), colour)
    exif = seen.getexif()
    exif[0x010F] = "Hemlig kamera"
    exif.get_ifd(0x8825)[1] = "N"
    written = io.BytesIO()
    seen.save(written, kind, exif=exif)
    return written.getvalue()


def test_a_dish_is_shown_by_its_photo(stage: Stage, torsk: Dish) -> None:
    """Sent by the form, small, without camera and place; patients get it; it is replaced and removed."""
    client, where = client_of(stage, profession=""), reverse("meals:dish", args=[torsk.pk])
    assert "patients see the pictogram" in text(client.get(where))
    do(client, where, "photo", photo=SimpleUploadedFile("torsk.jpg", snapshot()))
    first = DishPhoto.objects.get()
    address = reverse("meals:patient_photo", args=[torsk.pk, first.sha256])
    page = text(client.get(where))
    assert f'<img src="{address}" alt="Kokt torsk" width="480" height="320">' in page and (
        first.width,
        first.height,
    ) == (480, 320)
    got = Client().get(address)
    assert got["Content-Type"] == "image/jpeg" and b"Hemlig" not in got.content and b"Exif" not in got.content
    do(client, where, "photo", photo=SimpleUploadedFile("torsk.png", snapshot("blue", "PNG")))
    second = DishPhoto.objects.get()
    assert second.sha256 != first.sha256 and Client().get(address).status_code == 404
    do(client, where, "photo_remove")
    assert not DishPhoto.objects.exists()
    assert "has no photo" in do(client, where, "photo_remove")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"%PDF-1.7 a menu", "cannot be read"),
        (snapshot()[:900], "cannot be read"),
        (bytes(BYTES_LIMIT + 1), "at most 8 megabytes"),
        (None, "Photo: JPEG, PNG or WebP, at most 8 MB: This field is required."),
    ],
    ids=["no picture", "broken off", "too large", "none"],
)
def test_what_is_no_photo_is_refused_with_words(stage: Stage, torsk: Dish, sent: bytes | None, said: str) -> None:
    """And the photo that was there stays."""
    dish_photos.dish_photo_set(dish_id=torsk.pk, raw=snapshot(), **who(stage))
    more = {} if sent is None else {"photo": SimpleUploadedFile("x.jpg", sent)}
    assert said in do(client_of(stage), reverse("meals:dish", args=[torsk.pk]), "photo", **more)
    assert DishPhoto.objects.count() == 1


def test_who_may_add_a_photo(stage: Stage, torsk: Dish) -> None:
    """The kitchen's writers; not the ward, not a kitchen of another hospital, and readers see no form."""
    with refused("wrong_role"):
        dish_photos.dish_photo_set(dish_id=torsk.pk, raw=snapshot(), **who(stage, "ward_staff", ""))
    with refused("wrong_role"):
        dish_photos.dish_photo_remove(dish_id=torsk.pk, **who(stage, "auditor", ""))
    foreign = Dish.objects.create(hospital=stage.foreign.room.ward.division.hospital, code="x", name="Annans")
    with refused("out_of_scope"):
        dish_photos.dish_photo_set(dish_id=foreign.pk, raw=snapshot(), **who(stage))
    page = text(client_of(stage, "auditor", "").get(reverse("meals:dish", args=[torsk.pk])))
    assert "multipart" not in page
    assert not DishPhoto.objects.exists()


FISH_IN_SAUCE = AllergenWords(frozenset({"4", "7"}), frozenset({"3"}), frozenset(), frozenset({"fish"}))
WHOLE = frozenset({"hel_delad"})


@pytest.fixture
def cell(stage: Stage, torsk: Dish) -> DishCell:
    words = CellWords(FISH_IN_SAUCE, WHOLE, nutrients={"energy_kcal": "412"}, portion_grams=Decimal(300))
    return dishes.cell_declare(dish_id=torsk.pk, diet="normal", texture="hel_delad", words=words, **who(stage))


@pytest.fixture
def told() -> Iterator[list[frozenset[int]]]:
    """Dishes of which it was told that they are no longer what they were."""
    heard: list[frozenset[int]] = []

    def hear(**said: Any) -> None:
        heard.append(said["dish_ids"])

    declaration_changed.connect(hear, weak=False)
    yield heard
    declaration_changed.disconnect(hear)


def offered_variants(dish: Dish) -> list[dict[str, Any]]:
    return [one for cell in cells_of(dish_ids=[dish.pk])[dish.pk] for one in cell.variants]


def test_a_variant_is_added_changed_and_ended_by_forms(stage: Stage, torsk: Dish, cell: DishCell) -> None:
    """The page offers what is in it, keeps the rest of the declaration, and shows what was kept."""
    client, where = client_of(stage), reverse("meals:dish", args=[torsk.pk])
    page = text(client.get(f"{where}?varianter={cell.pk}"))
    assert 'name="removes" value="7"' in page and 'name="removes" value="3"' not in page
    said = {
        "cell": cell.pk,
        "variant": "utan sås",
        "removes": ["7"],
        "adds_diets": "Milk_free, x",
        "name_en": "no sauce",
    }
    page = do(client, where, "variant_add", number=1, **said)
    assert "<summary>utan sås: takes away milk</summary>" in page and 'value="no sauce"' in page
    (one,) = offered_variants(torsk)
    assert (one["id"], one["removes"], one["adds_diets"]) == ("utan-sas", ["7"], ["milk_free", "x"])
    now = CellContent.objects.get(cell=cell, number=2)
    assert (now.contains, now.may_contain, now.nutrients) == (["4", "7"], ["3"], {"energy_kcal": "412"})
    assert now.declared and now.portion_grams == 300 and now.profession == "diet_cook"
    assert "have the same code" in do(client, where, "variant_add", number=2, **said)
    do(
        client,
        where,
        "variant_change",
        number=2,
        code="utan-sas",
        **(said | {"variant": "utan vit sås", "adds_diets": ""}),
    )
    assert [(one["id"], one["name"], one["adds_diets"]) for one in offered_variants(torsk)] == [
        ("utan-sas", "utan vit sås", [])
    ]
    assert "end with a new declaration" in text(client.get(f"{where}?cell={cell.pk}"))
    do(client, where, "variant_end", number=3, cell=cell.pk, code="utan-sas")
    assert offered_variants(torsk) == []
    assert "not there any longer" in do(client, where, "variant_end", number=4, cell=cell.pk, code="utan-sas")


def test_a_variant_says_only_what_is_true_of_what_was_seen(stage: Stage, cell: DishCell, told: list[Any]) -> None:
    """Nothing that is not in it, nothing of an older declaration, no name in a language that is not offered."""
    place = {"cell_id": cell.pk, "number": 1} | who(stage)
    for words, code in (
        (VariantWords("a", "utan nötter", removes=frozenset({"8"})), "variant_removes_absent"),
        (VariantWords("a", "utan spår av ägg", removes=frozenset({"3"})), "variant_removes_absent"),
        (VariantWords("a", "utan fläsk", removes_flags=frozenset({"pork"})), "variant_removes_absent"),
        (VariantWords("a", " "), "variant_unnamed"),
        (VariantWords("", "☺"), "variant_unnamed"),
        (VariantWords("a", "utan sås", {"tlh": "x"}), "unknown_language"),
    ):
        with refused(code):
            dish_variants.variant_add(words=words, **place)
    with refused("unknown_variant"):
        dish_variants.variant_change(words=VariantWords("a", "utan sås"), **place)
    with refused("declared_meanwhile"):
        dish_variants.variant_add(words=VariantWords("a", "utan sås"), **(place | {"number": 2}))
    empty = DishCell.objects.create(dish=cell.dish, diet="vegan", texture="hel_delad")
    with refused("dish_not_verified"):
        dish_variants.variant_add(words=VariantWords("a", "utan sås"), **(place | {"cell_id": empty.pk, "number": 0}))
    assert told == [] and CellContent.objects.filter(cell=cell).count() == 1


def test_only_the_diet_role_says_what_a_variant_takes_away(
    stage: Stage, torsk: Dish, cell: DishCell, told: list[Any]
) -> None:
    """A cook neither writes nor sees the form; each change is told, so that orders are checked again."""
    sauce = VariantWords("no_sauce", "utan sås", removes=frozenset({"7"}))
    with refused("not_diet_role"):
        dish_variants.variant_add(cell_id=cell.pk, number=1, words=sauce, **who(stage, profession=""))
    with refused("wrong_role"):
        dish_variants.variant_add(cell_id=cell.pk, number=1, words=sauce, **who(stage, "ward_staff", "dietitian"))
    dishes.dish_safe_list(dish_id=torsk.pk, listed=True, **who(stage))
    told.clear()
    dish_variants.variant_add(cell_id=cell.pk, number=1, words=sauce, **who(stage))
    torsk.refresh_from_db()
    assert told == [frozenset({torsk.pk})] and torsk.safe_at is None
    dish_variants.variant_end(cell_id=cell.pk, number=2, code="no_sauce", **who(stage))
    assert told == [frozenset({torsk.pk})] * 2
    where = f"{reverse('meals:dish', args=[torsk.pk])}?varianter={cell.pk}"
    assert "variant_add" in text(client_of(stage).get(where))
    assert "variant_add" not in text(client_of(stage, profession="").get(where))


def test_of_a_recipe_a_variant_is_a_part_that_is_left_out(stage: Stage, torsk: Dish) -> None:
    """What is gone is reckoned, whatever somebody says; while the recipe is not verified it is kept and not offered."""
    may = who(stage)
    lines = []
    for name, code, part in (("Torsk", "4", ""), ("Mjölk", "7", "sås")):
        words = IngredientWords(name, name)
        made = ingredients.ingredient_add(hospital_id=torsk.hospital_id, words=words, **may)
        ingredients.ingredient_declare(ingredient_id=made.pk, words=AllergenWords(frozenset({code})), note="", **may)
        lines.append(LineWords(name, part, made.pk, None, Decimal(100), "g"))
    recipe = recipes.recipe_add(hospital_id=torsk.hospital_id, code="t", name="T", words=VersionWords(lines), **may)
    cooked = dishes.cell_cook_by(dish_id=torsk.pk, diet="normal", texture="hel_delad", recipe_id=recipe.pk, **may)
    with refused("unknown_part"):
        words = VariantWords("p", "utan potatis", part="potatis")
        dish_variants.variant_add(cell_id=cooked.pk, number=1, words=words, **may)
    client, where = client_of(stage), reverse("meals:dish", args=[torsk.pk])
    page = do(client, where, "variant_add", cell=cooked.pk, number=1, variant="utan sås", part="sås", removes=["4"])
    assert "the recipe is not verified as it is now" in page and offered_variants(torsk) == []
    version = recipe.versions.get()
    seen = {"fingerprint": rolled_now(version_id=version.pk).fingerprint, "textures": WHOLE, "iddsi": frozenset({7})}
    recipes.recipe_verify(version_id=version.pk, **seen, diets=frozenset({"normal"}), note="", **may)
    (one,) = offered_variants(torsk)
    assert (one["id"], one["removes"]) == ("utan-sas", ["7"])


def menu_of(stage: Stage, name: str, from_on: date, to_on: date | None = None) -> Menu:
    hospital_id = stage.ward.division.hospital_id
    kitchen = Kitchen.objects.filter(hospital=hospital_id).first()
    if kitchen is None:
        kitchen = kitchens.kitchen_add(hospital_id=hospital_id, code="k", name="Köket", **who(stage))
    words = MenuWords(name, 2, from_on, from_on, to_on)
    return menus.menu_add(kitchen_id=kitchen.pk, words=words, **who(stage))


def test_a_menu_has_a_cell_of_its_own(stage: Stage, torsk: Dish, cell: DishCell) -> None:
    """Declared by the form for that menu alone; the page says which one holds now; taken away, the general one does."""
    now, next_one = menu_of(stage, "Vår", date(2026, 1, 5), date(2126, 1, 1)), menu_of(stage, "Sedan", date(2126, 1, 1))
    client, where = client_of(stage), reverse("meals:dish", args=[torsk.pk])
    said = {"diet": "normal", "texture": "hel_delad", "textures": ["hel_delad"], "rest": "free", "a8": "contains"}
    page = do(client, where, "declare", menu_id=now.pk, **said)
    assert "Only in the menu Vår, Köket: <b>holds now</b>" in page
    assert "Not in the menu Vår, which has its own (<b>holds now</b>)" in page
    assert "Only in the menu Sedan, Köket: from" in do(client, where, "declare", menu_id=next_one.pk, **said)
    own = DishCell.objects.get(dish=torsk, menu=now)
    (general,), (there,) = (cells_of(dish_ids=[torsk.pk], menu_id=one)[torsk.pk] for one in (None, now.pk))
    assert (general.contains, there.contains, there.cell_id) == (("4", "7"), ("8",), own.pk)
    assert f'<option value="{now.pk}" selected>' in text(client.get(f"{where}?cell={own.pk}"))
    assert "Only in the menu Vår" not in do(client, where, "cell_retire", cell=own.pk)
    (there,) = cells_of(dish_ids=[torsk.pk], menu_id=now.pk)[torsk.pk]
    assert there.cell_id == cell.pk
    foreign = Kitchen.objects.create(hospital=stage.foreign.room.ward.division.hospital, code="f", name="Annans")
    theirs = Menu.objects.create(
        kitchen=foreign, name="X", n_weeks=1, anchor_on=date(2026, 1, 5), from_on=date(2026, 1, 5), made_at=AT
    )
    assert "Menu: Select a valid choice" in do(client, where, "declare", menu_id=theirs.pk, **said)


def test_a_cell_of_which_nothing_is_known_stands_before_the_general_one(
    stage: Stage, torsk: Dish, cell: DishCell, told: list[Any]
) -> None:
    """It is told, whatever is known, so that no order stays on what the menu no longer cooks; so when it comes back."""
    menu = menu_of(stage, "Vår", date(2026, 1, 5))
    recipe = recipes.recipe_add(hospital_id=torsk.hospital_id, code="t", name="T", words=VersionWords([]), **who(stage))
    place = {"dish_id": torsk.pk, "diet": "normal", "texture": "hel_delad", "recipe_id": recipe.pk, "menu_id": menu.pk}
    dishes.dish_safe_list(dish_id=torsk.pk, listed=True, **who(stage))
    told.clear()
    own = dishes.cell_cook_by(**place, **who(stage))
    torsk.refresh_from_db()
    assert told == [frozenset({torsk.pk})] and torsk.safe_at is None and own.state == {}
    dishes.cell_cook_by(**place, **who(stage))
    assert len(told) == 1
    dishes.cell_retire(cell_id=own.pk, back=False, **who(stage))
    dishes.cell_cook_by(**place, **who(stage))
    assert len(told) == 3
    with refused("dish_not_verified"):
        dishes.dish_safe_list(dish_id=torsk.pk, listed=True, **who(stage))
    menus.menu_change(menu_id=menu.pk, words=MenuWords("Vår", 2, date(2026, 1, 5), date(2026, 1, 5)), **who(stage))
    menu_of(stage, "Sommar", date(2026, 6, 1))
    menus.menu_withdraw(menu_id=menu.pk, **who(stage))
    assert told[3:] == [frozenset({torsk.pk})] * 3
    dishes.dish_safe_list(dish_id=torsk.pk, listed=True, **who(stage))
    with refused("unknown_menu"):
        dishes.cell_cook_by(**place, **who(stage))
