"""Which programs manage webhooks? Their keys are in the kernel's table."""

from __future__ import annotations

from shared.contracts.courier_webhook_keys import WebhookKey
from shared.storage.database import Tx

_KEYS = "SELECT name, created_at, key_changed_at, personal FROM webhook_keys JOIN api_keys USING (name)"


async def put(tx: Tx, name: str, personal: bool) -> None:
    await tx.run(
        """
        INSERT INTO webhook_keys (name, personal) VALUES (%(name)s, %(personal)s)
        ON CONFLICT (name) DO UPDATE SET personal = excluded.personal
        """,
        name=name,
        personal=personal,
    )


async def remove(tx: Tx, name: str) -> None:
    await tx.run("DELETE FROM webhook_keys WHERE name = %(name)s", name=name)


async def find(tx: Tx, name: str) -> WebhookKey | None:
    """The key of a holder; None if its key is for something else."""
    return await tx.one(WebhookKey, f"{_KEYS} WHERE name = %(name)s", name=name)


async def everyone(tx: Tx) -> list[WebhookKey]:
    return await tx.all(WebhookKey, f"{_KEYS} ORDER BY name")
