"""What does the story of a facility state about a touch?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID

import pytest
from pydantic_core import to_json

from cli.client import stories
from shared.contracts.kernel import PastEvent
from shared.messaging.broker import Broker


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
async def test_a_touch_is_told_with_what_a_person_did_and_why(
    logged: dict[str, Any], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = to_json({"channel": "call", "persona": "don", "rep": "ann", "outcome": None, **logged}).decode()

    async def stored(broker: Broker, service: str, request: object) -> AsyncIterator[PastEvent]:
        if service == "sequencer":
            headers = {"ce-time": "2026-07-02T10:00:00Z"}
            yield PastEvent(event_id=UUID(int=1), subject="touch.logged", headers=headers, body=body)

    monkeypatch.setattr(stories, "stored_events", stored)

    assert [each.text for each in await stories.story(cast("Broker", None), "335001")] == [text]
