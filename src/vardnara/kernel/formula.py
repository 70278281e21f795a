"""Formulas between figures: ``ROUND(gross * 10 / 12, 2)``, evaluated in Decimal and written as a sheet's formula.

The grammar is small on purpose: ``gross`` or ``{gross}`` names another figure; numbers; ``+ - * /`` and brackets;
``ROUND(x, n)`` (half away from zero, as in a spreadsheet), ``SUM``, ``MIN``, ``MAX``.
"""

from __future__ import annotations

import functools
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, localcontext
from typing import Final, Protocol, Self

TOKEN: Final = re.compile(r"\s*(?:\{([^{}]+)\}|([a-z][a-z0-9_]*)|(\d+(?:\.\d+)?)|([A-Z]+)(?=\()|([-+*/(),]))")
KINDS: Final = ("id", "id", "number", "function", "sign")  # of the groups
ROUNDED: Final = re.compile(r"\s*ROUND\(([^()]*),\s*\d+\)\s*")
WORDS: Final = {"ROUND": "avrundat", "SUM": "summan av ", "MIN": "det minsta av ", "MAX": "det största av "}
FUNCTIONS: Final = ("ROUND", "SUM", "MIN", "MAX")
DIGITS: Final = 40  # of the arithmetic: far beyond an öre of any region's turnover


class FormulaError(ValueError):
    """A formula that cannot be read or computed, with the reason."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "id", "number", "function", "sign"
    text: str


def _tokens(formula: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    text = formula.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise FormulaError(f"cannot read {text[place:].strip()[:20]!r}")
        for kind, group in zip(KINDS, match.groups(), strict=True):
            if group is not None:
                found.append(_Token(kind, group))
        place = match.end()
    return found


def formula_references(formula: str) -> tuple[str, ...]:
    """The figures that a formula names, each once, in order."""
    return tuple(dict.fromkeys(token.text for token in _tokens(formula) if token.kind == "id"))


def formula_for_sheet(formula: str, cell: Callable[[str], str]) -> str:
    """The formula as a spreadsheet writes it, with a cell for each figure; without the equals sign."""
    return "".join(cell(token.text) if token.kind == "id" else token.text for token in _tokens(formula))


def formula_in_words(formula: str, name: Callable[[str], str]) -> str:
    """The formula for people, with a name or a value for each figure and the signs of arithmetic.

    Rounding of the whole is left out: the value beside it shows it.
    """
    if whole := ROUNDED.fullmatch(formula):
        formula = whole[1]
    signs = {"*": " × ", "/": " / ", "+": " + ", "-": " − ", ",": "; "} | WORDS
    return "".join(
        name(token.text)
        if token.kind == "id"
        else token.text.replace(".", ",")
        if token.kind == "number"
        else signs.get(token.text, token.text)
        for token in _tokens(formula)
    )


def formula_evaluate(formula: str, values: Mapping[str, Decimal]) -> Decimal:
    """What a formula gives.

    Parameters
    ----------
    formula
        In the grammar above.
    values
        Of the figures it names.

    Raises
    ------
    FormulaError
        It cannot be read, names an unknown figure, or divides by nought.
    """
    with localcontext(prec=DIGITS):
        try:
            return _Reader(_tokens(formula), values, _Exact()).read()
        except (DivisionByZero, InvalidOperation) as error:
            raise FormulaError("divides by nought") from error


def formula_columns(formula: str, values: Mapping[str, Sequence[float]]) -> list[float]:
    """What a formula gives for many sets of values at once, such as the draws of a simulation.

    Parameters
    ----------
    formula
        In the grammar above.
    values
        A column of each figure it names, all as long.

    Raises
    ------
    FormulaError
        As :func:`formula_evaluate`, where any of the rows divides by nought.
    """
    columns = {name: _Column(list(column)) for name, column in values.items()}
    try:
        found = _Reader(_tokens(formula), columns, _Columns()).read()
    except ZeroDivisionError as error:
        raise FormulaError("divides by nought") from error
    length = max((len(column) for column in values.values()), default=1)
    return found.rows if len(found.rows) == length else found.rows * length


class _Number(Protocol):
    """What the arithmetic of a formula needs of its numbers."""

    def __add__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def __mul__(self, other: Self, /) -> Self: ...
    def __truediv__(self, other: Self, /) -> Self: ...
    def __neg__(self) -> Self: ...


class _Arithmetic[T](Protocol):
    """Numbers of one kind: from text, rounded, and the least and the most of several."""

    def number(self, text: str, /) -> T: ...
    def rounded(self, value: T, places: T, /) -> T: ...
    def least(self, given: list[T], /) -> T: ...
    def most(self, given: list[T], /) -> T: ...


class _Exact:
    """Decimal."""

    def number(self, text: str) -> Decimal:
        return Decimal(text)

    def rounded(self, value: Decimal, places: Decimal) -> Decimal:
        return value.quantize(Decimal(1).scaleb(-_places(places)), rounding=ROUND_HALF_UP)

    def least(self, given: list[Decimal]) -> Decimal:
        return min(given)

    def most(self, given: list[Decimal]) -> Decimal:
        return max(given)


def _places(value: Decimal | float) -> int:
    if value != int(value):
        raise FormulaError(f"rounds to {value} places, expected a whole number")
    return int(value)


@dataclass(frozen=True, slots=True)
class _Column:
    """Numbers of many rows; one of a single row is the same in all."""

    rows: list[float]

    def _with(self, other: _Column, sign: Callable[[float, float], float]) -> _Column:
        left, right = self.rows, other.rows
        if len(left) < len(right):
            left = left * len(right)
        elif len(right) < len(left):
            right = right * len(left)
        return _Column(list(map(sign, left, right)))

    def __add__(self, other: _Column) -> _Column:
        return self._with(other, operator.add)

    def __sub__(self, other: _Column) -> _Column:
        return self._with(other, operator.sub)

    def __mul__(self, other: _Column) -> _Column:
        return self._with(other, operator.mul)

    def __truediv__(self, other: _Column) -> _Column:
        return self._with(other, operator.truediv)

    def __neg__(self) -> _Column:
        return _Column([-one for one in self.rows])


class _Columns:
    """Columns of floats."""

    def number(self, text: str) -> _Column:
        return _Column([float(text)])

    def rounded(self, value: _Column, places: _Column) -> _Column:
        factor = 10.0 ** _places(places.rows[0])
        return _Column([math.copysign(math.floor(abs(one) * factor + 0.5) / factor, one) for one in value.rows])

    def least(self, given: list[_Column]) -> _Column:
        return functools.reduce(lambda one, other: one._with(other, min), given)

    def most(self, given: list[_Column]) -> _Column:
        return functools.reduce(lambda one, other: one._with(other, max), given)


class _Reader[T: _Number]:
    """Recursive descent: a total is products, a product is factors."""

    def __init__(self, tokens: list[_Token], values: Mapping[str, T], arithmetic: _Arithmetic[T]) -> None:
        self.tokens, self.values, self.arithmetic, self.place = tokens, values, arithmetic, 0

    def read(self) -> T:
        result = self.total()
        if self.place != len(self.tokens):
            raise FormulaError(f"does not end at {self.tokens[self.place].text!r}")
        return result

    def peek(self) -> str:
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        return token.text if token is not None and token.kind == "sign" else ""

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            raise FormulaError(f"expected {sign!r}")
        self.place += 1

    def total(self) -> T:
        value = self.product()
        while self.peek() in {"+", "-"}:
            sign = self.peek()
            self.place += 1
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> T:
        value = self.factor()
        while self.peek() in {"*", "/"}:
            sign = self.peek()
            self.place += 1
            other = self.factor()
            value = value * other if sign == "*" else value / other
        return value

    def factor(self) -> T:
        if self.place >= len(self.tokens):
            raise FormulaError("ends too early")
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "number":
            return self.arithmetic.number(token.text)
        if token.kind == "id":
            if token.text not in self.values:
                raise FormulaError(f"names the unknown figure {token.text!r}")
            return self.values[token.text]
        if token.kind == "function":
            return self.called(token.text)
        if token.text == "-":
            return -self.factor()
        if token.text == "(":
            value = self.total()
            self.take(")")
            return value
        raise FormulaError(f"did not expect {token.text!r}")

    def called(self, name: str) -> T:
        self.take("(")
        given = [self.total()]
        while self.peek() == ",":
            self.place += 1
            given.append(self.total())
        self.take(")")
        if name == "ROUND" and len(given) == 2:
            return self.arithmetic.rounded(*given)
        if name == "SUM":
            return functools.reduce(operator.add, given)
        if name in {"MIN", "MAX"}:
            return self.arithmetic.least(given) if name == "MIN" else self.arithmetic.most(given)
        raise FormulaError(f"does not know {name} with {len(given)} values; known are {', '.join(FUNCTIONS)}")
