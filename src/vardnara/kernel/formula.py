"""Formulas between figures: ``ROUND(gross * 10 / 12, 2)``, evaluated in Decimal and written as a sheet's formula.

The grammar is small on purpose: ``gross`` or ``{gross}`` names another figure; numbers; ``+ - * /`` and brackets;
``ROUND(x, n)`` (half away from zero, as in a spreadsheet), ``SUM``, ``MIN``, ``MAX``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, localcontext
from typing import Final

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
        reader = _Reader(_tokens(formula), values)
        try:
            result = reader.total()
        except (DivisionByZero, InvalidOperation) as error:
            raise FormulaError("divides by nought") from error
    if reader.place != len(reader.tokens):
        raise FormulaError(f"does not end at {reader.tokens[reader.place].text!r}")
    return result


class _Reader:
    """Recursive descent: a total is products, a product is factors."""

    def __init__(self, tokens: list[_Token], values: Mapping[str, Decimal]) -> None:
        self.tokens, self.values, self.place = tokens, values, 0

    def peek(self) -> str:
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        return token.text if token is not None and token.kind == "sign" else ""

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            raise FormulaError(f"expected {sign!r}")
        self.place += 1

    def total(self) -> Decimal:
        value = self.product()
        while self.peek() in {"+", "-"}:
            sign = self.peek()
            self.place += 1
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> Decimal:
        value = self.factor()
        while self.peek() in {"*", "/"}:
            sign = self.peek()
            self.place += 1
            other = self.factor()
            value = value * other if sign == "*" else value / other
        return value

    def factor(self) -> Decimal:
        if self.place >= len(self.tokens):
            raise FormulaError("ends too early")
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "number":
            return Decimal(token.text)
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

    def called(self, name: str) -> Decimal:
        self.take("(")
        given = [self.total()]
        while self.peek() == ",":
            self.place += 1
            given.append(self.total())
        self.take(")")
        if name == "ROUND" and len(given) == 2 and given[1] == given[1].to_integral_value():
            return given[0].quantize(Decimal(1).scaleb(-int(given[1])), rounding=ROUND_HALF_UP)
        if name in {"SUM", "MIN", "MAX"}:
            return {"SUM": lambda: sum(given, Decimal(0)), "MIN": lambda: min(given), "MAX": lambda: max(given)}[name]()
        raise FormulaError(f"does not know {name} with {len(given)} values; known are {', '.join(FUNCTIONS)}")
