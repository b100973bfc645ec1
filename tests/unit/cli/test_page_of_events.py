"""Does the page of events have all that a developer of a receiver asks, and nothing from elsewhere?"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli.generate.__main__ import SCHEMAS
from cli.generate.examples import example_of, headers_of
from cli.generate.page import Described, page, sections
from cli.generate.schemas import schema_of
from shared.contracts.envelope import unseal
from shared.contracts.events import Event, PostingResolved, ScoreChanged, TaskDue, every_event

PAGE = page()
EVENTS = {each.subject: each for section in sections() for each in section.events}


class Elements(HTMLParser):
    """The elements of a page: the name and attributes of each."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements() -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements()
    parser.feed(PAGE)
    return parser.found


def test_every_event_has_its_place_and_is_linked_from_the_contents() -> None:
    ids = [attributes["id"] for _, attributes in elements() if "id" in attributes]
    links = {attributes["href"] for name, attributes in elements() if name == "a"}

    assert len(ids) == len(set(ids))
    assert {event.SUBJECT for event in every_event()} - {"dead"} <= set(EVENTS)
    for subject in EVENTS:
        assert subject in ids
        assert f"#{subject}" in links


def test_nothing_on_the_page_comes_from_elsewhere_or_runs() -> None:
    for name, attributes in elements():
        assert name not in ("script", "link", "img", "iframe", "object", "embed", "base", "form")
        assert not {each for each in attributes if each in ("src", "style") or each.startswith("on")}
    style = PAGE.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_every_link_leads_to_a_file_that_is_there_or_to_a_standard() -> None:
    for link in {str(attributes["href"]) for name, attributes in elements() if name == "a"}:
        assert link.startswith(("#", "https://cloudevents.io")) or (SCHEMAS / link).exists(), link


def test_an_event_is_described_by_who_publishes_and_reads_it_and_what_it_carries() -> None:
    score: Described = EVENTS[ScoreChanged.SUBJECT]

    assert score.publishers == ["scorer"]
    assert "sequencer" in score.consumers
    assert (score.key, score.version, score.is_state, score.personal) == ("facility_id", "score_version", True, False)
    assert EVENTS[TaskDue.SUBJECT].personal
    assert not EVENTS[PostingResolved.SUBJECT].is_state
    assert {each.path for each in score.fields} >= {"facility_id", "tier", "breakdown[].evidence"}
    assert all(each.meaning for each in EVENTS.values())


def test_the_page_stays_small_and_says_nothing_that_only_its_authors_understand() -> None:
    assert len(PAGE.encode()) < 300_000
    assert not re.findall(r"\([KR]\d+", PAGE)


def paths(schema: dict[str, Any], part: dict[str, Any], prefix: str = "") -> set[str]:
    """The paths of all fields in a schema, as the page writes them."""
    found = set()
    for name, field in part.get("properties", {}).items():
        found.add(prefix + name)
        for each in (field, *field.get("anyOf", ())):
            items = each.get("items", {})
            for ref, link in ((each.get("$ref"), "."), (items.get("$ref"), "[].")):
                if ref:
                    found |= paths(schema, schema["$defs"][ref.rpartition("/")[2]], f"{prefix}{name}{link}")
    return found


@pytest.mark.parametrize("event", every_event(), ids=lambda event: event.SUBJECT)
def test_the_page_has_the_fields_of_the_schema_and_an_example_that_is_valid(event: type[Event]) -> None:
    schema, example = schema_of(event), example_of(event)
    shown = EVENTS[event.SUBJECT if event.SUBJECT != "dead" else "dead.SERVICE"]

    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(example)
    assert {each.path for each in shown.fields} == paths(schema, schema)
    assert json.loads(shown.example) == example
    assert set(example) == set(schema["properties"])
    assert unseal(headers_of(event, example), json.dumps(example).encode(), event).key == str(example[event.KEY])
