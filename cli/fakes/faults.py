"""Which request is answered with which fault?

Rules are set from outside, in the order in which they are tried. Chance is seeded, so that a run can be repeated.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, Final, Literal, get_args

from cli.fakes.replies import Reply

Kind = Literal[
    "slow", "hang", "status", "cut", "body", "wrong_types", "spelling", "schema", "endless", "empty", "loop",
    "elsewhere", "bomb",
]  # fmt: skip
OF_SYSTEMS: Final = frozenset({"endless", "empty"})
"""Faults that a system has to show by itself."""
_SPELLINGS: Final = {
    "AcquisitionDate": "AccquisitionDate",
    "JobCount": "Jobcount",
    "result": "results",
    "jsonLD": "jsonLd",
}


@dataclass(slots=True)
class Rule:
    """A fault, and the requests that it befalls."""

    fault: Kind
    host: str = ""
    """The system, or a part of its name; every one by default."""
    path: str = ""
    """A part of the path."""
    share: float = 1.0
    """Of these requests, how many: 0.1 is one of ten."""
    times: int | None = None
    """After so many faults, there are no more."""
    seconds: float = 1.0
    """Of a slow answer, the delay."""
    status: int = 503
    retry_after: str = ""
    """With a status: the value of `Retry-After`."""
    to: str = ""
    """Of a redirect elsewhere, the address; of a body, the body."""
    megabytes: int = 200
    """Of a bomb, its size when it is unpacked."""

    def __post_init__(self) -> None:
        if self.fault not in get_args(Kind):
            raise ValueError(f"{self.fault} is no fault; there are {', '.join(get_args(Kind))}")


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._chance = Random(1)  # noqa: S311  no secret depends on it

    def set(self, rules: Iterable[Mapping[str, Any]], seed: int = 1) -> None:
        self._rules = [Rule(**rule) for rule in rules]
        self._chance = Random(seed)  # noqa: S311  no secret depends on it

    def of(self, host: str, path: str) -> Rule | None:
        """The fault of a request, if it has one."""
        for rule in self._rules:
            if rule.host not in host or rule.path not in path or rule.times == 0:
                continue
            if self._chance.random() < rule.share:
                rule.times = None if rule.times is None else rule.times - 1
                return rule
        return None


def refused(rule: Rule, base: str, path: str, again: int) -> Reply | None:
    """The answer instead of the right one, if the fault is one of these."""
    if rule.fault == "status":
        headers = (("retry-after", rule.retry_after),) if rule.retry_after else ()
        return Reply(rule.status, b"<h1>Try again later</h1>", (("content-type", "text/html"), *headers))
    if rule.fault == "loop":
        return Reply(302, b"", (("location", f"{base}{path}?again={again + 1}"),))
    if rule.fault == "elsewhere":
        return Reply(302, b"", (("location", rule.to),))
    if rule.fault == "body":
        return Reply(200, rule.to.encode(), (("content-type", "text/plain; charset=utf-8"),))
    if rule.fault == "bomb":
        return Reply(200, _bomb(rule.megabytes), (("content-type", "text/html"), ("content-encoding", "gzip")))
    return None


@cache
def _bomb(megabytes: int) -> bytes:
    return gzip.compress(bytes(megabytes * 1_000_000), 9, mtime=0)


def spoiled(rule: Rule, reply: Reply) -> Reply:
    """The right answer with wrong types, other spellings or another schema."""
    if rule.fault not in ("wrong_types", "spelling", "schema"):
        return reply
    if not reply.is_json:
        if rule.fault == "schema" and reply.status == 200:
            return reply._replace(body=reply.body.replace(b"JobPosting", b"Vacancy").replace(b"urlset", b"pages"))
        return reply
    change = {"wrong_types": _wrong_type, "spelling": _spelled, "schema": _renamed}[rule.fault]
    return reply._replace(body=json.dumps(change(json.loads(reply.body))).encode())


def _spelled(value: Any) -> Any:
    if isinstance(value, dict):
        return {_SPELLINGS.get(name, name): _spelled(each) for name, each in value.items()}
    return [_spelled(each) for each in value] if isinstance(value, list) else value


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {f"v9_{name}": _renamed(each) for name, each in value.items()}
    return [_renamed(each) for each in value] if isinstance(value, list) else value


def _wrong_type(value: Any) -> Any:
    """Numbers as texts, and texts as objects."""
    if isinstance(value, dict):
        return {name: _wrong_type(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_wrong_type(each) for each in value]
    if isinstance(value, str):
        return {"value": [value]}
    return str(value)
