"""What does the story of a facility state about a touch?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

import pytest
from pydantic_core import to_json

from cli.client import stories
from shared.contracts.kernel import History, PastEvent
from shared.messaging.broker import Broker


class Sequencer:
    """A sequencer that answers with what it published, by facility, and with where chains cover the facility."""

    def __init__(
        self, published: Mapping[str, Sequence[tuple[str, dict[str, Any]]]], covered_by: Sequence[str]
    ) -> None:
        self.published, self.covered_by = published, covered_by

    async def ask(self, request: object, service: str = "sequencer") -> list[Any]:
        if not isinstance(request, History):
            return list(self.covered_by)
        is_first = request.after == History(subjects=[]).after
        return self.events(request.key or "") if service == "sequencer" and is_first else []

    def events(self, key: str) -> list[PastEvent]:
        return [
            PastEvent(
                event_id=UUID(int=n + int(key)),
                subject=subject,
                headers={"ce-time": f"2026-07-0{n + 1}T10:00:00Z"},
                body=to_json(body).decode(),
            )
            for n, (subject, body) in enumerate(self.published.get(key, ()))
        ]


async def story(published: Mapping[str, Sequence[tuple[str, dict[str, Any]]]], covered_by: Sequence[str]) -> list[str]:
    """What is printed about the facility 335001."""
    broker = cast("Broker", Sequencer(published, covered_by))
    return [each.text for each in await stories.story(broker, "335001")]


@pytest.mark.parametrize(
    "logged, text",
    [
        ({"kind": "done", "outcome": "reached"}, "call to don: reached, by ann"),
        ({"kind": "done", "outcome": "reached", "note": "busy"}, "call to don: reached (busy), by ann"),
        ({"kind": "skipped", "outcome": "not now"}, "call to don: skipped (not now), by ann"),
        ({"kind": "skipped"}, "call to don: skipped, by ann"),
        ({"kind": "undone", "note": "wrong row"}, "call to don: taken back (wrong row), by ann"),
        ({"kind": "reassigned"}, "call to don: reassigned, by ann"),
    ],
)
async def test_a_touch_is_described_by_what_a_person_did_and_why(logged: dict[str, Any], text: str) -> None:
    body = {"channel": "call", "persona": "don", "rep": "ann", "outcome": None, **logged}

    assert await story({"335001": [("touch.logged", body)]}, []) == [text]


async def test_the_story_of_a_facility_has_what_was_done_at_another_one_of_its_chain_for_both() -> None:
    enrollment = {"sequence": "nine", "tier": 1, "owner": "ann", "facility_id": "335002"}
    bodies: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "335001": [("account.moved", {"owner": "ann", "reason": "The owner of MOSS."})],
        "335002": [
            ("enrollment.started", enrollment | {"covers": ["335002", "335001"], "started_on": "2026-07-01"}),
            ("enrollment.ended", enrollment | {"covers": ["335002"]}),
        ],
    }

    assert await story(bodies, ["335002"]) == [
        "owner ann: The owner of MOSS.",
        "nine, Tier 1, ann, since 2026-07-01, for 2 facilities (with its chain, at 335002)",
    ]
