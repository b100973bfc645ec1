"""What does an operator state about requests to the outside?"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel

from shared.outbound.targets import pairs
from shared.settings import LIST

PRODUCT = "FacilityPipeline"
"""The name under which robots.txt files may address us."""
_CONTACT = re.compile(r"(?:mailto:)?[^@\s()<>\"]+@[a-z0-9.-]+|https?://[^\s()<>\"]+", re.IGNORECASE | re.ASCII)


def _contact(text: str) -> str:
    text = text.strip()
    if text and (not text.isascii() or not _CONTACT.fullmatch(text)):
        raise ValueError("PIPELINE_OUTBOUND_CONTACT must be an e-mail address or the https:// address of a page")
    return text


def _allow(texts: tuple[str, ...]) -> tuple[str, ...]:
    pairs(texts)
    return texts


class OutboundSettings(BaseModel):
    """Part of the settings of each service that asks outside hosts."""

    outbound_contact: Annotated[str, AfterValidator(_contact)] = ""
    """Whom the operator of a site can write to: an e-mail address or a page. Needed to ask any host that is not in
    `outbound_allow`."""
    outbound_allow: Annotated[tuple[str, ...], *LIST, AfterValidator(_allow)] = ()
    """Pairs of a host and a port that may be private, such as `127.0.0.1:8099`."""


def user_agent(contact: str) -> str | None:
    """Who asks, as hosts see it: `FacilityPipeline (+mailto:ops@example.com)`; `None` without a contact."""
    if not contact:
        return None
    mail = "@" in contact and not contact.startswith(("mailto:", "http"))
    return f"{PRODUCT} (+{'mailto:' if mail else ''}{contact})"
