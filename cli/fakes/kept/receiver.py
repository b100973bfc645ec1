"""What does a fake receiver of webhooks answer, and what did it get?

Each path is a receiver of its own, such as `/receiver.example/one`. It verifies signatures with the secrets that `PUT
/_fake/receiver/settings` states for its path, and answers as its `answers` state, one after the other, then with 204:
a status, optionally with `retry_after`, `seconds` before it answers, `hang`, or `lie` (accepted, and then status 500).
`GET /_fake/receiver/got?path=/one` lists what came, and whether it was authentic and accepted.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Any, Final

from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, as_json

TOLERANCE: Final = 300.0
"""Seconds by which the time of a message may differ from that of the receiver."""
KEPT: Final = 300_000


class Receiver:
    """All receivers of a test or a demo."""

    host = "receiver.example"

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._secrets: dict[str, list[str]] = {}
        self._answers: dict[str, deque[dict[str, Any]]] = defaultdict(deque)
        self.got: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def answer(self, asked: Asked) -> Reply:
        row: dict[str, Any] = {"path": asked.path, "at": self._clock(), "id": asked.headers.get("webhook-id"),
                               "content_type": asked.headers.get("content-type"), "accepted": False}  # fmt: skip
        row["event"] = asked.json()
        row["authentic"] = self._is_authentic(asked)
        self.got.append(row)
        if asked.path in self._secrets and not row["authentic"]:
            row["status"] = 401
            return as_json({"message": "The signature is not ours, or not of now."}, 401)
        waiting = self._answers[asked.path]
        how = waiting.popleft() if waiting else {}
        if how and how.get("times", 1) > 1:
            waiting.appendleft({**how, "times": how["times"] - 1})
        row["status"] = 500 if how.get("lie") else int(how.get("status", 204))
        row["accepted"] = bool(how.get("lie")) or (200 <= row["status"] < 300 and not how.get("hang"))
        after = (("retry-after", str(how["retry_after"])),) if "retry_after" in how else ()
        seconds = 600.0 if how.get("hang") else float(how.get("seconds", 0))
        return Reply(row["status"], b"", after, seconds)

    def control(self, method: str, what: str, query: dict[str, str], stated: Any) -> Any:
        match method, what:
            case "PUT", "settings":  # path, and secrets or answers
                if "secrets" in stated:
                    self._secrets[stated["path"]] = list(stated["secrets"])
                if "answers" in stated:
                    self._answers[stated["path"]] = deque(stated["answers"])
                return {}
            case "GET", "got":
                return [each for each in self.got if query.get("path") in (None, each["path"])]
            case "DELETE", "got":
                self.got.clear()
                return {}
        raise KeyError(what)

    def _is_authentic(self, asked: Asked) -> bool:
        """By Standard Webhooks, written here anew, so that a mistake of the sender is none of the receiver."""
        stated: Mapping[str, str] = asked.headers
        name, at = stated.get("webhook-id", ""), stated.get("webhook-timestamp", "")
        if not at.isdigit() or abs(int(at) - self._clock()) > TOLERANCE:
            return False
        signed = f"{name}.{at}.".encode() + asked.body
        for secret in self._secrets.get(asked.path, ()):
            key = base64.b64decode(secret.removeprefix("whsec_"))
            ours = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
            if any(hmac.compare_digest(ours, each) for each in stated.get("webhook-signature", "").split()):
                return True
        return False
