"""Which programs manage webhooks over HTTP?"""

from __future__ import annotations

from shared.contracts.keys import Holder, KeyHolder, NewKey
from shared.contracts.requests import Command, Question


class WebhookKey(KeyHolder):
    """A program that manages webhooks."""

    personal: bool
    """It can also let webhooks get events with contact data."""


class AddWebhookKey(NewKey, Command[None]):
    """Allow a program to manage webhooks over HTTP. A new key replaces the old one."""

    personal: bool = False


class RemoveWebhookKey(Holder, Command[None]):
    """Revoke a program's key to manage webhooks; the webhooks stay."""


class WebhookKeys(Question[list[WebhookKey]]):
    """The programs that manage webhooks over HTTP."""
