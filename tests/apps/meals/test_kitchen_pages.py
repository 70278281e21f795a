"""The kitchen's pages: what is shown, what is written, and what is refused with words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.meals.models import (
    Dish,
    DishCell,
    FoodImport,
    HouseDish,
    Ingredient,
    IngredientDeclaration,
    Kitchen,
    KitchenWard,
    MealTime,
    Menu,
    MenuDay,
    MenuEntry,
    Recipe,
    RecipeVersion,
)
from vardnara.apps.meals.queries.offered import cells_of
from vardnara.apps.meals.services.demo import demo_kitchen_load


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def client_of(stage: Stage, role: str = "kitchen", profession: str = "diet_cook") -> Client:
    user = stage.users[role]
    user.profession = profession
    user.save()
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def do(client: Client, where: str, deed: str, **said: Any) -> Any:
    return client.post(where, {"deed": deed, **said}, follow=True)


def test_every_page_shows_the_invented_kitchen(stage: Stage) -> None:
    """Full and empty, for who writes and who only reads."""
    cook, reader = client_of(stage), client_of(stage, "auditor", "")
    names = ("menus", "dishes", "recipes", "foods", "kitchens", "imports")
    for client in (cook, reader):
        assert all(client.get(reverse(f"meals:{name}")).status_code == 200 for name in names)
    demo_kitchen_load(hospital_id=stage.ward.division.hospital_id, at=AT)
    kitchen, menu = Kitchen.objects.get(), Menu.objects.get()
    cod = Dish.objects.get(code="torsk-aggsas")
    wheres = [reverse(f"meals:{name}") for name in names] + [
        reverse("meals:kitchen", args=[kitchen.pk]),
        f"{reverse('meals:kitchen', args=[kitchen.pk])}?maltid=lunch",
        reverse("meals:menu", args=[menu.pk, 2]),
        reverse("meals:dish", args=[cod.pk]),
        f"{reverse('meals:dish', args=[cod.pk])}?cell={DishCell.objects.filter(dish=cod).first().pk}",
        reverse("meals:recipe", args=[Recipe.objects.get(code="torsk-aggsas").pk]),
        reverse("meals:ingredient", args=[Ingredient.objects.get(code="agg").pk]),
        f"{reverse('meals:foods')}?sok=mj&oppna=1",
        f"{reverse('meals:menus')}?dag=2026-03-05",
    ]
    for client in (cook, reader):
        for where in wheres:
            page = text(client.get(where))
            assert client is cook or 'name="deed"' not in page, where
    assert "Kokt torsk" in text(cook.get(f"{reverse('meals:dishes')}?sok=torsk"))
    assert "utan sås" in text(reader.get(reverse("meals:dish", args=[cod.pk])))


def test_a_kitchen_is_made_serves_and_sets_its_times(stage: Stage) -> None:
    """And is told what a rule forbids."""
    client = client_of(stage)
    assert do(client, reverse("meals:kitchens"), "add", code="K", name="Köket").status_code == 200
    kitchen = Kitchen.objects.get()
    where = reverse("meals:kitchen", args=[kitchen.pk])
    assert "No kitchen serves" in text(client.get(where))
    do(client, where, "serve", ward_id=stage.ward.pk, service="tray", from_on="2026-01-01")
    lunch = {
        "meal": "lunch",
        "serves_from": "11:30",
        "serves_to": "12:30",
        "deadline_days": "0",
        "deadline_at": "09:30",
    }
    do(client, where, "time", **lunch)
    assert MealTime.objects.get().deadline_at.hour == 9
    assert "would close after the meal" in text(do(client, where, "time", **(lunch | {"deadline_at": "13:00"})))
    assert "Served from" in text(do(client, where, "time", meal="lunch"))
    do(client, where, "serve_end", row=KitchenWard.objects.get().pk)
    assert KitchenWard.objects.get().to_on
    do(client, where, "time_remove", meal="lunch")
    assert not MealTime.objects.exists()
    do(client, where, "change", code="K", name="Nya köket", last_on="2026-12-31")
    kitchen.refresh_from_db()
    assert kitchen.name == "Nya köket" and kitchen.closed_on.isoformat() == "2027-01-01"
    assert client_of(stage, "auditor", "").post(where, {"deed": "change"}).status_code == 403


def test_an_ingredient_is_declared_by_the_diet_role_alone(stage: Stage) -> None:
    """All others are answered for at once; a group answers for its members."""
    client = client_of(stage, profession="")
    do(client, reverse("meals:foods"), "add", code="m", name="Mjöl")
    where = reverse("meals:ingredient", args=[Ingredient.objects.get().pk])
    said = {"rest": "free", "a1.1": "contains", "a8": "may_contain", "a9": "unknown", "flags": "Pork, fish"}
    assert "Only a diet cook" in text(do(client, where, "declare", **said))
    assert 'value="declare"' not in text(client.get(where))
    client = client_of(stage)
    do(client, where, "declare", note="Produktblad", **said)
    declared = IngredientDeclaration.objects.get()
    assert (declared.contains, declared.may_contain, declared.unknown) == (["1.1"], ["8"], ["9"])
    assert declared.flags == ["fish", "pork"] and declared.note == "Produktblad"
    do(client, where, "label", label="VETEmjöl")
    assert "nobody has declared" in text(client.get(where)).lower()
    do(client, where, "declare", rest="unknown")
    assert len(IngredientDeclaration.objects.get(number=3).unknown) == 28
    assert "All others" in text(do(client, where, "declare"))


def test_a_recipe_is_written_line_by_line(stage: Stage) -> None:
    """Names that are ingredients or recipes become those; what is not stays a text; it can be written again."""
    client = client_of(stage)
    do(client, reverse("meals:foods"), "add", code="m", name="Mjölk")
    lines = "1,5 dl mjölk | Sås\n1 nypa salt\n"
    do(client, reverse("meals:recipes"), "add", code="s", name="Vit sås", lines=lines, servings="4")
    sauce = Recipe.objects.get()
    where = reverse("meals:recipe", args=[sauce.pk])
    page = text(client.get(where))
    assert "150 ml Mjölk | Sås" in page and "1 nypa salt" in page
    do(client, reverse("meals:recipes"), "add", code="t", name="Torsk", lines="2 dl recept: vit sås")
    assert RecipeVersion.objects.get(recipe__code="t").lines.get().sub.recipe == sauce
    do(client, where, "version", code="s", name="Vit sås", lines="2 dl Mjölk")
    assert RecipeVersion.objects.filter(recipe__code="t").count() == 2
    assert "hold itself" in text(do(client, where, "version", code="s", name="Vit sås", lines="1 dl Torsk"))


def test_a_dish_is_declared_named_listed_and_put_on_a_menu(stage: Stage) -> None:
    """From nothing to what a ward is offered on a date."""
    client = client_of(stage)
    do(client, reverse("meals:kitchens"), "add", code="K", name="Köket")
    kitchen = Kitchen.objects.get()
    do(client, reverse("meals:dishes"), "add", code="t", name="Torsk", pictogram="fish", is_food="on")
    dish = Dish.objects.get()
    where = reverse("meals:dish", args=[dish.pk])
    assert "declared or verified first" in text(do(client, where, "safe"))
    said = {"diet": "normal", "texture": "hel_delad", "textures": ["hel_delad"], "iddsi": ["7"], "energy_kcal": "400"}
    do(client, where, "declare", rest="free", a4="contains", **said)
    (cell,) = cells_of(dish_ids=[dish.pk])[dish.pk]
    assert cell.verified and cell.contains == ("4",) and dict(cell.nutrients)["energy_kcal"] == 400
    do(client, where, "safe")
    do(client, where, "names", name_ar="سمك القد", name_en="Cod")
    dish.refresh_from_db()
    assert dish.safe_at and dish.names.count() == 2
    menus = reverse("meals:menus")
    base = {"kitchen": kitchen.pk, "from_on": "2026-03-02"}
    do(client, menus, "add", name="Vår", n_weeks="2", **base)
    week = reverse("meals:menu", args=[Menu.objects.get().pk, 1])
    do(client, week, "put", weekday="1", meal="lunch", dish_id=dish.pk, position="1", default_for="normal")
    copied = reverse("meals:menu", args=[Menu.objects.get().pk, 2])
    do(client, copied, "copy", from_week="1")
    assert MenuEntry.objects.count() == 2
    assert "Torsk" in text(client.get(f"{menus}?dag=2026-03-09"))
    offer = {"kitchen": kitchen.pk, "meal": "dinner", "dish_id": dish.pk, "position": "1"}
    do(client, menus, "day", name="Fest", on="2026-03-10", instead="on", **offer)
    assert "Fest" in text(client.get(f"{menus}?dag=2026-03-09")) and MenuDay.objects.get().instead == ["dinner"]
    do(client, menus, "house", kind="fallback", from_on="2026-03-01", **offer)
    assert HouseDish.objects.get().meal == "dinner"
    do(client, menus, "day_remove", kitchen=kitchen.pk, row=MenuDay.objects.get().pk)
    do(client, week, "remove", row=MenuEntry.objects.first().pk)
    do(client, week, "withdraw")
    assert not MenuDay.objects.exists() and Menu.objects.get().withdrawn_at


def test_a_file_is_sent_mapped_read_in_and_taken_back(stage: Stage, shared_data: Path) -> None:
    """Livsmedelsverket's table by the ordinary page: the proposal is right, the mapping is remembered."""
    client = client_of(stage)
    file = shared_data / "food" / "livsmedelsverket" / "LivsmedelsDB_2022-05-24.csv.gz"
    where = reverse("meals:imports")
    form = {"kind": "foods", "encoding": "utf-8"}
    answer = client.post(where, form | {"file": SimpleUploadedFile(file.name, file.read_bytes())})
    assert answer.status_code == 302
    page = text(client.get(answer["Location"]))
    assert "2333 rows" in page.replace("\u202f", "").replace("\xa0", "") and "livsmedelsnummer" in page
    said = {"m_number": "livsmedelsnummer", "m_name": "livsmedelsnamn", "m_protein_g": "protein (g)"}
    said |= {"name": "Livsmedelsdatabasen", "source": "Livsmedelsverket", "version": "2022-05-24"}
    assert client.post(answer["Location"], said | {"m_name": ""}).status_code == 422
    done = client.post(answer["Location"], said)
    assert done.status_code == 302 and FoodImport.objects.get().counts == {"added": 2333}
    assert "2333" in text(client.get(done["Location"]))
    again = client.post(where, form | {"file": SimpleUploadedFile("annan.csv.gz", file.read_bytes())})
    assert "its mapping is chosen" in text(client.get(again["Location"]))
    assert "read in already" in client.post(again["Location"], said).content.decode()
    assert "Taken back" in text(do(client, done["Location"], "undo"))
    bad = client.post(where, form | {"file": SimpleUploadedFile("x.docx", b"x")})
    assert bad.status_code == 422 and "x.docx" in bad.content.decode()


def test_what_is_anothers_does_not_exist(stage: Stage) -> None:
    """Neither a kitchen, nor a dish, nor a file of another hospital."""
    foreign = stage.foreign.room.ward.division.hospital
    kitchen = Kitchen.objects.create(hospital=foreign, code="K", name="K")
    dish = Dish.objects.create(hospital=foreign, code="D", name="D")
    client = client_of(stage)
    for where in (reverse("meals:kitchen", args=[kitchen.pk]), reverse("meals:dish", args=[dish.pk])):
        assert client.get(where).status_code == 404
        assert client.post(where, {"deed": "change", "code": "x", "name": "x", "is_food": "on"}).status_code == 404
