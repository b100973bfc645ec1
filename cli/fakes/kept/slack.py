"""What does the fake of Slack's incoming webhooks answer?

An address is `/services/T.../B.../SECRET`; every one is known unless `PUT /_fake/slack/settings` lists `revoked` or
`archived` ones. A message a second is taken for each, and a few at once: `burst`. Messages are shown by
`GET /_fake/slack/messages`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, text

BLOCKS: Final = 50
LONGEST: Final = 40_000


class Slack:
    """The channels of one workspace."""

    host = "hooks.slack.com"

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.settings: dict[str, Any] = {"revoked": [], "archived": [], "burst": 5}
        self.messages: list[dict[str, Any]] = []
        self._room: dict[str, tuple[float, float]] = defaultdict(lambda: (float(self.settings["burst"]), self._clock()))

    def answer(self, asked: Asked) -> Reply:
        if len(asked.parts) != 4 or asked.parts[0] != "services":
            return text("no_service", code=404)
        if asked.method != "POST":
            return text("method_not_allowed", code=405)
        if asked.path in self.settings["revoked"]:
            return text("no_service", code=404)
        if asked.path in self.settings["archived"]:
            return text("channel_is_archived", code=410)
        if not self._has_room(asked.path):
            return text("rate_limited", code=429)._replace(
                headers=(("content-type", "text/plain; charset=utf-8"), ("retry-after", "1"))
            )
        return self._taken(asked)

    def control(self, method: str, what: str, query: dict[str, str], stated: Any) -> Any:
        match method, what:
            case "PUT", "settings":
                self.settings |= {name: stated[name] for name in stated if name in self.settings}
                self._room.clear()
                return self.settings
            case "GET", "messages":
                return [each for each in self.messages if query.get("path") in (None, each["path"])]
            case "DELETE", "messages":
                self.messages.clear()
                return {}
        raise KeyError(what)

    def _has_room(self, path: str) -> bool:
        """One more each second, up to the burst."""
        room, at = self._room[path]
        now = self._clock()
        room = min(float(self.settings["burst"]), room + now - at)
        self._room[path] = (room - 1 if room >= 1 else room, now)
        return room >= 1

    def _taken(self, asked: Asked) -> Reply:
        try:
            stated = json.loads(asked.body)
        except ValueError:
            return text("invalid_payload", code=400)
        if not isinstance(stated, dict):
            return text("invalid_payload", code=400)
        blocks = stated.get("blocks", [])
        if not stated.get("text") and not blocks and not stated.get("attachments"):
            return text("no_text", code=400)
        if not isinstance(blocks, list) or len(blocks) > BLOCKS or not all(isinstance(each, dict) for each in blocks):
            return text("invalid_blocks", code=400)
        if len(str(stated.get("text", ""))) > LONGEST:
            return text("msg_too_long", code=400)
        self.messages.append({"path": asked.path, "at": self._clock(), "message": stated})
        return text("ok")
