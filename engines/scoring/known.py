"""What does a score state of an account without weighing it: a fact as it is known, and a figure estimated from it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

from engines.scoring.kinds import ONE, STRICT, ZERO, ModelInvalid

LONGEST = 400
"""The most characters of a formula."""


@dataclass(frozen=True)
class Stated:
    """The common fields of lines that weigh nothing."""

    __pydantic_config__ = STRICT

    factor: str
    label: str
    weight: ClassVar[Decimal] = ZERO
    assumed: str | None = field(default=None, kw_only=True)
    """What of it is the pack's own assumption, and not its source's."""


@dataclass(frozen=True)
class FactFactor(Stated):
    """A fact of the account, for people, texts, filters and lists."""

    kind: Literal["fact"]
    field: str | None = None
    """The factor's own name by default."""
    out_of: ClassVar[Decimal] = ONE
    most: ClassVar[Decimal] = ONE

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field or self.factor,)


@dataclass(frozen=True)
class EstimateFactor(Stated):
    """A figure by a formula over shares of factors and numbers of facts, or "not computable" (R176)."""

    kind: Literal["estimate"]
    formula: str
    """`+ - * / ( ) min max`, numbers, factors, each as its share from 0 to 1, and facts of `needs`."""
    most: Decimal
    source: str
    """Where the formula is from."""
    needs: tuple[str, ...] = ()
    """Facts without which it is not computed."""
    least: Decimal = ZERO
    decimals: int = 0
    unknown: str = "not computable"

    def __post_init__(self) -> None:
        if not 0 <= self.least < self.most or not 0 <= self.decimals <= 6:
            raise ModelInvalid(f"{self.factor}: 0 <= least < most, and decimals are 0 to 6")
        try:
            names = self.names
        except (SyntaxError, ValueError) as error:
            raise ModelInvalid(f"{self.factor}: formula {_why(error)}") from error
        if not names:
            raise ModelInvalid(f"{self.factor}: formula reads no factor and no fact")

    @property
    def out_of(self) -> Decimal:
        return self.most

    @property
    def fields(self) -> tuple[str, ...]:
        return self.needs

    @cached_property
    def _parsed(self) -> ast.expr:
        if len(self.formula) > LONGEST:
            raise ValueError(f"has more than {LONGEST} characters")
        return ast.parse(self.formula.strip(), mode="eval").body

    @cached_property
    def names(self) -> frozenset[str]:
        """The factors and facts that the formula reads."""
        return frozenset(_names(self._parsed))

    def result(self, values: Mapping[str, Fraction]) -> Decimal | None:
        """The exact result, then cut to least and most and rounded half to even; None if it divides by 0."""
        try:
            exact = _value(self._parsed, values)
        except ZeroDivisionError:
            return None
        within = min(max(exact, Fraction(self.least)), Fraction(self.most))
        return Decimal(round(within * 10**self.decimals)).scaleb(-self.decimals)


def _why(error: SyntaxError | ValueError) -> str:
    return f"cannot be read: {error.msg}" if isinstance(error, SyntaxError) else str(error)


def _names(node: ast.expr) -> list[str]:
    """Raises `ValueError` for what a formula cannot have."""
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return []
        case ast.Name():
            return [node.id]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _names(operand)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            return [*_names(left), *_names(right)]
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_], keywords=[]):
            return [name for each in node.args for name in _names(each)]
    raise ValueError("has numbers, names, + - * / ( ), and min and max of several, and nothing else")


def _value(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.Name():
            return values[node.id]
        case ast.UnaryOp(operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _computed(op, _value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=args):
            several = [_value(each, values) for each in args]
            return min(several) if name == "min" else max(several)
    raise AssertionError(node)  # `_names` refused it


def _computed(op: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case _:
            return left / right
