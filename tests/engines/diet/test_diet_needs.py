"""A patient's diet from the rows of all sources: united, ended and never widened by the patient."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vardnara.engines.diet import (
    Avoid,
    Ending,
    Fasting,
    Needs,
    Restriction,
    RestrictionKind,
    Source,
    Wish,
    needs_at,
    needs_narrowed,
    restriction_end,
    source_replace,
)
from vardnara.kernel.errors import InputError, RuleBroken

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
DAY = timedelta(days=1)
NURSE = {"who": "n1", "role": "nurse", "why": "asked the patient"}


def row(kind: str, value: str, source: Source = Source.LOCAL, days: float = -1, **more: Any) -> Restriction:
    start = NOON + days * DAY
    by = NURSE if source is Source.LOCAL else {"who": "HIS"}
    by = {"who": "p1", "role": "patient"} if source is Source.PATIENT else by
    given = {"recorded_at": start, "valid_from": start} | by | more
    return Restriction(kind=RestrictionKind(kind), value=value, source=source, **given)


BASE = row("base_diet", "normal")


def test_rows_of_all_sources_are_united() -> None:
    """CONTRACT 2.1: nothing that one source forbids is allowed because another does not mention it."""
    rows = [
        BASE,
        row("allergen", "3", Source.HL7_ALLERGY),
        row("allergen", "3", Source.PATIENT, traces_tolerated=True),
        row("allergen", "8.2", Source.FHIR, traces_tolerated=True),
        row("special_diet", "gluten_free", Source.HL7_ORDER),
        row("special_diet", "vegetarian", Source.PATIENT),
        row("texture", "timbal"),
        row("food_level", "4", Source.FHIR),
        row("fluid_level", "2"),
        row("exclusion", "pork", Source.PATIENT),
        row("portion", "small"),
    ]
    diet = needs_at(rows, NOON)
    assert diet.needs == Needs(
        frozenset({Avoid("3"), Avoid("3", True), Avoid("8.2", True)}),
        frozenset({"timbal"}),
        frozenset({4}),
        frozenset({"normal", "gluten_free", "vegetarian"}),
        frozenset({"pork"}),
        Fasting.NO,
        frozenset({2}),
    )
    assert (diet.base, diet.portion, diet.in_force) == ("normal", "small", tuple(rows))
    assert diet.missing == diet.contradictions == () and diet.next_change_at is None
    assert needs_at(reversed(rows), NOON).needs == diet.needs


def test_the_base_diet_goes_by_source_then_by_time() -> None:
    """H-34: an order before FHIR, that before PV1-38, that before what was entered here; then the latest."""
    by_rank = [
        row("base_diet", source.value, source)
        for source in (Source.LOCAL, Source.PV1_38, Source.FHIR, Source.HL7_ORDER)
    ]
    for number in range(1, 5):
        diet = needs_at(by_rank[:number], NOON)
        assert diet.base == by_rank[number - 1].value and diet.needs.diets == {diet.base}
        assert diet.contradictions == ((RestrictionKind.BASE_DIET,) if number > 1 else ())
    older, newer = row("base_diet", "old", days=-3), row("base_diet", "new", days=-2)
    assert needs_at([newer, older], NOON).base == needs_at([older, newer], NOON).base == "new"
    assert needs_at([older, older], NOON).contradictions == ()
    corrected = replace(older, value="corrected", recorded_at=NOON)
    assert needs_at([corrected, older], NOON).base == "corrected"


def test_without_a_base_diet_the_diet_is_not_known() -> None:
    """Only what is safe for all is left, allergies are heeded as before, and it is said what is missing."""
    diet = needs_at([row("allergen", "3"), row("portion", "small", Source.HL7_ALLERGY)], NOON)
    assert diet.needs == Needs(frozenset({Avoid("3")}), diet_known=False)
    assert (diet.base, diet.portion, diet.missing) == (None, None, ("base_diet",))
    assert needs_at([BASE, row("unmapped", "kiwi", Source.HL7_ALLERGY)], NOON).missing == ("unmapped",)
    assert not needs_at([BASE, row("unmapped", "kiwi", Source.HL7_ALLERGY)], NOON).needs.diet_known
    assert needs_at([], NOON).missing == ("base_diet",)


def test_rows_hold_from_until_and_until_ended() -> None:
    """Half-open; whichever end comes first; the next change is told."""
    fasting = row("fasting", "true", days=0, valid_until=NOON + DAY)
    rows = [BASE, fasting, row("fasting", "clear_fluids", days=-1, valid_until=NOON + 2 * DAY)]
    found = {days: needs_at(rows, NOON + days * DAY) for days in (-2, -1, -0.001, 0, 0.999, 1, 2)}
    assert [diet.needs.fasting for diet in found.values()] == [
        Fasting.NO, Fasting.CLEAR_FLUIDS, Fasting.CLEAR_FLUIDS, Fasting.NOTHING, Fasting.NOTHING, Fasting.CLEAR_FLUIDS,
        Fasting.NO,
    ]  # fmt: skip
    ahead = [None if diet.next_change_at is None else (diet.next_change_at - NOON) / DAY for diet in found.values()]
    assert ahead == [-1, 0, 0, 1, 1, 2, None]
    ended = restriction_end(fasting, Ending(NOON + DAY / 2, "d1", "physician", "surgery put off"))
    assert needs_at([BASE, ended], NOON + DAY / 2).needs.fasting is Fasting.NO
    assert needs_at([BASE, ended], NOON).next_change_at == NOON + DAY / 2


def test_two_textures_are_both_heeded_and_told() -> None:
    """Nobody but a clinician says which of two is right, and none is turned into the other."""
    rows = [BASE, row("texture", "timbal", Source.HL7_ORDER), row("texture", "gele"), row("food_level", "4")]
    rows += [row("food_level", "5", Source.FHIR), row("fluid_level", "1"), row("fluid_level", "2", Source.FHIR)]
    diet = needs_at([*rows, row("portion", "small"), row("portion", "large", Source.FHIR)], NOON)
    assert diet.needs.textures == {"timbal", "gele"} and diet.needs.iddsi == {4, 5} and diet.needs.fluids == {1, 2}
    assert diet.contradictions == ("texture", "food_level", "fluid_level", "portion") and diet.portion == "large"


def test_wheat_is_spelt_too() -> None:
    """In law spelt and khorasan are wheat: who avoids one avoids what may be sold as it."""

    def avoided(code: str) -> set[str]:
        return {avoid.allergen for avoid in needs_at([row("allergen", code)], NOON).needs.avoid}

    assert avoided("1.1") == {"1.1", "1.5", "1.6"}
    assert avoided("1.5") == {"1.1", "1.5"} and avoided("1.6") == {"1.1", "1.6"}
    assert avoided("1.2") == {"1.2"} and avoided("1") == {"1"}


def test_a_snapshot_replaces_its_own_rows_only() -> None:
    """CONTRACT 2.1: what a source no longer says ends; what others say, and other kinds, stay."""
    kinds = (RestrictionKind.ALLERGEN, RestrictionKind.UNMAPPED)
    egg, fish = row("allergen", "3", Source.HL7_ALLERGY), row("allergen", "4", Source.HL7_ALLERGY)
    past = row("allergen", "9", Source.HL7_ALLERGY, days=-3, valid_until=NOON - DAY)
    later = row("allergen", "5", Source.HL7_ALLERGY, days=2)
    others = (
        BASE, row("allergen", "4"), row("allergen", "4", Source.FHIR),
        row("allergen", "4", Source.HL7_ALLERGY, source_name="other"), row("texture", "timbal", Source.HL7_ALLERGY),
    )  # fmt: skip
    now = {"source": Source.HL7_ALLERGY, "source_name": "", "kinds": kinds, "at": NOON, "who": "HIS"}
    said = [row("allergen", "3", Source.HL7_ALLERGY, days=0), row("allergen", "7", Source.HL7_ALLERGY, days=0)]
    said.append(row("allergen", "5", Source.HL7_ALLERGY, days=0))
    rows = source_replace((egg, egg, fish, past, later, *others), said, **now)
    ended = Ending(NOON, "HIS")
    assert rows == (egg, egg, replace(fish, ended=ended), past, replace(later, ended=ended), *others, *said[1:])
    assert source_replace(rows, said, **now) == rows
    codes = {avoid.allergen for avoid in needs_at(rows, NOON).needs.avoid}
    assert codes == {"3", "4", "5", "7"}
    assert {avoid.allergen for avoid in needs_at(source_replace(rows, [], **now), NOON).needs.avoid} == {"4"}
    for wrong in (row("allergen", "3"), replace(egg, source_name="other"), row("texture", "gele", Source.HL7_ALLERGY)):
        with pytest.raises(InputError):
            source_replace(rows, [wrong], **now)
    milder = row("allergen", "3", Source.HL7_ALLERGY, days=0, traces_tolerated=True)
    assert source_replace([egg], [milder], **now) == (replace(egg, ended=ended), milder)


def test_who_ends_a_row_says_as_what_and_why() -> None:
    """And ends it once."""
    ending = Ending(NOON, "d1", "physician", "tested, no allergy")
    ended = restriction_end(row("allergen", "3"), ending)
    assert ended.ended == ending and not ended.holds_at(NOON) and ended.holds_at(NOON - DAY / 2)
    for missing in ("who", "role", "why"):
        with pytest.raises(RuleBroken, match="as what and why"):
            restriction_end(row("allergen", "3"), replace(ending, **{missing: ""}))
    with pytest.raises(RuleBroken):
        restriction_end(row("allergen", "3"), replace(ending, why=" "))
    with pytest.raises(RuleBroken, match="it ended"):
        restriction_end(ended, ending)
    with pytest.raises(RuleBroken, match="it ended"):
        restriction_end(row("allergen", "3", days=-2, valid_until=NOON - DAY), ending)
    assert restriction_end(row("allergen", "3", valid_until=NOON + DAY), ending).ended == ending


def test_a_patient_ends_only_what_the_patient_added() -> None:
    """Narrow, never widen."""
    ending = Ending(NOON, "p1", "patient", "changed my mind")
    assert restriction_end(row("exclusion", "pork", Source.PATIENT), ending).ended == ending
    for source in Source:
        if source is not Source.PATIENT:
            with pytest.raises(RuleBroken) as caught:
                restriction_end(row("exclusion", "pork", source), ending)
            assert caught.value.code == "patient_may_only_narrow"


def test_a_patient_adds_only_what_narrows() -> None:
    """Allergens, exclusions and diets besides; no texture, base diet, portion or fasting."""
    allowed = []
    values = {"allergen": "3", "texture": "gele", "food_level": "7", "fluid_level": "0", "fasting": "true"}
    for kind in RestrictionKind:
        try:
            row(kind, values.get(kind, "x"), Source.PATIENT)
        except RuleBroken:
            continue
        allowed.append(kind)
    assert sorted(allowed) == ["allergen", "exclusion", "special_diet"]
    needs = Needs(frozenset({Avoid("3")}), diets=frozenset({"normal"}), exclude=frozenset({"pork"}))
    wish = Wish(frozenset({Avoid("3", True), Avoid("4")}), frozenset({"vegan"}), frozenset({"beef"}))
    assert needs_narrowed(needs, wish) == Needs(
        needs.avoid | wish.avoid, diets=frozenset({"normal", "vegan"}), exclude=frozenset({"pork", "beef"})
    )
    assert needs_narrowed(needs, Wish()) == needs


def test_rows_that_cannot_be_are_refused() -> None:
    """Unknown codes, an end before the beginning, a person without a role."""
    for kind, value in (
        ("allergen", "15"), ("texture", "soft"), ("food_level", "8"), ("fluid_level", "5"), ("fasting", "yes"),
        ("base_diet", " "),
    ):  # fmt: skip
        with pytest.raises(InputError):
            row(kind, value)
    with pytest.raises(InputError):
        row("base_diet", "normal", valid_until=NOON - DAY)
    with pytest.raises(InputError):
        row("texture", "gele", traces_tolerated=True)
    for missing in ("who", "role"):
        with pytest.raises(InputError):
            row("base_diet", "normal", **{missing: ""})
    assert row("base_diet", "normal", Source.PV1_38).role == ""
