"""Remove any single check of the engine, and it no longer says what the judge says.

The mutants are made from the source of both twins, so a check that is added later is among them by itself: each
condition held to be always and never so, each part of a condition, each operand of a set, each statement and each row
of a list left out.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from types import ModuleType
from unittest import mock

import numpy as np
import pytest
from tests.engines.diet import test_diet_needs
from tests.strategies.diets import cases_random

from vardnara.engines.diet import Reason, Status, Verdict, needs, plain, vector, vocabulary
from vardnara.engines.diet.check import reasons_naive

CODES = ("1", "1.1", "1.2", "3", "8", "8.2")
DISHES, PATIENTS = cases_random(7, 90, 90, codes=CODES)


def expected() -> list[Verdict]:
    """The judge's answers, once."""
    found = []
    for patient, dish in product(PATIENTS, DISHES):
        reasons = tuple(Reason(*pair) for pair in reasons_naive(dish, patient))
        ways = [one.id for one in dish.variants if reasons and not reasons_naive(dish, patient, one)]
        status = Status.ALLOWED if not reasons else Status.AFTER_CHANGE if ways else Status.BLOCKED
        found.append(Verdict(status, ways[0] if ways else None, reasons))
    return found


EXPECTED = expected()


def plain_agrees(module: ModuleType) -> bool:
    pairs = zip(product(PATIENTS, DISHES), EXPECTED, strict=True)
    return all(module.dish_check(dish, patient) == verdict for (patient, dish), verdict in pairs)


def vector_agrees(module: ModuleType) -> bool:
    """Memory is handed out full of rubbish: what an earlier run left there could look like an answer."""
    with mock.patch.object(np, "empty", lambda shape, dtype: np.full(shape, 0x55, dtype)):
        decisions = module.check_all(DISHES, PATIENTS)
    cells = product(range(len(PATIENTS)), range(len(DISHES)))
    return all(decisions.verdict(*cell) == verdict for cell, verdict in zip(cells, EXPECTED, strict=True))


def vocabulary_agrees(module: ModuleType) -> bool:
    before = vector.Vocabulary
    vector.Vocabulary = module.Vocabulary
    try:
        return vector_agrees(vector)
    finally:
        vector.Vocabulary = before


def mutants(tree: ast.Module) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """What is taken away, how, and how it is put back."""

    def swap(holder: object, name: str, value: object) -> tuple[Callable[[], None], Callable[[], None]]:
        before = getattr(holder, name)
        return (lambda: setattr(holder, name, value)), (lambda: setattr(holder, name, before))

    def told(node: ast.AST, how: str) -> str:
        return f"{getattr(node, 'lineno', 0)} {how}: {ast.unparse(node).splitlines()[0]}"

    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp):
            for always in (True, False):
                yield told(node.test, f"always {always}"), *swap(node, "test", ast.Constant(always))
        if isinstance(node, ast.comprehension):
            for number, condition in enumerate(node.ifs):
                yield told(condition, "without"), *swap(node, "ifs", node.ifs[:number] + node.ifs[number + 1 :])
        if isinstance(node, ast.BoolOp) and len(node.values) > 1:
            for number, part in enumerate(node.values):
                rest = node.values[:number] + node.values[number + 1 :]
                yield told(part, f"out of {ast.unparse(node)}"), *swap(node, "values", rest)
        for field, body in ast.iter_fields(node):
            if isinstance(body, ast.BinOp) and isinstance(body.op, ast.BitAnd | ast.BitOr | ast.Sub) and is_code(node):
                for side in (body.left, body.right):
                    yield told(body, f"only {ast.unparse(side)}"), *swap(node, field, side)
            if isinstance(body, ast.UnaryOp) and isinstance(body.op, ast.Not | ast.Invert):
                yield told(body, "not turned"), *swap(node, field, body.operand)
            if isinstance(body, list) and field in ("body", "orelse"):
                for number, statement in enumerate(body):
                    if isinstance(statement, ast.AugAssign | ast.Expr | ast.Return) and not is_text(statement):
                        without = [*body[:number], ast.Pass(), *body[number + 1 :]]
                        yield told(statement, "without"), *swap(node, field, without)
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Tuple):
            for number, row in enumerate(node.value.elts):
                yield (
                    told(row, "without"),
                    *swap(node.value, "elts", node.value.elts[:number] + node.value.elts[number + 1 :]),
                )


def is_code(node: ast.AST) -> bool:
    """Whether ``|`` can mean a union here, not a choice of types."""
    return not isinstance(node, ast.arg | ast.AnnAssign | ast.FunctionDef | ast.Subscript)


def is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def survivors(original: ModuleType, agrees: Callable[[ModuleType], bool]) -> tuple[int, list[str]]:
    """How many mutants there were, and which of them nobody noticed."""
    path = Path(original.__file__ or "")
    tree = ast.parse(path.read_text())
    n_mutants, alive = 0, []
    for told, take, put_back in list(mutants(tree)):
        n_mutants += 1
        take()
        module = ModuleType("mutant")
        sys.modules["mutant"] = module
        try:
            exec(compile(ast.fix_missing_locations(tree), str(path), "exec"), vars(module))
            if agrees(module):
                alive.append(told)
        except Exception:
            pass  # it does not even run
        finally:
            put_back()
            del sys.modules["mutant"]
    return n_mutants, alive


@pytest.mark.parametrize(
    ("original", "agrees", "least"),
    [(plain, plain_agrees, 50), (vocabulary, vocabulary_agrees, 50), (vector, vector_agrees, 10)],
    ids=["plain", "vocabulary", "vector"],
)
def test_no_check_can_be_removed(original: ModuleType, agrees: Callable[[ModuleType], bool], least: int) -> None:
    """The original agrees with the judge, and nothing that is left of it does."""
    assert agrees(original)
    n_mutants, alive = survivors(original, agrees)
    assert n_mutants >= least and alive == []


def test_no_rule_of_uniting_can_be_removed() -> None:
    """The same for the rows of all sources: of each mutant a test in ``test_diet_needs`` says no."""
    tests = [test for name, test in vars(test_diet_needs).items() if name.startswith("test_")]
    names = ("needs_at", "needs_narrowed", "restriction_end", "source_replace")

    def passes(module: ModuleType) -> bool:
        before = {name: getattr(test_diet_needs, name) for name in names}
        vars(test_diet_needs).update({name: getattr(module, name) for name in names})
        try:
            for test in tests:
                test()
        except (Exception, pytest.fail.Exception):
            return False
        finally:
            vars(test_diet_needs).update(before)
        return True

    assert passes(needs)
    n_mutants, alive = survivors(needs, passes)
    assert n_mutants >= 30 and alive == []
