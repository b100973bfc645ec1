"""What does the story of a facility state about a touch?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID

import pytest
from pydantic_core import to_json

from cli.client import stories
from shared.contracts.kernel import History, PastEvent
from shared.messaging.broker import Broker


class Alone:
    """A sequencer in which no enrollment of a chain covers the facility."""

    async def ask(self, request: object) -> list[str]:
        return []


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
async def test_a_touch_is_described_by_what_a_person_did_and_why(
    logged: dict[str, Any], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = to_json({"channel": "call", "persona": "don", "rep": "ann", "outcome": None, **logged}).decode()

    async def stored(broker: Broker, service: str, request: object) -> AsyncIterator[PastEvent]:
        if service == "sequencer":
            headers = {"ce-time": "2026-07-02T10:00:00Z"}
            yield PastEvent(event_id=UUID(int=1), subject="touch.logged", headers=headers, body=body)

    monkeypatch.setattr(stories, "stored_events", stored)

    assert [each.text for each in await stories.story(cast("Broker", Alone()), "335001")] == [text]


class OfAChain:
    """A sequencer in which the enrollment at another facility covers this one."""

    async def ask(self, request: object) -> list[str]:
        return ["335002"]


async def test_the_story_of_a_facility_has_what_was_done_at_another_one_of_its_chain_for_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enrollment = {"sequence": "nine", "tier": 1, "owner": "ann", "facility_id": "335002"}
    bodies: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "335001": [("account.moved", {"owner": "ann", "reason": "The owner of MOSS."})],
        "335002": [
            ("enrollment.started", enrollment | {"covers": ["335002", "335001"]}),
            ("enrollment.ended", enrollment | {"covers": ["335002"]}),
        ],
    }

    async def stored(broker: Broker, service: str, request: History) -> AsyncIterator[PastEvent]:
        for n, (subject, body) in enumerate(bodies[request.key or ""] if service == "sequencer" else []):
            headers = {"ce-time": f"2026-07-0{n + 1}T10:00:00Z"}
            key = UUID(int=n + int(request.key or ""))
            yield PastEvent(event_id=key, subject=subject, headers=headers, body=to_json(body).decode())

    monkeypatch.setattr(stories, "stored_events", stored)

    assert [each.text for each in await stories.story(cast("Broker", OfAChain()), "335001")] == [
        "owner ann: The owner of MOSS.",
        "nine, Tier 1, ann (with its chain, at 335002)",
    ]
