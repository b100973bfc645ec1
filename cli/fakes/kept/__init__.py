"""Which fakes keep what they are sent, as a CRM does, and how are they controlled?

The control of one of them is below its name: `PUT /_fake/hubspot/settings`, `POST /_fake/hubspot/changes`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from cli.fakes.asking import Asked
from cli.fakes.kept.hubspot import HubSpot
from cli.fakes.kept.receiver import Receiver
from cli.fakes.kept.salesforce import Salesforce
from cli.fakes.kept.slack import Slack
from cli.fakes.replies import Reply


class Kept(Protocol):
    """A fake with a memory."""

    host: str

    def answer(self, asked: Asked) -> Reply: ...

    def control(self, method: str, what: str, query: dict[str, str], stated: Any) -> Any:
        """Do or show something; raises `KeyError` or `ValueError`."""
        ...


def kept_systems(clock: Callable[[], float] = time.time) -> dict[str, Kept]:
    """One of each, by its name for control."""
    return {
        "hubspot": HubSpot(clock),
        "salesforce": Salesforce(clock),
        "slack": Slack(clock),
        "receiver": Receiver(clock),
    }
