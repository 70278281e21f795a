"""The rules of the diet check, one by one, in both twins."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from vardnara.engines.diet import (
    ALLERGENS,
    TEXTURES,
    Avoid,
    Dish,
    Fasting,
    Needs,
    Reason,
    Status,
    Variant,
    Verdict,
    dish_check,
)
from vardnara.engines.diet.check import verdict_faults
from vardnara.engines.diet.codes import RELATED
from vardnara.engines.diet.explain import reason_text, verdict_text
from vardnara.engines.diet.vector import check_all
from vardnara.kernel.errors import InputError


def of(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def avoids(*codes: str, traces: bool = False, **more: Any) -> Needs:
    return Needs(frozenset(Avoid(code, traces) for code in codes), **more)


def dish(contains: str | None = "", **more: Any) -> Dish:
    return Dish("d", "dish", None if contains is None else of(*contains.split()), **({"flags": of()} | more))


def answer(one: Dish, needs: Needs) -> tuple[str, str | None, list[tuple[str, str]]]:
    """What both twins say, when they say the same and the judge agrees."""
    verdict = dish_check(one, needs)
    assert check_all([one], [needs]).verdict(0, 0) == verdict
    assert verdict_faults(one, needs, verdict) == ()
    return verdict.status, verdict.change, [(reason.code, reason.detail) for reason in verdict.reasons]


COD = Dish(
    "cod", "Torsk med äggsås", of("3", "4", "7"), of("10"), of("9"), of("hel_delad"), frozenset({7}),
    of("normal", "energy_protein"), of("fish"), (Variant("no_sauce", "utan sås", of("3", "7")),),
)  # fmt: skip


def test_the_contracts_example() -> None:
    """CONTRACT 2, to the letter."""
    needs = avoids("3", diets=of("normal"), exclude=of("pork"))
    assert answer(COD, needs) == ("after_change", "no_sauce", [("allergen", "3")])


@pytest.mark.parametrize(
    ("one", "needs", "reasons"),
    [
        (dish("8"), avoids("8.2"), ["allergen 8"]),
        (dish("8.2"), avoids("8"), ["allergen 8.2"]),
        (dish("8.1"), avoids("8.2"), []),
        (dish("8.1 8.3"), avoids("8"), ["allergen 8.1", "allergen 8.3"]),
        (dish("1.1"), avoids("1.5"), []),
        (dish("10 2"), avoids("1"), []),
        (dish(may_contain=of("8")), avoids("8.2"), ["may_contain 8"]),
        (dish(may_contain=of("8.2")), avoids("8"), ["may_contain 8.2"]),
        (dish(may_contain=of("8.2")), avoids("8", traces=True), []),
        (dish("8.2"), avoids("8", traces=True), ["allergen 8.2"]),
        (dish(unknown=of("8")), avoids("8.2", traces=True), ["unknown 8"]),
        (dish(unknown=of("8.2")), avoids("8"), ["unknown 8.2"]),
        (dish(unknown=of("3")), avoids("7"), []),
        (dish("3", may_contain=of("3"), unknown=of("3")), avoids("3"), ["allergen 3", "may_contain 3", "unknown 3"]),
        (dish(None), avoids("3"), ["unknown 3"]),
        (dish(None), avoids("3", traces=True), ["unknown 3"]),
        (dish(None), Needs(), []),
        (dish(None, may_contain=of("3")), avoids("3"), ["may_contain 3"]),
        (dish(None, may_contain=of("3")), avoids("3", traces=True), ["unknown 3"]),
        (dish(None, may_contain=of("8")), avoids("8.2", traces=True), ["unknown 8.2"]),
        (dish(None, may_contain=of("8.2")), avoids("8", traces=True), ["unknown 8"]),
        (dish(None, unknown=of("3")), avoids("3", "7"), ["unknown 3", "unknown 7"]),
        (dish("10 3 7"), avoids("3", "10"), ["allergen 10", "allergen 3"]),
        (
            dish(may_contain=of("3")),
            Needs(frozenset({Avoid("3", True), Avoid("3", False)})),
            ["may_contain 3"],
        ),
        (dish(textures=of("timbal")), Needs(textures=of("timbal")), []),
        (dish(textures=of("gele", "flytande")), Needs(textures=of("timbal")), ["texture timbal"]),
        (dish(textures=of("timbal")), Needs(textures=of("timbal", "gele")), ["texture gele"]),
        (dish(textures=of("timbal")), Needs(iddsi=frozenset({4})), ["iddsi 4"]),
        (dish(iddsi=frozenset({4})), Needs(textures=of("timbal")), ["texture timbal"]),
        (dish(iddsi=frozenset({4, 5})), Needs(iddsi=frozenset({4})), []),
        (dish(), Needs(iddsi=frozenset({7})), ["iddsi 7"]),
        (dish(is_food=False, is_drink=True, iddsi=frozenset({2})), Needs(iddsi=frozenset({4})), ["iddsi 4"]),
        (
            dish(is_food=False, is_drink=True, iddsi=frozenset({2})),
            Needs(iddsi=frozenset({4}), fluids=frozenset({2})),
            [],
        ),
        (dish(iddsi=frozenset({4})), Needs(iddsi=frozenset({4}), fluids=frozenset({2})), []),
        (dish(is_drink=True, iddsi=frozenset({4})), Needs(iddsi=frozenset({4}), fluids=frozenset({2})), ["iddsi 2"]),
        (dish(is_drink=True), Needs(iddsi=frozenset({3}), fluids=frozenset({3})), ["iddsi 3"]),
        (dish(diets=of("normal", "renal")), Needs(diets=of("normal", "renal")), []),
        (dish(diets=of("normal")), Needs(diets=of("normal", "renal")), ["diet renal"]),
        (dish(), Needs(diet_known=False), ["diet unknown"]),
        (dish(safe_for_all=True), Needs(diet_known=False), []),
        (dish("3", safe_for_all=True), avoids("3", diet_known=False), ["allergen 3"]),
        (dish(flags=of("pork", "beef")), Needs(exclude=of("pork", "fish")), ["excluded pork"]),
        (dish(flags=None), Needs(exclude=of("pork")), ["unknown pork"]),
        (dish(flags=None), Needs(), []),
        (dish(), Needs(fasting=Fasting.NOTHING), ["fasting true"]),
        (dish(flags=of("clear_fluids")), Needs(fasting=Fasting.NOTHING), ["fasting true"]),
        (dish(flags=of("clear_fluids")), Needs(fasting=Fasting.CLEAR_FLUIDS), []),
        (dish(), Needs(fasting=Fasting.CLEAR_FLUIDS), ["fasting clear_fluids"]),
        (dish(flags=None), Needs(fasting=Fasting.CLEAR_FLUIDS), ["fasting clear_fluids"]),
    ],
)
def test_what_speaks_against_a_dish(one: Dish, needs: Needs, reasons: list[str]) -> None:
    """Group and member, traces and not known, verified and not: each with the code and the detail of the contract."""
    status, change, found = answer(one, needs)
    assert [" ".join(pair) for pair in found] == reasons
    assert (status, change) == ("blocked" if reasons else "allowed", None)


def test_every_reason_is_told_in_order() -> None:
    """Codes in the contract's order, then details as text."""
    needs = Needs(
        frozenset({Avoid("3"), Avoid("10"), Avoid("8")}), of("timbal"), frozenset({4}), of("renal", "normal"),
        of("pork"), Fasting.NOTHING,
    )  # fmt: skip
    one = dish("3 10", may_contain=of("8.1"), unknown=of("8"), flags=of("pork"))
    assert [" ".join(pair) for pair in answer(one, needs)[2]] == [
        "allergen 10", "allergen 3", "may_contain 8.1", "unknown 8", "texture timbal", "iddsi 4", "diet normal",
        "diet renal", "excluded pork", "fasting true",
    ]  # fmt: skip


def change(name: str, removes: str = "", flags: str = "", diets: str = "") -> Variant:
    return Variant(name, name, *(of(*text.split()) for text in (removes, flags, diets)))


@pytest.mark.parametrize(
    ("one", "needs", "expected"),
    [
        (dish("3", variants=(change("a", "7"), change("b", "3"), change("c", "3"))), avoids("3"), "b"),
        (dish("3 7", variants=(change("a", "3"), change("b", "7"))), avoids("3", "7"), None),
        (dish("8.2", variants=(change("a", "8"),)), avoids("8.2"), "a"),
        (dish("8", variants=(change("a", "8.2"),)), avoids("8.2"), None),
        (dish("3", may_contain=of("3"), variants=(change("a", "3"),)), avoids("3"), None),
        (dish("3", may_contain=of("3"), variants=(change("a", "3"),)), avoids("3", traces=True), "a"),
        (dish("3", unknown=of("3"), variants=(change("a", "3"),)), avoids("3"), None),
        (dish(None, variants=(change("a", "3"),)), avoids("3"), None),
        (dish("3", variants=(change("a", "3"),)), avoids("3", textures=of("gele")), None),
        (dish("3", variants=(change("a", "3"),)), avoids("3", iddsi=frozenset({4})), None),
        (dish("3", variants=(change("a", "3"),)), avoids("3", fasting=Fasting.NOTHING), None),
        (dish(flags=of("pork"), variants=(change("a", flags="pork"),)), Needs(exclude=of("pork")), "a"),
        (dish(flags=None, variants=(change("a", flags="pork"),)), Needs(exclude=of("pork")), None),
        (dish(variants=(change("a", diets="renal"),)), Needs(diets=of("renal")), "a"),
        (dish(variants=(change("a", diets="unknown"),)), Needs(diet_known=False), None),
        (
            dish("3", flags=of("clear_fluids"), variants=(change("a", "3", "clear_fluids"), change("b", "3"))),
            avoids("3", fasting=Fasting.CLEAR_FLUIDS),
            "b",
        ),
        (dish(variants=(change("a", flags="pork"),)), Needs(fasting=Fasting.CLEAR_FLUIDS), None),
    ],
)
def test_the_first_change_that_removes_every_reason(one: Dish, needs: Needs, expected: str | None) -> None:
    """And none where a reason would be left, or come with the change."""
    status, found, reasons = answer(one, needs)
    assert (status, found) == ("after_change" if expected else "blocked", expected) and reasons


def test_a_dish_that_is_allowed_is_not_changed() -> None:
    assert answer(COD, Needs()) == ("allowed", None, [])


def test_the_catalogue_is_that_of_the_law() -> None:
    """Fourteen allergens, six cereals, eight nuts; textures in the order of the guide; relations go both ways."""
    assert [code for code in ALLERGENS if "." not in code] == [str(number) for number in range(1, 15)]
    members = [code for code in ALLERGENS if "." in code]
    assert members == [f"1.{number}" for number in range(1, 7)] + [f"8.{number}" for number in range(1, 9)]
    assert TEXTURES == ("hel_delad", "grov_pate", "timbal", "gele", "flytande", "tjockflytande")
    assert all(one in RELATED[other] for one in ALLERGENS for other in RELATED[one])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Dish("d", "d", of("15")),
        lambda: Dish("d", "d", may_contain=of("8.9")),
        lambda: Dish("d", "d", unknown=of("nuts")),
        lambda: Dish("d", "d", textures=of("soft")),
        lambda: Dish("d", "d", iddsi=frozenset({8})),
        lambda: Dish("d", "d", iddsi=frozenset({True})),
        lambda: Dish("d", "d", is_food=False),
        lambda: Dish("d", "d", variants=(change("a"), change("a"))),
        lambda: Variant("v", "v", of("0")),
        lambda: Avoid("3.1"),
        lambda: Needs(textures=of("7")),
        lambda: Needs(iddsi=frozenset({-1})),
        lambda: Needs(fluids=frozenset({5})),
    ],
)
def test_codes_that_nobody_knows_are_refused(make: Any) -> None:
    """A misspelt allergen would be one that nobody avoids."""
    with pytest.raises(InputError):
        make()


def test_the_judge_catches_a_wrong_verdict() -> None:
    """It says so of a wrong status, a wrong change and a missing reason."""
    needs = avoids("3")
    right = dish_check(COD, needs)
    assert verdict_faults(COD, needs, right) == ()
    assert verdict_faults(COD, needs, Verdict(Status.ALLOWED))
    assert verdict_faults(COD, needs, Verdict(Status.AFTER_CHANGE, "other", right.reasons))
    assert verdict_faults(COD, needs, Verdict(Status.AFTER_CHANGE, "no_sauce"))


def test_reasons_in_words() -> None:
    """For people at a terminal."""
    needs = avoids("8", diet_known=False, fasting=Fasting.CLEAR_FLUIDS, exclude=of("pork"))
    verdict = dish_check(dish("8.2", flags=None), needs)
    assert verdict_text(verdict) == (
        "contains hazelnuts; not known whether it contains pork; the patient's diet is not known; "
        "fasting, clear fluids only"
    )
    assert reason_text(Reason("iddsi", "4")) == "not verified at IDDSI 4"


def test_numpy_is_not_loaded_for_one_tray() -> None:
    """Only the fast twin needs it."""
    program = "import sys, vardnara.engines.diet; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", program], check=False).returncode == 0
