"""Which settings does the courier have?"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AfterValidator, SecretStr

from engines.crm import mapping
from shared.outbound import Outbound
from shared.outbound.messages import Limits
from shared.outbound.settings import OutboundSettings, user_agent
from shared.settings import Settings, settings_of

SECTIONS: dict[str, Any] = {**mapping.SECTIONS}
"""What a CRM learns, and what it may change."""
SHORTEST_KEY: Final = 32
LIMITS: Final = Limits(seconds=15.0, connect_seconds=5.0, body=64_000, redirects=0)
"""Of one attempt: Standard Webhooks recommends 15 to 30 seconds, and that no redirect is followed."""
AT_ONCE: Final = 10
"""Requests to one webhook at a time."""


def _is_key(key: SecretStr) -> SecretStr:
    if 0 < len(key.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(f"is shorter than {SHORTEST_KEY} characters; use a random text")
    return key


class CourierSettings(Settings, OutboundSettings):
    """The settings of the courier."""

    secret_key: Annotated[SecretStr, AfterValidator(_is_key)] = SecretStr("")
    """The key from which the secrets of all webhooks follow. A new one replaces all of them."""
    url: str | None = None
    """Where other systems reach the courier, such as `https://events.example`."""


def deployed() -> CourierSettings:
    return settings_of("courier", CourierSettings)


def outbound() -> Outbound:
    """The client that asks receivers. In a simulation, whose days are none, it asks allowed pairs only."""
    agent = None if deployed().simulation else user_agent(deployed().outbound_contact)
    return Outbound(deployed().outbound_allow, agent, limits=LIMITS, per_host=AT_ONCE)
