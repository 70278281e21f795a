"""What the kitchen's pages show: kitchens, foods, recipes, dishes, menus and files, of the reader's own hospital."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q

from vardnara.apps.accounts.choices import Profession, Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.meals.models import (
    CellContent,
    Dish,
    DishCell,
    Food,
    FoodImport,
    FoodTable,
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
    RecipeLine,
    RecipeVersion,
    SentFile,
)
from vardnara.apps.meals.queries.offered import (
    MEAL_ORDER,
    OfferedCell,
    OfferedDish,
    cell_order,
    cell_read,
    cells_of,
    offered,
)
from vardnara.gateways.food_label import Finding, findings_of
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

WRITERS = (Role.KITCHEN, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
READERS = (*WRITERS, Role.COORDINATOR, Role.AUDITOR)
ROWS = 300  # on one page


def own_hospital(*, actor: User) -> int:
    """The hospital whose kitchens the actor may read; raises ``wrong_role`` or ``out_of_scope``."""
    role_require(actor, READERS)
    reach = user_reach(actor).hospital_ids
    if not reach:
        raise RuleBroken("out_of_scope", f"user {actor.pk} reaches no whole hospital")
    return min(reach)


def may_declare(actor: User) -> bool:
    """Whether the actor may say what food contains."""
    return actor.role in WRITERS and actor.profession in (Profession.DIET_COOK, Profession.DIETITIAN)


def _own(rows: Any, pk: int, code: str) -> Any:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise RuleBroken(code, str(pk))
    return row


def kitchens(*, actor: User) -> list[Kitchen]:
    """Kitchens of the reader's hospital."""
    return list(Kitchen.objects.filter(hospital=own_hospital(actor=actor)).order_by("closed_on", "name"))


@dataclass(frozen=True, slots=True)
class KitchenPage:
    """A kitchen with its wards, meal times, and the wards of the hospital that could be served."""

    kitchen: Kitchen
    wards: list[KitchenWard]
    times: list[MealTime]
    all_wards: list[tuple[int, str]]
    unserved: list[str]


def kitchen_page(*, actor: User, kitchen_id: int, today: date) -> KitchenPage:
    """One kitchen; raises ``unknown_kitchen``."""
    hospital_id = own_hospital(actor=actor)
    kitchen = _own(Kitchen.objects.filter(hospital=hospital_id), kitchen_id, "unknown_kitchen")
    wards = [(ward.id, ward.name) for division in organisation(hospital_id=hospital_id) for ward in division.wards]
    on = Q(from_on__lte=today) & (Q(to_on=None) | Q(to_on__gt=today))
    served = set(KitchenWard.objects.filter(on).values_list("ward_id", flat=True))
    rows = KitchenWard.objects.filter(kitchen=kitchen).filter(Q(to_on=None) | Q(to_on__gt=today))
    times = sorted(MealTime.objects.filter(kitchen=kitchen), key=lambda one: MEAL_ORDER[one.meal])
    return KitchenPage(
        kitchen,
        list(rows.select_related("ward").order_by("ward__name", "from_on")),
        times,
        wards,
        [name for ward_id, name in wards if ward_id not in served],
    )


@dataclass(frozen=True, slots=True)
class IngredientRow:
    """An ingredient with what was said of it last, and where label and claims do not fit."""

    ingredient: Ingredient
    said: IngredientDeclaration | None
    findings: list[Finding]


def ingredients(*, actor: User, q: str = "", only_open: bool = False) -> list[IngredientRow]:
    """Ingredients in use, those first of which nobody has declared anything."""
    rows = Ingredient.objects.filter(hospital=own_hospital(actor=actor), retired_at=None)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(code__icontains=q) | Q(supplier__icontains=q))
    found = [IngredientRow(*pair) for pair in _said(list(rows.order_by("name", "pk")))]
    found = [one for one in found if not only_open or one.said is None or not one.said.declared]
    return sorted(found, key=lambda one: one.said is not None and one.said.declared)[: ROWS * 4]


def _said(rows: list[Ingredient]) -> list[tuple[Ingredient, IngredientDeclaration | None, list[Finding]]]:
    latest = IngredientDeclaration.objects.filter(
        ingredient__in=[row.pk for row in rows], number=F("ingredient__n_declarations")
    ).select_related("by")
    of = {one.ingredient_id: one for one in latest}
    return [(row, of.get(row.pk), _findings(of.get(row.pk))) for row in rows]


def _findings(said: IngredientDeclaration | None) -> list[Finding]:
    if said is None or not said.label:
        return []
    if said.declared:
        return findings_of(said.label, [*said.contains, *said.may_contain])
    claims = said.claimed.get("contains")
    return findings_of(said.label, None if claims is None else [*claims, *said.claimed.get("may_contain", ())])


def ingredient_page(*, actor: User, ingredient_id: int) -> tuple[IngredientRow, list[IngredientDeclaration], list[Any]]:
    """One ingredient, its history newest first, and the recipes that it is in; raises ``unknown_ingredient``."""
    rows = Ingredient.objects.filter(hospital=own_hospital(actor=actor)).select_related("food__table")
    row = _own(rows, ingredient_id, "unknown_ingredient")
    history = list(IngredientDeclaration.objects.filter(ingredient=row).select_related("by").order_by("-number"))
    used = Recipe.objects.filter(versions__lines__ingredient=row, versions__number=F("n_versions")).distinct()
    return IngredientRow(*_said([row])[0]), history, list(used.order_by("name"))


def food_tables(*, actor: User) -> list[Any]:
    """Food composition tables in use, with how many foods each has."""
    rows = FoodTable.objects.filter(hospital=own_hospital(actor=actor), withdrawn_at=None)
    return list(rows.annotate(n_foods=Count("foods")).order_by("name", "version"))


def foods_find(*, actor: User, q: str) -> list[Food]:
    """Foods by a part of their name."""
    rows = Food.objects.filter(table__hospital=own_hospital(actor=actor), table__withdrawn_at=None)
    return list(rows.filter(name__icontains=q).select_related("table").order_by("name")[:30]) if q else []


def recipes(*, actor: User, q: str = "") -> list[Any]:
    """Recipes in use with the lines of the version that holds."""
    rows = Recipe.objects.filter(hospital=own_hospital(actor=actor), retired_at=None)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(code__icontains=q))
    now = Q(versions__number=F("n_versions"))
    counted = rows.annotate(
        n_lines=Count("versions__lines", filter=now),
        n_open=Count(
            "versions__lines",
            filter=now & Q(versions__lines__ingredient=None, versions__lines__sub=None),
        ),
    )
    return list(counted.order_by("name")[: ROWS * 2])


@dataclass(frozen=True, slots=True)
class RecipePage:
    """A recipe with its versions newest first and the lines of one of them."""

    recipe: Recipe
    version: RecipeVersion
    versions: list[RecipeVersion]
    lines: list[tuple[RecipeLine, IngredientDeclaration | None]]
    used_by: list[Recipe]
    dishes: list[Dish]


def recipe_page(*, actor: User, recipe_id: int, number: int | None = None) -> RecipePage:
    """One recipe; raises ``unknown_recipe``."""
    recipe = _own(Recipe.objects.filter(hospital=own_hospital(actor=actor)), recipe_id, "unknown_recipe")
    versions = list(RecipeVersion.objects.filter(recipe=recipe).select_related("made_by").order_by("-number"))
    version = next((one for one in versions if one.number == (number or recipe.n_versions)), None)
    if version is None:
        raise RuleBroken("unknown_recipe", f"{recipe_id} {number}")
    rows = list(
        RecipeLine.objects.filter(version=version).select_related("ingredient", "sub__recipe").order_by("position")
    )
    ids = [row.ingredient_id for row in rows if row.ingredient_id is not None]
    said = IngredientDeclaration.objects.filter(ingredient__in=ids, number=F("ingredient__n_declarations"))
    of = {one.ingredient_id: one for one in said}
    used = Recipe.objects.filter(versions__lines__sub__recipe=recipe, versions__number=F("n_versions")).distinct()
    contents = CellContent.objects.filter(recipe_version__recipe=recipe, number=F("cell__n_contents"))
    dishes = Dish.objects.filter(pk__in=contents.values("cell__dish"), retired_at=None)
    lines = [(row, of.get(row.ingredient_id or 0)) for row in rows]
    return RecipePage(recipe, version, versions, lines, list(used.order_by("name")), list(dishes.order_by("name")))


@dataclass(frozen=True, slots=True)
class DishRow:
    """A dish with its cells."""

    dish: Dish
    cells: tuple[OfferedCell, ...]

    @property
    def n_open(self) -> int:
        """Cells that nobody answers for."""
        return sum(1 for cell in self.cells if not cell.verified)


def dishes(*, actor: User, q: str = "", only_open: bool = False) -> list[DishRow]:
    """Dishes in use, those first of which something is not known."""
    rows = Dish.objects.filter(hospital=own_hospital(actor=actor), retired_at=None)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(code__icontains=q))
    found = list(rows.order_by("name"))
    cells = cells_of(dish_ids=[one.pk for one in found])
    listed = [DishRow(one, cells.get(one.pk, ())) for one in found]
    if only_open:
        listed = [one for one in listed if one.n_open or not one.cells]
    return sorted(listed, key=lambda one: bool(one.cells) and not one.n_open)[: ROWS * 2]


@dataclass(frozen=True, slots=True)
class MenuOfCell:
    """A menu that has a cell of its own, and whether it holds today: in it the cell stands before the general one."""

    menu: Menu
    holds: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell, what its file said, and who declared it when.

    ``menu`` is the one menu that it is of; ``others`` of a general cell are the menus that have their own instead.
    """

    cell: OfferedCell
    content: CellContent | None
    recipe: Recipe | None
    findings: list[Finding]
    menu: MenuOfCell | None = None
    others: tuple[MenuOfCell, ...] = ()

    @property
    def nutrients(self) -> dict[str, Decimal]:
        """What a normal portion gives, declared or reckoned from the recipe."""
        return dict(self.cell.nutrients)


def dish_page(*, actor: User, dish_id: int, today: date) -> tuple[DishRow, list[CellRow], dict[str, str]]:
    """One dish with its cells, general and of menus, and its names; raises ``unknown_dish``."""
    own = Dish.objects.filter(hospital=own_hospital(actor=actor)).select_related("photo", "photo__made_by")
    dish = _own(own.defer("photo__jpeg"), dish_id, "unknown_dish")
    row = DishRow(dish, cells_of(dish_ids=[dish.pk]).get(dish.pk, ()))
    rows = DishCell.objects.filter(dish=dish, retired_at=None, menu__withdrawn_at=None).select_related("menu__kitchen")
    rows = sorted(rows, key=lambda one: (cell_order((dish.pk, one.diet, one.texture)), one.menu_id or 0))
    contents = CellContent.objects.filter(cell__in=rows, number=F("cell__n_contents"))
    of = {one.cell_id: one for one in contents.select_related("by", "recipe_version__recipe")}
    own_of: dict[tuple[str, str], list[MenuOfCell]] = {}
    for one in rows:
        if one.menu is not None:
            own_of.setdefault((one.diet, one.texture), []).append(_menu_of_cell(one.menu, today))
    cells = []
    for one in rows:
        cell = cell_read(one.pk, one.diet, one.texture, one.state)
        content = of.get(one.pk)
        others = tuple(other for other in own_of.get((one.diet, one.texture), ()) if not other.ended)
        menu = None if one.menu is None else _menu_of_cell(one.menu, today)
        claims = content.claimed.get("contains") if content is not None else None
        said = [*content.contains, *content.may_contain] if content is not None and content.declared else claims
        found = findings_of(content.label, said) if content is not None and content.label else []
        version = content.recipe_version if content is not None else None
        recipe = version.recipe if version is not None else None
        cells.append(CellRow(cell, content, recipe, found, menu, () if menu is not None else others))
    return row, cells, {one.language: one.name for one in dish.names.all()}


def _menu_of_cell(menu: Menu, today: date) -> MenuOfCell:
    ended = menu.to_on is not None and menu.to_on <= today
    return MenuOfCell(menu, menu.from_on <= today and not ended, ended)


def menu_choices(*, hospital_id: int, today: date) -> list[tuple[int, str]]:
    """Menus of all kitchens that hold or will, with the kitchen and the first day."""
    rows = Menu.objects.filter(Q(to_on=None) | Q(to_on__gt=today), kitchen__hospital=hospital_id, withdrawn_at=None)
    ordered = rows.select_related("kitchen").order_by("kitchen__name", "from_on")
    return [(one.pk, f"{one.name} ({one.kitchen.name}, {one.from_on})") for one in ordered]


def retired_cells(*, dish_id: int) -> list[DishCell]:
    """Cells of a dish that are out of use."""
    return list(DishCell.objects.filter(dish=dish_id).exclude(retired_at=None).order_by("pk"))


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A date of a kitchen: its exception and what is offered, by meal."""

    on: date
    day: MenuDay | None
    meals: list[tuple[str, list[OfferedDish]]]


def week_plan(*, kitchen_id: int, monday: date) -> list[DayPlan]:
    """What a kitchen offers from its menu and its exceptions in a week; the caller answers for scope."""
    days = {
        day.on: day
        for day in MenuDay.objects.filter(kitchen=kitchen_id, on__gte=monday, on__lt=monday + timedelta(days=7))
    }
    return [
        DayPlan(on, days.get(on), by_meal(offered(kitchen_id=kitchen_id, on=on), only_menu=True))
        for on in (monday + timedelta(days=n) for n in range(7))
    ]


def by_meal(found: list[OfferedDish], *, only_menu: bool = False) -> list[tuple[str, list[OfferedDish]]]:
    """Dishes by meal, in the order of the day."""
    meals: dict[str, list[OfferedDish]] = {}
    for one in found:
        if not only_menu or one.source in ("menu", "day"):
            meals.setdefault(one.meal, []).append(one)
    return list(meals.items())


def menus(*, kitchen_id: int) -> list[Menu]:
    """Menus of a kitchen, the latest first."""
    return list(Menu.objects.filter(kitchen=kitchen_id, withdrawn_at=None).order_by("-from_on"))


def menu_page(*, actor: User, menu_id: int, week: int) -> tuple[Menu, list[MenuEntry]]:
    """A menu and the dishes of a week of its cycle; raises ``unknown_menu``."""
    own = Menu.objects.filter(kitchen__hospital=own_hospital(actor=actor), withdrawn_at=None).select_related("kitchen")
    menu = _own(own, menu_id, "unknown_menu")
    entries = MenuEntry.objects.filter(menu=menu, week=week).select_related("dish")
    return menu, sorted(entries, key=lambda one: (one.weekday, MEAL_ORDER[one.meal], one.position, one.pk))


def house_dishes(*, kitchen_id: int, today: date) -> list[HouseDish]:
    """House dishes of a kitchen that have not ended."""
    rows = HouseDish.objects.filter(Q(to_on=None) | Q(to_on__gt=today), kitchen=kitchen_id).select_related("dish")
    return sorted(rows, key=lambda one: (one.kind, MEAL_ORDER.get(one.meal, -1), one.position))


def dish_choices(*, hospital_id: int) -> list[tuple[int, str]]:
    """Dishes in use, by name."""
    return list(Dish.objects.filter(hospital=hospital_id, retired_at=None).order_by("name").values_list("pk", "name"))


def food_imports(*, actor: User) -> list[FoodImport]:
    """Files that were read in, the latest first."""
    rows = FoodImport.objects.filter(hospital=own_hospital(actor=actor)).defer("findings")
    return list(rows.select_related("imported_by").order_by("-imported_at")[:100])


def food_import_one(*, actor: User, import_id: int) -> FoodImport:
    """A file that was read in; raises ``unknown_import``."""
    return _own(FoodImport.objects.filter(hospital=own_hospital(actor=actor)), import_id, "unknown_import")  # type: ignore[no-any-return]


def sent_file(*, actor: User, sent_id: int) -> SentFile:
    """A file that waits for its mapping; raises ``unknown_import``."""
    return _own(SentFile.objects.filter(hospital=own_hospital(actor=actor)), sent_id, "unknown_import")  # type: ignore[no-any-return]
