"""Are the settings of an operator read, and mistakes in them named?"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from shared.outbound.settings import OutboundSettings, user_agent
from shared.settings import Settings, settings_of


class OwnSettings(OutboundSettings, Settings):
    """Those of a service that asks outside hosts."""


def test_pairs_and_the_contact_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_OUTBOUND_ALLOW", "127.0.0.1:8099, [::1]:8099")
    monkeypatch.setenv("PIPELINE_OUTBOUND_CONTACT", "ops@example.com")

    found = settings_of("ingest", OwnSettings)

    assert found.outbound_allow == ("127.0.0.1:8099", "[::1]:8099")
    assert user_agent(found.outbound_contact) == "FacilityPipeline (+mailto:ops@example.com)"


@pytest.mark.parametrize(
    "contact, agent",
    [
        ("https://example.com/bot", "FacilityPipeline (+https://example.com/bot)"),
        ("mailto:ops@example.com", "FacilityPipeline (+mailto:ops@example.com)"),
        ("", None),
    ],
)
def test_the_agent_names_the_contact(contact: str, agent: str | None) -> None:
    assert user_agent(OutboundSettings(outbound_contact=contact).outbound_contact) == agent


@pytest.mark.parametrize(
    "contact", ["ops", "ops@example.com\r\nX: 1", "ops@ex\u00e4mple.com", "ftp://example.com", "a b@c.d"]
)
def test_a_contact_that_is_none_is_refused(contact: str) -> None:
    with pytest.raises(ValidationError, match="PIPELINE_OUTBOUND_CONTACT must be"):
        OutboundSettings(outbound_contact=contact)


def test_a_pair_that_is_none_is_named() -> None:
    with pytest.raises(ValidationError, match=r"'fakes' is not a pair of a host and a port, such as 127\.0\.0\.1:8099"):
        OutboundSettings(outbound_allow=("fakes",))
