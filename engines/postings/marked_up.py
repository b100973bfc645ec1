"""Which objects of schema.org do the elements of a page state, as Microdata or as RDFa?

Both are read into the objects of JSON-LD. Of RDFa, this reads what pages about postings use: `typeof`, `property`,
`rel`, `resource`, `about` and `content`, with or without prefixes. A posting is not collected from several pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from engines.postings.job_posting import TYPE, Node, types_of
from engines.postings.pages import Element, Page, text_of

_DEEPEST: Final = 60
_MOST: Final = 100_000
"""Elements of a page that are looked at. One may be looked at several times, because others can refer to it."""
_TEXTS: Final = frozenset(
    "title name description identifier value hiringOrganization jobLocation address streetAddress addressLocality"
    " addressRegion postalCode datePosted validThrough".split()
)
"""Properties that are texts, whatever element they are on."""
_ADDRESSES: Final = {
    "a": "href", "area": "href", "link": "href", "audio": "src", "embed": "src", "iframe": "src", "img": "src",
    "source": "src", "track": "src", "video": "src", "object": "data",
}  # fmt: skip


class Microdata:
    """The postings of a page that are marked up as Microdata."""

    def __init__(self, page: Page) -> None:
        self._left = _MOST
        elements = page.elements()
        self._items = [each for each in elements if each.get("itemscope") is not None and _names(each, "itemtype")]
        self._by_id = {str(each.get("id")): each for each in elements if each.get("id")} if self._items else {}

    def __iter__(self) -> Iterator[Node]:
        return (self._item(item, 0) for item in self._items)

    def _item(self, element: Element, depth: int) -> Node:
        node: Node = {"@type": (element.get("itemtype") or "").split()}
        if name := element.get("itemid"):
            node["@id"] = name
        waiting = list(reversed(element))
        waiting += [self._by_id[name] for name in (element.get("itemref") or "").split()[:50] if name in self._by_id]
        while waiting and self._left:
            self._left -= 1
            each = waiting.pop()
            nested = each.get("itemscope") is not None
            names = (each.get("itemprop") or "").split()
            if names and depth < _DEEPEST:
                value = self._item(each, depth + 1) if nested else _value(each, names)
                for name in names:
                    _add(node, name, value)
            if not nested:
                waiting.extend(reversed(each))
        return node


class Rdfa:
    """The postings of a page that are marked up as RDFa."""

    def __init__(self, page: Page) -> None:
        self._left = _MOST
        elements = page.elements()
        self._subjects = [each for each in elements if _names(each, "typeof")]
        self._named: dict[str, list[Element]] = {}
        for element in elements if self._subjects else ():
            about = element.get("about") or (element.get("resource") if element.get("property") is None else None)
            if about:
                self._named.setdefault(about, []).append(element)

    def __iter__(self) -> Iterator[Node]:
        return (self._subject(subject, 0) for subject in self._subjects)

    def _subject(self, element: Element, depth: int) -> Node:
        node: Node = {"@type": (element.get("typeof") or "").split()}
        name = element.get("about") or element.get("resource")
        if stated := name or element.get("href") or element.get("src"):
            node["@id"] = stated
        waiting = list(reversed(element))
        for other in self._named.get(name or "", ())[:50]:
            if other is not element and depth < 2:
                waiting[:0] = [other] if other.get("property") else list(reversed(other))
        while waiting and self._left:
            self._left -= 1
            each = waiting.pop()
            if self._take(each, node, depth):
                waiting.extend(reversed(each))
        return node

    def _take(self, each: Element, node: Node, depth: int) -> bool:
        """Add what an element states of a subject; returns whether the elements within it speak of it, too."""
        typed = each.get("typeof") is not None
        names = [*(each.get("property") or "").split(), *(each.get("rel") or "").split()]
        if each.get("about") not in (None, node.get("@id")):
            return False
        if names:
            value = self._object(each, names, typed, depth)
            for name in names:
                _add(node, name, value)
            return not typed and not isinstance(value, dict)
        return not typed

    def _object(self, each: Element, names: Sequence[str], typed: bool, depth: int) -> Any:
        if typed:
            return self._subject(each, depth + 1) if depth < _DEEPEST else None
        resource = each.get("resource")
        if resource is not None and each.get("content") is None:
            described = next((one for one in self._named.get(resource, ()) if one.get("typeof") is not None), None)
            return self._subject(described, depth + 1) if described is not None and depth < 3 else {"@id": resource}
        if each.get("property") is None and _linked(each) is None:
            # `rel` without an object of its own: the object is what the elements within describe.
            inner = next((one for one in each.iterdescendants() if one.get("typeof") is not None), None)
            if inner is None or depth >= _DEEPEST:
                return None
            found = self._subject(inner, depth + 1)
            for name in (inner.get("property") or "").split():
                _add(found, name, _value(inner, [_own(name)]))
            return found
        return _value(each, [_own(name) for name in names])


def _names(element: Element, attribute: str) -> bool:
    """Whether an attribute names the type of a posting, among others."""
    stated = element.get(attribute) or ""
    return TYPE in stated.casefold() and TYPE in types_of({"@type": stated.split()})


def _value(element: Element, names: Sequence[str]) -> str:
    """The value of an element: of an attribute where the element has one for it, or else its text."""
    for attribute in ("content", "datetime"):
        if (attached := element.get(attribute)) is not None:
            return str(attached)
    stated = _linked(element)
    if stated is not None and (not _TEXTS.isdisjoint(names) and (shown := text_of(element))):
        return shown  # <a itemprop="title" href="...">: pages mean the text, although the standard says the address
    if stated is not None:
        return stated
    if element.tag in ("data", "meter") and (number := element.get("value")) is not None:
        return str(number)
    return text_of(element)


def _linked(element: Element) -> str | None:
    """The address that an element refers to."""
    attribute = _ADDRESSES.get(element.tag)
    return element.get(attribute) if attribute else None


def _own(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2].rpartition(":")[2].rpartition("#")[2]


def _add(node: Node, name: str, value: Any) -> None:
    """Add a value to a property, under its name without the vocabulary."""
    own = _own(name)
    if own and not own.startswith("@") and value is not None:
        node.setdefault(own, []).append(value)
