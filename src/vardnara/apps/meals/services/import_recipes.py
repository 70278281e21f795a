"""Recipes out of files: one row a line, or all lines in one cell."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import pgettext

from vardnara.apps.meals.models import FoodImport, Ingredient, Recipe, RecipeLine, RecipeVersion
from vardnara.apps.meals.services.importing import Work, code_of, code_short
from vardnara.apps.meals.services.recipes import LineWords, VersionWords, version_write
from vardnara.gateways.food_file import LineRead, line_read, number_read
from vardnara.gateways.food_file.lines import UNITS
from vardnara.gateways.food_label import Finding
from vardnara.gateways.tabular import Row
from vardnara.kernel.errors import RuleBroken

YIELDS = re.compile(r"\D*(\d+(?:[.,]\d+)?)\s*(servings?|portioner|portion|port|pers(?:oner)?|st)?\.?\s*", re.IGNORECASE)


class Cookbook:
    """What a file's recipes may be made of: the hospital's ingredients and recipes, by code and by name."""

    def __init__(self, hospital_id: int) -> None:
        self.ingredients: dict[str, int] = {}
        for row in Ingredient.objects.filter(hospital=hospital_id, retired_at=None).order_by("-pk"):
            self.ingredients[row.name.lower()] = self.ingredients[row.code.lower()] = row.pk
        self.recipes: dict[str, Recipe] = {}
        for one in Recipe.objects.select_for_update().filter(hospital=hospital_id).order_by("-pk"):
            self.recipes[one.name.lower()] = one
        self.by_code = {one.code: one for one in Recipe.objects.filter(hospital=hospital_id)}


def recipes_import(work: Work) -> None:
    """Recipes with their lines. What a line names that is no ingredient of the house stays a text, and is unknown."""
    book = Cookbook(work.hospital_id)
    groups: dict[str, list[Row]] = {}
    for row in work.rows:
        name = work.get(row, "name")
        if not name:
            work.fault(row, "name", pgettext("posts", "missing"))
            continue
        groups.setdefault(work.get(row, "code") or name.lower(), []).append(row)
    names = {work.get(rows[0], "name").lower(): key for key, rows in groups.items()}
    done: set[str] = set()
    for key in groups:
        _write(work, book, groups, names, key, done, ())


def _write(
    work: Work,
    book: Cookbook,
    groups: dict[str, list[Row]],
    names: dict[str, str],
    key: str,
    done: set[str],
    above: tuple[str, ...],
) -> None:
    """Write a recipe of the file after those that it is made of."""
    rows = groups[key]
    if key in done:
        return
    if key in above:
        work.fault(rows[0], "sub", " > ".join((*above, key)), pgettext("food import", "no recipe that holds itself"))
        return
    for row in rows:
        sub = work.get(row, "sub").lower()
        if sub and names.get(sub, sub) in groups:
            _write(work, book, groups, names, names.get(sub, sub), done, (*above, key))
    done.add(key)
    if work.faults:
        return
    name, code = work.get(rows[0], "name"), code_short(work.get(rows[0], "code"))
    lines = list(_lines(work, book, rows, name))
    servings = _servings(work, rows[0], name)
    portion = work.number(rows[0], "portion_grams", above=True)
    factor = work.number(rows[0], "yield_factor", above=True)
    words = VersionWords(lines, servings, portion, factor or Decimal(1))
    recipe = book.by_code.get(code) if code else book.recipes.get(name.lower())
    if work.faults:
        return
    if recipe is not None and not _differs(recipe, words):
        work.count("unchanged")
        return
    work.count("added" if recipe is None else "changed")
    if recipe is None:
        own = code or _free_code(book, code_of(name))
        recipe = Recipe.objects.create(hospital_id=work.hospital_id, code=own, name=name[:200], imported=work.made)
        book.by_code[own] = book.recipes[name.lower()] = recipe
    try:
        version_write(recipe, words, work.actor, work.at, work.made.pk)
    except RuleBroken as error:
        work.fault(rows[0], "name", f"{name}: {error.code}")
    recipe.refresh_from_db()


def _free_code(book: Cookbook, code: str) -> str:
    n, free = 1, code
    while free in book.by_code:
        n += 1
        free = f"{code[:56]}-{n}"
    return free


def _servings(work: Work, row: Row, name: str) -> Decimal | None:
    """How many portions, of "4 servings" or a number; what is not said is missing and loses nothing else (edge-23)."""
    text = work.get(row, "servings")
    found = YIELDS.fullmatch(text)
    value = number_read(found[1]) if found else None
    if not value:
        work.find(row, name, Finding("no_servings", words=text))
        return None
    return value if value < 100_000 else None


def _lines(work: Work, book: Cookbook, rows: list[Row], name: str) -> Any:
    told: set[str] = set()
    for row in rows:
        part = work.get(row, "part").strip(" :")
        if work.get(row, "ingredient") or work.get(row, "sub"):
            yield _line(work, book, row, name, part)
            continue
        cell = work.get(row, "lines")
        if cell and (part, cell) not in told and cell not in told:
            told.add(cell)
            for text in re.split(r"\s*[\n|]\s*", cell):
                if text:
                    yield _text_line(work, book, row, name, text, part)


def _line(work: Work, book: Cookbook, row: Row, name: str, part: str) -> LineWords:
    """A line of a row of its own, whose amount and unit have columns of their own."""
    text, sub = work.get(row, "ingredient"), work.get(row, "sub")
    amount, unit = work.number(row, "amount"), work.get(row, "unit").lower().rstrip(".")
    read = LineRead(None, "", text or sub)
    if amount is not None and unit not in UNITS:
        work.find(row, name, Finding("unknown_unit", words=f"{unit or '?'}: {text or sub}"))
    elif amount is not None:
        kind, many = UNITS[unit]
        read = LineRead(round(amount * Decimal(many), 4), kind, text or sub)
    elif "amount" in work.mapping:
        work.find(row, name, Finding("no_amount", words=text or sub))
    if sub:
        recipe = book.by_code.get(code_short(sub)) or book.recipes.get(sub.lower())
        if recipe is None:
            work.find(row, name, Finding("unknown_recipe", words=sub))
        return LineWords(sub, part, None, recipe.pk if recipe else None, read.amount, read.unit)
    ingredient_id = book.ingredients.get(text.lower())
    if ingredient_id is None:  # a column of ingredients names goods, so that somebody can declare them
        made = Ingredient.objects.create(
            hospital_id=work.hospital_id, code=_ingredient_code(book, text), name=text[:200], imported=work.made
        )
        ingredient_id = book.ingredients[text.lower()] = book.ingredients[made.code] = made.pk
        work.find(row, name, Finding("new_ingredient", words=text))
        work.count("ingredients")
    return LineWords(text, part, ingredient_id, None, read.amount, read.unit)


def _ingredient_code(book: Cookbook, name: str) -> str:
    code = free = code_of(name)
    n = 1
    while free in book.ingredients:
        n += 1
        free = f"{code[:56]}-{n}"
    return free


def _text_line(work: Work, book: Cookbook, row: Row, name: str, text: str, part: str) -> LineWords:
    """A line as somebody wrote it. Only a name that is an ingredient's, letter for letter, is that ingredient."""
    read = line_read(text)
    ingredient_id = book.ingredients.get(read.name.lower())
    if ingredient_id is None:
        work.find(row, name, Finding("no_such_ingredient", words=text))
    if read.is_range:
        work.find(row, name, Finding("amount_range", words=text))
    elif read.amount is None:
        work.find(row, name, Finding("no_amount", words=text))
    return LineWords(text[:300], part, ingredient_id, None, read.amount, read.unit)


def _differs(recipe: Recipe, words: VersionWords) -> bool:
    version = RecipeVersion.objects.filter(recipe=recipe, number=recipe.n_versions).first()
    return version is None or version_words(version) != _comparable(words)


def _comparable(words: VersionWords) -> tuple[Any, ...]:
    lines = [
        (line.text.strip()[:300], line.part[:60], line.ingredient_id, line.recipe_id, line.amount, line.unit)
        for line in words.lines
    ]
    return (words.servings, words.portion_grams, words.yield_factor, lines)


def version_words(version: RecipeVersion) -> tuple[Any, ...]:
    """What a version says, to be held against what a file says."""
    lines = [
        (line.text, line.part, line.ingredient_id, line.sub.recipe_id if line.sub else None, line.amount, line.unit)
        for line in RecipeLine.objects.filter(version=version).select_related("sub").order_by("position")
    ]
    return (version.servings, version.portion_grams, version.yield_factor, lines)


def recipes_undo(made: FoodImport, at: datetime) -> int:
    """Retire the recipes and ingredients that an import added; let what it changed be again as it was before."""
    n = Recipe.objects.filter(imported=made, retired_at=None).update(retired_at=at)
    Ingredient.objects.filter(imported=made, retired_at=None).update(retired_at=at)
    last = RecipeVersion.objects.filter(imported=made, number=F("recipe__n_versions")).exclude(recipe__imported=made)
    back = []
    for version in last.order_by("pk"):
        before = (
            RecipeVersion.objects.exclude(imported=made).filter(recipe=version.recipe_id).order_by("-number").first()
        )
        if before is not None:
            back.append((version.recipe_id, before))
    for recipe_id, before in back:
        recipe = Recipe.objects.select_for_update().get(pk=recipe_id)  # the one before may have renewed it
        servings, portion, factor, lines = version_words(before)
        again = VersionWords([LineWords(*line) for line in lines], servings, portion, factor, f"{before.number}")
        version_write(recipe, again, made.undone_by, at)
    return n + len(back)
