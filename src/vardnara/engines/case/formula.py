"""Arithmetic over figures, as a controller writes it: ``saving_service + saving_care``."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

OPERATIONS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
LONGEST = 500  # characters: nobody follows a longer one


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that can be reckoned; ``names`` are the figures that it needs, in their order."""

    text: str
    names: tuple[str, ...]

    def value(self, figures: Mapping[str, Fraction]) -> Fraction:
        """What it comes to, exactly.

        Raises
        ------
        ZeroDivisionError
            Something is divided by a figure that is 0.
        """
        return _value(ast.parse(self.text, mode="eval").body, self.text, figures)


def formula_read(text: str) -> Formula:
    """Read a formula of names, numbers, ``+ - * /`` and brackets.

    Raises
    ------
    ValueError
        It holds anything else.
    """
    plain = text.strip()
    if len(plain) > LONGEST:
        raise ValueError(f"{len(plain)} characters, expected at most {LONGEST}")
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ValueError(f"{plain!r} cannot be read as a formula") from error
    names: dict[str, None] = {}
    _look(tree.body, plain, names)
    return Formula(plain, tuple(names))


def _look(node: ast.expr, text: str, names: dict[str, None]) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            _look(left, text, names)
            _look(right, text, names)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _look(operand, text, names)
        case ast.Name(id=name):
            names[name] = None
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            pass
        case _:
            part = ast.get_source_segment(text, node)
            raise ValueError(f"{part!r} is not allowed, expected figures, numbers, + - * / and brackets")


def _value(node: ast.expr, text: str, figures: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _value(left, text, figures), _value(right, text, figures)
            match op:
                case ast.Add():
                    return one + other
                case ast.Sub():
                    return one - other
                case ast.Mult():
                    return one * other
                case _:
                    return one / other
        case ast.UnaryOp(operand=operand):
            return -_value(operand, text, figures)
        case ast.Name(id=name):
            return figures[name]
        case _:
            # as written, so that 0.1 is a tenth
            return Fraction(str(ast.get_source_segment(text, node)).replace("_", ""))
