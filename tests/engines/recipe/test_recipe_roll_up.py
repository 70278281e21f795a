"""Recipes by hand: weights, allergens, nutrients, gaps, versions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from vardnara.engines.recipe import (
    Alteration,
    Book,
    Cell,
    Declaration,
    Ingredient,
    Line,
    Missing,
    Recipe,
    Rolled,
    Unit,
    Verified,
    cells_now,
    recipe_change,
    recipe_dish,
    recipe_fingerprint,
    recipe_for,
    recipe_roll_up,
    recipe_scaled,
)
from vardnara.engines.recipe.check import rolled_faults
from vardnara.engines.recipe.explain import SENTENCES, missing_text
from vardnara.kernel.errors import InputError, RuleBroken


def of(*codes: str) -> frozenset[str]:
    return frozenset(codes)


COD = Ingredient(
    "cod", "Torsk", Declaration(of("4"), of("2"), of(), of("fish")), {"kcal": 80, "protein": Decimal("17.5")}
)
EGG = Ingredient("egg", "Ägg", Declaration(of("3")), {"kcal": 140, "protein": 12}, piece_grams=50)
MILK = Ingredient("milk", "Mjölk", Declaration(of("7")), {"kcal": 50, "protein": 3}, millilitre_grams=Decimal("1.03"))
FLOUR = Ingredient("flour", "Mjöl", Declaration(of("1.1"), of("6")), {"kcal": 350, "protein": 10})
SPICE = Ingredient("spice", "Kryddblandning", None, {"kcal": 300})
SAUCE = Recipe(
    "sauce", "Äggsås",
    (Line("milk", amount=500, unit=Unit.MILLILITRE), Line("egg", amount=2, unit=Unit.PIECE), Line("flour", amount=35)),
    servings=10,
)  # fmt: skip
DISH = Recipe(
    "dish", "Torsk med äggsås",
    (Line("cod", amount=1250), Line(recipe="sauce", amount=10, unit=Unit.PIECE, part="sauce")),
    servings=10, yield_factor=Decimal("0.8"),
)  # fmt: skip
EVERYTHING = (COD, EGG, MILK, FLOUR, SPICE)


def book(*recipes: Recipe, **ingredients: Ingredient) -> Book:
    things = {one.code: one for one in EVERYTHING} | ingredients
    return Book(things.values(), recipes or (SAUCE, DISH))


def rolled(of_book: Book, code: str) -> Rolled:
    """What the engine says, once the judge agrees."""
    found = recipe_roll_up(of_book, code)
    assert rolled_faults(of_book, code, found) == ()
    return found


def test_a_recipe_in_a_recipe_by_hand() -> None:
    """515 g of milk, 100 g of egg and 35 g of flour are 650 g of sauce; with 1,250 g of cod, a fifth lost, 1,520 g."""
    sauce, dish = rolled(book(), "sauce"), rolled(book(), "dish")
    assert sauce.grams_cooked == 650 and sauce.portion_grams == 65
    assert (dish.grams_in, dish.grams_cooked, dish.portion_grams, dish.servings) == (1900, 1520, 152, 10)
    kcal = Fraction(1250 * 80 + 515 * 50 + 100 * 140 + 35 * 350, 100)
    assert dish.nutrients["kcal"].total == kcal
    assert dish.nutrients["kcal"].per_portion == kcal / 10
    assert dish.nutrients["kcal"].per_100_g == kcal / 1520 * 100
    assert dish.missing == () and dish.nutrients["protein"].missing == ()


def test_allergens_come_from_the_declared_ingredients() -> None:
    """United at any depth, with the ingredient that each comes from."""
    found = rolled(book(), "dish").allergens
    assert found.contains == {"1.1", "3", "4", "7"} and found.may_contain == {"2", "6"} and found.unknown == of()
    assert found.flags == {"fish"} and found.undeclared == ()
    assert found.because["contains", "3"] == (("Torsk med äggsås", "Äggsås", "Ägg"),)
    assert found.because["may_contain", "2"] == (("Torsk med äggsås", "Torsk"),)


def test_an_undeclared_ingredient_makes_everything_unknown() -> None:
    """It is named, what is known stays known, and a line that is only text is no better."""
    for line, code in ((Line("spice", amount=1), "declaration"), (Line(text="en nypa kryddor"), "not_matched")):
        sauce = replace(SAUCE, lines=(*SAUCE.lines, line))
        found = rolled(book(sauce, DISH), "dish").allergens
        assert found.contains == {"1.1", "3", "4", "7"} and found.flags is None
        assert found.unknown == {str(number) for number in range(1, 15)}
        name = "Kryddblandning" if line.ingredient else "en nypa kryddor"
        assert found.undeclared == (Missing(("Torsk med äggsås", "Äggsås", name), code),)
    none = rolled(book(replace(SAUCE, lines=(Line("egg", amount=0),))), "sauce").allergens
    assert none.contains == {"3"}


def gaps(found: Rolled, nutrient: str) -> list[str]:
    return [missing_text(one) for one in found.nutrients[nutrient].missing]


def test_what_is_missing_is_named_and_never_filled() -> None:
    """No value of a nutrient, no weight of a piece, no amount: each loses what rests on it."""
    spiced = replace(SAUCE, lines=(*SAUCE.lines, Line("spice", amount=5)))
    found = rolled(book(spiced, DISH), "dish")
    assert found.nutrients["protein"].total is None and found.nutrients["kcal"].total is not None
    assert gaps(found, "protein") == ["Torsk med äggsås > Äggsås > Kryddblandning: the composition table has no value"]
    assert found.nutrients["protein"].known == rolled(book(), "dish").nutrients["protein"].total
    lost = rolled(book(egg=replace(EGG, piece_grams=None)), "dish")
    assert (
        lost.grams_cooked is None and lost.nutrients["kcal"].per_100_g is None and lost.nutrients["kcal"].total is None
    )
    assert gaps(lost, "kcal") == ["Torsk med äggsås > Äggsås > Ägg: nobody knows what a piece weighs"]
    assert [missing_text(one) for one in lost.missing] == [
        "Torsk med äggsås > Äggsås: nobody knows what a portion of it is"
    ]
    assert lost.allergens == rolled(book(), "dish").allergens
    vague = replace(DISH, lines=(Line("cod"), *DISH.lines[1:]))
    assert gaps(rolled(book(SAUCE, vague), "dish"), "kcal") == ["Torsk med äggsås > Torsk: nobody has said how much"]
    litres = replace(SAUCE, lines=(Line("flour", amount=1, unit=Unit.MILLILITRE),))
    assert rolled(book(litres), "sauce").missing[0].code == "millilitre_weight"


def test_a_recipe_is_put_in_by_weight_too() -> None:
    """130 g of sauce are two of its portions; of millilitres, or without an amount, nobody knows how much it is."""
    whole = rolled(book(), "sauce").nutrients["kcal"]

    def gratin(line: Line, **more: Ingredient) -> Rolled:
        return rolled(book(SAUCE, replace(DISH, lines=(line,)), **more), "dish")

    assert gratin(Line(recipe="sauce", amount=130)).nutrients["kcal"].total == 2 * whole.per_portion
    for line, code in (
        (Line(recipe="sauce"), "amount"),
        (Line(recipe="sauce", amount=1, unit=Unit.MILLILITRE), "millilitre_weight"),
        (Line(text="salt"), "not_matched"),
        (Line(text="salt", amount=1), "not_matched"),
        (Line("spice"), "amount"),
    ):
        found = gratin(line)
        assert found.missing[0].code == code == found.nutrients["kcal"].missing[0].code and found.grams_in is None
    nothing = replace(EGG, piece_grams=None)
    for line in (
        Line(recipe="sauce", amount=0),
        Line(recipe="sauce", amount=0, unit=Unit.MILLILITRE),
        Line("egg", amount=0, unit=Unit.PIECE),
        Line("spice", amount=0),
    ):
        found = gratin(line, egg=nothing)
        assert found.grams_in == 0 and found.nutrients["protein"].total == 0 and not found.nutrients["protein"].missing


def test_without_a_portion_only_the_portion_is_lost() -> None:
    """edge-23."""
    found = rolled(book(SAUCE, replace(DISH, servings=None)), "dish")
    whole = rolled(book(), "dish")
    assert found.servings is found.portion_grams is None and found.missing == (Missing((DISH.name,), "portion"),)
    for code, nutrient in found.nutrients.items():
        assert nutrient == replace(whole.nutrients[code], per_portion=None)
    inside = rolled(book(replace(SAUCE, servings=None), DISH), "dish")
    assert inside.nutrients["kcal"].total is None and inside.allergens == whole.allergens
    by_weight = rolled(book(SAUCE, replace(DISH, servings=None, portion_grams=304)), "dish")
    assert by_weight.servings == 5
    assert by_weight.nutrients["kcal"].per_portion == whole.nutrients["kcal"].total / 5


def test_scaling_by_hand() -> None:
    """For thirty: three times everything, the same on the plate (edge-22)."""
    thirty = recipe_for(DISH, 30)
    assert thirty.lines[0].amount == 3750 and thirty.servings == 30
    one, other = rolled(book(), "dish"), rolled(book(SAUCE, thirty), "dish")
    assert other.nutrients["kcal"].total == 3 * one.nutrients["kcal"].total
    assert other.nutrients["kcal"].per_portion == one.nutrients["kcal"].per_portion
    assert recipe_for(recipe_for(DISH, 7), 10) == DISH
    with pytest.raises(RuleBroken):
        recipe_for(replace(DISH, servings=None), 30)
    vague = Recipe("r", "R", (Line("cod"),))
    assert recipe_scaled(vague, 3) == vague
    for factor in (0, -1, 1.5, True, Decimal("NaN")):
        with pytest.raises(InputError):
            recipe_scaled(DISH, factor)


def test_a_circle_is_refused_by_name() -> None:
    """A sauce within itself by way of a stock has no weight."""
    stock = Recipe("stock", "Fond", (Line(recipe="sauce", amount=1),))
    sauce = replace(SAUCE, lines=(*SAUCE.lines, Line(recipe="stock", amount=1)))
    with pytest.raises(InputError, match="Äggsås -> Fond -> Äggsås"):
        book(DISH, sauce, stock)
    with pytest.raises(InputError, match="within itself: Fond -> Fond"):
        book(Recipe("stock", "Fond", (Line(recipe="stock", amount=1),)))


def test_books_that_cannot_be_are_refused() -> None:
    """Every fault: a key twice, a thing that is not there."""
    with pytest.raises(InputError) as caught:
        Book([COD, COD], [SAUCE, replace(DISH, lines=(Line("salt", amount=1), Line(recipe="x", amount=1)))])
    assert len(caught.value.faults) == 6  # cod twice; milk, egg, flour, salt and x are not there
    for make in (
        lambda: Line("cod", "sauce"), lambda: Line(), lambda: Line("cod", amount=-1), lambda: Line("cod", amount=0.5),
        lambda: Recipe("r", "R", (), servings=0), lambda: Recipe("r", "R", (), yield_factor=None),
        lambda: Ingredient("i", "I", nutrients={"kcal": -1}), lambda: Ingredient("i", "I", piece_grams=0),
        lambda: Declaration(of("15")), lambda: Cell("normal", "soft", "r"),
    ):  # fmt: skip
        with pytest.raises(InputError):
            make()


def test_a_version_is_its_content() -> None:
    """F-06: whatever the declaration rests on changes the fingerprint; names, order and spelling of numbers do not."""
    before = recipe_fingerprint(book(), "dish")
    same = [
        book(DISH, SAUCE),
        book(SAUCE, replace(DISH, name="Fisk", lines=DISH.lines[::-1], yield_factor=Decimal("0.80"))),
        book(cod=replace(COD, name="Kolja", nutrients={})),
    ]
    assert {recipe_fingerprint(one, "dish") for one in same} == {before}
    other = [
        book(replace(SAUCE, lines=SAUCE.lines[1:]), DISH),
        book(replace(SAUCE, servings=11), DISH),
        book(SAUCE, replace(DISH, portion_grams=150)),
        book(SAUCE, replace(DISH, yield_factor=1)),
        book(SAUCE, replace(DISH, lines=(replace(DISH.lines[0], part="fish"), DISH.lines[1]))),
        book(SAUCE, replace(DISH, lines=(replace(DISH.lines[0], amount=1251), DISH.lines[1]))),
        book(SAUCE, replace(DISH, lines=(replace(DISH.lines[0], unit=Unit.PIECE), DISH.lines[1]))),
        book(SAUCE, replace(DISH, lines=(*DISH.lines, Line(text="salt")))),
        book(SAUCE, replace(DISH, lines=(*DISH.lines, Line(text="peppar")))),
        book(milk=replace(MILK, declaration=Declaration(of("7"), of("3")))),
        book(milk=replace(MILK, declaration=Declaration(of("7"), of(), of("3")))),
        book(milk=replace(MILK, declaration=Declaration(of("7"), flags=of("x")))),
        book(milk=replace(MILK, declaration=Declaration())),
        book(milk=replace(MILK, declaration=None)),
        book(milk=replace(MILK, millilitre_grams=1)),
        book(egg=replace(EGG, piece_grams=60)),
    ]
    found = [recipe_fingerprint(one, "dish") for one in other]
    assert len({before, *found}) == len(other) + 1
    assert len(before) == 64


NO_SAUCE = Alteration("no_sauce", "utan sås", "sauce", adds_diets=of("gluten_free"))
VERIFIED = Verified(recipe_fingerprint(book(), "dish"), of("hel_delad"), frozenset({7}), of("normal"))


def test_what_a_change_removes_is_derived() -> None:
    """Without its sauce the cod holds no egg, milk or wheat; what is left is not claimed."""
    change = recipe_change(book(), "dish", NO_SAUCE)
    assert change.removes == {"1.1", "3", "7"} and change.removes_flags == of() and change.brings == ()
    eggy = replace(DISH, lines=(*DISH.lines, Line("egg", amount=1, unit=Unit.PIECE)))
    assert recipe_change(book(SAUCE, eggy), "dish", NO_SAUCE).removes == {"1.1", "7"}
    spiced = replace(DISH, lines=(*DISH.lines, Line("spice", amount=1)))
    assert recipe_change(book(SAUCE, spiced), "dish", NO_SAUCE).removes == {"1.1", "3", "7"}
    with pytest.raises(RuleBroken, match="no part 'bread'"):
        recipe_change(book(), "dish", replace(NO_SAUCE, part="bread"))
    with pytest.raises(RuleBroken):
        recipe_change(book(), "dish", replace(NO_SAUCE, part=""))


def test_flags_are_removed_where_they_are_known() -> None:
    """Wine in the sauce is left out with it; where an ingredient is undeclared nobody knows."""
    wine = Ingredient("wine", "Vin", Declaration(of("12"), flags=of("alcohol")))
    sauced = replace(SAUCE, lines=(*SAUCE.lines, Line("wine", amount=10)))
    assert recipe_change(book(sauced, DISH, wine=wine), "dish", NO_SAUCE).removes_flags == {"alcohol"}
    plate = replace(DISH, lines=(*DISH.lines, Line("wine", amount=1)))
    assert recipe_change(book(sauced, plate, wine=wine), "dish", NO_SAUCE).removes_flags == of()
    spiced = replace(SAUCE, lines=(*SAUCE.lines, Line("spice", amount=1)))
    change = recipe_change(book(spiced, DISH), "dish", NO_SAUCE)
    assert change.removes_flags == of() and change.brings == ()
    unknown = recipe_change(
        book(sauced, DISH, wine=wine), "dish", replace(NO_SAUCE, instead=(Line("spice", amount=1),))
    )
    assert unknown.removes_flags == of()


def test_a_group_is_not_claimed_while_a_member_is_left() -> None:
    """Removing 8 would take 8.2 along in the check."""
    nuts = Ingredient("nuts", "Nötter", Declaration(of("8")))
    hazel = Ingredient("hazel", "Hasselnöt", Declaration(of("8.2")))
    cake = Recipe("cake", "Kaka", (Line("hazel", amount=1), Line("nuts", amount=1, part="sauce")))
    things = {"nuts": nuts, "hazel": hazel}
    assert recipe_change(book(cake, **things), "cake", NO_SAUCE).removes == of()
    other = replace(cake, lines=(Line("hazel", amount=1, part="sauce"), Line("nuts", amount=1)))
    assert recipe_change(book(other, **things), "cake", NO_SAUCE).removes == {"8.2"}


def test_a_change_that_brings_something_is_a_dish_of_its_own() -> None:
    """Soy sauce instead: not a variant, whatever it removes."""
    soy = Ingredient("soy", "Soja", Declaration(of("6"), flags=of("alcohol")))
    instead = replace(NO_SAUCE, instead=(Line("soy", amount=10),))
    assert recipe_change(book(soy=soy), "dish", instead).brings == (("contains", "6"), ("flags", "alcohol"))
    with pytest.raises(RuleBroken, match="contains 6, flags alcohol"):
        recipe_dish(book(soy=soy), "dish", id="d", name="D", verified=VERIFIED, alterations=[instead])
    unknown = recipe_change(book(), "dish", replace(NO_SAUCE, instead=(Line("spice", amount=1),)))
    assert ("unknown", "3") in unknown.brings and ("flags", "") in unknown.brings
    cream = recipe_change(book(), "dish", replace(NO_SAUCE, instead=(Line("milk", amount=1),)))
    assert cream.removes == {"1.1", "3"} and cream.brings == ()


def test_only_a_verified_version_says_anything() -> None:
    """F-06, F-27: after any change the dish is silent until somebody verifies it anew."""

    def dish(of_book: Book, **more: Any) -> Any:
        return recipe_dish(of_book, "dish", id="cod", name="Torsk", **({"verified": VERIFIED} | more))

    good = dish(book(), alterations=[NO_SAUCE])
    assert good.contains == {"1.1", "3", "4", "7"} and good.may_contain == {"2", "6"} and good.flags == {"fish"}
    assert (good.textures, good.iddsi, good.diets) == ({"hel_delad"}, {7}, {"normal"})
    (variant,) = good.variants
    assert variant.removes == {"1.1", "3", "7"} and variant.adds_diets == {"gluten_free"}
    for silent in (
        dish(book(), verified=None),
        dish(book(milk=replace(MILK, declaration=Declaration(of("7"), of("3"))))),
    ):
        assert silent.contains is silent.flags is None and not (silent.textures or silent.diets or silent.variants)
        assert not silent.safe_for_all
    assert dish(book(), safe_for_all=True, is_drink=True).safe_for_all


def test_the_menus_own_cell_comes_first() -> None:
    """mech-14: before the general one, also to say that the dish is not made so; nothing stands in for another."""
    cells = [
        Cell("normal", "hel_delad", "cod"),
        Cell("normal", "timbal", "cod_timbal"),
        Cell("renal", "hel_delad", "cod_renal"),
        Cell("normal", "hel_delad", "cod_w2", "w2"),
        Cell("normal", "timbal", None, "w2"),
        Cell("renal", "gele", "x", "w3"),
    ]
    assert cells_now(cells, "w1") == {
        ("normal", "hel_delad"): "cod", ("normal", "timbal"): "cod_timbal", ("renal", "hel_delad"): "cod_renal",
    }  # fmt: skip
    assert cells_now(cells, "w2") == {("normal", "hel_delad"): "cod_w2", ("renal", "hel_delad"): "cod_renal"}
    assert cells_now(cells, "") == cells_now(cells, "w1")
    with pytest.raises(InputError):
        cells_now([*cells, Cell("normal", "timbal", "other", "w2")], "w1")


def test_every_gap_has_its_sentence() -> None:
    """A page never meets a code without words."""
    assert set(SENTENCES) == {
        "not_matched", "amount", "piece_weight", "millilitre_weight", "recipe_weight", "recipe_portion", "value",
        "portion", "declaration",
    }  # fmt: skip
    sub = replace(SAUCE, servings=None, lines=(Line("flour"),))
    gratin = replace(DISH, lines=(Line(recipe="sauce", amount=5),))
    codes = {one.code for one in rolled(book(sub, gratin), "dish").nutrients["kcal"].missing}
    assert codes == {"recipe_weight"}
