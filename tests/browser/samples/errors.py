"""What is shown when a command was not accepted, and what once?"""

from __future__ import annotations

from typing import Any

from services.console.rendering.shapes import Option
from services.console.screens.doing.routes import Field
from tests.browser.samples.frames import Sample, frame, page

ID = "0198f3a2c4d07e11b3a55c9e00d1f200"
NOTE = "Left name and reason; the assistant says Thursdays are best."


def _again(title: str, message: str, **changes: Any) -> Sample:
    known: dict[str, Any] = {
        "product": "Facility Pipeline",
        "title": title,
        "message": message,
        "command": "complete_task",
        "csrf": "b7e2",
        "hidden": [("target", ID), ("outcome", "spoke"), ("back", "/worklist")],
        "typed": [Field("note", "Note", NOTE)],
        "secret": [],
        "same": False,
        "back": "/worklist",
    }
    return Sample("doing/again.html", known | changes)


SAMPLES = {
    "error-missing": page(
        "error.html",
        frame("Not found", ""),
        status=404,
        title="Nothing is at this address",
        message="The touch may have ended, or the link is incomplete.",
        again="",
    ),
    "error-down": page(
        "error.html",
        frame("Not available now", ""),
        status=503,
        title="Not available now",
        message="Try again in a moment: the sequencer does not answer.",
        again="/worklist",
    ),
    "again-changed": _again("This has changed", "Nothing was changed. Marcus ended this touch at 9:41."),
    "again-invalid": _again(
        "This was not accepted",
        "Day: is in the past.",
        typed=[
            Field("on", "Day", "2026-01-01", "is in the past"),
            Field("outcome", "Outcome", "callback", options=(Option("callback", "Asked to be called back"),)),
            Field("note", "Note", NOTE),
        ],
    ),
    "again-down": _again(
        "Not confirmed",
        "The sequencer has not confirmed this within 3 seconds. Ask again: it happens once.",
        hidden=[("command_id", ID), ("target", ID), ("note", NOTE), ("back", "/worklist")],
        same=True,
    ),
    "one-time-link": Sample(
        "doing/link.html",
        {
            "product": "Facility Pipeline",
            "text": "dana is added.",
            "address": "https://console.example/welcome?token=TVY6OiRVXZUPxYPsfxLcB4W6G7P9X0Ml_hF9cCDFgIA",
            "back": "/settings/users",
        },
    ),
}  # fmt: skip
