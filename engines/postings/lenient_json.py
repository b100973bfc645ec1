"""What does JSON state, as real pages have it: with comments, commas too many, raw control characters, wrappers?

Nothing is executed: a script that is more than data is searched for the data that it contains.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

LONGEST: Final = 10_000_000
DEEPEST: Final = 60
_MOST_OBJECTS: Final = 50
"""Objects of one script that are looked at."""
_MOST_VALUES: Final = 1_000
_MOST_NODES: Final = 200_000
_DECODER: Final = json.JSONDecoder(strict=False)

_WRAPPERS: Final = re.compile(r"<!\[CDATA\[|\]\]>|<!--|-->")
_EDGES: Final = "\ufeff \t\r\n;\0"
# A quote closes a text if what follows can only follow a text; any other is part of it. Every alternative ends at the
# end of the script at the latest, so the whole is one pass. Python before 3.11.4 matches a possessive group of
# alternatives wrongly, so only single characters are possessive.
_PARTS: Final = re.compile(
    r'"(?P<text>(?:[^"\\]++|\\.|"(?!\s*+(?:[,:}\]]|\Z)))*)(?:"|\Z)'
    r"|(?P<comment>//[^\n]*+|/\*.*?(?:\*/|\Z))|(?P<comma>,(?=\s*+[,}\]]))",
    re.S,
)
_ESCAPE: Final = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|(.?))', re.S)
_INNER_QUOTE: Final = re.compile(r'(\\.)|"', re.S)
_BETWEEN: Final = re.compile(r"[\s,;]*+")
_BEGINS: Final = re.compile(r"(?:[=(,:]|\A|return|\|\|)\s*+(?=[{\[])")


class NotJson(ValueError):
    """The text is not JSON, even leniently read."""


def read(text: str) -> Any:
    """The value that a text states; raises `NotJson`."""
    if len(text) > LONGEST:
        raise NotJson(f"it has more than {LONGEST // 1_000_000} million characters")
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    except ValueError as error:
        reason = str(error)
    unwrapped = _WRAPPERS.sub("", text)
    if '"' not in unwrapped and "&quot;" in unwrapped:
        unwrapped = html.unescape(unwrapped)
    for repaired in (unwrapped, _PARTS.sub(_part, unwrapped)):
        try:
            return _values(repaired.strip(_EDGES))
        except RecursionError:
            raise NotJson("it is nested too deeply") from None
        except ValueError:
            continue
    raise NotJson(reason)


def _values(text: str) -> Any:
    """One value, or the list of several that follow each other."""
    found: list[Any] = []
    position = 0
    while position < len(text) and len(found) < _MOST_VALUES:
        value, position = _DECODER.raw_decode(text, position)
        found.append(value)
        position = _BETWEEN.match(text, position).end()  # type: ignore[union-attr]  # it matches nothing as well
    if not found:
        raise ValueError("is empty")
    return found[0] if len(found) == 1 else found


def _part(found: re.Match[str]) -> str:
    """A text in valid JSON; nothing for a comment or a comma too many."""
    inner = found["text"]
    if inner is None:
        return "" if found["comma"] else " "
    if "\\" in inner:
        inner = _ESCAPE.sub(lambda escape: escape[0] if escape[1] else escape[2], inner)
    if '"' in inner:
        inner = _INNER_QUOTE.sub(lambda quote: quote[1] or '\\"', inner)
    return f'"{inner}"'


def within(script: str) -> Iterator[Any]:
    """The objects and lists that a script states: `window.jobs = {...};`, `push([1, {...}])`."""
    position = 0
    for _ in range(_MOST_OBJECTS):
        begins = _BEGINS.search(script, position)
        if not begins:
            return
        try:
            value, position = _DECODER.raw_decode(script, begins.end())
        except (ValueError, RecursionError):
            position = begins.end() + 1
            continue
        if isinstance(value, dict | list) and value:
            yield value


def nodes(value: Any, stops: Callable[[dict[str, Any]], bool] = lambda _: False) -> Iterator[dict[str, Any]]:
    """Every object in a value, from the outside inwards and in order, but nothing inside those at which it stops."""
    waiting = [(value, 0)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        each, depth = waiting.pop()
        if isinstance(each, dict):
            yield each
            inner: Any = () if stops(each) else list(each.values())
        else:
            inner = each if isinstance(each, list) else ()
        if depth < DEEPEST:
            waiting.extend((one, depth + 1) for one in reversed(inner) if isinstance(one, dict | list))
