"""An example of an event, whatever its fields."""

from __future__ import annotations

import types
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

VALUES: dict[Any, Any] = {
    UUID: UUID(int=7),
    date: date(2026, 7, 8),
    datetime: datetime(2026, 7, 8, 14, tzinfo=UTC),
    time: time(9),
    int: 2,
    float: 0.5,
    bool: True,
    Decimal: Decimal("12.5"),
    str: "some words",
}


def sample(model: type[BaseModel], /, *, full: bool, **values: Any) -> Any:
    """A valid event: with every field, or only with those that it must have."""
    given = {
        name: _value(field.annotation, full)
        for name, field in model.model_fields.items()
        if full or field.is_required()
    }
    return model(**(given | values))


def _value(kind: Any, full: bool) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _value(arguments[0], full)
    if origin is Literal:
        return arguments[0]
    if origin in (Union, types.UnionType):
        return _value(arguments[0], full) if full else None
    if origin is tuple:
        return (_value(arguments[0], full),)
    if origin is dict:
        return {_value(arguments[0], full): _value(arguments[1], full)}
    return sample(kind, full=full) if isinstance(kind, type) and issubclass(kind, BaseModel) else VALUES[kind]
