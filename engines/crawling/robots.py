"""May a URL be fetched, by the robots.txt of its host? (RFC 9309)

Protego matches the rules. What it reads in another way than the standard is put right before: the bytes of the file,
its line ends, and the names of agents, which count as a whole and not by their beginning.
"""

from __future__ import annotations

import codecs
import re
from collections import OrderedDict
from typing import NamedTuple, Protocol, cast

from protego import Protego
from protego._utils import _quote_path

LONGEST = 500 * 1_024
"""Bytes of a file that are read; the standard asks for at least as many."""
_KEPT = 16_000_000
"""Bytes of the files whose rules are kept: those of thousands of usual hosts, and of 30 of the largest ones."""
_TOKEN = re.compile(r"[a-z_-]+|\*", re.IGNORECASE)
_AGENT_LINE = re.compile(
    r"^([^\S\n]*user[ -]?agent(?:[^\S\n]*:|[^\S\n])[^\S\n]*)([^#\n]*)", re.IGNORECASE | re.MULTILINE
)
_LINE_ENDS = re.compile("\r\n?|\n")
_NO_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""Characters that end a line for Python, and for no robots.txt."""
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF8[:2], codecs.BOM_UTF8[:1])
"""The byte order mark, and what is left of it where a program has damaged it."""
_US, _OTHERS = "us", "others"


class Decision(NamedTuple):
    allowed: bool
    why: str
    """Such as `Disallow: /jobs, for all agents`."""
    crawl_delay: float | None
    """The seconds between two requests that the site asks for."""


class _Pattern(Protocol):
    _pattern: str

    def match(self, url: str) -> bool: ...


class _Rule(NamedTuple):
    field: str
    value: _Pattern


def decide(status: int | None, content: bytes, agent: str, url: str) -> Decision:
    """Whether an agent may fetch a URL, by the answer to the request for /robots.txt; `None`: there was none.

    `agent` is a product token such as `FacilityPipeline`; what follows it, such as a version, does not count.
    """
    if status is None or not 200 <= status < 500:
        state = "was not answered" if status is None else f"was answered with status {status}"
        return Decision(False, f"the request for robots.txt {state}, so nothing may be fetched until it is", None)
    if status >= 300:
        return Decision(True, f"there is no robots.txt (status {status})", None)
    return _read(content, product_token(agent)).decide(url)


def product_token(agent: str) -> str:
    """The name in `FacilityPipeline/1.0 (+mailto:ops@example.com)`; raises `ValueError` if there is none."""
    token = _TOKEN.match(agent.strip())
    if not token:
        raise ValueError(f"{agent!r} is not the name of an agent, such as FacilityPipeline")
    return token[0].lower()


class _Robots:
    """The rules of a file for one agent."""

    def __init__(self, content: bytes, agent: str) -> None:
        self._agent = agent
        self._parsed = Protego.parse(_for_agent(_text(content), agent))

    def decide(self, url: str) -> Decision:
        try:
            url = url.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            allowed = self._parsed.can_fetch(url, _US)
        except ValueError:
            return Decision(False, "the URL is not valid", None)
        return Decision(allowed, self._why(url, allowed), self._parsed.crawl_delay(_US))

    def _why(self, url: str, allowed: bool) -> str:
        group = self._parsed._get_matching_rule_set(_US)
        if group is None:
            return "robots.txt has no rule for this agent"
        path = _quote_path(url)
        rule = next((rule for rule in cast("list[_Rule]", group._rules) if rule.value.match(path)), None)
        if rule is None or (rule.field == "allow") != allowed:
            return "robots.txt itself may always be fetched" if rule else "no rule of robots.txt matches"
        whom = "all agents" if group.user_agent == "*" else self._agent
        return f"{rule.field.capitalize()}: {rule.value._pattern}, for {whom}"


_parsed: OrderedDict[tuple[bytes, str], _Robots] = OrderedDict()


def _read(content: bytes, agent: str) -> _Robots:
    """The rules of a file, which are kept for the other URLs of its host, those of many hosts at a time."""
    key = (content[:LONGEST], agent)
    found = _parsed.get(key)
    if found is None:
        found = _parsed[key] = _Robots(content, agent)
        while len(_parsed) > 1 and sum(len(kept) for kept, _ in _parsed) > _KEPT:
            _parsed.popitem(last=False)
    else:
        _parsed.move_to_end(key)
    return found


def _text(content: bytes) -> str:
    """The lines of a file; a line that the limit cuts is left out."""
    if len(content) > LONGEST:
        content = content[:LONGEST]
        content = content[: max(content.rfind(b"\n"), content.rfind(b"\r")) + 1]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", "replace")
    else:
        mark = next((mark for mark in _MARKS if content.startswith(mark)), b"")
        # Of bytes that are not UTF-8, the same happens to those of a rule and those of a URL.
        text = content.removeprefix(mark).decode("utf-8", "replace")
    return _NO_LINE_ENDS.sub(" ", _LINE_ENDS.sub("\n", text))


def _for_agent(text: str, agent: str) -> str:
    """The file with two names of agents: this one, and others."""

    def named(line: re.Match[str]) -> str:
        token = _TOKEN.match(line[2].strip())
        name = token[0].lower() if token else ""
        return line[1] + (_US if name == agent else "*" if name == "*" else _OTHERS)

    return _AGENT_LINE.sub(named, text)
