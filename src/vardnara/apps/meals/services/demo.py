"""An invented kitchen: ingredients, recipes, dishes in textures and diets, four weeks of menus. Nothing is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction

from vardnara.apps.accounts.choices import Profession, Role
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.meals.choices import HouseDishKind, MealKind, Unit
from vardnara.apps.meals.models import (
    CellContent,
    Dish,
    DishCell,
    DishName,
    DishVariant,
    HouseDish,
    Ingredient,
    IngredientDeclaration,
    Kitchen,
    KitchenWard,
    MealTime,
    Menu,
    MenuEntry,
    Recipe,
    RecipeLine,
    RecipeVersion,
)
from vardnara.apps.meals.services.ingredients import AllergenWords
from vardnara.apps.meals.services.states import declared_state, digest
from vardnara.gateways.tabular import Row, tables_read
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

FOLDER = Path(__file__).resolve().parent.parent / "demo"
WEEKS = 4
LANGUAGES = ("en", "ar", "es", "fi", "pl", "uk", "fa")
TEXTURES = {"h": ("hel_delad", 7), "p": ("grov_pate", 5), "t": ("timbal", 4), "f": ("flytande", 3)}
SET_WITH = {"t": "agg", "p": "gradde"}  # what holds a timbale together, and makes a pâté smooth
TIMES = (  # meal, from, to, deadline's days and time, share of the day's energy (F-34)
    ("breakfast", time(7, 30), time(8, 30), 1, time(20), (15, 25)),
    ("morning_snack", time(9, 30), time(10, 30), 0, time(8, 30), (10, 15)),
    ("lunch", time(11, 30), time(12, 30), 0, time(9, 30), (20, 25)),
    ("afternoon_snack", time(14), time(15), 0, time(13), (10, 15)),
    ("dinner", time(17), time(18), 0, time(14, 30), (20, 25)),
    ("evening_snack", time(20), time(21), 0, time(18, 30), (10, 20)),
)
SNACKS = ("morning_snack", "afternoon_snack", "evening_snack")
NO_SAUCE = {"en": "without sauce", "ar": "بدون صلصة", "es": "sin salsa", "fi": "ilman kastiketta", "pl": "bez sosu"}
PARTS = {"sås": ("no_sauce", "utan sås", NO_SAUCE), "mjölk": ("no_milk", "utan mjölk", {"en": "without milk"})}


@dataclass(frozen=True, slots=True)
class Stuff:
    """An invented ingredient."""

    row: Ingredient
    words: AllergenWords


@dataclass(frozen=True, slots=True)
class Plate:
    """An invented dish: what it is made of, as (ingredient, grams, part)."""

    row: Row
    dish: Dish
    lines: list[tuple[Stuff, Decimal, str]]

    def words(self, *, without_part: str = "", added: tuple[Stuff, ...] = (), without: str = "") -> AllergenWords:
        """What it contains, as the sum of its ingredients; ``without`` leaves out an allergen that was replaced."""
        parts = [stuff.words for stuff, _, part in self.lines if not without_part or part != without_part]
        parts += [stuff.words for stuff in added]

        def kept(codes: frozenset[str]) -> frozenset[str]:
            return frozenset(code for code in codes if not without or code.partition(".")[0] != without)

        contains = kept(frozenset().union(*(one.contains for one in parts)))
        may_contain = kept(frozenset().union(*(one.may_contain for one in parts))) - contains
        unknown = frozenset().union(*(one.unknown for one in parts)) - contains - may_contain
        return AllergenWords(contains, may_contain, unknown, frozenset().union(*(one.flags for one in parts)))


@transaction.atomic
def demo_kitchen_load(*, hospital_id: int, at: datetime) -> bool:
    """Give the invented hospital a kitchen that serves all its wards; does nothing (False) where it has one."""
    if Kitchen.objects.filter(hospital=hospital_id).exists():
        return False
    cook = _cook(hospital_id)
    tables = {table.name: table for table in tables_read(FOLDER).tables}
    kitchen = _kitchen(hospital_id, at)
    stuff = _stuff(hospital_id, tables["ingredients"].rows, cook, at)
    plates = _plates(hospital_id, tables["dishes"].rows, stuff)
    _recipes(hospital_id, plates, cook, at)
    _cells(plates, stuff, cook, at)
    _menu(kitchen, plates, at)
    return True


def _cook(hospital_id: int) -> User | None:
    """The demo's cook, who answers for its diets."""
    users = get_user_model().objects.filter(demo=True, role=Role.KITCHEN, scopes__hospital=hospital_id)
    cook = users.order_by("pk").first()
    if cook is not None and not cook.profession:
        cook.profession = Profession.DIET_COOK
        cook.save(update_fields=["profession"])
    return cook


def _kitchen(hospital_id: int, at: datetime) -> Kitchen:
    kitchen = Kitchen.objects.create(hospital_id=hospital_id, code="KOK", name="Centralköket")
    since = local_date(at) - timedelta(days=60)
    KitchenWard.objects.bulk_create(
        KitchenWard(kitchen=kitchen, ward_id=ward.id, from_on=since)
        for division in organisation(hospital_id=hospital_id)
        for ward in division.wards
    )
    MealTime.objects.bulk_create(
        MealTime(
            kitchen=kitchen, meal=meal, serves_from=begins, serves_to=ends, deadline_days=days, deadline_at=closes,
            late_minutes=45, cancel_minutes=30, energy_low=low, energy_high=high,
        )
        for meal, begins, ends, days, closes, (low, high) in TIMES
    )  # fmt: skip
    return kitchen


def _stuff(hospital_id: int, rows: tuple[Row, ...], cook: User | None, at: datetime) -> dict[str, Stuff]:
    made = Ingredient.objects.bulk_create(
        Ingredient(
            hospital_id=hospital_id,
            code=row.get("code"),
            name=row.get("name"),
            supplier="Påhittad leverantör",
            piece_grams=Decimal(row.get("piece_grams")) if row.get("piece_grams") else None,
            n_declarations=1,
        )
        for row in rows
    )
    words = [
        AllergenWords(*(frozenset(row.get(name).split()) for name in ("contains", "may_contain", "unknown", "flags")))
        for row in rows
    ]
    answers = {"by": cook, "profession": Profession.DIET_COOK} if cook is not None else {}
    IngredientDeclaration.objects.bulk_create(
        IngredientDeclaration(
            ingredient=one, number=1, at=at, declared=cook is not None, note="Påhittad", **answers,
            **(said.fields() if cook is not None else {}),
        )
        for one, said in zip(made, words, strict=True)
    )  # fmt: skip
    return {one.code: Stuff(one, said) for one, said in zip(made, words, strict=True)}


def _plates(hospital_id: int, rows: tuple[Row, ...], stuff: dict[str, Stuff]) -> list[Plate]:
    dishes = Dish.objects.bulk_create(
        Dish(
            hospital_id=hospital_id,
            code=row.get("code"),
            name=row.get("name"),
            pictogram=row.get("pictogram"),
            is_food=not row.get("drink"),
            is_drink=bool(row.get("drink")) or row.get("course") == "soup",
        )
        for row in rows
    )
    DishName.objects.bulk_create(
        DishName(dish=dish, language=language, name=row.get(language))
        for dish, row in zip(dishes, rows, strict=True)
        for language in LANGUAGES
        if row.get(language)
    )
    plates = []
    for dish, row in zip(dishes, rows, strict=True):
        lines = []
        for text in row.get("ingredients").split():
            code, _, amount = text.partition(":")
            grams, _, part = amount.partition("@")
            lines.append((stuff[code], Decimal(grams), part))
        plates.append(Plate(row, dish, lines))
    return plates


def _recipes(hospital_id: int, plates: list[Plate], cook: User | None, at: datetime) -> None:
    """A recipe of ten servings for each dish."""
    recipes = Recipe.objects.bulk_create(
        Recipe(hospital_id=hospital_id, code=one.dish.code, name=one.dish.name, n_versions=1) for one in plates
    )
    versions = RecipeVersion.objects.bulk_create(
        RecipeVersion(
            recipe=recipe,
            number=1,
            servings=10,
            portion_grams=sum(grams for _, grams, _ in plate.lines),
            n_lines=len(plate.lines),
            fingerprint=digest([plate.dish.code, [[s.row.code, str(g), p] for s, g, p in plate.lines]]),
            made_at=at,
            made_by=cook,
        )
        for recipe, plate in zip(recipes, plates, strict=True)
    )
    RecipeLine.objects.bulk_create(
        RecipeLine(
            version=version,
            position=position,
            part=part,
            ingredient=stuff.row,
            amount=grams * 10,
            unit=Unit.GRAM,
        )
        for version, plate in zip(versions, plates, strict=True)
        for position, (stuff, grams, part) in enumerate(plate.lines, start=1)
    )


SAFE_FOR_ALL = "reserv-potatis"  # none of the fourteen allergens, nothing of an animal

type Said = tuple[str, str, int, frozenset[str], AllergenWords, Decimal, Decimal]  # diet, texture, IDDSI, diets, ...


def _said(plate: Plate, stuff: dict[str, Stuff]) -> Iterator[Said]:
    """Each cell of a dish: the ordinary one in its textures, and those of other diets whole."""
    kcal, protein = Decimal(plate.row.get("kcal")), Decimal(plate.row.get("protein"))
    words = plate.words()
    of_its_own = ("main", "veg", "soup", "breakfast", "fallback")  # is cooked richer for who needs energy and protein
    beside = frozenset() if plate.row.get("course") in of_its_own else frozenset({"energy_protein"})
    for mark in plate.row.get("textures").split():
        texture, level = TEXTURES[mark]
        level = 0 if plate.dish.is_drink and mark == "f" else level
        with_it = (stuff[SET_WITH[mark]],) if mark in SET_WITH and plate.row.get("course") != "always" else ()
        own = plate.words(added=with_it)
        yield "normal", texture, level, _suits(own) | beside, own, kcal, protein
    if beside:
        return
    richer = plate.words(added=(stuff["gradde"],))
    yield "energy_protein", "hel_delad", 7, _suits(richer) - {"normal"}, richer, kcal * 2 // 3, protein
    if any(code.partition(".")[0] == "1" for code in words.contains | words.may_contain):
        other = plate.words(without="1")
        yield "gluten_free", "hel_delad", 7, _suits(other), other, kcal, protein
    if "7" in words.contains:  # lactose-free milk is milk all the same
        yield "lactose_reduced", "hel_delad", 7, _suits(words) | {"lactose_reduced"}, words, kcal, protein


def _suits(words: AllergenWords) -> frozenset[str]:
    """Diets that a cell suits by what it contains."""
    suits = {"normal"}
    found = {code.partition(".")[0] for code in words.contains | words.may_contain | words.unknown}
    if "1" not in found:
        suits.add("gluten_free")
    if "7" not in found:
        suits.add("lactose_reduced")
    if not words.flags & {"meat", "fish", "shellfish", "gelatine"}:
        suits.add("vegetarian")
    return frozenset(suits)


def _cells(plates: list[Plate], stuff: dict[str, Stuff], cook: User | None, at: datetime) -> None:
    """Every cell as the demo's cook declared it; with no cook nobody answers for any."""
    if cook is None:
        return
    Dish.objects.filter(pk__in=[plate.dish.pk for plate in plates], code=SAFE_FOR_ALL).update(safe_at=at, safe_by=cook)
    said = [(plate, one) for plate in plates for one in _said(plate, stuff)]
    contents, variants = [], []
    cells = [DishCell(dish=plate.dish, diet=one[0], texture=one[1], n_contents=1, state_at=at) for plate, one in said]
    for cell, (plate, (diet, _, level, diets, words, kcal, protein)) in zip(cells, said, strict=True):
        content = CellContent(
            cell=cell,
            number=1,
            declared=True,
            by=cook,
            profession=Profession.DIET_COOK,
            at=at,
            textures=[cell.texture],
            iddsi=[level],
            diets=sorted(diets),
            nutrients={"energy_kcal": str(kcal), "protein_g": str(protein)},
            portion_grams=sum(grams for _, grams, _ in plate.lines),
            **words.fields(),
        )
        own = [] if cell.texture != "hel_delad" or diet != "normal" else list(_variants(plate, content, words, diets))
        cell.state = declared_state(content, diet, own)
        contents.append(content)
        variants += own
    DishCell.objects.bulk_create(cells)
    CellContent.objects.bulk_create(contents)
    DishVariant.objects.bulk_create(variants)


def _variants(plate: Plate, content: CellContent, words: AllergenWords, diets: frozenset[str]) -> Iterator[DishVariant]:
    """What can be left out, and what is then no longer in it."""
    for part in sorted({part for _, _, part in plate.lines if part}):
        code, name, names = PARTS[part]
        rest = plate.words(without_part=part)
        adds = set() if words.may_contain - rest.may_contain or words.unknown - rest.unknown else _suits(rest) - diets
        yield DishVariant(
            content=content,
            code=code,
            name=name,
            names=names,
            position=1,
            part=part,
            removes=sorted(words.contains - rest.contains),
            removes_flags=sorted(words.flags - rest.flags),
            adds_diets=sorted(adds),
        )


def _menu(kitchen: Kitchen, plates: list[Plate], at: datetime) -> None:
    since = local_date(at) - timedelta(days=60)
    menu = Menu.objects.create(
        kitchen=kitchen,
        name="Grundmatsedel",
        n_weeks=WEEKS,
        anchor_on=since - timedelta(days=since.weekday()),
        from_on=since,
        made_at=at,
    )
    MenuEntry.objects.bulk_create(_entries(menu, plates))
    HouseDish.objects.bulk_create(_house(kitchen, plates, since))


def _entries(menu: Menu, plates: list[Plate]) -> Iterator[MenuEntry]:
    of: dict[str, list[Plate]] = {}
    for plate in plates:
        of.setdefault(plate.row.get("course"), []).append(plate)
    first, green = of["main"], of["veg"] + of["soup"]
    usual = ["energy_protein", "gluten_free", "lactose_reduced", "normal"]
    for n in range(WEEKS * 7):
        week, weekday = n // 7 + 1, n % 7 + 1
        chosen = (
            (MealKind.LUNCH, first[n * 2 % len(first)], green[n * 2 % len(green)]),
            (MealKind.DINNER, first[(n * 2 + 5) % len(first)], green[(n * 2 + 5) % len(green)]),
        )
        for meal, one, other in chosen:
            yield MenuEntry(
                menu=menu, week=week, weekday=weekday, meal=meal, dish=one.dish, position=1, default_for=usual
            )
            yield MenuEntry(
                menu=menu, week=week, weekday=weekday, meal=meal, dish=other.dish, position=2,
                default_for=["vegetarian"],
            )  # fmt: skip
        for position, plate in enumerate(of["breakfast"], start=1):
            yield MenuEntry(
                menu=menu, week=week, weekday=weekday, meal=MealKind.BREAKFAST, dish=plate.dish, position=position,
                default_for=["vegetarian", *usual] if position == 1 else [],
            )  # fmt: skip


def _house(kitchen: Kitchen, plates: list[Plate], since: date) -> Iterator[HouseDish]:
    for position, plate in enumerate(plates, start=1):
        course = plate.row.get("course")
        if course == HouseDishKind.FALLBACK:
            meals: tuple[str, ...] = (MealKind.LUNCH, MealKind.DINNER)
        elif course == HouseDishKind.ALWAYS:
            meals = ("",) if plate.dish.is_drink else SNACKS
        elif course == HouseDishKind.SUPPLEMENT:
            meals = ("",)
        else:
            continue
        for meal in meals:
            yield HouseDish(kitchen=kitchen, kind=course, meal=meal, dish=plate.dish, position=position, from_on=since)
