"""What does a JobPosting of schema.org state, whatever syntax it was written in?

Each syntax is read into the objects of JSON-LD. Of these, the fields are taken by name. `applicationContact` and all
other fields about people are not among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import engines.postings.values as values
from engines.postings.found import Found
from engines.postings.places import NOWHERE, Place, is_foreign, place, structured

TYPE: Final = "jobposting"
_PREFIXES: Final = ("schema:", "http://schema.org/", "https://schema.org/")
Node = dict[str, Any]


def types_of(node: Node) -> set[str]:
    """The types of an object, without their vocabulary, in lower case."""
    stated = node.get("@type", node.get("type"))
    names = stated if isinstance(stated, list) else [stated]
    return {name.rstrip("/").replace("#", "/").rpartition("/")[2].rpartition(":")[2].casefold()
            for name in names if isinstance(name, str)}  # fmt: skip


def is_posting(node: Node) -> bool:
    return ("@type" in node or "type" in node) and TYPE in types_of(node)


class Graph:
    """The objects of a page that others refer to by their `@id`."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._by_id: dict[str, Node] = {}
        for node in nodes:
            name = node.get("@id")
            if isinstance(name, str) and len(node) > 1:
                self._by_id.setdefault(name, node)

    def all(self, node: Node, name: str) -> list[Any]:
        """The values of a property: texts, numbers and objects."""
        value = node.get(name)
        if value is None:
            value = next((node[prefix + name] for prefix in _PREFIXES if prefix + name in node), None)
        several = value if isinstance(value, list) else [value]
        return [self._resolved(each) for each in several[:200] if each is not None and each != ""]

    def first(self, node: Node, name: str) -> Any:
        return next(iter(self.all(node, name)), None)

    def _resolved(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            return value["@value"]
        if isinstance(value.get("@list"), list):
            return next(iter(value["@list"]), None)
        name = value.get("@id")
        return self._by_id.get(name, value) if len(value) == 1 and isinstance(name, str) else value

    def text(self, node: Any, name: str) -> Any:
        """A property that is a text or a number; of an object, its name."""
        value = self.first(node, name) if isinstance(node, dict) else None
        for _ in range(3):
            if not isinstance(value, dict):
                break
            value = self.first(value, "name")
        return value


def found(node: Node, graph: Graph, page: str | None = None, alone: bool = True) -> Found | str:
    """The posting that an object states, or why it is none. A page with one posting is that posting's page."""
    title = values.line(graph.text(node, "title")) or values.line(graph.text(node, "name"))
    if not title:
        return "no title"
    employer = _employer(node, graph)
    where = _place(node, graph)
    own = values.url(graph.text(node, "url"), page)
    name = node.get("@id")
    address = own or (values.url(name) if isinstance(name, str) and "#" not in name else None)
    address = address or (page if alone else None)
    stated = _id(node, graph, employer)
    derived = values.derived_id(title, employer, where.city, where.state)
    return Found(
        source_posting_id=stated or values.id_of(address) or derived,
        title=title,
        employer_name=employer,
        city=where.city,
        state=where.state,
        zip=where.zip,
        address=where.address,
        url=address,
        description=values.description(graph.text(node, "description")),
        posted_on=values.day(graph.text(node, "datePosted")),
        closes_on=values.day(graph.text(node, "validThrough")),
    )


def _employer(node: Node, graph: Graph) -> str:
    """The name of the organization; a person's name is not taken."""
    for organization in graph.all(node, "hiringOrganization"):
        if not isinstance(organization, dict):
            if (name := values.line(organization)) and "://" not in name:
                return name
        elif "person" not in types_of(organization):
            for field in ("name", "legalName"):
                if name := values.line(graph.text(organization, field)):
                    return name
    return ""


def _id(node: Node, graph: Graph, employer: str) -> str:
    """The id that the employer gave to the posting. Some pages state the employer's name instead, which is none."""
    for identifier in graph.all(node, "identifier"):
        value = identifier
        if isinstance(identifier, dict):
            value = graph.text(identifier, "value")
        stated = values.id_of(value)
        if stated and stated.casefold() != employer.casefold():
            return stated
    return ""


def _place(node: Node, graph: Graph) -> Place:
    """The place of work; of several, the first one with a state."""
    found = [_of(location, graph) for location in graph.all(node, "jobLocation")[:50]]
    stated = next((each for each in found if each.state), next((each for each in found if any(each)), NOWHERE))
    # Some pages state the parts of the address of the posting itself.
    return stated if any(stated) else _of_address(node, graph)


def _of(location: Any, graph: Graph) -> Place:
    if not isinstance(location, dict):
        return place(location)
    address = location if "postaladdress" in types_of(location) else graph.first(location, "address")
    if isinstance(address, dict):
        return _of_address(address, graph)
    if address is not None:
        return place(address)
    if any(graph.first(location, name) is not None for name in ("addressLocality", "addressRegion", "postalCode")):
        return _of_address(location, graph)
    named = place(graph.text(location, "name"))
    return named if named.state else NOWHERE


def _of_address(address: Node, graph: Graph) -> Place:
    city, region, code = (graph.text(address, name) for name in ("addressLocality", "addressRegion", "postalCode"))
    street, country = graph.text(address, "streetAddress"), graph.text(address, "addressCountry")
    found = structured(city, region, code, street, country)
    if found.state or is_foreign(country):
        return found
    # All of it in one field: "1 Elm St, Albany, NY 12207"
    for written in (street, graph.text(address, "name")):
        whole = place(written)
        if whole.state and not found.city:
            return whole._replace(zip=found.zip or whole.zip)
    return found
