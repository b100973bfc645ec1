"""Which records does a query of the fake of Salesforce select? A part of SOQL: comparisons joined by AND, one order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

_QUERY: Final = re.compile(
    r"SELECT (?P<names>[\w, ]+) FROM (?P<of>\w+)(?: WHERE (?P<where>.*?))?(?: ORDER BY (?P<by>\w+))?"
)
_TEXT: Final = r"'(?:[^'\\]|\\.)*'"
_CONDITION: Final = re.compile(rf"(\w+) (IN|=|!=|>=) (\(.*?{_TEXT}\)|{_TEXT}|[\w.:+-]+)(?: AND |$)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t"}


class BadQuery(Exception):
    """It is none that Salesforce understands."""


def selected(query: str, rows: Mapping[str, Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """The records, with the fields that the query names."""
    found = _QUERY.fullmatch(query)
    if not found or found["of"] not in rows:
        raise BadQuery(f"unexpected token in {query[:80]!r}")
    names = [each.strip() for each in found["names"].split(",")]
    conditions = _conditions(found["where"] or "")
    for name in (*names, *(each[0] for each in conditions)):
        if name not in known[found["of"]]:
            raise BadQuery(f"No such column '{name}' on entity '{found['of']}'")
    chosen = [each for each in rows[found["of"]].values() if all(_holds(each, *one) for one in conditions)]
    if found["by"]:
        chosen.sort(key=lambda each: (each[found["by"]], each["Id"]))
    return [{"attributes": {"type": found["of"]}, **{name: each.get(name) for name in names}} for each in chosen]


def _conditions(where: str) -> list[tuple[str, str, Any]]:
    found, at = list[tuple[str, str, Any]](), 0
    while at < len(where):
        one = _CONDITION.match(where, at)
        if not one:
            raise BadQuery(f"unexpected token in {where[at : at + 80]!r}")
        found.append((one[1], one[2], _value(one[3])))
        at = one.end()
    return found


def _value(stated: str) -> Any:
    if stated.startswith("("):
        return [_value(each) for each in re.findall(_TEXT, stated)]
    if stated.startswith("'"):
        return re.sub(r"\\(.)", lambda one: _ESCAPED.get(one[1], one[1]), stated[1:-1])
    if stated in ("null", "true", "false"):
        return {"null": None, "true": True, "false": False}[stated]
    return datetime.fromisoformat(stated)


def _holds(row: Mapping[str, Any], name: str, operator: str, value: Any) -> bool:
    match operator:
        case "IN":
            return row.get(name) in value
        case "=":
            return bool(row.get(name) == value)
        case "!=":
            return bool(row.get(name) != value)
    return bool(datetime.fromisoformat(row[name]) >= value)
