"""Never an allowed dish that a naive intersection of sets forbids, in arrays of generated cases.

``DIET_CASES=1000000`` in the environment makes the run as long as that many patients times dishes.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies.diets import DIETS, FLAGS, Cases, case_arrays, cases_random, some

from vardnara.engines.diet import ALLERGENS, Avoid, Status, Wish, dish_changed, dish_check, needs_narrowed
from vardnara.engines.diet.check import reasons_naive, verdict_faults
from vardnara.engines.diet.vector import BLOCK_CELLS, check_all

CASES = int(os.environ.get("DIET_CASES", "20000"))
EXAMPLE = 54 * 32  # pairs in each array


def twins_agree(cases: Cases) -> Counter[Status]:
    """Both twins give the judge's answer for every dish and every patient; how many of each status."""
    dishes, patients = cases
    decisions = check_all(dishes, patients)
    found: Counter[Status] = Counter()
    for row, needs in enumerate(patients):
        for column, dish in enumerate(dishes):
            verdict = dish_check(dish, needs)
            assert decisions.verdict(row, column) == verdict
            assert verdict_faults(dish, needs, verdict) == ()
            if verdict.status is Status.ALLOWED:
                assert not reasons_naive(dish, needs)
                assert needs.textures <= dish.textures and needs.diets <= dish.diets and needs.fasting != "true"
            found[verdict.status] += 1
    return found


def test_no_dish_is_allowed_that_sets_forbid() -> None:
    """Until as many combinations as wanted have been seen, in a long run all three answers among them."""
    seen: Counter[Status] = Counter()

    @settings(max_examples=-(-CASES // EXAMPLE), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case_arrays())
    def run(cases: Cases) -> None:
        seen.update(twins_agree(cases))

    run()
    assert seen.total() >= CASES, seen
    assert CASES < 200_000 or min(seen[status] for status in Status) > 0, seen  # few arrays may have none of one kind
    print(seen)


def test_patients_and_dishes_at_random() -> None:
    """All allergens, more words of bits than one, more patients than a block."""
    seen = twins_agree(cases_random(1, 60, 150))
    assert min(seen[status] for status in Status) > 0
    dishes, patients = cases_random(2, 40, 2 * BLOCK_CELLS // 40 + 7)
    whole = check_all(dishes, patients)
    assert whole.causes.shape[0] > 1
    for row in (0, BLOCK_CELLS // 40 - 1, BLOCK_CELLS // 40, len(patients) - 1):
        assert [whole.verdict(row, column) for column in range(40)] == [
            dish_check(dish, patients[row]) for dish in dishes
        ]


def test_nobody_and_nothing() -> None:
    """Empty arrays have empty answers."""
    dishes, patients = cases_random(3, 3, 3)
    assert check_all([], patients).status.shape == (3, 0)
    assert check_all(dishes, []).status.shape == (0, 3)
    assert check_all([], []).causes.shape == (1, 0, 0)


def test_the_order_of_patients_and_dishes_does_not_matter() -> None:
    """Each cell is about its patient and its dish alone."""
    dishes, patients = cases_random(4, 30, 30)
    one, other = check_all(dishes, patients), check_all(dishes[::-1], patients[::-1])
    for row, column in product(range(30), repeat=2):
        assert one.verdict(row, column) == other.verdict(29 - row, 29 - column)


@settings(max_examples=10, deadline=None)
@given(
    case_arrays(),
    st.builds(
        Wish,
        st.frozensets(st.builds(Avoid, st.sampled_from(tuple(ALLERGENS)), st.booleans()), max_size=3),
        some(DIETS),
        some(FLAGS),
    ),
)
def test_a_patient_narrows_and_never_widens(cases: Cases, wish: Wish) -> None:
    """Whatever a patient asks for besides, nothing becomes possible that was not, and every reason stays."""
    dishes, patients = cases
    for needs in patients[:4]:
        narrowed = needs_narrowed(needs, wish)
        for dish in dishes[:30]:
            before, after = dish_check(dish, needs), dish_check(dish, narrowed)
            assert set(before.reasons) <= set(after.reasons)
            assert not (before.status is Status.BLOCKED and after.status is not Status.BLOCKED)


@settings(max_examples=10, deadline=None)
@given(case_arrays())
def test_a_changed_dish_has_no_reason_left(cases: Cases) -> None:
    """What is served after a change is safe by itself."""
    dishes, patients = cases
    for needs in patients[:8]:
        for dish in dishes[:30]:
            verdict = dish_check(dish, needs)
            if verdict.status is Status.AFTER_CHANGE:
                (variant,) = [one for one in dish.variants if one.id == verdict.change]
                assert dish_check(dish_changed(dish, variant), needs).status is Status.ALLOWED
