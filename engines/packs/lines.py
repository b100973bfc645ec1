"""In which line of a pack's file is a fault? Files are parsed for this only when there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from engines.packs.files import Fault
from engines.packs.layers import BaseInvalid, layers

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def located(folder: Path, fault: Fault) -> Fault:
    """The fault with its line; if its file is that of a base, with the name of the base."""
    try:
        places = layers(folder)
    except BaseInvalid:
        places = (folder,)
    owner = next((place for place in places if (place / fault.file).is_file()), None)
    if owner is None:
        return fault
    line = fault.line or _line_in(owner / fault.file, fault)
    return replace(fault, file=fault.file if owner == folder else f"{owner.name}/{fault.file}", line=line)


def _line_in(path: Path, fault: Fault) -> int | None:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    # A problem of several keys has none itself, and begins with what it is about: `qm_rating reads ...`.
    return line_of(text, fault.key or fault.problem.split(" ", 1)[0])


def line_of(text: str, key: str) -> int | None:
    """The line of a key such as `factors.3.weight`, or of the nearest key around it; None if it has neither.

    A step names a key, the number of an entry, or the name that an entry of a list gives itself.
    """
    node = _composed(text)
    return _nearest(node, key.split("."), None) if node and key else None


@lru_cache(maxsize=8)
def _composed(text: str) -> yaml.Node | None:
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        return None
    return node


def _nearest(node: yaml.Node, steps: list[str], line: int | None) -> int | None:
    if not steps:
        return line
    if isinstance(node, yaml.SequenceNode):
        entry = _entry(node, steps[0])
        return _nearest(entry, steps[1:], _line(entry)) if entry else line
    if not isinstance(node, yaml.MappingNode):
        return line
    for length in range(len(steps), 0, -1):  # a key may contain dots
        for name, value in node.value:
            if name.value == ".".join(steps[:length]):
                return _nearest(value, steps[length:], _line(name))
    # `qm_rating.values` for the entry of that name in the list of factors.
    for _, value in node.value if line is None else ():
        entry = _entry(value, steps[0]) if isinstance(value, yaml.SequenceNode) else None
        if entry:
            return _nearest(entry, steps[1:], _line(entry))
    return line


def _entry(node: yaml.SequenceNode, step: str) -> yaml.Node | None:
    if step.isdigit() and int(step) < len(node.value):
        numbered: yaml.Node = node.value[int(step)]
        return numbered
    named: yaml.Node | None = next((each for each in node.value if step in _names(each)), None)
    if named:
        return named
    # A part of an entry, as those of a sum.
    entries = (each for several in _inside(node) for each in several.value if isinstance(each, yaml.MappingNode))
    return next((each for each in entries if step in _names(each)), None)


def _inside(node: yaml.SequenceNode) -> Iterator[yaml.SequenceNode]:
    """The lists in the entries of a list."""
    for entry in node.value:
        pairs = entry.value if isinstance(entry, yaml.MappingNode) else ()
        yield from (value for _, value in pairs if isinstance(value, yaml.SequenceNode))


def _names(node: yaml.Node) -> list[str]:
    """What an entry of a list may be called: the text itself, or the texts in it."""
    if isinstance(node, yaml.ScalarNode):
        return [node.value]
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return [value.value for _, value in pairs if isinstance(value, yaml.ScalarNode)]


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
