"""How is a file of a pack read, and what is wrong with it, key by key?"""

from __future__ import annotations

import types
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError

from engines.packs.layers import file_in
from engines.problems import describe


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in a pack: the file (relative to the pack), the key, the problem and the remedy."""

    file: str
    key: str
    problem: str
    remedy: str
    line: int | None = None
    """The line of the file, counted from 1, if it is known."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        at = f"{place}: {self.key}" if self.key else place
        return f"{at}: {self.problem}; {self.remedy}"


def read(folder: Path, name: str, kind: Any) -> tuple[Any, list[Fault]]:
    """A section (`roles` for `roles.yaml`) as `kind`, or None and all of its faults."""
    file = f"{name}.yaml"
    path = file_in(folder, name)
    if path is None:
        return None, [Fault(file, "", "there is no such file", "add it, or rename the file that was meant")]
    try:
        content = _content(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = f"is not YAML: {' '.join(str(error).split())}"
        return None, [Fault(file, "", problem, "correct its syntax", mark.line + 1 if mark else None)]
    try:
        return _adapter(kind).validate_python(content), []
    except ValidationError as error:
        return None, [_fault(file, kind, each) for each in error.errors(include_url=False)]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def suggestion(word: object, known: Iterable[object]) -> str:
    """The remedy for an unknown word: the known word that is most similar, or else all of them."""
    names = [str(name) for name in known]
    close = get_close_matches(str(word), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"there are {', '.join(names)}" if names else "there are none"


# The loader in C takes a tenth of the time, and is not available everywhere.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Strict(_Safe):  # type: ignore[misc]  # one of two classes with the same interface
    """Refuses duplicate keys: YAML would silently use the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value} appears twice", problem_mark=key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def _content(path: Path) -> Any:
    return _parsed(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=200)
def _parsed(text: str) -> Any:
    """What a text states, once for all who read the same file; no reader changes it."""
    return yaml.load(text, _Strict)  # noqa: S506  a safe loader, but stricter


def _fault(file: str, kind: Any, error: Any) -> Fault:
    loc: tuple[Any, ...] = tuple(error["loc"])
    type_ = error["type"]
    if type_ in ("unexpected_keyword_argument", "extra_forbidden"):
        known = _keys(_at(kind, loc[:-1])[0])
        return Fault(file, _key(kind, loc), "is not a known key", suggestion(loc[-1], known))
    if type_ in ("missing", "missing_argument"):
        return Fault(file, _key(kind, loc), "is missing", "add it")
    if type_ == "literal_error":
        wanted = [word.strip(" '") for word in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        return Fault(
            file, _key(kind, loc), f"{error['input']!r} is not one of {', '.join(wanted)}", "choose one of these"
        )
    if type_.startswith("union_tag"):
        return Fault(file, _key(kind, loc), describe(type_, error["ctx"], error["msg"]), "choose one of these")
    remedy = "correct it" if type_ == "value_error" else f"correct the value {_shortened(error['input'])}"
    return Fault(file, _key(kind, loc), describe(type_, error.get("ctx", {}), error["msg"]), remedy)


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _key(kind: Any, loc: Sequence[Any]) -> str:
    return ".".join(_at(kind, loc)[1])


def _at(kind: Any, loc: Sequence[Any]) -> tuple[Any, list[str]]:
    """The type at a location, and the keys that lead there, without the tags that pydantic adds for unions."""
    path = []
    for step in loc:
        tagged = _tagged(kind, step)
        if tagged is not None:
            kind = tagged
            continue
        path.append(str(step))
        kind = _inside(kind, step)
    return kind, path


def _members(kind: Any) -> list[Any]:
    if get_origin(kind) is Annotated:
        return _members(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return [member for each in get_args(kind) for member in _members(each)]
    return [kind]


def _tagged(kind: Any, tag: Any) -> Any:
    """The member of a union that has a tag, which pydantic adds to locations: `factors.0.signal.weight`."""
    members = _members(kind)
    if len(members) < 2 or not isinstance(tag, str):
        return None
    tags = {
        value: member
        for member in members
        if is_dataclass(member)
        for hint in _hints(member).values()
        if get_origin(hint) is Literal
        for value in get_args(hint)
    }
    return tags.get(tag)


def _inside(kind: Any, step: Any) -> Any:
    for member in _members(kind):
        if is_dataclass(member) and step in _hints(member):
            return _hints(member)[step]
        if get_origin(member) is dict:
            return get_args(member)[1]
        if get_origin(member) in (tuple, list):
            return get_args(member)[0]
    return Any


def _keys(kind: Any) -> list[str]:
    return [each.name for member in _members(kind) if is_dataclass(member) for each in fields(member) if each.init]


def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
